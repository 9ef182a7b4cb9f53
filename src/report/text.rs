//! The report for a person: findings under the record that they are about, what was understood, then the verdict.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::io::Write;

use super::understood::Understood;
use super::{Body, Colours, Writer, shown_value};
use crate::finding::{Confidence, Finding, Level, Waived};
use crate::language::{Language, counted};
use crate::location::push_number;
use crate::rules;
use crate::run::Outcome;
use crate::settings::Settings;
use crate::text::visible::{one_line, visible};
use crate::wording;

/// The report, and what its last finding was about.
pub(super) struct Text {
    language: Language,
    colours: Colours,
    body: Body,
    file: String,
    heading: String,
    /// A heading, or a place, being made; its memory serves again.
    next: String,
    /// Files that other ones have followed: what comes of them now, duplicates, was found when all had been read.
    passed: BTreeSet<String>,
    is_after: bool,
    understood: Understood,
    /// The lines of a finding, which are written at once; their memory serves again.
    lines: String,
}

impl Text {
    pub fn new(language: Language, colours: Colours) -> Text {
        Text {
            language,
            colours,
            body: Body::new(),
            file: String::new(),
            heading: String::new(),
            next: String::new(),
            passed: BTreeSet::new(),
            is_after: false,
            understood: Understood::default(),
            lines: String::new(),
        }
    }

    /// Adds the lines of a finding to those of its file and its record.
    fn compose(&mut self, finding: &Finding) -> fmt::Result {
        let bold = bold(self.colours);
        let french = self.language == Language::French;
        let out = &mut self.lines;
        if self.file != finding.location.file {
            let before = std::mem::replace(&mut self.file, finding.location.file.clone());
            self.heading.clear();
            if !before.is_empty() && !self.is_after {
                writeln!(out)?;
                self.passed.insert(before);
            }
            if self.passed.contains(&self.file) && !self.is_after {
                self.is_after = true;
                let heading = if french { "Tous fichiers lus" } else { "All files read" };
                writeln!(out, "{bold}{heading}{bold:#}")?;
            } else if !self.is_after {
                writeln!(out, "{bold}{}{bold:#}", one_line(&self.file))?;
            }
        }
        let heading = &mut self.next;
        heading.clear();
        match &finding.record {
            Some(record) => {
                let kind = match (self.is_after, french) {
                    (true, true) => "fiche ",
                    (false, true) => "Fiche ",
                    (true, false) => "record ",
                    (false, false) => "Record ",
                };
                if self.is_after {
                    heading.push_str(&self.file);
                    heading.push_str(", ");
                }
                heading.push_str(kind);
                push_number(record.index, heading);
                if let Some(name) = record.name.as_deref().or(record.id.as_deref()) {
                    heading.push_str(" – ");
                    heading.push_str(name);
                }
                if let Some(percent) = record.completeness {
                    heading.push_str(if french { " (complète à " } else { " (" });
                    push_number(percent.into(), heading);
                    heading.push_str(if french { "\u{a0}%)" } else { "% complete)" });
                }
            }
            None => heading.push_str(if french { "Fichier" } else { "File" }),
        }
        if *heading != self.heading {
            writeln!(out, "\n  {bold}{}{bold:#}", one_line(heading))?;
            std::mem::swap(&mut self.heading, heading);
        }
        let place = &mut self.next;
        place.clear();
        finding.location.push_within_file(self.language, place);
        let place = if place.is_empty() { Cow::Borrowed("–") } else { one_line(place) };
        let style = style(finding.level, self.colours);
        let level = level_name(finding.level, self.language);
        write!(out, "    {style}{level}{style:#}")?;
        let lines = ["  ", &*place, "  [", finding.code, "]\n      ", &one_line(&finding.message), "\n"];
        lines.into_iter().for_each(|part| out.push_str(part));
        let details = [
            (if french { "valeur" } else { "value" }, shown_value(finding, self.language)),
            (if french { "attendu" } else { "expected" }, finding.expected.as_deref().map(Cow::Borrowed)),
            (suggestion_name(finding.confidence, french), finding.suggestion.as_deref().map(Cow::Borrowed)),
        ];
        for (name, text) in details {
            if let Some(text) = text {
                let line = ["      ", name, if french { " : " } else { ": " }, &one_line(&text), "\n"];
                line.into_iter().for_each(|part| out.push_str(part));
            }
        }
        Ok(())
    }
}

/// ANSI escape sequences: `{style}` begins what is shown in it, `{style:#}` ends it.
#[derive(Clone, Copy)]
struct Style(&'static str);

const PLAIN: Style = Style("");

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, f.alternate()) {
            ("", _) => Ok(()),
            (sequences, false) => f.write_str(sequences),
            (_, true) => f.write_str("\x1b[0m"),
        }
    }
}

fn style(level: Level, colours: Colours) -> Style {
    match level {
        _ if colours == Colours::Without => PLAIN,
        Level::Error => Style("\x1b[1m\x1b[31m"),
        Level::Warning => Style("\x1b[33m"),
        Level::Info => Style("\x1b[36m"),
    }
}

fn bold(colours: Colours) -> Style {
    match colours {
        Colours::Without => PLAIN,
        Colours::With => Style("\x1b[1m"),
    }
}

pub(super) fn level_name(level: Level, language: Language) -> &'static str {
    match (level, language) {
        (Level::Error, Language::French) => "erreur",
        (Level::Warning, Language::French) => "avertissement",
        (Level::Info, Language::French) => "information",
        (level, Language::English) => level.name(),
    }
}

/// What to call a suggestion of that confidence.
pub(super) fn suggestion_name(confidence: Option<Confidence>, french: bool) -> &'static str {
    match (confidence, french) {
        (Some(Confidence::Medium), true) => "proposition à confirmer",
        (Some(Confidence::Low), true) => "proposition incertaine",
        (_, true) => "proposition",
        (Some(Confidence::Medium), false) => "suggestion, to be confirmed",
        (Some(Confidence::Low), false) => "uncertain suggestion",
        (_, false) => "suggestion",
    }
}

impl Writer for Text {
    fn finding(&mut self, finding: &Finding) -> std::io::Result<()> {
        if self.understood.take(finding) {
            return Ok(());
        }
        self.lines.clear();
        self.compose(finding).map_err(std::io::Error::other)?;
        self.body.0.write_all(self.lines.as_bytes())
    }

    fn write(&mut self, outcome: &Outcome, settings: &Settings, out: &mut dyn Write) -> std::io::Result<()> {
        if std::io::copy(self.body.read()?, out)? > 0 {
            writeln!(out)?;
        }
        if !self.understood.is_empty() {
            let bold = bold(self.colours);
            let heading = match self.language {
                Language::French => "Compris, rien à corriger",
                Language::English => "Understood, nothing to correct",
            };
            writeln!(out, "{bold}{heading}{bold:#}")?;
            self.understood.write(self.language, outcome.sources.len() > 1, out)?;
            writeln!(out)?;
        }
        summary(outcome, settings, self.colours, out)
    }
}

pub(super) fn summary(
    outcome: &Outcome,
    settings: &Settings,
    colours: Colours,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let summary = &outcome.summary;
    let french = settings.language == Language::French;
    let mut codes: Vec<(&str, u64)> = summary.codes.iter().map(|(code, count)| (*code, *count)).collect();
    let level = |code: &str| summary.levels.get(code).copied();
    codes.sort_by_key(|(code, count)| (std::cmp::Reverse(level(code)), std::cmp::Reverse(*count), *code));
    for (code, count) in codes {
        let about = rules::rule(code).map_or("", |rule| rule.summary.in_language(settings.language));
        let style = level(code).map_or(PLAIN, |level| style(level, colours));
        writeln!(out, "  {count:>5}  {style}{code:<30}{style:#}  {about}")?;
    }
    if !summary.codes.is_empty() {
        writeln!(out)?;
    }
    waived(outcome, settings, colours, out)?;
    let (records, publishable) = (summary.records, summary.publishable);
    let bold = bold(colours);
    let (records, levels) = if french {
        (
            format!("{}, dont {publishable} sans erreur", counted(records, "fiche lue", "fiches lues")),
            [
                counted(summary.errors, "erreur", "erreurs"),
                counted(summary.warnings, "avertissement", "avertissements"),
                counted(summary.infos, "information", "informations"),
            ]
            .join(", "),
        )
    } else {
        (
            format!("{} read, {publishable} without error", counted(records, "record", "records")),
            [
                counted(summary.errors, "error", "errors"),
                counted(summary.warnings, "warning", "warnings"),
                counted(summary.infos, "info", "infos"),
            ]
            .join(", "),
        )
    };
    writeln!(out, "{records}{} {levels}.", if french { " ;" } else { ";" })?;
    if summary.records > 0 {
        let percent = summary.completeness;
        match settings.language {
            Language::French => writeln!(out, "Complétude moyenne : {percent} % des champs attendus.")?,
            Language::English => writeln!(out, "Mean completeness: {percent}% of the fields wanted.")?,
        }
    }
    if !outcome.unread.is_empty() {
        let count = outcome.unread.len() as u64;
        let heading = match settings.language {
            Language::French => counted(count, "fichier n’a pas pu être lu :", "fichiers n’ont pas pu être lus :"),
            Language::English => counted(count, "file could not be read:", "files could not be read:"),
        };
        writeln!(out, "{heading}")?;
        for error in &outcome.unread {
            writeln!(out, "  {}", visible(&error.message(settings.language)))?;
        }
    }
    if !outcome.passed_over.is_empty() {
        let count = outcome.passed_over.len() as u64;
        let told = match settings.language {
            Language::French => counted(count, "fichier donné n’est pas lu", "fichiers donnés ne sont pas lus"),
            Language::English => counted(count, "given file is not read", "given files are not read"),
        };
        writeln!(out, "{told}.")?;
    }
    writeln!(out, "{bold}{}{bold:#}", verdict(outcome, settings))
}

/// What waivers of the configuration accept.
fn waived(outcome: &Outcome, settings: &Settings, colours: Colours, out: &mut dyn Write) -> std::io::Result<()> {
    if outcome.waived.is_empty() {
        return Ok(());
    }
    let (bold, language) = (bold(colours), settings.language);
    writeln!(out, "{bold}{} ({}){bold:#}", wording::WAIVED.in_language(language), outcome.waived.len())?;
    for waived in &outcome.waived {
        writeln!(out, "  {}", one_line(&accepted(waived, language)))?;
    }
    writeln!(out)
}

/// A finding that is accepted, on a line.
pub(super) fn accepted(waived: &Waived, language: Language) -> String {
    let Waived { finding, reason, until } = waived;
    let place = finding.location.within_file(language);
    let record = finding.record.as_ref();
    let record = record.map_or(String::new(), |record| {
        record.name.as_ref().or(record.id.as_ref()).cloned().unwrap_or_else(|| record.index.to_string())
    });
    wording::WAIVED_LINE.fill(
        language,
        &[("code", finding.code), ("record", &record), ("place", &place), ("until", until), ("reason", reason)],
    )
}

/// The verdict in one sentence.
pub(super) fn verdict(outcome: &Outcome, settings: &Settings) -> &'static str {
    let (summary, french) = (&outcome.summary, settings.language == Language::French);
    match (summary.errors, summary.warnings, settings.language) {
        _ if !outcome.unread.is_empty() && french => "Verdict : incomplet, tout n’a pas pu être lu.",
        _ if !outcome.unread.is_empty() => "Verdict: incomplete, not everything could be read.",
        (0, 0, Language::French) => "Verdict : conforme, publiable tel quel.",
        (0, _, Language::French) => "Verdict : publiable ; les avertissements restent à corriger ou à confirmer.",
        (_, _, Language::French) => "Verdict : à corriger ; les fiches en erreur ne peuvent pas être publiées.",
        (0, 0, Language::English) => "Verdict: valid, can be published as it is.",
        (0, _, Language::English) => "Verdict: can be published; the warnings remain to be corrected or confirmed.",
        (_, _, Language::English) => "Verdict: to be corrected; the records with errors cannot be published.",
    }
}
