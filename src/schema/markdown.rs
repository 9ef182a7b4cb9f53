//! The field reference: one table a group, as Markdown.

use std::fmt::Write;

use serde_json::Value;

use super::Node;
use crate::language::{Language, Phrase};
use crate::record::singular;

const HEADER: Phrase = Phrase {
    fr: "| Clé | Colonne CSV | Intitulé | Type | Description | Exemple |",
    en: "| Key | CSV column | Title | Type | Description | Example |",
};
const REQUIRED: Phrase = Phrase { fr: "**Obligatoire.**", en: "**Required.**" };
const ONE_OF: Phrase = Phrase { fr: "Valeurs : {values}.", en: "Values: {values}." };
const PATTERN: Phrase = Phrase { fr: "Forme : {pattern}.", en: "Form: {pattern}." };
const AT_LEAST: Phrase = Phrase { fr: "Au moins {limit}.", en: "At least {limit}." };
const DISTINCT: Phrase = Phrase { fr: "Sans doublon.", en: "No repeats." };
const LIST_OF_GROUPS: Phrase = Phrase {
    fr: "Liste ; en CSV, les colonnes de chaque élément portent son rang.",
    en: "A list; in CSV, the columns of each element bear its rank.",
};
const NOTICE: Phrase = Phrase {
    fr: "Version {version} du schéma. Cette page en est déduite : ne la modifiez pas à la main.",
    en: "Version {version} of the schema. This page is derived from it: do not edit it by hand.",
};

/// The field reference in `language`.
pub fn markdown(language: Language) -> String {
    let root = super::root();
    let mut text = format!("# {}\n\n{}\n\n", title(root, language), description(root, language));
    text.push_str(&NOTICE.fill(language, &[("version", root.text("version"))]));
    text.push('\n');
    group(&mut text, root, "", "", language);
    text
}

/// The table of the values of a group, then the groups below it.
fn group(text: &mut String, node: Node, path: &str, column: &str, language: Language) {
    let is_group = |node: Node| node.items().unwrap_or(node).properties().next().is_some();
    let required: Vec<&str> = node.texts("required").collect();
    if node.properties().any(|(_, child)| !is_group(child)) {
        let _ = write!(text, "\n{}\n|---|---|---|---|---|---|\n", HEADER.in_language(language));
    }
    for (key, child) in node.properties().filter(|(_, child)| !is_group(*child)) {
        let row = [
            format!("`{key}`"),
            format!("`{column}{key}`"),
            title(child, language).to_owned(),
            kind(child, language).to_owned(),
            details(child, required.contains(&key), language),
            example(child),
        ];
        let row = row.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    for (key, child) in node.properties().filter(|(_, child)| is_group(*child)) {
        let path = format!("{path}{key}");
        let hashes = "#".repeat(2 + path.matches('.').count());
        let colon = Phrase { fr: " :", en: ":" }.in_language(language);
        let _ = write!(text, "\n{hashes} `{path}`{colon} {}\n\n", title(child, language));
        text.push_str(description(child, language));
        if required.contains(&key) {
            let _ = write!(text, " {}", REQUIRED.in_language(language));
        }
        text.push('\n');
        match child.items() {
            Some(items) => {
                let _ = write!(text, "\n{}\n", LIST_OF_GROUPS.in_language(language));
                group(text, items, &format!("{path}[]."), &format!("{column}{}_1_", singular(key)), language);
            }
            None => group(text, child, &format!("{path}."), &format!("{column}{key}_"), language),
        }
    }
}

fn title(node: Node, language: Language) -> &'static str {
    match language {
        Language::French => node.text("title"),
        Language::English => node.english("title"),
    }
}

fn description(node: Node, language: Language) -> &'static str {
    match language {
        Language::French => node.text("description"),
        Language::English => node.english("description"),
    }
}

fn kind(node: Node, language: Language) -> &'static str {
    let phrase = match (node.items().is_some(), node.text("type"), node.text("format")) {
        (true, ..) => Phrase { fr: "liste de textes", en: "list of texts" },
        (_, "integer", _) => Phrase { fr: "nombre entier", en: "whole number" },
        (_, "number", _) => Phrase { fr: "nombre", en: "number" },
        (_, _, "date") => Phrase { fr: "date (AAAA-MM-JJ)", en: "date (YYYY-MM-DD)" },
        (_, _, "uri") => Phrase { fr: "adresse web", en: "web address" },
        (_, _, "idn-email" | "email") => Phrase { fr: "adresse électronique", en: "e-mail address" },
        _ => Phrase { fr: "texte", en: "text" },
    };
    phrase.in_language(language)
}

fn details(node: Node, is_required: bool, language: Language) -> String {
    let value = node.items().unwrap_or(node);
    let mut sentences = vec![description(node, language).to_owned()];
    let known: Vec<String> = value.texts("enum").map(|known| format!("`{known}`")).collect();
    if !known.is_empty() {
        sentences.push(ONE_OF.fill(language, &[("values", &known.join(", "))]));
    }
    let pattern = value.text("pattern");
    if !pattern.is_empty() {
        let visible = pattern.replace('\u{a0}', "\\u00a0").replace('\u{202f}', "\\u202f");
        sentences.push(PATTERN.fill(language, &[("pattern", &format!("`{visible}`"))]));
    }
    if let Some(limit) = value.keyword("minimum") {
        sentences.push(AT_LEAST.fill(language, &[("limit", &limit.to_string())]));
    }
    if node.keyword("uniqueItems") == Some(&Value::Bool(true)) {
        sentences.push(DISTINCT.in_language(language).to_owned());
    }
    if is_required {
        sentences.push(REQUIRED.in_language(language).to_owned());
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences.join(" ")
}

fn example(node: Node) -> String {
    let value = node.items().unwrap_or(node);
    let example = value.keyword("examples").and_then(Value::as_array).and_then(|examples| examples.first());
    match example {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_six_cells_a_row() {
        for language in [Language::French, Language::English] {
            let text = markdown(language);
            for row in text.lines().filter(|line| line.starts_with('|')) {
                assert_eq!(row.replace("\\|", "").matches('|').count(), 7, "{row}");
            }
            assert!(text.contains("`contact_1_courriel`"));
            assert!(text.contains("`territoire_departement_1_code`"));
        }
        assert!(markdown(Language::French).contains("\n## `adresse` : Adresse\n"));
        assert!(markdown(Language::English).contains("\n## `adresse`: Address\n"));
    }
}
