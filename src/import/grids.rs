//! Tables that stand in something else than a workbook or CSV: pages of the Web, texts of an office, the exchange formats of
//! old spreadsheets. Each reader makes cells of what it finds, and knows no label.

pub(super) mod columns;
mod dif;
mod document;
pub(super) mod html;
mod spreadsheetml;
mod sylk;

use std::collections::BTreeSet;
use std::io::{Read, Seek};

use super::range::Range;
use super::sheet::{Sheet, Sheets};
use super::{Limits, MAX_COLUMNS, Sink, decoded, read_error, text};
use crate::error::{Error, ErrorKind, Result};
use crate::row::Format;

/// A table: its cells by row and column, counted from 1, in their order.
#[derive(Debug, Default)]
pub(super) struct Table {
    name: String,
    cells: Vec<(u64, u32, String)>,
    merges: Vec<Range>,
    /// The last row that a cell of several rows reaches, by column.
    reached: Vec<u64>,
    /// How many texts stand before it.
    above: usize,
    /// Where links lead that stand in cells.
    links: Vec<(u64, u32, String)>,
}

/// What stands in a file: its tables, and the texts around them.
#[derive(Debug, Default)]
pub(super) struct Found {
    tables: Vec<Table>,
    texts: Vec<Passage>,
}

/// A text around the tables, with its line.
#[derive(Debug)]
pub(super) struct Passage {
    line: u64,
    text: String,
    kind: Kind,
}

/// What the markup makes of a text.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Plain,
    Heading,
    /// An element of a list.
    Element,
}

impl Passage {
    fn plain(line: u64, text: String) -> Passage {
        Passage { line, text, kind: Kind::Plain }
    }

    /// The text with the sign that people write for its kind.
    fn into_text(self) -> String {
        match self.kind {
            Kind::Plain => self.text,
            Kind::Heading => format!("# {}", self.text),
            Kind::Element => format!("- {}", self.text),
        }
    }
}

impl Table {
    /// A cell over so many rows and columns; answers the column behind it.
    fn push(&mut self, row: u64, column: u32, (rows, columns): (u32, u32), text: String) -> u32 {
        let (rows, columns) = (rows.clamp(1, 1 << 16), columns.clamp(1, MAX_COLUMNS as u32));
        if rows > 1 || columns > 1 {
            let (bottom, right) = (row + u64::from(rows) - 1, column + columns - 1);
            self.merges.push(Range { top: row, left: column, bottom, right });
            if rows > 1 {
                let (left, right) = (column as usize, (right as usize).min(MAX_COLUMNS));
                self.reached.resize(self.reached.len().max(right + 1), 0);
                self.reached[left.min(right + 1)..=right]
                    .iter_mut()
                    .for_each(|reached| *reached = (*reached).max(bottom));
            }
        }
        if !text.trim().is_empty() {
            self.cells.push((row, column, text));
        }
        column + columns
    }

    /// The first column from one on that no cell of a row above reaches. Behind the columns that a table may have there is none to
    /// look for.
    fn free(&self, row: u64, column: u32) -> u32 {
        let is_reached = |column: &u32| self.reached.get(*column as usize).is_some_and(|bottom| *bottom >= row);
        column + (column..).take_while(is_reached).count() as u32
    }
}

/// Reads the tables of a file; where none of them has a header, its texts as those of people.
pub(super) fn read(mut source: impl Read + Seek, format: Format, sink: &mut Sink<'_>) -> Result<()> {
    let found = match format {
        Format::Docx | Format::Odt => document::read(source, format, sink.limits())?,
        _ => {
            let whole = whole(&mut source, sink.limits())?;
            match format {
                Format::Html => html::read(&whole),
                Format::Columns => columns::read(&whole),
                Format::Dif => dif::read(&whole),
                Format::Sylk => sylk::read(&whole),
                _ => spreadsheetml::read(&whole)?,
            }
        }
    };
    let Found { tables, texts } = found;
    let has_header = tables.iter().any(|table| table.is_understood());
    if !has_header && !texts.is_empty() {
        let mut lines: Vec<(u64, String)> = texts.into_iter().map(|text| (text.line, text.into_text())).collect();
        lines.extend(tables.into_iter().flat_map(Table::into_lines));
        lines.sort_by_key(|(line, _)| *line);
        let text: String = lines.into_iter().map(|(_, text)| text + "\n").collect();
        return text::read(text.as_bytes(), sink);
    }
    let mut sheets = Sheets::default();
    let (mut before, mut taken) = (0, BTreeSet::new());
    for table in tables {
        // The last text that stands between two tables may name what the second one speaks of.
        let title = table.above.checked_sub(1).filter(|_| table.above > before);
        before = table.above;
        sink.set_title(title.and_then(|title| texts.get(title)).map(|text| (text.text.trim().to_owned(), text.line)));
        let mut sheet = Sheet::begin(sink, &mut sheets, &table.name, false)?;
        if let Some(annotations) = sheet.annotations() {
            for (row, column, target) in table.links {
                annotations.link(Range { top: row, left: column, bottom: row, right: column }, &target);
            }
        }
        let mut merges = table.merges.into_iter().peekable();
        for (row, column, text) in &table.cells {
            while let Some(range) = merges.next_if(|range| range.top <= *row) {
                sheet.merge(range);
            }
            sheet.cell(*row, *column, text)?;
        }
        sheet.finish()?;
        taken.extend(title.filter(|_| sink.has_taken_title()));
    }
    sink.set_title(None);
    for (rank, Passage { line, text, .. }) in texts.into_iter().enumerate() {
        if taken.contains(&rank) {
            continue;
        }
        sink.outside(text.trim(), line, 1)?;
    }
    sheets.finish()
}

impl Table {
    /// Whether labels that we know stand in it.
    fn is_understood(&self) -> bool {
        super::sheet::has_labels(&self.cells)
    }

    /// Its rows as lines of a text.
    fn into_lines(self) -> Vec<(u64, String)> {
        let mut lines: Vec<(u64, String)> = Vec::new();
        for (row, _, text) in self.cells {
            match lines.last_mut().filter(|(last, _)| *last == row) {
                Some((_, line)) => {
                    line.push_str(" : ");
                    line.push_str(&text);
                }
                None => lines.push((row, text)),
            }
        }
        lines
    }
}

/// The whole text, which is held: as its letters say, or its head.
pub(super) fn whole(source: &mut impl Read, limits: &Limits) -> Result<String> {
    let most = Limits::bytes(limits.held);
    let mut bytes = Vec::new();
    source.take(most + 1).read_to_end(&mut bytes).map_err(|error| read_error(&error))?;
    if bytes.len() as u64 > most {
        return Err(too_long(limits.held));
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let declared = start.split_once("charset=").or_else(|| start.split_once("encoding=")).map(|(_, rest)| {
        rest.trim_start_matches(['"', '\'', ' '])
            .chars()
            .take_while(|c| c.is_alphanumeric() || "-_".contains(*c))
            .collect::<String>()
    });
    let is_utf8 = std::str::from_utf8(&bytes).is_ok();
    let encoding = declared.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    let encoding = match (is_utf8, encoding) {
        (true, None) => None,
        // Many a page says that it is UTF-8 and is none, or the other way round.
        (true, Some(encoding)) if encoding.is_ascii_compatible() => None,
        (false, None) => Some(encoding_rs::WINDOWS_1252),
        (false, Some(encoding)) if encoding == encoding_rs::UTF_8 => Some(encoding_rs::WINDOWS_1252),
        (_, encoding) => encoding,
    };
    let mut text = String::new();
    decoded(bytes.as_slice(), encoding).read_to_string(&mut text).map_err(|error| read_error(&error))?;
    Ok(text)
}

fn too_long(held: u64) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("un fichier de cette sorte ne dépasse pas {held} Mo ; partagez-le, ou enregistrez-le au format .xlsx"),
        format!("a file of this kind is no longer than {held} MB; split it, or save it as .xlsx"),
    )
}

/// The value of an attribute, whatever its namespace.
fn attribute(start: &quick_xml::events::BytesStart<'_>, key: &str) -> Option<String> {
    let mut attributes = start.attributes();
    let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == key)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The number in an attribute.
fn number(start: &quick_xml::events::BytesStart<'_>, key: &str) -> Option<u32> {
    attribute(start, key)?.trim().parse().ok()
}

/// The character that a reference stands for; no other entity can exist without a DOCTYPE.
fn character(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    reference.resolve_char_ref().ok().flatten().or(match reference.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    })
}

/// A text on one line for each of its own, without the blanks that markup leaves.
fn tidy(text: &str) -> String {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
