//! The departments, and the overseas collectivities that stand beside them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::reference::RegionSet;
use crate::reference::names::key;

/// A department, or an overseas collectivity that has a code of the same kind.
#[derive(Debug, PartialEq, Eq)]
pub struct Department {
    /// INSEE code: two characters, or three overseas.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Code of its present region. A collectivity belongs to none, and stands as its own.
    pub region: &'static str,
    /// Code of its region until the end of 2015.
    pub region_until_2015: &'static str,
}

impl Department {
    /// The code of its region in `set`.
    pub fn region_in(&self, set: RegionSet) -> &'static str {
        match set {
            RegionSet::Present => self.region,
            RegionSet::Until2015 => self.region_until_2015,
        }
    }
}

const fn department(
    code: &'static str,
    name: &'static str,
    region: &'static str,
    region_until_2015: &'static str,
) -> Department {
    Department { code, name, region, region_until_2015 }
}

/// All departments and collectivities by code. Source: INSEE, Code officiel géographique 2026 and 2015.
#[rustfmt::skip] // One a line, or the columns cannot be compared with the source.
pub static DEPARTMENTS: &[Department] = &[
    department("01", "Ain", "84", "82"),
    department("02", "Aisne", "32", "22"),
    department("03", "Allier", "84", "83"),
    department("04", "Alpes-de-Haute-Provence", "93", "93"),
    department("05", "Hautes-Alpes", "93", "93"),
    department("06", "Alpes-Maritimes", "93", "93"),
    department("07", "Ardèche", "84", "82"),
    department("08", "Ardennes", "44", "21"),
    department("09", "Ariège", "76", "73"),
    department("10", "Aube", "44", "21"),
    department("11", "Aude", "76", "91"),
    department("12", "Aveyron", "76", "73"),
    department("13", "Bouches-du-Rhône", "93", "93"),
    department("14", "Calvados", "28", "25"),
    department("15", "Cantal", "84", "83"),
    department("16", "Charente", "75", "54"),
    department("17", "Charente-Maritime", "75", "54"),
    department("18", "Cher", "24", "24"),
    department("19", "Corrèze", "75", "74"),
    department("21", "Côte-d'Or", "27", "26"),
    department("22", "Côtes-d'Armor", "53", "53"),
    department("23", "Creuse", "75", "74"),
    department("24", "Dordogne", "75", "72"),
    department("25", "Doubs", "27", "43"),
    department("26", "Drôme", "84", "82"),
    department("27", "Eure", "28", "23"),
    department("28", "Eure-et-Loir", "24", "24"),
    department("29", "Finistère", "53", "53"),
    department("2A", "Corse-du-Sud", "94", "94"),
    department("2B", "Haute-Corse", "94", "94"),
    department("30", "Gard", "76", "91"),
    department("31", "Haute-Garonne", "76", "73"),
    department("32", "Gers", "76", "73"),
    department("33", "Gironde", "75", "72"),
    department("34", "Hérault", "76", "91"),
    department("35", "Ille-et-Vilaine", "53", "53"),
    department("36", "Indre", "24", "24"),
    department("37", "Indre-et-Loire", "24", "24"),
    department("38", "Isère", "84", "82"),
    department("39", "Jura", "27", "43"),
    department("40", "Landes", "75", "72"),
    department("41", "Loir-et-Cher", "24", "24"),
    department("42", "Loire", "84", "82"),
    department("43", "Haute-Loire", "84", "83"),
    department("44", "Loire-Atlantique", "52", "52"),
    department("45", "Loiret", "24", "24"),
    department("46", "Lot", "76", "73"),
    department("47", "Lot-et-Garonne", "75", "72"),
    department("48", "Lozère", "76", "91"),
    department("49", "Maine-et-Loire", "52", "52"),
    department("50", "Manche", "28", "25"),
    department("51", "Marne", "44", "21"),
    department("52", "Haute-Marne", "44", "21"),
    department("53", "Mayenne", "52", "52"),
    department("54", "Meurthe-et-Moselle", "44", "41"),
    department("55", "Meuse", "44", "41"),
    department("56", "Morbihan", "53", "53"),
    department("57", "Moselle", "44", "41"),
    department("58", "Nièvre", "27", "26"),
    department("59", "Nord", "32", "31"),
    department("60", "Oise", "32", "22"),
    department("61", "Orne", "28", "25"),
    department("62", "Pas-de-Calais", "32", "31"),
    department("63", "Puy-de-Dôme", "84", "83"),
    department("64", "Pyrénées-Atlantiques", "75", "72"),
    department("65", "Hautes-Pyrénées", "76", "73"),
    department("66", "Pyrénées-Orientales", "76", "91"),
    department("67", "Bas-Rhin", "44", "42"),
    department("68", "Haut-Rhin", "44", "42"),
    department("69", "Rhône", "84", "82"),
    department("70", "Haute-Saône", "27", "43"),
    department("71", "Saône-et-Loire", "27", "26"),
    department("72", "Sarthe", "52", "52"),
    department("73", "Savoie", "84", "82"),
    department("74", "Haute-Savoie", "84", "82"),
    department("75", "Paris", "11", "11"),
    department("76", "Seine-Maritime", "28", "23"),
    department("77", "Seine-et-Marne", "11", "11"),
    department("78", "Yvelines", "11", "11"),
    department("79", "Deux-Sèvres", "75", "54"),
    department("80", "Somme", "32", "22"),
    department("81", "Tarn", "76", "73"),
    department("82", "Tarn-et-Garonne", "76", "73"),
    department("83", "Var", "93", "93"),
    department("84", "Vaucluse", "93", "93"),
    department("85", "Vendée", "52", "52"),
    department("86", "Vienne", "75", "54"),
    department("87", "Haute-Vienne", "75", "74"),
    department("88", "Vosges", "44", "41"),
    department("89", "Yonne", "27", "26"),
    department("90", "Territoire de Belfort", "27", "43"),
    department("91", "Essonne", "11", "11"),
    department("92", "Hauts-de-Seine", "11", "11"),
    department("93", "Seine-Saint-Denis", "11", "11"),
    department("94", "Val-de-Marne", "11", "11"),
    department("95", "Val-d'Oise", "11", "11"),
    department("971", "Guadeloupe", "01", "01"),
    department("972", "Martinique", "02", "02"),
    department("973", "Guyane", "03", "03"),
    department("974", "La Réunion", "04", "04"),
    department("975", "Saint-Pierre-et-Miquelon", "975", "975"),
    department("976", "Mayotte", "06", "06"),
    department("977", "Saint-Barthélemy", "977", "977"),
    department("978", "Saint-Martin", "978", "978"),
    department("984", "Terres australes et antarctiques françaises", "984", "984"),
    department("986", "Wallis et Futuna", "986", "986"),
    department("987", "Polynésie française", "987", "987"),
    department("988", "Nouvelle-Calédonie", "988", "988"),
    department("989", "Île de Clipperton", "989", "989"),
];

/// Names in use that are not the official ones.
static ALIASES: &[(&str, &str)] = &[
    ("Grand Lyon", "69"),
    ("Lyon Métropole", "69"),
    ("Métropole de Lyon", "69"),
    ("Nouveau Rhône", "69"),
    ("TAAF", "984"),
    ("Wallis-et-Futuna", "986"),
];

/// Postal codes that also serve a commune of another department than their first digits say: La Poste follows roads,
/// not limits. Source: INSEE, Code officiel géographique 2026, with the postal codes of La Poste.
static ELSEWHERE: &[(&str, &str)] = &[
    ("01200", "74"),
    ("01410", "39"),
    ("01590", "39"),
    ("05110", "04"),
    ("05130", "04"),
    ("05160", "04"),
    ("05700", "26"),
    ("06260", "04"),
    ("13780", "83"),
    ("21340", "71"),
    ("33220", "24"),
    ("37160", "86"),
    ("42620", "03"),
    ("43450", "15"),
    ("48250", "07"),
    ("52100", "51"),
    ("94390", "91"),
    ("97133", "977"),
    ("97150", "978"),
    ("98799", "989"),
];

/// The department of that exact code.
///
/// ```
/// use ptce::reference::departments::by_code;
/// assert_eq!(by_code("2A").map(|department| department.name), Some("Corse-du-Sud"));
/// assert!(by_code("20").is_none());
/// ```
pub fn by_code(code: &str) -> Option<&'static Department> {
    DEPARTMENTS.binary_search_by(|department| department.code.cmp(code)).ok().map(|index| &DEPARTMENTS[index])
}

/// The department of that name, whatever its case, accents, hyphens and articles.
///
/// ```
/// use ptce::reference::departments::by_name;
/// assert_eq!(by_name("SEINE ST DENIS").map(|department| department.code), Some("93"));
/// assert_eq!(by_name("l'Oise").map(|department| department.code), Some("60"));
/// ```
pub fn by_name(name: &str) -> Option<&'static Department> {
    let exact = DEPARTMENTS.iter().find(|department| department.name == name);
    exact.or_else(|| KEYS.get(&key(name)).copied())
}

/// The departments by the keys of their names and aliases.
static KEYS: LazyLock<BTreeMap<String, &'static Department>> = LazyLock::new(|| {
    let aliases = ALIASES.iter().filter_map(|(alias, code)| by_code(code).map(|department| (key(alias), department)));
    aliases.chain(DEPARTMENTS.iter().map(|department| (key(department.name), department))).collect()
});

/// The departments that a postal or CEDEX code can serve: one, sometimes two, none when its prefix means nothing.
///
/// ```
/// use ptce::reference::departments::of_postal_code;
/// let codes: Vec<&str> = of_postal_code("33220").map(|department| department.code).collect();
/// assert_eq!(codes, ["33", "24"]);
/// ```
pub fn of_postal_code(code: &str) -> impl Iterator<Item = &'static Department> {
    let start = |length: usize| code.get(..length).unwrap_or("");
    let (first, second) = match start(2) {
        "20" => match start(3) {
            "200" | "201" => (by_code("2A"), None),
            "202" | "206" => (by_code("2B"), None),
            // Corsican CEDEX codes do not always keep to these four.
            _ => (by_code("2A"), by_code("2B")),
        },
        "97" | "98" => (by_code(start(3)), None),
        prefix => (by_code(prefix), None),
    };
    let elsewhere = || {
        let index = ELSEWHERE.binary_search_by(|(known, _)| (*known).cmp(code)).ok()?;
        by_code(ELSEWHERE[index].1)
    };
    first.into_iter().chain(second.or_else(elsewhere))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::regions;

    #[test]
    fn tables_are_sorted() {
        assert!(DEPARTMENTS.is_sorted_by(|a, b| a.code < b.code));
        assert!(ELSEWHERE.is_sorted_by(|a, b| a.0 < b.0));
        assert!(ELSEWHERE.iter().all(|(_, code)| by_code(code).is_some()));
        assert!(ALIASES.iter().all(|(_, code)| by_code(code).is_some()));
    }

    #[test]
    fn regions_share_out_the_departments() {
        let metropolitan = || DEPARTMENTS.iter().filter(|department| department.code.len() == 2);
        assert_eq!(metropolitan().count(), 96);
        for (set, count) in [(RegionSet::Until2015, 22), (RegionSet::Present, 13)] {
            let mut codes: Vec<&str> = metropolitan().map(|department| department.region_in(set)).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), count);
            for department in DEPARTMENTS {
                assert!(regions::by_code(set, department.region_in(set)).is_some(), "{}", department.code);
            }
        }
    }

    #[test]
    fn names_find_only_their_own_department() {
        for department in DEPARTMENTS {
            for name in [department.name.to_owned(), department.name.to_uppercase(), crate::fold::slug(department.name)]
            {
                assert_eq!(by_name(&name).map(|found| found.code), Some(department.code), "{name}");
            }
        }
        assert!(by_name("Corse").is_none());
        assert!(by_name("la").is_none());
        assert_eq!(by_name("Département du Val d’Oise").map(|found| found.code), Some("95"));
    }

    #[test]
    fn postal_codes_name_their_departments() {
        let codes = |code| of_postal_code(code).map(|department| department.code).collect::<Vec<_>>();
        assert_eq!(codes("05000"), ["05"]);
        assert_eq!(codes("05110"), ["05", "04"]);
        assert_eq!(codes("20000"), ["2A"]);
        assert_eq!(codes("20200"), ["2B"]);
        assert_eq!(codes("20700"), ["2A", "2B"]);
        assert_eq!(codes("97133"), ["971", "977"]);
        assert_eq!(codes("97400"), ["974"]);
        assert_eq!(codes("98800"), ["988"]);
        assert_eq!(codes("98000"), [""; 0]);
        assert_eq!(codes("é"), [""; 0]);
    }
}
