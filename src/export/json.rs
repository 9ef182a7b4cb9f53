//! JSON: one array of records, or one record a line.

use std::io::{self, BufWriter, Write};

use crate::record::Record;

/// An array of records, indented by two spaces.
pub(super) struct Json<W: Write> {
    out: BufWriter<W>,
    is_empty: bool,
    buffer: Vec<u8>,
}

impl<W: Write> Json<W> {
    pub fn new(out: W) -> Json<W> {
        Json { out: BufWriter::new(out), is_empty: true, buffer: Vec::new() }
    }

    pub fn record(&mut self, record: &Record) -> io::Result<()> {
        self.out.write_all(if self.is_empty { b"[" } else { b"," })?;
        self.is_empty = false;
        self.buffer.clear();
        serde_json::to_writer_pretty(&mut self.buffer, record)?;
        // A line break inside a text is escaped in JSON: these are the breaks between values.
        for line in self.buffer.split(|byte| *byte == b'\n') {
            self.out.write_all(b"\n  ")?;
            self.out.write_all(line)?;
        }
        Ok(())
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
        Ndjson { out: BufWriter::new(out) }
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
