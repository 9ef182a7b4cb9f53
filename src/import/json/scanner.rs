//! The marks, strings, numbers and words of JSON, read from a window on the file, with their places.

use std::io::Read;

use crate::error::{Error, ErrorKind, Result};
use crate::import::sink::long_record;
use crate::import::window::{Place, Places, Window};
use crate::import::{MAX_DEPTH, MAX_RECORD_BYTES, read_error};

/// Reads what the grammar of JSON is made of.
pub(super) struct Scanner<R> {
    window: Window<R>,
    places: Places,
    /// Where in the window it stands.
    at: usize,
    /// The string that was read last, if it has escapes.
    unescaped: String,
    /// How many arrays and objects are open.
    depth: usize,
}

/// The text of a string: a part of the window, or what its escapes stand for.
pub(super) enum Text {
    Plain(usize, usize),
    Unescaped,
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(source: R) -> Scanner<R> {
        Scanner { window: Window::new(source), places: Places::new(), at: 0, unescaped: String::new(), depth: 0 }
    }

    /// The text of the string that was read last.
    #[inline]
    pub(super) fn text(&self, string: &Text) -> &str {
        match string {
            Text::Plain(start, end) => &self.window.text()[*start..*end],
            Text::Unescaped => &self.unescaped,
        }
    }

    /// So many of the bytes that come next.
    #[inline]
    pub(super) fn ahead(&self, length: usize) -> &str {
        &self.window.text()[self.at..self.at + length]
    }

    /// Passes so many bytes.
    #[inline]
    pub(super) fn pass(&mut self, length: usize) {
        self.at += length;
    }

    /// Passes a mark where it comes next, and answers whether it does.
    pub(super) fn passes(&mut self, mark: &str) -> Result<bool> {
        while self.window.text().len() - self.at < mark.len() && self.read_on()? {}
        let is_there = self.window.text()[self.at..].starts_with(mark);
        if is_there {
            self.at += mark.len();
        }
        Ok(is_there)
    }

    /// Passes the bracket that opens an array or an object.
    pub(super) fn open(&mut self) -> Result<()> {
        if self.depth == MAX_DEPTH {
            return Err(self.malformed(
                &format!("plus de {MAX_DEPTH} objets imbriqués, ce n’est pas une liste de PTCE"),
                &format!("objects nested deeper than {MAX_DEPTH}, this is not a list of PTCE"),
            ));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Whether the open array or object has another element, at which it then stands; else passes its closing bracket.
    pub(super) fn has_next(&mut self, closing: u8, is_first: bool) -> Result<bool> {
        let byte = self.needed()?;
        if byte == closing {
            self.depth -= 1;
            self.at += 1;
            return Ok(false);
        }
        if is_first {
            return Ok(true);
        }
        match byte {
            b',' => {}
            b']' | b'}' | b':' => return Err(self.unexpected()),
            _ => return Err(self.malformed("il manque une virgule", "a comma is missing")),
        }
        let Some((next, byte)) = self.next(1)? else { return Err(self.cut_short()) };
        if byte == closing {
            return Err(self.unexpected());
        }
        self.at = next;
        Ok(true)
    }

    /// The first byte that is no blank, so many bytes from here on or later, and where it is; none at the end.
    fn next(&mut self, mut passed: usize) -> Result<Option<(usize, u8)>> {
        loop {
            let rest = &self.window.text().as_bytes()[self.at + passed..];
            match rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\t' | b'\r')) {
                Some(blanks) => return Ok(Some((self.at + passed + blanks, rest[blanks]))),
                None => passed += rest.len(),
            }
            if !self.read_on()? {
                return Ok(None);
            }
        }
    }

    /// Passes blanks, and answers the byte at which it then stands; none at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>> {
        // Most bytes come right after the one before.
        if let Some(byte @ (b'"' | b',' | b':' | b'}' | b'{')) = self.window.text().as_bytes().get(self.at) {
            return Ok(Some(*byte));
        }
        while let Some(blank) = self.window.text().as_bytes().get(self.at) {
            if !matches!(blank, b' ' | b'\n' | b'\t' | b'\r') {
                return Ok(Some(*blank));
            }
            self.at += 1;
        }
        match self.next(0)? {
            Some((at, byte)) => {
                self.at = at;
                Ok(Some(byte))
            }
            None => {
                self.at = self.window.text().len();
                if self.window.is_broken() { Err(self.cut_short()) } else { Ok(None) }
            }
        }
    }

    /// The next byte that is no blank; what ends before it is cut short.
    #[inline]
    pub(super) fn needed(&mut self) -> Result<u8> {
        self.peek()?.ok_or_else(|| self.cut_short())
    }

    /// Reads more behind what has not been passed, and answers whether there may be any.
    fn read_on(&mut self) -> Result<bool> {
        if self.window.is_last() {
            return Ok(false);
        }
        self.window.read_on(self.at, &mut self.places).map_err(|error| read_error(&error))?;
        self.at = 0;
        Ok(true)
    }

    /// Passes a string.
    pub(super) fn string(&mut self) -> Result<Text> {
        // Bytes from the first quote on that are looked at, and the first escape among them.
        let (mut length, mut escape) = (1, None);
        loop {
            let rest = self.window.text().as_bytes().get(self.at + length..).unwrap_or_default();
            match memchr::memchr2(b'"', b'\\', rest) {
                Some(end) if rest[end] == b'"' => {
                    length += end;
                    break;
                }
                Some(end) => {
                    length += end + 2;
                    escape = escape.or(Some(length - 2));
                }
                None => {
                    length = length.max(self.window.text().len() - self.at);
                    if length > MAX_RECORD_BYTES {
                        return Err(at(long_record(), self.place()));
                    }
                    if !self.read_on()? {
                        return Err(self.cut_short());
                    }
                }
            }
        }
        let (start, end) = (self.at + 1, self.at + length);
        let inner = &self.window.text().as_bytes()[start..end];
        // The whole is gone through, which takes less time than to stop at the first one.
        if inner.iter().fold(false, |found, byte| found | (*byte < b' ')) {
            self.at = start + inner.iter().position(|byte| *byte < b' ').unwrap_or_default();
            return Err(self.malformed(
                "un saut de ligne ou un caractère de contrôle se trouve dans un texte",
                "a line break or a control character stands in a text",
            ));
        }
        if let Some(escape) = escape {
            self.unescape(start, self.at + escape, end)?;
        }
        self.at = end + 1;
        Ok(if escape.is_some() { Text::Unescaped } else { Text::Plain(start, end) })
    }

    /// Makes the text of a string whose first escape is at `escape`.
    fn unescape(&mut self, start: usize, escape: usize, end: usize) -> Result<()> {
        let window = self.window.text();
        self.unescaped.clear();
        self.unescaped.push_str(&window[start..escape]);
        let mut rest = &window[escape..end];
        while let Some(escaped) = rest.strip_prefix('\\') {
            let Some((character, length)) = unescaped(escaped) else {
                self.at = end - rest.len();
                return Err(self.malformed("une suite « \\ » est inconnue", "a sequence “\\” is unknown"));
            };
            let after = &escaped[length..];
            let next = memchr::memchr(b'\\', after.as_bytes()).unwrap_or(after.len());
            self.unescaped.push(character);
            self.unescaped.push_str(&after[..next]);
            rest = &after[next..];
        }
        Ok(())
    }

    /// Bytes of the number or of the word that begins here.
    pub(super) fn word(&mut self) -> Result<usize> {
        let mut length = 0;
        loop {
            let rest = &self.window.text().as_bytes()[self.at + length..];
            let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
            match rest.iter().position(|byte| !is_of_word(byte)) {
                Some(end) => return Ok(length + end),
                None => length += rest.len(),
            }
            if length > MAX_RECORD_BYTES {
                return Err(at(long_record(), self.place()));
            }
            if !self.read_on()? {
                return Ok(length);
            }
        }
    }

    /// Where it stands.
    pub(super) fn place(&mut self) -> Place {
        self.places.of(self.window.text(), self.at)
    }

    /// What stands here does not belong here.
    pub(super) fn unexpected(&mut self) -> Error {
        let rest = &self.window.text()[self.at..];
        let is_of_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '+' | '-' | '.');
        let end = rest.find(|letter| !is_of_word(letter)).unwrap_or(rest.len());
        if end == rest.len() && self.window.is_last() {
            return self.cut_short();
        }
        let found: String = rest.chars().take(rest[..end].chars().count().clamp(1, 20)).collect();
        match found.as_str() {
            "," => self.malformed("une virgule est en trop", "there is a comma too many"),
            // A word or a number is a value of somebody; a sign is none.
            found if found.chars().all(is_of_word) => self.malformed(
                "une valeur n’est pas à sa place, ou manque de guillemets",
                "a value is out of place, or lacks its quotes",
            ),
            found => self.malformed(
                &format!("« {found} » n’est pas à sa place, ou manque de guillemets"),
                &format!("“{found}” is out of place, or lacks its quotes"),
            ),
        }
    }

    /// Whatever is missing at the end of what can be read is missing because the file is cut.
    pub(super) fn cut_short(&mut self) -> Error {
        self.at = self.window.text().len();
        if self.window.is_broken() {
            return self.malformed("un caractère n’est pas de l’UTF-8", "a character is not UTF-8");
        }
        self.malformed("le fichier s’arrête avant la fin, il est coupé", "the file ends too early, it is cut short")
    }

    /// An error in what stands here.
    pub(super) fn malformed(&mut self, fr: &str, en: &str) -> Error {
        let error = Error::new(
            ErrorKind::Syntax,
            format!("JSON mal formé : {fr} ; corrigez ce passage ou demandez un nouvel envoi"),
            format!("malformed JSON: {en}; correct this passage or ask for the file again"),
        );
        at(error, self.place())
    }
}

/// An error at a place.
pub(super) fn at(error: Error, (line, column): Place) -> Error {
    error.at(line, Some(column.into()))
}

/// Whether a word is a number of JSON: `-0.5e+10`, not `05`, `.5` or `5.`.
pub(super) fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) =
        word.split_once(['e', 'E']).map_or((word, None), |(before, after)| (before, Some(after)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(before, after)| (before, Some(after)));
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// The character that stands behind a backslash, and how many bytes it takes there.
fn unescaped(escaped: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = escaped.get(at..at + 4).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u32::from_str_radix(digits, 16).ok()
    };
    let character = match escaped.bytes().next()? {
        byte @ (b'"' | b'\\' | b'/') => char::from(byte),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let first = unit(1)?;
            if let Some(character) = char::from_u32(first) {
                return Some((character, 5));
            }
            // A character beyond the first 65,536 is written in two halves.
            let second = unit(7).filter(|_| escaped[5..].starts_with("\\u"))?;
            let is_pair = (0xD800..0xDC00).contains(&first) && (0xDC00..0xE000).contains(&second);
            let code = 0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF);
            return char::from_u32(code).filter(|_| is_pair).map(|character| (character, 11));
        }
        _ => return None,
    };
    Some((character, 1))
}
