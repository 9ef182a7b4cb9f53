//! A workbook (xlsx): the flat form of the records under headers that people read.

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, Workbook as Book, XlsxError};

use super::flat::{Columns, cell_text, longest_line};
use super::spool::Spool;
use super::{Options, write_error};
use crate::error::{Error, ErrorKind, Result};
use crate::record::{Number, Part, Record};

/// Rows of a sheet, header included, and columns.
const MAX_ROWS: u64 = 1_048_576;
const MAX_COLUMNS: usize = 16_384;
/// UTF-16 units that a cell can hold.
const MAX_TEXT: usize = 32_767;
/// Characters: a wider column hides its neighbours.
const MAX_WIDTH: usize = 60;
const MIN_WIDTH: usize = 8;
/// Room for the button of the filter.
const PADDING: usize = 3;

/// A workbook on its way. Its header depends on the longest lists, so it is written at the end.
pub(super) struct Workbook<W: Write + Send> {
    out: W,
    sheet: String,
    columns: Columns,
    records: Spool<Record>,
}

impl<W: Write + Send> Workbook<W> {
    pub fn new(out: W, options: &Options) -> Result<Workbook<W>> {
        // The name is tried here, so that a wrong one is told before the work.
        Book::new().add_worksheet().set_name(&options.sheet).map_err(xlsx_error)?;
        Ok(Workbook { out, sheet: options.sheet.clone(), columns: Columns::new(), records: Spool::new()? })
    }

    pub fn record(&mut self, record: &Record) -> Result<()> {
        if self.records.count() + 1 >= MAX_ROWS {
            return Err(limit(
                "plus de 1 048 575 fiches : une feuille de classeur n’a pas tant de lignes",
                "more than 1,048,575 records: a sheet has no more rows",
            ));
        }
        self.columns.observe(record);
        self.records.push(record)
    }

    pub fn finish(self) -> Result<()> {
        let Workbook { out, sheet: name, columns, records } = self;
        let header = columns.all();
        if header.len() > MAX_COLUMNS {
            return Err(limit(
                format!("{} colonnes : une feuille de classeur n’en a que 16 384", header.len()),
                format!("{} columns: a sheet has 16,384 at most", header.len()),
            ));
        }
        let last_column = header.len().saturating_sub(1) as u16;
        let last_row = records.count() as u32;
        let mut book = Book::new();
        // The date stands in the file; with today's, no two exports would be the same. This is the day when the
        // first laureates were announced.
        let date = ExcelDateTime::from_ymd(2014, 1, 10).map_err(xlsx_error)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&date));
        let bold = CellFormat::new().set_bold();
        let sheet = book.add_worksheet_with_constant_memory().map_err(xlsx_error)?;
        sheet.set_name(name).map_err(xlsx_error)?;
        sheet.set_freeze_panes(1, 0).map_err(xlsx_error)?;
        sheet.autofilter(0, 0, last_row, last_column).map_err(xlsx_error)?;
        for (column, place) in header.iter().zip(0..) {
            let width = column.width.max(longest_line(&column.title)) + PADDING;
            sheet.set_column_width(place, width.clamp(MIN_WIDTH, MAX_WIDTH) as f64).map_err(xlsx_error)?;
            sheet.write_string_with_format(0, place, &column.title, &bold).map_err(xlsx_error)?;
        }
        let mut row = 0;
        records.replay(|record| {
            row += 1;
            let mut place = 0;
            columns.cells(&record, |part| {
                let column = place;
                place += 1;
                let Some(part) = part else { return Ok(()) };
                match part {
                    Part::Number(number) if is_exact(number) => {
                        sheet.write_number(row, column, number.as_f64().unwrap_or_default())
                    }
                    // Always as text: a postal code keeps its zeros, and nothing becomes a formula.
                    part => {
                        let text = cell_text(part);
                        if text.encode_utf16().count() > MAX_TEXT {
                            return Err(too_long(&header[usize::from(column)].title, row));
                        }
                        sheet.write_string(row, column, text)
                    }
                }
                .map(|_| ())
                .map_err(xlsx_error)
            })
        })?;
        let mut once = FailsOnce { out, has_failed: false };
        book.save_to_writer(&mut once).map_err(xlsx_error)?;
        once.flush().map_err(write_error)
    }
}

/// After a failure, the zip crate tries once more to end its archive, and prints to the standard error that it cannot.
/// The first failure is ours to tell; the rest goes nowhere.
struct FailsOnce<W: Write> {
    out: W,
    has_failed: bool,
}

impl<W: Write> Write for FailsOnce<W> {
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

/// Whether the number survives in a cell, which holds a binary fraction of 64 bits.
fn is_exact(number: &Number) -> bool {
    match (number.as_u64(), number.as_i64()) {
        (None, None) => number.as_f64().is_some_and(f64::is_finite),
        (unsigned, signed) => unsigned.or(signed.map(i64::unsigned_abs)).is_some_and(|size| size <= 1 << 53),
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
            "nom de feuille refusé : 1 à 31 caractères, sans [ ] : * ? / \\ et sans apostrophe au début ni à la fin",
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
    fn a_formula_stays_a_text() {
        let record = Record { name: Some("=1+1".to_owned()), ..Record::default() };
        assert_eq!(cells(&[record]).get_value((1, 0)), Some(&Data::String("=1+1".to_owned())));
    }

    #[test]
    fn what_a_sheet_cannot_hold_is_an_error() {
        let mut out = Vec::new();
        let mut workbook = Workbook::new(&mut out, &Options::default()).unwrap();
        workbook.record(&Record { name: Some("é".repeat(40_000)), ..Record::default() }).unwrap();
        assert_eq!(workbook.finish().unwrap_err().kind(), ErrorKind::Limit);
        let options = Options { sheet: "a/b".to_owned(), ..Options::default() };
        assert_eq!(Workbook::new(io::sink(), &options).err().map(|error| error.kind()), Some(ErrorKind::Usage));
    }
}
