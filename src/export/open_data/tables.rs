//! The tables of a publication: one row a PTCE, and one row a partner.

use std::borrow::Cow;
use std::io::Write;

use serde_json::Number;

use super::place::{Placed, Position};
use crate::error::Result;
use crate::export::csv::{self, csv_error};
use crate::export::flat::{cell_text, joined};
use crate::record::{Part, Record};
use crate::reference::regions::Region;
use crate::schema::table::{COLUMNS, Origin, PARTNER_COLUMNS};

/// What stands in a column of the table of PTCE.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    Absent,
    Text(Cow<'a, str>),
    Number(Number),
}

/// The value of a record in a published column.
pub(super) fn cell(placed: &Placed, origin: Origin) -> Cell<'_> {
    let Placed { record, region, position } = placed;
    let text = |text: &'static str| Cell::Text(Cow::Borrowed(text));
    let region = |value: fn(&Region) -> &'static str| region.map(|region| text(value(region)));
    let degrees = |value: fn(Position) -> f64| position.map(value).and_then(Number::from_f64).map(Cell::Number);
    match origin {
        Origin::Value(pointer) => record.at(pointer).map(|part| match part {
            Part::Number(number) => Cell::Number(number.clone()),
            part => Cell::Text(cell_text(part)),
        }),
        Origin::Every(pointer) => {
            Some(joined(elements(record, pointer))).filter(|text| !text.is_empty()).map(|text| Cell::Text(text.into()))
        }
        Origin::First(pointer) => elements(record, pointer).next().map(|text| Cell::Text(text.into())),
        Origin::PresentRegionCode => region(|region| region.code),
        Origin::PresentRegionName => region(|region| region.name),
        Origin::Latitude => degrees(|position| position.latitude),
        Origin::Longitude => degrees(|position| position.longitude),
        Origin::Precision => position.map(|position| text(position.precision.name())),
    }
    .unwrap_or(Cell::Absent)
}

/// The texts at `pointer` in the elements of the list that it goes through.
fn elements<'a>(record: &'a Record, pointer: &'static str) -> impl Iterator<Item = &'a str> {
    let (list, key) = pointer.split_once("/*/").unwrap_or((pointer, ""));
    let list = match record.at(list) {
        Some(Part::List(list)) => Some(list),
        _ => None,
    };
    list.into_iter().flat_map(move |list| {
        (0..list.count()).filter_map(move |index| match list.element(index) {
            Some(Part::Group(group)) => match group.part(key) {
                Some(Part::Text(text)) => Some(text),
                _ => None,
            },
            _ => None,
        })
    })
}

/// Both tables on their way. No cell is one that a spreadsheet would run.
pub(super) struct Tables<W: Write> {
    /// Records so far.
    count: u64,
    hubs: ::csv::Writer<W>,
    partners: ::csv::Writer<W>,
}

impl<W: Write> Tables<W> {
    pub fn new(hubs: W, partners: W) -> Result<Tables<W>> {
        let (mut hubs, mut partners) = (csv::writer(hubs), csv::writer(partners));
        hubs.write_record(COLUMNS.iter().map(|column| column.name)).map_err(csv_error)?;
        partners.write_record(PARTNER_COLUMNS).map_err(csv_error)?;
        Ok(Tables { count: 0, hubs, partners })
    }

    pub fn record(&mut self, placed: &Placed) -> Result<()> {
        let record = &placed.record;
        self.count += 1;
        for column in COLUMNS {
            match cell(placed, column.origin) {
                Cell::Absent => self.hubs.write_field(""),
                Cell::Number(number) => self.hubs.write_field(number.to_string()),
                Cell::Text(text) => self.hubs.write_field(csv::text(text, self.count, column.name)?.as_ref()),
            }
            .map_err(csv_error)?;
        }
        self.hubs.write_record(None::<&[u8]>).map_err(csv_error)?;
        let id = record.id.as_deref().unwrap_or_default();
        for (partner, rank) in record.partners.iter().zip(1_u64..) {
            let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
            let [name, category, group, note] =
                [&partner.name, &partner.category, &partner.group, &partner.note].map(text);
            let row = [id.to_owned(), rank.to_string(), name, category, group, note];
            for (cell, column) in row.into_iter().zip(PARTNER_COLUMNS) {
                let cell = csv::text(Cow::Owned(cell), self.count, column)?;
                self.partners.write_field(cell.as_ref()).map_err(csv_error)?;
            }
            self.partners.write_record(None::<&[u8]>).map_err(csv_error)?;
        }
        Ok(())
    }

    /// Completes both, and gives them back.
    pub fn finish(self) -> Result<(W, W)> {
        let done = |writer: ::csv::Writer<W>| {
            writer.into_inner().map_err(|error| crate::export::write_error(error.into_error()))
        };
        Ok((done(self.hubs)?, done(self.partners)?))
    }
}
