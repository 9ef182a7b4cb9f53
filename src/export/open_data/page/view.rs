//! The page in its order: records by region, then by name, and the themes that they share.

use std::collections::BTreeMap;

use super::gathered::{Entry, Named, Page, Tally};
use super::html::french;
use super::wording::capitalised;
use crate::export::open_data::metadata::Metadata;
use crate::reference::RegionSet;
use crate::text::fold::folded;

/// More records than this are folded, by region and by theme: a page of their sheets is too long to be scrolled.
pub(super) const FOLDED_LIMIT: usize = 60;

/// The page in its order: by region, then by name.
pub(super) struct View<'a> {
    pub(super) page: &'a Page<'a>,
    pub(super) metadata: &'a Metadata,
    pub(super) tally: &'a Tally,
    /// The regions of the call.
    pub(super) set: RegionSet,
    pub(super) entries: Vec<&'a Entry>,
    pub(super) named: Vec<&'a Named>,
    /// The themes by what is the same in them.
    pub(super) themes: BTreeMap<String, Theme>,
}

/// A theme of some records.
pub(super) struct Theme {
    /// What the filter calls it.
    pub(super) number: usize,
    /// As it is first written.
    pub(super) name: String,
    /// The ranks of the entries that have it.
    pub(super) ranks: Vec<usize>,
}

impl<'a> View<'a> {
    /// Orders what the page has gathered.
    pub(super) fn new(page: &'a Page<'a>) -> View<'a> {
        let tally = &page.tally;
        let is_former = tally.records > 0 && tally.until_2015 == tally.records;
        let set = if is_former { RegionSet::Until2015 } else { RegionSet::Present };
        let mut entries: Vec<&Entry> = page.entries.iter().collect();
        entries.sort_by_cached_key(|entry| (entry.standing(set).order(), folded(&entry.title), &entry.anchor));
        let mut themes: BTreeMap<String, Theme> = BTreeMap::new();
        for (rank, entry) in entries.iter().enumerate() {
            for theme in &entry.record.themes {
                let known = themes.entry(folded(theme)).or_insert_with(|| Theme {
                    number: 0,
                    name: capitalised(&french(theme)),
                    ranks: Vec::new(),
                });
                if known.ranks.last() != Some(&rank) {
                    known.ranks.push(rank);
                }
            }
        }
        for (number, theme) in themes.values_mut().enumerate() {
            theme.number = number;
        }
        let mut named: Vec<&Named> = page.named.iter().collect();
        named.sort_by_cached_key(|one| (one.standings[set as usize].order(), folded(&one.title), &one.anchor));
        View { page, metadata: page.metadata, tally, set, entries, named, themes }
    }

    /// The entries by region.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[&'a Entry]> {
        self.entries.chunk_by(|first, second| first.standing(self.set) == second.standing(self.set))
    }

    /// Whether lists and sheets are folded.
    pub(super) fn is_folded(&self) -> bool {
        self.entries.len() > FOLDED_LIMIT
    }

    /// What the filter calls the themes of an entry.
    pub(super) fn theme_numbers(&self, entry: &Entry) -> Vec<usize> {
        entry.record.themes.iter().filter_map(|theme| Some(self.themes.get(&folded(theme))?.number)).collect()
    }

    /// `pôles lauréats` where all are.
    pub(super) fn noun(&self, number: usize) -> &'static str {
        match (self.tally.selected == self.tally.records, number < 2) {
            (true, true) => "pôle lauréat",
            (true, false) => "pôles lauréats",
            (false, true) => "pôle",
            (false, false) => "pôles",
        }
    }
}
