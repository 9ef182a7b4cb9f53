//! The map of a publication: GeoJSON (RFC 7946), one feature a line.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::place::{Placed, Position};
use super::tables::Cell;
use crate::schema::table::{COLUMNS, Origin};

/// A collection on its way.
pub(super) struct GeoJson<W: Write> {
    out: W,
    is_empty: bool,
    /// A feature on its way.
    buffer: Vec<u8>,
}

/// A record on the map.
#[derive(serde::Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: Option<&'a str>,
    /// Without a place it is null (RFC 7946, 3.2).
    geometry: Option<Point>,
    properties: Properties<'a>,
}

#[derive(serde::Serialize)]
struct Point {
    r#type: &'static str,
    coordinates: [f64; 2],
}

impl From<Position> for Point {
    fn from(position: Position) -> Point {
        Point { r#type: "Point", coordinates: [position.longitude, position.latitude] }
    }
}

/// The same columns as the table, so that the two can be joined; the point has them as its coordinates.
struct Properties<'a>(&'a [Cell<'a>]);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (column, cell) in COLUMNS.iter().zip(self.0) {
            match cell {
                _ if matches!(column.origin, Origin::Latitude | Origin::Longitude) => {}
                Cell::Absent => {}
                Cell::Text(text) => map.serialize_entry(column.name, text)?,
                Cell::Number(number) => map.serialize_entry(column.name, number)?,
            }
        }
        map.end()
    }
}

impl<W: Write> GeoJson<W> {
    pub fn new(mut out: W) -> io::Result<GeoJson<W>> {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(GeoJson { out, is_empty: true, buffer: Vec::new() })
    }

    /// Adds a record, whose `cells` are those of the table of PTCE.
    pub fn record(&mut self, placed: &Placed, cells: &[Cell<'_>]) -> io::Result<()> {
        self.buffer.clear();
        self.buffer.extend_from_slice(if self.is_empty { b"\n" } else { b",\n" });
        self.is_empty = false;
        let feature = Feature {
            r#type: "Feature",
            id: placed.record.id.as_deref(),
            geometry: placed.position.map(Point::from),
            properties: Properties(cells),
        };
        serde_json::to_writer(&mut self.buffer, &feature)?;
        self.out.write_all(&self.buffer)
    }

    /// Completes the collection, and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n]}\n")?;
        Ok(self.out)
    }
}
