//! The ways to lay records out, each by its name.

use super::book::Grid;
use super::forms::{form_sheets, forms, forms_above, forms_in_one_cell, long_forms, side_by_side};
use super::several_rows::{
    contact_rows, contact_rows_again, contact_rows_left_out, joined_by_identifier, joined_by_name,
};
use super::source::Table;
use super::tables::{
    blanks, elsewhere, filtered, groups, groups_and_tall_cells, groups_named_once, hidden, misspelt, pages, plain,
    regions, shared_values, sums, tall_header, titles, transposed, two_tables,
};

/// A way to lay records out.
pub(super) struct Layout {
    pub(super) name: &'static str,
    pub(super) make: fn(&Table) -> Vec<Grid>,
}

pub(super) const LAYOUTS: [Layout; 28] = [
    Layout { name: "plain table", make: plain },
    Layout { name: "titles and a legend above the header", make: titles },
    Layout { name: "table that begins at C7", make: elsewhere },
    Layout { name: "blank rows and columns", make: blanks },
    Layout { name: "two-line header, merged groups", make: groups },
    Layout { name: "two-line header, groups named once", make: groups_named_once },
    Layout { name: "two-line header, merged both ways", make: groups_and_tall_cells },
    Layout { name: "header cells merged over two rows", make: tall_header },
    Layout { name: "a value merged over several records", make: shared_values },
    Layout { name: "a record merged over the rows of its contacts", make: contact_rows },
    Layout { name: "a row for each contact, the rest left out", make: contact_rows_left_out },
    Layout { name: "a row for each contact, the rest again", make: contact_rows_again },
    Layout { name: "regions in rows of their own", make: regions },
    Layout { name: "two tables, one below the other", make: two_tables },
    Layout { name: "sums and a source below", make: sums },
    Layout { name: "header repeated on each page", make: pages },
    Layout { name: "misspelt labels in another order, broken over lines", make: misspelt },
    Layout { name: "a record a column", make: transposed },
    Layout { name: "a form a sheet, labels on the left", make: form_sheets },
    Layout { name: "forms one below the other, labels on the left", make: forms },
    Layout { name: "forms, “label: value” in one cell", make: forms_in_one_cell },
    Layout { name: "forms, labels above", make: forms_above },
    Layout { name: "forms, a value over several rows", make: long_forms },
    Layout { name: "two forms side by side", make: side_by_side },
    Layout { name: "sheets joined by name", make: joined_by_name },
    Layout { name: "sheets joined by identifier", make: joined_by_identifier },
    Layout { name: "hidden rows", make: hidden },
    Layout { name: "rows hidden by a filter", make: filtered },
];
