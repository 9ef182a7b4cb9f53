//! What to do with the value under each label of a layout: found out once a layout, for all its rows.

use crate::field::{Field, Kind};
use crate::row::{Layout, Target};

/// What to do with the value under a label.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// It is the one text of a field.
    Text(&'static Field),
    /// It belongs to a field, and to the element of a rank where the label names one.
    Open(&'static Field, Option<u16>),
    /// It belongs to a field that another label of the same kind fills, unless that one has no value.
    FallBack(&'static Field),
    /// It holds the values of several fields.
    Joint,
    /// No field takes it; it is kept in `source.autres`.
    Keep,
    /// It only joins tables.
    Pass,
}

/// The way of the values of a layout into records.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(super) steps: Vec<Step>,
    /// Whether labels may leave a value over that no field takes.
    pub(super) may_keep: bool,
    /// Labels of the names of contacts.
    pub(super) names: Vec<u32>,
}

impl Plan {
    /// Whether the values under a label go to no field.
    pub(crate) fn passes(&self, label: usize) -> bool {
        matches!(self.steps[label], Step::Keep | Step::Pass)
    }

    /// The plan of the labels that a layout has by now.
    pub(crate) fn of(layout: &Layout) -> Plan {
        let has_no_rank = |field: &'static Field| {
            let is_of = |known: &'static Field| std::ptr::eq(known, field);
            layout.labels.iter().any(|label| matches!(label.target, Target::Field(known, None) if is_of(known)))
        };
        let step = |target: &Target| match target {
            Target::Field(field, _) if matches!(field.kind, Kind::Text) => Step::Text(field),
            Target::Field(field, rank) => Step::Open(field, *rank),
            // Of labels with ranks, none stands in for another.
            Target::Taken(field) if has_no_rank(field) => Step::FallBack(field),
            Target::Joint(..) => Step::Joint,
            Target::Key => Step::Pass,
            _ => Step::Keep,
        };
        let steps: Vec<Step> = layout.labels.iter().map(|label| step(&label.target)).collect();
        let is_name = |(label, step): (u32, &Step)| {
            matches!(step, Step::Open(field, _) if field.pointer == "/contacts/*/nom").then_some(label)
        };
        Plan {
            names: (0..).zip(&steps).filter_map(is_name).collect(),
            may_keep: steps.iter().any(|step| matches!(step, Step::Keep | Step::FallBack(_))),
            steps,
        }
    }
}
