//! Workbooks (.xlsx), cell by cell: the shared strings are held in memory, the sheets are not.

use std::io::{BufReader, Read, Seek};

use calamine::{DataRef, Reader, Xlsx, XlsxError};

use super::{MAX_COLUMNS, Sink, header};
use crate::error::{Error, ErrorKind, Result};
use crate::guide;

/// A row being gathered: its number, and its texts with their columns, both counted from 1.
#[derive(Default)]
struct SheetRow {
    number: u64,
    cells: Vec<(u32, String)>,
}

pub(super) fn read(source: impl Read + Seek, sink: &mut Sink<'_>) -> Result<()> {
    let mut workbook = Xlsx::new(BufReader::new(source)).map_err(|error| workbook_error(&error, None))?;
    let mut without_header = Vec::new();
    let mut tables = 0;
    for sheet in workbook.sheet_names() {
        sink.begin_sheet(&sheet)?;
        match read_sheet(&mut workbook, &sheet, sink)? {
            Content::Table => tables += 1,
            Content::NoHeader => without_header.push(sheet),
            Content::Nothing => {}
        }
    }
    match without_header.first() {
        Some(sheet) if tables == 0 => Err(header::missing(Some(sheet))),
        _ => Ok(()),
    }
}

enum Content {
    Table,
    NoHeader,
    Nothing,
}

/// Where the columns of the table stand.
struct Columns {
    /// Rank of the label of each column, counted from 1; a column without a header has none yet.
    labels: Vec<Option<u32>>,
    header_row: u64,
}

fn read_sheet(workbook: &mut Xlsx<impl Read + Seek>, sheet: &str, sink: &mut Sink<'_>) -> Result<Content> {
    // A chart sheet has no cells.
    let Ok(mut cells) = workbook.worksheet_cells_reader(sheet) else { return Ok(Content::Nothing) };
    let mut first_rows: Vec<SheetRow> = Vec::new();
    let mut columns: Option<Columns> = None;
    let mut row = SheetRow::default();
    let mut text = String::new();
    loop {
        let cell = cells.next_cell().map_err(|error| workbook_error(&error, Some((sheet, row.number))))?;
        let number = cell.as_ref().map_or(u64::MAX, |cell| u64::from(cell.get_position().0) + 1);
        if number != row.number && !row.cells.is_empty() {
            match &mut columns {
                Some(columns) => table_row(&row, columns, sink)?,
                None => {
                    first_rows.push(std::mem::take(&mut row));
                    if first_rows.len() == header::SEARCHED_ROWS {
                        columns = begin_table(&first_rows, sink)?;
                        if columns.is_none() {
                            return no_table(&first_rows, sink);
                        }
                        first_rows.clear();
                    }
                }
            }
            row.cells.clear();
        }
        row.number = number;
        let Some(cell) = cell else { break };
        let column = cell.get_position().1 + 1;
        if column as usize > MAX_COLUMNS {
            return Err(Error::new(
                ErrorKind::Limit,
                format!(
                    "feuille « {sheet} », ligne {number} : plus de {MAX_COLUMNS} colonnes ; gardez celles qui décrivent les PTCE"
                ),
                format!(
                    "sheet “{sheet}”, row {number}: more than {MAX_COLUMNS} columns; keep those that describe the PTCE"
                ),
            ));
        }
        if let Some(value) = value(cell.get_value(), &mut text)
            && !value.trim().is_empty()
        {
            if cell.get_position() == (0, 0) && sheet == guide::SHEET && value.trim() == guide::FIRST_LINE {
                sink.guide(guide::FIRST_LINE)?;
                return Ok(Content::Nothing);
            }
            row.cells.push((column, value.to_owned()));
        }
    }
    if columns.is_some() {
        return Ok(Content::Table);
    }
    match begin_table(&first_rows, sink)? {
        Some(_) => Ok(Content::Table),
        None => no_table(&first_rows, sink),
    }
}

/// Finds the header among the first rows, enters it, and passes on the rows below it.
fn begin_table(rows: &[SheetRow], sink: &mut Sink<'_>) -> Result<Option<Columns>> {
    let found = header::find(rows.iter().map(|row| row.cells.iter().map(|(_, text)| text.as_str())));
    let Some((rank, _)) = found else { return Ok(None) };
    for row in &rows[..rank] {
        for (column, text) in &row.cells {
            sink.outside(text.trim(), row.number, *column)?;
        }
    }
    let header = &rows[rank];
    let mut columns = Columns { labels: Vec::new(), header_row: header.number };
    for (column, text) in &header.cells {
        let label = sink.column(text.trim(), header.number, *column)?;
        columns.labels.resize(*column as usize, None);
        columns.labels[*column as usize - 1] = Some(label);
    }
    for row in &rows[rank + 1..] {
        table_row(row, &mut columns, sink)?;
    }
    Ok(Some(columns))
}

/// The sheet has no header: what it holds is told, not read.
fn no_table(rows: &[SheetRow], sink: &mut Sink<'_>) -> Result<Content> {
    let Some(row) = rows.first() else { return Ok(Content::Nothing) };
    let (column, text) = &row.cells[0];
    sink.unread(text.trim(), row.number, *column)?;
    Ok(Content::NoHeader)
}

fn table_row(row: &SheetRow, columns: &mut Columns, sink: &mut Sink<'_>) -> Result<()> {
    // A value under no header still is a value: its column gets an empty label, which no field knows.
    for (column, _) in &row.cells {
        let index = *column as usize - 1;
        if columns.labels.get(index).is_none_or(Option::is_none) {
            let label = sink.column("", columns.header_row, *column)?;
            columns.labels.resize(columns.labels.len().max(index + 1), None);
            columns.labels[index] = Some(label);
        }
    }
    let filled = sink.row(row.number, 1);
    for (column, text) in &row.cells {
        if let Some(label) = columns.labels[*column as usize - 1] {
            filled.push(label, 0, false, text, row.number, *column);
        }
    }
    sink.commit()
}

/// The value of a cell as text. A number keeps all its digits; a date is ISO 8601.
fn value<'a>(value: &'a DataRef<'_>, text: &'a mut String) -> Option<&'a str> {
    use std::fmt::Write;
    text.clear();
    let written = match value {
        DataRef::Empty => return None,
        DataRef::String(value) | DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => return Some(value),
        DataRef::SharedString(value) => return Some(value),
        DataRef::Int(value) => write!(text, "{value}"),
        DataRef::Float(value) => write!(text, "{value}"),
        DataRef::Bool(value) => write!(text, "{}", if *value { "VRAI" } else { "FAUX" }),
        DataRef::Error(error) => write!(text, "{error}"),
        DataRef::DateTime(moment) if moment.is_duration() => write!(text, "{}", moment.as_f64()),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = write!(text, "{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => date,
                _ => date.and_then(|()| write!(text, "T{hour:02}:{minute:02}:{second:02}")),
            }
        }
    };
    written.ok().map(|()| text.as_str())
}

fn workbook_error(error: &XlsxError, place: Option<(&str, u64)>) -> Error {
    if let XlsxError::Password = error {
        return Error::new(
            ErrorKind::Format,
            "le classeur est protégé par mot de passe ; enregistrez-le sans mot de passe",
            "the workbook is protected by a password; save it without one",
        );
    }
    let (fr, en) = match place {
        Some((sheet, row)) if (1..u64::MAX).contains(&row) => {
            (format!("feuille « {sheet} », après la ligne {row} : "), format!("sheet “{sheet}”, after row {row}: "))
        }
        _ => (String::new(), String::new()),
    };
    Error::new(
        ErrorKind::Syntax,
        format!(
            "{fr}le classeur est abîmé ou coupé ({error}) ; ouvrez-le et enregistrez-le de nouveau, ou demandez un nouvel envoi"
        ),
        format!("{en}the workbook is damaged or cut short ({error}); open it and save it again, or ask for it again"),
    )
}
