//! The texts of an .xlsx: those that cells share, and those in several fonts.

use std::io::{Read, Seek};

use super::super::archive::Archive;
use super::super::binary::Texts;
use super::super::scan::{Scanner, Token};
use super::super::unreadable;
use super::{cut, path_of};
use crate::error::Result;

/// The texts that cells share.
pub(super) fn shared(archive: &mut Archive<impl Read + Seek>, folder: &str) -> Result<Texts> {
    let mut texts = Texts::default();
    let path = path_of(folder, "sharedStrings.xml");
    let Some(part) = archive.part(&path)? else { return Ok(texts) };
    let mut scanner = Scanner::new(&path, part);
    let mut text = String::new();
    loop {
        match scanner.next()?.ok_or_else(cut)? {
            Token::Open(tag) if tag.name() == b"si" => {
                text.clear();
                if !tag.is_empty() {
                    rich(&mut scanner, b"si", &mut text)?;
                }
                texts.push(&text);
            }
            Token::Open(tag) if tag.name() == b"sst" && tag.is_empty() => return Ok(texts),
            Token::Close(b"sst") => return Ok(texts),
            _ => {}
        }
    }
}

/// Adds the text of an element that has begun, in one font or several, without the aids for reading Japanese.
pub(super) fn rich<R: Read>(scanner: &mut Scanner<R>, closing: &[u8], text: &mut String) -> Result<()> {
    let mut is_aid = false;
    loop {
        match scanner.next()?.ok_or_else(cut)? {
            Token::Open(tag) => match tag.name() {
                b"rPh" => is_aid = !tag.is_empty(),
                [b't'] if !is_aid && !tag.is_empty() => {
                    let keeps_blanks = tag.attribute("xml:space") == Some(b"preserve");
                    let start = text.len();
                    until(scanner, b"t", text)?;
                    if !keeps_blanks {
                        trim(text, start);
                    }
                    unescape(text, start);
                }
                _ => {}
            },
            Token::Close(b"rPh") => is_aid = false,
            Token::Close(name) if name == closing => return Ok(()),
            _ => {}
        }
    }
}

/// Adds what stands before the end of an element that has begun.
pub(super) fn until<R: Read>(scanner: &mut Scanner<R>, closing: &[u8], text: &mut String) -> Result<()> {
    loop {
        match scanner.next()?.ok_or_else(cut)? {
            Token::Text(part) => {
                let part = utf8(part)?;
                if memchr::memchr2(b'&', b'\r', part.as_bytes()).is_none() {
                    text.push_str(part);
                } else {
                    let part = line_feeds(part);
                    text.push_str(&quick_xml::escape::unescape(&part).map_err(|error| unreadable(&error))?);
                }
            }
            Token::Plain(part) => text.push_str(&line_feeds(utf8(part)?)),
            Token::Close(name) if name == closing => return Ok(()),
            _ => {}
        }
    }
}

fn utf8(text: &[u8]) -> Result<&str> {
    std::str::from_utf8(text).map_err(|error| unreadable(&error))
}

fn line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Takes the blanks of ASCII from both ends of what begins at `start`; a space that does not break stays.
fn trim(text: &mut String, start: usize) {
    const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];
    text.truncate(start + text[start..].trim_end_matches(BLANKS).len());
    let blanks = text[start..].len() - text[start..].trim_start_matches(BLANKS).len();
    text.drain(start..start + blanks);
}

/// Gives the characters that XML cannot hold, which Excel writes as `_x000D_`, from `start` on.
pub(crate) fn unescape(text: &mut String, start: usize) {
    const LENGTH: usize = 7;
    let unit = |text: &str| {
        let digits = text.strip_prefix("_x")?.get(..5)?.strip_suffix('_')?;
        u16::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
    };
    if memchr::memchr(b'_', &text.as_bytes()[start..]).is_none() {
        return;
    }
    let mut plain = String::new();
    let mut rest = &text[start..];
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        // A character beyond the first 65,536 is written in two halves.
        let units: Vec<u16> = match unit(rest) {
            Some(first @ 0xD800..0xDC00) => [first]
                .into_iter()
                .chain(unit(&rest[LENGTH..]).filter(|second| (0xDC00..0xE000).contains(second)))
                .collect(),
            first => first.into_iter().collect(),
        };
        if units.is_empty() {
            plain.push_str(&rest[..2]);
            rest = &rest[2..];
        } else {
            plain.push_str(&String::from_utf16_lossy(&units));
            rest = &rest[LENGTH * units.len()..];
        }
    }
    plain.push_str(rest);
    text.replace_range(start.., &plain);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_xml_cannot_hold_are_given() {
        for (written, plain) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD83D__xDEB2_!", "🚲!"),
            ("_xD83D_é", "\u{FFFD}é"),
            ("_x12_ _x+123_ _x_x0041_ _xé", "_x12_ _x+123_ _xA _xé"),
            ("aucun", "aucun"),
        ] {
            let mut text = format!("_x{written}");
            unescape(&mut text, 2);
            assert_eq!(text, format!("_x{plain}"));
        }
    }
}
