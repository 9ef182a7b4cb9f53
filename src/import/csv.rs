//! CSV in any usual delimiter; UTF-8, UTF-16, or Windows-1252 or Mac Roman, decided field by field.

mod fit;
mod header;
mod lines;
mod mend;
mod record;

use std::borrow::Cow;
use std::io::{Cursor, Read};

use encoding_rs::Encoding;

use self::fit::Fit;
use self::lines::Lines;
use self::mend::Outcome;
use self::record::{Dialect, unmarked};

use super::encoding::{self, Evidence, LineFeeds};
use super::sheet::arrangement::{self, Arrangement, Slips};
use super::sheet::{Columns, GridRow, Merges, Runs, Sheet, Sheets, widest_row};
use super::{MAX_COLUMNS, Sink, decoded, read_error};
use crate::error::{Error, ErrorKind, Result};
use crate::import::SavedTable;
use crate::row::{self, Mend, RemarkKind};
use crate::tables;
use crate::text::damage;
use crate::text::formula;

const SAMPLE_BYTES: usize = 64 << 10;

/// Reads a table; `evidence` tells what the bytes are where they are no UTF-8.
pub(super) fn read(source: impl Read, evidence: Evidence, sink: &mut Sink<'_>) -> Result<()> {
    let mut source = evidence.mark.chain(source);
    let mut mark = Vec::new();
    source.by_ref().take(2).read_to_end(&mut mark).map_err(|error| read_error(&error))?;
    let is_marked = matches!(mark.as_slice(), [0xFF, 0xFE] | [0xFE, 0xFF] | [0xEF, 0xBB]) && evidence.mark.is_empty();
    let name = if evidence.is_from_dos { encoding::DOS } else { encoding::name(&mark) };
    let of_bytes = (name, is_marked);
    let source = decoded(Cursor::new(mark).chain(source), None);
    match (evidence.ends_in_cr, evidence.has_returns) {
        // A line break within a cell becomes a line feed with the others.
        (true, _) => read_lines(LineFeeds::new(source, false), of_bytes, evidence, sink),
        (false, true) => read_lines(LineFeeds::new(source, true), of_bytes, evidence, sink),
        (false, false) => read_lines(source, of_bytes, evidence, sink),
    }
}

/// Reads lines in the encoding that the file has, be it told by a mark or not.
fn read_lines(
    mut source: impl Read,
    (encoding, is_marked): (&'static str, bool),
    evidence: Evidence,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let wanted = sink.saved().cloned();
    let single_byte = wanted.as_ref().and_then(SavedTable::single_byte).unwrap_or(evidence.single_byte);
    let mut sample = Vec::with_capacity(SAMPLE_BYTES);
    source.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut sample).map_err(|error| read_error(&error))?;
    let sample_is_whole = sample.len() < SAMPLE_BYTES;
    let is_wrapped = is_wrapped(&sample, single_byte);
    let source: Box<dyn Read + '_> = match is_wrapped {
        true => {
            let mut unwrapped = Vec::new();
            let mut wrapped = Unwrapped::new(sample.as_slice());
            wrapped.read_to_end(&mut unwrapped).map_err(|error| read_error(&error))?;
            let state = wrapped.state;
            sample = unwrapped;
            Box::new(Unwrapped { source, state })
        }
        false => Box::new(source),
    };
    let declared = declared_delimiter(&sample);
    let known_labels = known_by_delimiter(&sample, single_byte);
    let given = wanted.as_ref().and_then(|table| u8::try_from(table.delimiter?).ok()).or(declared);
    let keyed = || if sink.has_plain_header() { delimiter_of_key(&sample, single_byte) } else { None };
    let delimiter = given.or_else(keyed).unwrap_or_else(|| delimiter(&known_labels));
    sink.set_encoding(encoding, Some(char::from(delimiter)));
    sink.set_evidence(row::Evidence {
        byte_order_mark: is_marked,
        windows_1252_letters: evidence.windows,
        mac_roman_letters: evidence.mac,
        dos_letters: evidence.dos,
        quoted_lines: is_wrapped,
        known_labels: known_labels.iter().map(|(delimiter, labels, _)| (char::from(*delimiter), *labels)).collect(),
    });
    let dialect = mend::dialect(&sample, sample_is_whole, Dialect::new(delimiter));
    let sampled = |most: usize| sampled(&sample, dialect, single_byte, sample_is_whole, most);
    let arrangement = match sink.has_plain_header() {
        true => Arrangement::Table { header: 0, is_double: false },
        false => arranged(sampled, wanted.as_ref())?,
    };
    let (shape, below) = match arrangement {
        Arrangement::Table { header, is_double } => {
            let (rows, _) = sampled(header + arrangement::SEARCHED_ROWS);
            let shape = header::Shape::of(&rows, (header, is_double), sink.has_plain_header(), delimiter, single_byte);
            let below: Vec<GridRow> =
                rows.into_iter().skip(header + 1 + usize::from(is_double)).map(|(row, _)| row).collect();
            (shape, below)
        }
        Arrangement::Form => (header::Shape::default(), Vec::new()),
    };
    // The first line may be nothing but a word to Excel.
    let passed = usize::from(declared.is_some());
    let mut lines = Lines::new(Cursor::new(&sample).chain(source), dialect, single_byte);
    (lines.is_guarded, lines.is_own) = (shape.is_guarded, shape.is_own);
    match arrangement {
        Arrangement::Table { header, is_double } => {
            let note_encoding = |sink: &mut Sink<'_>| sink.set_encoding(evidence.name(), Some(char::from(delimiter)));
            read_table(&mut lines, (passed, header, is_double), (shape, &below), note_encoding, sink)
        }
        Arrangement::Form => read_form(&mut lines, passed, sink),
    }
}

/// The text of a field without the blanks around it and the signs that keep a program from reading it as a formula.
fn bare(field: &str) -> &str {
    if is_bare(field.as_bytes()) { field } else { formula::meant(field.trim()).trim() }
}

/// Whether a field, which is UTF-8, begins and ends with signs that are neither, as nearly all do: signs of ASCII, or accented
/// letters of French. A formula that is meant as a text begins with an apostrophe or an equals sign.
fn is_bare(field: &[u8]) -> bool {
    const OF_LETTERS: u8 = 0xC3;
    let begins = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'\'' | b'=') || byte == OF_LETTERS;
    match field {
        [first, .., before, last] => begins(*first) && (last.is_ascii_graphic() || *before == OF_LETTERS),
        [first, last] => begins(*first) && last.is_ascii_graphic(),
        [one] => begins(*one),
        [] => true,
    }
}

/// Reads records that stand in the rows below a header of one line or two, the first of which has the rank `header`; `below`
/// are rows that follow it, as far as they were looked at before.
fn read_table(
    lines: &mut Lines<impl Read>,
    (passed, header, is_double): (usize, usize, bool),
    (shape, below): (header::Shape, &[GridRow]),
    note_encoding: impl Fn(&mut Sink<'_>),
    sink: &mut Sink<'_>,
) -> Result<()> {
    let mut merges = Merges::default();
    let mut was_utf8 = true;
    // The rows down to the header; then the table.
    let mut first: Vec<GridRow> = Vec::new();
    let mut table: Option<Table> = None;
    while lines.next()?.is_some() {
        if was_utf8 && !lines.is_utf8 {
            was_utf8 = false;
            note_encoding(sink);
        }
        let Some(table) = &mut table else {
            if first.len() >= header {
                lines.width = lines.width.max(lines.record.len());
            }
            // The first line may be nothing but a word to Excel.
            first.push(if first.len() < passed { GridRow::default() } else { std::mem::take(&mut lines.row) });
            if first.len() > header + usize::from(is_double) {
                if let Some(labels) = &shape.labels {
                    first[header].relabel(labels);
                    lines.width = labels.len();
                }
                table = Some(Table::new(Columns::begin(&first, header, is_double, &merges, below, sink)?, shape.usual));
                if shape.labels.is_some() {
                    let row = &first[header];
                    sink.remark(RemarkKind::Mended(Mend::Header), row.whole(), row.number, 1)?;
                }
                sink.compare()?;
            }
            continue;
        };
        if lines.is_even() {
            table.is_read |= table.columns.row(&lines.row, &mut merges, sink)?;
        } else {
            table.uneven(lines, &mut merges, sink)?;
        }
    }
    table.map_or(Ok(()), |table| table.finish(sink))
}

/// A table whose rows come.
struct Table {
    columns: Columns,
    /// What the columns hold, with the row of their header.
    fit: Option<(u64, Fit)>,
    /// How many cells most rows have.
    usual: usize,
    /// Whether a row was a record, or a part of one.
    is_read: bool,
    /// The first row that was not read: its line, its cells and those that the header has.
    unread: Option<(u64, usize, usize)>,
    /// The rows of which no more is to be said than where they are.
    told: Vec<(RemarkKind, Runs)>,
}

impl Table {
    fn new(columns: Columns, usual: usize) -> Table {
        Table { columns, fit: None, usual, is_read: false, unread: None, told: Vec::new() }
    }

    /// Reads a row that is not as the header wants it.
    fn uneven(&mut self, lines: &mut Lines<impl Read>, merges: &mut Merges, sink: &mut Sink<'_>) -> Result<()> {
        if self.columns.is_header(&lines.row) {
            self.columns.row(&lines.row, merges, sink)?;
            (lines.width, self.usual) = (lines.record.len(), 0);
            return Ok(());
        }
        let header = self.columns.header_row();
        if self.fit.as_ref().is_none_or(|(known, _)| *known != header) {
            self.fit = Some((header, Fit::of(&self.columns, sink, lines.single_byte)));
        }
        let Some((_, fit)) = &self.fit else { return Ok(()) };
        // A title, a sum or a remark needs no more cells than it has.
        let may_be_aside =
            lines.end == record::End::Clean && lines.record.len() < lines.width && self.columns.is_aside(&lines.row);
        let outcome = if may_be_aside { Outcome::AsItIs } else { mend::mend(lines, fit)? };
        let is_short = outcome == Outcome::Shorter && lines.record.len() != self.usual;
        if is_short && lines.is_cut() && !self.told.iter().any(|(kind, _)| *kind == RemarkKind::Short) {
            return Err(cut(lines.row.number, lines.record.len(), lines.width));
        }
        if outcome == Outcome::Unread {
            if lines.end == record::End::Open {
                return Err(open_quote(lines.row.number));
            }
            self.unread = self.unread.or(Some((lines.row.number, lines.record.len(), lines.width)));
            return sink.remark(RemarkKind::SetAside, lines.source(), lines.row.number, 1);
        }
        let is_record = self.columns.row(&lines.row, merges, sink)?;
        self.is_read |= is_record;
        let kind = match outcome {
            Outcome::Mended(mend) => RemarkKind::Mended(mend),
            Outcome::Wider => RemarkKind::Wider,
            Outcome::HoldsRows => RemarkKind::HoldsRows,
            Outcome::Shorter if is_short && is_record => RemarkKind::Short,
            _ => return Ok(()),
        };
        let (number, last) = (lines.row.number, lines.last_line());
        if !kind.is_of_rows() {
            return sink.remark_on_row(kind, lines.source(), number, is_record);
        }
        match self.told.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, runs)) => runs.enter(number, last),
            None => {
                let mut runs = Runs::default();
                runs.enter(number, last);
                self.told.push((kind, runs));
            }
        }
        Ok(())
    }

    fn finish(self, sink: &mut Sink<'_>) -> Result<()> {
        self.columns.finish(sink)?;
        if let Some((line, count, width)) = self.unread.filter(|_| !self.is_read) {
            return Err(uneven(line, count, width));
        }
        for (kind, runs) in self.told {
            if let Some((line, rows)) = runs.told() {
                sink.remark(kind, rows, line, 1)?;
            }
        }
        Ok(())
    }
}

/// Reads records whose labels stand beside or above their values.
fn read_form(lines: &mut Lines<impl Read>, passed: usize, sink: &mut Sink<'_>) -> Result<()> {
    let mut sheets = Sheets::default();
    let mut sheet = Sheet::grid(sink, &mut sheets);
    let mut rank = 0;
    while let Some(line) = lines.next()? {
        if rank >= passed {
            for (column, text) in lines.row.cells() {
                sheet.cell(line, column, text)?;
            }
        }
        rank += 1;
    }
    sheet.finish()?;
    sheets.finish()
}

fn uneven(line: u64, count: usize, width: usize) -> Error {
    Error::new(
        ErrorKind::Syntax,
        format!("{count} cellules pour {width} colonnes ; un séparateur est en trop, ou un texte qui en contient un n’est pas entre guillemets"),
        format!("{count} cells for {width} columns; there is a delimiter too many, or a text that contains one is not quoted"),
    )
    .at(line, None)
}

fn open_quote(line: u64) -> Error {
    Error::new(
        ErrorKind::Syntax,
        "un guillemet ouvert sur cette ligne n’est jamais refermé ; le fichier est coupé, ou un guillemet est en trop",
        "a quote opened on this line is never closed; the file is cut short, or there is a quote too many",
    )
    .at(line, None)
}

/// The last line is short and has no line break.
fn cut(line: u64, count: usize, width: usize) -> Error {
    Error::new(
        ErrorKind::Syntax,
        format!("la dernière ligne s’arrête à la cellule {count} sur {width} ; le fichier est coupé, demandez un nouvel envoi"),
        format!("the last line stops at cell {count} of {width}; the file is cut short, ask for it again"),
    )
    .at(line, Some(count as u64))
}

/// The delimiter that the first line declares to Excel: `sep=;`.
fn declared_delimiter(sample: &[u8]) -> Option<u8> {
    let line = unmarked(sample).split(|byte| *byte == b'\n').next()?.trim_ascii_end();
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [s, e, p, b'=', delimiter] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => Some(*delimiter),
        // What is trimmed off its end.
        [s, e, p, b'='] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => Some(b'\t'),
        _ => None,
    }
}

/// The text of a field: UTF-8 where it is that, else what the rest of the file is.
fn decode<'a>(field: &'a [u8], single_byte: &'static Encoding) -> Cow<'a, str> {
    match std::str::from_utf8(field) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => single_byte.decode_without_bom_handling(field).0,
    }
}

/// The first records of a sample, and why there are no more of them.
type Sampled = (Vec<(GridRow, record::Record)>, Option<Error>);

/// The first records of a sample, `most` of them, without the last one when the sample may cut it.
fn sampled(sample: &[u8], dialect: Dialect, single_byte: &'static Encoding, is_whole: bool, most: usize) -> Sampled {
    let mut lines = Lines::new(sample, dialect, single_byte);
    let mut rows = Vec::new();
    let mut cells_of = 0;
    let mut error = None;
    while rows.len() < most && (rows.len() < arrangement::SEARCHED_ROWS || cells_of < arrangement::MOST_SEARCHED_CELLS)
    {
        match lines.next() {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(found) => {
                error = Some(found);
                break;
            }
        }
        cells_of += lines.row.len();
        rows.push((std::mem::take(&mut lines.row), std::mem::take(&mut lines.record)));
    }
    if !is_whole && rows.len() > 1 && rows.len() < most {
        rows.pop();
    }
    (rows, error)
}

/// The same without the cells.
fn sampled_rows(
    sample: &[u8],
    delimiter: u8,
    single_byte: &'static Encoding,
    is_whole: bool,
    most: usize,
) -> Vec<GridRow> {
    let (rows, _) = sampled(sample, Dialect::new(delimiter), single_byte, is_whole, most);
    rows.into_iter().map(|(row, _)| row).collect()
}

/// The rows with their damaged accents restored, by which a header is found: « TÃ©lÃ©phone » is a label too.
fn labels_of(mut rows: Vec<GridRow>) -> Vec<GridRow> {
    for row in &mut rows {
        let restored: Vec<Option<String>> = row.cells().map(|(_, text)| damage::undamaged(text)).collect();
        if restored.iter().any(Option::is_some) {
            let damaged = row.clone();
            row.restart(damaged.number);
            row.last = damaged.last;
            for ((column, text), restored) in damaged.cells().zip(restored) {
                row.push(column, restored.as_deref().unwrap_or(text));
            }
        }
    }
    rows
}

/// Whether the lines stand in quotes as a whole, as some programs write what holds a delimiter already: `"a;b;c"`. Without
/// these quotes there is a header, or the lines have as many cells as it.
fn is_wrapped(sample: &[u8], single_byte: &'static Encoding) -> bool {
    let mut lines = sample.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    if !lines.any(|line| line.starts_with(b"\"")) {
        return false;
    }
    let mut unwrapped = Vec::new();
    if Unwrapped::new(sample).read_to_end(&mut unwrapped).is_err() {
        return false;
    }
    let labels = |sample: &[u8]| {
        let known = known_by_delimiter(sample, single_byte);
        let delimiter = delimiter(&known);
        (known.iter().map(|(_, labels, _)| *labels).max().unwrap_or(0), delimiter)
    };
    let ((before, _), (after, delimiter)) = (labels(sample), labels(&unwrapped));
    if after > before.max(1) {
        return true;
    }
    let widths = |sample: &[u8]| -> Vec<usize> {
        let (rows, _) = sampled(sample, Dialect::new(delimiter), single_byte, true, arrangement::SEARCHED_ROWS);
        rows.iter().map(|(_, record)| record.len()).collect()
    };
    let (raw, bare) = (widths(sample), widths(&unwrapped));
    let [header, rows @ ..] = raw.as_slice() else { return false };
    after > 1 && !rows.is_empty() && rows.iter().all(|width| *width == 1) && bare.iter().all(|width| width == header)
}

/// Gives lines without the quotes around the whole of each.
struct Unwrapped<R> {
    source: R,
    state: Within,
}

/// Where in a line the next byte stands.
#[derive(Clone, Copy)]
enum Within {
    Start,
    Quotes,
    /// Behind a quote, which ends them unless it is doubled.
    Quote,
    Plain,
}

impl<R: Read> Unwrapped<R> {
    fn new(source: R) -> Unwrapped<R> {
        Unwrapped { source, state: Within::Start }
    }
}

impl<R: Read> Read for Unwrapped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let read = self.source.read(buffer)?;
            let mut kept = 0;
            for at in 0..read {
                let byte = buffer[at];
                let (is_kept, state) = match (self.state, byte) {
                    (Within::Start, b'"') => (false, Within::Quotes),
                    (Within::Quotes, b'"') => (false, Within::Quote),
                    (Within::Quotes, _) | (Within::Quote, b'"') => (true, Within::Quotes),
                    (_, b'\n') => (true, Within::Start),
                    _ => (true, Within::Plain),
                };
                self.state = state;
                if is_kept {
                    buffer[kept] = byte;
                    kept += 1;
                }
            }
            if kept > 0 || read == 0 {
                return Ok(kept);
            }
        }
    }
}

/// A delimiter, how many labels are known with it, and how many cells the first row and how many rows alike there are then.
type Known = (u8, usize, (usize, usize));

/// How many labels the vocabulary knows with each delimiter, and how regular the rows then are.
fn known_by_delimiter(sample: &[u8], single_byte: &'static Encoding) -> Vec<Known> {
    let score = |delimiter: u8, most: usize, slips: Slips| {
        let (rows, error) = sampled(sample, Dialect::new(delimiter), single_byte, true, most);
        if rows.is_empty() && error.is_some_and(|error| error.kind() == ErrorKind::Limit) {
            // So many cells are those of a header, whatever they say.
            return (delimiter, 1, (MAX_COLUMNS, 0));
        }
        let rows = labels_of(rows.into_iter().map(|(row, _)| row).collect());
        (delimiter, arrangement::known_labels(&rows, slips), (rows.first().map_or(0, GridRow::len), regular(&rows)))
    };
    let known = |most: usize, slips: Slips| -> Vec<Known> {
        b"|\t;,".iter().map(|delimiter| score(*delimiter, most, slips)).collect()
    };
    // Where a header is written as it should be, no other delimiter would make one of it.
    let has = |known: &[Known], least: usize| known.iter().any(|(_, labels, _)| *labels >= least);
    let strict = known(arrangement::SEARCHED_ROWS, Slips::Refused);
    if has(&strict, 2) {
        return strict;
    }
    let first = known(arrangement::SEARCHED_ROWS, Slips::Allowed);
    if has(&first, 1) { first } else { known(arrangement::MOST_SEARCHED_ROWS, Slips::Allowed) }
}

/// How many rows have as many cells as most others, more than one: a title above the header has but one.
fn regular(rows: &[GridRow]) -> usize {
    let widths = || rows.iter().map(GridRow::len).filter(|width| *width > 1);
    widths().map(|width| widths().filter(|other| *other == width).count()).max().unwrap_or(0)
}

/// The delimiter with which the vocabulary knows the most labels, else with which the first row has the most cells, or the
/// rows are the most alike.
fn delimiter(known: &[Known]) -> u8 {
    // `max_by_key` keeps the last of equals: the comma, when nothing speaks for another.
    known.iter().max_by_key(|(_, labels, cells)| (*labels, *cells)).map_or(b',', |(delimiter, ..)| *delimiter)
}

/// The delimiter that sets the key of related tables apart in their first row.
fn delimiter_of_key(sample: &[u8], single_byte: &'static Encoding) -> Option<u8> {
    let has_key = |delimiter: &u8| {
        let rows = sampled_rows(sample, *delimiter, single_byte, true, 1);
        rows.first().is_some_and(|row| row.cells().any(|(_, text)| text == tables::KEY))
    };
    b",;\t|".iter().copied().find(has_key)
}

/// How many labels of the header the vocabulary knows; 0 when there is no header.
pub(super) fn known_columns(sample: &[u8]) -> usize {
    let single_byte = Evidence::default().single_byte;
    let delimiter = delimiter(&known_by_delimiter(sample, single_byte));
    let rows = labels_of(sampled_rows(sample, delimiter, single_byte, true, arrangement::SEARCHED_ROWS));
    match arrangement::find(&rows, &Merges::default()) {
        Some(Arrangement::Table { .. }) => arrangement::known_labels(&rows, Slips::Allowed),
        // Labels with their values beside or below are lines of a text as well.
        _ => 0,
    }
}

/// How the sample is arranged.
fn arranged(sampled: impl Fn(usize) -> Sampled, wanted: Option<&SavedTable>) -> Result<Arrangement> {
    let rows = |most: usize| {
        let (rows, error) = sampled(most);
        (labels_of(rows.into_iter().map(|(row, _)| row).collect()), error)
    };
    let found = |rows: &[GridRow]| arrangement::wanted(rows, &Merges::default(), wanted);
    let (first, _) = rows(arrangement::SEARCHED_ROWS);
    if let Some(arrangement) = found(&first) {
        return Ok(arrangement);
    }
    let (rows, error) = rows(arrangement::MOST_SEARCHED_ROWS);
    match found(&rows) {
        Some(arrangement) => Ok(arrangement),
        None => Err(error.unwrap_or_else(|| arrangement::missing(None).with_header(None, widest_row(&rows)))),
    }
}

pub(super) fn too_many_columns(line: u64) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("plus de {MAX_COLUMNS} colonnes ; gardez celles qui décrivent les PTCE"),
        format!("more than {MAX_COLUMNS} columns; keep those that describe the PTCE"),
    )
    .at(line, None)
}
