//! Texts made comparable: without case, accents and punctuation.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// What a character is without case and accents: one letter, or the two of a ligature; nothing for an accent that
/// stands alone.
fn plain(c: char) -> [Option<char>; 2] {
    let one = match c {
        c if c.is_ascii() => c.to_ascii_lowercase(),
        // What French is made of, without a search through the tables of Unicode.
        'À'..='Å' | 'à'..='å' => 'a',
        'Ç' | 'ç' => 'c',
        'È'..='Ë' | 'è'..='ë' => 'e',
        'Ì'..='Ï' | 'ì'..='ï' => 'i',
        'Ò'..='Ö' | 'ò'..='ö' => 'o',
        'Ù'..='Ü' | 'ù'..='ü' => 'u',
        'œ' | 'Œ' => return [Some('o'), Some('e')],
        'æ' | 'Æ' => return [Some('a'), Some('e')],
        // Letters of our neighbours that are none with an accent: Łukasz, Yıldırım, Strauß.
        'ł' | 'Ł' => 'l',
        'ø' | 'Ø' => 'o',
        'ı' => 'i',
        'đ' | 'Đ' | 'ð' | 'Ð' => 'd',
        'ħ' | 'Ħ' => 'h',
        'ß' | 'ẞ' => return [Some('s'), Some('s')],
        'þ' | 'Þ' => return [Some('t'), Some('h')],
        // The degree and ordinal signs belong to the abbreviation before them: n°, 1º.
        '°' | 'º' => ' ',
        '’' | '«' | '»' | '–' | '…' | '\u{a0}' | '\u{202f}' => ' ',
        c => {
            let mut base = None;
            decompose_canonical(c, |part| {
                if !is_combining_mark(part) {
                    base = base.or(Some(part));
                }
            });
            return [base.map(|base| base.to_lowercase().next().unwrap_or(base)), None];
        }
    };
    [Some(one), None]
}

/// The letter under its accents, in lower case; itself when it has none.
pub(crate) fn without_accent(c: char) -> char {
    match plain(c) {
        [Some(letter), None] => letter,
        _ => c,
    }
}

/// Adds the letters and digits of `text` to `out`, as [`letters`] gives them, in UTF-8.
pub(crate) fn push_letters(text: &str, out: &mut Vec<u8>) {
    out.reserve(text.len());
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        if byte.is_ascii() {
            let letter = ASCII_LETTERS[usize::from(*byte)];
            if letter != 0 {
                out.push(letter);
            }
            at += 1;
        } else {
            let c = text[at..].chars().next().unwrap_or_default();
            at += c.len_utf8();
            for letter in plain(c).into_iter().flatten().filter(|c| c.is_alphanumeric()) {
                out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
}

/// The first letters and digits of `text`, as [`letters`] gives them, as many as there is room for; for one beyond ASCII stands
/// a byte that is none.
pub(crate) fn first_letters<'r>(text: &str, room: &'r mut [u8]) -> &'r [u8] {
    let (mut count, mut at) = (0, 0);
    while let Some(byte) = text.as_bytes().get(at).filter(|_| count < room.len()) {
        at += if byte.is_ascii() {
            let letter = ASCII_LETTERS[usize::from(*byte)];
            room[count] = letter;
            count += usize::from(letter != 0);
            1
        } else if let Some(letter) = accented(&text.as_bytes()[at..]) {
            room[count] = letter;
            count += 1;
            2
        } else {
            let c = text[at..].chars().next().unwrap_or_default();
            for letter in plain(c).into_iter().flatten().filter(|c| c.is_alphanumeric()) {
                if let Some(place) = room.get_mut(count) {
                    *place = u8::try_from(letter).ok().filter(u8::is_ascii).unwrap_or(u8::MAX);
                    count += 1;
                }
            }
            c.len_utf8()
        };
    }
    &room[..count]
}

/// For each byte, the letter or digit of ASCII that it is, in lower case; 0 for what is neither.
pub(crate) static ASCII_LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        if (byte as u8).is_ascii_alphanumeric() {
            letters[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    letters
};

/// The letter or digit of ASCII that a character of ASCII is, in lower case; 0 for another one, nothing beyond ASCII.
pub(crate) fn ascii_letter(c: char) -> Option<u8> {
    u8::try_from(c).ok().filter(u8::is_ascii).map(|byte| ASCII_LETTERS[usize::from(byte)])
}

/// The letter under the accent with which a text in UTF-8 begins, if it is one of `À` to `ÿ` that is one letter of ASCII.
pub(crate) fn accented(bytes: &[u8]) -> Option<u8> {
    const LETTERS: &[u8; 64] = b"aaaaaa\0ceeeeiiii\0nooooo\0\0uuuuy\0\0aaaaaa\0ceeeeiiii\0nooooo\0\0uuuuy\0y";
    match bytes {
        [0xC3, second, ..] => Some(LETTERS[usize::from(second & 63)]).filter(|letter| *letter != 0),
        _ => None,
    }
}

/// The letters and digits of `text`, without case and accents, one after the other.
pub(crate) fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(plain).flatten().filter(|c| c.is_alphanumeric())
}

/// `text` in lower case, without accents or ligatures, each run of other characters one space.
///
/// ```
/// assert_eq!(ptce::text::fold::folded("N° de  Téléphone (œuvre)"), "n de telephone oeuvre");
/// ```
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut is_apart = false;
    let mut add = |letter: Option<char>| match letter {
        Some(letter) => {
            if is_apart && !folded.is_empty() {
                folded.push(' ');
            }
            is_apart = false;
            folded.push(letter);
        }
        None => is_apart = true,
    };
    for c in text.chars() {
        match ascii_letter(c) {
            Some(0) => add(None),
            Some(letter) => add(Some(char::from(letter))),
            None => plain(c).into_iter().flatten().for_each(|c| add(Some(c).filter(|c| c.is_alphanumeric()))),
        }
    }
    folded
}

/// A slug: lower-case ASCII letters and digits joined by hyphens.
///
/// ```
/// assert_eq!(ptce::text::fold::slug("Clu'Ster Jura"), "clu-ster-jura");
/// ```
pub fn slug(text: &str) -> String {
    let folded = folded(text);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_are_taken_off_as_everywhere() {
        for c in 'À'..='ÿ' {
            let text = c.to_string();
            let own = accented(text.as_bytes()).map(|letter| char::from(letter).to_string());
            assert!(own.is_none_or(|own| own == letters(&text).collect::<String>()), "{c}");
        }
        assert_eq!((accented("é".as_bytes()), accented("ô".as_bytes())), (Some(b'e'), Some(b'o')));
    }

    #[test]
    fn letters_are_the_same_in_bytes() {
        for text in ["", "Île-d’Œuvre n° 12", "œœœœ", "ŉǆ ﬁ", "日本 A", "é"] {
            let mut bytes = b"x".to_vec();
            push_letters(text, &mut bytes);
            assert_eq!(String::from_utf8(bytes).unwrap(), format!("x{}", letters(text).collect::<String>()), "{text}");
        }
    }
}
