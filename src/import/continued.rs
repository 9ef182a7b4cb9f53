//! Rows of a table that go on with the record above: people give a PTCE a row for each of its contacts or partners, and
//! leave its other cells blank or write them again.

use std::collections::BTreeMap;

use crate::field::{Field, Kind};
use crate::row::{Cell, Layout, Row, Target};

/// What a cell says, as far as it matters here.
enum Said {
    /// Which PTCE the row is of.
    Identity,
    /// Something that a record has once.
    Once,
    /// Something of an element of a list: contacts, partners.
    Element(&'static str),
    /// A value, or an element that is one, of a list.
    Listed,
    /// Something of the element whose rank the label names.
    Ranked,
    /// Something of no field.
    Other,
    /// A comment, or a link: of its cell alone.
    Beside,
}

fn said(cell: &Cell, layout: &Layout) -> Said {
    match layout.labels[cell.label as usize].target {
        Target::Field(field, rank) => match field.kind {
            _ if is_identity(field) => Said::Identity,
            _ if rank.is_some() => Said::Ranked,
            Kind::Text | Kind::Number | Kind::BeforeStreet => Said::Once,
            Kind::ElementText | Kind::BeforeName => Said::Element(field.list()),
            // A partner with its family beside it: each row keeps its own pair.
            Kind::Elements(..) if has_pairs(field, layout) => Said::Element(field.list()),
            Kind::Texts(_) | Kind::Elements(..) | Kind::Groups => Said::Listed,
        },
        Target::Beside => Said::Beside,
        _ => Said::Other,
    }
}

/// Whether the elements of a list have other values in columns of their own.
fn has_pairs(list: &Field, layout: &Layout) -> bool {
    let is_beside = |field: &Field| matches!(field.kind, Kind::ElementText) && field.list() == list.list();
    layout.labels.iter().any(|label| matches!(label.target, Target::Field(field, None) if is_beside(field)))
}

/// Whether a field says which PTCE a row is of.
pub(super) fn is_identity(field: &Field) -> bool {
    matches!(field.pointer, "/id" | "/nom")
}

/// The cells of a row that it adds to the record of the row above, each with its element, where it continues it; `None`
/// where it is a record of its own. `identity` are the ranks of the labels that name the PTCE.
pub(super) fn added(above: Row<'_>, next: Row<'_>, layout: &Layout, identity: &[u32]) -> Option<Vec<(Cell, u16)>> {
    if above.cells().is_empty() || next.cells().is_empty() {
        return None;
    }
    // Nearly every row names another PTCE.
    let names = |row: Row<'_>| identity.iter().any(|label| row.value(*label as usize).is_some());
    let is_named = names(next);
    let is_same = |label: &u32| above.value(*label as usize) == next.value(*label as usize);
    if is_named && !identity.iter().all(is_same) || !names(above) {
        return None;
    }
    let mut groups: BTreeMap<&'static str, Vec<Cell>> = BTreeMap::new();
    // The cells that are added, each with the rank of its element.
    let (mut listed, mut others) = (Vec::new(), Vec::new());
    for cell in next.cells() {
        let is_known =
            above.cells().iter().any(|known| known.label == cell.label && above.text(known) == next.text(cell));
        match said(cell, layout) {
            Said::Identity => {}
            Said::Element(list) => groups.entry(list).or_default().push(*cell),
            _ if is_known => {}
            Said::Listed => listed.push((*cell, 0)),
            Said::Beside => others.push((*cell, 0)),
            Said::Other if !is_named => others.push((*cell, 0)),
            Said::Once | Said::Ranked | Said::Other => return None,
        }
    }
    for (list, cells) in groups {
        let own = |known: &&Cell| matches!(said(known, layout), Said::Element(known) if known == list);
        let elements = || above.cells().iter().filter(own).map(|known| known.element.max(1));
        let is_element = |element: u16| {
            let known = above.cells().iter().filter(own).filter(|known| known.element.max(1) == element);
            let known: Vec<&Cell> = known.collect();
            let is_there = |cell: &Cell| {
                known.iter().any(|known| known.label == cell.label && above.text(known) == next.text(cell))
            };
            known.len() == cells.len() && cells.iter().all(is_there)
        };
        if !elements().any(is_element) {
            let element = elements().max().unwrap_or(0).saturating_add(1);
            listed.extend(cells.into_iter().map(|cell| (cell, element)));
        }
    }
    // A row that says nothing new is the record once more; one without a name leaves out what the record has once.
    let leaves_out = || above.cells().iter().any(|cell| matches!(said(cell, layout), Said::Once));
    if listed.is_empty() || !is_named && !leaves_out() {
        return None;
    }
    listed.extend(others);
    Some(listed)
}

/// Whether a cell says something of an element of a list whose rank its label does not name.
pub(super) fn is_of_element(cell: &Cell, layout: &Layout) -> bool {
    matches!(said(cell, layout), Said::Element(_))
}
