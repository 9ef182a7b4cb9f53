//! The report for programs, as `schema/report.schema.json` describes it.

use std::io::{Read, Write};

use serde::Serialize;

use crate::finding::{Finding, RecordName};
use crate::reference::sources::{EmbeddedTable, Source, sources, tables};
use crate::run::{self, Assessment, Outcome, Summary};
use crate::settings::{NotRun, Settings};

/// Version of the form of the report: a change that a reader must know of gives a new first number.
const VERSION: &str = "1.2";

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
    profile: &'static str,
}

/// A finding on a line of its own: the report is one JSON document, and still easy to read and to compare.
pub(super) fn finding(out: &mut impl Write, finding: &Finding) -> std::io::Result<()> {
    out.write_all(b",\n    ")?;
    serde_json::to_writer(&mut *out, finding)?;
    Ok(())
}

#[derive(Serialize)]
struct Assessed<'a> {
    file: &'a str,
    #[serde(flatten)]
    record: &'a RecordName,
    completeness: u8,
    missing: Vec<&'static str>,
}

/// A record on a line of its own.
pub(super) fn assessment(out: &mut impl Write, assessment: &Assessment) -> std::io::Result<()> {
    out.write_all(b",\n    ")?;
    let Assessment { file, record, completeness } = assessment;
    let missing = completeness.missing().collect();
    serde_json::to_writer(&mut *out, &Assessed { file, record, completeness: completeness.percent(), missing })?;
    Ok(())
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

pub(super) fn write(
    body: &mut impl Read,
    records: &mut impl Read,
    outcome: &Outcome,
    settings: &Settings,
    out: &mut dyn Write,
) -> std::io::Result<()> {
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
        .collect();
    write!(out, ",\n  \"unread\": {}", serde_json::to_string(&unread)?)?;
    write!(out, ",\n  \"summary\": {}", serde_json::to_string(summary)?)?;
    write!(out, ",\n  \"findings\": [")?;
    list(body, out)?;
    write!(out, "],\n  \"records\": [")?;
    list(records, out)?;
    writeln!(out, "],\n  \"not_run\": {}\n}}", serde_json::to_string(&not_run)?)
}
