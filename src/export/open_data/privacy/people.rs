//! The people whom the contacts of a record name, and where its texts name them.

use std::collections::BTreeSet;

use super::mailbox::compact;
use super::traces::Traces;
use super::{texts, trades_alone};
use crate::record::{Contact, Record};
use crate::reference::communes;
use crate::text::fold::folded;
use crate::text::lexicon::{BODIES, TITLES};
use crate::text::placeholder::says_nothing;
use crate::text::words::words;

/// The names that a record itself bears: those of bodies, not of people.
pub(super) struct Own {
    names: Vec<String>,
    /// The words of these.
    words: BTreeSet<String>,
    /// What a mailbox that bears the name of the record begins with.
    pub mailboxes: Vec<String>,
}

/// A person that a contact names, without the title.
pub(super) struct Person {
    pub name: String,
}

impl Own {
    pub fn of(record: &Record) -> Own {
        let coordinator = Some(&record.coordinator.name).filter(|_| !trades_alone(&record.coordinator));
        let bodies = [&record.name, &record.acronym].into_iter().chain(coordinator).flatten();
        // A partner may be a person.
        let names: Vec<String> = bodies.map(|name| folded(name)).collect();
        Own {
            words: names.iter().flat_map(|name| name.split(' ')).map(str::to_owned).collect(),
            names,
            mailboxes: [&record.acronym, &record.name].into_iter().flatten().map(|name| compact(name)).collect(),
        }
    }

    /// The people that the contact names, if it names people and not a body.
    pub fn people(&self, contact: &Contact) -> Vec<Person> {
        let Some(cell) = contact.name.as_deref() else { return Vec::new() };
        let parts = cell.split(['/', ';', ',', '&', '\n', '|']).flat_map(|part| part.split(" et "));
        let is_name = |name: &&str| !name.is_empty() && !says_nothing(name, "/contacts/*/nom");
        parts.map(without_title).filter(is_name).filter_map(|name| self.person(name)).collect()
    }

    fn person(&self, name: &str) -> Option<Person> {
        let folded_name = folded(name);
        let is_body = folded_name.split(' ').any(|word| BODIES.contains(word))
            || name.contains(|c: char| c.is_ascii_digit())
            || self.names.contains(&folded_name);
        (!is_body).then(|| Person { name: name.to_owned() })
    }

    /// Whether a word of a name tells a person: it is no initial, and none of a body.
    fn is_telling(&self, word: &str) -> bool {
        let folded = folded(word);
        folded.chars().count() > 2 && !self.words.contains(&folded)
    }
}

/// A name without the title before it.
pub(super) fn without_title(name: &str) -> &str {
    let mut rest = name.trim();
    while let Some((first, after)) = rest.split_once(|c: char| c.is_whitespace())
        && TITLES.has(first)
    {
        rest = after.trim_start();
    }
    rest
}

/// What tells the people whom a record names, together: each text is searched once, however many they are.
#[derive(Default)]
pub(super) struct Named {
    /// The whole names, and those of their parts that are more than a word: `N’Diaye`, `Le Goff-Martin`.
    traces: Traces,
    /// The words of the names that tell a person from any other word of a text.
    words: BTreeSet<String>,
    /// Those that are also communes: « Paris » may be the city, and is withheld only where one speaks of people.
    places: BTreeSet<String>,
}

impl Named {
    pub fn of(own: &Own, people: &[Person]) -> Named {
        let mut named = Named::default();
        for name in people.iter().map(|person| person.name.as_str()) {
            named.traces.add(name);
            name.split_whitespace().for_each(|part| named.traces.add(part));
            for word in words(name).map(|word| word.text.to_lowercase()).filter(|word| own.is_telling(word)) {
                let is_place = communes::by_name(&word).next().is_some();
                if is_place {
                    named.places.insert(word)
                } else {
                    named.words.insert(word)
                };
            }
        }
        named.traces = named.traces.without(Traces::default());
        named
    }

    /// Where `text` names or reaches a person. A place, such as the territory, is not told by its name alone.
    pub fn spans(&self, text: &str, is_place: bool) -> Vec<(usize, usize)> {
        let mut spans = texts::spans(text);
        spans.extend(self.traces.find(text));
        if self.words.is_empty() && self.places.is_empty() {
            return spans;
        }
        // A first name or a surname alone, as one speaks of somebody: whole, and with its capital letter.
        let is_known = |word: &String| self.words.contains(word) || !is_place && self.places.contains(word);
        for word in words(text).filter(|word| word.text.starts_with(char::is_uppercase)) {
            let is_whole = !text[..word.start].ends_with('-') && !text[word.end()..].starts_with('-');
            if is_whole && is_known(&word.text.to_lowercase()) {
                spans.push((word.start, word.end()));
            }
        }
        spans
    }

    /// What would be taken out of `text`.
    pub fn taken_from(&self, text: &str) -> Vec<String> {
        texts::hidden(text, self.spans(text, false)).map(|(_, values)| values).unwrap_or_default()
    }
}
