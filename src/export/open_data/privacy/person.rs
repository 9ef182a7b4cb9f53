//! A person, by the words of the name, and what may be such a word.

use super::mailbox::compact;
use super::seen::Seen;
use super::traces::{Kind, Traces};
use crate::reference::communes;
use crate::text::fold::folded;
use crate::text::lexicon::{BODIES, EPONYMS, GIVEN_NAMES, NAME_WORDS, PARTICLES, TITLES, is_common};
use crate::text::names::is_region_word;

/// A person, by the words of the name: folded, without title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub given: Vec<String>,
    /// With its particles.
    pub surname: Vec<String>,
}

impl Person {
    /// The person of the words of a name, each as written and folded.
    pub fn of(name: &[(&str, String)]) -> Person {
        let is_given = |plain: &str| plain.split(' ').all(|part| GIVEN_NAMES.contains(part));
        let is_capital = |word: &str| {
            word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.chars().any(char::is_lowercase)
        };
        let count = name.len();
        // A surname may be in capitals; else the first name comes first, unless only the last word is one.
        let capitals = name.iter().filter(|(word, _)| is_capital(word)).count();
        let given: Vec<bool> = if capitals > 0 && capitals < count {
            let are = name.iter().map(|(word, plain)| !is_capital(word) && !PARTICLES.contains(plain));
            are.collect()
        } else if count > 1 && !is_given(&name[0].1) && is_given(&name[count - 1].1) {
            (0..count).map(|rank| rank == count - 1).collect()
        } else {
            let first = name.iter().take(count.saturating_sub(1)).take_while(|(_, plain)| is_given(plain)).count();
            (0..count).map(|rank| rank < first.max(usize::from(count > 1))).collect()
        };
        let part = |wanted: bool| {
            let of = name.iter().zip(&given).filter(|(_, is_given)| **is_given == wanted);
            of.flat_map(|((_, plain), _)| plain.split(' ')).map(str::to_owned).collect()
        };
        Person { given: part(true), surname: part(false) }
    }

    /// The person whom a text names, whatever it looks like: somebody says so.
    pub fn named(text: &str) -> Person {
        let seen = Seen::of(text);
        let words = seen.text.split_whitespace().filter(|word| !is_title(word)).map(|word| (word, folded(word)));
        let words: Vec<(&str, String)> = words.filter(|(_, plain)| !plain.is_empty()).take(8).collect();
        Person::of(&words)
    }

    /// Whether one of the words is a first name that we know.
    pub fn is_known(&self) -> bool {
        self.given.iter().any(|word| GIVEN_NAMES.contains(word))
    }

    /// Whether a mailbox or its domain bears the surname.
    pub fn bears(&self, email: &str) -> bool {
        let letters = compact(email);
        let surname = self.surname.concat();
        surname.len() > 2 && letters.contains(&surname)
    }

    /// Whether what stands before the sign of a mailbox is of the name.
    pub fn bears_local(&self, email: &str) -> bool {
        let local = email.split('@').next().unwrap_or_default();
        let words = folded(local);
        let all: Vec<&String> = self.given.iter().chain(&self.surname).collect();
        let joined = compact(local);
        words.split(' ').any(|word| word.len() > 2 && all.iter().any(|name| *name == word))
            || self.surname.iter().any(|name| name.len() > 3 && joined.contains(name.as_str()))
    }

    /// Leaves the traces of the name in every spelling that a reader would recognise.
    pub fn trace(&self, traces: &mut Traces) {
        let given: Vec<&str> = self.given.iter().map(String::as_str).collect();
        let surname: Vec<&str> = self.surname.iter().map(String::as_str).collect();
        let all: Vec<&str> = given.iter().chain(&surname).copied().collect();
        // One word, with its particles or without, may be any word: « Le Bourg ».
        if all.iter().filter(|word| !PARTICLES.contains(word)).count() < 2 {
            // Where names are not parted from each other, the whole one is a word: « 李小龙 ».
            if let [name] = all[..]
                && name.chars().count() > 1
                && name.chars().all(|c| c >= '\u{3040}')
            {
                traces.add_words(&[name], Kind::Exact);
            }
            return;
        }
        traces.add_words(&all, Kind::Name);
        let core: Vec<&str> = surname.iter().copied().filter(|word| !PARTICLES.contains(word)).collect();
        if core.is_empty() || given.is_empty() {
            return;
        }
        // « Le Garrec » is « Legarrec », « O’Connor » is « OConnor ».
        let joined = surname.concat();
        let mut surnames: Vec<Vec<&str>> = vec![surname.clone()];
        if core.len() < surname.len() {
            surnames.push(core.clone());
        }
        if core.len() > 1 {
            // « Saint » of Saint-Just is no name alone: many a commune has it beside a first name.
            let stands_alone = |word: &&&str| word.len() > 3 && !matches!(**word, "saint" | "sainte");
            surnames.extend(core.iter().filter(stands_alone).map(|word| vec![*word]));
        }
        if surname.len() > 1 {
            surnames.push(vec![&joined]);
        }
        let initials: Vec<&str> =
            given.iter().map(|word| &word[..word.chars().next().map_or(0, char::len_utf8)]).collect();
        let joined_initials = initials.concat();
        for surname in &surnames {
            let mut with = |first: &[&str]| {
                let words: Vec<&str> = first.iter().chain(surname).copied().collect();
                traces.add_words(&words, Kind::Name);
            };
            with(&given[..1]);
            with(&initials[..1]);
            if given.len() > 1 {
                with(&given);
                with(&initials);
                with(&[&joined_initials]);
                with(&[given[0], initials[1]]);
            }
        }
        // In one word, as in a handle: « zeliequincampoix », « zquincampoix ».
        for surname in surnames.iter().take(2).map(|words| words.concat()) {
            for (first, kind) in [
                (given.concat(), Kind::Name),
                (given[0].to_owned(), Kind::Name),
                (joined_initials.clone(), Kind::Handle),
                (initials[0].to_owned(), Kind::Handle),
            ] {
                if first.len() + surname.len() >= 6 {
                    for joined in [[&*first, &*surname].concat(), [&*surname, &*first].concat()] {
                        // « Grand » with the E of Émile is a word of many names of sites.
                        if kind == Kind::Name || !(NAME_WORDS.contains(&joined) || is_common(&joined)) {
                            traces.add_words(&[&joined], kind);
                        }
                    }
                }
            }
        }
    }
}

/// Whether a word is a title before a name.
pub(super) fn is_title(word: &str) -> bool {
    let plain = word.trim_end_matches('.');
    TITLES.has(plain) && (plain.len() > 2 || plain.starts_with(char::is_uppercase) || plain.eq_ignore_ascii_case("mm"))
}

/// Whether a word, folded, is one of the language and hardly anybody's name, or of a body.
pub(super) fn is_word_only(folded: &str) -> bool {
    is_common(folded) && !NAME_WORDS.contains(folded) || BODIES.contains(folded) || is_region_word(folded)
}

pub(super) fn is_eponym(word: &str) -> bool {
    EPONYMS.has(word)
}

/// A word of a name: with its capital letter, or a particle.
pub(super) fn is_name_part(word: &str) -> bool {
    let own = word.trim_start_matches(['(', '«', '“']);
    let elided = ["d'", "d’", "l'", "l’"].iter().find_map(|particle| own.strip_prefix(particle)).unwrap_or(own);
    PARTICLES.has(own)
        || elided.starts_with(char::is_uppercase)
        || own.split_once('-').is_some_and(|(first, rest)| PARTICLES.has(first) && rest.starts_with(char::is_uppercase))
}

pub(super) fn is_place(word: &str) -> bool {
    is_region_word(word) || communes::by_name(word).next().is_some()
}
