//! A workbook made of the table as it was read, for sources that cannot be annotated as they stand: texts, trees, binary
//! workbooks. A cell stands where reports place it; a record of a tree is a row, a label a column.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format as CellFormat, Workbook, XlsxError};

use super::remark::{Place, Remark};
use crate::entry::OwnedEntry;
use crate::error::{Error, ErrorKind, Result};
use crate::finding::Finding;
use crate::row::{Format, Layout};

/// Rows and columns of a sheet, and characters of a cell.
const MAX_ROWS: u64 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;
const MAX_TEXT: usize = 32_000;
/// Characters of the name of a sheet.
const MAX_NAME: usize = 31;

/// The cells of a source, by sheet.
#[derive(Default)]
pub struct Table {
    sheets: Vec<Sheet>,
}

#[derive(Default)]
struct Sheet {
    /// The name in the source; none where it has no sheets.
    source: Option<String>,
    name: String,
    cells: BTreeMap<(u64, u32), String>,
    /// In a tree: the cell of what stands at a line and a column of the source, and the row of each record.
    places: BTreeMap<(u64, u32), (u64, u32)>,
    rows: BTreeMap<u64, u64>,
}

impl Table {
    /// Adds a record, as it was read.
    pub fn record(&mut self, entry: &OwnedEntry) {
        let (layout, row) = (entry.layout(), entry.row());
        let is_tree = !layout.format.is_table();
        for cell in row.cells() {
            let label = &layout.labels[cell.label as usize];
            let sheet = self.sheet(layout, label.table.as_deref());
            let place = if is_tree {
                let place = (row.index + 1, cell.label + 1);
                sheet.places.insert((cell.line, cell.column), place);
                sheet.rows.insert(row.index, row.index + 1);
                sheet.cells.entry((1, place.1)).or_insert_with(|| label.text.clone());
                place
            } else {
                sheet.cells.entry((label.line, label.column)).or_insert_with(|| label.text.clone());
                (cell.line, cell.column)
            };
            let text = row.text(cell);
            // In a tree several elements may have the same label.
            let known = sheet.cells.entry(place).or_default();
            match known.is_empty() {
                true => text.clone_into(known),
                false if is_tree => *known = format!("{known}\n{text}"),
                false => {}
            }
        }
    }

    fn sheet(&mut self, layout: &Layout, table: Option<&str>) -> &mut Sheet {
        let source = table.or(layout.sheet.as_deref()).map(str::to_owned);
        let known = self.sheets.iter().position(|sheet| sheet.source == source);
        let rank = known.unwrap_or_else(|| {
            let file = layout.file.rsplit(['/', '\\']).next().unwrap_or_default();
            let name = self.free_name(source.as_deref().unwrap_or(file));
            self.sheets.push(Sheet { source, name, ..Sheet::default() });
            self.sheets.len() - 1
        });
        &mut self.sheets[rank]
    }

    /// A name that a sheet may have, like the one of the source.
    fn free_name(&self, wanted: &str) -> String {
        let allowed: String =
            wanted.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\')).collect();
        let allowed = allowed.trim_matches('\'').trim();
        let base = if allowed.is_empty() { "1" } else { allowed };
        let cut = |text: &str, length: usize| text.chars().take(length).collect::<String>();
        let is_free = |name: &String| self.sheets.iter().all(|sheet| sheet.name.to_lowercase() != name.to_lowercase());
        let name = |rank: u32| match rank {
            1 => cut(base, MAX_NAME),
            rank => format!("{} {rank}", cut(base, MAX_NAME - 4)),
        };
        (1..).map(name).find(is_free).unwrap_or_default()
    }

    /// What is said of a finding, with its place in the workbook.
    pub fn remark(&self, finding: &Finding, format: Format) -> Remark {
        let mut remark = Remark::from(finding);
        let location = &finding.location;
        let sheet = match &location.sheet {
            Some(name) => self.sheets.iter().find(|sheet| sheet.source.as_ref() == Some(name)),
            None => self.sheets.first(),
        };
        let place = location.row.or(location.line).zip(location.column);
        let cell = match (format.is_table(), sheet) {
            (true, _) => place,
            (false, Some(sheet)) => {
                let of_record = finding.record.as_ref().and_then(|record| sheet.rows.get(&record.index));
                place.and_then(|place| sheet.places.get(&place).copied()).or(of_record.map(|row| (*row, 1)))
            }
            (false, None) => None,
        };
        remark.place = Place { sheet: sheet.map(|sheet| sheet.name.clone()), cell };
        remark
    }

    /// The workbook.
    ///
    /// # Errors
    /// When the table has more rows or columns than a sheet.
    pub fn to_xlsx(&self) -> Result<Vec<u8>> {
        let mut book = Workbook::new();
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2014, 1, 10).map_err(|error| failed(&error))?;
        book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&date));
        let text = CellFormat::new().set_num_format("@");
        let header = CellFormat::new().set_bold().set_text_wrap();
        if self.sheets.is_empty() {
            book.add_worksheet();
        }
        for Sheet { name, cells, .. } in &self.sheets {
            let sheet = book.add_worksheet();
            sheet.set_name(name).map_err(|error| failed(&error))?;
            let first = cells.keys().next().map_or(1, |(row, _)| *row);
            for ((row, column), value) in cells {
                if *row > MAX_ROWS || *column > MAX_COLUMNS {
                    return Err(too_large());
                }
                let value: String = value.chars().take(MAX_TEXT).collect();
                let format = if *row == first { &header } else { &text };
                let (row, column) = ((*row).saturating_sub(1) as u32, (*column).saturating_sub(1) as u16);
                sheet.write_string_with_format(row, column, value, format).map_err(|error| failed(&error))?;
            }
            sheet.set_freeze_panes(first as u32, 0).map_err(|error| failed(&error))?;
        }
        book.save_to_buffer().map_err(|error| failed(&error))
    }
}

fn failed(error: &XlsxError) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("le tableau ne tient pas dans un classeur ({error}) ; demandez un rapport .html ou .json"),
        format!("the table does not fit a workbook ({error}); ask for a report .html or .json"),
    )
}

fn too_large() -> Error {
    Error::new(
        ErrorKind::Limit,
        "le tableau a plus de lignes ou de colonnes qu’une feuille de classeur ; demandez un rapport .html ou .json",
        "the table has more rows or columns than a sheet; ask for a report .html or .json",
    )
}
