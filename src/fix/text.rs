//! The text of a file and its bytes: what is changed in the text is written in the encoding that the file has.

use std::cell::Cell;
use std::ops::Range;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::Obstacle;
use crate::import::TextKind;

/// Bytes of a file that give way to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Splice {
    pub range: Range<usize>,
    pub new: Vec<u8>,
}

/// A file as UTF-8, or as bytes in which all signs of ASCII are themselves.
pub(super) struct Text {
    bytes: Vec<u8>,
    /// Bytes of the file before these.
    mark: usize,
    form: Form,
    /// A place of the text and the byte of the file where it stands, from which the next one is counted.
    counted: Cell<(usize, usize)>,
}

enum Form {
    /// The bytes are those of the file.
    Bytes { single_byte: Option<&'static Encoding>, is_dos: bool },
    /// They are UTF-8, and the file is in that encoding.
    Decoded(&'static Encoding),
}

impl Text {
    /// The text of a table, whose cells may be UTF-8 one by one.
    pub fn of_table(file: &[u8], kind: &TextKind) -> Option<Text> {
        match kind.unicode(file) {
            Some(encoding) if encoding != UTF_8 => Text::decoded(file, encoding),
            _ => {
                let form =
                    Form::Bytes { single_byte: (!kind.is_unicode).then_some(kind.single_byte), is_dos: kind.is_dos };
                Some(Text { bytes: file.to_vec(), mark: 0, form, counted: Cell::default() })
            }
        }
    }

    /// The text of a tree, in the encoding that it is read in; none when it would not be written back as it is.
    pub fn of_tree(file: &[u8], encoding: &'static Encoding) -> Option<Text> {
        if encoding != UTF_8 {
            return Text::decoded(file, encoding);
        }
        let rest = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
        std::str::from_utf8(rest).ok()?;
        let form = Form::Bytes { single_byte: None, is_dos: false };
        Some(Text { bytes: rest.to_vec(), mark: file.len() - rest.len(), form, counted: Cell::default() })
    }

    fn decoded(file: &[u8], encoding: &'static Encoding) -> Option<Text> {
        let mark: &[u8] = if encoding == UTF_16LE { b"\xFF\xFE" } else { b"\xFE\xFF" };
        let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
        let rest = file.strip_prefix(mark).filter(|_| is_wide).unwrap_or(file);
        let (text, had_errors) = encoding.decode_without_bom_handling(rest);
        let text = Text {
            bytes: text.into_owned().into_bytes(),
            mark: file.len() - rest.len(),
            form: Form::Decoded(encoding),
            counted: Cell::default(),
        };
        // What is not understood would be lost.
        let is_whole = !had_errors && text.encoded(text.as_str()?)? == rest;
        is_whole.then_some(text)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text; none when the bytes are not UTF-8 throughout.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// A text in the encoding of the file, where that has its letters.
    fn encoded(&self, text: &str) -> Option<Vec<u8>> {
        match self.form {
            Form::Bytes { .. } => Some(text.as_bytes().to_vec()),
            Form::Decoded(encoding) if encoding == UTF_16LE => {
                Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
            }
            Form::Decoded(encoding) if encoding == UTF_16BE => {
                Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect())
            }
            Form::Decoded(encoding) => {
                let (bytes, _, had_errors) = encoding.encode(text);
                (!had_errors).then(|| bytes.into_owned())
            }
        }
    }

    /// What the bytes of a cell say.
    pub fn said(&self, range: Range<usize>) -> String {
        let bytes = &self.bytes[range];
        match (std::str::from_utf8(bytes), &self.form) {
            (Ok(text), _) => text.to_owned(),
            (Err(_), Form::Bytes { is_dos: true, .. }) => crate::import::from_dos(bytes),
            (Err(_), Form::Bytes { single_byte: Some(encoding), .. }) => {
                encoding.decode_without_bom_handling(bytes).0.into_owned()
            }
            (Err(_), _) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// The change of a part of the text; `around` are the bytes by which its encoding is known where each cell has its own.
    ///
    /// # Errors
    /// When the encoding does not have the letters.
    pub fn splice(&self, range: Range<usize>, new: &str, around: Range<usize>) -> Result<Splice, Obstacle> {
        match &self.form {
            Form::Bytes { single_byte: Some(encoding), is_dos } if !new.is_ascii() => {
                let bytes = &self.bytes[around];
                let is_unicode = !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok();
                let new = match (is_unicode, is_dos) {
                    (true, _) => Some(new.as_bytes().to_vec()),
                    (false, true) => crate::import::to_dos(new),
                    (false, false) => {
                        let (bytes, _, had_errors) = encoding.encode(new);
                        (!had_errors).then(|| bytes.into_owned())
                    }
                };
                Ok(Splice { range, new: new.ok_or(Obstacle::Encoding)? })
            }
            Form::Bytes { .. } => {
                Ok(Splice { range: range.start + self.mark..range.end + self.mark, new: new.as_bytes().to_vec() })
            }
            Form::Decoded(_) => {
                let text = self.as_str().ok_or(Obstacle::Encoding)?;
                let encoded = |text: &str| self.encoded(text).ok_or(Obstacle::Encoding);
                let (at, passed) = self.counted.get();
                let (at, passed) = if at <= range.start { (at, passed) } else { (0, 0) };
                let start = passed + encoded(&text[at..range.start])?.len();
                self.counted.set((range.start, start));
                let end = start + encoded(&text[range])?.len();
                Ok(Splice { range: self.mark + start..self.mark + end, new: encoded(new)? })
            }
        }
    }
}

/// Where the characters of a text stand: the byte of a line and a column, both counted from 1.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// A line, a column of it and the byte where that stands, from which the next one of the line is counted: a whole file may
    /// be one line.
    counted: Cell<(u64, usize, usize)>,
}

impl<'t> Lines<'t> {
    pub fn of(text: &'t str) -> Lines<'t> {
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        Lines { text, starts, counted: Cell::default() }
    }

    pub fn at(&self, line: u64, column: u32) -> Option<usize> {
        let start = *self.starts.get(usize::try_from(line).ok()?.checked_sub(1)?)?;
        let before = (column as usize).checked_sub(1)?;
        let (known, passed, from) = self.counted.get();
        let (passed, from) = if known == line && passed <= before { (passed, from) } else { (0, start) };
        let (at, _) = self.text[from..].char_indices().nth(before - passed)?;
        self.counted.set((line, before, from + at));
        Some(from + at)
    }
}

/// All bytes with some of them changed. The changes come back in the order of the file.
pub(super) fn spliced(bytes: &[u8], splices: &mut Vec<Splice>) -> Vec<u8> {
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let mut last = 0;
    splices.retain(|splice| {
        let is_apart = splice.range.start >= last;
        if is_apart {
            last = splice.range.end;
        }
        is_apart
    });
    let mut whole = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for Splice { range, new } in &*splices {
        whole.extend_from_slice(&bytes[at..range.start]);
        whole.extend_from_slice(new);
        at = range.end;
    }
    whole.extend_from_slice(&bytes[at..]);
    whole
}
