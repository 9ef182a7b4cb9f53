//! Labels with a slip or two of the keyboard.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::framed::role;
use super::labels::{Meaning, VOCABULARY, add};
use super::meaning::{Meant, meaning};
use super::words::{is_rank, words};
use crate::field::Field;
use crate::row::{Reason, Target};

/// What a label means, be it misspelt: « Structure coordonatrice », « Couriel ». One that is known exactly is never read as
/// another one.
pub fn meaning_despite_slips(label: &str) -> Meant {
    let (target, reason) = meaning(label);
    // « Gérant » names a role, and is no slip of « grant ».
    if !matches!(target, Target::Unknown) || role(label).is_some() {
        return Meant::new((target, reason));
    }
    let (ranks, rest): (Vec<String>, Vec<String>) = words(label).into_iter().partition(|word| is_rank(word));
    let rank = match ranks.as_slice() {
        [] => None,
        [rank] => rank.parse::<u16>().ok().filter(|rank| *rank > 0),
        _ => return Meant::new((Target::Unknown, None)),
    };
    let known = KNOWN.get(&initials(&rest)).into_iter().flatten();
    let near: Vec<(usize, &Meaning)> =
        known.filter_map(|(known, meaning)| Some((slips(&rest, known)?, *meaning))).collect();
    let Some(least) = near.iter().map(|(slips, _)| *slips).min() else { return Meant::new((Target::Unknown, None)) };
    let mut nearest = near.iter().filter(|(slips, _)| *slips == least).map(|(_, meaning)| *meaning).peekable();
    let usual = nearest.peek().map_or("", |meaning| meaning.usual.as_str());
    let mut fields: Vec<&'static Field> = Vec::new();
    nearest.flat_map(|meaning| &meaning.fields).for_each(|field| add(&mut fields, field));
    match fields.as_slice() {
        [field] if rank.is_some() && !field.pointer.contains('*') && !field.is_list() => {
            Meant::new((Target::Unknown, None))
        }
        [field] => {
            Meant { target: Target::Field(field, rank), reason: Some(Reason::Misspelt), usual: Some(usual.to_owned()) }
        }
        _ => Meant::new((Target::Ambiguous(fields), Some(Reason::Misspelt))),
    }
}

/// The words of a label that is known, and what it means.
type Known = (&'static [String], &'static Meaning);

/// The labels that are known, by the initials of their words: no slip is one of the first letter, and a header may have thousands
/// of labels that nobody knows.
static KNOWN: LazyLock<BTreeMap<Vec<char>, Vec<Known>>> = LazyLock::new(|| {
    let mut known: BTreeMap<Vec<char>, Vec<Known>> = BTreeMap::new();
    for (words, meaning) in &VOCABULARY.alone {
        known.entry(initials(words)).or_default().push((words, meaning));
    }
    known
});

/// The initials of words, in the order of the alphabet.
fn initials(words: &[String]) -> Vec<char> {
    let mut initials: Vec<char> = words.iter().filter_map(|word| word.chars().next()).collect();
    initials.sort_unstable();
    initials
}

/// Words near to those of labels that are headers of their own right.
const OTHER_WORDS: &[&str] = &[
    "annexe",
    "annexes",
    "correspondance",
    "correspondances",
    "finalistes",
    "menton",
    "personnel",
    "personnels",
    "preservation",
    "prestation",
    "prestations",
    "prevision",
    "previsions",
    "reference",
    "references",
    "salaire",
    "salaires",
    "telephonie",
];

/// Whether two words have the same letters.
fn is_anagram(word: &str, other: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(word) == sorted(other)
}

/// How many slips make the words of one label those of another; none when they are other words. Short words have no
/// slips: « nom » is not « non ».
fn slips(words: &[String], known: &[String]) -> Option<usize> {
    if words.len() != known.len() {
        return None;
    }
    let mut others: Vec<&String> = known.iter().collect();
    let mut strange: Vec<&String> = Vec::new();
    for word in words {
        match others.iter().position(|other| *other == word) {
            Some(place) => {
                others.remove(place);
            }
            None => strange.push(word),
        }
    }
    let is_plural = |word: &str, other: &str| other.len() >= 4 && word.strip_suffix(['s', 'x']) == Some(other);
    let between = |word: &str, known: &str| {
        if is_plural(word, known) || is_plural(known, word) {
            return Some(1);
        }
        let length = known.chars().count();
        let allowed = match length {
            0..5 => return None,
            5..12 => 1,
            _ => 2,
        };
        // A cell may hold a word of a million letters, which is not compared.
        let own = word.chars().count();
        let is_other = OTHER_WORDS.contains(&word) || word.chars().next() != known.chars().next();
        if is_other || own.abs_diff(length) > allowed {
            return None;
        }
        let slips = strsim::osa_distance(word, known);
        // A letter in the place of another one makes another word more often than a slip: « courrier », « auteur ».
        let is_replaced = length < 9 && own == length && !is_anagram(word, known);
        (slips <= allowed && !is_replaced).then_some(slips)
    };
    match (strange.as_slice(), others.as_slice()) {
        ([word], [known]) => between(word, known),
        ([first, second], [other, another]) => {
            let straight = between(first, other).zip(between(second, another));
            let crossed = between(first, another).zip(between(second, other));
            straight.into_iter().chain(crossed).map(|(one, two)| one + two).min()
        }
        _ => None,
    }
}
