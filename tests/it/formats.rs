//! From every format to every other nothing changes, and what a format cannot hold is told: docs/formats.md lists it.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use ptce::export::{CsvReader, Exporter, Options};
use ptce::record::{Number, Other, Partner};
use ptce::row::Format;
use ptce::{ErrorKind, Language, Record, Settings};
use serde_json::{Value, json};

use crate::round_trip::record;
use crate::support::{Read, exported_with, part, read_as_typed as read, read_with, root};

/// A format and how it is written.
#[derive(Debug, Clone, Copy)]
struct Way {
    format: Format,
    csv: CsvReader,
}

const fn way(format: Format) -> Way {
    Way { format, csv: CsvReader::Programs }
}

const WAYS: [Way; 7] = [
    way(Format::Json),
    way(Format::Ndjson),
    way(Format::Csv),
    Way { format: Format::Csv, csv: CsvReader::FrenchExcel },
    way(Format::Xml),
    way(Format::Xlsx),
    way(Format::Tables),
];

impl Way {
    fn written(self, records: &[Record]) -> Vec<u8> {
        exported_with(self.format, &Options { csv: self.csv, ..Options::default() }, records)
    }

    fn read(self, bytes: &[u8]) -> Vec<Record> {
        read(&format!("r.{}", self.format.extension()), bytes)
            .entries
            .into_iter()
            .map(|entry| entry.into_record())
            .collect()
    }

    /// Why these records cannot be written.
    fn refusal(self, records: &[Record]) -> ptce::Error {
        let options = Options { csv: self.csv, ..Options::default() };
        let mut exporter = Exporter::new(self.format, std::io::sink(), &options).unwrap();
        let written = records.iter().try_for_each(|record| exporter.record(record)).and_then(|()| exporter.finish());
        written.expect_err("the format cannot hold it")
    }
}

/// The record in JSON, with null, empty texts, empty lists and empty groups for what it does not have.
fn padded(value: &Value, schema: ptce::schema::Node, rank: &mut usize) -> Value {
    match value {
        Value::Object(map) => {
            let mut padded_map = map.clone();
            for (key, node) in schema.properties() {
                *rank += 1;
                let inner = match (map.get(key), *rank % 3) {
                    (Some(value), _) => padded(value, node, rank),
                    (None, 0) => Value::Null,
                    (None, 1) if node.items().is_some() => json!([]),
                    (None, 1) if node.properties().next().is_some() => json!({}),
                    (None, 1) => json!(""),
                    (None, _) => continue,
                };
                padded_map.insert(key.to_owned(), inner);
            }
            padded_map.into()
        }
        Value::Array(list) => {
            let items = schema.items().unwrap();
            let blank = if items.properties().next().is_some() { json!({}) } else { json!("") };
            let inner: Vec<Value> = list.iter().map(|value| padded(value, items, rank)).collect();
            [vec![Value::Null, blank.clone()], inner, vec![blank]].concat().into()
        }
        value => value.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]
    #[test]
    fn every_pair_of_formats_keeps_every_record(records in vec(record(), 1..3)) {
        for first in WAYS {
            let read = first.read(&first.written(&records));
            prop_assert_eq!(&read, &records, "{:?}", first);
            for second in WAYS {
                prop_assert_eq!(&second.read(&second.written(&read)), &records, "{:?} to {:?}", first, second);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
    #[test]
    fn what_is_empty_in_json_is_absent(record in record().boxed(), start in 0_usize..3) {
        let mut rank = start;
        let text = padded(&serde_json::to_value(&record).unwrap(), ptce::schema::root(), &mut rank).to_string();
        prop_assert_eq!(way(Format::Json).read(text.as_bytes()), [record]);
    }

    /// Any character at all: a format gives it back, or says that it cannot hold it.
    #[test]
    fn every_character_is_held_or_refused(characters in vec(any::<char>(), 100)) {
        held_or_refused(&characters);
    }
}

#[test]
fn characters_of_every_plane_are_held_or_refused() {
    let controls = (0..0xA1).filter_map(char::from_u32);
    let planes =
        (0..=16_u32).flat_map(|plane| [0x0, 0xE000, 0xF8FF, 0xFFFD, 0xFFFE, 0xFFFF].map(|code| plane << 16 | code));
    held_or_refused(&controls.chain(planes.filter_map(char::from_u32)).collect::<Vec<char>>());
}

fn held_or_refused(characters: &[char]) {
    use unicode_normalization::UnicodeNormalization;
    let records: Vec<Record> = characters.iter().map(|c| named(&format!("a{c}b").nfc().collect::<String>())).collect();
    for way in WAYS {
        let is_held = |record: &&Record| {
            let options = Options { csv: way.csv, ..Options::default() };
            let mut exporter = Exporter::new(way.format, std::io::sink(), &options).unwrap();
            match exporter.record(record).and_then(|()| exporter.finish()) {
                Ok(()) => true,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Limit, "{way:?} {:?}", record.name);
                    false
                }
            }
        };
        let held: Vec<Record> = match way.format {
            // These refuse no character; that each is tried alone would take long.
            Format::Json | Format::Ndjson | Format::Xlsx => records.clone(),
            Format::Xml | Format::Csv | Format::Tables => records.iter().filter(is_held).cloned().collect(),
            _ => unreachable!("{way:?} is not written"),
        };
        assert!(held.len() + 32 >= records.len(), "{way:?}");
        let back = way.read(&way.written(&held));
        assert_eq!(back.len(), held.len(), "{way:?}");
        for (back, sent) in back.iter().zip(&held) {
            assert_eq!(back.name, sent.name, "{way:?}");
        }
    }
}

fn named(name: &str) -> Record {
    let mut record = Record { name: Some(name.to_owned()), ..Record::default() };
    record.source.file = Some("r".to_owned());
    record.source.line = Some(Number::from(1));
    record
}

fn json_read(text: &str) -> Read {
    read("r.json", text.as_bytes())
}

fn refused(name: &str, bytes: &[u8]) -> ptce::Error {
    read_with(name, bytes, &Settings::default()).err().expect("it cannot be read")
}

/// Every way gives these records back unchanged.
fn kept(records: &[Record]) {
    for way in WAYS {
        assert_eq!(way.read(&way.written(records)), records, "{way:?}");
    }
}

/// The amount that each way gives back for a number written in JSON.
fn amounts(number: &str) -> Vec<String> {
    let read = json_read(&format!(r#"{{"nom":"a","appel":{{"montant":{number}}}}}"#)).records();
    let back = |way: &Way| way.read(&way.written(&read))[0].call.amount.as_ref().map(ToString::to_string);
    WAYS.iter().map(|way| back(way).unwrap_or_default()).collect()
}

/// The cases of docs/formats.md, by the names they have there.
const CASES: &[(&str, fn())] = &[
    ("surrounding-space", || {
        assert_eq!(json_read("{\"nom\":\" \\n\u{a0}a b\\t \"}").records()[0].name.as_deref(), Some("a b"));
        assert_eq!(way(Format::Csv).read(b"nom,sigle\n\" a b\n\",x\n")[0].name.as_deref(), Some("a b"));
    }),
    ("decomposed-accents", || {
        assert_eq!(json_read("{\"nom\":\"e\u{301}te\u{301}\"}").records()[0].name.as_deref(), Some("été"));
    }),
    ("empty-values", || {
        let full = r#"{"nom":"a","sigle":"","thematiques":[],"appel":{"montant":null},"region":{},"contacts":null}"#;
        assert_eq!(json_read(full).records(), json_read(r#"{"nom":"a"}"#).records());
    }),
    ("empty-elements", || {
        let read = json_read(r#"{"nom":"a","thematiques":["b","",null,"c"],"contacts":[{},{"nom":"d"},{"nom":""}]}"#);
        let record = &read.records()[0];
        assert_eq!(record.themes, ["b", "c"]);
        assert_eq!(record.contacts.len(), 1);
        assert_eq!(record.contacts[0].name.as_deref(), Some("d"));
    }),
    ("whole-fraction", || {
        assert_eq!(amounts("12.0"), ["12"; 7]);
        assert_eq!(amounts("-0.0"), ["0"; 7]);
        assert_eq!(amounts("1e3"), ["1000"; 7]);
    }),
    ("long-fraction", || assert_eq!(amounts("0.1234567890123456789"), ["0.12345678901234568"; 7])),
    ("huge-whole-number", || {
        let number = "123456789012345678901234567890";
        let read = json_read(&format!(r#"{{"nom":"a","appel":{{"montant":{number}}}}}"#));
        assert_eq!(read.count("wrong-type"), 1);
        let kept = read.records()[0].source.others[0].clone();
        assert_eq!(kept, Other { label: Some("appel/montant".to_owned()), value: Some(number.to_owned()) });
        assert_eq!(amounts("18446744073709551615"), ["18446744073709551615"; 7]);
        assert_eq!(amounts("-9223372036854775808"), ["-9223372036854775808"; 7]);
        assert_eq!(amounts("100000000000000000000"), ["1e+20"; 7]);
    }),
    ("huge-exponent", || {
        let read = json_read(r#"{"nom":"a","appel":{"montant":1e400}}"#);
        assert_eq!(read.count("wrong-type"), 1);
        assert_eq!(read.records()[0].source.others[0].value.as_deref(), Some("1e400"));
        assert_eq!(amounts("-1.5e300"), ["-1.5e+300"; 7]);
    }),
    ("address-in-one-value", || {
        let read = json_read(r#"{"nom":"a","adresse":{"voie":"9 rue Descartes 57190 Florange"}}"#);
        let record = read.entries[0].record.clone();
        assert_eq!(record.address.postal_code.as_deref(), Some("57190"));
        assert_eq!(record.source.others[0].value.as_deref(), Some("9 rue Descartes 57190 Florange"));
        kept(&[read.entries.into_iter().next().unwrap().into_record()]);
    }),
    ("contact-in-one-value", || {
        let cell = "Camille Exemple, directrice, tél. 04 92 00 00 01";
        let read = json_read(&format!(r#"{{"nom":"a","contacts":[{{"nom":"{cell}"}}]}}"#));
        let record = read.entries[0].record.clone();
        assert_eq!(record.contacts[0].role.as_deref(), Some("directrice"));
        assert_eq!(record.source.others[0].value.as_deref(), Some(cell));
        kept(&[read.entries.into_iter().next().unwrap().into_record()]);
    }),
    ("repeated-field", || {
        let read = json_read(r#"{"nom":"a","nom":"b"}"#);
        assert_eq!(read.count("repeated-label"), 1);
        assert_eq!(read.records()[0].source.others[0].value.as_deref(), Some("b"));
    }),
    ("unknown-field", || {
        let read = json_read(r#"{"nom":"a","couleur":{"fond":["vert"]}}"#);
        assert_eq!(read.count("unknown-label"), 1);
        assert_eq!(read.records()[0].source.others[0].value.as_deref(), Some("vert"));
    }),
    ("no-origin", || {
        let record = way(Format::Json).read(br#"{"nom":"a"}"#).remove(0);
        assert_eq!(record.source.file.as_deref(), Some("r.json"));
        assert_eq!(record.source.line, Some(Number::from(1)));
    }),
    ("json-unpaired-surrogate", || {
        for name in ["r.json", "r.ndjson"] {
            assert_eq!(refused(name, br#"{"nom":"\ud800"}"#).position(), Some((1, Some(9))));
        }
    }),
    ("json-boolean", || {
        assert_eq!(json_read(r#"{"nom":true,"sigle":false}"#).records()[0].name.as_deref(), Some("VRAI"));
    }),
    ("xml-control-character", || {
        let mut second = named("b");
        second.contacts.push(ptce::record::Contact { role: Some("x\u{b}y".to_owned()), ..Default::default() });
        let error = way(Format::Xml).refusal(&[named("a"), second]);
        assert_eq!(error.kind(), ErrorKind::Limit);
        assert_eq!(
            error.message(Language::English),
            "record 2, contacts/contact/fonction: XML cannot hold the control character U+000B; remove it from the \
             source, or export to JSON"
        );
        assert_eq!(
            error.message(Language::French),
            "fiche 2, contacts/contact/fonction\u{a0}: le XML ne peut contenir le caractère de contrôle U+000B\u{a0}; \
             retirez-le de la source, ou exportez en JSON"
        );
    }),
    ("xml-carriage-return", || {
        let records = [named("a\rb\r\nc\nd")];
        assert!(String::from_utf8(way(Format::Xml).written(&records)).unwrap().contains("a&#13;b&#13;\nc\nd"));
        kept(&records);
    }),
    ("separator-in-a-list", || {
        let mut record = named("a");
        record.themes = vec!["b|c".to_owned(), "d;e".to_owned(), "f\\".to_owned()];
        assert!(String::from_utf8(way(Format::Csv).written(&[record.clone()])).unwrap().contains(r"b\|c|d\;e|f\\"));
        kept(&[record]);
    }),
    ("comma-in-a-lone-value", || {
        let mut record = named("a");
        record.themes = vec!["Énergie, climat".to_owned()];
        assert!(String::from_utf8(way(Format::Csv).written(&[record.clone()])).unwrap().contains("Énergie, climat|"));
        kept(&[record]);
    }),
    ("too-many-columns", || {
        let mut record = named("a");
        let partner = |text: &str| Some(text.to_owned());
        record.partners = (0..501)
            .map(|_| Partner { name: partner("b"), category: partner("ess"), group: partner("c"), note: partner("d") })
            .collect();
        for way in WAYS {
            let bytes = way.written(&[record.clone()]);
            if matches!(way.format, Format::Csv | Format::Xlsx) {
                assert_eq!(refused(&format!("r.{}", way.format.extension()), &bytes).kind(), ErrorKind::Limit);
            } else {
                assert_eq!(way.read(&bytes), [record.clone()]);
            }
        }
    }),
    ("csv-nul", || {
        let error = way(Format::Csv).refusal(&[named("a"), named("b\0c")]);
        assert_eq!(
            error.message(Language::English),
            "record 2, nom: CSV cannot hold the NUL character U+0000; remove it from the source, or export to JSON"
        );
        assert_eq!(way(Format::Tables).refusal(&[named("b\0c")]).kind(), ErrorKind::Limit);
        assert_eq!(refused("r.csv", b"nom,sigle\na\0b,c\n").position(), Some((2, None)));
    }),
    ("csv-formula", || {
        for text in ["=1+1", "'=1", "@x", "＝1", "- un point"] {
            let written = String::from_utf8(way(Format::Csv).written(&[named(text)])).unwrap();
            assert!(written.contains(&format!("\n'{text},")), "{written}");
            kept(&[named(text)]);
        }
        for text in ["-5", "+33 1 99 00 12 34", "'05000"] {
            let written = String::from_utf8(way(Format::Csv).written(&[named(text)])).unwrap();
            assert!(written.contains(&format!("\n{text},")), "{written}");
            kept(&[named(text)]);
        }
    }),
    ("csv-apostrophe-typed", || {
        assert_eq!(way(Format::Csv).read(b"nom,sigle\n'=1+1,x\n")[0].name.as_deref(), Some("=1+1"));
        assert_eq!(way(Format::Csv).read("nom,sigle\n'05000,x\n".as_bytes())[0].name.as_deref(), Some("'05000"));
    }),
    ("csv-decimal-comma", || {
        let mut record = named("a");
        record.employment.full_time_equivalents = Number::from_f64(-12.5);
        let excel = Way { csv: CsvReader::FrenchExcel, ..way(Format::Csv) };
        assert!(String::from_utf8(excel.written(&[record.clone()])).unwrap().contains(";-12,5;"));
        kept(&[record]);
    }),
    ("xlsx-long-text", || {
        let error = way(Format::Xlsx).refusal(&[named("a"), named(&"é".repeat(32_768))]);
        assert_eq!(error.kind(), ErrorKind::Limit);
        assert!(error.message(Language::English).contains("“Nom” of record 2"), "{error}");
        kept(&[named(&"é".repeat(32_767))]);
    }),
    ("xlsx-many-columns", || {
        let mut record = named("a");
        let other = Other { label: Some("b".to_owned()), value: Some("c".to_owned()) };
        record.source.others = vec![other; 8_192];
        assert_eq!(way(Format::Xlsx).refusal(&[record]).kind(), ErrorKind::Limit);
    }),
    ("xlsx-other-day", || {
        for day in ["1899-12-31", "1900-02-29", "2023-02-29", "2014-01-10T00:00:00", "10/01/2014", "2014"] {
            let mut record = named("a");
            record.call.announced = Some(day.to_owned());
            kept(&[record]);
        }
    }),
    ("xlsx-big-number", || {
        let mut record = named("a");
        record.call.amount = Some(Number::from(9_007_199_254_740_993_u64));
        kept(&[record]);
    }),
    ("xlsx-formula", || {
        let bytes = way(Format::Xlsx).written(&[named("=1+1")]);
        assert!(part(&bytes, "xl/styles.xml").contains("quotePrefix=\"1\""));
        assert!(!part(&bytes, "xl/worksheets/sheet1.xml").contains("<f>"));
        kept(&[named("=1+1")]);
    }),
];

#[test]
fn what_a_format_cannot_hold_is_told() {
    for (name, check) in CASES {
        // The name tells which case it was, should it fail.
        if std::panic::catch_unwind(check).is_err() {
            panic!("docs/formats.md is wrong about `{name}`");
        }
    }
}

#[test]
fn the_page_lists_every_case() {
    let page = std::fs::read_to_string(root().join("docs/formats.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |")).map(|(name, _)| name);
    let rows: Vec<&str> = rows.collect();
    let listed: BTreeSet<&str> = rows.iter().copied().collect();
    assert_eq!(rows.len(), listed.len(), "a case has two rows");
    assert_eq!(listed, CASES.iter().map(|(name, _)| *name).collect());
}
