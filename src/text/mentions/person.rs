//! The people of a text: behind a title, beside a role, before what reaches them.

use std::collections::BTreeSet;

use super::beside::{Cue, cue_before, leads_to, role_behind};
use super::titled::titled;
use super::words::{is_capital, is_civility, is_commune, is_no_word, is_word_only};
use super::{Certainty, Kind, Mention, is_blank};
use crate::text::fold::folded;
use crate::text::lexicon::{
    BEGIN_NO_PERSON, BESIDE, BODIES, EPONYMS, FIRST_NAMES, GIVEN_NAMES, NAMESAKES, OFFICES, PARTICLES, ROLES,
};
use crate::text::names::{is_function_word, is_region_word, names_something_else};
use crate::text::words::{Word, words};

/// The people of a text, `all` being its words: behind a title, beside a role, before what reaches them, `reached`. A first
/// name that we know and another word with its capital letter, with nothing that says so, may be a person.
pub(crate) fn people(text: &str, all: &[Word<'_>], reached: &[(usize, usize)]) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    if !may_name_people(text, all) {
        return found;
    }
    let mut add = |(start, end), certainty| found.push(Mention { start, end, kind: Kind::Person, certainty });
    let mut taken = 0;
    // Where the last name behind a role or a label ends, and which: « Co-présidents : A, B et C ».
    let mut row: Option<(usize, Cue)> = None;
    for (rank, word) in all.iter().enumerate() {
        if word.start < taken {
            continue;
        }
        if let Some((name, end, certainty)) = titled(text, word) {
            if !names_something_else(text, word.start) && !names_something_else(text, name) {
                // « M. et Mme Quincampoix »
                let couple = rank.checked_sub(2).filter(|rank| is_civility(&folded(all[*rank].text)));
                let start = couple.filter(|rank| all[rank + 1].text == "et").map_or(word.start, |rank| all[rank].start);
                add((start, end), certainty);
                if let Some(other) = other_name(text, all, rank, end) {
                    add(other, certainty);
                }
            }
            taken = end;
            continue;
        }
        let Some((last, has_given)) = name_at(text, all, rank) else { continue };
        let own = &all[rank..=last];
        let span = (word.start, all[last].end());
        let has_initial = has_initial(text, own);
        let before = match row.filter(|(end, _)| is_row(&text[*end..span.0])) {
            Some((_, cue)) => cue,
            None => cue_before(text, all, rank),
        };
        let is_reached = reached.iter().any(|(start, _)| *start >= span.1 && leads_to(&text[span.1..*start]))
            && (has_given || !is_commune(own[own.len() - 1].text));
        let is_usual =
            || has_given && own.iter().any(|word| FIRST_NAMES.has(word.text)) && !is_namesake(&text[span.0..span.1]);
        // « Représentant légal : Awa Diayépour », and not « Responsable : Emmaüs Figeac ».
        let is_nothing_else = || {
            let is_surname = |word: &Word<'_>| {
                is_capital(word.text) && !is_capital(own[0].text) | (own.len() == 2 && !is_capital(own[1].text))
            };
            let is_name = |word: &Word<'_>| is_no_word(word.text) || is_surname(word) && !BODIES.has(word.text);
            own.iter().all(|word| PARTICLES.has(word.text) || is_name(word) && !is_commune(word.text))
        };
        let behind = role_behind(text, all, last);
        let is_sure = is_reached
            || (has_given || has_initial) && behind.is_some()
            // « Sivakoumar Quincampoix, directeur »
            || behind.as_deref().is_some_and(|role| OFFICES.contains(role)) && is_nothing_else()
            || match before {
                Cue::None | Cue::Mention => false,
                Cue::Label => has_initial || is_usual(),
                Cue::By => has_given || has_initial,
                Cue::Role => has_given || has_initial || is_nothing_else(),
            };
        let is_doubtful = has_given
            || has_initial
            || behind.is_some() && is_nothing_else()
            || matches!(before, Cue::By | Cue::Label | Cue::Role)
                && (own.iter().all(|word| is_no_word(word.text)) || is_nothing_else());
        if names_something_else(text, span.0) || !is_sure && !is_doubtful {
            continue;
        }
        let is_body = (last + 1 - rank == 2) && is_word_only(all[last].text) && !is_reached;
        let certainty = if is_sure && !is_body { Certainty::Sure } else { Certainty::Doubtful };
        add(span, certainty);
        if let Some(other) = other_name(text, all, rank, span.1).filter(|_| certainty == Certainty::Sure) {
            add(other, certainty);
        }
        row = Some((span.1, before)).filter(|_| matches!(before, Cue::Label | Cue::Role));
        taken = span.1;
    }
    add_known(text, all, &mut found);
    found
}

/// Whether what stands between two names makes them a row.
fn is_row(between: &str) -> bool {
    matches!(between.trim(), "," | ";" | "/" | "&" | "et" | ", et" | "–" | "-")
}

/// Where the other name of somebody stands whose name ends at `end`: « née Delépine », « (épouse Trubert) », « dite Lili ».
fn other_name(text: &str, all: &[Word<'_>], rank: usize, end: usize) -> Option<(usize, usize)> {
    let cue = rank + all[rank..].iter().take_while(|word| word.start < end).count();
    let (word, first) = (all.get(cue)?, all.get(cue + 1)?);
    let is_cue = matches!(text[end..word.start].trim(), "" | "," | "(" | ", (") && BESIDE.has(word.text);
    if !is_cue || !first.text.starts_with(char::is_uppercase) || first.start - word.end() > 4 {
        return None;
    }
    let goes_on = |at: &usize| {
        let gap = &text[all[*at - 1].end()..all[*at].start];
        gap.chars().all(|c| is_blank(c) || matches!(c, '-' | '\'' | '’'))
            && gap.chars().count() < 2
            && (all[*at].text.starts_with(char::is_uppercase) || PARTICLES.has(all[*at].text))
    };
    let last = (cue + 2..all.len().min(cue + 5)).take_while(goes_on).last().unwrap_or(cue + 1);
    Some((first.start, all[last].end()))
}

/// Adds where a text names those again by their surname alone whom it names for certain: « Mme Truptil préside. Truptil vend. »
fn add_known(text: &str, all: &[Word<'_>], found: &mut Vec<Mention>) {
    let surname = |mention: &Mention| {
        let name = words(&text[mention.start..mention.end]).last()?;
        let plain = folded(name.text);
        let is_surname =
            plain.len() > 3 && is_no_word(name.text) && !GIVEN_NAMES.contains(&plain) && !is_commune(name.text);
        is_surname.then_some(plain)
    };
    let known: BTreeSet<String> =
        found.iter().filter(|mention| mention.certainty == Certainty::Sure).filter_map(surname).collect();
    if known.is_empty() {
        return;
    }
    found.sort_unstable_by_key(|mention| mention.start);
    let is_apart = |rank: usize| {
        let (before, after) = (rank.checked_sub(1).map(|rank| &all[rank]), all.get(rank + 1));
        let joins = |gap: &str| gap.chars().all(|c| is_blank(c) || c == '-');
        !before.is_some_and(|word| is_capital_word(word) && joins(&text[word.end()..all[rank].start]))
            && !after.is_some_and(|word| is_capital_word(word) && joins(&text[all[rank].end()..word.start]))
    };
    let mut again = Vec::new();
    for (rank, word) in all.iter().enumerate() {
        if !is_capital_word(word) || !known.contains(&folded(word.text)) {
            continue;
        }
        let begun = found.partition_point(|mention| mention.start <= word.start);
        let is_new = begun.checked_sub(1).is_none_or(|rank| found[rank].end <= word.start);
        if is_new && !names_something_else(text, word.start) {
            let certainty = if is_apart(rank) { Certainty::Sure } else { Certainty::Doubtful };
            again.push(Mention { start: word.start, end: word.end(), kind: Kind::Person, certainty });
        }
    }
    found.extend(again);
}

fn is_capital_word(word: &Word<'_>) -> bool {
    word.text.starts_with(char::is_uppercase)
}

/// Whether a text has a title, or two words in a row with their capital letters: most have neither.
fn may_name_people(text: &str, all: &[Word<'_>]) -> bool {
    let mut last: Option<usize> = None;
    all.iter().any(|word| {
        let is_capital = word.text.starts_with(char::is_uppercase);
        let follows = last.is_some_and(|end| word.start - end < 12);
        // Particles may stand between: « Anne de La Tour ».
        if is_capital {
            last = Some(word.end());
        }
        is_capital && follows || titled(text, word).is_some()
    })
}

/// Whether a name has a well-known person’s, after whom bodies are named.
fn is_namesake(name: &str) -> bool {
    NAMESAKES.contains(&folded(name))
}

/// Whether some words are an initial and a surname: « Z. Quincampoix ».
fn has_initial(text: &str, words: &[Word<'_>]) -> bool {
    let is_initial = |word: &Word<'_>| word.text.chars().count() == 1 && text[word.end()..].starts_with('.');
    let rest = words.iter().skip_while(|word| is_initial(word));
    is_initial(&words[0])
        && rest.clone().count() > 0
        && rest.filter(|word| !PARTICLES.has(word.text)).all(|word| word.text.len() > 2 && !is_word_only(word.text))
}

/// The last word of a name of two words at least that begins with a word, and whether it has a first name that we know.
fn name_at(text: &str, all: &[Word<'_>], rank: usize) -> Option<(usize, bool)> {
    /// A name has no more words.
    const MOST: usize = 8;
    let first = &all[rank];
    if !first.text.starts_with(char::is_uppercase)
        || text[..first.start].ends_with(['-', '.', '@', '/', '_', '\'', '’']) && !is_after_elision(text, first)
    {
        return None;
    }
    let follows = all.get(rank + 1).is_some_and(|next| {
        next.start - first.end() < 4 && (next.text.starts_with(char::is_uppercase) || PARTICLES.has(next.text))
    });
    if !follows {
        return None;
    }
    let mut last = rank;
    let mut capitals = 0;
    let mut has_given = false;
    for (at, word) in all.iter().enumerate().skip(rank).take(MOST) {
        let gap = if at == rank { "" } else { &text[all[at - 1].end()..word.start] };
        let is_joined = gap.chars().all(|c| is_blank(c) || matches!(c, '-' | '\'' | '’'))
            || matches!(gap, ". " | ".-" | ".\u{a0}" | ".") && all[at - 1].text.chars().count() == 1;
        if !is_joined || gap.chars().filter(|c| is_blank(*c)).count() > 1 {
            break;
        }
        if word.text.starts_with(char::is_uppercase) && word.text.chars().all(char::is_alphabetic) {
            let plain = folded(word.text);
            if at > rank && (ROLES.contains(&plain) || BODIES.contains(&plain)) {
                break;
            }
            has_given |=
                capitals == 0 && GIVEN_NAMES.contains(&plain) || is_capital(first.text) && GIVEN_NAMES.contains(&plain);
            last = at;
            capitals += 1;
        } else if !PARTICLES.has(word.text) || at == rank {
            break;
        }
    }
    let plain = folded(first.text);
    // « S. Quincampoix » begins with no « s’ ».
    let is_initial = first.text.chars().count() == 1 && text[first.end()..].starts_with('.');
    let begins_nobody = is_function_word(&plain) && !is_initial
        || BEGIN_NO_PERSON.contains(&plain)
        || BODIES.contains(&plain)
        || ROLES.contains(&plain)
        || EPONYMS.contains(&plain)
        || is_region_word(&plain);
    // A first name of several words, « Jean-Claude », is no name yet.
    let is_whole = all[rank..=last].iter().any(|word| !GIVEN_NAMES.has(word.text))
        || capitals > 2
        || capitals == 2 && !text[first.end()..].starts_with('-');
    (capitals > 1 && !begins_nobody && is_whole).then_some((last, has_given))
}

fn is_after_elision(text: &str, word: &Word<'_>) -> bool {
    let before = text[..word.start].strip_suffix(['\'', '’']).unwrap_or_default().as_bytes();
    let ends_in = |elided: &[u8]| {
        before.len().checked_sub(elided.len()).is_some_and(|at| before[at..].eq_ignore_ascii_case(elided))
    };
    ends_in(b"d") || ends_in(b"l") || ends_in(b"qu")
}
