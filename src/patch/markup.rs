//! The text of an XML part, in which a few places are changed and all others stay as they were written.
//!
//! Not by a library that reads elements and writes them anew: names are compared as they are written by some attributes
//! (`mc:Ignorable`), and what a program wrote is not ours to tidy.

use std::ops::Range;

use crate::import::workbook::scan::{self, Tag};

/// How the text of a part is written in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8 { has_mark: bool },
    Utf16 { is_little: bool },
}

/// A part as text.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub text: String,
    encoding: Encoding,
}

impl Part {
    /// A new part.
    pub fn new(text: String) -> Part {
        Part { text, encoding: Encoding::Utf8 { has_mark: false } }
    }

    /// The text of a part; none when it is neither UTF-8 nor UTF-16.
    pub fn decode(bytes: &[u8]) -> Option<Part> {
        let utf16 = |bytes: &[u8], is_little: bool| {
            let unit = |pair: &[u8]| {
                let pair = [pair[0], pair[1]];
                if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
            };
            let units: Vec<u16> = bytes.chunks_exact(2).map(unit).collect();
            let text = String::from_utf16(&units).ok()?;
            Some(Part { text, encoding: Encoding::Utf16 { is_little } })
        };
        match bytes {
            [0xFF, 0xFE, rest @ ..] => utf16(rest, true),
            [0xFE, 0xFF, rest @ ..] => utf16(rest, false),
            _ => {
                let rest = bytes.strip_prefix(b"\xEF\xBB\xBF");
                let encoding = Encoding::Utf8 { has_mark: rest.is_some() };
                let text = std::str::from_utf8(rest.unwrap_or(bytes)).ok()?.to_owned();
                Some(Part { text, encoding })
            }
        }
    }

    pub fn encode(&self) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 { has_mark } => {
                let mark: &[u8] = if has_mark { b"\xEF\xBB\xBF" } else { b"" };
                [mark, self.text.as_bytes()].concat()
            }
            Encoding::Utf16 { is_little } => {
                let pair = |unit: u16| if is_little { unit.to_le_bytes() } else { unit.to_be_bytes() };
                std::iter::once(0xFEFF).chain(self.text.encode_utf16()).flat_map(pair).collect()
            }
        }
    }
}

/// What stands in a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Open,
    /// An element without content.
    Empty,
    Close,
    /// A text, or CDATA.
    Text,
    /// A comment, a declaration, an instruction.
    Other,
}

/// A tag or a text, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token<'a> {
    pub kind: Kind,
    pub start: usize,
    /// As it is written.
    pub text: &'a str,
}

/// The tags and texts of a part from a place on. What is cut short is one text up to the end.
pub(crate) fn tokens(part: &str, from: usize) -> impl Iterator<Item = Token<'_>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let rest = part.get(at..).filter(|rest| !rest.is_empty())?;
        let (kind, length) = match rest.as_bytes()[0] {
            b'<' => match scan::end_of_token(rest.as_bytes()) {
                Ok(Some((scan::Kind::Open, length))) if rest[..length].ends_with("/>") => (Kind::Empty, length),
                Ok(Some((scan::Kind::Open, length))) => (Kind::Open, length),
                Ok(Some((scan::Kind::Close, length))) => (Kind::Close, length),
                Ok(Some((scan::Kind::Plain | scan::Kind::Text, length))) => (Kind::Text, length),
                Ok(Some((scan::Kind::Comment, length))) => (Kind::Other, length),
                Ok(None) => (Kind::Text, rest.len()),
                Err(_) => (Kind::Other, memchr::memchr(b'>', rest.as_bytes()).map_or(rest.len(), |end| end + 1)),
            },
            _ => (Kind::Text, memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len())),
        };
        let token = Token { kind, start: at, text: &rest[..length] };
        at += length;
        Some(token)
    })
}

impl<'a> Token<'a> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The name of the element with its prefix.
    pub fn full_name(&self) -> &'a str {
        let name = self.text.trim_start_matches(['<', '/']);
        name.split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap_or_default()
    }

    /// The name of the element without its prefix.
    pub fn name(&self) -> &'a str {
        let name = self.full_name();
        name.split_once(':').map_or(name, |(_, name)| name)
    }

    /// The prefix of the name, with its colon.
    pub fn prefix(&self) -> &'a str {
        let name = self.full_name();
        name.split_once(':').map_or("", |(prefix, _)| &name[..=prefix.len()])
    }

    pub fn opens(&self, name: &str) -> bool {
        matches!(self.kind, Kind::Open | Kind::Empty) && self.name() == name
    }

    pub fn closes(&self, name: &str) -> bool {
        self.kind == Kind::Close && self.name() == name
    }

    /// The attributes as they are written: names and values.
    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
        Tag::new(self.text.as_bytes()).attributes().map(move |(name, value)| (text(name), text(value)))
    }

    /// What the value of an attribute says.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.attributes().find(|(known, _)| *known == name).map(|(_, value)| scan::shown(value.as_bytes()))
    }

    /// The same of a whole number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// The tag with an attribute of that value; without the attribute where there is none.
    pub fn with(&self, name: &str, value: Option<&str>) -> String {
        let known = self.attributes().find(|(known, _)| *known == name);
        if let Some((known, old)) = known {
            let offset = |part: &str| part.as_ptr() as usize - self.text.as_ptr() as usize;
            let (start, end) = (offset(known), offset(old) + old.len());
            return match value {
                Some(value) => format!("{}{}{}", &self.text[..offset(old)], escaped(value), &self.text[end..]),
                None => format!("{}{}", self.text[..start].trim_end(), &self.text[end + 1..]),
            };
        }
        let Some(value) = value else { return self.text.to_owned() };
        let close = if self.kind == Kind::Empty { "/>" } else { ">" };
        let head = self.text.strip_suffix(close).unwrap_or(self.text).trim_end();
        format!("{head} {name}=\"{}\"{close}", escaped(value))
    }
}

/// An element: its tag, what stands in it, and where it ends.
#[derive(Debug, Clone)]
pub(crate) struct Element<'a> {
    pub tag: Token<'a>,
    pub inner: Range<usize>,
    pub end: usize,
}

impl<'a> Element<'a> {
    /// The element that a tag begins.
    pub fn of(part: &'a str, tag: Token<'a>) -> Element<'a> {
        if tag.kind == Kind::Empty {
            return Element { inner: tag.end()..tag.end(), end: tag.end(), tag };
        }
        let (name, mut depth) = (tag.full_name(), 1);
        for token in tokens(part, tag.end()) {
            match token.kind {
                Kind::Open if token.full_name() == name => depth += 1,
                Kind::Close if token.full_name() == name => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Element { tag, inner: tag.end()..token.start, end: token.end() };
            }
        }
        Element { tag, inner: tag.end()..part.len(), end: part.len() }
    }

    /// The first element of a name from a place on.
    pub fn find(part: &'a str, name: &str, from: usize) -> Option<Element<'a>> {
        tokens(part, from).find(|token| token.opens(name)).map(|tag| Element::of(part, tag))
    }

    /// The element that holds all others.
    pub fn root(part: &'a str) -> Option<Element<'a>> {
        let tag = tokens(part, 0).find(|token| matches!(token.kind, Kind::Open | Kind::Empty))?;
        // The end is looked for from the end, so that a sheet is not gone through for it.
        if tag.kind == Kind::Empty {
            return Some(Element::of(part, tag));
        }
        let close = part.rfind("</").filter(|close| *close >= tag.end())?;
        let close = tokens(part, close).next().filter(|token| token.closes(tag.name()))?;
        Some(Element { tag, inner: tag.end()..close.start, end: close.end() })
    }

    /// The elements directly in it.
    pub fn children(&self, part: &'a str) -> impl Iterator<Item = Element<'a>> + use<'a> {
        let Range { start: mut at, end } = self.inner;
        std::iter::from_fn(move || {
            let tag = tokens(part, at)
                .take_while(|token| token.start < end)
                .find(|token| matches!(token.kind, Kind::Open | Kind::Empty))?;
            let element = Element::of(part, tag);
            at = element.end;
            Some(element)
        })
    }

    /// The first child of a name.
    pub fn child(&self, part: &'a str, name: &str) -> Option<Element<'a>> {
        self.children(part).find(|child| child.tag.name() == name)
    }

    /// As it is written.
    pub fn text(&self, part: &'a str) -> &'a str {
        &part[self.tag.start..self.end]
    }
}

/// Changes of a part, in any order.
#[derive(Debug, Default)]
pub(crate) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.0.push((at..at, text.into()));
    }

    pub fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.0.push((range, text.into()));
    }

    /// Adds the changes of others.
    pub fn join(&mut self, others: Edits) {
        self.0.extend(others.0);
    }

    /// Gives a tag another text.
    pub fn retag(&mut self, tag: &Token<'_>, text: impl Into<String>) {
        self.replace(tag.start..tag.end(), text);
    }

    /// Adds to the end of what an element holds; `tag` is its tag as it is to be.
    pub fn append(&mut self, element: &Element<'_>, tag: &str, content: &str) {
        if element.tag.kind == Kind::Empty {
            let open = tag.strip_suffix("/>").unwrap_or(tag).trim_end();
            let text = format!("{open}>{content}</{}>", element.tag.full_name());
            self.retag(&element.tag, text);
            return;
        }
        if tag != element.tag.text {
            self.retag(&element.tag, tag);
        }
        self.insert(element.inner.end, content);
    }

    /// The part with its changes. Those at the same place come in the order in which they were made.
    pub fn apply(self, part: &str) -> String {
        self.apply_and_tell(part, &mut |_, _| {})
    }

    /// The same; `tell` gets where each change stands in the new text, and what stood there, from the first on.
    pub fn apply_and_tell(mut self, part: &str, tell: &mut dyn FnMut(Range<usize>, &str)) -> String {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut text = String::with_capacity(part.len() + self.0.iter().map(|(_, text)| text.len()).sum::<usize>());
        let mut at = 0;
        for (range, new) in &self.0 {
            // Nothing is changed twice.
            if range.start < at {
                continue;
            }
            text.push_str(&part[at..range.start]);
            tell(text.len()..text.len() + new.len(), &part[range.clone()]);
            text.push_str(new);
            at = range.end;
        }
        text.push_str(&part[at..]);
        text
    }
}

/// A text as XML writes it, without the characters that it cannot hold.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' => escaped.push(character),
            '\u{FFFE}' | '\u{FFFF}' => {}
            character if character.is_control() && character < ' ' => {}
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = "<?xml version=\"1.0\"?><!-- <a> --><x:a b='1'><c d=\"x>y\"/><c>t</c><x:a/></x:a>\n";

    #[test]
    fn elements_are_found_with_their_content() {
        let root = Element::root(XML).unwrap();
        assert_eq!((root.tag.prefix(), root.tag.name(), root.end), ("x:", "a", XML.len() - 1));
        let children: Vec<&str> = root.children(XML).map(|child| child.text(XML)).collect();
        assert_eq!(children, ["<c d=\"x>y\"/>", "<c>t</c>", "<x:a/>"]);
        assert_eq!(Element::find(XML, "c", XML.find("<c>").unwrap()).unwrap().text(XML), "<c>t</c>");
    }

    #[test]
    fn a_tag_changes_in_one_attribute() {
        let tag = |text| Token { kind: Kind::Empty, start: 0, text };
        assert_eq!(tag("<c r='A1' s='2'  t=\"s\"/>").with("s", Some("7")), "<c r='A1' s='7'  t=\"s\"/>");
        assert_eq!(tag("<c r='A1'/>").with("s", Some("7")), "<c r='A1' s=\"7\"/>");
        assert_eq!(tag("<c r='A1' s='2' />").with("s", None), "<c r='A1' />");
        assert_eq!(tag("<c r='A1'/>").with("s", None), "<c r='A1'/>");
    }

    #[test]
    fn edits_leave_the_rest_as_it_was() {
        let mut edits = Edits::default();
        let root = Element::root(XML).unwrap();
        edits.append(&root, root.tag.text, "<z/>");
        edits.append(&root, root.tag.text, "<y/>");
        let first = root.children(XML).next().unwrap();
        edits.append(&first, first.tag.text, "é");
        let text = edits.apply(XML);
        assert_eq!(text, XML.replace("x>y\"/>", "x>y\">é</c>").replace("</x:a>", "<z/><y/></x:a>"));
    }

    #[test]
    fn a_part_keeps_its_encoding() {
        for bytes in [
            b"<a/>".to_vec(),
            b"\xEF\xBB\xBF<a/>".to_vec(),
            b"\xFF\xFE<\0a\0/\0>\0".to_vec(),
            b"\xFE\xFF\0<\0a\0/\0>".to_vec(),
        ] {
            let part = Part::decode(&bytes).unwrap();
            assert_eq!((part.text.as_str(), part.encode()), ("<a/>", bytes));
        }
        assert!(Part::decode(b"<a>\xE9</a>").is_none());
    }
}
