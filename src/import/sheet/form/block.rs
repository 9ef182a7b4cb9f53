//! The labels of a form with their values, and where one record ends and the next begins.

use std::collections::BTreeSet;

use super::super::arrangement::{is_label, meaning_in_group};
use crate::row::Target;
use crate::text::fold::folded;
use crate::vocabulary;

/// A text of the sheet with its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    pub text: &'a str,
    pub line: u64,
    pub column: u32,
    /// Rank of the row of a list that it stands in, counted from 1; 0 outside of a list.
    pub element: u16,
}

/// A label, and the values that are its own.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub label: Text<'a>,
    /// The heading that gives the label its meaning: « Nom » under « Contact ».
    pub section: Option<&'a str>,
    /// Whether it is such a heading itself.
    pub is_heading: bool,
    pub values: Vec<Text<'a>>,
}

/// The labels with their values, in the order of the sheet, and what belongs to none.
#[derive(Debug, Default)]
pub(super) struct Block<'a> {
    pub entries: Vec<Entry<'a>>,
    pub outside: Vec<Text<'a>>,
    /// Texts outside that may be the names of the records below them.
    pub titles: Vec<Text<'a>>,
}

impl<'a> Block<'a> {
    pub(super) fn enter(&mut self, label: Text<'a>) -> usize {
        self.entries.push(Entry { label, section: None, is_heading: false, values: Vec::new() });
        self.entries.len() - 1
    }

    pub(super) fn give(&mut self, label: Option<usize>, value: Text<'a>) {
        match label.and_then(|label| self.entries.get_mut(label)) {
            Some(entry) => entry.values.push(value),
            None => self.outside.push(value),
        }
    }

    /// Finds the labels that are headings of those below them: a label without a value whose name gives a meaning to the
    /// next two. One alone may be a value that is missing.
    pub(super) fn name_sections(&mut self) {
        // « Contact » below an address that is blank is no part of it, though « Adresse contact » would be.
        let is_of_place = |label: &str| match vocabulary::meaning(label).0 {
            Target::Field(field, _) => Some(field.pointer.starts_with("/adresse/")),
            _ => None,
        };
        let is_under = |section: &str, entry: &Entry<'_>| {
            let text = entry.label.text;
            let is_elsewhere = is_of_place(section) == Some(true) && is_of_place(text) == Some(false);
            !is_elsewhere && meaning_in_group(section, text).is_some()
        };
        let name = |at: usize| self.entries.get(at).map(|entry| folded(entry.label.text));
        // A form that begins again ends what the last heading says.
        let starts: BTreeSet<usize> =
            (0..self.entries.len()).filter(|at| name(*at) == name(0) && name(at + 1) == name(1)).collect();
        let mut section: Option<&'a str> = None;
        for at in 0..self.entries.len() {
            let entry = &self.entries[at];
            if starts.contains(&at) {
                section = None;
            }
            // A list within the form.
            if entry.is_heading || entry.section.is_some() {
                section = None;
                continue;
            }
            if entry.values.is_empty() {
                let mut below = self.entries[at + 1..].iter().take(2);
                if below.len() == 2 && below.all(|next| is_under(entry.label.text, next)) {
                    section = Some(entry.label.text);
                    self.entries[at].is_heading = true;
                    continue;
                }
            }
            if let Some(name) = section {
                if is_under(name, entry) {
                    self.entries[at].section = section;
                } else if is_label(entry.label.text) {
                    section = None;
                }
            }
        }
    }

    /// Takes the titles that may name records from the texts outside: each stands alone above the labels of its record.
    pub(super) fn take_titles(&mut self, is_alone: impl Fn(&Text<'a>) -> bool) {
        let entries = &self.entries;
        let is_above = |text: &Text<'_>| {
            let next = entries.iter().find(|entry| entry.label.line > text.line);
            next.is_some() && !entries.iter().any(|entry| entry.label.line == text.line)
        };
        let may_name = |text: &mut Text<'a>| vocabulary::names_hub(text.text) && is_above(text) && is_alone(text);
        self.titles = self.outside.extract_if(.., may_name).collect();
    }

    /// The entries of each record, with the title above them: another one begins where the first label comes again, with one that
    /// follows it or below a title, or where it can be nothing but the name of another PTCE.
    pub(super) fn records(&self) -> impl Iterator<Item = (&[Entry<'a>], Vec<Text<'a>>)> {
        let name = |at: usize| {
            let entry = &self.entries[at];
            (entry.section.map(folded), folded(entry.label.text))
        };
        let is_hub = self.entries.first().is_some_and(|first| {
            let text = first.label.text;
            let (target, _) = vocabulary::meaning(text);
            matches!(target, Target::Field(field, None) if field.pointer == "/nom") && !vocabulary::is_name_alone(text)
        });
        let line = |at: usize| self.entries[at].label.line;
        let is_below_title = |at: usize| {
            let above = line(at - 1);
            self.titles.iter().any(|title| title.line > above && title.line < line(at))
        };
        let mut starts = Vec::new();
        let mut seen = BTreeSet::new();
        for at in 0..self.entries.len() {
            let is_first = at == 0
                || (name(at) == name(0)
                    && (is_hub || is_below_title(at) || at + 1 == self.entries.len() || seen.contains(&name(at + 1))));
            if is_first {
                starts.push(at);
                seen.clear();
            }
            seen.insert(name(at));
        }
        let ends: Vec<usize> = starts.iter().skip(1).copied().chain([self.entries.len()]).collect();
        starts.into_iter().zip(ends).map(move |(start, end)| {
            let from = start.checked_sub(1).map_or(0, line);
            let titles = self.titles.iter().filter(|title| title.line > from && title.line < line(start));
            (&self.entries[start..end], titles.copied().collect())
        })
    }
}
