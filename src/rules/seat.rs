//! Where the address of a record lies, read against the communes and the postal codes.

use std::sync::{LazyLock, OnceLock};

use crate::entry::Entry;
use crate::finding::Confidence;
use crate::record::{Address, Record};
use crate::reference::RegionSet;
use crate::reference::communes::{self, Commune};
use crate::reference::departments::{DEPARTMENTS, Department};
use crate::reference::names::{commune_key, same_commune};
use crate::reference::postal_codes::{Agreement, can_lie_in};
use crate::rules::malformed_postal_code::is_postal_code;
use crate::rules::{Problem, places};

/// The postal or CEDEX code of an address, when it has the form of one.
pub(super) fn postal_code<'t>(address: &Address<&'t str>) -> Option<&'t str> {
    address.postal_code.filter(|code| is_postal_code(code))
}

/// Whether the address lies in none of the declared departments. A department that cannot be read may be the right one.
pub(super) fn is_outside_territory(entry: &Entry) -> bool {
    let declared = &entry.record.territory.departments;
    let Some(code) = postal_code(&entry.record.address) else { return false };
    // The commune tells more than its postal code, which may serve communes of two departments.
    let seat = match entry.postal_agreement() {
        Some(Agreement::Served(commune) | Agreement::Former(commune)) => communes::department_of(commune),
        _ => None,
    };
    let lies_in = |department: &'static Department| match seat {
        Some(seat) => seat == department,
        None => can_lie_in(code, department),
    };
    !declared.is_empty() && declared.iter().all(|given| places::department(given).is_some_and(|given| !lies_in(given)))
}

/// The communes that a name can mean, by their present or former name: those of the declared departments, if any is
/// there, else all.
pub(super) fn named(entry: &Entry, name: &str) -> Vec<Commune> {
    let mut found: Vec<Commune> = communes::by_name(name).collect();
    // A homonym elsewhere is no reason to forget the one of a declared department that has another name by now.
    let is_here = |commune: &Commune| is_told(entry, commune);
    if !found.iter().any(is_here) {
        let former = communes::by_former_name(name);
        match found.is_empty() {
            true => found.extend(former),
            false => found.extend(former.filter(is_here)),
        }
    }
    if found.iter().any(is_here) {
        found.retain(is_here);
    }
    found
}

/// Whether a commune lies in one of the declared departments or, where there are none, in the region of the record.
fn is_told(entry: &Entry, commune: &Commune) -> bool {
    match entry.record.territory.departments.is_empty() {
        true => is_in_region(entry.record, commune),
        false => is_declared(entry, commune),
    }
}

/// Whether a commune lies in the region of the record, be it one of today or of before 2016.
fn is_in_region(record: &Record<&str>, commune: &Commune) -> bool {
    let Some(department) = commune.department() else { return false };
    SETS.into_iter()
        .any(|set| places::region(record, set).is_some_and(|region| department.region_in(set) == region.code))
}

const SETS: [RegionSet; 2] = [RegionSet::Present, RegionSet::Until2015];

/// Whether a commune lies in one of the declared departments.
pub(super) fn is_declared(entry: &Entry, commune: &Commune) -> bool {
    commune.department().is_some_and(|department| entry.departments().contains(&department))
}

/// The commune of the address, when its INSEE code stands in the place of the postal code. « 01120 » is of Cordieux, and serves
/// it too.
pub(super) fn by_its_own_code(entry: &Entry) -> Option<Commune> {
    if matches!(entry.postal_agreement()?, Agreement::Served(_) | Agreement::Former(_)) {
        return None;
    }
    let address = &entry.record.address;
    let (code, name) = (postal_code(address)?, address.commune?);
    let is_meant = |own: &str| same_commune(own, name) || shortened(name, &[own]).is_some() || is_damaged(name, own);
    communes::by_code(code).filter(|commune| address.cedex.is_none() && is_meant(commune.name))
}

/// Whether a name is another one whose accented letters were lost: « Din?ault ».
fn is_damaged(name: &str, whole: &str) -> bool {
    let is_lost = |c: char| matches!(c, '?' | '\u{fffd}');
    let is_letter = |(c, own): (char, char)| c == own || is_lost(c) && !own.is_ascii();
    name.contains(is_lost)
        && name.chars().count() == whole.chars().count()
        && name.chars().zip(whole.chars()).all(is_letter)
}

/// The problem with the postal code that the name of the commune tells, if it tells one.
pub(super) fn with_right_code(problem: Problem, entry: &Entry) -> Problem {
    match right_postal_code(entry) {
        Some((code, confidence)) => problem.suggest(code, confidence),
        None => problem,
    }
}

/// The same, where the name may be what is wrong.
pub(super) fn with_likely_code(problem: Problem, entry: &Entry) -> Problem {
    match right_postal_code(entry) {
        Some((code, confidence)) => problem.suggest(code, confidence.min(Confidence::Medium)),
        None => problem,
    }
}

fn right_postal_code(entry: &Entry) -> Option<(&'static str, Confidence)> {
    let (record, address) = (entry.record, &entry.record.address);
    let mut candidates = named(entry, address.commune?);
    let has_region = SETS.into_iter().any(|set| places::region(record, set).is_some());
    if !candidates.iter().any(|commune| is_declared(entry, commune)) {
        // The commune of that name in another region is another one.
        if has_region {
            candidates.retain(|commune| is_in_region(record, commune));
        } else {
            // « Évry » is a village, and was a town until 2019.
            candidates.extend(communes::by_former_name(address.commune?));
        }
    }
    let is_one = candidates.len() == 1;
    // The sources lack some of the codes of overseas.
    let is_overseas = address.postal_code.is_some_and(|code| code.starts_with("97") || code.starts_with("98"));
    let sure = if is_one && !is_overseas { Confidence::High } else { Confidence::Medium };
    let Some(given) = address.postal_code else {
        return candidates.first()?.only_postal_code().filter(|_| is_one).map(|code| (code, sure));
    };
    let mut codes: Vec<&'static str> = candidates.iter().flat_map(Commune::postal_codes).collect();
    codes.dedup();
    // A code of a department stands for one of that department: the towns of a name lie anywhere.
    if !candidates.iter().any(|commune| is_declared(entry, commune)) {
        let digits = if given.starts_with("97") || given.starts_with("98") { 3 } else { 2 };
        codes.retain(|code| code.get(..digits) == given.get(..digits) || strsim::osa_distance(code, given) == 1);
    }
    if let [code] = codes.as_slice() {
        let near = strsim::osa_distance(code, given) == 1;
        return Some((code, if near { sure } else { Confidence::Medium }));
    }
    // Of several, the one that one slip of the finger makes of the given one.
    codes.retain(|code| strsim::osa_distance(code, given) == 1);
    if let [code] = codes.as_slice() { Some((code, Confidence::Medium)) } else { None }
}

/// The only name among `names` that begins with a given one: « Romans » for « Romans-sur-Isère ».
pub(super) fn shortened<'a>(given: &str, names: &[&'a str]) -> Option<&'a str> {
    let key = commune_key(given);
    let mut longer = names.iter().filter(|name| key.len() >= 5 && commune_key(name).starts_with(&key));
    longer.next().copied().filter(|_| longer.next().is_none())
}

/// The name of a commune as misspelt ones are held against it.
pub(super) struct Spelling {
    name: &'static str,
    key: String,
    /// The first of several names, behind which the others are left out: « Ancennis » for « Ancenis-Saint-Géréon ».
    first: Option<String>,
}

impl Spelling {
    pub fn of(name: &'static str) -> Spelling {
        let first = name.split('-').next().map(commune_key).filter(|first| first.len() >= 5);
        Spelling { name, key: commune_key(name), first }
    }

    /// How many slips of the finger make `key` of it, unless they are more than `most`.
    fn slips(&self, key: &str, most: usize) -> Option<usize> {
        // To count them takes long: most names are too long or too short.
        let within = |name: &str, most: usize| {
            let is_near = name.len().abs_diff(key.len()) <= most;
            is_near.then(|| strsim::osa_distance(key, name)).filter(|slips| *slips <= most)
        };
        let whole = within(&self.key, most);
        let first =
            self.first.as_deref().and_then(|first| within(first, most.saturating_sub(1))).map(|slips| slips + 1);
        whole.into_iter().chain(first).min()
    }
}

/// The only name among `names` that one or two slips of the finger make of a misspelt one.
pub(super) fn nearest<'a>(given: &str, names: impl Iterator<Item = &'a Spelling>) -> Option<&'static str> {
    let key = commune_key(given);
    if key.len() < 3 {
        return None;
    }
    let most = if key.len() < 6 { 1 } else { 2 };
    let mut near: Vec<(usize, &str)> = names.filter_map(|name| Some((name.slips(&key, most)?, name.name))).collect();
    near.sort_unstable();
    match near.as_slice() {
        [(_, name)] => Some(name),
        [(first, name), (second, _), ..] if first < second => Some(name),
        _ => None,
    }
}

/// The names of the communes of the declared departments, unless these are more than a region has: a name is no slip of one of
/// all communes of the country.
pub(super) fn spellings<'e>(entry: &'e Entry<'_>) -> impl Iterator<Item = &'static Spelling> + use<'e> {
    /// Occitanie has as many.
    const MOST: usize = 13;
    static KNOWN: LazyLock<Vec<OnceLock<Vec<Spelling>>>> =
        LazyLock::new(|| DEPARTMENTS.iter().map(|_| OnceLock::new()).collect());
    let of = |department: &'static Department| {
        let known =
            DEPARTMENTS.iter().zip(KNOWN.iter()).find(|(other, _)| *other == department).map(|(_, known)| known);
        let made = || communes::of_department(department.code).map(|commune| Spelling::of(commune.name)).collect();
        known.into_iter().flat_map(move |known| known.get_or_init(made))
    };
    let declared = Some(entry.departments()).filter(|declared| declared.len() <= MOST).unwrap_or_default();
    declared.iter().flat_map(move |department| of(department))
}
