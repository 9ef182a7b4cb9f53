//! The fields that take one of a few values, and the ways in which people write these.

use std::sync::LazyLock;

use crate::field::{Field, fields};
use crate::schema;
use crate::text::fold::folded;

/// Values by their folded forms.
pub(super) type Choices = Vec<(String, &'static str)>;

/// The fields that take one of a few values, each with those.
pub(super) static CHOICES: LazyLock<Vec<(&'static Field, Choices)>> = LazyLock::new(|| {
    let choices = |field: &'static Field| {
        let node = schema::root().at(field.pointer)?;
        let node = node.items().unwrap_or(node);
        let mut values: Choices = node.texts("enum").map(|value| (folded(value), value)).collect();
        let said = node.keyword("x-values").and_then(|said| said.as_object()).into_iter().flatten();
        for (value, texts) in said {
            let texts = texts.as_array().into_iter().flatten().filter_map(|text| text.as_str());
            values.extend(texts.map(|text| (folded(text), value.as_str())));
        }
        Some((field, values)).filter(|(_, values)| !values.is_empty())
    };
    fields().filter_map(choices).collect()
});

/// The value that a text stands for at a JSON Pointer where one of a few is wanted: « Lauréat » for `laureat`, « Zone rurale »
/// for `zone_rurale`, « Émergent·e·s » for `emergent`; `None` when it is one of them, or none.
pub(crate) fn value(pointer: &str, text: &str) -> Option<&'static str> {
    let (_, values) = CHOICES.iter().find(|(known, _)| known.pointer == pointer)?;
    if values.iter().any(|(_, value)| *value == text) {
        return None;
    }
    let meant = folded(text);
    let is_meant = |(known, _): &&(String, &'static str)| *known == meant;
    let found = values.iter().find(is_meant).or_else(|| {
        let stem = stem(&meant);
        values.iter().find(|(known, _)| !stem.is_empty() && self::stem(known) == stem)
    });
    found.map(|(_, value)| *value)
}

/// Words without the ends of the feminine and of the plural, in whatever way they are written: « laureat e s », « laureates »;
/// and without the words that say of what they are.
fn stem(folded: &str) -> String {
    const SAY_NOTHING: &[&str] = &[
        "de", "des", "dossier", "du", "e", "en", "es", "l", "la", "le", "les", "pole", "poles", "projet", "ptce", "s",
    ];
    let is_end = |word: &str| word.len() > 3 && word.ends_with(['e', 's']);
    let stem_of = |mut word| {
        while is_end(word) {
            word = &word[..word.len() - 1];
        }
        word
    };
    let words = folded.split(' ').filter(|word| !SAY_NOTHING.contains(word));
    words.map(stem_of).collect::<Vec<_>>().join(" ")
}

/// Whether the field at a JSON Pointer takes one of a few values.
pub(crate) fn is_choice(pointer: &str) -> bool {
    CHOICES.iter().any(|(known, _)| known.pointer == pointer)
}

/// Whether a text is one of the few values that are wanted at a JSON Pointer.
pub(crate) fn is_value(pointer: &str, text: &str) -> bool {
    CHOICES.iter().any(|(known, values)| known.pointer == pointer && values.iter().any(|(_, value)| *value == text))
}
