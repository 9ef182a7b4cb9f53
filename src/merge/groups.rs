//! Which records of several files are of the same PTCE. Each file has one record of a group at most: two records of one file are
//! two, and its duplicates are for its sender to settle.

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::OwnedEntry;
use crate::record::{At, Member, Record};
use crate::run::are_like;
use crate::text::fold::folded;

/// Records with one key that are looked at: a commune may have many PTCE.
const MOST: usize = 200;

/// The records of one PTCE: of each file that has one, the number of the file and the index of the record.
pub(super) type Group = Vec<(usize, usize)>;

/// What two records may have in common, the surest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Id(String),
    /// The name, and the commune or the department.
    Place(String, String),
    Name(String),
    /// The sheet and the row, in copies of one workbook.
    Row(String, u64),
    /// The commune or the department: of these, like names are looked for.
    Near(String),
}

/// How many kinds of keys there are.
const KINDS: usize = 5;

fn keys(entry: &OwnedEntry, are_copies: bool) -> [Option<Key>; KINDS] {
    let Record { name, address, territory, .. } = &entry.record;
    let name = name.as_deref().map(folded).filter(|name| !name.is_empty());
    let department = || territory.departments.first().and_then(|one| one.code.as_deref().or(one.name.as_deref()));
    let place = address.commune.as_deref().or_else(department).map(folded);
    let at = entry.location("");
    [
        entry.record.id.clone().map(Key::Id),
        name.clone().zip(place.clone()).map(|(name, place)| Key::Place(name, place)),
        name.map(Key::Name),
        are_copies.then(|| at.row.or(at.line)).flatten().map(|row| Key::Row(at.sheet.unwrap_or_default(), row)),
        place.map(Key::Near),
    ]
}

/// Groups the records of files, of which the first may be the origin of the others.
pub(super) fn groups(files: &[Vec<OwnedEntry>], are_copies: bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // The groups that have a record with a key.
    let mut known: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (file, entries) in files.iter().enumerate() {
        // Of each kind, the keys of all records.
        let mut own: [Vec<Option<Key>>; KINDS] = Default::default();
        for entry in entries {
            own.iter_mut().zip(keys(entry, are_copies)).for_each(|(of_kind, key)| of_kind.push(key));
        }
        let mut found: Vec<Option<usize>> = vec![None; entries.len()];
        let mut is_taken = vec![false; groups.len()];
        for of_kind in &own {
            // How many groups of a key, from the first on, this file has taken.
            let mut passed: BTreeMap<&Key, usize> = BTreeMap::new();
            for (index, entry) in entries.iter().enumerate() {
                let Some(key) = of_kind[index].as_ref().filter(|_| found[index].is_none()) else { continue };
                let Some(those) = known.get(key) else { continue };
                let fits = |group: usize| {
                    let others = || groups[group].iter().map(|(file, index)| &files[*file][*index]);
                    !is_taken[group]
                        && others().all(|other| may_be_same(entry, other))
                        && match key {
                            Key::Near(_) => others().any(|other| has_like_name(entry, other)),
                            Key::Row(..) => others().any(|other| share_much(entry, other)),
                            _ => true,
                        }
                };
                let from = passed.entry(key).or_default();
                while those.get(*from).is_some_and(|group| is_taken[*group]) {
                    *from += 1;
                }
                let Some(group) = those[*from..].iter().copied().take(MOST).find(|group| fits(*group)) else {
                    continue;
                };
                (found[index], is_taken[group]) = (Some(group), true);
            }
        }
        for (index, found) in found.into_iter().enumerate() {
            let group = found.unwrap_or(groups.len());
            if group == groups.len() {
                groups.push(Group::new());
            }
            groups[group].push((file, index));
            for key in own.iter_mut().filter_map(|of_kind| of_kind[index].take()) {
                let those = known.entry(key).or_default();
                if those.last() != Some(&group) {
                    those.push(group);
                }
            }
        }
    }
    groups
}

/// Two identifiers tell two records apart.
fn may_be_same(one: &OwnedEntry, other: &OwnedEntry) -> bool {
    one.record.id.is_none() || other.record.id.is_none() || one.record.id == other.record.id
}

fn has_like_name(one: &OwnedEntry, other: &OwnedEntry) -> bool {
    one.record.name.as_deref().zip(other.record.name.as_deref()).is_some_and(|(one, other)| are_like(one, other))
}

/// Whether two records of one row have at least a third of their values in common.
fn share_much(one: &OwnedEntry, other: &OwnedEntry) -> bool {
    let values = |entry: &OwnedEntry| -> BTreeSet<String> {
        let mut values = BTreeSet::new();
        entry.record.each_text(At::FIRST, &mut |_, text| {
            values.insert(folded(text));
        });
        values
    };
    let (one, other) = (values(one), values(other));
    let common = one.intersection(&other).count();
    common * 3 >= one.len().max(other.len())
}
