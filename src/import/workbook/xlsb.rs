//! Binary workbooks of Excel 2007 and later (.xlsb): a zip archive whose parts are records; the shared strings are held in
//! memory, the sheets are not.
//!
//! Not by `calamine`: it drops the errors of formulas without a word, and panics on a shared string that is missing.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek};

use calamine::DataRef;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::archive::Archive;
use super::binary::{Bytes, Formats, Texts, error, packed, short, wide};
use super::value::as_text;
use super::{Limits, MAX_CELL_BYTES, SheetNames, Sink, damaged, long_cell, unreadable};
use crate::error::Result;
use crate::import::range::Range;
use crate::import::sheet::{Sheet, Sheets};

/// Sheets, names and the like are told in the first megabytes of a workbook.
const MAX_RELATIONS: u64 = 8 << 20;

/// The names of the sheets.
pub(super) fn names(source: &mut (impl Read + Seek), limits: &Limits) -> Result<SheetNames> {
    let mut archive = Archive::open(source, limits)?;
    let paths = relations(&mut archive)?;
    let places = places(&mut archive, &paths, &mut Formats::default())?;
    Ok(places.into_iter().map(|place| place.name).collect())
}

pub(super) fn read(source: impl Read + Seek, sink: &mut Sink<'_>, sheets: &mut Sheets) -> Result<()> {
    let mut archive = Archive::open(source, sink.limits())?;
    sheets.hold(archive.unpacked());
    let paths = relations(&mut archive)?;
    let mut formats = Formats::default();
    let places = places(&mut archive, &paths, &mut formats)?;
    styles(&mut archive, &mut formats)?;
    let strings = strings(&mut archive)?;
    for place in places {
        let mut table = Sheet::begin(sink, sheets, &place.name, place.is_hidden)?;
        if let Some(records) = open(&mut archive, &place.path)? {
            look_ahead(records, &mut table)?;
        }
        if let Some(records) = open(&mut archive, &place.path)? {
            read_sheet(records, &strings, &formats, table)?;
        }
    }
    Ok(())
}

/// The records of a part.
struct Records<R> {
    source: R,
    data: Vec<u8>,
}

/// Opens a part, when there is one.
fn open<'a, R: Read + Seek>(
    archive: &'a mut Archive<R>,
    path: &str,
) -> Result<Option<Records<impl Read + use<'a, R>>>> {
    let Some(part) = archive.part(path)? else { return Ok(None) };
    // The size that the archive was judged by; what comes after it is no part of the workbook.
    let declared = part.size();
    Ok(Some(Records { source: BufReader::with_capacity(1 << 16, part.take(declared)), data: Vec::new() }))
}

impl<R: Read> Records<R> {
    /// The kind of the next record; its data when `wants` the kind.
    fn next(&mut self, wants: impl Fn(u16) -> bool) -> Result<Option<u16>> {
        let Some(low) = self.byte()? else { return Ok(None) };
        let high = if low & 0x80 == 0 { 0 } else { self.needed()? };
        let kind = u16::from(low & 0x7F) | u16::from(high & 0x7F) << 7;
        let mut length: u64 = 0;
        for shift in [0, 7, 14, 21] {
            let byte = self.needed()?;
            length |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        self.data.clear();
        let mut data = self.source.by_ref().take(length);
        let read = if !wants(kind) {
            std::io::copy(&mut data, &mut std::io::sink())
        } else if length > MAX_CELL_BYTES as u64 {
            return Err(long_cell());
        } else {
            data.read_to_end(&mut self.data).map(|read| read as u64)
        };
        if read.map_err(|error| unreadable(&error))? < length {
            return Err(cut());
        }
        Ok(Some(kind))
    }

    fn byte(&mut self) -> Result<Option<u8>> {
        let mut byte = [0];
        let read = self.source.read(&mut byte).map_err(|error| unreadable(&error))?;
        Ok((read > 0).then_some(byte[0]))
    }

    fn needed(&mut self) -> Result<u8> {
        self.byte()?.ok_or_else(cut)
    }

    fn data(&self) -> Bytes<'_> {
        Bytes(&self.data)
    }
}

fn cut() -> crate::Error {
    damaged("il s’arrête avant la fin", "it ends too early")
}

/// A text with its length before it, and how many bytes the two take.
fn text(data: Bytes<'_>, at: usize) -> Result<(String, usize)> {
    let length = (data.u32(at)? as usize).checked_mul(2).ok_or_else(short)?;
    let bytes = data.from(at + 4)?.get(..length).ok_or_else(short)?;
    Ok((wide(bytes), 4 + length))
}

/// The paths of the parts that the workbook names by an identifier.
fn relations(archive: &mut Archive<impl Read + Seek>) -> Result<BTreeMap<String, String>> {
    let mut paths = BTreeMap::new();
    let Some(part) = archive.part("xl/_rels/workbook.bin.rels")? else {
        return Err(damaged("il ne dit pas où sont ses feuilles", "it does not say where its sheets are"));
    };
    let mut reader = Reader::from_reader(BufReader::new(part.take(MAX_RELATIONS)));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| unreadable(&error))? {
            Event::Start(start) | Event::Empty(start) if start.local_name().as_ref() == "Relationship" => {
                let (mut id, mut target) = (String::new(), String::new());
                // The checks of quick-xml compare each attribute with all others.
                for attribute in start.attributes().with_checks(false) {
                    let attribute = attribute.map_err(|error| unreadable(&error))?;
                    match attribute.key.as_ref() {
                        "Id" => id = attribute.value.to_string(),
                        "Target" => target = attribute.value.to_string(),
                        _ => {}
                    }
                }
                let path = match target.strip_prefix('/') {
                    Some(whole) => whole.to_owned(),
                    None => format!("xl/{target}"),
                };
                paths.insert(id, path);
            }
            Event::Eof => return Ok(paths),
            _ => {}
        }
    }
}

struct Place {
    name: String,
    path: String,
    is_hidden: bool,
}

/// Where the sheets are.
fn places<R: Read + Seek>(
    archive: &mut Archive<R>,
    paths: &BTreeMap<String, String>,
    formats: &mut Formats,
) -> Result<Vec<Place>> {
    let Some(mut records) = open(archive, "xl/workbook.bin")? else {
        return Err(damaged("il n’a pas de contenu", "it has no content"));
    };
    let mut places = Vec::new();
    while let Some(kind) = records.next(|kind| matches!(kind, 0x99 | 0x9C))? {
        let data = records.data();
        match kind {
            0x99 => formats.is_1904 = data.u32(0)? & 1 != 0,
            0x9C => {
                // A sheet without a part, such as a module of macros, has no text here.
                if data.u32(8)? == u32::MAX {
                    continue;
                }
                let (id, length) = text(data, 8)?;
                let (name, _) = text(data, 8 + length)?;
                let path = paths.get(&id).cloned();
                let path = path.ok_or_else(|| damaged("une feuille manque", "a sheet is missing"))?;
                // Charts and dialogs have no table.
                if path.to_ascii_lowercase().contains("worksheets/") {
                    places.push(Place { name, path, is_hidden: data.u32(0)? != 0 });
                }
            }
            // The end of the list of sheets.
            0x90 => break,
            _ => {}
        }
    }
    Ok(places)
}

fn styles<R: Read + Seek>(archive: &mut Archive<R>, formats: &mut Formats) -> Result<()> {
    let Some(mut records) = open(archive, "xl/styles.bin")? else { return Ok(()) };
    let (mut is_of_fonts, mut is_of_cells) = (false, false);
    while let Some(kind) = records.next(|kind| matches!(kind, 0x2B | 0x2C | 0x2F))? {
        let data = records.data();
        match kind {
            0x2C => formats.custom(data.u16(0)?, &text(data, 2)?.0),
            0x0263 => is_of_fonts = true,
            0x0264 => is_of_fonts = false,
            // A font: its height, and flags, one of which strikes its text through.
            0x2B if is_of_fonts => {
                formats.font();
                if data.u16(2)? & 8 != 0 {
                    formats.strike();
                }
            }
            // Styles that have a name are written like those of cells, before them.
            0x0269 => is_of_cells = true,
            0x026A => break,
            0x2F if is_of_cells => formats.style(data.u16(2)?, data.u16(4)?.into()),
            _ => {}
        }
    }
    Ok(())
}

fn strings<R: Read + Seek>(archive: &mut Archive<R>) -> Result<Texts> {
    let mut strings = Texts::default();
    let Some(mut records) = open(archive, "xl/sharedStrings.bin")? else { return Ok(strings) };
    while let Some(kind) = records.next(|kind| kind == 0x13)? {
        if kind == 0x13 {
            strings.push(&text(records.data(), 1)?.0);
        }
    }
    Ok(strings)
}

/// Finds the rows and columns that are not shown and, behind the cells, those that are merged.
fn look_ahead<R: Read>(mut records: Records<R>, table: &mut Sheet<'_, '_>) -> Result<()> {
    while let Some(kind) = records.next(|kind| matches!(kind, 0x00 | 0x3C | 0xB0))? {
        let data = records.data();
        match kind {
            // Columns, with their flag of not being shown.
            0x3C if data.u8(16)? & 1 != 0 => {
                table.hide_columns(data.u32(0)?.saturating_add(1), data.u32(4)?.saturating_add(1));
            }
            // The row, with its flag of not being shown.
            0x00 if data.u8(11)? & 0x10 != 0 => {
                let row = u64::from(data.u32(0)?) + 1;
                table.hide(row, row);
            }
            0xB0 => {
                let [top, bottom, left, right] = [0, 4, 8, 12].map(|from| data.u32(from));
                let (top, bottom) = (u64::from(top?) + 1, u64::from(bottom?) + 1);
                let (left, right) = (left?.saturating_add(1), right?.saturating_add(1));
                table.merge(Range { top, left, bottom, right });
            }
            _ => {}
        }
    }
    Ok(())
}

fn read_sheet<R: Read>(
    mut records: Records<R>,
    strings: &Texts,
    formats: &Formats,
    mut table: Sheet<'_, '_>,
) -> Result<()> {
    let mut row = 1;
    let mut made = String::new();
    while let Some(kind) = records.next(|kind| kind <= 0x0B || kind == 0x3E)? {
        if table.is_over() {
            break;
        }
        let data = records.data();
        let value = match kind {
            0x00 => {
                row = u64::from(data.u32(0)?) + 1;
                continue;
            }
            // The end of the cells.
            0x92 => break,
            0x02 => formats.number(packed(data.get(8)?), style(data)?),
            0x05 | 0x09 => formats.number(data.f64(8)?, style(data)?),
            0x03 | 0x0B => error(data.u8(8)?),
            0x04 | 0x0A => DataRef::Bool(data.u8(8)? != 0),
            0x06 | 0x08 => DataRef::String(text(data, 8)?.0),
            // With fonts within the text.
            0x3E => DataRef::String(text(data, 9)?.0),
            0x07 => strings.get(data.u32(8)?)?,
            _ => continue,
        };
        if matches!(kind, 0x08..=0x0B) {
            table.formula();
        }
        if formats.is_struck(style(data)?) {
            table.strike();
        }
        let column = data.u32(0)?.saturating_add(1);
        table.cell(row, column, as_text(&value, &mut made).unwrap_or_default())?;
    }
    table.finish()
}

/// The style of a cell, in three bytes.
fn style(data: Bytes<'_>) -> Result<usize> {
    Ok(data.u32(4)? as usize & 0x00FF_FFFF)
}
