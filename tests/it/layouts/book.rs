//! Grids of cells, and the files of every format that hold them.

use std::collections::BTreeSet;
use std::fmt;

use crate::legacy::{binary, cell, compound, record, stream, styles, text, wide};
use crate::support::archive;

/// A sheet. Rows and columns are counted from 0.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    pub name: String,
    pub rows: Vec<Vec<String>>,
    /// Top, left, bottom, right; the text stands in the first cell.
    pub merges: Vec<[usize; 4]>,
    pub hidden: Vec<usize>,
    /// Whether a filter hides them.
    pub is_filtered: bool,
    /// The texts that stand in it as labels.
    pub labels: BTreeSet<String>,
}

impl Grid {
    pub fn new(name: &str) -> Grid {
        Grid { name: name.to_owned(), ..Grid::default() }
    }

    /// Writes a cell that is empty.
    pub fn put(&mut self, row: usize, column: usize, text: &str) {
        let known = self.at(row, column);
        assert!(text.is_empty() || known.is_empty() || known == text, "{known:?} stands where {text:?} goes");
        if !text.is_empty() {
            self.set(row, column, text);
        }
    }

    /// Writes a cell.
    pub fn set(&mut self, row: usize, column: usize, text: &str) {
        self.rows.resize(self.rows.len().max(row + 1), Vec::new());
        let cells = &mut self.rows[row];
        cells.resize(cells.len().max(column + 1), String::new());
        text.clone_into(&mut cells[column]);
    }

    pub fn put_row(&mut self, row: usize, left: usize, cells: &[String]) {
        cells.iter().zip(left..).for_each(|(cell, column)| self.put(row, column, cell));
    }

    pub fn at(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|cells| cells.get(column)).map_or("", String::as_str)
    }

    /// Makes room above all rows.
    pub fn lower(&mut self, by: usize) {
        self.rows.splice(0..0, std::iter::repeat_n(Vec::new(), by));
        self.hidden.iter_mut().for_each(|row| *row += by);
        for [top, _, bottom, _] in &mut self.merges {
            *top += by;
            *bottom += by;
        }
    }

    /// Writes a label in a cell.
    pub fn label(&mut self, row: usize, column: usize, text: &str) {
        self.labels.insert(text.to_owned());
        self.set(row, column, text);
    }

    pub fn label_row(&mut self, row: usize, left: usize, labels: &[String]) {
        labels.iter().zip(left..).for_each(|(label, column)| self.label(row, column, label));
    }

    /// The texts that are no labels, each without the label that may stand before it in its cell.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        let value = |text: &'_ str| match text.split_once(" : ") {
            Some((label, _)) if self.labels.contains(label) => label.len() + 3,
            _ => 0,
        };
        let texts = self.filled().map(|(_, _, text)| text).filter(|text| !self.labels.contains(*text));
        texts.map(move |text| &text[value(text)..])
    }

    fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }

    fn merge_at(&self, row: usize, column: usize) -> Option<&[usize; 4]> {
        self.merges
            .iter()
            .find(|[top, left, bottom, right]| (*top..=*bottom).contains(&row) && (*left..=*right).contains(&column))
    }

    /// The cells that have a text, with their places.
    fn filled(&self) -> impl Iterator<Item = (usize, usize, &str)> {
        let row =
            |(row, cells)| (0..).zip(cells).map(move |(column, text): (usize, &String)| (row, column, text.as_str()));
        (0..).zip(&self.rows).flat_map(row).filter(|(_, _, text)| !text.is_empty())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Xls,
    Xlsb,
    Ods,
    Csv(char),
}

pub const FORMATS: [Format; 6] =
    [Format::Xlsx, Format::Xls, Format::Xlsb, Format::Ods, Format::Csv(','), Format::Csv(';')];

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Format::Csv(delimiter) => write!(f, "csv `{delimiter}`"),
            format => f.write_str(format.extension()),
        }
    }
}

impl Format {
    pub fn extension(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Xls => "xls",
            Format::Xlsb => "xlsb",
            Format::Ods => "ods",
            Format::Csv(_) => "csv",
        }
    }

    /// Why a file of this format cannot hold the grids.
    pub fn why_not(self, grids: &[Grid]) -> Option<&'static str> {
        if !matches!(self, Format::Csv(_)) {
            None
        } else if grids.len() > 1 {
            Some("it has one sheet")
        } else if !grids[0].merges.is_empty() {
            Some("it has no merged cells")
        } else {
            (!grids[0].hidden.is_empty()).then_some("it hides nothing")
        }
    }

    pub fn bytes(self, grids: &[Grid]) -> Vec<u8> {
        match self {
            Format::Xlsx => xlsx(grids),
            Format::Xls => xls(grids),
            Format::Xlsb => xlsb(grids),
            Format::Ods => ods(grids),
            Format::Csv(delimiter) => csv(&grids[0], delimiter),
        }
    }
}

fn csv(grid: &Grid, delimiter: char) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter as u8).from_writer(Vec::new());
    for row in 0..grid.rows.len() {
        writer.write_record((0..grid.width()).map(|column| grid.at(row, column))).unwrap();
    }
    writer.into_inner().unwrap()
}

fn xlsx(grids: &[Grid]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let plain = rust_xlsxwriter::Format::new();
    for grid in grids {
        let sheet = book.add_worksheet();
        sheet.set_name(&grid.name).unwrap();
        for [top, left, bottom, right] in &grid.merges {
            let text = grid.at(*top, *left);
            sheet.merge_range(*top as u32, *left as u16, *bottom as u32, *right as u16, text, &plain).unwrap();
        }
        for (row, column, text) in grid.filled().filter(|(row, column, _)| grid.merge_at(*row, *column).is_none()) {
            sheet.write_string(row as u32, column as u16, text).unwrap();
        }
        if grid.is_filtered {
            sheet.autofilter(0, 0, grid.rows.len() as u32 - 1, grid.width() as u16 - 1).unwrap();
            let shown = (1..grid.rows.len()).filter(|row| !grid.hidden.contains(row)).map(|row| grid.at(row, 0));
            let filter =
                shown.fold(rust_xlsxwriter::FilterCondition::new(), |filter, text| filter.add_list_filter(text));
            sheet.filter_column(0, &filter).unwrap();
        }
        for row in &grid.hidden {
            sheet.set_row_hidden(*row as u32).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn ods(grids: &[Grid]) -> Vec<u8> {
    let mut tables = String::new();
    for grid in grids {
        tables.push_str(&format!("<table:table table:name=\"{}\">", grid.name));
        for row in 0..grid.rows.len() {
            let visibility = match (grid.hidden.contains(&row), grid.is_filtered) {
                (false, _) => "",
                (true, false) => " table:visibility=\"collapse\"",
                (true, true) => " table:visibility=\"filter\"",
            };
            tables.push_str(&format!("<table:table-row{visibility}>"));
            (0..grid.width()).for_each(|column| tables.push_str(&ods_cell(grid, row, column)));
            tables.push_str("</table:table-row>");
        }
        tables.push_str("</table:table>");
    }
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:body><office:spreadsheet>{tables}\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let parts = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_str())];
    archive(&parts.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())))
}

fn ods_cell(grid: &Grid, row: usize, column: usize) -> String {
    let spans = match grid.merge_at(row, column) {
        Some([top, left, bottom, right]) if (*top, *left) == (row, column) => format!(
            " table:number-rows-spanned=\"{}\" table:number-columns-spanned=\"{}\"",
            bottom - top + 1,
            right - left + 1
        ),
        Some(_) => return "<table:covered-table-cell/>".to_owned(),
        None => String::new(),
    };
    let text = grid.at(row, column).replace('&', "&amp;").replace('<', "&lt;");
    if text.is_empty() {
        return format!("<table:table-cell{spans}/>");
    }
    let lines: String = text.split('\n').map(|line| format!("<text:p>{line}</text:p>")).collect();
    format!("<table:table-cell office:value-type=\"string\"{spans}>{lines}</table:table-cell>")
}

fn xls(grids: &[Grid]) -> Vec<u8> {
    let globals = [record(0x0042, &1200_u16.to_le_bytes()), styles(&[0])];
    let sheet = |grid: &Grid| {
        let mut records: Vec<Vec<u8>> = Vec::new();
        for row in 0..grid.rows.len() {
            let flags: u16 = if grid.hidden.contains(&row) { 0x0120 } else { 0x0100 };
            let row = [row as u16, 0, grid.width() as u16, 255, 0, 0, flags, 15];
            records.push(record(0x0208, &row.map(u16::to_le_bytes).concat()));
        }
        records
            .extend(grid.filled().map(|(row, column, value)| cell(0x0204, row as u16, column as u16, 0, &text(value))));
        let ranges = grid.merges.iter().flat_map(|[top, left, bottom, right]| [*top, *bottom, *left, *right]);
        let ranges: Vec<u8> = ranges.flat_map(|place| (place as u16).to_le_bytes()).collect();
        records.push(record(0x00E5, &[&(grid.merges.len() as u16).to_le_bytes()[..], &ranges].concat()));
        records
    };
    let sheets: Vec<(&str, u8, Vec<Vec<u8>>)> = grids.iter().map(|grid| (grid.name.as_str(), 0, sheet(grid))).collect();
    compound(&[("Workbook", stream(0x0600, &globals, &sheets))])
}

fn xlsb(grids: &[Grid]) -> Vec<u8> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let types = "<Types><Default Extension=\"bin\" \
                 ContentType=\"application/vnd.ms-excel.sheet.binary.macroEnabled.main\"/></Types>";
    let relation = |(id, kind, target): (&str, &str, &str)| {
        format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |inner: String| format!("<Relationships>{inner}</Relationships>").into_bytes();
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), types.as_bytes().to_vec()),
        ("_rels/.rels".to_owned(), relations(relation(("r", "officeDocument", "xl/workbook.bin")))),
    ];
    let mut workbook = [binary(0x83, &[]), binary(0x99, &[0; 12]), binary(0x8F, &[])].concat();
    let mut sheets = String::new();
    for (grid, number) in grids.iter().zip(1_u32..) {
        let numbers = [0, number].map(u32::to_le_bytes).concat();
        workbook.extend(binary(0x9C, &[&numbers[..], &wide(&format!("rId{number}")), &wide(&grid.name)].concat()));
        sheets.push_str(&relation((&format!("rId{number}"), "worksheet", &format!("worksheets/sheet{number}.bin"))));
        parts.push((format!("xl/worksheets/sheet{number}.bin"), xlsb_sheet(grid)));
    }
    workbook.extend([binary(0x90, &[]), binary(0x84, &[])].concat());
    parts.push(("xl/workbook.bin".to_owned(), workbook));
    parts.push(("xl/_rels/workbook.bin.rels".to_owned(), relations(sheets)));
    archive(&parts)
}

fn xlsb_sheet(grid: &Grid) -> Vec<u8> {
    let range = |places: [usize; 4]| places.map(|place| (place as u32).to_le_bytes()).concat();
    let mut bytes =
        [binary(0x81, &[]), binary(0x94, &range([0, grid.rows.len(), 0, grid.width()])), binary(0x91, &[])].concat();
    for row in 0..grid.rows.len() {
        let mut header = (row as u32).to_le_bytes().to_vec();
        header.resize(25, 0);
        header[11] = if grid.hidden.contains(&row) { 0x10 } else { 0 };
        bytes.extend(binary(0, &header));
        for (_, column, text) in grid.filled().filter(|(known, ..)| *known == row) {
            let place = [column as u32, 0].map(u32::to_le_bytes).concat();
            bytes.extend(binary(6, &[&place[..], &wide(text)].concat()));
        }
    }
    bytes.extend(binary(0x92, &[]));
    for [top, left, bottom, right] in &grid.merges {
        bytes.extend(binary(0xB0, &range([*top, *bottom, *left, *right])));
    }
    bytes.extend(binary(0x82, &[]));
    bytes
}
