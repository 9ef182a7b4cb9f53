//! JSON: one array of records, or one record a line.

use std::io::{BufWriter, Write};

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

/// Adds a group on one line.
fn push_group(group: &dyn Group, out: &mut Vec<u8>) -> Result<()> {
    let begun = out.len();
    for (rank, key) in group.keys().iter().enumerate() {
        let mut push_key = || {
            out.extend_from_slice(b",\"");
            out.extend_from_slice(key.as_bytes());
            out.extend_from_slice(b"\":");
        };
        match group.part_at(rank) {
            None => {}
            // Most parts are texts.
            Some(Part::Text(text)) => {
                push_key();
                push_text(text, out)?;
            }
            Some(part) => {
                push_key();
                push(part, None, out)?;
            }
        }
    }
    // The first key has no comma before it.
    match out.get_mut(begun) {
        Some(sign) => *sign = b'{',
        None => out.push(b'{'),
    }
    out.push(b'}');
    Ok(())
}

/// Adds a text between quotes. Most need no escape and are copied whole; serde_json writes the others.
fn push_text(text: &str, out: &mut Vec<u8>) -> Result<()> {
    if !is_plain(text.as_bytes()) {
        return serde_json::to_writer(out, text).map_err(|error| write_error(error.into()));
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

/// Whether a text is written as it is between quotes. Eight bytes are looked at as one number, the last eight of which may
/// begin within the ones before them.
fn is_plain(text: &[u8]) -> bool {
    let found = match text.last_chunk() {
        Some(last) => text.as_chunks().0.iter().fold(escapes(*last), |found, word| found | escapes(*word)),
        None => {
            let mut word = [b' '; 8];
            word[..text.len()].copy_from_slice(text);
            escapes(word)
        }
    };
    found == 0
}

/// What is not 0 where one of eight bytes needs an escape: a control, a quote, a backslash.
fn escapes(word: [u8; 8]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // The highest bit of each byte that is below another, which has it not, is set by taking that away; the bytes above one
    // that is may be told as well.
    let below = |word: u64, least: u8| word.wrapping_sub(ONES * u64::from(least)) & !word;
    let is = |byte: u8| below(u64::from_le_bytes(word) ^ (ONES * u64::from(byte)), 1);
    (below(u64::from_le_bytes(word), b' ') | is(b'"') | is(b'\\')) & (ONES << 7)
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
        let long = ["", "ab", "abcdefgh", "éèàçù’…ÿ ", "0123456789abcdef! "];
        for (text, before) in
            ["", "\"", "\\", "a\tb\r\nc\u{0}\u{1f}", "\u{1f}", "\u{7f}é’😀", "!#[]", "</script>\u{2028}"]
                .into_iter()
                .flat_map(|text| long.map(|before| (text, before)))
        {
            record.name = Some(format!("{before}{text}{before}"));
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
