//! The letter to the sender: whether the submission is accepted, what blocks it, what is to be confirmed, what we understood
//! ourselves, where, and how to send it again. An office may have a template of its own.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Writer;
use super::groups::{Groups, OfRule};
use crate::finding::{Confidence, Finding, Level};
use crate::language::{Language, Phrase};
use crate::run::Outcome;
use crate::settings::{Profile, Settings};
use crate::wording;

/// How a letter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum LetterForm {
    /// Plain text, for a mail.
    #[default]
    Text,
    /// Markdown.
    Markdown,
    /// A page of HTML.
    Html,
}

/// Different remarks that a section of the letter has; the others are counted.
const MAX_REMARKS: usize = 60;

/// Places that a remark names; the others are counted.
const MAX_PLACES: usize = 12;

/// The code of what was understood and told.
const UNDERSTOOD: &str = "value-understood";

pub(super) struct Letter {
    language: Language,
    form: LetterForm,
    template: Option<String>,
    groups: Groups,
    /// The records that have an error, and whether it is that something is missing.
    faulty: BTreeMap<(String, u64), bool>,
}

/// A part of the letter.
enum Block {
    Subject(String),
    Text(String),
    Heading(String),
    List(Vec<String>),
}

impl Letter {
    pub fn new(language: Language, form: LetterForm, template: Option<String>) -> Letter {
        Letter { language, form, template, groups: Groups::default(), faulty: BTreeMap::new() }
    }

    fn say(&self, phrase: Phrase, arguments: &[(&str, &str)]) -> String {
        phrase.fill(self.language, arguments)
    }

    /// The remarks of a section.
    fn remarks(&self, is_of: impl Fn(&str, Level) -> bool) -> Vec<String> {
        let mut remarks = Vec::new();
        let mut beyond = 0;
        for (code, OfRule { groups, beyond: not_kept, level, .. }) in self.groups.rules() {
            if is_of(code, *level) {
                beyond += not_kept;
            }
            for (what, places) in groups.iter().filter(|(what, _)| is_of(code, what.level.0)) {
                if remarks.len() >= MAX_REMARKS {
                    beyond += places.count;
                    continue;
                }
                let shown: Vec<&str> = places
                    .places
                    .iter()
                    .take(MAX_PLACES)
                    .map(String::as_str)
                    .filter(|place| !place.is_empty())
                    .collect();
                let mut text = what.message.trim_end_matches('.').to_owned();
                if !shown.is_empty() {
                    let rest = places.count - shown.len() as u64;
                    let more = match rest {
                        0 => String::new(),
                        rest => format!(" {}", self.say(wording::MORE_PLACES, &[("count", &rest.to_string())])),
                    };
                    text.push_str(&format!(" ({}{more})", shown.join(", ")));
                }
                text.push('.');
                let suggested = match what.confidence {
                    Some(Confidence::High) | None => wording::SUGGESTED,
                    Some(_) => wording::TO_CONFIRM,
                };
                // What is suggested says what is expected.
                let detail = match (&what.suggestion, &what.expected) {
                    (Some(suggestion), _) => Some(self.say(suggested, &[("text", suggestion)])),
                    (None, Some(expected)) => Some(self.say(wording::EXPECTED, &[("text", expected)])),
                    (None, None) => None,
                };
                if let Some(detail) = detail {
                    let end = if detail.ends_with('.') { "" } else { "." };
                    text.push_str(&format!(" {detail}{end}"));
                }
                remarks.push(text);
            }
        }
        if beyond > 0 {
            remarks.push(self.say(wording::MORE_REMARKS, &[("count", &beyond.to_string())]));
        }
        remarks
    }

    /// The verdict, as the sender is told.
    fn verdict(&self, outcome: &Outcome, settings: &Settings) -> String {
        let records = outcome.summary.records;
        let (faulty, clean) = (records - outcome.summary.publishable, outcome.summary.publishable);
        let incomplete = self.faulty.values().filter(|is_incomplete| **is_incomplete).count() as u64;
        let number = |number: u64| number.to_string();
        let (records_text, clean_text) = (number(records), number(clean));
        let dossiers = match self.language {
            Language::French if clean < 2 => "dossier recevable",
            Language::French => "dossiers recevables",
            Language::English if records < 2 => "submission admissible",
            Language::English => "submissions admissible",
        };
        let arguments = [
            ("records", records_text.as_str()),
            ("clean", clean_text.as_str()),
            ("incomplete", &number(incomplete)),
            ("other", &number(faulty.saturating_sub(incomplete))),
            ("dossiers", dossiers),
        ];
        let phrase = match (settings.profile, faulty) {
            _ if records == 0 => wording::LETTER_NOTHING,
            (Profile::Submission, 0) => wording::LETTER_ALL_ADMISSIBLE,
            (Profile::Submission, _) => wording::LETTER_ADMISSIBLE,
            (Profile::Laureate, 0) if records == 1 => wording::LETTER_ONLY_PUBLISHABLE,
            (Profile::Laureate, 0) => wording::LETTER_ALL_PUBLISHABLE,
            (Profile::Laureate, _) if records == 1 => wording::LETTER_ONLY_UNPUBLISHABLE,
            (Profile::Laureate, _) if clean == 0 => wording::LETTER_NONE_PUBLISHABLE,
            (Profile::Laureate, _) if clean == 1 => wording::LETTER_ONE_PUBLISHABLE,
            (Profile::Laureate, _) => wording::LETTER_PUBLISHABLE,
        };
        self.say(phrase, &arguments)
    }

    fn blocks(&self, outcome: &Outcome, settings: &Settings) -> BTreeMap<&'static str, Vec<Block>> {
        let file = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let files: Vec<String> = outcome.sources.iter().map(|source| file(&source.file)).collect();
        let names = match self.language {
            Language::French => files.iter().map(|name| format!("«\u{a0}{name}\u{a0}»")).collect::<Vec<_>>(),
            Language::English => files.iter().map(|name| format!("“{name}”")).collect(),
        }
        .join(", ");
        let section = |heading: Phrase, remarks: Vec<String>| match remarks.is_empty() {
            true => Vec::new(),
            false => vec![Block::Heading(self.say(heading, &[])), Block::List(remarks)],
        };
        let blocking = self.remarks(|_, level| level == Level::Error);
        let to_confirm = self.remarks(|_, level| level == Level::Warning);
        let understood = self.remarks(|code, level| code == UNDERSTOOD && level == Level::Info);
        let unread: Vec<String> = outcome.unread.iter().map(|error| error.message(self.language)).collect();
        let is_fine = blocking.is_empty() && to_confirm.is_empty() && unread.is_empty();
        let how = match is_fine {
            true => wording::LETTER_NOTHING_TO_DO,
            false => wording::LETTER_HOW,
        };
        BTreeMap::from([
            ("subject", vec![Block::Subject(self.say(wording::LETTER_SUBJECT, &[("files", &names)]))]),
            ("greeting", vec![Block::Text(self.say(wording::LETTER_GREETING, &[]))]),
            ("thanks", vec![Block::Text(self.say(wording::LETTER_THANKS, &[("files", &names)]))]),
            ("verdict", vec![Block::Text(self.verdict(outcome, settings))]),
            ("unread", section(wording::LETTER_UNREAD, unread)),
            ("blocking", section(wording::LETTER_BLOCKING, blocking)),
            ("to_confirm", section(wording::LETTER_TO_CONFIRM, to_confirm)),
            ("understood", section(wording::LETTER_UNDERSTOOD, understood)),
            ("how", vec![Block::Text(self.say(how, &[]))]),
            ("close", vec![Block::Text(self.say(wording::LETTER_CLOSE, &[]))]),
        ])
    }

    fn written(&self, blocks: &[Block]) -> String {
        let mut out = String::new();
        for block in blocks {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&match (self.form, block) {
                (LetterForm::Html, Block::Subject(text)) => format!("<p><b>{}</b></p>\n", escape(text)),
                (LetterForm::Html, Block::Text(text)) => format!("<p>{}</p>\n", escape(text)),
                (LetterForm::Html, Block::Heading(text)) => format!("<h2>{}</h2>\n", escape(text)),
                (LetterForm::Html, Block::List(lines)) => {
                    let lines: String = lines.iter().map(|line| format!("<li>{}</li>\n", escape(line))).collect();
                    format!("<ul>\n{lines}</ul>\n")
                }
                (LetterForm::Markdown, Block::Subject(text)) => format!("**{}**\n", markdown(text)),
                (LetterForm::Markdown, Block::Text(text)) => format!("{}\n", markdown(text)),
                (LetterForm::Markdown, Block::Heading(text)) => format!("## {}\n", markdown(text)),
                (LetterForm::Markdown, Block::List(lines)) => {
                    lines.iter().map(|line| format!("* {}\n", markdown(line))).collect()
                }
                (LetterForm::Text, Block::Subject(text) | Block::Text(text)) => format!("{text}\n"),
                (LetterForm::Text, Block::Heading(text)) => format!("{}\n", text.to_uppercase()),
                (LetterForm::Text, Block::List(lines)) => lines.iter().map(|line| format!("- {line}\n")).collect(),
            });
        }
        out
    }
}

const ORDER: [&str; 10] =
    ["subject", "greeting", "thanks", "verdict", "unread", "blocking", "to_confirm", "understood", "how", "close"];

/// The names that a template may hold between double braces.
pub const LETTER_PARTS: [&str; 10] = ORDER;

fn escape(text: &str) -> String {
    let mut html = crate::export::open_data::page::html::Html::default();
    html.text(&text.replace('\n', " "));
    html.as_str().to_owned()
}

/// A text in Markdown, in which nothing of the data is markup.
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

impl Writer for Letter {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if let Some(record) = finding.record.as_ref().filter(|_| finding.level == Level::Error) {
            let key = (finding.location.file.clone(), record.index);
            let is_missing = finding.code == "incomplete-dossier" || finding.code.starts_with("missing-");
            *self.faulty.entry(key).or_default() |= is_missing;
        }
        self.groups.add(finding, self.language, false);
        Ok(())
    }

    fn write(&mut self, outcome: &Outcome, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
        let mut blocks = self.blocks(outcome, settings);
        if let Some(template) = &self.template {
            // Once through the template, so that what a value says between braces stays what it says.
            let mut rest = template.as_str();
            while let Some((before, after)) = rest.split_once("{{") {
                out.write_all(before.as_bytes())?;
                // Of three braces, the first is no mark.
                let braces = after.len() - after.trim_start_matches('{').len();
                out.write_all(&after.as_bytes()[..braces])?;
                let after = &after[braces..];
                rest = after;
                if let Some((name, behind)) = after.split_once("}}")
                    && let Some(part) = blocks.get(name.trim())
                {
                    out.write_all(self.written(part).trim_end().as_bytes())?;
                    rest = behind;
                } else {
                    out.write_all(b"{{")?;
                }
            }
            return out.write_all(rest.as_bytes());
        }
        let all: Vec<Block> = ORDER.into_iter().flat_map(|name| blocks.remove(name).unwrap_or_default()).collect();
        let text = self.written(&all);
        if self.form != LetterForm::Html {
            return out.write_all(text.as_bytes());
        }
        let (language, title) = match self.language {
            Language::French => ("fr", "Lettre"),
            Language::English => ("en", "Letter"),
        };
        write!(
            out,
            "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>body{{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 serif}}h2{{font-size:1.1rem}}</style></head><body>\n{text}</body></html>\n"
        )
    }
}
