//! Texts that are nothing but the name of a person.

use super::person::{is_name_part, is_place};
use crate::reference::communes;
use crate::text::fold::folded;
use crate::text::lexicon::{
    BODIES, EPONYMS, GIVEN_NAMES, NAME_WORDS, NAMESAKES, PARTICLES, PLACES, STREET_NAMES, STREETS, is_common,
};
use crate::text::names::is_region_word;

/// How a text that is nothing but the name of a person tells so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// By a first name that we know: « Zélie Quincampoix », « QUINCAMPOIX Zélie ».
    Given,
    /// By an initial: « Z. Quincampoix ».
    Initial,
}

/// How a text tells that it is nothing but the name of a person, where those of places and bodies stand as well: neither
/// « Sainte-Agathe » nor « Résidence Rose Marin », nor one after whom streets are named.
pub(super) fn whole_person(text: &str) -> Option<Whole> {
    /// Words of a name.
    const MOST: usize = 5;
    let text = text.trim();
    // Nearly no cell is looked at any further.
    let part = |c: char| c == ' ' || c == '-' || c == '.';
    let (begin, end) = (text.split(part).next()?, text.rsplit(part).next()?);
    let is_begun = GIVEN_NAMES.has(begin) || begin.chars().nth(1).is_none_or(char::is_uppercase) && !begin.is_empty();
    if !is_begun || !GIVEN_NAMES.has(begin) && begin.chars().count() > 1 && !GIVEN_NAMES.has(end) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().take(MOST + 1).collect();
    if !(2..=MOST).contains(&words.len()) || !words[0].starts_with(char::is_uppercase) {
        return None;
    }
    let is_letter = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.');
    if !words.iter().all(|word| is_name_part(word) && word.chars().all(is_letter)) {
        return None;
    }
    let plain: Vec<String> = words.iter().map(|word| folded(word)).collect();
    let is_given = |name: &String| name.split(' ').all(|part| GIVEN_NAMES.contains(part));
    let is_other = |name: &String| {
        name.split(' ').any(|part| BODIES.contains(part) || EPONYMS.contains(part))
            || is_common(name) && !NAME_WORDS.contains(name)
            || is_region_word(name) && !GIVEN_NAMES.contains(name)
    };
    let (first, last) = (&plain[0], &plain[plain.len() - 1]);
    let begins_other = EPONYMS.contains(first) || STREETS.contains(first) || PLACES.contains(first);
    let is_capital = |word: &str| word.chars().count() > 1 && !word.chars().any(char::is_lowercase);
    let is_initial = words[0].ends_with('.') && first.split(' ').all(|part| part.len() == 1);
    let rest = match (is_initial, is_given(first)) {
        (true, _) | (false, true) => &plain[1..],
        // « QUINCAMPOIX Zélie »
        (false, false) if is_given(last) && is_capital(words[0]) && !is_capital(words[words.len() - 1]) => {
            &plain[..plain.len() - 1]
        }
        _ => return None,
    };
    let telling: Vec<&String> = rest.iter().filter(|word| !PARTICLES.contains(word)).collect();
    let name = folded(text);
    let is_namesake = NAMESAKES.contains(&name) || !is_initial && STREET_NAMES.contains(last);
    let is_other = begins_other
        || telling.is_empty()
        || telling.iter().any(|word| is_other(word) || !is_initial && word.len() < 2)
        || is_initial && telling.iter().any(|word| is_common(word) || is_place(word) || word.len() < 3)
        || is_namesake
        || communes::by_name(text).next().is_some();
    (!is_other).then_some(if is_initial { Whole::Initial } else { Whole::Given })
}

/// How a part of a line tells that it is the name of a person: « Bât. B, Zélie Quincampoix ».
pub(super) fn whole_person_in(line: &str) -> Option<Whole> {
    line.split([',', '(', ')', '–', '—', '/', ';']).flat_map(|part| part.split(" - ")).find_map(whole_person)
}
