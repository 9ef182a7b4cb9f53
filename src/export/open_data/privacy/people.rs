//! The people whom the cells of a record name, and how a reader would recognise them elsewhere.

use super::mailbox::compact;
use super::person::{Person, is_eponym, is_name_part, is_place, is_title};
use super::seen::Seen;
use crate::record::{Contact, Record};
use crate::text::fold::folded;
use crate::text::lexicon::{
    BEGIN_NO_PERSON, BODIES, EPONYMS, FIRST_NAMES, GIVEN_NAMES, NAME_WORDS, OFFICE_MAILBOXES, PARTICLES, ROLES,
    is_common,
};
use crate::text::names::{LINE_END, is_region_word};
use crate::text::placeholder::says_nothing;

/// The names that a record itself bears: those of bodies, not of people.
#[derive(Default)]
pub(super) struct Own {
    names: Vec<String>,
    /// What a mailbox that bears the name of the record begins with.
    pub mailboxes: Vec<String>,
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
    pub fn is_telling(&self, word: &str) -> bool {
        word.chars().count() > 2 && !self.have(word) && !PARTICLES.contains(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Own {
        Own { names: vec!["pole bois".to_owned()], mailboxes: Vec::new() }
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
