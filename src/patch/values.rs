//! Cells of a workbook that get another value; all else stays as it was, and what gave way is told, so that it can be put back.

use unicode_normalization::UnicodeNormalization;

use super::markup::{Edits, Part};
use super::package::Package;
use crate::error::{Error, ErrorKind, Result};
use crate::import::Limits;
use crate::import::workbook::damaged;

/// A cell that gets another value.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    /// The name of the sheet.
    pub sheet: String,
    /// The row and the column, counted from 1.
    pub cell: (u64, u32),
    /// The text that was read there; empty for a blank cell.
    pub before: String,
    /// The text that is to stand there; empty for a blank cell.
    pub after: String,
    /// Whether the new text is a number, and the cell is to hold one.
    pub is_number: bool,
}

/// Why a value stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such cell.
    Absent,
    /// It holds something else than was read there: it is merged with another one, or shown by a rule of its own.
    OtherText,
    /// A formula makes it.
    Formula,
}

/// How a change is taken back: in a part of the archive, what stands from a place of its text on gives way to what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reversal {
    pub part: String,
    pub at: usize,
    pub length: usize,
    pub was: String,
}

/// A workbook with other values.
pub(crate) struct Rewritten {
    pub bytes: Vec<u8>,
    /// Of each value, why it stays.
    pub refused: Vec<Option<Refusal>>,
    /// In the order in which they are to be taken.
    pub reversals: Vec<Reversal>,
}

impl Rewritten {
    /// Changes a part, and tells how that is taken back.
    pub(super) fn apply(&mut self, package: &mut Package, path: &str, mut part: Part, edits: Edits) {
        if edits.is_empty() {
            return;
        }
        let mut told = Vec::new();
        part.text = edits.apply_and_tell(&part.text, &mut |place, was| {
            let (part, was) = (path.to_owned(), was.to_owned());
            told.push(Reversal { part, at: place.start, length: place.len(), was });
        });
        // From the last one on, so that each place is the one that was told.
        self.reversals.splice(0..0, told.into_iter().rev());
        package.write(path, part.encode());
    }
}

/// Takes changes back, in their order.
///
/// # Errors
/// When the workbook is not the one that was changed so.
pub(crate) fn restore(workbook: &[u8], reversals: &[Reversal], limits: &Limits) -> Result<Vec<u8>> {
    let mut package = Package::open(workbook.to_vec(), limits)?;
    let mut rest = reversals;
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|reversal| reversal.part == first.part).count();
        let (of_part, others) = rest.split_at(count);
        rest = others;
        let bytes = package.read(&first.part)?.ok_or_else(other_file)?;
        let mut part = Part::decode(&bytes).ok_or_else(other_file)?;
        let (mut original, mut rest) = (String::with_capacity(part.text.len()), 0);
        for Reversal { at, length, was, .. } in of_part.iter().rev() {
            let end = at.checked_add(*length).filter(|end| part.text.is_char_boundary(*end)).ok_or_else(other_file)?;
            original.push_str(part.text.get(rest..*at).ok_or_else(other_file)?);
            original.push_str(was);
            rest = end;
        }
        original.push_str(&part.text[rest..]);
        part.text = original;
        package.write(&first.part, part.encode());
    }
    package.finish(None)
}

/// The log is that of another file.
pub(crate) fn other_file() -> Error {
    Error::new(
        ErrorKind::Usage,
        "ce journal est celui d’un autre fichier ; donnez le fichier corrigé que la même commande a écrit",
        "this log is that of another file; give the corrected file that the same command wrote",
    )
}

/// Whether a text of the source is the one that was read: blanks and the composition of letters say nothing.
pub(crate) fn is_same(source: &str, read: &str) -> bool {
    let plain = |text: &str| text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    source == read || plain(source) == plain(read)
}

/// A text of the source in which the text that was read gives way to another one: the whole of it, or a part that stands
/// there once, behind its label.
pub(crate) fn replaced(source: &str, before: &str, after: &str) -> Option<String> {
    if is_same(source, before) {
        return Some(after.to_owned());
    }
    let mut places = source.match_indices(before).filter(|_| !before.is_empty());
    let (at, _) = places.next()?;
    places.next().is_none().then(|| format!("{}{after}{}", &source[..at], &source[at + before.len()..]))
}

/// The same of a number as a source has it.
pub(crate) fn is_same_number(source: &str, read: &str) -> bool {
    let number = |text: &str| text.trim().replace(',', ".").parse::<f64>().ok();
    is_same(source, read) || number(source).is_some_and(|source| number(read) == Some(source))
}

/// A part that cannot be understood.
pub(super) fn none() -> Error {
    damaged("il n’a pas de contenu", "it has no content")
}
