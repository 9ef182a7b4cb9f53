//! How complete a record is: the share of the fields that the profile wants, whether or not their absence is a fault.

use std::sync::LazyLock;

use crate::field::Fields;
use crate::record::{Record, Text};
use crate::settings::Profile;

/// A field that a profile wants.
struct Wanted {
    pointer: &'static str,
    /// Only a submission is asked for it.
    of_submission: bool,
    /// The fields any of which is enough.
    any_of: &'static [&'static str],
}

const fn wanted(pointer: &'static str, any_of: &'static [&'static str]) -> Wanted {
    Wanted { pointer, of_submission: false, any_of }
}

const fn of_submission(pointer: &'static str, any_of: &'static [&'static str]) -> Wanted {
    Wanted { pointer, of_submission: true, any_of }
}

/// What is wanted of every record, then what the call for projects asks of a submission besides.
const WANTED: &[Wanted] = &[
    wanted("/nom", &["/nom"]),
    wanted("/appel/edition", &["/appel/edition", "/appel/date_annonce"]),
    wanted("/appel/statut", &["/appel/statut"]),
    wanted("/region", &["/region"]),
    wanted("/territoire/libelle", &["/territoire/libelle", "/territoire/communes"]),
    wanted("/territoire/departements", &["/territoire/departements"]),
    wanted("/thematiques", &["/thematiques"]),
    wanted("/projet/resume", &["/projet/resume"]),
    wanted("/coordinateur/nom", &["/coordinateur/nom"]),
    wanted("/coordinateur/forme_juridique", &["/coordinateur/forme_juridique"]),
    wanted("/coordinateur/siret", &["/coordinateur/siret", "/coordinateur/siren"]),
    wanted("/partenaires", &["/partenaires"]),
    wanted("/contacts", &["/contacts"]),
    wanted("/adresse/voie", &["/adresse/voie", "/adresse/complement", "/adresse/mention"]),
    wanted("/adresse/code_postal", &["/adresse/code_postal"]),
    wanted("/adresse/commune", &["/adresse/commune"]),
    wanted("/site_web", &["/site_web"]),
    of_submission("/projet/objectifs", &["/projet/objectifs"]),
    of_submission("/projet/actions", &["/projet/actions"]),
    of_submission("/contacts/0/courriel", &["/contacts/*/courriel"]),
    of_submission("/contacts/0/telephone", &["/contacts/*/telephone"]),
    of_submission("/emploi/etp", &["/emploi/etp", "/emploi/salaries"]),
    of_submission("/calendrier", &["/calendrier"]),
    of_submission("/financement", &["/financement"]),
    of_submission("/evaluation", &["/evaluation"]),
    of_submission("/mise_en_reseau", &["/mise_en_reseau"]),
    of_submission("/politiques_locales", &["/politiques_locales"]),
];

/// For each of [`WANTED`], the fields any of which is enough.
static SETS: LazyLock<Vec<Fields>> = LazyLock::new(|| WANTED.iter().map(|wanted| Fields::at(wanted.any_of)).collect());

/// Those of [`WANTED`] that every profile wants, a bit each.
const OF_EVERY_RECORD: u32 = {
    let (mut set, mut at) = (0, 0);
    while at < WANTED.len() {
        set |= (!WANTED[at].of_submission as u32) << at;
        at += 1;
    }
    set
};

/// All of [`WANTED`].
const OF_SUBMISSION: u32 = (1 << WANTED.len()) - 1;

/// Which of the wanted fields a record has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completeness {
    /// The fields of [`WANTED`] that the profile wants, a bit each, and those of them that the record has.
    wanted: u32,
    present: u32,
}

impl Completeness {
    /// Of a record, for a profile.
    pub fn of<T: Text>(record: &Record<T>, profile: Profile) -> Completeness {
        Completeness::of_fields(record.present(), profile)
    }

    /// Of the record that has these fields.
    pub(crate) fn of_fields(has: Fields, profile: Profile) -> Completeness {
        let wanted = if profile == Profile::Submission { OF_SUBMISSION } else { OF_EVERY_RECORD };
        let present = SETS.iter().rev().fold(0, |present, set| present << 1 | u32::from(set.meet(has)));
        Completeness { wanted, present: wanted & present }
    }

    /// How many fields are wanted.
    pub fn wanted(self) -> u32 {
        self.wanted.count_ones()
    }

    /// How many of them the record has.
    pub fn present(self) -> u32 {
        self.present.count_ones()
    }

    /// Their share, in percent, rounded down: 100 means that nothing is missing.
    pub fn percent(self) -> u8 {
        (self.present() * 100 / self.wanted()) as u8
    }

    /// The JSON Pointers of the wanted fields that the record lacks, in the order of the schema.
    pub fn missing(self) -> impl Iterator<Item = &'static str> {
        let missing = self.wanted & !self.present;
        WANTED.iter().enumerate().filter(move |(at, _)| missing & (1 << at) != 0).map(|(_, field)| field.pointer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_profile_wants_its_own_fields() {
        let blank = Record::<String>::default();
        let empty = Completeness::of(&blank, Profile::Laureate);
        assert_eq!((empty.percent(), empty.present(), empty.wanted()), (0, 0, 17));
        assert_eq!(Completeness::of(&blank, Profile::Submission).wanted(), 27);
        let json = r#"{"nom":"Roue libre","region":{"nom":"Bretagne"},"calendrier":"trois ans"}"#;
        let record: Record = serde_json::from_str(json).unwrap();
        let of = |profile| Completeness::of(&record, profile);
        assert_eq!((of(Profile::Laureate).percent(), of(Profile::Submission).percent()), (11, 11));
        assert_eq!(of(Profile::Laureate).missing().next(), Some("/appel/edition"));
        assert_eq!(of(Profile::Submission).missing().last(), Some("/politiques_locales"));
    }

    #[test]
    fn every_wanted_field_is_in_the_schema() {
        for field in WANTED {
            let pointer = field.pointer.replace("/0", "/*");
            assert!(field.any_of.iter().any(|any| *any == pointer), "{pointer}");
            for pointer in field.any_of {
                assert!(Fields::at(&[pointer]) != Fields::default(), "{pointer}");
            }
        }
    }
}
