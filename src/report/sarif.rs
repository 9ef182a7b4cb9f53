//! SARIF 2.1.0, which platforms of code read: results with their rules, places, hashes of the sources.

use std::io::{self, Read, Write};

use serde_json::{Value, json};

use super::{Body, Writer};
use crate::finding::{Confidence, Finding, Level, Waived};
use crate::language::Language;
use crate::rules::RULES;
use crate::run::Outcome;
use crate::settings::Settings;

pub(super) struct Sarif {
    language: Language,
    results: Body,
}

impl Sarif {
    pub fn new(language: Language) -> Sarif {
        Sarif { language, results: Body::new() }
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

/// A path as a reference of an URI.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'~' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

impl Sarif {
    /// A result, as SARIF has it.
    fn result(&self, finding: &Finding) -> io::Result<Value> {
        let place = &finding.location;
        let mut physical = json!({ "artifactLocation": { "uri": uri(&place.file) } });
        if let Some(line) = place.line {
            let mut region = json!({ "startLine": line });
            if let Some(column) = place.column.filter(|column| *column > 0) {
                region["startColumn"] = column.into();
            }
            physical["region"] = region;
        }
        let mut location = json!({ "physicalLocation": physical });
        let within = place.within_file(self.language);
        if !within.is_empty() {
            location["logicalLocations"] = json!([{ "fullyQualifiedName": within }]);
        }
        let mut properties = serde_json::Map::new();
        let texts = [("value", &finding.value), ("expected", &finding.expected), ("suggestion", &finding.suggestion)];
        for (name, text) in texts {
            if let Some(text) = text {
                properties.insert(name.to_owned(), text.as_str().into());
            }
        }
        if let Some(confidence) = finding.confidence.map(Confidence::name) {
            properties.insert("confidence".to_owned(), confidence.into());
        }
        if let Some(record) = &finding.record {
            properties.insert("record".to_owned(), serde_json::to_value(record)?);
        }
        let mut result = json!({
            "ruleId": finding.code,
            "level": level(finding.level),
            "message": { "text": finding.message },
            "locations": [location],
        });
        if let Some(rank) = RULES.iter().position(|rule| rule.code == finding.code) {
            result["ruleIndex"] = rank.into();
        }
        if !properties.is_empty() {
            result["properties"] = Value::Object(properties);
        }
        Ok(result)
    }
}

impl Writer for Sarif {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let result = self.result(finding)?;
        write!(self.results.0, ",\n        {result}")
    }

    fn write(&mut self, outcome: &Outcome, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
        let language = settings.language;
        for Waived { finding, reason, until } in &outcome.waived {
            let mut result = self.result(finding)?;
            let justification = format!("{until} : {reason}");
            result["suppressions"] =
                json!([{ "kind": "external", "status": "accepted", "justification": justification }]);
            write!(self.results.0, ",\n        {result}")?;
        }
        let rules: Vec<Value> = RULES
            .iter()
            .map(|rule| {
                let configuration = match settings.level(rule) {
                    Some(of_rule) => json!({ "level": level(of_rule) }),
                    None => json!({ "enabled": false }),
                };
                json!({
                    "id": rule.code,
                    "shortDescription": { "text": rule.summary.in_language(language) },
                    "fullDescription": { "text": rule.explanation.in_language(language) },
                    "defaultConfiguration": configuration,
                })
            })
            .collect();
        let driver = json!({
            "name": "ptce",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        });
        let artifacts: Vec<Value> = outcome
            .sources
            .iter()
            .map(|source| {
                let mut artifact = json!({ "location": { "uri": uri(&source.file) }, "length": source.bytes });
                if let Some(sha256) = &source.sha256 {
                    artifact["hashes"] = json!({ "sha-256": sha256 });
                }
                artifact
            })
            .collect();
        let unread: Vec<Value> = outcome
            .unread
            .iter()
            .map(|error| json!({ "level": "error", "message": { "text": error.message(language) } }))
            .collect();
        let invocation = json!({
            "executionSuccessful": outcome.unread.is_empty(),
            "toolExecutionNotifications": unread,
            "properties": { "profile": settings.profile.name(), "summary": outcome.summary, "notRun": settings.not_run() },
        });
        write!(
            out,
            "{{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \"version\": \"2.1.0\","
        )?;
        write!(out, "\n  \"runs\": [\n    {{\n      \"tool\": {},", json!({ "driver": driver }))?;
        write!(out, "\n      \"language\": \"{}\",", if language == Language::French { "fr" } else { "en" })?;
        write!(out, "\n      \"columnKind\": \"unicodeCodePoints\",")?;
        write!(out, "\n      \"artifacts\": {},", Value::Array(artifacts))?;
        write!(out, "\n      \"invocations\": {},", json!([invocation]))?;
        write!(out, "\n      \"results\": [")?;
        let results = self.results.read()?;
        let mut comma = [0];
        if results.read(&mut comma)? > 0 {
            io::copy(results, out)?;
            write!(out, "\n      ")?;
        }
        writeln!(out, "]\n    }}\n  ]\n}}")
    }
}
