//! What the path of an element means: the keys of an object within another one, the elements of an XML file.

use super::evidence::Values;
use super::framed::{chosen, framed};
use super::frames::is_envelope;
use super::header::{by_values, meaning_in_header, placed};
use super::meaning::{Meant, meaning};
use super::plain::known;
use super::words::{spaced, words};
use crate::record::singular;
use crate::row::{Reason, Target};

/// What a path of element names means (`contacts`, `contact`, `courriel`): the names joined, a list container dropped
/// before its element.
pub fn meaning_of_path(path: &[&str]) -> (Target, Option<Reason>) {
    /// Elements within each other, as trees are read.
    const MOST_NAMES: usize = 32;
    let names: Vec<&str> = path
        .iter()
        .enumerate()
        .filter(|(rank, name)| path.get(rank + 1).is_none_or(|next| singular(name) != *next || name == &next))
        .map(|(_, name)| *name)
        .collect();
    let whole = |names: &[&str]| known(&words(&spaced(&names.join(" "))), None);
    // An element that only wraps others says nothing: `contacts/personne/nom`.
    let wrapped = || {
        // A key that is cut at its strokes may have thousands of names.
        let within = if names.len() <= MOST_NAMES { 1..names.len().saturating_sub(1) } else { 0..0 };
        within.clone().find_map(|at| whole(&[&names[..at], &names[at + 1..]].concat())).filter(|_| !within.is_empty())
    };
    // « contact_1_courriel » is the same in a flat object as at the head of a column.
    let flat = || match path {
        [name] => Some(meaning(&spaced(name))).filter(|(target, _)| matches!(target, Target::Field(..))),
        _ => None,
    };
    whole(&names).or_else(wrapped).or_else(flat).unwrap_or((Target::Unknown, None))
}

/// The last name of a path whose value stands in its record itself, or in an object that only holds values.
pub(crate) fn stands_alone<'p>(path: &[&'p str]) -> Option<&'p str> {
    let mut said = path.iter().copied().filter(|name| !is_envelope(name));
    said.next().filter(|_| said.next().is_none())
}

/// Whether labels are keys of the schema alone, as those of the files that we write.
pub(crate) fn are_keys<'l>(mut labels: impl Iterator<Item = &'l str>) -> bool {
    let is_of_key = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    labels.all(|label| label.bytes().all(is_of_key) && meaning(label).1 == Some(Reason::Key))
}

/// What the path of an element means, by its values too, without the names that only wrap others.
///
/// A value that stands in its record itself is a value under a header: the same label means the same in every format.
pub(crate) fn meaning_in_tree(path: &[&str], values: &Values<'_>) -> Meant {
    if let Some(label) = stands_alone(path) {
        let meant = meaning_in_header(label, values);
        if !matches!(meant.target, Target::Unknown) {
            return meant;
        }
    }
    // A flat object may have paths for its keys: `adresse/commune`.
    let path: Vec<&str> = path.iter().flat_map(|name| name.split('/')).collect();
    let path = path.as_slice();
    let (target, reason) = meaning_of_path(path);
    match target {
        Target::Field(field, _) if reason != Some(Reason::Key) && values.refutes(field) => {}
        Target::Unknown => {}
        Target::Ambiguous(fields) => {
            return match chosen(fields, values).as_slice() {
                [field] => Meant::new((Target::Field(field, None), Some(Reason::Values))),
                fields => Meant::new((Target::Ambiguous(fields.to_vec()), reason)),
            };
        }
        target => return Meant::new((target, reason)),
    }
    let is_open = |target: &Target| matches!(target, Target::Field(field, _) if !values.contradict(field));
    let within = path.split_last().and_then(|(label, groups)| placed(groups, label));
    if let Some(found) = within.filter(|(target, _)| is_open(target)) {
        return Meant::new(found);
    }
    let found = framed(&path.join(" "), values);
    match found.filter(|found| is_open(&found.target)) {
        Some(found) => Meant::new((found.target, Some(found.reason))),
        None => by_values(&path.join(" "), values),
    }
}
