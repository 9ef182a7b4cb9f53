//! JSON and NDJSON: an array of records, or records one after the other; keys are the labels.
//!
//! Read here and not by a crate, as each value is wanted with its place, its number as it is written and its text without a
//! copy, from a file of any size: `serde_json` has no places, and what has them takes three times as long.

use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::sink::long_record;
use super::survey::{ANY, Survey};
use super::tree::{self, Path, Paths};
use super::window::{Place, Places, Window};
use super::{MAX_DEPTH, MAX_RECORD_BYTES, Sink, decoded, read_error};
use crate::error::{Error, ErrorKind, Result};
use crate::reading::numbers::unmistakable;
use crate::row::Target;

/// Bytes in which the records are looked for.
const SAMPLE_BYTES: u64 = 256 << 10;

/// Reads the objects at `record_path`, keys from the root down; without one, those that hold the most labels we know.
pub(super) fn read(source: impl Read, record_path: Option<&str>, sink: &mut Sink<'_>) -> Result<()> {
    let mut source = decoded(source, None);
    let mut start = Vec::new();
    source.by_ref().take(SAMPLE_BYTES).read_to_end(&mut start).map_err(|error| read_error(&error))?;
    let survey = survey(&start);
    let records = match record_path {
        Some(path) => path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        None => survey.records(0).unwrap_or_default(),
    };
    let window = Window::new(start.as_slice().chain(source));
    let parser = Parser {
        sink,
        window,
        places: Places::new(),
        at: 0,
        unescaped: String::new(),
        has_lists_of_grist: survey.has_lists_of_grist(),
        paths: survey.into_paths(),
        depth: 0,
        records,
        record: Paths::ROOT,
        is_inside: false,
    };
    parser.records()
}

/// The elements and values of a sample.
fn survey(sample: &[u8]) -> Survey {
    let mut survey = Survey::new();
    let sample = sample.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(sample);
    let mut reader = serde_json::Deserializer::from_slice(sample);
    // What is wrong with the file is told when it is read; the sample may end anywhere.
    while (Visit { survey: &mut survey, rank: 0 }).deserialize(&mut reader).is_ok() {
        if survey.depth() != 1 {
            break;
        }
    }
    survey
}

/// Tells a survey what `serde_json` reads.
struct Visit<'s> {
    survey: &'s mut Survey,
    /// The rank, counted from 1, of an element of an array; 0 of what is none.
    rank: u64,
}

impl<'de> DeserializeSeed<'de> for Visit<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Visit<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<(), E> {
        self.survey.value(if value { "VRAI" } else { "FAUX" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<(), E> {
        self.survey.value(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<(), E> {
        self.survey.value(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<(), E> {
        self.survey.value(&value.to_string());
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> std::result::Result<(), E> {
        if self.rank == 1 {
            self.survey.list_begins(value);
        }
        self.survey.value(value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<(), A::Error> {
        let is_numbered = self.survey.is_numbered();
        let mut rank = 0_u64;
        loop {
            if is_numbered && !self.survey.enter(&rank.to_string()) {
                return Ok(());
            }
            rank += 1;
            let found =
                list.next_element_seed(Visit { survey: self.survey, rank: if is_numbered { 0 } else { rank } })?;
            if is_numbered {
                self.survey.leave();
            }
            if found.is_none() {
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        if self.rank > 0 {
            self.survey.item();
        }
        while let Some(key) = map.next_key::<String>()? {
            if !self.survey.enter(&key) {
                return Ok(());
            }
            map.next_value_seed(Visit { survey: self.survey, rank: 0 })?;
            self.survey.leave();
        }
        Ok(())
    }
}

struct Parser<'s, 'a, R> {
    sink: &'s mut Sink<'a>,
    window: Window<R>,
    places: Places,
    /// Where in the window the parser stands.
    at: usize,
    /// The string that was read last, if it has escapes.
    unescaped: String,
    has_lists_of_grist: bool,
    paths: Paths,
    /// How many arrays and objects are open.
    depth: usize,
    /// The keys from the root down to the records; none where these stand at the root.
    records: Vec<String>,
    /// The path of the record that is open.
    record: Path,
    is_inside: bool,
}

/// The text of a string: a part of the window, or what its escapes stand for.
enum Text {
    Plain(usize, usize),
    Unescaped,
}

impl<R: Read> Parser<'_, '_, R> {
    fn records(mut self) -> Result<()> {
        if self.peek()?.is_none() {
            return Err(self.cut_short());
        }
        if !self.records.is_empty() {
            while self.peek()?.is_some() {
                self.value(Paths::ROOT, 1, false)?;
            }
            return Ok(());
        }
        while let Some(byte) = self.peek()? {
            if byte == b'[' {
                self.open()?;
                let mut is_first = true;
                while self.has_next(b']', is_first)? {
                    self.record()?;
                    is_first = false;
                }
            } else {
                self.record()?;
            }
        }
        Ok(())
    }

    fn record(&mut self) -> Result<()> {
        let (line, column) = self.place();
        match self.needed()? {
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
            _ => Err(self.unexpected()),
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
        let place = self.place();
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

    /// Reads the next value; `element` is the index of the outermost list element around it that is not the first, counted
    /// from 1.
    fn value(&mut self, path: Path, element: u16, single: bool) -> Result<()> {
        match self.needed()? {
            b'{' if !self.is_inside && self.is_record(path) => self.inner_record(path),
            b'{' => {
                self.open()?;
                let mut last = None;
                while self.has_next(b'}', last.is_none())? {
                    if self.needed()? != b'"' {
                        return Err(
                            self.malformed("un nom entre guillemets est attendu", "a name in quotes is expected")
                        );
                    }
                    let name = self.string()?;
                    let name = text(&self.window, &self.unescaped, &name);
                    let child = self.paths.child(path, last, name).map_err(|error| at(error, self.place()))?;
                    last = Some(child);
                    if self.needed()? != b':' {
                        return Err(self.malformed("il manque un deux-points", "a colon is missing"));
                    }
                    self.at += 1;
                    self.value(child, element, false)?;
                }
                Ok(())
            }
            b'[' => {
                self.open()?;
                let mut index: u16 = 0;
                let is_numbered = tree::is_numbered(self.paths.name(path));
                let mut last = None;
                let mut is_first = true;
                while self.has_next(b']', is_first)? {
                    if std::mem::take(&mut is_first) && self.is_mark_of_grist()? {
                        continue;
                    }
                    index = index.saturating_add(1);
                    if is_numbered {
                        let rank = (index - 1).to_string();
                        let child = self.paths.child(path, last, &rank).map_err(|error| at(error, self.place()))?;
                        last = Some(child);
                        self.value(child, element, true)?;
                    } else {
                        self.value(path, if element > 1 { element } else { index }, true)?;
                    }
                }
                Ok(())
            }
            b'"' => {
                let place = self.place();
                if !self.is_inside {
                    let value = self.string()?;
                    let value = text(&self.window, &self.unescaped, &value).to_owned();
                    return self.push(path, element, single, &value, place);
                }
                let label = self.paths.label(path, self.record, self.sink, place)?;
                let value = self.string()?;
                let value = text(&self.window, &self.unescaped, &value);
                self.sink.current().push(label, element, single, value, place.0, place.1);
                Ok(())
            }
            b',' | b':' | b']' | b'}' => Err(self.unexpected()),
            _ => {
                let place = self.place();
                let length = self.word()?;
                let value = match &self.window.text()[self.at..self.at + length] {
                    "null" => "",
                    "true" => "VRAI",
                    "false" => "FAUX",
                    number if is_number(number) => number,
                    _ => return Err(self.unexpected()),
                };
                if !value.is_empty() && self.is_inside {
                    let label = self.paths.label(path, self.record, self.sink, place)?;
                    self.sink.current().push(label, element, single, &unmistakable(value), place.0, place.1);
                } else if !value.is_empty() {
                    let value = value.to_owned();
                    self.push(path, element, single, &value, place)?;
                }
                self.at += length;
                Ok(())
            }
        }
    }

    /// Passes the mark of a list of Grist, which is none of its elements.
    fn is_mark_of_grist(&mut self) -> Result<bool> {
        const MARK: &str = "\"L\"";
        if !self.has_lists_of_grist {
            return Ok(false);
        }
        while self.window.text().len() - self.at < MARK.len() && self.read_on()? {}
        let is_mark = self.window.text()[self.at..].starts_with(MARK);
        if is_mark {
            self.at += MARK.len();
        }
        Ok(is_mark)
    }

    /// Passes the bracket that opens an array or an object.
    fn open(&mut self) -> Result<()> {
        if self.depth == MAX_DEPTH {
            return Err(self.malformed(
                &format!("plus de {MAX_DEPTH} objets imbriqués, ce n’est pas une liste de PTCE"),
                &format!("objects nested deeper than {MAX_DEPTH}, this is not a list of PTCE"),
            ));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Whether the open array or object has another element, at which the parser then stands; else passes its closing bracket.
    fn has_next(&mut self, closing: u8, is_first: bool) -> Result<bool> {
        let byte = self.needed()?;
        if byte == closing {
            self.depth -= 1;
            self.at += 1;
            return Ok(false);
        }
        if is_first {
            return Ok(true);
        }
        match byte {
            b',' => {}
            b']' | b'}' | b':' => return Err(self.unexpected()),
            _ => return Err(self.malformed("il manque une virgule", "a comma is missing")),
        }
        let Some((next, byte)) = self.next(1)? else { return Err(self.cut_short()) };
        if byte == closing {
            return Err(self.unexpected());
        }
        self.at = next;
        Ok(true)
    }

    /// The first byte that is no blank, so many bytes from here on or later, and where it is; none at the end.
    fn next(&mut self, mut passed: usize) -> Result<Option<(usize, u8)>> {
        loop {
            let rest = &self.window.text().as_bytes()[self.at + passed..];
            match rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\t' | b'\r')) {
                Some(blanks) => return Ok(Some((self.at + passed + blanks, rest[blanks]))),
                None => passed += rest.len(),
            }
            if !self.read_on()? {
                return Ok(None);
            }
        }
    }

    /// Passes blanks, and answers the byte at which the parser then stands; none at the end.
    fn peek(&mut self) -> Result<Option<u8>> {
        // Most bytes come right after the one before.
        if let Some(byte @ (b'"' | b',' | b':' | b'}' | b'{')) = self.window.text().as_bytes().get(self.at) {
            return Ok(Some(*byte));
        }
        while let Some(blank) = self.window.text().as_bytes().get(self.at) {
            if !matches!(blank, b' ' | b'\n' | b'\t' | b'\r') {
                return Ok(Some(*blank));
            }
            self.at += 1;
        }
        match self.next(0)? {
            Some((at, byte)) => {
                self.at = at;
                Ok(Some(byte))
            }
            None => {
                self.at = self.window.text().len();
                if self.window.is_broken() { Err(self.cut_short()) } else { Ok(None) }
            }
        }
    }

    fn needed(&mut self) -> Result<u8> {
        self.peek()?.ok_or_else(|| self.cut_short())
    }

    /// Reads more behind what the parser has not passed, and answers whether there may be any.
    fn read_on(&mut self) -> Result<bool> {
        if self.window.is_last() {
            return Ok(false);
        }
        self.window.read_on(self.at, &mut self.places).map_err(|error| read_error(&error))?;
        self.at = 0;
        Ok(true)
    }

    /// Passes a string.
    fn string(&mut self) -> Result<Text> {
        // Bytes from the first quote on that are looked at, and the first escape among them.
        let (mut length, mut escape) = (1, None);
        loop {
            let rest = self.window.text().as_bytes().get(self.at + length..).unwrap_or_default();
            match memchr::memchr2(b'"', b'\\', rest) {
                Some(end) if rest[end] == b'"' => {
                    length += end;
                    break;
                }
                Some(end) => {
                    length += end + 2;
                    escape = escape.or(Some(length - 2));
                }
                None => {
                    length = length.max(self.window.text().len() - self.at);
                    if length > MAX_RECORD_BYTES {
                        return Err(at(long_record(), self.place()));
                    }
                    if !self.read_on()? {
                        return Err(self.cut_short());
                    }
                }
            }
        }
        let (start, end) = (self.at + 1, self.at + length);
        let inner = &self.window.text().as_bytes()[start..end];
        // The whole is gone through, which takes less time than to stop at the first one.
        if inner.iter().fold(false, |found, byte| found | (*byte < b' ')) {
            self.at = start + inner.iter().position(|byte| *byte < b' ').unwrap_or_default();
            return Err(self.malformed(
                "un saut de ligne ou un caractère de contrôle se trouve dans un texte",
                "a line break or a control character stands in a text",
            ));
        }
        if let Some(escape) = escape {
            self.unescape(start, self.at + escape, end)?;
        }
        self.at = end + 1;
        Ok(if escape.is_some() { Text::Unescaped } else { Text::Plain(start, end) })
    }

    /// Makes the text of a string whose first escape is at `escape`.
    fn unescape(&mut self, start: usize, escape: usize, end: usize) -> Result<()> {
        let window = self.window.text();
        self.unescaped.clear();
        self.unescaped.push_str(&window[start..escape]);
        let mut rest = &window[escape..end];
        while let Some(escaped) = rest.strip_prefix('\\') {
            let Some((character, length)) = unescaped(escaped) else {
                self.at = end - rest.len();
                return Err(self.malformed("une suite « \\ » est inconnue", "a sequence “\\” is unknown"));
            };
            let after = &escaped[length..];
            let next = memchr::memchr(b'\\', after.as_bytes()).unwrap_or(after.len());
            self.unescaped.push(character);
            self.unescaped.push_str(&after[..next]);
            rest = &after[next..];
        }
        Ok(())
    }

    /// Bytes of the number or of the word that begins here.
    fn word(&mut self) -> Result<usize> {
        let mut length = 0;
        loop {
            let rest = &self.window.text().as_bytes()[self.at + length..];
            let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
            match rest.iter().position(|byte| !is_of_word(byte)) {
                Some(end) => return Ok(length + end),
                None => length += rest.len(),
            }
            if length > MAX_RECORD_BYTES {
                return Err(at(long_record(), self.place()));
            }
            if !self.read_on()? {
                return Ok(length);
            }
        }
    }

    /// Where the parser stands.
    fn place(&mut self) -> Place {
        self.places.of(self.window.text(), self.at)
    }

    /// What stands here does not belong here.
    fn unexpected(&mut self) -> Error {
        let rest = &self.window.text()[self.at..];
        let is_of_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '+' | '-' | '.');
        let end = rest.find(|letter| !is_of_word(letter)).unwrap_or(rest.len());
        if end == rest.len() && self.window.is_last() {
            return self.cut_short();
        }
        let found: String = rest.chars().take(rest[..end].chars().count().clamp(1, 20)).collect();
        match found.as_str() {
            "," => self.malformed("une virgule est en trop", "there is a comma too many"),
            found => self.malformed(
                &format!("« {found} » n’est pas à sa place, ou manque de guillemets"),
                &format!("“{found}” is out of place, or lacks its quotes"),
            ),
        }
    }

    /// Whatever is missing at the end of what can be read is missing because the file is cut.
    fn cut_short(&mut self) -> Error {
        self.at = self.window.text().len();
        if self.window.is_broken() {
            return self.malformed("un caractère n’est pas de l’UTF-8", "a character is not UTF-8");
        }
        self.malformed("le fichier s’arrête avant la fin, il est coupé", "the file ends too early, it is cut short")
    }

    fn malformed(&mut self, fr: &str, en: &str) -> Error {
        let error = Error::new(
            ErrorKind::Syntax,
            format!("JSON mal formé : {fr} ; corrigez ce passage ou demandez un nouvel envoi"),
            format!("malformed JSON: {en}; correct this passage or ask for the file again"),
        );
        at(error, self.place())
    }
}

fn at(error: Error, (line, column): Place) -> Error {
    error.at(line, Some(column.into()))
}

fn text<'t, R: Read>(window: &'t Window<R>, unescaped: &'t str, text: &Text) -> &'t str {
    match text {
        Text::Plain(start, end) => &window.text()[*start..*end],
        Text::Unescaped => unescaped,
    }
}

/// Whether a word is a number of JSON: `-0.5e+10`, not `05`, `.5` or `5.`.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) =
        word.split_once(['e', 'E']).map_or((word, None), |(before, after)| (before, Some(after)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(before, after)| (before, Some(after)));
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// The character that stands behind a backslash, and how many bytes it takes there.
fn unescaped(escaped: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = escaped.get(at..at + 4).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u32::from_str_radix(digits, 16).ok()
    };
    let character = match escaped.bytes().next()? {
        byte @ (b'"' | b'\\' | b'/') => char::from(byte),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let first = unit(1)?;
            if let Some(character) = char::from_u32(first) {
                return Some((character, 5));
            }
            // A character beyond the first 65,536 is written in two halves.
            let second = unit(7).filter(|_| escaped[5..].starts_with("\\u"))?;
            let is_pair = (0xD800..0xDC00).contains(&first) && (0xDC00..0xE000).contains(&second);
            let code = 0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF);
            return char::from_u32(code).filter(|_| is_pair).map(|character| (character, 11));
        }
        _ => return None,
    };
    Some((character, 1))
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
            ("[{\"a\":bon}]", (1, 7), "“bon”"),
            ("[{\"a\":05}]", (1, 7), "“05”"),
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
