//! CEDEX offices, and names that communes bore, from the tables of reference.

use std::collections::BTreeSet;

use ptce::reference::communes::{self, Commune, Kind};

use crate::quality::random::{bare, shouted};
use crate::support::root;

/// A CEDEX code, its office, and a commune of the firms that use it.
pub struct Office {
    pub code: String,
    pub name: String,
    /// `CEDEX`, `CEDEX 9`.
    pub word: String,
    pub commune: Commune,
}

/// A name that a commune bore until it was renamed or merged.
pub struct OldName {
    /// Its former code, unless a commune bears it today.
    pub code: Option<String>,
    pub name: String,
    pub present: Commune,
}

fn table(name: &str) -> String {
    std::fs::read_to_string(root().join(format!("src/reference/tables/{name}.tsv"))).unwrap()
}

pub(super) fn offices() -> Vec<Office> {
    let mut offices = Vec::new();
    for row in table("cedex").lines() {
        let mut columns = row.split('\t');
        let (code, labels, communes) = (columns.next().unwrap(), columns.next().unwrap(), columns.next().unwrap_or(""));
        let Some((name, rest)) = labels.split('|').next().and_then(|label| label.split_once(" CEDEX")) else {
            continue;
        };
        let number = rest.trim();
        // The commune of the office, not of a firm in the next department.
        let start = match &code[..2] {
            "97" | "98" => &code[..3],
            start => start,
        };
        let is_near = |commune: &Commune| commune.code.replace("2A", "20").replace("2B", "20").starts_with(start);
        let commune = communes.split(',').filter_map(communes::by_code).find(is_near);
        let commune = commune.filter(|commune| commune.kind != Kind::Part);
        let is_number = number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(commune) = commune.filter(|_| is_number) {
            let word = format!("CEDEX {number}").trim_end().to_owned();
            offices.push(Office { code: code.to_owned(), name: name.to_owned(), word, commune });
        }
    }
    assert!(offices.len() > 5000, "{}", offices.len());
    offices
}

pub(super) fn old_names() -> Vec<OldName> {
    let mut names: Vec<(Option<String>, String, String)> = Vec::new();
    for row in table("former").lines() {
        let columns: Vec<&str> = row.split('\t').collect();
        let is_free = communes::by_code(columns[0]).is_none();
        names.push((is_free.then(|| columns[0].to_owned()), columns[1].to_owned(), columns[3].to_owned()));
    }
    let parts = table("communes");
    for columns in parts.lines().map(|row| row.split('\t').collect::<Vec<_>>()) {
        if matches!(columns[1], "D" | "A") {
            names.push((None, columns[3].to_owned(), columns[2].to_owned()));
        }
    }
    let mut old = Vec::new();
    for (code, name, present) in names {
        let present = communes::by_code(&present).unwrap();
        // « Ambérieu » for « Ambérieu-en-Bugey » is short for it; only another name is a former one.
        let words = |name: &str| -> BTreeSet<String> { shouted(name).split([' ', '-', '\'']).map(bare).collect() };
        if present.postal_codes().next().is_some() && words(&name).is_disjoint(&words(present.name)) {
            old.push(OldName { code, name, present });
        }
    }
    assert!(old.len() > 1000, "{}", old.len());
    old
}
