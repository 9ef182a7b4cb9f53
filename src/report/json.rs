//! The report for programs, as `schema/report.schema.json` describes it.

use std::io::{Read, Write};

use serde::Serialize;

use crate::finding::Finding;
use crate::run::{Outcome, Source, Summary};
use crate::settings::{NotRun, Settings};

/// Version of the form of the report: a change that a reader must know of gives a new first number.
const VERSION: &str = "1.1";

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

pub(super) fn write(
    body: &mut impl Read,
    outcome: &Outcome,
    settings: &Settings,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let tool = Tool { name: "ptce", version: env!("CARGO_PKG_VERSION"), profile: settings.profile.name() };
    let (sources, summary): (&[Source], &Summary) = (&outcome.sources, &outcome.summary);
    let not_run: Vec<NotRun> = settings.not_run();
    write!(out, "{{\n  \"version\": \"{VERSION}\",\n  \"tool\": {}", serde_json::to_string(&tool)?)?;
    write!(out, ",\n  \"inputs\": {}", serde_json::to_string(sources)?)?;
    write!(out, ",\n  \"summary\": {}", serde_json::to_string(summary)?)?;
    write!(out, ",\n  \"findings\": [")?;
    // Each finding was written with a comma before it; the first one has none.
    let mut comma = [0];
    if body.read(&mut comma)? > 0 {
        std::io::copy(body, out)?;
        write!(out, "\n  ")?;
    }
    writeln!(out, "],\n  \"not_run\": {}\n}}", serde_json::to_string(&not_run)?)
}
