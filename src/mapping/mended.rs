//! Letters that were read in the wrong encoding, restored before a row is looked at: where all of a text can be restored,
//! nobody has written it as it stands.

use bumpalo::Bump;

use super::{Note, Places, Plan, Told, Way};
use crate::reading::{Example, example};
use crate::row::{Layout, Row};
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

/// A row whose damaged texts are restored.
pub(crate) struct Mended<'t> {
    pub row: Row<'t>,
    /// The cells, and what stood in them.
    cells: Vec<(usize, String)>,
}

impl<'t> Mended<'t> {
    /// A row that may be damaged with its texts restored that a field takes; none where there is nothing to restore.
    pub fn of(row: Row<'t>, plan: &Plan, texts: &'t Bump) -> Option<Mended<'t>> {
        let cells = row.cells().iter().enumerate().filter(|(_, cell)| !plan.passes(cell.label as usize));
        let restored: Vec<(usize, String)> =
            cells.filter_map(|(at, cell)| Some((at, restored(row.text(cell))?))).collect();
        if restored.is_empty() {
            return None;
        }
        let cells = restored.iter().map(|(at, _)| (*at, row.text(&row.cells()[*at]).to_owned())).collect();
        Some(Mended { row: row.with(&restored, texts), cells })
    }

    /// Adds to the notes of the record what was restored.
    pub fn tell(self, layout: &Layout, notes: &mut Vec<Note>) {
        let places = Places::of(self.row, layout);
        for (cell, was) in self.cells {
            let Some(pointer) = places.pointer_of(cell) else { continue };
            let value = self.row.text(&self.row.cells()[cell]).to_owned();
            let told = Told { was, value, other: None, way: Way::Accents };
            notes.push(Note { code: "value-understood", pointer, cell: Some(cell), told: Some(told) });
        }
    }
}
