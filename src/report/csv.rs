//! The report for a spreadsheet: a finding a row.

use std::io::{self, Seek, Write};

use super::{HELD_BYTES, Writer};
use crate::finding::{Confidence, Finding, Level, Waived};
use crate::language::Language;
use crate::run::Outcome;
use crate::scratch::{Scratch, scratch};
use crate::settings::Settings;
use crate::text::fold::folded;
use crate::text::formula::harmless;
use crate::text::words::month;

/// The columns, in French and in English.
const COLUMNS: [(&str, &str); 16] = [
    ("fichier", "file"),
    ("feuille", "sheet"),
    ("cellule", "cell"),
    ("ligne", "line"),
    ("colonne", "column"),
    ("libellé", "label"),
    ("fiche", "record"),
    ("id", "id"),
    ("nom", "nom"),
    ("niveau", "level"),
    ("code", "code"),
    ("message", "message"),
    ("valeur", "value"),
    ("attendu", "expected"),
    ("proposition", "suggestion"),
    ("confiance", "confidence"),
];

/// French spreadsheets expect semicolons, and a byte order mark before UTF-8.
fn delimiter(language: Language) -> u8 {
    match language {
        Language::French => b';',
        Language::English => b',',
    }
}

fn level(level: Level, language: Language) -> &'static str {
    match (level, language) {
        (Level::Error, Language::French) => "erreur",
        (Level::Warning, Language::French) => "avertissement",
        (Level::Info, Language::French) => "information",
        (_, Language::English) => level.name(),
    }
}

fn confidence(confidence: Confidence, language: Language) -> &'static str {
    match (confidence, language) {
        (Confidence::High, Language::French) => "haute",
        (Confidence::Medium, Language::French) => "moyenne",
        (Confidence::Low, Language::French) => "faible",
        (_, Language::English) => confidence.name(),
    }
}

/// Whether a French Excel shows something else than a text: `07000` without its zero, a SIRET as 5,00E+13, days in another
/// form. `="07000"` it shows as it is.
fn is_changed(text: &str) -> bool {
    /// Digits that are shown as they are, and signs that a day or a number has at most.
    const SHOWN: usize = 11;
    const LONGEST: usize = 30;
    let is_plain = !text.starts_with('0') && text.len() <= SHOWN && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain || text == "0" || text.len() > LONGEST || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let is_sign =
        |c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | '/' | ':' | '-' | '+' | 'e' | 'E' | '%');
    let is_month = |word: &str| month(&folded(word)).is_some();
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ','))
        && (text.chars().all(is_sign)
            || text.split([' ', '-', '/', '.']).all(|word| word.bytes().all(|b| b.is_ascii_digit()) || is_month(word)))
}

pub(super) struct Csv {
    language: Language,
    rows: csv::Writer<Scratch>,
}

impl Csv {
    pub fn new(language: Language) -> Csv {
        let rows = csv::WriterBuilder::new().delimiter(delimiter(language)).from_writer(scratch(HELD_BYTES));
        Csv { language, rows }
    }
}

impl Csv {
    /// A row of texts, none of which a spreadsheet runs or, in French, takes for something else.
    fn row(&mut self, row: [Option<&str>; 16]) -> io::Result<()> {
        for text in row {
            let text = text.unwrap_or_default();
            if self.language == Language::French && is_changed(text) {
                self.rows.write_field(format!("=\"{text}\""))?;
            } else {
                // Values come from strangers.
                self.rows.write_field(&*harmless(text.into()))?;
            }
        }
        Ok(self.rows.write_record(None::<&[u8]>)?)
    }
}

impl Writer for Csv {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let place = &finding.location;
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let record = finding.record.as_ref();
        let line = number(place.row.or(place.line));
        let (column, index) = (number(place.column.map(u64::from)), number(record.map(|record| record.index)));
        let label = place.label.as_deref().or(place.path.as_deref()).or(place.heading.as_deref());
        let language = self.language;
        self.row([
            Some(place.file.as_str()),
            place.sheet.as_deref(),
            place.cell.as_deref(),
            Some(&line),
            Some(&column),
            label,
            Some(&index),
            record.and_then(|record| record.id.as_deref()),
            record.and_then(|record| record.name.as_deref()),
            Some(level(finding.level, language)),
            Some(finding.code),
            Some(&finding.message),
            finding.value.as_deref(),
            finding.expected.as_deref(),
            finding.suggestion.as_deref(),
            finding.confidence.map(|known| confidence(known, language)),
        ])
    }

    fn write(&mut self, outcome: &Outcome, _: &Settings, out: &mut dyn Write) -> io::Result<()> {
        // What is accepted has a level of its own.
        for Waived { finding, reason, until } in &outcome.waived {
            let language = self.language;
            let (name, accepted) = match language {
                Language::French => ("dérogation", format!("{} (jusqu’au {until} : {reason})", finding.message)),
                Language::English => ("waived", format!("{} (until {until}: {reason})", finding.message)),
            };
            let place = &finding.location;
            let line = place.row.or(place.line).map(|line| line.to_string());
            let record = finding.record.as_ref();
            let index = record.map(|record| record.index.to_string());
            let mut row = [None; 16];
            (row[0], row[1], row[2]) = (Some(place.file.as_str()), place.sheet.as_deref(), place.cell.as_deref());
            (row[3], row[6]) = (line.as_deref(), index.as_deref());
            row[7] = record.and_then(|record| record.id.as_deref());
            row[8] = record.and_then(|record| record.name.as_deref());
            (row[9], row[10], row[11]) = (Some(name), Some(finding.code), Some(accepted.as_str()));
            row[12] = finding.value.as_deref();
            self.row(row)?;
        }
        // What could not be read is told last, as a row of its own.
        for error in &outcome.unread {
            let line = error.position().map(|(line, _)| line.to_string());
            let message = error.message(self.language);
            let mut row = [None; 16];
            (row[0], row[3]) = (error.file(), line.as_deref());
            (row[9], row[10], row[11]) =
                (Some(level(Level::Error, self.language)), Some(error.code()), Some(message.as_str()));
            self.row(row)?;
        }
        if self.language == Language::French {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let names = COLUMNS.map(|(french, english)| if self.language == Language::French { french } else { english });
        writeln!(out, "{}", names.join(&char::from(delimiter(self.language)).to_string()))?;
        let rows = std::mem::replace(&mut self.rows, csv::Writer::from_writer(scratch(0)));
        let mut rows = rows.into_inner().map_err(|error| error.into_error())?;
        rows.rewind()?;
        io::copy(&mut rows, out).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::is_changed;

    #[test]
    fn what_a_spreadsheet_would_change() {
        for text in [
            "07000",
            "50000000000000",
            "04 92 00 00 01",
            "2014-01-10",
            "12,50",
            "1E5",
            "22 mai 2025",
            "1-2",
            "+33199001234",
        ] {
            assert!(is_changed(text), "{text}");
        }
        for text in ["46100", "0", "2A", "12 rue Basse", "Pôle 2", "", "mai", "=1+1", "contact@example.org"] {
            assert!(!is_changed(text), "{text}");
        }
    }
}
