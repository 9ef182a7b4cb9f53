//! What a check found: wrong data. Work that could not be done is an [`Error`](crate::Error) instead.

mod way;

pub(crate) use way::Way;

use serde::{Deserialize, Serialize};

use crate::language::Language;
use crate::location::Location;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing; nothing to correct before publication.
    Info,
    /// To be corrected or confirmed; the record can be published.
    Warning,
    /// The record cannot be accepted or published as it is.
    Error,
}

impl Level {
    /// The level in words, with its name in reports: « erreur (error) ».
    pub(crate) fn described(self, language: Language) -> &'static str {
        match (self, language) {
            (Level::Error, Language::French) => "erreur (error)",
            (Level::Warning, Language::French) => "avertissement (warning)",
            (Level::Info, Language::French) => "information (info)",
            (level, Language::English) => level.name(),
        }
    }

    /// The level's name in reports: `error`, `warning`, `info`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// How sure a suggestion is. What each rule's suggestions are worth is measured; see `docs/rule-quality.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// One reading among several.
    Low,
    /// The likely reading; to be confirmed with the source.
    Medium,
    /// The only reading that the data allow.
    High,
}

impl Confidence {
    /// The confidence's name in reports: `high`, `medium`, `low`.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// The record that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RecordName {
    /// Rank of the record in its file, counted from 1.
    pub index: u64,
    /// Its identifier, when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name, when it has one.
    #[serde(rename = "nom", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How complete it is, in percent, when that is known where the finding is made. The JSON report tells it of every
    /// record, not with each finding.
    #[serde(skip)]
    pub completeness: Option<u8>,
}

/// A finding that a waiver of the configuration accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Waived {
    /// What was found.
    pub finding: Finding,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is.
    pub until: String,
}

/// One thing found in the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The code of the rule, a stable name in kebab-case.
    pub code: &'static str,
    /// How grave it is, after the profile and the configuration.
    pub level: Level,
    /// What is wrong, in the language of the run.
    pub message: String,
    /// The record; `None` when the finding is about the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordName>,
    /// The place in the record, a JSON Pointer (RFC 6901); empty for the whole record or the file.
    pub pointer: String,
    /// The value found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What was expected, in the language of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// The likely correction, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// How sure the suggestion is; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// The place in the source.
    pub location: Location,
    /// How the value was read, when that is what the finding tells.
    #[serde(skip)]
    pub(crate) way: Option<Way>,
}
