//! CSV: bytes are read or refused, and what is read is judged and told.

/// Tries it on some bytes.
pub fn run(data: &[u8]) {
    crate::read("a.csv", data);
}
