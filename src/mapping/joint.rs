//! Cells whose labels join several fields: each part goes to its own.

use super::{Ranks, Source, names};
use crate::field::{Field, Kind};
use crate::reading::joint;
use crate::row::{Cell, Target};
use crate::text::people;

/// Calls `visit` for the parts of a cell, as `walk` does for whole cells; one that does not hold the parts is noted.
pub(super) fn walk<'t>(
    source: &Source<'t>,
    (index, cell, text): (usize, &Cell, &'t str),
    ranks: &mut Ranks,
    visit: &mut impl FnMut(usize, &Cell, &'static Field, usize, &'t str) -> usize,
) {
    let label = &source.layout.labels[cell.label as usize];
    let Target::Joint(fields, rank) = &label.target else { return };
    let Some(parts) = joint::parts(&label.text, fields, text) else {
        ranks.unparted.extend(fields.first().map(|field| (index, *field)));
        return;
    };
    let element = rank.unwrap_or(cell.element.max(1));
    for (field, part) in parts {
        let part = source.kept(part);
        match field.kind {
            Kind::Texts(_) | Kind::Elements(..) => ranks.list(field, |first| visit(index, cell, field, first, part)),
            Kind::ElementText => {
                // « Copeaux – Jeanne Modèle, 05 99 00 12 34 »: who speaks for it, and what reaches them.
                let of_person = Some(part).filter(|_| field.pointer == names::NAME.pointer);
                let whole = of_person.and_then(|part| people::in_cell(field.pointer, part, false, &joint::Nothing));
                let Some(whole) = whole else {
                    visit(index, cell, field, ranks.dense(field, element), part);
                    continue;
                };
                for own in whole.parts {
                    let Some(field) = Field::at(own.pointer) else { continue };
                    let place = if matches!(field.kind, Kind::ElementText) { ranks.dense(field, element) } else { 0 };
                    visit(index, cell, field, place, source.kept(own.text));
                }
            }
            _ => {
                visit(index, cell, field, 0, part);
            }
        }
    }
}
