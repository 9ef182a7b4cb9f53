//! The people whom the contacts of a record name, and where its texts name them.

use super::mailbox::compact;
use super::traces::Traces;
use super::{texts, trades_alone};
use crate::fold::folded;
use crate::record::{Contact, Record};
use crate::reference::communes;
use crate::words::words;

/// The names that a record itself bears: those of bodies, not of people.
pub(super) struct Own {
    names: Vec<String>,
    /// What a mailbox that bears the name of the record begins with.
    pub mailboxes: Vec<String>,
}

/// A person that a contact names.
pub(super) struct Person {
    pub name: String,
    /// The whole name.
    traces: Traces,
    /// The words of the name that tell the person from any other word of a text.
    words: Vec<String>,
}

impl Own {
    pub fn of(record: &Record) -> Own {
        let coordinator = Some(&record.coordinator.name).filter(|_| !trades_alone(&record.coordinator));
        let bodies = [&record.name, &record.acronym].into_iter().chain(coordinator).flatten();
        let partners = record.partners.iter().filter_map(|partner| partner.name.as_ref());
        Own {
            names: bodies.chain(partners).map(|name| folded(name)).collect(),
            mailboxes: [&record.acronym, &record.name].into_iter().flatten().map(|name| compact(name)).collect(),
        }
    }

    /// The person that the contact names, if it names one and not a body.
    pub fn person(&self, contact: &Contact) -> Option<Person> {
        let name = contact.name.as_deref()?;
        let folded_name = folded(name);
        let is_body = folded_name.split(' ').any(|word| BODY_WORDS.binary_search(&word).is_ok())
            || name.contains(|c: char| c.is_ascii_digit())
            || self.names.contains(&folded_name);
        if is_body {
            return None;
        }
        let is_telling = |word: &str| {
            let folded = folded(word);
            folded.chars().count() > 2
                && !TITLES.contains(&folded.as_str())
                && !self.names.iter().any(|name| name.split(' ').any(|own| own == folded))
                // « Paris » in a text is the city.
                && communes::by_name(&folded).next().is_none()
        };
        let words = words(name).map(|word| word.text.to_lowercase()).filter(|word| is_telling(word)).collect();
        let mut traces = Traces::default();
        traces.add(name);
        Some(Person { name: name.to_owned(), traces, words })
    }
}

const TITLES: &[&str] = &["madame", "monsieur", "mademoiselle", "mme", "mlle"];

/// Words of the names of bodies and offices, sorted.
const BODY_WORDS: &[&str] = &[
    "accueil",
    "agence",
    "agglomeration",
    "association",
    "bureau",
    "centre",
    "chambre",
    "chantier",
    "college",
    "comite",
    "communaute",
    "commune",
    "communes",
    "confederation",
    "conseil",
    "coop",
    "cooperative",
    "cooperatives",
    "cress",
    "departement",
    "departemental",
    "direction",
    "entreprise",
    "entreprises",
    "equipe",
    "etablissement",
    "federation",
    "fondation",
    "groupe",
    "groupement",
    "institut",
    "laboratoire",
    "mairie",
    "maison",
    "metropole",
    "mutuelle",
    "pays",
    "pole",
    "ptce",
    "regie",
    "region",
    "regional",
    "reseau",
    "sarl",
    "scic",
    "scop",
    "secretariat",
    "service",
    "services",
    "societe",
    "standard",
    "syndicat",
    "union",
    "universite",
    "ville",
];

/// Where `text` names or reaches a person; `people` are those of the record.
pub(super) fn people_in(text: &str, people: &[&Person]) -> Vec<(usize, usize)> {
    let mut spans = texts::spans(text);
    for person in people {
        spans.extend(person.traces.find(text));
    }
    if people.iter().any(|person| !person.words.is_empty()) {
        // A first name or a surname alone, as one speaks of somebody: whole, and with its capital letter.
        let is_whole =
            |start: usize, end: usize| !text[..start].ends_with(['-', '’', '\'']) && !text[end..].starts_with('-');
        for word in words(text).filter(|word| word.text.starts_with(char::is_uppercase)) {
            let lower = word.text.to_lowercase();
            if people.iter().any(|person| person.words.contains(&lower)) && is_whole(word.start, word.end()) {
                spans.push((word.start, word.end()));
            }
        }
    }
    spans
}

/// What would be taken out of `text`.
pub(super) fn taken_from(text: &str, people: &[&Person]) -> Vec<String> {
    texts::hidden(text, people_in(text, people)).map(|(_, values)| values).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_bodies_are_sorted() {
        assert!(BODY_WORDS.is_sorted());
    }
}
