//! What runs on a cluster: shares of the rows, or files, judged by themselves, and twins among the keys of all.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::builder::BinaryBuilder;
use arrow_array::{ArrayRef, BooleanArray, Int32Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use ptce::run::{self, Event, KeySet, Options, Twins};
use ptce::{Error, ErrorKind, Finding, Input, Settings};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3_arrow::PyRecordBatchReader;
use serde_json::{Value, json};

use crate::error::{foreign, raised};
use crate::frame::{self, Numbers};
use crate::report::arrow;
use crate::tables::{Findings, Rows, Table, finding_fields, finding_row, findings_and, record_fields};
use crate::work::Judgement;

/// Records whose keys are held before they are passed on, so that the memory of a worker does not grow with its share.
const HELD_KEYS: usize = 50_000;
/// So many a set are enough: a set that is some hundred thousand bytes is handled more easily than a larger one.
const HELD_KEYS_A_SET: usize = 500;
/// Findings that are held so.
const HELD_FINDINGS: usize = 8_000;
/// Tables that wait to be taken.
const WAITING: usize = 2;

/// Tables that come one after the other, from a thread that stops when nobody takes them any more.
#[pyclass(module = "ptce._ptce", frozen)]
pub struct Tables {
    waiting: Mutex<Receiver<Result<Table, Error>>>,
}

#[pymethods]
impl Tables {
    fn __iter__(own: PyRef<'_, Self>) -> PyRef<'_, Self> {
        own
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Table>> {
        let next = py.detach(|| self.waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok());
        next.transpose().map_err(|error| raised(py, &error))
    }
}

/// Gives a table to whoever waits for it.
type Give<'g> = &'g mut dyn FnMut(Table) -> Result<(), Error>;

fn in_thread(work: impl FnOnce(Give<'_>) -> Result<(), Error> + Send + 'static) -> Tables {
    let (sender, receiver) = sync_channel(WAITING);
    std::thread::spawn(move || {
        let mut give = |table: Table| sender.send(Ok(table)).map_err(|_| foreign("nobody takes the result"));
        if let Err(error) = work(&mut give) {
            let _ = sender.send(Err(error));
        }
    });
    Tables { waiting: Mutex::new(receiver) }
}

/// The columns of keys: the rank of each set, and the set as bytes.
fn keys_schema() -> SchemaRef {
    let fields = [Field::new("set", DataType::Int32, false), Field::new("keys", DataType::Binary, false)];
    Arc::new(Schema::new(fields.to_vec()))
}

/// What a share gives, gathered until it is worth a table: tables of findings, and tables of keys.
struct Gathered<'g> {
    findings: Findings,
    keys: KeySet,
    sets: u32,
    give: Give<'g>,
}

impl Gathered<'_> {
    fn findings(&mut self, found: &[Finding]) -> Result<(), Error> {
        found.iter().for_each(|finding| self.findings.push(finding));
        if self.findings.len() >= HELD_FINDINGS { self.flush_findings() } else { Ok(()) }
    }

    fn keys(&mut self, keys: KeySet) -> Result<(), Error> {
        self.keys.merge(keys);
        if self.keys.len() >= HELD_KEYS.min(self.sets as usize * HELD_KEYS_A_SET) { self.flush_keys() } else { Ok(()) }
    }

    fn flush_findings(&mut self) -> Result<(), Error> {
        match self.findings.len() {
            0 => Ok(()),
            _ => self.table(findings_and(Vec::new()), |own| own.findings.take()),
        }
    }

    fn flush_keys(&mut self) -> Result<(), Error> {
        let keys = std::mem::take(&mut self.keys);
        match keys.len() {
            0 => Ok(()),
            _ => self.table(keys_schema(), |own| {
                let (mut ranks, mut bytes) = (Vec::new(), BinaryBuilder::new());
                for (set, rank) in keys.split(own.sets).iter().zip(0..).filter(|(set, _)| !set.is_empty()) {
                    ranks.push(rank);
                    bytes.append_value(set.to_bytes());
                }
                vec![Arc::new(Int32Array::from(ranks)), Arc::new(bytes.finish())]
            }),
        }
    }

    fn table(&mut self, schema: SchemaRef, columns: impl FnOnce(&mut Self) -> Vec<ArrayRef>) -> Result<(), Error> {
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns(self)).map_err(foreign)?;
        (self.give)(Table::new(schema, vec![batch]))
    }
}

/// Judges one source by itself.
fn judge_one(input: Input, rank: u32, settings: &Settings, gathered: &mut Gathered<'_>) -> Result<(), Error> {
    let gathered = std::cell::RefCell::new(gathered);
    run::judge(
        input,
        settings,
        &Options::default(),
        &mut |set| gathered.borrow_mut().keys(set.of_source(rank)),
        &mut |event| match event {
            Event::Findings(found) => gathered.borrow_mut().findings(&found),
            _ => Ok(()),
        },
    )?;
    Ok(())
}

/// Judges a share of the rows of a table, whose first rows are `sample`; `source` is the name of the table, and its rank among
/// all. `sets` says into how many sets keys are cut apart.
#[pyfunction]
pub fn judge(
    py: Python<'_>,
    batches: PyRecordBatchReader,
    sample: PyRecordBatchReader,
    source: (String, u32),
    numbers: Numbers,
    judgement: &Judgement,
    sets: u32,
) -> PyResult<Tables> {
    let frame =
        frame::share(batches.into_reader()?, sample.into_reader()?, &numbers).map_err(|error| raised(py, &error))?;
    let (name, rank) = source;
    Ok(judged(Input::from_frame(&name, frame), rank, judgement, sets))
}

/// Judges a file as [`judge`] does a share, without its records.
#[pyfunction]
pub fn judge_file(py: Python<'_>, path: PathBuf, rank: u32, judgement: &Judgement, sets: u32) -> PyResult<Tables> {
    let input = py.detach(|| only_input(&path)).map_err(|error| raised(py, &error))?;
    Ok(judged(input, rank, judgement, sets))
}

/// What is found in a source by itself, and its keys.
fn judged(input: Input, rank: u32, judgement: &Judgement, sets: u32) -> Tables {
    let settings = judgement.settings.clone();
    in_thread(move |give| {
        let (findings, keys) = Default::default();
        let mut gathered = Gathered { findings, keys, sets: sets.max(1), give };
        judge_one(input, rank, &settings, &mut gathered)?;
        gathered.flush_findings()?;
        gathered.flush_keys()
    })
}

/// The source that a file is. Records are numbered within their source, so that each source needs a rank of its own.
fn only_input(path: &Path) -> Result<Input, Error> {
    let mut inputs = ptce::import::open_all(path)?.inputs;
    inputs.pop().filter(|_| inputs.is_empty()).ok_or_else(|| {
        let name = path.display();
        Error::new(
            ErrorKind::Usage,
            format!("{name} contient plusieurs fichiers ; donnez-les un à un"),
            format!("{name} holds several files; give them one by one"),
        )
    })
}

/// The columns of records that were judged: the record, where it stood, what is wrong with it by itself, and its keys. What is
/// said of a file stands in a row without a record.
fn judged_schema() -> SchemaRef {
    let findings = DataType::List(Arc::new(Field::new_struct("item", finding_fields(), true)));
    Arc::new(Schema::new(vec![
        Field::new("file", DataType::Utf8, false),
        Field::new("source", DataType::Int32, false),
        Field::new("index", DataType::Int64, true),
        Field::new("record", DataType::Struct(record_fields()), true),
        Field::new("findings", findings, true),
        Field::new("_keys", DataType::Binary, true),
    ]))
}

/// Reads files, each with its rank among all, and gives their records, judged by themselves.
#[pyfunction]
pub fn read_files(files: Vec<(u32, PathBuf)>, judgement: &Judgement) -> Tables {
    let settings = judgement.settings.clone();
    in_thread(move |give| {
        let schema = judged_schema();
        let of_rows: SchemaRef = Arc::new(Schema::new(schema.fields()[..5].to_vec()));
        for (rank, path) in files {
            let name = path.display().to_string();
            let input = only_input(&path)?;
            let state = std::cell::RefCell::new((VecDeque::new(), Vec::new(), Vec::new()));
            let give = std::cell::RefCell::new(&mut *give);
            let flush = |rows: &mut Vec<Value>, keys: &mut Vec<Option<Vec<u8>>>| -> Result<(), Error> {
                let mut made = Rows::new(Arc::clone(&of_rows)).map_err(foreign)?;
                made.push(&std::mem::take(rows)).map_err(foreign)?;
                let keys = std::mem::take(keys);
                let (mut batches, mut begin) = (Vec::new(), 0);
                for batch in made.take().map_err(foreign)? {
                    let own = keys[begin..begin + batch.num_rows()].iter().map(Option::as_deref);
                    let own: ArrayRef = Arc::new(own.collect::<arrow_array::BinaryArray>());
                    begin += batch.num_rows();
                    let columns = batch.columns().iter().cloned().chain([own]).collect();
                    batches.push(RecordBatch::try_new(Arc::clone(&schema), columns).map_err(foreign)?);
                }
                if batches.is_empty() { Ok(()) } else { give.borrow_mut()(Table::new(Arc::clone(&schema), batches)) }
            };
            run::judge(
                input,
                &settings,
                &Options { records: true, ..Options::default() },
                &mut |set| {
                    let set = set.of_source(rank);
                    state.borrow_mut().0.extend(set.each());
                    Ok(())
                },
                &mut |event| {
                    let (waiting, rows, keys) = &mut *state.borrow_mut();
                    let told = |found: &[Finding]| found.iter().map(finding_row).collect::<Vec<_>>();
                    match event {
                        Event::Record(entry, found) => {
                            let index = entry.index;
                            rows.push(json!({
                                "file": name, "source": rank, "index": index,
                                "record": entry.into_record(), "findings": told(&found),
                            }));
                            keys.push(waiting.pop_front().map(|set: KeySet| set.to_bytes()));
                        }
                        Event::Findings(found) => {
                            rows.push(json!({"file": name, "source": rank, "findings": told(&found)}));
                            keys.push(None);
                        }
                        _ => {}
                    }
                    if rows.len() >= 2048 { flush(rows, keys) } else { Ok(()) }
                },
            )?;
            let (_, rows, keys) = &mut *state.borrow_mut();
            flush(rows, keys)?;
        }
        Ok(())
    })
}

/// Cuts the keys of some records apart into so many sets, each with its rank.
#[pyfunction]
pub fn split<'py>(py: Python<'py>, keys: Vec<Vec<u8>>, sets: u32) -> PyResult<Vec<(u32, Bound<'py, PyBytes>)>> {
    let mut all = KeySet::default();
    for bytes in &keys {
        all.merge(KeySet::from_bytes(bytes).map_err(|error| raised(py, &error))?);
    }
    let split = all.split(sets);
    let filled = split.iter().zip(0..).filter(|(set, _)| !set.is_empty());
    Ok(filled.map(|(set, rank)| (rank, PyBytes::new(py, &set.to_bytes()))).collect())
}

/// Looks for twins among the keys of one or several whole sets.
#[pyclass(module = "ptce._ptce", name = "Twins", frozen)]
pub struct PyTwins {
    twins: Mutex<Option<Twins>>,
}

#[pymethods]
impl PyTwins {
    #[new]
    fn new() -> PyTwins {
        PyTwins { twins: Mutex::new(Some(Twins::new())) }
    }

    fn add(&self, py: Python<'_>, keys: &[u8]) -> PyResult<()> {
        let mut twins = self.twins.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(twins) = twins.as_mut() else { return Ok(()) };
        KeySet::from_bytes(keys).and_then(|set| twins.add(&set)).map_err(|error| raised(py, &error))
    }

    /// The findings about records that repeat an earlier one, each with the rank of its source and the order of its key.
    fn repeated(&self, py: Python<'_>, judgement: &Judgement) -> PyResult<Table> {
        let taken = self.twins.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        let settings = &judgement.settings;
        let (mut findings, mut sources, mut orders, mut waived) =
            (Findings::default(), Vec::new(), Vec::new(), Vec::new());
        let done = py.detach(|| {
            taken.repeated(settings, &mut |one| {
                findings.push(&one.finding);
                sources.push(one.source as i32);
                orders.push(one.order as i32);
                waived.push(one.is_waived);
                Ok(())
            })
        });
        done.map_err(|error: Error| raised(py, &error))?;
        let (schema, mut columns) = (twins_schema(), findings.take());
        let more: [ArrayRef; 3] = [
            Arc::new(Int32Array::from(sources)),
            Arc::new(Int32Array::from(orders)),
            Arc::new(BooleanArray::from(waived)),
        ];
        columns.extend(more);
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns).map_err(arrow)?;
        Ok(Table::new(schema, vec![batch]))
    }
}

fn twins_schema() -> SchemaRef {
    findings_and(vec![
        Field::new("_source", DataType::Int32, false),
        Field::new("_order", DataType::Int32, false),
        Field::new("_waived", DataType::Boolean, false),
    ])
}

/// An empty table of what [`read_files`] gives.
#[pyfunction]
pub fn judged_table() -> Table {
    Table::new(judged_schema(), Vec::new())
}
