//! What stands around a label and says nothing of its field: the number of a section, the words of a question, the name of
//! whom a value is, the prefixes and abbreviations of databases. The words themselves stand in the schema, `x-frames`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::evidence::{Fit, Values};
use super::joined::LONGEST_JOINT;
use super::{STOP_WORDS, VOCABULARY, is_rank, spaced, words};
use crate::field::Field;
use crate::row::{Reason, Target};
use crate::schema::{self, Node};
use crate::text::fold::folded;
use crate::text::words::is_month;

/// A label without the number of its section: « 2. Contact », « 2.1 Nom », « IV) Partenaires ».
pub(super) fn without_number(label: &str) -> &str {
    let label = label.trim_start();
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | ')'))).unwrap_or(0);
    let (mark, rest) = label.split_at(end);
    let number = mark.trim_end_matches(['.', ')']);
    let parts = || number.split('.');
    let is_digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_roman =
        |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X'));
    let is_letter = |part: &str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_marked = mark.len() > number.len();
    let is_number = parts().all(is_digits) && (is_marked || number.contains('.'))
        || is_roman(number) && is_marked
        || is_letter(number) && mark.ends_with(')');
    let rest = rest.trim_start();
    if is_number && rest.starts_with(char::is_alphabetic) { rest } else { label }
}

/// The words of a question without its frame: « Quel est le nom de votre PTCE ? ».
pub(super) fn unframed(label: &str) -> Option<Vec<String>> {
    let all = words(label);
    let count = all.len();
    let rest: Vec<String> = all.into_iter().filter(|word| !FRAMES.questions.contains(word.as_str())).collect();
    // « Votre nom » is that of who answers.
    (rest.len() < count && !rest.is_empty() && rest != ["nom"]).then_some(rest)
}

/// A label without the explanation in brackets at its end, and without the brackets of the feminine and the plural within a
/// word: « Code postal (5 chiffres) », « Référent(e) ». A multiple in which numbers are counted is no mere explanation.
pub(super) fn explained(label: &str) -> Option<String> {
    /// A label has fewer; each is taken off by itself, and a text of nothing else would go on for long.
    const MOST_BRACKETS: usize = 12;
    if memchr::memchr2_iter(b'(', b'[', label.as_bytes()).nth(MOST_BRACKETS).is_some() {
        return None;
    }
    let bare = label.replace("(e)", "").replace("(s)", "").replace("(es)", "").replace("·e", "").replace("·s", "");
    if bare != label {
        return Some(bare);
    }
    let label = label.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | ':' | '?' | '.'));
    let (open, close) = [('(', ')'), ('[', ']')].into_iter().find(|(_, close)| label.ends_with(*close))?;
    let (before, inner) = label.strip_suffix(close)?.rsplit_once(open)?;
    let inner = crate::text::fold::folded(inner);
    let is_multiple = |word: &str| {
        matches!(
            word,
            "k" | "ke" | "keur" | "keuros" | "m" | "meur" | "mille" | "milliers" | "millions" | "million" | "md"
        )
    };
    (!before.trim().is_empty() && !inner.split(' ').any(is_multiple)).then(|| before.trim().to_owned())
}

/// Of whom a label may say that the value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// The PTCE itself.
    Hub,
    /// What it does: its address is not that of the PTCE.
    Project,
    /// Who carries it.
    Coordinator,
    /// Somebody to write to.
    Person,
}

/// The words around labels, as the schema lists them.
struct Frames {
    /// Words of questions and requests.
    questions: BTreeSet<&'static str>,
    /// Words that say nothing more in a label that is known without them.
    idle: BTreeSet<&'static str>,
    /// Names of objects that only hold the values of a record.
    envelopes: BTreeSet<&'static str>,
    /// What programs put before or behind the names of their columns.
    prefixes: BTreeSet<&'static str>,
    /// Those whose names and addresses are none of the record.
    others: BTreeSet<&'static str>,
    /// What abbreviations stand for.
    short: BTreeMap<&'static str, Vec<String>>,
    owners: Vec<(&'static str, Owner)>,
    /// Words of roles that are a label of the person who has it.
    roles: BTreeSet<&'static str>,
}

static FRAMES: LazyLock<Frames> = LazyLock::new(|| {
    let frames = schema::root().keyword("x-frames");
    let texts = |key: &str| -> Vec<&'static str> {
        let list = frames.and_then(|frames| frames.get(key)?.as_array()).into_iter().flatten();
        list.filter_map(|text| text.as_str()).collect()
    };
    let short = frames.and_then(|frames| frames.get("short")?.as_object()).into_iter().flatten();
    let short = short.filter_map(|(word, whole)| {
        Some((word.as_str(), whole.as_str()?.split_whitespace().map(str::to_owned).collect::<Vec<_>>()))
    });
    let owners = [
        ("hub", Owner::Hub),
        ("project", Owner::Project),
        ("coordinator", Owner::Coordinator),
        ("person", Owner::Person),
    ];
    Frames {
        questions: texts("questions").into_iter().collect(),
        idle: texts("idle").into_iter().collect(),
        envelopes: texts("envelopes").into_iter().collect(),
        prefixes: texts("prefixes").into_iter().chain(texts("envelopes")).collect(),
        others: texts("others").into_iter().collect(),
        short: short.collect(),
        owners: owners
            .into_iter()
            .flat_map(|(key, owner)| texts(key).into_iter().map(move |word| (word, owner)))
            .collect(),
        roles: texts("roles").into_iter().collect(),
    }
});

/// What a label says that stands in a header, where nothing but a label can stand.
#[derive(Debug)]
pub(super) struct Framed {
    pub target: Target,
    pub reason: Reason,
}

/// The fields by their labels without their frames, as [`Reading::words`] leaves them.
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
        if *was_cut == is_cut && !fields.iter().any(|known| std::ptr::eq(*known, field)) {
            fields.push(field);
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
        if let Some(field) = super::field_of(&pointer) {
            child.texts("x-header").for_each(|label| each(field, label));
        }
        let below = child.items().map_or(pointer.clone(), |_| format!("{pointer}/*"));
        each_header_label(child.items().unwrap_or(child), &below, each);
    }
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words.dedup();
    words
}

/// Whether a label names somebody whose values are none of the record.
pub(super) fn is_of_others(label: &str) -> bool {
    tokens(label).iter().any(|word| FRAMES.others.contains(word.as_str()))
}

/// Whether the name of an object says nothing but that it holds the values of a record.
pub(super) fn is_envelope(name: &str) -> bool {
    FRAMES.envelopes.contains(name)
}

/// Whether a label is nothing but a role.
pub(super) fn is_role_alone(label: &str) -> bool {
    reduced(&tokens(label)).iter().all(|word| FRAMES.roles.contains(word.as_str()))
}

/// Ends by which French writes two genders in one word.
const ENDINGS: &[&str] = &[
    "e", "es", "s", "ne", "nes", "trice", "trices", "rice", "rices", "euse", "euses", "ere", "ère", "eres", "ères",
    "fe", "ve",
];

/// « Référent·e », « Président(e) », « coordinateur-trice », `Referent_e` without their second ends.
fn without_endings(label: &str) -> String {
    let mut kept = String::with_capacity(label.len());
    let mut rest = label;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let is_sign = matches!(c, '·' | '•' | '⋅' | '.' | '-' | '_' | '(' | '/');
        let is_word = kept.chars().rev().take_while(|c| c.is_alphabetic()).count() >= 3;
        let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        if is_sign && is_word && ENDINGS.contains(&after[..end].to_lowercase().as_str()) {
            rest = &after[end..];
            rest = rest.strip_prefix(')').filter(|_| c == '(').unwrap_or(rest);
            continue;
        }
        kept.push(c);
        rest = after;
    }
    kept
}

/// The words of a label in their order, those of a name in camel case apart.
fn tokens(label: &str) -> Vec<String> {
    let folded = folded(&spaced(&without_endings(label)));
    folded.split(' ').filter(|word| !word.is_empty() && !STOP_WORDS.contains(word)).map(str::to_owned).collect()
}

/// Words without those that say nothing, abbreviations written out.
fn reduced(words: &[String]) -> Vec<String> {
    let frames = &*FRAMES;
    let written_out = words.iter().flat_map(|word| match frames.short.get(word.as_str()) {
        Some(whole) => whole.clone(),
        None => vec![word.clone()],
    });
    let is_idle = |word: &String| frames.questions.contains(word.as_str()) || frames.idle.contains(word.as_str());
    let said: Vec<String> = written_out.filter(|word| !is_idle(word)).collect();
    // « au 31 décembre 2024 ».
    match words.iter().any(|word| is_month(word)) {
        true => said.into_iter().filter(|word| !is_month(word) && !is_rank(word)).collect(),
        false => said,
    }
}

/// A unit in which no field counts would make a number of another one.
fn has_other_unit(label: &str) -> bool {
    let folded = folded(label);
    let mut words = folded.split(' ').peekable();
    label.contains("k€")
        || label.contains("K€")
        || label.contains("M€")
        || words.any(|word| matches!(word, "keur" | "ke" | "keuros" | "meur"))
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
    let field = |part: &str| match super::meaning(part).0 {
        Target::Field(field, _) => Some(field),
        _ => match framed(part, values)?.target {
            Target::Field(field, _) => Some(field),
            _ => None,
        },
    };
    let (one, other) = (field(one)?, field(other)?);
    std::ptr::eq(one, other).then_some(Framed { target: Target::Field(one, None), reason: Reason::Framed })
}

/// A label without what it explains in brackets.
fn without_brackets(label: &str) -> Option<String> {
    let mut kept = String::with_capacity(label.len());
    let mut depth = 0_u32;
    for c in label.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    (kept.len() < label.len()).then_some(kept)
}

/// `ADR1`, `lat84` with the number apart.
fn with_numbers_apart(label: &str) -> Option<String> {
    let mut apart = String::with_capacity(label.len() + 2);
    for c in label.chars() {
        if c.is_ascii_digit() && apart.ends_with(|c: char| c.is_alphabetic()) {
            apart.push(' ');
        }
        apart.push(c);
    }
    (apart.len() > label.len()).then_some(apart)
}

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
                if !fields.iter().any(|known| std::ptr::eq(*known, field)) {
                    fields.push(field);
                }
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
pub(super) fn in_block(list: &str, label: &str) -> Option<&'static Field> {
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

/// Of whom a label is, by what is left of it without the word for what it tells of him: « Mail contact SA » and « Nom contact SA »
/// are of the same person.
pub(super) fn whose(label: &str) -> Vec<String> {
    const TOLD: &[&str] = &[
        "adresse",
        "civilite",
        "courriel",
        "electronique",
        "fixe",
        "fonction",
        "mobile",
        "nom",
        "numero",
        "portable",
        "prenom",
        "telephone",
        "titre",
    ];
    sorted(reduced(&tokens(label)).into_iter().filter(|word| !TOLD.contains(&word.as_str())).collect())
}

/// Whether a label says « nom » and nothing else, whatever programs put around it.
pub(super) fn is_name_alone(label: &str) -> bool {
    let said: Vec<String> =
        reduced(&tokens(label)).into_iter().filter(|word| !FRAMES.prefixes.contains(word.as_str())).collect();
    said == ["nom"]
}

/// The role that a label names with what it tells of its bearer: « Président·e », « Mail direction ». The first letters of its
/// word tell it from others, whatever the gender.
pub(super) fn role(label: &str) -> Option<(String, &'static Field)> {
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
