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
    let text = text.trim();
    // What stands before the first box is the question.
    let Some((mut is_ticked, length)) = first_box(text) else { return Cow::Borrowed(text) };
    let mut choices: Vec<&str> = Vec::new();
    let mut rest = &text[length..];
    loop {
        let next = rest.char_indices().find_map(|(at, _)| first_box(&rest[at..]).map(|found| (at, found)));
        let end = next.map_or(rest.len(), |(at, _)| at);
        let choice = rest[..end].trim().trim_end_matches([',', ';']).trim_end();
        if is_ticked && !choice.is_empty() {
            choices.push(choice);
        }
        let Some((at, (next, length))) = next else { break };
        (is_ticked, rest) = (next, &rest[at + length..]);
    }
    Cow::Owned(choices.join("; "))
}

/// The box that a text begins with: whether it is ticked, and its length.
fn first_box(text: &str) -> Option<(bool, usize)> {
    const BOXES: &[(&str, bool)] =
        &[("☐", false), ("☑", true), ("☒", true), ("[ ]", false), ("[x]", true), ("[X]", true)];
    BOXES.iter().find(|(sign, _)| text.starts_with(sign)).map(|(sign, is_ticked)| (*is_ticked, sign.len()))
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
            ("[X] Association  [ ] SCIC  [ ] SCOP", "Association"),
        ] {
            assert_eq!(ticked(text), meant, "{text}");
        }
        assert!(may_have_boxes("☐") && !may_have_boxes("l’été"));
    }
}
