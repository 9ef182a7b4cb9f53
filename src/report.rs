//! Reports: what a run found, for a person or a program.
//!
//! A report is gathered as the run goes, in memory while it is small and then in a temporary file, and written once
//! the run has succeeded: a run that fails leaves no half report.

mod csv;
mod github;
mod groups;
mod html;
mod json;
mod junit;
mod letter;
mod ndjson;
mod sarif;
mod text;
mod understood;

use std::borrow::Cow;
use std::io::{self, BufWriter, Seek, Write};

use crate::entry::OwnedEntry;
use crate::error::Result;
use crate::field::Field;
use crate::finding::Finding;
use crate::language::Language;
use crate::run::{Assessment, Event, Options, Outcome};
use crate::scratch::{Scratch, failed, scratch};
use crate::settings::Settings;
use crate::text::visible::{Unseen, Visible};
pub(crate) use html::STYLE;
pub use letter::{LETTER_PARTS, LetterForm};

/// Bytes of a report held in memory.
const HELD_BYTES: usize = 4 << 20;

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ReportFormat {
    /// For reading.
    #[default]
    Text,
    /// For programs; its schema is `schema/report.schema.json`.
    Json,
    /// A finding a line, as JSON.
    Ndjson,
    /// For a spreadsheet: a finding a row.
    Csv,
    /// One page for a browser.
    Html,
    /// The letter to the sender.
    Letter(LetterForm),
    /// SARIF 2.1.0, for platforms of code.
    Sarif,
    /// Annotations of a job on GitHub.
    Github,
    /// A run of tests, for continuous integration.
    Junit,
}

impl ReportFormat {
    /// What the form needs of a run besides the findings.
    pub fn asking(self, options: Options) -> Options {
        let is_page = self == ReportFormat::Html;
        let has_hash =
            matches!(self, ReportFormat::Json | ReportFormat::Html | ReportFormat::Sarif | ReportFormat::Junit);
        Options {
            records: options.records || is_page,
            assess: options.assess || is_page || self == ReportFormat::Json,
            digest: options.digest || has_hash,
            ..options
        }
    }
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
    writer: Box<dyn Writer>,
    /// What becomes of characters that act, wherever they come from.
    unseen: Unseen,
}

/// What writes a report of one form. Findings are set aside as they come.
trait Writer {
    fn finding(&mut self, finding: &Finding) -> io::Result<()>;

    /// Takes a record with what is wrong with it, where the run gives them.
    fn record(&mut self, _: &OwnedEntry, findings: &[Finding]) -> io::Result<()> {
        findings.iter().try_for_each(|finding| self.finding(finding))
    }

    /// Takes how complete a record is, where the form has a place for it.
    fn assessment(&mut self, _: &Assessment) -> io::Result<()> {
        Ok(())
    }

    /// Writes the whole report.
    fn write(&mut self, outcome: &Outcome, settings: &Settings, out: &mut dyn Write) -> io::Result<()>;
}

impl Report {
    /// An empty report; `colours` matter to the text alone.
    pub fn new(format: ReportFormat, language: Language, colours: Colours) -> Report {
        let writer: Box<dyn Writer> = match format {
            ReportFormat::Text => Box::new(text::Text::new(language, colours)),
            ReportFormat::Json => Box::new(json::Json::new()),
            ReportFormat::Ndjson => Box::new(ndjson::Ndjson::new()),
            ReportFormat::Csv => Box::new(csv::Csv::new(language)),
            ReportFormat::Html => Box::new(html::Page::new(language)),
            ReportFormat::Letter(form) => Box::new(letter::Letter::new(language, form, None)),
            ReportFormat::Sarif => Box::new(sarif::Sarif::new(language)),
            ReportFormat::Github => Box::new(github::Github::new(language)),
            ReportFormat::Junit => Box::new(junit::Junit::new(language)),
        };
        let unseen = match (format, colours) {
            (ReportFormat::Json | ReportFormat::Ndjson | ReportFormat::Sarif, _) => Unseen::Escaped,
            (ReportFormat::Text, Colours::With) => Unseen::Coloured,
            _ => Unseen::Replaced,
        };
        Report { writer, unseen }
    }

    /// A letter by a template of one’s own, in which `{{verdict}}` and the other [`LETTER_PARTS`] are filled in.
    pub fn letter(language: Language, form: LetterForm, template: String) -> Report {
        Report { writer: Box::new(letter::Letter::new(language, form, Some(template))), unseen: Unseen::Replaced }
    }

    /// Adds what an event tells.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn add(&mut self, event: &Event) -> Result<()> {
        match event {
            Event::Record(entry, findings) => self.writer.record(entry, findings),
            Event::Findings(findings) => findings.iter().try_for_each(|finding| self.writer.finding(finding)),
            Event::Assessed(assessment) => self.writer.assessment(assessment),
            Event::Encoded(_) | Event::Unpublishable(..) => Ok(()),
        }
        .map_err(|error| failed(&error))
    }

    /// Writes the report: to be called when the run has succeeded.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write(mut self, outcome: &Outcome, settings: &Settings, out: impl Write) -> io::Result<()> {
        let mut out = Visible::new(out, self.unseen);
        self.writer.write(outcome, settings, &mut out)?;
        out.flush()
    }
}

/// Part of a report that is set aside until the end.
struct Body(BufWriter<Scratch>);

impl Body {
    fn new() -> Body {
        Body(BufWriter::new(scratch(HELD_BYTES)))
    }

    /// From its beginning, to be read.
    fn read(&mut self) -> io::Result<&mut Scratch> {
        self.0.rewind()?;
        Ok(self.0.get_mut())
    }
}

/// The verdict in a few lines, without the findings.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_summary(outcome: &Outcome, settings: &Settings, colours: Colours, out: &mut dyn Write) -> io::Result<()> {
    let unseen = if colours == Colours::With { Unseen::Coloured } else { Unseen::Replaced };
    let mut out = Visible::new(out, unseen);
    text::summary(outcome, settings, colours, &mut out)?;
    out.flush()
}

/// The value of a finding as readers of a language write it: a number of the record with a decimal comma in French.
fn shown_value(finding: &Finding, language: Language) -> Option<Cow<'_, str>> {
    let value = finding.value.as_deref()?;
    let is_decimal = language == Language::French
        && value.contains('.')
        && value.parse::<f64>().is_ok()
        && Field::at(&finding.pointer).is_some_and(Field::is_number);
    Some(if is_decimal { Cow::Owned(value.replace('.', ",")) } else { Cow::Borrowed(value) })
}
