//! What is taken out of a record before it is published.
//!
//! Redaction acts on the record, before any writer: no format can leak. Where one cannot tell whether a value names or
//! reaches a person, it is withheld. What was withheld of one record is taken out of the texts of all, and in the end the
//! files themselves are searched for it ([`leaks`]).
//!
//! What the records name as personal is certain: it is withheld wherever it stands, in any spelling that a reader would
//! recognise, and nothing that one record keeps frees what another one withholds. What only may be a person is doubtful:
//! nothing is cut out of the name of something else; it is listed, and a person decides ([`review`]).

mod decisions;
mod fields;
mod handles;
mod identity;
pub(super) mod leaks;
mod mailbox;
mod numbers;
mod people;
pub(super) mod review;
pub(super) mod seen;
mod sole;
pub(super) mod texts;
mod traces;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::record::{Address, Contact, Coordinator, Record};
use crate::text::fold::folded;
use crate::text::lexicon::{GIVEN_NAMES, NAME_WORDS, is_common};
use crate::text::mailboxes::repaired;
use crate::text::mentions::{mailboxes, may_hold_mailbox};
use crate::text::phones::{self, Kind};
use crate::text::words::{all_words, words};
pub use decisions::{Consents, Objections};
use fields::{dossier, each_code, each_text};
use mailbox::is_shared_mailbox;
use people::{Doubt, Named, Own, Person};
use review::Mention;
pub use review::{Decisions, Doubtful};
use seen::Seen;
use traces::{Found, Kind as Trace, Traces};

/// What the publisher decided about personal data.
#[derive(Debug, Clone, Default)]
pub struct Privacy {
    /// Why all contacts are published, when they are: the consent or the text that allows it.
    pub keep_contacts: Option<String>,
    /// Who agreed to be published.
    pub consents: Consents,
    /// Who refuses to be published; this outranks all else.
    pub objections: Objections,
    /// What was decided about mentions that may name a person.
    pub decisions: Decisions,
    /// What is done with the others.
    pub doubtful: Doubtful,
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

/// Redacts records, and remembers what it withheld.
pub(super) struct Redactor<'a> {
    privacy: &'a Privacy,
    withheld: Traces,
    /// The people who agreed, or whom a text allows to publish: they are so in every record.
    agreed: Traces,
    opposed: Traces,
    /// Texts that name and reach nobody whatever the record, and leave no doubt: regions, themes, legal forms stand in many.
    harmless: Clean,
}

/// What was taken out of one record.
struct Taken<'a> {
    counts: Withheld,
    traces: &'a mut Traces,
}

impl Taken<'_> {
    /// Empties a place, and leaves the traces by which the value is found.
    fn take(&mut self, pointer: &str, reason: Reason, place: &mut Option<String>, trace: fn(&mut Traces, &str)) {
        if let Some(value) = place.take() {
            self.counts.add(pointer, reason, 1);
            trace(self.traces, &value);
        }
    }
}

/// The trace of what reaches and names nobody.
fn no_trace(_: &mut Traces, _: &str) {}

/// The traces of what was taken out of a text or of a field that may hold anything.
fn trace_value(traces: &mut Traces, value: &str) {
    let seen = Seen::of(value);
    let mailboxes: Vec<_> = mailboxes(&seen.text).collect();
    for mailbox in &mailboxes {
        traces.add_mailbox(&plain_mailbox(&seen.text[mailbox.start..mailbox.end]));
    }
    if seen.text.bytes().filter(u8::is_ascii_digit).count() >= 6 {
        traces.add_numbers(&seen.text);
    }
    if mailboxes.is_empty() {
        Own::default().people_in_cell(&seen.text).iter().for_each(|person| person.trace(traces));
    }
}

/// A mailbox with its signs for the words that are written for them.
fn plain_mailbox(mailbox: &str) -> String {
    if mailbox.contains('@') {
        mailbox.to_owned()
    } else {
        repaired(mailbox).map_or_else(|| mailbox.to_owned(), |(right, _)| right)
    }
}

/// A street with its number is an address; « Le Bourg » is anywhere.
fn trace_address(traces: &mut Traces, line: &str) {
    if line.bytes().any(|byte| byte.is_ascii_digit()) && line.split_whitespace().count() > 2 {
        traces.add(line, Trace::Exact);
    }
}

impl<'a> Redactor<'a> {
    pub fn new(privacy: &'a Privacy) -> Redactor<'a> {
        let mut opposed = Traces::default();
        for value in privacy.objections.values() {
            match value.contains('@') {
                true => opposed.add_mailbox(value),
                false if value.bytes().filter(u8::is_ascii_digit).count() > 5 => opposed.add_numbers(value),
                false => Person::named(value).trace(&mut opposed),
            }
        }
        /// Texts that are known again at a time.
        const HARMLESS: usize = 1 << 12;
        let harmless = Clean::of(HARMLESS);
        Redactor { privacy, withheld: Traces::default(), agreed: Traces::default(), opposed, harmless }
    }

    /// Takes out of `record` what is not to be published; what is doubtful goes to `list`.
    pub fn redact(&mut self, record: &mut Record, list: &mut Vec<Mention>) -> Withheld {
        let is_sole_trader = sole::trades_alone(&record.coordinator);
        let own = Own::of(record, is_sole_trader);
        let mut taken = Taken { counts: Withheld::default(), traces: &mut self.withheld };
        let mut people = Vec::new();
        if is_sole_trader && let Some(name) = &record.coordinator.name {
            let bare = sole::without_ei(name);
            let bare = bare.as_deref().unwrap_or(name);
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
        if record.website.as_deref().is_some_and(|website| is_personal_site(website) || named.are_in_address(website)) {
            taken.take("/site_web", Reason::Personne, &mut record.website, trace_value);
        }
        each_code(record, &mut |pointer, place| {
            if place.as_deref().is_some_and(|code| !is_mere_code(code) && texts::tell(&Seen::of(code).text)) {
                taken.take(pointer, Reason::Texte, place, trace_value);
            }
        });
        let objected: &dyn Fn(&str) -> _ = &|text| objected(text, &self.privacy.objections);
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
            }
            spans.extend(named.spans(&seen.text, &all, is_name(pointer), &mut doubts));
            without_known(&mut doubts, &spans);
            let sentences = match doubts.is_empty() {
                true => Vec::new(),
                false => self.privacy.settle(pointer, &seen.text, &doubts, list),
            };
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
        let traces = self.withheld.without(self.agreed).with(self.opposed).complete();
        Secrets { clean: Clean::for_records(traces.count()), traces }
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

/// What no file may hold.
pub(super) struct Secrets {
    traces: Traces,
    clean: Clean,
}

/// Hashes of texts in which nothing is found: each file of a publication has the same ones, and records have many in common. A
/// hash may drive out another, so that memory does not grow; that a text in which something would be found has the hash of one
/// of two million others happens once in ten million million times.
struct Clean(Vec<AtomicU64>);

impl Clean {
    /// For the texts of as many records as so many withheld values are of.
    fn for_records(values: usize) -> Clean {
        const FEWEST: usize = 1 << 10;
        const MOST: usize = 1 << 21;
        Clean::of((values * 8).clamp(FEWEST, MOST))
    }

    fn of(places: usize) -> Clean {
        Clean((0..places.next_power_of_two()).map(|_| AtomicU64::new(0)).collect())
    }

    fn place(&self, hash: u64) -> &AtomicU64 {
        &self.0[hash as usize & (self.0.len() - 1)]
    }

    fn has(&self, hash: u64) -> bool {
        self.place(hash).load(Ordering::Relaxed) == hash
    }

    fn add(&self, hash: u64) {
        self.place(hash).store(hash, Ordering::Relaxed);
    }
}

impl Secrets {
    /// How many values are looked for.
    pub fn count(&self) -> usize {
        self.traces.count()
    }

    /// Whether `text`, as it is written, holds a withheld value.
    pub fn are_in(&self, text: &str) -> bool {
        self.find(text).is_some_and(|(_, found)| !found.spans.is_empty())
    }

    /// What `text`, as it is written, holds of withheld values, if anything. Texts that hold nothing are known again.
    fn find<'t>(&self, text: &'t str) -> Option<(Seen<'t>, Found)> {
        if text.len() < traces::SHORTEST {
            return None;
        }
        let hash = xxh3_64(text.as_bytes());
        if self.clean.has(hash) {
            return None;
        }
        let seen = Seen::of(text);
        let found = self.traces.find(&seen.text);
        if found.spans.is_empty() && found.namesakes.is_empty() {
            self.clean.add(hash);
            return None;
        }
        Some((seen, found))
    }

    /// Whether the text for which a string of JSON stands holds a withheld value.
    pub(super) fn are_in_string(&self, string: &str, decode: impl FnOnce(&str) -> bool) -> bool {
        /// What sets strings apart from texts that are written as they are.
        const STRINGS: u64 = 1;
        if string.len() < traces::SHORTEST {
            return false;
        }
        let hash = xxh3_64_with_seed(string.as_bytes(), STRINGS);
        if self.clean.has(hash) {
            return false;
        }
        let are_in = decode(string);
        if !are_in {
            self.clean.add(hash);
        }
        are_in
    }

    /// Takes out of `record` what was withheld of any record: its texts lose it, its codes go whole. The names of people that
    /// something else bears go to `list`.
    pub fn scrub(&self, record: &mut Record, withheld: &mut Withheld, privacy: &Privacy, list: &mut Vec<Mention>) {
        for contact in &mut record.contacts {
            for (pointer, reason, place) in [
                ("/contacts/*/nom", Reason::Personne, &mut contact.name),
                ("/contacts/*/courriel", Reason::CourrielNominatif, &mut contact.email),
                ("/contacts/*/telephone", Reason::TelephonePersonnel, &mut contact.phone),
            ] {
                if place.as_deref().is_some_and(|value| self.are_in(value)) {
                    *place = None;
                    withheld.add(pointer, reason, 1);
                }
            }
            if contact.name.is_none()
                && contact.email.is_none()
                && contact.phone.is_none()
                && contact.role.take().is_some()
            {
                withheld.add("/contacts/*/fonction", Reason::Personne, 1);
            }
        }
        record.contacts.retain(|contact| *contact != Contact::default());
        each_code(record, &mut |pointer, place| {
            if place.as_deref().is_some_and(|code| self.are_in(code)) {
                *place = None;
                withheld.add(pointer, Reason::Personne, 1);
            }
        });
        each_text(record, &mut |pointer, place| {
            let Some((seen, found)) = self.find(place) else { return };
            let doubts: Vec<Doubt> =
                found.namesakes.iter().map(|span| (*span, "nom d’une rue, d’une école, d’un prix… ?")).collect();
            let sentences = privacy.settle(pointer, &seen.text, &doubts, list);
            withheld.add(pointer, Reason::Doute, sentences.len() as u64);
            let count = found.spans.len();
            let spans = found.spans.into_iter().chain(sentences).map(|span| seen.place(span)).collect();
            if let Some((clean, values)) = texts::hidden(place, spans) {
                *place = clean;
                withheld.add(pointer, Reason::Texte, if count > 0 { values.len() as u64 } else { 0 });
            }
        });
    }
}

/// Whether a text is the name of a person.
pub(super) fn names_person(text: &str) -> bool {
    Own::default().person(text).is_some_and(|person| person.is_known())
}

/// Whether a mailbox is of an office, as far as it can be told without knowing whose.
pub(super) fn is_office_mailbox(mailbox: &str) -> bool {
    is_shared_mailbox(mailbox, &[], None)
}

/// Whether a web address is of a person by itself: a mailbox, a profile.
fn is_personal_site(address: &str) -> bool {
    let seen = Seen::of(address);
    let lower = seen.text.to_lowercase();
    let Some((host, path)) = lower.trim_start_matches("https://").trim_start_matches("http://").split_once('/') else {
        return lower.contains('@');
    };
    let is_network = ["facebook.", "instagram.", "twitter.", "x.com", "medium.", "viadeo.", "youtube."]
        .iter()
        .any(|name| host.contains(name));
    let profile: Vec<&str> = path.split(['/', '?']).next().unwrap_or("").split(|c: char| !c.is_alphabetic()).collect();
    // A page of a network whose name begins with a first name: « facebook.com/paul.leroyer ».
    let is_of_person = profile.len() > 1
        && GIVEN_NAMES.has(profile[0])
        && profile[1..].iter().all(|word| !is_common(&folded(word)) || NAME_WORDS.has(word));
    seen.text.contains('@') || host.contains("linkedin.") && path.starts_with("in/") || is_network && is_of_person
}

/// Redacts the partners who are people, and answers them: « Zélie Quincampoix (bénévole) », « Zélie Quincampoix EI ».
fn partners(record: &mut Record, own: &Own, taken: &mut Taken<'_>) -> Vec<Person> {
    let mut people = Vec::new();
    for partner in &mut record.partners {
        let Some(name) = partner.name.as_deref() else { continue };
        let person = match sole::without_ei(name) {
            Some(bare) => own.person(&bare).or_else(|| Some(Person::named(&bare))),
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

/// Redacts the contacts, and answers the people who are withheld; `trader` is the coordinator who trades alone.
fn contacts(
    record: &mut Record,
    privacy: &Privacy,
    own: &Own,
    trader: Option<&Person>,
    taken: &mut Taken<'_>,
    agreed_traces: &mut Traces,
) -> Vec<Person> {
    let mut withheld: Vec<Person> = Vec::new();
    for mut contact in std::mem::take(&mut record.contacts) {
        let before = withheld.len();
        let person = contact.name.clone();
        let opposed = |value: &Option<String>| value.as_deref().is_some_and(|value| privacy.objections.covers(value));
        let agreed = |value: &Option<String>| value.as_deref().is_some_and(|value| privacy.consents.covers(value));
        let is_opposed = [&contact.name, &contact.email, &contact.phone].into_iter().any(opposed)
            || contact.name.as_deref().is_some_and(|name| !objected(name, &privacy.objections).is_empty());
        // People share a number: it speaks for nobody who has a name or a mailbox.
        let is_nameless = contact.name.is_none() && contact.email.is_none();
        let named = contact.name.as_deref().map(|cell| own.people_in_cell(cell)).unwrap_or_default();
        // Each of the people of a cell agrees for themselves.
        let is_agreed = privacy.keep_contacts.is_some()
            || named.len() < 2 && (agreed(&contact.name) || agreed(&contact.email))
            || (is_nameless && agreed(&contact.phone));
        if is_opposed {
            withheld.extend(own.with_bearer(named, &contact));
            taken.take("/contacts/*/nom", Reason::Opposition, &mut contact.name, no_trace);
            taken.take("/contacts/*/fonction", Reason::Opposition, &mut contact.role, no_trace);
            taken.take("/contacts/*/courriel", Reason::Opposition, &mut contact.email, Traces::add_mailbox_of);
            taken.take("/contacts/*/telephone", Reason::Opposition, &mut contact.phone, Traces::add_numbers_of);
        } else if is_agreed {
            own.with_bearer(named, &contact).iter().for_each(|person| person.trace(agreed_traces));
            contact.email.iter().for_each(|email| agreed_traces.add_mailbox(email));
            contact.phone.iter().for_each(|phone| agreed_traces.add_numbers(phone));
        } else {
            let count = named.len();
            let mailbox_agrees = count > 1 && agreed(&contact.email);
            let mut people = own.with_bearer(named, &contact);
            if count > 1 {
                let cell = contact.name.take().unwrap_or_default();
                let kept = agreeing(&cell, own, privacy, contact.email.as_deref().filter(|_| mailbox_agrees));
                people.retain(|person| !kept.iter().any(|(_, agreed)| agreed == person));
                kept.iter().for_each(|(_, person)| person.trace(agreed_traces));
                taken.counts.add("/contacts/*/nom", Reason::Personne, u64::from(kept.len() < count));
                let names: Vec<&str> = kept.iter().map(|(name, _)| name.as_str()).collect();
                contact.name = Some(names.join(", ")).filter(|name| !name.is_empty());
                if mailbox_agrees {
                    contact.email.iter().for_each(|email| agreed_traces.add_mailbox(email));
                }
            } else if contact.name.take().is_some() {
                taken.counts.add("/contacts/*/nom", Reason::Personne, 1);
            }
            let is_traders = |email: &str| trader.is_some_and(|trader| trader.bears(email));
            withheld.extend(people);
            // A mailbox that may be someone's makes the number beside it theirs.
            let mut is_someones = person.is_some();
            if !mailbox_agrees
                && contact.email.as_ref().is_some_and(|email| {
                    !is_shared_mailbox(email, &own.mailboxes, person.as_deref()) || is_traders(email)
                })
            {
                taken.take(
                    "/contacts/*/courriel",
                    Reason::CourrielNominatif,
                    &mut contact.email,
                    Traces::add_mailbox_of,
                );
                is_someones = true;
            }
            if contact.phone.as_ref().is_some_and(|phone| is_someones || trader.is_some() || !is_of_office(phone)) {
                taken.take(
                    "/contacts/*/telephone",
                    Reason::TelephonePersonnel,
                    &mut contact.phone,
                    Traces::add_numbers_of,
                );
            }
            if contact.email.is_none() && contact.phone.is_none() && contact.name.is_none() {
                taken.counts.add("/contacts/*/fonction", Reason::Personne, u64::from(contact.role.take().is_some()));
            }
        }
        debug_assert!(before <= withheld.len());
        if contact != Contact::default() {
            record.contacts.push(contact);
        }
    }
    withheld
}

/// The people of a cell who agreed, each by the own name or by the mailbox that bears it.
fn agreeing(cell: &str, own: &Own, privacy: &Privacy, mailbox: Option<&str>) -> Vec<(String, Person)> {
    let parts = cell.split(['/', ';', ',', '&', '\n', '|']).flat_map(|part| part.split(" et "));
    parts
        .filter_map(|part| Some((part.trim().to_owned(), own.person(part.trim())?)))
        .filter(|(name, person)| {
            privacy.consents.covers(name) || mailbox.is_some_and(|mailbox| person.bears_local(mailbox))
        })
        .collect()
}

/// Whether a field names a place or a body, as people's names do too.
fn is_name(pointer: &str) -> bool {
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

/// An address that says it is someone's home, that names a floor, a flat or a person, or that is of someone who trades
/// alone, loses all but its commune.
fn address(address: &mut Address, is_sole_trader: bool, own: &Own, named: &Named, taken: &mut Taken<'_>) {
    let names_somebody = |line: &String| {
        let seen = Seen::of(line);
        let all = all_words(&seen.text);
        !texts::spans(&seen.text, &all, &own.mailboxes, &mut Vec::new()).is_empty()
            || !named.spans(&seen.text, &all, true, &mut Vec::new()).is_empty()
            || !line.contains(|c: char| c.is_ascii_digit()) && own.person(line).is_some_and(|person| person.is_known())
    };
    let lines = [&address.complement, &address.street, &address.delivery];
    if is_sole_trader || sole::is_home(address) || lines.into_iter().flatten().any(names_somebody) {
        for line in [&address.complement, &address.street, &address.delivery].into_iter().flatten() {
            for value in personal(line, own, named) {
                trace_value(taken.traces, &value);
            }
        }
        taken.take("/adresse/complement", Reason::Domicile, &mut address.complement, trace_address);
        taken.take("/adresse/voie", Reason::Domicile, &mut address.street, trace_address);
        taken.take("/adresse/mention", Reason::Domicile, &mut address.delivery, trace_address);
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
    taken.take("/coordinateur/siren", reason, &mut coordinator.siren, Traces::add_code_of);
    taken.take("/coordinateur/siret", reason, &mut coordinator.siret, Traces::add_code_of);
    taken.take("/coordinateur/rna", reason, &mut coordinator.rna, Traces::add_code_of);
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

/// Where `text` names someone who refuses: two to seven words in a row.
fn objected(text: &str, objections: &Objections) -> Vec<(usize, usize)> {
    if objections.is_empty() {
        return Vec::new();
    }
    let words: Vec<(usize, usize)> = words(text).map(|word| (word.start, word.end())).collect();
    let windows = (2..=7).flat_map(|length| words.windows(length));
    let spans = windows.filter_map(|window| Some((window.first()?.0, window.last()?.1)));
    spans.filter(|(start, end)| objections.covers(&text[*start..*end])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
