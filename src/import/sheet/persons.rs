//! Labels that tell of several people: by their roles, « Président », « Mail direction », and by the order in which they stand.

use std::collections::{BTreeMap, BTreeSet};

use super::arrangement::HeaderCell;
use crate::error::Result;
use crate::field::{Field, Kind};
use crate::import::Sink;
use crate::row::Target;
use crate::vocabulary::{self, Values};

/// The field of the name of a person.
const NAME: &str = "/contacts/*/nom";

/// Gives its person to each label of a header, or of a form, that tells of people. Answers the labels that are roles, by their
/// ranks among the cells, each with the label of the role that its value says besides.
pub(super) fn settle(
    cells: &[HeaderCell<'_>],
    values: &[Values<'_>],
    labels: &[u32],
    sink: &mut Sink<'_>,
) -> Result<Vec<(usize, u32)>> {
    let said = roles(cells, values, labels, sink)?;
    follow(cells, labels, sink);
    of_same(cells, labels, sink);
    Ok(said)
}

/// « Mail porteur | Mail référent | Référent »: of two mailboxes that which the label tells of the same person as that of a name is
/// this person's, and the other is somebody else's.
fn of_same(cells: &[HeaderCell<'_>], labels: &[u32], sink: &mut Sink<'_>) {
    let whose = |at: usize| vocabulary::whose(cells[at].text);
    let is_taken = |at: &usize| matches!(sink.target(labels[*at]), Target::Taken(field) if field.list() == "/contacts");
    let taken: Vec<usize> = (0..cells.len()).filter(is_taken).collect();
    for at in taken {
        let Target::Taken(field) = *sink.target(labels[at]) else { continue };
        let own = whose(at);
        let find = |pointer: &str, is: &dyn Fn(usize) -> bool| {
            (0..cells.len()).find(|other| {
                matches!(sink.target(labels[*other]), Target::Field(known, None) if known.pointer == pointer)
                    && is(*other)
            })
        };
        let person = find(NAME, &|other| !own.is_empty() && whose(other) == own);
        let taker = find(field.pointer, &|other| whose(other) != own);
        let (Some(person), Some(taker)) = (person, taker) else { continue };
        let Target::Field(name, _) = *sink.target(labels[person]) else { continue };
        sink.means(labels[person], Target::Field(name, Some(1)));
        sink.means(labels[at], Target::Field(field, Some(1)));
        sink.means(labels[taker], Target::Field(field, Some(2)));
    }
}

/// A mailbox or a number follows the name of whose it is, where the same label comes again behind another name: « Référent, Tél,
/// Président, Tél, Mail ».
fn follow(cells: &[HeaderCell<'_>], labels: &[u32], sink: &mut Sink<'_>) {
    let mut person = None;
    let mut owned: Vec<(usize, &'static Field, u16)> = Vec::new();
    let mut people = Vec::new();
    for (at, label) in labels.iter().enumerate() {
        match sink.target(*label) {
            Target::Field(field, rank) if field.pointer == NAME => {
                let rank = rank.unwrap_or(1);
                people.push((at, *field, rank));
                person = Some(rank);
            }
            Target::Field(field, _) | Target::Taken(field)
                if field.list() == "/contacts"
                    && matches!(field.kind, Kind::ElementText)
                    && vocabulary::whose(cells[at].text).is_empty() =>
            {
                // One that stands before all names is nobody's.
                let Some(rank) = person else { return };
                owned.push((at, *field, rank));
            }
            _ => {}
        }
    }
    let mut owners: BTreeMap<&str, BTreeSet<u16>> = BTreeMap::new();
    for (_, field, rank) in &owned {
        owners.entry(field.pointer).or_default().insert(*rank);
    }
    if owners.values().any(|ranks| ranks.len() > 1) {
        for (at, field, rank) in owned.into_iter().chain(people) {
            let is_known = matches!(sink.target(labels[at]), Target::Field(known, Some(of)) if std::ptr::eq(*known, field) && *of == rank);
            if !is_known {
                sink.means(labels[at], Target::Field(field, Some(rank)));
            }
        }
    }
}

/// Labels that are named like a role stand for the names, mailboxes and numbers of who has it.
fn roles(
    cells: &[HeaderCell<'_>],
    values: &[Values<'_>],
    labels: &[u32],
    sink: &mut Sink<'_>,
) -> Result<Vec<(usize, u32)>> {
    let mut said = Vec::new();
    let may_be = |label: u32| match sink.target(label) {
        Target::Unknown | Target::Ambiguous(_) => true,
        Target::Field(field, None) | Target::Taken(field) => {
            field.list() == "/contacts" || field.pointer == "/coordinateur/nom"
        }
        _ => false,
    };
    let mut found: Vec<(usize, String, &'static Field)> = Vec::new();
    // « Coordinateur » is an organisation, whatever its name looks like.
    let is_organisation = |text: &str| matches!(vocabulary::meaning(text).0, Target::Field(field, _) if field.pointer == "/coordinateur/nom");
    for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| !is_organisation(cell.text)) {
        if let Some((role, field)) = vocabulary::role(cell.text).filter(|_| may_be(labels[at]))
            && (field.pointer != NAME || values[at].are_people())
        {
            found.push((at, role, field));
        }
    }
    // A mailbox of a role that nobody's name bears is that of the one contact there is.
    found.retain({
        let named: Vec<String> =
            found.iter().filter(|(_, _, field)| field.pointer == NAME).map(|(_, role, _)| role.clone()).collect();
        move |(_, role, _)| named.contains(role)
    });
    let is_own = |at: usize| found.iter().any(|(own, ..)| *own == at);
    let ranks = (0..cells.len()).filter(|at| !is_own(*at)).filter_map(|at| match sink.target(labels[at]) {
        Target::Field(field, rank) if field.pointer == NAME => Some(rank.unwrap_or(1)),
        Target::Field(field, Some(rank)) if field.list() == "/contacts" => Some(*rank),
        _ => None,
    });
    let mut next = ranks.max().unwrap_or(0).saturating_add(1);
    let mut known: BTreeMap<String, u16> = BTreeMap::new();
    for (at, role, field) in found {
        let rank = *known.entry(role).or_insert_with(|| {
            next = next.saturating_add(1);
            next - 1
        });
        sink.means(labels[at], Target::Field(field, Some(rank)));
        if field.pointer == NAME
            && vocabulary::is_role_alone(cells[at].text)
            && let Some(role) = Field::at("/contacts/*/fonction")
        {
            let cell = &cells[at];
            let label = sink.told(cell.text, Target::Field(role, Some(rank)), cell.line, cell.column)?;
            said.push((at, label));
        }
    }
    Ok(said)
}
