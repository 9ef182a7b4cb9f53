//! The log of a correction: what was changed, for people, and how it is taken back, for us.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::difference::Named;
use crate::error::{Error, ErrorKind, Result};
use crate::import::Limits;
use crate::location::Location;
use crate::patch::values::{self, Reversal};
use crate::row::Format;

/// The version of the form of the log.
const VERSION: u32 = 1;

/// What was changed in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Log {
    version: u32,
    /// The program that wrote it.
    pub tool: String,
    /// The name of the file.
    pub file: String,
    format: String,
    /// CSV: what separates the cells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) delimiter: Option<char>,
    /// The SHA-256 of the file before.
    pub before: String,
    /// The SHA-256 of the file after.
    pub after: String,
    /// The changes, in the order of the file.
    pub changes: Vec<Change>,
    /// How they are taken back; the last step first.
    steps: Vec<Step>,
}

/// A value that was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// The record.
    pub record: Named,
    /// The place in the source.
    pub location: Location,
    /// The place in the record, a JSON Pointer.
    pub pointer: String,
    /// The code of the rule.
    pub code: String,
    /// The value that stood there; empty where there was none.
    pub before: String,
    /// The value that stands there now.
    pub after: String,
    /// The text of the whole cell before; empty where a later change of the same cell tells it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cell_before: String,
    /// The text of the whole cell after.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cell_after: String,
    /// Whether the cell held a number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_number: bool,
}

/// Changes that were made together, the one first that is to be taken back first.
pub(super) type Step = Vec<Undo>;

/// How a change is taken back: the bytes at a place give way to those that stood there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Undo {
    /// The part of a workbook, whose text is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    pub at: usize,
    pub length: usize,
    #[serde(with = "hexadecimal")]
    pub was: Vec<u8>,
}

mod hexadecimal {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ptr_arg, reason = "serde gives a reference to the field")]
    pub fn serialize<S: Serializer>(bytes: &Vec<u8>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.as_bytes().chunks(2);
        let byte = |pair: &[u8]| {
            let text = std::str::from_utf8(pair).ok().filter(|text| text.len() == 2)?;
            u8::from_str_radix(text, 16).ok()
        };
        digits.map(|pair| byte(pair).ok_or_else(|| D::Error::custom("no hexadecimal digits"))).collect()
    }
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Log {
    pub(super) fn of(
        file: &str,
        format: Format,
        before: &[u8],
        after: &[u8],
        changes: Vec<Change>,
        steps: Vec<Step>,
    ) -> Log {
        Log {
            version: VERSION,
            tool: format!("ptce {}", env!("CARGO_PKG_VERSION")),
            // The folder is nobody's business.
            file: file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned(),
            format: format.name().to_owned(),
            delimiter: None,
            before: sha256(before),
            after: sha256(after),
            changes,
            steps,
        }
    }

    /// Reads a log; `name` is its name in errors.
    ///
    /// # Errors
    /// When the text is no log of ours.
    pub fn parse(text: &str, name: &str) -> Result<Log> {
        let wrong = |why: &str| {
            Error::new(
                ErrorKind::Syntax,
                format!("ce n’est pas un journal de corrections de ptce ({why})"),
                format!("this is no log of corrections of ptce ({why})"),
            )
            .in_file(name)
        };
        let log: Log =
            serde_json::from_str(text).map_err(|error| wrong(&format!("JSON {}:{}", error.line(), error.column())))?;
        match log.version == VERSION {
            true => Ok(log),
            false => Err(wrong(&format!("version {}", log.version))),
        }
    }

    /// The log as JSON.
    ///
    /// # Errors
    /// None: a log can always be written.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(|error| {
            Error::new(ErrorKind::Syntax, format!("journal illisible ({error})"), format!("unreadable log ({error})"))
        })
    }

    pub(super) fn format(&self) -> Format {
        let formats = [Format::Xlsx, Format::Ods, Format::Csv, Format::Json, Format::Ndjson];
        formats.into_iter().find(|format| format.name() == self.format).unwrap_or(Format::Xml)
    }

    /// This log, and then another one of the file that it made.
    pub(super) fn then(mut self, later: Log) -> Log {
        self.after = later.after;
        self.changes.extend(later.changes);
        self.steps.splice(0..0, later.steps);
        self
    }

    /// The file before, from the one after.
    pub(super) fn undo(&self, bytes: &[u8], limits: &Limits) -> Result<Vec<u8>> {
        let mut bytes = bytes.to_vec();
        if self.format().is_workbook() {
            for step in self.steps.iter().filter(|step| !step.is_empty()) {
                let reversal = |undo: &Undo| {
                    let was = String::from_utf8(undo.was.clone()).map_err(|_| values::other_file())?;
                    let part = undo.part.clone().ok_or_else(values::other_file)?;
                    Ok(Reversal { part, at: undo.at, length: undo.length, was })
                };
                let reversals = step.iter().map(reversal).collect::<Result<Vec<Reversal>>>()?;
                bytes = values::restore(&bytes, &reversals, limits)?;
            }
            return Ok(bytes);
        }
        for step in &self.steps {
            let (mut original, mut rest) = (Vec::with_capacity(bytes.len()), 0);
            for Undo { at, length, was, .. } in step.iter().rev() {
                let end = at.checked_add(*length).ok_or_else(values::other_file)?;
                let kept = bytes.get(rest..*at).filter(|_| end <= bytes.len()).ok_or_else(values::other_file)?;
                original.extend_from_slice(kept);
                original.extend_from_slice(was);
                rest = end;
            }
            original.extend_from_slice(&bytes[rest..]);
            bytes = original;
        }
        match sha256(&bytes) == self.before {
            true => Ok(bytes),
            false => Err(values::other_file()),
        }
    }
}
