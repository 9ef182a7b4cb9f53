//! Resource limits per input, each of which whoever trusts a file can raise.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::language::Phrase;

/// Columns that one table may have. Excel itself stops at 16,384; a record of this schema needs far fewer.
pub const MAX_COLUMNS: usize = 2_000;
/// Bytes that one record may take.
pub const MAX_RECORD_BYTES: usize = 16 << 20;
/// Bytes that a label may take, be it a header, the name of an element or a key: as many as the largest cell of Excel, and
/// those of all labels of a file as many as a record.
pub const MAX_LABEL_BYTES: usize = 64 << 10;
/// Depth to which elements may be nested in XML and JSON.
pub const MAX_DEPTH: usize = 32;
/// Bytes that a cell may take in its sheet. Excel stops at 32,767 characters, which take ten times as many at most.
pub const MAX_CELL_BYTES: usize = 1 << 20;

/// Megabytes that a device or a pipe may give where a file is expected.
const OF_DEVICE: u64 = 16;

/// The bytes of a file that is held whole, of so many megabytes at most; `remedy` says what to do with a larger one.
pub(crate) fn whole_file(path: &Path, most: u64, remedy: Phrase) -> Result<Vec<u8>> {
    let name = path.display().to_string();
    let failed = |error: std::io::Error| Error::io(&name, &error);
    let target = std::fs::metadata(path).map_err(failed)?;
    // A device may never end, and says nothing of its length: what goes with records is small.
    let most = if target.is_file() { most } else { most.min(OF_DEVICE) };
    whole(&name, File::open(path).map_err(failed)?, most, remedy)
}

/// The same of a stream.
pub(crate) fn whole(name: &str, source: impl Read, most: u64, remedy: Phrase) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(Limits::bytes(most) + 1).read_to_end(&mut bytes).map_err(|error| Error::io(name, &error))?;
    if bytes.len() as u64 > Limits::bytes(most) {
        let (fr, en) = (format!("plus de {most} Mo ; {}", remedy.fr), format!("more than {most} MB; {}", remedy.en));
        return Err(Error::new(ErrorKind::Limit, fr, en).in_file(name));
    }
    Ok(bytes)
}

/// The limits that can be raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Megabytes that the parts of a workbook may have once they are inflated: a million rows have one or two thousand.
    pub inflated: u64,
    /// How many times its packed size a part of more than 1 MB may have; sheets have ten to thirty times theirs.
    pub ratio: u64,
    /// Parts that a workbook may have.
    pub parts: u64,
    /// Megabytes that an .xls may have, some twenty thousand rows: unlike the other workbooks, it is held in memory.
    pub xls: u64,
    /// Megabytes of text of the sheets that are held in memory: forms, of which ten thousand have some thirty, and lists to
    /// be joined to the sheet of the PTCE.
    pub held: u64,
    /// Megabytes of long texts that a workbook may give beyond what it holds: cells share a text, rows are repeated, merged
    /// cells give theirs to all rows beside them, so that a small file may stand for as much as it likes.
    pub repeated: u64,
    /// Megabytes that a stream may have, such as the standard input: what may never end is kept in a temporary file.
    pub stream: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { inflated: 4_096, ratio: 200, parts: 2_000, xls: 32, held: 64, repeated: 64, stream: 16_384 }
    }
}

impl Limits {
    /// The names of the limits, as [`Limits::set`] knows them.
    pub const NAMES: [&'static str; 7] = ["inflated", "ratio", "parts", "xls", "held", "repeated", "stream"];

    /// Sets a limit by a text such as `held=256`.
    ///
    /// # Errors
    /// When there is no limit of that name, or the value is not a whole number from 1 to 1,000,000.
    pub fn set(&mut self, text: &str) -> Result<()> {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let value: Option<u64> = value.trim().parse().ok().filter(|value| (1..=1_000_000).contains(value));
        let place = match name.trim() {
            "inflated" => &mut self.inflated,
            "ratio" => &mut self.ratio,
            "parts" => &mut self.parts,
            "xls" => &mut self.xls,
            "held" => &mut self.held,
            "repeated" => &mut self.repeated,
            "stream" => &mut self.stream,
            _ => return Err(not_a_limit(text)),
        };
        *place = value.ok_or_else(|| not_a_limit(text))?;
        Ok(())
    }

    /// Bytes in so many megabytes.
    pub(super) fn bytes(megabytes: u64) -> u64 {
        megabytes.saturating_mul(1 << 20)
    }
}

/// Tells that a label is too long, or that all of them are together.
pub(super) fn long_label() -> Error {
    Error::new(
        ErrorKind::Limit,
        format!(
            "un libellé dépasse {} Ko, ou tous ensemble {} Mo ; le fichier est abîmé ou n’est pas une liste de PTCE",
            MAX_LABEL_BYTES >> 10,
            MAX_RECORD_BYTES >> 20
        ),
        format!(
            "a label exceeds {} kB, or all of them {} MB; the file is damaged or not a list of PTCE",
            MAX_LABEL_BYTES >> 10,
            MAX_RECORD_BYTES >> 20
        ),
    )
}

fn not_a_limit(text: &str) -> Error {
    let names = Limits::NAMES.join(", ");
    Error::new(
        ErrorKind::Usage,
        format!("--limit {text} : écrivez par exemple held=256 ; les limites sont {names}"),
        format!("--limit {text}: write for example held=256; the limits are {names}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_has_a_name() {
        let mut limits = Limits::default();
        for name in Limits::NAMES {
            limits.set(&format!("{name}=7")).unwrap();
        }
        assert_eq!(limits, Limits { inflated: 7, ratio: 7, parts: 7, xls: 7, held: 7, repeated: 7, stream: 7 });
        for wrong in ["", "held", "held=", "held=0", "held=-1", "held=9999999", "tout=3"] {
            assert!(limits.set(wrong).is_err(), "{wrong}");
        }
    }
}
