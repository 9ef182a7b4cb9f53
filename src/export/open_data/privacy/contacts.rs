//! The contacts of a record: who agreed, who refuses, and what of the others is an office's.

use super::Privacy;
use super::mailbox::is_shared_mailbox;
use super::people::Own;
use super::person::Person;
use super::taken::{Taken, no_trace, trace_mailbox, trace_numbers};
use super::traces::Traces;
use super::withheld::Reason;
use crate::record::{Contact, Record};
use crate::text::phones::{self, Kind};

/// Redacts the contacts, and answers the people who are withheld; `trader` is the coordinator who trades alone.
pub(super) fn contacts(
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
        // « Accueil », « Mairie de Figeac »: an office, whose mailbox and landline bear its name.
        let is_office = contact.name.as_deref().is_some_and(|name| own.is_office(name));
        let person = contact.name.clone().filter(|_| !is_office);
        let agreed = |value: &Option<String>| value.as_deref().is_some_and(|value| privacy.consents.covers(value));
        let is_opposed = privacy.objections.cover(&contact);
        // People share a number: it speaks for nobody who has a name or a mailbox.
        let is_nameless = contact.name.is_none() && contact.email.is_none();
        let named =
            contact.name.as_deref().filter(|_| !is_office).map(|cell| own.people_in_cell(cell)).unwrap_or_default();
        // Each of the people of a cell agrees for themselves.
        let is_agreed = privacy.keep_contacts.is_some()
            || named.len() < 2 && (agreed(&contact.name) || agreed(&contact.email))
            || (is_nameless && agreed(&contact.phone));
        if is_opposed {
            withheld.extend(own.with_bearer(named, &contact));
            taken.take("/contacts/*/nom", Reason::Opposition, &mut contact.name, no_trace);
            taken.take("/contacts/*/fonction", Reason::Opposition, &mut contact.role, no_trace);
            taken.take("/contacts/*/courriel", Reason::Opposition, &mut contact.email, trace_mailbox);
            taken.take("/contacts/*/telephone", Reason::Opposition, &mut contact.phone, trace_numbers);
        } else if is_agreed {
            if agreed(&contact.name)
                && !agreed(&contact.email)
                && let (Some(name), Some(reached)) = (&contact.name, contact.email.as_ref().or(contact.phone.as_ref()))
            {
                privacy.consents.bears(name, reached);
            }
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
                taken.take("/contacts/*/courriel", Reason::CourrielNominatif, &mut contact.email, trace_mailbox);
                is_someones = true;
            }
            if contact.phone.as_ref().is_some_and(|phone| is_someones || trader.is_some() || !is_of_office(phone)) {
                taken.take("/contacts/*/telephone", Reason::TelephonePersonnel, &mut contact.phone, trace_numbers);
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
