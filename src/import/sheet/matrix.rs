//! Columns that say more than their cells: a cross below « réemploi » is that theme, a yes below « Zone rurale (O/N) » that
//! priority, a name below « Président·e » that of who has this role.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::arrangement::{HeaderCell, grouped};
use super::persons;
use crate::error::Result;
use crate::field::{Field, PARTNERS_UNDER_HEADING};
use crate::import::Sink;
use crate::row::Target;
use crate::vocabulary::{self, Values};

/// What the label of a column says of the record besides its cells.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The value that a tick in a column stands for, and the label of what is no tick, by the column.
    ticked: BTreeMap<u32, (String, u32)>,
    /// The role of whose name stands in a column, and its label.
    roles: BTreeMap<u32, (u32, String)>,
    /// By how much the numbers of a column are to be multiplied: a label in thousands of euros.
    scales: BTreeMap<u32, u32>,
}

impl Said {
    pub fn is_empty(&self) -> bool {
        self.ticked.is_empty() && self.roles.is_empty() && self.scales.is_empty()
    }

    /// The number of a column in the unit of its field: 180 below « Subvention (k€) » is 180000.
    pub fn scaled(&self, column: u32, text: &str) -> Option<String> {
        /// No amount of a call is as large: what is written out in euros needs no more noughts.
        const LARGEST: f64 = 1e7;
        let by = self.scales.get(&column)?;
        // « 150 000 € » says its own unit.
        let unit = text.trim_end().strip_suffix('€').map(str::trim_end);
        if unit.is_some_and(|number| number.ends_with(|c: char| c.is_ascii_digit())) {
            return None;
        }
        let bare = text.trim_end_matches(|c: char| c.is_whitespace() || "kKM€".contains(c));
        let number: String =
            bare.chars().filter(|c| !c.is_whitespace()).map(|c| if c == ',' { '.' } else { c }).collect();
        let number = number.parse::<f64>().ok().filter(|number| number.abs() * f64::from(*by) < LARGEST)?;
        Some(format!("{}", (number * f64::from(*by) * 100.0).round() / 100.0))
    }

    /// What a cell of a column says, with its label where that is another one.
    pub fn cell<'t>(&'t self, column: u32, text: &'t str) -> (Option<u32>, &'t str) {
        match self.ticked.get(&column) {
            Some((value, _)) if vocabulary::is_tick(text) => (None, value),
            Some((_, label)) => (Some(*label), text),
            None => (None, text),
        }
    }

    /// The label and the text of the role of whose name a column holds.
    pub fn role(&self, column: u32) -> Option<(u32, &str)> {
        self.roles.get(&column).map(|(label, role)| (*label, role.as_str()))
    }
}

/// A column that is a value of a list, or one of a few values.
struct Choice {
    field: &'static Field,
    /// The value that a tick stands for; none where the column holds other values of the list.
    value: Option<String>,
}

/// Enters the labels of a header, with the units and the values below each, and answers the rank of each.
pub(super) fn enter(
    cells: &[HeaderCell<'_>],
    units: &[Option<&str>],
    values: &[Values<'_>],
    sink: &mut Sink<'_>,
) -> Result<(Vec<u32>, Said)> {
    let mut said = Said::default();
    let is_plain = sink.saved().is_none_or(|saved| saved.labels.is_empty());
    let texts: Vec<&str> = cells.iter().map(|cell| cell.text).collect();
    let aside = if is_plain { vocabulary::aside(&texts, values) } else { Vec::new() };
    let choices = if is_plain { choices(cells, values) } else { BTreeMap::new() };
    let mut labels = Vec::with_capacity(cells.len());
    let with_unit = |at: usize| match units[at] {
        Some(unit) => Cow::Owned(format!("{} ({unit})", cells[at].text)),
        None => Cow::Borrowed(cells[at].text),
    };
    for (at, cell) in cells.iter().enumerate() {
        let whole = || cell.group.map_or_else(|| cell.text.to_owned(), |group| grouped(group, cell.text));
        let label = match choices.get(&at) {
            _ if is_plain && let Some((field, by)) = vocabulary::scaled(&with_unit(at)) => {
                said.scales.insert(cell.column, by);
                sink.told(&whole(), Target::Field(field, None), cell.line, cell.column)?
            }
            _ if aside.contains(&at) => sink.told(&whole(), Target::Aside, cell.line, cell.column)?,
            Some(Choice { field, value }) => {
                let label = sink.told(&whole(), Target::Field(field, None), cell.line, cell.column)?;
                if let Some(value) = value {
                    let other = sink.told(&whole(), Target::Aside, cell.line, cell.column)?;
                    said.ticked.insert(cell.column, (value.clone(), other));
                }
                label
            }
            None => sink.column(cell.group, cell.text, &values[at], cell.line, cell.column)?,
        };
        labels.push(label);
    }
    if is_plain {
        names(values, &labels, sink);
        families(cells, values, &labels, sink);
        for (at, role) in persons::settle(cells, values, &labels, sink)? {
            said.roles.insert(cells[at].column, (role, cells[at].text.to_owned()));
        }
    }
    Ok((labels, said))
}

/// The columns that are choices.
fn choices(cells: &[HeaderCell<'_>], values: &[Values<'_>]) -> BTreeMap<usize, Choice> {
    let mut found = BTreeMap::new();
    if !values.iter().any(Values::are_answers) {
        return found;
    }
    // « Vos thématiques [réemploi] », or « réemploi » below « Thématiques ».
    let parts = |cell: &HeaderCell<'_>| -> Option<(String, String)> {
        let in_brackets = || {
            let (outer, inner) = cell.text.trim_end().strip_suffix(']')?.rsplit_once('[')?;
            Some((outer.trim().to_owned(), inner.trim().to_owned()))
        };
        let grouped = cell.group.map(|group| (group.to_owned(), cell.text.to_owned()));
        in_brackets().or(grouped).filter(|(outer, inner)| !outer.is_empty() && !inner.is_empty())
    };
    let mut groups: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    for (at, cell) in cells.iter().enumerate() {
        match parts(cell) {
            Some((outer, inner)) => groups.entry(outer).or_default().push((at, inner)),
            None if values[at].are_answers() => {
                let choice = vocabulary::choice(cell.text).map(|(field, value)| (field, value.to_owned()));
                found.extend(
                    choice
                        .or_else(|| vocabulary::department(cell.text))
                        .map(|(field, value)| (at, Choice { field, value: Some(value) })),
                );
            }
            None => {}
        }
    }
    for (outer, members) in groups {
        let is_answer = |at: &usize| values[*at].are_answers();
        let is_other = |inner: &str| vocabulary::is_other(inner);
        let is_matrix = members.iter().any(|(at, _)| is_answer(at))
            && members.iter().all(|(at, inner)| is_answer(at) || values[*at].are_none() || is_other(inner));
        let list = if is_matrix { vocabulary::list(&outer) } else { None };
        for (at, inner) in members {
            let choice = vocabulary::choice(&inner).map(|(field, value)| (field, value.to_owned()));
            let choice = match list {
                Some(field) if is_other(&inner) && !is_answer(&at) => Some((field, None)),
                Some(field) => Some(match choice {
                    Some((known, value)) if std::ptr::eq(known, field) => (field, Some(value)),
                    _ => (field, Some(inner)),
                }),
                None if is_answer(&at) => choice.map(|(field, value)| (field, Some(value))),
                None => None,
            };
            found.extend(choice.map(|(field, value)| (at, Choice { field, value })));
        }
    }
    found
}

/// Where no label names the records, short texts below that of their object are their names: « Objet », « Projet ».
fn names(values: &[Values<'_>], labels: &[u32], sink: &mut Sink<'_>) {
    let is_named = |target: &Target| {
        matches!(target, Target::Field(field, _) if matches!(field.pointer, "/nom" | "/sigle"))
            || matches!(target, Target::Ambiguous(_) | Target::Joint(..))
    };
    if labels.iter().any(|label| is_named(sink.target(*label))) {
        return;
    }
    let is_object = |at: &usize| {
        matches!(sink.target(labels[*at]), Target::Field(field, None) if field.pointer == "/projet/resume")
            && values[*at].are_titles()
    };
    let mut found = (0..labels.len()).filter(is_object);
    if let (Some(at), None, Some(field)) = (found.next(), found.next(), Field::at("/nom")) {
        sink.means(labels[at], Target::Field(field, None));
    }
}

/// Two columns that are named like families of partners list these: « Entreprises », « Collectivités ».
fn families(cells: &[HeaderCell<'_>], values: &[Values<'_>], labels: &[u32], sink: &mut Sink<'_>) {
    let is_free = |label: u32| match sink.target(label) {
        Target::Unknown | Target::Ambiguous(_) => true,
        Target::Field(field, None) => field.is_headed || field.pointer == "/financement",
        _ => false,
    };
    let of_family =
        |at: &usize| vocabulary::is_heading(cells[*at].text) && is_free(labels[*at]) && !values[*at].are_telling();
    let found: Vec<usize> = (0..cells.len()).filter(of_family).collect();
    let unknown = found.iter().filter(|at| matches!(sink.target(labels[**at]), Target::Unknown)).count();
    if found.len() > 1 && unknown > 0 {
        for at in found {
            sink.means(labels[at], Target::Field(&PARTNERS_UNDER_HEADING, None));
        }
    }
}
