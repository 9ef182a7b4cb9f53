//! What a record says about its region and departments, read against the reference.

use std::cmp::Ordering;

use crate::record::{self, Record};
use crate::reference::departments::{self, Department};
use crate::reference::postal_codes::can_lie_in;
use crate::reference::regions::{self, Region, RegionSet};

/// The department of the code, when the name beside it is another one's or no one's.
pub(super) fn contradicted(given: &record::Department<&str>) -> Option<&'static Department> {
    departments::contradicted(given.code?, given.name?)
}

/// The department meant; `None` when it is unknown, or when code and name disagree.
pub(super) fn department(given: &record::Department<&str>) -> Option<&'static Department> {
    departments::meant(given.code, given.name)
}

/// Which of two departments the rest of the record speaks for: its region, and the postal code of its address.
pub(super) fn likelier(
    record: &Record<&str>,
    one: &'static Department,
    other: &'static Department,
) -> Option<&'static Department> {
    let votes = |department: &Department| {
        let is_of_region = [RegionSet::Present, RegionSet::Until2015]
            .into_iter()
            .any(|set| region(record, set).is_some_and(|region| department.region_in(set) == region.code));
        let code = record.address.postal_code;
        u8::from(is_of_region) + u8::from(code.is_some_and(|code| can_lie_in(code, department)))
    };
    match votes(one).cmp(&votes(other)) {
        Ordering::Greater => Some(one),
        Ordering::Less => Some(other),
        Ordering::Equal => None,
    }
}

/// The region that the record gives, in `set`: the code decides, the name serves where there is no code.
pub(super) fn region(record: &Record<&str>, set: RegionSet) -> Option<&'static Region> {
    match (&record.region.code, &record.region.name) {
        (Some(code), _) => regions::by_code(set, code),
        (None, Some(name)) => regions::by_name(set, name),
        (None, None) => None,
    }
}

/// The regions in force when the call of the record gave its results.
pub(crate) fn set_of(record: &Record<&str>) -> Option<RegionSet> {
    record.year().map(RegionSet::of_year)
}

/// The region in `set` that all declared departments lie in.
pub(crate) fn shared_region(record: &Record<&str>, set: RegionSet) -> Option<&'static Region> {
    let mut codes =
        record.territory.departments.iter().map(|given| department(given).map(|found| found.region_in(set)));
    let first = codes.next()??;
    if codes.all(|code| code == Some(first)) { regions::by_code(set, first) } else { None }
}
