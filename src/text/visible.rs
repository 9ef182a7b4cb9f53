//! Texts of others on a terminal, or in a file that a person opens: what would move a cursor, colour a text or turn a line
//! around is shown as what it is. What is written goes through [`Visible`], whatever it was made of.

use std::borrow::Cow;
use std::io::{self, Write};

/// Whether a character is not shown itself but changes how others are: control characters, those of old terminals
/// (C1) among them, and the marks of Unicode that turn the direction of a line (UAX #9).
pub(crate) fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The first character of a text that acts, but for ends of lines and tabs, and where it stands. Every byte of every report comes by
/// here: characters are looked at that begin as one of these does.
fn first_acting(text: &str) -> Option<(usize, char)> {
    /// Bytes that are looked at together.
    const BLOCK: usize = 32;
    // Control characters; the first bytes of those of old terminals and of marks.
    let may_act = |byte: u8| {
        (byte < b' ') & (byte != b'\n') & (byte != b'\t')
            | (byte == 0x7F)
            | (byte == 0xC2)
            | (byte == 0xD8)
            | (byte == 0xE2)
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = bytes.len().min(at + BLOCK);
        if !bytes[at..end].iter().fold(false, |may, byte| may | may_act(*byte)) {
            at = end;
            continue;
        }
        while at < end {
            if !may_act(bytes[at]) {
                at += 1;
                continue;
            }
            let sign = text[at..].chars().next()?;
            if acts(sign) {
                return Some((at, sign));
            }
            at += sign.len_utf8();
        }
    }
    None
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

/// What becomes of a character that acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unseen {
    /// It is shown as `\u{fffd}`.
    Replaced,
    /// The same, but the colours of our own reports pass.
    Coloured,
    /// It is written as JSON escapes it, so that programs read the same text.
    Escaped,
}

/// The sequences by which our reports colour a text.
const COLOURS: [&str; 5] = ["\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[36m"];

/// A writer of text through which nothing goes that acts, but the ends of lines and tabs.
pub(crate) struct Visible<W: Write> {
    out: W,
    unseen: Unseen,
    /// Bytes of which those that follow tell what they are.
    held: Vec<u8>,
}

impl<W: Write> Visible<W> {
    pub fn new(out: W, unseen: Unseen) -> Visible<W> {
        Visible { out, unseen, held: Vec::new() }
    }

    /// Writes what is held, as far as it is known what it is; at the end of the text nothing can follow any more.
    fn pass(&mut self, is_end: bool) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        let mut rest = held.as_slice();
        while !rest.is_empty() {
            let (text, invalid) = match simdutf8::compat::from_utf8(rest) {
                Ok(text) => (text, None),
                Err(error) => {
                    let (valid, _) = rest.split_at(error.valid_up_to());
                    (std::str::from_utf8(valid).unwrap_or_default(), Some(error.error_len()))
                }
            };
            let taken = self.text(text, is_end || invalid.is_some())?;
            rest = &rest[taken..];
            match invalid {
                None => break,
                Some(None) if !is_end => break,
                Some(length) => {
                    self.out.write_all("\u{fffd}".as_bytes())?;
                    rest = &rest[length.unwrap_or(rest.len())..];
                }
            }
        }
        self.held = rest.to_vec();
        Ok(())
    }

    /// Writes a text, and answers how many bytes of it were taken.
    fn text(&mut self, text: &str, is_end: bool) -> io::Result<usize> {
        let mut at = 0;
        loop {
            let rest = &text[at..];
            let Some((before, sign)) = first_acting(rest) else {
                self.out.write_all(rest.as_bytes())?;
                return Ok(text.len());
            };
            self.out.write_all(&rest.as_bytes()[..before])?;
            let rest = &rest[before..];
            at += before;
            let known: &[&str] = match (sign, self.unseen) {
                ('\r', _) => &["\r\n"],
                ('\x1b', Unseen::Coloured) => &COLOURS,
                _ => &[],
            };
            if let Some(sequence) = known.iter().find(|sequence| rest.starts_with(**sequence)) {
                self.out.write_all(sequence.as_bytes())?;
                at += sequence.len();
                continue;
            }
            if !is_end && known.iter().any(|sequence| sequence.starts_with(rest)) {
                return Ok(at);
            }
            match self.unseen {
                Unseen::Escaped => write!(self.out, "\\u{:04x}", u32::from(sign))?,
                Unseen::Replaced | Unseen::Coloured => self.out.write_all("\u{fffd}".as_bytes())?,
            }
            at += sign.len_utf8();
        }
    }
}

impl<W: Write> Write for Visible<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        self.pass(false)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass(true)?;
        self.out.flush()
    }
}

/// JSON in which every character that acts is escaped.
#[cfg(feature = "cli")]
pub(crate) fn escaped_json(json: &str) -> String {
    let mut escaped = Vec::with_capacity(json.len());
    let mut out = Visible::new(&mut escaped, Unseen::Escaped);
    // A vector takes everything.
    let _ = out.write_all(json.as_bytes()).and_then(|()| out.flush());
    drop(out);
    String::from_utf8(escaped).unwrap_or_default()
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
            let is_end = matches!(acting, '\n' | '\t');
            assert_eq!(first_acting(&format!("é’{acting}")), (!is_end).then_some((5, acting)), "{acting:?}");
        }
        for (unseen, shown) in [
            (Unseen::Replaced, "é\u{fffd}[1mA\r\n\u{fffd}\u{fffd}\tB\u{fffd}[2J\u{fffd}"),
            (Unseen::Coloured, "é\u{1b}[1mA\r\n\u{fffd}\u{fffd}\tB\u{fffd}[2J\u{fffd}"),
            (Unseen::Escaped, "é\\u001b[1mA\r\n\\u202e\\u009b\tB\\u001b[2J\\u000d"),
        ] {
            // However the text is cut when it is written.
            for length in 1..6 {
                let mut written = Vec::new();
                let mut out = Visible::new(&mut written, unseen);
                for bytes in "é\u{1b}[1mA\r\n\u{202e}\u{9b}\tB\u{1b}[2J\r".as_bytes().chunks(length) {
                    out.write_all(bytes).unwrap();
                }
                out.flush().unwrap();
                drop(out);
                assert_eq!(String::from_utf8(written).unwrap(), shown, "{unseen:?} {length}");
            }
        }
        assert_eq!(visible("A\u{1b}[2J\u{9b}1m\u{202e}B\u{2066}\tC\r\n"), "A�[2J�1m�B� C�\n");
    }
}
