//! What people decided about their data: who agreed to be published, and who refuses.
//!
//! Both are CSV files that the publisher keeps to itself; no byte of them is published.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::person::is_title;
use super::seen::Seen;
use crate::error::{Error, ErrorKind, Result};
use crate::record::Contact;
use crate::text::fold::folded;
use crate::text::lexicon::{ANNOUNCERS, GIVEN_NAMES, PARTICLES};
use crate::text::mentions::{Kind, details, mailboxes};
use crate::text::phones::Number;
use crate::text::words::all_words;

/// A value in the form in which it is compared: a mailbox, a telephone number, or a name whatever the order of its words.
pub(super) fn key(value: &str) -> String {
    let value = value.trim();
    // « Zélie Quincampoix <zelie@pole.fr> », « mailto:zelie@pole.fr »
    if value.contains('@') {
        let mailbox = mailboxes(value).next().map_or(value, |mailbox| &value[mailbox.start..mailbox.end]);
        return mailbox.to_lowercase();
    }
    if let Some(number) = Number::parse(value).and_then(|number| number.e164()) {
        return number;
    }
    // « Mme Zélie Quincampoix » is Zélie Quincampoix.
    let seen = Seen::of(value);
    let untitled: Vec<&str> = seen.text.split_whitespace().filter(|word| !is_title(word)).collect();
    let folded = folded(&untitled.join(" "));
    let mut words: Vec<&str> = folded.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

/// The people who agreed that their contact be published, or whom a text allows to publish.
#[derive(Debug, Clone, Default)]
pub struct Consents {
    keys: Listed,
    /// The last day on which somebody agreed, with its line.
    last: Option<(jiff::civil::Date, u64)>,
    file: String,
    /// By the key of a name, how each contact is reached that bears it.
    bearers: RefCell<BTreeMap<String, BTreeSet<String>>>,
}

/// The entries of a list, each with its line, and whether a record had it.
#[derive(Debug, Clone, Default)]
struct Listed(BTreeMap<String, (u64, Cell<bool>)>);

impl Listed {
    fn add(&mut self, key: String, line: u64) {
        self.0.insert(key, (line, Cell::new(false)));
    }

    fn has(&self, key: &str) -> bool {
        self.0.get(key).inspect(|(_, met)| met.set(true)).is_some()
    }

    fn unmatched(&self) -> impl Iterator<Item = u64> {
        self.0.values().filter(|(_, met)| !met.get()).map(|(line, _)| *line)
    }
}

impl Consents {
    /// Reads a list: a CSV file with the columns `valeur` (a mailbox, a telephone number or a name), `date` and `preuve`
    /// (where the agreement is kept, or the text that allows to do without).
    ///
    /// # Errors
    /// When it is not such a list, or a line lacks one of the three.
    pub fn parse(text: &str, file: &str) -> Result<Consents> {
        let mut keys = Listed::default();
        let mut last = None;
        for (line, [value, date, proof]) in rows(text, file, ["valeur", "date", "preuve"], 3)? {
            let day = date.parse::<jiff::civil::Date>();
            if value.is_empty() || proof.is_empty() || day.is_err() {
                return Err(Error::new(
                    ErrorKind::Usage,
                    "un accord se note avec la valeur, le jour (AAAA-MM-JJ) et la preuve ; complétez cette ligne ou \
                     retirez-la",
                    "a consent has a value, a day (YYYY-MM-DD) and a proof; complete this line or remove it",
                )
                .in_file(file)
                .at(line, None));
            }
            last = last.max(day.ok().map(|day| (day, line)));
            keys.add(key(&value), line);
        }
        Ok(Consents { keys, last, file: file.to_owned(), bearers: RefCell::default() })
    }

    /// Refuses a list that holds a consent of a day to come.
    ///
    /// # Errors
    /// When one is dated after `today`.
    pub fn until(self, today: jiff::civil::Date) -> Result<Consents> {
        match self.last {
            Some((day, line)) if day > today => Err(Error::new(
                ErrorKind::Usage,
                format!("cet accord est daté du {day}, qui est à venir ; corrigez le jour ou retirez la ligne"),
                format!("this consent is dated {day}, which is yet to come; correct the day or remove the line"),
            )
            .in_file(&self.file)
            .at(line, None)),
            _ => Ok(self),
        }
    }

    pub(super) fn covers(&self, value: &str) -> bool {
        !self.keys.0.is_empty() && self.keys.has(&key(value))
    }

    /// Remembers how a contact is reached that agreed by the name.
    pub(super) fn bears(&self, name: &str, reached: &str) {
        self.bearers.borrow_mut().entry(key(name)).or_default().insert(key(reached));
    }

    /// The lines of the names that several contacts bear, each reached in another way: one of them may not have agreed.
    pub fn shared(&self) -> Vec<u64> {
        let bearers = self.bearers.borrow();
        let shared = bearers.iter().filter(|(_, reached)| reached.len() > 1);
        let mut lines: Vec<u64> = shared.filter_map(|(name, _)| Some(self.keys.0.get(name)?.0)).collect();
        lines.sort_unstable();
        lines
    }

    /// The lines of those whom no record named so far, in order: a slip may hide there.
    pub fn unmatched(&self) -> Vec<u64> {
        let mut lines: Vec<u64> = self.keys.unmatched().collect();
        lines.sort_unstable();
        lines
    }
}

/// The people who refuse to be published.
#[derive(Debug, Clone, Default)]
pub struct Objections {
    refusals: Vec<Refusal>,
    /// The refusals by the words of their names, by their mailboxes and by their numbers.
    by_word: BTreeMap<String, Vec<usize>>,
    /// The salted hashes, by salt.
    hashes: BTreeMap<String, Listed>,
}

/// One who refuses, as people write it: « Mme Quincampoix », « Z. Quincampoix », « Zélie Quincampoix <zelie@pole.fr> ».
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    /// What is left beside mailboxes, numbers and what stands in brackets.
    pub name: String,
    pub mailboxes: Vec<String>,
    pub numbers: Vec<String>,
    /// The words of the name, folded, without titles and particles.
    words: Vec<String>,
    line: u64,
    met: Cell<bool>,
}

impl Refusal {
    fn parse(value: &str, line: u64) -> Refusal {
        let seen = Seen::of(value);
        let mut rest = seen.text.to_string();
        let (mut mailboxes, mut numbers) = (Vec::new(), Vec::new());
        for part in details(&seen.text) {
            let own = &seen.text[part.start..part.end];
            match part.kind {
                Kind::Mailbox => mailboxes.push(key(own)),
                _ => numbers.push(key(own)),
            }
            rest.replace_range(part.start..part.end, &" ".repeat(part.end - part.start));
        }
        // « Zélie Quincampoix (directrice) », « Zélie Quincampoix, directrice »
        let name = rest.split(['(', '[', '<', ',', ';', ':']).map(str::trim).find(|part| !part.is_empty());
        let is_label = |word: &str| ANNOUNCERS.has(word) || word.eq_ignore_ascii_case("mailto");
        // « QUINCAMPOIX, Zélie »: a role is no part of a name.
        let parts: Vec<&str> = rest.split(['(', '[', '<']).next().unwrap_or("").split(',').map(str::trim).collect();
        let name = match parts[..] {
            [surname, given] if is_given(given) && !surname.contains(' ') => format!("{given} {surname}"),
            _ => name.unwrap_or("").to_owned(),
        };
        let name: Vec<&str> = name.split_whitespace().filter(|word| !is_label(word)).collect();
        let name = if mailboxes.len() + numbers.len() > 0 && name.len() < 2 { String::new() } else { name.join(" ") };
        Refusal { words: name_words(&name), name, mailboxes, numbers, line, met: Cell::new(false) }
    }

    /// Whether the words of a name may be those of the same person: all of the shorter name are in the longer one, by their
    /// initials at least, and one of them whole.
    fn is_of(&self, words: &[&str]) -> bool {
        let (short, long): (Vec<&str>, Vec<&str>) = match words.len() <= self.words.len() {
            true => (words.to_vec(), self.words.iter().map(String::as_str).collect()),
            false => (self.words.iter().map(String::as_str).collect(), words.to_vec()),
        };
        let is_initial = |one: &str, other: &str| one.chars().count() == 1 && other.starts_with(one);
        let are_alike = |one: &str, other: &str| one == other || is_initial(one, other) || is_initial(other, one);
        // One word is a surname: it is no first name, or it comes last.
        let is_surname = |word: &str| short.len() > 1 || !is_given(word) || long.last() == Some(&word);
        let has_surname = || short.iter().any(|word| word.len() > 1 && long.contains(word) && is_surname(word));
        !short.is_empty() && short.iter().all(|word| long.iter().any(|other| are_alike(word, other))) && has_surname()
    }
}

fn is_given(word: &str) -> bool {
    folded(word).split(' ').all(|part| GIVEN_NAMES.contains(part))
}

/// The words of a name, folded, without titles, particles and roles.
fn name_words(name: &str) -> Vec<String> {
    let seen = Seen::of(name);
    let words = seen.text.split_whitespace().filter(|word| !is_title(word)).map(folded).collect::<Vec<_>>();
    let words = words.iter().flat_map(|word| word.split(' ')).filter(|word| !word.is_empty());
    words.filter(|word| !PARTICLES.contains(word)).map(str::to_owned).collect()
}

impl Objections {
    /// Where `text` names or reaches someone who refuses; a word of a name alone is nobody's.
    pub(super) fn spans_in(&self, text: &str) -> Vec<(usize, usize)> {
        /// Words of a name on either side of one of them.
        const NEAR: usize = 3;
        if self.is_empty() {
            return Vec::new();
        }
        let all = all_words(text);
        let mut spans = Vec::new();
        for (rank, word) in all.iter().enumerate() {
            let Some(known) = self.by_word.get(&folded(word.text)) else { continue };
            for refusal in known.iter().map(|rank| &self.refusals[*rank]) {
                let is_theirs = |at: &usize| {
                    let plain = folded(all[*at].text);
                    let gap = |one: usize, other: usize| &text[all[one].end()..all[other].start];
                    let joins = |gap: &str| gap.len() < 12 && !gap.contains(['!', '?', ';', '"']);
                    let near = if *at < rank { gap(*at, *at + 1) } else { gap(*at - 1, *at) };
                    let is_initial = plain.len() == 1 && refusal.words.iter().any(|own| own.starts_with(&plain));
                    joins(near) && (is_initial || refusal.words.contains(&plain) || PARTICLES.contains(&plain))
                };
                let first = (rank.saturating_sub(NEAR)..rank).rev().take_while(is_theirs).last().unwrap_or(rank);
                let last = (rank + 1..all.len().min(rank + 1 + NEAR)).take_while(is_theirs).last().unwrap_or(rank);
                let own: Vec<String> = all[first..=last].iter().map(|word| folded(word.text)).collect();
                let own: Vec<&str> = own.iter().map(String::as_str).filter(|word| !PARTICLES.contains(word)).collect();
                if own.len() > 1 && refusal.is_of(&own) {
                    refusal.met.set(true);
                    spans.push((all[first].start, all[last].end()));
                }
            }
        }
        for part in details(text) {
            if self.reach(&text[part.start..part.end]) {
                spans.push((part.start, part.end));
            }
        }
        if !self.hashes.is_empty() {
            let windows = (2..=7).flat_map(|length| all.windows(length));
            let windows = windows.filter_map(|window| Some((window.first()?.start, window.last()?.end())));
            spans.extend(windows.filter(|(start, end)| self.have_hash(&text[*start..*end])));
        }
        spans
    }

    /// Whether somebody refuses who is a contact, by any of what tells it.
    pub(super) fn cover(&self, contact: &Contact) -> bool {
        if self.is_empty() {
            return false;
        }
        let mut is_opposed = false;
        if let Some(name) = &contact.name {
            is_opposed |= self.have_hash(name) || !self.spans_in(name).is_empty();
            let words = name_words(name);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            for rank in words.iter().filter_map(|word| self.by_word.get(*word)).flatten() {
                if self.refusals[*rank].is_of(&words) {
                    self.refusals[*rank].met.set(true);
                    is_opposed = true;
                }
            }
        }
        for value in [&contact.email, &contact.phone].into_iter().flatten() {
            is_opposed |= self.reach(value) || !self.spans_in(value).is_empty();
        }
        is_opposed
    }

    /// Whether a mailbox or a number is of someone who refuses.
    fn reach(&self, value: &str) -> bool {
        let known = self.by_word.get(&key(value));
        known.into_iter().flatten().for_each(|rank| self.refusals[*rank].met.set(true));
        known.is_some() || self.have_hash(value)
    }

    fn have_hash(&self, value: &str) -> bool {
        !self.hashes.is_empty() && {
            let key = key(value);
            self.hashes.iter().any(|(salt, known)| known.has(&hashed(&key, salt)))
        }
    }

    /// Reads a list: a CSV file with the column `valeur`, which holds mailboxes, telephone numbers and names, or their
    /// [`hash`](Objections::hash).
    ///
    /// # Errors
    /// When it is not such a list.
    pub fn parse(text: &str, file: &str) -> Result<Objections> {
        let mut objections = Objections::default();
        for (line, [value]) in rows(text, file, ["valeur"], 1)? {
            match value.strip_prefix("sha256:").map(|rest| rest.split_once(':')) {
                Some(Some((salt, hash))) if hash.len() == 64 => {
                    objections.hashes.entry(salt.to_owned()).or_default().add(hash.to_ascii_lowercase(), line);
                }
                None if !value.is_empty() => {
                    let refusal = Refusal::parse(&value, line);
                    let rank = objections.refusals.len();
                    for known in refusal.words.iter().chain(&refusal.mailboxes).chain(&refusal.numbers) {
                        objections.by_word.entry(known.clone()).or_default().push(rank);
                    }
                    objections.refusals.push(refusal);
                }
                _ => {
                    return Err(Error::new(
                        ErrorKind::Usage,
                        "une opposition est une adresse, un numéro, un nom, ou leur empreinte sha256:sel:… ; corrigez \
                         cette ligne",
                        "an objection is a mailbox, a number, a name, or their hash sha256:salt:…; correct this line",
                    )
                    .in_file(file)
                    .at(line, None));
                }
            }
        }
        Ok(objections)
    }

    /// The form in which a list can hold a value without telling it: SHA-256 of the salt and of the value as it is
    /// compared.
    ///
    /// ```
    /// use ptce::export::open_data::Objections;
    /// let hash = Objections::hash("Camille Exemple", "sel");
    /// assert!(hash.starts_with("sha256:sel:"));
    /// assert_eq!(hash, Objections::hash("EXEMPLE Camille", "sel"));
    /// ```
    pub fn hash(value: &str, salt: &str) -> String {
        format!("sha256:{salt}:{}", hashed(&key(value), salt))
    }

    /// Those who are listed in clear.
    pub(super) fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// Whether the list holds nobody.
    pub fn is_empty(&self) -> bool {
        self.refusals.is_empty() && self.hashes.is_empty()
    }

    /// The lines of those whom no record named so far, in order: a slip may hide there.
    pub fn unmatched(&self) -> Vec<u64> {
        let unmet = self.refusals.iter().filter(|refusal| !refusal.met.get()).map(|refusal| refusal.line);
        let mut lines: Vec<u64> = self.hashes.values().flat_map(Listed::unmatched).chain(unmet).collect();
        lines.sort_unstable();
        lines
    }
}

fn hashed(key: &str, salt: &str) -> String {
    let hash = Sha256::new().chain_update(salt).chain_update(key).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first column of the file of decisions, whose passages may have several lines; in lists of people no cell has.
const REVIEWED: &str = "cle";

/// The values of the named columns of a CSV file, with the line of each row; the first `needed` columns must be there.
pub(super) fn rows<const N: usize>(
    text: &str,
    file: &str,
    names: [&str; N],
    needed: usize,
) -> Result<Vec<(u64, [String; N])>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let header = text.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') { b';' } else { b',' };
    // A quote too many takes the rows below for a part of its cell, and nobody in them would be withheld.
    let swallowed = |line: u64| {
        Error::new(
            ErrorKind::Syntax,
            "un guillemet ouvert sur cette ligne prend les lignes suivantes dans sa cellule ; retirez-le ou fermez-le",
            "a quote opened on this line takes the lines below into its cell; remove it or close it",
        )
        .in_file(file)
        .at(line, None)
    };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        Error::new(ErrorKind::Syntax, format!("CSV illisible : {error}"), format!("unreadable CSV: {error}"))
            .in_file(file)
            .at(line, None)
    };
    let header = reader.headers().map_err(unreadable)?.clone();
    let places = names.map(|name| header.iter().position(|column| folded(column) == name));
    if let Some(missing) = places[..needed].iter().position(Option::is_none) {
        let (name, all) = (names[missing], names[..needed].join(", "));
        return Err(Error::new(
            ErrorKind::Format,
            format!("la colonne « {name} » manque ; la première ligne doit nommer : {all}"),
            format!("there is no column “{name}”; the first line must name: {all}"),
        )
        .in_file(file)
        .at(1, None));
    }
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(unreadable)?;
        // Behind CRLF a row begins with the line feed of the one before.
        let line = row
            .position()
            .map_or(1, |at| at.line() + u64::from(text.as_bytes().get(at.byte() as usize) == Some(&b'\n')));
        if names[0] != REVIEWED && row.iter().any(|value| value.contains('\n')) {
            return Err(swallowed(line));
        }
        rows.push((
            line,
            places.map(|place| place.and_then(|place| row.get(place)).unwrap_or_default().trim().to_owned()),
        ));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_compared_in_one_form() {
        for (one, other) in [
            ("Camille Exemple", "EXEMPLE, Camille"),
            ("06 39 98 12 34", "+33639981234"),
            ("Camille@Pole.fr ", "camille@pole.fr"),
        ] {
            assert_eq!(key(one), key(other));
        }
        assert_ne!(key("Camille Exemple"), key("Camille"));
    }

    #[test]
    fn a_consent_has_a_day_and_a_proof() {
        let consents =
            Consents::parse("valeur;date;preuve\ncamille@pole.fr;2026-01-02;courriel du 2 janvier\n", "c.csv");
        let consents = consents.unwrap();
        assert!(consents.covers("CAMILLE@pole.fr") && !consents.covers("ana@pole.fr"));
        for (text, line) in [
            ("valeur;date;preuve\na@b.fr;;x\n", 2),
            ("valeur;date;preuve\na@b.fr;2026-01-02;\n", 2),
            ("valeur;date;preuve\na@b.fr;02/01/2026;x\n", 2),
            ("valeur;date\na@b.fr;2026-01-02\n", 1),
        ] {
            let error = Consents::parse(text, "c.csv").unwrap_err();
            assert_eq!((error.file(), error.position()), (Some("c.csv"), Some((line, None))), "{text}");
        }
    }

    #[test]
    fn an_objection_may_be_a_hash() {
        let list = format!("valeur\nana@pole.fr\n{}\n", Objections::hash("06 39 98 12 34", "s"));
        let objections = Objections::parse(&list, "o.csv").unwrap();
        assert!(objections.reach("ana@pole.fr") && objections.reach("+33 6 39 98 12 34"));
        assert!(!objections.reach("06 39 98 12 35"));
        assert!(Objections::parse("valeur\nsha256:court\n", "o.csv").is_err());
        assert!(Objections::parse("nom\nx\n", "o.csv").is_err());
    }
}
