//! What no file may hold: every value that was withheld, looked for in records and in files.

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::Privacy;
use super::clean::Clean;
use super::fields::{each_code, each_text};
use super::named::Doubt;
use super::review::Mention;
use super::seen::Seen;
use super::texts;
use super::traces::{self, Found, Traces};
use super::withheld::{Reason, Withheld};
use crate::record::{Contact, Record};

/// What no file may hold.
pub(in crate::export::open_data) struct Secrets {
    traces: Traces,
    clean: Clean,
}

impl Secrets {
    /// The values that left these traces.
    pub(super) fn of(traces: Traces) -> Secrets {
        /// Texts that are known again: those of the records that stand in blocks which are not yet written, so few that they
        /// stay in the cache of a processor.
        const KNOWN: usize = 1 << 14;
        Secrets { traces, clean: Clean::of(KNOWN) }
    }

    /// How many values are looked for.
    pub fn count(&self) -> usize {
        self.traces.count()
    }

    /// Whether `text`, as it is written, holds a withheld value.
    pub fn are_in(&self, text: &str) -> bool {
        self.find(text, &[]).is_some_and(|(_, found)| !found.spans.is_empty())
    }

    /// What `text`, as it is written, holds of withheld values, if anything, in a record of a commune. Texts that hold nothing are known again.
    fn find<'t>(&self, text: &'t str, towns: &[u64]) -> Option<(Seen<'t>, Found)> {
        if text.len() < traces::SHORTEST {
            return None;
        }
        let hash = xxh3_64(text.as_bytes());
        if self.clean.has(hash) {
            return None;
        }
        let seen = Seen::of(text);
        let found = self.traces.find_at(&seen.text, towns);
        if found.spans.is_empty() && found.namesakes.is_empty() {
            if !found.has_street {
                self.clean.add(hash);
            }
            return None;
        }
        Some((seen, found))
    }

    /// Whether the text for which a string of JSON stands holds a withheld value.
    pub fn are_in_string(&self, string: &str, decode: impl FnOnce(&str) -> bool) -> bool {
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
        let towns = [&record.address.postal_code, &record.address.commune];
        let towns: Vec<u64> = towns.into_iter().flatten().filter_map(|town| traces::telling_word(town)).collect();
        each_text(record, &mut |pointer, place| {
            let Some((seen, found)) = self.find(place, &towns) else { return };
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
