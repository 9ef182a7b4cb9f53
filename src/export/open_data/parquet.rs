//! The table of PTCE as Parquet: the same columns, typed.

use std::io::Write;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use parquet::basic::{LogicalType, Repetition, Type as PhysicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::privacy::Secrets;
use super::privacy::leaks::leak;
use super::tables::Cell;
use crate::error::{Error, ErrorKind, Result};
use crate::export::write_error;
use crate::schema::table::{COLUMNS, Kind};

/// Records in one row group: what is held in memory.
const GROUP: usize = 10_000;

/// Values that are read at once.
const BATCH: usize = 1_024;

/// The values of a column in one row group, and whether each row has one.
enum Values {
    /// The texts one after the other, and where each ends.
    Text(Vec<u8>, Vec<usize>),
    Integer(Vec<i64>),
    Number(Vec<f64>),
    Day(Vec<i32>),
}

struct Column {
    values: Values,
    /// 1 where the row has a value.
    levels: Vec<i16>,
}

impl Column {
    fn new(kind: Kind) -> Column {
        let values = match kind {
            Kind::Text => Values::Text(Vec::new(), Vec::new()),
            Kind::Integer => Values::Integer(Vec::new()),
            Kind::Number => Values::Number(Vec::new()),
            Kind::Day => Values::Day(Vec::new()),
        };
        Column { values, levels: Vec::new() }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        let count = self.len();
        match (&mut self.values, cell) {
            (Values::Text(texts, ends), Cell::Text(text)) => {
                texts.extend_from_slice(text.as_bytes());
                ends.push(texts.len());
            }
            (Values::Text(texts, ends), Cell::Number(number)) => {
                texts.extend_from_slice(number.to_string().as_bytes());
                ends.push(texts.len());
            }
            (Values::Integer(values), Cell::Number(number)) => values.extend(number.as_i64()),
            (Values::Number(values), Cell::Number(number)) => values.extend(number.as_f64()),
            (Values::Day(values), Cell::Text(text)) => values.extend(days_since_1970(text)),
            // What has not the type of its column has no place in a typed table; the other files hold it.
            _ => {}
        }
        self.levels.push(i16::from(self.len() > count));
    }

    fn len(&self) -> usize {
        match &self.values {
            Values::Text(_, ends) => ends.len(),
            Values::Integer(values) => values.len(),
            Values::Number(values) => values.len(),
            Values::Day(values) => values.len(),
        }
    }
}

fn days_since_1970(text: &str) -> Option<i32> {
    let day: Date = text.parse().ok()?;
    (day - Date::constant(1970, 1, 1)).get_days().into()
}

/// A table on its way.
pub(super) struct Parquet<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Column>,
    rows: usize,
}

impl<W: Write + Send> Parquet<W> {
    pub fn new(out: W) -> Result<Parquet<W>> {
        let fields = COLUMNS.iter().map(|column| {
            let (physical, logical) = match column.kind() {
                Kind::Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
                Kind::Integer => (PhysicalType::INT64, None),
                Kind::Number => (PhysicalType::DOUBLE, None),
                Kind::Day => (PhysicalType::INT32, Some(LogicalType::Date)),
            };
            let field = Type::primitive_type_builder(column.name, physical).with_logical_type(logical);
            field.with_repetition(Repetition::OPTIONAL).build().map(Arc::new)
        });
        let fields = fields.collect::<std::result::Result<Vec<_>, _>>().map_err(parquet_error)?;
        let schema = Type::group_type_builder("ptce").with_fields(fields).build().map_err(parquet_error)?;
        // The name of the program without its version: the bytes are those of the data.
        let properties = WriterProperties::builder().set_created_by("ptce".to_owned()).build();
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(parquet_error)?;
        Ok(Parquet { writer, columns: empty(), rows: 0 })
    }

    /// Adds the cells of a record.
    pub fn record(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
        self.rows += 1;
        if self.rows == GROUP { self.write_group() } else { Ok(()) }
    }

    fn write_group(&mut self) -> Result<()> {
        self.rows = 0;
        let columns = std::mem::replace(&mut self.columns, empty());
        self.write(columns).map_err(parquet_error)
    }

    fn write(&mut self, columns: Vec<Column>) -> std::result::Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for Column { values, levels } in columns {
            let Some(mut column) = group.next_column()? else { break };
            let levels = Some(levels.as_slice());
            match values {
                Values::Text(texts, ends) => {
                    let texts = ByteArray::from(texts);
                    let starts = std::iter::once(0).chain(ends.iter().copied());
                    let values: Vec<ByteArray> =
                        starts.zip(&ends).map(|(start, end)| texts.slice(start, end - start)).collect();
                    column.typed::<ByteArrayType>().write_batch(&values, levels, None)
                }
                Values::Integer(values) => column.typed::<Int64Type>().write_batch(&values, levels, None),
                Values::Number(values) => column.typed::<DoubleType>().write_batch(&values, levels, None),
                Values::Day(values) => column.typed::<Int32Type>().write_batch(&values, levels, None),
            }?;
            column.close()?;
        }
        group.close().map(|_| ())
    }

    /// Completes the table, and gives the writer back.
    pub fn finish(mut self) -> Result<W> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.writer.into_inner().map_err(parquet_error)
    }
}

fn empty() -> Vec<Column> {
    COLUMNS.iter().map(|column| Column::new(column.kind())).collect()
}

fn parquet_error(error: ParquetError) -> Error {
    write_error(std::io::Error::other(error))
}

/// Searches a complete table for what was withheld, as a program reads it.
pub(super) fn search(name: &str, file: std::fs::File, secrets: &Secrets) -> Result<()> {
    let unreadable = |error: ParquetError| {
        Error::new(ErrorKind::Format, format!("illisible : {error}"), format!("unreadable: {error}")).in_file(name)
    };
    let reader = SerializedFileReader::new(file).map_err(unreadable)?;
    let mut rows = 0;
    for rank in 0..reader.num_row_groups() {
        let group = reader.get_row_group(rank).map_err(unreadable)?;
        let mut first: Option<u64> = None;
        for column in 0..group.num_columns() {
            let found = match group.get_column_reader(column).map_err(unreadable)? {
                ColumnReader::ByteArrayColumnReader(column) => {
                    first_row(column, |text| secrets.are_in(&String::from_utf8_lossy(text.data())))
                }
                ColumnReader::Int32ColumnReader(column) => first_row(column, |day| {
                    let day = Date::constant(1970, 1, 1).checked_add(i64::from(*day).days());
                    day.is_ok_and(|day| secrets.are_in(&day.to_string()))
                }),
                ColumnReader::Int64ColumnReader(column) => {
                    first_row(column, |number| secrets.are_in(&number.to_string()))
                }
                ColumnReader::DoubleColumnReader(column) => {
                    first_row(column, |number| secrets.are_in(&number.to_string()))
                }
                // We write no others.
                _ => Ok(None),
            };
            first = first.into_iter().chain(found.map_err(unreadable)?).min();
        }
        if let Some(row) = first {
            return Err(leak(name, rows + row));
        }
        rows += group.metadata().num_rows() as u64;
    }
    Ok(())
}

/// The first row of a group, counted from 1, whose value in a column is one that is looked for.
fn first_row<T: DataType>(
    mut column: ColumnReaderImpl<T>,
    is_wanted: impl Fn(&T::T) -> bool,
) -> std::result::Result<Option<u64>, ParquetError> {
    let (mut values, mut levels, mut row) = (Vec::new(), Vec::new(), 0);
    loop {
        values.clear();
        levels.clear();
        if column.read_records(BATCH, Some(&mut levels), None, &mut values)?.0 == 0 {
            return Ok(None);
        }
        let mut values = values.iter();
        for level in &levels {
            row += 1;
            if *level > 0 && values.next().is_some_and(&is_wanted) {
                return Ok(Some(row));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::open_data::place::Placed;
    use crate::export::open_data::tables::Columns;
    use crate::record::Record;

    #[test]
    fn columns_are_typed_and_absent_values_are_null() {
        let records: Vec<Record> = serde_json::from_str(include_str!("../../../samples/conforme.json")).unwrap();
        let columns = Columns::new();
        let mut table = Parquet::new(Vec::new()).unwrap();
        for record in &records {
            table.record(&columns.cells(&Placed::new(record.clone()))).unwrap();
        }
        table.record(&columns.cells(&Placed::new(Record::default()))).unwrap();
        let bytes = bytes::Bytes::from(table.finish().unwrap());
        let reader = SerializedFileReader::new(bytes).unwrap();
        let rows: Vec<parquet::record::Row> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap()).collect();
        let value = |row: usize, name: &str| {
            rows[row].get_column_iter().find(|(column, _)| *column == name).unwrap().1.to_string()
        };
        assert_eq!(rows.len(), 4);
        assert_eq!(value(0, "emploi_etp"), "34.5");
        assert_eq!(value(0, "nom"), format!("\"{}\"", records[0].name.as_deref().unwrap()));
        assert_eq!(value(3, "nom"), "null");
        let schema = reader.metadata().file_metadata().schema_descr();
        let kinds = ["appel_date_annonce", "emploi_salaries", "latitude"].map(|name| {
            let column = schema.columns().iter().find(|column| column.name() == name).unwrap();
            (column.physical_type(), column.logical_type_ref().cloned())
        });
        assert_eq!(
            kinds,
            [(PhysicalType::INT32, Some(LogicalType::Date)), (PhysicalType::INT64, None), (PhysicalType::DOUBLE, None)]
        );
        assert_eq!(days_since_1970("2014-01-10"), Some(16_080));
    }
}
