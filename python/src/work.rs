//! Work that goes on without the lock of the interpreter, which is asked now and then whether to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ptce::run::{self, Event, Options, Outcome};
use ptce::settings::Configuration;
use ptce::{Error, ErrorKind, Input, Language, Profile, Settings};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::error::raised;

/// What is asked of the records.
#[pyclass(module = "ptce._ptce", frozen)]
pub struct Judgement {
    pub settings: Settings,
}

#[pymethods]
impl Judgement {
    /// The text of a configuration, with its name in errors; a profile and a language that prevail; the day of the run.
    #[new]
    fn new(
        py: Python<'_>,
        config: &str,
        name: &str,
        profile: Option<&str>,
        language: &str,
        today: String,
    ) -> PyResult<Judgement> {
        let Configuration { profile: configured, values, levels, off, waivers } =
            Configuration::parse(config, name).map_err(|error| raised(py, &error))?;
        let asked = match profile {
            None => None,
            Some("laureat") => Some(Profile::Laureate),
            Some("candidature") => Some(Profile::Submission),
            Some(other) => {
                return Err(PyValueError::new_err(format!(
                    "there is no profile {other:?}; give \"laureat\" or \"candidature\""
                )));
            }
        };
        let language = match language {
            "fr" => Language::French,
            "en" => Language::English,
            other => {
                return Err(PyValueError::new_err(format!("there is no language {other:?}; give \"fr\" or \"en\"")));
            }
        };
        let profile = asked.or(configured).unwrap_or_default();
        let today = Some(today);
        Ok(Judgement { settings: Settings { profile, language, values, levels, off, waivers, today } })
    }
}

/// How long the work goes on before it asks.
const PATIENCE: Duration = Duration::from_millis(50);

/// Asks the interpreter now and then whether somebody wants the work to stop, and tells how far it is.
pub struct Watch {
    progress: Option<Py<PyAny>>,
    pub read: Arc<AtomicU64>,
    total: u64,
    asked: Instant,
    /// What the interpreter answered: an interruption, an exception of the callback.
    pub raised: Option<PyErr>,
}

impl Watch {
    pub fn new(progress: Option<Py<PyAny>>, inputs: &[Input]) -> Watch {
        let total = inputs.iter().map(Input::length).sum();
        Watch { progress, read: Arc::default(), total, asked: Instant::now(), raised: None }
    }

    /// To be called often; fails when the work is to stop.
    pub fn look(&mut self) -> Result<(), Error> {
        if self.asked.elapsed() < PATIENCE {
            return Ok(());
        }
        self.asked = Instant::now();
        self.ask()
    }

    fn ask(&mut self) -> Result<(), Error> {
        // A table has no bytes; of an archive, what is inflated may be more than it is long.
        let read = self.read.load(Ordering::Relaxed).min(self.total);
        let asked = Python::attach(|py| {
            py.check_signals()?;
            match &self.progress {
                Some(progress) => progress.call1(py, (read, self.total)).map(|_| ()),
                None => Ok(()),
            }
        });
        asked.map_err(|error| {
            self.raised = Some(error);
            Error::new(ErrorKind::Io, "travail interrompu", "the work was interrupted")
        })
    }
}

/// Does some work without the lock; `work` calls [`Watch::look`] often.
pub fn without_lock<T: Send>(
    py: Python<'_>,
    inputs: Vec<Input>,
    progress: Option<Py<PyAny>>,
    work: impl FnOnce(Vec<Input>, &mut Watch) -> Result<T, Error> + Send,
) -> PyResult<T> {
    let mut watch = Watch::new(progress, &inputs);
    let done = py.detach(|| {
        let done = work(inputs, &mut watch)?;
        watch.ask()?;
        Ok(done)
    });
    done.map_err(|error: Error| watch.raised.take().unwrap_or_else(|| raised(py, &error)))
}

/// Reads and judges, and gives each event to `each`.
pub fn run(
    inputs: Vec<Input>,
    settings: &Settings,
    options: Options,
    watch: &mut Watch,
    each: &mut dyn FnMut(Event) -> Result<(), Error>,
) -> Result<Outcome, Error> {
    let options = Options { progress: Arc::clone(&watch.read), ..options };
    run::run(inputs, settings, &options, &mut |event| {
        watch.look()?;
        each(event)
    })
}
