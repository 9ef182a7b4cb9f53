//! A text as a reader sees it: without signs that have no shape, with the plain letter for each that only looks like it,
//! without the codes of web addresses and web pages.

use std::borrow::Cow;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use crate::text::names::LINE_END;

/// A text as it is seen, and where each byte of it stands in the text as written.
pub(in crate::export::open_data) struct Seen<'a> {
    pub text: Cow<'a, str>,
    /// For each byte, where the sign that it comes from begins and ends; empty where nothing differs.
    origins: Vec<(u32, u32)>,
}

impl<'a> Seen<'a> {
    pub fn of(text: &'a str) -> Seen<'a> {
        let Some(first) = first_odd(text) else { return Seen { text: Cow::Borrowed(text), origins: Vec::new() } };
        let mut seen = String::with_capacity(text.len());
        let mut origins: Vec<(u32, u32)> = (0..first as u32).map(|at| (at, at + 1)).collect();
        seen.push_str(&text[..first]);
        let mut at = first;
        while let Some(c) = text[at..].chars().next() {
            if c == '\n'
                && let Some(length) = hyphenated(&seen, &text[at..])
            {
                seen.pop();
                origins.pop();
                at += length;
                continue;
            }
            let (plain, length) = match c {
                '&' => entity(&text[at..]).unwrap_or((Plain::Same, 1)),
                '%' => percent(&text[at..]).unwrap_or((Plain::Same, 1)),
                '\\' => escape(&text[at..]).unwrap_or((Plain::Same, 1)),
                c => (plain(c), c.len_utf8()),
            };
            let mut push = |c: char| {
                seen.push(c);
                origins.extend(std::iter::repeat_n((at as u32, (at + length) as u32), c.len_utf8()));
            };
            match plain {
                Plain::Same => push(c),
                Plain::Nothing => {}
                Plain::Like(c) => push(c),
                Plain::Letters => decompose_compatible(c, |part| {
                    if !is_combining_mark(part) {
                        push(part);
                    }
                }),
            }
            at += length;
        }
        Seen { text: Cow::Owned(seen), origins }
    }

    /// Where a range of the text that is seen stands in the text as written.
    pub fn place(&self, (start, end): (usize, usize)) -> (usize, usize) {
        if self.origins.is_empty() || start >= end {
            return (start, end);
        }
        (self.origins[start].0 as usize, self.origins[end - 1].1 as usize)
    }
}

enum Plain {
    Same,
    /// It has no shape.
    Nothing,
    Like(char),
    /// What it is made of.
    Letters,
}

/// Where the first sign stands that is not seen as it is written.
fn first_odd(text: &str) -> Option<usize> {
    /// Bytes that are looked at together: hardly any text has an odd sign.
    const BLOCK: usize = 32;
    let bytes = text.as_bytes();
    let may_be_odd = |byte: u8| {
        (byte <= b'\r') | (byte == b'&') | (byte == b'%') | (byte == b'\\') | (byte == 0xC2) | (byte >= 0xC6)
    };
    let mut at = 0;
    while at < bytes.len() {
        let end = bytes.len().min(at + BLOCK);
        if !bytes[at..end].iter().fold(false, |is_odd, byte| is_odd | may_be_odd(*byte)) {
            at = end;
            continue;
        }
        while at < end {
            match bytes[at] {
                b'\t' | b'\n' | b'\r' | b'&' | b'%' | b'\\' => return Some(at),
                // The letters of French, and what goes on from the block before.
                0..=0xC1 | 0xC3..=0xC5 => at += 1,
                _ => {
                    let c = text[at..].chars().next()?;
                    if !matches!(plain(c), Plain::Same) {
                        return Some(at);
                    }
                    at += c.len_utf8();
                }
            }
        }
    }
    None
}

/// How long the end of a line is, with the blanks behind it, at which a word is parted: « Exem-⏎ple ».
fn hyphenated(seen: &str, rest: &str) -> Option<usize> {
    let before = seen.strip_suffix('-')?;
    let next = rest.trim_start();
    (before.ends_with(char::is_lowercase) && next.starts_with(char::is_lowercase)).then(|| rest.len() - next.len())
}

fn plain(c: char) -> Plain {
    match c {
        '\n' => Plain::Like(LINE_END),
        '\t' | '\r' => Plain::Like(' '),
        '\0'..='\u{ac}' | '®'..='\u{2ff}' => Plain::Same,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' => Plain::Nothing,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => Plain::Nothing,
        '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}' => Plain::Nothing,
        LINE_END => Plain::Same,
        '\u{2000}'..='\u{200a}' | '\u{2029}' | '\u{205f}' | '\u{3000}' => Plain::Like(' '),
        '\u{2010}' | '\u{2011}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => Plain::Like('-'),
        '\u{2012}'..='\u{2027}' | '\u{202f}'..='\u{205e}' => Plain::Same,
        '\u{370}'..='\u{52f}' | '\u{13a0}'..='\u{13ff}' => look_alike(c).map_or(Plain::Same, Plain::Like),
        c if is_combining_mark(c) => Plain::Nothing,
        '\u{2100}'..='\u{214f}' | '\u{2460}'..='\u{24ff}' | '\u{2070}'..='\u{209f}' | '\u{2160}'..='\u{217f}' => {
            Plain::Letters
        }
        '\u{fb00}'..='\u{fb06}' | '\u{fe50}'..='\u{fe6b}' | '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}' => {
            Plain::Letters
        }
        _ => Plain::Same,
    }
}

/// The Latin letter that a Greek or Cyrillic one looks like.
fn look_alike(c: char) -> Option<char> {
    const PAIRS: &str = "αa ϲc εe ιi ϳj κk νv οo ρp τt υu χx γy ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX \
                         аa вb сc ԁd еe ѐe ёe һh іi їi јj ӏl кk мm нh оo рp ԛq ѕs тt ԝw хx уy \
                         АA ВB СC ЕE ЁE НH ІI ЇI ЈJ КK МM ОO РP ЅS ТT ХX УY ҮY ԌG ԚQ ԜW";
    let at = PAIRS.find(c)?;
    PAIRS[at + c.len_utf8()..].chars().next()
}

/// `&#64;`, `&#x40;`, `&commat;`, `&eacute;`.
fn entity(text: &str) -> Option<(Plain, usize)> {
    let end = text.as_bytes().iter().take(12).position(|byte| *byte == b';')?;
    let name = text.get(1..end)?;
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    });
    let c = match (number, name) {
        (Some(number), _) => char::from_u32(number)?,
        (None, "commat") => '@',
        (None, "period") => '.',
        (None, "lowbar") => '_',
        (None, "hyphen" | "dash") => '-',
        (None, "amp") => '&',
        (None, "apos" | "rsquo") => '\'',
        (None, "nbsp") => ' ',
        (None, "shy" | "zwnj" | "zwj") => return Some((Plain::Nothing, end + 1)),
        // `eacute`, `Ccedil`: a reader sees the letter.
        (None, name) => {
            const MARKS: [&str; 8] = ["acute", "grave", "circ", "uml", "cedil", "tilde", "ring", "caron"];
            let letter = MARKS.iter().find_map(|mark| name.strip_suffix(mark)).filter(|letter| letter.len() == 1)?;
            letter.chars().next()?
        }
    };
    Some((Plain::Like(c), end + 1))
}

/// `\u002d`, `\u00e9`, and `\n` before a capital letter: what a program has written twice, and another one reads once.
fn escape(text: &str) -> Option<(Plain, usize)> {
    if let Some(digits) = text.strip_prefix("\\u").and_then(|rest| rest.get(..4)) {
        let c = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
        return Some((if is_combining_mark(c) { Plain::Nothing } else { Plain::Like(c) }, 6));
    }
    // « C:\notes » has none.
    let is_end = text.starts_with(r"\n") || text.starts_with(r"\r") || text.starts_with(r"\t");
    (is_end && !text[2..].starts_with(char::is_lowercase)).then_some((Plain::Like(' '), 2))
}

/// `%40`, `%C3%A9`.
fn percent(text: &str) -> Option<(Plain, usize)> {
    let byte = |at: usize| {
        let code = text.get(at..at + 3)?.strip_prefix('%')?;
        u8::from_str_radix(code, 16).ok().filter(|_| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let first = byte(0)?;
    let count = match first {
        0x20..0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => return None,
    };
    let bytes: Option<Vec<u8>> = (0..count).map(|rank| byte(3 * rank)).collect();
    let c = std::str::from_utf8(&bytes?).ok()?.chars().next()?;
    Some((if is_combining_mark(c) { Plain::Nothing } else { Plain::Like(c) }, 3 * count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_seen_as_a_reader_sees_it() {
        for (text, expected) in [
            ("Zélie Quincampoix", "Zélie Quincampoix"),
            ("Ze\u{301}lie", "Zelie"),
            ("Quin\u{ad}cam\u{200b}poix", "Quincampoix"),
            ("Ｑｕｉｎ ﬁn 𝐐𝐮𝐢𝐧", "Quin fin Quin"),
            ("Quіnсаmроіх", "Quincampoix"),
            ("a&#64;b.fr a&#x40;b a%40b z%C3%A9lie Z&eacute;lie", "a@b.fr a@b a@b zélie Zelie"),
            ("06\u{2009}39\u{2010}98\n12", "06 39-98\u{2028}12"),
            ("Quin-\n  campoix, Jean-\nPaul", "Quincampoix, Jean-\u{2028}Paul"),
            ("R&D à 50 % – l’idée & co", "R&D à 50 % – l’idée & co"),
            ("a﹫b．fr", "a@b.fr"),
            (r"Jean\u002dPaul z\u00e9lie\nAnne C:\notes", "Jean-Paul zélie Anne C:\\notes"),
        ] {
            assert_eq!(Seen::of(text).text, expected, "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "« Ｑuin\u{ad}campoix » a%40b";
        let seen = Seen::of(text);
        let of = |part: &str| {
            let start = seen.text.find(part).unwrap();
            let (start, end) = seen.place((start, start + part.len()));
            &text[start..end]
        };
        assert_eq!(of("Quincampoix"), "Ｑuin\u{ad}campoix");
        assert_eq!(of("a@b"), "a%40b");
    }
}
