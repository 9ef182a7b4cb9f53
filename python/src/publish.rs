//! An open-data publication.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use ptce::export::open_data::{
    Consents, Decisions, Doubtful, Metadata, Objections, OpenData, OpenDataOptions, Privacy, unwritable,
};
use ptce::run::{Event, Options};
use ptce::{Error, Level};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::json;

use crate::error::raised;
use crate::source::{Given, inputs};
use crate::work::{self, Judgement};

/// Publishes the records of some sources; answers what was published, as JSON. `texts` are files that go with them, each with
/// its name: metadata, consents, objections, decisions. `today` is the day on which consents must hold.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the one caller names them")]
pub fn publish(
    py: Python<'_>,
    given: Vec<Given>,
    judgement: &Judgement,
    to: PathBuf,
    texts: BTreeMap<String, (String, String)>,
    keep_contacts: Option<String>,
    flags: (bool, bool, bool),
    today: &str,
    progress: Option<Py<PyAny>>,
) -> PyResult<String> {
    let ((force, keep_invalid, withhold_doubtful), mut texts) = (flags, texts);
    let failed = |error: Error| raised(py, &error);
    let today: Date = today.parse().map_err(|_| PyValueError::new_err(today.to_owned()))?;
    let (mut metadata, mut described_in) = (Metadata::default(), None);
    let mut privacy = Privacy { keep_contacts, ..Privacy::default() };
    if let Some((text, name)) = texts.remove("metadata") {
        metadata = Metadata::parse(&text, &name).map_err(failed)?;
        described_in = Some(name);
    }
    if let Some((text, name)) = texts.remove("consents") {
        privacy.consents = Consents::parse(&text, &name).and_then(|consents| consents.until(today)).map_err(failed)?;
    }
    if let Some((text, name)) = texts.remove("objections") {
        privacy.objections = Objections::parse(&text, &name).map_err(failed)?;
    }
    if let Some((text, name)) = texts.remove("decisions") {
        privacy.decisions = Decisions::parse(&text, &name).map_err(failed)?;
    }
    privacy.doubtful = if withhold_doubtful { Doubtful::Withhold } else { Doubtful::Publish };
    let options = OpenDataOptions { metadata, made: None, privacy, keep_excluded: keep_invalid };
    let settings = &judgement.settings;
    let missing = options.metadata.findings(described_in.as_deref(), settings);
    let inputs = inputs(py, given)?;
    let published = work::without_lock(py, inputs, progress, move |inputs, watch| {
        let mut publication = OpenData::create(&to, force, &options)?;
        // Of each record that is left out: its rank, its name and the first reason.
        let mut left_out: Vec<(u64, Option<String>, String)> = Vec::new();
        let mut unwritten = Vec::new();
        let mut rank = 0;
        let asked = Options { records: true, ..Options::default() };
        let outcome = work::run(inputs, settings, asked, watch, &mut |event| match event {
            Event::Record(entry, findings) => {
                rank += 1;
                if let Some(finding) = findings.iter().find(|finding| finding.level == Level::Error) {
                    left_out.push((rank, entry.record.name.clone(), finding.code.to_owned()));
                }
                if let Some((pointer, _)) = unwritable(&entry.record) {
                    unwritten.push(json!({"rank": rank, "nom": entry.record.name, "pointer": pointer}));
                }
                publication.record(entry.into_record())
            }
            Event::Unpublishable(rank, finding) => {
                let name = finding.record.as_ref().and_then(|record| record.name.clone());
                left_out.push((rank, name, finding.code.to_owned()));
                Ok(())
            }
            _ => Ok(()),
        })?;
        left_out.sort();
        let published = publication.finish(&|rank| left_out.binary_search_by_key(&rank, |(rank, ..)| *rank).is_ok())?;
        Ok(json!({
            "records": published.records,
            "withheld": published.withheld.total(),
            "doubtful": published.doubtful,
            "review": published.review,
            "left_out": left_out.iter().map(|(rank, name, code)| json!({"rank": rank, "nom": name, "code": code})).collect::<Vec<_>>(),
            "unwritten": unwritten,
            "summary": outcome.summary,
            "metadata": missing,
        }))
    })?;
    Ok(published.to_string())
}
