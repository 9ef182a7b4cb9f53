//! Labelled values: everything a source holds is a label, a value and a place.

mod batch;
mod remark;

use std::sync::Arc;

pub use batch::{Batch, Cell, OwnedRow, Row};
pub(crate) use batch::{Rows, is_composed};
pub use remark::{Change, Mend, Remark, RemarkKind};

use crate::field::Field;
use crate::location::{Location, column_letters};

/// The format of a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// Office Open XML workbook.
    Xlsx,
    /// Workbook of Excel 97 to 2003 (and 95); read, not written.
    Xls,
    /// Binary workbook of Excel 2007 and later; read, not written.
    Xlsb,
    /// OpenDocument workbook, as LibreOffice writes it; read, not written.
    Ods,
    /// Comma-separated values, whatever the delimiter.
    Csv,
    /// XML.
    Xml,
    /// JSON: an array of records, or one record.
    Json,
    /// One JSON record a line.
    Ndjson,
    /// A zip archive of related CSV tables.
    Tables,
    /// The tables of a page of the Web. Read only, as all that follow.
    Html,
    /// The workbook in XML of Excel 2003.
    Spreadsheetml,
    /// DIF, the exchange format of the first spreadsheets.
    Dif,
    /// SYLK, the exchange format of Multiplan.
    Sylk,
    /// The tables and paragraphs of a text of Word.
    Docx,
    /// The same in OpenDocument.
    Odt,
    /// Columns of a fixed width under a rule of dashes, as databases and consoles print them.
    #[serde(rename = "fixed-width")]
    Columns,
    /// An address book: cards of people and organisations, RFC 6350 and what came before it.
    #[serde(rename = "vcf")]
    Vcard,
    /// A text that people read: lines « label : value » under headings. Read only.
    #[serde(rename = "txt")]
    Text,
    /// The rows of a table in memory.
    Frame,
}

impl Format {
    /// The format that a file extension names.
    pub fn of_extension(extension: &str) -> Option<Format> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "xlsx" | "xlsm" => Format::Xlsx,
            "xls" => Format::Xls,
            "xlsb" => Format::Xlsb,
            "ods" => Format::Ods,
            "csv" | "tsv" => Format::Csv,
            "xml" => Format::Xml,
            "json" => Format::Json,
            "ndjson" | "jsonl" => Format::Ndjson,
            "zip" => Format::Tables,
            "html" | "htm" => Format::Html,
            "dif" => Format::Dif,
            "slk" | "sylk" => Format::Sylk,
            "docx" | "docm" => Format::Docx,
            "odt" => Format::Odt,
            "vcf" | "vcard" => Format::Vcard,
            "txt" | "text" | "md" => Format::Text,
            _ => return None,
        })
    }

    /// The name of the format: its usual extension, but for tables.
    pub fn name(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Xls => "xls",
            Format::Xlsb => "xlsb",
            Format::Ods => "ods",
            Format::Csv => "csv",
            Format::Xml => "xml",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Tables => "tables",
            Format::Html => "html",
            Format::Spreadsheetml => "spreadsheetml",
            Format::Dif => "dif",
            Format::Sylk => "sylk",
            Format::Docx => "docx",
            Format::Odt => "odt",
            Format::Columns => "fixed-width",
            Format::Vcard => "vcf",
            Format::Text => "txt",
            Format::Frame => "frame",
        }
    }

    /// The usual extension of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Tables => "zip",
            Format::Sylk => "slk",
            Format::Columns => "txt",
            Format::Spreadsheetml => "xml",
            format => format.name(),
        }
    }

    /// Whether values stand in the columns of a table rather than in a tree of elements.
    pub fn is_table(self) -> bool {
        self.is_workbook() || self.is_grid() || matches!(self, Format::Csv | Format::Tables | Format::Frame)
    }

    /// Whether its tables stand in something else than a workbook or CSV.
    pub fn is_grid(self) -> bool {
        matches!(
            self,
            Format::Html
                | Format::Spreadsheetml
                | Format::Dif
                | Format::Sylk
                | Format::Docx
                | Format::Odt
                | Format::Columns
        )
    }

    /// Whether it has sheets, whose cells have a name such as `K21`.
    pub fn is_workbook(self) -> bool {
        matches!(self, Format::Xlsx | Format::Xls | Format::Xlsb | Format::Ods)
    }

    /// Whether records can be written in it: what people used to send is only read.
    pub fn is_written(self) -> bool {
        !self.is_grid() && !matches!(self, Format::Xls | Format::Xlsb | Format::Ods | Format::Text | Format::Frame)
    }
}

/// What the vocabulary makes of a label.
#[derive(Debug, Clone)]
pub enum Target {
    /// One field, with the rank that the label names (`contact_2_courriel`), counted from 1.
    Field(&'static Field, Option<u16>),
    /// No field that we know.
    Unknown,
    /// Several fields; none is chosen.
    Ambiguous(Vec<&'static Field>),
    /// Several fields in the order of the label, « Ville (dpt) », with the rank that it names: each cell is taken apart.
    Joint(Vec<&'static Field>, Option<u16>),
    /// A field that an earlier label of the same table already fills.
    Taken(&'static Field),
    /// No field: a mapping leaves its values aside, in `source.autres`.
    Aside,
    /// What hangs on the cells under a label beside their values: comments, where links lead.
    Beside,
    /// What the field under this label could not take: the words of a text around a value, a remark below it.
    Rest,
    /// What joins related tables, and orders their rows: no value of the record.
    Key,
}

/// How a label was recognised, from the surest way to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A mapping says so.
    Mapping,
    /// It is the path of keys or of titles in the schema.
    Key,
    /// It is a label that the schema lists for the field.
    Listed,
    /// It joins labels of a group and of its field.
    Composed,
    /// It is a label that we know, with words around it that say nothing more.
    Framed,
    /// It is a label that we know but for a slip or two of the keyboard.
    Misspelt,
    /// Its words leave it open, and the values below it tell.
    Values,
}

/// What is known of the bytes of a text file, by which its encoding and its delimiter were found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Evidence {
    /// Whether the file begins with a byte order mark.
    pub byte_order_mark: bool,
    /// Letters of French that are such in Windows-1252, among the bytes that are no UTF-8.
    pub windows_1252_letters: u64,
    /// The same in Mac Roman.
    pub mac_roman_letters: u64,
    /// The same in CP850, the encoding of MS-DOS; absent when there are none.
    #[serde(skip_serializing_if = "is_zero")]
    pub dos_letters: u64,
    /// Whether each line of the file stands in quotes as a whole, which are taken away.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub quoted_lines: bool,
    /// How many labels are known with each delimiter.
    pub known_labels: std::collections::BTreeMap<char, usize>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A label of a source: a column header, or the path of an element.
#[derive(Debug, Clone)]
pub struct Label {
    /// As it stands in the source.
    pub text: String,
    /// What it means.
    pub target: Target,
    /// How it was recognised.
    pub reason: Option<Reason>,
    /// The usual spelling, of a label that was recognised in spite of a slip.
    pub usual: Option<String>,
    /// The table where it stands, when that is another one than the layout's: a list of the record that has its own.
    pub table: Option<Arc<str>>,
    /// Of a column of numbers, the mark that those of its values that are known with its header have between groups of three digits: « 12.500,50 » tells what
    /// « 95.000 » is below it.
    pub(crate) groups: Option<char>,
    /// Where it first stands, counted from 1.
    pub line: u64,
    /// The column of the table, or of the character in the line, counted from 1.
    pub column: u32,
}

/// How the labels and values of a source are laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Arrangement {
    /// Elements of a tree, or lines of a text, in which each value bears its label.
    #[default]
    Labelled,
    /// A header in one row or two, and a record in each row below it.
    Table,
    /// Labels in a column, and a record in each column beside it.
    Transposed,
    /// Labels beside or above their values, a record in each sheet or block.
    Form,
}

/// What all rows of one table (a file, or a sheet of it) share.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The file as the user named it.
    pub file: String,
    /// Its format.
    pub format: Format,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Whether the program that opens the workbook hides that sheet.
    pub is_hidden: bool,
    /// How it is laid out.
    pub arrangement: Arrangement,
    /// The first and the last row of its header, counted from 1, when it has one.
    pub header: Option<(u64, u64)>,
    /// What separates the cells of a CSV file.
    pub delimiter: Option<char>,
    /// The encoding of a text file, as far as it has been read.
    pub encoding: Option<&'static str>,
    /// By what the encoding and the delimiter were found.
    pub evidence: Option<Evidence>,
    /// How many cells of a sheet hold a formula, whose value is read; known when the sheet has been read.
    pub formulas: u64,
    /// How many rows go on with the record above, told as [`Layout::formulas`] is.
    pub continued: u64,
    /// The labels met so far.
    pub labels: Vec<Label>,
    /// Whether labels of the same list are out of the order of their ranks: « Contact 2 » stands before « Contact 1 ».
    pub is_unordered: bool,
    /// Whether labels name parts of a field that sources keep apart: a first name.
    pub has_parts: bool,
}

impl Layout {
    /// The place at a line and a column of this table, under a label.
    pub fn location(&self, line: u64, column: Option<u32>, label: Option<&Label>) -> Location {
        let table = label.and_then(|label| label.table.as_deref());
        self.place(line, column, label.map(|label| label.text.as_str()), table)
    }

    /// The place of a remark.
    pub fn location_of(&self, remark: &Remark) -> Location {
        if remark.kind.is_of_file() {
            return Location { file: self.file.clone(), ..Location::default() };
        }
        let label = Some(remark.text.as_str()).filter(|_| !remark.kind.is_about_rows());
        self.place(remark.line, Some(remark.column), label, remark.table.as_deref())
    }

    fn place(&self, line: u64, column: Option<u32>, label: Option<&str>, table: Option<&str>) -> Location {
        place((&self.file, self.format, self.sheet.as_deref()), line, column, label, table)
    }
}

/// The place at a line and a column of a table, the one of a sheet of a file of some format, under a label that may be of another
/// table.
pub(crate) fn place(
    (file, format, sheet): (&str, Format, Option<&str>),
    line: u64,
    column: Option<u32>,
    label: Option<&str>,
    table: Option<&str>,
) -> Location {
    let mut location = Location { file: file.to_owned(), ..Location::default() };
    let sheet = || table.or(sheet).map(str::to_owned);
    if format.is_workbook() {
        location.sheet = sheet();
        location.row = Some(line);
        location.column = column;
        location.cell = column.map(|column| format!("{}{line}", column_letters(column)));
        location.heading = label.filter(|label| !label.is_empty()).map(str::to_owned);
    } else {
        location.line = Some(line);
        location.column = column;
        let text = label.map(str::to_owned);
        if format == Format::Tables || format.is_grid() {
            location.sheet = sheet();
        }
        if format.is_table() || format == Format::Text {
            location.label = text;
        } else {
            location.path = text;
        }
    }
    location
}
