//! Where a text says where somebody lives: « demeurant 3 rue Haute », « au domicile de Mme Quincampoix, 3 rue Haute ».

use super::named::Doubt;
use crate::text::fold::folded;
use crate::text::lexicon::{BODIES, DWELLINGS, GIVEN_NAMES, LIVES, LONGEST, ROLES, STREETS, THINGS, TITLES, plain};
use crate::text::names::LINE_END;
use crate::text::words::Word;

/// Words between the two.
const NEAR: usize = 8;

/// How a text says that somebody lives at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cue {
    /// « au domicile de la présidente », « adresse personnelle »: no number is needed.
    Home,
    /// « domicile », « chez la trésorière », « c/o »: a street with its number stands behind.
    Said,
    /// « demeurant », « habite »: a body has its seat so as well.
    Lives,
    /// « chez Zélie »: it may be the name of a café.
    Doubtful,
}

/// Adds to `spans` the places at which a text, `all` being its words, says that somebody lives; what may be the seat of a body
/// is a doubt.
pub(super) fn find(text: &str, all: &[Word<'_>], spans: &mut Vec<(usize, usize)>, doubts: &mut Vec<Doubt>) {
    let mut rank = 0;
    while rank < all.len() {
        let at = rank;
        rank += 1;
        let Some(cue) = cue(text, all, at) else { continue };
        let is_bare = cue == Cue::Home || cue == Cue::Lives && folded(all[at].text) == "demeurant";
        let Some((first, last)) = place(text, &all[at..], is_bare) else { continue };
        let span = (all[at + first].start, all[at + last].end());
        match cue == Cue::Doubtful || cue == Cue::Lives && is_of_thing(text, all, (at, at + last)) {
            true => doubts.push((span, "adresse d’un domicile ?")),
            false => spans.push(span),
        }
        // « c/o Quincampoix, 3 rue Haute »
        if cue == Cue::Said && all[at].text.len() == 1 && first > 2 {
            spans.push((all[at + 2].start, all[at + first - 1].end()));
        }
        rank = at + last + 1;
    }
}

/// What a word says of the place behind it: hardly any one is looked at any further.
fn cue(text: &str, all: &[Word<'_>], at: usize) -> Option<Cue> {
    let word = all[at].text;
    if word.len() > 12 || !matches!(word.as_bytes()[0] | 0x20, b'c' | b'd' | b'h' | b'l' | b'p' | b'r' | b's' | b'v') {
        return None;
    }
    let mut buffer = [0; LONGEST];
    let own = plain(word, &mut buffer)?;
    let before = || at.checked_sub(1).map(|rank| folded(all[rank].text)).unwrap_or_default();
    let behind = |count: usize| all.get(at + 1..).unwrap_or_default().iter().take(count);
    let is_somebodys = |count: usize| {
        behind(count)
            .any(|word| ROLES.has(word.text) || TITLES.has(word.text) && word.text.len() > 1 || word.text == "habitant")
    };
    let is_body = || behind(4).any(|word| BODIES.has(word.text) || THINGS.has(word.text));
    match own {
        // « aide à domicile »
        "domicile" if matches!(before().as_str(), "a" | "hors") => None,
        "domicile" if is_somebodys(3) => Some(Cue::Home),
        "domicile" => Some(Cue::Said),
        "personnelle" | "privee" | "perso" => (before() == "adresse").then_some(Cue::Home),
        "chez" if is_somebodys(2) => Some(Cue::Said),
        "chez" => {
            let is_given = |word: &Word<'_>| word.text.starts_with(char::is_uppercase) && GIVEN_NAMES.has(word.text);
            (behind(1).any(is_given) && !is_body()).then_some(Cue::Doubtful)
        }
        "c" | "s" => {
            let rest = &text[all[at].end()..];
            let is_care =
                rest.starts_with("/o") || rest.starts_with("/O") || rest.starts_with("/c") || rest.starts_with("/C");
            let is_named = behind(2).nth(1).is_some_and(|word| word.text.starts_with(char::is_uppercase));
            (is_care && is_named && !is_body()).then_some(Cue::Said)
        }
        _ => LIVES.contains(own).then_some(Cue::Lives),
    }
}

/// Whether the sentence in which the words from `first` to `last` stand speaks of a body: « L’association, demeurant… ».
fn is_of_thing(text: &str, all: &[Word<'_>], (first, last): (usize, usize)) -> bool {
    let is_end = |at: usize| text[all[at].end()..all[at + 1].start].contains(['.', '!', '?', ';', LINE_END]);
    let is_thing = |at: usize| BODIES.has(all[at].text) || THINGS.has(all[at].text);
    (first.saturating_sub(NEAR)..first).rev().take_while(|at| !is_end(*at)).any(is_thing)
        || (last + 1..all.len().min(last + 1 + NEAR)).take_while(|at| !is_end(*at - 1)).any(is_thing)
}

/// The first and last words of the place that stands near behind the first of some words: a street with its number; where
/// `is_bare`, one without, or a hamlet or a building.
fn place(text: &str, words: &[Word<'_>], is_bare: bool) -> Option<(usize, usize)> {
    /// Words between a number and the kind of the street: « 12 bis Grande Rue ».
    const KIND: usize = 4;
    let is_number = |word: &str| {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        (1..=4).contains(&digits) && word.len() - digits < 4
    };
    let is_kind = |at: &usize| STREETS.has(words[*at].text) || DWELLINGS.has(words[*at].text);
    let is_same = |at: usize| !text[words[0].end()..words[at].start].contains(['!', '?', ';']);
    let numbered = (1..words.len().min(NEAR)).find(|at| is_number(words[*at].text)).and_then(|first| {
        let mut kinds = (first + 1..words.len().min(first + KIND)).filter(is_kind);
        kinds.next().map(|kind| (first, kind, kind > first + 1))
    });
    let named = || {
        let mut kinds = (1..words.len().min(NEAR)).filter(|at| words[*at].text.len() > 2 && is_kind(at));
        kinds.next().filter(|_| is_bare).map(|kind| (kind, kind, false))
    };
    let (first, kind, is_led) = numbered.or_else(named).filter(|(first, ..)| is_same(*first))?;
    let last = kind + extent(text, &words[kind..]);
    (last > kind || is_led).then_some((first, last))
}

/// How many words behind the kind of a street are of its name, and of what is said of the house.
fn extent(text: &str, words: &[Word<'_>]) -> usize {
    /// Words of the name of a street, and of a building in it.
    const MOST: usize = 12;
    let mut last = 0;
    for at in 1..words.len().min(MOST) {
        let gap = &text[words[at - 1].end()..words[at].start];
        let is_short = words[at - 1].text.chars().count() < 4 || DWELLINGS.has(words[at - 1].text);
        // « résidence Les Pins, bât. B, 3 rue Haute »
        let next_is_street = || words.get(at + 1).is_some_and(|next| STREETS.has(next.text));
        let goes_on = || {
            DWELLINGS.has(words[at].text)
                || words[at].text.len() < 4 && words[at].text.as_bytes()[0].is_ascii_digit() && next_is_street()
        };
        let is_end = gap.contains([';', '(', ')', ':', LINE_END])
            || gap.contains(',') && !goes_on()
            || gap.starts_with('.') && !is_short;
        let own = folded(words[at].text);
        if is_end
            || own.len() == 5 && own.bytes().all(|byte| byte.is_ascii_digit())
            || matches!(own.as_str(), "a" | "dans" | "depuis" | "est" | "et" | "ou" | "pour" | "qui" | "sert" | "sont")
        {
            break;
        }
        last = at;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::all_words;

    #[test]
    fn a_home_is_told_as_one() {
        for (text, expected) in [
            ("Domicile : 3 rue Haute, 46100 Figeac.", Some("3 rue Haute")),
            ("au domicile de la trésorière, 3 bis rue des Lilas à Gap", Some("3 bis rue des Lilas")),
            ("Il demeurant 12 av. Victor Hugo 05000 Gap", Some("12 av. Victor Hugo")),
            ("adresse personnelle : 3 impasse du Four", Some("3 impasse du Four")),
            ("Aide à domicile, 3 rue Haute", None),
            ("Le siège est 3 rue Haute", None),
            ("domiciliée 3 rue Haute", Some("3 rue Haute")),
            ("L’association, demeurant 3 rue Haute, loue.", None),
            ("Demeurant au 3 rue Haute, le siège est central.", None),
            ("Au domicile de la présidente, 5 lotissement Les Acacias, Die.", Some("5 lotissement Les Acacias")),
            ("demeurant 12 Grande Rue", Some("12 Grande Rue")),
            ("demeurant 2 lot. Les Acacias", Some("2 lot. Les Acacias")),
            ("demeurant villa Mon Repos, Die", Some("villa Mon Repos")),
            ("demeurant résidence Les Pins, bât. B, appt 12, Die", Some("résidence Les Pins, bât. B, appt 12")),
            ("Résidant 7 rue Villon à Figeac.", Some("7 rue Villon")),
            ("Adresse perso : 41 avenue des Cévennes", Some("41 avenue des Cévennes")),
            ("Chez la trésorière, 12 rue Neuve", Some("12 rue Neuve")),
            ("c/o Quincampoix, 12 rue Neuve", Some("12 rue Neuve")),
            ("c/o Association Bois, 12 rue Neuve", None),
            ("Chez Emmaüs, 12 rue Neuve", None),
            ("Soins au domicile des personnes, dans le quartier Nord", None),
        ] {
            let mut spans = Vec::new();
            find(text, &all_words(text), &mut spans, &mut Vec::new());
            assert_eq!(spans.first().map(|(start, end)| &text[*start..*end]), expected, "{text}");
        }
    }
}
