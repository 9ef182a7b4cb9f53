//! The people whom the contacts of a record name, and where its texts name them.

use super::mailbox::compact;
use super::traces::Traces;
use super::{texts, trades_alone};
use crate::record::{Contact, Record};
use crate::reference::communes;
use crate::text::fold::folded;
use crate::text::people;
use crate::text::placeholder::says_nothing;
use crate::text::words::words;

/// The names that a record itself bears: those of bodies, not of people.
pub(super) struct Own {
    names: Vec<String>,
    /// What a mailbox that bears the name of the record begins with.
    pub mailboxes: Vec<String>,
}

/// A person that a contact names.
pub(super) struct Person {
    /// The cell that names the person, whole.
    pub cell: String,
    /// The name without its title.
    pub name: String,
    /// The whole name, and those of its parts that are more than a word: `N’Diaye`, `Le Goff-Martin`.
    traces: Traces,
    /// The words of the name that tell the person from any other word of a text.
    words: Vec<String>,
    /// Those that are also communes: « Paris » may be the city, and is withheld only where one speaks of people.
    places: Vec<String>,
}

impl Own {
    pub fn of(record: &Record) -> Own {
        let coordinator = Some(&record.coordinator.name).filter(|_| !trades_alone(&record.coordinator));
        let bodies = [&record.name, &record.acronym].into_iter().chain(coordinator).flatten();
        Own {
            // A partner may be a person.
            names: bodies.map(|name| folded(name)).collect(),
            mailboxes: [&record.acronym, &record.name].into_iter().flatten().map(|name| compact(name)).collect(),
        }
    }

    /// The people that the contact names, if it names people and not a body.
    pub fn people(&self, contact: &Contact) -> Vec<Person> {
        let Some(cell) = contact.name.as_deref() else { return Vec::new() };
        let parts = cell.split(['/', ';', ',', '&', '\n', '|']).flat_map(|part| part.split(" et "));
        let is_name = |name: &&str| !name.is_empty() && !says_nothing(name, "/contacts/*/nom");
        parts.map(without_title).filter(is_name).filter_map(|name| self.person(cell, name)).collect()
    }

    fn person(&self, cell: &str, name: &str) -> Option<Person> {
        let folded_name = folded(name);
        let is_body = folded_name.split(' ').any(|word| BODY_WORDS.binary_search(&word).is_ok())
            || name.contains(|c: char| c.is_ascii_digit())
            || self.names.contains(&folded_name);
        if is_body {
            return None;
        }
        let mut traces = Traces::default();
        traces.add(name);
        for part in name.split_whitespace() {
            traces.add(part);
        }
        let is_telling = |word: &str| {
            let folded = folded(word);
            folded.chars().count() > 2 && !self.names.iter().any(|name| name.split(' ').any(|own| own == folded))
        };
        let telling = words(name).map(|word| word.text.to_lowercase()).filter(|word| is_telling(word));
        let (places, words) = telling.partition(|word| communes::by_name(word).next().is_some());
        Some(Person { cell: cell.to_owned(), name: name.to_owned(), traces, words, places })
    }
}

/// A name without the title before it.
pub(super) fn without_title(name: &str) -> &str {
    let mut rest = name.trim();
    while let Some((first, after)) = rest.split_once(|c: char| c.is_whitespace())
        && TITLES.contains(&folded(first).as_str())
    {
        rest = after.trim_start();
    }
    rest
}

const TITLES: &[&str] = &[
    "dr",
    "m",
    "madame",
    "mademoiselle",
    "maitre",
    "me",
    "messieurs",
    "mesdames",
    "mlle",
    "mm",
    "mme",
    "mmes",
    "monsieur",
    "mr",
];

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

/// Where `text` names or reaches a person; `people` are those of the record. A place, such as the territory, is not told by
/// its name alone.
pub(super) fn people_in(text: &str, people: &[&Person], is_place: bool) -> Vec<(usize, usize)> {
    let mut spans = texts::spans(text);
    // « Camille Exemple, c.exemple@example.org »: the name goes with what reaches its bearer.
    let names: Vec<(usize, usize)> =
        spans.iter().filter_map(|(start, _)| people::name_before(&text[..*start])).collect();
    spans.extend(names);
    for person in people {
        spans.extend(person.traces.find(text));
    }
    // A first name or a surname alone, as one speaks of somebody: whole, and with its capital letter.
    let is_known = |word: &String| {
        people.iter().any(|person| person.words.contains(word) || (!is_place && person.places.contains(word)))
    };
    for word in words(text).filter(|word| word.text.starts_with(char::is_uppercase)) {
        let is_whole = !text[..word.start].ends_with('-') && !text[word.end()..].starts_with('-');
        if is_whole && is_known(&word.text.to_lowercase()) {
            spans.push((word.start, word.end()));
        }
    }
    spans
}

/// What would be taken out of `text`.
pub(super) fn taken_from(text: &str, people: &[&Person]) -> Vec<String> {
    texts::hidden(text, people_in(text, people, false)).map(|(_, values)| values).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_bodies_are_sorted() {
        assert!(BODY_WORDS.is_sorted());
    }
}
