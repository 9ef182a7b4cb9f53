//! The sheets of a workbook as tables: their cells come one by one, the header among the first rows.

use super::{MAX_COLUMNS, MAX_RECORD_BYTES, Sink, header};
use crate::error::{Error, ErrorKind, Result};
use crate::guide;
use crate::import::sink::long_record;

/// A row being gathered: its number, and its texts with their columns, both counted from 1.
#[derive(Default)]
struct SheetRow {
    number: u64,
    cells: Vec<(u32, String)>,
}

/// What became of the sheets.
#[derive(Default)]
pub(super) struct Sheets {
    tables: usize,
    without_header: Option<String>,
}

impl Sheets {
    /// Nothing was read when no sheet had a header.
    pub fn finish(self) -> Result<()> {
        match self.without_header {
            Some(sheet) if self.tables == 0 => Err(header::missing(Some(&sheet))),
            _ => Ok(()),
        }
    }
}

/// Where the columns of the table stand.
struct Columns {
    /// Rank of the label of each column, counted from 1; a column without a header has none yet.
    labels: Vec<Option<u32>>,
    header_row: u64,
}

/// A sheet on its way to the sink.
pub(super) struct Table<'t, 's> {
    sink: &'t mut Sink<'s>,
    sheets: &'t mut Sheets,
    name: String,
    first_rows: Vec<SheetRow>,
    columns: Option<Columns>,
    row: SheetRow,
    /// Bytes of the texts that are held.
    held: usize,
    /// Whether nothing more of it is to be read.
    is_over: bool,
}

impl<'t, 's> Table<'t, 's> {
    pub fn begin(sink: &'t mut Sink<'s>, sheets: &'t mut Sheets, name: &str, is_hidden: bool) -> Result<Table<'t, 's>> {
        sink.begin_sheet(name, is_hidden)?;
        let (first_rows, columns) = (Vec::new(), None);
        Ok(Table {
            sink,
            sheets,
            name: name.to_owned(),
            first_rows,
            columns,
            row: SheetRow::default(),
            held: 0,
            is_over: false,
        })
    }

    /// Whether the cells that follow are of no use.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// The name of the sheet.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The row whose cells come, counted from 1; 0 before the first.
    pub fn row(&self) -> u64 {
        self.row.number
    }

    /// A cell, its row and column counted from 1; blank ones count for nothing.
    pub fn cell(&mut self, row: u64, column: u32, text: &str) -> Result<()> {
        if self.is_over {
            return Ok(());
        }
        if row != self.row.number {
            self.end_row()?;
            self.row.number = row;
        }
        if text.trim().is_empty() || self.is_over {
            return Ok(());
        }
        if column as usize > MAX_COLUMNS {
            let sheet = &self.name;
            return Err(Error::new(
                ErrorKind::Limit,
                format!(
                    "feuille « {sheet} », ligne {row} : plus de {MAX_COLUMNS} colonnes ; gardez celles qui décrivent les PTCE"
                ),
                format!(
                    "sheet “{sheet}”, row {row}: more than {MAX_COLUMNS} columns; keep those that describe the PTCE"
                ),
            ));
        }
        if (row, column) == (1, 1) && self.name == guide::SHEET && text.trim() == guide::FIRST_LINE {
            self.sink.guide(guide::FIRST_LINE)?;
            self.is_over = true;
            return Ok(());
        }
        self.held += text.len();
        if self.held > MAX_RECORD_BYTES {
            return Err(long_record().at(row, None));
        }
        self.row.cells.push((column, text.to_owned()));
        Ok(())
    }

    /// No more cells.
    pub fn finish(mut self) -> Result<()> {
        self.end_row()?;
        if self.columns.is_none() && !self.is_over {
            self.begin_columns()?;
        }
        if self.columns.is_some() {
            self.sheets.tables += 1;
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        if self.row.cells.is_empty() || self.is_over {
            return Ok(());
        }
        match &mut self.columns {
            Some(columns) => {
                table_row(&self.row, columns, self.sink)?;
                self.row.cells.clear();
                self.held = 0;
            }
            None => {
                self.first_rows.push(std::mem::take(&mut self.row));
                if self.first_rows.len() == header::SEARCHED_ROWS {
                    self.begin_columns()?;
                }
            }
        }
        Ok(())
    }

    /// Finds the header among the first rows, enters it, and passes on the rows below it; a sheet without one is told,
    /// not read.
    fn begin_columns(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.first_rows);
        let found = header::find(rows.iter().map(|row| row.cells.iter().map(|(_, text)| text.as_str())));
        let Some((rank, _)) = found else {
            self.is_over = true;
            if let Some(row) = rows.first() {
                let (column, text) = &row.cells[0];
                self.sink.unread(text.trim(), row.number, *column)?;
                self.sheets.without_header.get_or_insert_with(|| self.name.clone());
            }
            return Ok(());
        };
        for row in &rows[..rank] {
            for (column, text) in &row.cells {
                self.sink.outside(text.trim(), row.number, *column)?;
            }
        }
        let header = &rows[rank];
        let mut columns = Columns { labels: Vec::new(), header_row: header.number };
        for (column, text) in &header.cells {
            let label = self.sink.column(text.trim(), header.number, *column)?;
            columns.labels.resize(columns.labels.len().max(*column as usize), None);
            columns.labels[*column as usize - 1] = Some(label);
        }
        for row in &rows[rank + 1..] {
            table_row(row, &mut columns, self.sink)?;
        }
        self.columns = Some(columns);
        self.held = 0;
        Ok(())
    }
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
