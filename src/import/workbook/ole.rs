//! Compound files, in which .xls workbooks and encrypted workbooks come: named streams made of chained sectors.

use std::io::{Read, Seek, SeekFrom};

use super::{damaged, unreadable};
use crate::error::{Error, Result};

/// Numbers from this one on are no sectors but the end of a chain, a free sector and the like.
const FIRST_MARK: u32 = 0xFFFF_FFFA;
/// A stream shorter than this lies in the small sectors.
const SMALL_STREAM: u64 = 4096;
const SMALL_SECTOR: usize = 64;
const ENTRY: usize = 128;
/// Entries of the directory that are looked at: a workbook has a few dozen, with its macros.
const MAX_ENTRIES: usize = 10_000;

struct Entry {
    name: String,
    start: u32,
    size: u64,
    is_root: bool,
}

/// A compound file whose directory has been read.
pub(super) struct CompoundFile<'a, R> {
    source: &'a mut R,
    sector_size: usize,
    /// The sector that follows each one.
    next: Vec<u32>,
    small_start: u32,
    entries: Vec<Entry>,
}

impl<'a, R: Read + Seek> CompoundFile<'a, R> {
    pub fn open(source: &'a mut R) -> Result<CompoundFile<'a, R>> {
        let length = source.seek(SeekFrom::End(0)).map_err(|error| unreadable(&error))?;
        source.seek(SeekFrom::Start(0)).map_err(|error| unreadable(&error))?;
        let mut header = [0; 512];
        source.read_exact(&mut header).map_err(|_| cut())?;
        let sector_size = match u16_at(&header, 30) {
            9 => 512,
            12 => 4096,
            _ => return Err(broken()),
        };
        let sectors = usize::try_from(length / sector_size as u64).map_err(|_| broken())?;
        let mut file = CompoundFile {
            source,
            sector_size,
            next: Vec::new(),
            small_start: u32_at(&header, 60),
            entries: Vec::new(),
        };
        // The first 109 sectors of the table of sectors are named in the header, the others in sectors of their own.
        let mut tables: Vec<u32> = header[76..].chunks_exact(4).map(|bytes| u32_at(bytes, 0)).collect();
        let mut more = u32_at(&header, 68);
        while more < FIRST_MARK {
            let sector = file.sector(more)?;
            tables.extend(sector.chunks_exact(4).map(|bytes| u32_at(bytes, 0)));
            more = tables.pop().unwrap_or(FIRST_MARK);
            if tables.len() > sectors + 109 {
                return Err(broken());
            }
        }
        for table in tables.into_iter().filter(|table| *table < FIRST_MARK) {
            let sector = file.sector(table)?;
            file.next.extend(sector.chunks_exact(4).map(|bytes| u32_at(bytes, 0)));
            if file.next.len() > sectors + sector_size {
                return Err(broken());
            }
        }
        let directory = file.chain(u32_at(&header, 48), (MAX_ENTRIES * ENTRY) as u64)?;
        file.entries = directory.chunks_exact(ENTRY).map(|entry| entry_of(entry, sector_size)).collect();
        Ok(file)
    }

    /// Whether there is a stream or a folder of that name.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream: no more than the file has, whatever it says.
    pub fn stream(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some((start, size)) = self.find(name).map(|entry| (entry.start, entry.size)) else { return Ok(None) };
        if size >= SMALL_STREAM {
            return self.chain(start, size).map(Some);
        }
        let root = self.entries.iter().find(|entry| entry.is_root).map(|entry| (entry.start, entry.size));
        let Some((root_start, root_size)) = root else { return Err(broken()) };
        let small = self.chain(root_start, root_size)?;
        let table = self.chain(self.small_start, (root_size / SMALL_SECTOR as u64 + 1) * 4)?;
        let mut bytes = Vec::new();
        let mut sector = start as usize;
        while (bytes.len() as u64) < size {
            let from = sector * SMALL_SECTOR;
            bytes.extend_from_slice(small.get(from..from + SMALL_SECTOR).ok_or_else(cut)?);
            sector = table.get(sector * 4..sector * 4 + 4).map(|bytes| u32_at(bytes, 0)).ok_or_else(cut)? as usize;
        }
        bytes.truncate(size as usize);
        Ok(Some(bytes))
    }

    /// What a chain of sectors holds, up to a size. A chain that turns in a circle is longer than the file.
    fn chain(&mut self, start: u32, size: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut sector = start;
        let mut left = self.next.len();
        while sector < FIRST_MARK && (bytes.len() as u64) < size {
            left = left.checked_sub(1).ok_or_else(broken)?;
            bytes.extend(self.sector(sector)?);
            sector = *self.next.get(sector as usize).ok_or_else(broken)?;
        }
        bytes.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        Ok(bytes)
    }

    /// A sector; the last one of a file may be shorter than the others.
    fn sector(&mut self, number: u32) -> Result<Vec<u8>> {
        let at = (u64::from(number) + 1) * self.sector_size as u64;
        self.source.seek(SeekFrom::Start(at)).map_err(|error| unreadable(&error))?;
        let mut bytes = Vec::with_capacity(self.sector_size);
        let mut sector = self.source.by_ref().take(self.sector_size as u64);
        sector.read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        if bytes.is_empty() { Err(cut()) } else { Ok(bytes) }
    }
}

fn entry_of(bytes: &[u8], sector_size: usize) -> Entry {
    let units = bytes[..64].chunks_exact(2).map(|unit| u16_at(unit, 0)).take_while(|unit| *unit != 0);
    let name = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    // In files of small sectors, the upper half of the size may hold anything.
    let upper = if sector_size == 512 { 0 } else { u64::from(u32_at(bytes, 124)) };
    Entry {
        name,
        start: u32_at(bytes, 116),
        size: (upper << 32) | u64::from(u32_at(bytes, 120)),
        is_root: bytes[66] == 5,
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn cut() -> Error {
    damaged("il s’arrête avant la fin", "it ends too early")
}

fn broken() -> Error {
    damaged("ses secteurs se contredisent", "its sectors contradict each other")
}
