//! The names of contacts: what stands before them in cells of its own, and what stands beside a cell of contacts.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::LazyLock;

use super::Plan;
use crate::field::{Field, Kind};
use crate::row::{Cell, Label, Layout, Row, Target};
use crate::text::people::{self, Beside, Known};

/// What stands in a row beside a cell of contacts.
pub(super) struct Around<'r> {
    pub row: Row<'r>,
    pub layout: &'r Layout,
    pub plan: &'r Plan,
    /// Whether the cells of names may hold several people, as soon as one has asked.
    pub has_several_names: &'r OnceCell<bool>,
    /// The rank of the one contact whose row it is, where each has a row of its own.
    pub only: Option<u16>,
}

impl Beside for Around<'_> {
    fn has_address(&self) -> bool {
        self.row.cells().iter().any(|cell| {
            matches!(self.layout.labels[cell.label as usize].target, Target::Field(field, _) if field.pointer.starts_with("/adresse/"))
        })
    }

    fn people(&self) -> Vec<Known> {
        let mut people: Vec<Known> = Vec::new();
        let is_own = |cell: &&Cell| {
            is_name(cell, self.layout) && self.only.is_none_or(|only| rank_of(cell, self.layout) == only)
        };
        for cell in self.row.cells().iter().filter(is_own) {
            let first = self.only.map_or(usize::from(rank_of(cell, self.layout)) - 1, |_| 0);
            let own = people::people_in(&whole_name(self.row, self.layout, cell));
            // A column without a rank may speak of all; a rank far from the others is of none of them.
            let last = first + own.len();
            if last <= people.len() + MAX_PEOPLE {
                people.resize(people.len().max(last), Known::default());
                people[first..last].clone_from_slice(&own);
            }
        }
        people
    }

    fn may_have_several_people(&self) -> bool {
        *self.has_several_names.get_or_init(|| {
            let mut names = self.row.cells().iter().filter(|cell| self.plan.names.contains(&cell.label));
            let first = names.next();
            names.next().is_some() || first.is_some_and(|cell| people::may_be_several(self.row.text(cell)))
        })
    }

    fn has_label(&self, pointer: &str) -> bool {
        let is_of = |label: &Label| matches!(label.target, Target::Field(field, _) if field.pointer == pointer);
        self.layout.labels.iter().any(is_of)
    }
}

/// More people than any record has.
const MAX_PEOPLE: usize = 1000;

/// A rank, after all those of a source, for one of the further people in the row of a contact.
pub(super) fn further(rank: u16, person: u16) -> u16 {
    const FIRST: u16 = 0x8000;
    const MOST: u16 = 16;
    FIRST.saturating_add(rank.saturating_mul(MOST)).saturating_add(person)
}

/// The field of a contact's name.
pub(super) static NAME: LazyLock<&'static Field> =
    LazyLock::new(|| Field::at("/contacts/*/nom").expect("a test holds the fields against the schema"));

pub(super) fn is_name(cell: &Cell, layout: &Layout) -> bool {
    matches!(layout.labels[cell.label as usize].target, Target::Field(field, _) if field.pointer == NAME.pointer)
}

/// Whether a cell holds what stands before a contact's name.
pub(super) fn is_before_name(cell: &Cell, layout: &Layout) -> bool {
    matches!(layout.labels[cell.label as usize].target, Target::Field(field, _) if matches!(field.kind, Kind::BeforeName))
}

/// Whether a cell holds the first name of a contact.
pub(super) fn is_first_name(cell: &Cell, layout: &Layout) -> bool {
    matches!(layout.labels[cell.label as usize].target, Target::Field(field, _) if field.pointer == "/contacts/*/prenom")
}

/// The rank in the source of the element that a cell speaks of, counted from 1.
pub(super) fn rank_of(cell: &Cell, layout: &Layout) -> u16 {
    match layout.labels[cell.label as usize].target {
        Target::Field(_, Some(rank)) => rank,
        _ => cell.element.max(1),
    }
}

/// What stands before the name of a contact in cells of its own: its title, the first name.
pub(super) fn before_name(row: Row<'_>, layout: &Layout, rank: u16) -> String {
    let mut parts: Vec<(&'static str, &str)> = row
        .cells()
        .iter()
        .filter(|cell| is_before_name(cell, layout) && rank_of(cell, layout) == rank)
        .filter_map(|cell| match layout.labels[cell.label as usize].target {
            Target::Field(field, _) => Some((field.pointer, row.text(cell))),
            _ => None,
        })
        .collect();
    // In alphabetical order as well as in that of a name: « civilité », « prénom ».
    parts.sort_unstable();
    parts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
}

/// The text of a cell; of a contact's name, with what stands before it in cells of its own.
pub(super) fn whole_name<'r>(row: Row<'r>, layout: &Layout, cell: &Cell) -> Cow<'r, str> {
    let name = row.text(cell);
    if !layout.has_parts || !is_name(cell, layout) {
        return Cow::Borrowed(name);
    }
    let before = before_name(row, layout, rank_of(cell, layout));
    people::with_first_names(&before, name)
}
