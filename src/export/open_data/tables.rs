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
use crate::text::visible::visible;

/// What stands in a column of the table of PTCE.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    Absent,
    Text(Cow<'a, str>),
    Number(Number),
}

/// The columns of the table of PTCE, made ready to be looked up in many records.
pub(super) struct Columns {
    origins: Vec<(Origin, Path)>,
}

/// A JSON Pointer, split at its slashes and, where it goes through a list of groups, at its `*`.
#[derive(Default)]
struct Path {
    steps: Vec<&'static str>,
    /// What is taken of each element of the list.
    key: &'static str,
}

impl Path {
    fn of(pointer: &'static str) -> Path {
        let (list, key) = pointer.split_once("/*/").unwrap_or((pointer, ""));
        Path { steps: list.split('/').skip(1).collect(), key }
    }

    fn part<'a>(&self, record: &'a Record) -> Option<Part<'a>> {
        self.steps.iter().try_fold(Part::Group(record), |part, step| match part {
            Part::Group(group) => group.part(step),
            _ => None,
        })
    }

    /// The texts at the key of each element of the list.
    fn elements<'a>(&self, record: &'a Record) -> impl Iterator<Item = &'a str> {
        let list = match self.part(record) {
            Some(Part::List(list)) => Some(list),
            _ => None,
        };
        let key = self.key;
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
}

impl Columns {
    pub fn new() -> Columns {
        let path = |origin| match origin {
            Origin::Value(pointer) | Origin::Every(pointer) | Origin::First(pointer) => Path::of(pointer),
            _ => Path::default(),
        };
        Columns { origins: COLUMNS.iter().map(|column| (column.origin, path(column.origin))).collect() }
    }

    /// The cells of a record, in the order of [`COLUMNS`].
    pub fn cells<'a>(&self, placed: &'a Placed) -> Vec<Cell<'a>> {
        self.origins.iter().map(|(origin, path)| cell(placed, *origin, path)).collect()
    }
}

fn cell<'a>(placed: &'a Placed, origin: Origin, path: &Path) -> Cell<'a> {
    let Placed { record, region, position } = placed;
    let text = |text: &'static str| Cell::Text(Cow::Borrowed(text));
    let region = |value: fn(&Region) -> &'static str| region.map(|region| text(value(region)));
    let degrees = |value: fn(Position) -> f64| position.map(value).and_then(Number::from_f64).map(Cell::Number);
    match origin {
        Origin::Value(_) => path.part(record).map(|part| match part {
            Part::Number(number) => Cell::Number(number.clone()),
            part => Cell::Text(cell_text(part)),
        }),
        Origin::Every(_) => {
            Some(joined(path.elements(record))).filter(|text| !text.is_empty()).map(|text| Cell::Text(text.into()))
        }
        Origin::First(_) => path.elements(record).next().map(|text| Cell::Text(text.into())),
        Origin::PresentRegionCode => region(|region| region.code),
        Origin::PresentRegionName => region(|region| region.name),
        Origin::Latitude => degrees(|position| position.latitude),
        Origin::Longitude => degrees(|position| position.longitude),
        Origin::Precision => position.map(|position| text(position.precision.name())),
    }
    .unwrap_or(Cell::Absent)
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

    /// Adds a record, whose `cells` are those of the table of PTCE.
    pub fn record(&mut self, record: &Record, cells: &[Cell<'_>]) -> Result<()> {
        self.count += 1;
        write_cells(&mut self.hubs, cells, self.count)?;
        let id = record.id.as_deref().unwrap_or_default();
        for (partner, rank) in record.partners.iter().zip(1_u64..) {
            let values = [&partner.name, &partner.category, &partner.group, &partner.note];
            let rank = rank.to_string();
            let row = [id, &rank].into_iter().chain(values.map(|value| value.as_deref().unwrap_or_default()));
            for (cell, column) in row.zip(PARTNER_COLUMNS) {
                self.partners.write_field(&*csv::text(cell, self.count, column)?).map_err(csv_error)?;
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

/// The table of the records that are excluded, for those who correct them: the columns of the other, with nothing asked of
/// what they hold.
pub(super) struct Corrections<W: Write> {
    count: u64,
    rows: ::csv::Writer<W>,
}

impl<W: Write> Corrections<W> {
    pub fn new(out: W) -> Result<Corrections<W>> {
        let mut rows = csv::writer(out);
        rows.write_record(COLUMNS.iter().map(|column| column.name)).map_err(csv_error)?;
        Ok(Corrections { count: 0, rows })
    }

    pub fn record(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        self.count += 1;
        let still = COLUMNS.iter().zip(cells).map(|(column, cell)| still(column.name, cell));
        write_cells(&mut self.rows, &still.collect::<Vec<_>>(), self.count)
    }

    pub fn finish(self) -> Result<W> {
        self.rows.into_inner().map_err(|error| crate::export::write_error(error.into_error()))
    }
}

/// A cell of a record that nobody has checked, so that whoever opens the table meets nothing that acts: no control
/// characters, and no site that is a link of another kind than those of the Web.
fn still<'a>(column: &str, cell: &'a Cell<'_>) -> Cell<'a> {
    let Cell::Text(text) = cell else { return cell.clone() };
    let text = visible(text);
    let is_link = |(scheme, _): &(&str, &str)| {
        !scheme.is_empty()
            && !scheme.trim().eq_ignore_ascii_case("http")
            && !scheme.trim().eq_ignore_ascii_case("https")
            && scheme.trim().chars().all(char::is_alphanumeric)
    };
    Cell::Text(match text.split_once(':').filter(|parts| column == "site_web" && is_link(parts)) {
        Some((scheme, rest)) => format!("{scheme} : {rest}").into(),
        None => text,
    })
}

/// Writes a row of the table of PTCE.
fn write_cells<W: Write>(rows: &mut ::csv::Writer<W>, cells: &[Cell<'_>], count: u64) -> Result<()> {
    for (column, cell) in COLUMNS.iter().zip(cells) {
        match cell {
            Cell::Absent => rows.write_field(""),
            Cell::Number(number) => rows.write_field(number.to_string()),
            Cell::Text(text) => rows.write_field(&*csv::text(text, count, column.name)?),
        }
        .map_err(csv_error)?;
    }
    rows.write_record(None::<&[u8]>).map_err(csv_error)
}
