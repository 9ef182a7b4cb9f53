//! What a label means in a header, where the values below it have a say.

use super::choices::CHOICES;
use super::evidence::Values;
use super::framed::{Framed, chosen, framed};
use super::frames::is_of_others;
use super::labels::{VOCABULARY, is_below};
use super::meaning::{Meant, meaning};
use super::slips::meaning_despite_slips;
use super::words::{LONGEST_JOINT, spaced, words};
use crate::field::Field;
use crate::reading::joint;
use crate::row::{Reason, Target};
use crate::schema;
use crate::text::fold::folded;

/// What a label means in a header, where nothing but labels can stand: without what people and programs write around it, and
/// be it misspelt. The values below it choose between several meanings, and may refute the one that it seems to have.
pub(crate) fn meaning_in_header(label: &str, values: &Values<'_>) -> Meant {
    let (target, reason) = meaning(label);
    // The name of a column of ours means what it says; « Site », which a person has written, may mean a place.
    let is_own = |label: &str| !label.contains(|c: char| c.is_uppercase() || c == ' ') || label.contains(" – ");
    let is_open_to_doubt = reason != Some(Reason::Key) || !is_own(label);
    match target {
        Target::Field(field, _) if is_open_to_doubt && values.refutes(field) => {}
        // No value of the column holds the parts that the label names.
        Target::Joint(fields, _)
            if !values.are_none()
                && !values.texts().iter().any(|text| joint::parts(label, &fields, text).is_some()) =>
        {
            return Meant::new((Target::Ambiguous(fields), reason));
        }
        // A label that joins two things wants them both.
        Target::Ambiguous(fields) if reason == Some(Reason::Composed) => {
            return Meant::new((Target::Ambiguous(fields), reason));
        }
        Target::Ambiguous(fields) => {
            return match chosen(fields, values).as_slice() {
                [field] if !values.refutes(field) => Meant::new((Target::Field(field, None), Some(Reason::Values))),
                fields => Meant::new((Target::Ambiguous(fields.to_vec()), reason)),
            };
        }
        Target::Unknown => {}
        target => return Meant::new((target, reason)),
    }
    let is_open = |target: &Target| match target {
        Target::Field(field, _) => !values.contradict(field),
        _ => false,
    };
    let words = folded(label);
    let gaps = words.match_indices(' ').filter(|_| words.len() <= LONGEST_JOINT);
    let mut places = gaps.filter_map(|(at, _)| placed(&[&words[..at]], &words[at + 1..]));
    if let Some(found) = places.find(|(target, _)| is_open(target)) {
        return Meant::new(found);
    }
    if let Some(Framed { target, reason }) = framed(label, values).filter(|found| is_open(&found.target)) {
        return Meant::new((target, Some(reason)));
    }
    let meant = meaning_despite_slips(label);
    match meant.reason {
        // What is spelled right has been looked at.
        Some(Reason::Misspelt) if is_open(&meant.target) || matches!(meant.target, Target::Ambiguous(_)) => meant,
        _ => by_values(label, values),
    }
}

/// The part of a place that a label names below the names of groups that have no such part: « Localisation / Adresse »,
/// « Coordonnées – CP ». Where the hub is, and whom to write to, is told of one place; that of a partner is its own. Under a key of
/// the schema stand the parts of its group alone.
pub(super) fn placed(groups: &[&str], label: &str) -> Option<(Target, Option<Reason>)> {
    const PLACES: &[&str] = &["/adresse", "/region", "/territoire"];
    let is_of_place = |field: &Field| PLACES.iter().any(|place| is_below(field.pointer, place));
    let is_of_hub = |pointer: &str| PLACES.contains(&pointer) || pointer == "/contacts/*";
    let is_other_name = |group: &&str| {
        let name = spaced(group);
        let is_key = schema::root().at(&format!("/{}", folded(&name))).is_some();
        !is_key && VOCABULARY.groups(&words(&name)).any(is_of_hub)
    };
    if groups.is_empty() || !groups.iter().all(is_other_name) {
        return None;
    }
    let (target, _) = meaning(&spaced(label));
    matches!(&target, Target::Field(field, None) if is_of_place(field)).then_some((target, Some(Reason::Composed)))
}

/// What the values alone tell of a label whose words tell nothing.
pub(super) fn by_values(label: &str, values: &Values<'_>) -> Meant {
    match Field::at("/region/nom").filter(|_| values.are_regions() && !is_of_others(label)) {
        Some(field) => Meant::new((Target::Field(field, None), Some(Reason::Values))),
        None => Meant::new((Target::Unknown, None)),
    }
}

/// The list that a label means, or the field of one of a few values.
pub(crate) fn list(label: &str) -> Option<&'static Field> {
    match meaning_in_header(label, &Values::none()).target {
        Target::Field(field, None)
            if field.is_list() || CHOICES.iter().any(|(known, _)| std::ptr::eq(*known, field)) =>
        {
            Some(field)
        }
        _ => None,
    }
}
