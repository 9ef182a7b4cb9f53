//! A table: a header, and a record in each row below it.

use std::borrow::Cow;

use super::arrangement::{HeaderCell, header_cells, idle_groups, values_below};
use super::aside::{Aside, Kind};
use super::matrix::{self, Said};
use super::merge::Merges;
use super::row::GridRow;
use crate::error::Result;
use crate::import::{Sink, boxes};
use crate::row::{Target, is_composed};
use crate::text::fold::folded;
use crate::vocabulary::{self, Values};

/// Where the columns of the table stand.
pub(in crate::import) struct Columns {
    /// Rank of the label of each column, counted from 1; a column without a header has none yet.
    labels: Vec<Option<u32>>,
    header_row: u64,
    aside: Aside,
    /// What the labels say besides the cells.
    said: Said,
    /// The columns that say which PTCE a row is of: cells merged there make several rows one record.
    identity: Vec<u32>,
    /// The last row of the record that is being gathered, and how many rows it has so far.
    gathered: Option<(u64, u16)>,
    /// The first columns of tables of the same labels that stand side by side, with a record of each in a row; none where there is
    /// one table.
    beside: Vec<u32>,
}

impl Columns {
    /// Enters the header that stands among the first rows, and what stands above it; `below` are rows that follow it.
    pub fn begin(
        rows: &[GridRow],
        header: usize,
        is_double: bool,
        merges: &Merges,
        below: &[GridRow],
        sink: &mut Sink<'_>,
    ) -> Result<Columns> {
        for row in &rows[..header] {
            for (column, text) in row.cells() {
                sink.outside(text, row.number, column)?;
            }
        }
        let lower = rows.get(header + 1).filter(|_| is_double);
        let (first, last) = (rows[header].number, lower.unwrap_or(&rows[header]).number);
        sink.begin_table(first, last)?;
        let mut cells = header_cells(&rows[header], lower, merges);
        let beside = if merges.is_empty() { tables_beside(&cells) } else { Vec::new() };
        let all = cells.clone();
        if let [_, second, ..] = beside.as_slice() {
            cells.retain(|cell| cell.column < *second);
        }
        let mut columns = Columns {
            labels: Vec::new(),
            header_row: last,
            aside: Aside::new(all.iter().map(|cell| (cell.column, cell.text)), is_double),
            said: Said::default(),
            identity: Vec::new(),
            gathered: None,
            beside,
        };
        let (units, below) = match below.split_first() {
            Some((row, rest)) if row.number == last + 1 && !sink.is_of_records() => match units_in(row, &cells) {
                Some(units) => {
                    columns.aside.units = row.number;
                    (units, rest)
                }
                None => (vec![None; cells.len()], below),
            },
            _ => (vec![None; cells.len()], below),
        };
        let values: Vec<Values<'_>> =
            values_below(below, &cells).into_iter().map(|values| Values::of(values.into_iter())).collect();
        let (labels, said) = matrix::enter(&cells, &units, &values, sink)?;
        columns.said = said;
        for (cell, label) in cells.iter().zip(labels) {
            if matches!(sink.target(label), Target::Field(field, _) if matches!(field.pointer, "/id" | "/nom")) {
                columns.identity.push(cell.column);
            }
            columns.set(cell.column, label);
        }
        // The tables on the right have the labels of the first one.
        for (cell, label) in all.iter().skip(cells.len()).zip(columns.labels.clone().into_iter().flatten().cycle()) {
            columns.set(cell.column, label);
        }
        for (column, text) in idle_groups(&rows[header], &all) {
            sink.outside(text, first, column)?;
        }
        sink.sheet_says(first)?;
        Ok(columns)
    }

    /// The label of each column, from the first one on.
    pub fn labels(&self) -> impl Iterator<Item = Option<u32>> + '_ {
        self.labels.iter().copied()
    }

    /// The last row of the header.
    pub fn header_row(&self) -> u64 {
        self.header_row
    }

    /// Whether a row is the header of another table.
    pub fn is_header(&self, row: &GridRow) -> bool {
        self.aside.is_another_header(row, self.aside.stands_apart(row))
    }

    /// Whether a row is plainly no record: a sum, a remark, a part of a small table of its own.
    pub fn is_aside(&self, row: &GridRow) -> bool {
        let aside = &self.aside;
        aside.is_remark(row) || aside.is_foreign(row) || aside.is_below_blank(row) && aside.heads_foreign(row)
    }

    fn set(&mut self, column: u32, label: u32) {
        self.labels.resize(self.labels.len().max(column as usize), None);
        self.labels[column as usize - 1] = Some(label);
    }

    /// The rank of the label of a column. A value under no header still is a value: its column gets an empty label, which
    /// no field knows.
    pub fn label(&mut self, column: u32, sink: &mut Sink<'_>) -> Result<u32> {
        if let Some(label) = self.labels.get(column as usize - 1).copied().flatten() {
            return Ok(label);
        }
        let label = sink.column(None, "", &Values::none(), self.header_row, column)?;
        self.set(column, label);
        Ok(label)
    }

    /// Passes a row on as a record, or as a part of the one before it; answers whether it is one.
    pub fn row(&mut self, row: &GridRow, merges: &mut Merges, sink: &mut Sink<'_>) -> Result<bool> {
        let Some((column, first)) = row.first() else {
            sink.row(row.number, 1);
            return sink.commit().map(|()| false);
        };
        let is_wide =
            !merges.is_empty() && merges.of(row.number, column).is_some_and(|range| range.right >= range.left + 2);
        let from_above = if merges.is_empty() { &[][..] } else { merges.enter(row) };
        if let Some((last, rows)) = self.gathered {
            if row.number <= last {
                self.gathered = Some((last, rows.saturating_add(1)));
                return self.push(row, rows.saturating_add(1), sink).map(|()| true);
            }
            self.gathered = None;
            sink.commit()?;
        }
        if self.aside.may_begin(row, (column, first)) {
            match self.aside.kind(row, is_wide) {
                Kind::Record => {}
                Kind::Aside => return sink.outside(&row.whole(), row.number, column).map(|()| false),
                Kind::Section => return sink.section(first, row.number, column).map(|()| false),
                Kind::Header => {
                    *self = Columns::begin(std::slice::from_ref(row), 0, false, merges, &[], sink)?;
                    return Ok(false);
                }
            }
        }
        if !self.beside.is_empty() {
            return self.rows_beside(row, sink).map(|()| true);
        }
        let from_above: Vec<(u64, u32, String)> = from_above
            .iter()
            .filter(|(range, _)| row.at(range.left).is_none())
            .map(|(range, text)| (range.top, range.left, text.clone()))
            .collect();
        for (_, column, _) in &from_above {
            self.label(*column, sink)?;
        }
        let is_several = |column: &u32| merges.of(row.number, *column).filter(|range| range.bottom > row.number);
        let last = self.identity.iter().find_map(is_several).map(|range| range.bottom);
        sink.row(row.number, 1);
        self.push(row, u16::from(last.is_some()), sink)?;
        for (top, column, text) in &from_above {
            let label = self.label(*column, sink)?;
            sink.current().push(label, 0, false, text, *top, *column);
        }
        match last {
            Some(last) => self.gathered = Some((last, 1)),
            None => sink.commit()?,
        }
        Ok(true)
    }

    /// Passes on the records of tables that stand side by side.
    fn rows_beside(&mut self, row: &GridRow, sink: &mut Sink<'_>) -> Result<()> {
        let firsts = self.beside.clone();
        for (rank, first) in firsts.iter().enumerate() {
            let end = firsts.get(rank + 1).copied().unwrap_or(u32::MAX);
            let mut own = GridRow::default();
            own.restart(row.number);
            own.last = row.last;
            for (column, text) in row.cells().filter(|(column, _)| (*first..end).contains(column)) {
                own.push(column, text);
            }
            if let Some((column, _)) = own.first() {
                sink.row(row.number, column);
                self.push(&own, 0, sink)?;
                sink.commit()?;
            }
        }
        Ok(())
    }

    /// Adds the values of a row to the record; `element` counts the rows of a record that has several, from 1.
    pub fn push(&mut self, row: &GridRow, element: u16, sink: &mut Sink<'_>) -> Result<()> {
        // One look tells whether all texts are composed.
        let is_composed = is_composed(row.all_text().as_bytes());
        let may_have_boxes = boxes::may_have_boxes(row.all_text());
        // Nearly all rows are taken as they are, at once.
        if is_composed && !may_have_boxes && self.said.is_empty() {
            let is_labelled = |column: u32| self.labels.get(column as usize - 1).is_some_and(Option::is_some);
            if !row.places().all(|(column, ..)| is_labelled(column)) {
                for (column, ..) in row.places() {
                    self.label(column, sink)?;
                }
            }
            let label = |column: u32| self.labels[column as usize - 1];
            let labelled = row.places().filter_map(|(column, start, end)| Some((label(column)?, column, start, end)));
            sink.current().push_parts(row.all_text(), labelled, element, row.number);
            return Ok(());
        }
        for (column, text) in row.cells() {
            let label = self.label(column, sink)?;
            let ticked = if may_have_boxes { boxes::ticked(text) } else { Cow::Borrowed(text) };
            if ticked.is_empty() {
                continue;
            }
            let text = &*ticked;
            let (label, text) = match self.said.is_empty() {
                true => (label, text),
                false => {
                    let (other, value) = self.said.cell(column, text);
                    if let Some((role, words)) = self.said.role(column) {
                        sink.current().push(role, element, true, words, row.number, column);
                    }
                    if let Some(scaled) = self.said.scaled(column, text) {
                        sink.current().push(label, element, false, &scaled, row.number, column);
                        continue;
                    }
                    (other.unwrap_or(label), value)
                }
            };
            match is_composed {
                true => sink.current().push_composed(label, element, false, text, row.number, column),
                false => sink.current().push(label, element, false, text, row.number, column),
            }
        }
        Ok(())
    }

    /// No more rows.
    pub fn finish(self, sink: &mut Sink<'_>) -> Result<()> {
        if self.gathered.is_some() {
            sink.commit()?;
        }
        sink.leave_headings()
    }
}

/// The units that the row just below a header tells of its columns, « (en k€) », where it says nothing else.
fn units_in<'r>(row: &'r GridRow, cells: &[HeaderCell<'_>]) -> Option<Vec<Option<&'r str>>> {
    let mut units = vec![None; cells.len()];
    for (column, text) in row.cells() {
        let at = cells.iter().position(|cell| cell.column == column)?;
        units[at] = Some(vocabulary::unit_below(cells[at].text, text)?);
    }
    (!row.is_empty()).then_some(units)
}

/// The first columns of tables of the same labels, which a column without a label parts: « Nom | Porteur | | Nom | Porteur ».
fn tables_beside(cells: &[HeaderCell<'_>]) -> Vec<u32> {
    let tables: Vec<&[HeaderCell<'_>]> = cells.chunk_by(|one, next| one.column + 1 == next.column).collect();
    let labels = |table: &[HeaderCell<'_>]| table.iter().map(|cell| folded(cell.text)).collect::<Vec<_>>();
    let Some(first) = tables.first().filter(|first| first.len() > 1 && tables.len() > 1) else { return Vec::new() };
    let names_hub = first.iter().any(|cell| {
        matches!(vocabulary::meaning(cell.text).0, Target::Field(field, _) if matches!(field.pointer, "/id" | "/nom"))
    });
    let own = labels(first);
    let are_alike = names_hub && tables.iter().all(|table| labels(table) == own);
    if are_alike { tables.iter().map(|table| table[0].column).collect() } else { Vec::new() }
}
