//! Workbooks of every kind, cell by cell: what their readers share.

mod archive;
mod binary;
mod format;
mod ods;
mod ole;
mod related;
pub(crate) mod scan;
mod value;
mod xls;
mod xlsb;
pub(crate) mod xlsx;

use std::collections::BTreeSet;
use std::io::{Read, Seek};

use super::sheet::{Choice, Sheets};
use super::{Limits, MAX_CELL_BYTES, MAX_COLUMNS, MAX_RECORD_BYTES, Sink, rewound};
use crate::error::{Error, ErrorKind, Result};
use crate::row::Format;
use crate::tables::HUBS;

/// The names of the sheets of a workbook.
pub(super) type SheetNames = BTreeSet<String>;

/// The cells of each row of a sheet, with its number.
pub(crate) type Rows = Vec<(u64, Vec<String>)>;

/// The cells of a sheet of a small workbook of ours that people have written in: of the first one, or of that of a name; none
/// where there is no such sheet.
pub(crate) fn rows_of_sheet(bytes: &[u8], name: Option<&str>, limits: &Limits) -> Result<Option<Rows>> {
    use calamine::{Data, DataRef, Reader, Xlsx};
    // What its cells take in memory, blank ones to their left among them, is bound as that of other workbooks is.
    let mut sheets = Sheets::default();
    sheets.hold(archive::Archive::open(std::io::Cursor::new(bytes), limits)?.unpacked());
    let unreadable = |error: calamine::XlsxError| {
        Error::new(
            ErrorKind::Syntax,
            format!("ce classeur est illisible ({error}) ; refaites-le"),
            format!("this workbook cannot be read ({error}); make it anew"),
        )
    };
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).map_err(unreadable)?;
    let names = book.sheet_names();
    let Some(wanted) = names.iter().find(|known| name.is_none_or(|name| name == *known)) else { return Ok(None) };
    let mut cells = book.worksheet_cells_reader(wanted).map_err(unreadable)?;
    let mut rows = Rows::new();
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let (row, column) = (u64::from(row) + 1, column as usize);
        let text = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::SharedString(text) => (*text).to_owned(),
            other => Data::from(other.clone()).to_string(),
        };
        if column >= MAX_COLUMNS {
            continue;
        }
        if rows.last().is_none_or(|(last, _)| *last != row) {
            rows.push((row, Vec::new()));
        }
        let Some((_, known)) = rows.last_mut() else { continue };
        let blank = (column + 1).saturating_sub(known.len()) * size_of::<String>();
        sheets.give((text.len() + blank) as u64, limits)?;
        if known.len() <= column {
            known.resize(column + 1, String::new());
        }
        known[column] = text;
    }
    Ok(Some(rows))
}

pub(super) fn read(
    mut source: impl Read + Seek,
    format: Format,
    names: &SheetNames,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let mut choice = Choice::All;
    let export = related::Export::of(names).filter(|_| !sink.has_mapping());
    let lists: Vec<String> = match &export {
        Some(export) => export.others(names),
        None => related::joining(names),
    };
    // The sheet of the PTCE streams, so that those of its lists must be known before it.
    if !lists.is_empty() && names.len() > 1 {
        let file = sink.file().to_owned();
        let attached = related::attached(&file, format, sink.limits(), export.as_ref(), |sink| {
            read_sheets(&mut source, format, sink, &mut Sheets::of(Choice::Only(lists)))
        })?;
        rewound(&mut source)?;
        choice = Choice::Without(attached.iter().map(|table| table.name.to_string()).collect());
        attached.into_iter().for_each(|table| sink.attach(table));
    }
    let mut sheets = Sheets::of(choice);
    read_sheets(&mut source, format, sink, &mut sheets)?;
    sink.release()?;
    sheets.finish()
}

fn read_sheets(
    source: &mut (impl Read + Seek),
    format: Format,
    sink: &mut Sink<'_>,
    sheets: &mut Sheets,
) -> Result<()> {
    match format {
        Format::Xls => xls::read(source, sink, sheets),
        Format::Xlsb => xlsb::read(source, sink, sheets),
        Format::Ods => ods::read(source, sink, sheets),
        _ => xlsx::read(source, sink, sheets),
    }
}

/// The names of the sheets, which are known before any of them is read.
pub(super) fn names(source: &mut (impl Read + Seek), format: Format, limits: &Limits) -> Result<SheetNames> {
    match format {
        Format::Xls => xls::names(source, limits),
        Format::Xlsb => xlsb::names(source, limits),
        Format::Ods => ods::names(source, limits),
        _ => xlsx::names(source, limits),
    }
}

/// Which format a zip archive is, by what it holds; none when that does not tell.
pub(super) fn kind_of_archive(source: &mut (impl Read + Seek)) -> Result<Option<Format>> {
    let Ok(mut archive) = zip::ZipArchive::new(source) else { return Ok(None) };
    let mut start = |name: &str| {
        let mut text = Vec::new();
        let file = archive.by_name(name).ok()?;
        file.take(1 << 20).read_to_end(&mut text).ok().map(|_| String::from_utf8_lossy(&text).into_owned())
    };
    if let Some(mimetype) = start("mimetype") {
        return match mimetype.strip_prefix("application/vnd.oasis.opendocument.") {
            Some(kind) if kind.starts_with("spreadsheet") => Ok(Some(Format::Ods)),
            Some(kind) if kind.starts_with("text") => Ok(Some(Format::Odt)),
            _ => Err(not_a_workbook()),
        };
    }
    let Some(types) = start("[Content_Types].xml") else {
        return Ok(archive.index_for_name(HUBS).map(|_| Format::Tables));
    };
    if types.contains("ms-excel.sheet.binary") {
        Ok(Some(Format::Xlsb))
    } else if !is_main(&types) && types.contains("wordprocessingml.document.main") {
        Ok(Some(Format::Docx))
    } else if !is_main(&types) && (types.contains("wordprocessingml") || types.contains("presentationml")) {
        Err(not_a_workbook())
    } else {
        Ok(Some(Format::Xlsx))
    }
}

/// Whether the main part of an Office document is a workbook, in which a text may be embedded: the types of parts tell.
fn is_main(types: &str) -> bool {
    ["spreadsheetml.sheet.main", "spreadsheetml.template.main", "ms-excel.sheet.macro", "ms-excel.template.macro"]
        .iter()
        .any(|main| types.contains(main))
}

/// Refuses a compound file that is no workbook of the old kind.
pub(super) fn check_compound(source: &mut (impl Read + Seek)) -> Result<()> {
    let file = ole::CompoundFile::open(source)?;
    if file.has("EncryptedPackage") {
        Err(password())
    } else if file.has("Workbook") || file.has("Book") {
        Ok(())
    } else {
        // What it is, by the parts that its program gives it.
        let is = |parts: &[&str]| parts.iter().any(|part| file.has(part));
        Err(if is(&["__properties_version1.0", "__nameid_version1.0"]) {
            a_mail()
        } else if is(&["WordDocument"]) {
            an_old_text()
        } else {
            not_a_workbook()
        })
    }
}

fn a_mail() -> Error {
    Error::new(
        ErrorKind::Format,
        "c’est un courriel d’Outlook (.msg) ; enregistrez-le en .eml, ou enregistrez ses pièces jointes et donnez-les",
        "this is a mail of Outlook (.msg); save it as .eml, or save what is attached to it and give that",
    )
}

fn an_old_text() -> Error {
    Error::new(
        ErrorKind::Format,
        "c’est un texte de Word d’avant 2007 (.doc) ; enregistrez-le au format .docx",
        "this is a text of Word from before 2007 (.doc); save it as .docx",
    )
}

fn not_a_workbook() -> Error {
    Error::new(
        ErrorKind::Format,
        "c’est un document bureautique, mais pas un classeur ; demandez le classeur ou le CSV d’origine",
        "this is an office document, but no workbook; ask for the workbook or the CSV that it was made from",
    )
}

pub(crate) fn password() -> Error {
    Error::new(
        ErrorKind::Format,
        "le classeur est protégé par mot de passe ; enregistrez-le sans mot de passe",
        "the workbook is protected by a password; save it without one",
    )
}

pub(crate) fn damaged(fr: &str, en: &str) -> Error {
    Error::new(
        ErrorKind::Syntax,
        format!(
            "le classeur est abîmé ou coupé ({fr}) ; ouvrez-le et enregistrez-le de nouveau, ou demandez un nouvel envoi"
        ),
        format!("the workbook is damaged or cut short ({en}); open it and save it again, or ask for it again"),
    )
}

fn same_content() -> Error {
    damaged("plusieurs feuilles ont le même contenu", "several sheets have the same content")
}

/// Refuses an archive that asks for more than a machine can hold, or whose parts are encrypted.
pub(crate) fn check_archive(source: impl Read + Seek, limits: &Limits) -> Result<()> {
    archive::Archive::open(source, limits).map(|_| ())
}

/// The container or one of its parts cannot be read.
pub(crate) fn unreadable(error: &dyn std::fmt::Display) -> Error {
    // What other libraries say is English.
    damaged("contenu illisible", &error.to_string())
}

fn long_cell() -> Error {
    Error::new(
        ErrorKind::Limit,
        format!(
            "une cellule ou un autre élément dépasse {} Mo ; le classeur est abîmé ou n’est pas une liste de PTCE",
            MAX_CELL_BYTES >> 20
        ),
        format!(
            "a cell or another element exceeds {} MB; the workbook is damaged or not a list of PTCE",
            MAX_CELL_BYTES >> 20
        ),
    )
}

/// Styles, sheets, merged cells and relations, which are all held in memory. Excel itself stops at 65,490 styles of cells.
const MAX_HELD: usize = 250_000;

/// Counts what is held of a workbook, up to a limit.
fn hold(held: &mut usize) -> Result<()> {
    *held += 1;
    if *held <= MAX_HELD {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Limit,
        format!(
            "le classeur a plus de {MAX_HELD} styles, noms et feuilles ; copiez ses cellules dans un classeur neuf"
        ),
        format!("the workbook has more than {MAX_HELD} styles, names and sheets; copy its cells into a new one"),
    ))
}
