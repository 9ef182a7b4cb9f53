//! Where the address of a record lies, read against the communes and the postal codes.

use crate::entry::Entry;
use crate::finding::Confidence;
use crate::record::{Address, Record};
use crate::reference::RegionSet;
use crate::reference::communes::{self, Commune};
use crate::reference::departments::Department;
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
pub(super) fn named(record: &Record<&str>, name: &str) -> Vec<Commune> {
    let mut found: Vec<Commune> = communes::by_name(name).collect();
    // A homonym elsewhere is no reason to forget the one of a declared department that has another name by now.
    let is_here = |commune: &Commune| is_told(record, commune);
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
fn is_told(record: &Record<&str>, commune: &Commune) -> bool {
    match record.territory.departments.is_empty() {
        true => is_in_region(record, commune),
        false => is_declared(record, commune),
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
pub(super) fn is_declared(record: &Record<&str>, commune: &Commune) -> bool {
    let department = commune.department();
    record.territory.departments.iter().any(|given| department.is_some() && places::department(given) == department)
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
pub(super) fn with_right_code(problem: Problem, record: &Record<&str>) -> Problem {
    match right_postal_code(record) {
        Some((code, confidence)) => problem.suggest(code, confidence),
        None => problem,
    }
}

/// The same, where the name may be what is wrong.
pub(super) fn with_likely_code(problem: Problem, record: &Record<&str>) -> Problem {
    match right_postal_code(record) {
        Some((code, confidence)) => problem.suggest(code, confidence.min(Confidence::Medium)),
        None => problem,
    }
}

fn right_postal_code(record: &Record<&str>) -> Option<(&'static str, Confidence)> {
    let mut candidates = named(record, record.address.commune?);
    let has_region = SETS.into_iter().any(|set| places::region(record, set).is_some());
    if !candidates.iter().any(|commune| is_declared(record, commune)) {
        // The commune of that name in another region is another one.
        if has_region {
            candidates.retain(|commune| is_in_region(record, commune));
        } else {
            // « Évry » is a village, and was a town until 2019.
            candidates.extend(communes::by_former_name(record.address.commune?));
        }
    }
    let is_one = candidates.len() == 1;
    // The sources lack some of the codes of overseas.
    let is_overseas = record.address.postal_code.is_some_and(|code| code.starts_with("97") || code.starts_with("98"));
    let sure = if is_one && !is_overseas { Confidence::High } else { Confidence::Medium };
    let Some(given) = record.address.postal_code else {
        return candidates.first()?.only_postal_code().filter(|_| is_one).map(|code| (code, sure));
    };
    let mut codes: Vec<&'static str> = candidates.iter().flat_map(Commune::postal_codes).collect();
    codes.dedup();
    // A code of a department stands for one of that department: the towns of a name lie anywhere.
    if !candidates.iter().any(|commune| is_declared(record, commune)) {
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

/// The only name among `names` that one or two slips of the finger make of a misspelt one.
pub(super) fn nearest<'a>(given: &str, names: &[&'a str]) -> Option<&'a str> {
    let key = commune_key(given);
    if key.len() < 3 {
        return None;
    }
    let allowed = if key.len() < 6 { 1 } else { 2 };
    let distance = |name: &str| {
        // « Ancennis » for the first of the names of « Ancenis-Saint-Géréon ».
        let first = name.split('-').next().map(commune_key).filter(|first| first.len() >= 5);
        let whole = strsim::osa_distance(&key, &commune_key(name));
        first.map_or(whole, |first| whole.min(strsim::osa_distance(&key, &first) + 1))
    };
    let mut near: Vec<(usize, &str)> = names.iter().map(|name| (distance(name), *name)).collect();
    near.retain(|(distance, _)| *distance <= allowed);
    near.sort_unstable();
    match near.as_slice() {
        [(_, name)] => Some(name),
        [(first, name), (second, _), ..] if first < second => Some(name),
        _ => None,
    }
}

/// The names of the communes of the declared departments.
pub(super) fn communes_of_departments(record: &Record<&str>) -> Vec<&'static str> {
    let declared = record.territory.departments.iter().filter_map(places::department);
    declared.flat_map(|department| communes::of_department(department.code)).map(|commune| commune.name).collect()
}
