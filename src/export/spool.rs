//! Bytes set aside in a temporary file, to be read again once all of them are known.

use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use crate::error::{Error, ErrorKind, Result};
use crate::scratch::{Scratch, scratch};

/// Bytes held in memory.
const HELD_BYTES: usize = 1 << 20;
/// Bytes written or read at a time.
const BUFFER: usize = 1 << 16;

/// Values, as bytes, in a file that has no name and vanishes with this.
pub(super) struct Spool {
    file: BufWriter<Scratch>,
    count: u64,
    length: u64,
}

/// Where a value stands in a spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    start: u64,
    /// In bytes.
    length: u32,
}

impl Spool {
    pub fn new() -> Result<Spool> {
        Ok(Spool { file: BufWriter::with_capacity(BUFFER, scratch(HELD_BYTES)), count: 0, length: 0 })
    }

    /// How many values it holds.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Adds a value; answers where it stands, for [`replay_at`](Spool::replay_at).
    pub fn push(&mut self, value: &[u8]) -> Result<Slot> {
        let length = u32::try_from(value.len()).map_err(io::Error::other).map_err(spool_error)?;
        let written = self.file.write_all(&length.to_le_bytes()).and_then(|()| self.file.write_all(value));
        written.map_err(spool_error)?;
        let slot = Slot { start: self.length + 4, length };
        self.length = slot.start + u64::from(length);
        self.count += 1;
        Ok(slot)
    }

    /// Gives the values back, in their order.
    pub fn replay(self, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let count = self.count;
        let mut reader = BufReader::with_capacity(BUFFER, self.rewound()?);
        let (mut length, mut value) = ([0; 4], Vec::new());
        for _ in 0..count {
            reader.read_exact(&mut length).map_err(spool_error)?;
            value.resize(u32::from_le_bytes(length) as usize, 0);
            reader.read_exact(&mut value).map_err(spool_error)?;
            each(&value)?;
        }
        Ok(())
    }

    /// Gives the values back that stand in `slots`, in the order of these.
    pub fn replay_at(self, slots: impl Iterator<Item = Slot>, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        // A buffer would be filled for each value, and thrown away for the next.
        let mut file = self.rewound()?;
        let mut value = Vec::new();
        for Slot { start, length } in slots {
            value.resize(length as usize, 0);
            file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut value)).map_err(spool_error)?;
            each(&value)?;
        }
        Ok(())
    }

    fn rewound(self) -> Result<Scratch> {
        let mut file = self.file.into_inner().map_err(|error| spool_error(error.into_error()))?;
        file.rewind().map_err(spool_error)?;
        Ok(file)
    }
}

/// The error of a temporary file.
pub(super) fn spool_error(error: io::Error) -> Error {
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

    #[test]
    fn values_come_back_unchanged() {
        let values: Vec<Vec<u8>> = (0..3_000_u32).map(|rank| rank.to_le_bytes().repeat(rank as usize % 300)).collect();
        let spool = || {
            let mut spool = Spool::new().unwrap();
            let slots: Vec<Slot> = values.iter().map(|value| spool.push(value).unwrap()).collect();
            assert_eq!(spool.count(), 3_000);
            (spool, slots)
        };
        let (mut forwards, mut backwards) = (Vec::new(), Vec::new());
        spool()
            .0
            .replay(|value| {
                forwards.push(value.to_owned());
                Ok(())
            })
            .unwrap();
        assert_eq!(forwards, values);
        let (spool, slots) = spool();
        spool
            .replay_at(slots.into_iter().rev(), |value| {
                backwards.push(value.to_owned());
                Ok(())
            })
            .unwrap();
        backwards.reverse();
        assert_eq!(backwards, values);
    }
}
