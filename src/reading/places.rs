//! Names and codes of regions and departments as people shorten and lengthen them, and what is dialled within them.

use super::{Read, Way, are_digits};
use crate::record::Record;
use crate::reference::departments::{self, DEPARTMENTS, Department};
use crate::reference::names::key;
use crate::reference::regions::{self, Region, RegionSet};
use crate::text::fold::folded;
use crate::text::phones::Number;

const SETS: [RegionSet; 2] = [RegionSet::Present, RegionSet::Until2015];

/// Whether a text is the name of a region, or holds nothing that could be taken off one.
pub(crate) fn is_region(text: &str) -> bool {
    let has_more = |byte| matches!(byte, b'(' | b'/' | b',' | b'.' | b';' | b'+' | b'&');
    let bytes = text.as_bytes();
    let is_apart =
        |at: usize| at.checked_sub(1).is_some_and(|before| bytes[before] == b' ') && bytes.get(at + 1) == Some(&b' ');
    let has_dash =
        memchr::memchr_iter(b'-', bytes).any(is_apart) || memchr::memchr(0xE2, bytes).is_some() && text.contains(" – ");
    !(has_dash || bytes.iter().copied().any(has_more)) || regions::is_name(text)
}

/// The one region that all parts of a text name: « Provence-Alpes-Côte d’Azur (PACA) », « Occitanie / Midi-Pyrénées »,
/// « Auvergne-Rhône-Alpes (Ardèche) ».
pub(super) fn region(text: &str) -> Option<&'static str> {
    let is_between = |c: char| matches!(c, '(' | ')' | '/' | ',' | ';' | '+' | '&');
    let dashes = text.replace(" - ", "/").replace(" – ", "/");
    let parts: Vec<&str> = dashes.split(is_between).map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_abbreviated = |part: &str| regions::is_name(&part.replace('.', ""));
    let named = |set: RegionSet| {
        let mut named = parts.iter().filter_map(|part| regions::by_name(set, part.trim_end_matches('.')));
        let first = named.next()?;
        named.all(|other| other == first).then_some(first)
    };
    let region = SETS.into_iter().find_map(|set| Some((set, named(set)?)));
    let (set, region) = region?;
    // Every other part says the same in other words.
    let agrees = |part: &&str| {
        let department = departments::by_name(part).or_else(|| departments::by_code(part));
        let without_ex =
            part.get(..3).filter(|start| start.eq_ignore_ascii_case("ex ") || start.eq_ignore_ascii_case("ex-"));
        let part = without_ex.map_or(*part, |_| &part[3..]);
        regions::by_name(set, part) == Some(region)
            || is_abbreviated(part) && regions::by_name(set, &part.replace('.', "")) == Some(region)
            || department.is_some_and(|department| department.region_in(set) == region.code)
            || set == RegionSet::Present
                && regions::by_name(RegionSet::Until2015, part).and_then(Region::present) == Some(region)
    };
    parts.iter().all(agrees).then_some(region.name)
}

pub(super) fn is_department_code(text: &str) -> bool {
    departments::by_code(text).is_some()
}

/// « 2b », « 7 », « 46.0 ».
pub(super) fn department_code(text: &str) -> Option<Read> {
    let code = super::codes::bare(text, &["d", "dep", "dept", "dpt", "departement", "n"])?.to_ascii_uppercase();
    let way = Way::Dress;
    // One digit can be no other department; INSEE parts the Rhône in two, 69D and 69M.
    let code = if matches!(code.as_str(), "69D" | "69M") {
        "69".to_owned()
    } else if matches!(code.as_bytes(), [b'1'..=b'9']) {
        format!("0{code}")
    } else {
        code
    };
    (departments::by_code(&code).is_some() && code != text).then_some(Read { value: code, way })
}

/// Whether a text is the name of a department; of the one that is told by its code, more quickly.
pub(super) fn is_department(code: Option<&str>, text: &str) -> bool {
    code.and_then(departments::by_code).is_some_and(|department| department.name == text)
        || departments::by_name(text).is_some()
}

/// « Hte-Garonne », « Dpt du Lot », « Belfort », unless the code beside it is another one's.
pub(super) fn department_name(code: Option<&str>, text: &str) -> Option<Read> {
    let initials = || code.and_then(departments::by_code).filter(|known| is_initials(text, known.name));
    let department = named(text).or_else(initials)?;
    let agrees = code.is_none_or(|code| departments::by_code(code) == Some(department));
    agrees.then(|| Read::new(department.name, Way::Place))?
}

/// Whether a text is the initials of a name, « BDR » beside the code of the Bouches-du-Rhône.
fn is_initials(text: &str, name: &str) -> bool {
    let own: Vec<u8> = folded_words(name).iter().filter_map(|word| word.bytes().next()).collect();
    own.len() > 2 && folded(text).bytes().filter(|byte| *byte != b' ').eq(own)
}

fn named(text: &str) -> Option<&'static Department> {
    const SHORT: &[(&str, &str)] = &[
        ("ht", "haut"),
        ("hte", "haute"),
        ("hts", "hauts"),
        ("htes", "hautes"),
        ("pyr", "pyrenees"),
        ("atl", "atlantique"),
        ("atlant", "atlantiques"),
        ("mme", "maritime"),
        ("marit", "maritime"),
        ("t", "territoire"),
        ("terr", "territoire"),
    ];
    const SAY_NOTHING: &[&str] = &["dep", "dept", "dpt", "dépt", "fr", "france"];
    let folded = folded(text);
    let words: Vec<&str> = folded
        .split(' ')
        .filter(|word| !SAY_NOTHING.contains(word))
        .map(|word| SHORT.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| long))
        .collect();
    let name = words.join(" ");
    if let Some(department) = departments::by_name(&name) {
        return Some(department);
    }
    // The end of one name alone: « Belfort ».
    let key = key(&name);
    let is_end = |department: &&Department| {
        let words = folded_words(department.name);
        words.len() > 1 && words.last().is_some_and(|last| *last == key) && department.name.contains(" de ")
    };
    let mut ends = DEPARTMENTS.iter().filter(is_end);
    ends.next().filter(|_| ends.next().is_none() && key.len() > 4)
}

fn folded_words(name: &str) -> Vec<String> {
    folded(name).split(' ').map(str::to_owned).collect()
}

/// The number of a territory that is dialled there without a code, as it is written from anywhere, when the record lies in it.
pub(super) fn local_number(record: &Record<&str>, text: &str) -> Option<String> {
    let code = record.address.postal_code.filter(|code| are_digits(code, 5)).map(|code| &code[..3]);
    let declared = || {
        record.territory.departments.first().and_then(|given| {
            given.code.or_else(|| departments::by_name(given.name?).map(|department| department.code))
        })
    };
    let country = match code.or_else(declared)? {
        "975" => "508",
        "986" => "681",
        "987" => "689",
        "988" => "687",
        _ => return None,
    };
    let is_own = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'.' | b'-'));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !is_own || digits != if country == "689" { 8 } else { 6 } {
        return None;
    }
    Number::parse(&format!("+{country} {text}")).map(|number| number.display())
}
