//! Bytes of all records, one kind of them after the other, in a scratch file; the numbers among them that come twice.

use std::io::{Read, Seek, SeekFrom, Write};

use super::details::number;
use crate::error::Result;
use crate::scratch::{self, scratch};

/// Bytes that a scratch file holds in memory before it goes to the disk.
const HELD_BYTES: usize = 1 << 20;

/// Bytes that are written one after the other and looked up later.
pub(super) struct Column {
    file: scratch::Scratch,
    pub(super) length: u64,
}

impl Column {
    pub(super) fn new() -> Column {
        Column { file: scratch(HELD_BYTES), length: 0 }
    }

    /// Writes bytes behind the others.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.length += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|error| scratch::failed(&error))
    }

    /// Reads the bytes from `start` on.
    pub(super) fn read(&mut self, start: u64, bytes: &mut [u8]) -> Result<()> {
        self.file
            .seek(SeekFrom::Start(start))
            .and_then(|_| self.file.read_exact(bytes))
            .map_err(|error| scratch::failed(&error))
    }

    /// Shows each of the numbers that it holds, with its index.
    fn each_number(&mut self, mut each: impl FnMut(u64, u64)) -> Result<()> {
        const CHUNK: u64 = 64 << 10;
        let (mut chunk, mut start) = (Vec::new(), 0);
        while start < self.length {
            chunk.resize((self.length - start).min(CHUNK) as usize, 0);
            self.read(start, &mut chunk)?;
            let mut numbers = chunk.as_slice();
            for index in start / 8..(start + chunk.len() as u64) / 8 {
                each(index, number::<8>(&mut numbers));
            }
            start += chunk.len() as u64;
        }
        Ok(())
    }

    /// The records, by their indexes, whose key an earlier one has, each after the first that has it. Only the keys of one
    /// part among several are looked at.
    pub(super) fn repeated(&mut self, part: u64, parts: u64) -> Result<Vec<(u64, u64)>> {
        // A first look finds the keys that may come twice: those whose bit is set already. Most have no twin, and only
        // those that may have one are sorted.
        let slots = (self.length / 8 / parts * 16).clamp(64, 1 << 25).next_power_of_two();
        let (mut once, mut twice) = (Bits::new(slots), Bits::new(slots));
        let is_of_part = |key: u64| key != 0 && key % parts == part;
        self.each_number(|_, key| {
            if is_of_part(key) && once.insert(key >> 16) {
                twice.insert(key >> 16);
            }
        })?;
        let mut keys = Vec::new();
        self.each_number(|index, key| {
            if is_of_part(key) && twice.contains(key >> 16) {
                keys.push((key, index));
            }
        })?;
        keys.sort_unstable();
        let mut repeated: Vec<(u64, u64)> = keys
            .chunk_by(|a, b| a.0 == b.0)
            .flat_map(|group| group[1..].iter().map(|(_, later)| (group[0].1, *later)))
            .collect();
        repeated.sort_unstable_by_key(|(_, later)| *later);
        Ok(repeated)
    }
}

/// A set of slots, a bit each.
struct Bits {
    bits: Vec<u64>,
    mask: u64,
}

impl Bits {
    fn new(slots: u64) -> Bits {
        Bits { bits: vec![0; (slots / 64) as usize], mask: slots - 1 }
    }

    /// Sets the slot of a number; answers whether it was set.
    fn insert(&mut self, number: u64) -> bool {
        let was = self.contains(number);
        let slot = number & self.mask;
        self.bits[(slot / 64) as usize] |= 1 << (slot % 64);
        was
    }

    fn contains(&self, number: u64) -> bool {
        let slot = number & self.mask;
        self.bits[(slot / 64) as usize] & (1 << (slot % 64)) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::hash;
    use super::*;

    #[test]
    fn keys_on_disk_are_found_like_those_in_memory() {
        // Enough keys to go to files; each 10,000th comes back once, and those of one part are those of another.
        let count: u64 = 600_000;
        let mut column = Column::new();
        let repeated: Vec<u64> = (1..=count).step_by(10_000).collect();
        for key in (1..=count).chain(repeated.iter().copied()) {
            column.push(&hash(0, &key.to_le_bytes()).to_le_bytes()).unwrap();
        }
        assert!(column.file.is_rolled(), "the keys were to be too many for memory");
        let expected: Vec<(u64, u64)> = repeated.iter().map(|key| key - 1).zip(count..).collect();
        for parts in [1, 7] {
            let mut found: Vec<(u64, u64)> =
                (0..parts).flat_map(|part| column.repeated(part, parts).unwrap()).collect();
            found.sort_unstable();
            assert_eq!(found, expected);
        }
    }
}
