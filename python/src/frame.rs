//! Tables of Arrow as frames of the library: each value as the text that a person would write for it.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchReader, StringArray};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, Schema};
use ptce::import::{Column, Frame, FrameValue, Rows};
use ptce::{Error, ErrorKind};
use pyo3::FromPyObject;

use crate::error::foreign;

/// Batches that come one after the other.
pub type Reader = Box<dyn RecordBatchReader + Send>;

/// The frame of all batches, but for the columns that are left out.
pub fn whole(reader: Reader, left_out: &[String]) -> Result<Frame, Error> {
    let (columns, rows) = rows(reader, left_out, None)?;
    Ok(Frame::new(columns, Box::new(rows)))
}

/// What numbers the rows of a share.
#[derive(FromPyObject)]
pub enum Numbers {
    /// A column of the table, which is not judged.
    Column(String),
    /// Their order: the first one has this number.
    From(u64),
}

/// The frame of a share of the rows of a table whose first rows are `sample`.
pub fn share(reader: Reader, sample: Reader, numbers: &Numbers) -> Result<Frame, Error> {
    let (left_out, column, first) = match numbers {
        Numbers::Column(name) => (vec![name.clone()], Some(name.as_str()), 1),
        Numbers::From(first) => (Vec::new(), None, *first),
    };
    let (_, sample) = rows(sample, &left_out, None)?;
    let (columns, mut rows) = rows(reader, &left_out, column)?;
    rows.count = first.saturating_sub(1);
    Ok(Frame::new(columns, Box::new(rows)).share_of(Box::new(sample)))
}

fn rows(reader: Reader, left_out: &[String], number: Option<&str>) -> Result<(Vec<Column>, ArrowRows), Error> {
    let schema = reader.schema();
    let (mut columns, mut shapes) = (Vec::new(), Vec::new());
    let read = schema.fields().iter().enumerate().filter(|(_, field)| !left_out.contains(field.name()));
    for ((at, field), rank) in read.zip(1..) {
        let shape = Shape::of(field, rank, &mut vec![field.name().clone()], &mut columns)
            .ok_or_else(|| unreadable(field.name(), field.data_type()))?;
        shapes.push((at, shape));
    }
    let number = number.map(|name| numbered(&schema, name)).transpose()?;
    Ok((columns, ArrowRows { reader, shapes, number, numbers: None, read: Vec::new(), batch: None, row: 0, count: 0 }))
}

fn numbered(schema: &Schema, name: &str) -> Result<usize, Error> {
    schema.index_of(name).ok().filter(|at| schema.field(*at).data_type().is_integer()).ok_or_else(|| {
        Error::new(
            ErrorKind::Usage,
            format!(
                "la colonne « {name} » n’existe pas ou ne contient pas d’entiers ; donnez celle des numéros de ligne"
            ),
            format!("column “{name}” does not exist or holds no integers; name the one with the row numbers"),
        )
    })
}

fn unreadable(name: &str, of: &DataType) -> Error {
    Error::new(
        ErrorKind::Format,
        format!(
            "la colonne « {name} » est de type {of}, qui ne se lit pas comme du texte ; convertissez-la ou retirez-la"
        ),
        format!("column “{name}” is of type {of}, which cannot be read as text; cast it or drop it"),
    )
}

/// How the values of a column become texts.
enum Shape {
    /// One text a row, of a column of the frame.
    Plain(usize),
    /// The same of its elements.
    List(Box<Shape>),
    /// The same of its members.
    Group(Vec<Shape>),
}

impl Shape {
    /// The shape of a field of the column of that rank, to which the names in `path` lead; the columns of the frame that it makes
    /// join the others. `None` where its values are no text.
    fn of(field: &Field, rank: u32, path: &mut Vec<String>, columns: &mut Vec<Column>) -> Option<Shape> {
        Some(match field.data_type() {
            DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
                Shape::List(Box::new(Shape::of(item, rank, path, columns)?))
            }
            DataType::Struct(members) => {
                let mut shapes = Vec::with_capacity(members.len());
                for member in members {
                    path.push(member.name().clone());
                    shapes.push(Shape::of(member, rank, path, columns)?);
                    path.pop();
                }
                Shape::Group(shapes)
            }
            DataType::Dictionary(_, value) if !is_plain(value) => return None,
            of if is_plain(of) || matches!(of, DataType::Dictionary(..)) => {
                columns.push(Column { rank, path: path.clone() });
                Shape::Plain(columns.len() - 1)
            }
            _ => return None,
        })
    }

    fn values(&self, array: &ArrayRef) -> Result<Values, Error> {
        Ok(match self {
            Shape::Plain(column) => Values::Texts(*column, is_number(array.data_type()), texts(array)?),
            Shape::Group(members) => {
                let group = array.as_struct();
                let values = members.iter().zip(group.columns()).map(|(shape, column)| shape.values(column));
                Values::Group(array.clone(), values.collect::<Result<_, _>>()?)
            }
            Shape::List(item) => {
                let list = match array.data_type() {
                    DataType::FixedSizeList(item, _) | DataType::LargeList(item) | DataType::List(item) => {
                        cast(array, &DataType::LargeList(Arc::clone(item))).map_err(foreign)?
                    }
                    _ => Arc::clone(array),
                };
                let values = item.values(list.as_list::<i64>().values())?;
                Values::List(list, Box::new(values))
            }
        })
    }
}

fn is_plain(of: &DataType) -> bool {
    of.is_numeric()
        || matches!(
            of,
            DataType::Null
                | DataType::Boolean
                | DataType::Utf8
                | DataType::LargeUtf8
                | DataType::Utf8View
                | DataType::Date32
                | DataType::Date64
                | DataType::Time32(_)
                | DataType::Time64(_)
                | DataType::Timestamp(..)
        )
}

fn is_number(of: &DataType) -> bool {
    match of {
        DataType::Dictionary(_, value) => value.is_numeric(),
        of => of.is_numeric(),
    }
}

/// The values of a column of a batch.
enum Values {
    Texts(usize, bool, Texts),
    List(ArrayRef, Box<Values>),
    Group(ArrayRef, Vec<Values>),
}

impl Values {
    fn give(&self, row: usize, element: u16, take: &mut dyn FnMut(FrameValue<'_>)) {
        match self {
            Values::Texts(column, is_number, texts) => {
                if let Some(text) = texts.at(row) {
                    take(FrameValue { column: *column, element, is_number: *is_number, text });
                }
            }
            Values::Group(group, members) => {
                if group.is_valid(row) {
                    members.iter().for_each(|member| member.give(row, element, take));
                }
            }
            Values::List(list, items) => {
                let offsets = list.as_list::<i64>().value_offsets();
                if list.is_valid(row) {
                    for (at, rank) in (offsets[row]..offsets[row + 1]).zip(1_usize..) {
                        let rank = u16::try_from(rank).unwrap_or(u16::MAX);
                        // A list within an element of another one is of that element.
                        items.give(at as usize, if element > 1 { element } else { rank }, take);
                    }
                }
            }
        }
    }
}

/// Texts as Arrow has them.
enum Texts {
    Usual(ArrayRef),
    Large(ArrayRef),
    View(ArrayRef),
}

impl Texts {
    fn at(&self, row: usize) -> Option<&str> {
        match self {
            Texts::Usual(array) => array.is_valid(row).then(|| array.as_string::<i32>().value(row)),
            Texts::Large(array) => array.is_valid(row).then(|| array.as_string::<i64>().value(row)),
            Texts::View(array) => array.is_valid(row).then(|| array.as_string_view().value(row)),
        }
    }
}

/// The values of a plain column as texts: a whole number without a decimal, a day without its midnight.
fn texts(array: &ArrayRef) -> Result<Texts, Error> {
    /// Beyond it a double no longer holds every whole number.
    const MOST: f64 = 9e15;
    let number = |number: f64, text: String| match number.fract() == 0.0 && number.abs() < MOST {
        true => Some(format!("{number:.0}")),
        false => number.is_finite().then_some(text),
    };
    let made: StringArray = match array.data_type() {
        DataType::Utf8 => return Ok(Texts::Usual(Arc::clone(array))),
        DataType::LargeUtf8 => return Ok(Texts::Large(Arc::clone(array))),
        DataType::Utf8View => return Ok(Texts::View(Arc::clone(array))),
        DataType::Null => StringArray::new_null(array.len()),
        DataType::Boolean => {
            array.as_boolean().iter().map(|value| value.map(|value| if value { "VRAI" } else { "FAUX" })).collect()
        }
        DataType::Float64 => array
            .as_primitive::<Float64Type>()
            .iter()
            .map(|value| value.and_then(|value| number(value, value.to_string())))
            .collect(),
        DataType::Float32 => array
            .as_primitive::<Float32Type>()
            .iter()
            .map(|value| value.and_then(|value| number(f64::from(value), value.to_string())))
            .collect(),
        DataType::Dictionary(_, value) => {
            let plain = cast(array, value).map_err(foreign)?;
            return texts(&plain);
        }
        DataType::Timestamp(..) | DataType::Date64 => {
            let cast = cast(array, &DataType::Utf8).map_err(foreign)?;
            cast.as_string::<i32>().iter().map(|text| text.map(day)).collect()
        }
        _ => return Ok(Texts::Usual(cast(array, &DataType::Utf8).map_err(foreign)?)),
    };
    Ok(Texts::Usual(Arc::new(made)))
}

/// A moment that is a midnight, in its own zone, is a day.
fn day(text: &str) -> &str {
    match text.split_once('T') {
        Some((day, time)) if time.starts_with("00:00:00") && !time[8..].starts_with('.') => day,
        _ => text,
    }
}

/// The rows of batches, one after the other.
struct ArrowRows {
    reader: Reader,
    /// Where each column stands in a batch, and its shape.
    shapes: Vec<(usize, Shape)>,
    /// The column of the numbers of the rows.
    number: Option<usize>,
    /// These numbers, and the values of each column, of the batch.
    numbers: Option<ArrayRef>,
    read: Vec<Values>,
    batch: Option<RecordBatch>,
    row: usize,
    /// The number of the row, where no column tells it.
    count: u64,
}

impl ArrowRows {
    /// Whether there is a row, in this batch or the next one.
    fn has_row(&mut self) -> Result<bool, Error> {
        while self.batch.as_ref().is_none_or(|batch| self.row >= batch.num_rows()) {
            let Some(batch) = self.reader.next() else { return Ok(false) };
            let batch = batch.map_err(foreign)?;
            let values = self.shapes.iter().map(|(at, shape)| shape.values(batch.column(*at)));
            self.read = values.collect::<Result<_, _>>()?;
            let numbers = self.number.map(|at| cast(batch.column(at), &DataType::UInt64)).transpose();
            self.numbers = numbers.map_err(foreign)?;
            (self.row, self.batch) = (0, Some(batch));
        }
        Ok(true)
    }
}

impl Rows for ArrowRows {
    fn next(&mut self) -> Result<Option<u64>, Error> {
        self.row += usize::from(self.batch.is_some());
        if !self.has_row()? {
            return Ok(None);
        }
        self.count += 1;
        let number = match &self.numbers {
            Some(numbers) => {
                let numbers = numbers.as_primitive::<UInt64Type>();
                match numbers.is_valid(self.row) && numbers.value(self.row) > 0 {
                    true => numbers.value(self.row),
                    false => {
                        return Err(Error::new(
                            ErrorKind::Format,
                            "une ligne n’a pas de numéro, compté à partir de 1 ; donnez-en un à chacune",
                            "a row has no number, counted from 1; give each its own",
                        ));
                    }
                }
            }
            None => self.count,
        };
        Ok(Some(number))
    }

    fn values(&self, take: &mut dyn FnMut(FrameValue<'_>)) {
        self.read.iter().for_each(|values| values.give(self.row, 0, take));
    }
}
