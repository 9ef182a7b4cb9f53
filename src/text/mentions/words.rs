//! What a word may be, where people are looked for: a civility, a surname in capitals, a place, one of the language.

use crate::reference::communes;
use crate::text::fold::folded;
use crate::text::lexicon::{BODIES, NAME_WORDS, is_common};
use crate::text::names::is_region_word;

pub(super) fn is_commune(word: &str) -> bool {
    communes::by_name(word).next().is_some()
}

pub(super) fn is_civility(folded: &str) -> bool {
    const WORDS: &[&str] = &[
        "m",
        "madame",
        "mademoiselle",
        "melle",
        "mesdames",
        "messieurs",
        "mlle",
        "mlles",
        "mm",
        "mme",
        "mmes",
        "monsieur",
        "mr",
        "mrs",
    ];
    WORDS.contains(&folded)
}

pub(super) fn is_capital(word: &str) -> bool {
    word.chars().count() > 1 && !word.chars().any(char::is_lowercase)
}

/// Whether a word is none of the language, nor a place.
pub(super) fn is_no_word(word: &str) -> bool {
    let plain = folded(word);
    // « Sous-Préfète »
    let is_common = plain.split(' ').all(is_common);
    !is_common && !is_region_word(&plain) && !BODIES.contains(&plain) && plain.len() > 2
}

/// Whether a word is one of the language and hardly anybody's name.
pub(super) fn is_word_only(word: &str) -> bool {
    let plain = folded(word);
    (is_common(&plain) && !NAME_WORDS.contains(&plain)) || is_region_word(&plain)
}
