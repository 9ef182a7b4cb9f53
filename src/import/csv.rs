//! CSV in any usual delimiter; UTF-8, UTF-16, or Windows-1252 or Mac Roman, decided field by field.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::ops::Range;

use ::csv::{ByteRecord, ReaderBuilder, Terminator};
use encoding_rs::Encoding;

use super::encoding::{self, Evidence, LineFeeds};
use super::sheet::arrangement::{self, Arrangement};
use super::sheet::{Columns, GridRow, Merges, Sheet, Sheets, widest_row};
use super::{MAX_COLUMNS, Sink, decoded, read_error};
use crate::error::{Error, ErrorKind, Result};
use crate::import::SavedTable;
use crate::row;
use crate::text::damage;
use crate::text::formula;

/// What ends the stream we give to the csv crate. A file without a final line break then ends its last record as any
/// other; and where the bytes behind it come out inside a longer record, a quote was never closed.
const END: &[u8] = b"\n\0\x01\0\x02\0";
/// What old programs write behind the last line.
const END_OF_DOS: u8 = 0x1A;
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
    match evidence.ends_in_cr {
        // A line break within a cell becomes a line feed with the others.
        true => read_lines(LineFeeds(source), of_bytes, evidence, sink),
        false => read_lines(source, of_bytes, evidence, sink),
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
    let delimiter = given.unwrap_or_else(|| delimiter(&known_labels));
    sink.set_encoding(encoding, Some(char::from(delimiter)));
    sink.set_evidence(row::Evidence {
        byte_order_mark: is_marked,
        windows_1252_letters: evidence.windows,
        mac_roman_letters: evidence.mac,
        dos_letters: evidence.dos,
        quoted_lines: is_wrapped,
        known_labels: known_labels.iter().map(|(delimiter, labels, _)| (char::from(*delimiter), *labels)).collect(),
    });
    let arrangement = match sink.has_plain_header() {
        true => Arrangement::Table { header: 0, is_double: false },
        false => arranged(&sample, delimiter, single_byte, sample_is_whole, wanted.as_ref())?,
    };
    // The first line may be nothing but a word to Excel.
    let passed = usize::from(declared.is_some());
    let last_byte = LastByte { source: Cursor::new(sample).chain(source), last: b'\n' };
    let reader = builder(delimiter).buffer_capacity(1 << 16).from_reader(last_byte.chain(END));
    let mut lines = Lines {
        reader,
        record: ByteRecord::new(),
        row: GridRow::default(),
        single_byte,
        is_utf8: true,
        width: 0,
        last_row: (0, 0),
    };
    match arrangement {
        Arrangement::Table { header, is_double } => {
            let note_encoding = |sink: &mut Sink<'_>| sink.set_encoding(evidence.name(), Some(char::from(delimiter)));
            read_table(&mut lines, (passed, header, is_double), note_encoding, sink)
        }
        Arrangement::Form => read_form(&mut lines, passed, sink),
    }
}

/// The records of the file, each with its line.
struct Lines<R: Read> {
    reader: ::csv::Reader<std::io::Chain<LastByte<R>, &'static [u8]>>,
    record: ByteRecord,
    /// The record as a row of a grid.
    row: GridRow,
    single_byte: &'static Encoding,
    /// Whether all records so far are UTF-8.
    is_utf8: bool,
    /// How many columns the header has; 0 as long as there is none.
    width: usize,
    /// The line and the width of the last record below the header.
    last_row: (u64, usize),
}

impl<R: Read> Lines<R> {
    /// Reads the next record, with its row; answers its line.
    fn next(&mut self) -> Result<Option<u64>> {
        if !self.reader.read_byte_record(&mut self.record).map_err(|error| csv_error(&error))? {
            return Ok(None);
        }
        // With line feeds as the only terminator, the reader has just passed the line break that ends this record,
        // and the breaks within it are in its fields. (The line it gives for a record's beginning is that of the
        // blank lines before it.)
        let breaks = memchr::memchr_iter(b'\n', self.record.as_slice()).count() as u64;
        let line = self.reader.position().line().saturating_sub(1 + breaks).max(1);
        if self.record.len() > MAX_COLUMNS {
            return Err(too_many_columns(line));
        }
        let own = self.record.as_slice().strip_suffix(&END[1..]);
        if memchr::memchr(0, own.unwrap_or(self.record.as_slice())).is_some() {
            return Err(Error::new(
                ErrorKind::Syntax,
                "caractère nul : le fichier est abîmé ou n’est pas du texte ; enregistrez-le de nouveau en CSV UTF-8",
                "NUL character: the file is damaged or is not text; save it again as UTF-8 CSV",
            )
            .at(line, None));
        }
        match own {
            None => {
                self.row.restart(line);
                self.row.last = line + breaks;
                self.is_utf8 &= fill(&mut self.row, &self.record, self.single_byte);
                Ok(Some(line))
            }
            Some(own) => {
                let place = (own.is_empty(), self.reader.position().line().saturating_sub(breaks).max(1));
                end_of_file(place, &self.reader, self.last_row, self.width).map(|()| None)
            }
        }
    }

    /// A blank line that ends in CR LF, or the end that DOS marks; blank lines that end in LF alone are passed over by the
    /// reader itself.
    fn is_blank(&self) -> bool {
        self.record.len() == 1 && matches!(self.record.as_slice().trim_ascii(), [] | [END_OF_DOS])
    }
}

/// Fills an empty row with the fields of a record that are not blank; answers whether they are UTF-8. The fields stand one
/// after the other, so that one look tells it of all of them.
fn fill(row: &mut GridRow, record: &ByteRecord, single_byte: &'static Encoding) -> bool {
    let fields = || (1..).zip((0..record.len()).filter_map(|at| record.range(at)));
    let whole = simdutf8::basic::from_utf8(record.as_slice());
    match whole {
        // A field may end within a letter whose other half begins the next one.
        Ok(whole) if fields().all(|(_, range)| whole.is_char_boundary(range.end)) => {
            let filled = fields().filter(|(_, range)| !range.is_empty());
            let texts = filled.map(|(column, range): (u32, Range<usize>)| (column, bare(&whole[range])));
            row.fill(whole, texts.filter(|(_, text)| !text.is_empty()));
        }
        _ => {
            for (column, range) in fields() {
                row.push(column, bare(&decode(&record.as_slice()[range], single_byte)));
            }
        }
    }
    whole.is_ok()
}

/// The text of a field without the blanks around it and the signs that keep a program from reading it as a formula.
fn bare(field: &str) -> &str {
    formula::meant(field.trim()).trim()
}

/// Reads records that stand in the rows below a header of one line or two, the first of which has the rank `header`.
fn read_table(
    lines: &mut Lines<impl Read>,
    (passed, header, is_double): (usize, usize, bool),
    note_encoding: impl Fn(&mut Sink<'_>),
    sink: &mut Sink<'_>,
) -> Result<()> {
    let mut merges = Merges::default();
    let mut was_utf8 = true;
    // The rows down to the header; then the table.
    let mut first: Vec<GridRow> = Vec::new();
    let mut columns: Option<Columns> = None;
    while let Some(line) = lines.next()? {
        if was_utf8 && !lines.is_utf8 {
            was_utf8 = false;
            note_encoding(sink);
        }
        let Some(columns) = &mut columns else {
            if first.len() >= header {
                lines.width = lines.width.max(lines.record.len());
            }
            // The first line may be nothing but a word to Excel.
            first.push(if first.len() < passed { GridRow::default() } else { std::mem::take(&mut lines.row) });
            if first.len() > header + usize::from(is_double) {
                columns = Some(Columns::begin(&first, header, is_double, &merges, sink)?);
                sink.compare()?;
            }
            continue;
        };
        if lines.is_blank() {
            continue;
        }
        let (width, record) = (lines.width, &lines.record);
        if let Some(extra) = record.iter().skip(width).position(|field| !field.trim_ascii().is_empty()) {
            return Err(Error::new(
                ErrorKind::Syntax,
                format!("{} cellules pour {width} colonnes ; un séparateur est en trop, ou un texte qui en contient un n’est pas entre guillemets", record.len()),
                format!("{} cells for {width} columns; there is a delimiter too many, or a text that contains one is not quoted", record.len()),
            )
            .at(line, Some((width + extra) as u64 + 1)));
        }
        lines.last_row = (line, record.len());
        columns.row(&lines.row, &mut merges, sink)?;
    }
    Ok(())
}

/// Reads records whose labels stand beside or above their values.
fn read_form(lines: &mut Lines<impl Read>, passed: usize, sink: &mut Sink<'_>) -> Result<()> {
    let mut sheets = Sheets::default();
    let mut sheet = Sheet::grid(sink, &mut sheets);
    let mut rank = 0;
    while let Some(line) = lines.next()? {
        if rank >= passed && !lines.is_blank() {
            for (column, text) in lines.row.cells() {
                sheet.cell(line, column, text)?;
            }
        }
        rank += 1;
    }
    sheet.finish()?;
    sheets.finish()
}

fn builder(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).terminator(Terminator::Any(b'\n'));
    builder
}

/// The end mark came out: alone, all is well; within a record, a quote was left open; after a last row that is short
/// and has no line break, the file was cut.
fn end_of_file(
    (is_alone, line): (bool, u64),
    reader: &::csv::Reader<std::io::Chain<LastByte<impl Read>, &[u8]>>,
    (last_line, last_width): (u64, usize),
    width: usize,
) -> Result<()> {
    if !is_alone {
        return Err(Error::new(
            ErrorKind::Syntax,
            "un guillemet ouvert sur cette ligne n’est jamais refermé ; le fichier est coupé, ou un guillemet est en trop",
            "a quote opened on this line is never closed; the file is cut short, or there is a quote too many",
        )
        .at(line, None));
    }
    if reader.get_ref().get_ref().0.last != b'\n' && last_width > 0 && last_width < width {
        return Err(Error::new(
            ErrorKind::Syntax,
            format!("la dernière ligne s’arrête à la cellule {last_width} sur {width} ; le fichier est coupé, demandez un nouvel envoi"),
            format!("the last line stops at cell {last_width} of {width}; the file is cut short, ask for it again"),
        )
        .at(last_line, Some(last_width as u64)));
    }
    Ok(())
}

/// Remembers the last byte read, but for the end that DOS marks.
struct LastByte<R> {
    source: R,
    last: u8,
}

impl<R: Read> Read for LastByte<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read(buffer)?;
        if let Some(last) = buffer[..read].iter().rfind(|byte| **byte != END_OF_DOS) {
            self.last = *last;
        }
        Ok(read)
    }
}

/// The delimiter that the first line declares to Excel: `sep=;`.
fn declared_delimiter(sample: &[u8]) -> Option<u8> {
    let sample = sample.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(sample);
    let line = sample.split(|byte| *byte == b'\n').next()?.trim_ascii_end();
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

/// The first records of a sample, `most` of them, without the last one when the sample may cut it.
fn sampled(sample: &[u8], delimiter: u8, single_byte: &'static Encoding, is_whole: bool, most: usize) -> Vec<GridRow> {
    // With a line break at its end, the last line counts as the others.
    let mut reader = builder(delimiter).from_reader(sample.chain(&b"\n"[..]));
    let (mut rows, mut record) = (Vec::new(), ByteRecord::new());
    let mut cells_of = 0;
    while rows.len() < most
        && (rows.len() < arrangement::SEARCHED_ROWS || cells_of < arrangement::MOST_SEARCHED_CELLS)
        && reader.read_byte_record(&mut record).is_ok_and(|is_more| is_more)
    {
        let breaks = memchr::memchr_iter(b'\n', record.as_slice()).count() as u64;
        let number = reader.position().line().saturating_sub(1 + breaks);
        let mut row = GridRow::default();
        row.restart(number);
        row.last = number + breaks;
        fill(&mut row, &record, single_byte);
        cells_of += row.len();
        rows.push(row);
    }
    if !is_whole && rows.len() > 1 && rows.len() < most {
        rows.pop();
    }
    rows
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
        let mut reader = builder(delimiter).from_reader(sample);
        let records = reader.byte_records().take(arrangement::SEARCHED_ROWS);
        records.map_while(std::result::Result::ok).map(|record| record.len()).collect()
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
    let score = |delimiter: u8, most: usize| {
        let rows = labels_of(sampled(sample, delimiter, single_byte, true, most));
        (delimiter, arrangement::known_labels(&rows), (rows.first().map_or(0, GridRow::len), regular(&rows)))
    };
    let known = |most: usize| -> Vec<Known> { b"|\t;,".iter().map(|delimiter| score(*delimiter, most)).collect() };
    let first = known(arrangement::SEARCHED_ROWS);
    if first.iter().any(|(_, labels, _)| *labels > 0) { first } else { known(arrangement::MOST_SEARCHED_ROWS) }
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

/// How many labels of the header the vocabulary knows; 0 when there is no header.
pub(super) fn known_columns(sample: &[u8]) -> usize {
    let single_byte = Evidence::default().single_byte;
    let delimiter = delimiter(&known_by_delimiter(sample, single_byte));
    let rows = labels_of(sampled(sample, delimiter, single_byte, true, arrangement::SEARCHED_ROWS));
    match arrangement::find(&rows, &Merges::default()) {
        Some(Arrangement::Table { .. }) => arrangement::known_labels(&rows),
        // Labels with their values beside or below are lines of a text as well.
        _ => 0,
    }
}

/// How the sample is arranged.
fn arranged(
    sample: &[u8],
    delimiter: u8,
    single_byte: &'static Encoding,
    is_whole: bool,
    wanted: Option<&SavedTable>,
) -> Result<Arrangement> {
    let rows = |most: usize| labels_of(sampled(sample, delimiter, single_byte, is_whole, most));
    let found = |rows: &[GridRow]| arrangement::wanted(rows, &Merges::default(), wanted);
    let first = rows(arrangement::SEARCHED_ROWS);
    if let Some(arrangement) = found(&first).filter(|_| too_wide(&first).is_none()) {
        return Ok(arrangement);
    }
    let rows = rows(arrangement::MOST_SEARCHED_ROWS);
    if let Some(row) = too_wide(&rows) {
        return Err(too_many_columns(row.number));
    }
    match found(&rows) {
        Some(arrangement) => Ok(arrangement),
        None if memchr::memchr(0, sample).is_some() => Err(Error::new(
            ErrorKind::Syntax,
            "le contenu n’est pas du texte ; demandez le fichier en CSV UTF-8, ou le classeur d’origine",
            "the content is not text; ask for the file as UTF-8 CSV, or for the original workbook",
        )),
        None => Err(arrangement::missing(None).with_header(None, widest_row(&rows))),
    }
}

/// The first row with more columns than any table has.
fn too_wide(rows: &[GridRow]) -> Option<&GridRow> {
    rows.iter().find(|row| row.cells().next_back().is_some_and(|(column, _)| column as usize > MAX_COLUMNS))
}

fn too_many_columns(line: u64) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("plus de {MAX_COLUMNS} colonnes ; gardez celles qui décrivent les PTCE"),
        format!("more than {MAX_COLUMNS} columns; keep those that describe the PTCE"),
    )
    .at(line, None)
}

fn csv_error(error: &::csv::Error) -> Error {
    match error.kind() {
        ::csv::ErrorKind::Io(error) => read_error(error),
        _ => Error::new(ErrorKind::Syntax, format!("CSV illisible : {error}"), format!("unreadable CSV: {error}")),
    }
}
