//! Names of people: which words make one, and where one stands before what reaches its bearer.

use super::fold::folded;
use super::lexicon::{ANNOUNCERS, BEGIN_NO_PERSON, FIRST_NAMES, PARTICLES, TITLES};
use super::words::last_word;

/// The text without what may stand around a part and is not of it.
pub(crate) fn edged(text: &str) -> &str {
    let is_edge = |c: char| c.is_whitespace() || ",;:–—-/|•.()<>[]\"".contains(c);
    let start = text.len() - text.trim_start_matches(is_edge).len();
    let own = text[start..].trim_end_matches(is_edge);
    // The point of an initial is of the name: « Exemple S. ».
    let mut last = own.chars().rev();
    let is_initial = last.next().is_some_and(char::is_uppercase) && last.next().is_some_and(char::is_whitespace);
    let point = usize::from(is_initial && text[start + own.len()..].starts_with('.'));
    &text[start..start + own.len() + point]
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

/// Where the name of a person stands at the end of a text, before a mailbox or a number that follows: « …, Camille Exemple ( ».
pub(crate) fn name_before(text: &str) -> Option<(usize, usize)> {
    /// A name has no more words, with its title.
    const LONGEST: usize = 5;
    let own = edged(announced(text));
    let end = own.as_ptr() as usize - text.as_ptr() as usize + own.len();
    let mut starts = Vec::with_capacity(LONGEST);
    let mut before = &text[..end];
    while starts.len() < LONGEST
        && let Some(word) = last_word(before)
    {
        starts.push(word.start);
        before = &before[..word.start];
    }
    starts.into_iter().rev().map(|start| (start, end)).find(|(start, end)| is_known_name(&text[*start..*end]))
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
        || !is_titled && BEGIN_NO_PERSON.contains(&folded(first))
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
    if starts.windows(2).any(|pair| pair[1] - pair[0] > most(pair[0])) {
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
    fn names_before_details() {
        for (text, expected) in [
            ("Porté par Camille Exemple (", Some("Camille Exemple")),
            ("Contact : Mme Durand, tél. : ", Some("Mme Durand")),
            ("Jean-Marc d’Exemple – ", Some("Jean-Marc d’Exemple")),
            ("La Mairie de Gap, ", None),
            ("le pôle, ", None),
            ("", None),
        ] {
            assert_eq!(name_before(text).map(|(start, end)| &text[start..end]), expected, "{text}");
        }
    }
}
