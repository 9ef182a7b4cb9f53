//! OpenDocument workbooks (.ods): one XML part with all sheets, read as a stream.
//!
//! Not by `calamine`: it makes every repeated cell before it gives the first one, and never ends on a part that is cut.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::archive::Archive;
use super::format::says_more;
use super::scan::{Scanner, Token};
use super::value::{UNCOMPUTED, boolean};
use super::{
    Limits, MAX_CELL_BYTES, MAX_COLUMNS, MAX_RECORD_BYTES, SheetNames, Sink, damaged, hold, long_cell, password,
    unreadable,
};
use crate::error::{Error, ErrorKind, Result};
use crate::import::annotations::target_of_formula;
use crate::import::range::Range;
use crate::import::sheet::{Sheet, Sheets};
use crate::import::sink::long_record;
use crate::reading::numbers::unmistakable;

/// How many times a row with values may be repeated: two equal records in a row happen, a thousand do not.
const MAX_REPEATED: u64 = 1_000;
/// Cells that repeated rows may make in one workbook: a few bytes of a file stand for as many as they like.
const MAX_REPEATED_CELLS: u64 = 500_000;

pub(super) fn read(source: impl Read + Seek, sink: &mut Sink<'_>, sheets: &mut Sheets) -> Result<()> {
    let mut archive = Archive::open(source, sink.limits())?;
    sheets.hold(archive.unpacked());
    let part = content(&mut archive)?;
    let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, part));
    // The end of an empty element closes it as any other.
    reader.config_mut().expand_empty_elements = true;
    Content { reader, buffer: Vec::new(), hidden: BTreeSet::new(), struck: BTreeSet::new(), repeated_cells: 0 }
        .read(sink, sheets)
}

/// The names of the sheets. The part that holds them is gone through, so that no cell takes the memory of the machine.
pub(super) fn names(source: &mut (impl Read + Seek), limits: &Limits) -> Result<SheetNames> {
    let mut archive = Archive::open(source, limits)?;
    // What is encrypted is no XML.
    check_password(&mut archive)?;
    let mut scanner = Scanner::new(CONTENT, content(&mut archive)?);
    let (mut names, mut held) = (SheetNames::new(), 0);
    while let Some(token) = scanner.next()? {
        match token {
            Token::Open(tag) if tag.name() == b"table" => {
                hold(&mut held)?;
                names.extend(tag.text("table:name"));
            }
            // Styles, of which those that hide a table are held.
            Token::Open(tag) if tag.name() == b"table-properties" => hold(&mut held)?,
            _ => {}
        }
    }
    Ok(names)
}

/// The part that holds all sheets.
const CONTENT: &str = "content.xml";

fn content<R: Read + Seek>(archive: &mut Archive<R>) -> Result<impl Read + use<'_, R>> {
    archive.part(CONTENT)?.ok_or_else(|| damaged("il n’a pas de contenu", "it has no content"))
}

/// Refuses a workbook whose manifest tells that its parts are encrypted.
fn check_password(archive: &mut Archive<impl Read + Seek>) -> Result<()> {
    let mut manifest = Vec::new();
    if let Some(part) = archive.part("META-INF/manifest.xml")? {
        part.take(1 << 20).read_to_end(&mut manifest).map_err(|error| unreadable(&error))?;
    }
    match memchr::memmem::find(&manifest, b"encryption-data") {
        Some(_) => Err(password()),
        None => Ok(()),
    }
}

struct Content<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    /// Names of the styles whose tables are not shown.
    hidden: BTreeSet<String>,
    /// Names of the styles whose cells are struck through.
    struck: BTreeSet<String>,
    /// Cells that repeated rows have made so far.
    repeated_cells: u64,
}

/// A cell, and how many columns it takes.
struct Cell {
    text: String,
    has_formula: bool,
    /// Whether its style strikes it through; without one of its own, its column tells.
    is_struck: Option<bool>,
    comment: String,
    link: Option<String>,
    repeated: u32,
    /// How many rows and columns it is merged over.
    span: (u64, u32),
}

impl<R: BufRead> Content<R> {
    fn read(&mut self, sink: &mut Sink<'_>, sheets: &mut Sheets) -> Result<()> {
        let (mut style, mut is_of_cells) = (None, false);
        loop {
            match self.next()? {
                Event::Start(start) => match start.name().as_ref() {
                    "style:style" => {
                        style = attribute(&start, "style:name")?;
                        is_of_cells = attribute(&start, "style:family")?.as_deref() == Some("table-cell");
                    }
                    "style:text-properties" if is_of_cells => {
                        let line = attribute(&start, "style:text-line-through-style")?;
                        self.struck.extend(style.take().filter(|_| line.is_some_and(|line| line != "none")));
                    }
                    "style:table-properties" => {
                        let is_hidden = attribute(&start, "table:display")?.as_deref() == Some("false");
                        self.hidden.extend(style.take().filter(|_| is_hidden));
                    }
                    "table:table" => {
                        let name = attribute(&start, "table:name")?.unwrap_or_default();
                        let style = attribute(&start, "table:style-name")?;
                        let is_hidden = style.is_some_and(|style| self.hidden.contains(&style));
                        self.table(Sheet::begin(sink, sheets, &name, is_hidden)?)?;
                    }
                    // Deleted rows and cells, kept to be shown as such.
                    "table:tracked-changes" => self.pass("table:tracked-changes")?,
                    _ => {}
                },
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Result<Event<'_>> {
        self.buffer.clear();
        self.reader.read_event_into(&mut self.buffer).map_err(|error| unreadable(&error))
    }

    /// Passes over an element that has begun.
    fn pass(&mut self, name: &str) -> Result<()> {
        let mut depth = 1;
        while depth > 0 {
            match self.next()? {
                Event::Start(start) if start.name().as_ref() == name => depth += 1,
                Event::End(end) if end.name().as_ref() == name => depth -= 1,
                Event::Eof => return Err(cut()),
                _ => {}
            }
        }
        Ok(())
    }

    fn table(&mut self, mut table: Sheet<'_, '_>) -> Result<()> {
        let (mut row, mut column): (u64, u32) = (1, 1);
        // The columns whose cells are struck through unless they have a style of their own.
        let mut struck: Vec<(u32, u32)> = Vec::new();
        loop {
            match self.next()? {
                Event::Start(start) => match start.name().as_ref() {
                    "table:table-column" => {
                        let repeated = count(&start, "table:number-columns-repeated")?;
                        let visibility = attribute(&start, "table:visibility")?;
                        let next = column.saturating_add(u32::try_from(repeated).unwrap_or(u32::MAX));
                        if visibility.is_some_and(|visibility| visibility != "visible") {
                            table.hide_columns(column, next - 1);
                        }
                        let style = attribute(&start, "table:default-cell-style-name")?;
                        if style.is_some_and(|style| self.struck.contains(&style)) && column as usize <= MAX_COLUMNS {
                            struck.push((column, next - 1));
                        }
                        column = next;
                    }
                    "table:table-row" => {
                        let repeated: u64 = count(&start, "table:number-rows-repeated")?;
                        let visibility = attribute(&start, "table:visibility")?;
                        let is_hidden = visibility.is_some_and(|visibility| visibility != "visible");
                        let style = attribute(&start, "table:default-cell-style-name")?;
                        let is_struck = style.map(|style| self.struck.contains(&style));
                        let cells = self.row(is_struck)?;
                        let last = row.saturating_add(repeated);
                        if !cells.is_empty() {
                            let filled = cells.iter().filter(|cell| !cell.text.trim().is_empty());
                            let in_row: u64 = filled.map(|cell| u64::from(cell.repeated)).sum();
                            self.repeated_cells =
                                self.repeated_cells.saturating_add((last - row - 1).saturating_mul(in_row));
                            if repeated > MAX_REPEATED || self.repeated_cells > MAX_REPEATED_CELLS {
                                return Err(too_often(table.name(), row, repeated));
                            }
                            if is_hidden {
                                table.hide(row, last - 1);
                            }
                            for row in row..last {
                                enter(&mut table, row, &cells, &struck)?;
                            }
                        }
                        row = last;
                    }
                    name @ ("table:shapes" | "office:forms" | "table:table") => {
                        let name = name.to_owned();
                        self.pass(&name)?;
                    }
                    _ => {}
                },
                Event::End(end) if end.name().as_ref() == "table:table" => return table.finish(),
                Event::Eof => return Err(cut()),
                _ => {}
            }
        }
    }

    /// The cells of a row, without those that are empty up to its end; `is_struck` is what the style of the row tells of those
    /// that have none.
    fn row(&mut self, is_struck: Option<bool>) -> Result<Vec<Cell>> {
        let mut cells: Vec<Cell> = Vec::new();
        let mut filled = 0;
        let mut column: u64 = 1;
        let (mut bytes, mut is_told) = (0, false);
        let may_be_struck = !self.struck.is_empty();
        loop {
            match self.next()? {
                Event::Start(start)
                    if matches!(start.name().as_ref(), "table:table-cell" | "table:covered-table-cell") =>
                {
                    let name = start.name().as_ref().to_owned();
                    let repeated = count(&start, "table:number-columns-repeated")?;
                    let rows = count(&start, "table:number-rows-spanned")?;
                    let columns = count(&start, "table:number-columns-spanned")?;
                    let span = (rows, u32::try_from(columns).unwrap_or(u32::MAX));
                    let given = Given::of(&start)?;
                    let style = if may_be_struck { attribute(&start, "table:style-name")? } else { None };
                    let is_struck = style.map(|style| self.struck.contains(&style)).or(is_struck);
                    let formula_link = given.link.clone();
                    let has_formula = given.has_formula;
                    let Shown { text, comment, link } = self.cell(&name, given)?;
                    let is_blank = text.trim().is_empty() && comment.is_empty();
                    bytes += text.len() + comment.len();
                    if bytes > MAX_RECORD_BYTES {
                        return Err(long_record());
                    }
                    // Of the cells beyond the columns that a table may have, one that says something is enough.
                    let is_beyond = column > MAX_COLUMNS as u64;
                    if !is_beyond || !(is_blank || is_told) {
                        let repeated = u32::try_from(repeated).unwrap_or(u32::MAX);
                        let link = link.or(formula_link);
                        cells.push(Cell { text, has_formula, is_struck, comment, link, repeated, span });
                        if !is_blank {
                            filled = cells.len();
                            is_told = is_beyond;
                        }
                    }
                    column = column.saturating_add(repeated);
                }
                Event::End(end) if end.name().as_ref() == "table:table-row" => break,
                Event::Eof => return Err(cut()),
                _ => {}
            }
        }
        cells.truncate(filled);
        Ok(cells)
    }

    /// The text of a cell that has begun.
    fn cell(&mut self, name: &str, given: Given) -> Result<Shown> {
        let mut text = String::new();
        let (mut comment, mut link) = (String::new(), None);
        let mut paragraphs = 0;
        loop {
            let passed = match self.next()? {
                Event::Start(start) => match start.name().as_ref() {
                    "text:p" => {
                        paragraphs += 1;
                        if paragraphs > 1 {
                            text.push('\n');
                        }
                        None
                    }
                    "text:s" => {
                        let spaces = count(&start, "text:c")?.min(MAX_CELL_BYTES as u64 + 1);
                        text.extend(std::iter::repeat_n(' ', spaces as usize));
                        None
                    }
                    "text:tab" => {
                        text.push('\t');
                        None
                    }
                    "text:line-break" => {
                        text.push('\n');
                        None
                    }
                    "text:a" => {
                        link = link.or(attribute(&start, "xlink:href")?);
                        None
                    }
                    // A comment, a picture, a form: not what the cell says.
                    other if other == "office:annotation" || other.starts_with("draw:") => Some(other.to_owned()),
                    _ => None,
                },
                Event::Text(part) => {
                    if paragraphs > 0 {
                        text.push_str(&part.xml10_content());
                    }
                    None
                }
                Event::CData(part) => {
                    text.push_str(&part.xml10_content());
                    None
                }
                Event::GeneralRef(reference) => {
                    text.push(character(&reference.xml10_content())?);
                    None
                }
                Event::End(end) if end.name().as_ref() == name => break,
                Event::Eof => return Err(cut()),
                _ => None,
            };
            match passed {
                // Not within another one, without end.
                Some(passed) if passed == "office:annotation" && passed != name => {
                    comment = self.cell(&passed, Given::default())?.text;
                }
                Some(passed) => self.pass(&passed)?,
                None => {}
            }
            if text.len() > MAX_CELL_BYTES {
                return Err(long_cell());
            }
        }
        Ok(Shown { text: given.or(text), comment, link })
    }
}

/// What a cell says, and what hangs on it.
struct Shown {
    text: String,
    comment: String,
    link: Option<String>,
}

/// What the attributes of a cell say of its value.
#[derive(Default)]
struct Given {
    value: Option<String>,
    is_number: bool,
    has_formula: bool,
    is_uncomputed: bool,
    /// Where the formula leads, if it is a link.
    link: Option<String>,
}

impl Given {
    fn of(start: &BytesStart<'_>) -> Result<Given> {
        let kind = attribute(start, "office:value-type")?.unwrap_or_default();
        let is_error = attribute(start, "calcext:value-type")?.as_deref() == Some("error");
        let value = match kind.as_str() {
            "float" | "currency" | "percentage" => attribute(start, "office:value")?.map(|value| number(&value)),
            "date" => attribute(start, "office:date-value")?.map(|value| moment(&value)),
            "boolean" => attribute(start, "office:boolean-value")?.map(|value| boolean(value == "true").to_owned()),
            // The text of an error stands in the content, its value is empty.
            "string" if !is_error => attribute(start, "office:string-value")?,
            _ => None,
        };
        let formula = attribute(start, "table:formula")?;
        let has_formula = formula.is_some();
        let link = formula.and_then(|formula| target_of_formula(&formula));
        let is_number = matches!(kind.as_str(), "float" | "currency");
        Ok(Given { value, is_number, has_formula, is_uncomputed: has_formula && kind.is_empty(), link })
    }

    /// The value: the one that is given, else the text that is shown.
    fn or(self, shown: String) -> String {
        match self.value {
            // The text that the cell shows is a code, or has a unit.
            Some(value) if self.is_number && says_more(&shown, &value) => shown,
            Some(value) if self.is_number => unmistakable(&value).into_owned(),
            Some(value) => value,
            None if self.is_uncomputed && shown.is_empty() => UNCOMPUTED.to_owned(),
            None => shown,
        }
    }
}

fn enter(table: &mut Sheet<'_, '_>, row: u64, cells: &[Cell], struck: &[(u32, u32)]) -> Result<()> {
    let mut column: u32 = 1;
    for cell in cells {
        let end = column.saturating_add(cell.repeated);
        if let Some(annotations) = table.annotations() {
            annotations.comment(row, column, &cell.comment);
            if let Some(target) = &cell.link {
                annotations.link(Range { top: row, left: column, bottom: row, right: column }, target);
            }
        }
        if !cell.text.trim().is_empty() {
            let (rows, columns) = cell.span;
            if cell.span != (1, 1) && rows > 0 && columns > 0 {
                let (bottom, right) = (row.saturating_add(rows - 1), column.saturating_add(columns - 1));
                table.merge(Range { top: row, left: column, bottom, right });
            }
            for column in column..end {
                if cell.has_formula {
                    table.formula();
                }
                let of_column = || struck.iter().any(|(first, last)| (*first..=*last).contains(&column));
                if cell.is_struck.unwrap_or_else(of_column) {
                    table.strike();
                }
                table.cell(row, column, &cell.text)?;
            }
        }
        column = end;
    }
    Ok(())
}

fn too_often(sheet: &str, row: u64, repeated: u64) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!(
            "feuille « {sheet} », ligne {row} : elle est répétée {repeated} fois ; une ligne peut l’être {MAX_REPEATED} fois, \
             et toutes ensemble donner {MAX_REPEATED_CELLS} cellules ; gardez une ligne par PTCE"
        ),
        format!(
            "sheet “{sheet}”, row {row}: it is repeated {repeated} times; a row may be so {MAX_REPEATED} times, and all \
             together may make {MAX_REPEATED_CELLS} cells; keep one row a PTCE"
        ),
    )
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
    // The checks of quick-xml compare each attribute with all others.
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| unreadable(&error))?;
        if attribute.key.as_ref() == name {
            return unescaped(&attribute.value).map(Some);
        }
    }
    Ok(None)
}

/// A count that stands for one where it is not said.
fn count(start: &BytesStart<'_>, name: &str) -> Result<u64> {
    let text = attribute(start, name)?;
    Ok(text.map_or(1, |text| text.parse().unwrap_or(u64::MAX)))
}

fn unescaped(text: &str) -> Result<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        let (name, after) = after.split_once(';').ok_or_else(entity)?;
        plain.push_str(before);
        plain.push(character(name)?);
        rest = after;
    }
    plain.push_str(rest);
    Ok(plain)
}

/// The character that a reference stands for.
fn character(name: &str) -> Result<char> {
    let number = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix('x') {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => digits.parse().ok(),
        },
        None => {
            let known = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];
            known.iter().find(|(known, _)| *known == name).map(|(_, character)| u32::from(*character))
        }
    };
    number.and_then(char::from_u32).ok_or_else(entity)
}

/// A number as other workbooks give it: `5` for `5.0`.
fn number(text: &str) -> String {
    text.parse::<f64>().map_or_else(|_| text.to_owned(), |number| number.to_string())
}

/// A moment without the midnight and the fractions of seconds that programs add.
fn moment(text: &str) -> String {
    let text = text.split_once('.').map_or(text, |(whole, _)| whole);
    text.strip_suffix("T00:00:00").unwrap_or(text).to_owned()
}

fn cut() -> Error {
    damaged("il s’arrête avant la fin", "it ends too early")
}

fn entity() -> Error {
    damaged("il contient une entité inconnue", "it holds an unknown entity")
}
