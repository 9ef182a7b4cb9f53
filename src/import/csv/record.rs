//! One record of a CSV file: where its cells stand, by the rules of a dialect or by those of another one.

use memchr::{memchr, memchr_iter, memchr2};

/// How cells are set apart and quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub delimiter: u8,
    pub behind: Behind,
    pub quote: u8,
    /// Whether a backslash before a quote makes it a part of the text.
    pub has_escapes: bool,
    /// Whether a quote ends a cell only where a delimiter or the end of the line follows.
    pub is_lazy: bool,
    /// Which of the cells that open with a quote are no quoted ones, counted from 0.
    pub stray: Stray,
}

/// What stands behind a delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    Anything,
    /// A blank, without which it is none: `a, 12,5, b`.
    Blank,
    /// The same sign, without which it is none: `a||b`.
    Same,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stray {
    None,
    One(usize),
    All,
}

impl Dialect {
    pub fn new(delimiter: u8) -> Dialect {
        Dialect {
            delimiter,
            behind: Behind::Anything,
            quote: b'"',
            has_escapes: false,
            is_lazy: false,
            stray: Stray::None,
        }
    }

    fn is_blank(self, byte: u8) -> bool {
        byte == b' ' || byte == b'\t' && self.delimiter != b'\t'
    }

    /// Whether the delimiter that stands at a place is one.
    fn is_delimiter(self, bytes: &[u8], at: usize) -> bool {
        let behind = || bytes.get(at + 1).copied().unwrap_or(b'\n');
        bytes.get(at) == Some(&self.delimiter)
            && match self.behind {
                Behind::Anything => true,
                Behind::Blank => self.is_blank(behind()) || matches!(behind(), b'\r' | b'\n'),
                Behind::Same => behind() == self.delimiter,
            }
    }

    /// Where the next delimiter or line end stands in a text without quotes.
    fn end_of_cell(self, bytes: &[u8]) -> Option<usize> {
        match self.behind {
            Behind::Anything => memchr2(self.delimiter, b'\n', bytes),
            _ => memchr::memchr2_iter(self.delimiter, b'\n', bytes)
                .find(|at| bytes[*at] == b'\n' || self.is_delimiter(bytes, *at)),
        }
    }

    /// How many bytes set cells apart.
    fn step(self) -> usize {
        if self.behind == Behind::Same { 2 } else { 1 }
    }
}

/// The texts of the cells, without their quotes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The cells in their order; what sets them apart may stand between them.
    text: Vec<u8>,
    /// Where each cell begins and ends.
    places: Vec<(u32, u32)>,
    /// Where the cell begins that is being read.
    open: u32,
}

impl Record {
    pub fn clear(&mut self) {
        self.text.clear();
        self.places.clear();
        self.open = 0;
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// All cells, one after the other, and what may stand between them.
    pub fn as_slice(&self) -> &[u8] {
        &self.text
    }

    /// Where each cell stands in [`Record::as_slice`].
    pub fn ranges(&self) -> impl ExactSizeIterator<Item = std::ops::Range<usize>> + '_ {
        self.places.iter().map(|(start, end)| *start as usize..*end as usize)
    }

    pub fn cells(&self) -> impl ExactSizeIterator<Item = &[u8]> + '_ {
        self.ranges().map(|range| &self.text[range])
    }

    pub fn push(&mut self, cell: &[u8]) {
        self.text.extend_from_slice(cell);
        self.end();
    }

    fn end(&mut self) {
        let end = self.text.len() as u32;
        self.places.push((self.open, end));
        self.open = end;
    }

    /// Adds the cells of a line without quotes.
    pub fn split(&mut self, line: &[u8], dialect: Dialect) {
        if dialect.behind != Behind::Anything {
            let mut rest = line;
            while let Some(at) = dialect.end_of_cell(rest) {
                self.push(&rest[..at]);
                rest = &rest[at + dialect.step()..];
            }
            self.push(rest);
            return;
        }
        // The line is copied at once, delimiters and all.
        self.text.extend_from_slice(line);
        let mut start = self.open;
        for at in memchr_iter(dialect.delimiter, line) {
            let end = self.open + at as u32;
            self.places.push((start, end));
            start = end + 1;
        }
        self.open = start;
        self.end();
    }
}

/// How the reading of a record ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// As the rules want it.
    Clean,
    /// Text follows a quote that closes a cell.
    Dirty,
    /// A quoted cell is not closed.
    Open,
    /// The bytes end before the record does.
    Cut,
}

/// What stands before the first sign of a file: read as UTF-8, or as the encoding of Windows.
const MARKS: [&[u8]; 2] = [b"\xEF\xBB\xBF", "ï»¿".as_bytes()];

/// A text without the byte order marks before it.
pub(super) fn unmarked(mut text: &[u8]) -> &[u8] {
    while let Some(rest) = MARKS.iter().find_map(|mark| text.strip_prefix(*mark)) {
        text = rest;
    }
    text
}

/// Reads the record with which `bytes` begin; answers how it ended and how many bytes it takes, its line end among them.
/// `is_last` tells that no bytes follow.
pub(super) fn parse(bytes: &[u8], is_last: bool, dialect: Dialect, record: &mut Record) -> (End, usize) {
    record.clear();
    let mut end = End::Clean;
    let mut opened = 0;
    // Where the cell begins.
    let mut at = 0;
    loop {
        let behind = if bytes.get(at).is_some_and(|byte| *byte == dialect.quote || !byte.is_ascii_alphanumeric()) {
            opening(&bytes[at..], dialect, &mut opened).map(|open| at + open + 1)
        } else {
            None
        };
        // Where what follows without quotes begins.
        let mut plain = at;
        if let Some(mut from) = behind {
            let mut scanned = from;
            let closed = loop {
                let Some(found) = memchr(dialect.quote, &bytes[scanned..]) else {
                    let state = if is_last { End::Open } else { End::Cut };
                    return (state, bytes.len());
                };
                let quote = scanned + found;
                if dialect.has_escapes && is_escaped(&bytes[from..quote]) {
                    add(record, &bytes[from..quote - 1], dialect);
                    (from, scanned) = (quote, quote + 1);
                    continue;
                }
                let Some(next) = bytes.get(quote + 1) else {
                    if is_last {
                        break (quote, quote + 1);
                    }
                    return (End::Cut, bytes.len());
                };
                if *next == dialect.quote {
                    add(record, &bytes[from..=quote], dialect);
                    (from, scanned) = (quote + 2, quote + 2);
                    continue;
                }
                // Within a text a quote may well stand before a blank.
                let is_blank = |byte: u8| byte == b'\r' || !dialect.is_lazy && dialect.is_blank(byte);
                let blanks = bytes[quote + 1..].iter().take_while(|byte| is_blank(**byte));
                let next = quote + 1 + blanks.count();
                match bytes.get(next) {
                    None if !is_last => return (End::Cut, bytes.len()),
                    Some(byte) if *byte != b'\n' && !dialect.is_delimiter(bytes, next) => {
                        if dialect.is_lazy {
                            scanned = quote + 1;
                            continue;
                        }
                        end = End::Dirty;
                        break (quote, quote + 1);
                    }
                    _ => break (quote, next),
                }
            };
            add(record, &bytes[from..closed.0], dialect);
            plain = closed.1;
        }
        let next = match dialect.end_of_cell(&bytes[plain..]) {
            Some(found) => plain + found,
            None if is_last => bytes.len(),
            None => return (End::Cut, bytes.len()),
        };
        let is_over = bytes.get(next).is_none_or(|byte| *byte == b'\n');
        let text = &bytes[plain..next];
        match behind {
            // Between a closing quote and the delimiter stand blanks, or what makes the record dirty.
            Some(_) if end == End::Clean => {}
            None if matches!(dialect.stray, Stray::None) => record.text.extend_from_slice(text),
            None => record.text.extend_from_slice(without_stray(text, dialect.quote)),
            Some(_) => record.text.extend_from_slice(text),
        }
        record.end();
        if is_over {
            return (end, (next + 1).min(bytes.len()));
        }
        at = next + dialect.step();
    }
}

/// Where the quote stands that opens a cell: at its beginning, or behind blanks and byte order marks.
fn opening(cell: &[u8], dialect: Dialect, opened: &mut usize) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = &cell[at..];
        match rest.first() {
            Some(byte) if dialect.is_blank(*byte) => at += 1,
            Some(byte) if *byte == dialect.quote => break,
            Some(0xC3 | 0xEF) if unmarked(rest).len() < rest.len() => at += rest.len() - unmarked(rest).len(),
            _ => return None,
        }
    }
    let rank = *opened;
    *opened += 1;
    let is_stray = match dialect.stray {
        Stray::None => false,
        Stray::One(stray) => stray == rank,
        Stray::All => true,
    };
    (!is_stray).then_some(at)
}

/// Whether what stands before a quote ends in a backslash that is none itself.
fn is_escaped(before: &[u8]) -> bool {
    before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// Adds a part of a quoted cell.
fn add(record: &mut Record, text: &[u8], dialect: Dialect) {
    if !dialect.has_escapes || memchr(b'\\', text).is_none() {
        return record.text.extend_from_slice(text);
    }
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest, b"\\\\") {
        record.text.extend_from_slice(&rest[..=at]);
        rest = &rest[at + 2..];
    }
    record.text.extend_from_slice(rest);
}

/// The text of a cell without the quote before it that nothing closes.
fn without_stray(text: &[u8], quote: u8) -> &[u8] {
    let trimmed = text.trim_ascii();
    match trimmed.strip_prefix(&[quote]) {
        Some(rest) if memchr_iter(quote, rest).count().is_multiple_of(2) => rest,
        _ => text,
    }
}

/// Whether one of the lines has as many delimiters as a whole row.
pub(super) fn holds_row(lines: &[u8], delimiter: u8, width: usize) -> bool {
    lines.split(|byte| *byte == b'\n').any(|line| memchr_iter(delimiter, line).count() + 1 >= width)
}
