//! Which reference data the program holds, so that a verdict can be reproduced.

use serde::Serialize;

/// A published package that the tables were made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Source {
    /// What the tables take from it, in French.
    pub content: &'static str,
    /// Who produces the data.
    pub producer: &'static str,
    /// The licence of the data.
    pub licence: &'static str,
    /// The package through which they were obtained, and its version.
    pub package: &'static str,
    /// The version of the package.
    pub version: &'static str,
    /// The day of that version, ISO 8601.
    pub date: &'static str,
    /// SHA-256 of the package.
    pub sha256: &'static str,
}

/// A table embedded in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct EmbeddedTable {
    /// Its name in `src/reference/tables`.
    pub name: &'static str,
    /// SHA-256 of its bytes.
    pub sha256: &'static str,
}

/// The sources, in alphabetical order of their packages.
pub fn sources() -> impl Iterator<Item = Source> {
    include_str!("tables/sources.tsv").lines().skip(1).filter_map(|row| {
        let mut columns = row.split('\t');
        Some(Source {
            package: columns.next()?,
            version: columns.next()?,
            date: columns.next()?,
            sha256: columns.next()?,
            licence: columns.next()?,
            producer: columns.next()?,
            content: columns.next()?,
        })
    })
}

/// The tables. `sha256sum -c SHA256SUMS` in their folder checks the same.
pub fn tables() -> impl Iterator<Item = EmbeddedTable> {
    include_str!("tables/SHA256SUMS")
        .lines()
        .filter_map(|row| row.split_once("  ").map(|(sha256, name)| EmbeddedTable { name, sha256 }))
}
