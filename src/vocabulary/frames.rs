//! The words around a label that say nothing of its field: the number of a section, the words of a question, the name of
//! whom a value is, the prefixes and abbreviations of databases. They stand in the schema, `x-frames`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::words::{STOP_WORDS, is_rank, spaced, words};
use crate::schema;
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
    let inner = folded(inner);
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
pub(super) enum Owner {
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
pub(super) struct Frames {
    /// Words of questions and requests.
    pub(super) questions: BTreeSet<&'static str>,
    /// Words that say nothing more in a label that is known without them.
    pub(super) idle: BTreeSet<&'static str>,
    /// Names of objects that only hold the values of a record.
    pub(super) envelopes: BTreeSet<&'static str>,
    /// What programs put before or behind the names of their columns.
    pub(super) prefixes: BTreeSet<&'static str>,
    /// Those whose names and addresses are none of the record.
    pub(super) others: BTreeSet<&'static str>,
    /// What abbreviations stand for.
    pub(super) short: BTreeMap<&'static str, Vec<String>>,
    pub(super) owners: Vec<(&'static str, Owner)>,
    /// Words of roles that are a label of the person who has it.
    pub(super) roles: BTreeSet<&'static str>,
}

/// The words around labels, read when the first label is asked about.
pub(super) static FRAMES: LazyLock<Frames> = LazyLock::new(|| {
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

/// Words in alphabetical order, each of them once.
pub(super) fn sorted(mut words: Vec<String>) -> Vec<String> {
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
pub(crate) fn is_role_alone(label: &str) -> bool {
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
pub(super) fn tokens(label: &str) -> Vec<String> {
    let folded = folded(&spaced(&without_endings(label)));
    folded.split(' ').filter(|word| !word.is_empty() && !STOP_WORDS.contains(word)).map(str::to_owned).collect()
}

/// Words without those that say nothing, abbreviations written out.
pub(super) fn reduced(words: &[String]) -> Vec<String> {
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
pub(super) fn has_other_unit(label: &str) -> bool {
    let folded = folded(label);
    let mut words = folded.split(' ').peekable();
    label.contains("k€")
        || label.contains("K€")
        || label.contains("M€")
        || words.any(|word| matches!(word, "keur" | "ke" | "keuros" | "meur"))
}

/// A label without what it explains in brackets.
pub(super) fn without_brackets(label: &str) -> Option<String> {
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
pub(super) fn with_numbers_apart(label: &str) -> Option<String> {
    let mut apart = String::with_capacity(label.len() + 2);
    for c in label.chars() {
        if c.is_ascii_digit() && apart.ends_with(|c: char| c.is_alphabetic()) {
            apart.push(' ');
        }
        apart.push(c);
    }
    (apart.len() > label.len()).then_some(apart)
}

/// Of whom a label is, by what is left of it without the word for what it tells of him: « Mail contact SA » and « Nom contact SA »
/// are of the same person.
pub(crate) fn whose(label: &str) -> Vec<String> {
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

/// Whether a label tells of whoever carries the hub, and not of the hub itself: « Adresse de la structure porteuse ».
pub(crate) fn is_of_coordinator(label: &str) -> bool {
    let words = reduced(&tokens(label));
    let has =
        |owner: Owner| FRAMES.owners.iter().any(|(word, of)| *of == owner && words.iter().any(|known| known == word));
    has(Owner::Coordinator) && !has(Owner::Hub)
}

/// Whether a label says « nom » and nothing else, whatever programs put around it.
pub(crate) fn is_name_alone(label: &str) -> bool {
    let said: Vec<String> =
        reduced(&tokens(label)).into_iter().filter(|word| !FRAMES.prefixes.contains(word.as_str())).collect();
    said == ["nom"]
}
