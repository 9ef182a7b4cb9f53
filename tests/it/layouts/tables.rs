//! Tables with a row or a column for each record: their headers, what stands around them, what is hidden in them.

use super::book::Grid;
use super::source::Table;

fn table_at(table: &Table, top: usize, left: usize) -> Grid {
    let mut grid = Grid::new("PTCE");
    grid.label_row(top, left, &table.labels);
    for (row, cells) in table.rows.iter().enumerate() {
        grid.put_row(top + 1 + row, left, cells);
    }
    grid
}

pub(super) fn plain(table: &Table) -> Vec<Grid> {
    vec![table_at(table, 0, 0)]
}

pub(super) fn titles(table: &Table) -> Vec<Grid> {
    let mut grid = table_at(table, 5, 0);
    grid.put(0, 0, "Pôles soutenus en 2014");
    grid.put(1, 0, "Direction de la cohésion, bureau des pôles");
    grid.put(3, 1, "En gras : les lauréats ; en italique : les autres");
    vec![grid]
}

pub(super) fn elsewhere(table: &Table) -> Vec<Grid> {
    vec![table_at(table, 6, 2)]
}

/// A blank row below the header and between the records, a blank column after every third.
pub(super) fn blanks(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    for (column, label) in table.labels.iter().enumerate() {
        grid.label(0, column + column / 3, label);
    }
    for (row, cells) in table.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            grid.put(2 * row + 2, column + column / 3, cell);
        }
    }
    vec![grid]
}

/// A header of two rows; the name of a group stands above its first column.
fn below_groups(table: &Table, are_singles_above: bool) -> Grid {
    let mut grid = table_at(table, 1, 0);
    let labels = table.grouped();
    for (column, (group, label)) in labels.iter().enumerate() {
        match group {
            Some(group) => {
                grid.label(1, column, label);
                if column == 0 || labels[column - 1].0 != Some(group) {
                    grid.label(0, column, group);
                }
            }
            None if are_singles_above => {
                grid.label(0, column, label);
                grid.set(1, column, "");
            }
            None => {}
        }
    }
    grid
}

fn merge_groups(table: &Table, grid: &mut Grid) {
    let labels = table.grouped();
    let mut column = 0;
    while column < labels.len() {
        let group = labels[column].0;
        let end = labels[column..].iter().take_while(|label| label.0 == group).count() + column;
        if group.is_some() && end > column + 1 {
            grid.merges.push([0, column, 0, end - 1]);
        }
        column = end;
    }
}

pub(super) fn groups(table: &Table) -> Vec<Grid> {
    let mut grid = below_groups(table, false);
    merge_groups(table, &mut grid);
    vec![grid]
}

pub(super) fn groups_named_once(table: &Table) -> Vec<Grid> {
    vec![below_groups(table, true)]
}

pub(super) fn groups_and_tall_cells(table: &Table) -> Vec<Grid> {
    let mut grid = below_groups(table, true);
    merge_groups(table, &mut grid);
    let labels = table.grouped();
    grid.merges.extend((0..labels.len()).filter(|at| labels[*at].0.is_none()).map(|at| [0, at, 1, at]));
    vec![grid]
}

pub(super) fn tall_header(table: &Table) -> Vec<Grid> {
    let mut grid = table_at(table, 1, 0);
    let labels = std::mem::take(&mut grid.rows[1]);
    grid.rows[0] = labels;
    grid.merges = (0..table.labels.len()).map(|at| [0, at, 1, at]).collect();
    vec![grid]
}

/// Equal values of one column, in rows one below the other, are one merged cell.
pub(super) fn shared_values(table: &Table) -> Vec<Grid> {
    let mut grid = table_at(table, 0, 0);
    let is_shared = |label: &String| label == "Région" || label.starts_with("Date");
    for column in (0..table.labels.len()).filter(|at| is_shared(&table.labels[*at])) {
        let mut top = 0;
        while top < table.rows.len() {
            let value = &table.rows[top][column];
            let count = table.rows[top..].iter().take_while(|row| &row[column] == value).count();
            if count > 1 && !value.is_empty() {
                grid.merges.push([top + 1, column, top + count, column]);
                (top + 1..top + count).for_each(|row| grid.set(row + 1, column, ""));
            }
            top += count;
        }
    }
    vec![grid]
}

pub(super) fn regions(table: &Table) -> Vec<Grid> {
    let region = table.labels.iter().position(|label| label == "Région").unwrap_or(0);
    let others = table.only(|label| label != "Région");
    let mut grid = Grid::new("PTCE");
    grid.label_row(0, 0, &others.labels);
    let mut last = "";
    for (row, own) in table.rows.iter().zip(&others.rows) {
        if row[region] != last {
            last = &row[region];
            grid.put(grid.rows.len(), 0, last);
        }
        grid.put_row(grid.rows.len(), 0, own);
    }
    vec![grid]
}

/// The second table has its columns in another order.
pub(super) fn two_tables(table: &Table) -> Vec<Grid> {
    let turned = |cells: &Vec<String>| cells.iter().rev().cloned().collect::<Vec<String>>();
    let mut grid = Grid::new("PTCE");
    grid.label_row(0, 0, &table.labels);
    for row in table.rows.iter().take(1) {
        grid.put_row(1, 0, row);
    }
    grid.label_row(4, 0, &turned(&table.labels));
    for (at, row) in table.rows.iter().skip(1).enumerate() {
        grid.put_row(5 + at, 0, &turned(row));
    }
    vec![grid]
}

pub(super) fn sums(table: &Table) -> Vec<Grid> {
    let mut grid = table_at(table, 0, 0);
    let below = grid.rows.len();
    grid.put(below, 0, "Total");
    grid.put(below, table.labels.len() - 1, "3");
    grid.put(below + 1, 0, "Nombre de PTCE : 3");
    grid.put(below + 3, 0, "Source : enquête auprès des pôles, janvier 2014");
    vec![grid]
}

pub(super) fn pages(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    for row in &table.rows {
        let next = grid.rows.len();
        grid.label_row(next, 0, &table.labels);
        grid.put_row(next + 1, 0, row);
    }
    vec![grid]
}

/// How people write a label whose usual spelling the source has.
const MISSPELT: [(&str, &str); 9] = [
    ("Nom du PTCE", "NOM  DU PTCE :"),
    ("Départements", "Dépt(s)"),
    ("Thématiques", "Thématqiues"),
    ("Structure coordinatrice", "Structure\ncoordonatrice"),
    ("Contact 1 – Courriel", "Mél. (contact 1)"),
    ("Contact 1 – Téléphone", "N° de téléphone\n(contact 1)"),
    ("Contact 2 – Courriel", "contact n° 2 : e-mail"),
    ("Adresse – Code postal", "Code\npostale"),
    ("Partenaires", "Partenaire(s)"),
];

pub(super) fn misspelt(table: &Table) -> Vec<Grid> {
    let spelt = |label: &String| {
        let known = MISSPELT.iter().find(|(known, _)| known == label);
        known.map_or_else(|| label.clone(), |(_, spelt)| (*spelt).to_owned())
    };
    let mut table = Table { labels: table.labels.iter().map(spelt).collect(), rows: table.rows.clone() };
    table.labels.reverse();
    table.rows.iter_mut().for_each(|row| row.reverse());
    vec![table_at(&table, 0, 0)]
}

pub(super) fn transposed(table: &Table) -> Vec<Grid> {
    let mut grid = Grid::new("PTCE");
    table.labels.iter().enumerate().for_each(|(row, label)| grid.label(row, 0, label));
    for (cells, column) in table.rows.iter().zip(1..) {
        cells.iter().enumerate().for_each(|(row, cell)| grid.put(row, column, cell));
    }
    vec![grid]
}

pub(super) fn hidden(table: &Table) -> Vec<Grid> {
    let mut grid = table_at(table, 0, 0);
    grid.hidden = vec![2];
    vec![grid]
}

pub(super) fn filtered(table: &Table) -> Vec<Grid> {
    let mut grids = hidden(table);
    grids[0].is_filtered = true;
    grids
}
