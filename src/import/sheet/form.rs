//! Forms: labels beside or above their values, one record a sheet, a block or a column.

use std::collections::{BTreeMap, BTreeSet};

use super::arrangement::{
    HeaderCell, grouped, heads_list, heads_own_list, is_element, is_label, label_and_value, may_be_label,
    meaning_in_group,
};
use super::merge::Merges;
use super::persons;
use super::row::GridRow;
use crate::error::Result;
use crate::field::{Field, Kind};
use crate::import::{SavedTable, Sink};
use crate::row::{Arrangement, Target};
use crate::text::fold::folded;
use crate::text::people::{self, Known};
use crate::vocabulary::{self, Values};

/// A text of the sheet with its place.
#[derive(Debug, Clone, Copy)]
struct Text<'a> {
    text: &'a str,
    line: u64,
    column: u32,
    /// Rank of the row of a list that it stands in, counted from 1; 0 outside of a list.
    element: u16,
}

/// A label, and the values that are its own.
#[derive(Debug)]
struct Entry<'a> {
    label: Text<'a>,
    /// The heading that gives the label its meaning: « Nom » under « Contact ».
    section: Option<&'a str>,
    /// Whether it is such a heading itself.
    is_heading: bool,
    values: Vec<Text<'a>>,
}

/// The labels with their values, in the order of the sheet, and what belongs to none.
#[derive(Debug, Default)]
struct Block<'a> {
    entries: Vec<Entry<'a>>,
    outside: Vec<Text<'a>>,
}

/// Reads the records of a sheet of forms.
pub(super) fn read(rows: &[GridRow], merges: &Merges, sink: &mut Sink<'_>) -> Result<()> {
    let saved = sink.saved().cloned();
    let grid = Grid::new(rows, merges, saved.as_ref());
    let (arrangement, blocks) = grid.blocks();
    let mut writer =
        Writer { known: BTreeMap::new(), parts: BTreeMap::new(), roles: BTreeMap::new(), told: BTreeSet::new(), sink };
    writer.sink.begin_forms(arrangement);
    for mut block in blocks {
        block.name_sections();
        for text in std::mem::take(&mut block.outside) {
            writer.outside(text)?;
        }
        for record in block.records() {
            writer.record(record)?;
        }
    }
    Ok(())
}

struct Grid<'a> {
    rows: Vec<(u64, Vec<Text<'a>>)>,
    merges: &'a Merges,
    saved: Option<&'a SavedTable>,
    /// Columns in which labels stand.
    label_columns: BTreeSet<u32>,
    /// Whether labels stand in one cell with their values rather than beside these.
    has_pairs: bool,
    /// Whether several labels have their values beside them.
    has_values_beside: bool,
}

/// What is counted of the cells of one column.
#[derive(Debug, Default)]
struct Column<'a> {
    filled: usize,
    /// The different labels that stand in it.
    labels: BTreeSet<&'a str>,
    /// Its labels that have a value on their right, and those that have any text there.
    with_value: usize,
    with_text: usize,
    /// Its cells that stand where the label on their left has its value.
    beside_label: usize,
}

impl Column<'_> {
    /// Whether labels stand in it, of which one column holds `most`.
    fn is_of_labels(&self, most: usize) -> bool {
        let count = self.labels.len();
        count >= 2.min(most)
            && count * 10 >= self.filled * 2
            && count * 8 >= most
            && self.with_value >= self.beside_label
    }
}

/// « Fiche n° 3 » names what follows.
fn is_title(text: &str) -> bool {
    let words = folded(text);
    let rest = ["fiche", "ptce", "pole", "dossier"].iter().find_map(|word| words.strip_prefix(word));
    rest.is_some_and(|rest| {
        let rest = rest.trim_start_matches([' ', 'n', 'o', 'u', 'm', 'e', 'r']);
        rest.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
    })
}

/// Whether a text stands below what a form asks: the day and the signature, the number of the page.
fn is_at_foot(text: &str) -> bool {
    let words = folded(text);
    let is_page = words.strip_prefix("page ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    is_page
        || ["fait a", "fait le", "signature", "date et signature", "cachet", "nom et signature"]
            .iter()
            .any(|begin| words.strip_prefix(begin).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

fn is_label_for(saved: Option<&SavedTable>, text: &str) -> bool {
    is_label(text) || saved.is_some_and(|saved| saved.meaning(text).is_some())
}

impl<'a> Grid<'a> {
    fn new(rows: &'a [GridRow], merges: &'a Merges, saved: Option<&'a SavedTable>) -> Grid<'a> {
        let texts = |row: &'a GridRow| {
            let text = |(column, text)| Text { text, line: row.number, column, element: 0 };
            (row.number, row.cells().map(text).collect::<Vec<_>>())
        };
        let rows: Vec<_> = rows.iter().map(texts).collect();
        let mut columns: BTreeMap<u32, Column<'_>> = BTreeMap::new();
        for (_, cells) in &rows {
            for (at, cell) in cells.iter().enumerate() {
                let is_known = is_label_for(saved, cell.text);
                let before = at.checked_sub(1).map(|before| &cells[before]);
                let column = columns.entry(cell.column).or_default();
                column.filled += 1;
                // What stands in the very next column is beside the label.
                column.beside_label += usize::from(
                    before.is_some_and(|before| before.column + 1 == cell.column && is_label_for(saved, before.text)),
                );
                if is_known {
                    column.labels.insert(cell.text);
                    let next = cells.get(at + 1);
                    column.with_text += usize::from(next.is_some());
                    column.with_value += usize::from(next.is_some_and(|next| !is_label_for(saved, next.text)));
                }
            }
        }
        // Words that are labels stand among values too; what is a column of labels holds many.
        let most = columns.values().map(|column| column.labels.len()).max().unwrap_or(0);
        let label_columns =
            columns.iter().filter(|(_, column)| column.is_of_labels(most)).map(|(column, _)| *column).collect();
        let texts = rows.iter().flat_map(|(_, cells)| cells);
        let pairs =
            texts.filter(|cell| !is_label_for(saved, cell.text) && label_and_value(cell.text).is_some()).count();
        let beside = columns.values().map(|column| column.with_value).sum::<usize>();
        // Any word may be a label, a value too: « Pôle A ».
        let has_values_beside = columns.values().map(|column| column.with_text).sum::<usize>() > 1;
        let has_pairs = pairs > beside;
        Grid { rows, merges, saved, label_columns, has_pairs, has_values_beside }
    }

    fn blocks(&self) -> (Arrangement, Vec<Block<'a>>) {
        if self.labels_stand_above() {
            return (Arrangement::Form, vec![self.above()]);
        }
        let wanted = self.saved.and_then(|saved| saved.layout);
        if let Some(columns) = self.value_columns(wanted) {
            let last = self.label_columns.last().copied().unwrap_or(0);
            let mut blocks: Vec<Block<'a>> =
                columns.iter().map(|own| self.beside(|column| column <= last || column == *own)).collect();
            // A column in which no label has a value is that of no record.
            let is_of_none = |text: &&Text<'a>| text.column > last && !columns.contains(&text.column);
            if let Some(first) = blocks.first_mut() {
                first.outside.extend(self.rows.iter().flat_map(|(_, cells)| cells).filter(is_of_none));
            }
            return (Arrangement::Transposed, blocks);
        }
        let strips = self.strips();
        let ends = strips.iter().skip(1).copied().chain([u32::MAX]);
        let blocks =
            strips.iter().zip(ends).map(|(first, end)| self.beside(|column| (*first..end).contains(&column))).collect();
        (Arrangement::Form, blocks)
    }

    /// Whether a text is a label that we know, or that the mapping knows.
    fn is_label(&self, text: &str) -> bool {
        is_label_for(self.saved, text) && self.pair(text).is_none()
    }

    fn is_label_cell(&self, text: &Text<'_>) -> bool {
        self.label_columns.contains(&text.column) && self.is_label(text.text)
    }

    /// A label and its value in one text, which may be a label as a whole besides: « Contact : Courriel », « Département : 08 ».
    fn pair<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let is_pair = |value: &str| self.has_pairs || !may_be_label(value) || !is_label_for(self.saved, text);
        label_and_value(text).filter(|(_, value)| is_pair(value))
    }

    /// Whether most labels have their value below rather than on their right.
    fn labels_stand_above(&self) -> bool {
        let (mut right, mut below) = (0, 0);
        for (at, (number, cells)) in self.rows.iter().enumerate() {
            let heading = at.checked_sub(1).map(|above| self.rows[above].1.as_slice());
            if matches!(heading, Some([heading]) if heads_list(heading.text, cells.iter().map(|cell| cell.text))) {
                continue;
            }
            for (rank, cell) in cells.iter().enumerate().filter(|(_, cell)| self.is_label(cell.text)) {
                if cells.get(rank + 1).is_some_and(|next| !self.is_label(next.text)) {
                    right += 1;
                } else if let Some((next, cells)) = self.rows.get(at + 1)
                    && *next == number + 1
                    && cells.iter().any(|below| {
                        below.column == cell.column
                            && !self.is_label(below.text)
                            && !is_at_foot(below.text)
                            && !below.text.ends_with(':')
                    })
                {
                    below += 1;
                }
            }
        }
        // Of labels that have their values beside them, some are blank.
        below > 2 * right
    }

    /// The columns that hold a record each, when there are several: fields that have one value have several there.
    fn value_columns(&self, wanted: Option<Arrangement>) -> Option<Vec<u32>> {
        let last = *self.label_columns.last()?;
        let (mut single, mut several) = (0, 0);
        let mut columns = BTreeSet::new();
        for (_, cells) in &self.rows {
            let Some(label) = cells.iter().rev().find(|cell| self.is_label_cell(cell)) else { continue };
            let values = cells.iter().filter(|cell| cell.column > last);
            let count = values.clone().count();
            columns.extend(values.map(|cell| cell.column));
            if let Target::Field(field, _) = vocabulary::meaning(label.text).0
                && matches!(field.kind, Kind::Text | Kind::Number)
            {
                single += usize::from(count == 1);
                several += usize::from(count > 1);
            }
        }
        let is_transposed = match wanted {
            Some(wanted) => wanted == Arrangement::Transposed,
            None => several >= 2 && several >= single,
        };
        is_transposed.then(|| columns.into_iter().collect())
    }

    /// The first columns of the forms that stand side by side.
    fn strips(&self) -> Vec<u32> {
        let first = self.rows.iter().flat_map(|(_, cells)| cells).find(|cell| self.is_label_cell(cell));
        let Some(first) = first else { return vec![1] };
        let row = self.rows.iter().find(|(number, _)| *number == first.line);
        let openers = row.into_iter().flat_map(|(_, cells)| cells);
        let openers = openers.filter(|cell| self.is_label_cell(cell) && folded(cell.text) == folded(first.text));
        // What stands on the left of the first form is its own.
        [1].into_iter().chain(openers.skip(1).map(|cell| cell.column)).collect()
    }

    /// Labels with their values on the right, or below where nothing stands on the right, in the columns of one form.
    fn beside(&self, is_own: impl Fn(u32) -> bool) -> Block<'a> {
        let mut block = Block::default();
        // The columns in which a value may go on, with its label and its last line; the label that waits for a value.
        let mut open: BTreeMap<u32, (usize, u64)> = BTreeMap::new();
        let mut waiting: Option<(usize, Text<'a>)> = None;
        let mut list: Option<List> = None;
        let own = |cells: &[Text<'a>]| -> Vec<Text<'a>> {
            cells.iter().filter(|cell| is_own(cell.column)).copied().collect()
        };
        for (at, (number, cells)) in self.rows.iter().enumerate() {
            let cells = own(cells);
            if let Some(known) = list.as_mut().filter(|known| known.last + 1 == *number && !self.ends_list(&cells)) {
                known.row(&cells, *number, &mut block);
                continue;
            }
            let below = self.rows.get(at + 1).filter(|(below, _)| *below == number + 1);
            let has_rows = below.is_some_and(|(_, below)| !self.ends_list(&own(below)));
            list = List::begin(waiting.map(|(_, heading)| heading), &cells, *number, has_rows, &mut block);
            if list.is_some() {
                (waiting, open) = (None, BTreeMap::new());
                continue;
            }
            let mut here: Option<usize> = None;
            for (rank, cell) in cells.iter().enumerate() {
                let is_of_labels = self.label_columns.contains(&cell.column);
                let next = cells.get(rank + 1).filter(|next| !self.is_label_cell(next));
                // « Structure porteuse | | Date de création | »: what stands two columns further, among labels, is one without a value.
                let before = rank.checked_sub(1).map(|before| &cells[before]).filter(|_| here.is_some());
                let is_far = is_of_labels
                    && self.has_values_beside
                    && before.is_some_and(|label| self.is_label_cell(label) && label.column + 1 < cell.column);
                let is_named =
                    is_far || is_of_labels && here.is_none_or(|label| !block.entries[label].values.is_empty());
                if let Some((label, value)) = self.pair(cell.text) {
                    here = Some(block.enter(Text { text: label, ..*cell }));
                    block.give(here, Text { text: value, ..*cell });
                    open.insert(cell.column, (block.entries.len() - 1, *number));
                    waiting = None;
                } else if self.is_label_cell(cell)
                    || is_far
                    || (is_named && next.is_some_and(|next| !self.label_columns.contains(&next.column)))
                {
                    here = Some(block.enter(*cell));
                    waiting = here.map(|label| (label, *cell));
                    open.retain(|column, _| *column < cell.column);
                } else if here.is_some() {
                    block.give(here, *cell);
                    open.insert(cell.column, (block.entries.len() - 1, *number));
                    waiting = None;
                } else if let Some((label, _)) = open.get(&cell.column).copied().filter(|(_, last)| last + 1 >= *number)
                {
                    block.give(Some(label), *cell);
                    open.insert(cell.column, (label, *number));
                } else if let Some((label, text)) =
                    waiting.filter(|(_, text)| self.is_below(text, *number) && self.may_go_below(text, cell.text))
                {
                    debug_assert!(text.line < *number);
                    block.give(Some(label), *cell);
                    open.insert(cell.column, (label, *number));
                    waiting = None;
                } else {
                    block.outside.push(*cell);
                    if is_of_labels {
                        open.clear();
                        waiting = None;
                    }
                }
            }
        }
        block
    }

    /// Whether a row is one of labels and values again, after those of a list.
    fn ends_list(&self, cells: &[Text<'a>]) -> bool {
        cells.first().is_none_or(|first| self.is_label(first.text) || label_and_value(first.text).is_some())
    }

    /// Whether a text just below a label without a value is its value: not a title, nor what stands at the foot of a form. Where other
    /// labels have their values beside them, lists and passages alone go below.
    fn may_go_below(&self, label: &Text<'_>, text: &str) -> bool {
        let is_single = match vocabulary::meaning(label.text).0 {
            Target::Field(field, _) => {
                matches!(field.kind, Kind::Text | Kind::Number)
                    && !["/projet/", "/evaluation", "/financement"].iter().any(|part| field.pointer.starts_with(part))
            }
            _ => false,
        };
        !is_title(text) && !is_at_foot(text) && !(self.has_values_beside && (is_single || text.ends_with(':')))
    }

    /// Whether a row is the one just below a label, which may be merged over several rows.
    fn is_below(&self, label: &Text<'_>, row: u64) -> bool {
        let last = self.merges.of(label.line, label.column).map_or(label.line, |range| range.bottom);
        row <= last + 1
    }

    /// Rows of labels, each with the rows of its values below it.
    fn above(&self) -> Block<'a> {
        let mut block = Block::default();
        let mut labels: Vec<(u32, usize)> = Vec::new();
        let has_labels = |cells: &[Text<'a>]| {
            let known = cells.iter().filter(|cell| self.is_label(cell.text)).count();
            known > 0 && known * 2 >= cells.len()
        };
        // The row of the labels that wait for their values.
        let mut waiting = 0;
        for (at, (number, cells)) in self.rows.iter().enumerate() {
            let below = self.rows.get(at + 1).filter(|(below, _)| *below == number + 1);
            // Words that are labels are values too, just below other labels and with no values of their own below them.
            let has_values = || below.is_some_and(|(_, below)| !has_labels(below));
            if has_labels(cells) && (waiting + 1 != *number || has_values()) {
                waiting = *number;
                labels = cells.iter().map(|cell| (cell.column, block.enter(*cell))).collect();
                continue;
            }
            for cell in cells {
                match labels.iter().rev().find(|(column, _)| *column <= cell.column) {
                    Some((_, label)) if !is_title(cell.text) => block.give(Some(*label), *cell),
                    _ => block.outside.push(*cell),
                }
            }
        }
        block
    }
}

/// A list within a form, below its heading and a header of its own: « Partenaires », then « Nom | Type ».
struct List {
    /// The columns, each with the rank of its label.
    columns: Vec<(u32, usize)>,
    last: u64,
    rows: u16,
}

impl List {
    /// Begins a list where all of several cells are labels of its elements: just below a heading, or beside the first of
    /// them, which names the list. Without rows below it, what stands beside that name is its value: « Contact | Courriel ».
    fn begin<'a>(
        heading: Option<Text<'a>>,
        cells: &[Text<'a>],
        number: u64,
        has_rows: bool,
        block: &mut Block<'a>,
    ) -> Option<List> {
        let texts = || cells.iter().map(|cell| cell.text);
        let heading = heading.filter(|heading| heading.line + 1 == number && heads_list(heading.text, texts()));
        let is_own = heading.is_none() && has_rows && !block.entries.is_empty() && heads_own_list(texts());
        let name = heading.or(cells.first().copied().filter(|_| is_own))?;
        if heading.is_some()
            && let Some(entry) = block.entries.iter_mut().rfind(|entry| std::ptr::eq(entry.label.text, name.text))
        {
            entry.is_heading = true;
        }
        let mut enter = |cell: &Text<'a>| {
            let label = block.enter(*cell);
            block.entries[label].section = Some(name.text).filter(|_| cell.column != name.column || !is_own);
            (cell.column, label)
        };
        Some(List { columns: cells.iter().map(&mut enter).collect(), last: number, rows: 0 })
    }

    fn row<'a>(&mut self, cells: &[Text<'a>], number: u64, block: &mut Block<'a>) {
        (self.last, self.rows) = (number, self.rows.saturating_add(1));
        for cell in cells {
            let label = self.columns.iter().find(|(column, _)| *column == cell.column).map(|(_, label)| *label);
            block.give(label, Text { element: self.rows, ..*cell });
        }
    }
}

impl<'a> Block<'a> {
    fn enter(&mut self, label: Text<'a>) -> usize {
        self.entries.push(Entry { label, section: None, is_heading: false, values: Vec::new() });
        self.entries.len() - 1
    }

    fn give(&mut self, label: Option<usize>, value: Text<'a>) {
        match label.and_then(|label| self.entries.get_mut(label)) {
            Some(entry) => entry.values.push(value),
            None => self.outside.push(value),
        }
    }

    /// Finds the labels that are headings of those below them: a label without a value whose name gives a meaning to the
    /// next two. One alone may be a value that is missing.
    fn name_sections(&mut self) {
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

    /// The entries of each record: another one begins where the first label comes again, with one that follows it, or where it
    /// can be nothing but the name of another PTCE.
    fn records(&self) -> impl Iterator<Item = &[Entry<'a>]> {
        let name = |at: usize| {
            let entry = &self.entries[at];
            (entry.section.map(folded), folded(entry.label.text))
        };
        let is_hub = self.entries.first().is_some_and(|first| {
            let text = first.label.text;
            let (target, _) = vocabulary::meaning(text);
            matches!(target, Target::Field(field, None) if field.pointer == "/nom") && !vocabulary::is_name_alone(text)
        });
        let mut starts = Vec::new();
        let mut seen = BTreeSet::new();
        for at in 0..self.entries.len() {
            let is_first = at == 0
                || (name(at) == name(0) && (is_hub || at + 1 == self.entries.len() || seen.contains(&name(at + 1))));
            if is_first {
                starts.push(at);
                seen.clear();
            }
            seen.insert(name(at));
        }
        let ends: Vec<usize> = starts.iter().skip(1).copied().chain([self.entries.len()]).collect();
        starts.into_iter().zip(ends).map(|(start, end)| &self.entries[start..end])
    }
}

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

/// Enters labels and records into the sink.
struct Writer<'w, 's> {
    sink: &'w mut Sink<'s>,
    /// The labels entered, by section, text and how many of the same name stand before it in the record.
    known: BTreeMap<(Option<String>, String, usize), u32>,
    /// The labels of the parts of values over several rows, by the label above them and the field.
    parts: BTreeMap<(u32, &'static str), u32>,
    /// The labels that are roles, each with the label of the role that its value says besides, and its text.
    roles: BTreeMap<u32, (u32, String)>,
    /// Places of texts outside of the forms, for those beside a column of labels are met once for each record.
    told: BTreeSet<(u64, u32)>,
}

impl Writer<'_, '_> {
    fn outside(&mut self, text: Text<'_>) -> Result<()> {
        if self.told.insert((text.line, text.column)) {
            self.sink.outside(text.text, text.line, text.column)?;
        }
        Ok(())
    }

    fn record(&mut self, entries: &[Entry<'_>]) -> Result<()> {
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
        self.sink.row(first.line, first.column);
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
        self.sink.commit()
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
