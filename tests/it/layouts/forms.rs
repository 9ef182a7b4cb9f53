//! Forms, a label beside or above each value.

use super::book::Grid;
use super::source::Table;

/// A record with its labels on the left, and the row below it.
fn put_form(grid: &mut Grid, top: usize, left: usize, labels: &[String], row: &[String]) -> usize {
    for (at, (label, cell)) in labels.iter().zip(row).enumerate() {
        grid.label(top + at, left, label);
        grid.put(top + at, left + 1, cell);
    }
    top + labels.len()
}

pub(super) fn form_sheets(table: &Table) -> Vec<Grid> {
    let form = |(row, number): (&Vec<String>, usize)| {
        let mut grid = Grid::new(&format!("Fiche {number}"));
        grid.put(0, 0, "Dossier de candidature");
        put_form(&mut grid, 2, 0, &table.labels, row);
        grid
    };
    table.rows.iter().zip(1..).map(form).collect()
}

pub(super) fn forms(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    let mut top = 0;
    for row in &table.rows {
        top = put_form(&mut grid, top, 1, &table.labels, row) + 1;
    }
    vec![grid]
}

pub(super) fn forms_in_one_cell(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    let mut top = 0;
    for row in &table.rows {
        for (label, cell) in table.labels.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
            grid.labels.insert(label.clone());
            grid.put(top, 0, &format!("{label} : {cell}"));
            top += 1;
        }
        top += 1;
    }
    vec![grid]
}

pub(super) fn forms_above(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    let mut top = 0;
    for row in &table.rows {
        for (labels, cells) in table.labels.chunks(4).zip(row.chunks(4)) {
            grid.label_row(top, 0, labels);
            grid.put_row(top + 1, 0, cells);
            top += 3;
        }
    }
    vec![grid]
}

/// Each line and each element of a list has a row of its own, below the first.
pub(super) fn long_forms(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    let mut top = 0;
    for row in &table.rows {
        for (label, cell) in table.labels.iter().zip(row) {
            grid.label(top, 0, label);
            for part in cell.split(['\n', ';']) {
                grid.put(top, 1, part.trim());
                top += 1;
            }
        }
        top += 1;
    }
    vec![grid]
}

pub(super) fn side_by_side(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    for (at, row) in table.rows.iter().enumerate() {
        put_form(&mut grid, at / 2 * (table.labels.len() + 2), at % 2 * 3, &table.labels, row);
    }
    vec![grid]
}
