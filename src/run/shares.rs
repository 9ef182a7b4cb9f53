//! Records that are judged in shares, on several machines or one after the other: what each share knows of its records is a set
//! of keys, and sets merge in any order, so that the records that repeat another one are the same however they were shared out.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::check::Checker;
use super::duplicates::{Cell, Details, Duplicates, KINDS, KeyKind, Keys, push_short, short, take};
use super::{Event, Gathered, Options, Outcome, Worker, read, repeated};
use crate::error::{Error, ErrorKind, Result};
use crate::finding::Finding;
use crate::import::Input;
use crate::location::Location;
use crate::row::{Format, Layout, place};
use crate::settings::Settings;

/// What is told of the records of a share, so that those that repeat another one are found among all: of each record hashes, its
/// identifier and its name, and where these stand. Sets [merge](KeySet::merge) in any order, and can be cut apart by key.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    tables: Vec<Table>,
    keys: Keys,
    /// The source of each record, and its table among those above.
    of: Vec<(u32, u32)>,
}

/// What the places in one table have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Table {
    file: String,
    format: Format,
    sheet: Option<String>,
    /// As many labels as places need, each with the table of its own where it has one.
    labels: Vec<(String, Option<String>)>,
}

impl Table {
    fn of(layout: &Layout, labels: usize) -> Table {
        let labels = layout.labels.iter().take(labels);
        Table {
            file: layout.file.clone(),
            format: layout.format,
            sheet: layout.sheet.clone(),
            labels: labels.map(|label| (label.text.clone(), label.table.as_deref().map(str::to_owned))).collect(),
        }
    }

    fn location(&self, line: u64, column: u32, label: u32) -> Location {
        let (label, own) = match self.labels.get(label as usize) {
            Some((label, own)) => (Some(label.as_str()), own.as_deref()),
            None => (None, None),
        };
        place((&self.file, self.format, self.sheet.as_deref()), line, Some(column), label, own)
    }
}

/// The first byte of a set as bytes: another version of this library may write others.
const VERSION: u8 = 2;

impl KeySet {
    /// The keys of the records of a batch, which are of one layout.
    pub(super) fn of(keys: Keys, layout: &Layout) -> KeySet {
        let labels = keys.each().flat_map(|(_, details)| Details::labels(details)).max();
        let labels = labels.map_or(0, |label| label as usize + 1);
        let of = vec![(0, 0); keys.len()];
        KeySet { tables: vec![Table::of(layout, labels)], keys, of }
    }

    /// The keys of records of the source of that number: of two records that are the same, the one is told that is of the later
    /// source, or further down in the same one.
    #[must_use]
    pub fn of_source(mut self, source: u32) -> KeySet {
        self.of.iter_mut().for_each(|of| of.0 = source);
        self
    }

    /// How many records it tells of.
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// Whether it tells of none.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Adds the records of another set.
    pub fn merge(&mut self, other: KeySet) {
        if self.is_empty() {
            *self = other;
            return;
        }
        let own = other.tables.into_iter().map(|table| self.table(table)).collect::<Vec<u32>>();
        self.keys.append(&other.keys);
        self.of.extend(other.of.into_iter().map(|(source, table)| (source, own[table as usize])));
    }

    /// The place of a table among those of this set.
    fn table(&mut self, table: Table) -> u32 {
        let known = self.tables.iter().rposition(|known| *known == table);
        known.unwrap_or_else(|| {
            self.tables.push(table);
            self.tables.len() - 1
        }) as u32
    }

    /// Cuts it apart by key into so many sets: all records that bear one key go to the same one, whatever set they come from. A
    /// record that bears several keys may go to several.
    pub fn split(&self, sets: u32) -> Vec<KeySet> {
        let mut split = vec![KeySet::default(); sets.max(1) as usize];
        for ((hashes, details), of) in self.keys.each().zip(&self.of) {
            let way = |kind: KeyKind| (kind.way(hashes) >> 40) as usize % split.len();
            let ways = KeyKind::ALL.map(|kind| Some(way(kind)).filter(|_| hashes[kind as usize] != 0));
            for (rank, way) in ways.iter().enumerate() {
                let Some(set) = way.filter(|_| !ways[..rank].contains(way)) else { continue };
                let own = std::array::from_fn(|kind| if ways[kind] == Some(set) { hashes[kind] } else { 0 });
                self.give(&mut split[set], &own, details, *of);
            }
        }
        split
    }

    /// Its records, each as a set of its own.
    pub fn each(&self) -> impl Iterator<Item = KeySet> + '_ {
        self.keys.each().zip(&self.of).map(|((hashes, details), of)| {
            let mut own = KeySet::default();
            self.give(&mut own, hashes, details, *of);
            own
        })
    }

    fn give(&self, to: &mut KeySet, hashes: &[u64; KINDS], details: &[u8], (source, table): (u32, u32)) {
        let table = to.table(self.tables[table as usize].clone());
        to.keys.push(hashes, details);
        to.of.push((source, table));
    }

    /// The set as bytes, to be sent to another machine.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        push_short(&mut bytes, self.tables.len() as u64);
        for table in &self.tables {
            let text = serde_json::to_vec(table).unwrap_or_default();
            push_short(&mut bytes, text.len() as u64);
            bytes.extend_from_slice(&text);
        }
        let (mut of_before, mut index) = ((0, 0), 0);
        for ((hashes, details), of) in self.keys.each().zip(&self.of) {
            let mask = (0..KINDS).fold(0, |mask, kind| mask | u8::from(hashes[kind] != 0) << kind);
            // Few records are of another table than the one before.
            let is_elsewhere = *of != of_before;
            bytes.push(mask | u8::from(is_elsewhere) << KINDS);
            if is_elsewhere {
                [of.0, of.1].iter().for_each(|number| push_short(&mut bytes, u64::from(*number)));
            }
            for hash in hashes.iter().filter(|hash| **hash != 0) {
                bytes.extend_from_slice(&hash.to_le_bytes());
            }
            Details::pack(details, index, &mut bytes);
            (of_before, index) = (*of, Details::index(details));
        }
        bytes
    }

    /// The set that these bytes are.
    ///
    /// # Errors
    /// When they are those of no set, or were made by another version of this library.
    pub fn from_bytes(bytes: &[u8]) -> Result<KeySet> {
        KeySet::read(bytes).ok_or_else(|| {
            Error::new(
                ErrorKind::Syntax,
                "ces clés sont abîmées ou viennent d’une autre version de ptce ; refaites-les avec celle-ci",
                "these keys are damaged or come from another version of ptce; make them again with this one",
            )
        })
    }

    fn read(bytes: &[u8]) -> Option<KeySet> {
        let mut bytes = bytes.strip_prefix(&[VERSION])?;
        let mut set = KeySet::default();
        for _ in 0..short(&mut bytes)? {
            let length = usize::try_from(short(&mut bytes)?).ok()?;
            set.tables.push(serde_json::from_slice(take(&mut bytes, length)?).ok()?);
        }
        let (mut of, mut index, mut details) = ((0, 0), 0, Vec::new());
        while let Some((mask, rest)) = bytes.split_first() {
            bytes = rest;
            if mask >> KINDS & 1 == 1 {
                let mut number = || u32::try_from(short(&mut bytes)?).ok();
                of = (number()?, number()?);
            }
            let mut hashes = [0; KINDS];
            for (_, hash) in (0..).zip(&mut hashes).filter(|(kind, _)| mask >> kind & 1 == 1) {
                *hash = u64::from_le_bytes(take(&mut bytes, 8)?.try_into().ok()?);
            }
            details.clear();
            index = Details::unpack(&mut bytes, index, &mut details)?;
            if of.1 as usize >= set.tables.len() {
                return None;
            }
            set.keys.push(&hashes, &details);
            set.of.push(of);
        }
        Some(set)
    }
}

/// Finds the records that repeat an earlier one among those of several sets, in memory that does not grow with their number.
///
/// ```
/// use ptce::run::{self, Event, KeySet, Options, Twins};
/// use ptce::{Input, Settings};
///
/// let settings = Settings::default();
/// let mut sets = Vec::new();
/// for (text, source) in [("id,nom\na,Roue\n", 0), ("id,nom\nb,Libre\na,Roue\n", 1)] {
///     let input = Input::from_bytes(&format!("envoi-{source}.csv"), text.into());
///     let mut keys = |set: KeySet| {
///         sets.push(set.of_source(source).to_bytes());
///         Ok(())
///     };
///     run::judge(input, &settings, &Options::default(), &mut keys, &mut |_| Ok(()))?;
/// }
/// let mut twins = Twins::new();
/// // In any order.
/// for bytes in sets.iter().rev() {
///     twins.add(&KeySet::from_bytes(bytes)?)?;
/// }
/// let mut told = Vec::new();
/// twins.repeated(&settings, &mut |one| {
///     told.push((one.finding.code, one.source, one.finding.location.line));
///     Ok(())
/// })?;
/// assert_eq!(told, [("duplicate-id", 1, Some(3))]);
/// # Ok::<(), ptce::Error>(())
/// ```
pub struct Twins {
    tables: BTreeMap<Table, u32>,
    duplicates: Duplicates,
}

impl Default for Twins {
    fn default() -> Twins {
        Twins::new()
    }
}

/// A record that repeats an earlier one.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Repeated {
    /// The number of its source.
    pub source: u32,
    /// Where several sets, cut apart by key, tell of one record, the finding of the lowest order is the one to be told.
    pub order: u32,
    /// What there is to tell.
    pub finding: Finding,
    /// Whether a waiver of the configuration accepts it, so that it is no part of the verdict.
    pub is_waived: bool,
}

impl Twins {
    /// No record so far.
    pub fn new() -> Twins {
        Twins { tables: BTreeMap::new(), duplicates: Duplicates::new() }
    }

    /// Adds the records of a set.
    ///
    /// # Errors
    /// When the temporary files cannot be written.
    pub fn add(&mut self, set: &KeySet) -> Result<()> {
        let mut own = Vec::with_capacity(set.tables.len());
        for table in &set.tables {
            let next = self.tables.len() as u32;
            own.push(match self.tables.get(table) {
                Some(known) => *known,
                None => *self.tables.entry(table.clone()).or_insert(next),
            });
        }
        let mut of = set
            .keys
            .each()
            .zip(&set.of)
            .map(|((_, details), (source, table))| (own[*table as usize], (*source, Details::index(details))));
        self.duplicates.add(&set.keys, || of.next().unwrap_or_default())
    }

    /// Tells of each record that repeats an earlier one, once.
    ///
    /// # Errors
    /// When the temporary files cannot be read, or `each` fails.
    pub fn repeated(self, settings: &Settings, each: &mut dyn FnMut(Repeated) -> Result<()>) -> Result<()> {
        let checker = Checker::new(settings);
        let tables: BTreeMap<u32, Table> = self.tables.into_iter().map(|(table, rank)| (rank, table)).collect();
        let location_of = |layout: u32, (line, column, label): Cell| {
            tables.get(&layout).map_or_else(Location::default, |table| table.location(line, column, label))
        };
        let mut told = BTreeSet::new();
        self.duplicates.twins(|kind, first, later, likeness| {
            if told.contains(&later.at) {
                return Ok(());
            }
            let finding = repeated(&checker, settings.language, kind, (first, later), likeness, &location_of);
            let Some(finding) = finding else { return Ok(()) };
            told.insert(later.at);
            let is_waived = checker.waiver(&finding).is_some();
            each(Repeated { source: later.at.0, order: kind as u32, finding, is_waived })
        })
    }
}

/// Judges the records of a source each by itself, and gives the keys by which those that repeat another one are found: see
/// [`Twins`]. The keys of some records come before what is found in them. It takes one thread: shares make many.
///
/// # Errors
/// When the source cannot be read, or `keys` or `each` fails.
pub fn judge(
    input: Input,
    settings: &Settings,
    options: &Options,
    keys: &mut dyn FnMut(KeySet) -> Result<()>,
    each: &mut dyn FnMut(Event) -> Result<()>,
) -> Result<Outcome> {
    let checker = Checker::new(settings);
    let mut gathered = Gathered::new(&checker, settings.language);
    let mut worker = Worker::default();
    let source = read(input, options, &mut |batch| {
        let mut judged = worker.judge(batch, &checker, options);
        keys(KeySet::of(std::mem::take(&mut judged.keys), &judged.layout))?;
        gathered.take(judged, each)
    })?;
    // Without keys there are no twins.
    let (summary, waived) = gathered.finish(each)?;
    Ok(Outcome { sources: vec![source], unread: Vec::new(), waived, passed_over: Vec::new(), summary })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Configuration;

    /// Records of two files, many of which repeat another one in one way or another.
    fn files() -> Vec<Input> {
        let file = |name: &str, ranks: std::ops::Range<u32>| {
            let mut csv = String::from("id,nom,coordinateur_siret,adresse_commune,adresse_code_postal\n");
            for rank in ranks {
                let (id, siret) = (rank % 97, if rank % 5 == 0 { "73282932000074" } else { "" });
                csv.push_str(&format!("{id},Ateliers {} du Quercy,{siret},Figeac,46{:03}\n", rank % 61, rank % 7));
            }
            Input::from_bytes(name, csv.into_bytes())
        };
        vec![file("a.csv", 0..200), file("b.csv", 150..420)]
    }

    fn sorted(mut findings: Vec<Finding>) -> Vec<String> {
        findings.retain(|finding| ["duplicate-id", "probable-duplicate"].contains(&finding.code));
        let mut told: Vec<String> = findings.iter().map(|finding| format!("{finding:?}")).collect();
        told.sort();
        told
    }

    fn settings() -> Settings {
        let text = "[[waivers]]\nrecord = \"7\"\ncode = \"duplicate-id\"\nreason = \"Su.\"\nuntil = \"2099-01-01\"\n";
        let Configuration { waivers, .. } = Configuration::parse(text, "c.toml").unwrap();
        Settings { waivers, ..Settings::default() }
    }

    /// The twins among sets that are cut apart by key, merged and sent in an order of their own.
    fn shared(sets: u32, by_record: bool, is_backwards: bool) -> Vec<String> {
        let settings = settings();
        let mut parts: Vec<Vec<Vec<u8>>> = vec![Vec::new(); sets as usize];
        for (input, source) in files().into_iter().zip(0..) {
            let mut keys = |set: KeySet| {
                let set = set.of_source(source);
                let given: Vec<KeySet> = if by_record { set.each().collect() } else { vec![set] };
                for set in given {
                    for (part, set) in parts.iter_mut().zip(set.split(sets)).filter(|(_, set)| !set.is_empty()) {
                        part.push(set.to_bytes());
                    }
                }
                Ok(())
            };
            judge(input, &settings, &Options::default(), &mut keys, &mut |_| Ok(())).unwrap();
        }
        let mut found: BTreeMap<(u32, u64), Repeated> = BTreeMap::new();
        for mut part in parts {
            if is_backwards {
                part.reverse();
            }
            let mut twins = Twins::new();
            let mut merged = KeySet::default();
            for (bytes, rank) in part.iter().zip(0..) {
                let set = KeySet::from_bytes(bytes).unwrap();
                if rank % 2 == 0 { merged.merge(set) } else { twins.add(&set).unwrap() }
            }
            twins.add(&merged).unwrap();
            let each = &mut |one: Repeated| {
                let record = (one.source, one.finding.record.as_ref().unwrap().index);
                if found.get(&record).is_none_or(|known| known.order > one.order) {
                    found.insert(record, one);
                }
                Ok(())
            };
            twins.repeated(&settings, each).unwrap();
        }
        sorted(found.into_values().filter(|one| !one.is_waived).map(|one| one.finding).collect())
    }

    #[test]
    fn twins_do_not_depend_on_the_shares() {
        let whole = crate::validate(files(), &settings()).unwrap();
        let expected = sorted(whole.findings);
        assert!(expected.iter().any(|told| told.contains("probable-duplicate")) && expected.len() > 300);
        assert!(whole.outcome.waived.iter().any(|waived| waived.finding.code == "duplicate-id"));
        for (sets, by_record, is_backwards) in [(1, false, false), (1, true, true), (3, false, true), (64, true, false)]
        {
            let found = shared(sets, by_record, is_backwards);
            assert!(found == expected, "{sets} sets: {} findings, {} expected", found.len(), expected.len());
        }
    }

    #[test]
    fn damaged_keys_are_refused() {
        let mut bytes = Vec::new();
        let mut keys = |set: KeySet| {
            bytes.push(set.to_bytes());
            Ok(())
        };
        let input = files().remove(0);
        judge(input, &Settings::default(), &Options::default(), &mut keys, &mut |_| Ok(())).unwrap();
        let bytes = &bytes[0];
        assert_eq!(KeySet::from_bytes(bytes).unwrap().to_bytes(), *bytes);
        for end in (0..bytes.len()).step_by(7).filter(|end| *end != bytes.len()) {
            // A cut between two records leaves a set of fewer.
            if let Ok(set) = KeySet::from_bytes(&bytes[..end]) {
                assert!(set.to_bytes() == bytes[..end]);
            }
        }
        // A set that is read at all can be worked with, whatever it says.
        for at in (0..bytes.len()).step_by(11) {
            let mut other = bytes.clone();
            other[at] ^= 0x55;
            if let Ok(set) = KeySet::from_bytes(&other) {
                let mut twins = Twins::new();
                twins.add(&set).unwrap();
                twins.duplicates.twins(|_, _, _, _| Ok(())).unwrap();
                assert_eq!(set.split(1)[0].len(), set.len());
            }
        }
        assert!(KeySet::from_bytes(b"").is_err() && KeySet::from_bytes(b"\x02\0\0\0\0").is_err());
    }
}
