//! What a path leads to: the sources to read, and what is left aside.

use super::Input;
use crate::row::Format;

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

/// Whether a file is of a format that we read, by its name.
pub(super) fn is_readable(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    file.rsplit_once('.').is_some_and(|(_, extension)| Format::of_extension(extension).is_some())
}
