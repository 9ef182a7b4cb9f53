//! Workbooks of every format, whole or one part of one: bytes are read or refused, and what is read is judged and told.

/// Tries it on some bytes.
pub fn run(data: &[u8]) {
    crate::read("a", &crate::workbook(data));
}
