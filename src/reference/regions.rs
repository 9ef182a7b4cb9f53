//! The regions: those of today, and those in force until the end of 2015.

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use crate::reference::RegionSet;
use crate::reference::departments::{DEPARTMENTS, Department};
use crate::reference::names::{Spellings, key};

/// A region, or an overseas collectivity that stands as one.
#[derive(Debug, PartialEq, Eq)]
pub struct Region {
    /// INSEE code.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Other names and short forms in use.
    pub aliases: &'static [&'static str],
}

const fn region(code: &'static str, name: &'static str, aliases: &'static [&'static str]) -> Region {
    Region { code, name, aliases }
}

/// The regions in force since 2016. The aliases hold the names of the first nine months of 2016, before the new
/// regions chose their own. Source: INSEE, Code officiel géographique 2026.
#[rustfmt::skip] // One a line, or the columns cannot be compared with the source.
static PRESENT: &[Region] = &[
    region("01", "Guadeloupe", &[]),
    region("02", "Martinique", &[]),
    region("03", "Guyane", &["Guyane française"]),
    region("04", "La Réunion", &["Île de la Réunion"]),
    region("06", "Mayotte", &[]),
    region("11", "Île-de-France", &["IDF", "Région parisienne"]),
    region("24", "Centre-Val de Loire", &["Centre", "CVL"]),
    region("27", "Bourgogne-Franche-Comté", &["BFC"]),
    region("28", "Normandie", &[]),
    region("32", "Hauts-de-France", &["HDF", "Nord-Pas-de-Calais-Picardie", "NPDCP"]),
    region("44", "Grand Est", &["Alsace-Champagne-Ardenne-Lorraine", "ACAL"]),
    region("52", "Pays de la Loire", &["PDL"]),
    region("53", "Bretagne", &[]),
    region("75", "Nouvelle-Aquitaine", &["Aquitaine-Limousin-Poitou-Charentes", "ALPC"]),
    region("76", "Occitanie", &["Languedoc-Roussillon-Midi-Pyrénées", "LRMP", "Occitanie Pyrénées-Méditerranée"]),
    region("84", "Auvergne-Rhône-Alpes", &["AURA", "ARA"]),
    region("93", "Provence-Alpes-Côte d'Azur", &["PACA", "Sud", "Région Sud Provence-Alpes-Côte d'Azur"]),
    region("94", "Corse", &["Collectivité de Corse"]),
];

/// The regions until the end of 2015. Source: INSEE, Code officiel géographique 2015.
#[rustfmt::skip] // As above.
static UNTIL_2015: &[Region] = &[
    region("01", "Guadeloupe", &[]),
    region("02", "Martinique", &[]),
    region("03", "Guyane", &["Guyane française"]),
    region("04", "La Réunion", &["Île de la Réunion"]),
    region("06", "Mayotte", &[]),
    region("11", "Île-de-France", &["IDF", "Région parisienne"]),
    region("21", "Champagne-Ardenne", &[]),
    region("22", "Picardie", &[]),
    region("23", "Haute-Normandie", &[]),
    // Renamed in January 2015.
    region("24", "Centre", &["Centre-Val de Loire", "CVL"]),
    region("25", "Basse-Normandie", &[]),
    region("26", "Bourgogne", &[]),
    region("31", "Nord-Pas-de-Calais", &["NPDC"]),
    region("41", "Lorraine", &[]),
    region("42", "Alsace", &[]),
    region("43", "Franche-Comté", &[]),
    region("52", "Pays de la Loire", &["PDL"]),
    region("53", "Bretagne", &[]),
    region("54", "Poitou-Charentes", &[]),
    region("72", "Aquitaine", &[]),
    region("73", "Midi-Pyrénées", &["MP"]),
    region("74", "Limousin", &[]),
    region("82", "Rhône-Alpes", &[]),
    region("83", "Auvergne", &[]),
    region("91", "Languedoc-Roussillon", &["LR"]),
    region("93", "Provence-Alpes-Côte d'Azur", &["PACA"]),
    region("94", "Corse", &["Collectivité territoriale de Corse"]),
];

/// The overseas collectivities: in no region, so that files write them where a region is asked. They are part of both
/// sets.
static COLLECTIVITIES: &[Region] = &[
    region("975", "Saint-Pierre-et-Miquelon", &[]),
    region("977", "Saint-Barthélemy", &[]),
    region("978", "Saint-Martin", &[]),
    region("984", "Terres australes et antarctiques françaises", &["TAAF"]),
    region("986", "Wallis et Futuna", &[]),
    region("987", "Polynésie française", &[]),
    region("988", "Nouvelle-Calédonie", &[]),
    region("989", "Île de Clipperton", &["Clipperton"]),
];

impl RegionSet {
    /// The set in force in a year.
    pub fn of_year(year: u16) -> RegionSet {
        if year < 2016 { RegionSet::Until2015 } else { RegionSet::Present }
    }

    /// The other set.
    #[must_use]
    pub fn other(self) -> RegionSet {
        match self {
            RegionSet::Present => RegionSet::Until2015,
            RegionSet::Until2015 => RegionSet::Present,
        }
    }

    /// The regions of the set, by code, without the collectivities.
    pub fn regions(self) -> &'static [Region] {
        match self {
            RegionSet::Present => PRESENT,
            RegionSet::Until2015 => UNTIL_2015,
        }
    }
}

impl Region {
    /// The departments of the region in `set`.
    pub fn departments(&self, set: RegionSet) -> impl Iterator<Item = &'static Department> {
        let code = self.code;
        DEPARTMENTS.iter().filter(move |department| department.region_in(set) == code)
    }

    /// The present region of all departments of this region of 2015; `None` when this is none.
    ///
    /// ```
    /// use ptce::reference::regions::{RegionSet, by_name};
    /// let picardie = by_name(RegionSet::Until2015, "Picardie").unwrap();
    /// assert_eq!(picardie.present().map(|region| region.name), Some("Hauts-de-France"));
    /// ```
    pub fn present(&self) -> Option<&'static Region> {
        let department = self.departments(RegionSet::Until2015).next()?;
        by_code(RegionSet::Present, department.region)
    }
}

/// Whether any region, of today or of 2015, has that code.
pub(crate) fn is_code(code: &str) -> bool {
    by_code(RegionSet::Present, code).or_else(|| by_code(RegionSet::Until2015, code)).is_some()
}

/// The region of that exact code in `set`, or the collectivity.
pub fn by_code(set: RegionSet, code: &str) -> Option<&'static Region> {
    let within = |regions: &'static [Region]| {
        regions.binary_search_by(|region| region.code.cmp(code)).ok().map(|index| &regions[index])
    };
    within(set.regions()).or_else(|| within(COLLECTIVITIES))
}

/// The region of that name in `set`, or the collectivity, whatever the case, accents, hyphens and articles.
///
/// ```
/// use ptce::reference::regions::{RegionSet, by_name};
/// let code = |name| by_name(RegionSet::Present, name).map(|region| region.code);
/// assert_eq!(code("PACA"), Some("93"));
/// assert_eq!(code("ile de france"), Some("11"));
/// assert_eq!(code("Picardie"), None);
/// ```
pub fn by_name(set: RegionSet, name: &str) -> Option<&'static Region> {
    match NAMES.get(name) {
        Some(known) => known[set as usize],
        None => KEYS[set as usize].get(&key(name)).copied(),
    }
}

/// What each name of a region of either set, written as it is, means in both.
static NAMES: LazyLock<Spellings<[Option<&'static Region>; 2]>> = LazyLock::new(|| {
    const SETS: [RegionSet; 2] = [RegionSet::Present, RegionSet::Until2015];
    let regions = SETS.iter().flat_map(|set| set.regions()).chain(COLLECTIVITIES);
    regions.map(|region| (region.name, SETS.map(|set| KEYS[set as usize].get(&key(region.name)).copied()))).collect()
});

/// Whether a text is the name of a region, of today or of before 2016.
pub(crate) fn is_name(text: &str) -> bool {
    named(text).next().is_some()
}

/// The regions, of today and of before 2016, that bear a name.
pub(crate) fn named(name: &str) -> impl Iterator<Item = &'static Region> {
    [RegionSet::Present, RegionSet::Until2015].into_iter().filter_map(move |set| by_name(set, name))
}

/// The regions of each set by the keys of their names and aliases.
static KEYS: LazyLock<[BTreeMap<String, &'static Region>; 2]> = LazyLock::new(|| {
    [RegionSet::Present, RegionSet::Until2015].map(|set| {
        let regions = || set.regions().iter().chain(COLLECTIVITIES);
        let aliases = regions().flat_map(|region| region.aliases.iter().map(move |alias| (key(alias), region)));
        // Names come last: where an alias of one region is the name of another, the name holds.
        aliases.chain(regions().map(|region| (key(region.name), region))).collect()
    })
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::names::same_name;

    #[test]
    fn sets_are_sorted_and_complete() {
        for (set, count) in [(RegionSet::Present, 18), (RegionSet::Until2015, 27)] {
            assert_eq!(set.regions().len(), count);
            assert!(set.regions().is_sorted_by(|a, b| a.code < b.code));
            assert!(set.regions().iter().all(|region| region.departments(set).next().is_some()));
        }
        assert!(COLLECTIVITIES.is_sorted_by(|a, b| a.code < b.code));
    }

    #[test]
    fn no_name_means_two_regions() {
        for set in [RegionSet::Present, RegionSet::Until2015] {
            let all = || set.regions().iter().chain(COLLECTIVITIES);
            for region in all() {
                for name in region.aliases.iter().chain([&region.name]) {
                    let bearers = all().filter(|other| {
                        same_name(other.name, name) || other.aliases.iter().any(|alias| same_name(alias, name))
                    });
                    assert_eq!(bearers.count(), 1, "{name}");
                    assert_eq!(by_name(set, name), Some(region));
                }
            }
        }
    }

    #[test]
    fn each_region_of_2015_lies_in_one_present_region() {
        for region in RegionSet::Until2015.regions() {
            let present = region.present().map(|region| region.code);
            assert!(present.is_some());
            assert!(region.departments(RegionSet::Until2015).all(|department| Some(department.region) == present));
        }
        let of = |code: &str| by_code(RegionSet::Until2015, code).and_then(Region::present).map(|region| region.name);
        assert_eq!(of("83"), Some("Auvergne-Rhône-Alpes"));
        assert_eq!(of("73"), Some("Occitanie"));
        assert_eq!(of("25"), Some("Normandie"));
    }

    #[test]
    fn names_of_2016_are_understood() {
        let code = |name| by_name(RegionSet::Present, name).map(|region| region.code);
        assert_eq!(code("Nord Pas de Calais Picardie"), Some("32"));
        assert_eq!(code("ALSACE-CHAMPAGNE-ARDENNE-LORRAINE"), Some("44"));
        assert_eq!(code("Région Centre"), Some("24"));
    }
}
