//! What is said of a workbook, and how it is put into a note or a row.

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};
use crate::finding::{Confidence, Finding, Level};
use crate::guide;
use crate::import::workbook::xlsx::reference;
use crate::language::Language;
use crate::location::Location;
use crate::wording;

/// Characters that a note may have: Excel's ceiling is that of a cell.
const MAX_NOTE: usize = 30_000;

/// Something to say of a cell, or of the whole workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remark {
    /// How grave it is.
    pub level: Option<Level>,
    /// The code of the rule.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// The value found.
    pub value: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
    /// The likely correction.
    pub suggestion: Option<String>,
    /// How sure it is.
    pub confidence: Option<Confidence>,
    /// The record, by its rank and name.
    pub record: Option<String>,
    /// The place.
    pub place: Place,
}

/// A place in a workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The sheet; the only one of a workbook needs no name.
    pub sheet: Option<String>,
    /// The row and the column, counted from 1.
    pub cell: Option<(u64, u32)>,
}

impl From<&Finding> for Remark {
    fn from(finding: &Finding) -> Remark {
        let name = |record: &crate::finding::RecordName| match record.name.as_ref().or(record.id.as_ref()) {
            Some(name) => format!("{} – {name}", record.index),
            None => record.index.to_string(),
        };
        Remark {
            level: Some(finding.level),
            code: finding.code.to_owned(),
            message: finding.message.clone(),
            value: finding.value.clone(),
            expected: finding.expected.clone(),
            suggestion: finding.suggestion.clone(),
            confidence: finding.confidence,
            record: finding.record.as_ref().map(name),
            place: Place::from(&finding.location),
        }
    }
}

impl From<&Location> for Place {
    fn from(location: &Location) -> Place {
        let row = location.row.or(location.line);
        let named = location.cell.as_deref().and_then(cell);
        Place { sheet: location.sheet.clone(), cell: named.or(row.zip(location.column)) }
    }
}

/// The row and column of a cell such as `B3`, `$B$3` or the first of a range.
fn cell(text: &str) -> Option<(u64, u32)> {
    let text = text.rsplit('!').next()?.split(':').next()?.replace('$', "");
    reference(text.trim().as_bytes()).filter(|(row, column)| *row <= 1 << 20 && (1..=1 << 14).contains(column))
}

/// A report from which remarks are taken: ours, or any JSON with these keys.
#[derive(Deserialize)]
struct Report {
    findings: Vec<Told>,
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    level: Option<String>,
    #[serde(default)]
    code: Option<serde_json::Value>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    value: Option<serde_json::Value>,
    #[serde(default)]
    expected: Option<serde_json::Value>,
    #[serde(default)]
    suggestion: Option<serde_json::Value>,
    #[serde(default)]
    confidence: Option<String>,
    #[serde(default)]
    record: Option<serde_json::Value>,
    #[serde(default)]
    location: Option<ToldPlace>,
}

#[derive(Default, Deserialize)]
struct ToldPlace {
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    sheet: Option<String>,
    #[serde(default)]
    cell: Option<String>,
    #[serde(default)]
    row: Option<u64>,
    #[serde(default)]
    line: Option<u64>,
    #[serde(default)]
    column: Option<u32>,
}

/// The remarks of a report on a file, and how many it has on others.
///
/// # Errors
/// When the text is no JSON with findings, or a level is not one.
pub fn remarks_of_report(report: &str, name: &str, file: &str) -> Result<(Vec<Remark>, usize)> {
    let report: Report = serde_json::from_str(report).map_err(|error| {
        Error::new(
            ErrorKind::Syntax,
            "ce n’est pas un rapport JSON qui a une liste « findings »",
            "this is no JSON report that has a list “findings”",
        )
        .in_file(name)
        .at(error.line() as u64, Some(error.column() as u64))
    })?;
    let last = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let is_of = |told: &Told| told.location.as_ref().and_then(|place| place.file.as_deref()).map(last);
    let files: std::collections::BTreeSet<String> = report.findings.iter().filter_map(is_of).collect();
    let mut left_out = 0;
    let mut remarks = Vec::new();
    for told in report.findings {
        // A report on one file is about this one, whatever it was called then.
        if files.len() > 1 && is_of(&told).is_some_and(|of| of != last(file)) {
            left_out += 1;
            continue;
        }
        remarks.push(told.remark(name)?);
    }
    Ok((remarks, left_out))
}

impl Told {
    fn remark(self, name: &str) -> Result<Remark> {
        let text = |value: Option<serde_json::Value>| match value? {
            serde_json::Value::Null => None,
            serde_json::Value::String(text) => Some(text),
            other => Some(other.to_string()),
        };
        let level = match self.level.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("error" | "erreur" | "fatal" | "critical") => Level::Error,
            Some("warning" | "warn" | "avertissement") => Level::Warning,
            Some("info" | "information" | "notice" | "note") | None => Level::Info,
            Some(other) => {
                return Err(Error::new(
                    ErrorKind::Syntax,
                    format!("« {other} » n’est pas un niveau ; écrivez error, warning ou info"),
                    format!("“{other}” is no level; write error, warning or info"),
                )
                .in_file(name));
            }
        };
        let confidence = match self.confidence.as_deref() {
            Some("high") => Some(Confidence::High),
            Some("medium") => Some(Confidence::Medium),
            Some("low") => Some(Confidence::Low),
            _ => None,
        };
        let record = self.record.and_then(|record| match &record {
            serde_json::Value::Object(fields) => {
                let index = fields.get("index").map(ToString::to_string).unwrap_or_default();
                let name = ["nom", "name", "id"].iter().find_map(|key| fields.get(*key)?.as_str());
                Some(name.map_or(index.clone(), |name| format!("{index} – {name}"))).filter(|text| !text.is_empty())
            }
            _ => text(Some(record)),
        });
        let place = self.location.unwrap_or_default();
        let named = place.cell.as_deref().and_then(cell);
        Ok(Remark {
            level: Some(level),
            code: text(self.code).unwrap_or_default(),
            message: self.message,
            value: text(self.value),
            expected: text(self.expected),
            suggestion: text(self.suggestion),
            confidence,
            record,
            place: Place {
                cell: named.or(place.row.or(place.line).zip(place.column)),
                sheet: place.sheet.filter(|sheet| !sheet.is_empty()),
            },
        })
    }
}

impl Remark {
    /// How grave it is.
    pub fn gravity(&self) -> Level {
        self.level.unwrap_or(Level::Info)
    }
}

/// The name of a level, as people read it.
pub(super) fn level_name(level: Level, language: Language) -> &'static str {
    match level {
        Level::Error => wording::ERROR,
        Level::Warning => wording::WARNING,
        Level::Info => wording::INFO,
    }
    .in_language(language)
}

/// A text on one line.
fn line(text: &str) -> String {
    text.split(|c: char| c.is_control()).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The note of a cell: each remark begins with our mark, and its other lines with what no one else writes there, so that all
/// of it can be told from what people say in the same note.
pub(super) fn note(remarks: &[&Remark], sheet: &str, language: Language) -> String {
    let mut note = String::new();
    for remark in remarks {
        let mut lines = vec![format!(
            "{} {}{} {}",
            guide::NOTE_MARK,
            level_name(remark.gravity(), language),
            if language == Language::French { "\u{a0}:" } else { ":" },
            line(&remark.message)
        )];
        let suggested = match remark.confidence {
            Some(Confidence::High) | None => wording::SUGGESTED,
            Some(_) => wording::TO_CONFIRM,
        };
        for (phrase, text) in [(wording::EXPECTED, &remark.expected), (suggested, &remark.suggestion)] {
            if let Some(text) = text {
                let text = phrase.fill(language, &[("text", &line(text))]);
                lines.push(format!("{}{text}", guide::NOTE_INDENT));
            }
        }
        let text = lines.join("\n");
        if note.chars().count() + text.chars().count() > MAX_NOTE {
            let rest = wording::REST_IN_SHEET.fill(language, &[("sheet", sheet)]);
            note.push_str(&format!("\n{} {rest}", guide::NOTE_MARK));
            break;
        }
        if !note.is_empty() {
            note.push('\n');
        }
        note.push_str(&text);
    }
    note
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remark(message: &str) -> Remark {
        Remark {
            level: Some(Level::Error),
            message: message.to_owned(),
            expected: Some("cinq\nchiffres".to_owned()),
            suggestion: Some("01400".to_owned()),
            confidence: Some(Confidence::Medium),
            ..Remark::default()
        }
    }

    #[test]
    fn a_note_says_what_is_wrong_and_can_be_taken_away() {
        let (one, two) = (remark("« 1400 » a perdu le zéro."), remark("Autre."));
        let note = note(&[&one, &two], "Constats", Language::French);
        insta::assert_snapshot!(note.replace('\u{a0}', "~"), @r"
        [ptce] Erreur~: « 1400 » a perdu le zéro.
        ~ Attendu~: cinq chiffres
        ~ Proposition, à confirmer~: 01400
        [ptce] Erreur~: Autre.
        ~ Attendu~: cinq chiffres
        ~ Proposition, à confirmer~: 01400
        ");
        let people = format!("Vu avec la DREETS\n{note}\nCorrigé, merci");
        assert_eq!(guide::without_our_notes(&people), "Vu avec la DREETS\nCorrigé, merci");
        assert_eq!(guide::without_our_notes(&note), "");
        assert_eq!(guide::without_our_notes("un\n\u{a0} deux"), "un\n\u{a0} deux");
    }

    #[test]
    fn a_long_note_leads_to_the_sheet() {
        let long = remark(&"é".repeat(20_000));
        let note = note(&[&long, &long], "Constats", Language::English);
        assert!(note.ends_with("[ptce] The rest is in the sheet “Constats”."));
    }

    #[test]
    fn cells_are_understood_as_people_write_them() {
        assert_eq!(cell("Feuil1!$B$3:C4"), Some((3, 2)));
        assert_eq!((cell("3B"), cell("B0"), cell("XFE1"), cell("")), (None, None, None, None));
    }

    #[test]
    fn a_report_of_any_program_is_understood() {
        let report = r#"{"findings": [
            {"level": "WARN", "code": 12, "message": "x", "value": 3.5, "location": {"sheet": "A", "cell": "B2"}},
            {"message": "y", "location": {"row": 4, "column": 2, "file": "d/a.xlsx"}},
            {"message": "z", "location": {"file": "b.xlsx"}}]}"#;
        let (remarks, left_out) = remarks_of_report(report, "r.json", "elsewhere/a.xlsx").unwrap();
        assert_eq!((remarks.len(), left_out), (2, 1));
        assert_eq!((remarks[0].gravity(), remarks[0].code.as_str()), (Level::Warning, "12"));
        assert_eq!(remarks[1].place.cell, Some((4, 2)));
        let error = remarks_of_report(r#"{"findings": [{"level": "huge"}]}"#, "r.json", "a").unwrap_err();
        assert!(error.to_string().contains("“huge” is no level"));
        assert!(remarks_of_report("[]", "r.json", "a").is_err());
    }
}
