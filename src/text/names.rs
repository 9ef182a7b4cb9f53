//! Names of people: which words make one, and where one stands before what reaches its bearer.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::fold::folded;
use super::lexicon::{
    ANNOUNCERS, BEGIN_NO_PERSON, BUILDINGS, COMMON_WORDS, EPONYMS, FIRST_NAMES, GIVEN_NAMES, PARTICLES, STREETS, TITLES,
};
use super::words::last_word;
use crate::reference::{RegionSet, departments};

/// What ends a line in a text as the redaction sees it: a blank, at which a name may go on and that of a street ends.
pub(crate) const LINE_END: char = '\u{2028}';

/// The text without what may stand around a part and is not of it.
pub(crate) fn edged(text: &str) -> &str {
    let start = text.len() - unled(text).len();
    let own = text[start..].trim_end_matches(is_edge);
    // The point of an initial is of the name: « Exemple S. ».
    let mut last = own.chars().rev();
    let is_initial = last.next().is_some_and(char::is_uppercase) && last.next().is_some_and(char::is_whitespace);
    let behind = &text[start + own.len()..];
    // A bracket that was opened within is of the text: « Château-Chinon (Ville) ».
    let is_open = own.rfind('(').is_some_and(|at| !own[at..].contains(')'));
    let kept = usize::from(is_initial && behind.starts_with('.') || is_open && behind.starts_with(')'));
    &text[start..start + own.len() + kept]
}

fn is_edge(c: char) -> bool {
    c.is_whitespace() || ",;:–—-/|•.()<>[]\"".contains(c)
}

/// The text without what may stand before a part and is not of it.
pub(crate) fn unled(text: &str) -> &str {
    text.trim_start_matches(is_edge)
}

/// `text` without the words at its end that announce what follows: « Tél. : ».
pub(crate) fn announced(text: &str) -> &str {
    let mut text = text;
    loop {
        text = text.trim_end_matches(|c: char| c.is_whitespace() || ".:,;()/–-".contains(c));
        let Some(last) = last_word(text).filter(|word| word.end() == text.len() && ANNOUNCERS.has(word.text)) else {
            return text;
        };
        text = &text[..last.start];
        // « e-mail ».
        text = text.strip_suffix("e-").or(text.strip_suffix("E-")).unwrap_or(text);
    }
}

/// Whether a word is written as a title before a name.
pub(crate) fn is_title(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && TITLES.has(word.trim_end_matches('.'))
}

/// Whether a name has a title, an initial, or a first name that we know.
pub(crate) fn is_known_person(name: &str) -> bool {
    let is_initial =
        |word: &str| word.trim_end_matches('.').chars().count() == 1 && word.starts_with(char::is_uppercase);
    name.split([' ', '-']).any(|word| FIRST_NAMES.has(word) || is_title(word) || is_initial(word))
}

/// Whether a text is the name of one person, as far as words can tell.
pub(crate) fn is_name(text: &str) -> bool {
    names(edged(text)).is_some_and(|names| names.len() == 1)
}

/// Whether a text is the name of one person, with a title or a first name that we know.
pub(crate) fn is_known_name(text: &str) -> bool {
    is_name(text) && is_known_person(text)
}

/// Small words that stand before a name, or behind it, and are no part of it, though a sentence may begin with one.
pub(crate) fn is_function_word(folded: &str) -> bool {
    const WORDS: &[&str] = &[
        "a",
        "afin",
        "ainsi",
        "alors",
        "apres",
        "au",
        "aupres",
        "aussi",
        "autour",
        "aux",
        "avec",
        "car",
        "ce",
        "ces",
        "cette",
        "chez",
        "comme",
        "comment",
        "contact",
        "contacter",
        "contre",
        "d",
        "dans",
        "de",
        "depuis",
        "des",
        "donc",
        "du",
        "en",
        "ensemble",
        "ensuite",
        "entre",
        "est",
        "et",
        "grace",
        "hier",
        "il",
        "elle",
        "ici",
        "j",
        "je",
        "joindre",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "lors",
        "lorsque",
        "mais",
        "malgre",
        "merci",
        "n",
        "ne",
        "ni",
        "nous",
        "on",
        "or",
        "ou",
        "par",
        "pendant",
        "plus",
        "pour",
        "pourquoi",
        "puis",
        "qu",
        "quand",
        "que",
        "qui",
        "s",
        "sa",
        "sans",
        "selon",
        "ses",
        "si",
        "son",
        "sous",
        "suite",
        "sur",
        "tous",
        "tout",
        "toute",
        "toutes",
        "un",
        "une",
        "vers",
        "via",
        "voir",
        "vous",
        "y",
    ];
    WORDS.contains(&folded)
}

/// Whether a word, folded, is one of the name of a department or a region, or a country beside ours.
pub(crate) fn is_region_word(folded_word: &str) -> bool {
    static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let departments = departments::DEPARTMENTS.iter().map(|one| one.name);
        let regions = [RegionSet::Present, RegionSet::Until2015].into_iter().flat_map(|set| set.regions());
        let names = departments.chain(regions.map(|one| one.name)).map(folded).collect::<Vec<_>>();
        // Of « Seine-Saint-Denis » and « Saint-Martin » people bear the second word, of « Grand Est » the first one.
        let own = |name: &str| {
            let words: Vec<&str> = name.split(' ').collect();
            let is_own =
                |at: usize| words[at].len() > 2 && words[at] != "grand" && (at == 0 || words[at - 1] != "saint");
            (0..words.len()).filter(|at| is_own(*at)).map(|at| words[at].to_owned()).collect::<Vec<_>>()
        };
        let words = names.iter().flat_map(|name| own(name));
        words
            .chain(["france", "belgique", "suisse", "italie", "espagne", "europe", "alpes"].map(str::to_owned))
            .collect()
    });
    WORDS.contains(folded_word)
}

/// Whether the name at `start` is that of a street, a school, a foundation, a prize: « 12 rue du Docteur Calmette », « lycée
/// Jean Moulin ».
pub(crate) fn names_something_else(text: &str, start: usize) -> bool {
    /// Words that may stand between the two: « place du Général de ».
    const BETWEEN: &[&str] = &[
        "abbe",
        "amiral",
        "capitaine",
        "cardinal",
        "colonel",
        "commandant",
        "d",
        "de",
        "des",
        "docteur",
        "dr",
        "du",
        "frere",
        "general",
        "l",
        "la",
        "le",
        "les",
        "lieutenant",
        "marechal",
        "mere",
        "pere",
        "president",
        "professeur",
        "pr",
        "saint",
        "sainte",
        "sergent",
        "soeur",
    ];
    let mut end = start;
    let mut is_titled = false;
    for _ in 0..5 {
        let before = &text[..end];
        let gap = before.trim_end_matches(|c: char| is_space(c) || matches!(c, '-' | '\'' | '’' | '.'));
        if before[gap.len()..].contains('.') && !is_titled && before[gap.len()..].trim_end().len() > 1 {
            return false;
        }
        let Some(word) = last_word(gap).filter(|word| word.end() == gap.len()) else { return false };
        let plain = folded(word.text);
        let is_saint = matches!(plain.as_str(), "saint" | "sainte" | "st" | "ste");
        if is_saint || EPONYMS.contains(&plain) {
            // « le centre de Zélie » is hers; a street is of whom it is named after.
            let is_bare = end == start || is_titled || STREETS.contains(&plain);
            return is_bare && (!is_saint || word.text.starts_with(char::is_uppercase));
        }
        if !BETWEEN.contains(&plain.as_str()) {
            return false;
        }
        is_titled |= plain.len() > 2 && !matches!(plain.as_str(), "des" | "les");
        end = word.start;
    }
    false
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

/// Whether words are a surname in capitals that begins with an article, and a first name: « LE GOFF Yann ».
fn is_surname_first(parts: &[&str]) -> bool {
    let is_capital = |part: &&&str| part.chars().all(|c| !c.is_lowercase());
    let capitals = parts.iter().take_while(is_capital).count();
    capitals > 1 && capitals + 1 == parts.len() && {
        let last = parts[capitals];
        // « LE GOFF Gwen »: of the many first names, those that are no words besides.
        FIRST_NAMES.has(last) || GIVEN_NAMES.has(last) && !COMMON_WORDS.has(last)
    }
}

/// The names in a run of words, if it can be nothing else: two to four words with capitals, each name two at least, or one
/// behind a title.
pub(crate) fn names(text: &str) -> Option<Vec<&str>> {
    /// A run has no more words: two names, or one with particles.
    const LONGEST: usize = 7;
    let parts: Vec<&str> = text.split_whitespace().take(LONGEST + 1).collect();
    let is_name = |part: &&str| {
        let elided = ["d'", "d’"].iter().find_map(|particle| part.strip_prefix(particle)).unwrap_or(part);
        PARTICLES.contains(part)
            || elided.starts_with(char::is_uppercase) && elided.chars().all(|c| c.is_alphabetic() || "'’-.".contains(c))
    };
    let is_titled = parts.first().is_some_and(|part| is_title(part));
    let first = parts.get(usize::from(is_titled))?;
    if !(2..=LONGEST).contains(&parts.len())
        || !parts.iter().all(is_name)
        || !first.starts_with(char::is_uppercase)
        || !is_titled && BEGIN_NO_PERSON.contains(&folded(first)) && !is_surname_first(&parts)
        // « Bâtiment C ».
        || !is_titled && BUILDINGS.has(first) && parts[1].chars().count() == 1
    {
        return None;
    }
    let is_given = |part: &str| part.split('-').all(|name| FIRST_NAMES.has(name));
    let mut starts = vec![0];
    // A name has two words at least: the first two, and the last, begin no other, but for a title.
    for (at, part) in parts.iter().enumerate().take(parts.len().saturating_sub(1)).skip(2) {
        let begins = is_title(part) || is_given(part) && !is_title(parts[at - 1]);
        if begins && at - starts.last().copied().unwrap_or(0) >= 2 {
            starts.push(at);
        }
    }
    starts.push(parts.len());
    let most = |start: usize| 4 + usize::from(is_title(parts[start]));
    // « Jean de La Tour d’Auvergne » has particles besides.
    let count = |pair: &[usize]| parts[pair[0]..pair[1]].iter().filter(|part| !PARTICLES.contains(part)).count();
    if starts.windows(2).any(|pair| count(pair) > most(pair[0])) {
        return None;
    }
    let offset = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    let whole = |pair: &[usize]| {
        let last = parts[pair[1] - 1];
        &text[offset(parts[pair[0]])..offset(last) + last.len()]
    };
    Some(starts.windows(2).map(whole).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_after_people_is_no_person() {
        for (text, is_other) in [
            ("12 rue du Docteur #", true),
            ("lycée #", true),
            ("Fondation Abbé #", true),
            ("Saint-#", true),
            ("avenue du Maréchal de #", true),
            ("avec #", false),
            ("sur place, #", false),
            ("au centre de #", false),
            ("#", false),
        ] {
            assert_eq!(names_something_else(text, text.find('#').unwrap()), is_other, "{text}");
        }
    }
}
