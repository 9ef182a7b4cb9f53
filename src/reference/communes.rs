//! The communes of the Code officiel géographique (Insee), those of today and those that were merged or renamed since
//! 1943, with their postal codes (La Poste).

use crate::reference::departments::{self, Department};
use crate::reference::insee::{COMMUNES, FORMER};
use crate::reference::names::{arrondissement, commune_key};
use crate::reference::table::Table;
use crate::texts::text;

/// `code of a commune, latitude, longitude`: only a map asks for them.
pub(crate) static POINTS: Table = Table::new(text!("reference/tables/points.tsv"));
/// `key of a name, codes`; a code after `~` is the present commune of a former name.
pub(crate) static NAMES: Table = Table::new(text!("reference/tables/names.tsv", crate::reference::derived::names));

/// What an entry of the table of communes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A commune.
    Commune,
    /// A former commune that is now a *commune déléguée* or *associée* of another.
    Part,
    /// A municipal *arrondissement* of Paris, Lyon or Marseille.
    Arrondissement,
}

/// A commune, a part of one, or a municipal arrondissement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commune {
    /// INSEE code, five characters.
    pub code: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Code of the commune it is part of; empty for a commune.
    pub parent: &'static str,
    /// Name, with ASCII apostrophes.
    pub name: &'static str,
    postal_codes: &'static str,
}

impl Commune {
    /// Its postal codes, in the order of the source; none for a part of a commune.
    pub fn postal_codes(&self) -> impl Iterator<Item = &'static str> {
        self.postal_codes.split(',').filter(|code| !code.is_empty())
    }

    /// Its postal code, when it has exactly one.
    pub fn only_postal_code(&self) -> Option<&'static str> {
        Some(self.postal_codes).filter(|codes| codes.len() == 5)
    }

    /// Latitude and longitude of its town hall, or of a point within the commune where the sources misplace or lack it
    /// (WGS 84, degrees); `None` where they have neither, and for what is no commune.
    pub fn point(&self) -> Option<(f64, f64)> {
        let (latitude, longitude) = POINTS.row(self.code).filter(|_| self.kind == Kind::Commune)?.split_once('\t')?;
        Some((latitude.parse().ok()?, longitude.parse().ok()?))
    }

    /// Its department or collectivity.
    pub fn department(&self) -> Option<&'static Department> {
        department_of(self.code)
    }
}

/// A name that a commune no longer bears: it was renamed, or became part of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Former {
    /// The name.
    pub name: &'static str,
    /// The day from which it was no longer in force, ISO 8601.
    pub until: &'static str,
    /// The code of the present commune.
    pub present: &'static str,
}

fn commune(row: &'static str) -> Option<Commune> {
    let mut columns = row.split('\t');
    let code = columns.next()?;
    let kind = match columns.next()? {
        "C" => Kind::Commune,
        "M" => Kind::Arrondissement,
        _ => Kind::Part,
    };
    let (parent, name, postal_codes) = (columns.next()?, columns.next()?, columns.next()?);
    Some(Commune { code, kind, parent, name, postal_codes })
}

/// The commune or arrondissement of that INSEE code; failing these, the part of a commune that bears it still.
///
/// ```
/// use ptce::reference::communes::by_code;
/// assert_eq!(by_code("05061").map(|commune| commune.name), Some("Gap"));
/// assert!(by_code("05000").is_none(), "a postal code is not an INSEE code");
/// ```
pub fn by_code(code: &str) -> Option<Commune> {
    let mut found: Option<Commune> = None;
    for row in COMMUNES.rows(code) {
        let commune = commune(row)?;
        if found.is_none() || commune.kind != Kind::Part {
            found = Some(commune);
        }
    }
    found
}

/// The communes and arrondissements of that name, whatever its case, accents, hyphens and articles; homonyms in the
/// order of their codes.
///
/// ```
/// use ptce::reference::communes::by_name;
/// let codes: Vec<&str> = by_name("st etienne du rouvray").map(|commune| commune.code).collect();
/// assert_eq!(codes, ["76575"]);
/// ```
pub fn by_name(name: &str) -> impl Iterator<Item = Commune> + use<> {
    codes(name).filter(|code| !code.starts_with('~')).filter_map(by_code)
}

/// The present communes of those that bore that name until they were renamed or merged.
///
/// ```
/// use ptce::reference::communes::by_former_name;
/// let names: Vec<&str> = by_former_name("Ancenis").map(|commune| commune.name).collect();
/// assert_eq!(names, ["Ancenis-Saint-Géréon"]);
/// ```
pub fn by_former_name(name: &str) -> impl Iterator<Item = Commune> + use<> {
    codes(name).filter_map(|code| code.strip_prefix('~')).filter_map(by_code)
}

fn codes(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    let key = commune_key(name);
    let row = NAMES.row(&key).or_else(|| NAMES.row(&arrondissement(&key)?));
    row.unwrap_or("").split(' ').filter(|code| !code.is_empty())
}

/// What bore that INSEE code in the past, in the order of time.
pub fn former(code: &str) -> impl Iterator<Item = Former> {
    FORMER.rows(code).filter_map(|row| {
        let mut columns = row.split('\t').skip(1);
        Some(Former { name: columns.next()?, until: columns.next()?, present: columns.next()? })
    })
}

/// Whether a text has the form of an INSEE code of a commune.
pub(crate) fn has_form(code: &str) -> bool {
    let rest = code.strip_prefix("2A").or_else(|| code.strip_prefix("2B")).unwrap_or(code);
    code.len() == 5 && rest.bytes().all(|byte| byte.is_ascii_digit())
}

/// The communes and arrondissements of a department, in the order of their codes.
pub fn of_department(code: &str) -> impl Iterator<Item = Commune> {
    COMMUNES.starting_with(code).filter_map(commune).filter(|commune| commune.kind != Kind::Part)
}

/// The department or collectivity that an INSEE code of a commune lies in.
///
/// ```
/// use ptce::reference::communes::department_of;
/// assert_eq!(department_of("2A004").map(|department| department.code), Some("2A"));
/// assert_eq!(department_of("97411").map(|department| department.code), Some("974"));
/// ```
pub fn department_of(code: &str) -> Option<&'static Department> {
    let length = if code.starts_with("97") || code.starts_with("98") { 3 } else { 2 };
    code.get(..length).and_then(departments::by_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communes_are_found() {
        let gap = by_code("05061").unwrap();
        assert_eq!((gap.name, gap.kind, gap.only_postal_code()), ("Gap", Kind::Commune, Some("05000")));
        assert_eq!(gap.department().map(|department| department.code), Some("05"));
        assert_eq!(gap.point(), Some((44.5588, 6.0798)));
        assert_eq!(by_code("75118").unwrap().kind, Kind::Arrondissement);
        assert_eq!(by_code("75118").unwrap().point(), None);
        assert_eq!(by_code("75056").unwrap().postal_codes().count(), 21);
        assert_eq!(by_code("75056").unwrap().only_postal_code(), None);
        // A code that a commune and a part of it both bear.
        assert_eq!(by_code("01033").unwrap().name, "Valserhône");
        assert!(by_code("99999").is_none() && by_code("").is_none() && by_code("0506").is_none());
        assert_eq!(
            by_name("Saint-Denis").map(|commune| commune.code).collect::<Vec<_>>(),
            ["11339", "30247", "93066", "97411"]
        );
        assert_eq!(by_name("nulle part").count(), 0);
    }

    #[test]
    fn former_communes_lead_to_present_ones() {
        assert_eq!(by_former_name("Saint-Géréon").map(|commune| commune.code).collect::<Vec<_>>(), ["44003"]);
        let former: Vec<Former> = former("44160").collect();
        assert_eq!(former, [Former { name: "Saint-Géréon", until: "2019-01-01", present: "44003" }]);
        for row in FORMER.all() {
            let present = row.rsplit('\t').next().unwrap();
            assert_eq!(by_code(present).map(|commune| commune.kind), Some(Kind::Commune), "{row}");
        }
    }
}
