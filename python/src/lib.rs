//! The part of the Python package `ptce` that is made in Rust. What people call stands in `ptce/__init__.py`.

mod assessed;
mod error;
mod frame;
mod publish;
mod report;
mod share;
mod source;
mod tables;
mod work;

use std::ffi::OsString;

use arrow_schema::Schema;
use ptce::rules;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use tables::Table;
use work::Judgement;

/// Runs the command with these arguments and answers its exit code; it takes over what ends the process.
#[pyfunction]
fn command(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| ptce::cli::run(&arguments))
}

/// The language of the locale: `fr` or `en`.
#[pyfunction]
fn language() -> &'static str {
    match ptce::cli::locale_language() {
        ptce::Language::French => "fr",
        ptce::Language::English => "en",
    }
}

/// The day of the run, on which waivers are in force or have expired.
#[pyfunction]
fn today(py: Python<'_>) -> PyResult<String> {
    ptce::cli::today().map_err(|error| error::raised(py, &error))
}

/// What a code says, in both languages; `None` of a code that is none.
#[pyfunction]
fn explain<'py>(py: Python<'py>, code: &str) -> PyResult<Option<Bound<'py, PyDict>>> {
    let explained = PyDict::new(py);
    let both = |phrase: &ptce::Phrase| -> PyResult<Bound<'py, PyDict>> {
        let texts = PyDict::new(py);
        texts.set_item("fr", phrase.fr)?;
        texts.set_item("en", phrase.en)?;
        Ok(texts)
    };
    explained.set_item("code", code)?;
    if let Some(rule) = rules::rule(code) {
        explained.set_item("level", rule.level.name())?;
        explained.set_item("summary", both(&rule.summary)?)?;
        explained.set_item("explanation", both(&rule.explanation)?)?;
        explained.set_item("basis", rule.basis)?;
        explained.set_item("wrong", rule.wrong)?;
        explained.set_item("right", rule.right)?;
    } else if let Some(error) = ptce::error::error(code) {
        explained.set_item("level", py.None())?;
        explained.set_item("summary", both(&error.summary)?)?;
        explained.set_item("explanation", both(&error.explanation)?)?;
    } else {
        return Ok(None);
    }
    Ok(Some(explained))
}

/// The codes of all rules, in the order of judgement.
#[pyfunction]
fn codes() -> Vec<&'static str> {
    rules::RULES.iter().map(|rule| rule.code).collect()
}

/// The schema as text: `json-schema`, `table-schema` or `xsd`.
#[pyfunction]
fn schema_text(form: &str) -> Option<String> {
    Some(match form {
        "json-schema" => ptce::schema::TEXT.to_owned(),
        "table-schema" => format!("{:#}\n", ptce::schema::table::table_schema()),
        "xsd" => ptce::schema::xsd::xsd(),
        _ => return None,
    })
}

/// Whether a text names or reaches somebody for certain; if `or_may`, whether it may do so.
#[pyfunction]
fn tells_somebody(text: &str, or_may: bool) -> bool {
    use ptce::export::open_data::{may_tell_somebody, tells_somebody};
    if or_may { may_tell_somebody(text) } else { tells_somebody(text) }
}

/// An empty table of records, whose columns are the schema.
#[pyfunction]
fn record_table() -> Table {
    Table::new(std::sync::Arc::new(Schema::new(tables::record_fields())), Vec::new())
}

/// An empty table of findings.
#[pyfunction]
fn finding_table() -> Table {
    Table::new(tables::findings_and(Vec::new()), Vec::new())
}

#[pymodule]
fn _ptce(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<Table>()?;
    module.add_class::<Judgement>()?;
    module.add_class::<report::Report>()?;
    module.add_class::<share::Tables>()?;
    module.add_class::<share::PyTwins>()?;
    module.add_function(wrap_pyfunction!(command, module)?)?;
    module.add_function(wrap_pyfunction!(language, module)?)?;
    module.add_function(wrap_pyfunction!(today, module)?)?;
    module.add_function(wrap_pyfunction!(explain, module)?)?;
    module.add_function(wrap_pyfunction!(codes, module)?)?;
    module.add_function(wrap_pyfunction!(schema_text, module)?)?;
    module.add_function(wrap_pyfunction!(tells_somebody, module)?)?;
    module.add_function(wrap_pyfunction!(record_table, module)?)?;
    module.add_function(wrap_pyfunction!(finding_table, module)?)?;
    module.add_function(wrap_pyfunction!(report::validate, module)?)?;
    module.add_function(wrap_pyfunction!(report::write, module)?)?;
    module.add_function(wrap_pyfunction!(report::read, module)?)?;
    module.add_function(wrap_pyfunction!(report::inspect, module)?)?;
    module.add_function(wrap_pyfunction!(report::fix, module)?)?;
    module.add_function(wrap_pyfunction!(report::convert, module)?)?;
    module.add_function(wrap_pyfunction!(publish::publish, module)?)?;
    module.add_function(wrap_pyfunction!(share::judge, module)?)?;
    module.add_function(wrap_pyfunction!(share::judge_file, module)?)?;
    module.add_function(wrap_pyfunction!(share::read_files, module)?)?;
    module.add_function(wrap_pyfunction!(share::judged_table, module)?)?;
    module.add_function(wrap_pyfunction!(share::split, module)?)?;
    Ok(())
}
