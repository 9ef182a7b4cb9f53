//! JSON and NDJSON: an array of records, or records one after the other; keys are the labels.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::Read;
use std::rc::Rc;

use struson::reader::{
    JsonReader, JsonReaderPosition, JsonStreamReader, ReaderError, ReaderSettings, SyntaxErrorKind, ValueType,
};

use super::{MAX_DEPTH, Sink, decoded};
use crate::error::{Error, ErrorKind, Result};

pub(super) fn read(source: impl Read, sink: &mut Sink<'_>) -> Result<()> {
    let settings = ReaderSettings {
        allow_multiple_top_level: true,
        max_nesting_depth: Some(MAX_DEPTH as u32),
        track_path: false,
        // A number is a text here; what makes a number of it tells the one that is too big.
        restrict_number_values: false,
        ..ReaderSettings::default()
    };
    let bytes = Rc::new(Cell::new(0));
    let counted = Counted { source: decoded(source, None), bytes: Rc::clone(&bytes) };
    let reader = JsonStreamReader::new_custom(counted, settings);
    let mut parser = Parser { sink, reader, labels: BTreeMap::new(), path: String::new() };
    parser.records().map_err(|fault| match fault {
        Fault::Ours(error) => error,
        Fault::Json(error) => json_error(&error, bytes.get()),
    })
}

/// Counts the bytes read.
struct Counted<R> {
    source: R,
    bytes: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.bytes.set(self.bytes.get() + read as u64);
        Ok(read)
    }
}

/// What stops the parser: what the JSON reader says, or what we say.
enum Fault {
    Json(ReaderError),
    Ours(Error),
}

impl From<ReaderError> for Fault {
    fn from(error: ReaderError) -> Fault {
        Fault::Json(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Ours(error)
    }
}

struct Parser<'s, 'a, R: Read> {
    sink: &'s mut Sink<'a>,
    reader: JsonStreamReader<R>,
    /// Ranks of the labels by path.
    labels: BTreeMap<String, u32>,
    /// Keys of the open objects of the record, joined by `/`.
    path: String,
}

/// Line and column, counted from 1.
type Place = (u64, u32);

fn place(position: &JsonReaderPosition) -> Place {
    position.line_pos.map_or((1, 1), |position| (position.line + 1, position.column as u32 + 1))
}

impl<R: Read> Parser<'_, '_, R> {
    fn records(&mut self) -> Result<(), Fault> {
        loop {
            if self.reader.peek()? == ValueType::Array {
                self.reader.begin_array()?;
                while self.reader.has_next()? {
                    self.record()?;
                }
                self.reader.end_array()?;
            } else {
                self.record()?;
            }
            if !self.reader.has_next()? {
                return Ok(());
            }
        }
    }

    fn record(&mut self) -> Result<(), Fault> {
        let kind = self.reader.peek()?;
        let (line, column) = place(&self.reader.current_position(false));
        if kind != ValueType::Object {
            return Err(Error::new(
                ErrorKind::Format,
                "chaque fiche doit être un objet JSON, entre « { » et « } »",
                "each record must be a JSON object, between “{” and “}”",
            )
            .at(line, Some(u64::from(column)))
            .into());
        }
        self.sink.row(line, column);
        self.value(1, false)?;
        Ok(self.sink.commit()?)
    }

    /// Reads the next value; `element` is the rank of the innermost list element around it that is not the first.
    fn value(&mut self, element: u16, single: bool) -> Result<(), Fault> {
        let kind = self.reader.peek()?;
        let place = place(&self.reader.current_position(false));
        match kind {
            ValueType::Object => {
                self.reader.begin_object()?;
                while self.reader.has_next()? {
                    let before = self.path.len();
                    let name = self.reader.next_name()?;
                    if before > 0 {
                        self.path.push('/');
                    }
                    self.path.push_str(name);
                    self.value(element, false)?;
                    self.path.truncate(before);
                }
                Ok(self.reader.end_object()?)
            }
            ValueType::Array => {
                self.reader.begin_array()?;
                let mut rank: u16 = 0;
                while self.reader.has_next()? {
                    rank = rank.saturating_add(1);
                    self.value(if element > 1 { element } else { rank }, true)?;
                }
                Ok(self.reader.end_array()?)
            }
            ValueType::Null => Ok(self.reader.next_null()?),
            ValueType::String => {
                let label = self.label(place)?;
                let text = self.reader.next_str()?;
                self.sink.current().push(label, element, single, text, place.0, place.1);
                Ok(())
            }
            ValueType::Number => {
                let label = self.label(place)?;
                let text = self.reader.next_number_as_str()?;
                self.sink.current().push(label, element, single, text, place.0, place.1);
                Ok(())
            }
            ValueType::Boolean => {
                let label = self.label(place)?;
                let text = if self.reader.next_bool()? { "VRAI" } else { "FAUX" };
                self.sink.current().push(label, element, single, text, place.0, place.1);
                Ok(())
            }
        }
    }

    fn label(&mut self, place: Place) -> Result<u32> {
        if let Some(label) = self.labels.get(&self.path) {
            return Ok(*label);
        }
        let names: Vec<&str> = self.path.split('/').collect();
        let label = self.sink.path(&names, place.0, place.1)?;
        self.labels.insert(self.path.clone(), label);
        Ok(label)
    }
}

/// What the reader says, in our words where a person is likely to meet it. `bytes` have been read until now.
fn json_error(error: &ReaderError, bytes: u64) -> Error {
    let position = match error {
        ReaderError::SyntaxError(error) => place(&error.location),
        ReaderError::UnexpectedValueType { location, .. }
        | ReaderError::UnexpectedStructure { location, .. }
        | ReaderError::MaxNestingDepthExceeded { location, .. }
        | ReaderError::UnsupportedNumberValue { location, .. }
        | ReaderError::IoError { location, .. } => place(location),
        _ => (1, 1),
    };
    let cut_short = || {
        let (fr, en) = ("le fichier s’arrête avant la fin, il est coupé", "the file ends too early, it is cut short");
        (fr.to_owned(), en.to_owned())
    };
    let (fr, en) = match error {
        ReaderError::SyntaxError(error) => match error.kind {
            // At the end of what could be read, whatever is missing is missing because the file is cut.
            _ if error.location.data_pos.is_some_and(|position| position >= bytes) => cut_short(),
            SyntaxErrorKind::IncompleteDocument => cut_short(),
            SyntaxErrorKind::MissingComma => ("il manque une virgule".to_owned(), "a comma is missing".to_owned()),
            SyntaxErrorKind::MissingColon => ("il manque un deux-points".to_owned(), "a colon is missing".to_owned()),
            SyntaxErrorKind::UnexpectedComma | SyntaxErrorKind::TrailingCommaNotEnabled => {
                ("une virgule est en trop".to_owned(), "there is a comma too many".to_owned())
            }
            SyntaxErrorKind::NotEscapedControlCharacter => (
                "un saut de ligne ou un caractère de contrôle se trouve dans un texte".to_owned(),
                "a line break or a control character stands in a text".to_owned(),
            ),
            ref kind => (format!("ce n’est pas du JSON ({kind})"), format!("this is not JSON ({kind})")),
        },
        ReaderError::MaxNestingDepthExceeded { .. } => (
            format!("plus de {MAX_DEPTH} objets imbriqués, ce n’est pas une liste de PTCE"),
            format!("objects nested deeper than {MAX_DEPTH}, this is not a list of PTCE"),
        ),
        ReaderError::IoError { error, .. } => {
            (format!("lecture impossible ({error})"), format!("cannot be read ({error})"))
        }
        error => (format!("ce n’est pas du JSON ({error})"), format!("this is not JSON ({error})")),
    };
    Error::new(
        ErrorKind::Syntax,
        format!("JSON mal formé : {fr} ; corrigez ce passage ou demandez un nouvel envoi"),
        format!("malformed JSON: {en}; correct this passage or ask for the file again"),
    )
    .at(position.0, Some(u64::from(position.1)))
}
