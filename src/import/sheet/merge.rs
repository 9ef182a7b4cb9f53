//! Merged cells: one value over several rows or columns.

use super::LONG_BYTES;
use super::row::GridRow;
use crate::import::MAX_COLUMNS;
use crate::import::range::Range;

/// The merged cells of a sheet.
#[derive(Debug, Default)]
pub(in crate::import) struct Merges {
    /// By their first row.
    ranges: Vec<Range>,
    /// Ranges that began above and have a text, which is that of all their rows.
    open: Vec<(Range, String)>,
    /// How many of the ranges begin in a row that has passed.
    passed: usize,
    /// Bytes of the long texts that rows below the first ones have been given.
    given: u64,
}

impl Merges {
    /// Adds a range, in any order so long as its rows have not come.
    pub fn add(&mut self, range: Range) {
        if (range.top, range.left) != (range.bottom, range.right) {
            let at = self.ranges.partition_point(|known| known.top <= range.top);
            self.ranges.insert(at, range);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The range beginning in a row that covers a cell of it.
    pub fn of(&self, row: u64, column: u32) -> Option<&Range> {
        let first = self.ranges.partition_point(|range| range.top < row);
        let begun = self.ranges[first..].iter().take_while(|range| range.top == row);
        begun.into_iter().find(|range| (range.left..=range.right).contains(&column))
    }

    /// Enters a row, and answers the ranges that go on in it from above with their texts.
    pub fn enter(&mut self, cells: &GridRow) -> &[(Range, String)] {
        let row = cells.number;
        self.open.retain(|(range, _)| range.bottom >= row);
        let above = self.open.len();
        while let Some(range) = self.ranges.get(self.passed).filter(|range| range.top <= row) {
            self.passed += 1;
            if range.top == row && range.bottom > row
                && let Some(text) = cells.at(range.left)
                // Cells are merged once at most, so that no more ranges than columns can be open.
                && self.open.len() < MAX_COLUMNS
            {
                self.open.push((*range, text.to_owned()));
            }
        }
        let long = self.open[..above].iter().filter(|(_, text)| text.len() >= LONG_BYTES);
        self.given += long.map(|(_, text)| text.len() as u64).sum::<u64>();
        &self.open[..above]
    }

    /// Bytes of the long texts that rows were given since this was last asked.
    pub fn given_below(&mut self) -> u64 {
        std::mem::take(&mut self.given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_ranges() {
        assert_eq!(Range::parse("B2:AA14"), Some(Range { top: 2, left: 2, bottom: 14, right: 27 }));
        assert_eq!(Range::parse("$A$1"), Some(Range { top: 1, left: 1, bottom: 1, right: 1 }));
        for reference in ["", "A", "3", "B2:A1", "ZZZZZZZZZ1", "A0"] {
            assert_eq!(Range::parse(reference), None, "{reference}");
        }
    }

    #[test]
    fn the_text_of_a_merged_cell_is_that_of_its_rows() {
        let mut merges = Merges::default();
        merges.add(Range { top: 2, left: 1, bottom: 3, right: 1 });
        let mut row = GridRow::default();
        row.restart(1);
        assert!(merges.enter(&row).is_empty());
        row.restart(2);
        row.push(1, "Occitanie");
        assert!(merges.enter(&row).is_empty());
        row.restart(3);
        assert_eq!(merges.enter(&row)[0].1, "Occitanie");
        row.restart(4);
        assert!(merges.enter(&row).is_empty());
    }
}
