//! How a text names the people whom its record names: by a part of their names, as one speaks of somebody.

use std::collections::BTreeSet;

use super::people::Own;
use super::person::{Person, is_place};
use crate::text::fold::folded;
use crate::text::lexicon::{GIVEN_NAMES, NAME_WORDS, PARTICLES, ROLES, TITLES, is_common, plain};
use crate::text::names::{is_function_word, is_region_word, names_something_else};
use crate::text::words::{Word, words};

/// What tells the people whom a record names within its own texts, where one word of a name is enough.
#[derive(Default)]
pub(super) struct Named {
    given: BTreeSet<String>,
    surnames: BTreeSet<String>,
    /// The surnames of those who trade alone, who are named for certain.
    traders: BTreeSet<String>,
    /// The particles with which their surnames begin.
    particles: BTreeSet<String>,
}

/// A word of a name that may be something else where it stands, and why.
pub(super) type Doubt = ((usize, usize), &'static str);

impl Named {
    pub fn of(own: &Own, people: &[Person], trader: Option<&Person>) -> Named {
        let telling = |words: fn(&Person) -> &Vec<String>| {
            people.iter().flat_map(words).filter(|word| own.is_telling(word)).cloned().collect()
        };
        let mut surnames: BTreeSet<String> = telling(|person| &person.surname);
        // « Le Garrec » is « Legarrec ».
        let parted = people.iter().filter(|person| person.surname.len() > 1 && PARTICLES.contains(&person.surname[0]));
        surnames.extend(parted.map(|person| person.surname.concat()));
        let begun = people.iter().flat_map(|person| person.surname.iter().take_while(|word| PARTICLES.contains(word)));
        Named {
            given: telling(|person| &person.given),
            surnames,
            particles: begun.cloned().collect(),
            traders: trader.iter().flat_map(|trader| trader.surname.clone()).collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.given.is_empty() && self.surnames.is_empty()
    }

    /// Whether a word is one of theirs.
    fn have(&self, word: &str) -> bool {
        let is_own = |plain: &str| self.given.contains(plain) || self.surnames.contains(plain);
        plain(word, &mut [0; 16]).map_or_else(|| is_own(&folded(word)), is_own)
    }

    /// Whether a web address is of one of them: « quincampoix.fr ».
    pub fn are_in_address(&self, address: &str) -> bool {
        !self.surnames.is_empty()
            && words(address).any(|word| {
                let plain = folded(word.text);
                let is_word = || is_common(&plain) || is_place(&plain);
                self.traders.contains(&plain) || plain.len() > 3 && self.surnames.contains(&plain) && !is_word()
            })
    }

    /// Where `text`, `all` being its words, names them by a part of their names, as one speaks of somebody; what may be
    /// something else is a doubt. Where the text names a place or a body, as `is_name` says, one word is not enough.
    pub fn spans(&self, text: &str, all: &[Word<'_>], is_name: bool, doubts: &mut Vec<Doubt>) -> Vec<(usize, usize)> {
        let mut spans = Vec::new();
        let is_theirs = |word: &Word<'_>| word.text.starts_with(char::is_uppercase) && self.have(word.text);
        if self.is_empty() || !all.iter().any(is_theirs) {
            return spans;
        }
        let mut rank = 0;
        while rank < all.len() {
            let first = rank;
            let (mut has_given, mut has_surname) = (false, false);
            // « Le Garrec signe »: the particle of their surname, which is an article as well.
            let led = self.particles_of(text, &all[rank..]);
            rank += led;
            while let Some(word) = all.get(rank)
                && (rank == first || adjoins(text, &all[rank - 1], word))
            {
                // The particle of a surname belongs to the name: « Anne Le Goff », « Jean de La Tour ».
                if rank > first && self.have_behind_particles(text, &all[rank..]) {
                    rank += 1;
                    continue;
                }
                if !word.text.starts_with(char::is_uppercase) {
                    break;
                }
                let plain = folded(word.text);
                let (given, surname) = (self.given.contains(&plain), self.surnames.contains(&plain));
                if !given && !surname {
                    break;
                }
                has_given |= given && !surname;
                has_surname |= surname;
                rank += 1;
            }
            if rank == first + led {
                rank = first + 1;
                continue;
            }
            let span = (initials_before(text, all[first].start), all[rank - 1].end());
            if names_something_else(text, span.0) {
                doubts.push((span, "nom d’une rue, d’une école, d’un prix… ?"));
                continue;
            }
            if has_given && has_surname {
                spans.push(span);
                continue;
            }
            // « Zélie **Quincampoix** », « Quincampoix (Zélie) »: each half bears out the other one.
            if let Some((end, other)) = self.apart(text, all, rank, has_given) {
                match other {
                    Some(start) => spans.extend([span, (start, end)]),
                    None => spans.push((span.0, end)),
                }
                rank += all[rank..].iter().take_while(|word| word.start < end).count();
                continue;
            }
            let before = first.checked_sub(1).map(|rank| all[rank]).filter(|before| {
                // « les Le Garrec », « les Quincampoix »
                !before.text.eq_ignore_ascii_case("les") || led == 0 && self.is_word(all[rank - 1].text)
            });
            match self.alone(text, (&all[first..rank], led), before, all.get(rank).copied(), is_name) {
                Alone::Person => spans.push(span),
                Alone::Doubtful(why) => doubts.push((span, why)),
                Alone::Nobody => {}
            }
        }
        spans
    }

    /// How many particles some words begin with that belong to their surname behind them.
    fn particles_of(&self, text: &str, words: &[Word<'_>]) -> usize {
        let is_own = |word: &&Word<'_>| self.particles.contains(&folded(word.text));
        let count = match self.particles.is_empty() {
            true => 0,
            false => words.iter().take_while(is_own).count(),
        };
        let is_theirs = count > 0
            && words.get(count).is_some_and(|own| {
                own.text.starts_with(char::is_uppercase) && self.surnames.contains(&folded(own.text))
            })
            && words[..=count].windows(2).all(|pair| adjoins(text, &pair[0], &pair[1]));
        if is_theirs { count } else { 0 }
    }

    /// Whether a word is one of the language or a place as well.
    fn is_word(&self, word: &str) -> bool {
        let plain = folded(word);
        is_region_word(&plain) || is_common(&plain) || NAME_WORDS.contains(&plain) || is_place(&plain)
    }

    /// Where the other half of a name ends that begins behind the one before `rank`, and where it begins if nothing but signs
    /// stands between the two: « Zélie <b>Quincampoix</b> », « Zélie « Zaza » Quincampoix ».
    fn apart(&self, text: &str, all: &[Word<'_>], rank: usize, has_given: bool) -> Option<(usize, Option<usize>)> {
        /// Bytes between the two halves.
        const WIDEST: usize = 24;
        let end = all.get(rank.checked_sub(1)?)?.end();
        let mut at = rank;
        let mut has_word = false;
        while let Some(word) = all.get(at) {
            let gap = &text[end..word.start];
            if gap.len() > WIDEST || gap.contains(['.', ',', ';', '!', '?', ':', '{', '}']) {
                return None;
            }
            let behind = at + self.particles_of(text, &all[at..]);
            let own = all.get(behind)?;
            let plain = folded(own.text);
            let is_other = if has_given { self.surnames.contains(&plain) } else { self.given.contains(&plain) };
            if own.text.starts_with(char::is_uppercase) && is_other {
                return Some((own.end(), Some(word.start).filter(|_| !has_word)));
            }
            // The name of an element, or one word in quotes or brackets.
            let is_tag = text[..word.start].ends_with(['<', '/']) && word.text.len() < 7;
            let is_set_apart = gap.contains(['«', '"', '“', '(']);
            if !is_tag && (has_word || !is_set_apart) {
                return None;
            }
            has_word |= !is_tag;
            at += 1;
        }
        None
    }

    /// Whether some words begin with particles, and one of theirs stands behind these.
    fn have_behind_particles(&self, text: &str, words: &[Word<'_>]) -> bool {
        /// Particles of a name: « de la », « van der ».
        const MOST: usize = 3;
        let count = words.iter().take(MOST).take_while(|word| PARTICLES.has(word.text)).count();
        count > 0
            && words.get(count).is_some_and(|own| own.text.starts_with(char::is_uppercase) && self.have(own.text))
            && words[..=count].windows(2).all(|pair| adjoins(text, &pair[0], &pair[1]))
    }

    /// Whether a part of a name, or several in a row, speaks of a person where it stands.
    fn alone(
        &self,
        text: &str,
        (group, led): (&[Word<'_>], usize),
        before: Option<Word<'_>>,
        after: Option<Word<'_>>,
        is_name: bool,
    ) -> Alone {
        const OTHER: &str = "partie d’un autre nom ?";
        let (Some(first), Some(last)) = (group.first(), group.last()) else { return Alone::Nobody };
        let plain = folded(last.text);
        if text[..first.start].ends_with('-') || text[last.end()..].starts_with('-') {
            return Alone::Doubtful(OTHER);
        }
        let before = before.filter(|before| adjoins(text, before, first));
        if let Some(before) = before {
            let earlier = folded(before.text);
            if ARTICLES.contains(&earlier.as_str()) {
                return Alone::Nobody;
            }
            let may_precede = is_function_word(&earlier)
                || ROLES.contains(&earlier)
                || TITLES.contains(&earlier)
                || GIVEN_NAMES.contains(&earlier)
                || !adjoins_as_name(text, &before, first);
            if before.text.starts_with(char::is_uppercase) && !may_precede {
                return Alone::Doubtful(OTHER);
            }
        }
        if let Some(after) = after
            && after.text.starts_with(char::is_uppercase)
            && adjoins_as_name(text, last, &after)
        {
            let later = folded(after.text);
            if !is_function_word(&later) && !ROLES.contains(&later) && !PARTICLES.contains(&later) {
                return Alone::Doubtful(OTHER);
            }
        }
        let is_region = is_region_word(&plain);
        let is_word = self.is_word(last.text);
        // A particle makes no second word: « La Tour ».
        if group.len() - led > 1 || !is_word || self.traders.contains(&plain) {
            return Alone::Person;
        }
        if is_region || is_name {
            return Alone::Nobody;
        }
        // A place or a common word: only where one speaks of somebody.
        let cue = before.map(|before| folded(before.text)).unwrap_or_default();
        let has_cue = matches!(
            cue.as_str(),
            "par" | "avec" | "selon" | "chez" | "contacter" | "joindre" | "remercie" | "apres" | "qu" | "que"
        );
        let is_begin =
            before.is_none() || text[..first.start].trim_end().ends_with(['.', '!', '?', ';', ':', '\n', '•']);
        let is_subject =
            is_begin && !is_common(&plain) && text[last.end()..].trim_start().starts_with(char::is_lowercase);
        if has_cue || is_subject { Alone::Person } else { Alone::Doubtful("mot courant ou nom de lieu ?") }
    }
}

/// What stands before a common noun, and not before the name of a person.
const ARTICLES: [&str; 20] = [
    "le", "la", "les", "un", "une", "des", "du", "au", "aux", "ce", "cette", "notre", "votre", "leur", "nos", "vos",
    "leurs", "son", "sa", "ses",
];

enum Alone {
    Person,
    Nobody,
    Doubtful(&'static str),
}

/// Whether nothing but what joins the words of a name stands between two words: a full stop does behind an initial alone.
fn adjoins(text: &str, before: &Word<'_>, after: &Word<'_>) -> bool {
    let between = &text[before.end()..after.start];
    let is_end = between.starts_with('.') && between.len() > 1 && before.text.chars().count() > 1;
    let joins = |c: char| c.is_whitespace() || matches!(c, '-' | '\'' | '’' | '.' | '_');
    between.len() < 6 && !is_end && between.chars().all(joins)
}

fn adjoins_as_name(text: &str, before: &Word<'_>, after: &Word<'_>) -> bool {
    text[before.end()..after.start].chars().all(|c| c.is_whitespace() || c == '-')
}

/// Where the initials begin that stand before a name: « J.-P. Quincampoix ».
fn initials_before(text: &str, start: usize) -> usize {
    let mut start = start;
    loop {
        let before = text[..start].trim_end_matches([' ', '-', '\u{a0}', '\u{202f}']);
        let Some(rest) = before.strip_suffix('.') else { return start };
        let Some(initial) = rest.chars().next_back().filter(|c| c.is_uppercase()) else { return start };
        let from = rest.len() - initial.len_utf8();
        if text[..from].ends_with(char::is_alphanumeric) {
            return start;
        }
        start = from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::all_words;

    #[test]
    fn particles_belong_to_the_name() {
        for (name, text, expected) in [
            ("Anne Le Goff", "Anne Le Goff ; Anne LE GOFF", vec!["Anne Le Goff", "Anne LE GOFF"]),
            ("Zélie de Quincampoix", "Zélie de Quincampoix", vec!["Zélie de Quincampoix"]),
            ("Anne Le Goff", "Anne, de Rennes", vec!["Anne"]),
        ] {
            let own = Own::default();
            let people = own.people_in_cell(name);
            let spans = Named::of(&own, &people, None).spans(text, &all_words(text), false, &mut Vec::new());
            let found: Vec<&str> = spans.iter().map(|(start, end)| &text[*start..*end]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
