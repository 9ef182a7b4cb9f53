//! The map of a publication: GeoJSON (RFC 7946), one feature a line.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::place::Placed;
use super::tables::{Cell, cell};
use crate::schema::table::{COLUMNS, Origin};

/// A collection on its way.
pub(super) struct GeoJson<W: Write> {
    out: W,
    is_empty: bool,
}

impl<W: Write> GeoJson<W> {
    pub fn new(mut out: W) -> io::Result<GeoJson<W>> {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(GeoJson { out, is_empty: true })
    }

    /// Adds a record; without a place, its geometry is null (RFC 7946, 3.2).
    pub fn record(&mut self, placed: &Placed) -> io::Result<()> {
        self.out.write_all(if self.is_empty { b"\n" } else { b",\n" })?;
        self.is_empty = false;
        let geometry = placed
            .position
            .map(|position| json!({ "type": "Point", "coordinates": [position.longitude, position.latitude] }));
        // The same columns as the table, so that the two can be joined; the point has them as its coordinates.
        let columns = COLUMNS.iter().filter(|column| !matches!(column.origin, Origin::Latitude | Origin::Longitude));
        let properties: Map<String, Value> = columns
            .filter_map(|column| {
                let value = match cell(placed, column.origin) {
                    Cell::Absent => return None,
                    Cell::Text(text) => text.into(),
                    Cell::Number(number) => number.into(),
                };
                Some((column.name.to_owned(), value))
            })
            .collect();
        let feature =
            json!({ "type": "Feature", "id": placed.record.id, "geometry": geometry, "properties": properties });
        serde_json::to_writer(&mut self.out, &feature).map_err(io::Error::from)
    }

    /// Completes the collection, and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n]}\n")?;
        Ok(self.out)
    }
}
