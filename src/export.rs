//! Records written: JSON, NDJSON, CSV, XML, workbooks, and the open-data package.
//!
//! A format is one file of this folder and one variant of [`Exporter`]. Records stream through it; the formats that
//! must know the longest list before they can write a header spool the records on disk first.

mod csv;
mod flat;
mod json;
pub mod open_data;
mod spool;
mod tables;
mod workbook;
pub(crate) mod xml;

use std::io::{self, Write};

use crate::error::{Error, ErrorKind, Result};
use crate::record::Record;
use crate::row::Format;
use crate::run::{self, Encode, Event};
use crate::settings::Profile;

/// What can be chosen about a file.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the sheet of a workbook.
    pub sheet: String,
    /// Whom a CSV file is for.
    pub csv: CsvReader,
    /// The profile whose required fields a workbook marks.
    pub profile: Profile,
    /// What else a workbook holds.
    pub sheets: Vec<PlainSheet>,
}

/// A sheet of a workbook beside that of the records: a table of texts for people, below a line that says what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlainSheet {
    /// Its name.
    pub name: String,
    /// The text of its first cell.
    pub first_line: String,
    /// The titles of its columns, with their widths in characters.
    pub columns: Vec<(String, u16)>,
    /// Its cells; a row may be shorter than the titles.
    pub rows: Vec<Vec<String>>,
}

impl Default for Options {
    fn default() -> Options {
        Options { sheet: "PTCE".to_owned(), csv: CsvReader::default(), profile: Profile::default(), sheets: Vec::new() }
    }
}

/// What a CSV file will be opened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CsvReader {
    /// Programs: RFC 4180 with line feeds, commas, UTF-8 without a mark, decimal points.
    #[default]
    Programs,
    /// A French Excel, by a double click: semicolons, CR LF, UTF-8 with a byte order mark, decimal commas.
    FrenchExcel,
}

/// Writes records to one file.
///
/// Nothing is complete before [`finish`](Exporter::finish).
pub struct Exporter<'a> {
    writer: Box<dyn Writer + 'a>,
}

/// Where the bytes of a file go: one type, so that each format is compiled once and not for each writer it is given.
type Out<'a> = Box<dyn Write + Send + 'a>;

/// What writes one format.
trait Writer {
    /// Adds a record.
    fn record(&mut self, record: &Record) -> Result<()>;

    /// How records become bytes, where they do so one by one; each can then be encoded on any thread.
    fn encode(&self) -> Option<Encode> {
        None
    }

    /// Adds records as [`encode`](Writer::encode) made them.
    fn append(&mut self, records: &[u8]) -> Result<()> {
        debug_assert!(records.is_empty(), "these records were encoded by another format");
        Ok(())
    }

    /// Completes the file.
    fn finish(self: Box<Self>) -> Result<()>;
}

impl<'a> Exporter<'a> {
    /// Starts a file of `format` in `out`, which need not be buffered.
    ///
    /// # Errors
    /// When `format` is one that is only read ([`Format::is_written`]).
    pub fn new(format: Format, out: impl Write + Send + 'a, options: &Options) -> Result<Exporter<'a>> {
        let out: Out<'a> = Box::new(out);
        let writer: Box<dyn Writer + 'a> = match format {
            Format::Json => Box::new(json::Json::new(out)),
            Format::Ndjson => Box::new(json::Ndjson::new(out)),
            Format::Csv => Box::new(csv::Csv::new(out, options.csv)?),
            Format::Xml => Box::new(xml::Xml::new(out).map_err(write_error)?),
            Format::Xlsx => Box::new(workbook::Workbook::new(out, options)?),
            Format::Tables => Box::new(tables::Tables::new(out)?),
            _ => return Err(read_only(format)),
        };
        Ok(Exporter { writer })
    }

    /// Starts an entry form in `out`: a table with a column for every field that people fill in, for people to fill in.
    ///
    /// # Errors
    /// When `format` is not that of a table.
    pub fn form(format: Format, out: impl Write + Send + 'a, options: &Options) -> Result<Exporter<'a>> {
        let out: Out<'a> = Box::new(out);
        let writer: Box<dyn Writer + 'a> = match format {
            Format::Csv => Box::new(csv::Csv::form(out, options.csv, &form_elements)?),
            Format::Xlsx => Box::new(workbook::Workbook::form(out, options, &form_elements)?),
            _ => {
                return Err(Error::new(
                    ErrorKind::Usage,
                    "un formulaire est un tableau : un classeur ou un CSV",
                    "a form is a table: a workbook or CSV",
                ));
            }
        };
        Ok(Exporter { writer })
    }

    /// Writes an entry form of one record into `out`, a workbook: upright, printed on two pages, with what people fill in alone.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn upright_form(out: impl Write + Send, options: &Options) -> Result<()> {
        workbook::upright_form(Box::new(out), options)
    }

    /// Adds a record.
    pub fn record(&mut self, record: &Record) -> Result<()> {
        self.writer.record(record)
    }

    /// What to ask of a run whose records are written here, besides what `options` ask; its events go to
    /// [`add`](Exporter::add).
    pub fn asking(&self, options: run::Options) -> run::Options {
        let encode = self.writer.encode();
        run::Options { records: encode.is_none(), encode, ..options }
    }

    /// Adds the records of an event, if there are any.
    pub fn add(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Record(entry, _) => self.writer.record(&entry.into_record()),
            Event::Encoded(records) => self.writer.append(&records),
            Event::Findings(_) | Event::Assessed(_) | Event::Unpublishable(..) => Ok(()),
        }
    }

    /// Completes the file.
    pub fn finish(self) -> Result<()> {
        self.writer.finish()
    }
}

/// The error of a format that is only read.
fn read_only(format: Format) -> Error {
    Error::new(
        ErrorKind::Usage,
        format!(
            "le format .{} est lu, mais pas écrit ; choisissez json, ndjson, csv, xml, xlsx ou tables",
            format.name()
        ),
        format!("the format .{} is read but not written; choose json, ndjson, csv, xml, xlsx or tables", format.name()),
    )
}

/// How many elements of a list an entry form has room for. Whoever has more adds columns: `Partenaire 11 – nom`.
fn form_elements(key: &str) -> usize {
    if key == "partenaires" { 10 } else { 3 }
}

/// The output could not be written. Its name is the caller's to add: only the caller knows it.
pub(crate) fn write_error(error: io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("écriture impossible : {error}"), format!("cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn sample() -> Vec<Record> {
        serde_json::from_str(include_str!("../samples/conforme.json")).unwrap()
    }

    pub(super) fn written(format: Format, records: &[Record]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut exporter = Exporter::new(format, &mut out, &Options::default()).unwrap();
        for record in records {
            exporter.record(record).unwrap();
        }
        exporter.finish().unwrap();
        out
    }

    const FORMATS: [Format; 6] = [Format::Json, Format::Ndjson, Format::Csv, Format::Xml, Format::Xlsx, Format::Tables];

    #[test]
    fn the_same_records_give_the_same_bytes() {
        for format in FORMATS {
            assert_eq!(written(format, &sample()), written(format, &sample()), "{format:?}");
        }
    }

    #[test]
    fn no_record_gives_a_well_formed_file() {
        assert_eq!(written(Format::Json, &[]), b"[]\n");
        assert_eq!(written(Format::Ndjson, &[]), b"");
        assert_eq!(written(Format::Csv, &[]), b"nom\n");
        assert_eq!(written(Format::Xml, &[]), b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ptces>\n</ptces>\n");
        assert!(written(Format::Xlsx, &[]).starts_with(b"PK"));
        assert!(written(Format::Tables, &[]).starts_with(b"PK"));
    }

    #[test]
    fn an_output_that_fails_is_an_error() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::Error::other("full"))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for format in FORMATS {
            let outcome = Exporter::new(format, Full, &Options::default()).and_then(|mut exporter| {
                exporter.record(&sample()[0])?;
                exporter.finish()
            });
            assert_eq!(outcome.map_err(|error| error.kind()), Err(ErrorKind::Io), "{format:?}");
        }
    }
}
