//! Workbooks of Excel 2007 and later (.xlsx, .xlsm): the shared strings are held in memory, the sheets are not.
//!
//! Not by `calamine`: it holds a tag, a text or a cell of any length, so that each part would have to be gone through
//! before, takes twice as long for the cells, and does not tell hidden rows.

mod extras;
mod strings;

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use calamine::DataRef;

use super::archive::Archive;
use super::binary::{Formats, Shown, Texts};
use super::scan::{Scanner, Tag, Token, shown};
use super::value::{UNCOMPUTED, as_text, boolean};
use super::{Limits, SheetNames, Sink, damaged, hold};
use crate::error::{Error, ErrorKind, Result};
use crate::import::annotations::target_of_formula;
use crate::import::range::Range;
use crate::import::sheet::{Sheet, Sheets};
pub(crate) use strings::unescape;

/// Bytes of a formula that are looked at; Excel itself stops at 8,192 characters.
const MAX_FORMULA: usize = 1 << 15;

/// The names of the sheets.
pub(super) fn names(source: &mut (impl Read + Seek), limits: &Limits) -> Result<SheetNames> {
    let mut archive = Archive::open(source, limits)?;
    let workbook = Workbook::read(&mut archive)?;
    Ok(workbook.sheets.into_iter().map(|sheet| sheet.name).collect())
}

pub(super) fn read(source: impl Read + Seek, sink: &mut Sink<'_>, sheets: &mut Sheets) -> Result<()> {
    let mut archive = Archive::open(source, sink.limits())?;
    sheets.hold(archive.unpacked());
    let workbook = Workbook::read(&mut archive)?;
    let mut formats = styles(&mut archive, &workbook.folder)?;
    formats.is_1904 = workbook.is_1904;
    let strings = strings::shared(&mut archive, &workbook.folder)?;
    for place in &workbook.sheets {
        let mut table = Sheet::begin(sink, sheets, &place.name, place.is_hidden)?;
        if table.is_over() {
            continue;
        }
        if !extras::tell(&mut archive, &place.path, &mut table)? {
            continue;
        }
        if let Some(part) = archive.part(&place.path)? {
            let scanner = Scanner::new(&place.path, part);
            let (text, formula) = (String::new(), Vec::new());
            let mut cells = Cells { scanner, formats: &formats, strings: &strings, text, formula };
            cells.read(&mut table).map_err(|error| in_sheet(error, &table))?;
        }
        table.finish()?;
    }
    Ok(())
}

/// A sheet, and the part that holds it.
struct Place {
    name: String,
    path: String,
    is_hidden: bool,
}

/// What the part of the workbook says of its sheets.
struct Workbook {
    /// The folder in which the part stands.
    folder: String,
    sheets: Vec<Place>,
    is_1904: bool,
}

impl Workbook {
    fn read(archive: &mut Archive<impl Read + Seek>) -> Result<Workbook> {
        let main = relations(archive, "_rels/.rels")?;
        let main = main.values().rev().find(|relation| relation.is("officeDocument"));
        let Some(path) = main.map(|relation| path_of("", &relation.target)) else {
            return Err(damaged("il n’a pas de contenu", "it has no content"));
        };
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let relations = relations(archive, &format!("{folder}/_rels/{file}.rels"))?;
        let mut workbook = Workbook { folder: folder.to_owned(), sheets: Vec::new(), is_1904: false };
        let Some(part) = archive.part(&path)? else { return Ok(workbook) };
        let mut scanner = Scanner::new(&path, part);
        let mut held = 0;
        while let Some(token) = scanner.next()? {
            let Token::Open(tag) = token else { continue };
            match tag.name() {
                b"sheet" => {
                    hold(&mut held)?;
                    workbook.sheets.push(place(tag, folder, &relations)?);
                }
                // An extension of it has the same name and says nothing of days.
                b"workbookPr" => {
                    if let Some(value) = tag.attribute("date1904") {
                        workbook.is_1904 = matches!(value, b"1" | b"true");
                    }
                }
                _ => {}
            }
        }
        Ok(workbook)
    }
}

fn place(tag: Tag<'_>, folder: &str, relations: &BTreeMap<String, Relation>) -> Result<Place> {
    let id = tag.attributes().find(|(name, _)| *name == b"id" || name.ends_with(b":id"));
    let relation = id.and_then(|(_, id)| relations.get(&shown(id)));
    let relation = relation.ok_or_else(no_sheet)?;
    if !["worksheet", "chartsheet", "dialogsheet"].iter().any(|kind| relation.is(kind)) {
        return Err(Error::new(
            ErrorKind::Format,
            "le classeur a une feuille de macros ou d’un autre genre inconnu ; enregistrez-le sans elle, au format .xlsx",
            "the workbook has a sheet of macros, or of another unknown kind; save it without that sheet, as .xlsx",
        ));
    }
    let path = path_of(folder, &relation.target);
    if !path.to_ascii_lowercase().ends_with(".xml") {
        return Err(damaged("une feuille n’est pas du XML", "a sheet is not XML"));
    }
    let is_hidden = tag.attribute("state").is_some_and(|state| state != b"visible");
    Ok(Place { name: tag.text("name").unwrap_or_default(), path, is_hidden })
}

/// What a part leads to.
struct Relation {
    kind: String,
    target: String,
}

impl Relation {
    /// Whether it is of a kind, which stands at the end of an address.
    fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind)
    }
}

/// The relations of a part by their identifiers, from the part that lists them.
fn relations(archive: &mut Archive<impl Read + Seek>, path: &str) -> Result<BTreeMap<String, Relation>> {
    let mut relations = BTreeMap::new();
    let Some(part) = archive.part(path)? else { return Ok(relations) };
    let mut scanner = Scanner::new(path, part);
    while let Some(token) = scanner.next()? {
        let Token::Open(tag) = token else { continue };
        if tag.name() == b"Relationship"
            && let Some(id) = tag.text("Id")
        {
            hold(&mut relations.len())?;
            let text = |name| tag.text(name).unwrap_or_default();
            relations.insert(id, Relation { kind: text("Type"), target: text("Target") });
        }
    }
    Ok(relations)
}

/// The part that a relation leads to from a folder.
pub(crate) fn path_of(folder: &str, target: &str) -> String {
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

/// The formats of the cells.
fn styles(archive: &mut Archive<impl Read + Seek>, folder: &str) -> Result<Formats> {
    let mut formats = Formats::default();
    let path = path_of(folder, "styles.xml");
    let Some(part) = archive.part(&path)? else { return Ok(formats) };
    let mut scanner = Scanner::new(&path, part);
    let (mut is_of_cells, mut is_of_fonts, mut held) = (false, false, 0);
    let number = |tag: &Tag<'_>| tag.text("numFmtId").and_then(|number| number.parse().ok());
    while let Some(token) = scanner.next()? {
        match token {
            Token::Open(tag) => match tag.name() {
                b"numFmt" => {
                    hold(&mut held)?;
                    if let Some((number, code)) = number(&tag).zip(tag.text("formatCode")) {
                        formats.custom(number, &code);
                    }
                }
                // Styles that have a name are written like those of cells, before them.
                b"cellXfs" => is_of_cells = true,
                b"xf" if is_of_cells => {
                    hold(&mut held)?;
                    let font = tag.text("fontId").and_then(|font| font.parse().ok());
                    formats.style(number(&tag).unwrap_or_default(), font.unwrap_or_default());
                }
                b"fonts" => is_of_fonts = true,
                b"font" if is_of_fonts => formats.font(),
                b"strike" if is_of_fonts && !is_unset(&tag, "val") => {
                    hold(&mut held)?;
                    formats.strike();
                }
                _ => {}
            },
            Token::Close(b"cellXfs") => is_of_cells = false,
            Token::Close(b"fonts") => is_of_fonts = false,
            _ => {}
        }
    }
    Ok(formats)
}

/// The cells of a sheet.
struct Cells<'a, R> {
    scanner: Scanner<R>,
    formats: &'a Formats,
    strings: &'a Texts,
    /// The text of the cell, and the formula, that are read.
    text: String,
    formula: Vec<u8>,
}

/// Whether an attribute says no.
fn is_unset(tag: &Tag<'_>, name: &str) -> bool {
    tag.attribute(name).is_some_and(|value| matches!(value, b"0" | b"false"))
}

/// Whether an attribute says yes.
fn is_set(tag: &Tag<'_>, name: &str) -> bool {
    tag.attribute(name).is_some_and(|value| matches!(value, b"1" | b"true"))
}

/// A cell whose tag has been read.
struct Cell {
    row: u64,
    column: u32,
    kind: CellKind,
    style: usize,
}

/// What the value of a cell is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CellKind {
    Number,
    Boolean,
    Shared,
    Inline,
    /// The text of a formula, an error or a date, in the words of the file.
    Text,
}

impl<R: Read> Cells<'_, R> {
    /// Gives the cells to the table, up to the end of the sheet.
    fn read(&mut self, table: &mut Sheet<'_, '_>) -> Result<()> {
        loop {
            match self.scanner.next()?.ok_or_else(cut)? {
                Token::Open(tag) if tag.name() == b"sheetData" && tag.is_empty() => return Ok(()),
                Token::Open(tag) if tag.name() == b"sheetData" => break,
                Token::Open(tag) if tag.name() == b"col" => {
                    let place = |name| tag.attribute(name).and_then(number).and_then(|place| u32::try_from(place).ok());
                    if let (true, Some(first), Some(last)) = (is_set(&tag, "hidden"), place("min"), place("max")) {
                        table.hide_columns(first, last);
                    }
                }
                _ => {}
            }
        }
        // Cells without a reference follow the one before. Names are matched byte by byte, as they are for every token.
        let (mut row, mut column): (u64, u32) = (1, 1);
        while !table.is_over() {
            match self.scanner.next()?.ok_or_else(cut)? {
                Token::Open(tag) if matches!(tag.name(), [b'r', b'o', b'w']) => {
                    if let Some(number) = tag.attribute("r") {
                        let (number, _) = reference(number).ok_or_else(misplaced)?;
                        row = number;
                    }
                    if is_set(&tag, "hidden") {
                        table.hide(row, row);
                    }
                    if tag.is_empty() {
                        (row, column) = (row.saturating_add(1), 1);
                    }
                }
                Token::Close([b'r', b'o', b'w']) => (row, column) = (row.saturating_add(1), 1),
                Token::Open(tag) if matches!(tag.name(), [b'c']) => {
                    let mut cell = Cell { row, column, kind: CellKind::Number, style: 0 };
                    for (name, value) in tag.attributes() {
                        match name {
                            [b'r'] => {
                                let place = reference(value).filter(|(_, column)| *column > 0);
                                (cell.row, cell.column) = place.ok_or_else(misplaced)?;
                            }
                            [b's'] => cell.style = number(value).unwrap_or_default(),
                            [b't'] => {
                                cell.kind = match value {
                                    [b's'] => CellKind::Shared,
                                    b"b" => CellKind::Boolean,
                                    b"n" => CellKind::Number,
                                    b"inlineStr" | b"is" => CellKind::Inline,
                                    _ => CellKind::Text,
                                }
                            }
                            _ => {}
                        }
                    }
                    column = cell.column.saturating_add(1);
                    if !tag.is_empty() {
                        self.cell(&cell, table)?;
                    }
                }
                Token::Close(b"sheetData") => break,
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads a cell that has begun.
    fn cell(&mut self, cell: &Cell, table: &mut Sheet<'_, '_>) -> Result<()> {
        let (mut has_value, mut has_formula) = (false, false);
        self.text.clear();
        loop {
            match self.scanner.next()?.ok_or_else(cut)? {
                Token::Open(tag) => match tag.name() {
                    [b'v'] if cell.kind != CellKind::Inline => {
                        if !tag.is_empty() {
                            strings::until(&mut self.scanner, b"v", &mut self.text)?;
                        }
                        // A formula whose text is empty has a value, other values are never empty.
                        has_value = !self.text.is_empty() || cell.kind == CellKind::Text;
                    }
                    [b'i', b's'] if !tag.is_empty() => {
                        strings::rich(&mut self.scanner, b"is", &mut self.text)?;
                        has_value = true;
                    }
                    [b'f'] => {
                        has_formula = true;
                        if !tag.is_empty() {
                            self.formula(cell, table)?;
                        }
                    }
                    _ => {}
                },
                Token::Close([b'c']) => break,
                _ => {}
            }
        }
        if has_formula {
            table.formula();
        }
        let (row, column) = (cell.row, cell.column);
        if !has_value && !has_formula {
            return Ok(());
        }
        if self.formats.is_struck(cell.style) {
            table.strike();
        }
        if !has_value {
            return table.cell(row, column, UNCOMPUTED);
        }
        match cell.kind {
            CellKind::Shared => {
                let index = number(self.text.as_bytes()).unwrap_or_default();
                match self.strings.get(u32::try_from(index).unwrap_or(u32::MAX)) {
                    Ok(DataRef::SharedString(text)) => table.cell(row, column, text),
                    Ok(_) => Ok(()),
                    Err(error) => Err(error),
                }
            }
            CellKind::Number if !is_plain(&self.text) || self.formats.shown(cell.style) != Shown::Number => {
                let mut written = String::new();
                match self.text.parse() {
                    Ok(value) => {
                        let value = self.formats.number(value, cell.style);
                        table.cell(row, column, as_text(&value, &mut written).unwrap_or_default())
                    }
                    // What is no number is a text nobody gave a type.
                    Err(_) => table.cell(row, column, &self.text),
                }
            }
            CellKind::Boolean => match self.text.trim() {
                "1" => table.cell(row, column, boolean(true)),
                "0" => table.cell(row, column, boolean(false)),
                word if word.eq_ignore_ascii_case("true") => table.cell(row, column, boolean(true)),
                word if word.eq_ignore_ascii_case("false") => table.cell(row, column, boolean(false)),
                other => table.cell(row, column, other),
            },
            CellKind::Number | CellKind::Inline | CellKind::Text => {
                if cell.kind == CellKind::Text {
                    strings::unescape(&mut self.text, 0);
                }
                table.cell(row, column, &self.text)
            }
        }
    }

    /// Reads a formula that has begun, which may be a link.
    fn formula(&mut self, cell: &Cell, table: &mut Sheet<'_, '_>) -> Result<()> {
        self.formula.clear();
        loop {
            match self.scanner.next()?.ok_or_else(cut)? {
                Token::Text(text) | Token::Plain(text) => {
                    // Most formulas are no links, and are not looked at.
                    let first = self.formula.first().or(text.first());
                    if first.is_some_and(|first| first.eq_ignore_ascii_case(&b'h')) && self.formula.len() < MAX_FORMULA
                    {
                        self.formula.extend_from_slice(text);
                    }
                }
                Token::Close([b'f']) => break,
                _ => {}
            }
        }
        if self.formula.is_empty() {
            return Ok(());
        }
        let target = target_of_formula(&shown(&self.formula));
        if let Some((annotations, target)) = table.annotations().zip(target) {
            let Cell { row, column, .. } = *cell;
            annotations.link(Range { top: row, left: column, bottom: row, right: column }, &target);
        }
        Ok(())
    }
}

/// The row and column of a reference such as `B2`, counted from 1; the column is 0 where only the row is said.
pub(crate) fn reference(reference: &[u8]) -> Option<(u64, u32)> {
    let letters = reference.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let column = reference[..letters].iter().fold(0, |column: u32, letter| {
        column.saturating_mul(26).saturating_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    let row = number(&reference[letters..])? as u64;
    (row > 0).then_some((row, column))
}

/// A whole number in digits.
fn number(digits: &[u8]) -> Option<usize> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_usize, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| usize::from(digit - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// Whether a number is written as it is shown: a whole number, short enough to be exact.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= 15 && bytes.iter().all(u8::is_ascii_digit) && (bytes.len() == 1 || bytes.first() != Some(&b'0'))
}

fn no_sheet() -> Error {
    damaged("une feuille manque", "a sheet is missing")
}

fn cut() -> Error {
    damaged("il s’arrête avant la fin", "it ends too early")
}

fn misplaced() -> Error {
    damaged("une cellule n’a pas de place", "a cell has no place")
}

/// What is wrong with the sheet that is read, after the row that came last.
fn in_sheet(error: Error, table: &Sheet<'_, '_>) -> Error {
    match (table.name(), table.row()) {
        (sheet, row) if row > 0 && error.kind() == ErrorKind::Syntax => error
            .after(&format!("feuille « {sheet} », après la ligne {row}"), &format!("sheet “{sheet}”, after row {row}")),
        _ => error,
    }
}
