//! The fence before a workbook that is a zip archive: a few kilobytes can ask for all the memory of the machine, and what
//! runs out of memory ends without a word.

use std::collections::BTreeSet;
use std::io::{BufReader, Read, Seek};

use quick_xml::events::BytesStart;
use zip::ZipArchive;
use zip::read::ZipFile;

use super::{MAX_CELL_BYTES, MAX_INFLATED_BYTES, MAX_PARTS, MAX_RATIO, damaged, long_cell, password, unreadable};
use crate::error::{Error, ErrorKind, Result};

/// Parts under this size may be packed as well as they like.
const ANY_RATIO_BYTES: u64 = 1 << 20;
/// Styles, sheets, names and relations, which are all held in memory. Excel itself stops at 65,490 styles of cells.
const MAX_HELD: usize = 250_000;
/// Bytes in which a shared string can be written at least: `<si><t/></si>` has thirteen.
const MIN_SHARED_STRING: u64 = 8;

pub(super) fn xlsx(source: &mut (impl Read + Seek)) -> Result<()> {
    let mut archive = container(source)?;
    let mut held = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| unreadable(&error))?;
        let name = part.name().map_err(|error| unreadable(&error))?.to_ascii_lowercase();
        // Pictures and the like are never read: the relations of those that are must lead to XML, see `relation`.
        if name.ends_with(".xml") || name.ends_with(".rels") {
            scan(part, &mut held)?;
        }
    }
    Ok(())
}

pub(super) fn ods(source: &mut (impl Read + Seek)) -> Result<()> {
    let mut archive = container(source)?;
    let content = archive.by_name("content.xml").map_err(|error| unreadable(&error))?;
    scan(content, &mut 0)
}

pub(super) fn xlsb(source: &mut (impl Read + Seek)) -> Result<()> {
    container(source).map(|_| ())
}

/// Opens the archive, unless what it declares is out of measure.
fn container<R: Read + Seek>(source: R) -> Result<ZipArchive<BufReader<R>>> {
    let mut archive = ZipArchive::new(BufReader::new(source)).map_err(|error| unreadable(&error))?;
    if archive.len() > MAX_PARTS {
        return Err(Error::new(
            ErrorKind::Limit,
            format!("le classeur a plus de {MAX_PARTS} parties ; gardez les feuilles qui décrivent les PTCE"),
            format!("the workbook has more than {MAX_PARTS} parts; keep the sheets that describe the PTCE"),
        ));
    }
    let mut names = BTreeSet::new();
    let mut total: u64 = 0;
    let mut is_twice = archive.has_duplicate_names();
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|error| unreadable(&error))?;
        if part.encrypted() {
            return Err(password());
        }
        let name = part.name().map_err(|error| unreadable(&error))?.into_owned();
        total = total.saturating_add(part.size());
        if part.size() > ANY_RATIO_BYTES && part.size() / MAX_RATIO > part.compressed_size() {
            return Err(Error::new(
                ErrorKind::Limit,
                format!(
                    "la partie « {name} » occuperait plus de {MAX_RATIO} fois sa taille, {} Mo ; c’est un fichier piégé, \
                     demandez un nouvel envoi",
                    part.size() >> 20
                ),
                format!(
                    "the part “{name}” would take more than {MAX_RATIO} times its size, {} MB; this file is a trap, ask \
                     for it again",
                    part.size() >> 20
                ),
            ));
        }
        // Names are looked up without regard to case.
        is_twice |= !names.insert(name.replace('\\', "/").to_ascii_lowercase());
    }
    if is_twice {
        return Err(damaged("deux parties ont le même nom", "two parts have the same name"));
    }
    if total > MAX_INFLATED_BYTES {
        return Err(Error::new(
            ErrorKind::Limit,
            format!(
                "le classeur occuperait {} Mo, plus de {} ; partagez-le, ou envoyez du CSV",
                total >> 20,
                MAX_INFLATED_BYTES >> 20
            ),
            format!(
                "the workbook would take {} MB, more than {}; split it, or send CSV",
                total >> 20,
                MAX_INFLATED_BYTES >> 20
            ),
        ));
    }
    Ok(archive)
}

/// Goes through a part once, without holding more of it than one tag or one text.
fn scan<R: Read>(part: ZipFile<'_, R>, held: &mut usize) -> Result<()> {
    let name = part.name().map_err(|error| unreadable(&error))?.into_owned();
    let mut scanner = Scanner {
        declared: part.size(),
        source: part,
        buffer: Vec::with_capacity(2 * CHUNK),
        start: 0,
        passed: 0,
        name,
    };
    scanner.run(held)
}

const CHUNK: usize = 1 << 16;

struct Scanner<R> {
    name: String,
    source: R,
    /// The size that the archive declares, at which the zip crate stops.
    declared: u64,
    buffer: Vec<u8>,
    /// Where in the buffer the scan stands.
    start: usize,
    /// Bytes that have left the buffer.
    passed: u64,
}

impl<R: Read> Scanner<R> {
    fn run(&mut self, held: &mut usize) -> Result<()> {
        let mut text = 0;
        // Where the cell or the shared string begins that is open.
        let mut cell: Option<u64> = None;
        loop {
            let Some(at) = memchr::memchr(b'<', &self.buffer[self.start..]) else {
                text += self.buffer.len() - self.start;
                self.start = self.buffer.len();
                if text > MAX_CELL_BYTES {
                    return Err(long_cell());
                }
                if self.more()? { continue } else { return Ok(()) }
            };
            if text + at > MAX_CELL_BYTES {
                return Err(long_cell());
            }
            text = 0;
            self.start += at;
            let end = loop {
                match end_of_token(&self.buffer[self.start..]) {
                    Token::Ends(end) => break end,
                    Token::DocType => return Err(self.doc_type()),
                    // A part that is cut in a tag is for its reader to refuse.
                    Token::Open if !self.more()? => return Ok(()),
                    Token::Open => {}
                }
            };
            let tag = &self.buffer[self.start..self.start + end];
            let here = self.passed + self.start as u64;
            if cell.is_some_and(|start| here - start > MAX_CELL_BYTES as u64) {
                return Err(long_cell());
            }
            match local_name(tag) {
                b"c" | b"si" | b"table-cell" | b"covered-table-cell" => {
                    let opens = tag[1] != b'/' && !tag.ends_with(b"/>");
                    cell = opens.then_some(here);
                }
                b"xf" | b"font" | b"fill" | b"border" | b"numFmt" | b"sheet" | b"definedName" | b"table-properties" => {
                    *held += 1;
                }
                b"Relationship" => {
                    *held += 1;
                    relation(tag)?;
                }
                b"sst" => shared_strings(tag, self.declared)?,
                _ => {}
            }
            if *held > MAX_HELD {
                return Err(Error::new(
                    ErrorKind::Limit,
                    format!(
                        "le classeur a plus de {MAX_HELD} styles, noms et feuilles ; copiez ses cellules dans un classeur neuf"
                    ),
                    format!(
                        "the workbook has more than {MAX_HELD} styles, names and sheets; copy its cells into a new one"
                    ),
                ));
            }
            self.start += end;
        }
    }

    /// Reads on, and answers whether there was anything left.
    fn more(&mut self) -> Result<bool> {
        if self.buffer.len() - self.start > MAX_CELL_BYTES {
            return Err(long_cell());
        }
        self.passed += self.start as u64;
        self.buffer.drain(..self.start);
        self.start = 0;
        let known = self.buffer.len();
        self.buffer.resize(known + CHUNK, 0);
        let read = self.source.read(&mut self.buffer[known..]).map_err(|error| unreadable(&error))?;
        self.buffer.truncate(known + read);
        if memchr::memchr(0, &self.buffer[known..]).is_some() {
            let name = &self.name;
            return Err(damaged(
                &format!("la partie « {name} » n’est pas du XML en UTF-8"),
                &format!("the part “{name}” is not XML in UTF-8"),
            ));
        }
        Ok(read > 0)
    }

    fn doc_type(&self) -> Error {
        let name = &self.name;
        Error::new(
            ErrorKind::Syntax,
            format!(
                "la partie « {name} » contient une déclaration DOCTYPE, refusée par sécurité ; demandez un nouvel envoi"
            ),
            format!("the part “{name}” holds a DOCTYPE declaration, refused for safety; ask for the file again"),
        )
    }
}

enum Token {
    /// After so many bytes.
    Ends(usize),
    /// Not yet.
    Open,
    DocType,
}

/// Where the tag, comment or the like ends that begins at the first byte.
fn end_of_token(bytes: &[u8]) -> Token {
    let until = |from: usize, mark: &[u8]| {
        let rest = bytes.get(from..).unwrap_or_default();
        memchr::memmem::find(rest, mark).map_or(Token::Open, |at| Token::Ends(from + at + mark.len()))
    };
    match bytes.get(1) {
        None => Token::Open,
        Some(b'?') => until(2, b"?>"),
        Some(b'!') if bytes.starts_with(b"<!--") => until(4, b"-->"),
        Some(b'!') if bytes.starts_with(b"<![CDATA[") => until(9, b"]]>"),
        Some(b'!') if bytes.len() < 9 => Token::Open,
        Some(b'!') => Token::DocType,
        // What closes an element has no values, and is every other tag.
        Some(b'/') => memchr::memchr(b'>', bytes).map_or(Token::Open, |at| Token::Ends(at + 1)),
        Some(_) => {
            let mut at = 1;
            // A value may hold « > »: the tag ends at the first one outside quotes.
            while let Some(byte) = bytes.get(at) {
                match byte {
                    b'>' => return Token::Ends(at + 1),
                    b'"' | b'\'' => match bytes[at + 1..].iter().position(|other| other == byte) {
                        Some(length) => at += length + 1,
                        None => return Token::Open,
                    },
                    _ => {}
                }
                at += 1;
            }
            Token::Open
        }
    }
}

/// The name of an element without its prefix.
fn local_name(tag: &[u8]) -> &[u8] {
    let mut start = if tag.get(1) == Some(&b'/') { 2 } else { 1 };
    for (at, byte) in tag.iter().enumerate().skip(start) {
        match byte {
            b':' => start = at + 1,
            b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>' => return &tag[start..at],
            _ => {}
        }
    }
    &tag[start..]
}

/// The values of the attributes of that name.
fn attributes(tag: &[u8], name: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(tag);
    let inner = text.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let end = inner.find([' ', '\t', '\r', '\n']).unwrap_or(inner.len());
    let start = BytesStart::from_content(inner, end);
    let mut all = start.attributes();
    let found = all.with_checks(false).flatten().filter(|attribute| attribute.key.as_ref() == name);
    found.map(|attribute| attribute.value.to_string()).collect()
}

/// The workbook and its sheets are XML: a picture that passes for a sheet would not have been scanned.
fn relation(tag: &[u8]) -> Result<()> {
    let is_read = |kind: &String| {
        let last = kind.rsplit('/').next().unwrap_or_default();
        matches!(last, "officeDocument" | "worksheet" | "chartsheet" | "dialogsheet")
    };
    let is_scanned = |target: &String| target.to_ascii_lowercase().ends_with(".xml") && !target.contains('&');
    if attributes(tag, "Type").iter().any(is_read) && !attributes(tag, "Target").iter().all(is_scanned) {
        return Err(damaged("une feuille n’est pas du XML", "a sheet is not XML"));
    }
    Ok(())
}

/// Room is made for as many shared strings as their part declares, before any of them is read.
fn shared_strings(tag: &[u8], size: u64) -> Result<()> {
    for declared in attributes(tag, "uniqueCount") {
        if declared.parse::<u64>().is_ok_and(|count| count > size / MIN_SHARED_STRING) {
            return Err(damaged(
                &format!("il annonce {declared} textes, plus qu’il n’en contient"),
                &format!("it announces {declared} texts, more than it holds"),
            ));
        }
    }
    Ok(())
}
