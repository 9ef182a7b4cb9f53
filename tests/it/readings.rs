//! What people write, read as what it can only mean: every row of `docs/values.md`, in every format.

use proptest::prelude::*;
use ptce::reading::Example;
use ptce::reading::manual::{examples, manual};
use ptce::settings::{Settings, Values};
use ptce::{Finding, Language, Level};
use rust_xlsxwriter::Workbook;
use serde_json::{Map, Value, json};

use crate::support::{Read, assert_current, read, read_with, values};

/// The keys that lead to a field; `*` is the first element of a list.
fn keys(pointer: &str) -> Vec<&str> {
    pointer.split('/').skip(1).collect()
}

/// The column of a field in a flat table.
fn column(pointer: &str) -> String {
    let keys = keys(pointer);
    let singular = |key: &str| key.trim_end_matches('s').to_owned();
    let flat = keys.iter().enumerate().filter(|(_, key)| **key != "*").map(|(at, key)| match keys.get(at + 1) {
        Some(&"*") => format!("{}_1", singular(key)),
        _ => (*key).to_owned(),
    });
    flat.collect::<Vec<_>>().join("_")
}

fn put(record: &mut Value, keys: &[&str], text: &str) {
    match keys {
        [] => *record = json!(text),
        ["*", rest @ ..] => {
            if !record.is_array() {
                *record = json!([null]);
            }
            put(&mut record[0], rest, text);
        }
        [key, rest @ ..] => {
            if !record.is_object() {
                *record = Value::Object(Map::new());
            }
            put(&mut record[*key], rest, text);
        }
    }
}

fn xml(name: &str, value: &Value) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    match value {
        Value::Object(map) => {
            format!("<{name}>{}</{name}>", map.iter().map(|(key, value)| xml(key, value)).collect::<String>())
        }
        Value::Array(list) => {
            let items: String = list.iter().map(|item| xml(name.trim_end_matches('s'), item)).collect();
            format!("<{name}>{items}</{name}>")
        }
        Value::String(text) => format!("<{name}>{}</{name}>", escaped(text)),
        other => panic!("{other}"),
    }
}

/// A record of some fields in every format.
fn sources(fields: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    let mut record = json!({});
    fields.iter().for_each(|(pointer, text)| put(&mut record, &keys(pointer), text));
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    csv.write_record(fields.iter().map(|(pointer, _)| column(pointer))).unwrap();
    csv.write_record(fields.iter().map(|(_, text)| text)).unwrap();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, (pointer, text)) in (0..).zip(fields) {
        sheet.write_string(0, at, column(pointer)).unwrap();
        sheet.write_string(1, at, *text).unwrap();
    }
    vec![
        ("envoi.csv".to_owned(), csv.into_inner().unwrap()),
        ("envoi.json".to_owned(), record.to_string().into_bytes()),
        ("envoi.ndjson".to_owned(), format!("{record}\n").into_bytes()),
        ("envoi.xml".to_owned(), format!("<ptces>{}</ptces>", xml("ptce", &record)).into_bytes()),
        ("envoi.xlsx".to_owned(), workbook.save_to_buffer().unwrap()),
    ]
}

/// The pointer of the first value of a field.
fn first(field: &str) -> String {
    match field {
        "/territoire/priorites" => format!("{field}/0"),
        _ => field.replacen('*', "0", 1),
    }
}

/// The pointer of the label that an example rests on.
fn pointer_of(label: &str) -> &'static str {
    match label {
        "commune" => "/adresse/commune",
        "code postal" => "/adresse/code_postal",
        "département" => "/territoire/departements/*/nom",
        other => panic!("{other}"),
    }
}

fn told<'r>(read: &'r Read, pointer: &str) -> Vec<&'r Finding> {
    let is_told = |finding: &&Finding| finding.code == "value-understood" && finding.pointer == pointer;
    read.findings.iter().filter(is_told).collect()
}

fn held(read: &Read, pointer: &str) -> Option<String> {
    values(&read.records()[0]).into_iter().find(|(at, _)| at == pointer).map(|(_, text)| text)
}

fn fields<'e>(field: &'static str, example: &Example, text: &'e str) -> Vec<(&'static str, &'e str)> {
    let mut fields = vec![("/nom", "Fabriques du Quercy"), (field, text)];
    fields.extend(example.beside.map(|(label, value)| (pointer_of(label), value)));
    fields
}

#[test]
fn every_row_of_the_document_holds_in_every_format() {
    for (field, examples) in examples() {
        let pointer = first(field);
        for example in examples {
            for (name, bytes) in sources(&fields(field, example, example.written)) {
                let about = format!("{name}: {field} {:?}", example.written);
                let read = read(&name, &bytes);
                let found = told(&read, &pointer);
                if example.read.is_empty() {
                    assert!(found.is_empty(), "{about}: {found:?}");
                    assert!(
                        read.findings.iter().any(|finding| finding.pointer.starts_with(&pointer)),
                        "{about}: in silence, {:?}",
                        read.findings
                    );
                    continue;
                }
                assert_eq!(held(&read, &pointer).as_deref(), Some(example.read), "{about} {:?}", read.findings);
                // Numbers in their usual dress are told by nobody.
                if found.is_empty() {
                    assert!(matches!(example.written, "15 000,50 €" | "12,5 ETP" | "12 salarié(e)s"), "{about}");
                    continue;
                }
                assert_eq!(found.len(), 1, "{about}");
                assert_eq!(found[0].level, Level::Info);
                assert_eq!(found[0].value.as_deref(), Some(example.written), "{about}");
                assert_eq!(found[0].suggestion.as_deref(), Some(example.read), "{about}");
                assert!(found[0].message.contains(example.written) && found[0].message.contains(example.read));
            }
        }
    }
}

/// What was understood is canonical: read again, it stays what it is, and nobody says a word.
#[test]
fn what_is_understood_is_a_fixed_point() {
    for (field, examples) in examples() {
        for example in examples.iter().filter(|example| !example.read.is_empty()) {
            for (name, bytes) in sources(&fields(field, example, example.read)) {
                let read = read(&name, &bytes);
                assert_eq!(held(&read, &first(field)).as_deref(), Some(example.read), "{name} {field}");
                assert!(told(&read, &first(field)).is_empty(), "{name} {field} {}", example.read);
            }
        }
    }
}

#[test]
fn values_stay_as_typed_when_that_is_asked_for() {
    let settings = Settings { values: Values::AsTyped, ..Settings::default() };
    for (field, examples) in examples() {
        for example in examples.iter().filter(|example| !example.read.is_empty()) {
            let (name, bytes) = sources(&fields(field, example, example.written)).remove(0);
            let read = read_with(&name, &bytes, &settings).unwrap();
            let text = held(&read, &first(field));
            let is_number = text.as_deref() == Some(example.read);
            assert!(is_number || text.as_deref() == Some(example.written), "{field} {} {text:?}", example.written);
        }
    }
    let configuration = ptce::settings::Configuration::parse("values = \"as-typed\"", "c.toml").unwrap();
    assert_eq!(configuration.values, Values::AsTyped);
}

#[test]
fn documents_are_current() {
    assert_current("docs/values.md", manual(Language::English).as_bytes());
    assert_current("docs/valeurs.md", manual(Language::French).as_bytes());
}

/// Two readings: neither is taken, both are told, and the text is kept.
#[test]
fn two_readings_are_never_silent() {
    for (label, text, likelier, other) in [
        ("/appel/montant", "15.000 €", "15000", "15"),
        ("/appel/montant", "120,000", "120000", "120"),
        ("/appel/montant", "2.500 euros", "2500", "2.5"),
        ("/emploi/etp", "12.500", "12.5", "12500"),
    ] {
        for (name, bytes) in sources(&[("/nom", "Pôle"), (label, text)]) {
            let read = read(&name, &bytes);
            let found: Vec<_> = read.findings.iter().filter(|finding| finding.code == "ambiguous-value").collect();
            assert_eq!(found.len(), 1, "{name} {text}: {:?}", read.findings);
            assert_eq!(found[0].suggestion.as_deref(), Some(likelier), "{name} {text}");
            assert!([text, likelier, other].iter().all(|part| found[0].message.contains(part)), "{}", found[0].message);
            assert_eq!(held(&read, label), None, "{name} {text}");
            let others = &read.records()[0].source.others;
            assert!(others.iter().any(|kept| kept.value.as_deref() == Some(text)), "{name} {text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A whole amount in any usual dress is read as itself or told to be doubtful; never as another one.
    #[test]
    fn an_amount_is_itself_or_told(number in 1_u32..2_000_000_000, mark in 0..7_usize, unit in 0..3_usize) {
        let mark = [" ", "\u{a0}", "\u{202f}", "'", ".", ",", ""][mark];
        let digits = number.to_string();
        let grouped: String = digits
            .char_indices()
            .map(|(at, digit)| {
                let is_apart = at > 0 && (digits.len() - at) % 3 == 0;
                if is_apart { format!("{mark}{digit}") } else { digit.to_string() }
            })
            .collect();
        let text = format!("{grouped}{}", ["", " €", " euros"][unit]);
        let (name, bytes) = sources(&[("/nom", "Pôle"), ("/appel/montant", &text)]).remove(1);
        let read = read(&name, &bytes);
        match held(&read, "/appel/montant") {
            Some(held) => prop_assert_eq!(held, digits),
            None => prop_assert_eq!(read.count("ambiguous-value"), 1, "{}", text),
        }
    }

    /// A site that is right stays as it is.
    #[test]
    fn a_clean_site_is_never_reworded(host in "[a-z]{2,8}(-[a-z]{1,4})?", path in "(/[a-zA-Z0-9_.~-]{1,8}){0,3}/?(\\?[a-z]=[a-z0-9%]{0,4})?", scheme in "https?") {
        let site = format!("{scheme}://{host}.fr{path}");
        let (name, bytes) = sources(&[("/nom", "Pôle"), ("/site_web", &site)]).remove(1);
        let read = read(&name, &bytes);
        prop_assert_eq!(held(&read, "/site_web"), Some(site));
        prop_assert!(told(&read, "/site_web").is_empty());
    }

    /// Every day that is written in French is the day that it is.
    #[test]
    fn a_day_in_french_is_that_day(year in 2000_u32..2050, month in 1_u32..=12, day in 1_u32..=28, form in 0..4_usize) {
        let names = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
        let name = names[month as usize - 1];
        let text = match form {
            0 => format!("{day} {name} {year}"),
            1 => format!("{day:02}/{month:02}/{year}"),
            2 => format!("{day}.{month}.{year}"),
            _ => format!("{year}-{month:02}-{day:02}T09:30:00"),
        };
        let (name, bytes) = sources(&[("/nom", "Pôle"), ("/appel/date_annonce", &text)]).remove(0);
        let read = read(&name, &bytes);
        prop_assert_eq!(held(&read, "/appel/date_annonce"), Some(format!("{year}-{month:02}-{day:02}")));
    }
}
