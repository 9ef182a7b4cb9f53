//! The people whom the cells of a record name, and how a reader would recognise them elsewhere.

use std::collections::BTreeSet;

use super::mailbox::compact;
use super::seen::Seen;
use super::traces::{Kind, Traces};
use crate::record::{Contact, Record};
use crate::reference::communes;
use crate::text::fold::folded;
use crate::text::lexicon::{
    BEGIN_NO_PERSON, BODIES, EPONYMS, FIRST_NAMES, GIVEN_NAMES, NAME_WORDS, NAMESAKES, OFFICE_MAILBOXES, PARTICLES,
    PLACES, ROLES, STREET_NAMES, STREETS, TITLES, is_common, plain,
};
use crate::text::names::{LINE_END, is_function_word, is_region_word, names_something_else};
use crate::text::placeholder::says_nothing;
use crate::text::words::{Word, words};

/// The names that a record itself bears: those of bodies, not of people.
#[derive(Default)]
pub(super) struct Own {
    names: Vec<String>,
    /// What a mailbox that bears the name of the record begins with.
    pub mailboxes: Vec<String>,
}

/// A person, by the words of the name: folded, without title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    given: Vec<String>,
    /// With its particles.
    surname: Vec<String>,
}

impl Own {
    /// The names of a record; that of a coordinator who trades alone is not one of a body.
    pub fn of(record: &Record, is_sole_trader: bool) -> Own {
        let coordinator = Some(&record.coordinator.name).filter(|_| !is_sole_trader);
        let bodies = [&record.name, &record.acronym].into_iter().chain(coordinator).flatten();
        // A partner may be a person.
        let names: Vec<String> = bodies.map(|name| folded(name)).collect();
        Own {
            names,
            mailboxes: [&record.acronym, &record.name].into_iter().flatten().map(|name| compact(name)).collect(),
        }
    }

    /// The people whom a contact names in its mailbox beside those, `named`, whom it names in its name.
    pub fn with_bearer(&self, mut named: Vec<Person>, contact: &Contact) -> Vec<Person> {
        let bearer = contact.email.as_deref().and_then(|email| self.bearer(email));
        named.extend(bearer.filter(|bearer| !named.contains(bearer)));
        named
    }

    /// Whether a word, folded, is one of these names.
    fn have(&self, word: &str) -> bool {
        self.names.iter().any(|name| name.split(' ').any(|own| own == word))
    }

    /// The people of a cell that may also hold their offices: « Zélie Quincampoix (Mairie de Gap) ».
    pub fn people_in_cell(&self, cell: &str) -> Vec<Person> {
        let seen = Seen::of(cell);
        let parts = seen.text.split(['/', ';', ',', '&', LINE_END, '|', '(', ')', '[', ']', ':', '"']);
        let parts = parts.flat_map(|part| part.split(" et ")).flat_map(|part| part.split(" - "));
        let parts = parts.flat_map(|part| part.split(" – ")).flat_map(|part| part.split(" — "));
        let parts: Vec<&str> =
            parts.map(str::trim).filter(|part| !part.is_empty() && !says_nothing(part, "/contacts/*/nom")).collect();
        let is_one_word = |part: &&str| !part.contains(char::is_whitespace);
        // « QUINCAMPOIX, Zélie » is one person.
        if let [surname, given] = parts.as_slice()
            && cell.contains(',')
            && parts.iter().all(is_one_word)
            && GIVEN_NAMES.contains(folded(given).split(' ').next().unwrap_or(""))
        {
            return self.person(&format!("{given} {surname}")).into_iter().collect();
        }
        let people = parts.into_iter().filter_map(|part| Some([Some(self.person(part)?), self.behind_first(part)]));
        people.flatten().flatten().collect()
    }

    /// The person behind a first word that nobody bears as a first name, which may be a rank or an order: « Sœur Agnès
    /// Quincampoix ». The whole may be a name all the same.
    fn behind_first(&self, part: &str) -> Option<Person> {
        let is_given = |word: &str| folded(word).split(' ').all(|part| GIVEN_NAMES.contains(part));
        let (first, rest) = part.split_once(char::is_whitespace)?;
        let (given, others) = rest.trim_start().split_once(char::is_whitespace)?;
        let last = others.split_whitespace().next_back()?;
        (!is_given(first) && is_given(given) && !is_given(last)).then(|| self.person(rest)).flatten()
    }

    /// The person that a text names which names nothing else.
    pub fn person(&self, text: &str) -> Option<Person> {
        let all: Vec<&str> = text.split_whitespace().collect();
        // A title stands before the name, whatever comes first: « Présidente : Mme Quincampoix ».
        let title = all.iter().rposition(|word| is_title(word));
        let start = match title {
            // « madame la présidente Zélie Quincampoix »
            Some(title) => {
                let is_role = |word: &&&str| matches!(**word, "la" | "le") || ROLES.has(word);
                let roles = all[title + 1..].iter().take_while(is_role).count();
                let has_role = all[title + 1..][..roles].iter().any(|word| ROLES.has(word));
                title + 1 + if has_role { roles } else { 0 }
            }
            None => self.start(&all),
        };
        let is_lower = !all[start..].iter().any(|word| word.chars().any(char::is_uppercase));
        let mut name = Vec::new();
        for word in &all[start..] {
            let plain = folded(word);
            // « Camille Maire » bears it, « Zélie Quincampoix Maire » is one.
            let is_surname = || {
                name.len() == 1
                    && std::ptr::eq(word, &all[all.len() - 1])
                    && word.starts_with(char::is_uppercase)
                    && name.first().is_some_and(|(_, first): &(&str, String)| GIVEN_NAMES.contains(first))
            };
            let is_end = word.contains(|c: char| c.is_ascii_digit())
                || !name.is_empty() && (ROLES.contains(&plain) && !is_surname() || is_lower && BODIES.contains(&plain))
                || !is_lower && !is_name_part(word);
            if is_end || plain.is_empty() {
                break;
            }
            name.push((*word, plain));
        }
        while name.last().is_some_and(|(_, plain)| PARTICLES.contains(plain)) {
            name.pop();
        }
        let words: Vec<&str> = name.iter().flat_map(|(_, plain)| plain.split(' ')).collect();
        let telling: Vec<&str> = words.iter().copied().filter(|word| !PARTICLES.contains(word)).collect();
        if telling.iter().all(|word| word.len() < 2) || name.len() > 8 {
            return None;
        }
        let is_person = title.is_some() || {
            let is_given = |word: Option<&&str>| word.is_some_and(|word| GIVEN_NAMES.contains(word));
            let is_body_word = |word: &&str| (is_common(word) && !NAME_WORDS.contains(word)) || is_region_word(word);
            let is_word = |word: &&str| is_common(word) || is_region_word(word);
            let known = is_given(telling.first()) || is_given(telling.last());
            let first_is_word = telling.first().is_none_or(|word| NAME_WORDS.contains(word) || is_place(word));
            // « Max France » may be somebody, « France Active » is nobody.
            let is_usual = telling.first().is_some_and(|word| FIRST_NAMES.contains(word));
            let is_somebodys = |word: &str| GIVEN_NAMES.contains(word) || ROLES.contains(word) || is_region_word(word);
            let is_other = |word: &&str| is_body_word(word) && !(is_usual && is_somebodys(word));
            let others_are_words = telling.len() > 1 && telling[1..].iter().all(is_other);
            match known {
                // « France Active », « Alpha Services ».
                true => telling.len() > 1 && !(first_is_word && others_are_words) || telling.len() == 1,
                false => {
                    let is_phrase = telling.iter().all(is_word) && telling.iter().any(is_body_word);
                    let is_body = words.iter().any(|word| BODIES.contains(word));
                    let begins_nobody = BEGIN_NO_PERSON.contains(words[0]) || EPONYMS.contains(words[0]);
                    // « Figeac Lot »
                    let is_somewhere = telling.len() > 1
                        && telling.iter().any(|word| is_region_word(word))
                        && telling.iter().all(|word| is_place(word));
                    !is_phrase && !is_body && !begins_nobody && !is_somewhere && name.len() == all.len() - start
                }
            }
        };
        let is_own = self.names.contains(&folded(text)) || self.names.contains(&words.join(" "));
        let is_of_something_else = title.is_none() && all[..start].last().is_some_and(|word| is_eponym(word));
        let is_short =
            name.len() == 2 && name.iter().all(|(word, _)| word.len() == 2 && word.ends_with(char::is_lowercase));
        let is_initials = telling.iter().all(|word| word.len() < 3) && title.is_none() && !is_short;
        if !is_person || is_own || is_of_something_else || is_initials {
            return None;
        }
        Some(Person::of(&name))
    }

    /// Whether a cell names an office or a body, and nobody.
    pub fn is_office(&self, cell: &str) -> bool {
        let plain = folded(cell);
        let has_body = || plain.split(' ').any(|word| BODIES.contains(word) || OFFICE_MAILBOXES.contains(word));
        self.names.contains(&plain)
            || has_body() && !cell.split_whitespace().any(is_title) && self.people_in_cell(cell).is_empty()
    }

    /// Where the name begins: at a first name that is known, behind roles and bodies.
    fn start(&self, all: &[&str]) -> usize {
        let is_given = |word: &&str| {
            word.starts_with(char::is_uppercase) && folded(word).split(' ').all(|part| GIVEN_NAMES.contains(part))
        };
        if all.first().is_some_and(is_given) || all.last().is_some_and(|word| is_given(word) && all.len() < 4) {
            return 0;
        }
        let is_before = |word: &str| {
            let plain = folded(word);
            !word.starts_with(char::is_uppercase) || ROLES.contains(&plain) || BODIES.contains(&plain)
        };
        match all.iter().position(is_given) {
            Some(start) if all[..start].iter().any(|word| is_before(word)) => start,
            _ => 0,
        }
    }

    /// The person who bears a mailbox by its name: « zelie.quincampoix@ ».
    fn bearer(&self, email: &str) -> Option<Person> {
        let (local, _) = email.split_once('@')?;
        let local = folded(local.split('+').next()?);
        let parts: Vec<&str> =
            local.split(' ').filter(|part| part.bytes().all(|byte| byte.is_ascii_alphabetic())).collect();
        let is_of_office = |part: &&str| {
            part.len() > 1
                && (is_common(part) && !NAME_WORDS.contains(part) || BODIES.contains(part) || self.have(part))
        };
        let has_given = parts.iter().any(|part| GIVEN_NAMES.contains(part));
        let is_initial = parts.first().is_some_and(|part| part.len() == 1);
        if !(2..=4).contains(&parts.len())
            || !has_given && parts.iter().any(is_of_office)
            || !has_given && !is_initial && parts.iter().any(|part| part.len() < 3)
        {
            return None;
        }
        let names: Vec<(&str, String)> = parts.iter().map(|part| (*part, (*part).to_owned())).collect();
        Some(Person::of(&names))
    }

    /// Whether a word of a name tells a person: it is no initial, and none of a body.
    fn is_telling(&self, word: &str) -> bool {
        word.chars().count() > 2 && !self.have(word) && !PARTICLES.contains(word)
    }
}

/// Whether a word is a title before a name.
pub(super) fn is_title(word: &str) -> bool {
    let plain = word.trim_end_matches('.');
    TITLES.has(plain) && (plain.len() > 2 || plain.starts_with(char::is_uppercase) || plain.eq_ignore_ascii_case("mm"))
}

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

/// Whether a word, folded, is one of the language and hardly anybody's name, or of a body.
pub(super) fn is_word_only(folded: &str) -> bool {
    is_common(folded) && !NAME_WORDS.contains(folded) || BODIES.contains(folded) || is_region_word(folded)
}

fn is_eponym(word: &str) -> bool {
    EPONYMS.has(word)
}

/// A word of a name: with its capital letter, or a particle.
fn is_name_part(word: &str) -> bool {
    let own = word.trim_start_matches(['(', '«', '“']);
    let elided = ["d'", "d’", "l'", "l’"].iter().find_map(|particle| own.strip_prefix(particle)).unwrap_or(own);
    PARTICLES.has(own)
        || elided.starts_with(char::is_uppercase)
        || own.split_once('-').is_some_and(|(first, rest)| PARTICLES.has(first) && rest.starts_with(char::is_uppercase))
}

fn is_place(word: &str) -> bool {
    is_region_word(word) || communes::by_name(word).next().is_some()
}

impl Person {
    /// The person of the words of a name, each as written and folded.
    fn of(name: &[(&str, String)]) -> Person {
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

    fn own() -> Own {
        Own { names: vec!["pole bois".to_owned()], mailboxes: Vec::new() }
    }

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

    #[test]
    fn a_cell_names_people_and_their_offices() {
        let mut wrong = Vec::new();
        for (cell, expected) in [
            ("Zélie Quincampoix (Mairie de Gap)", "zelie+quincampoix"),
            ("Mairie de Gap – Zélie Quincampoix", "zelie+quincampoix"),
            ("Zélie Quincampoix – Pôle bois", "zelie+quincampoix"),
            ("Zélie Quincampoix 2e adjointe", "zelie+quincampoix"),
            ("Zélie Quincampoix service ESS", "zelie+quincampoix"),
            ("Zélie Bureau", "zelie+bureau"),
            ("Sœur Agnès Quincampoix", "soeur+agnes quincampoix & agnes+quincampoix"),
            ("QUINCAMPOIX, Zélie", "zelie+quincampoix"),
            ("QUINCAMPOIX Zélie", "zelie+quincampoix"),
            ("Mme Quincampoix", "+quincampoix"),
            ("madame la présidente Zélie Quincampoix", "zelie+quincampoix"),
            ("zélie quincampoix", "zelie+quincampoix"),
            ("Présidente : Zélie Quincampoix", "zelie+quincampoix"),
            ("Zélie Quincampoix et Paul Leroyer", "zelie+quincampoix & paul+leroyer"),
            ("Marie Anne de La Tour Maubourg", "marie anne+de la tour maubourg"),
            ("Zéphyrine Valdoré", "zephyrine+valdore"),
            ("Développement économique", ""),
            ("Économie sociale et solidaire", ""),
            ("Provence-Alpes-Côte d’Azur", ""),
            ("Secours Populaire", ""),
            ("Le Relais", ""),
            ("Initiative Alpes", ""),
            ("Familles Rurales", ""),
            ("Cap Emploi", ""),
            ("Mairie de Gap", ""),
            ("Pôle bois", ""),
            ("Lycée Jean Moulin", ""),
            ("Service développement local", ""),
            ("N/A", ""),
        ] {
            let people = own().people_in_cell(cell);
            let shown: Vec<String> =
                people.iter().map(|one| format!("{}+{}", one.given.join(" "), one.surname.join(" "))).collect();
            if shown.join(" & ") != expected {
                wrong.push(format!("{cell} → {}", shown.join(" & ")));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
