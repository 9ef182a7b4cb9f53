//! The words of a label, made comparable with those of another.

use crate::text::fold::folded;

/// Longer labels are sentences, which join no labels.
pub(super) const LONGEST_JOINT: usize = 100;

/// Words that labels may or may not have.
pub(super) const STOP_WORDS: &[&str] =
    &["au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "n", "no", "of", "the"];

/// The words of a label made comparable: folded, without stop words, in alphabetical order.
pub(super) fn words(label: &str) -> Vec<String> {
    // « Dépt(s) » is « Dépt ».
    let folded = folded(&label.replace("(s)", "").replace("(S)", ""));
    let mut words: Vec<String> =
        folded.split(' ').filter(|word| !STOP_WORDS.contains(word)).map(str::to_owned).collect();
    // « Labellisé le » wants a day, « Labellisé » says yes or no.
    if folded.ends_with(" le") {
        words.push("le".to_owned());
    }
    // The sign that stands for a mailbox.
    if label.contains('@') && label.split_whitespace().any(|word| word == "@") {
        words.retain(|word| !word.is_empty());
        words.push("@".to_owned());
    }
    words.sort_unstable();
    words
}

/// `words` without each of `taken`; `None` when one of them is not there, or nothing is left.
pub(super) fn without(words: &[String], taken: &[String]) -> Option<Vec<String>> {
    if words.len() <= taken.len() || !taken.iter().all(|word| words.contains(word)) {
        return None;
    }
    let mut rest = words.to_vec();
    for word in taken {
        let place = rest.iter().position(|known| known == word)?;
        rest.remove(place);
    }
    Some(rest)
}

/// Whether a word may be the number of an element: « Contact 2 ».
pub(super) fn is_rank(word: &str) -> bool {
    word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// A name in camel case as separate words: `StructurePorteuse` → `Structure Porteuse`.
pub(super) fn spaced(name: &str) -> String {
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut was_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && was_lower {
            spaced.push(' ');
        }
        was_lower = c.is_lowercase();
        spaced.push(c);
    }
    spaced
}
