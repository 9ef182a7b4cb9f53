//! Findings and records as tables of Arrow, handed to Python without a copy.

use std::sync::Arc;

use arrow_array::builder::{ArrayBuilder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch, StructArray};
use arrow_json::ReaderBuilder;
use arrow_json::reader::Decoder;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};
use ptce::Finding;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use serde::Serialize;
use serde_json::{Value, json};

/// Rows of a batch that is handed over.
pub const BATCH_ROWS: usize = 8192;

/// A table that any library of dataframes takes, by the Arrow PyCapsule interface.
#[pyclass(module = "ptce._ptce", frozen)]
pub struct Table {
    pub batches: Vec<RecordBatch>,
    pub schema: SchemaRef,
}

#[pymethods]
impl Table {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let arrays = self.batches.iter().map(|batch| Ok(Arc::new(StructArray::from(batch.clone())) as ArrayRef));
        let arrays: Vec<Result<ArrayRef, ArrowError>> = arrays.collect();
        let field = Field::new_struct("", self.schema.fields().clone(), false);
        let arrays = ArrayIterator::new(arrays, Arc::new(field));
        to_stream_pycapsule(py, Box::new(arrays), requested_schema)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, self.schema.as_ref().clone())
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The rows as JSON, one a line: for whoever has no library of dataframes.
    fn to_ndjson(&self) -> PyArrowResult<String> {
        let mut writer = arrow_json::LineDelimitedWriter::new(Vec::new());
        writer.write_batches(&self.batches.iter().collect::<Vec<_>>())?;
        writer.finish()?;
        Ok(String::from_utf8_lossy(&writer.into_inner()).into_owned())
    }
}

impl Table {
    pub fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Table {
        Table { batches, schema }
    }
}

/// Makes batches of rows that come one after the other.
pub struct Rows {
    decoder: Decoder,
    schema: SchemaRef,
    waiting: usize,
    pub batches: Vec<RecordBatch>,
}

impl Rows {
    pub fn new(schema: SchemaRef) -> Result<Rows, ArrowError> {
        let decoder = ReaderBuilder::new(Arc::clone(&schema)).with_batch_size(BATCH_ROWS).build_decoder()?;
        Ok(Rows { decoder, schema, waiting: 0, batches: Vec::new() })
    }

    pub fn push(&mut self, rows: &[impl Serialize]) -> Result<(), ArrowError> {
        for chunk in rows.chunks(BATCH_ROWS) {
            if self.waiting + chunk.len() > BATCH_ROWS {
                self.flush()?;
            }
            self.decoder.serialize(chunk)?;
            self.waiting += chunk.len();
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ArrowError> {
        self.waiting = 0;
        self.batches.extend(self.decoder.flush()?);
        Ok(())
    }

    /// The batches so far, which are then forgotten.
    pub fn take(&mut self) -> Result<Vec<RecordBatch>, ArrowError> {
        self.flush()?;
        Ok(std::mem::take(&mut self.batches))
    }

    pub fn into_table(mut self) -> Result<Table, ArrowError> {
        let batches = self.take()?;
        Ok(Table::new(self.schema, batches))
    }
}

fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, true)
}

fn whole(name: &str) -> Field {
    Field::new(name, DataType::Int64, true)
}

/// The columns of findings: those of the CSV report, with the record beside them.
pub fn finding_fields() -> Vec<Field> {
    vec![
        Field::new("code", DataType::Utf8, false),
        Field::new("level", DataType::Utf8, false),
        Field::new("message", DataType::Utf8, false),
        Field::new("file", DataType::Utf8, false),
        text("sheet"),
        text("cell"),
        whole("row"),
        whole("line"),
        whole("column"),
        text("label"),
        text("path"),
        whole("record_index"),
        text("record_id"),
        text("record_nom"),
        Field::new("pointer", DataType::Utf8, false),
        text("value"),
        text("expected"),
        text("suggestion"),
        text("confidence"),
    ]
}

/// A finding as a row.
pub fn finding_row(finding: &Finding) -> Value {
    let (place, record) = (&finding.location, finding.record.as_ref());
    json!({
        "code": finding.code,
        "level": finding.level.name(),
        "message": finding.message,
        "file": place.file,
        "sheet": place.sheet,
        "cell": place.cell,
        "row": place.row,
        "line": place.line,
        "column": place.column,
        "label": place.label,
        "path": place.path,
        "record_index": record.map(|record| record.index),
        "record_id": record.and_then(|record| record.id.as_deref()),
        "record_nom": record.and_then(|record| record.name.as_deref()),
        "pointer": finding.pointer,
        "value": finding.value,
        "expected": finding.expected,
        "suggestion": finding.suggestion,
        "confidence": finding.confidence.map(|confidence| confidence.name()),
    })
}

/// Findings, column by column: what [`finding_row`] gives, without a value of JSON for each.
#[derive(Default)]
pub struct Findings {
    texts: [StringBuilder; 15],
    numbers: [Int64Builder; 4],
}

impl Findings {
    pub fn push(&mut self, finding: &Finding) {
        let (place, record) = (&finding.location, finding.record.as_ref());
        let texts = [
            Some(finding.code),
            Some(finding.level.name()),
            Some(finding.message.as_str()),
            Some(place.file.as_str()),
            place.sheet.as_deref(),
            place.cell.as_deref(),
            place.label.as_deref(),
            place.path.as_deref(),
            record.and_then(|record| record.id.as_deref()),
            record.and_then(|record| record.name.as_deref()),
            Some(finding.pointer.as_str()),
            finding.value.as_deref(),
            finding.expected.as_deref(),
            finding.suggestion.as_deref(),
            finding.confidence.map(|confidence| confidence.name()),
        ];
        for (column, text) in self.texts.iter_mut().zip(texts) {
            column.append_option(text);
        }
        let numbers = [place.row, place.line, place.column.map(u64::from), record.map(|record| record.index)];
        for (column, number) in self.numbers.iter_mut().zip(numbers) {
            column.append_option(number.map(|number| number as i64));
        }
    }

    pub fn len(&self) -> usize {
        self.numbers[0].len()
    }

    /// The columns of [`finding_fields`], which begin anew.
    pub fn take(&mut self) -> Vec<ArrayRef> {
        let (mut texts, mut numbers) = (self.texts.iter_mut(), self.numbers.iter_mut());
        let column = |field: Field| -> Option<ArrayRef> {
            match field.data_type() {
                DataType::Int64 => numbers.next().map(|column| Arc::new(column.finish()) as ArrayRef),
                _ => texts.next().map(|column| Arc::new(column.finish()) as ArrayRef),
            }
        };
        finding_fields().into_iter().filter_map(column).collect()
    }
}

/// What [`finding_row`] gives, and more columns.
pub fn findings_and(more: Vec<Field>) -> SchemaRef {
    Arc::new(Schema::new(finding_fields().into_iter().chain(more).collect::<Vec<_>>()))
}

/// The columns of what is told of each record.
pub fn record_summary() -> SchemaRef {
    let count = |name: &str| Field::new(name, DataType::Int64, false);
    Arc::new(Schema::new(vec![
        Field::new("file", DataType::Utf8, false),
        count("index"),
        text("id"),
        text("nom"),
        count("completeness"),
        count("errors"),
        count("warnings"),
        count("infos"),
    ]))
}

/// The canonical record as Arrow has it, derived from the JSON Schema: texts, numbers as doubles (a count may be wrong, and is
/// kept as it is), groups as structs, lists as lists.
pub fn record_fields() -> Fields {
    fn of(name: &str, node: &Value) -> Field {
        let members = |node: &Value| -> Fields {
            let members = node["properties"].as_object().into_iter().flatten();
            members.map(|(name, node)| of(name, node)).collect()
        };
        let of_type = match node["type"].as_str() {
            Some("object") => DataType::Struct(members(node)),
            Some("array") => DataType::List(Arc::new(of("item", &node["items"]))),
            Some("integer" | "number") => DataType::Float64,
            _ => DataType::Utf8,
        };
        Field::new(name, of_type, true)
    }
    let schema: Value = serde_json::from_str(ptce::schema::TEXT).unwrap_or_default();
    match of("", &schema).data_type() {
        DataType::Struct(fields) => fields.clone(),
        _ => Fields::empty(),
    }
}
