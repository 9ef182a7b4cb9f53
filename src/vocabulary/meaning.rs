//! What a label means that is spelled right, with numbers, explanations and other labels around it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::frames::{explained, unframed, without_number};
use super::joined::{joined, loosely_joined, with_form, with_values};
use super::plain::{meaning_of, plain_meaning};
use super::words::LONGEST_JOINT;
use crate::field::Field;
use crate::row::{Reason, Target};
use crate::text::fold::folded;

/// What a label means.
#[derive(Debug, Clone)]
pub struct Meant {
    /// The field, or what else becomes of its values.
    pub target: Target,
    /// How it was recognised.
    pub reason: Option<Reason>,
    /// The usual spelling of a misspelt label.
    pub usual: Option<String>,
}

impl Meant {
    /// A meaning that needs no spelling.
    pub(crate) fn new((target, reason): (Target, Option<Reason>)) -> Meant {
        Meant { target, reason, usual: None }
    }
}

/// What a label means, and how it was recognised.
///
/// A label may hold the rank of an element: `contact_2_courriel`, `Contact 2 – courriel`. It may join several: « CP / Ville »
/// is of the field whose cell is taken apart, « Structure porteuse et statut » could mean two fields.
pub fn meaning(label: &str) -> (Target, Option<Reason>) {
    /// Some headers, and what was looked at in search of them; what is longer is no label.
    const MOST: usize = 4_096;
    const LONGEST: usize = 400;
    thread_local! {
        /// The same texts are asked about by one search after the other, and from file to file.
        static KNOWN: RefCell<BTreeMap<String, (Target, Option<Reason>)>> = RefCell::default();
    }
    if let Some(known) = KNOWN.with_borrow(|known| known.get(label).cloned()) {
        return known;
    }
    let found = looked_up(label);
    if label.len() > LONGEST {
        return found;
    }
    KNOWN.with_borrow_mut(|known| {
        if known.len() == MOST {
            known.clear();
        }
        known.insert(label.to_owned(), found.clone());
    });
    found
}

/// What a label means that has not been asked about.
fn looked_up(label: &str) -> (Target, Option<Reason>) {
    let label = without_number(label);
    let is_joint = label.len() <= LONGEST_JOINT;
    if is_joint && let Some(found) = with_values(label).or_else(|| with_form(label)).or_else(|| joined(label)) {
        return found;
    }
    let found = match plain_meaning(label) {
        (Target::Unknown, _) if is_joint => loosely_joined(label).unwrap_or((Target::Unknown, None)),
        found => found,
    };
    // « Pôle A » is a name: no label ends in a preposition.
    let ends_in_letter =
        label.trim_end().rsplit_once(' ').is_some_and(|(_, last)| matches!(last.as_bytes(), [b'A'..=b'Z']));
    let is_name = match &found.0 {
        Target::Field(field, _) => field.pointer == "/nom",
        // « a » is a word of questions, and was no letter of theirs.
        target => matches!(target, Target::Unknown),
    };
    if ends_in_letter && is_name {
        return (Target::Unknown, None);
    }
    if !matches!(found.0, Target::Unknown) {
        return match of_day(label) {
            Some(field) if matches!(&found.0, Target::Field(known, _) if known.pointer.starts_with("/appel/")) => {
                (Target::Field(field, None), found.1)
            }
            _ => found,
        };
    }
    let unframed = unframed(label).map(|words| meaning_of(words, label));
    unframed
        .filter(|(target, _)| !matches!(target, Target::Unknown))
        .or_else(|| Some(meaning(&explained(label)?)))
        .unwrap_or((Target::Unknown, None))
}

/// The field of the day, where a label ends as one of a day does: « Décision du », « Annoncé le ».
fn of_day(label: &str) -> Option<&'static Field> {
    let words = folded(label);
    let is_of_day = ["du", "le"].iter().any(|end| words.rsplit(' ').next() == Some(end));
    if is_of_day { Field::at("/appel/date_annonce") } else { None }
}

/// What a label means below the name of a group, the two joined by a stroke: it joins nothing else.
pub(crate) fn meaning_below(label: &str) -> (Target, Option<Reason>) {
    let label = without_number(label);
    with_values(label).unwrap_or_else(|| plain_meaning(label))
}

/// The field of a mapping, under a label that is a heading besides: « Partenaires ESS ».
pub(crate) fn with_heading(target: Target, label: &str) -> Target {
    match (&target, meaning(label).0) {
        (Target::Field(field, None), Target::Field(own, None)) if own.is_headed && own.pointer == field.pointer => {
            Target::Field(own, None)
        }
        _ => target,
    }
}
