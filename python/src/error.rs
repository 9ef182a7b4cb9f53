//! Errors on their way to Python, and those that come from there.

use ptce::{Error, ErrorKind};
use pyo3::prelude::*;

/// The exception that tells an error of ours: its code, its sentence and its place.
pub fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let (line, column) = error.position().map_or((None, None), |(line, column)| (Some(line), column));
    let (fr, en) = (error.message(ptce::Language::French), error.message(ptce::Language::English));
    let made = py
        .import("ptce._errors")
        .and_then(|errors| errors.getattr("error_of")?.call1((error.code(), fr, en, error.file(), line, column)));
    match made {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// An error that comes from Python or Arrow, while a source is read.
pub fn foreign(error: impl std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::Io,
        format!("la table n’a pas pu être lue : {error}"),
        format!("the table cannot be read: {error}"),
    )
}
