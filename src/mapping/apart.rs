//! What reaches somebody, in the cell of something else: a telephone number behind a street, an address below the name of the
//! coordinator.

use crate::field::Moved;
use crate::reading::sirene;
use crate::record::{Contact, Record};
use crate::text::people::{self, People};

/// JSON Pointer of the line of the street.
const STREET: &str = "/adresse/voie";
/// JSON Pointer of the name of the coordinator.
pub(super) const COORDINATOR: &str = "/coordinateur/nom";

/// « 12 rue Basse, 46100 Figeac, tél. 05 65 12 34 56 »: in the cell of an address, a mailbox or a number is that of the contact,
/// unless that has another one or there are several. Answers the whole texts, with their fields.
pub(super) fn reach<'t>(record: &mut Record<&'t str>, moved: &mut Vec<Moved>) -> Vec<(&'static str, &'t str)> {
    /// Digits of a telephone number, behind those of a postal code or a street's number.
    const DIGITS: usize = 10;
    let mut reached = Vec::new();
    for from in [STREET, "/adresse/complement"] {
        let place = |record: &mut Record<&'t str>| match from {
            STREET => record.address.street,
            _ => record.address.complement,
        };
        let may_reach = |text: &&str| text.contains('@') || text.bytes().filter(u8::is_ascii_digit).count() >= DIGITS;
        let Some(text) = place(record).filter(may_reach) else { continue };
        let found = people::parse(text);
        let Some(line) = found.address.filter(|_| found.rest.is_empty() && found.people.len() == 1) else { continue };
        if found.people[0].name.is_some() || !give_contact(record, &found, from, moved) {
            continue;
        }
        match from {
            STREET => record.address.street = Some(line),
            _ => record.address.complement = Some(line),
        }
        reached.push((from, text));
    }
    reached
}

/// Whether the name of a coordinator may have more behind it than a name: nearly none has.
pub(crate) fn may_be_block(name: &str) -> bool {
    /// Digits of a postal code.
    const DIGITS: usize = 5;
    name.contains(['\n', '@']) || name.bytes().filter(u8::is_ascii_digit).count() >= DIGITS
}

/// « Copeaux, 12 rue Basse 46100 Figeac », or the same in lines, with a telephone number, a mailbox or the SIRET: the name of the
/// coordinator alone stays, where all that follows it is understood and has room. Answers the whole text.
pub(super) fn block<'t>(record: &mut Record<&'t str>, moved: &mut Vec<Moved>) -> Option<&'t str> {
    /// What is longer, or parted more often before the name ends, is no name with an address.
    const LONGEST: usize = 600;
    const PARTS: usize = 4;
    let text = record.coordinator.name.filter(|name| name.len() <= LONGEST && may_be_block(name))?;
    let ends = text.char_indices().filter(|(at, c)| match c {
        '\n' | ',' | ';' => true,
        '-' | '–' | '—' => text[..*at].ends_with(' '),
        _ => false,
    });
    for (at, c) in ends.take(PARTS) {
        let (name, rest) = (text[..at].trim(), text[at + c.len_utf8()..].trim());
        if name.is_empty() || may_be_block(name) {
            return None;
        }
        if let Some(number) = siret(rest) {
            if record.coordinator.siret.is_some_and(|known| known != number) {
                return None;
            }
            if record.coordinator.siret.is_none() {
                record.coordinator.siret = Some(number);
                moved.push(Moved { to: "/coordinateur/siret", from: COORDINATOR });
            }
            record.coordinator.name = Some(name);
            return Some(text);
        }
        let found = people::parse(rest);
        let is_understood =
            found.rest.is_empty() && found.people.len() <= 1 && (found.address.is_some() || !found.people.is_empty());
        let address = &record.address;
        let has_room = address.street.is_none() && address.postal_code.is_none() && address.commune.is_none();
        let names_other =
            found.people.iter().any(|person| person.name.is_some() && person.email.or(person.phone).is_none());
        if !is_understood || names_other || found.address.is_some() && !has_room {
            continue;
        }
        if !found.people.is_empty() && !give_contact(record, &found, COORDINATOR, moved) {
            return None;
        }
        if let Some(line) = found.address {
            record.address.street = Some(line);
            moved.push(Moved { to: STREET, from: COORDINATOR });
        }
        record.coordinator.name = Some(name);
        return Some(text);
    }
    None
}

/// The SIRET that a text is, with its label or without.
fn siret(text: &str) -> Option<&str> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let label = text[..start].trim_matches(|c: char| !c.is_alphabetic());
    let is_label = label.is_empty()
        || ["siret", "n siret", "no siret", "numéro siret"].iter().any(|known| label.eq_ignore_ascii_case(known));
    Some(&text[start..]).filter(|number| is_label && sirene::is_siret(number))
}

/// Gives what reaches the one person of a text to the contact of a record; answers whether there is room for it.
fn give_contact<'t>(
    record: &mut Record<&'t str>,
    found: &People<'t>,
    from: &'static str,
    moved: &mut Vec<Moved>,
) -> bool {
    let [person] = found.people.as_slice() else { return false };
    let is_free = |place: Option<&str>, value: Option<&str>| value.is_none() || place.is_none() || place == value;
    let has_room = |contact: &Contact<&str>| {
        is_free(contact.email, person.email)
            && is_free(contact.phone, person.phone)
            && (person.name.is_none() || contact.name == person.name)
    };
    if record.contacts.len() > 1 || !record.contacts.iter().all(has_room) {
        return false;
    }
    if record.contacts.is_empty() {
        record.contacts.push(Contact { name: person.name, role: person.role, ..Contact::default() });
        if person.name.is_some() {
            moved.push(Moved { to: "/contacts/0/nom", from });
        }
        if person.role.is_some() {
            moved.push(Moved { to: "/contacts/0/fonction", from });
        }
    }
    let contact = &mut record.contacts[0];
    for (to, place, value) in [
        ("/contacts/0/courriel", &mut contact.email, person.email),
        ("/contacts/0/telephone", &mut contact.phone, person.phone),
    ] {
        if let Some(value) = value.filter(|_| place.is_none()) {
            *place = Some(value);
            moved.push(Moved { to, from });
        }
    }
    true
}
