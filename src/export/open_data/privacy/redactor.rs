//! Takes out of a record what is not to be published, before any other record is known.

use xxhash_rust::xxh3::xxh3_64;

use super::clean::Clean;
use super::contacts::contacts;
use super::decisions::Refusal;
use super::fields::{dossier, each_code, each_text};
use super::named::{Doubt, Named};
use super::people::Own;
use super::person::Person;
use super::profiles::{self, Site};
use super::review::Mention;
use super::secrets::Secrets;
use super::seen::Seen;
use super::taken::{Taken, no_trace, trace_code, trace_street, trace_value};
use super::traces::Traces;
use super::whole::{Whole, whole_person, whole_person_in};
use super::withheld::{Reason, Withheld};
use super::{Privacy, sole, texts};
use crate::record::{Address, Coordinator, Record};
use crate::text::fold::folded;
use crate::text::lexicon::{GIVEN_NAMES, is_common};
use crate::text::mentions::may_hold_mailbox;
use crate::text::words::all_words;

/// Redacts records, and remembers what it withheld.
pub(in crate::export::open_data) struct Redactor<'a> {
    privacy: &'a Privacy,
    withheld: Traces,
    /// The people who agreed, or whom a text allows to publish: they are so in every record.
    agreed: Traces,
    opposed: Traces,
    /// The people whom somebody decided to withhold somewhere, and those whom somebody decided to publish.
    refused: Traces,
    allowed: Traces,
    /// Texts that name and reach nobody whatever the record, and leave no doubt: regions, themes, legal forms stand in many.
    harmless: Clean,
}

impl<'a> Redactor<'a> {
    pub fn new(privacy: &'a Privacy) -> Redactor<'a> {
        let mut opposed = Traces::default();
        for Refusal { name, mailboxes, numbers, .. } in privacy.objections.refusals() {
            mailboxes.iter().for_each(|mailbox| opposed.add_mailbox(mailbox));
            numbers.iter().for_each(|number| opposed.add_numbers(number));
            Person::named(name).trace(&mut opposed);
        }
        /// Texts that are known again at a time.
        const HARMLESS: usize = 1 << 12;
        let harmless = Clean::of(HARMLESS);
        // Whoever was withheld stays so where the sentence has changed since.
        let mut refused = Traces::default();
        for person in privacy.decisions.withheld().filter_map(|mention| Own::default().person(mention)) {
            person.trace(&mut refused);
        }
        Redactor {
            privacy,
            withheld: Traces::default(),
            agreed: Traces::default(),
            opposed,
            refused,
            allowed: Traces::default(),
            harmless,
        }
    }

    /// Takes out of `record` what is not to be published; what is doubtful goes to `list`.
    pub fn redact(&mut self, record: &mut Record, list: &mut Vec<Mention>) -> Withheld {
        let is_sole_trader = sole::trades_alone(&record.coordinator) || sole::is_person(record);
        let own = Own::of(record, is_sole_trader);
        let mut taken = Taken { counts: Withheld::default(), traces: &mut self.withheld };
        let mut people = Vec::new();
        if is_sole_trader && let Some(name) = &record.coordinator.name {
            let bare = sole::without_ei(name);
            let bare = bare.as_deref().unwrap_or(name);
            // « Koffi Kouadio, président »
            let bare = bare.split([',', '(']).next().unwrap_or(bare);
            people.extend(own.person(bare).or_else(|| Some(Person::named(bare))));
        }
        let trader = people.first().cloned();
        people.extend(contacts(record, self.privacy, &own, trader.as_ref(), &mut taken, &mut self.agreed));
        people.extend(partners(record, &own, &mut taken));
        people.iter().for_each(|person| person.trace(taken.traces));
        let named = Named::of(&own, &people, trader.as_ref());
        address(&mut record.address, is_sole_trader, &own, &named, &mut taken);
        if is_sole_trader {
            coordinator(&mut record.coordinator, &mut taken);
        }
        for (pointer, place) in dossier(record) {
            // What a dossier says of people is not said elsewhere either.
            for value in place.iter().flat_map(|text| personal(text, &own, &named)) {
                trace_value(taken.traces, &value);
            }
            taken.take(pointer, Reason::Dossier, place, no_trace);
        }
        for other in std::mem::take(&mut record.source.others) {
            for value in other.value.iter().flat_map(|text| personal(text, &own, &named)) {
                trace_value(taken.traces, &value);
            }
            taken.counts.add("/source/autres", Reason::Origine, 1);
        }
        // A file may bear the name of who sent it, and lines change with every sending.
        taken.take("/source/fichier", Reason::Origine, &mut record.source.file, no_trace);
        taken.take("/source/feuille", Reason::Origine, &mut record.source.sheet, no_trace);
        record.source.line = None;
        let site = record.website.as_deref().map_or(Site::Nobodys, profiles::site);
        if site == Site::Personal || record.website.as_deref().is_some_and(|website| named.are_in_address(website)) {
            taken.take("/site_web", Reason::Personne, &mut record.website, trace_value);
        }
        if let (Site::Doubtful, Some(website)) = (site, record.website.clone()) {
            let doubt = [((0, website.len()), "profil d’une personne ?")];
            if !self.privacy.settle("/site_web", &website, &doubt, list).is_empty() {
                taken.take("/site_web", Reason::Doute, &mut record.website, no_trace);
            }
        }
        each_code(record, &mut |pointer, place| {
            if place.as_deref().is_some_and(|code| !is_mere_code(code) && texts::tell(&Seen::of(code).text)) {
                taken.take(pointer, Reason::Texte, place, trace_value);
            }
        });
        let objected: &dyn Fn(&str) -> _ = &|text| self.privacy.objections.spans_in(text);
        let mut doubts: Vec<Doubt> = Vec::new();
        each_text(record, &mut |pointer, place| {
            let opposed = objected(place);
            if let Some((clean, values)) = texts::hidden(place, opposed) {
                *place = clean;
                taken.counts.add(pointer, Reason::Opposition, values.len() as u64);
            }
            doubts.clear();
            let seen = Seen::of(place);
            let all = all_words(&seen.text);
            let hash = xxh3_64(seen.text.as_bytes());
            let mut spans = Vec::new();
            if !self.harmless.has(hash) {
                spans = texts::spans(&seen.text, &all, &own.mailboxes, &mut doubts);
                // Which mailbox is nobody's depends on the record.
                if spans.is_empty() && doubts.is_empty() && !may_hold_mailbox(&seen.text, &all) {
                    self.harmless.add(hash);
                }
            }
            // The names of bodies and places are not taken apart, but for people with their titles.
            // A partner may be a person.
            if is_name(pointer) && pointer != "/partenaires/*/nom" {
                doubts.clear();
                if whole_person(&seen.text) == Some(Whole::Given) {
                    doubts.push(((0, seen.text.len()), "nom d’une personne ?"));
                }
            }
            spans.extend(named.spans(&seen.text, &all, is_name(pointer), &mut doubts));
            without_known(&mut doubts, &spans);
            let listed = list.len();
            let sentences = match doubts.is_empty() {
                true => Vec::new(),
                false => self.privacy.settle(pointer, &seen.text, &doubts, list),
            };
            // A decision is of a person, whom other sentences may name as well.
            for mention in &list[listed..] {
                let Some((is_published, _)) = mention.decision else { continue };
                let traces = if is_published { &mut self.allowed } else { &mut self.refused };
                Own::default().person(&mention.mention).iter().for_each(|person| person.trace(traces));
            }
            taken.counts.add(pointer, Reason::Doute, sentences.len() as u64);
            let count = spans.len();
            let spans = spans.into_iter().chain(sentences).map(|span| seen.place(span)).collect();
            if let Some((clean, values)) = texts::hidden(place, spans) {
                *place = clean;
                if count > 0 {
                    taken.counts.add(pointer, Reason::Texte, values.len() as u64);
                    values.iter().for_each(|value| trace_value(taken.traces, value));
                }
            }
        });
        taken.counts
    }

    /// What no file may hold: the traces of what was withheld.
    pub fn finish(self) -> Secrets {
        let refused = self.refused.without(self.allowed);
        let traces = self.withheld.without(self.agreed).with(self.opposed).with(refused).complete();
        Secrets::of(traces)
    }
}

/// What in a text that is withheld whole names or reaches a person.
fn personal(text: &str, own: &Own, named: &Named) -> Vec<String> {
    let seen = Seen::of(text);
    let all = all_words(&seen.text);
    let mut spans = texts::spans(&seen.text, &all, &own.mailboxes, &mut Vec::new());
    spans.extend(named.spans(&seen.text, &all, false, &mut Vec::new()));
    texts::hidden(&seen.text, spans).map(|(_, values)| values).unwrap_or_default()
}

/// Redacts the partners who are people, and answers them: « Zélie Quincampoix (bénévole) », « Zélie Quincampoix EI ».
fn partners(record: &mut Record, own: &Own, taken: &mut Taken<'_>) -> Vec<Person> {
    let mut people = Vec::new();
    for partner in &mut record.partners {
        let Some(name) = partner.name.as_deref() else { continue };
        let is_alone = [&partner.note, &partner.group]
            .into_iter()
            .flatten()
            .any(|text| sole::says_alone(text) || whole_person(name).is_some() && sole::is_alone(text));
        let person = match sole::without_ei(name) {
            Some(bare) => own.person(&bare).or_else(|| Some(Person::named(&bare))),
            None if is_alone => own.person(name).or_else(|| Some(Person::named(name))),
            None => described(name, own),
        };
        if let Some(person) = person {
            people.push(person);
            taken.take("/partenaires/*/nom", Reason::Personne, &mut partner.name, no_trace);
            // A partner has a name, and is counted.
            partner.name = Some(texts::MARK.to_owned());
        }
    }
    people
}

/// The person whom a partner is, with what they do: « Zélie Quincampoix (bénévole) », « Zélie Quincampoix, maraîchère ».
fn described(name: &str, own: &Own) -> Option<Person> {
    let at = name.find(['(', ',', '–', '—']).or_else(|| name.find(" - "))?;
    let (before, after) = (name[..at].trim(), &name[at..]);
    let what = folded(after);
    let first = what.split(' ').next()?;
    let is_lower = after.trim_start_matches(|c: char| !c.is_alphabetic()).starts_with(char::is_lowercase);
    let words = before.split_whitespace().count();
    let has_given = before.split([' ', '-']).next().is_some_and(|word| GIVEN_NAMES.has(word))
        || before.split([' ', '-']).next_back().is_some_and(|word| GIVEN_NAMES.has(word));
    ((2..=4).contains(&words) && has_given && is_lower && is_common(first)).then(|| own.person(before)).flatten()
}

/// Whether a field names a place or a body, as people's names do too.
fn is_name(pointer: &str) -> bool {
    ["/nom", "/sigle", "/region", "/territoire", "/adresse", "/coordinateur"]
        .iter()
        .any(|start| pointer.starts_with(start))
        || pointer == "/partenaires/*/nom"
}

/// An address that says it is someone's home, that names a floor, a flat or a person, or that is of someone who trades
/// alone, loses all but its commune.
fn address(address: &mut Address, is_sole_trader: bool, own: &Own, named: &Named, taken: &mut Taken<'_>) {
    let names_somebody = |line: &String| {
        let seen = Seen::of(line);
        let all = all_words(&seen.text);
        !texts::spans(&seen.text, &all, &own.mailboxes, &mut Vec::new()).is_empty()
            || !named.spans(&seen.text, &all, true, &mut Vec::new()).is_empty()
            || whole_person_in(&seen.text).is_some()
    };
    let lines = [&address.complement, &address.street, &address.delivery];
    if is_sole_trader || sole::is_home(address) || lines.into_iter().flatten().any(names_somebody) {
        for line in [&address.complement, &address.street, &address.delivery].into_iter().flatten() {
            for value in personal(line, own, named) {
                trace_value(taken.traces, &value);
            }
        }
        let towns: Vec<&str> =
            [&address.postal_code, &address.commune].into_iter().flatten().map(String::as_str).collect();
        for line in [&address.complement, &address.street, &address.delivery].into_iter().flatten() {
            trace_street(taken.traces, line, &towns);
        }
        taken.take("/adresse/complement", Reason::Domicile, &mut address.complement, no_trace);
        taken.take("/adresse/voie", Reason::Domicile, &mut address.street, no_trace);
        taken.take("/adresse/mention", Reason::Domicile, &mut address.delivery, no_trace);
        taken.counts.add("/adresse/cedex", Reason::Domicile, u64::from(address.cedex.take().is_some()));
        for (pointer, degrees) in
            [("/adresse/latitude", &mut address.latitude), ("/adresse/longitude", &mut address.longitude)]
        {
            taken.counts.add(pointer, Reason::Domicile, u64::from(degrees.take().is_some()));
        }
    }
}

/// A coordinator who trades alone is a person: the name, the numbers and all.
fn coordinator(coordinator: &mut Coordinator, taken: &mut Taken<'_>) {
    let reason = Reason::EntrepreneurIndividuel;
    taken.take("/coordinateur/nom", reason, &mut coordinator.name, no_trace);
    taken.take("/coordinateur/siren", reason, &mut coordinator.siren, trace_code);
    taken.take("/coordinateur/siret", reason, &mut coordinator.siret, trace_code);
    taken.take("/coordinateur/rna", reason, &mut coordinator.rna, trace_code);
}

/// Whether a value is one word that is too short for a telephone number, as most codes are: it can name and reach nobody.
fn is_mere_code(code: &str) -> bool {
    let is_short = code.len() < 10 || !code.bytes().any(|byte| byte.is_ascii_digit());
    is_short && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Takes out the doubts of which a part is known to be personal.
fn without_known(doubts: &mut Vec<Doubt>, spans: &[(usize, usize)]) {
    if doubts.is_empty() {
        return;
    }
    let mut spans = spans.to_vec();
    spans.sort_unstable();
    // The furthest end of each and those before it.
    let mut ends: Vec<usize> = spans.iter().map(|span| span.1).collect();
    for at in 1..ends.len() {
        ends[at] = ends[at].max(ends[at - 1]);
    }
    doubts.retain(|((start, end), _)| {
        let begun = spans.partition_point(|span| span.0 < *end);
        begun == 0 || ends[begun - 1] <= *start
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Contact;

    #[test]
    fn what_is_known_leaves_no_doubt() {
        let mut doubts: Vec<Doubt> = [(0, 2), (4, 6), (12, 14), (20, 24), (30, 31)].map(|span| (span, "")).to_vec();
        without_known(&mut doubts, &[(23, 25), (3, 15), (5, 7), (28, 30)]);
        assert_eq!(doubts, [((0, 2), ""), ((30, 31), "")]);
    }

    fn redact(record: &mut Record) -> Withheld {
        Redactor::new(&Privacy::default()).redact(record, &mut Vec::new())
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

    /// Whose mailbox a text holds is asked of each record, though the text has been looked at before.
    #[test]
    fn a_text_is_of_its_record() {
        let privacy = Privacy::default();
        let mut redactor = Redactor::new(&privacy);
        let told = "Écrire à roue.libre@pole.fr";
        for (name, expected) in [("Roue libre", told.to_owned()), ("Bois", format!("Écrire à {}", texts::MARK))] {
            let mut record = Record { name: Some(name.to_owned()), ..Record::default() };
            record.project.summary = Some(told.to_owned());
            redactor.redact(&mut record, &mut Vec::new());
            assert_eq!(record.project.summary, Some(expected), "{name}");
        }
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
