//! XML: elements that hold what we know are the records; the elements and attributes below are the labels.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::encoding::Evidence;
use super::{MAX_DEPTH, MAX_RECORD_BYTES, Sink, decoded};
use crate::error::{Error, ErrorKind, Result};
use crate::record::singular;
use crate::row::{self, Target};
use crate::vocabulary;

/// The element that is a record even when it stands alone at the root.
const RECORD: &str = "ptce";

/// Bytes in which the element of a record is looked for.
const SAMPLE_BYTES: u64 = 1 << 20;

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
        None => declared_encoding(&start[..start.len().min(1024)])?
            .filter(|declared| evidence.is_unicode || *declared != encoding_rs::UTF_8)
            .or((!evidence.is_unicode).then_some(evidence.single_byte)),
    };
    let records = match record_path {
        Some(path) => path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        None => found(decoded(start.as_slice(), encoding)),
    };
    let name = match encoding.unwrap_or(encoding_rs::UTF_8) {
        encoding if encoding == evidence.single_byte => evidence.name(),
        encoding => encoding.name(),
    };
    sink.read_as(name, None);
    sink.found_by(row::Evidence {
        byte_order_mark: marked.is_some() && evidence.mark.is_empty(),
        windows_1252_letters: evidence.windows,
        mac_roman_letters: evidence.mac,
        ..row::Evidence::default()
    });
    let place = Rc::new(Cell::new((1, 1)));
    let counted = Lines {
        source: BufReader::with_capacity(1 << 16, decoded((&start[..]).chain(source), encoding)),
        place: Rc::clone(&place),
    };
    let mut reader = Reader::from_reader(counted);
    reader.config_mut().check_end_names = true;
    let mut parser =
        Parser { sink, labels: BTreeMap::new(), frames: Vec::new(), path: String::new(), records, is_inside: false };
    let mut buffer = Vec::new();
    loop {
        let at = place.get();
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|error| malformed(&error, at))?;
        match event {
            Event::Start(start) => parser.open(&start, at)?,
            Event::Empty(start) => {
                parser.open(&start, at)?;
                parser.close()?;
            }
            Event::End(_) => parser.close()?,
            Event::Text(text) => {
                parser.text(&text.xml10_content(), at)?;
            }
            Event::CData(text) => {
                parser.text(&text.xml10_content(), at)?;
            }
            Event::GeneralRef(reference) => parser.reference(&reference, at)?,
            Event::DocType(_) => {
                return Err(Error::new(
                    ErrorKind::Syntax,
                    "le fichier contient une déclaration DOCTYPE, refusée par sécurité ; retirez-la",
                    "the file holds a DOCTYPE declaration, refused for safety; remove it",
                )
                .at(at.0, Some(at.1)));
            }
            Event::Eof => return parser.finish(place.get()),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}

/// The encoding that the XML declaration names, unless the bytes say otherwise by a byte order mark.
fn declared_encoding(start: &[u8]) -> Result<Option<&'static encoding_rs::Encoding>> {
    let head = String::from_utf8_lossy(start);
    let Some(declaration) = head.strip_prefix("<?xml").and_then(|head| head.split_once("?>")).map(|(head, _)| head)
    else {
        return Ok(None);
    };
    let Some((_, rest)) = declaration.split_once("encoding") else { return Ok(None) };
    let label: String =
        rest.trim_start_matches(['=', ' ', '"', '\'']).chars().take_while(|c| !matches!(c, '"' | '\'')).collect();
    match encoding_rs::Encoding::for_label(label.as_bytes()) {
        Some(encoding) => Ok(Some(encoding)),
        None => Err(Error::new(
            ErrorKind::Format,
            format!("l’encodage « {label} » est inconnu ; enregistrez le fichier en UTF-8"),
            format!("the encoding “{label}” is unknown; save the file as UTF-8"),
        )
        .at(1, None)),
    }
}

/// Line and column, counted from 1, the column in characters.
type Place = (u64, u64);

/// Counts lines and characters as they are consumed.
struct Lines<R> {
    source: R,
    place: Rc<Cell<Place>>,
}

impl<R: BufRead> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(buffer.len());
        buffer[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Lines<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.source.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Ok(available) = self.source.fill_buf() {
            let consumed = &available[..amount.min(available.len())];
            let (mut line, mut column) = self.place.get();
            let mut tail = consumed;
            if let Some(last) = memchr::memrchr(b'\n', consumed) {
                line += memchr::memchr_iter(b'\n', consumed).count() as u64;
                column = 1;
                tail = &consumed[last + 1..];
            }
            // Continuation bytes of UTF-8 begin no character.
            column += tail.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64;
            self.place.set((line, column));
        }
        self.source.consume(amount);
    }
}

/// An open element.
struct Frame {
    name: String,
    place: Place,
    /// Length of the path before this element.
    path_before: usize,
    /// Rank among the elements of its name, counted from 1.
    rank: u16,
    text: String,
    children: BTreeMap<String, u16>,
}

struct Parser<'s, 'a> {
    sink: &'s mut Sink<'a>,
    /// Ranks of the labels by path.
    labels: BTreeMap<String, u32>,
    frames: Vec<Frame>,
    /// Names of the open elements below the record, joined by `/`.
    path: String,
    /// The names of the elements from the root down to the records; empty when any child of the root is one.
    records: Vec<String>,
    /// Whether a record is open.
    is_inside: bool,
}

/// The names from the root down to the records, as far as a sample tells; empty for the children of the root, whatever
/// their names.
fn found(sample: impl Read) -> Vec<String> {
    // What is wrong with the file is told when it is read.
    let mut reader = Reader::from_reader(BufReader::new(sample));
    let (mut buffer, mut open) = (Vec::new(), Vec::<String>::new());
    // The labels below each element, as paths from it.
    let mut known: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    loop {
        buffer.clear();
        let (names, is_open) = match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(start)) => (Names::of(&start), true),
            Ok(Event::Empty(start)) => (Names::of(&start), false),
            Ok(Event::End(_)) => {
                open.pop();
                continue;
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => continue,
        };
        if open.len() >= MAX_DEPTH {
            break;
        }
        open.push(names.element);
        let labels = names.attributes.into_iter().map(|name| [open.as_slice(), &[name]].concat());
        for label in labels.chain([open.clone()]).filter(|label| !seen.contains(label)).collect::<Vec<_>>() {
            for depth in 1..label.len() {
                let below: Vec<&str> = label[depth..].iter().map(String::as_str).collect();
                if !matches!(vocabulary::meaning_of_path(&below).0, Target::Unknown) {
                    known.entry(label[..depth].to_vec()).or_default().insert(label[depth..].to_vec());
                }
            }
            seen.insert(label);
        }
        if !is_open {
            open.pop();
        }
    }
    let is_root = seen.iter().any(|path| path.len() == 1 && path[0] == RECORD);
    let usual = if is_root { 1 } else { 2 };
    let most = |depth: &dyn Fn(usize) -> bool| {
        known.iter().filter(|(path, _)| depth(path.len())).map(|(path, labels)| (labels.len(), path)).max_by(
            // Of equals, the outer one.
            |(one, path), (other, other_path)| one.cmp(other).then(other_path.len().cmp(&path.len())),
        )
    };
    let at_usual_depth = most(&|depth| depth == usual).map_or(0, |(count, _)| count);
    match most(&|depth| depth != usual) {
        // What holds twice as much that we know is the record; the children of the root are, when in doubt.
        Some((count, path)) if count >= 2 && count > 2 * at_usual_depth => path.clone(),
        _ if is_root => vec![RECORD.to_owned()],
        _ => Vec::new(),
    }
}

/// The names that a start tag holds.
struct Names {
    element: String,
    attributes: Vec<String>,
}

impl Names {
    fn of(start: &BytesStart<'_>) -> Names {
        let attributes = start.attributes().filter_map(|attribute| attribute.ok());
        Names {
            element: start.local_name().as_ref().to_owned(),
            attributes: attributes.map(|attribute| attribute.key.local_name().as_ref().to_owned()).collect(),
        }
    }
}

impl Parser<'_, '_> {
    fn open(&mut self, start: &BytesStart<'_>, place: Place) -> Result<()> {
        if self.frames.len() == MAX_DEPTH {
            return Err(Error::new(
                ErrorKind::Limit,
                format!("plus de {MAX_DEPTH} éléments imbriqués ; ce n’est pas une liste de PTCE"),
                format!("elements nested deeper than {MAX_DEPTH}; this is not a list of PTCE"),
            )
            .at(place.0, Some(place.1)));
        }
        let name = start.local_name().as_ref().to_owned();
        let rank = match self.frames.last_mut() {
            Some(parent) => {
                let count = parent.children.entry(name.clone()).or_default();
                *count = count.saturating_add(1);
                *count
            }
            None => 1,
        };
        let path_before = self.path.len();
        if self.is_inside {
            if !self.path.is_empty() {
                self.path.push('/');
            }
            self.path.push_str(&name);
        } else if self.is_record(&name) {
            self.is_inside = true;
            self.sink.row(place.0, place.1 as u32);
        }
        self.frames.push(Frame { name, place, path_before, rank, text: String::new(), children: BTreeMap::new() });
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| syntax(&error.to_string(), place))?;
            let key = attribute.key.local_name().as_ref().to_owned();
            let qualified: &str = attribute.key.as_ref();
            // Declarations of namespaces and notes to XML tools are no data.
            if ["xmlns", "xml:", "xsi:"].iter().any(|start| qualified.starts_with(start)) {
                continue;
            }
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|error| syntax(&error.to_string(), place))?
                .into_owned();
            if !self.is_inside {
                self.sink.outside(value.trim(), place.0, place.1 as u32)?;
                continue;
            }
            let before = self.path.len();
            if !self.path.is_empty() {
                self.path.push('/');
            }
            self.path.push_str(&key);
            self.value(&value, false, place)?;
            self.path.truncate(before);
        }
        Ok(())
    }

    /// Depth at which records begin.
    fn depth_of_records(&self) -> usize {
        if self.records.is_empty() { 2 } else { self.records.len() }
    }

    /// Whether an element that opens within the open ones is a record.
    fn is_record(&self, name: &str) -> bool {
        let open = self.frames.iter().map(|frame| frame.name.as_str()).chain([name]);
        self.frames.len() + 1 == self.depth_of_records()
            && (self.records.is_empty() || open.eq(self.records.iter().map(String::as_str)))
    }

    fn text(&mut self, text: &str, place: Place) -> Result<()> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        if frame.text.len() + text.len() > MAX_RECORD_BYTES {
            return Err(Error::new(
                ErrorKind::Limit,
                format!("un texte dépasse {} Mo ; le fichier est abîmé", MAX_RECORD_BYTES >> 20),
                format!("a text exceeds {} MB; the file is damaged", MAX_RECORD_BYTES >> 20),
            )
            .at(place.0, Some(place.1)));
        }
        frame.text.push_str(text);
        Ok(())
    }

    /// A character reference, or one of the five entities of XML; no other entity can exist without a DOCTYPE.
    fn reference(&mut self, reference: &BytesRef<'_>, place: Place) -> Result<()> {
        let resolved = reference.resolve_char_ref().map_err(|error| syntax(&error.to_string(), place))?;
        if let Some(character) = resolved {
            return self.text(character.encode_utf8(&mut [0; 4]), place);
        }
        let text = match reference.as_ref() {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "apos" => "'",
            name => {
                return Err(Error::new(
                    ErrorKind::Syntax,
                    format!("l’entité « &{name}; » n’est pas définie ; écrivez le caractère lui-même"),
                    format!("the entity “&{name};” is not defined; write the character itself"),
                )
                .at(place.0, Some(place.1)));
            }
        };
        self.text(text, place)
    }

    fn close(&mut self) -> Result<()> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let text = std::mem::take(&mut frame.text);
        let place = frame.place;
        let depth = self.frames.len();
        if !text.trim().is_empty() && !self.is_inside {
            self.sink.outside(text.trim(), place.0, place.1 as u32)?;
        } else if !text.trim().is_empty() {
            let parent = depth.checked_sub(2).map(|index| self.frames[index].name.clone());
            let name = &self.frames[depth - 1].name;
            let in_list = parent.is_some_and(|parent| parent != *name && singular(&parent) == name);
            self.value(&text, in_list, place)?;
        }
        if self.is_inside && depth == self.depth_of_records() {
            self.is_inside = false;
            self.sink.commit()?;
        }
        if let Some(frame) = self.frames.pop() {
            self.path.truncate(frame.path_before);
        }
        Ok(())
    }

    /// Enters a value under the path of the moment.
    fn value(&mut self, value: &str, single: bool, place: Place) -> Result<()> {
        let label = match self.labels.get(&self.path) {
            Some(label) => *label,
            None => {
                let names: Vec<&str> = self.path.split('/').collect();
                let label = self.sink.path(&names, place.0, place.1 as u32)?;
                self.labels.insert(self.path.clone(), label);
                label
            }
        };
        // The outermost element that is repeated tells which contact, partner or department this is.
        let records = self.depth_of_records();
        let element = self.frames.iter().skip(records).map(|frame| frame.rank).find(|rank| *rank > 1).unwrap_or(1);
        self.sink.current().push(label, element, single, value, place.0, place.1 as u32);
        Ok(())
    }

    fn finish(&mut self, place: Place) -> Result<()> {
        match self.frames.last() {
            Some(frame) => Err(Error::new(
                ErrorKind::Syntax,
                format!("le fichier s’arrête avant la fin de l’élément <{}> ouvert ligne {} ; il est coupé, demandez un nouvel envoi", frame.name, frame.place.0),
                format!("the file ends before the end of element <{}> opened on line {}; it is cut short, ask for it again", frame.name, frame.place.0),
            )
            .at(place.0, Some(place.1))),
            None => Ok(()),
        }
    }
}

/// What the parser says, in our words where a person is likely to meet it.
fn malformed(error: &quick_xml::Error, place: Place) -> Error {
    use quick_xml::Error::{IllFormed, Syntax};
    use quick_xml::errors::{IllFormedError, SyntaxError};
    let (fr, en) = match error {
        IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => (
            format!("</{found}> ferme un autre élément que <{expected}>"),
            format!("</{found}> closes another element than <{expected}>"),
        ),
        IllFormed(IllFormedError::UnmatchedEndTag(name)) => {
            (format!("</{name}> ne ferme aucun élément"), format!("</{name}> closes no element"))
        }
        IllFormed(IllFormedError::UnclosedReference) => {
            ("un « & » doit s’écrire « &amp; »".to_owned(), "an “&” must be written “&amp;”".to_owned())
        }
        Syntax(SyntaxError::UnclosedTag) => {
            ("une balise n’est jamais refermée par « > »".to_owned(), "a tag is never closed by “>”".to_owned())
        }
        error => return syntax(&error.to_string(), place),
    };
    Error::new(
        ErrorKind::Syntax,
        format!("XML mal formé : {fr} ; corrigez ce passage ou demandez un nouvel envoi"),
        format!("malformed XML: {en}; correct this passage or ask for the file again"),
    )
    .at(place.0, Some(place.1))
}

fn syntax(problem: &str, place: Place) -> Error {
    Error::new(
        ErrorKind::Syntax,
        format!("XML mal formé : {problem} ; corrigez ce passage ou demandez un nouvel envoi"),
        format!("malformed XML: {problem}; correct this passage or ask for the file again"),
    )
    .at(place.0, Some(place.1))
}
