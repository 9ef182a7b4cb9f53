//! The tables that serve look-ups by name and by postal code, derived from the table of communes and committed beside
//! it: `PTCE_UPDATE=1 cargo test` writes them anew. Where they are not lent they are derived at run time.

use std::collections::{BTreeMap, BTreeSet};

use crate::reference::insee::{COMMUNES, FORMER};
use crate::reference::names::commune_key;

/// The places by their key, and the codes by which they are known; those of former names begin with `~`.
type Places = BTreeMap<String, BTreeSet<String>>;

struct Derived {
    postal_codes: BTreeMap<String, Places>,
    names: Places,
}

fn derive() -> Derived {
    let mut derived = Derived { postal_codes: BTreeMap::new(), names: Places::new() };
    let mut postal_codes_of: BTreeMap<&str, (&str, String)> = BTreeMap::new();
    let columns = |row: &'static str| row.split('\t').collect::<Vec<_>>();
    for row in COMMUNES.all().map(columns) {
        if matches!(row[1], "C" | "M") {
            let key = commune_key(row[3]);
            derived.names.entry(key.clone()).or_default().insert(row[0].to_owned());
            for postal_code in row[4].split(',').filter(|code| !code.is_empty()) {
                let places = derived.postal_codes.entry(postal_code.to_owned()).or_default();
                let known = places.insert(key.clone(), BTreeSet::from([row[0].to_owned()]));
                debug_assert_eq!(known, None, "two places of {postal_code} share the key {key}");
            }
            if row[1] == "C" {
                postal_codes_of.insert(row[0], (row[4], key));
            }
        }
    }
    let parts = COMMUNES.all().map(columns).filter(|row| matches!(row[1], "D" | "A")).map(|row| (row[3], row[2]));
    let former = FORMER.all().map(columns).map(|row| (row[1], row[3]));
    for (name, present) in parts.chain(former) {
        let key = commune_key(name);
        let Some((postal_codes, _)) = postal_codes_of.get(present).filter(|(_, present)| *present != key) else {
            continue;
        };
        derived.names.entry(key.clone()).or_default().insert(format!("~{present}"));
        for postal_code in postal_codes.split(',').filter(|code| !code.is_empty()) {
            let place = derived.postal_codes.entry(postal_code.to_owned()).or_default().entry(key.clone()).or_default();
            // A present commune of the same name and postal code comes before.
            if place.iter().all(|code| code.starts_with('~')) {
                place.insert(format!("~{present}"));
            }
        }
    }
    let extra = include_str!("tables/postal-codes-extra.tsv");
    for (postal_code, name) in extra.lines().filter_map(|row| row.split_once('\t')) {
        let places = derived.postal_codes.entry(postal_code.to_owned()).or_default();
        places.insert(commune_key(name), BTreeSet::from([String::new()]));
    }
    derived
}

/// The table of postal codes.
pub(crate) fn postal_codes() -> String {
    table_of_postal_codes(&derive().postal_codes)
}

/// The table of names.
pub(crate) fn names() -> String {
    table_of_names(&derive().names)
}

fn table_of_postal_codes(places: &BTreeMap<String, Places>) -> String {
    let mut table = String::new();
    for (postal_code, places) in places {
        table.push_str(postal_code);
        let places = places.iter().flat_map(|(key, codes)| codes.iter().map(move |code| (key, code)));
        for (rank, (key, code)) in places.enumerate() {
            table.push(if rank == 0 { '\t' } else { ' ' });
            table.push_str(key);
            if !code.starts_with('~') {
                table.push('=');
            }
            table.push_str(code);
        }
        table.push('\n');
    }
    table
}

fn table_of_names(names: &Places) -> String {
    names.iter().fold(String::new(), |mut table, (key, codes)| {
        table.push_str(key);
        for (rank, code) in codes.iter().enumerate() {
            table.push(if rank == 0 { '\t' } else { ' ' });
            table.push_str(code);
        }
        table.push('\n');
        table
    })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::reference::communes::NAMES;
    use crate::reference::postal_codes::POSTAL_CODES;

    #[test]
    fn derived_tables_are_up_to_date() {
        let tables = [("postal-codes", &POSTAL_CODES, postal_codes()), ("names", &NAMES, names())];
        for (name, committed, fresh) in tables {
            if std::env::var_os("PTCE_UPDATE").is_some() {
                let path = format!("{}/src/reference/tables/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
                std::fs::write(path, &fresh).unwrap();
            } else {
                assert!(
                    committed.text() == fresh,
                    "{name}.tsv is out of date: PTCE_UPDATE=1 cargo test writes it anew"
                );
            }
        }
    }

    #[test]
    fn checksums_are_of_the_tables() {
        use crate::reference::communes::POINTS;
        use crate::reference::outlines::OUTLINES;
        use crate::reference::postal_codes::CEDEX;
        use sha2::{Digest, Sha256};
        let folder = format!("{}/src/reference/tables", env!("CARGO_MANIFEST_DIR"));
        let mut fresh = String::new();
        let tables = [
            ("cedex", &CEDEX),
            ("communes", &COMMUNES),
            ("former", &FORMER),
            ("names", &NAMES),
            ("outlines", &OUTLINES),
            ("points", &POINTS),
            ("postal-codes", &POSTAL_CODES),
        ];
        for (name, table) in tables {
            writeln!(fresh, "{:x}  {name}.tsv", Sha256::digest(table.text())).unwrap();
        }
        if std::env::var_os("PTCE_UPDATE").is_some() {
            std::fs::write(format!("{folder}/SHA256SUMS"), &fresh).unwrap();
        } else {
            let committed = include_str!("tables/SHA256SUMS");
            assert!(committed == fresh, "SHA256SUMS is out of date: PTCE_UPDATE=1 cargo test, twice, writes it anew");
        }
    }

    #[test]
    fn tables_are_sorted() {
        use crate::reference::communes::POINTS;
        for table in [&COMMUNES, &FORMER, &NAMES, &POINTS, &POSTAL_CODES, &crate::reference::postal_codes::CEDEX] {
            assert!(table.text().ends_with('\n') && !table.text().contains('\r'));
            let keys: Vec<&str> = table.all().map(|row| row.split_once('\t').unwrap().0).collect();
            assert!(keys.len() > 1000 && keys.is_sorted());
        }
    }
}
