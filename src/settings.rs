//! What a run is asked to check: a profile, and a small TOML file that adapts it.
//!
//! ```toml
//! profile = "candidature"
//!
//! [levels]
//! missing-contact = "error"
//!
//! [off]
//! missing-region = "Les régions sont ajoutées à la publication."
//!
//! [[waivers]]
//! record = "fabriques-du-quercy"
//! code = "missing-contact"
//! reason = "Le contact est donné en mars."
//! until = "2026-03-31"
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::toml::{self, BOTH};
use crate::error::{Error, ErrorKind, Result};
use crate::finding::{Finding, Level, RecordName, Waived};
use crate::language::{Language, Phrase};
use crate::rules::{self, RULES, Rule, Topic};
use crate::text::fold::folded;

/// What is asked of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Profile {
    /// A laureate, to be published.
    #[default]
    #[cfg_attr(feature = "cli", value(name = "laureat", help = "un lauréat, à publier / a laureate, to be published"))]
    #[serde(rename = "laureat")]
    Laureate,
    /// A submission to a call: complete and eligible.
    #[cfg_attr(
        feature = "cli",
        value(
            name = "candidature",
            help = "une candidature, complète et éligible / a submission, complete and eligible"
        )
    )]
    #[serde(rename = "candidature")]
    Submission,
}

impl Profile {
    /// The name of the profile on the command line and in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Laureate => "laureat",
            Profile::Submission => "candidature",
        }
    }

    /// The level of a rule in this profile; `None` when the profile does not ask for it.
    pub fn level(self, rule: &Rule) -> Option<Level> {
        match self {
            Profile::Laureate if rule.topic == Topic::Eligibility => None,
            // A submission without a contact or an address cannot be answered.
            Profile::Submission if matches!(rule.code, "missing-contact" | "contact-without-email") => {
                Some(Level::Error)
            }
            _ => Some(rule.level),
        }
    }
}

/// How values are read that are not written as their field wants them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Values {
    /// The record holds what a text can only mean, and a finding tells what stood there.
    #[default]
    Understood,
    /// The record holds the text, and findings tell what is wrong with it.
    AsTyped,
}

/// The configuration file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// The profile, unless the command line names one.
    pub profile: Option<Profile>,
    /// How values are read.
    #[serde(default)]
    pub values: Values,
    /// Levels by code.
    #[serde(default, deserialize_with = "levels")]
    pub levels: BTreeMap<String, Level>,
    /// Codes that are not looked for, each with the reason.
    #[serde(default)]
    pub off: BTreeMap<String, String>,
    /// Findings that are accepted for a while.
    #[serde(default)]
    pub waivers: Vec<Waiver>,
}

/// A finding of a record that somebody has accepted for a while: it is told apart, and no part of the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The identifier of the record, or its name.
    pub record: String,
    /// The code of the finding.
    pub code: String,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is, as `2026-12-31`.
    pub until: String,
}

impl Waiver {
    /// A finding that it accepts.
    pub(crate) fn accept(&self, finding: Finding) -> Waived {
        Waived { finding, reason: self.reason.clone(), until: self.until.clone() }
    }

    /// Whether it is about a record.
    pub(crate) fn is_of(&self, record: &RecordName) -> bool {
        let is_name = |name: &String| folded(name) == folded(&self.record);
        record.id.as_deref() == Some(self.record.trim()) || record.name.as_ref().is_some_and(is_name)
    }
}

/// Levels by their names in either language.
fn levels<'de, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<BTreeMap<String, Level>, D::Error> {
    let names: BTreeMap<String, LevelName> = BTreeMap::deserialize(deserializer)?;
    Ok(names.into_iter().map(|(code, LevelName(level))| (code, level)).collect())
}

struct LevelName(Level);

impl<'de> Deserialize<'de> for LevelName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<LevelName, D::Error> {
        let name = String::deserialize(deserializer)?;
        let level = match name.as_str() {
            "error" | "erreur" => Level::Error,
            "warning" | "avertissement" => Level::Warning,
            "info" | "information" => Level::Info,
            _ => {
                return Err(serde::de::Error::custom(format!(
                    "« {name} » n’est pas un niveau ; écrivez error, warning ou info{BOTH}“{name}” is no level; write error, \
                     warning or info"
                )));
            }
        };
        Ok(LevelName(level))
    }
}

impl Configuration {
    /// Reads a configuration; `file` is its name in errors.
    ///
    /// # Errors
    /// When the text is not TOML, holds an unknown key or code, or switches a code off without a reason.
    pub fn parse(text: &str, file: &str) -> Result<Configuration> {
        let refuse = |fr: String, en: String| Error::new(ErrorKind::Usage, fr, en).in_file(file);
        let what = Phrase { fr: "configuration illisible", en: "unreadable configuration" };
        let remedy = Phrase { fr: "voyez « ptce validate --help »", en: "see “ptce validate --help”" };
        let configuration: Configuration = toml::read(text, file, what, remedy)?;
        for code in configuration.levels.keys().chain(configuration.off.keys()) {
            if rules::rule(code).is_none() {
                return Err(refuse(
                    format!("le code « {code} » n’existe pas ; « ptce rules » en donne la liste"),
                    format!("there is no code “{code}”; “ptce rules” lists them"),
                ));
            }
        }
        if let Some((code, _)) = configuration.off.iter().find(|(_, reason)| reason.trim().is_empty()) {
            return Err(refuse(
                format!("donnez la raison pour laquelle « {code} » est désactivé"),
                format!("give the reason why “{code}” is switched off"),
            ));
        }
        for Waiver { record, code, reason, until } in &configuration.waivers {
            let is_day = until.len() == 10 && until.parse::<jiff::civil::Date>().is_ok();
            let wrong = if rules::rule(code).is_none() {
                (
                    format!("dérogation : le code « {code} » n’existe pas ; « ptce rules » en donne la liste"),
                    format!("waiver: there is no code “{code}”; “ptce rules” lists them"),
                )
            } else if record.trim().is_empty() || reason.trim().is_empty() {
                (
                    format!("dérogation à « {code} » : donnez la fiche (record) et la raison (reason)"),
                    format!("waiver of “{code}”: give the record and the reason"),
                )
            } else if !is_day {
                (
                    format!(
                        "dérogation à « {code} » : « {until} » n’est pas une date ; écrivez until = \"2026-12-31\""
                    ),
                    format!("waiver of “{code}”: “{until}” is no day; write until = \"2026-12-31\""),
                )
            } else {
                continue;
            };
            return Err(refuse(wrong.0, wrong.1));
        }
        Ok(configuration)
    }
}

/// Everything that shapes the verdict of a run.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What is asked of the records.
    pub profile: Profile,
    /// Language of the messages.
    pub language: Language,
    /// How values are read.
    pub values: Values,
    /// Levels by code.
    pub levels: BTreeMap<String, Level>,
    /// Codes switched off, with the reason.
    pub off: BTreeMap<String, String>,
    /// Findings that are accepted for a while.
    pub waivers: Vec<Waiver>,
    /// The day of the run, as `2026-12-31`: no waiver has expired where it is not told.
    pub today: Option<String>,
}

/// A rule that the run does not apply.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct NotRun {
    /// Its code.
    pub code: &'static str,
    /// Why.
    pub reason: String,
}

impl Settings {
    /// The level of a rule in this run; `None` when it is not applied.
    pub fn level(&self, rule: &Rule) -> Option<Level> {
        if self.off.contains_key(rule.code) {
            return None;
        }
        self.levels.get(rule.code).copied().or_else(|| self.profile.level(rule))
    }

    /// The rules that this run does not apply, each with the reason.
    pub fn not_run(&self) -> Vec<NotRun> {
        let absent = |rule: &&Rule| self.level(rule).is_none();
        let reason = |rule: &Rule| match (self.off.get(rule.code), self.language) {
            (Some(reason), _) => reason.clone(),
            (None, Language::French) => format!("hors du profil {}", self.profile.name()),
            (None, Language::English) => format!("not in profile {}", self.profile.name()),
        };
        let mut not_run: Vec<NotRun> =
            RULES.iter().copied().filter(absent).map(|rule| NotRun { code: rule.code, reason: reason(rule) }).collect();
        not_run.sort_by_key(|rule| rule.code);
        not_run
    }
}
