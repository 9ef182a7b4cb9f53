//! The rules, the schema and the vocabulary agree, and each rule does what it says through the whole pipeline.

use std::collections::BTreeSet;

use ptce::field::fields;
use ptce::row::Target;
use ptce::rules::{RULES, Topic, rule};
use ptce::schema::{self, Node};
use ptce::settings::{Profile, Settings};
use ptce::vocabulary::{meaning, meaning_of_path};
use ptce::{Language, record::singular};

use crate::support::{assert_current, read_with};

fn findings(source: &str, topic: Topic) -> Vec<(&'static str, String)> {
    let name = if source.starts_with('{') { "fiche.json" } else { "fiches.csv" };
    let profile = if topic == Topic::Eligibility { Profile::Submission } else { Profile::Laureate };
    let settings = Settings { profile, language: Language::French, ..Settings::default() };
    let read = read_with(name, source.as_bytes(), &settings).unwrap_or_else(|error| panic!("{error}: {source}"));
    read.findings.into_iter().map(|finding| (finding.code, finding.message)).collect()
}

/// The rules whose examples are texts; `unread-sheet`, `unmatched-rows`, `hidden-rows`, `hidden-column` and
/// `hidden-sheet` need a workbook, and have their tests in `streams` and `layouts`; `changed-source` needs a mapping, see `mappings`; `expired-waiver` a
/// configuration, see `waivers`; `missing-metadata` is
/// about publications, in `converters`.
fn with_examples() -> impl Iterator<Item = &'static ptce::rules::Rule> {
    RULES.iter().copied().filter(|rule| !rule.wrong.is_empty())
}

/// One SIRET makes no duplicate; with the name it does, wherever the hub is said to be and however the number is written.
#[test]
fn a_siret_finds_a_hub_in_another_place() {
    let csv = "nom,coordinateur_nom,coordinateur_siret,adresse_commune\n\
               Fabriques du Quercy,Roue libre,73282932000074,Figeac\n\
               Ateliers du Lot,Roue libre,73282932000074,Cahors\n\
               FABRIQUES DU QUERCY,Roue libre,732 829 320 00074,Cahors\n";
    let found = read_with("envoi.csv", csv.as_bytes(), &Settings::default()).unwrap().findings;
    let twins: Vec<_> = found.iter().filter(|finding| finding.code == "probable-duplicate").collect();
    assert_eq!(twins.len(), 1);
    assert_eq!(twins[0].record.as_ref().unwrap().index, 3);
    let message = &twins[0].message;
    assert!(message.contains("in line 2") && message.contains("same name, same SIRET (80%)"), "{message}");
}

#[test]
fn the_manual_is_up_to_date() {
    use ptce::rules::manual::markdown;
    assert_current("docs/rules.md", markdown(Language::English).as_bytes());
    assert_current("docs/regles.md", markdown(Language::French).as_bytes());
}

#[test]
fn every_rule_but_twelve_has_examples() {
    assert_eq!(with_examples().count(), RULES.len() - 12);
}

#[test]
fn the_wrong_example_raises_its_rule_and_the_right_one_does_not() {
    for rule in with_examples() {
        let wrong = findings(rule.wrong, rule.topic);
        assert!(wrong.iter().any(|(code, _)| *code == rule.code), "{}: {wrong:#?}", rule.code);
        let right = findings(rule.right, rule.topic);
        assert!(right.iter().all(|(code, _)| *code != rule.code), "{}: {right:#?}", rule.code);
    }
}

/// Every argument of a message is filled in.
#[test]
fn no_message_shows_a_placeholder() {
    for rule in with_examples() {
        for (code, message) in findings(rule.wrong, rule.topic) {
            assert!(!message.contains('{') && !message.contains('}'), "{}, {code}: {message}", rule.code);
        }
    }
}

#[test]
fn codes_levels_and_topics() {
    let mut lines: Vec<String> =
        RULES.iter().map(|rule| format!("{} {} {:?}", rule.code, rule.level.name(), rule.topic)).collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}

/// What each wrong example says, in both languages.
#[test]
fn messages() {
    let mut text = String::new();
    for language in [Language::French, Language::English] {
        for rule in with_examples() {
            let name = if rule.wrong.starts_with('{') { "fiche.json" } else { "fiches.csv" };
            let profile = if rule.topic == Topic::Eligibility { Profile::Submission } else { Profile::Laureate };
            let settings = Settings { profile, language, ..Settings::default() };
            let read = read_with(name, rule.wrong.as_bytes(), &settings).unwrap();
            for finding in read.findings.iter().filter(|finding| finding.code == rule.code) {
                let place = finding.location.within_file(language);
                text.push_str(&format!("{} [{place}]\n  {}\n", rule.code, finding.message));
                for (name, detail) in [("expected", &finding.expected), ("suggestion", &finding.suggestion)] {
                    if let Some(detail) = detail {
                        text.push_str(&format!("  {name}: {detail}\n"));
                    }
                }
            }
        }
        text.push('\n');
    }
    insta::assert_snapshot!(text);
}

/// Every code that the fixed contract names is a rule.
#[test]
fn the_codes_of_the_contract_exist() {
    let contract = "missing-name missing-coordinator missing-contact contact-without-email contact-without-address \
        malformed-address missing-street-number missing-street-type missing-postal-code malformed-postal-code \
        unknown-postal-code postal-code-commune-mismatch postal-code-outside-territory \
        former-commune missing-region missing-department unknown-department department-name-mismatch \
        region-department-mismatch malformed-email suspicious-email malformed-phone placeholder-value invalid-siren \
        invalid-siret invalid-rna duplicate-id probable-duplicate lost-leading-zero scientific-notation formula-error \
        mojibake markup-leftover missing-value wrong-type invalid-value unknown-label ambiguous-label blank-record \
        no-ess-member no-enterprise-member incomplete-dossier";
    let absent: Vec<&str> = contract.split_whitespace().filter(|code| rule(code).is_none()).collect();
    assert!(absent.is_empty(), "{absent:?}");
}

#[test]
fn the_schema_names_rules_that_exist() {
    fn walk(value: &serde_json::Value, codes: &mut BTreeSet<String>) {
        match value {
            serde_json::Value::Object(map) => {
                for (key, value) in map {
                    if matches!(key.as_str(), "x-code" | "x-missing") {
                        codes.insert(value.as_str().unwrap().to_owned());
                    }
                    walk(value, codes);
                }
            }
            serde_json::Value::Array(list) => list.iter().for_each(|value| walk(value, codes)),
            _ => {}
        }
    }
    let mut codes = BTreeSet::new();
    walk(&serde_json::from_str(schema::TEXT).unwrap(), &mut codes);
    assert!(codes.len() >= 3, "{codes:?}");
    for code in codes {
        assert!(rule(&code).is_some(), "{code}");
    }
}

/// A value of the schema: its pointer, and the keys and titles on the way to it.
struct Leaf {
    pointer: String,
    /// As CSV headers have it, with rank 1 for the elements of lists.
    keys: Vec<String>,
    titles: Vec<String>,
    /// As XML has it, list containers included.
    elements: Vec<String>,
    in_list: bool,
}

fn leaves(node: Node, above: &Leaf, found: &mut Vec<Leaf>) {
    for (key, child) in node.properties() {
        let with = |list: &[String], last: String| -> Vec<String> { [list, &[last]].concat() };
        let mut leaf = Leaf {
            pointer: format!("{}/{key}", above.pointer),
            keys: with(&above.keys, key.to_owned()),
            titles: with(&above.titles, child.text("title").to_owned()),
            elements: with(&above.elements, key.to_owned()),
            in_list: above.in_list,
        };
        if child.properties().next().is_some() {
            leaves(child, &leaf, found);
        } else if let Some(items) = child.items().filter(|items| items.properties().next().is_some()) {
            leaf.pointer.push_str("/*");
            leaf.keys = with(&above.keys, format!("{}_1", singular(key)));
            leaf.titles = with(&above.titles, format!("{} 1", items.text("title")));
            leaf.elements.push(singular(key).to_owned());
            leaf.in_list = true;
            leaves(items, &leaf, found);
        } else {
            if child.items().is_some() {
                leaf.elements.push(singular(key).to_owned());
            }
            found.push(leaf);
        }
    }
}

fn schema_leaves() -> Vec<Leaf> {
    let top = Leaf { pointer: String::new(), keys: vec![], titles: vec![], elements: vec![], in_list: false };
    let mut found = Vec::new();
    leaves(schema::root(), &top, &mut found);
    found
}

#[test]
fn every_value_of_the_schema_is_a_field_and_back() {
    let leaves: BTreeSet<String> = schema_leaves().into_iter().map(|leaf| leaf.pointer).collect();
    assert!(leaves.len() > 45, "{}", leaves.len());
    let all: Vec<String> = fields().map(|field| field.pointer.to_owned()).collect();
    let fields: BTreeSet<String> = all.iter().cloned().collect();
    assert_eq!(fields.len(), all.len(), "a field is listed twice");
    let absent: Vec<_> = leaves.difference(&fields).collect();
    assert!(absent.is_empty(), "no field for {absent:?}");
    for extra in fields.difference(&leaves) {
        let node = schema::root().at(extra).unwrap_or_else(|| panic!("{extra} is not in the schema"));
        assert!(node.items().is_some_and(|items| items.properties().next().is_some()), "{extra}");
    }
}

fn assert_means(label: &str, (target, _): (Target, Option<ptce::vocabulary::Reason>), leaf: &Leaf, rank: Option<u16>) {
    match target {
        Target::Field(field, found) => {
            assert_eq!((field.pointer, found), (leaf.pointer.as_str(), rank), "{label}");
        }
        other => panic!("{label}: {other:?} instead of {}", leaf.pointer),
    }
}

#[test]
fn every_path_of_the_schema_means_its_own_field() {
    for leaf in schema_leaves() {
        let rank = leaf.in_list.then_some(1);
        let key = leaf.keys.join("_");
        assert_means(&key, meaning(&key), &leaf, rank);
        let title = leaf.titles.join(" – ");
        assert_means(&title, meaning(&title), &leaf, rank);
        let elements: Vec<&str> = leaf.elements.iter().map(String::as_str).collect();
        assert_means(&elements.join("/"), meaning_of_path(&elements), &leaf, None);
        let keys: Vec<&str> = leaf.pointer.split('/').skip(1).filter(|step| *step != "*").collect();
        assert_means(&keys.join("/"), meaning_of_path(&keys), &leaf, None);
    }
}

/// Every label that the schema lists means one field, except two whose values tell which one it is.
#[test]
fn only_two_labels_are_ambiguous() {
    fn labels(node: Node, found: &mut BTreeSet<&'static str>) {
        for (_, child) in node.properties() {
            found.extend(child.texts("x-labels"));
            labels(child, found);
            if let Some(items) = child.items() {
                found.extend(items.texts("x-labels"));
                labels(items, found);
            }
        }
    }
    let mut all = BTreeSet::new();
    labels(schema::root(), &mut all);
    assert!(all.len() > 300, "{}", all.len());
    let unclear: Vec<&str> = all.into_iter().filter(|label| !matches!(meaning(label).0, Target::Field(..))).collect();
    assert_eq!(unclear, ["phase", "statut"]);
}

/// Where one message would be too general, the finding says what the matter is.
#[test]
fn messages_tell_the_case() {
    let said = |field: &str| -> Vec<String> {
        let source = format!(r#"{{"nom":"Fabriques du Quercy",{field}}}"#);
        let told = findings(&source, Topic::Contact);
        let is_general = |code: &str| code.starts_with("missing") || code.starts_with("contact-without");
        told.into_iter().filter(|(code, _)| !is_general(code)).map(|(_, message)| message).collect()
    };
    for (field, message) in [
        (
            r#""coordinateur":{"nom":"Roue libre","siren":"999 164 080"}"#,
            "«\u{a0}999 164 080\u{a0}» est compris comme 999164080.",
        ),
        (
            r#""coordinateur":{"nom":"Roue libre","siren":"99916408000015"}"#,
            "«\u{a0}99916408000015\u{a0}» est un numéro SIRET\u{a0}: le SIREN en est les neuf premiers chiffres.",
        ),
        (
            r#""coordinateur":{"nom":"Roue libre","siret":"999164080"}"#,
            "«\u{a0}999164080\u{a0}» est un numéro SIREN\u{a0}: il lui manque les cinq chiffres de l’établissement.",
        ),
        (
            r#""coordinateur":{"nom":"Roue libre","siren":"732829320","siret":"99916408000015"}"#,
            "«\u{a0}99916408000015\u{a0}» est le numéro SIRET d’une autre structure\u{a0}: il ne commence pas par le SIREN \
             732829320.",
        ),
        (
            r#""coordinateur":{"nom":"Roue libre","siret":"99916408000016"}"#,
            "«\u{a0}99916408000016\u{a0}» n’est pas un numéro SIRET.",
        ),
        (
            r#""coordinateur":{"nom":"Roue libre","rna":"w462 999 104"}"#,
            "«\u{a0}w462 999 104\u{a0}» est compris comme W462999104.",
        ),
        (
            r#""contacts":[{"telephone":"Mairie : 01 99 00 12 34"}]"#,
            "«\u{a0}Mairie : 01 99 00 12 34\u{a0}» dit autre chose encore qu’un numéro de téléphone.",
        ),
        (
            r#""contacts":[{"courriel":"a@example.org, b@example.org"}]"#,
            "«\u{a0}a@example.org, b@example.org\u{a0}» est plus d’une adresse électronique.",
        ),
        (
            r#""contacts":[{"courriel":"rené@example.org"}]"#,
            "«\u{a0}rené@example.org\u{a0}» a des accents avant l’arobase, où ils sont presque toujours une faute de frappe.",
        ),
    ] {
        assert_eq!(said(field), [message], "{field}");
    }
}
