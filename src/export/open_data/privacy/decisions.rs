//! What people decided about their data: who agreed to be published, and who refuses.
//!
//! Both are CSV files that the publisher keeps to itself; no byte of them is published.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::people::is_title;
use super::seen::Seen;
use crate::error::{Error, ErrorKind, Result};
use crate::text::fold::folded;
use crate::text::phones::Number;
use crate::text::words::words;

/// A value in the form in which it is compared: a mailbox, a telephone number, or a name whatever the order of its words.
pub(super) fn key(value: &str) -> String {
    let value = value.trim();
    if value.contains('@') {
        return value.to_lowercase();
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
        for (line, [value, date, proof]) in rows(text, file, ["valeur", "date", "preuve"])? {
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
    keys: Listed,
    /// As they are listed.
    values: Vec<String>,
    /// The salted hashes, by salt.
    hashes: BTreeMap<String, Listed>,
}

impl Objections {
    /// Where `text` names someone who refuses: two to seven words in a row.
    pub(super) fn spans_in(&self, text: &str) -> Vec<(usize, usize)> {
        if self.is_empty() {
            return Vec::new();
        }
        let words: Vec<(usize, usize)> = words(text).map(|word| (word.start, word.end())).collect();
        let windows = (2..=7).flat_map(|length| words.windows(length));
        let spans = windows.filter_map(|window| Some((window.first()?.0, window.last()?.1)));
        spans.filter(|(start, end)| self.covers(&text[*start..*end])).collect()
    }

    /// Reads a list: a CSV file with the column `valeur`, which holds mailboxes, telephone numbers and names, or their
    /// [`hash`](Objections::hash).
    ///
    /// # Errors
    /// When it is not such a list.
    pub fn parse(text: &str, file: &str) -> Result<Objections> {
        let mut objections = Objections::default();
        for (line, [value]) in rows(text, file, ["valeur"])? {
            match value.strip_prefix("sha256:").map(|rest| rest.split_once(':')) {
                Some(Some((salt, hash))) if hash.len() == 64 => {
                    objections.hashes.entry(salt.to_owned()).or_default().add(hash.to_ascii_lowercase(), line);
                }
                None if !value.is_empty() => {
                    objections.keys.add(key(&value), line);
                    objections.values.push(value);
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

    pub(super) fn covers(&self, value: &str) -> bool {
        if self.is_empty() {
            return false;
        }
        let key = key(value);
        self.keys.has(&key) || self.hashes.iter().any(|(salt, known)| known.has(&hashed(&key, salt)))
    }

    /// What is listed in clear.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(String::as_str)
    }

    /// Whether the list is empty.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.0.is_empty() && self.hashes.is_empty()
    }

    /// The lines of those whom no record named so far, in order: a slip may hide there.
    pub fn unmatched(&self) -> Vec<u64> {
        let lists = [&self.keys].into_iter().chain(self.hashes.values());
        let mut lines: Vec<u64> = lists.flat_map(Listed::unmatched).collect();
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

/// The values of the named columns of a CSV file, with the line of each row.
pub(super) fn rows<const N: usize>(text: &str, file: &str, names: [&str; N]) -> Result<Vec<(u64, [String; N])>> {
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
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        *place = header.iter().position(|column| folded(column) == name).ok_or_else(|| {
            Error::new(
                ErrorKind::Format,
                format!("la colonne « {name} » manque ; la première ligne doit nommer : {}", names.join(", ")),
                format!("there is no column “{name}”; the first line must name: {}", names.join(", ")),
            )
            .in_file(file)
            .at(1, None)
        })?;
    }
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(unreadable)?;
        let line = row.position().map_or(1, csv::Position::line);
        if names[0] != REVIEWED && row.iter().any(|value| value.contains('\n')) {
            return Err(swallowed(line));
        }
        rows.push((line, places.map(|place| row.get(place).unwrap_or_default().trim().to_owned())));
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
        assert!(objections.covers("ana@pole.fr") && objections.covers("+33 6 39 98 12 34"));
        assert!(!objections.covers("06 39 98 12 35"));
        assert!(Objections::parse("valeur\nsha256:court\n", "o.csv").is_err());
        assert!(Objections::parse("nom\nx\n", "o.csv").is_err());
    }
}
