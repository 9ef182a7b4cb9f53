//! Validation, reading and conversion of whole sources.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::RecordBatch;
use ptce::export::{self, CsvReader, Exporter};
use ptce::report::{Colours, LetterForm, ReportFormat};
use ptce::run::{Event, Options};
use ptce::{Format, Level};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde_json::{Value, json};

use crate::assessed::{Assessed, Levels};
use crate::error::{foreign, raised};
use crate::source::{Given, inputs};
use crate::tables::{BATCH_ROWS, Findings, Rows, Table, findings_and, record_fields};
use crate::work::{self, Judgement};

/// What a validation found.
#[pyclass(module = "ptce._ptce", frozen)]
pub struct Report {
    #[pyo3(get)]
    summary: String,
    #[pyo3(get)]
    findings: Py<Table>,
    #[pyo3(get)]
    records: Py<Table>,
}

/// Checks some sources.
#[pyfunction]
pub fn validate(
    py: Python<'_>,
    given: Vec<Given>,
    judgement: &Judgement,
    progress: Option<Py<PyAny>>,
) -> PyResult<Report> {
    let inputs = inputs(py, given)?;
    let settings = &judgement.settings;
    let (schema, mut findings, mut batches) = (findings_and(Vec::new()), Findings::default(), Vec::new());
    let mut assessed = Assessed::default();
    // What was found in the records that come next.
    let mut next: BTreeMap<u64, Levels> = BTreeMap::new();
    let options = Options { assess: true, goes_on: true, ..Options::default() };
    let outcome = work::without_lock(py, inputs, progress, |inputs, watch| {
        let mut late: Vec<(String, u64, Level)> = Vec::new();
        let outcome = work::run(inputs, settings, options, watch, &mut |event| {
            match event {
                Event::Findings(found) => {
                    for finding in &found {
                        let Some(record) = &finding.record else { continue };
                        // These need all records, and come when all are known.
                        if matches!(finding.code, "duplicate-id" | "probable-duplicate") {
                            late.push((finding.location.file.clone(), record.index, finding.level));
                        } else {
                            next.entry(record.index).or_default().count(finding.level);
                        }
                    }
                    found.iter().for_each(|finding| findings.push(finding));
                    if findings.len() >= BATCH_ROWS {
                        batches.push(RecordBatch::try_new(Arc::clone(&schema), findings.take()).map_err(foreign)?);
                    }
                }
                Event::Assessed(assessment) => {
                    let levels = next.remove(&assessment.record.index).unwrap_or_default();
                    assessed.push(*assessment, levels);
                }
                _ => {}
            }
            Ok(())
        })?;
        late.iter().for_each(|(file, index, level)| assessed.count(file, *index, *level));
        Ok(outcome)
    })?;
    if findings.len() > 0 {
        batches.push(RecordBatch::try_new(Arc::clone(&schema), findings.take()).map_err(arrow)?);
    }
    let language = settings.language;
    let summary = json!({
        "inputs": outcome.sources,
        "summary": outcome.summary,
        "unread": outcome.unread.iter().map(|error| error.message(language)).collect::<Vec<_>>(),
        "not_run": settings.not_run(),
    });
    Ok(Report {
        summary: summary.to_string(),
        findings: Py::new(py, Table::new(schema, batches))?,
        records: Py::new(py, assessed.into_table().map_err(arrow)?)?,
    })
}

/// A report on some sources, in the form of this name.
#[pyfunction]
pub fn write<'py>(
    py: Python<'py>,
    given: Vec<Given>,
    judgement: &Judgement,
    form: &str,
) -> PyResult<Bound<'py, PyBytes>> {
    let form = match form {
        "text" => ReportFormat::Text,
        "json" => ReportFormat::Json,
        "ndjson" => ReportFormat::Ndjson,
        "csv" => ReportFormat::Csv,
        "html" => ReportFormat::Html,
        "letter" => ReportFormat::Letter(LetterForm::Text),
        "sarif" => ReportFormat::Sarif,
        "github" => ReportFormat::Github,
        "junit" => ReportFormat::Junit,
        other => return Err(PyValueError::new_err(format!("there is no form {other:?} of a report"))),
    };
    let inputs = inputs(py, given)?;
    let settings = &judgement.settings;
    let options = form.asking(Options { goes_on: true, ..Options::default() });
    let bytes = work::without_lock(py, inputs, None, |inputs, watch| {
        let mut report = ptce::report::Report::new(form, settings.language, Colours::Without);
        let outcome = work::run(inputs, settings, options, watch, &mut |event| report.add(&event))?;
        let mut bytes = Vec::new();
        report.write(&outcome, settings, &mut bytes).map_err(foreign)?;
        Ok(bytes)
    })?;
    Ok(PyBytes::new(py, &bytes))
}

/// The records of some sources, right or wrong, as nested Arrow.
#[pyfunction]
pub fn read(py: Python<'_>, given: Vec<Given>, judgement: &Judgement, progress: Option<Py<PyAny>>) -> PyResult<Table> {
    let inputs = inputs(py, given)?;
    let schema = std::sync::Arc::new(arrow_schema::Schema::new(record_fields()));
    let mut rows = Rows::new(schema).map_err(arrow)?;
    let options = Options { records: true, ..Options::default() };
    let settings = &judgement.settings;
    work::without_lock(py, inputs, progress, |inputs, watch| {
        work::run(inputs, settings, options, watch, &mut |event| match event {
            Event::Record(entry, _) => rows.push(&[entry.into_record()]).map_err(foreign),
            _ => Ok(()),
        })
    })?;
    rows.into_table().map_err(arrow)
}

/// The records of some sources as bytes of a format; answers them with the summary.
#[pyfunction]
pub fn convert<'py>(
    py: Python<'py>,
    given: Vec<Given>,
    judgement: &Judgement,
    to: &str,
    csv_for_excel: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<(Bound<'py, PyBytes>, String)> {
    let format = match to {
        "json" => Format::Json,
        "ndjson" => Format::Ndjson,
        "csv" => Format::Csv,
        "xml" => Format::Xml,
        "xlsx" => Format::Xlsx,
        "tables" => Format::Tables,
        other => return Err(PyValueError::new_err(format!("there is no format {other:?} to convert to"))),
    };
    let inputs = inputs(py, given)?;
    let settings = &judgement.settings;
    let csv = if csv_for_excel { CsvReader::FrenchExcel } else { CsvReader::Programs };
    let choices = export::Options { csv, profile: settings.profile, ..export::Options::default() };
    let (bytes, outcome) = work::without_lock(py, inputs, progress, |inputs, watch| {
        let mut out = Vec::new();
        let mut exporter = Exporter::new(format, &mut out, &choices)?;
        let options = exporter.asking(Options::default());
        let outcome = work::run(inputs, settings, options, watch, &mut |event| exporter.add(event))?;
        exporter.finish()?;
        Ok((out, outcome))
    })?;
    let summary = json!({"inputs": outcome.sources, "summary": outcome.summary});
    Ok((PyBytes::new(py, &bytes), summary.to_string()))
}

/// How sources are understood, as JSON: an object each.
#[pyfunction]
pub fn inspect(py: Python<'_>, given: Vec<Given>, judgement: &Judgement) -> PyResult<String> {
    let inputs = inputs(py, given)?;
    let language = judgement.settings.language;
    work::without_lock(py, inputs, None, |inputs, watch| {
        let mut understood = Vec::new();
        for input in inputs.into_iter().filter(|input| !input.is_passed_over()) {
            watch.look()?;
            understood.push(ptce::inspect::inspect(input, language, &watch.read)?);
        }
        serde_json::to_string(&understood).map_err(foreign)
    })
}

/// The bytes of a file with corrections: those that are ticked in a plan, which comes with its name, or those that are certain;
/// with the log, and the places that could not be corrected with the reasons, as JSON.
#[pyfunction]
pub fn fix<'py>(
    py: Python<'py>,
    name: &str,
    bytes: Vec<u8>,
    plan: Option<(Vec<u8>, String)>,
    judgement: &Judgement,
) -> PyResult<(Bound<'py, PyBytes>, String, String)> {
    let mut options = ptce::fix::Options::default();
    options.settings = judgement.settings.clone();
    let language = options.settings.language;
    let done = py.detach(|| -> Result<_, ptce::Error> {
        let fixed = match plan {
            Some((plan, of)) => {
                let plan = ptce::fix::Plan::read(&plan, &of, &options.limits)?;
                ptce::fix::apply(name, &bytes, &plan, &options)?
            }
            None => ptce::fix::safe(name, &bytes, &options)?,
        };
        let left = fixed.left.iter().map(|(correction, obstacle)| {
            json!({
                "place": correction.location.within_file(language),
                "code": correction.code,
                "obstacle": obstacle.message(language),
            })
        });
        let left = Value::Array(left.collect()).to_string();
        Ok((fixed.log.to_json()?, left, fixed.bytes))
    });
    let (log, left, bytes) = done.map_err(|error| raised(py, &error))?;
    Ok((PyBytes::new(py, &bytes), log, left))
}

/// An error of Arrow where there is none to expect.
pub fn arrow(error: arrow_schema::ArrowError) -> PyErr {
    pyo3::exceptions::PyRuntimeError::new_err(error.to_string())
}
