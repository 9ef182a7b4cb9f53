//! How complete a record is: the share of the fields that the profile wants, whether or not their absence is a fault.

use crate::record::Record;
use crate::settings::Profile;

/// A field that a profile wants, and whether a record has it.
struct Wanted {
    pointer: &'static str,
    /// Only a submission is asked for it.
    of_submission: bool,
    is_present: fn(&Record) -> bool,
}

const fn wanted(pointer: &'static str, is_present: fn(&Record) -> bool) -> Wanted {
    Wanted { pointer, of_submission: false, is_present }
}

const fn of_submission(pointer: &'static str, is_present: fn(&Record) -> bool) -> Wanted {
    Wanted { pointer, of_submission: true, is_present }
}

/// What is wanted of every record, then what the call for projects asks of a submission besides.
static WANTED: &[Wanted] = &[
    wanted("/nom", |r| r.name.is_some()),
    wanted("/appel/edition", |r| r.call.edition.is_some() || r.call.announced.is_some()),
    wanted("/appel/statut", |r| r.call.status.is_some()),
    wanted("/region", |r| r.region.code.is_some() || r.region.name.is_some()),
    wanted("/territoire/libelle", |r| r.territory.label.is_some() || !r.territory.communes.is_empty()),
    wanted("/territoire/departements", |r| !r.territory.departments.is_empty()),
    wanted("/thematiques", |r| !r.themes.is_empty()),
    wanted("/projet/resume", |r| r.project.summary.is_some()),
    wanted("/coordinateur/nom", |r| r.coordinator.name.is_some()),
    wanted("/coordinateur/forme_juridique", |r| r.coordinator.legal_form.is_some()),
    wanted("/coordinateur/siret", |r| r.coordinator.siret.is_some() || r.coordinator.siren.is_some()),
    wanted("/partenaires", |r| !r.partners.is_empty()),
    wanted("/contacts", |r| !r.contacts.is_empty()),
    wanted("/adresse/voie", |r| {
        r.address.street.is_some() || r.address.complement.is_some() || r.address.delivery.is_some()
    }),
    wanted("/adresse/code_postal", |r| r.address.postal_code.is_some()),
    wanted("/adresse/commune", |r| r.address.commune.is_some()),
    wanted("/site_web", |r| r.website.is_some()),
    of_submission("/projet/objectifs", |r| !r.project.objectives.is_empty()),
    of_submission("/projet/actions", |r| !r.project.actions.is_empty()),
    of_submission("/contacts/0/courriel", |r| r.contacts.iter().any(|contact| contact.email.is_some())),
    of_submission("/contacts/0/telephone", |r| r.contacts.iter().any(|contact| contact.phone.is_some())),
    of_submission("/emploi/etp", |r| r.employment.full_time_equivalents.is_some() || r.employment.employees.is_some()),
    of_submission("/calendrier", |r| r.schedule.is_some()),
    of_submission("/financement", |r| r.funding.is_some()),
    of_submission("/evaluation", |r| r.evaluation.is_some()),
    of_submission("/mise_en_reseau", |r| r.networking.is_some()),
    of_submission("/politiques_locales", |r| r.local_policies.is_some()),
];

/// Which of the wanted fields a record has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completeness {
    profile: Profile,
    /// A bit for each field of [`WANTED`].
    present: u32,
}

impl Completeness {
    /// Of a record, for a profile.
    pub fn of(record: &Record, profile: Profile) -> Completeness {
        let bit = |(rank, field): (usize, &Wanted)| u32::from((field.is_present)(record)) << rank;
        Completeness { profile, present: WANTED.iter().enumerate().map(bit).sum() }
    }

    /// How many fields are wanted.
    pub fn wanted(self) -> u32 {
        self.fields().count() as u32
    }

    /// How many of them the record has.
    pub fn present(self) -> u32 {
        self.wanted() - self.missing().count() as u32
    }

    /// Their share, in percent, rounded down: 100 means that nothing is missing.
    pub fn percent(self) -> u8 {
        (self.present() * 100 / self.wanted()) as u8
    }

    /// The JSON Pointers of the wanted fields that the record lacks, in the order of the schema.
    pub fn missing(self) -> impl Iterator<Item = &'static str> {
        self.fields().filter(move |(rank, _)| self.present & (1 << rank) == 0).map(|(_, field)| field.pointer)
    }

    fn fields(self) -> impl Iterator<Item = (usize, &'static Wanted)> {
        let is_wanted = move |field: &Wanted| self.profile == Profile::Submission || !field.of_submission;
        WANTED.iter().enumerate().filter(move |(_, field)| is_wanted(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_profile_wants_its_own_fields() {
        let empty = Completeness::of(&Record::default(), Profile::Laureate);
        assert_eq!((empty.percent(), empty.present(), empty.wanted()), (0, 0, 17));
        assert_eq!(Completeness::of(&Record::default(), Profile::Submission).wanted(), 27);
        let record =
            serde_json::from_str(r#"{"nom":"Roue libre","region":{"nom":"Bretagne"},"calendrier":"trois ans"}"#);
        let of = |profile| Completeness::of(record.as_ref().unwrap(), profile);
        assert_eq!((of(Profile::Laureate).percent(), of(Profile::Submission).percent()), (11, 11));
        assert_eq!(of(Profile::Laureate).missing().next(), Some("/appel/edition"));
        assert_eq!(of(Profile::Submission).missing().last(), Some("/politiques_locales"));
    }

    #[test]
    fn every_wanted_field_is_in_the_schema() {
        for field in WANTED {
            let known = crate::field::FIELDS.iter().any(|known| {
                let pointer = field.pointer.replace("/0", "/*");
                known.pointer == pointer || known.pointer.starts_with(&format!("{pointer}/"))
            });
            assert!(known, "{}", field.pointer);
        }
    }
}
