//! JSON and NDJSON: an array of records, or records one after the other; keys are the labels.
//!
//! Read here and not by a crate, as each value is wanted with its place, its number as it is written and its text without a
//! copy, from a file of any size: `serde_json` has no places, and what has them takes three times as long.

mod pair;
mod sample;
mod scanner;

use std::io::Read;

use super::survey::ANY;
use super::tree::{self, Path, Paths};
use super::window::Place;
use super::{Sink, decoded, read_error};
use crate::error::{Error, ErrorKind, Result};
use crate::field::Field;
use crate::reading::numbers::unmistakable;
use crate::row::Target;
use crate::vocabulary;
use pair::Part;
use sample::survey;
use scanner::{Scanner, Text, at, is_number};

/// Bytes in which the records are looked for.
const SAMPLE_BYTES: u64 = 256 << 10;

/// The first element of every list that Grist writes, which is none of its values.
const MARK_OF_GRIST: &str = "\"L\"";

/// Reads the objects at `record_path`, keys from the root down; without one, those that hold the most labels we know.
pub(super) fn read(source: impl Read, record_path: Option<&str>, sink: &mut Sink<'_>) -> Result<()> {
    let mut source = decoded(source, None);
    let mut start = Vec::new();
    source.by_ref().take(SAMPLE_BYTES).read_to_end(&mut start).map_err(|error| read_error(&error))?;
    let mut survey = survey(&start);
    let records: Vec<String> = match record_path {
        Some(path) => path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        None => survey.records(0).unwrap_or_default(),
    };
    survey.settle_around_pairs(&records);
    let parser = Parser {
        sink,
        scanner: Scanner::new(start.as_slice().chain(source)),
        has_lists_of_grist: survey.has_lists_of_grist(),
        paths: survey.into_paths(),
        records,
        record: Paths::ROOT,
        is_inside: false,
    };
    parser.records()
}

/// Reads records, and gives their values to the sink.
struct Parser<'s, 'a, R> {
    sink: &'s mut Sink<'a>,
    scanner: Scanner<R>,
    has_lists_of_grist: bool,
    paths: Paths,
    /// The keys from the root down to the records; none where these stand at the root.
    records: Vec<String>,
    /// The path of the record that is open.
    record: Path,
    is_inside: bool,
}

impl<R: Read> Parser<'_, '_, R> {
    /// Reads the whole file.
    fn records(mut self) -> Result<()> {
        if self.scanner.peek()?.is_none() {
            return Err(self.scanner.cut_short());
        }
        if !self.records.is_empty() {
            while self.scanner.peek()?.is_some() {
                self.value(Paths::ROOT, 1, false)?;
            }
            return Ok(());
        }
        while let Some(byte) = self.scanner.peek()? {
            if byte == b'[' {
                self.scanner.open()?;
                let mut is_first = true;
                while self.scanner.has_next(b']', is_first)? {
                    self.record()?;
                    is_first = false;
                }
            } else {
                self.record()?;
            }
        }
        Ok(())
    }

    /// Reads a record that stands at the root, or in the list there.
    fn record(&mut self) -> Result<()> {
        let (line, column) = self.scanner.place();
        match self.scanner.needed()? {
            b'{' => {
                self.sink.row(line, column);
                self.is_inside = true;
                self.value(Paths::ROOT, 1, false)?;
                self.sink.commit()
            }
            b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => Err(Error::new(
                ErrorKind::Format,
                "chaque fiche doit être un objet JSON, entre « { » et « } »",
                "each record must be a JSON object, between “{” and “}”",
            )
            .at(line, Some(column.into()))),
            _ => Err(self.scanner.unexpected()),
        }
    }

    /// Whether the object at a path is a record.
    fn is_record(&self, path: Path) -> bool {
        let names = self.paths.names(path, Paths::ROOT);
        names.len() == self.records.len()
            && names.iter().zip(&self.records).all(|(name, record)| name == record || record == ANY)
    }

    /// A value under its label, or outside the records under its name.
    fn push(&mut self, path: Path, element: u16, single: bool, value: &str, place: Place) -> Result<()> {
        if self.is_inside {
            let label = self.paths.label(path, self.record, self.sink, place)?;
            self.sink.current().push(label, element, single, value, place.0, place.1);
            return Ok(());
        }
        let text = format!("{}: {value}", self.paths.names(path, Paths::ROOT).join("/"));
        self.sink.outside(text.trim_start_matches(": "), place.0, place.1)
    }

    /// Reads an object that is a record within others.
    fn inner_record(&mut self, path: Path) -> Result<()> {
        let place = self.scanner.place();
        self.sink.row(place.0, place.1);
        (self.is_inside, self.record) = (true, path);
        if self.records.last().is_some_and(|last| last == ANY) {
            let key = self.paths.name(path).to_owned();
            let label = self.sink.settled("(clé)", Target::Aside, place.0, place.1)?;
            self.sink.current().push(label, 0, true, &key, place.0, place.1);
        }
        self.value(path, 1, false)?;
        self.is_inside = false;
        self.sink.commit()
    }

    /// Reads the name of a member, and the colon behind it; `before` is the member before.
    #[inline]
    fn member(&mut self, path: Path, before: Option<Path>) -> Result<Path> {
        if self.scanner.needed()? != b'"' {
            return Err(self.scanner.malformed("un nom entre guillemets est attendu", "a name in quotes is expected"));
        }
        let name = self.scanner.string()?;
        let child = self.child(path, before, &name)?;
        if self.scanner.needed()? != b':' {
            return Err(self.scanner.malformed("il manque un deux-points", "a colon is missing"));
        }
        self.scanner.pass(1);
        Ok(child)
    }

    /// The path of a member by its name.
    #[inline]
    fn child(&mut self, path: Path, before: Option<Path>, name: &Text) -> Result<Path> {
        let name = self.scanner.text(name);
        self.paths.child(path, before, name).map_err(|error| at(error, self.scanner.place()))
    }

    /// Reads a pair of a label and a value in the list at a path: the value is one of the element around this list. Where the label
    /// does not come first, nothing tells what the value is, and the pair is read as any object.
    fn pair(&mut self, path: Path, element: u16) -> Result<()> {
        self.scanner.open()?;
        let (mut last, mut label, mut has_value) = (None, None, false);
        while self.scanner.has_next(b'}', last.is_none())? {
            let child = self.member(path, last)?;
            last = Some(child);
            match (Part::of(self.paths.name(child)), label, self.scanner.needed()?) {
                (Part::Label, None, b'"') => {
                    let text = self.scanner.string()?;
                    label = Some(self.child(self.paths.parent(path), None, &text)?);
                }
                (Part::Value, Some(label), next) if !has_value => {
                    has_value = next != b'n';
                    self.value(label, element, false)?;
                }
                // The rows of a block that is repeated.
                (Part::Rest, Some(label), b'[') => self.value(label, element, false)?,
                _ => {
                    self.paths.set_aside(child);
                    self.value(child, element, false)?;
                }
            }
        }
        Ok(())
    }

    /// Reads the next value; `element` is the index of the outermost list element around it that is not the first, counted
    /// from 1.
    fn value(&mut self, path: Path, element: u16, single: bool) -> Result<()> {
        match self.scanner.needed()? {
            b'{' if !self.is_inside && self.is_record(path) => self.inner_record(path),
            b'{' => {
                self.scanner.open()?;
                let mut last = None;
                while self.scanner.has_next(b'}', last.is_none())? {
                    let child = self.member(path, last)?;
                    last = Some(child);
                    self.value(child, element, false)?;
                }
                Ok(())
            }
            b'[' => {
                self.scanner.open()?;
                let mut index: u16 = 0;
                let is_numbered = tree::is_numbered(self.paths.name(path));
                let holds_pairs = self.is_inside && self.paths.holds_pairs(path);
                let mut last = None;
                let mut is_first = true;
                while self.scanner.has_next(b']', is_first)? {
                    if std::mem::take(&mut is_first) && self.has_lists_of_grist && self.scanner.passes(MARK_OF_GRIST)? {
                        continue;
                    }
                    index = index.saturating_add(1);
                    if holds_pairs && self.scanner.needed()? == b'{' {
                        self.pair(path, element)?;
                    } else if is_numbered {
                        let rank = (index - 1).to_string();
                        let child =
                            self.paths.child(path, last, &rank).map_err(|error| at(error, self.scanner.place()))?;
                        last = Some(child);
                        self.value(child, element, true)?;
                    } else {
                        self.value(path, if element > 1 { element } else { index }, true)?;
                    }
                }
                Ok(())
            }
            b'"' => {
                let place = self.scanner.place();
                if !self.is_inside {
                    let value = self.scanner.string()?;
                    let value = self.scanner.text(&value).to_owned();
                    return self.push(path, element, single, &value, place);
                }
                let label = self.paths.label(path, self.record, self.sink, place)?;
                let value = self.scanner.string()?;
                let value = self.scanner.text(&value);
                self.sink.current().push(label, element, single, value, place.0, place.1);
                Ok(())
            }
            b',' | b':' | b']' | b'}' => Err(self.scanner.unexpected()),
            _ => {
                let place = self.scanner.place();
                let length = self.scanner.word()?;
                let value = match self.scanner.ahead(length) {
                    "null" => "",
                    "true" => "VRAI",
                    "false" => "FAUX",
                    number if is_number(number) => number,
                    _ => return Err(self.scanner.unexpected()),
                };
                if !value.is_empty() && self.is_inside {
                    let label = self.paths.label(path, self.record, self.sink, place)?;
                    // « laureat: true » says what « statut: laureat » does.
                    let of_field = |choice: &(&'static Field, &str)| matches!(self.sink.target(label), Target::Field(field, _) if std::ptr::eq(*field, choice.0));
                    let chosen = vocabulary::choice(self.paths.name(path)).filter(of_field);
                    match (chosen, value) {
                        (Some((_, chosen)), "VRAI") => {
                            self.sink.current().push(label, element, single, chosen, place.0, place.1);
                        }
                        (Some(_), "FAUX") => {}
                        _ => self.sink.current().push(label, element, single, &unmistakable(value), place.0, place.1),
                    }
                } else if !value.is_empty() {
                    let value = value.to_owned();
                    self.push(path, element, single, &value, place)?;
                }
                self.scanner.pass(length);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::row::{Batch, Format};

    /// Gives few bytes at a time, so that windows end anywhere.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let length = buffer.len().min(3);
            self.0.read(&mut buffer[..length])
        }
    }

    /// A label, a value and its place.
    type Found = (String, String, u64, u32);

    /// What each record holds.
    fn read_all(bytes: &[u8]) -> Result<Vec<Vec<Found>>> {
        let mut records = Vec::new();
        let mut keep = |batch: Batch| {
            for row in batch.rows() {
                let cell = |cell: &crate::row::Cell| {
                    let label = batch.layout.labels[cell.label as usize].text.clone();
                    (label, row.text(cell).to_owned(), cell.line, cell.column)
                };
                records.push(row.cells().iter().map(cell).collect());
            }
            Ok(())
        };
        let mut sink = Sink::new("essai.json", Format::Json, &mut keep);
        super::read(Slow(bytes), None, &mut sink).map_err(|error| error.in_file("essai.json"))?;
        match sink.finish() {
            Err(error) if error.kind() != ErrorKind::Empty => Err(error),
            _ => Ok(records),
        }
    }

    /// The labels and values of a record, as `serde_json` reads it.
    fn flat(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
        let text = match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
                    flat(value, &path, found);
                }
                return;
            }
            Value::Array(values) => return values.iter().for_each(|value| flat(value, path, found)),
            Value::Null => return,
            Value::Bool(value) => if *value { "VRAI" } else { "FAUX" }.to_owned(),
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.trim().to_owned(),
        };
        if !text.is_empty() {
            found.push((path.to_owned(), text));
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let text = prop_oneof!["[ -~éœ’🚲]{0,8}", "[\\\\\"/\n\t\u{8}\u{c}\r\u{1}é🚲a ]{0,6}"];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            (-1e9..1e9).prop_map(Value::from),
            text.prop_map(Value::from),
        ];
        let name = "[a-z]{1,3}|[a-z\"\\\\é\u{1}]{1,2}";
        leaf.prop_recursive(4, 24, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((name, inner), 0..4).prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

        /// What `serde_json` writes is read as it reads it.
        #[test]
        fn values_are_those_of_serde_json(
            records in prop::collection::vec(prop::collection::vec(("[a-z]{1,4}", value()), 0..4), 1..4),
            is_pretty in any::<bool>(),
        ) {
            let records: Vec<Value> = records.into_iter().map(|members| members.into_iter().collect()).collect();
            let list = Value::from(records.clone());
            let text = if is_pretty { serde_json::to_string_pretty(&list) } else { serde_json::to_string(&list) }.unwrap();
            let expected: Vec<Vec<_>> = records
                .iter()
                .map(|record| {
                    let mut found = Vec::new();
                    flat(record, "", &mut found);
                    found
                })
                .collect();
            let read: Vec<Vec<(String, String)>> = read_all(text.as_bytes())
                .unwrap()
                .into_iter()
                .map(|record| record.into_iter().map(|(label, value, ..)| (label, value)).collect())
                .collect();
            prop_assert_eq!(read, expected);
        }

        /// What `serde_json` refuses is refused, and nothing else.
        #[test]
        fn errors_are_those_of_serde_json(
            record in value(), cut in any::<prop::sample::Index>(),
            byte in prop::sample::select(&b"{}[]\",:\\ntu01-.eE+ \n\x01\xFF"[..]),
        ) {
            let mut bytes = serde_json::to_vec(&json!([{ "a": record }])).unwrap();
            let at = cut.index(bytes.len());
            bytes[at] = byte;
            let known = serde_json::from_slice::<Value>(&bytes);
            let read = read_all(&bytes);
            match (known, read) {
                (Ok(Value::Array(records)), read) if records.iter().all(Value::is_object) => prop_assert!(read.is_ok()),
                (Ok(Value::Object(_)), read) => prop_assert!(read.is_ok()),
                (Ok(_), read) => prop_assert!(read.is_err()),
                // Several texts in one are read as records, one after the other, and a number may be of any size.
                (Err(error), Ok(_)) => {
                    let error = error.to_string();
                    prop_assert!(error.contains("trailing") || error.contains("out of range"), "{}", error);
                }
                (Err(_), Err(_)) => {}
            }
        }
    }

    #[test]
    fn places_are_those_of_characters() {
        let read = read_all("[\n {\"été\": \"a\", \"b\":[1, \"\\u00e9\"]}\n]".as_bytes()).unwrap();
        let cell = |label: &str, value: &str, line, column| (label.to_owned(), value.to_owned(), line, column);
        assert_eq!(read, [[cell("été", "a", 2, 10), cell("b", "1", 2, 20), cell("b", "é", 2, 23)]]);
    }

    #[test]
    fn records_follow_each_other() {
        for text in
            ["{\"a\":1}\n{\"a\":2}\n", "{\"a\":1}{\"a\":2}", "[{\"a\":1}][{\"a\":2}]", " [ {\"a\":1} , {\"a\":2} ] "]
        {
            let read = read_all(text.as_bytes()).unwrap();
            let values: Vec<&str> = read.iter().map(|record| record[0].1.as_str()).collect();
            assert_eq!(values, ["1", "2"], "{text}");
        }
    }

    #[test]
    fn errors_are_told_at_their_places() {
        for (text, place, told) in [
            ("[{\"a\":1,}]", (1, 8), "comma too many"),
            ("[{\"a\":1}\n,,{}]", (2, 2), "comma too many"),
            ("[{\"a\":1} {}]", (1, 10), "comma is missing"),
            ("[{\"a\" 1}]", (1, 7), "colon"),
            ("[{a:1}]", (1, 3), "name in quotes"),
            ("[{\"a\":bon}]", (1, 7), "a value is out of place"),
            ("[{\"a\":05}]", (1, 7), "a value is out of place"),
            ("[{\"a\":\"x\ny\"}]", (1, 9), "line break"),
            ("[{\"a\":\"x\\y\"}]", (1, 9), "sequence"),
            ("[{\"a\":\"\\ud800\"}]", (1, 8), "sequence"),
            ("[{\"a\":1]", (1, 8), "“]”"),
            ("[{\"a\":tr", (1, 9), "cut short"),
            ("[{\"a\":1", (1, 8), "cut short"),
        ] {
            let error = read_all(text.as_bytes()).unwrap_err();
            let shown = error.to_string();
            assert!(shown.contains(told) && shown.contains(&format!("{}:{}", place.0, place.1)), "{text}: {shown}");
        }
        assert!(read_all(b"[{\"a\":\"caf\xE9\"}]").unwrap_err().to_string().contains("UTF-8"));
    }
}
