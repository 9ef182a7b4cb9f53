//! JSON and NDJSON: an array of records, or records one after the other; keys are the labels.

use std::collections::BTreeMap;
use std::io::Read;

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
        ..ReaderSettings::default()
    };
    let reader = JsonStreamReader::new_custom(decoded(source, None), settings);
    let mut parser = Parser { sink, reader, labels: BTreeMap::new(), path: String::new() };
    loop {
        match parser.peek()? {
            ValueType::Array => {
                parser.reader.begin_array().map_err(json_error)?;
                while parser.reader.has_next().map_err(json_error)? {
                    parser.record()?;
                }
                parser.reader.end_array().map_err(json_error)?;
            }
            _ => parser.record()?,
        }
        if !parser.reader.has_next().map_err(json_error)? {
            return Ok(());
        }
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
    fn peek(&mut self) -> Result<ValueType> {
        self.reader.peek().map_err(json_error)
    }

    fn record(&mut self) -> Result<()> {
        let kind = self.peek()?;
        let (line, column) = place(&self.reader.current_position(false));
        if kind != ValueType::Object {
            return Err(Error::new(
                ErrorKind::Format,
                "chaque fiche doit être un objet JSON, entre « { » et « } »",
                "each record must be a JSON object, between “{” and “}”",
            )
            .at(line, Some(u64::from(column))));
        }
        self.sink.row(line, column);
        self.value(1, false)?;
        self.sink.commit()
    }

    /// Reads the next value; `element` is the rank of the innermost list element around it that is not the first.
    fn value(&mut self, element: u16, single: bool) -> Result<()> {
        let kind = self.peek()?;
        let place = place(&self.reader.current_position(false));
        match kind {
            ValueType::Object => {
                self.reader.begin_object().map_err(json_error)?;
                while self.reader.has_next().map_err(json_error)? {
                    let before = self.path.len();
                    let name = self.reader.next_name().map_err(json_error)?;
                    if before > 0 {
                        self.path.push('/');
                    }
                    self.path.push_str(name);
                    self.value(element, false)?;
                    self.path.truncate(before);
                }
                self.reader.end_object().map_err(json_error)
            }
            ValueType::Array => {
                self.reader.begin_array().map_err(json_error)?;
                let mut rank: u16 = 0;
                while self.reader.has_next().map_err(json_error)? {
                    rank = rank.saturating_add(1);
                    self.value(if element > 1 { element } else { rank }, true)?;
                }
                self.reader.end_array().map_err(json_error)
            }
            ValueType::Null => self.reader.next_null().map_err(json_error),
            ValueType::String => {
                let label = self.label(place)?;
                let text = self.reader.next_str().map_err(json_error)?;
                self.sink.current().push(label, element, single, text, place.0, place.1);
                Ok(())
            }
            ValueType::Number => {
                let label = self.label(place)?;
                let text = self.reader.next_number_as_str().map_err(json_error)?;
                self.sink.current().push(label, element, single, text, place.0, place.1);
                Ok(())
            }
            ValueType::Boolean => {
                let label = self.label(place)?;
                let text = if self.reader.next_bool().map_err(json_error)? { "VRAI" } else { "FAUX" };
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

fn json_error(error: ReaderError) -> Error {
    let position = match &error {
        ReaderError::SyntaxError(error) => place(&error.location),
        ReaderError::UnexpectedValueType { location, .. }
        | ReaderError::UnexpectedStructure { location, .. }
        | ReaderError::MaxNestingDepthExceeded { location, .. }
        | ReaderError::UnsupportedNumberValue { location, .. }
        | ReaderError::IoError { location, .. } => place(location),
        _ => (1, 1),
    };
    let (fr, en) = match &error {
        ReaderError::SyntaxError(error) => match error.kind {
            SyntaxErrorKind::IncompleteDocument => (
                "le fichier s’arrête avant la fin, il est coupé".to_owned(),
                "the file ends too early, it is cut short".to_owned(),
            ),
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
        format!("JSON mal formé : {fr} ; corrigez ce passage ou demandez un nouvel envoi"),
        format!("malformed JSON: {en}; correct this passage or ask for the file again"),
    )
    .at(position.0, Some(u64::from(position.1)))
}
