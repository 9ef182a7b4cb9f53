//! Forms: labels beside or above their values, one record a sheet, a block or a column.

mod block;
mod writer;

use std::collections::{BTreeMap, BTreeSet};

use self::block::{Block, Text};
use self::writer::Writer;
use super::arrangement::{heads_list, heads_own_list, is_label, label_and_value, may_be_label};
use super::merge::Merges;
use super::row::GridRow;
use crate::error::Result;
use crate::field::Kind;
use crate::import::{SavedTable, Sink};
use crate::row::{Arrangement, Target};
use crate::text::fold::folded;
use crate::vocabulary;

/// Reads the records of a sheet of forms.
pub(super) fn read(rows: &[GridRow], merges: &Merges, sink: &mut Sink<'_>) -> Result<()> {
    let saved = sink.saved().cloned();
    let grid = Grid::new(rows, merges, saved.as_ref());
    let (arrangement, blocks) = grid.blocks();
    let (is_plain, is_only_block) = (saved.is_none(), blocks.len() == 1);
    let mut writer = Writer::new(sink);
    writer.sink.begin_forms(arrangement);
    for mut block in blocks {
        block.name_sections();
        if is_plain {
            block.take_titles(|text| grid.is_alone(text));
        }
        for text in std::mem::take(&mut block.outside) {
            writer.outside(text)?;
        }
        let records: Vec<_> = block.records().collect();
        let is_only = is_only_block && records.len() == 1;
        // A title among the labels of a record is that of none.
        let is_of_none = |title: &&Text<'_>| {
            !records
                .iter()
                .any(|(_, titles)| titles.iter().any(|own| (own.line, own.column) == (title.line, title.column)))
        };
        block.titles.iter().filter(is_of_none).try_for_each(|title| writer.outside(*title))?;
        for (record, titles) in records {
            writer.record(record, titles, is_only)?;
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

    /// Whether a text stands alone in its row, or above a column of values.
    fn is_alone(&self, text: &Text<'_>) -> bool {
        let row = self.rows.iter().find(|(number, _)| *number == text.line);
        row.is_some_and(|(_, cells)| cells.len() == 1 || cells.iter().all(|cell| vocabulary::names_hub(cell.text)))
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
