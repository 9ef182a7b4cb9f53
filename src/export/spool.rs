//! Records set aside in a temporary file, to be read again once all of them are known.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::scratch::{Scratch, scratch};

/// Bytes of records held in memory.
const HELD_BYTES: usize = 1 << 20;

/// Values of one kind, one JSON line each, in a file that has no name and vanishes with this.
pub(super) struct Spool<T> {
    file: BufWriter<Scratch>,
    count: u64,
    length: u64,
    line: Vec<u8>,
    kind: PhantomData<fn(T)>,
}

/// Where a value stands in a spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    start: u64,
    /// In bytes.
    length: usize,
}

impl<T: Serialize + DeserializeOwned> Spool<T> {
    pub fn new() -> Result<Spool<T>> {
        let file = BufWriter::new(scratch(HELD_BYTES));
        Ok(Spool { file, count: 0, length: 0, line: Vec::new(), kind: PhantomData })
    }

    /// How many values it holds.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Adds a value; answers where it stands, for [`replay_at`](Spool::replay_at).
    pub fn push(&mut self, value: &T) -> Result<Slot> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, value).map_err(io::Error::from).map_err(spool_error)?;
        self.line.push(b'\n');
        self.file.write_all(&self.line).map_err(spool_error)?;
        let slot = Slot { start: self.length, length: self.line.len() };
        self.length += slot.length as u64;
        self.count += 1;
        Ok(slot)
    }

    /// Gives the values back, in their order.
    pub fn replay(self, mut each: impl FnMut(T) -> Result<()>) -> Result<()> {
        let count = self.count;
        let mut reader = self.reader()?;
        let mut line = Vec::new();
        for _ in 0..count {
            each(next(&mut reader, &mut line)?)?;
        }
        Ok(())
    }

    /// Gives the values back that stand in `slots`, in the order of these.
    pub fn replay_at(self, slots: impl Iterator<Item = Slot>, mut each: impl FnMut(T) -> Result<()>) -> Result<()> {
        // A buffer would be filled for each value, and thrown away for the next.
        let mut file = self.reader()?.into_inner();
        let mut line = Vec::new();
        for Slot { start, length } in slots {
            line.resize(length, 0);
            file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut line)).map_err(spool_error)?;
            each(parse(&line)?)?;
        }
        Ok(())
    }

    fn reader(self) -> Result<BufReader<Scratch>> {
        let mut file = self.file.into_inner().map_err(|error| spool_error(error.into_error()))?;
        file.rewind().map_err(spool_error)?;
        Ok(BufReader::new(file))
    }
}

fn next<T: DeserializeOwned>(reader: &mut BufReader<Scratch>, line: &mut Vec<u8>) -> Result<T> {
    line.clear();
    reader.read_until(b'\n', line).map_err(spool_error)?;
    parse(line)
}

fn parse<T: DeserializeOwned>(line: &[u8]) -> Result<T> {
    serde_json::from_slice(line).map_err(io::Error::from).map_err(spool_error)
}

fn spool_error(error: io::Error) -> Error {
    Error::new(
        ErrorKind::Io,
        format!(
            "le fichier temporaire ne peut être écrit ou relu ({error}) ; faites de la place ou choisissez un autre dossier avec TMPDIR"
        ),
        format!(
            "the temporary file cannot be written or read back ({error}); free some space or choose another folder with TMPDIR"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn records_come_back_unchanged() {
        let mut records = crate::export::tests::sample();
        records[0].project.summary = Some("deux\r\nlignes\u{2028}et \"guillemets\"".to_owned());
        records[1].employment.full_time_equivalents = crate::record::Number::from_f64(0.1 + 0.2);
        records.push(Record::default());
        let mut spool = Spool::new().unwrap();
        for record in &records {
            spool.push(record).unwrap();
        }
        let mut back: Vec<Record> = Vec::new();
        spool
            .replay(|record| {
                back.push(record);
                Ok(())
            })
            .unwrap();
        assert_eq!(back, records);
    }
}
