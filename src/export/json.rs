//! JSON: one array of records, or one record a line.

use std::io::{self, BufWriter, Write};

use serde::{Serialize, Serializer};
use serde_json::ser::{Formatter, PrettyFormatter};

use super::{Writer, write_error};
use crate::error::Result;
use crate::record::{Group, Part, Record};
use crate::run::Encode;

/// Bytes held before they are written.
const BUFFER: usize = 1 << 16;

/// An array of records, indented by two spaces.
pub(super) struct Json<W: Write> {
    out: BufWriter<W>,
    is_empty: bool,
}

impl<W: Write> Json<W> {
    pub fn new(out: W) -> Json<W> {
        Json { out: BufWriter::with_capacity(BUFFER, out), is_empty: true }
    }
}

/// A record as an element of the array, with a comma before it.
fn element(record: &dyn Group, out: &mut Vec<u8>) -> Result<()> {
    out.extend_from_slice(b",\n  ");
    // It stands in an array already.
    let mut formatter = PrettyFormatter::new();
    formatter.begin_array(&mut io::sink()).map_err(write_error)?;
    let mut serializer = serde_json::Serializer::with_formatter(out, formatter);
    Value(Part::Group(record)).serialize(&mut serializer).map_err(|error| write_error(error.into()))
}

impl<W: Write> Writer for Json<W> {
    fn record(&mut self, record: &Record) -> Result<()> {
        let mut bytes = Vec::new();
        element(record, &mut bytes)?;
        self.append(&bytes)
    }

    fn encode(&self) -> Option<Encode> {
        Some(element)
    }

    fn append(&mut self, records: &[u8]) -> Result<()> {
        let records = match records {
            // The first element has no comma.
            [_, records @ ..] if self.is_empty => {
                self.is_empty = false;
                self.out.write_all(b"[").map_err(write_error)?;
                records
            }
            records => records,
        };
        self.out.write_all(records).map_err(write_error)
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        let end: &[u8] = if self.is_empty { b"[]\n" } else { b"\n]\n" };
        self.out.write_all(end).and_then(|()| self.out.flush()).map_err(write_error)
    }
}

/// One record a line.
pub(super) struct Ndjson<W: Write> {
    out: BufWriter<W>,
}

impl<W: Write> Ndjson<W> {
    pub fn new(out: W) -> Ndjson<W> {
        Ndjson { out: BufWriter::with_capacity(BUFFER, out) }
    }
}

fn line(record: &dyn Group, out: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(&mut *out, &Value(Part::Group(record))).map_err(|error| write_error(error.into()))?;
    out.push(b'\n');
    Ok(())
}

impl<W: Write> Writer for Ndjson<W> {
    fn record(&mut self, record: &Record) -> Result<()> {
        let mut bytes = Vec::new();
        line(record, &mut bytes)?;
        self.append(&bytes)
    }

    fn encode(&self) -> Option<Encode> {
        Some(line)
    }

    fn append(&mut self, records: &[u8]) -> Result<()> {
        self.out.write_all(records).map_err(write_error)
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.out.flush().map_err(write_error)
    }
}

/// A part of a record, whatever kind of texts it has. Absent values are left out.
struct Value<'a>(Part<'a>);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0 {
            Part::Text(text) => serializer.serialize_str(text),
            Part::Number(number) => number.serialize(serializer),
            // A list keeps the place of an element that has no value.
            Part::List(list) => serializer.collect_seq((0..list.count()).map(|index| Element(list.element(index)))),
            Part::Group(group) => {
                let keys = group.keys().iter().enumerate();
                serializer.collect_map(keys.filter_map(|(rank, key)| Some((key, Value(group.part_at(rank)?)))))
            }
        }
    }
}

struct Element<'a>(Option<Part<'a>>);

impl Serialize for Element<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0 {
            Some(part) => Value(part).serialize(serializer),
            None => serializer.collect_map(std::iter::empty::<((), ())>()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::export::tests::{sample, written};
    use crate::record::{Contact, Record};
    use crate::row::Format;

    #[test]
    fn the_array_is_the_sample_byte_for_byte() {
        let text = String::from_utf8(written(Format::Json, &sample())).unwrap();
        assert_eq!(text, include_str!("../../samples/conforme.json"));
    }

    #[test]
    fn a_record_is_written_as_it_is_read() {
        let mut record = sample().remove(0);
        record.contacts.push(Contact::default());
        let text = String::from_utf8(written(Format::Ndjson, std::slice::from_ref(&record))).unwrap();
        assert_eq!(text, format!("{}\n", serde_json::to_string(&record).unwrap()));
    }

    #[test]
    fn each_line_is_one_record() {
        let text = String::from_utf8(written(Format::Ndjson, &sample())).unwrap();
        let back: Vec<Record> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(back, sample());
    }
}
