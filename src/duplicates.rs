//! Finds records that bear the same key, in memory that does not grow with their number: the keys of a large run are
//! spread over temporary files by their hash, and each file is looked through alone.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};

use crate::entry::Entry;
use crate::error::{Error, Result};
use crate::fold::push_letters;

/// Bytes of keys held in memory before they go to files.
const HELD_BYTES: usize = 8 << 20;
/// Files for each kind of key: with this many, one of them holds few keys even of ten million records.
const FILES: usize = 128;

/// What makes two records the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyKind {
    /// The identifier.
    Id,
    /// The folded name, and the commune or department.
    Name,
}

impl KeyKind {
    pub fn code(self) -> &'static str {
        match self {
            KeyKind::Id => "duplicate-id",
            KeyKind::Name => "probable-duplicate",
        }
    }

    pub fn pointer(self) -> &'static str {
        match self {
            KeyKind::Id => "/id",
            KeyKind::Name => "/nom",
        }
    }
}

/// A key, and what is needed to speak of its record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// Stands for the key itself: with 128 bits, two different keys never meet in practice.
    hash: (u64, u64),
    pub kind: KeyKind,
    /// Rank of the record in the whole run, from 1.
    pub record: u64,
    /// Rank of the record in its file, from 1.
    pub index: u64,
    /// Rank of the layout in the run.
    pub layout: u32,
    /// Line of the value, and rank of its label.
    pub line: u64,
    pub column: u32,
    pub label: u32,
    /// The identifier and the name of the record; empty when it has none.
    pub id: String,
    pub name: String,
}

impl Key {
    /// The value that is repeated, as the source has it.
    pub fn value(&self) -> &str {
        match self.kind {
            KeyKind::Id => &self.id,
            KeyKind::Name => &self.name,
        }
    }
}

/// The keys of a record. Its rank in the run and its layout are filled in later.
pub(crate) fn keys(entry: &Entry) -> Vec<Key> {
    let record = &entry.record;
    let mut keys = Vec::new();
    let mut add = |kind: KeyKind, text: &str| {
        let hash = |seed: u64| {
            let mut hasher = DefaultHasher::new();
            (seed, text).hash(&mut hasher);
            hasher.finish()
        };
        let (line, column, label) = entry.cell_at(kind.pointer());
        keys.push(Key {
            hash: (hash(0), hash(1)),
            kind,
            record: 0,
            index: entry.index,
            layout: 0,
            line,
            column,
            label,
            id: record.id.clone().unwrap_or_default(),
            name: record.name.clone().unwrap_or_default(),
        });
    };
    if let Some(id) = &record.id {
        add(KeyKind::Id, id);
    }
    if let Some(name) = &record.name {
        let department = || record.territory.departments.first().and_then(|d| d.code.as_deref().or(d.name.as_deref()));
        let place = record.address.commune.as_deref().or_else(department).unwrap_or_default();
        let mut key = String::with_capacity(name.len() + place.len() + 1);
        push_letters(name, &mut key);
        key.push('|');
        push_letters(place, &mut key);
        add(KeyKind::Name, &key);
    }
    keys
}

/// Gathers the keys of a run.
#[derive(Default)]
pub(crate) struct Duplicates {
    held: Vec<Key>,
    held_bytes: usize,
    /// The files of the first kind, then those of the second.
    files: Vec<BufWriter<File>>,
}

impl Duplicates {
    pub fn add(&mut self, key: Key) -> Result<()> {
        self.held_bytes += std::mem::size_of::<Key>() + key.id.len() + key.name.len();
        self.held.push(key);
        if self.held_bytes > HELD_BYTES {
            self.spill().map_err(|error| temporary(&error))?;
        }
        Ok(())
    }

    fn spill(&mut self) -> std::io::Result<()> {
        while self.files.len() < 2 * FILES {
            self.files.push(BufWriter::with_capacity(8 << 10, tempfile::tempfile()?));
        }
        self.held_bytes = 0;
        for key in self.held.drain(..) {
            let file = key.kind as usize * FILES + (key.hash.0 % FILES as u64) as usize;
            write_key(&mut self.files[file], &key)?;
        }
        Ok(())
    }

    /// Shows `each` every record whose key an earlier one bears already, after the first that bears it: identifiers
    /// before names; within what was held together, in the order of the records.
    pub fn twins(mut self, mut each: impl FnMut(&Key, &Key) -> Result<()>) -> Result<()> {
        if self.files.is_empty() {
            let (ids, names) = self.held.into_iter().partition(|key| key.kind == KeyKind::Id);
            twins_among(ids, &mut each)?;
            return twins_among(names, &mut each);
        }
        self.spill().map_err(|error| temporary(&error))?;
        for file in self.files {
            let keys = file
                .into_inner()
                .map_err(std::io::IntoInnerError::into_error)
                .and_then(|mut file| {
                    file.seek(SeekFrom::Start(0))?;
                    read_keys(&mut BufReader::new(file))
                })
                .map_err(|error| temporary(&error))?;
            twins_among(keys, &mut each)?;
        }
        Ok(())
    }
}

fn twins_among(mut keys: Vec<Key>, each: &mut impl FnMut(&Key, &Key) -> Result<()>) -> Result<()> {
    keys.sort_unstable();
    let mut twins: Vec<(&Key, &Key)> = keys
        .chunk_by(|a, b| a.hash == b.hash)
        .flat_map(|group| group[1..].iter().map(|later| (&group[0], later)))
        .collect();
    twins.sort_unstable_by_key(|(_, later)| later.record);
    twins.into_iter().try_for_each(|(first, later)| each(first, later))
}

fn temporary(error: &std::io::Error) -> Error {
    Error::io(&std::env::temp_dir().display().to_string(), error)
}

fn write_key(out: &mut impl Write, key: &Key) -> std::io::Result<()> {
    let (high, low) = key.hash;
    let small = [key.layout, key.column, key.label].map(u64::from);
    for number in [high, low, key.kind as u64, key.record, key.index, key.line].into_iter().chain(small) {
        out.write_all(&number.to_le_bytes())?;
    }
    for text in [&key.id, &key.name] {
        out.write_all(&(text.len() as u64).to_le_bytes())?;
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

fn read_keys(source: &mut impl BufRead) -> std::io::Result<Vec<Key>> {
    let mut keys = Vec::new();
    while !source.fill_buf()?.is_empty() {
        let mut number = || {
            let mut bytes = [0; 8];
            source.read_exact(&mut bytes).map(|()| u64::from_le_bytes(bytes))
        };
        let hash = (number()?, number()?);
        let kind = if number()? == KeyKind::Id as u64 { KeyKind::Id } else { KeyKind::Name };
        let (record, index, line) = (number()?, number()?, number()?);
        let (layout, column, label) = (number()? as u32, number()? as u32, number()? as u32);
        let mut text = || {
            let mut length = [0; 8];
            source.read_exact(&mut length)?;
            let mut bytes = vec![0; u64::from_le_bytes(length) as usize];
            source.read_exact(&mut bytes)?;
            String::from_utf8(bytes).map_err(std::io::Error::other)
        };
        let (id, name) = (text()?, text()?);
        keys.push(Key { hash, kind, record, index, layout, line, column, label, id, name });
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(rank: u64, id: u64) -> Key {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        Key {
            hash: (hasher.finish(), id),
            kind: KeyKind::Id,
            record: rank,
            index: rank,
            layout: 0,
            line: rank + 1,
            column: 1,
            label: 0,
            id: format!("id-{id}"),
            name: "x".repeat(100),
        }
    }

    #[test]
    fn keys_on_disk_are_found_like_those_in_memory() {
        // Enough keys to go to files; each 10,000th identifier comes back once.
        let count = 60_000;
        let mut duplicates = Duplicates::default();
        for rank in 1..=count {
            duplicates.add(key(rank, rank)).unwrap();
        }
        assert!(!duplicates.files.is_empty(), "the keys were to be too many for memory");
        let repeated: Vec<u64> = (1..=count).step_by(10_000).collect();
        for (rank, id) in (count + 1..).zip(&repeated) {
            duplicates.add(key(rank, *id)).unwrap();
        }
        let mut found = Vec::new();
        duplicates
            .twins(|first, later| {
                assert_eq!(first.id, later.id);
                found.push((first.record, later.record));
                Ok(())
            })
            .unwrap();
        found.sort_unstable();
        let expected: Vec<(u64, u64)> = repeated.iter().copied().zip(count + 1..).collect();
        assert_eq!(found, expected);
    }
}
