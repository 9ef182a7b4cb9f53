//! A workbook (xlsx): the flat form of the records under headers that people read, typed, with the lists to choose from,
//! and a sheet that explains it.

mod column;
mod guide;
mod upright;

use std::io::{self, Write};

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format as CellFormat, FormatAlign, Workbook as Book, Worksheet, XlsxError,
};

use super::flat::{Column, Columns, Rows, longest_line};
use super::{Options, Out, PlainSheet, Writer, write_error};
use crate::error::{Error, ErrorKind, Result};
use crate::record::Record;
use crate::requirements::is_required;
use crate::scratch;
use crate::settings::Profile;
use crate::text::formula::is_formula;
pub(super) use upright::write as upright_form;

use column::{Formats, Kind, day, exact, example, note, validation};

/// Rows of a sheet, header included, and columns.
const MAX_ROWS: u64 = 1_048_576;
const MAX_COLUMNS: usize = 16_384;
/// UTF-16 units that a cell can hold.
const MAX_TEXT: usize = 32_767;
/// Characters: a wider column hides its neighbours.
const MAX_WIDTH: usize = 50;
const MAX_EXPECTED: usize = 36;
const MIN_WIDTH: usize = 8;
/// Room for the button of the filter.
const PADDING: usize = 3;

/// Behind the headers of the required fields.
const HEADER_COLOUR: u32 = 0x00DC_E6F1;
/// Rows below the last record that the lists and rules of the columns reach, for whoever adds records.
const SPARE_ROWS: u32 = 1_000;
/// Height of the header in points: two lines.
const HEADER_HEIGHT: u16 = 32;

/// A workbook on its way. Its header depends on the longest lists, so it is written at the end.
pub(super) struct Workbook<'a> {
    out: Out<'a>,
    sheet: String,
    profile: Profile,
    /// Whether it is a form: its required fields have a star, for whom colours tell nothing.
    is_form: bool,
    sheets: Vec<PlainSheet>,
    rows: Rows,
    /// Characters in the longest line of each column, by its number.
    widths: Vec<usize>,
}

impl<'a> Workbook<'a> {
    pub fn new(out: Out<'a>, options: &Options) -> Result<Workbook<'a>> {
        Workbook::with(Columns::new(), false, out, options)
    }

    /// An entry form: no record yet, and room for `elements` elements of each list.
    pub fn form(out: Out<'a>, options: &Options, elements: &impl Fn(&str) -> usize) -> Result<Workbook<'a>> {
        Workbook::with(Columns::form(elements), true, out, options)
    }

    fn with(columns: Columns, is_form: bool, out: Out<'a>, options: &Options) -> Result<Workbook<'a>> {
        // The name is tried here, so that a wrong one is told before the work.
        Book::new().add_worksheet().set_name(&options.sheet).map_err(xlsx_error)?;
        if options.sheet.to_lowercase() == crate::guide::SHEET.to_lowercase() {
            return Err(Error::new(
                ErrorKind::Usage,
                "la feuille des données ne peut s’appeler « Lisez-moi », comme celle des explications ; changez son nom",
                "the sheet of the data cannot be called “Lisez-moi” like that of the explanations; change its name",
            ));
        }
        let (sheet, profile) = (options.sheet.clone(), options.profile);
        let sheets = options.sheets.clone();
        Ok(Workbook { out, sheet, profile, is_form, sheets, rows: Rows::new(columns)?, widths: Vec::new() })
    }
}

impl Writer for Workbook<'_> {
    fn record(&mut self, record: &Record) -> Result<()> {
        if self.rows.count() + 1 >= MAX_ROWS {
            return Err(limit(
                "plus de 1 048 575 fiches : une feuille de classeur n’a pas tant de lignes",
                "more than 1,048,575 records: a sheet has no more rows",
            ));
        }
        self.rows.push(record, |column, text| {
            if self.widths.len() <= column {
                self.widths.resize(column + 1, 0);
            }
            // No column is wider than the widest.
            if self.widths[column] < MAX_WIDTH {
                self.widths[column] = self.widths[column].max(longest_line(text));
            }
        })
    }

    fn finish(self: Box<Self>) -> Result<()> {
        let Workbook { out, sheet: name, profile, is_form, sheets, rows, widths } = *self;
        let mut header = rows.columns();
        // One element of a list is enough.
        header.iter_mut().for_each(|column| {
            column.is_required = is_required(profile, &column.pointer) && column.rank.unwrap_or(1) == 1;
            column.width = match is_form {
                // Nothing but the example tells how wide the values will be.
                true => example(column.node).chars().count().min(MAX_EXPECTED),
                false => widths.get(column.id).copied().unwrap_or_default(),
            };
        });
        if header.len() > MAX_COLUMNS {
            return Err(limit(
                format!("{} colonnes : une feuille de classeur n’en a que 16 384", header.len()),
                format!("{} columns: a sheet has 16,384 at most", header.len()),
            ));
        }
        let mut book = Book::new();
        // The date stands in the file; with today's, no two exports would be the same. This is the day when the
        // first laureates were announced.
        let date = ExcelDateTime::from_ymd(2014, 1, 10).map_err(xlsx_error)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&date));
        let formats = Formats::new();
        // Where no row follows, the header would be written twice if it went to a file as it comes.
        let sheet =
            if rows.count() == 0 { book.add_worksheet() } else { scratch::sheet(&mut book).map_err(xlsx_error)? };
        sheet.set_name(&name).map_err(xlsx_error)?;
        lay_out(sheet, &header, rows.count() as u32, is_form, &formats).map_err(xlsx_error)?;
        let mut row = 0;
        rows.replay(|cells| {
            row += 1;
            for ((Column { node, title, .. }, cell), column) in header.iter().zip(cells).zip(0..) {
                let Some(cell) = cell else { continue };
                if let Some(number) = exact(*cell) {
                    sheet.write_number(row, column, number).map_err(xlsx_error)?;
                    continue;
                }
                let text = cell.text;
                let day = if Kind::of(*node) == Kind::Date { day(text) } else { None };
                // Else always as text: a postal code keeps its zeros, and nothing becomes a formula.
                match day {
                    Some(day) => sheet.write_datetime_with_format(row, column, &day, &formats.date),
                    None if text.encode_utf16().count() > MAX_TEXT => return Err(too_long(title, row)),
                    None if is_formula(text) => sheet.write_string_with_format(row, column, text, &formats.quoted),
                    None => sheet.write_string_with_format(row, column, text, &formats.text),
                }
                .map_err(xlsx_error)?;
            }
            Ok(())
        })?;
        guide::add(&mut book, &name, &header, profile, is_form).map_err(xlsx_error)?;
        for sheet in &sheets {
            if sheet.rows.len() as u64 + 2 >= MAX_ROWS {
                return Err(limit(
                    format!("la feuille « {} » ne tient pas dans un classeur", sheet.name),
                    format!("the sheet “{}” does not fit a workbook", sheet.name),
                ));
            }
            plain(&mut book, sheet).map_err(xlsx_error)?;
        }
        save(book, out)
    }
}

/// Writes a workbook to its place.
fn save(mut book: Book, out: Out<'_>) -> Result<()> {
    let mut once = FailsOnce { out, has_failed: false };
    book.save_to_writer(&mut once).map_err(xlsx_error)?;
    once.flush().map_err(write_error)
}

/// The header of the table, and all that is said of whole columns.
fn lay_out(
    sheet: &mut Worksheet,
    header: &[Column],
    records: u32,
    is_form: bool,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let last_column = header.len().saturating_sub(1) as u16;
    let last_row = (records + SPARE_ROWS).min(MAX_ROWS as u32 - 1);
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, records, last_column)?;
    sheet.set_default_note_author("");
    sheet.set_landscape().set_paper_size(9).set_repeat_rows(0, 0)?;
    sheet.ignore_error_range(1, 0, last_row, last_column, guide::NUMBERS)?;
    sheet.set_row_height(0, HEADER_HEIGHT)?;
    let plain = CellFormat::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let marked = plain.clone().set_background_color(Color::RGB(HEADER_COLOUR));
    for (column, place) in header.iter().zip(0..) {
        sheet.set_column_width(place, width(column) as f64)?;
        if let Some(format) = formats.of(Kind::of(column.node)) {
            sheet.set_column_format(place, format)?;
        }
        if let Some(validation) = validation(column.node)? {
            sheet.add_data_validation(1, place, last_row, place, &validation)?;
        }
        let format = if column.is_required { &marked } else { &plain };
        let star = if is_form && column.is_required { " *" } else { "" };
        sheet.write_string_with_format(0, place, format!("{}{star}", column.title), format)?;
        sheet.insert_note(0, place, &note(column))?;
    }
    Ok(())
}

/// Adds a sheet of texts: nothing in it becomes a number, a date or a formula.
fn plain(book: &mut Book, of: &PlainSheet) -> Result<(), XlsxError> {
    let text = CellFormat::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
    let head = text.clone().set_bold().set_background_color(Color::RGB(HEADER_COLOUR));
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name(&of.name)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_freeze_panes(2, 0)?.set_repeat_rows(1, 1)?;
    let (last_row, last_column) = (of.rows.len() as u32 + 1, of.columns.len().saturating_sub(1) as u16);
    sheet.autofilter(1, 0, last_row, last_column)?;
    sheet.ignore_error_range(1, 0, last_row, last_column, guide::NUMBERS)?;
    for ((_, width), place) in of.columns.iter().zip(0..) {
        sheet.set_column_width(place, *width)?;
    }
    sheet.write_string(0, 0, &of.first_line)?;
    for ((title, _), place) in of.columns.iter().zip(0..) {
        sheet.write_string_with_format(1, place, title, &head)?;
    }
    for (cells, row) in of.rows.iter().zip(2..) {
        for (cell, place) in cells.iter().zip(0..).filter(|(cell, _)| !cell.is_empty()) {
            let cell: String = cell.chars().take(MAX_TEXT).collect();
            sheet.write_string_with_format(row, place, cell, &text)?;
        }
    }
    Ok(())
}

/// The width of a column in characters: its values, and its title on two lines.
fn width(column: &Column) -> usize {
    let words = column.title.split(' ').map(|word| word.chars().count()).max().unwrap_or_default();
    let half = column.title.chars().count().div_ceil(2) + 2;
    (column.width.max(half).max(words) + PADDING).clamp(MIN_WIDTH, MAX_WIDTH)
}

/// After a failure, the zip crate tries once more to end its archive, and prints to the standard error that it cannot.
/// The first failure is ours to tell; the rest goes nowhere.
struct FailsOnce<'a> {
    out: Out<'a>,
    has_failed: bool,
}

impl Write for FailsOnce<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if self.has_failed {
            return Ok(buffer.len());
        }
        self.out.write(buffer).inspect_err(|error| self.has_failed = error.kind() != io::ErrorKind::Interrupted)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.has_failed { Ok(()) } else { self.out.flush() }
    }
}

fn limit(fr: impl Into<String>, en: impl Into<String>) -> Error {
    let fr = format!("{} ; exportez en CSV ou en NDJSON, ou en plusieurs fois", fr.into());
    let en = format!("{}; export to CSV or NDJSON, or in several parts", en.into());
    Error::new(ErrorKind::Limit, fr, en)
}

fn too_long(title: &str, row: u32) -> Error {
    limit(
        format!("le texte « {title} » de la fiche {row} dépasse 32 767 caractères, ce qu’une cellule peut contenir"),
        format!("the text “{title}” of record {row} is longer than 32,767 characters, which is what a cell can hold"),
    )
}

fn xlsx_error(error: XlsxError) -> Error {
    match error {
        XlsxError::IoError(error) => write_error(error),
        XlsxError::SheetnameCannotBeBlank(_)
        | XlsxError::SheetnameLengthExceeded(_)
        | XlsxError::SheetnameContainsInvalidCharacter(_)
        | XlsxError::SheetnameStartsOrEndsWithApostrophe(_) => Error::new(
            ErrorKind::Usage,
            "nom de feuille refusé : 1 à 31 caractères, sans [ ] : * ? / \\ et sans apostrophe au début ni à la fin",
            "sheet name refused: 1 to 31 characters, without [ ] : * ? / \\ and without an apostrophe at either end",
        ),
        error => write_error(io::Error::other(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::{sample, written};
    use crate::row::Format;
    use calamine::{Data, Reader, Xlsx};

    fn cells(records: &[Record]) -> calamine::Range<Data> {
        let bytes = written(Format::Xlsx, records);
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        book.worksheet_range("PTCE").unwrap()
    }

    #[test]
    fn codes_are_texts_and_numbers_are_numbers() {
        let range = cells(&sample());
        let titles: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
        let at = |title: &str, row: u32| {
            let column = titles.iter().position(|known| known == title).unwrap();
            range.get_value((row, column as u32)).unwrap().clone()
        };
        assert_eq!(at("Région – code", 2), Data::String("04".to_owned()));
        assert_eq!(at("Emploi – ETP", 1), Data::Float(34.5));
        assert_eq!(at("Thématiques", 1), Data::String("plantes aromatiques|bois local|réemploi".to_owned()));
        assert_eq!(range.height(), 4);
    }

    #[test]
    fn a_row_is_written_once() {
        use std::io::Read;
        let sheet = |records: &[Record]| {
            let mut out = Vec::new();
            let mut workbook = Box::new(Workbook::form(Box::new(&mut out), &Options::default(), &|_| 1).unwrap());
            records.iter().for_each(|record| workbook.record(record).unwrap());
            workbook.finish().unwrap();
            let mut archive = zip::ZipArchive::new(io::Cursor::new(out)).unwrap();
            let mut text = String::new();
            archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let record = Record { name: Some("Arvor".to_owned()), ..Record::default() };
        for records in [&[][..], &[record]] {
            assert_eq!(sheet(records).matches("<row r=\"1\"").count(), 1, "{} records", records.len());
        }
    }

    #[test]
    fn a_formula_stays_a_text() {
        let record = Record { name: Some("=1+1".to_owned()), ..Record::default() };
        assert_eq!(cells(&[record]).get_value((1, 0)), Some(&Data::String("=1+1".to_owned())));
    }

    #[test]
    fn what_a_sheet_cannot_hold_is_an_error() {
        let mut out = Vec::new();
        let mut workbook = Box::new(Workbook::new(Box::new(&mut out), &Options::default()).unwrap());
        workbook.record(&Record { name: Some("é".repeat(40_000)), ..Record::default() }).unwrap();
        assert_eq!(workbook.finish().unwrap_err().kind(), ErrorKind::Limit);
        let options = Options { sheet: "a/b".to_owned(), ..Options::default() };
        assert_eq!(
            Workbook::new(Box::new(io::sink()), &options).err().map(|error| error.kind()),
            Some(ErrorKind::Usage)
        );
    }
}
