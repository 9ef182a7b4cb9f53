//! Where a record stands among the regions, by which the page is ordered and filtered.

use super::html::french;
use crate::export::open_data::place::{self, Placed};
use crate::reference::regions::{self, Region, RegionSet};
use crate::text::fold::folded;

/// Where a record stands among the regions, in the order of the list: last those that stand in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    In(&'static Region),
    Several,
    Unknown,
}

impl Standing {
    /// The standing of a record in a set, by its region, else by that of all its departments.
    pub(super) fn of(placed: &Placed, set: RegionSet) -> Standing {
        let record = &placed.record;
        let mut departments = place::departments_of(record).map(|department| department.region_in(set));
        let first = departments.next();
        let is_shared = departments.all(|other| Some(other) == first);
        let region = match set {
            RegionSet::Present => placed.region,
            RegionSet::Until2015 => {
                let code = record.region.code.as_deref().and_then(|code| regions::by_code(set, code));
                let by_name = || regions::by_name(set, record.region.name.as_deref()?);
                let by_departments = || first.filter(|_| is_shared).and_then(|code| regions::by_code(set, code));
                // A region of today that has not changed.
                let unchanged = || {
                    let present = placed.region.filter(|_| first.is_none())?;
                    let mut former =
                        present.departments(RegionSet::Present).map(|department| department.region_until_2015);
                    let code = former.next()?;
                    former.all(|other| other == code).then(|| regions::by_code(set, code)).flatten()
                };
                code.or_else(by_name).or_else(by_departments).or_else(unchanged)
            }
        };
        match region {
            Some(region) => Standing::In(region),
            None if !is_shared => Standing::Several,
            None => Standing::Unknown,
        }
    }

    /// What the filter calls it.
    pub(super) fn key(self) -> &'static str {
        match self {
            Standing::In(region) => region.code,
            Standing::Several => "plusieurs",
            Standing::Unknown => "aucune",
        }
    }

    /// What the page calls it.
    pub(super) fn name(self) -> String {
        match self {
            Standing::In(region) => french(region.name),
            Standing::Several => "Plusieurs régions".to_owned(),
            Standing::Unknown => "Région non précisée".to_owned(),
        }
    }

    /// What the standings are sorted by.
    pub(super) fn order(self) -> (u8, String) {
        match self {
            Standing::In(region) => (0, folded(region.name)),
            Standing::Several => (1, String::new()),
            Standing::Unknown => (2, String::new()),
        }
    }
}
