//! Rows on their way from a reader to the checks, in three vectors a batch: the texts, the cells and the rows.

use std::sync::Arc;

use bumpalo::Bump;

use super::{Layout, Remark};
use crate::text::words::trimmed;

/// One labelled value.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// Rank of the label in the layout, from 0.
    pub label: u32,
    /// Which of the elements of the same name it belongs to, counted from 1; 0 when the source has no such rank.
    pub element: u16,
    /// Whether the source itself sets this value apart as one element of a list, so that it is not to be split.
    pub single: bool,
    /// Where its text stands among those of the row.
    start: u32,
    end: u32,
    /// Line (of a table: row) of the value.
    pub line: u64,
    /// Column of the table, or of the character in the line.
    pub column: u32,
}

/// The values of one record of a source, without the empty ones; it borrows them from a [`Batch`] or an [`OwnedRow`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Row<'b> {
    /// Rank of the record in its file, counted from 1; 0 for a blank row, which is no record.
    pub index: u64,
    /// Line (of a workbook: row) where the record begins.
    pub line: u64,
    /// Column where the record begins.
    pub column: u32,
    text: &'b str,
    cells: &'b [Cell],
}

impl<'b> Row<'b> {
    /// The values, in the order of the source.
    pub fn cells(&self) -> &'b [Cell] {
        self.cells
    }

    /// The text of a value of this row.
    pub fn text(&self, cell: &Cell) -> &'b str {
        &self.text[cell.start as usize..cell.end as usize]
    }

    /// The text under a label, if there is one.
    pub(crate) fn value(&self, label: usize) -> Option<&'b str> {
        self.cells.iter().find(|cell| cell.label as usize == label).map(|cell| self.text(cell))
    }

    /// The texts of all values, one after the other; a text that no value has any more may stand among them.
    pub(crate) fn all_text(&self) -> &'b str {
        self.text
    }

    /// Bytes that the texts take.
    pub(crate) fn size(&self) -> usize {
        self.text.len()
    }

    /// The row with other texts in some of its cells, each with the rank of its cell, in their order.
    pub(crate) fn with(self, others: &[(usize, String)], texts: &'b Bump) -> Row<'b> {
        let mut text = self.text.to_owned();
        let cells = texts.alloc_slice_copy(self.cells);
        for (cell, other) in others {
            let start = text.len() as u32;
            text.push_str(other);
            (cells[*cell].start, cells[*cell].end) = (start, text.len() as u32);
        }
        Row { text: texts.alloc_str(&text), cells, ..self }
    }

    /// The row with values of its own.
    pub(crate) fn to_owned(self) -> OwnedRow {
        let Row { index, line, column, text, cells } = self;
        OwnedRow { index, line, column, text: text.into(), cells: cells.into() }
    }
}

/// A row that outlives its batch.
#[derive(Debug, Clone, Default)]
pub struct OwnedRow {
    index: u64,
    line: u64,
    column: u32,
    text: Box<str>,
    cells: Box<[Cell]>,
}

impl OwnedRow {
    /// The row itself.
    pub fn view(&self) -> Row<'_> {
        let OwnedRow { index, line, column, text, cells } = self;
        Row { index: *index, line: *line, column: *column, text, cells }
    }
}

/// A row of a batch: where it begins in the source, and where its texts and cells begin in the batch.
#[derive(Debug, Clone, Copy, Default)]
struct Start {
    index: u64,
    line: u64,
    column: u32,
    text: u32,
    cell: u32,
}

/// Rows, the last of which may be still being filled.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    text: String,
    cells: Vec<Cell>,
    rows: Vec<Start>,
    /// The row being filled, behind all others.
    open: Start,
}

impl Rows {
    /// How many rows are filled.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Bytes that the texts of the filled rows take.
    pub fn size(&self) -> usize {
        self.open.text as usize
    }

    fn between(&self, start: &Start, end: Option<&Start>) -> Row<'_> {
        let (text, cell) =
            end.map_or((self.text.len(), self.cells.len()), |end| (end.text as usize, end.cell as usize));
        Row {
            index: start.index,
            line: start.line,
            column: start.column,
            text: &self.text[start.text as usize..text],
            cells: &self.cells[start.cell as usize..cell],
        }
    }

    /// The filled rows, in the order of the source.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + ExactSizeIterator {
        self.rows
            .iter()
            .enumerate()
            .map(|(at, start)| self.between(start, Some(self.rows.get(at + 1).unwrap_or(&self.open))))
    }

    /// The last filled row.
    pub fn last(&self) -> Option<Row<'_>> {
        self.rows.last().map(|start| self.between(start, Some(&self.open)))
    }

    /// The row being filled.
    pub fn current(&self) -> Row<'_> {
        self.between(&self.open, None)
    }

    /// Begins a row at a line and a column, in the place of one that was begun and not sealed.
    pub fn begin(&mut self, line: u64, column: u32) {
        self.text.truncate(self.open.text as usize);
        self.cells.truncate(self.open.cell as usize);
        (self.open.line, self.open.column) = (line, column);
    }

    /// Adds a value to the row being filled, composed (NFC); an empty one is left out.
    pub fn push(&mut self, label: u32, element: u16, single: bool, value: &str, line: u64, column: u32) {
        if is_composed(value.as_bytes()) {
            self.push_composed(label, element, single, value, line, column);
        } else {
            use unicode_normalization::UnicodeNormalization;
            let value: String = value.nfc().collect();
            self.push_composed(label, element, single, &value, line, column);
        }
    }

    /// Adds a value that [`is_composed`]; an empty one is left out.
    pub fn push_composed(&mut self, label: u32, element: u16, single: bool, value: &str, line: u64, column: u32) {
        let value = trimmed(value);
        if value.is_empty() {
            return;
        }
        let (start, end) = self.add_text(value);
        self.cells.push(Cell { label, element, single, start, end, line, column });
    }

    /// Adds values that stand in one text that [`is_composed`], without blanks around them: the label and the column of each,
    /// and where it begins and ends.
    pub fn push_parts(
        &mut self,
        whole: &str,
        parts: impl Iterator<Item = (u32, u32, u32, u32)>,
        element: u16,
        line: u64,
    ) {
        let (begin, _) = self.add_text(whole);
        for (label, column, start, end) in parts {
            let (start, end) = (begin + start, begin + end);
            self.cells.push(Cell { label, element, single: false, start, end, line, column });
        }
    }

    /// Where a text stands in the row being filled, once it is added.
    fn add_text(&mut self, text: &str) -> (u32, u32) {
        let start = self.text.len() as u32 - self.open.text;
        self.text.push_str(text);
        (start, self.text.len() as u32 - self.open.text)
    }

    /// Gives a value of the row being filled another text.
    pub fn replace(&mut self, cell: usize, value: &str) {
        let (start, end) = self.add_text(value.trim());
        let cell = self.cells[self.open.cell as usize..].get_mut(cell).filter(|_| end > start);
        if let Some(cell) = cell {
            (cell.start, cell.end) = (start, end);
        }
    }

    /// Gives the values of the row being filled that are marks of what stands above, « idem », the text of the last row
    /// under the same label.
    pub fn repeat(&mut self) {
        for at in self.open.cell as usize..self.cells.len() {
            let cell = self.cells[at];
            if cell.end - cell.start > LONGEST_DITTO || !is_ditto(self.current().text(&cell)) {
                continue;
            }
            let above = self.last().and_then(|above| above.value(cell.label as usize)).map(str::to_owned);
            if let Some(text) = above {
                self.replace(at - self.open.cell as usize, &text);
            }
        }
    }

    /// Ends the row being filled, which has this index.
    pub fn seal(&mut self, index: u64) {
        self.rows.push(Start { index, ..self.open });
        (self.open.text, self.open.cell) = (self.text.len() as u32, self.cells.len() as u32);
    }

    /// Makes the row being filled a part of the last one: of its cells only `added` stay, each with its element. Values of
    /// the last row that have no element are of a first one where `is_of_element` says so.
    pub fn join(&mut self, added: impl Iterator<Item = (Cell, u16)>, is_of_element: impl Fn(&Cell) -> bool) {
        let Some(above) = self.rows.last() else { return };
        for cell in self.cells[above.cell as usize..self.open.cell as usize].iter_mut().filter(|cell| cell.element == 0)
        {
            if is_of_element(cell) {
                cell.element = 1;
            }
        }
        let by = self.open.text - above.text;
        self.cells.truncate(self.open.cell as usize);
        self.cells.extend(added.map(|(cell, element)| Cell {
            element,
            single: false,
            start: cell.start + by,
            end: cell.end + by,
            ..cell
        }));
        (self.open.text, self.open.cell) = (self.text.len() as u32, self.cells.len() as u32);
    }

    /// Puts the values of the row being filled that were added behind so many others before these.
    pub fn bring_forward(&mut self, behind: usize) {
        let cells = &mut self.cells[self.open.cell as usize..];
        cells.rotate_left(behind.min(cells.len()));
    }

    /// Takes the last filled row away.
    pub fn pop(&mut self) -> Option<OwnedRow> {
        let row = self.last()?.to_owned();
        let Start { text, cell, .. } = self.rows.pop()?;
        self.text.replace_range(text as usize..self.open.text as usize, "");
        self.cells.drain(cell as usize..self.open.cell as usize);
        (self.open.text, self.open.cell) = (text, cell);
        Some(row)
    }

    /// The filled rows but for the last `kept`, which stay, with the row being filled.
    pub fn take(&mut self, kept: usize) -> Rows {
        let given = self.rows.len().saturating_sub(kept);
        let Start { text, cell, .. } = *self.rows.get(given).unwrap_or(&self.open);
        // The next batch is about as large as this one, and a bit larger as often: to grow is to copy all of it.
        let room = |length: usize| length + length / 4;
        let mut rest = Rows {
            text: String::with_capacity(room(self.text.len())),
            cells: Vec::with_capacity(room(self.cells.len())),
            rows: Vec::with_capacity(room(self.rows.len())),
            open: self.open,
        };
        rest.text.push_str(&self.text[text as usize..]);
        rest.cells.extend_from_slice(&self.cells[cell as usize..]);
        rest.rows.extend_from_slice(&self.rows[given..]);
        for start in rest.rows.iter_mut().chain([&mut rest.open]) {
            start.text -= text;
            start.cell -= cell;
        }
        self.text.truncate(text as usize);
        self.cells.truncate(cell as usize);
        self.rows.truncate(given);
        (self.open.text, self.open.cell) = (text, cell);
        std::mem::replace(self, rest)
    }
}

/// Bytes of the longest mark of what stands above.
const LONGEST_DITTO: u32 = 5;

/// Whether a text says that it is the one above it.
fn is_ditto(text: &str) -> bool {
    text.len() <= LONGEST_DITTO as usize
        && (matches!(text, "\"" | "\"\"" | "''" | "〃" | "»" | "″")
            || ["idem", "idem.", "id.", "ditto"].iter().any(|mark| mark.eq_ignore_ascii_case(text)))
}

/// Whether a text holds no combining accent (U+0300 to U+036F, whose encoding begins with 0xCC or 0xCD): a Mac writes é
/// as e and an accent.
pub(crate) fn is_composed(bytes: &[u8]) -> bool {
    memchr::memchr2(0xCC, 0xCD, bytes).is_none()
}

/// Rows of one table on their way from a reader to the checks.
#[derive(Debug)]
pub struct Batch {
    /// What the rows share.
    pub layout: Arc<Layout>,
    /// How many labels of the layout were known before this batch: the later ones are new in it.
    pub known_labels: usize,
    /// What there is to report besides, in the order of the source.
    pub remarks: Vec<Remark>,
    pub(crate) rows: Rows,
}

impl Batch {
    /// The rows, in the order of the source.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + ExactSizeIterator {
        self.rows.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(values: &[&[&str]]) -> Rows {
        let mut rows = Rows::default();
        for (values, index) in values.iter().zip(1..) {
            rows.begin(index, 1);
            for (value, label) in values.iter().zip(0..) {
                rows.push(label, 0, false, value, index, label + 1);
            }
            rows.seal(index);
        }
        rows
    }

    fn texts(rows: &Rows) -> Vec<(u64, Vec<&str>)> {
        rows.iter().map(|row| (row.index, row.cells().iter().map(|cell| row.text(cell)).collect())).collect()
    }

    #[test]
    fn rows_are_taken_from_the_front_and_from_the_back() {
        let mut rows = filled(&[&["a", " b "], &["", "c"], &["d"]]);
        rows.begin(9, 1);
        rows.push(0, 0, false, "e\u{301}", 9, 1);
        let front = rows.take(2);
        assert_eq!(texts(&front), [(1, vec!["a", "b"])]);
        assert_eq!(texts(&rows), [(2, vec!["c"]), (3, vec!["d"])]);
        let popped = rows.pop().unwrap();
        assert_eq!((popped.view().index, popped.view().value(0)), (3, Some("d")));
        assert_eq!(rows.current().all_text(), "é", "the row being filled stays");
        rows.seal(4);
        assert_eq!(texts(&rows), [(2, vec!["c"]), (4, vec!["é"])]);
        assert_eq!(texts(&rows.take(0)), [(2, vec!["c"]), (4, vec!["é"])]);
        assert!(rows.len() == 0 && rows.pop().is_none());
    }

    #[test]
    fn a_row_becomes_a_part_of_the_one_above() {
        let mut rows = filled(&[&["a", "b"]]);
        rows.begin(2, 1);
        rows.push(0, 0, false, "idem", 2, 1);
        rows.push(1, 0, false, "c", 2, 2);
        rows.repeat();
        assert_eq!(rows.current().value(0), Some("a"));
        let added = rows.current().cells()[1];
        rows.join([(added, 2)].into_iter(), |cell| cell.label == 1);
        let elements: Vec<_> = rows.last().unwrap().cells().iter().map(|cell| (cell.element, cell.line)).collect();
        assert_eq!(elements, [(0, 1), (1, 1), (2, 2)]);
        rows.begin(3, 1);
        rows.seal(2);
        assert_eq!(texts(&rows), [(1, vec!["a", "b", "c"]), (2, vec![])]);
    }
}
