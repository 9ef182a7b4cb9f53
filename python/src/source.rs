//! What Python gives to be read: a path, bytes, a file object, a table in memory.

use std::io::Read;
use std::path::Path;

use ptce::{Error, ErrorKind, Input};
use pyo3::exceptions::{PyException, PyTypeError};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatchReader;

use crate::error::raised;
use crate::frame;

/// A source: its kind, its name in findings, and the object itself.
pub type Given = (String, String, Py<PyAny>);

/// The inputs of some sources.
pub fn inputs(py: Python<'_>, given: Vec<Given>) -> PyResult<Vec<Input>> {
    let mut inputs = Vec::with_capacity(given.len());
    for (kind, name, object) in given {
        match kind.as_str() {
            "path" => {
                let found =
                    py.detach(|| ptce::import::open_all(Path::new(&name))).map_err(|error| raised(py, &error))?;
                inputs.extend(found.inputs);
                inputs.extend(found.skipped.iter().map(|name| Input::passed_over(name)));
            }
            "bytes" => inputs.push(Input::from_bytes(&name, object.extract::<Vec<u8>>(py)?)),
            "file" => {
                let reader = PyReader { object, rest: Vec::new() };
                inputs.push(py.detach(|| Input::from_reader(&name, reader)).map_err(|error| raised(py, &error))?);
            }
            "frame" => {
                let reader: PyRecordBatchReader = object.extract(py).map_err(|error: PyErr| match error {
                    error if error.is_instance_of::<PyException>(py) => raised(py, &no_table(&name, &error)),
                    interruption => interruption,
                })?;
                let frame = frame::whole(reader.into_reader()?, &[]).map_err(|error| raised(py, &error))?;
                inputs.push(Input::from_frame(&name, frame));
            }
            _ => return Err(PyTypeError::new_err(kind)),
        }
    }
    Ok(inputs)
}

/// A library of dataframes cannot give its table as Arrow, or gives it with types that are not those of Arrow.
fn no_table(name: &str, error: &PyErr) -> Error {
    Error::new(
        ErrorKind::Format,
        format!(
            "{name} : la table ne peut pas être donnée sous la forme d’Arrow ({error}) ; convertissez ses colonnes en texte"
        ),
        format!("{name}: the table cannot be given as Arrow ({error}); cast its columns to text"),
    )
}

/// A file object of Python, read from another thread or without the lock.
struct PyReader {
    object: Py<PyAny>,
    /// What it gave and nobody has taken yet.
    rest: Vec<u8>,
}

/// Bytes that are asked of a file object at a time.
const CHUNK: usize = 1 << 20;

impl Read for PyReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.rest.is_empty() {
            self.rest = Python::attach(|py| -> PyResult<Vec<u8>> {
                let given = self.object.bind(py).call_method1("read", (CHUNK,))?;
                // A file that was opened as text gives text.
                match given.extract::<String>() {
                    Ok(text) => Ok(text.into_bytes()),
                    Err(_) => given.extract(),
                }
            })
            .map_err(std::io::Error::other)?;
        }
        let count = self.rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.rest[..count]);
        self.rest.drain(..count);
        Ok(count)
    }
}
