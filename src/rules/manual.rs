//! The rules as a document to read: `docs/rules.md` and `docs/regles.md`, from the texts of the rules themselves.

use std::fmt::Write as _;

use crate::language::Language;
use crate::rules::{RULES, Rule};

/// The rules under their headings, as Markdown.
pub fn markdown(language: Language) -> String {
    let (title, introduction, level, basis, wrong, right) = match language {
        Language::French => (
            "Les règles",
            "Ce que `ptce validate` cherche, et que `ptce explain CODE` explique de même. Ce que chaque règle vaut est \
             mesuré dans [rule-quality.md](rule-quality.md).",
            "Niveau\u{a0}:",
            "Fondement\u{a0}:",
            "Avant\u{a0}:",
            "Après\u{a0}:",
        ),
        Language::English => (
            "The rules",
            "What `ptce validate` looks for, as `ptce explain CODE` tells it. What each rule is worth is measured in \
             [rule-quality.md](rule-quality.md).",
            "Level:",
            "Basis:",
            "Wrong:",
            "Right:",
        ),
    };
    let mut rules: Vec<&Rule> = RULES.to_vec();
    rules.sort_by_key(|rule| (rule.topic, rule.code));
    let mut text = format!("# {title}\n\n{introduction}\n");
    for topic in rules.chunk_by(|a, b| a.topic == b.topic) {
        // Writing to a text does not fail.
        let _ = write!(text, "\n## {}\n", topic[0].topic.title().in_language(language));
        for rule in topic {
            let (summary, explanation) = (rule.summary.in_language(language), rule.explanation.in_language(language));
            let _ = write!(
                text,
                "\n### {}\n\n{summary} {level} {}.\n\n{explanation}\n",
                rule.code,
                rule.level.described(language)
            );
            if !rule.basis.is_empty() {
                let _ = write!(text, "\n{basis} {}.\n", rule.basis);
            }
            for (title, example) in [(wrong, rule.wrong), (right, rule.right)] {
                if !example.is_empty() {
                    let _ = write!(text, "\n{title}\n\n```\n{}\n```\n", example.trim_end());
                }
            }
        }
    }
    text
}
