//! Texts of others on a terminal: what would move its cursor, colour it or turn a line around is shown as what it is.

use std::borrow::Cow;

/// Whether a character is not shown itself but changes how others are: control characters, those of old terminals
/// (C1) among them, and the marks of Unicode that turn the direction of a line (UAX #9).
pub(crate) fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text of one or several lines in which nothing acts but the ends of lines.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let is_hidden = |character: char| acts(character) && character != '\n';
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let shown = |character: char| match character {
        '\t' => ' ',
        _ if is_hidden(character) => '\u{fffd}',
        _ => character,
    };
    Cow::Owned(text.chars().map(shown).collect())
}

/// A name as errors tell it. What no element of ours is called is somebody's text, which may name a person, and stays in
/// the file: `<camille@example.org>`.
pub(crate) fn name_told(name: &str) -> &str {
    const LONGEST: usize = 60;
    let is_of_name = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '-' | '.' | ':');
    if name.len() <= LONGEST && name.chars().all(is_of_name) { name } else { "…" }
}

/// A text on one line, cut when it is very long: the value is in the source, whole.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 160;
    // Whatever acts is a control of ASCII, or begins with one of three bytes, behind which French signs have other ones.
    let bytes = text.as_bytes();
    // The whole text is gone through, many bytes at a time.
    let has_control = || bytes.iter().fold(false, |has, byte| has | (*byte < b' ') | (*byte == 0x7F));
    let may_act = |at: usize| match &bytes[at..] {
        [0xE2, 0x80, third, ..] => matches!(third, 0x8E | 0x8F | 0xA8..=0xAE),
        [0xC2, second, ..] => *second < 0xA0,
        _ => true,
    };
    let is_still = || !has_control() && !memchr::memchr3_iter(0xC2, 0xD8, 0xE2, bytes).any(may_act);
    if text.len() <= LONGEST && (is_still() || !text.contains(acts)) {
        return Cow::Borrowed(text);
    }
    let mut line: String = text.chars().take(LONGEST).map(|c| if acts(c) { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        line.push('…');
    }
    Cow::Owned(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_acts_but_the_ends_of_lines() {
        assert!(matches!(visible("Pôle d’Évry\n(91)"), Cow::Borrowed(_)));
        for acting in (0..=u32::from('\u{3000}')).filter_map(char::from_u32).filter(|c| acts(*c)) {
            assert_eq!(one_line(&format!("A{acting}B")), "A B", "{acting:?}");
        }
        assert_eq!(visible("A\u{1b}[2J\u{9b}1m\u{202e}B\u{2066}\tC\r\n"), "A�[2J�1m�B� C�\n");
    }
}
