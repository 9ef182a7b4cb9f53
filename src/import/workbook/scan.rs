//! The tags and texts of an XML part, none of them longer than a cell may be, so that no part takes much memory.
//!
//! Not by `quick-xml`, which takes four times as long and holds a tag or a text of any length.

use std::borrow::Cow;
use std::io::Read;

use super::{MAX_CELL_BYTES, damaged, long_cell, unreadable};
use crate::error::{Error, ErrorKind, Result};

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 16;

/// A part, and where the scan stands in it.
pub(super) struct Scanner<R> {
    name: String,
    source: R,
    buffer: Vec<u8>,
    /// The token that came last, in the buffer.
    start: usize,
    end: usize,
    /// Bytes that have left the buffer.
    passed: u64,
    /// Where the cell or the shared string begins that is open.
    cell: Option<u64>,
}

/// What stands in a part. The end of an element that is empty is not told.
#[derive(Debug, Clone, Copy)]
pub(super) enum Token<'a> {
    Open(Tag<'a>),
    /// The name of the element that ends here, without its prefix.
    Close(&'a [u8]),
    /// A text, with its references.
    Text(&'a [u8]),
    /// A text in which nothing stands for something else.
    Plain(&'a [u8]),
}

/// The tag that opens an element: `<c r="A1" t="s">`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tag<'a>(&'a [u8]);

impl<R: Read> Scanner<R> {
    /// A scanner of the part `name`, which errors name.
    pub fn new(name: &str, source: R) -> Scanner<R> {
        let buffer = Vec::with_capacity(2 * CHUNK);
        Scanner { name: name.to_owned(), source, buffer, start: 0, end: 0, passed: 0, cell: None }
    }

    /// The next tag or text; none at the end of the part, or where it is cut in a token.
    ///
    /// # Errors
    /// When the part cannot be read, is not XML in UTF-8, has a DOCTYPE, or a token, or a cell, that is too long.
    pub fn next(&mut self) -> Result<Option<Token<'_>>> {
        let kind = loop {
            self.start = self.end;
            let Some(kind) = self.find()? else { return Ok(None) };
            if !matches!(kind, Kind::Comment) {
                break kind;
            }
        };
        let here = self.passed + self.start as u64;
        if self.cell.is_some_and(|start| here - start > MAX_CELL_BYTES as u64) {
            return Err(long_cell());
        }
        let bytes = &self.buffer[self.start..self.end];
        // Byte by byte, where names are compared for every token.
        let is_of_cell = |name: &[u8]| match name {
            [b'c'] | [b's', b'i'] => true,
            name => name.len() >= 10 && name.ends_with(b"table-cell"),
        };
        Ok(Some(match kind {
            Kind::Open => {
                let tag = Tag(bytes);
                if is_of_cell(tag.name()) {
                    self.cell = (!tag.is_empty()).then_some(here);
                }
                Token::Open(tag)
            }
            Kind::Close => {
                let name = local_name(&bytes[2..]);
                if is_of_cell(name) {
                    self.cell = None;
                }
                Token::Close(name)
            }
            Kind::Plain => Token::Plain(&bytes[9..bytes.len() - 3]),
            Kind::Text | Kind::Comment => Token::Text(bytes),
        }))
    }

    /// Passes everything up to the end of an element, whatever stands before it, and answers whether it ends.
    pub fn pass_end_of(&mut self, name: &str) -> Result<bool> {
        let mark = format!("{name}>");
        let finder = memchr::memmem::Finder::new(mark.as_bytes());
        self.start = self.end;
        loop {
            for at in finder.find_iter(&self.buffer[self.start..]) {
                let at = self.start + at;
                // The name may have a prefix.
                let tag = memchr::memrchr(b'<', &self.buffer[self.start..at]).map(|tag| self.start + tag);
                if tag.is_some_and(|tag| {
                    self.buffer[tag + 1] == b'/' && local_name(&self.buffer[tag + 2..]) == name.as_bytes()
                }) {
                    self.end = at + mark.len();
                    return Ok(true);
                }
            }
            // The tag may begin in this chunk; its name is short.
            self.start = self.start.max(self.buffer.len().saturating_sub(mark.len() + MAX_PREFIX));
            self.end = self.start;
            if !self.more()? {
                return Ok(false);
            }
        }
    }

    /// Finds the end of the token that begins at `start`.
    fn find(&mut self) -> Result<Option<Kind>> {
        loop {
            let rest = &self.buffer[self.start..];
            let found = match rest.first() {
                None => None,
                Some(b'<') => end_of_token(rest).map_err(|_| self.doc_type())?,
                Some(_) => memchr::memchr(b'<', rest).map(|length| (Kind::Text, length)),
            };
            if let Some((kind, length)) = found {
                self.end = self.start + length;
                return Ok(Some(kind));
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// Reads on behind the token that begins at `start`, and answers whether there was anything left.
    fn more(&mut self) -> Result<bool> {
        if self.buffer.len() - self.start > MAX_CELL_BYTES {
            return Err(long_cell());
        }
        self.passed += self.start as u64;
        self.buffer.drain(..self.start);
        (self.start, self.end) = (0, 0);
        let known = self.buffer.len();
        let read = self.source.by_ref().take(CHUNK as u64).read_to_end(&mut self.buffer);
        let read = read.map_err(|error| unreadable(&error))?;
        if memchr::memchr(0, &self.buffer[known..]).is_some() {
            return Err(self.not_utf8());
        }
        Ok(read > 0)
    }

    fn not_utf8(&self) -> Error {
        let name = &self.name;
        damaged(
            &format!("la partie « {name} » n’est pas du XML en UTF-8"),
            &format!("the part “{name}” is not XML in UTF-8"),
        )
    }

    fn doc_type(&self) -> Error {
        let name = &self.name;
        Error::new(
            ErrorKind::Syntax,
            format!(
                "la partie « {name} » contient une déclaration DOCTYPE, refusée par sécurité ; demandez un nouvel envoi"
            ),
            format!("the part “{name}” holds a DOCTYPE declaration, refused for safety; ask for the file again"),
        )
    }
}

/// Bytes that the prefix of a name may have where an element is looked for.
const MAX_PREFIX: usize = 64;

/// What a token is.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Open,
    Close,
    Text,
    /// CDATA.
    Plain,
    /// A comment, or an instruction to a program.
    Comment,
}

/// A declaration of the type of the document, which may define what makes a text of any size.
pub(crate) struct DocType;

/// What begins at the first byte, and how many bytes it has; none when it does not end in these.
pub(crate) fn end_of_token(bytes: &[u8]) -> Result<Option<(Kind, usize)>, DocType> {
    let until = |kind: Kind, from: usize, mark: &[u8]| {
        let rest = bytes.get(from..).unwrap_or_default();
        memchr::memmem::find(rest, mark).map(|at| (kind, from + at + mark.len()))
    };
    Ok(match bytes.get(1) {
        None => None,
        Some(b'?') => until(Kind::Comment, 2, b"?>"),
        Some(b'!') if bytes.starts_with(b"<!--") => until(Kind::Comment, 4, b"-->"),
        Some(b'!') if bytes.starts_with(b"<![CDATA[") => until(Kind::Plain, 9, b"]]>"),
        Some(b'!') if bytes.len() < 9 => None,
        Some(b'!') => return Err(DocType),
        // What closes an element has no values, and is every other tag.
        Some(b'/') => memchr::memchr(b'>', bytes).map(|at| (Kind::Close, at + 1)),
        Some(_) => {
            let mut at = 1;
            // A value may hold « > »: the tag ends at the first one outside quotes.
            while let Some(byte) = bytes.get(at) {
                match byte {
                    b'>' => return Ok(Some((Kind::Open, at + 1))),
                    b'"' | b'\'' => match bytes[at + 1..].iter().position(|other| other == byte) {
                        Some(length) => at += length + 1,
                        None => return Ok(None),
                    },
                    _ => {}
                }
                at += 1;
            }
            None
        }
    })
}

/// The name that stands here, without its prefix.
fn local_name(bytes: &[u8]) -> &[u8] {
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b':' => start = at + 1,
            b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>' => return &bytes[start..at],
            _ => {}
        }
    }
    &bytes[start..]
}

impl<'a> Tag<'a> {
    /// The tag that these bytes are.
    pub fn new(tag: &'a [u8]) -> Tag<'a> {
        Tag(tag)
    }

    /// The name of the element without its prefix.
    pub fn name(self) -> &'a [u8] {
        local_name(&self.0[1..])
    }

    /// Whether the element has no content.
    pub fn is_empty(self) -> bool {
        self.0.ends_with(b"/>")
    }

    /// The names and values of the attributes, as they are written.
    pub fn attributes(self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let name_end = self.0.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        let mut rest = name_end.map_or(&[][..], |end| &self.0[end..]);
        std::iter::from_fn(move || {
            rest = rest.trim_ascii_start();
            let equals = memchr::memchr(b'=', rest)?;
            let name = rest[..equals].trim_ascii_end();
            let value = rest[equals + 1..].trim_ascii_start();
            let quote = value.first().filter(|quote| matches!(quote, b'"' | b'\''))?;
            let end = value[1..].iter().position(|byte| byte == quote)?;
            rest = &value[end + 2..];
            Some((name, &value[1..=end]))
        })
    }

    /// The value of an attribute, as it is written.
    pub fn attribute(self, name: &str) -> Option<&'a [u8]> {
        self.attributes().find(|(known, _)| *known == name.as_bytes()).map(|(_, value)| value)
    }

    /// The value of an attribute that is a text.
    pub fn text(self, name: &str) -> Option<String> {
        self.attribute(name).map(shown)
    }
}

/// What the value of an attribute says.
pub(crate) fn shown(value: &[u8]) -> String {
    let value = String::from_utf8_lossy(value);
    quick_xml::escape::unescape(&value).map_or_else(|_| value.to_string(), Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives few bytes at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let length = buffer.len().min(3);
            self.0.read(&mut buffer[..length])
        }
    }

    fn tokens(xml: &str) -> Vec<String> {
        let mut scanner = Scanner::new("essai.xml", Slow(xml.as_bytes()));
        let mut told = Vec::new();
        while let Some(token) = scanner.next().unwrap() {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            told.push(match token {
                Token::Open(tag) => {
                    let attributes = tag.attributes().map(|(name, value)| format!(" {}={}", text(name), text(value)));
                    format!(
                        "<{}{}{}",
                        text(tag.name()),
                        attributes.collect::<String>(),
                        ["", "/"][usize::from(tag.is_empty())]
                    )
                }
                Token::Close(name) => format!(">{}", text(name)),
                Token::Text(bytes) => format!("'{}", text(bytes)),
                Token::Plain(bytes) => format!("!{}", text(bytes)),
            });
        }
        told
    }

    #[test]
    fn tags_and_texts_are_told_apart() {
        let xml = "<?xml version=\"1.0\"?><x:c r = \"A>1\" t='s'/><!-- <b> --><v >1 &lt; 2</v\n><![CDATA[<&]]><a/";
        assert_eq!(tokens(xml), ["<c r=A>1 t=s/", "<v", "'1 &lt; 2", ">v", "!<&"]);
        assert_eq!(tokens(""), [""; 0]);
        assert_eq!(tokens("<a b=1 c><d =\"\" e=\"f\">"), ["<a", "<d = e=f"]);
    }

    #[test]
    fn what_stands_before_the_end_of_an_element_is_passed() {
        let long = "<c r=\"A1\"/>".repeat(30_000);
        for (xml, found) in [
            (format!("<sheetData>{long}</sheetData><a/>"), true),
            (format!("<x:sheetData>{long}</x:sheetData ><b sheetData></x:sheetData><a/>"), true),
            (format!("<sheetData>{long}<xsheetData></xsheetData>"), false),
        ] {
            let mut scanner = Scanner::new("essai.xml", Slow(xml.as_bytes()));
            assert_eq!(scanner.pass_end_of("sheetData").unwrap(), found);
            let next = scanner.next().unwrap();
            assert_eq!(matches!(next, Some(Token::Open(tag)) if tag.name() == b"a"), found, "{next:?}");
        }
    }
}
