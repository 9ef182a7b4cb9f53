//! JSON: one array of records, or one record a line.

use std::cell::RefCell;
use std::io::{BufWriter, Write};
use std::rc::Rc;

use super::{Out, Writer, write_error};
use crate::error::Result;
use crate::record::{Group, Part, Record};
use crate::run::Encode;

/// Bytes held before they are written.
const BUFFER: usize = 1 << 16;

/// An array of records, indented by two spaces.
pub(super) struct Json<'a> {
    out: BufWriter<Out<'a>>,
    is_empty: bool,
}

impl<'a> Json<'a> {
    pub fn new(out: Out<'a>) -> Json<'a> {
        Json { out: BufWriter::with_capacity(BUFFER, out), is_empty: true }
    }
}

/// A record as an element of the array, with a comma before it.
fn element(record: &dyn Group, out: &mut Vec<u8>) -> Result<()> {
    out.extend_from_slice(b",\n  ");
    // It stands in an array already.
    push(Part::Group(record), Some(1), out)
}

impl Writer for Json<'_> {
    fn record(&mut self, record: &Record) -> Result<()> {
        let mut bytes = Vec::new();
        element(record, &mut bytes)?;
        self.append(&bytes)
    }

    fn encode(&self) -> Option<Encode> {
        Some(element)
    }

    fn append(&mut self, records: &[u8]) -> Result<()> {
        let records = match records {
            // The first element has no comma.
            [_, records @ ..] if self.is_empty => {
                self.is_empty = false;
                self.out.write_all(b"[").map_err(write_error)?;
                records
            }
            records => records,
        };
        self.out.write_all(records).map_err(write_error)
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        let end: &[u8] = if self.is_empty { b"[]\n" } else { b"\n]\n" };
        self.out.write_all(end).and_then(|()| self.out.flush()).map_err(write_error)
    }
}

/// One record a line.
pub(super) struct Ndjson<'a> {
    out: BufWriter<Out<'a>>,
}

impl<'a> Ndjson<'a> {
    pub fn new(out: Out<'a>) -> Ndjson<'a> {
        Ndjson { out: BufWriter::with_capacity(BUFFER, out) }
    }
}

fn line(record: &dyn Group, out: &mut Vec<u8>) -> Result<()> {
    push(Part::Group(record), None, out)?;
    out.push(b'\n');
    Ok(())
}

impl Writer for Ndjson<'_> {
    fn record(&mut self, record: &Record) -> Result<()> {
        let mut bytes = Vec::new();
        line(record, &mut bytes)?;
        self.append(&bytes)
    }

    fn encode(&self) -> Option<Encode> {
        Some(line)
    }

    fn append(&mut self, records: &[u8]) -> Result<()> {
        self.out.write_all(records).map_err(write_error)
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.out.flush().map_err(write_error)
    }
}

/// Adds a part of a record, whatever kind of texts it has, so many levels in or on one line. Absent values are left out.
fn push(part: Part<'_>, level: Option<usize>, out: &mut Vec<u8>) -> Result<()> {
    let inner = level.map(|level| level + 1);
    match part {
        Part::Text(text) => push_text(text, out),
        Part::Number(number) => serde_json::to_writer(out, number).map_err(|error| write_error(error.into())),
        Part::List(list) => {
            out.push(b'[');
            for index in 0..list.count() {
                begin(index == 0, inner, out);
                match list.element(index) {
                    Some(part) => push(part, inner, out)?,
                    // A list keeps the place of an element that has no value.
                    None => out.extend_from_slice(b"{}"),
                }
            }
            end(list.count() == 0, level, b']', out);
            Ok(())
        }
        Part::Group(group) if level.is_none() => push_group(group, out),
        Part::Group(group) => {
            let mut is_empty = true;
            out.push(b'{');
            for (rank, key) in group.keys().iter().enumerate() {
                let Some(part) = group.part_at(rank) else { continue };
                begin(is_empty, inner, out);
                is_empty = false;
                out.push(b'"');
                out.extend_from_slice(key.as_bytes());
                out.extend_from_slice(b"\": ");
                push(part, inner, out)?;
            }
            end(is_empty, level, b'}', out);
            Ok(())
        }
    }
}

/// Adds a group on one line: its keys, ready to be copied, and its parts.
fn push_group(group: &dyn Group, out: &mut Vec<u8>) -> Result<()> {
    out.push(b'{');
    let mut from = 1;
    for (rank, key) in ready(group.keys()).iter().enumerate() {
        let Some(part) = group.part_at(rank) else { continue };
        // The first key has no comma.
        out.extend_from_slice(&key[from..]);
        from = 0;
        push(part, None, out)?;
    }
    out.push(b'}');
    Ok(())
}

/// The keys of a kind of group as they stand between two of its parts: `,"nom":`. A record has a dozen kinds of groups, which
/// each thread makes ready once.
fn ready(keys: &'static [&'static str]) -> Rc<[Box<[u8]>]> {
    type Ready = (&'static [&'static str], Rc<[Box<[u8]>]>);
    thread_local! {
        static READY: RefCell<Vec<Ready>> = const { RefCell::new(Vec::new()) };
    }
    READY.with_borrow_mut(|known| {
        if let Some((_, ready)) = known.iter().find(|(known, _)| std::ptr::eq(*known, keys)) {
            return Rc::clone(ready);
        }
        let ready: Rc<[Box<[u8]>]> = keys.iter().map(|key| format!(",\"{key}\":").into_bytes().into()).collect();
        known.push((keys, Rc::clone(&ready)));
        ready
    })
}

/// Adds a text between quotes. Most need no escape and are copied whole; serde_json writes the others.
fn push_text(text: &str, out: &mut Vec<u8>) -> Result<()> {
    if !is_plain(text.as_bytes()) {
        return serde_json::to_writer(out, text).map_err(|error| write_error(error.into()));
    }
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

/// Whether a text is written as it is between quotes. Whole blocks are looked at in one go, the last of which may begin within
/// the one before it.
fn is_plain(text: &[u8]) -> bool {
    const BLOCK: usize = 16;
    let is_escaped = |byte: u8| (byte < b' ') | (byte == b'"') | (byte == b'\\');
    let has_escape = |bytes: &[u8]| bytes.iter().fold(false, |has, byte| has | is_escaped(*byte));
    match text.last_chunk::<BLOCK>() {
        None => !text.iter().any(|byte| is_escaped(*byte)),
        Some(last) => {
            let (blocks, _) = text.as_chunks::<BLOCK>();
            !(blocks.iter().fold(false, |has, block| has | has_escape(block)) | has_escape(last))
        }
    }
}

fn begin(is_first: bool, level: Option<usize>, out: &mut Vec<u8>) {
    if !is_first {
        out.push(b',');
    }
    indent(level, out);
}

fn end(is_empty: bool, level: Option<usize>, sign: u8, out: &mut Vec<u8>) {
    if !is_empty {
        indent(level, out);
    }
    out.push(sign);
}

fn indent(level: Option<usize>, out: &mut Vec<u8>) {
    if let Some(level) = level {
        out.push(b'\n');
        out.extend(std::iter::repeat_n(b' ', 2 * level));
    }
}

#[cfg(test)]
mod tests {
    use crate::export::tests::{sample, written};
    use crate::record::{Contact, Record};
    use crate::row::Format;

    #[test]
    fn the_array_is_the_sample_byte_for_byte() {
        let text = String::from_utf8(written(Format::Json, &sample())).unwrap();
        assert_eq!(text, include_str!("../../samples/conforme.json"));
    }

    #[test]
    fn a_record_is_written_as_it_is_read() {
        let mut record = sample().remove(0);
        record.contacts.push(Contact::default());
        let text = String::from_utf8(written(Format::Ndjson, std::slice::from_ref(&record))).unwrap();
        assert_eq!(text, format!("{}\n", serde_json::to_string(&record).unwrap()));
    }

    /// Whatever its texts, a record is written as serde_json would write it.
    #[test]
    fn every_text_is_escaped() {
        let mut record = sample().remove(0);
        for text in ["", "\"", "\\", "a\tb\r\nc\u{0}\u{1f}", "\u{7f}é’😀", "</script>\u{2028}"] {
            record.name = Some(text.to_owned());
            let line = String::from_utf8(written(Format::Ndjson, std::slice::from_ref(&record))).unwrap();
            assert_eq!(line, format!("{}\n", serde_json::to_string(&record).unwrap()));
            let array = String::from_utf8(written(Format::Json, std::slice::from_ref(&record))).unwrap();
            assert_eq!(array, format!("{}\n", serde_json::to_string_pretty(&[&record]).unwrap()));
        }
    }

    #[test]
    fn each_line_is_one_record() {
        let text = String::from_utf8(written(Format::Ndjson, &sample())).unwrap();
        let back: Vec<Record> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(back, sample());
    }
}
