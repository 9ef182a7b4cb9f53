//! Where a record stands: its present region, and a point on the map with how exact it is.

use crate::record::{Address, Record};
use crate::reference::communes::{self, Commune};
use crate::reference::departments::{self, Department};
use crate::reference::outlines;
use crate::reference::postal_codes::{self, Agreement};
use crate::reference::regions::{self, Region, RegionSet};
use crate::schema::table::PRECISIONS;

/// A record with where it stands, which many files tell.
pub(super) struct Placed {
    pub record: Record,
    pub region: Option<&'static Region>,
    pub position: Option<Position>,
}

impl Placed {
    pub fn new(record: Record) -> Placed {
        Placed { region: present_region(&record), position: position(&record), record }
    }
}

/// A point on the map (WGS 84, degrees, four decimals: some ten metres).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Position {
    pub latitude: f64,
    pub longitude: f64,
    pub precision: Precision,
}

/// What a point stands for. No address is located: the point of a commune is its town hall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precision {
    /// The commune of the address.
    Commune,
    /// The middle of the communes that the postal code serves.
    PostalCode,
    /// The middle of the communes of the territory.
    Territory,
    /// The middle of the communes of the departments.
    Department,
    /// The middle of the communes of the region.
    Region,
}

impl Precision {
    /// Its name in the published files.
    pub fn name(self) -> &'static str {
        PRECISIONS[self as usize]
    }
}

/// The point of a record: that of its address, else of its territory, else of its region.
pub(super) fn position(record: &Record) -> Option<Position> {
    let at = |precision, communes: &mut dyn Iterator<Item = Commune>| {
        middle(communes).map(|(latitude, longitude)| Position { latitude, longitude, precision })
    };
    let territory = &record.territory;
    at(Precision::Commune, &mut commune_of(&record.address).into_iter())
        .or_else(|| {
            let code = record.address.postal_code.as_deref()?;
            at(Precision::PostalCode, &mut postal_codes::communes_of(code))
        })
        .or_else(|| collectivity(seat(&record.address)))
        .or_else(|| {
            let known = |commune: &crate::record::Commune| {
                let by_code = commune.code.as_deref().and_then(communes::by_code);
                by_code.or_else(|| only(communes::by_name(commune.name.as_deref()?)))
            };
            at(Precision::Territory, &mut territory.communes.iter().filter_map(known))
        })
        .or_else(|| {
            let communes = departments_of(record).flat_map(|department| communes::of_department(department.code));
            at(Precision::Department, &mut communes.collect::<Vec<_>>().into_iter())
        })
        .or_else(|| {
            let region = present_region(record)?;
            let departments = region.departments(RegionSet::Present);
            at(Precision::Region, &mut departments.flat_map(|department| communes::of_department(department.code)))
        })
        .or_else(|| collectivity(departments::by_code(present_region(record)?.code)))
}

/// The point of an overseas collectivity, whose communes have none.
fn collectivity(department: Option<&Department>) -> Option<Position> {
    // One that stands as its own region.
    let department = department.filter(|department| department.region == department.code)?;
    let (latitude, longitude) = outlines::middle(department.code)?;
    Some(Position { latitude: rounded(latitude), longitude: rounded(longitude), precision: Precision::Department })
}

/// The department where an address lies.
fn seat(address: &Address) -> Option<&'static Department> {
    let commune = commune_of(address);
    let by_code = || postal_codes::communes_of(address.postal_code.as_deref()?).next();
    commune.or_else(by_code)?.department()
}

/// The commune of an address: that of its INSEE code, else the one of that name that the postal code serves, else the only one of that name that the
/// code can stand for.
fn commune_of(address: &Address) -> Option<Commune> {
    if let Some(commune) = address.commune_code.as_deref().and_then(communes::by_code) {
        return Some(commune);
    }
    let name = address.commune.as_deref();
    let Some(code) = address.postal_code.as_deref() else { return only(communes::by_name(name?)) };
    let Some(name) = name else { return only(postal_codes::communes_of(code)) };
    match postal_codes::agreement(code, name) {
        Agreement::Served(code) | Agreement::Former(code) => communes::by_code(code),
        // A CEDEX, or a code that the tables do not know.
        _ => only(communes::by_name(name).filter(|commune| {
            commune.department().is_some_and(|department| postal_codes::can_lie_in(code, department))
        })),
    }
}

fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next();
    if all.next().is_some() { None } else { first }
}

/// The mean of the points of the communes.
fn middle(communes: &mut dyn Iterator<Item = Commune>) -> Option<(f64, f64)> {
    let (mut latitude, mut longitude, mut count) = (0.0, 0.0, 0_u32);
    for point in communes.filter_map(|commune| commune.point()) {
        latitude += point.0;
        longitude += point.1;
        count += 1;
    }
    let mean = |sum: f64| rounded(sum / f64::from(count));
    (count > 0).then(|| (mean(latitude), mean(longitude)))
}

fn rounded(degrees: f64) -> f64 {
    (degrees * 1e4).round() / 1e4
}

/// The departments of the territory that are known, by their codes, else by their names.
pub(super) fn departments_of(record: &Record) -> impl Iterator<Item = &'static Department> {
    record.territory.departments.iter().filter_map(|department| {
        let by_code = department.code.as_deref().and_then(departments::by_code);
        by_code.or_else(|| department.name.as_deref().and_then(departments::by_name))
    })
}

/// The region of today: that of the call or what became of it, else the one where all departments lie, else that of the seat
/// of a record that names none.
pub(super) fn present_region(record: &Record) -> Option<&'static Region> {
    let code = record.region.code.as_deref();
    let name = record.region.name.as_deref();
    let by_code = |set| code.and_then(|code| regions::by_code(set, code));
    let by_name = |set| name.and_then(|name| regions::by_name(set, name));
    let by_departments = || {
        let mut found = departments_of(record);
        let Some(first) = found.next() else {
            let is_told = code.is_some() || name.is_some() || !record.territory.departments.is_empty();
            return regions::by_code(RegionSet::Present, seat(&record.address).filter(|_| !is_told)?.region);
        };
        let first = first.region;
        if found.all(|department| department.region == first) {
            regions::by_code(RegionSet::Present, first)
        } else {
            None
        }
    };
    // No code of 2015 came to mean another region.
    by_code(RegionSet::Until2015)
        .and_then(Region::present)
        .or_else(|| by_code(RegionSet::Present))
        .or_else(|| by_name(RegionSet::Present))
        .or_else(|| by_name(RegionSet::Until2015).and_then(Region::present))
        .or_else(by_departments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str) -> Option<(f64, f64, &'static str)> {
        let record: Record = serde_json::from_str(json).unwrap();
        position(&record).map(|found| (found.latitude, found.longitude, found.precision.name()))
    }

    #[test]
    fn a_record_stands_at_its_address_or_in_its_territory() {
        let gap = communes::by_code("05061").and_then(|commune| commune.point()).unwrap();
        for address in [
            r#"{"adresse":{"code_postal":"05000","commune":"Gap"}}"#,
            r#"{"adresse":{"code_postal":"05007","commune":"Gap","cedex":"CEDEX"}}"#,
            r#"{"adresse":{"commune":"GAP"}}"#,
        ] {
            assert_eq!(told(address), Some((gap.0, gap.1, "commune")), "{address}");
        }
        assert_eq!(told(r#"{"adresse":{"code_postal":"05000"}}"#).unwrap().2, "code_postal");
        assert_eq!(told(r#"{"territoire":{"communes":[{"code_insee":"05061"}]}}"#).unwrap().2, "territoire");
        let (latitude, longitude, precision) = told(r#"{"territoire":{"departements":[{"code":"05"}]}}"#).unwrap();
        assert_eq!(precision, "departement");
        assert!((44.0..45.2).contains(&latitude) && (5.4..7.1).contains(&longitude));
        // Picardie lies in the Hauts-de-France of today.
        assert_eq!(told(r#"{"region":{"code":"22"}}"#).unwrap().2, "region");
        assert_eq!(told(r#"{"nom":"Partout"}"#), None);
    }

    #[test]
    fn collectivities_have_a_place() {
        for (record, region) in [
            (r#"{"adresse":{"code_postal":"97500","commune":"Saint-Pierre"}}"#, "975"),
            (r#"{"adresse":{"code_postal":"98713","commune":"Papeete"}}"#, "987"),
            (r#"{"adresse":{"code_postal":"98800","commune":"Nouméa"}}"#, "988"),
            (r#"{"territoire":{"departements":[{"code":"986"}]}}"#, "986"),
            (r#"{"region":{"code":"978"}}"#, "978"),
        ] {
            let parsed: Record = serde_json::from_str(record).unwrap();
            assert_eq!(present_region(&parsed).map(|region| region.code), Some(region), "{record}");
            assert_eq!(told(record).unwrap().2, "departement", "{record}");
        }
        // The seat names a region only where nothing else does.
        let seat = r#"{"adresse":{"code_postal":"05000"},"territoire":{"departements":[{"nom":"Outre-Jura"}]}}"#;
        assert_eq!(present_region(&serde_json::from_str(seat).unwrap()), None);
        let seat: Record = serde_json::from_str(r#"{"adresse":{"code_postal":"05000"}}"#).unwrap();
        assert_eq!(present_region(&seat).map(|region| region.name), Some("Provence-Alpes-Côte d'Azur"));
    }
}
