//! JSON: one array of records, or one record a line.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

use crate::record::Record;

/// Bytes held before they are written.
const BUFFER: usize = 1 << 16;

/// An array of records, indented by two spaces.
pub(super) struct Json<W: Write> {
    out: BufWriter<W>,
    is_empty: bool,
    /// Indents what stands in the array.
    formatter: PrettyFormatter<'static>,
}

impl<W: Write> Json<W> {
    pub fn new(out: W) -> io::Result<Json<W>> {
        let mut formatter = PrettyFormatter::new();
        formatter.begin_array(&mut io::sink())?;
        Ok(Json { out: BufWriter::with_capacity(BUFFER, out), is_empty: true, formatter })
    }

    pub fn record(&mut self, record: &Record) -> io::Result<()> {
        self.out.write_all(if self.is_empty { b"[\n  " } else { b",\n  " })?;
        self.is_empty = false;
        let mut serializer = Serializer::with_formatter(&mut self.out, self.formatter.clone());
        record.serialize(&mut serializer).map_err(io::Error::from)
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.out.write_all(if self.is_empty { b"[]\n" } else { b"\n]\n" })?;
        self.out.flush()
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

    pub fn record(&mut self, record: &Record) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, record)?;
        self.out.write_all(b"\n")
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use crate::export::tests::{sample, written};
    use crate::record::Record;
    use crate::row::Format;

    #[test]
    fn the_array_is_the_sample_byte_for_byte() {
        let text = String::from_utf8(written(Format::Json, &sample())).unwrap();
        assert_eq!(text, include_str!("../../samples/conforme.json"));
    }

    #[test]
    fn each_line_is_one_record() {
        let text = String::from_utf8(written(Format::Ndjson, &sample())).unwrap();
        let back: Vec<Record> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(back, sample());
    }
}
