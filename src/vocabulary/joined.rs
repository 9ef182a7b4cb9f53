//! Labels that join several: « CP / Ville », « Structure porteuse et statut ».

use super::choices::CHOICES;
use super::framed::role;
use super::labels::{Family, Meaning, VOCABULARY, add};
use super::plain::plain_meaning;
use super::words::{is_rank, without, words};
use crate::field::Field;
use crate::reading::joint;
use crate::row::{Reason, Target};
use crate::text::fold::folded;

/// « Type (émergent/consolidé) »: the values in brackets tell of which field this is the label.
pub(super) fn with_values(label: &str) -> Option<(Target, Option<Reason>)> {
    let (outer, values) = label.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let values: Vec<&str> = values.split(['/', ',', ';', '|']).flat_map(|part| part.split(" ou ")).collect();
    if values.len() < 2 {
        return None;
    }
    let outer = words(outer);
    let is_named = |field: &'static Field| {
        let mut named = VOCABULARY.families.iter().filter_map(|family| family.members.get(&outer)).flatten();
        let alone = VOCABULARY.alone.get(&outer).map(|meaning| &meaning.fields);
        named.any(|known| std::ptr::eq(*known, field))
            || alone.is_some_and(|all| all.iter().any(|one| std::ptr::eq(*one, field)))
    };
    let mut fields = CHOICES.iter().filter(|(field, choices)| {
        values.iter().all(|value| choices.iter().any(|(known, _)| *known == folded(value))) && is_named(field)
    });
    let (field, _) = fields.next()?;
    fields.next().is_none().then_some((Target::Field(field, None), Some(Reason::Composed)))
}

/// « Porteur (statut) »: the coordinator, and its legal form behind it in brackets.
pub(super) fn with_form(label: &str) -> Option<(Target, Option<Reason>)> {
    const FORMS: &[&str] = &["statut", "statut juridique", "forme", "forme juridique", "nature juridique"];
    let (name, form) = label.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let (name, form) = (plain_meaning(name).0, folded(form));
    let Target::Field(name, None) = name else { return None };
    let is_pair = name.pointer == "/coordinateur/nom" && FORMS.contains(&form.as_str());
    let form = Field::at("/coordinateur/forme_juridique").filter(|_| is_pair)?;
    Some((Target::Joint(vec![name, form], None), Some(Reason::Composed)))
}

/// What a label means that joins others by « et », « & », « + » or « / »; `None` when it joins none. A group and one of its
/// fields, « Contact / Nom », are one label.
pub(super) fn joined(label: &str) -> Option<(Target, Option<Reason>)> {
    if !label.contains(['/', '&', '+']) && !label.contains(" et ") {
        return None;
    }
    let strokes: Vec<&str> = label.split(['/', '&', '+']).map(str::trim).collect();
    let parts: Vec<&str> = strokes.iter().flat_map(|part| part.split(" et ")).map(str::trim).collect();
    // « Nom et prénom » is the whole name.
    let is_part = |part: &&str| matches!(plain_meaning(part), (Target::Field(field, _), _) if field.is_part());
    if parts.iter().any(is_part) && matches!(plain_meaning(label), (Target::Field(..), _)) {
        return None;
    }
    if let Some((group, _)) = label.split_once('/') {
        let group: Vec<String> = words(group).into_iter().filter(|word| !is_rank(word)).collect();
        if VOCABULARY.is_group(&group) && matches!(plain_meaning(label), (Target::Field(..), _)) {
            return None;
        }
    }
    // « Nom et prénom du président / téléphone » has two parts.
    let is_one = |found: &(Target, Option<Reason>)| !matches!(found.0, Target::Ambiguous(_));
    let whole = joint(&strokes).filter(is_one);
    whole.or_else(|| joint(&parts)).filter(|(target, _)| match (target, plain_meaning(label)) {
        // What the schema lists as one label is known better that way.
        (Target::Field(joint, _), (Target::Field(plain, _), _)) => !std::ptr::eq(*joint, plain),
        _ => true,
    })
}

/// What a label means whose parts are joined by strokes, commas, brackets or nothing: « CP - Ville », « Contact (nom, téléphone) »,
/// « CP Ville ».
pub(super) fn loosely_joined(label: &str) -> Option<(Target, Option<Reason>)> {
    let is_mark = |c: char| matches!(c, '/' | '&' | '+' | ',' | ';' | '(' | ')' | ':' | '–' | '—');
    let parts = label.split(is_mark).flat_map(|part| part.split(" - ")).flat_map(|part| part.split(" et "));
    let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 {
        return joint(&parts);
    }
    let folded = folded(label);
    let all: Vec<&str> = folded.split(' ').collect();
    if !(2..=6).contains(&all.len()) {
        return None;
    }
    // Nearly every text begins or ends with what is no label.
    let is_label = |part: &[&str]| VOCABULARY.alone.contains_key(&words(&part.join(" ")));
    if !(1..all.len()).any(|end| is_label(&all[..end])) || !(1..all.len()).any(|start| is_label(&all[start..])) {
        return None;
    }
    // As few labels as it takes, each of them known by itself, and one cell for all of them.
    let at_cuts = |cuts: u32| {
        let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
        for (rank, word) in all.iter().enumerate() {
            if rank > 0 && cuts >> (rank - 1) & 1 == 1 {
                parts.push(Vec::new());
            }
            parts.last_mut()?.push(word);
        }
        let fields = parts.iter().map(|part| match VOCABULARY.alone.get(&words(&part.join(" "))) {
            Some(Meaning { fields, .. }) if fields.len() == 1 => fields.first().copied(),
            _ => None,
        });
        VOCABULARY.shared(&fields.collect::<Option<Vec<_>>>()?)
    };
    let mut cuts: Vec<u32> = (1..1 << (all.len() - 1)).collect();
    cuts.sort_by_key(|cuts| cuts.count_ones());
    let field = cuts.into_iter().find_map(at_cuts)?;
    Some((Target::Field(field, None), Some(Reason::Composed)))
}

/// What labels that stand for one mean together; `None` when one of them means nothing.
fn joint(parts: &[&str]) -> Option<(Target, Option<Reason>)> {
    if !(2..=5).contains(&parts.len()) {
        return None;
    }
    let mut rank = None;
    let mut fields: Vec<&'static Field> = Vec::new();
    // Whether each part has one field of its own; what says the same as the part before it is one with that.
    let mut is_apart = true;
    for (at, part) in parts.iter().enumerate() {
        let meant =
            in_group_of_others(parts, at).map_or_else(|| plain_meaning(part).0, |field| Target::Field(field, None));
        let meant = match meant {
            Target::Unknown => role(part).map_or(Target::Unknown, |(_, field)| Target::Field(field, None)),
            meant => meant,
        };
        let meant = match meant {
            Target::Field(field, of_part) => {
                rank = rank.or(of_part);
                let is_last = fields.last().is_some_and(|last| std::ptr::eq(*last, field));
                is_apart &= is_last || !fields.iter().any(|known| std::ptr::eq(*known, field));
                vec![field]
            }
            Target::Ambiguous(fields) => {
                is_apart = false;
                fields
            }
            _ => return None,
        };
        meant.into_iter().for_each(|field| add(&mut fields, field));
    }
    let target = match VOCABULARY.shared(&fields) {
        Some(field) => Target::Field(field, rank),
        None if is_apart && fields.iter().all(|field| joint::may_join(field)) => Target::Joint(fields, rank),
        None => Target::Ambiguous(fields),
    };
    Some((target, Some(Reason::Composed)))
}

/// « Nom » in « Nom et téléphone du contact », « Contact (nom, téléphone) »: the group that another part names is that of
/// this one too.
fn in_group_of_others(parts: &[&str], at: usize) -> Option<&'static Field> {
    let own = words(parts[at]);
    let others = parts.iter().enumerate().filter(|(rank, _)| *rank != at).map(|(_, part)| words(part));
    let mut found = others.flat_map(|other| {
        let is_named = move |family: &&Family| {
            family.names.iter().any(|name| {
                *name == other || without(&other, name).is_some_and(|rest| family.members.contains_key(&rest))
            })
        };
        VOCABULARY.families.iter().filter(is_named)
    });
    found.find_map(|family| match family.members.get(&own)?.as_slice() {
        [field] => Some(*field),
        _ => None,
    })
}
