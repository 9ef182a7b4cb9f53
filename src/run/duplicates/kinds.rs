//! The kinds of keys by which records are found to be the same.

use super::details::{Cell, Details};

/// What makes two records the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// The identifier.
    Id,
    /// The folded name, and the commune or department.
    Name,
    /// The SIRET of the coordinator, else its SIREN.
    Siret,
    /// The folded name alone: one of the two may lack a place, or give another one for the same postal code.
    NameAlone,
    /// How the first and the last word of the name begin, and the postal code: a word more or less, a letter missing.
    Likeness,
}

/// How many kinds of keys there are.
pub(crate) const KINDS: usize = 5;

impl KeyKind {
    /// The kinds, in the order in which twins are looked for.
    pub(crate) const ALL: [KeyKind; KINDS] =
        [KeyKind::Id, KeyKind::Name, KeyKind::Siret, KeyKind::NameAlone, KeyKind::Likeness];

    /// The code of the finding that it makes.
    pub fn code(self) -> &'static str {
        match self {
            KeyKind::Id => "duplicate-id",
            _ => "probable-duplicate",
        }
    }

    /// The field at which the finding stands.
    pub fn pointer(self) -> &'static str {
        match self {
            KeyKind::Id => "/id",
            _ => "/nom",
        }
    }

    /// The hash of a record by which its key of this kind is sent to others: a name with its place goes where the name goes.
    pub fn way(self, hashes: &[u64; KINDS]) -> u64 {
        match self {
            KeyKind::Name => hashes[KeyKind::NameAlone as usize],
            kind => hashes[kind as usize],
        }
    }

    /// The value that is repeated, as the source has it, and its place.
    pub fn value(self, details: &Details) -> (&str, Cell) {
        match self {
            KeyKind::Id => (&details.id, details.id_at),
            _ => (&details.name, details.name_at),
        }
    }
}
