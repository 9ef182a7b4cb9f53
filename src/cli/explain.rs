//! `ptce explain` and `ptce rules`: what the rules say.

use std::io::Write;

use super::{Verdict, written};
use crate::error::{self, ERRORS, Error, ErrorKind, ErrorText, Result};
use crate::language::Language;
use crate::rules::{self, RULES, Rule};

/// The arguments of `ptce explain`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Code d’un constat, tel que missing-coordinator / code of a finding, such as missing-coordinator
    #[arg(required = true, value_name = "CODE")]
    codes: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, language: Language) -> Result<Verdict> {
    let mut text = String::new();
    for code in &arguments.codes {
        let explained = match rules::rule(code) {
            Some(rule) => explanation(rule, language),
            None => error_text(error::error(code).ok_or_else(|| unknown(code))?, language),
        };
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&explained);
    }
    written(std::io::stdout().write_all(text.as_bytes())).map(|()| Verdict::Clean)
}

fn unknown(code: &str) -> Error {
    let likeness = |rule: &&&Rule| strsim::jaro_winkler(rule.code, code);
    let nearest = RULES.iter().filter(|rule| likeness(rule) > 0.8).max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let (fr, en) = match nearest {
        Some(rule) => (format!("vouliez-vous dire « {} » ? ", rule.code), format!("did you mean “{}”? ", rule.code)),
        None => (String::new(), String::new()),
    };
    Error::new(
        ErrorKind::Usage,
        format!("le code « {code} » n’existe pas ; {fr}« ptce rules » donne la liste"),
        format!("there is no code “{code}”; {en}“ptce rules” lists them"),
    )
}

fn explanation(rule: &Rule, language: Language) -> String {
    let (level, basis, wrong, right) = match language {
        Language::French => ("Niveau :", "Fondement :", "Avant :", "Après :"),
        Language::English => ("Level:", "Basis:", "Wrong:", "Right:"),
    };
    let mut text = format!(
        "{}\n\n{}\n\n{}\n\n{level} {}\n",
        rule.code,
        rule.summary.in_language(language),
        rule.explanation.in_language(language),
        rule.level.described(language),
    );
    if !rule.basis.is_empty() {
        text.push_str(&format!("{basis} {}\n", rule.basis));
    }
    let examples = [(wrong, rule.wrong), (right, rule.right)];
    for (title, example) in examples.into_iter().filter(|(_, example)| !example.is_empty()) {
        text.push_str(&format!("\n{title}\n"));
        for line in example.lines() {
            text.push_str(&format!("    {line}\n"));
        }
    }
    text
}

fn error_text(error: &ErrorText, language: Language) -> String {
    let (summary, explanation) = (error.summary.in_language(language), error.explanation.in_language(language));
    format!("{}\n\n{summary}\n\n{explanation}\n", error.code)
}

pub(super) fn list(language: Language) -> Result<Verdict> {
    let mut rules: Vec<&Rule> = RULES.to_vec();
    rules.sort_by_key(|rule| (rule.topic, std::cmp::Reverse(rule.level), rule.code));
    let mut text = String::new();
    for topic in rules.chunk_by(|a, b| a.topic == b.topic) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("{}\n", topic[0].topic.title().in_language(language)));
        for rule in topic {
            let summary = rule.summary.in_language(language);
            text.push_str(&format!("  {:<8} {:<30} {summary}\n", rule.level.name(), rule.code));
        }
    }
    text.push_str(match language {
        Language::French => "\nTravail qui n’a pas pu être fait, code de sortie 2\n",
        Language::English => "\nWork that could not be done, exit code 2\n",
    });
    for error in &ERRORS {
        text.push_str(&format!("  {:<8} {:<30} {}\n", "", error.code, error.summary.in_language(language)));
    }
    written(std::io::stdout().write_all(text.as_bytes())).map(|()| Verdict::Clean)
}
