//! Letters that were read in the wrong encoding, restored before a row is looked at: where all of a text can be restored,
//! nobody has written it as it stands.

use bumpalo::Bump;

use super::{Note, Places, Plan, Step, Told, Way, holds_several, values_within};
use crate::field::Kind;
use crate::reading::{Example, example};
use crate::row::{Cell, Layout, Row};
use crate::text::damage;

/// What is restored, for `docs/values.md`: in these fields as in all others.
pub(crate) const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "/coordinateur/nom",
        &[
            example("CoopÃ©rative de lâ€™Ã‰toile", "Coopérative de l’Étoile"),
            example("CoopÃƒÂ©rative du Causse", "Coopérative du Causse"),
            example("Coop√©rative du Lot", "Coopérative du Lot"),
            example("Coop\u{fffd}rative du Lot", ""),
            example("Coop?rative du Lot", ""),
        ],
    ),
    ("/adresse/commune", &[example("NÃ®mes", "Nîmes")]),
];

/// The text that was meant where one is damaged; of a row that may be damaged, most texts are not.
fn restored(text: &str) -> Option<String> {
    if damage::is_possible(text.as_bytes()) { damage::undamaged(text) } else { None }
}

/// A cell whose text was restored.
struct MendedCell {
    /// Its index in the row.
    at: usize,
    /// What stood in it.
    was: String,
    /// Which of its values is the first that was restored.
    value: usize,
}

/// The cell of a field with its damaged values restored, each on its own where it holds several: one that has lost letters keeps
/// no other from being read, and each ends where its separator stands. Answers with the text the first value that was restored.
fn restored_cell(text: &str, cell: &Cell, plan: &Plan) -> Option<(String, usize)> {
    if !damage::is_possible(text.as_bytes()) {
        return None;
    }
    let field = match plan.steps[cell.label as usize] {
        Step::Open(field, rank) => match field.kind {
            Kind::Texts(_) | Kind::Elements(..) if !cell.single => Some(field),
            Kind::ElementText if rank.is_none() && cell.element == 0 && holds_several(text) => Some(field),
            _ => None,
        },
        _ => None,
    };
    let Some(field) = field else { return Some((damage::undamaged(text)?, 0)) };
    let (mut whole, mut end, mut first) = (String::new(), 0, None);
    for (value, place) in values_within(field, text).into_iter().enumerate() {
        if let Some(restored) = restored(&text[place.clone()]) {
            whole.push_str(&text[end..place.start]);
            whole.push_str(&restored);
            end = place.end;
            first = first.or(Some(value));
        }
    }
    let first = first?;
    whole.push_str(&text[end..]);
    Some((whole, first))
}

/// A row whose damaged texts are restored.
pub(crate) struct Mended<'t> {
    pub row: Row<'t>,
    cells: Vec<MendedCell>,
}

impl<'t> Mended<'t> {
    /// A row that may be damaged with its texts restored that a field takes; none where there is nothing to restore.
    pub fn of(row: Row<'t>, plan: &Plan, texts: &'t Bump) -> Option<Mended<'t>> {
        let (mut restored, mut cells) = (Vec::new(), Vec::new());
        for (at, cell) in row.cells().iter().enumerate().filter(|(_, cell)| !plan.passes(cell.label as usize)) {
            let was = row.text(cell);
            if let Some((text, value)) = restored_cell(was, cell, plan) {
                restored.push((at, text));
                cells.push(MendedCell { at, was: was.to_owned(), value });
            }
        }
        if restored.is_empty() { None } else { Some(Mended { row: row.with(&restored, texts), cells }) }
    }

    /// Adds to the notes of the record what was restored.
    pub fn tell(self, layout: &Layout, notes: &mut Vec<Note>) {
        let places = Places::of(self.row, layout);
        for MendedCell { at, was, value } in self.cells {
            let Some(pointer) = places.pointer_of(at, value) else { continue };
            let now = self.row.text(&self.row.cells()[at]).to_owned();
            let told = Told { was, value: now, other: None, way: Way::Accents };
            notes.push(Note { code: "value-understood", pointer, cell: Some(at), told: Some(told) });
        }
    }
}
