//! CSV: the flat form of the records, without loss. UTF-8, commas, quotes as in RFC 4180, line feeds.

use std::io::Write;

use super::flat::{Columns, cell_text};
use super::spool::Spool;
use super::write_error;
use crate::error::{Error, Result};
use crate::record::Record;

/// A CSV file on its way. Its header depends on the longest lists, so it is written at the end.
pub(super) struct Csv<W: Write> {
    out: W,
    columns: Columns,
    records: Spool<Record>,
}

impl<W: Write> Csv<W> {
    pub fn new(out: W) -> Result<Csv<W>> {
        Ok(Csv { out, columns: Columns::new(), records: Spool::new()? })
    }

    pub fn record(&mut self, record: &Record) -> Result<()> {
        self.columns.observe(record);
        self.records.push(record)
    }

    pub fn finish(self) -> Result<()> {
        let columns = self.columns;
        let mut writer = writer(self.out);
        let header = columns.all();
        writer.write_record(header.iter().map(|column| column.key.as_str())).map_err(csv_error)?;
        self.records.replay(|record| {
            columns
                .cells(&record, |part| match part {
                    Some(part) => writer.write_field(cell_text(part).as_ref()),
                    None => writer.write_field(""),
                })
                .and_then(|()| writer.write_record(None::<&[u8]>))
                .map_err(csv_error)
        })?;
        writer.flush().map_err(write_error)
    }
}

/// A writer of the one kind of CSV that we write.
pub(super) fn writer<W: Write>(out: W) -> ::csv::Writer<W> {
    ::csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out)
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
        assert_eq!(text, "nom,thematiques,adresse_code_postal\n\"=1+1, \"\"dit\"\"\r\nligne\",a\\|b|c\\;d,05000\n,,\n");
    }

    #[test]
    fn one_row_a_record() {
        let bytes = written(Format::Csv, &sample());
        let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.records().map(|row| row.unwrap().len()).collect::<std::collections::BTreeSet<_>>().len(), 1);
    }
}
