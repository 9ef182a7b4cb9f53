//! The records of a run that bear the key of an earlier one.

use super::column::Column;
use super::details::{Details, Position, number};
use super::keys::Keys;
use super::kinds::{KINDS, KeyKind};
use super::likeness::Likeness;
use crate::error::Result;

/// Records whose keys are compared at a time.
const COMPARED: u64 = 1 << 20;

/// Gathers the keys of a run.
pub(crate) struct Duplicates {
    /// The keys of each kind, eight bytes for each record.
    keys: [Column; KINDS],
    /// Where the details of each record begin, in which layout it is, and its place among all: [`START`] bytes for each record.
    starts: Column,
    details: Column,
    records: u64,
    /// The place of the last record, and whether all have come in the order of their places.
    last: Position,
    is_ordered: bool,
}

/// Bytes that tell where the details of a record are.
const START: u64 = 24;

impl Duplicates {
    pub fn new() -> Duplicates {
        let keys = std::array::from_fn(|_| Column::new());
        let (starts, details) = (Column::new(), Column::new());
        Duplicates { keys, starts, details, records: 0, last: (0, 0), is_ordered: true }
    }

    /// Takes the keys of more records; `of` tells of one after the other its layout and its place among all.
    pub fn add(&mut self, keys: &Keys, mut of: impl FnMut() -> (u32, Position)) -> Result<()> {
        let mut column = Vec::with_capacity(keys.hashes.len() * START as usize);
        for (kind, numbers) in self.keys.iter_mut().enumerate() {
            column.clear();
            column.extend(keys.hashes.iter().flat_map(|(hashes, _)| hashes[kind].to_le_bytes()));
            numbers.push(&column)?;
        }
        column.clear();
        let mut start = 0;
        for (_, end) in &keys.hashes {
            column.extend_from_slice(&(self.details.length + u64::from(start)).to_le_bytes());
            let (layout, at) = of();
            column.extend_from_slice(&layout.to_le_bytes());
            column.extend_from_slice(&at.0.to_le_bytes());
            column.extend_from_slice(&at.1.to_le_bytes());
            self.is_ordered &= at >= self.last;
            (self.last, start) = (at, *end);
        }
        self.starts.push(&column)?;
        self.details.push(&keys.details)?;
        self.records += keys.hashes.len() as u64;
        Ok(())
    }

    /// Shows `each` every record whose key an earlier one bears already, after the first that bears it, and how alike
    /// they are, when that makes a duplicate: identifiers before names, names before SIRET; of what is compared at a time,
    /// in the order of the records.
    pub fn twins(mut self, mut each: impl FnMut(KeyKind, &Details, &Details, &Likeness) -> Result<()>) -> Result<()> {
        let parts = self.records.div_ceil(COMPARED);
        for kind in KeyKind::ALL {
            for part in 0..parts {
                let repeated = self.keys[kind as usize].repeated(part, parts)?;
                for (first, later) in if self.is_ordered { repeated } else { self.ordered(repeated)? } {
                    let (first, later) = (self.details_of(first)?, self.details_of(later)?);
                    let likeness = Likeness::of(&first, &later);
                    // Texts tell for sure what hashes only make likely.
                    let is_twin = match kind {
                        KeyKind::Id => first.id == later.id,
                        _ => likeness.is_probable(),
                    };
                    if is_twin {
                        each(kind, &first, &later, &likeness)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Pairs of the first record to come of those that bear one key, and another one, as pairs of the first by its place and
    /// another one.
    fn ordered(&mut self, mut pairs: Vec<(u64, u64)>) -> Result<Vec<(u64, u64)>> {
        pairs.sort_unstable();
        let mut ordered = Vec::with_capacity(pairs.len());
        for group in pairs.chunk_by(|a, b| a.0 == b.0) {
            let all = || [group[0].0].into_iter().chain(group.iter().map(|(_, other)| *other));
            let mut first = (self.place_of(group[0].0)?, group[0].0);
            for (_, other) in group {
                first = first.min((self.place_of(*other)?, *other));
            }
            ordered.extend(all().filter(|other| *other != first.1).map(|other| (first.1, other)));
        }
        Ok(ordered)
    }

    /// The place among all of the record that came so many records after the first.
    fn place_of(&mut self, record: u64) -> Result<Position> {
        let mut place = [0; 12];
        self.starts.read(record * START + 12, &mut place)?;
        let mut place = place.as_slice();
        Ok((number::<4>(&mut place) as u32, number::<8>(&mut place)))
    }

    /// The details of the record that came so many records after the first.
    fn details_of(&mut self, record: u64) -> Result<Details> {
        let is_last = record + 1 == self.records;
        let mut places = vec![0; if is_last { START as usize } else { 2 * START as usize }];
        self.starts.read(record * START, &mut places)?;
        let mut places = places.as_slice();
        let (start, layout) = (number::<8>(&mut places), number::<4>(&mut places) as u32);
        let at = (number::<4>(&mut places) as u32, number::<8>(&mut places));
        let end = if is_last { self.details.length } else { number::<8>(&mut places) };
        let mut details = vec![0; (end - start) as usize];
        self.details.read(start, &mut details)?;
        Ok(Details::read(&details, at, layout))
    }
}
