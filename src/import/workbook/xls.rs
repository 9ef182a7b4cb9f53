//! Workbooks of Excel 5 to 2003 (.xls): one stream of records, held in memory, whose sheets are read record by record.
//!
//! Not by `calamine`: it copies the text of a shared string into every cell that names it, makes room for all the cells
//! that a sheet declares, and panics on records that are cut. A file of a few kilobytes would end the program.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};

use calamine::DataRef;
use encoding_rs::Encoding;

use super::binary::{Bytes, Formats, Texts, error, packed, short, wide};
use super::ole::CompoundFile;
use super::value::as_text;
use super::{Limits, SheetNames, Sink, damaged, password, same_content, unreadable};
use crate::error::{Error, ErrorKind, Result};
use crate::import::range::Range;
use crate::import::sheet::{Sheet, Sheets};

const BEGINNING: u16 = 0x0809;
const END: u16 = 0x000A;
const CONTINUED: u16 = 0x003C;
const FORMULA: u16 = 0x0006;
/// The string that the formula before it gives.
const FORMULA_TEXT: u16 = 0x0207;

/// The names of the sheets.
pub(super) fn names(source: &mut (impl Read + Seek), limits: &Limits) -> Result<SheetNames> {
    let stream = stream(source, limits)?;
    Ok(Globals::read(&stream)?.sheets.into_iter().map(|sheet| sheet.name).collect())
}

pub(super) fn read(source: &mut (impl Read + Seek), sink: &mut Sink<'_>, sheets: &mut Sheets) -> Result<()> {
    let stream = stream(source, sink.limits())?;
    let globals = Globals::read(&stream)?;
    sheets.hold(stream.len() as u64);
    // Sheets within each other would take as many times the size of the stream.
    let mut left = stream.len();
    for sheet in &globals.sheets {
        let mut table = Sheet::begin(sink, sheets, &sheet.name, sheet.is_hidden)?;
        let records = stream.get(sheet.start..).ok_or_else(short)?;
        let length = look_ahead(records, &globals, &mut table)?;
        left = left.checked_sub(length).ok_or_else(same_content)?;
        read_sheet(records, &globals, table)?;
    }
    Ok(())
}

/// The stream that holds the workbook.
fn stream(source: &mut (impl Read + Seek), limits: &Limits) -> Result<Vec<u8>> {
    let length = source.seek(SeekFrom::End(0)).map_err(|error| unreadable(&error))?;
    let xls = limits.xls;
    if length > Limits::bytes(xls) {
        return Err(Error::new(
            ErrorKind::Limit,
            format!("un .xls de plus de {xls} Mo ; enregistrez-le au format .xlsx"),
            format!("an .xls of more than {xls} MB; save it as .xlsx"),
        ));
    }
    let mut file = CompoundFile::open(source)?;
    match file.stream("Workbook")? {
        Some(stream) => Ok(stream),
        None => file.stream("Book")?.ok_or_else(|| damaged("il n’a pas de contenu", "it has no content")),
    }
}

struct Record<'a> {
    kind: u16,
    data: Bytes<'a>,
}

/// The records of a stream, up to its end.
struct Records<'a>(&'a [u8]);

impl<'a> Records<'a> {
    fn next(&mut self) -> Result<Option<Record<'a>>> {
        if self.0.len() < 4 {
            return Ok(None);
        }
        let header = Bytes(self.0);
        let (kind, length) = (header.u16(0)?, usize::from(header.u16(2)?));
        let rest = &self.0[4..];
        let data = rest.get(..length).ok_or_else(|| damaged("il s’arrête avant la fin", "it ends too early"))?;
        self.0 = &rest[length..];
        Ok(Some(Record { kind, data: Bytes(data) }))
    }

    /// The data of a record and of those that continue it.
    fn continued(&mut self, first: Bytes<'a>) -> Result<Segments<'a>> {
        let mut parts = vec![first.0];
        while self.0.len() >= 4 && Bytes(self.0).u16(0)? == CONTINUED {
            if let Some(record) = self.next()? {
                parts.push(record.data.0);
            }
        }
        Ok(Segments { parts, part: 0, at: 0 })
    }
}

/// Data in several records. A text that goes on in the next one says there again how wide its characters are.
struct Segments<'a> {
    parts: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

impl<'a> Segments<'a> {
    fn rest(&self) -> &'a [u8] {
        self.parts.get(self.part).and_then(|part| part.get(self.at..)).unwrap_or_default()
    }

    /// Goes on to the next part when this one is used up, and answers whether anything is left.
    fn advance(&mut self) -> bool {
        while self.rest().is_empty() {
            if self.part + 1 >= self.parts.len() {
                return false;
            }
            self.part += 1;
            self.at = 0;
        }
        true
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.advance();
        let bytes = Bytes(self.rest()).get(0)?;
        self.at += N;
        Ok(bytes)
    }

    fn skip(&mut self, mut count: usize) -> Result<()> {
        while count > 0 {
            if !self.advance() {
                return Err(short());
            }
            let step = count.min(self.rest().len());
            self.at += step;
            count -= step;
        }
        Ok(())
    }

    fn text(&mut self, mut characters: usize, mut is_wide: bool) -> Result<String> {
        let mut text = String::new();
        loop {
            let width = if is_wide { 2 } else { 1 };
            let rest = self.rest();
            let here = characters.min(rest.len() / width);
            let bytes = &rest[..here * width];
            if is_wide {
                text.push_str(&wide(bytes));
            } else {
                // One byte is the lower half of a character of two.
                text.extend(bytes.iter().map(|byte| char::from(*byte)));
            }
            self.at += bytes.len();
            characters -= here;
            if characters == 0 {
                return Ok(text);
            }
            self.at += self.rest().len();
            if !self.advance() {
                return Err(short());
            }
            is_wide = self.take::<1>()?[0] & 1 != 0;
        }
    }

    /// A shared string, whose fonts and reading aids are passed over.
    fn shared_string(&mut self) -> Result<String> {
        let characters = usize::from(u16::from_le_bytes(self.take()?));
        let [flags] = self.take()?;
        let fonts = if flags & 8 == 0 { 0 } else { usize::from(u16::from_le_bytes(self.take()?)) };
        let aids = if flags & 4 == 0 { 0 } else { u32::from_le_bytes(self.take()?) as usize };
        let text = self.text(characters, flags & 1 != 0)?;
        self.skip(fonts * 4)?;
        self.skip(aids)?;
        Ok(text)
    }
}

struct SheetPlace {
    name: String,
    start: usize,
    is_hidden: bool,
}

/// What the stream says before its sheets.
struct Globals {
    /// Whether texts are Unicode, as since Excel 97.
    is_unicode: bool,
    encoding: &'static Encoding,
    formats: Formats,
    strings: Texts,
    sheets: Vec<SheetPlace>,
}

impl Globals {
    fn read(stream: &[u8]) -> Result<Globals> {
        let mut globals = Globals {
            is_unicode: true,
            encoding: encoding_rs::WINDOWS_1252,
            formats: Formats::default(),
            strings: Texts::default(),
            sheets: Vec::new(),
        };
        let mut records = Records(stream);
        while let Some(Record { kind, data }) = records.next()? {
            match kind {
                BEGINNING => globals.is_unicode = data.u16(0)? >= 0x0600,
                // Encrypted, be it with the password that Excel tries by itself.
                0x002F => return Err(password()),
                0x0042 => globals.encoding = code_page(data.u16(0)?),
                0x0022 => globals.formats.is_1904 = data.u16(0)? == 1,
                // Some programs count a character too many: the value counts more than how it is shown.
                0x041E => {
                    let code = globals.text(data.from(2)?, globals.is_unicode).unwrap_or_default();
                    globals.formats.custom(data.u16(0)?, &code);
                }
                // A font: its height, and flags, one of which strikes its text through.
                0x0031 => {
                    globals.formats.font();
                    if data.u16(2)? & 8 != 0 {
                        globals.formats.strike();
                    }
                }
                // No font has the rank 4.
                0x00E0 => {
                    let font = usize::from(data.u16(0)?);
                    globals.formats.style(data.u16(2)?, font - usize::from(font > 4));
                }
                // Sheets of charts, macros and modules have no table.
                0x0085 if data.u8(5)? == 0 => {
                    let name = globals.text(data.from(6)?, false)?;
                    let (start, is_hidden) = (data.u32(0)? as usize, data.u8(4)? & 3 != 0);
                    globals.sheets.push(SheetPlace { name: name.replace('\0', ""), start, is_hidden });
                }
                0x00FC => {
                    let mut texts = records.continued(data)?;
                    texts.skip(8)?;
                    while texts.advance() {
                        globals.strings.push(&texts.shared_string()?);
                    }
                }
                END => break,
                _ => {}
            }
        }
        Ok(globals)
    }

    /// A text in one record, its length in one byte or two.
    fn text(&self, data: &[u8], is_long: bool) -> Result<String> {
        let bytes = Bytes(data);
        let (characters, at) = if is_long { (usize::from(bytes.u16(0)?), 2) } else { (usize::from(bytes.u8(0)?), 1) };
        if self.is_unicode {
            let is_wide = bytes.u8(at)? & 1 != 0;
            return Segments { parts: vec![bytes.from(at + 1)?], part: 0, at: 0 }.text(characters, is_wide);
        }
        let text = data.get(at..at + characters).ok_or_else(short)?;
        Ok(self.encoding.decode_without_bom_handling(text).0.into_owned())
    }
}

/// The encoding of a code page; what is unknown is read as the one of Western Windows.
fn code_page(number: u16) -> &'static Encoding {
    let label = match number {
        10_000 | 32_768 => "macintosh".to_owned(),
        10_007 => "x-mac-cyrillic".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        866 => "ibm866".to_owned(),
        number => format!("windows-{number}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252)
}

/// The comments of a sheet: those of Excel 97 and later are texts of objects, which notes name.
#[derive(Default)]
struct Notes {
    /// The object that comes last.
    object: u16,
    texts: BTreeMap<u16, String>,
    cells: Vec<(u64, u32, u16)>,
}

/// The text of an object, in the records that continue its own.
fn object_text<'a>(data: Bytes<'a>, records: &mut Records<'a>) -> Result<String> {
    let characters = usize::from(data.u16(10)?);
    let mut parts = records.continued(data)?;
    parts.skip(data.0.len())?;
    let [flags] = parts.take()?;
    parts.text(characters, flags & 1 != 0)
}

/// The cells of a link, and where it leads: an address, or a file. One within the workbook leads nowhere else.
fn link(data: Bytes<'_>) -> Result<Option<(Range, String)>> {
    const ADDRESS: [u8; 16] = *b"\xE0\xC9\xEA\x79\xF9\xBA\xCE\x11\x8C\x82\x00\xAA\x00\x4B\xA9\x0B";
    let [top, bottom, left, right] = [0, 2, 4, 6].map(|from| data.u16(from).map(u32::from));
    let range = Range { top: u64::from(top?) + 1, left: left? + 1, bottom: u64::from(bottom?) + 1, right: right? + 1 };
    let flags = data.u32(28)?;
    let mut at = 32_usize;
    // What is shown, and the window that it opens in.
    for flag in [0x10, 0x80] {
        if flags & flag != 0 {
            at = at.saturating_add(4).saturating_add((data.u32(at)? as usize).saturating_mul(2)).min(data.0.len());
        }
    }
    let counted = |at: usize, width: usize| -> Result<&[u8]> {
        let length = (data.u32(at)? as usize).saturating_mul(width);
        data.from(at + 4)?.get(..length).ok_or_else(short)
    };
    let target = match flags & 0x101 {
        0x101 => wide(counted(at, 2)?),
        1 if data.get::<16>(at)? == ADDRESS => wide(counted(at + 16, 1)?),
        1 => counted(at + 18, 1)?.iter().map(|byte| char::from(*byte)).collect(),
        _ => return Ok(None),
    };
    let target = target.split('\0').next().unwrap_or_default().to_owned();
    Ok(Some((range, target)))
}

/// Finds the rows and columns that are not shown, the comments and, behind the cells, those that are merged or links. Answers how many
/// bytes the sheet has.
fn look_ahead(stream: &[u8], globals: &Globals, table: &mut Sheet<'_, '_>) -> Result<usize> {
    let mut records = Records(stream);
    let mut notes = Notes::default();
    let mut depth = 0;
    while let Some(Record { kind, data }) = records.next()? {
        match kind {
            BEGINNING => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            _ if depth > 1 => {}
            // The row, with its flag of not being shown.
            0x0208 if data.u16(12)? & 0x20 != 0 => {
                let row = u64::from(data.u16(0)?) + 1;
                table.hide(row, row);
            }
            // Columns, with theirs: programs write shorter records too.
            0x007D if data.u16(8).unwrap_or_default() & 1 != 0 => {
                table.hide_columns(u32::from(data.u16(0)?) + 1, u32::from(data.u16(2)?) + 1);
            }
            // Objects, their texts, and comments: what is cut there hides no cell.
            0x005D => notes.object = data.u16(6).unwrap_or_default(),
            0x01B6 => {
                if let Ok(text) = object_text(data, &mut records) {
                    notes.texts.insert(notes.object, text);
                }
            }
            0x001C => {
                let (Ok(row), Ok(column), Ok(object)) = (data.u16(0), data.u16(2), data.u16(6)) else { continue };
                let (row, column) = (u64::from(row) + 1, u32::from(column) + 1);
                if globals.is_unicode {
                    notes.cells.push((row, column, object));
                } else if let (Ok(text), Some(annotations)) = (data.from(6), table.annotations()) {
                    annotations.comment(row, column, &globals.encoding.decode_without_bom_handling(text).0);
                }
            }
            0x01B8 => {
                if let (Ok(Some((range, target))), Some(annotations)) = (link(data), table.annotations()) {
                    annotations.link(range, &target);
                }
            }
            0x00E5 => {
                for at in 0..usize::from(data.u16(0)?) {
                    let [top, bottom, left, right] = [2, 4, 6, 8].map(|from| data.u16(from + at * 8));
                    let (top, bottom) = (u64::from(top?) + 1, u64::from(bottom?) + 1);
                    table.merge(Range { top, left: u32::from(left?) + 1, bottom, right: u32::from(right?) + 1 });
                }
            }
            _ => {}
        }
    }
    if let Some(annotations) = table.annotations() {
        for (row, column, object) in notes.cells {
            annotations.comment(row, column, notes.texts.get(&object).map_or("", String::as_str));
        }
    }
    Ok(stream.len() - records.0.len())
}

fn read_sheet(stream: &[u8], globals: &Globals, mut table: Sheet<'_, '_>) -> Result<()> {
    let mut records = Records(stream);
    let mut text = String::new();
    // Charts in the sheet are sheets within it.
    let mut depth = 0;
    let mut formula = None;
    let strike = |table: &mut Sheet<'_, '_>, style: usize| {
        if globals.formats.is_struck(style) {
            table.strike();
        }
    };
    while let Some(Record { kind, data }) = records.next()? {
        match kind {
            BEGINNING => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            _ if depth > 1 => {}
            _ if table.is_over() => break,
            0x00BD => {
                let count = data.0.len().saturating_sub(6) / 6;
                for rank in 0..count {
                    let style = data.u16(4 + rank * 6)?.into();
                    let value = globals.formats.number(packed(data.get(6 + rank * 6)?), style);
                    strike(&mut table, style);
                    let column = u32::from(data.u16(2)?) + rank as u32 + 1;
                    table.cell(u64::from(data.u16(0)?) + 1, column, as_text(&value, &mut text).unwrap_or_default())?;
                }
            }
            FORMULA_TEXT => {
                if let Some((row, column, style)) = formula.take() {
                    let value = if globals.is_unicode {
                        let characters = usize::from(data.u16(0)?);
                        let mut parts = records.continued(data)?;
                        parts.skip(2)?;
                        let [flags] = parts.take()?;
                        parts.text(characters, flags & 1 != 0)?
                    } else {
                        globals.text(data.0, true)?
                    };
                    strike(&mut table, style);
                    table.cell(row, column, &value)?;
                }
            }
            0x0203 | 0x0204 | 0x0205 | FORMULA | 0x00D6 | 0x00FD | 0x027E => {
                let (row, column) = (u64::from(data.u16(0)?) + 1, u32::from(data.u16(2)?) + 1);
                let style = usize::from(data.u16(4)?);
                if kind == FORMULA {
                    table.formula();
                }
                let value = match kind {
                    0x0203 => globals.formats.number(data.f64(6)?, style),
                    0x027E => globals.formats.number(packed(data.get(6)?), style),
                    0x0204 | 0x00D6 => DataRef::String(globals.text(data.from(6)?, true)?),
                    0x00FD => globals.strings.get(data.u32(6)?)?,
                    0x0205 if data.u8(7)? != 0 => error(data.u8(6)?),
                    0x0205 => DataRef::Bool(data.u8(6)? != 0),
                    // A formula, with the value that it last had.
                    _ if data.u16(12)? == 0xFFFF => match data.u8(6)? {
                        0 => {
                            formula = Some((row, column, style));
                            DataRef::Empty
                        }
                        1 => DataRef::Bool(data.u8(8)? != 0),
                        2 => error(data.u8(8)?),
                        _ => DataRef::Empty,
                    },
                    _ => globals.formats.number(data.f64(6)?, style),
                };
                strike(&mut table, style);
                table.cell(row, column, as_text(&value, &mut text).unwrap_or_default())?;
            }
            _ => {}
        }
    }
    table.finish()
}
