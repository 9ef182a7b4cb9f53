//! The records of a CSV file one by one, each with its line. A record that is as the header wants it costs one look at its
//! line; another one stays within reach, so that it can be read in another way.

use std::io::Read;

use encoding_rs::Encoding;
use memchr::{memchr, memchr_iter, memchr2};

use super::record::{Dialect, End, Record, Stray, holds_row, parse, unmarked};
use super::{MAX_COLUMNS, bare, decode, is_bare, too_many_columns};
use crate::error::{Error, ErrorKind, Result};
use crate::import::sheet::GridRow;
use crate::import::sink::long_record;
use crate::import::{MAX_RECORD_BYTES, read_error};

/// What old programs write behind the last line.
const END_OF_DOS: u8 = 0x1A;
const BLOCK: usize = 64 << 10;

/// The records of a file.
pub(super) struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    /// Where the record stands that was read last, and where the next one begins.
    start: usize,
    next: usize,
    /// The lines where they begin.
    line: u64,
    next_line: u64,
    /// Whether the buffer holds the rest of the file.
    is_last: bool,
    pub dialect: Dialect,
    pub single_byte: &'static Encoding,
    /// Whether an apostrophe stands before every cell.
    pub is_guarded: bool,
    /// Whether the file is one that we write, in which no sign is damage.
    pub is_own: bool,
    pub record: Record,
    /// The record as a row of a grid.
    pub row: GridRow,
    /// How the reading of the record ended, and whether it holds lines that look like rows.
    pub end: End,
    pub holds_rows: bool,
    /// Whether all records so far are UTF-8.
    pub is_utf8: bool,
    /// How many columns the header has; 0 as long as there is none.
    pub width: usize,
    /// Up to where in the file no quote was found that closes a cell, so that nobody looks again.
    unclosed: u64,
    /// How many bytes have left the buffer.
    passed: u64,
}

impl<R: Read> Lines<R> {
    pub fn new(source: R, dialect: Dialect, single_byte: &'static Encoding) -> Lines<R> {
        Lines {
            source,
            buffer: Vec::new(),
            start: 0,
            next: 0,
            line: 0,
            next_line: 1,
            is_last: false,
            dialect,
            single_byte,
            is_guarded: false,
            is_own: false,
            record: Record::default(),
            row: GridRow::default(),
            end: End::Clean,
            holds_rows: false,
            is_utf8: true,
            width: 0,
            unclosed: 0,
            passed: 0,
        }
    }

    /// Reads more of the file; answers whether there was any.
    fn fetch(&mut self) -> Result<bool> {
        if self.is_last {
            return Ok(false);
        }
        self.buffer.drain(..self.start);
        self.passed += self.start as u64;
        self.next -= self.start;
        self.start = 0;
        let most = self.buffer.len().max(BLOCK);
        let read = self.source.by_ref().take(most as u64).read_to_end(&mut self.buffer);
        let read = read.map_err(|error| read_error(&error))?;
        self.is_last = read < most;
        Ok(read > 0)
    }

    /// Where the line ends that begins at a place behind the beginning of the record, its line end among it.
    fn line_end(&mut self, from: usize) -> Result<usize> {
        let mut scanned = from;
        loop {
            if let Some(found) = memchr(b'\n', &self.buffer[self.start + scanned..]) {
                return Ok(scanned + found + 1);
            }
            scanned = self.buffer.len() - self.start;
            if scanned > MAX_RECORD_BYTES {
                return Err(long_record().at(self.line, None));
            }
            if !self.fetch()? {
                return Ok(self.buffer.len() - self.start);
            }
        }
    }

    /// Reads the next record that is not blank, with its row; answers its line.
    pub fn next(&mut self) -> Result<Option<u64>> {
        loop {
            (self.start, self.line) = (self.next, self.next_line);
            let length = self.line_end(0)?;
            if length == 0 {
                return Ok(None);
            }
            let line = &self.buffer[self.start..self.start + length];
            let text = self.unmarked(without_end(line));
            // Blank cells are no blank line.
            let is_blank = matches!(text.trim_ascii(), [] | [END_OF_DOS]);
            if is_blank && memchr(self.dialect.delimiter, text).is_none() {
                self.next += length;
                self.next_line += 1;
                continue;
            }
            match memchr2(0, self.dialect.quote, text) {
                None => {
                    self.record.clear();
                    self.record.split(text, self.dialect);
                    (self.end, self.holds_rows) = (End::Clean, false);
                    self.pass_lines(length, 1)?;
                }
                Some(_) if memchr(0, text).is_some() => return Err(nul().at(self.line, None)),
                Some(_) => self.quoted()?,
            }
            return Ok(Some(self.line));
        }
    }

    /// Reads a record with quotes as the rules want it.
    fn quoted(&mut self) -> Result<()> {
        let mut record = std::mem::take(&mut self.record);
        let (end, used) = self.parsed(self.dialect, MAX_RECORD_BYTES, &mut record)?;
        self.record = record;
        let lines = &self.buffer[self.start..self.start + used];
        if let Some(at) = memchr(0, lines) {
            let above = memchr_iter(b'\n', &lines[..at]).count() as u64;
            return Err(nul().at(self.line + above, None));
        }
        // The first line of a cell may well hold the delimiters of the cells before it.
        let below = memchr(b'\n', without_end(lines)).map_or(&[][..], |at| &lines[at + 1..]);
        self.holds_rows =
            !self.is_own && self.width > 1 && !below.is_empty() && holds_row(below, self.dialect.delimiter, self.width);
        self.end = end;
        if self.width == 0 && (end != End::Clean || !below.is_empty()) && self.is_stray_in_header(!below.is_empty())? {
            return Ok(());
        }
        match end {
            // What is beyond hope ends at its line, for the next one may be all right.
            End::Clean => self.pass(used),
            _ => {
                let length = self.line_end(0)?;
                self.pass(length)
            }
        }
    }

    /// Above the table no width tells what is wrong: a quote is stray where without it the line has as many cells as the
    /// one below it.
    fn is_stray_in_header(&mut self, is_long: bool) -> Result<bool> {
        let Some((mut record, length)) = self.without_stray(0)? else { return Ok(false) };
        let mut below = Record::default();
        let end = self.line_end(length)?;
        let line = &self.buffer[self.start + length..self.start + end];
        let (state, _) = parse(line, true, Dialect { stray: Stray::None, ..self.dialect }, &mut below);
        // Each line of a text may hold as many.
        let is_table = record.len() >= 3 && below.len() == record.len() && state == End::Clean;
        if !is_table || !is_long && self.end == End::Clean {
            return Ok(false);
        }
        std::mem::swap(&mut self.record, &mut record);
        (self.end, self.holds_rows) = (End::Clean, false);
        self.pass(length)?;
        Ok(true)
    }

    /// The first line read without one of the quotes that open a cell, or all of them: with as many cells as `width`, or, where
    /// that is 0, as there are delimiters. Answers the bytes that the line takes.
    fn without_stray(&mut self, width: usize) -> Result<Option<(Record, usize)>> {
        /// Cells of a line that may open with a quote and not close.
        const MOST: usize = 16;
        let length = self.line_end(0)?;
        let line = unmarked(&self.buffer[self.start..self.start + length]);
        let mut record = Record::default();
        let opened = memchr_iter(self.dialect.quote, line).count().min(MOST);
        for stray in (0..opened).map(Stray::One).chain([Stray::All]) {
            let (end, used) = parse(line, true, Dialect { stray, is_lazy: true, ..self.dialect }, &mut record);
            let is_whole = end == End::Clean && used == line.len();
            if is_whole && (record.len() == width || width == 0) {
                return Ok(Some((record, length)));
            }
        }
        Ok(None)
    }

    /// What stands at the beginning of the record without the byte order marks before it.
    fn unmarked<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        if self.is_own && self.line > 1 { bytes } else { unmarked(bytes) }
    }

    /// Reads the record in a dialect, within a limit of bytes.
    fn parsed(&mut self, dialect: Dialect, most: usize, record: &mut Record) -> Result<(End, usize)> {
        loop {
            let bytes = &self.buffer[self.start..];
            let mark = bytes.len() - self.unmarked(bytes).len();
            match parse(&bytes[mark..], self.is_last, dialect, record) {
                (End::Cut, _) if bytes.len() > most => return Ok((End::Open, bytes.len())),
                (End::Cut, _) => {
                    if !self.fetch()? {
                        self.is_last = true;
                    }
                }
                (end, used) => return Ok((end, used + mark)),
            }
        }
    }

    /// Goes on to what stands behind the record, and makes it a row.
    fn pass(&mut self, used: usize) -> Result<()> {
        let bytes = &self.buffer[self.start..self.start + used];
        let lines = memchr_iter(b'\n', bytes).count() as u64;
        // The last line of the file may have no end.
        self.pass_lines(used, if bytes.ends_with(b"\n") { lines } else { lines + 1 })
    }

    /// The same, where it is known how many lines the record takes.
    fn pass_lines(&mut self, used: usize, lines: u64) -> Result<()> {
        if self.record.len() > MAX_COLUMNS {
            return Err(too_many_columns(self.line));
        }
        (self.next, self.next_line) = (self.start + used, self.line + lines);
        self.fill();
        Ok(())
    }

    /// Makes the record a row.
    fn fill(&mut self) {
        self.row.restart(self.line);
        self.row.last = self.next_line - 1;
        self.is_utf8 &= fill(&mut self.row, &self.record, self.single_byte, self.is_guarded);
    }

    /// Whether the record is as the header wants it.
    pub fn is_even(&self) -> bool {
        self.end == End::Clean && self.record.len() == self.width && !self.holds_rows
    }

    /// The last line of the record.
    pub fn last_line(&self) -> u64 {
        self.next_line - 1
    }

    /// What stands in the file for the record.
    pub fn source(&self) -> String {
        /// More is shown nowhere.
        const MOST: usize = 2_000;
        let bytes = without_end(&self.buffer[self.start..self.next]);
        let cut = &bytes[..bytes.len().min(MOST)];
        decode(cut, self.single_byte).trim_end_matches('\u{FFFD}').trim().to_owned()
    }

    /// Whether nothing follows the record, not even its line end.
    pub fn is_cut(&self) -> bool {
        self.is_last && self.next == self.buffer.len() && !self.buffer.ends_with(b"\n")
    }

    /// Reads the record again in another dialect. Answers whether it then has the cells that the header wants; if so, it is
    /// what was read. A cell may go on over the next lines where none of them looks like a row.
    pub fn reread(&mut self, dialect: Dialect, is_one_line: bool, is_taken: impl Fn(&Record) -> bool) -> Result<bool> {
        /// No cell of a damaged row is looked for farther than this.
        const MOST: usize = 16 << 10;
        let mut record = Record::default();
        let length = self.line_end(0)?;
        let (end, used) = if is_one_line {
            let line = &self.buffer[self.start..self.start + length];
            let mark = line.len() - unmarked(line).len();
            let (end, used) = parse(&line[mark..], true, dialect, &mut record);
            (end, used + mark)
        } else if dialect.is_lazy && self.passed + (self.start as u64) < self.unclosed {
            return Ok(false);
        } else {
            self.parsed(dialect, MOST, &mut record)?
        };
        if !is_one_line && dialect.is_lazy && end != End::Clean {
            self.unclosed = self.passed + (self.start + used) as u64;
        }
        // The first line of a cell may well hold the delimiters of the cells before it, unless it opens by mistake.
        let from = if dialect.is_lazy { 0 } else { length.min(used) };
        let lines = &self.buffer[self.start + from..self.start + used];
        if end != End::Clean
            || record.len() != self.width
            || (used > length && holds_row(without_end(lines), dialect.delimiter, self.width))
            || !is_taken(&record)
        {
            return Ok(false);
        }
        self.record = record;
        (self.end, self.holds_rows) = (End::Clean, false);
        self.pass(used)?;
        Ok(true)
    }

    /// Reads the first line without a quote that nothing closes.
    pub fn reread_without_stray(&mut self) -> Result<bool> {
        let Some((record, length)) = self.without_stray(self.width)? else { return Ok(false) };
        self.record = record;
        (self.end, self.holds_rows) = (End::Clean, false);
        self.pass(length)?;
        Ok(true)
    }

    /// Whether each line of the record, without the quotes that nothing closes, is a row that `is_row` knows.
    pub fn is_of_rows(&mut self, is_row: impl Fn(&Record) -> bool) -> bool {
        let mut record = Record::default();
        let lines = without_end(&self.buffer[self.start..self.next]);
        lines.split(|byte| *byte == b'\n').all(|line| {
            let opened = memchr_iter(self.dialect.quote, line).count().min(4);
            [Stray::None].into_iter().chain((0..opened).map(Stray::One)).any(|stray| {
                let (end, _) = parse(line, true, Dialect { stray, is_lazy: true, ..self.dialect }, &mut record);
                end == End::Clean && record.len() == self.width && is_row(&record)
            })
        })
    }

    /// Puts other cells in the place of those that were read.
    pub fn replace(&mut self, record: Record) {
        self.record = record;
        self.end = End::Clean;
        self.fill();
    }

    /// The cells of the next line, where it has no quote that goes over its end: what a line break has torn off perhaps.
    pub fn line_below(&mut self) -> Result<Option<(Record, usize)>> {
        let from = self.next - self.start;
        let end = self.line_end(from)?;
        let line = unmarked(without_end(&self.buffer[self.start + from..self.start + end]));
        let mut record = Record::default();
        if line.trim_ascii().is_empty() {
            return Ok(None);
        }
        let (state, _) = parse(line, true, self.dialect, &mut record);
        Ok((state == End::Clean).then_some((record, end)))
    }

    /// Takes the next line as a part of the record, which has these cells then.
    pub fn join(&mut self, record: Record, used: usize) -> Result<()> {
        self.record = record;
        self.pass(used)
    }
}

/// A line without its end.
fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Fills an empty row with the cells of a record that are not blank; answers whether they are UTF-8. The cells stand one
/// after the other, so that one look tells it of all of them.
fn fill(row: &mut GridRow, record: &Record, single_byte: &'static Encoding, is_guarded: bool) -> bool {
    let cells = || (1..).zip(record.ranges());
    fn meant(text: &str, is_guarded: bool) -> &str {
        let text = bare(text);
        if is_guarded { bare(text.strip_prefix('\'').unwrap_or(text)) } else { text }
    }
    let whole = simdutf8::basic::from_utf8(record.as_slice());
    match whole {
        // A cell may end within a letter whose other half begins the next one.
        Ok(whole) if cells().all(|(_, range)| whole.is_char_boundary(range.end)) => {
            row.fill(whole);
            for (column, range) in cells() {
                let cell = &whole.as_bytes()[range.clone()];
                if cell.is_empty() {
                    continue;
                }
                if is_bare(cell) {
                    row.place(column, range);
                    continue;
                }
                let text = meant(&whole[range], is_guarded);
                let start = text.as_ptr() as usize - whole.as_ptr() as usize;
                if !text.is_empty() {
                    row.place(column, start..start + text.len());
                }
            }
        }
        _ => {
            for (column, cell) in (1..).zip(record.cells()) {
                row.push(column, meant(&decode(cell, single_byte), is_guarded));
            }
        }
    }
    whole.is_ok()
}

fn nul() -> Error {
    Error::new(
        ErrorKind::Syntax,
        "caractère nul : le fichier est abîmé ou n’est pas du texte ; enregistrez-le de nouveau en CSV UTF-8",
        "NUL character: the file is damaged or is not text; save it again as UTF-8 CSV",
    )
}
