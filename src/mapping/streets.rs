//! The line of a street whose number, type and name stand in cells of their own.

use crate::field::{Field, Kind};
use crate::row::{Cell, Layout, Row, Target};

fn field_of(cell: &Cell, layout: &Layout) -> Option<&'static Field> {
    match layout.labels[cell.label as usize].target {
        Target::Field(field, _) => Some(field),
        _ => None,
    }
}

fn is_part(cell: &Cell, layout: &Layout) -> bool {
    field_of(cell, layout).is_some_and(|field| matches!(field.kind, Kind::BeforeStreet))
}

/// Whether a cell is the one that gives the line: that of the name, else the first of the parts.
pub(super) fn gives_line(row: Row<'_>, layout: &Layout, cell: &Cell) -> bool {
    let is_name = |cell: &Cell| field_of(cell, layout).is_some_and(|field| field.pointer == "/adresse/voie");
    let name = row.cells().iter().find(|cell| is_name(cell));
    let first = name.or_else(|| row.cells().iter().find(|cell| is_part(cell, layout)));
    first.is_some_and(|first| std::ptr::eq(first, cell))
}

/// The parts of the line, in the order of a street, before its name; `None` where the name says them already.
pub(super) fn whole(row: Row<'_>, layout: &Layout, name: &str) -> Option<String> {
    const ORDER: [&str; 3] = ["/adresse/voie/numero", "/adresse/voie/indice", "/adresse/voie/type_voie"];
    let text_of = |pointer: &&str| {
        let cell =
            row.cells().iter().find(|cell| field_of(cell, layout).is_some_and(|field| field.pointer == *pointer))?;
        let text = row.text(cell);
        let text = text.strip_suffix(".0").unwrap_or(text);
        // What programs write for no number.
        Some(text).filter(|text| !matches!(*text, "0" | "00" | "000" | "0000"))
    };
    let parts: Vec<&str> = ORDER.iter().filter_map(text_of).collect();
    let first = parts.first()?;
    let says_it = name.get(..first.len()).is_some_and(|start| {
        start.eq_ignore_ascii_case(first) && !name[first.len()..].starts_with(|c: char| c.is_ascii_digit())
    });
    if says_it {
        return None;
    }
    let name = Some(name).filter(|name| !name.is_empty());
    Some(parts.into_iter().chain(name).collect::<Vec<_>>().join(" "))
}
