//! The cells of a sheet that get another style, in the text of its part; those that are missing are made.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::markup::{Edits, Element, Kind, Token, tokens};
use crate::import::workbook::xlsx::reference;
use crate::location::column_letters;

/// What stands at a place that is looked for.
pub(super) enum Found<'a, 't> {
    /// The tag of its cell.
    Cell(&'t Token<'a>),
    /// No cell: by which prefix the sheet names cells, and the style that its row or column gives.
    None { prefix: &'a str, style: u32 },
}

/// What is made of a place: a cell changes by edits, the text of one that is missing is answered.
type Make<'s, T> = &'s mut dyn FnMut((u64, u32), Found<'_, '_>, T, &mut Edits) -> Option<String>;

/// Gives cells a style, which `style` makes of the one that they have.
pub(super) fn restyle(
    text: &str,
    cells: &BTreeMap<(u64, u32), crate::Level>,
    edits: &mut Edits,
    style: &mut dyn FnMut(u32, crate::Level) -> Option<u32>,
) {
    visit(text, cells, edits, &mut |(row, column), found, level, edits| match found {
        Found::Cell(token) => {
            let style = style(token.number("s").unwrap_or(0) as u32, level)?;
            edits.retag(token, token.with("s", Some(&style.to_string())));
            None
        }
        Found::None { prefix, style: own } => {
            let style = style(own, level)?;
            Some(format!("<{prefix}c r=\"{}{row}\" s=\"{style}\"/>", column_letters(column)))
        }
    });
}

/// Goes through the cells of a sheet, and those that are missing, in their order.
pub(super) fn visit<T: Copy>(text: &str, cells: &BTreeMap<(u64, u32), T>, edits: &mut Edits, make: Make<'_, T>) {
    let Some(data) = Element::root(text).and_then(|root| root.child(text, "sheetData")) else { return };
    let columns = columns(text);
    let mut grid = Grid { prefix: data.tag.prefix(), columns, make, edits };
    let mut wanted = cells.iter().map(|((row, column), value)| (*row, *column, *value)).peekable();
    if data.tag.kind == Kind::Empty {
        let rows = grid.rows_before(&mut wanted, u64::MAX);
        grid.edits.append(&data, data.tag.text, &rows);
        return;
    }
    let (mut row, mut column): (u64, u32) = (1, 1);
    // The row that is open, and its own style.
    let mut open: Option<(Token<'_>, u32)> = None;
    let mut outside_spans = false;
    for token in tokens(text, data.inner.start) {
        if token.start >= data.inner.end {
            break;
        }
        match token.kind {
            Kind::Open | Kind::Empty if token.name() == "row" => {
                row = token.number("r").unwrap_or(row);
                let before = grid.rows_before(&mut wanted, row);
                if !before.is_empty() {
                    grid.edits.insert(token.start, before);
                }
                let own = row_style(&token);
                if token.kind == Kind::Empty {
                    let new = grid.cells_before(&mut wanted, row, u32::MAX, own);
                    if !new.is_empty() {
                        let tag = token.with("spans", None);
                        let open = tag.strip_suffix("/>").unwrap_or(&tag).trim_end();
                        grid.edits.retag(&token, format!("{open}>{new}</{}>", token.full_name()));
                    }
                    (row, column) = (row.saturating_add(1), 1);
                } else {
                    open = Some((token, own));
                    outside_spans = false;
                }
            }
            Kind::Close if token.name() == "row" => {
                if let Some((tag, own)) = open.take() {
                    let new = grid.cells_before(&mut wanted, row, u32::MAX, own);
                    if !new.is_empty() {
                        grid.edits.insert(token.start, new);
                        outside_spans = true;
                    }
                    // A hint that is no longer true.
                    if outside_spans && tag.attribute("spans").is_some() {
                        grid.edits.retag(&tag, tag.with("spans", None));
                    }
                }
                // Here and at an empty row, as the reader has it: cells that stand in no row are those of the next one.
                (row, column) = (row.saturating_add(1), 1);
            }
            Kind::Open | Kind::Empty if token.name() == "c" => {
                if let Some(place) = token.attribute("r").and_then(|place| reference(place.as_bytes())) {
                    column = place.1;
                }
                let own = open.as_ref().map_or(0, |(_, own)| *own);
                let new = grid.cells_before(&mut wanted, row, column, own);
                if !new.is_empty() {
                    grid.edits.insert(token.start, new);
                    outside_spans = true;
                }
                if let Some((_, _, value)) = wanted.next_if(|(at, of, _)| (*at, *of) == (row, column)) {
                    (grid.make)((row, column), Found::Cell(&token), value, grid.edits);
                }
                column = column.saturating_add(1);
            }
            _ => {}
        }
    }
    let rest = grid.rows_before(&mut wanted, u64::MAX);
    if !rest.is_empty() {
        grid.edits.insert(data.inner.end, rest);
    }
}

/// The cells that are shown in place of others, with which they are merged: those others, and the first cell of each range.
pub(super) fn merged<T>(text: &str, cells: &BTreeMap<(u64, u32), T>) -> BTreeMap<(u64, u32), (u64, u32)> {
    let list = Element::root(text).and_then(|root| root.child(text, "mergeCells"));
    let mut shown = BTreeMap::new();
    for range in list.iter().flat_map(|list| list.children(text)) {
        let range = range.tag.attribute("ref").unwrap_or_default();
        let corner = |corner: &str| reference(corner.as_bytes()).filter(|(_, column)| *column > 0);
        let Some((first, last)) = range.split_once(':').and_then(|(first, last)| corner(first).zip(corner(last)))
        else {
            continue;
        };
        for (cell, _) in cells.range((first.0, 0)..=(last.0.max(first.0), u32::MAX)) {
            if (first.1..=last.1).contains(&cell.1) && *cell != first {
                shown.insert(*cell, first);
            }
        }
    }
    shown
}

/// The style that a row gives its cells.
fn row_style(row: &Token<'_>) -> u32 {
    let is_own = row.attribute("customFormat").is_some_and(|value| value == "1" || value == "true");
    if is_own { row.number("s").unwrap_or(0) as u32 } else { 0 }
}

/// The styles that columns give their cells.
fn columns(text: &str) -> Vec<(Range<u64>, u32)> {
    let list = tokens(text, 0).take_while(|token| token.name() != "sheetData").find(|token| token.opens("cols"));
    let Some(list) = list else { return Vec::new() };
    let style = |column: Element<'_>| {
        let number = |name| column.tag.number(name);
        Some((number("min")?..number("max")?.saturating_add(1), number("style")? as u32))
    };
    Element::of(text, list).children(text).filter_map(style).collect()
}

struct Grid<'a, 's, T> {
    prefix: &'a str,
    columns: Vec<(Range<u64>, u32)>,
    make: Make<'s, T>,
    edits: &'s mut Edits,
}

impl<T: Copy> Grid<'_, '_, T> {
    /// New cells of a row, up to a column.
    fn cells_before<I: Iterator<Item = (u64, u32, T)>>(
        &mut self,
        wanted: &mut std::iter::Peekable<I>,
        row: u64,
        before: u32,
        own: u32,
    ) -> String {
        let mut new = String::new();
        while let Some((_, column, value)) = wanted.next_if(|(at, column, _)| *at == row && *column < before) {
            let of_column = || self.columns.iter().find(|(range, _)| range.contains(&u64::from(column)));
            let own = if own > 0 { own } else { of_column().map_or(0, |(_, style)| *style) };
            let none = Found::None { prefix: self.prefix, style: own };
            new.extend((self.make)((row, column), none, value, self.edits));
        }
        new
    }

    /// New rows up to one that is there.
    fn rows_before<I: Iterator<Item = (u64, u32, T)>>(
        &mut self,
        wanted: &mut std::iter::Peekable<I>,
        before: u64,
    ) -> String {
        let mut new = String::new();
        while let Some((row, ..)) = wanted.peek().copied().filter(|(row, ..)| *row < before) {
            let cells = self.cells_before(wanted, row, u32::MAX, 0);
            if !cells.is_empty() {
                let prefix = self.prefix;
                new.push_str(&format!("<{prefix}row r=\"{row}\">{cells}</{prefix}row>"));
            }
        }
        new
    }
}
