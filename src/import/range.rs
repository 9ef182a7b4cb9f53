//! Rectangles of cells, as workbooks name them.

/// A rectangle of cells, counted from 1, both ends within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) struct Range {
    pub top: u64,
    pub left: u32,
    pub bottom: u64,
    pub right: u32,
}

impl Range {
    /// The range that a reference such as `B2:D4` names.
    pub fn parse(reference: &str) -> Option<Range> {
        let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
        let ((top, left), (bottom, right)) = (cell(first)?, cell(last)?);
        (top <= bottom && left <= right).then_some(Range { top, left, bottom, right })
    }
}

/// The row and column of a reference such as `$B$2`.
fn cell(reference: &str) -> Option<(u64, u32)> {
    let mut column: u32 = 0;
    let mut rest = reference.trim_start_matches('$');
    while let Some(letter) = rest.bytes().next().filter(u8::is_ascii_alphabetic) {
        column = column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)?;
        rest = &rest[1..];
    }
    let row: u64 = rest.trim_start_matches('$').parse().ok()?;
    (column > 0 && row > 0).then_some((row, column))
}
