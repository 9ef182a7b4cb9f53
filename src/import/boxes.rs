//! Boxes of a form that was printed once: ☑ ticks what stands behind it, ☐ does not.

use std::borrow::Cow;

/// How the signs of boxes begin in UTF-8.
const FIRST: &[u8] = b"\xE2\x98";

/// Whether a text may hold boxes: one look tells it of nearly all texts.
pub(super) fn may_have_boxes(text: &str) -> bool {
    // Their second byte is rare in French, and to look for one byte takes no preparation.
    memchr::memchr(FIRST[1], text.as_bytes()).is_some() && memchr::memmem::find(text.as_bytes(), FIRST).is_some()
}

/// What the boxes of a text tick, each choice apart; empty where none is ticked. A text without boxes is what it is.
pub(super) fn ticked(text: &str) -> Cow<'_, str> {
    let is_box = |c: char| matches!(c, '☐' | '☑' | '☒');
    let text = text.trim();
    // What stands before the first box is the question.
    if !text.starts_with(is_box) {
        return Cow::Borrowed(text);
    }
    let mut choices: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(sign) = rest.chars().next().filter(|sign| is_box(*sign)) {
        let after = &rest[sign.len_utf8()..];
        let end = after.find(is_box).unwrap_or(after.len());
        let choice = after[..end].trim().trim_end_matches([',', ';']).trim_end();
        if sign != '☐' && !choice.is_empty() {
            choices.push(choice);
        }
        rest = &after[end..];
    }
    Cow::Owned(choices.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticked_choices_are_kept() {
        for (text, meant) in [
            ("☐ Émergence   ☑ Consolidation", "Consolidation"),
            ("☒ a ☐ b ☑ c", "a; c"),
            ("☐ SCIC SA", ""),
            ("Stade : ☑ a", "Stade : ☑ a"),
            ("sans case", "sans case"),
        ] {
            assert_eq!(ticked(text), meant, "{text}");
        }
        assert!(may_have_boxes("☐") && !may_have_boxes("l’été"));
    }
}
