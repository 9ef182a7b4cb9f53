//! One row of a grid of cells, as a reader gathers it: its texts in one string, each with its column.

use std::ops::Range;

/// A row: its number, and its texts without the blank ones, in the order of their columns. Its memory serves again for
/// the next row.
#[derive(Debug, Clone, Default)]
pub(in crate::import) struct GridRow {
    /// Counted from 1; in a text file the line where it begins.
    pub number: u64,
    /// The line where it ends, for a cell of a text file may hold line breaks.
    pub last: u64,
    text: String,
    cells: Vec<Place>,
}

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    column: u32,
    start: u32,
    end: u32,
}

impl GridRow {
    /// Empties the row for another one, which is one line.
    pub fn restart(&mut self, number: u64) {
        (self.number, self.last) = (number, number);
        self.text.clear();
        self.cells.clear();
    }

    /// Adds the text of a column, counted from 1, without the blanks around it; one that is blank counts for nothing.
    pub fn push(&mut self, column: u32, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            let start = self.text.len() as u32;
            self.text.push_str(text);
            self.cells.push(Place { column, start, end: self.text.len() as u32 });
        }
    }

    /// Gives an empty row the text of which [`GridRow::place`] tells the parts.
    pub fn fill(&mut self, whole: &str) {
        self.text.push_str(whole);
    }

    /// Adds a part of that text, with its column, that is not blank and has no blanks around it.
    pub fn place(&mut self, column: u32, part: Range<usize>) {
        self.cells.push(Place { column, start: part.start as u32, end: part.end as u32 });
    }

    /// Gives a row of labels others, the first in the first column.
    pub fn relabel(&mut self, labels: &[String]) {
        let last = self.last;
        self.restart(self.number);
        self.last = last;
        (1..).zip(labels).for_each(|(column, label)| self.push(column, label));
    }

    pub fn len(&self) -> usize {
        self.cells.len()
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The texts with their columns.
    pub fn cells(&self) -> impl DoubleEndedIterator<Item = (u32, &str)> + ExactSizeIterator + Clone {
        self.cells.iter().map(|place| (place.column, &self.text[place.start as usize..place.end as usize]))
    }

    /// Where the texts with their columns stand in [`GridRow::all_text`].
    pub fn places(&self) -> impl Iterator<Item = (u32, u32, u32)> + '_ {
        self.cells.iter().map(|place| (place.column, place.start, place.end))
    }

    /// The first text, with its column.
    pub fn first(&self) -> Option<(u32, &str)> {
        self.cells().next()
    }

    /// The only text, with its column.
    pub fn alone(&self) -> Option<(u32, &str)> {
        self.first().filter(|_| self.len() == 1)
    }

    /// The text of a column.
    pub fn at(&self, column: u32) -> Option<&str> {
        self.cells().find(|(known, _)| *known == column).map(|(_, text)| text)
    }

    /// All its texts in one.
    pub fn whole(&self) -> String {
        self.cells().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
    }

    /// Everything that the texts are made of, to look for a character in all of them.
    pub fn all_text(&self) -> &str {
        &self.text
    }
}
