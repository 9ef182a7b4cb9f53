//! Finds records that bear the same key, in memory that does not grow with their number: the keys of a large run are
//! spread over temporary files by their hash, and each file is looked through alone.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};

use crate::entry::Entry;
use crate::error::Result;
use crate::fold::push_letters;
use crate::language::Language;
use crate::scratch::{Scratch, failed, scratch};

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
    /// The SIRET of the coordinator, else its SIREN.
    Siret,
}

impl KeyKind {
    const ALL: [KeyKind; 3] = [KeyKind::Id, KeyKind::Name, KeyKind::Siret];
}

/// What two records may have in common besides their key, as hashes; 0 where a record has nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Traits([u64; 5]);

/// A trait that two records share, and what it adds to the score, in hundredths.
struct Trait {
    fr: &'static str,
    en: &'static str,
    weight: u32,
}

/// In the order of [`Traits`]. One coordinator may carry several hubs, and one commune hold several: only a name with
/// its place, or a SIRET with more, makes two records the same.
const TRAITS: [Trait; 5] = [
    Trait { fr: "même nom", en: "same name", weight: 45 },
    Trait { fr: "même commune", en: "same commune", weight: 15 },
    Trait { fr: "même SIRET", en: "same SIRET", weight: 35 },
    Trait { fr: "même courriel", en: "same e-mail", weight: 20 },
    Trait { fr: "même voie", en: "same street", weight: 15 },
];

/// From this score on, in hundredths, two records are told to be probable duplicates: a name and its place.
const PROBABLE: u32 = 60;

/// How alike two records are.
pub(crate) struct Likeness {
    shared: [bool; 5],
}

impl Likeness {
    fn of(a: &Traits, b: &Traits) -> Likeness {
        let mut shared = [false; 5];
        for (rank, shared) in shared.iter_mut().enumerate() {
            *shared = a.0[rank] != 0 && a.0[rank] == b.0[rank];
        }
        Likeness { shared }
    }

    /// The score in hundredths.
    pub fn score(&self) -> u32 {
        self.shared().map(|shared| shared.weight).sum::<u32>().min(100)
    }

    /// What the records share, in words.
    pub fn reasons(&self, language: Language) -> String {
        let name = |shared: &Trait| if language == Language::French { shared.fr } else { shared.en };
        self.shared().map(name).collect::<Vec<_>>().join(", ")
    }

    fn shared(&self) -> impl Iterator<Item = &'static Trait> + '_ {
        TRAITS.iter().zip(self.shared).filter(|(_, shared)| *shared).map(|(shared, _)| shared)
    }
}

impl KeyKind {
    pub fn code(self) -> &'static str {
        match self {
            KeyKind::Id => "duplicate-id",
            KeyKind::Name | KeyKind::Siret => "probable-duplicate",
        }
    }

    pub fn pointer(self) -> &'static str {
        match self {
            KeyKind::Id => "/id",
            KeyKind::Name | KeyKind::Siret => "/nom",
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
    traits: Traits,
}

impl Key {
    /// The value that is repeated, as the source has it.
    pub fn value(&self) -> &str {
        match self.kind {
            KeyKind::Id => &self.id,
            KeyKind::Name | KeyKind::Siret => &self.name,
        }
    }
}

/// The keys of a record. Its rank in the run and its layout are filled in later.
pub(crate) fn keys(entry: &Entry) -> Vec<Key> {
    let record = &entry.record;
    let mut keys = Vec::new();
    let hash = |seed: u64, text: &str| {
        let mut hasher = DefaultHasher::new();
        (seed, text).hash(&mut hasher);
        hasher.finish()
    };
    let mut folded = String::with_capacity(64);
    let mut of = |text: Option<&str>| {
        folded.clear();
        push_letters(text.unwrap_or_default(), &mut folded);
        if folded.is_empty() { 0 } else { hash(0, &folded) }
    };
    let department = || record.territory.departments.first().and_then(|d| d.code.as_deref().or(d.name.as_deref()));
    let place = record.address.commune.as_deref().or_else(department);
    let siret = record.coordinator.siret.as_deref().or(record.coordinator.siren.as_deref());
    let email = record.contacts.iter().find_map(|contact| contact.email.as_deref());
    let traits = Traits([record.name.as_deref(), place, siret, email, record.address.street.as_deref()].map(&mut of));
    let mut add = |kind: KeyKind, text: &str| {
        let (line, column, label) = entry.cell_at(kind.pointer());
        keys.push(Key {
            hash: (hash(0, text), hash(1, text)),
            kind,
            record: 0,
            index: entry.index,
            layout: 0,
            line,
            column,
            label,
            id: record.id.clone().unwrap_or_default(),
            name: record.name.clone().unwrap_or_default(),
            traits,
        });
    };
    if let Some(id) = &record.id {
        add(KeyKind::Id, id);
    }
    if let Some(name) = &record.name {
        let place = place.unwrap_or_default();
        let mut key = String::with_capacity(name.len() + place.len() + 1);
        push_letters(name, &mut key);
        key.push('|');
        push_letters(place, &mut key);
        add(KeyKind::Name, &key);
    }
    if let Some(siret) = siret {
        // « 732 829 320 00074 » is the same number.
        let mut key = String::with_capacity(siret.len());
        push_letters(siret, &mut key);
        add(KeyKind::Siret, &key);
    }
    keys
}

/// Gathers the keys of a run.
#[derive(Default)]
pub(crate) struct Duplicates {
    held: Vec<Key>,
    held_bytes: usize,
    /// The files of the first kind, then those of the second, and so on.
    files: Vec<BufWriter<Scratch>>,
}

impl Duplicates {
    pub fn add(&mut self, key: Key) -> Result<()> {
        self.held_bytes += std::mem::size_of::<Key>() + key.id.len() + key.name.len();
        self.held.push(key);
        if self.held_bytes > HELD_BYTES {
            self.spill().map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    fn spill(&mut self) -> std::io::Result<()> {
        while self.files.len() < KeyKind::ALL.len() * FILES {
            self.files.push(BufWriter::with_capacity(8 << 10, scratch(0)));
        }
        self.held_bytes = 0;
        for key in self.held.drain(..) {
            let file = key.kind as usize * FILES + (key.hash.0 % FILES as u64) as usize;
            write_key(&mut self.files[file], &key)?;
        }
        Ok(())
    }

    /// Shows `each` every record whose key an earlier one bears already, after the first that bears it, and how alike
    /// they are, when that makes a duplicate: identifiers before names, names before SIRET; within what was held
    /// together, in the order of the records.
    pub fn twins(mut self, mut each: impl FnMut(&Key, &Key, &Likeness) -> Result<()>) -> Result<()> {
        if self.files.is_empty() {
            for kind in KeyKind::ALL {
                let (of_kind, rest) = self.held.into_iter().partition(|key| key.kind == kind);
                self.held = rest;
                twins_among(of_kind, &mut each)?;
            }
            return Ok(());
        }
        self.spill().map_err(|error| failed(&error))?;
        for file in self.files {
            let keys = file
                .into_inner()
                .map_err(std::io::IntoInnerError::into_error)
                .and_then(|mut file| {
                    file.seek(SeekFrom::Start(0))?;
                    read_keys(&mut BufReader::new(file))
                })
                .map_err(|error| failed(&error))?;
            twins_among(keys, &mut each)?;
        }
        Ok(())
    }
}

fn twins_among(mut keys: Vec<Key>, each: &mut impl FnMut(&Key, &Key, &Likeness) -> Result<()>) -> Result<()> {
    keys.sort_unstable();
    let mut twins: Vec<(&Key, &Key, Likeness)> = keys
        .chunk_by(|a, b| a.hash == b.hash)
        .flat_map(|group| group[1..].iter().map(|later| (&group[0], later)))
        .map(|(first, later)| (first, later, Likeness::of(&first.traits, &later.traits)))
        .filter(|(first, _, likeness)| first.kind == KeyKind::Id || likeness.score() >= PROBABLE)
        .collect();
    twins.sort_unstable_by_key(|(_, later, _)| later.record);
    twins.into_iter().try_for_each(|(first, later, likeness)| each(first, later, &likeness))
}

fn write_key(out: &mut impl Write, key: &Key) -> std::io::Result<()> {
    let (high, low) = key.hash;
    let small = [key.layout, key.column, key.label].map(u64::from);
    let numbers = [high, low, key.kind as u64, key.record, key.index, key.line];
    for number in numbers.into_iter().chain(small).chain(key.traits.0) {
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
        let kind = KeyKind::ALL[(number()? as usize).min(KeyKind::ALL.len() - 1)];
        let (record, index, line) = (number()?, number()?, number()?);
        let (layout, column, label) = (number()? as u32, number()? as u32, number()? as u32);
        let mut traits = Traits::default();
        for hash in &mut traits.0 {
            *hash = number()?;
        }
        let mut text = || {
            let mut length = [0; 8];
            source.read_exact(&mut length)?;
            let mut bytes = vec![0; u64::from_le_bytes(length) as usize];
            source.read_exact(&mut bytes)?;
            String::from_utf8(bytes).map_err(std::io::Error::other)
        };
        let (id, name) = (text()?, text()?);
        keys.push(Key { hash, kind, record, index, layout, line, column, label, id, name, traits });
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
            traits: Traits::default(),
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
            .twins(|first, later, _| {
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
