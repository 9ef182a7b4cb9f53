//! The fence before a workbook that is a zip archive: a few kilobytes can ask for all the memory of the machine, and what
//! runs out of memory ends without a word.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read, Seek};

use quick_xml::events::BytesStart;
use zip::ZipArchive;
use zip::read::ZipFile;

use super::{Limits, MAX_CELL_BYTES, damaged, long_cell, ods, password, unreadable};
use crate::error::{Error, ErrorKind, Result};
use crate::import::annotations::target_of_formula;
use crate::import::sheet::Range;

/// Parts under this size may be packed as well as they like.
const ANY_RATIO_BYTES: u64 = 1 << 20;
/// Styles, sheets, names and relations, which are all held in memory. Excel itself stops at 65,490 styles of cells.
const MAX_HELD: usize = 250_000;
/// Comments and links of a workbook that are held, and bytes of the comments; those beyond are counted.
const MAX_ANNOTATIONS: usize = 100_000;
const MAX_COMMENTS: usize = 16 << 20;
/// The folder of the properties that document servers give to a workbook, in small letters.
const OF_SERVERS: &str = "customxml";
/// Bytes of a formula that are looked at; Excel itself stops at 8,192 characters.
const MAX_FORMULA: usize = 1 << 15;
/// Bytes in which a shared string can be written at least: `<si><t/></si>` has thirteen.
const MIN_SHARED_STRING: u64 = 8;

/// How much of a workbook is held in memory.
#[derive(Default)]
struct Held {
    parts: usize,
    annotations: usize,
    comment_bytes: usize,
}

/// What stands in the part of a sheet behind its cells, and is wanted before them.
#[derive(Debug, Default)]
pub(in crate::import) struct Traits {
    pub merges: Vec<Range>,
    /// The first and last of the rows that are not shown.
    pub hidden: Vec<(u64, u64)>,
    /// Comments with the row and column of their cells.
    pub comments: Vec<(u64, u32, String)>,
    /// How many comments and links are not held.
    pub beyond: u64,
    /// Cells that are links, with where they lead; while the parts are gone through, the identifiers of relations.
    pub links: Vec<(Range, String)>,
    /// Cells whose formulas are links, with where they lead.
    formula_links: Vec<(Range, String)>,
    /// The part of the comments of a sheet, in the part that lists its relations.
    comments_part: Option<String>,
    /// Names of sheets with the identifiers of their relations, in the part of the workbook.
    sheets: Vec<(String, String)>,
    /// Where relations lead, in the part that lists them.
    relations: BTreeMap<String, String>,
}

/// Goes through an .xlsx, and answers the traits of its sheets by their names.
pub(super) fn xlsx(source: &mut (impl Read + Seek), limits: &Limits) -> Result<BTreeMap<String, Traits>> {
    let mut archive = container(source, limits)?;
    let mut held = Held::default();
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| unreadable(&error))?;
        let name = part.name().map_err(|error| unreadable(&error))?.to_ascii_lowercase();
        // Pictures and the like are never read, nor is what document servers leave, often in UTF-16: the relations of the
        // parts that are read must lead to other XML, see `relation`.
        if (name.ends_with(".xml") || name.ends_with(".rels")) && !name.starts_with(OF_SERVERS) {
            let traits = scan(part, &mut held)?;
            parts.insert(name, traits);
        }
    }
    Ok(by_sheet(parts))
}

/// The traits of the parts that sheets lead to.
fn by_sheet(mut parts: BTreeMap<String, Traits>) -> BTreeMap<String, Traits> {
    let Some((workbook, sheets)) = parts
        .iter_mut()
        .find(|(_, traits)| !traits.sheets.is_empty())
        .map(|(name, traits)| (name.clone(), std::mem::take(&mut traits.sheets)))
    else {
        return BTreeMap::new();
    };
    let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
    let relations =
        parts.remove(&format!("{folder}/_rels/{file}.rels")).map(|traits| traits.relations).unwrap_or_default();
    let mut traits = |id: &str| {
        let path = path_of(folder, relations.get(id)?);
        let mut traits = parts.remove(&path)?;
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let related = parts.remove(&format!("{folder}/_rels/{file}.rels")).unwrap_or_default();
        let target = |(range, id): (Range, String)| Some((range, related.relations.get(&id)?.clone()));
        traits.links = std::mem::take(&mut traits.links).into_iter().filter_map(target).collect();
        traits.links.append(&mut traits.formula_links);
        let comments = related.comments_part.and_then(|target| parts.remove(&path_of(folder, &target)));
        if let Some(part) = comments {
            traits.comments = part.comments;
            traits.beyond += part.beyond;
        }
        Some(traits)
    };
    sheets.into_iter().filter_map(|(name, id)| Some((name, traits(&id)?))).collect()
}

/// The part that a relation leads to from a folder, in small letters.
fn path_of(folder: &str, target: &str) -> String {
    let target = target.to_ascii_lowercase();
    if let Some(path) = target.strip_prefix('/') {
        return path.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Goes through an .ods, and answers the names of its sheets.
pub(super) fn ods(source: &mut (impl Read + Seek), limits: &Limits) -> Result<BTreeMap<String, Traits>> {
    let mut archive = container(source, limits)?;
    // What is encrypted is no XML.
    ods::check_password(&mut archive)?;
    let content = archive.by_name("content.xml").map_err(|error| unreadable(&error))?;
    let names = scan(content, &mut Held::default())?.sheets;
    Ok(names.into_iter().map(|(name, _)| (name, Traits::default())).collect())
}

pub(super) fn xlsb(source: &mut (impl Read + Seek), limits: &Limits) -> Result<()> {
    container(source, limits).map(|_| ())
}

/// Opens the archive, unless what it declares is out of measure.
fn container<R: Read + Seek>(source: R, limits: &Limits) -> Result<ZipArchive<BufReader<R>>> {
    let mut archive = ZipArchive::new(BufReader::new(source)).map_err(|error| unreadable(&error))?;
    let Limits { inflated, ratio, parts, .. } = *limits;
    if archive.len() as u64 > parts {
        return Err(Error::new(
            ErrorKind::Limit,
            format!("le classeur a plus de {parts} parties ; gardez les feuilles qui décrivent les PTCE"),
            format!("the workbook has more than {parts} parts; keep the sheets that describe the PTCE"),
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
        if part.size() > ANY_RATIO_BYTES && part.size() / ratio > part.compressed_size() {
            return Err(Error::new(
                ErrorKind::Limit,
                format!(
                    "la partie « {name} » occuperait plus de {ratio} fois sa taille, {} Mo ; c’est un fichier piégé, \
                     demandez un nouvel envoi",
                    part.size() >> 20
                ),
                format!(
                    "the part “{name}” would take more than {ratio} times its size, {} MB; this file is a trap, ask \
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
    if total > Limits::bytes(inflated) {
        return Err(Error::new(
            ErrorKind::Limit,
            format!("le classeur occuperait {} Mo, plus de {inflated} ; partagez-le, ou envoyez du CSV", total >> 20),
            format!("the workbook would take {} MB, more than {inflated}; split it, or send CSV", total >> 20),
        ));
    }
    Ok(archive)
}

impl Traits {
    /// A row, whose number stands in its tag.
    fn row(&mut self, tag: &[u8]) {
        if memchr::memmem::find(tag, b"hidden").is_none() {
            return;
        }
        let is_hidden = attributes(tag, "hidden").iter().any(|value| matches!(value.as_str(), "1" | "true"));
        let number = attributes(tag, "r").pop().and_then(|number| number.parse::<u64>().ok());
        if let Some(number) = number.filter(|_| is_hidden) {
            match self.hidden.last_mut() {
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => self.hidden.push((number, number)),
            }
        }
    }

    /// A comment on a cell, as it stands in its part.
    fn comment(&mut self, cell: &str, said: &[u8], held: &mut Held) {
        let Some(Range { top, left, .. }) = Range::parse(cell) else { return };
        let said = String::from_utf8_lossy(said);
        let said = quick_xml::escape::unescape(&said).map_or_else(|_| said.to_string(), Cow::into_owned);
        held.annotations += 1;
        held.comment_bytes += said.len();
        if held.annotations <= MAX_ANNOTATIONS && held.comment_bytes <= MAX_COMMENTS {
            self.comments.push((top, left, said));
        } else {
            self.beyond += 1;
        }
    }

    /// A formula of a cell, which may be a link.
    fn formula(&mut self, cell: &[String], formula: &[u8], held: &mut Held) {
        let text = String::from_utf8_lossy(formula);
        let text = quick_xml::escape::unescape(&text).unwrap_or(Cow::Borrowed(&text));
        let range = cell.first().and_then(|cell| Range::parse(cell));
        let Some((range, target)) = range.zip(target_of_formula(&text)) else { return };
        held.annotations += 1;
        held.comment_bytes += target.len();
        if held.annotations <= MAX_ANNOTATIONS && held.comment_bytes <= MAX_COMMENTS {
            self.formula_links.push((range, target));
        } else {
            self.beyond += 1;
        }
    }

    fn sheet(&mut self, tag: &[u8]) {
        let id = all_attributes(tag).into_iter().find(|(name, _)| name == "id" || name.ends_with(":id"));
        let name = attributes(tag, "name").pop();
        self.sheets.extend(name.zip(id.map(|(_, id)| id)));
    }
}

/// Goes through a part once, without holding more of it than one tag or one text.
fn scan<R: Read>(part: ZipFile<'_, R>, held: &mut Held) -> Result<Traits> {
    let name = part.name().map_err(|error| unreadable(&error))?.into_owned();
    let mut scanner = Scanner {
        declared: part.size(),
        source: part,
        buffer: Vec::with_capacity(2 * CHUNK),
        start: 0,
        passed: 0,
        is_of_comments: name.to_ascii_lowercase().contains("comments"),
        comment: None,
        cell: Vec::new(),
        formula: None,
        name,
    };
    let mut traits = Traits::default();
    scanner.run(held, &mut traits).map(|()| traits)
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
    /// Whether the part holds the comments of a sheet.
    is_of_comments: bool,
    /// The comment that is open: its cell, its text so far, and whether what comes is a part of it.
    comment: Option<(String, Vec<u8>, bool)>,
    /// The tag of the cell that came last, and its formula while it is open.
    cell: Vec<u8>,
    formula: Option<Vec<u8>>,
}

impl<R: Read> Scanner<R> {
    fn run(&mut self, held: &mut Held, traits: &mut Traits) -> Result<()> {
        let mut text = 0;
        // Where the cell or the shared string begins that is open.
        let mut cell: Option<u64> = None;
        loop {
            let Some(at) = memchr::memchr(b'<', &self.buffer[self.start..]) else {
                text += self.buffer.len() - self.start;
                self.said(self.buffer.len());
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
            self.said(self.start + at);
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
                name @ (b"comment" | b"t") if self.is_of_comments => {
                    let opens = tag[1] != b'/' && !tag.ends_with(b"/>");
                    match (name, &mut self.comment, opens) {
                        (b"t", Some((_, _, is_said)), opens) => *is_said = opens,
                        (b"comment", comment, true) => {
                            *comment = attributes(tag, "ref").pop().map(|cell| (cell, Vec::new(), false));
                        }
                        (b"comment", comment, false) => {
                            if let Some((cell, said, _)) = comment.take() {
                                traits.comment(&cell, &said, held);
                            }
                        }
                        _ => {}
                    }
                }
                b"f" if tag[1] != b'/' => self.formula = (!tag.ends_with(b"/>")).then(Vec::new),
                b"f" => {
                    let formula = self.formula.take().unwrap_or_default();
                    // Most formulas are none, and are not looked at.
                    if formula.first().is_some_and(|first| first.eq_ignore_ascii_case(&b'h')) {
                        traits.formula(&attributes(&self.cell, "r"), &formula, held);
                    }
                }
                b"hyperlink" => {
                    // A link within the workbook has no relation.
                    let id = all_attributes(tag).into_iter().find(|(name, _)| name.ends_with(":id"));
                    let range = attributes(tag, "ref").pop().and_then(|text| Range::parse(&text));
                    let link = range.zip(id.map(|(_, id)| id));
                    held.annotations += usize::from(link.is_some());
                    if held.annotations <= MAX_ANNOTATIONS {
                        traits.links.extend(link);
                    } else {
                        traits.beyond += u64::from(link.is_some());
                    }
                }
                b"c" | b"si" | b"table-cell" | b"covered-table-cell" => {
                    let opens = tag[1] != b'/' && !tag.ends_with(b"/>");
                    cell = opens.then_some(here);
                    if tag.starts_with(b"<c ") {
                        self.cell.clear();
                        self.cell.extend_from_slice(tag);
                    }
                }
                b"row" => traits.row(tag),
                b"mergeCell" => {
                    held.parts += 1;
                    traits.merges.extend(attributes(tag, "ref").iter().filter_map(|text| Range::parse(text)));
                }
                b"table" if tag[1] != b'/' => {
                    held.parts += 1;
                    let name = attributes(tag, "table:name").pop();
                    traits.sheets.extend(name.map(|name| (name, String::new())));
                }
                b"sheet" => {
                    held.parts += 1;
                    traits.sheet(tag);
                }
                b"xf" | b"font" | b"fill" | b"border" | b"numFmt" | b"definedName" | b"table-properties" => {
                    held.parts += 1;
                }
                b"Relationship" => {
                    held.parts += 1;
                    relation(tag)?;
                    let pair = attributes(tag, "Id").pop().zip(attributes(tag, "Target").pop());
                    if attributes(tag, "Type").iter().any(|kind| kind.ends_with("/comments")) {
                        traits.comments_part = pair.as_ref().map(|(_, target)| target.clone());
                    }
                    traits.relations.extend(pair);
                }
                b"sst" => shared_strings(tag, self.declared)?,
                _ => {}
            }
            if held.parts > MAX_HELD {
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

    /// The buffer up to `end` is text, of a comment perhaps.
    fn said(&mut self, end: usize) {
        if let Some(formula) = &mut self.formula
            && formula.len() < MAX_FORMULA
        {
            formula.extend_from_slice(&self.buffer[self.start..end]);
        }
        if let Some((_, said, true)) = &mut self.comment
            && said.len() < MAX_CELL_BYTES
        {
            said.extend_from_slice(&self.buffer[self.start..end]);
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

/// The names and values of the attributes.
fn all_attributes(tag: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(tag);
    let inner = text.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let end = inner.find([' ', '\t', '\r', '\n']).unwrap_or(inner.len());
    let start = BytesStart::from_content(inner, end);
    let mut all = start.attributes();
    let plain = |value: &str| quick_xml::escape::unescape(value).map_or_else(|_| value.to_owned(), Cow::into_owned);
    let pairs = all.with_checks(false).flatten();
    pairs.map(|attribute| (attribute.key.as_ref().to_owned(), plain(&attribute.value))).collect()
}

/// The values of the attributes of that name.
fn attributes(tag: &[u8], name: &str) -> Vec<String> {
    all_attributes(tag).into_iter().filter(|(known, _)| known == name).map(|(_, value)| value).collect()
}

/// The workbook and its sheets are XML: a picture that passes for a sheet would not have been scanned.
fn relation(tag: &[u8]) -> Result<()> {
    let is_read = |kind: &String| {
        let last = kind.rsplit('/').next().unwrap_or_default();
        matches!(last, "officeDocument" | "worksheet" | "chartsheet" | "dialogsheet")
    };
    let is_scanned = |target: &String| {
        let target = target.to_ascii_lowercase();
        target.ends_with(".xml") && !target.contains('&') && !target.contains(OF_SERVERS)
    };
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
