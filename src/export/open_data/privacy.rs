//! What is taken out of a record before it is published.
//!
//! Redaction acts on the record, before any writer: no format can leak. Where one cannot tell whether a value names or
//! reaches a person, it is withheld. What was withheld of one record is taken out of the texts of all, and in the end the
//! files themselves are searched for it ([`leaks`]).

mod decisions;
mod fields;
pub(super) mod leaks;
mod mailbox;
mod people;
mod texts;
mod traces;

use std::collections::BTreeMap;

use crate::record::{Address, Contact, Coordinator, Record};
use crate::text::fold::folded;
use crate::text::phones::{self, Kind};
use crate::text::words::words;
pub use decisions::{Consents, Objections};
use fields::{dossier, each_code, each_text};
use mailbox::is_shared_mailbox;
use people::{Named, Own, Person, without_title};
use traces::Traces;

/// What the publisher decided about personal data.
#[derive(Debug, Clone, Default)]
pub struct Privacy {
    /// Why all contacts are published, when they are: the consent or the text that allows it.
    pub keep_contacts: Option<String>,
    /// Who agreed to be published.
    pub consents: Consents,
    /// Who refuses to be published; this outranks all else.
    pub objections: Objections,
}

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

    pub(super) fn merge(&mut self, other: &Withheld) {
        for (pointer, reason, count) in other.counts() {
            self.add(pointer, reason, count);
        }
    }

    fn add(&mut self, pointer: &str, reason: Reason, count: u64) {
        if count > 0 {
            *self.0.entry((pointer.to_owned(), reason)).or_default() += count;
        }
    }
}

/// Redacts records, and remembers what it withheld and what it left.
pub(super) struct Redactor<'a> {
    privacy: &'a Privacy,
    withheld: Traces,
    kept: Traces,
}

/// What was taken out of one record.
struct Taken<'a> {
    counts: Withheld,
    traces: &'a mut Traces,
}

impl Taken<'_> {
    /// Empties a place; what reaches or names a person leaves a trace.
    fn take(&mut self, pointer: &str, reason: Reason, place: &mut Option<String>) {
        if let Some(value) = place.take() {
            self.counts.add(pointer, reason, 1);
            if !matches!(reason, Reason::Dossier | Reason::Origine) {
                self.traces.add(&value);
            }
        }
    }
}

impl<'a> Redactor<'a> {
    pub fn new(privacy: &'a Privacy) -> Redactor<'a> {
        Redactor { privacy, withheld: Traces::default(), kept: Traces::default() }
    }

    /// Takes out of `record` what is not to be published.
    pub fn redact(&mut self, record: &mut Record) -> Withheld {
        let own = Own::of(record);
        let mut taken = Taken { counts: Withheld::default(), traces: &mut self.withheld };
        let withheld = contacts(record, self.privacy, &own, &mut taken, &mut self.kept);
        let names = Named::of(&own, &withheld);
        address(&mut record.address, trades_alone(&record.coordinator), &mut taken);
        coordinator(&mut record.coordinator, &mut taken);
        for (pointer, place) in dossier(record) {
            // What a dossier says of people is not said elsewhere either.
            for value in place.iter().flat_map(|text| names.taken_from(text)) {
                taken.traces.add(&value);
            }
            taken.take(pointer, Reason::Dossier, place);
        }
        for other in std::mem::take(&mut record.source.others) {
            for value in other.value.iter().flat_map(|text| names.taken_from(text)) {
                taken.traces.add(&value);
            }
            taken.counts.add("/source/autres", Reason::Origine, 1);
        }
        // A file may bear the name of who sent it, and lines change with every sending.
        taken.take("/source/fichier", Reason::Origine, &mut record.source.file);
        taken.take("/source/feuille", Reason::Origine, &mut record.source.sheet);
        record.source.line = None;
        if record.website.as_ref().is_some_and(|website| website.contains('@')) {
            taken.take("/site_web", Reason::CourrielNominatif, &mut record.website);
        }
        each_code(record, &mut |pointer, place| {
            if place.as_deref().is_some_and(|code| !is_mere_code(code) && !texts::spans(code).is_empty()) {
                taken.take(pointer, Reason::Texte, place);
            }
        });
        let objected: &dyn Fn(&str) -> _ = &|text| objected(text, &self.privacy.objections);
        each_text(record, &mut |pointer, place| {
            let people_in: &dyn Fn(&str) -> _ = &|text| names.spans(text, is_place(pointer));
            // Whole names first: a part of one may be the name of a commune.
            for (reason, spans) in [(Reason::Opposition, objected), (Reason::Texte, people_in)] {
                if let Some((clean, values)) = texts::hidden(place, spans(place)) {
                    *place = clean;
                    taken.counts.add(pointer, reason, values.len() as u64);
                    values.iter().for_each(|value| taken.traces.add(without_title(value)));
                }
            }
        });
        for line in [&record.address.complement, &record.address.street, &record.address.delivery] {
            line.iter().for_each(|line| self.kept.add(line));
        }
        taken.counts
    }

    /// What no file may hold: the traces of the values that were withheld and are published nowhere.
    pub fn finish(self) -> Secrets {
        Secrets { traces: self.withheld.without(self.kept) }
    }
}

/// What no file may hold.
pub(super) struct Secrets {
    traces: Traces,
}

impl Secrets {
    /// How many values are looked for.
    pub fn count(&self) -> usize {
        self.traces.count()
    }

    /// Whether `text` holds a withheld value.
    pub fn are_in(&self, text: &str) -> bool {
        !self.traces.find(text).is_empty()
    }

    /// Takes out of `record` what was withheld of any record: its texts lose it, its codes go whole.
    pub fn scrub(&self, record: &mut Record, withheld: &mut Withheld) {
        each_code(record, &mut |pointer, place| {
            if place.as_deref().is_some_and(|code| self.are_in(code)) {
                *place = None;
                withheld.add(pointer, Reason::Personne, 1);
            }
        });
        each_text(record, &mut |pointer, place| {
            if let Some((clean, values)) = texts::hidden(place, self.traces.find(place)) {
                *place = clean;
                withheld.add(pointer, Reason::Texte, values.len() as u64);
            }
        });
    }
}

/// Redacts the contacts, and answers the people who are withheld.
fn contacts(
    record: &mut Record,
    privacy: &Privacy,
    own: &Own,
    taken: &mut Taken<'_>,
    kept: &mut Traces,
) -> Vec<Person> {
    let mut withheld: Vec<Person> = Vec::new();
    for mut contact in std::mem::take(&mut record.contacts) {
        let before = withheld.len();
        let person = contact.name.clone();
        let opposed = |value: &Option<String>| value.as_deref().is_some_and(|value| privacy.objections.covers(value));
        let agreed = |value: &Option<String>| value.as_deref().is_some_and(|value| privacy.consents.covers(value));
        let is_opposed = [&contact.name, &contact.email, &contact.phone].into_iter().any(opposed);
        // People share a number: it speaks for nobody who has a name or a mailbox.
        let is_nameless = contact.name.is_none() && contact.email.is_none();
        let is_agreed = privacy.keep_contacts.is_some()
            || agreed(&contact.name)
            || agreed(&contact.email)
            || (is_nameless && agreed(&contact.phone));
        if is_opposed {
            withheld.extend(own.people(&contact));
            taken.take("/contacts/*/nom", Reason::Opposition, &mut contact.name);
            taken.take("/contacts/*/fonction", Reason::Opposition, &mut contact.role);
            taken.take("/contacts/*/courriel", Reason::Opposition, &mut contact.email);
            taken.take("/contacts/*/telephone", Reason::Opposition, &mut contact.phone);
        } else if !is_agreed {
            withheld.extend(own.people(&contact));
            // What a body bears as its name is no secret.
            if let Some(name) = contact.name.take() {
                taken.counts.add("/contacts/*/nom", Reason::Personne, 1);
                if withheld.len() > before {
                    taken.traces.add(&name);
                }
            }
            // A mailbox that may be someone's makes the number beside it theirs.
            let mut is_someones = person.is_some();
            if contact.email.as_ref().is_some_and(|email| !is_shared_mailbox(email, &own.mailboxes, person.as_deref()))
            {
                taken.take("/contacts/*/courriel", Reason::CourrielNominatif, &mut contact.email);
                is_someones = true;
            }
            if contact.phone.as_ref().is_some_and(|phone| is_someones || !is_of_office(phone)) {
                taken.take("/contacts/*/telephone", Reason::TelephonePersonnel, &mut contact.phone);
            }
            if contact.email.is_none() && contact.phone.is_none() {
                taken.counts.add("/contacts/*/fonction", Reason::Personne, u64::from(contact.role.take().is_some()));
            }
        }
        // Two people in one cell are named apart elsewhere.
        withheld[before..].iter().for_each(|person| taken.traces.add(&person.name));
        for value in [&contact.name, &contact.email, &contact.phone].into_iter().flatten() {
            kept.add_parts(value);
        }
        if contact != Contact::default() {
            record.contacts.push(contact);
        }
    }
    withheld
}

/// Whether a field names a place, as people's names do too.
fn is_place(pointer: &str) -> bool {
    ["/nom", "/sigle", "/region", "/territoire", "/adresse", "/coordinateur"]
        .iter()
        .any(|start| pointer.starts_with(start))
        || pointer == "/partenaires/*/nom"
}

/// Whether a text holds nothing but French numbers that no person carries about.
fn is_of_office(phone: &str) -> bool {
    let mut count = 0;
    let mut is_office = true;
    let is_whole = phones::each_number(phone, |number| {
        count += 1;
        is_office &= matches!(number.kind, Kind::Geographic | Kind::NonGeographic | Kind::Special);
    });
    is_whole && count > 0 && is_office
}

/// An address that says it is someone's home, that names a floor or a flat, or that is of someone who trades alone, loses
/// all but its commune.
fn address(address: &mut Address, is_sole_trader: bool, taken: &mut Taken<'_>) {
    let is_home = is_sole_trader
        || [&address.complement, &address.street, &address.delivery].into_iter().flatten().any(|line| {
            let line = folded(line);
            line.split(' ').any(|word| HOME_WORDS.contains(&word)) || format!(" {line} ").contains(" c o ")
        });
    if is_home {
        taken.take("/adresse/complement", Reason::Domicile, &mut address.complement);
        taken.take("/adresse/voie", Reason::Domicile, &mut address.street);
        taken.take("/adresse/mention", Reason::Domicile, &mut address.delivery);
        taken.counts.add("/adresse/cedex", Reason::Domicile, u64::from(address.cedex.take().is_some()));
    }
}

const HOME_WORDS: &[&str] = &[
    "app",
    "appart",
    "appartement",
    "appt",
    "apt",
    "attention",
    "attn",
    "chez",
    "domicile",
    "escalier",
    "etage",
    "logement",
    "porte",
    "studio",
];

/// A coordinator who trades alone is a person: the name, the numbers and all.
fn coordinator(coordinator: &mut Coordinator, taken: &mut Taken<'_>) {
    if trades_alone(coordinator) {
        let reason = Reason::EntrepreneurIndividuel;
        taken.take("/coordinateur/nom", reason, &mut coordinator.name);
        taken.take("/coordinateur/siren", reason, &mut coordinator.siren);
        taken.take("/coordinateur/siret", reason, &mut coordinator.siret);
        taken.take("/coordinateur/rna", reason, &mut coordinator.rna);
    }
}

fn trades_alone(coordinator: &Coordinator) -> bool {
    let form = coordinator.legal_form.as_deref().map(folded).unwrap_or_default();
    let is_whole = |at: usize, length: usize| {
        (at == 0 || form.as_bytes()[at - 1] == b' ') && matches!(form.as_bytes().get(at + length), None | Some(b' '))
    };
    SOLE_TRADERS.iter().any(|known| form.match_indices(known).any(|(at, _)| is_whole(at, known.len())))
}

/// Whether a value is one word that is too short for a telephone number, as most codes are: it can name and reach nobody.
fn is_mere_code(code: &str) -> bool {
    let is_short = code.len() < 10 || !code.bytes().any(|byte| byte.is_ascii_digit());
    is_short && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

const SOLE_TRADERS: &[&str] = &[
    "artisan",
    "auto entrepreneur",
    "auto entrepreneuse",
    "autoentrepreneur",
    "autoentrepreneuse",
    "ei",
    "eirl",
    "entrepreneur individuel",
    "entrepreneure individuelle",
    "entrepreneuse individuelle",
    "entreprise individuelle",
    "micro entrepreneur",
    "micro entreprise",
    "microentreprise",
    "personne physique",
    "profession liberale",
];

/// Where `text` names someone who refuses: two to four words in a row.
fn objected(text: &str, objections: &Objections) -> Vec<(usize, usize)> {
    if objections.is_empty() {
        return Vec::new();
    }
    let words: Vec<(usize, usize)> = words(text).map(|word| (word.start, word.end())).collect();
    let windows = (2..=4).flat_map(|length| words.windows(length));
    let spans = windows.filter_map(|window| Some((window.first()?.0, window.last()?.1)));
    spans.filter(|(start, end)| objections.covers(&text[*start..*end])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redact(record: &mut Record) -> Withheld {
        Redactor::new(&Privacy::default()).redact(record)
    }

    #[test]
    fn only_landlines_are_kept() {
        for phone in [
            "01 99 00 12 34",
            "+33 (0)4 65 71 12 34",
            "0033 465711234",
            "0262 12 34 56",
            "+262 262 12 34 56",
            "0800123456",
            "09.70.12.34.56",
        ] {
            assert!(is_of_office(phone), "{phone}");
        }
        for phone in [
            "06 39 98 12 34",
            "07 00 00 00 00",
            "+33 6 39 98 12 34",
            "+262 692 12 34 56",
            "+41 22 123 45 67",
            "01 99 00 12 34 / 06 39 98 12 34",
            "01 99 00 12",
            "poste 12",
            "",
        ] {
            assert!(!is_of_office(phone), "{phone}");
        }
    }

    #[test]
    fn contacts_lose_people() {
        let contact = |name: &str, role: &str, email: &str, phone: &str| {
            let own = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Contact { name: own(name), role: own(role), email: own(email), phone: own(phone) }
        };
        let mut record = Record {
            contacts: vec![
                contact("Camille Exemple", "directrice", "camille@pole.fr", "04 65 71 12 34"),
                contact("Camille Exemple", "directrice", "direction@pole.fr", "04 65 71 12 34"),
                contact("", "standard", "", "04 65 71 12 34"),
                contact("", "", "", "06 39 98 12 34"),
            ],
            ..Record::default()
        };
        let withheld = redact(&mut record);
        assert_eq!(
            record.contacts,
            [contact("", "directrice", "direction@pole.fr", ""), contact("", "standard", "", "04 65 71 12 34"),]
        );
        let counts: Vec<(&str, Reason, u64)> = withheld.counts().collect();
        assert_eq!(
            counts,
            [
                ("/contacts/*/courriel", Reason::CourrielNominatif, 1),
                ("/contacts/*/fonction", Reason::Personne, 1),
                ("/contacts/*/nom", Reason::Personne, 2),
                ("/contacts/*/telephone", Reason::TelephonePersonnel, 3),
            ]
        );
    }

    #[test]
    fn what_may_be_someones_goes_with_them() {
        let mut record = Record::default();
        record.project.summary = Some("Écrire à Camille Untel, ou à l’accueil.".to_owned());
        record.contacts = vec![
            Contact { name: Some("Camille Untel".to_owned()), ..Contact::default() },
            Contact {
                email: Some("camille.untel@example.org".to_owned()),
                phone: Some("01 99 00 12 34".to_owned()),
                ..Contact::default()
            },
        ];
        redact(&mut record);
        assert!(record.contacts.is_empty(), "{:?}", record.contacts);
        assert_eq!(record.project.summary.unwrap(), format!("Écrire à {}, ou à l’accueil.", texts::MARK));
    }

    #[test]
    fn homes_lose_all_but_the_commune() {
        for line in ["chez Mme Martin", "Appt 12", "3e étage", "c/o Exemple"] {
            let address = Address {
                complement: Some(line.to_owned()),
                street: Some("1 rue du Bois".to_owned()),
                postal_code: Some("05000".to_owned()),
                commune: Some("Gap".to_owned()),
                ..Address::default()
            };
            let mut record = Record { address, ..Record::default() };
            redact(&mut record);
            let expected = Address {
                postal_code: Some("05000".to_owned()),
                commune: Some("Gap".to_owned()),
                ..Address::default()
            };
            assert_eq!(record.address, expected, "{line}");
        }
    }

    #[test]
    fn dossiers_and_leftovers_are_not_published() {
        let mut record = Record { funding: Some("secret".to_owned()), ..Record::default() };
        record.source.file = Some("C:\\Users\\camille\\candidatures.xlsx".to_owned());
        record.source.others.push(Default::default());
        record.coordinator.legal_form = Some("Entreprise individuelle (EI)".to_owned());
        record.coordinator.name = Some("Camille Exemple".to_owned());
        record.website = Some("mailto:camille@pole.fr".to_owned());
        redact(&mut record);
        assert_eq!(record.funding, None);
        assert_eq!(record.source.file, None);
        assert!(record.source.others.is_empty());
        assert_eq!(record.coordinator.name, None);
        assert_eq!(record.website, None);
    }
}
