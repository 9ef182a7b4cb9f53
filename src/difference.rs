//! What changed from one check to the next: what is resolved, what is left, what is new, which records went or came.
//!
//! A finding is known again by its record, its rule, the place in the record and the value, never by its row: rows are sorted
//! and inserted between two rounds. A record is known by its identifier, else by its name, else by its rank.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::export::open_data::page::html::{Html, html};
use crate::finding::{Finding, Level, RecordName};
use crate::language::{Language, Phrase, counted};
use crate::run::Event;
use crate::text::fold::folded;
use crate::text::visible::{Unseen, Visible};
use crate::wording;

/// A finding, as a report tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Told {
    /// The code of the rule.
    pub code: String,
    /// How grave it is.
    pub level: Level,
    /// What is wrong.
    pub message: String,
    /// The record, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Named>,
    /// The place in the record.
    #[serde(default)]
    pub pointer: String,
    /// The value found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The place in the source, as the report has it.
    #[serde(default)]
    pub location: serde_json::Value,
}

/// A record, as a report names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Named {
    /// Its rank in its file.
    #[serde(default)]
    pub index: u64,
    /// Its identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name.
    #[serde(default, rename = "nom", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A check: its records and its findings.
#[derive(Debug, Clone, Default)]
pub struct Round {
    records: Vec<Named>,
    findings: Vec<Told>,
}

/// A report, as far as it is compared.
#[derive(Deserialize)]
struct Report {
    findings: Vec<Told>,
    records: Vec<Named>,
}

impl From<&RecordName> for Named {
    fn from(record: &RecordName) -> Named {
        Named { index: record.index, id: record.id.clone(), name: record.name.clone() }
    }
}

impl From<&Finding> for Told {
    fn from(finding: &Finding) -> Told {
        Told {
            code: finding.code.to_owned(),
            level: finding.level,
            message: finding.message.clone(),
            record: finding.record.as_ref().map(Named::from),
            pointer: finding.pointer.clone(),
            value: finding.value.clone(),
            location: serde_json::to_value(&finding.location).unwrap_or_default(),
        }
    }
}

impl Round {
    /// The round that a JSON report of ours tells; `file` is its name in errors.
    ///
    /// # Errors
    /// When the text is no such report.
    pub fn of_report(text: &str, file: &str) -> Result<Round> {
        let report: Report = serde_json::from_str(text).map_err(|error| {
            Error::new(ErrorKind::Syntax, "ce n’est pas un rapport JSON de ptce", "this is no JSON report of ptce")
                .in_file(file)
                .at(error.line() as u64, Some(error.column() as u64))
        })?;
        Ok(Round { records: report.records, findings: report.findings })
    }

    /// Whether a text looks like a report, not like records.
    pub fn is_report(text: &str) -> bool {
        let start = &text[..text.char_indices().nth(4_000).map_or(text.len(), |(end, _)| end)];
        start.trim_start_matches('\u{feff}').trim_start().starts_with('{')
            && (start.contains("\"tool\"") && start.contains("\"inputs\"") || start.contains("\"findings\""))
    }

    /// Adds what an event of a run tells, which must assess its records.
    pub fn add(&mut self, event: &Event) {
        match event {
            Event::Record(_, findings) | Event::Findings(findings) => {
                self.findings.extend(findings.iter().map(Told::from));
            }
            Event::Assessed(assessment) => self.records.push(Named::from(&assessment.record)),
            Event::Encoded(_) | Event::Unpublishable(..) => {}
        }
    }

    /// The key of each record, by which it is known again: namesakes have a rank.
    fn keys(&self) -> BTreeMap<Named, String> {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let mut keys = BTreeMap::new();
        for record in &self.records {
            let base = match (&record.id, &record.name) {
                (Some(id), _) => format!("id {}", id.trim()),
                (None, Some(name)) => format!("nom {}", folded(name)),
                (None, None) => format!("rang {}", record.index),
            };
            let rank = seen.entry(base.clone()).or_default();
            *rank += 1;
            keys.entry(record.clone()).or_insert(format!("{base} {rank}"));
        }
        keys
    }
}

/// What changed.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// Findings of the old round that the new one has no more.
    pub resolved: Vec<Told>,
    /// Findings of both, as the new round tells them.
    pub left: Vec<Told>,
    /// Findings of the new round alone.
    pub new: Vec<Told>,
    /// Records of the old round alone.
    pub records_gone: Vec<Named>,
    /// Records of the new round alone.
    pub records_added: Vec<Named>,
}

impl Difference {
    /// Compares two rounds.
    pub fn between(old: &Round, new: &Round) -> Difference {
        let (old_keys, new_keys) = (old.keys(), new.keys());
        let key = |told: &Told, keys: &BTreeMap<Named, String>| {
            let record = told.record.as_ref().and_then(|record| keys.get(record).cloned()).unwrap_or_default();
            (record, told.code.clone(), place(&told.pointer))
        };
        // First what is the same to its value, then what is still wrong at the same place with another value.
        let mut waiting: BTreeMap<_, VecDeque<usize>> = BTreeMap::new();
        for (rank, told) in old.findings.iter().enumerate() {
            waiting.entry(key(told, &old_keys)).or_default().push_back(rank);
        }
        let mut is_left = vec![false; new.findings.len()];
        let mut is_resolved = vec![true; old.findings.len()];
        for by_value in [true, false] {
            for (rank, told) in new.findings.iter().enumerate().filter(|(rank, _)| !is_left[*rank]).collect::<Vec<_>>()
            {
                let Some(same) = waiting.get_mut(&key(told, &new_keys)) else { continue };
                let found = same.iter().position(|old_rank| !by_value || old.findings[*old_rank].value == told.value);
                if let Some(old_rank) = found.and_then(|at| same.remove(at)) {
                    (is_left[rank], is_resolved[old_rank]) = (true, false);
                }
            }
        }
        let pick = |findings: &[Told], is_wanted: &[bool], wanted: bool| {
            findings.iter().zip(is_wanted).filter(|(_, is)| **is == wanted).map(|(told, _)| told.clone()).collect()
        };
        let only = |these: &BTreeMap<Named, String>, those: &BTreeMap<Named, String>| {
            let known: std::collections::BTreeSet<&String> = those.values().collect();
            let mut only: Vec<Named> =
                these.iter().filter(|(_, key)| !known.contains(key)).map(|(record, _)| record.clone()).collect();
            only.sort();
            only
        };
        Difference {
            resolved: pick(&old.findings, &is_resolved, true),
            left: pick(&new.findings, &is_left, true),
            new: pick(&new.findings, &is_left, false),
            records_gone: only(&old_keys, &new_keys),
            records_added: only(&new_keys, &old_keys),
        }
    }

    /// Whether an error is left or new.
    pub fn has_errors(&self) -> bool {
        self.left.iter().chain(&self.new).any(|told| told.level == Level::Error)
    }

    fn sections(&self) -> [(Phrase, &[Told]); 3] {
        [(wording::STILL_NEW, &self.new), (wording::STILL_LEFT, &self.left), (wording::RESOLVED, &self.resolved)]
    }

    fn records(&self) -> [(Phrase, &[Named]); 2] {
        [(wording::RECORDS_GONE, &self.records_gone), (wording::RECORDS_ADDED, &self.records_added)]
    }

    fn figures(&self, language: Language) -> String {
        let number = |list: &[Told]| list.len() as u64;
        let (resolved, left, new) = (number(&self.resolved), number(&self.left), number(&self.new));
        match language {
            Language::French => format!(
                "{}, {}, {}.",
                counted(resolved, "constat résolu", "constats résolus"),
                counted(left, "qui reste", "qui restent"),
                counted(new, "nouveau", "nouveaux")
            ),
            Language::English => {
                format!("{}, {left} left, {new} new.", counted(resolved, "finding resolved", "findings resolved"))
            }
        }
    }

    /// Writes it for a program.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut out = Visible::new(out, Unseen::Escaped);
        serde_json::to_writer_pretty(&mut out, self)?;
        writeln!(out)?;
        out.flush()
    }

    /// Writes it for a person.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write_text(&self, language: Language, out: &mut dyn Write) -> io::Result<()> {
        let mut out = Visible::new(out, Unseen::Replaced);
        for (heading, findings) in self.sections() {
            if findings.is_empty() {
                continue;
            }
            writeln!(out, "{} ({})", heading.in_language(language), findings.len())?;
            for told in findings {
                writeln!(out, "  {}  {}{}  [{}]", told.level.name(), record(told), told.message, told.code)?;
            }
            writeln!(out)?;
        }
        for (heading, records) in self.records() {
            if !records.is_empty() {
                writeln!(out, "{} ({})", heading.in_language(language), records.len())?;
                records.iter().try_for_each(|record| writeln!(out, "  {}", name(record)))?;
                writeln!(out)?;
            }
        }
        writeln!(out, "{}", self.figures(language))?;
        out.flush()
    }

    /// Writes it as a page for a browser.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write_html(&self, language: Language, out: &mut dyn Write) -> io::Result<()> {
        let mut page = Html::default();
        let title = wording::DIFFERENCE.in_language(language);
        let code = if language == Language::French { "fr" } else { "en" };
        html!(page, "<!doctype html>\n<html lang=\"" (code) "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
        html!(page, "<title>" (title) "</title><style>" [Html::of_file(crate::report::STYLE)] "</style></head><body><h1>" (title) "</h1>");
        let grave = if self.has_errors() { "error" } else { "info" };
        html!(page, "<p class=\"verdict " (grave) "\">" (self.figures(language)) "</p>\n");
        for (heading, findings) in self.sections() {
            html!(page, "<h2>" (heading.in_language(language)) " (" (findings.len()) ")</h2><ul>\n");
            for told in findings {
                html!(page, "<li><p><span class=\"badge " (told.level.name()) "\">" (told.level.described(language)) "</span> " (record(told)) (told.message) " <code>" (told.code) "</code></p></li>\n");
            }
            html!(page, "</ul>\n");
        }
        for (heading, records) in self.records() {
            html!(page, "<h2>" (heading.in_language(language)) " (" (records.len()) ")</h2><ul>\n");
            for record in records {
                html!(page, "<li>" (name(record)) "</li>\n");
            }
            html!(page, "</ul>\n");
        }
        html!(page, "</body></html>\n");
        out.write_all(page.as_str().as_bytes())
    }
}

/// A pointer without the ranks of lists, which move when an element is added.
fn place(pointer: &str) -> String {
    let step = |step: &str| if step.bytes().all(|byte| byte.is_ascii_digit()) { "*" } else { step }.to_owned();
    pointer
        .split('/')
        .map(|part| if part.is_empty() { String::new() } else { step(part) })
        .collect::<Vec<_>>()
        .join("/")
}

fn name(record: &Named) -> String {
    match record.name.as_ref().or(record.id.as_ref()) {
        Some(name) => format!("{} – {name}", record.index),
        None => record.index.to_string(),
    }
}

fn record(told: &Told) -> String {
    told.record.as_ref().map_or(String::new(), |record| format!("{} · ", name(record)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, Settings, run};

    fn round(csv: &str) -> Round {
        let mut round = Round::default();
        let options = run::Options { assess: true, ..run::Options::default() };
        let input = Input::from_bytes("envoi.csv", csv.as_bytes().to_vec());
        run::run(vec![input], &Settings::default(), &options, &mut |event| {
            round.add(&event);
            Ok(())
        })
        .unwrap();
        round
    }

    const OLD: &str = "nom;coordinateur;code postal;commune
Fabriques;Ateliers;1400;Bourg
Roue libre;;46100;Figeac
Laine;Filature;x1;Figeac
";

    #[test]
    fn sorting_and_new_rows_change_nothing() {
        let sorted = "nom;coordinateur;code postal;commune
Laine;Filature;x1;Figeac
;;;
Roue libre;;46100;Figeac
Fabriques;Ateliers;1400;Bourg
";
        let difference = Difference::between(&round(OLD), &round(sorted));
        let codes = |findings: &[Told]| findings.iter().map(|told| told.code.clone()).collect::<Vec<_>>();
        assert_eq!(codes(&difference.resolved), [""; 0]);
        assert_eq!(codes(&difference.new), ["blank-record"]);
        assert_eq!(difference.left.len(), round(OLD).findings.len());
        assert!(difference.records_gone.is_empty() && difference.records_added.is_empty());
    }

    #[test]
    fn what_was_corrected_is_resolved() {
        let corrected = "nom;coordinateur;code postal;commune
Roue libre;Atelier;46100;Figeac
Laine;Filature;x2;Figeac
Bois;Scierie;9;Figeac
";
        let difference = Difference::between(&round(OLD), &round(corrected));
        let of = |findings: &[Told], code: &str| {
            let of = findings.iter().filter(|told| told.code == code);
            of.filter_map(|told| told.record.as_ref()?.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(of(&difference.resolved, "missing-coordinator"), ["Roue libre"]);
        assert_eq!(of(&difference.left, "malformed-postal-code"), ["Laine"], "still wrong, with another value");
        assert_eq!(of(&difference.new, "malformed-postal-code"), ["Bois"]);
        assert_eq!(difference.records_gone[0].name.as_deref(), Some("Fabriques"));
        assert_eq!(difference.records_added[0].name.as_deref(), Some("Bois"));
        assert!(difference.has_errors());
    }
}
