//! The departments, and the overseas collectivities that stand beside them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::reference::RegionSet;
use crate::reference::names::{Spellings, key, same_name};
use crate::text::fold::folded;
use crate::text::words::{Word, words};

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

/// Where the department stands whose code is a number of two digits: records ask for little else as often.
static NUMBERED: [u8; 100] = {
    let (mut places, mut at) = ([u8::MAX; 100], 0);
    while at < DEPARTMENTS.len() {
        if let [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] = *DEPARTMENTS[at].code.as_bytes() {
            places[(tens - b'0') as usize * 10 + (ones - b'0') as usize] = at as u8;
        }
        at += 1;
    }
    places
};

/// The department of that exact code.
///
/// ```
/// use ptce::reference::departments::by_code;
/// assert_eq!(by_code("2A").map(|department| department.name), Some("Corse-du-Sud"));
/// assert!(by_code("20").is_none());
/// ```
pub fn by_code(code: &str) -> Option<&'static Department> {
    if let [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] = *code.as_bytes() {
        let place = NUMBERED[usize::from(tens - b'0') * 10 + usize::from(ones - b'0')];
        return DEPARTMENTS.get(usize::from(place));
    }
    // The bytes of another code are compared as one number.
    let number = |code: &str| match *code.as_bytes() {
        [a, b] => u32::from_be_bytes([a, b, 0, 0]),
        [a, b, c] => u32::from_be_bytes([a, b, c, 0]),
        _ => 0,
    };
    let wanted = number(code);
    let index = DEPARTMENTS.partition_point(|known| number(known.code) < wanted);
    DEPARTMENTS.get(index).filter(|known| known.code == code)
}

/// The department of a code, when the name beside it is another one's or no one's.
pub fn contradicted(code: &str, name: &str) -> Option<&'static Department> {
    let department = by_code(code)?;
    let agrees = same_name(department.name, name) || by_name(name) == Some(department);
    (!agrees).then_some(department)
}

/// The department that a code and a name mean; `None` when it is unknown, or when they disagree.
pub fn meant(code: Option<&str>, name: Option<&str>) -> Option<&'static Department> {
    match (code, name) {
        (Some(code), Some(name)) if contradicted(code, name).is_some() => None,
        (Some(code), _) => by_code(code),
        (None, name) => name.and_then(by_name),
    }
}

/// The department of that name, whatever its case, accents, hyphens and articles.
///
/// ```
/// use ptce::reference::departments::by_name;
/// assert_eq!(by_name("SEINE ST DENIS").map(|department| department.code), Some("93"));
/// assert_eq!(by_name("l'Oise").map(|department| department.code), Some("60"));
/// ```
pub fn by_name(name: &str) -> Option<&'static Department> {
    NAMES.get(name).copied().or_else(|| KEYS.get(&key(name)).copied())
}

/// The departments by their names as they are.
static NAMES: LazyLock<Spellings<&'static Department>> =
    LazyLock::new(|| DEPARTMENTS.iter().map(|department| (department.name, department)).collect());

/// Departments with nothing but hyphens between them: « Ardèche-Drôme », « Nord - Pas-de-Calais ».
fn joined_by_hyphens(text: &str) -> Option<Vec<String>> {
    /// Of six names, each has four words.
    const MOST: usize = 24;
    memchr::memchr(b'-', text.as_bytes())?;
    let is_word = |byte: u8| byte.is_ascii_alphabetic() || !byte.is_ascii() || matches!(byte, b'-' | b' ' | b'\'');
    if !text.bytes().all(is_word) || by_name(text).is_some() {
        return None;
    }
    let pieces: Vec<&str> = text.split('-').collect();
    if pieces.len() > MOST {
        return None;
    }
    // The longest name from each piece on: « Alpes-Maritimes » is no « Alpes ».
    let (mut listed, mut from) = (Vec::new(), 0);
    while from < pieces.len() {
        let found = (from + 1..=pieces.len().min(from + 4)).rev().find_map(|end| {
            let name = pieces[from..end].join("-");
            by_name(name.trim()).map(|known| (known.name.to_owned(), end))
        });
        let (name, end) = found?;
        listed.push(name);
        from = end;
    }
    (listed.len() > 1).then_some(listed)
}

/// The departments that a text names one after the other, by name, code or both: « Ain, Isère (38) et 73 », « 01/38 »,
/// « de la Drôme et de l’Ardèche », « 22 à 24 ». `None` when it names fewer than two, or holds anything else.
///
/// ```
/// use ptce::reference::departments::listed;
/// assert_eq!(listed("l’Indre-et-Loire et le Cher"), Some(vec!["Indre-et-Loire".to_owned(), "Cher".to_owned()]));
/// assert_eq!(listed("Indre-et-Loire"), None);
/// ```
pub fn listed(text: &str) -> Option<Vec<String>> {
    if let Some(joined) = joined_by_hyphens(text) {
        return Some(joined);
    }
    // Most texts name one: a code, a name, or « 05 Hautes-Alpes ».
    let is_list = |byte: u8| matches!(byte, b',' | b'/' | b'&' | b'+' | b'\n');
    if !text.bytes().any(is_list) && !text.contains(" et ") && !text.contains(" à ") && !has_several_codes(text) {
        return None;
    }
    const BETWEEN: &[&str] = &[
        "a",
        "ainsi",
        "au",
        "aux",
        "d",
        "de",
        "departement",
        "departements",
        "des",
        "du",
        "et",
        "l",
        "la",
        "le",
        "les",
        "notamment",
        "partie",
        "principalement",
        "que",
        "surtout",
    ];
    /// The longest names have six words, prepositions and all.
    const LONGEST: usize = 6;
    let words: Vec<Word<'_>> = words(text).collect();
    let mut listed: Vec<String> = Vec::new();
    let (mut at, mut is_range) = (0, false);
    let is_between = |word: &Word<'_>| BETWEEN.contains(&folded(word.text).as_str());
    // The code at a word, alone or in brackets. One digit can be no other department: « 7 et 26 ».
    let known = |word: &str| match word.as_bytes() {
        [b'1'..=b'9'] => by_code(&format!("0{word}")),
        _ => by_code(word),
    };
    let code_at = |at: usize| words.get(at).map(|word| word.text).filter(|word| known(word).is_some());
    // A name may end at a word unless a hyphen binds it to the next.
    let name_at = |at: usize| {
        (at..words.len().min(at + LONGEST)).rev().find_map(|last| {
            let is_whole =
                words[last].next() != Some('-') || words.get(last + 1).is_none_or(|next| known(next.text).is_some());
            let name = &text[words[at].start..words[last].end()];
            (is_whole && !is_between(&words[last]) && by_name(name).is_some()).then_some((name, last + 1))
        })
    };
    while at < words.len() {
        if is_between(&words[at]) {
            is_range = matches!(words[at].text, "à" | "a") && at > 0 && code_at(at - 1).is_some();
            at += 1;
        } else if let Some(code) = code_at(at) {
            if is_range {
                let last = listed.last().and_then(|first| known(first))?;
                let between = DEPARTMENTS
                    .iter()
                    .filter(|one| one.code > last.code && one.code < code && one.code.len() == code.len());
                listed.extend(between.map(|one| one.code.to_owned()));
            }
            is_range = false;
            // « 38 Isère »: a name without a separator after the code is of the same one.
            let name = name_at(at + 1).filter(|_| !matches!(words[at].next(), Some(',' | '/' | ')' | '\n')));
            match name.filter(|(name, _)| by_name(name) == known(code)) {
                Some((name, end)) => {
                    listed.push(format!("{name} ({code})"));
                    at = end;
                }
                None => {
                    listed.push(code.to_owned());
                    at += 1;
                }
            }
        } else {
            let (name, end) = name_at(at)?;
            // « Isère (38) », « Isère - 38 »; what contradicts the name is for the rules to tell.
            let bracketed = text[words[end - 1].end()..].trim_start().starts_with('(');
            let code = code_at(end).filter(|code| bracketed || known(code) == by_name(name));
            listed.push(code.map_or_else(|| name.to_owned(), |code| format!("{name} ({code})")));
            at = end + usize::from(code.is_some());
        }
    }
    (listed.len() > 1).then_some(listed)
}

fn has_several_codes(text: &str) -> bool {
    let runs = text.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    runs.filter(|run| run[0].is_ascii_digit()).nth(1).is_some()
}

/// The departments by the keys of their names and aliases.
static KEYS: LazyLock<BTreeMap<String, &'static Department>> = LazyLock::new(|| {
    let aliases = ALIASES.iter().filter_map(|(alias, code)| by_code(code).map(|department| (key(alias), department)));
    aliases.chain(DEPARTMENTS.iter().map(|department| (key(department.name), department))).collect()
});

/// The departments that the first digits of a postal or CEDEX code stand for: one, in Corsica two, none when they mean
/// nothing. La Poste follows roads, not limits: for a code that is known, its communes tell more.
pub(crate) fn of_prefix(code: &str) -> impl Iterator<Item = &'static Department> {
    let start = |length: usize| code.get(..length).unwrap_or("");
    let (first, second) = match start(2) {
        "20" => (by_code("2A"), by_code("2B")),
        "97" | "98" => (by_code(start(3)), None),
        prefix => (by_code(prefix), None),
    };
    first.into_iter().chain(second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::regions;

    #[test]
    fn departments_are_found_by_their_codes() {
        for department in DEPARTMENTS {
            assert_eq!(by_code(department.code), Some(department));
        }
        for code in ["", "1", "00", "20", "96", "97", "99", "2C", "970", "é", "0 1"] {
            assert_eq!(by_code(code), None, "{code}");
        }
    }

    #[test]
    fn tables_are_sorted() {
        assert!(DEPARTMENTS.is_sorted_by(|a, b| a.code < b.code));
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
            for name in
                [department.name.to_owned(), department.name.to_uppercase(), crate::text::fold::slug(department.name)]
            {
                assert_eq!(by_name(&name).map(|found| found.code), Some(department.code), "{name}");
            }
        }
        assert!(by_name("Corse").is_none());
        assert!(by_name("la").is_none());
        assert_eq!(by_name("Département du Val d’Oise").map(|found| found.code), Some("95"));
    }

    #[test]
    fn departments_are_listed_in_words() {
        for (text, departments) in [
            ("Ain, Isère", "Ain|Isère"),
            ("Ain (01) et Isère (38)", "Ain (01)|Isère (38)"),
            ("01, 38", "01|38"),
            ("01/38/2A", "01|38|2A"),
            ("01-38", "01|38"),
            ("01 38 73", "01|38|73"),
            ("05 - Hautes-Alpes, 04 - Alpes-de-Haute-Provence", "Hautes-Alpes (05)|Alpes-de-Haute-Provence (04)"),
            ("05 Hautes-Alpes 04 Alpes-de-Haute-Provence", "Hautes-Alpes (05)|Alpes-de-Haute-Provence (04)"),
            ("départements de la Drôme et de l’Ardèche", "Drôme|Ardèche"),
            ("Indre-et-Loire et Loir-et-Cher", "Indre-et-Loire|Loir-et-Cher"),
            ("Loire et Haute-Loire", "Loire|Haute-Loire"),
            ("Lot et Haute-Garonne", "Lot|Haute-Garonne"),
            ("01 à 04", "01|02|03|04"),
            ("972 et 974", "972|974"),
            ("Oise (61), Seine-Maritime (76)", "Oise (61)|Seine-Maritime (76)"),
            ("La Réunion & Mayotte", "Réunion|Mayotte"),
            ("Isère - 38, Ain - 01", "Isère (38)|Ain (01)"),
        ] {
            assert_eq!(listed(text).map(|listed| listed.join("|")).as_deref(), Some(departments), "{text}");
        }
        for text in [
            "Ain",
            "01",
            "2A",
            "Lot-et-Garonne",
            "Lot et Garonne",
            "Val-d’Oise",
            "Hautes-Alpes (05)",
            "05 - Hautes-Alpes",
            "Ain, Quercy",
            "Oise (61)",
            "Territoire de Belfort",
            "Eure-et-Loir",
            "Terres australes et antarctiques françaises",
            "",
            "et",
            ",",
            "10 rue Basse, Ain",
            "99, 98",
        ] {
            assert_eq!(listed(text), None, "{text}");
        }
    }

    #[test]
    fn first_digits_name_departments() {
        let codes = |code| of_prefix(code).map(|department| department.code).collect::<Vec<_>>();
        assert_eq!(codes("05007"), ["05"]);
        assert_eq!(codes("20700"), ["2A", "2B"]);
        assert_eq!(codes("97491"), ["974"]);
        assert_eq!(codes("98000"), [""; 0]);
        assert_eq!(codes("é"), [""; 0]);
    }
}
