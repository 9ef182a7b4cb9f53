//! Scratch files: bytes that are written once and read again, in memory while they are few, then in a temporary file.
//!
//! Where there is no file system they stay in memory: this is the only room that knows the difference. Results that are to
//! appear whole are made in a [`Workshop`] beside their place.

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

/// The error of a scratch file that could not be written or read again.
pub(crate) fn failed(error: &std::io::Error) -> Error {
    #[cfg(not(target_family = "wasm"))]
    let place = std::env::temp_dir().display().to_string();
    #[cfg(target_family = "wasm")]
    let place = "memory";
    Error::io(&place, error)
}
