//! The zip archive of a workbook that is changed: the entries that stay are copied byte for byte, packed bytes too.
//!
//! Not by `zip`, which writes the headers of what it copies anew; it packs the entries that are new.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use std::ops::Range;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::original::{self, Original};
use crate::error::{Error, ErrorKind, Result};
use crate::import::Limits;
use crate::import::workbook::{self, damaged, unreadable};

const END: [u8; 4] = *b"PK\x05\x06";
const END_64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";
const RECORD: [u8; 4] = *b"PK\x01\x02";
/// Bytes of what ends an archive, of what leads to the one of a large archive, and of a record of the directory, without
/// what has no fixed length.
const END_BYTES: usize = 22;
const LOCATOR_BYTES: usize = 20;
const RECORD_BYTES: usize = 46;
/// A field of 32 bits whose value stands elsewhere, in 64 bits.
const ELSEWHERE: u64 = 0xFFFF_FFFF;

/// An archive in memory, and what is to become of its entries.
pub(super) struct Package {
    bytes: Arc<[u8]>,
    directory: Directory,
    archive: ZipArchive<Cursor<Arc<[u8]>>>,
    /// Entries by their paths in lower case, as Office finds them.
    paths: BTreeMap<String, usize>,
    /// New contents of entries; none for one that goes.
    changed: BTreeMap<usize, Option<Vec<u8>>>,
    added: Vec<(String, Vec<u8>)>,
}

/// Where the entries of an archive stand.
struct Directory {
    entries: Vec<Entry>,
    /// Where the directory begins, behind the entries.
    start: usize,
    /// The remark that ends the archive.
    comment: Range<usize>,
}

struct Entry {
    name: String,
    /// Its record in the directory.
    record: Range<usize>,
    /// Its header, its content and what stands behind them up to the next entry.
    extent: Range<usize>,
}

impl Package {
    /// # Errors
    /// When the bytes are no archive, or one that asks for more than a machine can hold.
    pub fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Package> {
        workbook::check_archive(Cursor::new(&bytes), limits)?;
        let directory = Directory::read(&bytes)?;
        let bytes: Arc<[u8]> = bytes.into();
        let archive = ZipArchive::new(Cursor::new(Arc::clone(&bytes))).map_err(|error| unreadable(&error))?;
        let paths = directory.entries.iter().enumerate().map(|(rank, entry)| (plain(&entry.name), rank)).collect();
        Ok(Package { bytes, directory, archive, paths, changed: BTreeMap::new(), added: Vec::new() })
    }

    /// The SHA-256 of the archive as it was opened, in hexadecimal.
    pub fn sha256(&self) -> String {
        original::hexadecimal(&Sha256::digest(&self.bytes))
    }

    /// Whether there is, or will be, an entry of that path.
    pub fn has(&self, path: &str) -> bool {
        let path = plain(path);
        self.added.iter().any(|(name, _)| plain(name) == path)
            || self.paths.get(&path).is_some_and(|rank| !matches!(self.changed.get(rank), Some(None)))
    }

    /// The paths of the entries, those that were taken away among them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let added = self.added.iter().map(|(name, _)| name.as_str());
        self.directory.entries.iter().map(|entry| entry.name.as_str()).chain(added)
    }

    /// The content of an entry as it now is.
    pub fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>> {
        let path = plain(path);
        if let Some((_, content)) = self.added.iter().find(|(name, _)| plain(name) == path) {
            return Ok(Some(content.clone()));
        }
        let Some(rank) = self.paths.get(&path) else { return Ok(None) };
        if let Some(content) = self.changed.get(rank) {
            return Ok(content.clone());
        }
        let name = &self.directory.entries[*rank].name;
        let index = self.archive.index_for_name(name);
        let index = index.ok_or_else(|| damaged("une partie manque", "a part is missing"))?;
        let mut file = self.archive.by_index(index).map_err(|error| unreadable(&error))?;
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(|error| unreadable(&error))?;
        Ok(Some(content))
    }

    /// Gives an entry a content, in its place; one that is new comes last.
    pub fn write(&mut self, path: &str, content: Vec<u8>) {
        let key = plain(path);
        if let Some((_, known)) = self.added.iter_mut().find(|(name, _)| plain(name) == key) {
            *known = content;
            return;
        }
        match self.paths.get(&key) {
            Some(rank) => {
                self.changed.insert(*rank, Some(content));
            }
            None => self.added.push((path.to_owned(), content)),
        }
    }

    /// Takes an entry away.
    pub fn remove(&mut self, path: &str) {
        let key = plain(path);
        self.added.retain(|(name, _)| plain(name) != key);
        if let Some(rank) = self.paths.get(&key) {
            self.changed.insert(*rank, None);
        }
    }

    /// Whether anything is to be changed.
    pub fn is_changed(&self) -> bool {
        !self.changed.is_empty() || !self.added.is_empty()
    }

    /// The archive with its changes; with what gives the original back, in an entry of the name `original` if there is one.
    ///
    /// # Errors
    /// When it becomes larger than 4 GB.
    pub fn finish(mut self, original: Option<&str>) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(self.bytes.len() + (64 << 10));
        let mut records: Vec<Option<Vec<u8>>> = vec![None; self.directory.entries.len()];
        let mut undo = Original::new(Sha256::digest(&self.bytes).into());
        let mut by_place: Vec<usize> = (0..self.directory.entries.len()).collect();
        by_place.sort_by_key(|rank| self.directory.entries[*rank].extent.start);
        // What stands before the first entry, as in an archive that unpacks itself.
        let first = by_place.first().map_or(self.directory.start, |rank| self.directory.entries[*rank].extent.start);
        undo.copy(0, first);
        out.extend_from_slice(&self.bytes[..first]);
        for rank in by_place {
            let Entry { name, record, extent } = &self.directory.entries[rank];
            match self.changed.remove(&rank) {
                None => {
                    let record = moved(&self.bytes[record.clone()], out.len())?;
                    records[rank] = Some(record);
                    undo.copy(out.len(), extent.len());
                    out.extend_from_slice(&self.bytes[extent.clone()]);
                }
                Some(content) => {
                    undo.literal(&self.bytes[extent.clone()]);
                    if let Some(content) = content {
                        records[rank] = Some(pack(name, &content, &mut out)?);
                    }
                }
            }
        }
        undo.literal(&self.bytes[self.directory.start..]);
        for (name, content) in &self.added {
            records.push(Some(pack(name, content, &mut out)?));
        }
        if let Some(name) = original {
            records.push(Some(pack(name, &undo.to_bytes(), &mut out)?));
        }
        let comment = self.bytes[self.directory.comment.clone()].to_vec();
        end(&mut out, &records.into_iter().flatten().collect::<Vec<_>>(), &comment)?;
        Ok(out)
    }
}

/// A path as it is looked for.
fn plain(path: &str) -> String {
    path.trim_start_matches('/').replace('\\', "/").to_ascii_lowercase()
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

impl Directory {
    fn read(bytes: &[u8]) -> Result<Directory> {
        Directory::found(bytes).ok_or_else(|| damaged("le répertoire de l’archive est faux", "its directory is wrong"))
    }

    fn found(bytes: &[u8]) -> Option<Directory> {
        // The last mark whose remark goes up to the end, or the last one.
        let from = bytes.len().saturating_sub(END_BYTES + 0xFFFF);
        let marks: Vec<usize> = memchr::memmem::find_iter(&bytes[from..], &END).map(|at| from + at).collect();
        let is_exact = |at: &&usize| number(bytes, **at + 20, 2) == Some((bytes.len() - **at - END_BYTES) as u64);
        let end = *marks.iter().rev().find(is_exact).or(marks.last())?;
        let mut count = number(bytes, end + 10, 2)?;
        let mut length = number(bytes, end + 12, 4)?;
        let mut stated = number(bytes, end + 16, 4)?;
        let mut behind = end;
        let locator = end.checked_sub(LOCATOR_BYTES).filter(|at| bytes[*at..].starts_with(&LOCATOR_64));
        if let Some(locator) = locator {
            let stated_end = usize::try_from(number(bytes, locator + 8, 8)?).ok()?;
            let end_64 = match bytes.get(stated_end..).is_some_and(|bytes| bytes.starts_with(&END_64)) {
                true => stated_end,
                false => memchr::memmem::rfind(&bytes[..locator], &END_64)?,
            };
            count = number(bytes, end_64 + 32, 8)?;
            length = number(bytes, end_64 + 40, 8)?;
            stated = number(bytes, end_64 + 48, 8)?;
            behind = end_64;
        }
        let start = behind.checked_sub(usize::try_from(length).ok()?)?;
        // Bytes before the archive move all that it states.
        let base = start.checked_sub(usize::try_from(stated).ok()?)?;
        let (mut entries, mut at) = (Vec::new(), start);
        for _ in 0..count {
            if !bytes.get(at..)?.starts_with(&RECORD) {
                return None;
            }
            let [name, extra, comment] = [28, 30, 32].map(|field| number(bytes, at + field, 2));
            let (name, extra, comment) = (name? as usize, extra? as usize, comment? as usize);
            let record = at..at + RECORD_BYTES + name + extra + comment;
            let header = base.checked_add(usize::try_from(offset(bytes.get(record.clone())?)?.0).ok()?)?;
            let name = &bytes[at + RECORD_BYTES..at + RECORD_BYTES + name];
            entries.push(Entry {
                name: String::from_utf8_lossy(name).into_owned(),
                record: record.clone(),
                extent: header..start,
            });
            at = record.end;
        }
        let mut starts: Vec<usize> = entries.iter().map(|entry| entry.extent.start).collect();
        starts.sort_unstable();
        if starts.windows(2).any(|pair| pair[0] == pair[1]) || starts.last().is_some_and(|last| *last >= start) {
            return None;
        }
        for entry in &mut entries {
            let next = starts.partition_point(|other| *other <= entry.extent.start);
            entry.extent.end = starts.get(next).copied().unwrap_or(start);
        }
        Some(Directory { entries, start, comment: end + END_BYTES..bytes.len() })
    }
}

/// Where a record of the directory states that its entry begins, and where this stands in the record, in how many bytes.
fn offset(record: &[u8]) -> Option<(u64, usize, usize)> {
    let stated = number(record, 42, 4)?;
    if stated != ELSEWHERE {
        return Some((stated, 42, 4));
    }
    let (mut at, mut end) = (RECORD_BYTES + number(record, 28, 2)? as usize, 0);
    end += at + number(record, 30, 2)? as usize;
    while at + 4 <= end {
        let (kind, length) = (number(record, at, 2)?, number(record, at + 2, 2)? as usize);
        if kind == 1 {
            // Only those of the two sizes that stand here come before it.
            let sizes = [20, 24].iter().filter(|field| number(record, **field, 4) == Some(ELSEWHERE)).count();
            let place = at + 4 + 8 * sizes;
            return number(record, place, 8).map(|stated| (stated, place, 8));
        }
        at += 4 + length;
    }
    Some((stated, 42, 4))
}

/// A record of the directory whose entry begins elsewhere.
fn moved(record: &[u8], start: usize) -> Result<Vec<u8>> {
    let mut record = record.to_vec();
    let (_, at, length) = offset(&record).unwrap_or((0, 42, 4));
    if length == 4 && start as u64 >= ELSEWHERE {
        return Err(too_large());
    }
    record[at..at + length].copy_from_slice(&(start as u64).to_le_bytes()[..length]);
    Ok(record)
}

/// How many times its packed size a large entry may have: an archive beyond is taken for a trap, by us too.
const MAX_RATIO: usize = 100;

/// Adds an entry, and answers its record in the directory.
fn pack(name: &str, content: &[u8], out: &mut Vec<u8>) -> Result<Vec<u8>> {
    let mut packed = packed(name, content, CompressionMethod::Deflated)?;
    if content.len() > 1 << 20 && content.len() / MAX_RATIO > packed.len() {
        packed = self::packed(name, content, CompressionMethod::Stored)?;
    }
    let directory = Directory::read(&packed)?;
    let record = directory.entries.first().map(|entry| entry.record.clone()).unwrap_or_default();
    let record = moved(&packed[record], out.len())?;
    out.extend_from_slice(&packed[..directory.start]);
    Ok(record)
}

/// An archive of one entry.
fn packed(name: &str, content: &[u8], method: CompressionMethod) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default().compression_method(method).last_modified_time(zip::DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let written = archive
        .start_file(name, options)
        .and_then(|()| archive.write_all(content).map_err(Into::into))
        .and_then(|()| archive.finish());
    written.map(Cursor::into_inner).map_err(|error| unreadable(&error))
}

/// Ends an archive.
fn end(out: &mut Vec<u8>, records: &[Vec<u8>], comment: &[u8]) -> Result<()> {
    let start = out.len();
    records.iter().for_each(|record| out.extend_from_slice(record));
    let length = out.len() - start;
    let (Ok(count), Ok(start), Ok(length)) =
        (u16::try_from(records.len()), u32::try_from(start), u32::try_from(length))
    else {
        return Err(too_large());
    };
    out.extend_from_slice(&END);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&(comment.len() as u16).to_le_bytes());
    out.extend_from_slice(comment);
    Ok(())
}

fn too_large() -> Error {
    Error::new(
        ErrorKind::Limit,
        "le classeur annoté dépasserait 4 Go ou 65 535 parties ; partagez-le",
        "the annotated workbook would exceed 4 GB or 65,535 parts; split it",
    )
}

/// A name that no entry has, made by `name` from a number.
pub(super) fn free(package: &Package, name: impl Fn(u32) -> String) -> String {
    let taken: BTreeSet<String> = package.names().map(plain).collect();
    (1..).map(name).find(|name| !package.has(name) && !taken.contains(&plain(name))).unwrap_or_default()
}
