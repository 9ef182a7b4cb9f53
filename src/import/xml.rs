//! XML: elements that hold what we know are the records; the elements and attributes below are the labels.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, BytesText, Event};

use super::encoding::Evidence;
use super::grids::html;
use super::sheet::arrangement;
use super::survey::{ANY, RECORD, Survey};
use super::tree::{Path, Paths};
use super::window::{Place, Places, Window};
use super::{MAX_DEPTH, MAX_RECORD_BYTES, Sink, decoded};
use crate::error::{Error, ErrorKind, Result};
use crate::row;
use crate::text::visible::name_told;
use crate::text::words::trimmed;
use crate::vocabulary::{Values, meaning};

/// Bytes in which the element of a record is looked for.
const SAMPLE_BYTES: u64 = 1 << 20;

/// Bytes in which the parser sees what kind of markup begins; with fewer, it is an error at their first.
const MARKUP: usize = 16;

/// Reads the elements at `record_path`, names from the root down; without one, those that hold the most labels we know. The
/// bytes go before what the declaration says of them: many a file is declared UTF-8 and is none.
pub(super) fn read(
    source: impl Read,
    evidence: Evidence,
    record_path: Option<&str>,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let mut source = evidence.mark.chain(source);
    let mut start = Vec::new();
    source.by_ref().take(SAMPLE_BYTES).read_to_end(&mut start).map_err(|error| super::read_error(&error))?;
    let marked = encoding_rs::Encoding::for_bom(&start).map(|(encoding, _)| encoding);
    let encoding = match marked {
        Some(encoding) => Some(encoding),
        None => super::encoding::declared_encoding(&start[..start.len().min(1024)])?
            .filter(|declared| evidence.is_unicode || *declared != encoding_rs::UTF_8)
            .or((!evidence.is_unicode).then_some(evidence.single_byte)),
    };
    let survey = survey(decoded(start.as_slice(), encoding));
    let records = match record_path {
        Some(path) => path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        None => found(&survey),
    };
    let name = match encoding.unwrap_or(encoding_rs::UTF_8) {
        encoding if encoding == evidence.single_byte => evidence.name(),
        encoding => encoding.name(),
    };
    sink.set_encoding(name, None);
    sink.set_evidence(row::Evidence {
        byte_order_mark: marked.is_some() && evidence.mark.is_empty(),
        windows_1252_letters: evidence.windows,
        mac_roman_letters: evidence.mac,
        ..row::Evidence::default()
    });
    let mut window = Window::new(decoded((&start[..]).chain(source), encoding));
    let mut places = Places::new();
    let mut parser = Parser {
        sink,
        paths: survey.into_paths(),
        frames: Vec::new(),
        opened: 0,
        names: String::new(),
        text: String::new(),
        record: Paths::ROOT,
        records,
        is_inside: false,
        lines: BTreeMap::new(),
    };
    loop {
        let text = window.text();
        let Some(rest) = parser.window(text, window.is_last(), &mut places)? else { return Ok(()) };
        if text.len() - rest > MAX_RECORD_BYTES {
            return Err(at_place(long_text(), places.of(text, rest)));
        }
        window.read_on(rest, &mut places).map_err(|error| super::read_error(&error))?;
    }
}

/// What a text begins with.
enum Markup<'t> {
    /// A tag that opens an element, or is a whole one, by its name; one that closes an element. It holds nothing else.
    Open(&'t str),
    Empty(&'t str),
    Close(&'t str),
    /// What stands between tags and references.
    Text(&'t str),
    /// Any other markup, which is left to the parser.
    Other,
    /// Nothing.
    End,
}

impl Markup<'_> {
    /// The markup with which a text begins, and how many bytes it takes. Nearly all of a file is tags without attributes and the
    /// texts between them, which need no parser.
    fn at(text: &str) -> (Markup<'_>, usize) {
        let bytes = text.as_bytes();
        let name_from = |start: usize| {
            let rest = &bytes[start..];
            let length = rest.iter().take_while(|byte| IS_OF_NAME[usize::from(**byte)]).count();
            let is_name = rest.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_');
            (&text[start..start + length], if is_name { &rest[length..] } else { &[] })
        };
        match bytes {
            [] => (Markup::End, 0),
            [b'<', b'/', ..] => match name_from(2) {
                (name, [b'>', ..]) => (Markup::Close(name), name.len() + 3),
                _ => (Markup::Other, 0),
            },
            [b'<', ..] => match name_from(1) {
                (name, [b'>', ..]) => (Markup::Open(name), name.len() + 2),
                (name, [b'/', b'>', ..]) => (Markup::Empty(name), name.len() + 3),
                _ => (Markup::Other, 0),
            },
            [b'&', ..] => (Markup::Other, 0),
            _ => {
                let end = memchr::memchr2(b'<', b'&', bytes).unwrap_or(bytes.len());
                (Markup::Text(&text[..end]), end)
            }
        }
    }
}

/// For each byte, whether it may stand in a name without a prefix, of letters of ASCII.
static IS_OF_NAME: [bool; 256] = {
    let mut is_of_name = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        is_of_name[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'_' | b'-' | b'.');
        byte += 1;
    }
    is_of_name
};

fn at_place(error: Error, (line, column): Place) -> Error {
    error.at(line, Some(column.into()))
}

fn doc_type() -> Error {
    Error::new(
        ErrorKind::Syntax,
        "le fichier contient une déclaration DOCTYPE, refusée par sécurité ; retirez-la",
        "the file holds a DOCTYPE declaration, refused for safety; remove it",
    )
}

/// An open element.
struct Frame {
    path: Path,
    place: Place,
    /// Its number among all elements of the file.
    number: u64,
    /// Which of the elements of its name it is, counted from 1: that of the outermost element of the record that is
    /// repeated tells which contact, partner or department this is.
    element: u16,
    /// The child that came last.
    last: Option<Path>,
    /// Where its text begins, and its name with its prefix.
    text: usize,
    name: usize,
}

struct Parser<'s, 'a> {
    sink: &'s mut Sink<'a>,
    paths: Paths,
    frames: Vec<Frame>,
    /// How many elements have been opened.
    opened: u64,
    /// The names of the open elements with their prefixes, and their texts, one after the other.
    names: String,
    text: String,
    /// The path of the record that is open.
    record: Path,
    /// The names of the elements from the root down to the records; empty when any child of the root is one.
    records: Vec<String>,
    /// Whether a record is open.
    is_inside: bool,
    /// The labels that stand within values that are pages of their own.
    lines: BTreeMap<String, u32>,
}

/// The elements and values of a sample.
fn survey(sample: impl Read) -> Survey {
    // What is wrong with the file is told when it is read.
    let mut reader = Reader::from_reader(BufReader::new(sample));
    let mut buffer = Vec::new();
    let mut survey = Survey::new();
    loop {
        buffer.clear();
        let (start, is_open) = match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(start)) => (start, true),
            Ok(Event::Empty(start)) => (start, false),
            Ok(Event::End(_)) => {
                survey.leave();
                continue;
            }
            Ok(Event::Text(text)) => {
                survey.value(&text.xml10_content());
                continue;
            }
            Ok(Event::CData(text)) => {
                survey.value(&text.xml10_content());
                continue;
            }
            Ok(Event::Eof) | Err(_) => return survey,
            Ok(_) => continue,
        };
        if survey.depth() > MAX_DEPTH || !survey.enter(start.local_name().as_ref()) {
            return survey;
        }
        for attribute in start.attributes().with_checks(false).flatten() {
            if !survey.enter(attribute.key.local_name().as_ref()) {
                return survey;
            }
            survey.value(&attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap_or_default());
            survey.leave();
        }
        if !is_open {
            survey.leave();
        }
    }
}

/// The names from the root down to the records; empty for the children of the root, whatever their names.
fn found(survey: &Survey) -> Vec<String> {
    match survey.records(2) {
        // Where its children bear several names, each of them is a record.
        Some(names) if names.len() == 2 && (names[1] == ANY || survey.are_several_below(&names[..1])) => Vec::new(),
        Some(names) => names,
        None if survey.has_root(RECORD) => vec![RECORD.to_owned()],
        None => Vec::new(),
    }
}

impl Parser<'_, '_> {
    /// Reads what stands in a window; answers where that begins which may go on behind it, none at the end of the file.
    fn window(&mut self, text: &str, is_last: bool, places: &mut Places) -> Result<Option<usize>> {
        let mut start = 0;
        loop {
            let (markup, length) = Markup::at(&text[start..]);
            if matches!(markup, Markup::Other) {
                match self.markup(text, start, is_last, places)? {
                    Some(next) => start = next,
                    None => return Ok(Some(start)),
                }
                continue;
            }
            let next = start + length;
            // What reaches the end of the window may go on behind it.
            if text.len() - next < MARKUP && !is_last {
                return Ok(Some(start));
            }
            let mut at = || places.of(text, start);
            match markup {
                Markup::Open(name) => {
                    self.element(name, name, at())?;
                }
                Markup::Empty(name) => {
                    self.element(name, name, at())?;
                    self.close()?;
                }
                Markup::Close(name) => {
                    self.check_end(name).map_err(|error| at_place(error, at()))?;
                    self.close()?;
                }
                Markup::Text(text) => {
                    // Line ends are told as one sign.
                    let text = match memchr::memchr(b'\r', text.as_bytes()) {
                        None => Cow::Borrowed(text),
                        Some(_) => Cow::Owned(BytesText::from_escaped(text).xml10_content().into_owned()),
                    };
                    self.text(&text).map_err(|error| at_place(error, at()))?;
                }
                Markup::End | Markup::Other => return self.finish(at()).map(|()| None),
            }
            start = next;
        }
    }

    /// Reads with the parser what begins at a place of a window; answers where it ends, none where it may go on behind the window.
    fn markup(&mut self, text: &str, start: usize, is_last: bool, places: &mut Places) -> Result<Option<usize>> {
        let mut reader = Reader::from_str(&text[start..]);
        // What was opened before is closed elsewhere: see `Parser::close`.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        let event = reader.read_event();
        let next = start + reader.buffer_position() as usize;
        if text.len() - next < MARKUP && !is_last {
            return Ok(None);
        }
        let mut at = || places.of(text, start);
        match event.map_err(|error| at_place(malformed(&error), at()))? {
            Event::Start(start) => self.open(&start, at())?,
            Event::Empty(start) => {
                self.open(&start, at())?;
                self.close()?;
            }
            Event::End(end) => {
                self.check_end(end.name().as_ref()).map_err(|error| at_place(error, at()))?;
                self.close()?;
            }
            Event::Text(text) => self.text(&text.xml10_content()).map_err(|error| at_place(error, at()))?,
            Event::CData(text) => self.text(&text.xml10_content()).map_err(|error| at_place(error, at()))?,
            Event::GeneralRef(reference) => {
                self.reference(&reference).map_err(|error| at_place(error, at()))?;
            }
            Event::DocType(_) => return Err(at_place(doc_type(), at())),
            Event::Eof | Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
        Ok(Some(next))
    }

    fn open(&mut self, start: &BytesStart<'_>, place: Place) -> Result<()> {
        let path = self.element(start.name().as_ref(), start.local_name().as_ref(), place)?;
        self.attributes(start, path, place)
    }

    /// Opens an element of a name, with its prefix and without; answers its path.
    fn element(&mut self, whole: &str, name: &str, place: Place) -> Result<Path> {
        if self.frames.len() == MAX_DEPTH {
            return Err(at_place(too_deep(), place));
        }
        self.opened += 1;
        let (path, count) = match self.frames.last_mut() {
            Some(parent) => {
                let path = self.paths.child(parent.path, parent.last, name);
                let path = path.map_err(|error| at_place(error, place))?;
                parent.last = Some(path);
                (path, self.paths.count(path, parent.number))
            }
            None => (self.paths.child(Paths::ROOT, None, name).map_err(|error| at_place(error, place))?, 1),
        };
        let around = self.frames.last().map_or(1, |parent| parent.element);
        let mut element = if around > 1 { around } else { count };
        if !self.is_inside {
            element = 1;
            if self.is_record(name) {
                self.is_inside = true;
                self.record = path;
                self.sink.row(place.0, place.1);
            }
        }
        let (text, name) = (self.text.len(), self.names.len());
        self.names.push_str(whole);
        self.frames.push(Frame { path, place, number: self.opened, element, last: None, text, name });
        Ok(path)
    }

    fn attributes(&mut self, start: &BytesStart<'_>, element: Path, place: Place) -> Result<()> {
        let mut seen = BTreeSet::new();
        let mut last = None;
        // The checks of quick-xml compare each attribute with all others.
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| at_place(syntax(&error), place))?;
            let key = attribute.key;
            if !seen.insert(key) {
                return Err(at_place(twice(key.as_ref()), place));
            }
            // Declarations of namespaces and notes to XML tools are no data.
            if ["xmlns", "xml:", "xsi:"].iter().any(|start| key.as_ref().starts_with(start)) {
                continue;
            }
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            let value = value.map_err(|error| at_place(syntax(&error), place))?;
            if !self.is_inside {
                self.sink.outside(value.trim(), place.0, place.1)?;
                continue;
            }
            let path = self.paths.child(element, last, key.local_name().as_ref());
            let path = path.map_err(|error| at_place(error, place))?;
            last = Some(path);
            let label = self.paths.label(path, self.record, self.sink, place)?;
            let element = self.frames.last().map_or(1, |frame| frame.element);
            self.sink.current().push(label, element, false, &value, place.0, place.1);
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.last = last;
        }
        Ok(())
    }

    /// Depth at which records begin.
    fn depth_of_records(&self) -> usize {
        if self.records.is_empty() { 2 } else { self.records.len() }
    }

    /// Whether an element that opens within the open ones is a record.
    fn is_record(&self, name: &str) -> bool {
        let open = self.frames.iter().map(|frame| self.paths.name(frame.path)).chain([name]);
        self.frames.len() + 1 == self.depth_of_records()
            && (self.records.is_empty()
                || open.zip(&self.records).all(|(name, record)| name == record || record == ANY))
    }

    fn text(&mut self, text: &str) -> Result<()> {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let length = self.text.len() - frame.text;
        // Between elements stand only line breaks, as many as the file has elements.
        let is_blank = |byte: &u8| !byte.is_ascii_graphic();
        let text = if length == 0 && text.as_bytes().first().is_some_and(is_blank) { text.trim_start() } else { text };
        if length + text.len() > MAX_RECORD_BYTES {
            return Err(long_text());
        }
        self.text.push_str(text);
        Ok(())
    }

    /// A character reference, or one of the five entities of XML; no other entity can exist without a DOCTYPE.
    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<()> {
        let resolved = reference.resolve_char_ref().map_err(|error| syntax(&error))?;
        if let Some(character) = resolved {
            return self.text(character.encode_utf8(&mut [0; 4]));
        }
        let text = match reference.as_ref() {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "apos" => "'",
            // Its name may be a part of the text: `R&D;`.
            _ => {
                return Err(Error::new(
                    ErrorKind::Syntax,
                    "une entité n’est pas définie ; écrivez le caractère lui-même",
                    "an entity is not defined; write the character itself",
                ));
            }
        };
        self.text(text)
    }

    /// Whether an end tag is that of the element which is open.
    fn check_end(&self, found: &str) -> Result<()> {
        let open = self.frames.last().map(|frame| &self.names[frame.name..]);
        if open == Some(found) {
            return Ok(());
        }
        let found = told(found);
        match open.map(told) {
            Some(expected) => Err(malformed_xml(
                &format!("</{found}> ferme un autre élément que <{expected}>"),
                &format!("</{found}> closes another element than <{expected}>"),
            )),
            None => Err(malformed_xml(
                &format!("</{found}> ne ferme aucun élément"),
                &format!("</{found}> closes no element"),
            )),
        }
    }

    fn close(&mut self) -> Result<()> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let (line, column) = frame.place;
        let text = &self.text[frame.text..];
        let may_be_marked_up = memchr::memchr(b'<', text.as_bytes()).is_some() && text.contains("</");
        let is_marked_up = self.is_inside && may_be_marked_up && self.marked_up(&frame)?;
        let text = trimmed(&self.text[frame.text..]);
        if is_marked_up {
            // Its lines have been told under their own labels.
        } else if !text.is_empty() && !self.is_inside {
            self.sink.outside(text, line, column)?;
        } else if !text.is_empty() {
            let label = self.paths.label(frame.path, self.record, self.sink, frame.place)?;
            let single = self.paths.is_item(frame.path);
            self.sink.current().push(label, frame.element, single, text, line, column);
        }
        self.text.truncate(frame.text);
        self.names.truncate(frame.name);
        if self.is_inside && self.frames.len() + 1 == self.depth_of_records() {
            self.is_inside = false;
            self.sink.commit()?;
        }
        Ok(())
    }

    /// Reads a value that is a page of its own, whose lines bear labels; answers whether it is one.
    fn marked_up(&mut self, frame: &Frame) -> Result<bool> {
        let lines = html::lines(self.text[frame.text..].trim());
        if !lines.iter().any(|line| arrangement::label_and_value(line).is_some()) {
            return Ok(false);
        }
        let (line, column) = frame.place;
        let mut rest: Vec<&str> = Vec::new();
        for text in &lines {
            match arrangement::label_and_value(text) {
                Some((name, value)) => {
                    let label = match self.lines.get(name) {
                        Some(label) => *label,
                        None => {
                            let label = self.sink.path(&[], &[name], &Values::none(), line, column)?;
                            self.lines.insert(name.to_owned(), label);
                            label
                        }
                    };
                    self.sink.current().push(label, frame.element, false, value, line, column);
                }
                None => rest.push(text),
            }
        }
        if !rest.is_empty() {
            let label = self.paths.label(frame.path, self.record, self.sink, frame.place)?;
            self.sink.current().push(label, frame.element, true, &rest.join("\n"), line, column);
        }
        Ok(true)
    }

    fn finish(&mut self, place: Place) -> Result<()> {
        match self.frames.last() {
            Some(frame) => {
                let (name, line) = (told(self.paths.name(frame.path)), frame.place.0);
                let error = Error::new(
                    ErrorKind::Syntax,
                    format!(
                        "le fichier s’arrête avant la fin de l’élément <{name}> ouvert ligne {line} ; il est coupé, demandez un nouvel envoi"
                    ),
                    format!(
                        "the file ends before the end of element <{name}> opened on line {line}; it is cut short, ask for it again"
                    ),
                );
                Err(at_place(error, place))
            }
            None => Ok(()),
        }
    }
}

fn long_text() -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("un texte dépasse {} Mo ; le fichier est abîmé", MAX_RECORD_BYTES >> 20),
        format!("a text exceeds {} MB; the file is damaged", MAX_RECORD_BYTES >> 20),
    )
}

fn too_deep() -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("plus de {MAX_DEPTH} éléments imbriqués ; ce n’est pas une liste de PTCE"),
        format!("elements nested deeper than {MAX_DEPTH}; this is not a list of PTCE"),
    )
}

/// The name of an element or an attribute as errors tell it. Only one that means a field is no text of somebody: `<Camille>`.
fn told(name: &str) -> &str {
    match meaning(name).0 {
        row::Target::Unknown => "…",
        _ => name_told(name),
    }
}

fn twice(name: &str) -> Error {
    let name = told(name);
    malformed_xml(
        &format!("l’attribut « {name} » est donné deux fois"),
        &format!("the attribute “{name}” is given twice"),
    )
}

/// What the parser says, in our words where a person is likely to meet it.
fn malformed(error: &quick_xml::Error) -> Error {
    use quick_xml::Error::{IllFormed, Syntax};
    use quick_xml::errors::{IllFormedError, SyntaxError};
    let (fr, en) = match error {
        IllFormed(IllFormedError::UnclosedReference) => {
            ("un « & » doit s’écrire « &amp; »".to_owned(), "an “&” must be written “&amp;”".to_owned())
        }
        Syntax(SyntaxError::UnclosedTag) => {
            ("une balise n’est jamais refermée par « > »".to_owned(), "a tag is never closed by “>”".to_owned())
        }
        error => return syntax(error),
    };
    malformed_xml(&fr, &en)
}

/// What the parser says of anything else.
fn syntax(problem: &dyn std::fmt::Display) -> Error {
    malformed_xml(&problem.to_string(), &problem.to_string())
}

fn malformed_xml(fr: &str, en: &str) -> Error {
    Error::new(
        ErrorKind::Syntax,
        format!("XML mal formé : {fr} ; corrigez ce passage ou demandez un nouvel envoi"),
        format!("malformed XML: {en}; correct this passage or ask for the file again"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{Batch, Cell, Format};

    /// A label, a value and its place.
    type Found = (String, String, u64, u32);

    /// What all records hold.
    fn read_all(text: &str) -> Result<Vec<Found>> {
        let mut cells = Vec::new();
        let mut keep = |batch: Batch| {
            for row in batch.rows() {
                let label = |cell: &Cell| batch.layout.labels[cell.label as usize].text.clone();
                let cell = |cell: &Cell| (label(cell), row.text(cell).to_owned(), cell.line, cell.column);
                cells.extend(row.cells().iter().map(cell));
            }
            Ok(())
        };
        let mut sink = Sink::new("essai.xml", Format::Xml, &mut keep);
        super::read(text.as_bytes(), Evidence::default(), None, &mut sink)?;
        sink.finish()?;
        Ok(cells)
    }

    /// A tag, a text or a reference is the same wherever a window ends in it.
    #[test]
    fn windows_may_end_anywhere() {
        let document = "<ptces>\n <ptce nom=\"A &amp; B\" ><!-- <b> --><contacts><contact>\n  <nom>Léa &#233;t&lt;</nom></contact>\
                        <contact><nom><![CDATA[<Noé>]]></nom></contact></contacts>\n<sigle/></ptce>\n <ptce><nom>C</nom>\n\
                        </ptce>\n</ptces>\n";
        let mut expected = None;
        for padding in 0..70 {
            let text = format!("<?xml version=\"1.0\"?><!--{}-->\n{document}", "é".repeat(padding));
            let read = read_all(&text).unwrap_or_else(|error| panic!("{padding}: {error}"));
            assert_eq!(*expected.get_or_insert_with(|| read.clone()), read, "{padding}");
        }
        let cell = |label: &str, value: &str, line, column| (label.to_owned(), value.to_owned(), line, column);
        assert_eq!(
            expected.unwrap(),
            [
                cell("nom", "A & B", 3, 2),
                cell("contacts/contact/nom", "Léa ét<", 4, 3),
                cell("contacts/contact/nom", "<Noé>", 4, 48),
                cell("nom", "C", 6, 8),
            ]
        );
        let twice = read_all("<ptces><ptce nom=\"A\" nom=\"B\"/></ptces>").unwrap_err();
        assert!(twice.to_string().contains("“nom” is given twice"), "{twice}");
    }
}
