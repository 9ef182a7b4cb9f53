//! Why values are withheld, and how many were.

use std::collections::BTreeMap;

/// Why a value was withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It names a person, or says what they do.
    Personne,
    /// A mailbox that is or may be someone's own.
    CourrielNominatif,
    /// A number that is or may be someone's own.
    TelephonePersonnel,
    /// An address that is or may be someone's home.
    Domicile,
    /// A coordinator who trades alone.
    EntrepreneurIndividuel,
    /// In a text: a mailbox, a number or a person.
    Texte,
    /// A part of the submission that is not for publication.
    Dossier,
    /// What says how the publisher got the record.
    Origine,
    /// The person refuses.
    Opposition,
    /// A mention that may name a person, which somebody decided to withhold, or which is by configuration.
    Doute,
}

impl Reason {
    /// The reason in words, in French, as the publication is.
    pub fn told(self) -> &'static str {
        match self {
            Reason::Personne => "nom ou fonction d’une personne",
            Reason::CourrielNominatif => "adresse électronique qui est ou peut être celle d’une personne",
            Reason::TelephonePersonnel => "numéro qui est ou peut être celui d’une personne",
            Reason::Domicile => "adresse qui est ou peut être celle d’un domicile",
            Reason::EntrepreneurIndividuel => "coordinateur qui exerce seul",
            Reason::Texte => "adresse, numéro ou personne dans un texte",
            Reason::Dossier => "partie du dossier de candidature qui n’est pas destinée à la publication",
            Reason::Origine => "manière dont la fiche est parvenue",
            Reason::Opposition => "opposition de la personne",
            Reason::Doute => "phrase qui nomme peut-être une personne, retirée par décision",
        }
    }
}

/// How many values were withheld, by field (`*` stands for a rank) and reason. Never the values.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "Vec<(String, Reason, u64)>", into = "Vec<(String, Reason, u64)>")]
pub struct Withheld(BTreeMap<(String, Reason), u64>);

impl From<Vec<(String, Reason, u64)>> for Withheld {
    fn from(counts: Vec<(String, Reason, u64)>) -> Withheld {
        Withheld(counts.into_iter().map(|(pointer, reason, count)| ((pointer, reason), count)).collect())
    }
}

impl From<Withheld> for Vec<(String, Reason, u64)> {
    fn from(withheld: Withheld) -> Vec<(String, Reason, u64)> {
        withheld.0.into_iter().map(|((pointer, reason), count)| (pointer, reason, count)).collect()
    }
}

impl Withheld {
    /// The fields, the reasons and the counts, sorted.
    pub fn counts(&self) -> impl Iterator<Item = (&str, Reason, u64)> {
        self.0.iter().map(|((pointer, reason), count)| (pointer.as_str(), *reason, *count))
    }

    /// How many values in all.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    pub(in crate::export::open_data) fn merge(&mut self, other: &Withheld) {
        for (pointer, reason, count) in other.counts() {
            self.add(pointer, reason, count);
        }
    }

    pub(super) fn add(&mut self, pointer: &str, reason: Reason, count: u64) {
        if count > 0 {
            *self.0.entry((pointer.to_owned(), reason)).or_default() += count;
        }
    }
}
