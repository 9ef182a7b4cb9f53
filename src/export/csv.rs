//! CSV: the flat form of the records, without loss. UTF-8, quotes as in RFC 4180; commas and line feeds, or what a French
//! Excel expects; no cell is one that a spreadsheet would run.

use std::borrow::Cow;
use std::io::Write;

use super::flat::{Cell, Columns, Rows};
use super::{CsvReader, Out, Writer, write_error};
use crate::error::{Error, ErrorKind, Result};
use crate::record::Record;
use crate::text::formula::harmless;

/// A CSV file on its way. Its header depends on the longest lists, so it is written at the end.
pub(super) struct Csv<'a> {
    out: Out<'a>,
    reader: CsvReader,
    rows: Rows,
}

impl<'a> Csv<'a> {
    pub fn new(out: Out<'a>, reader: CsvReader) -> Result<Csv<'a>> {
        Ok(Csv { out, reader, rows: Rows::new(Columns::new())? })
    }

    /// An entry form: the header alone, with room for `elements` elements of each list.
    pub fn form(out: Out<'a>, reader: CsvReader, elements: &impl Fn(&str) -> usize) -> Result<Csv<'a>> {
        Ok(Csv { out, reader, rows: Rows::new(Columns::form(elements))? })
    }
}

impl Writer for Csv<'_> {
    fn record(&mut self, record: &Record) -> Result<()> {
        self.rows.push(record, |_, _| {})
    }

    fn finish(self: Box<Self>) -> Result<()> {
        let Csv { mut out, reader, rows } = *self;
        let mut builder = builder();
        if reader == CsvReader::FrenchExcel {
            out.write_all("\u{feff}".as_bytes()).map_err(write_error)?;
            builder.delimiter(b';').terminator(::csv::Terminator::CRLF);
        }
        let mut writer = builder.from_writer(out);
        let header = rows.columns();
        writer.write_record(header.iter().map(|column| column.key.as_str())).map_err(csv_error)?;
        let mut row = 0;
        rows.replay(|cells| {
            row += 1;
            for (column, cell) in header.iter().zip(cells) {
                match cell {
                    // Excel takes 12.5 for the 12th of May where commas are the decimal sign.
                    Some(Cell { text, is_number: true }) if reader == CsvReader::FrenchExcel => {
                        writer.write_field(text.replace('.', ","))
                    }
                    Some(cell) => writer.write_field(&*text(cell.text, row, &column.key)?),
                    None => writer.write_field(""),
                }
                .map_err(csv_error)?;
            }
            writer.write_record(None::<&[u8]>).map_err(csv_error)
        })?;
        writer.flush().map_err(write_error)
    }
}

/// A text as a cell that no spreadsheet runs.
///
/// # Errors
/// When no CSV can hold it; `record` and `column` are then told.
pub(super) fn text<'a>(text: &'a str, record: u64, column: &str) -> Result<Cow<'a, str>> {
    match memchr::memchr(0, text.as_bytes()) {
        Some(_) => Err(nul(record, column)),
        None => Ok(harmless(Cow::Borrowed(text))),
    }
}

/// No reader of CSV takes a NUL for text, ours included.
fn nul(record: u64, column: &str) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!(
            "fiche {record}, {column} : le CSV ne peut contenir le caractère nul U+0000 ; retirez-le de la source, ou \
             exportez en JSON"
        ),
        format!(
            "record {record}, {column}: CSV cannot hold the NUL character U+0000; remove it from the source, or export to \
             JSON"
        ),
    )
}

fn builder() -> ::csv::WriterBuilder {
    let mut builder = ::csv::WriterBuilder::new();
    builder.buffer_capacity(1 << 16);
    builder
}

/// A writer of CSV for programs into what gathers bytes itself.
pub(super) fn writer<W: Write>(out: W) -> ::csv::Writer<W> {
    ::csv::Writer::from_writer(out)
}

pub(super) fn csv_error(error: ::csv::Error) -> Error {
    write_error(error.into())
}

#[cfg(test)]
mod tests {
    use crate::export::tests::{sample, written};
    use crate::record::Record;
    use crate::row::Format;

    #[test]
    fn values_are_faithful() {
        let mut record = Record { name: Some("=1+1, \"dit\"\r\nligne".to_owned()), ..Record::default() };
        record.themes = vec!["a|b".to_owned(), "c;d".to_owned()];
        record.address.postal_code = Some("05000".to_owned());
        let text = String::from_utf8(written(Format::Csv, &[record, Record::default()])).unwrap();
        assert_eq!(
            text,
            "nom,thematiques,adresse_code_postal\n\"'=1+1, \"\"dit\"\"\r\nligne\",a\\|b|c\\;d,05000\n,,\n"
        );
    }

    #[test]
    fn one_row_a_record() {
        let bytes = written(Format::Csv, &sample());
        let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.records().map(|row| row.unwrap().len()).collect::<std::collections::BTreeSet<_>>().len(), 1);
    }
}
