//! The table of PTCE as Parquet: the same columns, typed, with real lists, and a point a record (GeoParquet 1.1, in WKB).

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use jiff::ToSpan;
use jiff::civil::Date;
use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnDescriptor, Type};

use super::folder::Opened;
use super::privacy::Secrets;
use super::privacy::leaks::leak;
use super::tables::Cell;
use crate::error::{Error, ErrorKind, Result};
use crate::export::flat::each_part;
use crate::export::write_error;
use crate::schema::table::{COLUMNS, Kind};

/// The file.
pub(super) const NAME: &str = "ptce.parquet";

/// Records in one row group: what is held in memory.
const GROUP: usize = 10_000;

/// The column of the points. Without a system of its own, its coordinates are longitude and latitude (OGC:CRS84).
const GEOMETRY: &str = "geometrie";

/// Values that are read at once.
const BATCH: usize = 1_024;

/// The values of a column in one row group, and whether each row has one.
enum Values {
    Text(Texts),
    Integer(Vec<i64>),
    Number(Vec<f64>),
    Day(Vec<i32>),
    /// The elements of lists, each after the other.
    List(Texts),
}

/// Texts one after the other, and where each ends.
#[derive(Default)]
struct Texts(Vec<u8>, Vec<usize>);

impl Texts {
    fn push(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
        self.1.push(self.0.len());
    }

    fn all(self) -> Vec<ByteArray> {
        let (texts, ends) = (ByteArray::from(self.0), self.1);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(&ends).map(|(start, end)| texts.slice(start, end - start)).collect()
    }
}

struct Column {
    values: Values,
    /// How much of the value a row has: 1, or 3 for each element of a list.
    levels: Vec<i16>,
    /// 0 where a row begins, 1 where a list goes on; of a list alone.
    repeated: Vec<i16>,
}

/// The level of an element of a list: the list is there, has an element, and this has a value.
const ELEMENT: i16 = 3;

impl Column {
    fn new(column: &crate::schema::table::Column) -> Column {
        let values = match column.kind() {
            Kind::Text if column.is_list() => Values::List(Texts::default()),
            Kind::Text => Values::Text(Texts::default()),
            Kind::Integer => Values::Integer(Vec::new()),
            Kind::Number => Values::Number(Vec::new()),
            Kind::Day => Values::Day(Vec::new()),
        };
        Column { values, levels: Vec::new(), repeated: Vec::new() }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        if let Values::List(values) = &mut self.values {
            let count = self.levels.len();
            if let Cell::Text(text) = cell {
                each_part(text, |part| {
                    values.push(part);
                    self.repeated.push(i16::from(self.levels.len() > count));
                    self.levels.push(ELEMENT);
                });
            }
            if self.levels.len() == count {
                // An absent list is null.
                self.repeated.push(0);
                self.levels.push(0);
            }
            return;
        }
        let count = self.len();
        match (&mut self.values, cell) {
            (Values::Text(texts), Cell::Text(text)) => texts.push(text),
            (Values::Text(texts), Cell::Number(number)) => texts.push(&number.to_string()),
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
            Values::Text(texts) | Values::List(texts) => texts.1.len(),
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
    /// The points in WKB, and whether each row has one.
    points: (Vec<ByteArray>, Vec<i16>),
    /// West, south, east, north of all points.
    extent: Option<[f64; 4]>,
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
            let name = if column.is_list() { "element" } else { column.name };
            let value = Type::primitive_type_builder(name, physical).with_logical_type(logical);
            let value = Arc::new(value.with_repetition(Repetition::OPTIONAL).build()?);
            if !column.is_list() {
                return Ok(value);
            }
            let list = Type::group_type_builder("list").with_repetition(Repetition::REPEATED).with_fields(vec![value]);
            let outer = Type::group_type_builder(column.name)
                .with_repetition(Repetition::OPTIONAL)
                .with_logical_type(Some(LogicalType::List))
                .with_fields(vec![Arc::new(list.build()?)]);
            outer.build().map(Arc::new)
        });
        let point =
            Type::primitive_type_builder(GEOMETRY, PhysicalType::BYTE_ARRAY).with_repetition(Repetition::OPTIONAL);
        let fields = fields.chain([point.build().map(Arc::new)]);
        let fields = fields.collect::<std::result::Result<Vec<_>, _>>().map_err(parquet_error)?;
        let schema = Type::group_type_builder("ptce").with_fields(fields).build().map_err(parquet_error)?;
        // The name of the program without its version: the bytes are those of the data.
        let properties =
            WriterProperties::builder().set_created_by("ptce".to_owned()).set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(parquet_error)?;
        Ok(Parquet { writer, columns: empty(), points: Default::default(), extent: None, rows: 0 })
    }

    /// Adds the cells of a record, and its point on the map: longitude and latitude.
    pub fn record(&mut self, cells: &[Cell<'_>], point: Option<(f64, f64)>) -> Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
        self.points.1.push(i16::from(point.is_some()));
        if let Some((x, y)) = point {
            // Little-endian, a point, its two coordinates.
            let mut bytes = vec![1, 1, 0, 0, 0];
            bytes.extend([x, y].into_iter().flat_map(f64::to_le_bytes));
            self.points.0.push(bytes.into());
            let [west, south, east, north] = self.extent.unwrap_or([x, y, x, y]);
            self.extent = Some([west.min(x), south.min(y), east.max(x), north.max(y)]);
        }
        self.rows += 1;
        if self.rows == GROUP { self.write_group() } else { Ok(()) }
    }

    fn write_group(&mut self) -> Result<()> {
        self.rows = 0;
        let columns = std::mem::replace(&mut self.columns, empty());
        let points = std::mem::take(&mut self.points);
        self.write(columns, points).map_err(parquet_error)
    }

    fn write(
        &mut self,
        columns: Vec<Column>,
        points: (Vec<ByteArray>, Vec<i16>),
    ) -> std::result::Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for Column { values, levels, repeated } in columns {
            let Some(mut column) = group.next_column()? else { break };
            let levels = Some(levels.as_slice());
            match values {
                Values::Text(texts) => column.typed::<ByteArrayType>().write_batch(&texts.all(), levels, None),
                Values::List(texts) => {
                    column.typed::<ByteArrayType>().write_batch(&texts.all(), levels, Some(&repeated))
                }
                Values::Integer(values) => column.typed::<Int64Type>().write_batch(&values, levels, None),
                Values::Number(values) => column.typed::<DoubleType>().write_batch(&values, levels, None),
                Values::Day(values) => column.typed::<Int32Type>().write_batch(&values, levels, None),
            }?;
            column.close()?;
        }
        if let Some(mut column) = group.next_column()? {
            column.typed::<ByteArrayType>().write_batch(&points.0, Some(&points.1), None)?;
            column.close()?;
        }
        group.close().map(|_| ())
    }

    /// Completes the table, and gives the writer back.
    pub fn finish(mut self) -> Result<W> {
        if self.rows > 0 {
            self.write_group()?;
        }
        let mut column = serde_json::json!({ "encoding": "WKB", "geometry_types": ["Point"] });
        if let Some(extent) = self.extent {
            column["bbox"] = serde_json::json!(extent);
        }
        let geo =
            serde_json::json!({ "version": "1.1.0", "primary_column": GEOMETRY, "columns": { GEOMETRY: column } });
        self.writer.append_key_value_metadata(KeyValue::new("geo".to_owned(), geo.to_string()));
        self.writer.into_inner().map_err(parquet_error)
    }
}

fn empty() -> Vec<Column> {
    COLUMNS.iter().map(Column::new).collect()
}

fn parquet_error(error: ParquetError) -> Error {
    write_error(std::io::Error::other(error))
}

/// Searches a complete table for what was withheld, as a program reads it.
pub(super) fn search(name: &str, file: Opened, secrets: &Secrets) -> Result<()> {
    match file {
        Opened::File(file) => search_in(name, file, secrets),
        Opened::Memory(bytes) => search_in(name, Bytes::from_owner(bytes.into_inner()), secrets),
    }
}

fn search_in<R: ChunkReader + 'static>(name: &str, file: R, secrets: &Secrets) -> Result<()> {
    let unreadable = |error: ParquetError| {
        Error::new(ErrorKind::Format, format!("illisible : {error}"), format!("unreadable: {error}")).in_file(name)
    };
    let reader = SerializedFileReader::new(file).map_err(unreadable)?;
    let mut rows = 0;
    for rank in 0..reader.num_row_groups() {
        let group = reader.get_row_group(rank).map_err(unreadable)?;
        let mut first: Option<u64> = None;
        for column in 0..group.num_columns() {
            let description = group.metadata().column(column).column_descr_ptr();
            // Points are numbers, and not of telephones.
            if description.name() == GEOMETRY {
                continue;
            }
            let found = match group.get_column_reader(column).map_err(unreadable)? {
                ColumnReader::ByteArrayColumnReader(column) => {
                    first_row(column, &description, |text| match simdutf8::basic::from_utf8(text.data()) {
                        Ok(text) => secrets.are_in(text),
                        Err(_) => secrets.are_in(&String::from_utf8_lossy(text.data())),
                    })
                }
                ColumnReader::Int32ColumnReader(column) => first_row(column, &description, |day| {
                    let day = Date::constant(1970, 1, 1).checked_add(i64::from(*day).days());
                    day.is_ok_and(|day| secrets.are_in(&day.to_string()))
                }),
                ColumnReader::Int64ColumnReader(column) => {
                    first_row(column, &description, |number| secrets.are_in(&number.to_string()))
                }
                ColumnReader::DoubleColumnReader(column) => {
                    first_row(column, &description, |number| secrets.are_in(&number.to_string()))
                }
                // We write no others.
                _ => Ok(None),
            };
            first = first.into_iter().chain(found.map_err(unreadable)?).min();
        }
        if let Some(row) = first {
            return Err(leak(name, rows + row, None));
        }
        rows += group.metadata().num_rows() as u64;
    }
    Ok(())
}

/// The first row of a group, counted from 1, whose value in a column is one that is looked for.
fn first_row<T: DataType>(
    mut column: ColumnReaderImpl<T>,
    description: &ColumnDescriptor,
    is_wanted: impl Fn(&T::T) -> bool,
) -> std::result::Result<Option<u64>, ParquetError> {
    let (mut values, mut levels, mut repeated, mut row) = (Vec::new(), Vec::new(), Vec::new(), 0);
    loop {
        values.clear();
        levels.clear();
        repeated.clear();
        let of_list = (description.max_rep_level() > 0).then_some(&mut repeated);
        if column.read_records(BATCH, Some(&mut levels), of_list, &mut values)?.0 == 0 {
            return Ok(None);
        }
        let mut values = values.iter();
        for (rank, level) in levels.iter().enumerate() {
            row += u64::from(repeated.get(rank).is_none_or(|repeated| *repeated == 0));
            if *level == description.max_def_level() && values.next().is_some_and(&is_wanted) {
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
            table.record(&columns.cells(&Placed::new(record.clone())), Some((6.0, 44.5))).unwrap();
        }
        table.record(&columns.cells(&Placed::new(Record::default())), None).unwrap();
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
        assert_eq!(value(3, "thematiques"), "null");
        assert!(
            value(0, "thematiques").starts_with("[\"") && value(0, "thematiques").contains("\", \""),
            "{}",
            value(0, "thematiques")
        );
        let geo = reader.metadata().file_metadata().key_value_metadata().unwrap();
        assert!(geo[0].value.as_ref().unwrap().contains("\"bbox\":[6.0,44.5,6.0,44.5]"));
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
