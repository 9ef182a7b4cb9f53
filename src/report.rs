//! Reports: what a run found, for a person or a program.
//!
//! A report is gathered as the run goes, in memory while it is small and then in a temporary file, and written once
//! the run has succeeded: a run that fails leaves no half report.

mod csv;
mod json;
mod text;

use std::io::{Seek, SeekFrom, Write};

use crate::error::Result;
use crate::finding::Finding;
use crate::language::Language;
use crate::run::{Event, Outcome};
use crate::scratch::{Scratch, failed, scratch};
use crate::settings::Settings;

/// Bytes of a report held in memory.
const HELD_BYTES: usize = 4 << 20;

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum ReportFormat {
    /// For reading.
    #[default]
    #[cfg_attr(feature = "cli", value(help = "à lire / for reading"))]
    Text,
    /// For programs; its schema is `schema/report.schema.json`.
    #[cfg_attr(feature = "cli", value(help = "pour les programmes / for programs"))]
    Json,
    /// For a spreadsheet: a finding a row.
    #[cfg_attr(
        feature = "cli",
        value(help = "pour un tableur, un constat par ligne / for a spreadsheet, a finding a row")
    )]
    Csv,
}

/// Whether a text for a person has colours, as ANSI escape sequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colours {
    /// Plain text.
    #[default]
    Without,
    /// For a terminal.
    With,
}

/// A report being gathered.
pub struct Report {
    format: ReportFormat,
    language: Language,
    colours: Colours,
    body: Scratch,
    /// Of the JSON report: the records, one a line.
    records: Scratch,
    text: text::Progress,
}

impl Report {
    /// An empty report; `colours` matter to the text alone.
    pub fn new(format: ReportFormat, language: Language, colours: Colours) -> Report {
        let held = || scratch(HELD_BYTES);
        Report { format, language, colours, body: held(), records: held(), text: text::Progress::default() }
    }

    /// Adds what an event tells.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn add(&mut self, event: &Event) -> Result<()> {
        match event {
            Event::Record(_, findings) | Event::Findings(findings) => {
                findings.iter().try_for_each(|finding| self.finding(finding)).map_err(|error| failed(&error))
            }
            Event::Assessed(assessment) if self.format == ReportFormat::Json => {
                json::assessment(&mut self.records, assessment).map_err(|error| failed(&error))
            }
            Event::Assessed(_) | Event::Unpublishable(..) => Ok(()),
        }
    }

    fn finding(&mut self, finding: &Finding) -> std::io::Result<()> {
        match self.format {
            ReportFormat::Text => text::finding(&mut self.body, &mut self.text, finding, self.language, self.colours),
            ReportFormat::Json => json::finding(&mut self.body, finding),
            ReportFormat::Csv => csv::finding(&mut self.body, finding, self.language),
        }
    }

    /// Writes the report: to be called when the run has succeeded.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write(mut self, outcome: &Outcome, settings: &Settings, mut out: impl Write) -> std::io::Result<()> {
        self.body.seek(SeekFrom::Start(0))?;
        match self.format {
            ReportFormat::Text => text::write(&mut self.body, outcome, settings, self.colours, &mut out),
            ReportFormat::Json => {
                self.records.seek(SeekFrom::Start(0))?;
                json::write(&mut self.body, &mut self.records, outcome, settings, &mut out)
            }
            ReportFormat::Csv => csv::write(&mut self.body, self.language, &mut out),
        }?;
        out.flush()
    }
}

/// The verdict in a few lines, without the findings.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_summary(
    outcome: &Outcome,
    settings: &Settings,
    colours: Colours,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    text::summary(outcome, settings, colours, out)
}
