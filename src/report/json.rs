//! The report for programs, as `schema/report.schema.json` describes it.

use std::io::{Read, Write};

use serde::Serialize;

use super::{Body, Writer};
use crate::finding::{Finding, RecordName};
use crate::reference::sources::{EmbeddedTable, Source, sources, tables};
use crate::run::{self, Assessment, Outcome, Summary};
use crate::settings::{NotRun, Settings};
use crate::wording;

/// Version of the form of the report: a change that a reader must know of gives a new first number.
const VERSION: &str = "1.2";

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
    profile: &'static str,
}

pub(super) struct Json {
    findings: Body,
    records: Body,
}

impl Json {
    pub fn new() -> Json {
        Json { findings: Body::new(), records: Body::new() }
    }
}

/// Sets a value aside on a line of its own: the report is one JSON document, and still easy to read and to compare.
fn line(body: &mut Body, value: &impl Serialize) -> std::io::Result<()> {
    body.0.write_all(b",\n    ")?;
    Ok(serde_json::to_writer(&mut body.0, value)?)
}

#[derive(Serialize)]
struct Assessed<'a> {
    file: &'a str,
    #[serde(flatten)]
    record: &'a RecordName,
    completeness: u8,
    missing: Vec<&'static str>,
}

/// The lines of a list: each was written with a comma before it; the first one has none.
fn list(lines: &mut impl Read, out: &mut dyn Write) -> std::io::Result<()> {
    let mut comma = [0];
    if lines.read(&mut comma)? > 0 {
        std::io::copy(lines, out)?;
        write!(out, "\n  ")?;
    }
    Ok(())
}

/// A source that could not be read.
#[derive(Serialize)]
struct Unread<'a> {
    file: &'a str,
    message: String,
}

#[derive(Serialize)]
struct Reference {
    sources: Vec<Source>,
    tables: Vec<EmbeddedTable>,
}

impl Writer for Json {
    fn finding(&mut self, finding: &Finding) -> std::io::Result<()> {
        line(&mut self.findings, finding)
    }

    fn assessment(&mut self, assessment: &Assessment) -> std::io::Result<()> {
        let Assessment { file, record, completeness } = assessment;
        let missing = completeness.missing().collect();
        line(&mut self.records, &Assessed { file, record, completeness: completeness.percent(), missing })
    }

    fn write(&mut self, outcome: &Outcome, settings: &Settings, out: &mut dyn Write) -> std::io::Result<()> {
        let tool = Tool { name: "ptce", version: env!("CARGO_PKG_VERSION"), profile: settings.profile.name() };
        let (inputs, summary): (&[run::Source], &Summary) = (&outcome.sources, &outcome.summary);
        let reference = Reference { sources: sources().collect(), tables: tables().collect() };
        let not_run: Vec<NotRun> = settings.not_run();
        write!(out, "{{\n  \"version\": \"{VERSION}\",\n  \"tool\": {}", serde_json::to_string(&tool)?)?;
        write!(out, ",\n  \"reference\": {}", serde_json::to_string(&reference)?)?;
        write!(out, ",\n  \"inputs\": {}", serde_json::to_string(inputs)?)?;
        let unread: Vec<Unread<'_>> = outcome
            .unread
            .iter()
            .map(|error| Unread { file: error.file().unwrap_or_default(), message: error.message(settings.language) })
            .chain(outcome.passed_over.iter().map(|file| Unread {
                file,
                message: wording::passed_over(file).in_language(settings.language).to_owned(),
            }))
            .collect();
        write!(out, ",\n  \"unread\": {}", serde_json::to_string(&unread)?)?;
        write!(out, ",\n  \"summary\": {}", serde_json::to_string(summary)?)?;
        write!(out, ",\n  \"findings\": [")?;
        list(self.findings.read()?, out)?;
        write!(out, "],\n  \"records\": [")?;
        list(self.records.read()?, out)?;
        write!(out, "]")?;
        if !outcome.waived.is_empty() {
            write!(out, ",\n  \"waived\": {}", serde_json::to_string(&outcome.waived)?)?;
        }
        writeln!(out, ",\n  \"not_run\": {}\n}}", serde_json::to_string(&not_run)?)
    }
}
