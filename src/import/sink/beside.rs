//! What labels mean by those that stand beside them in a header or a form.

use std::collections::{BTreeMap, BTreeSet};

use crate::field::{Field, Kind};
use crate::row::{Label, Target};
use crate::text::fold::folded;
use crate::vocabulary::{self, Meant, Reason};

/// « Nom » beside « Prénom » is the name of a person, though alone it is that of the PTCE; a label that it has kept from its
/// field gets it.
pub(super) fn surname(labels: &mut [Label], ranks: &[u32]) {
    let (Some(of_hub), Some(of_contact)) = (Field::at("/nom"), Field::at("/contacts/*/nom")) else { return };
    let of_first_name = |rank: &u32| match labels[*rank as usize].target {
        Target::Field(field, of) if field.pointer == "/contacts/*/prenom" => Some(of),
        _ => None,
    };
    let first_names: Vec<Option<u16>> = ranks.iter().filter_map(of_first_name).collect();
    let fills = |label: &Label, field, of| matches!(label.target, Target::Field(known, rank) if std::ptr::eq::<Field>(known, field) && rank == of);
    let is_kept_away = |label: &Label| matches!(label.target, Target::Taken(field) if std::ptr::eq(field, of_hub));
    for of in first_names {
        let find = |labels: &[Label], is: &dyn Fn(&Label) -> bool| {
            ranks.iter().map(|rank| *rank as usize).find(|rank| is(&labels[*rank]))
        };
        // « Prénom du référent » tells nothing of « Nom ».
        let first_name = ranks.iter().map(|rank| &labels[*rank as usize]).find(|label| {
            matches!(label.target, Target::Field(field, rank) if field.pointer == "/contacts/*/prenom" && rank == of)
        });
        let place = first_name.map_or((0, 0), |label| (label.line, label.column));
        let whose = first_name.map(|label| vocabulary::whose(&label.text));
        if find(labels, &|label| fills(label, of_contact, of)).is_some() {
            continue;
        }
        // « Nom 2 » alone is no label of ours.
        let is_surname = |label: &Label| {
            let text = folded(&label.text);
            let is_plain = match of {
                None => matches!(text.as_str(), "noms" | "name") || vocabulary::is_name_alone(&label.text),
                Some(of) => text == format!("nom {of}") || text == format!("name {of}"),
            };
            let is_free = fills(label, of_hub, None) || is_kept_away(label) || matches!(label.target, Target::Unknown);
            let is_same = whose.as_ref().is_none_or(|whose| vocabulary::whose(&label.text) == *whose);
            is_plain && is_free && is_same && label.reason != Some(Reason::Mapping)
        };
        // Of several, the one that stands nearest is of the same person.
        let names = ranks.iter().map(|rank| *rank as usize).filter(|rank| is_surname(&labels[*rank]));
        let distance = |rank: &usize| {
            let label = &labels[*rank];
            (label.line.abs_diff(place.0), label.column.abs_diff(place.1))
        };
        let Some(name) = names.min_by_key(distance) else { continue };
        (labels[name].target, labels[name].reason) = (Target::Field(of_contact, of), Some(Reason::Composed));
        if find(labels, &|label| fills(label, of_hub, None)).is_none()
            && let Some(next) = find(labels, &is_kept_away)
        {
            let (_, reason) = vocabulary::meaning(&labels[next].text);
            (labels[next].target, labels[next].reason) = (Target::Field(of_hub, None), reason);
        }
    }
}

/// Whether a label that names something stands right before one of a person: « Nom », « Fonction ».
pub(super) fn is_name_of_person(labels: &[Label], others: &[u32], name: u32) -> bool {
    let label = &labels[name as usize];
    let of_person = |other: &&u32| matches!(labels[**other as usize].target, Target::Field(field, _) if field.pointer.starts_with("/contacts/*/"));
    let is_named = |other: &u32| matches!(labels[*other as usize].target, Target::Field(field, _) if field.pointer == "/contacts/*/nom");
    vocabulary::is_name_alone(&label.text)
        && !others.iter().any(is_named)
        && others.iter().filter(of_person).any(|other| {
            let other = &labels[*other as usize];
            (other.line, other.column) == (label.line, label.column + 1)
                || (other.line, other.column) == (label.line + 1, label.column)
        })
}

/// Whether a label says that it is of a field better than one that has been taken for it: that one is misspelt, names anything, or
/// tells the address of whoever carries the hub.
pub(super) fn is_said_better(other: &Label, field: &Field, meant: &Meant, text: &str) -> bool {
    let is_misspelt = |reason: Option<Reason>| reason == Some(Reason::Misspelt);
    let is_of_coordinator = vocabulary::is_of_coordinator;
    // `nom`, as our own tables write it, is the name of the hub.
    let is_alone = |text: &str| text != "nom" && vocabulary::is_name_alone(text);
    is_misspelt(other.reason) && !is_misspelt(meant.reason)
        || field.pointer == "/nom" && other.reason != Some(Reason::Mapping) && is_alone(&other.text) && !is_alone(text)
        || field.pointer.starts_with("/adresse/")
            && meant.reason != Some(Reason::Mapping)
            && other.reason != Some(Reason::Mapping)
            && is_of_coordinator(&other.text)
            && !is_of_coordinator(text)
}

/// Whether a label that was taken for the line of a street is the one of the number in it: « N° de voie » beside « Nom de la
/// voie ». Alone, it may mean the whole line.
pub(super) fn is_number_of_street(label: &Label, field: &Field) -> bool {
    field.pointer == "/adresse/voie"
        && matches!(
            folded(&label.text).as_str(),
            "n de voie"
                | "no de voie"
                | "num de voie"
                | "numero de voie"
                | "numero voie"
                | "n voie"
                | "numero de la voie"
                | "numero de rue"
                | "n de rue"
                | "numero rue"
                | "n rue"
        )
}

/// « N° » right before the column of a street is the number in it; first in a table it counts the rows.
pub(super) fn number_of_street(labels: &mut [Label], before: u32, street: u32) {
    let is_street =
        matches!(labels[street as usize].target, Target::Field(field, None) if field.pointer == "/adresse/voie");
    let next = labels[street as usize].column;
    let label = &mut labels[before as usize];
    let is_number = || matches!(folded(&label.text).as_str(), "n" | "no" | "num" | "numero");
    if is_street
        && label.column > 1
        && label.column + 1 == next
        && matches!(label.target, Target::Unknown)
        && is_number()
        && let Some(number) = Field::at("/adresse/voie/numero")
    {
        (label.target, label.reason) = (Target::Field(number, None), Some(Reason::Composed));
    }
}

/// A header of more labels is none that a person has written: whose they are is told by their own words alone. To hold each label
/// against all those before it would take the square of their number.
const MOST_TOGETHER: usize = 400;

/// Labels that come again together, « Contact ; Mail ; Contact ; Mail », are those of the next element. One alone that comes
/// again may be anything.
pub(super) fn again(labels: &mut [Label], ranks: &[u32]) {
    /// A label by its field and its text: each is made comparable once.
    type Said = (*const Field, String);
    if ranks.len() > MOST_TOGETHER {
        return;
    }
    let mut said_before: BTreeMap<Said, u16> = BTreeMap::new();
    let mut first_alone: BTreeMap<Said, usize> = BTreeMap::new();
    let mut repeated: Vec<(usize, &'static Field, u16, Said)> = Vec::new();
    for at in ranks.iter().map(|rank| *rank as usize) {
        let (field, is_element) = match labels[at].target {
            Target::Field(field, rank) => (field, rank.is_some()),
            Target::Taken(field) => (field, true),
            _ => continue,
        };
        let said = (std::ptr::from_ref(field), folded(&labels[at].text));
        if matches!(labels[at].target, Target::Field(_, None)) {
            first_alone.entry(said.clone()).or_insert(at);
        }
        let before = said_before.entry(said.clone()).or_default();
        if *before > 0 && is_element && matches!(field.kind, Kind::ElementText) {
            repeated.push((at, field, before.saturating_add(1), said));
        }
        *before = before.saturating_add(1);
    }
    // The fields that come again together, by their list and by how often they have come.
    let mut together: BTreeMap<(&'static str, u16), BTreeSet<*const Field>> = BTreeMap::new();
    for (_, field, rank, _) in &repeated {
        together.entry((field.list(), *rank)).or_default().insert(std::ptr::from_ref(*field));
    }
    for (label, field, rank, said) in repeated {
        if together.get(&(field.list(), rank)).is_some_and(|fields| fields.len() > 1) {
            // The first of them are those of the first element alone.
            if let Some(first) = first_alone.remove(&said) {
                labels[first].target = Target::Field(field, Some(1));
            }
            (labels[label].target, labels[label].reason) = (Target::Field(field, Some(rank)), Some(Reason::Composed));
        }
    }
}

/// The same things told of another person, « Mail contact, Nom contact SA, Mail contact SA », are those of the next contact.
pub(super) fn apart(labels: &mut [Label], ranks: &[u32]) {
    let Some(last) = ranks.last().map(|rank| *rank as usize) else { return };
    let of_contact = |label: &Label| match label.target {
        Target::Field(field, rank) if field.list() == "/contacts" && !field.is_list() => Some((field, rank, false)),
        Target::Taken(field) if field.list() == "/contacts" => Some((field, None, true)),
        _ => None,
    };
    let Some((_, _, true)) = of_contact(&labels[last]) else { return };
    if ranks.len() > MOST_TOGETHER || labels[last].reason == Some(Reason::Mapping) {
        return;
    }
    let own = vocabulary::whose(&labels[last].text);
    let all: Vec<(usize, &'static Field, Option<u16>, bool)> = ranks
        .iter()
        .filter_map(|rank| {
            let at = *rank as usize;
            of_contact(&labels[at]).map(|(field, rank, is_taken)| (at, field, rank, is_taken))
        })
        .collect();
    let (same, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(at, ..)| vocabulary::whose(&labels[*at].text) == own);
    let told: BTreeSet<*const Field> = same.iter().map(|(_, field, ..)| std::ptr::from_ref(*field)).collect();
    let takers = same.iter().filter(|(_, field, ..)| std::ptr::eq(*field, same[same.len() - 1].1)).count();
    if told.len() < 2 || others.is_empty() || takers > 1 {
        return;
    }
    let known = same.iter().find_map(|(_, _, rank, _)| *rank);
    let next = others.iter().filter_map(|(_, _, rank, _)| *rank).max().unwrap_or(1).saturating_add(1);
    let rank = known.unwrap_or(next);
    for (at, field, of, _) in same {
        if of.is_none() {
            (labels[at].target, labels[at].reason) = (Target::Field(field, Some(rank)), Some(Reason::Composed));
        }
    }
    for (at, field, of, is_taken) in others {
        if of.is_none() && !is_taken {
            labels[at].target = Target::Field(field, Some(1));
        }
    }
}

/// Whether a label already fills a field, so that another one cannot.
pub(super) fn fills(label: &Label, field: &Field, rank: Option<u16>) -> bool {
    matches!(label.target, Target::Field(known, known_rank)
        if std::ptr::eq(known, field) && known_rank.unwrap_or(1) == rank.unwrap_or(1) && !field.is_list())
}

/// Whether a label fills one of the fields of another one that joins them.
pub(super) fn share(label: &Label, fields: &[&'static Field]) -> bool {
    match &label.target {
        Target::Field(field, _) | Target::Taken(field) => fields.iter().any(|known| std::ptr::eq(*known, *field)),
        Target::Joint(own, _) => own.iter().any(|field| fields.iter().any(|known| std::ptr::eq(*known, *field))),
        _ => false,
    }
}

/// Whether a field is one of those that a label joins.
pub(super) fn part_of_joint(label: &Label, field: &Field) -> bool {
    matches!(&label.target, Target::Joint(fields, _) if fields.iter().any(|known| std::ptr::eq(*known, field)))
}
