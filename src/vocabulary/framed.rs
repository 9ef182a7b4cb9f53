//! What a label means without the words around it, where it stands in a header.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::evidence::{Fit, Values};
use super::frames::{
    FRAMES, Owner, has_other_unit, reduced, sorted, tokens, with_numbers_apart, without_brackets, without_number,
};
use super::labels::{VOCABULARY, add, field_of};
use super::plain::plain_meaning;
use super::words::{LONGEST_JOINT, is_rank};
use crate::field::Field;
use crate::row::{Reason, Target};
use crate::schema::{self, Node};

/// What a label says that stands in a header, where nothing but a label can stand.
#[derive(Debug)]
pub(super) struct Framed {
    pub target: Target,
    pub reason: Reason,
}

/// The fields by their labels without their frames, as [`reduced`] leaves them.
static BARE: LazyLock<BTreeMap<Vec<String>, Vec<&'static Field>>> = LazyLock::new(|| {
    // Each with whether words were left out of it: a label that has no others is meant before such a one.
    let mut bare: BTreeMap<Vec<String>, (bool, Vec<&'static Field>)> = BTreeMap::new();
    let mut enter = |words: &[String], field: &'static Field| {
        let reduced = sorted(reduced(words));
        let is_cut = reduced.len() < words.len();
        // « Code officiel » is not any code.
        if reduced.is_empty() || is_cut && reduced.len() == 1 {
            return;
        }
        let (was_cut, fields) = bare.entry(reduced).or_insert((is_cut, Vec::new()));
        if *was_cut && !is_cut {
            (*was_cut, *fields) = (false, Vec::new());
        }
        if *was_cut == is_cut {
            add(fields, field);
        }
    };
    for (words, meaning) in &VOCABULARY.alone {
        meaning.fields.iter().for_each(|field| enter(words, field));
    }
    each_header_label(schema::root(), "", &mut |field, label| enter(&tokens(label), field));
    bare.into_iter().map(|(words, (_, fields))| (words, fields)).collect()
});

/// Calls `each` for the labels that are such in a header alone.
fn each_header_label(node: Node, pointer: &str, each: &mut dyn FnMut(&'static Field, &str)) {
    for (key, child) in node.properties().chain(node.parts()) {
        let pointer = format!("{pointer}/{key}");
        if let Some(field) = field_of(&pointer) {
            child.texts("x-header").for_each(|label| each(field, label));
        }
        let below = child.items().map_or(pointer.clone(), |_| format!("{pointer}/*"));
        each_header_label(child.items().unwrap_or(child), &below, each);
    }
}

/// What a label means in a header, without what stands around it; `None` where some of its words remain unknown.
pub(super) fn framed(label: &str, values: &Values<'_>) -> Option<Framed> {
    let label = without_number(label);
    if has_other_unit(label) {
        return None;
    }
    let whole = tokens(label);
    let outer = without_brackets(label);
    // What explains in brackets names others as well: « (à la date de la demande) ».
    let said = match &outer {
        Some(outer) if whole.len() > tokens(outer).len() + 2 => tokens(outer),
        _ => whole.clone(),
    };
    if said.is_empty() || said.iter().any(|word| FRAMES.others.contains(word.as_str())) {
        return None;
    }
    let apart = with_numbers_apart(label);
    let readings = [Some(whole), outer.as_deref().map(tokens), apart.as_deref().map(tokens)];
    let is_name = !label.contains(char::is_whitespace);
    let mut found = readings.iter().flatten().filter_map(|tokens| understood_in(tokens, is_name, values));
    found.next().or_else(|| bilingual(label, values))
}

/// « Ville / City »: both halves mean the same field.
fn bilingual(label: &str, values: &Values<'_>) -> Option<Framed> {
    if label.len() > LONGEST_JOINT {
        return None;
    }
    let (one, other) = label.split_once('/').or_else(|| label.split_once(" - ")).or_else(|| label.split_once('|'))?;
    let field = |part: &str| match plain_meaning(part).0 {
        Target::Field(field, _) => Some(field),
        _ => match framed(part, values)?.target {
            Target::Field(field, _) => Some(field),
            _ => None,
        },
    };
    let (one, other) = (field(one)?, field(other)?);
    std::ptr::eq(one, other).then_some(Framed { target: Target::Field(one, None), reason: Reason::Framed })
}

/// What the words of a label mean without the prefixes and the rank among them. The name of a column of a database,
/// `is_name`, may have words besides that are unknown.
fn understood_in(tokens: &[String], is_name: bool, values: &Values<'_>) -> Option<Framed> {
    /// Before a name stand a table and a program or two.
    const MOST_PREFIXES: usize = 8;
    let reduced = reduced(tokens);
    let is_prefix = |word: &String| FRAMES.prefixes.contains(word.as_str());
    // « bf_titre », « lib_dep », « properties.nom »: with what stands before it first, for it may be a word of the label.
    let bare: Vec<String> = reduced.iter().filter(|word| !is_prefix(word)).cloned().collect();
    let before = reduced.iter().take(MOST_PREFIXES).take_while(|word| is_prefix(word)).count();
    let (ranks, unranked): (Vec<String>, Vec<String>) = reduced.iter().cloned().partition(|word| is_rank(word));
    let rank = match ranks.as_slice() {
        [rank] => rank.parse::<u16>().ok().filter(|rank| *rank > 0),
        _ => None,
    };
    let with_rank = |fields: Vec<&'static Field>| {
        let takes_rank = |field: &&Field| field.pointer.contains('*') || field.is_list();
        rank.is_some_and(|rank| rank == 1 || fields.iter().all(takes_rank)).then(|| {
            let rank = rank.filter(|_| fields.iter().all(takes_rank));
            (fields, rank)
        })
    };
    // A prefix that is a word of the label is so in a label of those very words: `fields.Coordinateur` is no field of somebody.
    let found = (0..=before)
        .find_map(|passed| exactly(&sorted(reduced[passed..].to_vec())))
        .or_else(|| (0..=before).rev().find_map(|passed| understood(&reduced[passed..])))
        .or_else(|| understood(&bare))
        .map(|fields| (fields, None))
        .or_else(|| understood(&unranked).and_then(with_rank));
    if let Some((fields, rank)) = found {
        let fields = chosen(fields, values);
        let target = match fields.as_slice() {
            [field] => Target::Field(field, rank),
            _ => Target::Ambiguous(fields),
        };
        return Some(Framed { target, reason: Reason::Framed });
    }
    // A column of a database whose name holds words of its own besides: its values must bear out what the others say.
    let known: Vec<String> = bare.iter().filter(|word| is_of_vocabulary(word)).cloned().collect();
    if is_name && known.len() < bare.len() && !known.is_empty() && tokens.len() <= 5 {
        let fields = understood(&known)?;
        if let [field] = fields.as_slice()
            && values.fit(field) == Fit::Confirms
            && values.is_telling(field)
        {
            return Some(Framed { target: Target::Field(field, None), reason: Reason::Values });
        }
    }
    None
}

/// Of several fields, those that the values of the column bear out.
pub(super) fn chosen(fields: Vec<&'static Field>, values: &Values<'_>) -> Vec<&'static Field> {
    if fields.len() < 2 {
        return fields;
    }
    let fitting =
        |fit: Fit| -> Vec<&'static Field> { fields.iter().filter(|field| values.fit(field) == fit).copied().collect() };
    for fit in [Fit::Confirms, Fit::Agrees, Fit::Open] {
        match fitting(fit).as_slice() {
            [] => {}
            [field] => return vec![field],
            _ => break,
        }
    }
    fields
}

/// Whether any label has this word.
fn is_of_vocabulary(word: &str) -> bool {
    static WORDS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
        let families = VOCABULARY.families.iter().flat_map(|family| family.names.iter().chain(family.members.keys()));
        let owners = FRAMES.owners.iter().map(|(word, _)| *word);
        BARE.keys().chain(families).flatten().map(String::as_str).chain(owners).collect()
    });
    WORDS.contains(word)
}

/// The fields that these words mean, with the names of those taken away whom a value may be of.
fn understood(words: &[String]) -> Option<Vec<&'static Field>> {
    /// Of whom « Mail du référent de la structure porteuse du projet » speaks.
    const MOST_OWNERS: usize = 6;
    if words.is_empty() || !words.iter().all(|word| is_of_vocabulary(word)) {
        return None;
    }
    let is_owner = |word: &String| FRAMES.owners.iter().any(|(known, _)| known == word);
    if words.iter().filter(|word| is_owner(word)).count() > MOST_OWNERS {
        return None;
    }
    without_owners(words, 0)
}

/// The fields of a label of these very words, in alphabetical order.
fn exactly(words: &[String]) -> Option<Vec<&'static Field>> {
    BARE.get(words).cloned().or_else(|| VOCABULARY.fields(words).map(|(fields, _)| fields))
}

/// The fields of words; owners are looked for from a word on, for those before it have been tried.
fn without_owners(words: &[String], from: usize) -> Option<Vec<&'static Field>> {
    if words.is_empty() {
        return None;
    }
    if let Some(fields) = exactly(&sorted(words.to_vec())) {
        return Some(fields);
    }
    for (at, word) in words.iter().enumerate().skip(from) {
        for (_, owner) in FRAMES.owners.iter().filter(|(known, _)| known == word) {
            let mut rest = words.to_vec();
            rest.remove(at);
            let mut fields: Vec<&'static Field> = Vec::new();
            for field in without_owners(&rest, at).into_iter().flatten().filter_map(|field| of_owner(*owner, field)) {
                add(&mut fields, field);
            }
            if !fields.is_empty() {
                return Some(fields);
            }
        }
    }
    None
}

/// The field of a value that is somebody's: the name of the structure is that of the coordinator.
fn of_owner(owner: Owner, field: &'static Field) -> Option<&'static Field> {
    let is_in = |groups: &[&str]| groups.iter().any(|group| field.pointer.starts_with(group));
    const OF_ANYBODY: &[&str] =
        &["/contacts/*/courriel", "/contacts/*/telephone", "/adresse", "/site_web", "/region", "/territoire"];
    match owner {
        Owner::Hub => Some(field),
        Owner::Project if is_in(&["/adresse", "/coordinateur"]) => None,
        Owner::Project => Some(field),
        Owner::Coordinator => match field.pointer {
            "/nom" => Field::at("/coordinateur/nom"),
            "/appel/statut" | "/appel/type" => Field::at("/coordinateur/forme_juridique"),
            "/sigle" => Some(field),
            _ if is_in(OF_ANYBODY) || is_in(&["/coordinateur", "/emploi", "/thematiques"]) => Some(field),
            _ if is_in(&["/contacts"]) => Some(field),
            _ => None,
        },
        Owner::Person => match field.pointer {
            "/nom" | "/coordinateur/nom" => Field::at("/contacts/*/nom"),
            _ if is_in(OF_ANYBODY) || is_in(&["/contacts"]) => Some(field),
            _ => None,
        },
    }
}

/// The field of an element of a list that a label means in a block of its own: « Structure partenaire », « Rôle dans le projet ».
pub(crate) fn in_block(list: &str, label: &str) -> Option<&'static Field> {
    let words = reduced(&tokens(label));
    let rest: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !matches!(*word, "partenaire" | "partenaires" | "membre" | "membres" | "acteur" | "acteurs"))
        .filter(|word| !FRAMES.owners.iter().any(|(known, _)| known == word))
        .collect();
    let field = match (list, rest.as_slice()) {
        ("/partenaires", [] | ["nom"] | ["denomination"] | ["raison"]) => "/partenaires/*/nom",
        ("/partenaires", ["type" | "nature" | "categorie" | "famille"]) => "/partenaires/*/categorie",
        ("/partenaires", ["role" | "contribution" | "apport"]) => "/partenaires/*/note",
        ("/territoire/communes", ["commune"] | ["nom", "commune"]) => "/territoire/communes/*/nom",
        ("/territoire/communes", ["commune", "code", "insee"] | ["nom", "commune", "code", "insee"]) => {
            "/territoire/communes/*/code_insee"
        }
        ("/projet/actions", [] | ["nom" | "intitule" | "titre" | "actions"]) => "/projet/actions",
        ("/contacts", _) => {
            let fields = understood(&words)?;
            let [field] = fields.as_slice() else { return None };
            return of_owner(Owner::Person, field).filter(|field| field.pointer.starts_with("/contacts/"));
        }
        _ => return None,
    };
    Field::at(field)
}

/// The role that a label names with what it tells of its bearer: « Président·e », « Mail direction ». The first letters of its
/// word tell it from others, whatever the gender.
pub(crate) fn role(label: &str) -> Option<(String, &'static Field)> {
    /// « directrice », « direction ».
    const STEM: usize = 5;
    let reduced = reduced(&tokens(label));
    let (roles, rest): (Vec<String>, Vec<String>) =
        reduced.into_iter().partition(|word| FRAMES.roles.contains(word.as_str()));
    let stem = |word: &String| word.chars().take(STEM).collect::<String>();
    let first = roles.first().map(stem)?;
    if !roles.iter().all(|role| stem(role) == first) {
        return None;
    }
    let field = match rest.as_slice() {
        [] => Field::at("/contacts/*/nom")?,
        rest => {
            let fields = understood(rest)?;
            let [field] = fields.as_slice() else { return None };
            of_owner(Owner::Person, field).filter(|field| field.pointer.starts_with("/contacts/"))?
        }
    };
    Some((first, field))
}
