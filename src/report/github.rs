//! Annotations of a job on GitHub: `::error file=…,line=…,title=…::message`, a workflow command a line.

use std::io::{self, Write};

use super::{Body, Writer};
use crate::finding::{Finding, Level};
use crate::language::Language;
use crate::run::Outcome;
use crate::settings::Settings;

pub(super) struct Github {
    language: Language,
    body: Body,
}

impl Github {
    pub fn new(language: Language) -> Github {
        Github { language, body: Body::new() }
    }
}

/// A message, which ends with its line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property, which ends at a comma; colons end the properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

impl Writer for Github {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "notice",
        };
        let place = &finding.location;
        let mut properties = vec![format!("file={}", property(&place.file))];
        properties.extend(place.line.map(|line| format!("line={line}")));
        properties.extend(place.line.and(place.column).map(|column| format!("col={column}")));
        properties.push(format!("title={}", property(finding.code)));
        let mut message = finding.message.clone();
        // A workbook has no lines: the cell is named.
        if place.line.is_none() {
            let within = place.within_file(self.language);
            if !within.is_empty() {
                message = format!("{within} – {message}");
            }
        }
        if let Some(suggestion) = &finding.suggestion {
            message.push_str(&format!(" → {suggestion}"));
        }
        writeln!(self.body.0, "::{command} {}::{}", properties.join(","), data(&message))
    }

    fn write(&mut self, outcome: &Outcome, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
        io::copy(self.body.read()?, out)?;
        for error in &outcome.unread {
            let file = property(error.file().unwrap_or_default());
            writeln!(out, "::error file={file},title={}::{}", error.code(), data(&error.message(settings.language)))?;
        }
        Ok(())
    }
}
