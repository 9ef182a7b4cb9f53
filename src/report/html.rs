//! The report as one page that needs nothing else: it works without script, by keyboard, on paper, on a narrow screen and in the
//! dark. What would make it too long is counted, and stands in the JSON report.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::groups::{Groups, OfRule};
use super::text::{accepted, level_name, suggestion_name, verdict};
use super::{Body, Writer};
use crate::entry::OwnedEntry;
use crate::export::open_data::page::html::{Html, html};
use crate::finding::{Confidence, Finding, Level};
use crate::language::{Language, counted};
use crate::reference::sources::sources;
use crate::rules::rule;
use crate::run::{Assessment, Outcome};
use crate::schema;
use crate::settings::Settings;
use crate::wording;

/// The style of our pages.
pub(crate) const STYLE: &str = include_str!("html/style.css");
/// Records that are shown with their values, and values around a faulty one.
const MAX_RECORDS: u64 = 1_000;
const AROUND: usize = 3;
/// Characters of a value that are shown.
const MAX_VALUE: usize = 200;

/// What is known of a file.
#[derive(Default)]
struct OfFile {
    errors: u64,
    warnings: u64,
    infos: u64,
    /// Records with an error.
    faulty: BTreeSet<u64>,
}

pub(super) struct Page {
    language: Language,
    groups: Groups,
    /// Sections of records, as HTML.
    records: Body,
    shown: u64,
    folded: u64,
    /// Findings about files alone.
    files: BTreeMap<String, OfFile>,
    /// How many records lack a field that the profile wants.
    missing: BTreeMap<&'static str, u64>,
    assessed: u64,
}

impl Page {
    pub fn new(language: Language) -> Page {
        Page {
            language,
            groups: Groups::default(),
            records: Body::new(),
            shown: 0,
            folded: 0,
            files: BTreeMap::new(),
            missing: BTreeMap::new(),
            assessed: 0,
        }
    }

    /// The section of a record: its findings, each with the values around it.
    fn section(&self, entry: &OwnedEntry, findings: &[Finding]) -> Html {
        let language = self.language;
        let mut out = Html::default();
        let Some(first) = findings.iter().max_by_key(|finding| finding.level) else { return out };
        let name = first.record.as_ref().and_then(|record| record.name.as_deref().or(record.id.as_deref()));
        let kind = wording::RECORD.in_language(language);
        let count = found(findings.len() as u64, language);
        html!(out, "<details class=\"record ");
        for level in findings.iter().map(|finding| finding.level).collect::<BTreeSet<Level>>() {
            html!(out, "has-" (level.name()) " ");
        }
        html!(out, "\"><summary><span class=\"badge " (first.level.name()) "\">" (level_name(first.level, language)) "</span> ");
        html!(out, "<b>" (kind) " " (entry.index) "</b> " (name.unwrap_or_default()) " <span class=\"where\">");
        html!(out, (entry.layout().file) " · " (count) "</span></summary><ul>");
        for finding in findings {
            html!(out, "<li class=\"" (finding.level.name()) "\">" [self.said(finding)] [around(entry, finding)] "</li>");
        }
        html!(out, "</ul></details>\n");
        out
    }

    /// A finding by itself.
    fn said(&self, finding: &Finding) -> Html {
        let mut out = Html::default();
        let place = finding.location.within_file(self.language);
        html!(out, "<p>" (finding.message) " <span class=\"where\">" (place) "</span> <code>" (finding.code) "</code></p>");
        let details = details(&finding.expected, &finding.suggestion, finding.confidence, self.language);
        html!(out, [details]);
        out
    }
}

/// What was expected and what is suggested.
fn details(
    expected: &Option<String>,
    suggestion: &Option<String>,
    confidence: Option<Confidence>,
    language: Language,
) -> Html {
    let mut out = Html::default();
    if expected.is_none() && suggestion.is_none() {
        return out;
    }
    html!(out, "<dl>");
    if let Some(text) = expected {
        html!(out, "<dt>" (wording::EXPECTED_HEAD.in_language(language)) "</dt><dd>" (text) "</dd>");
    }
    if let Some(text) = suggestion {
        let name = suggestion_name(confidence, language == Language::French);
        html!(out, "<dt>" (name) "</dt><dd><ins>" (text) "</ins></dd>");
    }
    html!(out, "</dl>");
    out
}

/// The values of the row around the faulty one, with their labels.
fn around(entry: &OwnedEntry, finding: &Finding) -> Html {
    let mut out = Html::default();
    let (row, layout) = (entry.row(), entry.layout());
    let place = &finding.location;
    let line = place.row.or(place.line);
    let mut cells: Vec<_> =
        row.cells().iter().filter(|cell| !layout.format.is_table() || Some(cell.line) == line).collect();
    cells.sort_by_key(|cell| (cell.line, cell.column));
    cells.dedup_by_key(|cell| (cell.line, cell.column));
    if cells.is_empty() {
        return out;
    }
    let at = (line.unwrap_or(0), place.column.unwrap_or(0));
    let middle = cells.partition_point(|cell| (cell.line, cell.column) < at);
    let is_there = |cell: &&crate::row::Cell| (cell.line, cell.column) == at;
    let start = middle.saturating_sub(AROUND);
    let is_given = cells.get(middle).is_some_and(is_there);
    let shown = &cells[start..(middle + AROUND + usize::from(is_given)).min(cells.len())];
    html!(out, "<div class=\"around\" tabindex=\"0\"><table><tr>");
    for cell in shown {
        html!(out, "<th scope=\"col\">" (cut(&layout.labels[cell.label as usize].text)) "</th>");
    }
    html!(out, "</tr><tr>");
    for cell in shown {
        let text = cut(row.text(cell));
        if is_there(cell) {
            html!(out, "<td><mark>" (text) "</mark></td>");
        } else {
            html!(out, "<td>" (text) "</td>");
        }
    }
    html!(out, "</tr></table></div>");
    out
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `3 constats`.
fn found(count: u64, language: Language) -> String {
    match language {
        Language::French => counted(count, "constat", "constats"),
        Language::English => counted(count, "finding", "findings"),
    }
}

impl Writer for Page {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let of_file = self.files.entry(finding.location.file.clone()).or_default();
        match finding.level {
            Level::Error => of_file.errors += 1,
            Level::Warning => of_file.warnings += 1,
            Level::Info => of_file.infos += 1,
        }
        if finding.level == Level::Error
            && let Some(record) = &finding.record
        {
            of_file.faulty.insert(record.index);
        }
        self.groups.add(finding, self.language, false);
        Ok(())
    }

    fn record(&mut self, entry: &OwnedEntry, findings: &[Finding]) -> io::Result<()> {
        findings.iter().try_for_each(|finding| self.finding(finding))?;
        if findings.is_empty() {
            return Ok(());
        }
        if self.shown >= MAX_RECORDS {
            self.folded += 1;
            return Ok(());
        }
        self.shown += 1;
        let section = self.section(entry, findings);
        self.records.0.write_all(section.as_str().as_bytes())
    }

    fn assessment(&mut self, assessment: &Assessment) -> io::Result<()> {
        self.assessed += 1;
        for field in assessment.completeness.missing() {
            *self.missing.entry(field).or_default() += 1;
        }
        Ok(())
    }

    fn write(&mut self, outcome: &Outcome, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
        let language = self.language;
        let french = language == Language::French;
        let say = |phrase: crate::language::Phrase| phrase.in_language(language);
        let summary = &outcome.summary;
        let mut page = Html::default();
        let title = say(wording::REPORT_TITLE);
        html!(page, "<!doctype html>\n<html lang=\"" (if french { "fr" } else { "en" }) "\"><head><meta charset=\"utf-8\">");
        html!(
            page,
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"
        );
        html!(page, "<title>" (title) "</title><style>" [Html::of_file(STYLE)] "</style></head>\n<body><header><h1>" (title) "</h1>");
        let grave = if summary.errors > 0 {
            "error"
        } else if summary.warnings > 0 {
            "warning"
        } else {
            "info"
        };
        html!(page, "<p class=\"verdict " (grave) "\">" (verdict(outcome, settings)) "</p></header>\n<main>");
        html!(page, "<ul class=\"figures\">");
        for (number, name) in [
            (summary.records, say(wording::RECORDS_READ)),
            (summary.publishable, say(wording::WITHOUT_ERROR)),
            (summary.errors, say(wording::ERRORS)),
            (summary.warnings, say(wording::WARNINGS)),
            (summary.infos, say(wording::INFOS)),
        ] {
            html!(page, "<li><b>" (number) "</b> " (name) "</li>");
        }
        html!(page, "</ul>\n<h2>" (say(wording::FILES)) "</h2><div class=\"around\" tabindex=\"0\"><table><tr>");
        for head in [
            wording::FILE,
            wording::RECORDS_READ,
            wording::WITHOUT_ERROR,
            wording::ERRORS,
            wording::WARNINGS,
            wording::INFOS,
            wording::FINGERPRINT,
        ] {
            html!(page, "<th scope=\"col\">" (say(head)) "</th>");
        }
        html!(page, "</tr>");
        let none = OfFile::default();
        for source in &outcome.sources {
            let of_file = self.files.get(&source.file).unwrap_or(&none);
            let clean = source.records.saturating_sub(of_file.faulty.len() as u64);
            html!(page, "<tr><th scope=\"row\">" (source.file) "</th><td>" (source.records) "</td><td>" (clean) "</td><td>");
            html!(page, (of_file.errors) "</td><td>" (of_file.warnings) "</td><td>" (of_file.infos) "</td><td><code>");
            html!(page, (source.sha256.as_deref().unwrap_or_default()) "</code></td></tr>");
        }
        html!(page, "</table></div>\n");
        if !outcome.unread.is_empty() {
            html!(page, "<h2>" (say(wording::UNREAD)) "</h2><ul class=\"unread\">");
            for error in &outcome.unread {
                html!(page, "<li>" (error.message(language)) "</li>");
            }
            html!(page, "</ul>\n");
        }
        if !summary.codes.is_empty() {
            html!(page, "<fieldset class=\"filters\"><legend>" (say(wording::SHOW)) "</legend>");
            for level in [Level::Error, Level::Warning, Level::Info] {
                let name = level.name();
                html!(page, "<label><input type=\"checkbox\" checked id=\"show-" (name) "\"> " (level_name(level, language)) "</label> ");
            }
            html!(page, "</fieldset>\n<h2>" (say(wording::BY_RULE)) "</h2>\n");
            for (code, of_rule) in self.groups.rules() {
                html!(page, [rule_section(code, of_rule, language)]);
            }
            html!(page, "<h2>" (say(wording::BY_RECORD)) "</h2>\n");
        }
        out.write_all(page.as_str().as_bytes())?;
        io::copy(self.records.read()?, out)?;
        page.clear();
        if self.folded > 0 {
            let text = wording::MORE_RECORDS.fill(language, &[("count", &self.folded.to_string())]);
            html!(page, "<p class=\"more\">" (text) "</p>\n");
        }
        if !outcome.waived.is_empty() {
            html!(page, "<h2>" (say(wording::WAIVED)) "</h2><ul class=\"waived\">");
            for waived in &outcome.waived {
                html!(page, "<li>" (accepted(waived, language)) "</li>");
            }
            html!(page, "</ul>\n");
        }
        html!(page, "<h2>" (say(wording::NOT_CHECKED)) "</h2>");
        let not_run = settings.not_run();
        let absent: Vec<&str> = self
            .missing
            .iter()
            .filter(|(_, count)| self.assessed > 0 && **count == self.assessed)
            .map(|(pointer, _)| *pointer)
            .collect();
        if not_run.is_empty() && absent.is_empty() && outcome.unread.is_empty() {
            html!(page, "<p>" (say(wording::ALL_CHECKED)) "</p>");
        }
        html!(page, "<ul>");
        for error in &outcome.unread {
            html!(page, "<li>" (error.message(language)) "</li>");
        }
        for pointer in absent {
            let text = wording::ABSENT_FIELD.fill(language, &[("field", &title_of(pointer, language))]);
            html!(page, "<li>" (text) "</li>");
        }
        for rule_not_run in not_run {
            let about = rule(rule_not_run.code).map_or("", |rule| rule.summary.in_language(language));
            html!(page, "<li><code>" (rule_not_run.code) "</code> " (about) " <span class=\"where\">" (rule_not_run.reason) "</span></li>");
        }
        let date = sources().map(|source| source.date).max().unwrap_or_default();
        let made = wording::MADE_BY.fill(
            language,
            &[("version", env!("CARGO_PKG_VERSION")), ("profile", settings.profile.name()), ("date", date)],
        );
        html!(page, "</ul></main>\n<footer><p>" (made) "</p>");
        if !settings.levels.is_empty() {
            let levels: Vec<String> =
                settings.levels.iter().map(|(code, level)| format!("{code} = {}", level.name())).collect();
            let text = wording::LEVELS_CHANGED.fill(language, &[("levels", &levels.join(", "))]);
            html!(page, "<p>" (text) "</p>");
        }
        html!(page, "</footer></body></html>\n");
        out.write_all(page.as_str().as_bytes())
    }
}

/// The title of the field at a JSON Pointer.
fn title_of(pointer: &str, language: Language) -> String {
    let node = schema::root().at(&pointer.replace("/0", "/*"));
    match node {
        Some(node) if language == Language::French => node.text("title").to_owned(),
        _ => pointer.trim_start_matches('/').replace('/', " "),
    }
}

/// The section of a rule: what it asks, folded, then its findings, equal ones together.
fn rule_section(code: &str, of_rule: &OfRule, language: Language) -> Html {
    let mut out = Html::default();
    let about = rule(code);
    let summary = about.map_or(code, |rule| rule.summary.in_language(language));
    let level = of_rule.level;
    html!(out, "<details class=\"rule ");
    for level in of_rule.groups.keys().map(|what| what.level.0).collect::<BTreeSet<Level>>() {
        html!(out, "has-" (level.name()) " ");
    }
    html!(out, "\"><summary><span class=\"badge " (level.name()) "\">" (level_name(level, language)) "</span> <b>" (summary) "</b> ");
    html!(out, "<span class=\"where\">" (found(of_rule.count, language)) " · <code>" (code) "</code></span></summary>");
    if let Some(rule) = about {
        html!(out, "<details class=\"why\"><summary>" (wording::WHY.in_language(language)) "</summary><p>");
        html!(out, (rule.explanation.in_language(language)) "</p></details>");
    }
    html!(out, "<ul>");
    for (what, places) in &of_rule.groups {
        html!(out, "<li class=\"" (what.level.0.name()) "\"><p>" (what.message) "</p>");
        html!(out, [details(&what.expected, &what.suggestion, what.confidence, language)]);
        html!(out, "<p class=\"where\">"(places.places.join(", ")));
        let rest = places.count - places.places.len() as u64;
        if rest > 0 {
            html!(out, " "(wording::MORE_PLACES.fill(language, &[("count", &rest.to_string())])));
        }
        html!(out, "</p></li>");
    }
    html!(out, "</ul>");
    if of_rule.beyond > 0 {
        let text = wording::MORE_FINDINGS.fill(language, &[("count", &of_rule.beyond.to_string())]);
        html!(out, "<p class=\"more\">" (text) "</p>");
    }
    html!(out, "</details>\n");
    out
}
