//! What the page keeps of the records on their way: a few of them, the names of more, and counts of all.

use std::collections::{BTreeMap, BTreeSet};

use super::html::french;
use super::map::{Map, Place};
use super::standing::Standing;
use super::wording::title;
use crate::export::open_data::grants::granted;
use crate::export::open_data::metadata::Metadata;
use crate::export::open_data::place::{self, Placed, Precision};
use crate::record::Record;
use crate::reference::RegionSet;

/// More records than this have no sheets on the page: it would be too heavy to be read, and too long to be printed.
pub(super) const LIMIT: usize = 1_000;
/// More records than this are not even named on the page.
const NAMED_LIMIT: usize = 10_000;

/// The page on its way.
pub struct Page<'a> {
    pub(super) metadata: &'a Metadata,
    /// Records that were received and are not published.
    pub(super) left_out: usize,
    pub(super) map: Map,
    /// The records, as long as there are no more than [`LIMIT`].
    pub(super) entries: Vec<Entry>,
    /// The names of the records, as long as there are no more than [`NAMED_LIMIT`].
    pub(super) named: Vec<Named>,
    pub(super) tally: Tally,
}

/// What is said of a record where there are too many for sheets.
pub(super) struct Named {
    pub(super) anchor: String,
    pub(super) title: String,
    /// Its commune.
    pub(super) seat: String,
    pub(super) standings: [Standing; 2],
}

/// A record with what the page knows of it.
pub(super) struct Entry {
    pub(super) record: Record,
    pub(super) anchor: String,
    pub(super) title: String,
    /// Its region in each set.
    pub(super) standings: [Standing; 2],
    pub(super) position: Option<(Place, Precision)>,
}

/// What is counted, whatever the number of records.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) records: usize,
    pub(super) until_2015: usize,
    pub(super) selected: usize,
    pub(super) unplaced: usize,
    pub(super) departments: BTreeSet<&'static str>,
    pub(super) partners: usize,
    pub(super) amount: Option<f64>,
    /// How many records say what they were granted.
    pub(super) granted: usize,
    /// How many stand where, in each set, by its key.
    pub(super) regions: [BTreeMap<&'static str, (Standing, usize)>; 2],
    /// How many stand at each place, and whether it is that of their commune.
    pub(super) dots: BTreeMap<(bool, Place), usize>,
}

impl<'a> Page<'a> {
    /// A page that says `metadata` about itself.
    pub fn new(metadata: &'a Metadata, left_out: usize) -> Page<'a> {
        Page { metadata, left_out, map: Map::new(), entries: Vec::new(), named: Vec::new(), tally: Tally::default() }
    }

    /// Adds a redacted record, which has an identifier.
    pub fn add(&mut self, placed: &Placed) {
        let record = &placed.record;
        let standings = [RegionSet::Present, RegionSet::Until2015].map(|set| Standing::of(placed, set));
        let position = placed
            .position
            .and_then(|position| Some((self.map.place(position.latitude, position.longitude)?, position.precision)));
        self.tally.add(record, standings, position);
        let (anchor, title) = (format!("ptce-{}", record.id.as_deref().unwrap_or_default()), title(record));
        if self.tally.records <= NAMED_LIMIT {
            let seat = record.address.commune.as_deref().map(french).unwrap_or_default();
            self.named.push(Named { anchor: anchor.clone(), title: title.clone(), seat, standings });
        } else {
            self.named.clear();
        }
        if self.tally.records > LIMIT {
            self.entries.clear();
            return;
        }
        self.entries.push(Entry { anchor, title, record: record.clone(), standings, position });
    }
}

impl Entry {
    /// Its region in a set.
    pub(super) fn standing(&self, set: RegionSet) -> Standing {
        self.standings[set as usize]
    }
}

impl Tally {
    /// Counts a record.
    fn add(&mut self, record: &Record, standings: [Standing; 2], position: Option<(Place, Precision)>) {
        self.records += 1;
        self.until_2015 +=
            usize::from(record.year().is_some_and(|year| RegionSet::of_year(year) == RegionSet::Until2015));
        self.selected += usize::from(record.call.status.as_deref() == Some("laureat"));
        self.departments.extend(place::departments_of(record).map(|department| department.code));
        self.partners += record.partners.len();
        if let Some(amount) = granted(record).and_then(serde_json::Number::as_f64) {
            *self.amount.get_or_insert_default() += amount;
            self.granted += 1;
        }
        for (regions, standing) in self.regions.iter_mut().zip(standings) {
            regions.entry(standing.key()).or_insert((standing, 0)).1 += 1;
        }
        match position {
            Some((place, precision)) => {
                *self.dots.entry((precision == Precision::Commune, place)).or_default() += 1;
            }
            None => self.unplaced += 1,
        }
    }
}
