//! Enters the labels and the records of a form into the sink.

use std::collections::{BTreeMap, BTreeSet};

use super::super::arrangement::{HeaderCell, grouped, is_element};
use super::super::persons;
use super::block::{Entry, Text};
use crate::error::Result;
use crate::field::{Field, Kind};
use crate::import::Sink;
use crate::row::Target;
use crate::text::fold::folded;
use crate::text::people::{self, Known};
use crate::vocabulary::Values;

/// What a record holds beside a cell of contacts.
struct Around {
    has_address: bool,
    people: Vec<Known>,
    /// The fields of its labels.
    fields: Vec<&'static str>,
}

impl people::Beside for Around {
    fn has_address(&self) -> bool {
        self.has_address
    }

    fn people(&self) -> Vec<Known> {
        self.people.clone()
    }

    fn may_have_several_people(&self) -> bool {
        self.people.len() > 1
    }

    fn has_label(&self, pointer: &str) -> bool {
        self.fields.contains(&pointer)
    }
}

/// What stands for the label of a title.
const TITLE: &str = "(titre)";

/// Enters labels and records into the sink.
pub(super) struct Writer<'w, 's> {
    pub(super) sink: &'w mut Sink<'s>,
    /// The labels entered, by section, text and how many of the same name stand before it in the record.
    known: BTreeMap<(Option<String>, String, usize), u32>,
    /// The labels of the parts of values over several rows, by the label above them and the field.
    parts: BTreeMap<(u32, &'static str), u32>,
    /// The labels that are roles, each with the label of the role that its value says besides, and its text.
    roles: BTreeMap<u32, (u32, String)>,
    /// The label of the titles that are names of records.
    title: Option<u32>,
    /// Places of texts outside of the forms, for those beside a column of labels are met once for each record.
    told: BTreeSet<(u64, u32)>,
}

impl<'w, 's> Writer<'w, 's> {
    pub(super) fn new(sink: &'w mut Sink<'s>) -> Writer<'w, 's> {
        Writer {
            known: BTreeMap::new(),
            parts: BTreeMap::new(),
            roles: BTreeMap::new(),
            told: BTreeSet::new(),
            title: None,
            sink,
        }
    }

    pub(super) fn outside(&mut self, text: Text<'_>) -> Result<()> {
        if self.told.insert((text.line, text.column)) {
            self.sink.outside(text.text, text.line, text.column)?;
        }
        Ok(())
    }

    /// Passes a record on; `titles` stand above its labels, and it may be the only one of its sheet.
    pub(super) fn record(&mut self, entries: &[Entry<'_>], titles: Vec<Text<'_>>, is_only: bool) -> Result<()> {
        let mut own: Vec<(u32, bool)> = Vec::new();
        let mut names: BTreeMap<(Option<String>, String), usize> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| !entry.is_heading) {
            let name = (entry.section.map(folded), folded(entry.label.text));
            let before = names.entry(name.clone()).or_default();
            let key = (name.0, name.1, *before);
            *before += 1;
            let is_listed = entry.values.iter().any(|value| value.element > 0);
            let strange = entry.section.filter(|section| is_listed && !is_element(section, entry.label.text));
            let label = match (self.known.get(&key), strange) {
                (Some(label), _) => *label,
                // « Ville » in the table of the partners is not that of the PTCE.
                (None, Some(section)) => {
                    let Text { text, line, column, .. } = entry.label;
                    let label = self.sink.settled(&grouped(section, text), Target::Unknown, line, column)?;
                    self.known.insert(key, label);
                    label
                }
                (None, None) => {
                    let filled: Vec<u32> =
                        own.iter().filter(|(_, is_filled)| *is_filled).map(|(label, _)| *label).collect();
                    let Text { text, line, column, .. } = entry.label;
                    let values = Values::of(entry.values.iter().map(|value| value.text));
                    let label = self.sink.form_label(&filled, entry.section, text, &values, line, column)?;
                    self.known.insert(key, label);
                    label
                }
            };
            // A label without a value fills nothing: one that has a value may mean the same.
            own.push((label, !entry.values.is_empty()));
        }
        self.persons(entries, &own)?;
        let Some(first) = entries.iter().flat_map(|entry| &entry.values).min_by_key(|value| (value.line, value.column))
        else {
            return Ok(());
        };
        let title = self.title(&own, titles, is_only, first)?;
        self.sink.row(first.line, first.column);
        if let Some((label, text, line, column)) = &title {
            self.sink.current().push(*label, 0, true, text, *line, *column);
        }
        let is_address =
            |target: &Target| matches!(target, Target::Field(field, _) if field.pointer.starts_with("/adresse/"));
        let is_name =
            |target: &Target| matches!(target, Target::Field(field, None) if field.pointer == "/contacts/*/nom");
        let pointer = |target: &Target| match target {
            Target::Field(field, _) => Some(field.pointer),
            _ => None,
        };
        let whole = |entry: &Entry<'_>| entry.values.iter().map(|value| value.text).collect::<Vec<_>>().join("\n");
        let entered = || entries.iter().filter(|entry| !entry.is_heading).zip(&own);
        let names = entered().filter(|(_, (label, _))| is_name(self.sink.target(*label)));
        let beside = Around {
            has_address: own.iter().any(|(label, is_filled)| *is_filled && is_address(self.sink.target(*label))),
            people: names.flat_map(|(entry, _)| people::people_in(&whole(entry))).collect(),
            fields: own.iter().filter_map(|(label, _)| pointer(self.sink.target(*label))).collect(),
        };
        for (entry, (label, _)) in entries.iter().filter(|entry| !entry.is_heading).zip(own) {
            if self.people(label, entry, &beside)? {
                continue;
            }
            if let Some((role, text)) = self.roles.get(&label).filter(|_| !entry.values.is_empty()) {
                let Text { line, column, .. } = entry.label;
                self.sink.current().push(*role, 0, true, text, line, column);
            }
            let is_one = !matches!(self.sink.target(label), Target::Field(field, _) if !matches!(field.kind, Kind::Text | Kind::Number));
            let row = self.sink.current();
            match entry.values.as_slice() {
                [] => {}
                values if values.iter().any(|value| value.element > 0) => {
                    for value in values {
                        row.push(label, value.element, true, value.text, value.line, value.column);
                    }
                }
                [value] => row.push(label, 0, false, value.text, value.line, value.column),
                // One value over several rows.
                [value, ..] if is_one => {
                    let whole: Vec<&str> = entry.values.iter().map(|value| value.text).collect();
                    row.push(label, 0, false, &whole.join("\n"), value.line, value.column);
                }
                values => {
                    for (value, element) in values.iter().zip(1..) {
                        row.push(label, element, false, value.text, value.line, value.column);
                    }
                }
            }
        }
        self.sink.commit()?;
        match title {
            Some((_, text, line, column)) => self.sink.remark_on_title(text, line, column),
            None => Ok(()),
        }
    }

    /// The name of a record that no label gives: the one title above it, what stands above the table of a page, or the name of its sheet.
    /// Any other title is told.
    fn title(
        &mut self,
        own: &[(u32, bool)],
        titles: Vec<Text<'_>>,
        is_only: bool,
        first: &Text<'_>,
    ) -> Result<Option<(u32, String, u64, u32)>> {
        let names = |target: &Target| match target {
            Target::Field(field, _) | Target::Taken(field) => matches!(field.pointer, "/nom" | "/sigle" | "/id"),
            Target::Ambiguous(fields) | Target::Joint(fields, _) => fields.iter().any(|field| field.pointer == "/nom"),
            _ => false,
        };
        let is_named = own.iter().any(|(label, is_filled)| *is_filled && names(self.sink.target(*label)));
        let found = match titles.as_slice() {
            _ if is_named => None,
            [title] => Some((title.text.to_owned(), title.line, title.column)),
            [] if is_only => self.sink.title_of_sheet(first.line),
            _ => None,
        };
        let Some((text, line, column)) = found else {
            titles.into_iter().try_for_each(|text| self.outside(text))?;
            return Ok(None);
        };
        let Some(name) = Field::at("/nom") else { return Ok(None) };
        let label = match self.title {
            Some(label) => label,
            None => self.sink.settled(TITLE, Target::Field(name, None), line, column)?,
        };
        self.title = Some(label);
        Ok(Some((label, text, line, column)))
    }

    /// Gives its person to each label of a form that tells of people, where the source does not say how it is understood.
    fn persons(&mut self, entries: &[Entry<'_>], own: &[(u32, bool)]) -> Result<()> {
        if self.sink.saved().is_some_and(|saved| !saved.labels.is_empty()) {
            return Ok(());
        }
        let filled = || {
            let entries = entries.iter().filter(|entry| !entry.is_heading).zip(own);
            entries.filter(|(_, (_, is_filled))| *is_filled)
        };
        let cells: Vec<HeaderCell<'_>> = filled()
            .map(|(entry, _)| HeaderCell {
                line: entry.label.line,
                column: entry.label.column,
                group: entry.section,
                text: entry.label.text,
            })
            .collect();
        let values: Vec<Values<'_>> =
            filled().map(|(entry, _)| Values::of(entry.values.iter().map(|value| value.text))).collect();
        let labels: Vec<u32> = filled().map(|(_, (label, _))| *label).collect();
        for (at, role) in persons::settle(&cells, &values, &labels, self.sink)? {
            self.roles.insert(labels[at], (role, cells[at].text.to_owned()));
        }
        Ok(())
    }

    /// A contact over several rows: the name in one, the role in the next, then the mailbox. Answers whether it is one.
    fn people(&mut self, label: u32, entry: &Entry<'_>, beside: &Around) -> Result<bool> {
        let Target::Field(field, None) = *self.sink.target(label) else { return Ok(false) };
        if entry.values.len() < 2 || entry.values.iter().any(|value| value.element > 0) {
            return Ok(false);
        }
        let lines: Vec<&str> = entry.values.iter().map(|value| value.text).collect();
        let whole = lines.join("\n");
        let Some(cell) = people::in_cell(field.pointer, &whole, false, beside) else { return Ok(false) };
        for part in &cell.parts {
            let Some(field) = Field::at(part.pointer) else { continue };
            let label = self.part(label, part.pointer, Target::Field(field, None), entry.label)?;
            let own = entry.values.iter().find(|value| value.text.contains(part.text.as_ref()));
            let place = own.unwrap_or(&entry.values[0]);
            self.sink.current().push(label, part.person + 1, true, &part.text, place.line, place.column);
        }
        if cell.has_rest {
            let rest = self.part(label, "", Target::Rest, entry.label)?;
            let first = &entry.values[0];
            self.sink.current().push(rest, 0, true, &whole, first.line, first.column);
        }
        Ok(true)
    }

    /// The rank of the label of a part of the values under a label.
    fn part(&mut self, label: u32, pointer: &'static str, target: Target, text: Text<'_>) -> Result<u32> {
        if let Some(known) = self.parts.get(&(label, pointer)) {
            return Ok(*known);
        }
        let entered = self.sink.settled(text.text, target, text.line, text.column)?;
        self.parts.insert((label, pointer), entered);
        Ok(entered)
    }
}
