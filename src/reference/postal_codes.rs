//! Postal codes (La Poste) and the communes they serve; CEDEX codes, which stand for the post office of a firm or an
//! administration that gets much mail.

use crate::reference::communes::{self, Commune, department_of};
use crate::reference::departments::{self, Department};
use crate::reference::names::{arrondissement, commune_key};
use crate::reference::table::Table;
use crate::texts::text;

/// `postal code, places`: each place is the key of a name, then `=` and the code of the commune that bears it, or `~`
/// and the code of the commune that it is part of now.
pub(crate) static POSTAL_CODES: Table =
    Table::new(text!("reference/tables/postal-codes.tsv", crate::reference::derived::postal_codes));
/// `CEDEX code, labels joined by |, codes of the communes of the firms that use it`.
pub(crate) static CEDEX: Table = Table::new(text!("reference/tables/cedex.tsv"));

/// How the name of a place goes with a postal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// The postal code serves the commune of that name; its code.
    Served(&'static str),
    /// The postal code serves a commune that took in, or replaced, the one of that name; its code.
    Former(&'static str),
    /// It is a CEDEX code, of the office of that name.
    Office,
    /// The code is known, and no place of that name goes with it.
    Elsewhere,
    /// The code is neither a postal code nor a CEDEX code that we know.
    UnknownCode,
}

/// Whether the code is the one of communes, not of CEDEX.
pub fn is_postal_code(code: &str) -> bool {
    POSTAL_CODES.row(code).is_some()
}

/// The label of a CEDEX code: `DIJON CEDEX`.
///
/// The list is drawn from the addresses of firms, so that it lacks codes: one that is not there may exist.
pub fn cedex_label(code: &str) -> Option<&'static str> {
    CEDEX.row(code)?.split(['\t', '|']).next()
}

/// What a code stands for where it serves no commune that has a code: the label of its office, or the name of a place
/// outside the Code officiel géographique.
pub(crate) fn label(code: &str) -> Option<&'static str> {
    cedex_label(code).or_else(|| POSTAL_CODES.row(code)?.split('=').next())
}

/// How `name` goes with `code`, whatever the name's case, accents, hyphens and articles.
///
/// ```
/// use ptce::reference::postal_codes::{Agreement, agreement};
/// assert_eq!(agreement("05000", "GAP"), Agreement::Served("05061"));
/// assert_eq!(agreement("44150", "Ancenis"), Agreement::Former("44003"));
/// assert_eq!(agreement("21071", "Dijon"), Agreement::Office);
/// assert_eq!(agreement("97400", "Saint Denis de la Réunion"), Agreement::Served("97411"));
/// assert_eq!(agreement("98890", "Païta"), Agreement::Served("98821"));
/// assert_eq!(agreement("05000", "Dijon"), Agreement::Elsewhere);
/// ```
pub fn agreement(code: &str, name: &str) -> Agreement {
    if let Some(row) = POSTAL_CODES.row(code) {
        let key = commune_key(name);
        if let Some(agreement) = place_named(row, &key) {
            return agreement;
        }
        // « Paris 18e » is « Paris 18e Arrondissement », « Gap (Hautes-Alpes) » is « Gap ».
        return arrondissement(&key)
            .and_then(|key| place_named(row, &key))
            .or_else(|| without_brackets(name).and_then(|name| place_named(row, &commune_key(name))))
            .or_else(|| without_department(code, &key).and_then(|key| place_named(row, key)))
            .or_else(|| of_territory(row, code, name))
            .unwrap_or(Agreement::Elsewhere);
    }
    let Some(row) = CEDEX.row(code) else { return Agreement::UnknownCode };
    let (labels, communes) = row.split_once('\t').unwrap_or((row, ""));
    let key = commune_key(name);
    // « Paris » for « PARIS LA DEFENSE CEDEX »; or the commune of the firm itself.
    let is_office = labels
        .split('|')
        .map(commune_key)
        .any(|office| !key.is_empty() && (office.starts_with(&key) || key.starts_with(&office)));
    let is_commune = || {
        communes.split(',').filter_map(communes::by_code).any(|commune| {
            commune_key(commune.name).starts_with(&key)
                || communes::by_former_name(name).any(|present| present.code == commune.code)
        })
    };
    if is_office || (!key.is_empty() && is_commune()) { Agreement::Office } else { Agreement::Elsewhere }
}

fn place_named(row: &'static str, key: &str) -> Option<Agreement> {
    let mut start = 0;
    for end in memchr::memchr_iter(b' ', row.as_bytes()).chain([row.len()]) {
        // The sign behind the name tells it of nearly all places without reading them.
        let sign = row.as_bytes().get(start + key.len()).filter(|sign| matches!(sign, b'=' | b'~'));
        if let Some(sign) = sign.filter(|_| row[start..].starts_with(key)) {
            let code = &row[start + key.len() + 1..end];
            return Some(if *sign == b'=' { Agreement::Served(code) } else { Agreement::Former(code) });
        }
        start = end + 1;
    }
    None
}

/// « Saint-Denis de la Réunion » is « Saint-Denis », where the code is of that department.
fn without_department<'a>(code: &str, key: &'a str) -> Option<&'a str> {
    let suffix = |department: &Department| key.strip_suffix(commune_key(department.name).as_str());
    departments::of_prefix(code).find_map(suffix).filter(|key| !key.is_empty())
}

/// Of a territory whose codes the sources do not share out among its communes, each code goes with all of them.
fn of_territory(row: &'static str, code: &str, name: &str) -> Option<Agreement> {
    let is_whole = |of: &&Department| place_named(row, &commune_key(of.name)) == Some(Agreement::Served(""));
    let territory = departments::of_prefix(code).find(is_whole)?;
    let commune = communes::by_name(name).find(|commune| commune.department() == Some(territory))?;
    Some(Agreement::Served(commune.code))
}

fn without_brackets(name: &str) -> Option<&str> {
    name.split_once('(').map(|(name, _)| name.trim())
}

/// The communes that a postal code serves, in the order of the code; none for a CEDEX code.
///
/// ```
/// use ptce::reference::postal_codes::communes_of;
/// assert!(communes_of("33220").any(|commune| commune.department().is_some_and(|department| department.code == "24")));
/// ```
pub fn communes_of(code: &str) -> impl Iterator<Item = Commune> + use<> {
    codes_of(code).filter_map(communes::by_code)
}

fn codes_of(code: &str) -> impl Iterator<Item = &'static str> + use<> {
    POSTAL_CODES.row(code).unwrap_or("").split(' ').filter_map(|place| place.split_once('=').map(|(_, code)| code))
}

/// The departments of the communes that a postal code serves, one for each commune; none for a CEDEX code.
pub(crate) fn departments_of(code: &str) -> impl Iterator<Item = &'static Department> + use<> {
    codes_of(code).filter_map(department_of)
}

/// Whether a postal or CEDEX code can belong to a department: through the communes that it serves; where the tables
/// have none, through its first digits.
///
/// ```
/// use ptce::reference::{departments::by_code, postal_codes::can_lie_in};
/// assert!(can_lie_in("33220", by_code("24").unwrap()));
/// assert!(!can_lie_in("33220", by_code("46").unwrap()));
/// ```
pub fn can_lie_in(code: &str, department: &Department) -> bool {
    let mut departments = departments_of(code).peekable();
    if departments.peek().is_some() {
        return departments.any(|found| found == department);
    }
    let offices = || CEDEX.row(code).and_then(|row| row.split('\t').nth(1)).unwrap_or("");
    departments::of_prefix(code).any(|found| found == department)
        || offices().split(',').filter_map(department_of).any(|found| found == department)
}
