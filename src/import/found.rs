//! What a path leads to: the sources to read, and what is left aside.

use super::Input;
use crate::error::{Error, ErrorKind, Result};
use crate::row::Format;

/// Files that one folder or archive may hold.
pub(super) const MAX_FILES: usize = 10_000;

/// What a path leads to.
#[derive(Default)]
#[non_exhaustive]
pub struct Found {
    /// The sources, in the order of their names.
    pub inputs: Vec<Input>,
    /// The files of a folder, an archive or a mail whose names are those of no format that we read.
    pub skipped: Vec<String>,
    /// What systems and programs leave in folders and archives: hidden files, the locks of open workbooks.
    pub left_behind: Vec<String>,
}

impl Found {
    /// Refuses more files than may be found together.
    pub(super) fn check_count(&self, name: &str) -> Result<()> {
        let count = self.inputs.len() + self.skipped.len() + self.left_behind.len();
        if count > MAX_FILES { Err(too_much(name)) } else { Ok(()) }
    }
}

pub(super) fn too_much(name: &str) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("plus de {MAX_FILES} fichiers, ou des dossiers trop imbriqués ; donnez-en une partie"),
        format!("more than {MAX_FILES} files, or folders nested too deep; give a part of them"),
    )
    .in_file(name)
}

/// Whether a file is of a format that we read, by its name.
pub(super) fn is_readable(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    file.rsplit_once('.').is_some_and(|(_, extension)| Format::of_extension(extension).is_some())
}
