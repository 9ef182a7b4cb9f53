//! Scratch files: bytes that are written once and read again, in memory while they are few, then in a temporary file.
//!
//! Where there is no file system they stay in memory: this is the only room that knows the difference. Results that are to
//! appear whole are made in a [`Workshop`] beside their place.

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::error::Error;

#[cfg(not(target_family = "wasm"))]
pub(crate) type Scratch = tempfile::SpooledTempFile;
#[cfg(target_family = "wasm")]
pub(crate) type Scratch = std::io::Cursor<Vec<u8>>;

/// An empty scratch file that holds up to `held` bytes in memory.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn scratch(held: usize) -> Scratch {
    tempfile::SpooledTempFile::new(held)
}

/// An empty scratch file.
#[cfg(target_family = "wasm")]
pub(crate) fn scratch(_held: usize) -> Scratch {
    Scratch::default()
}

/// A new sheet of a workbook, whose rows go to a temporary file as they come.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn sheet(book: &mut Workbook) -> Result<&mut Worksheet, XlsxError> {
    book.add_worksheet_with_constant_memory()
}

/// A new sheet of a workbook.
#[cfg(target_family = "wasm")]
pub(crate) fn sheet(book: &mut Workbook) -> Result<&mut Worksheet, XlsxError> {
    Ok(book.add_worksheet())
}

/// The error of a scratch file that could not be written or read again.
pub(crate) fn failed(error: &std::io::Error) -> Error {
    #[cfg(not(target_family = "wasm"))]
    let place = std::env::temp_dir().display().to_string();
    #[cfg(target_family = "wasm")]
    let place = "memory";
    Error::io(&place, error)
}
