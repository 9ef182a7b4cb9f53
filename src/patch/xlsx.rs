//! Workbooks of Excel 2007 and later: the sheets that have remarks, what leads to their notes, and one sheet more.

mod book;
mod cells;
mod notes;
mod styles;
mod summary;
mod values;

use std::collections::BTreeMap;

use super::listing::{Listing, Placed};
use super::markup::{Edits, Element, Part, tokens};
use super::package::{Package, free};
use super::remark::{Remark, note};
use super::{Done, Options};
use crate::error::{Error, ErrorKind, Result};
use crate::finding::Level;
use crate::guide;
use crate::location::column_letters;
use book::{Book, change, part};
use notes::Parts;
use styles::Styles;
pub(super) use values::rewrite;

/// Where what gives the original back is kept: an entry of this name is no part of the workbook, and programs pass over it.
pub(super) fn place_of_original(package: &Package) -> String {
    free(package, |rank| format!("[trash]/{:04X}.dat", rank - 1))
}

/// Whether an entry may hold what gives the original back.
pub(super) fn may_be_original(name: &str) -> bool {
    name.starts_with("[trash]/")
}

/// Refuses a workbook whose signature would no longer be true.
pub(super) fn check_signature(package: &Package, breaks: bool) -> Result<()> {
    let is_signed = package.names().any(|name| name.to_ascii_lowercase().starts_with("_xmlsignatures/"));
    match is_signed && !breaks {
        true => Err(super::signed()),
        false => Ok(()),
    }
}

/// Takes what we added out of a copy that another program has saved since, as far as it is known to be ours.
pub(super) fn clean(package: &mut Package) -> Result<()> {
    let mut book = Book::read(package)?;
    let mut ours = Vec::new();
    for (rank, place) in book.sheets.iter().enumerate().filter(|(_, place)| place.is_grid) {
        let Some(sheet) = part(package, &place.path)? else { continue };
        if is_findings(package, &book, &sheet.text)? {
            ours.push(rank);
            continue;
        }
        Parts::of(package, &place.path, &sheet.text)?.clean(package, &book)?;
    }
    for rank in ours.into_iter().rev() {
        book.remove_sheet(package, rank)?;
    }
    match book.companion(package, "styles")? {
        Some(path) => change(package, &path, styles::unfill),
        None => Ok(()),
    }
}

/// Whether the first cell of a sheet is that of the sheet of the findings.
fn is_findings(package: &mut Package, book: &Book, sheet: &str) -> Result<bool> {
    let cell = tokens(sheet, 0).find(|token| token.opens("c"));
    let Some(cell) = cell.filter(|cell| cell.attribute("r").is_none_or(|place| place == "A1")) else {
        return Ok(false);
    };
    let element = Element::of(sheet, cell);
    let text = |text: &str, element: &Element<'_>| -> String {
        let texts = tokens(text, element.inner.start).take_while(|token| token.start < element.inner.end);
        let texts = texts.filter(|token| token.opens("t")).map(|token| Element::of(text, token).inner);
        texts.map(|range| crate::import::workbook::scan::shown(text[range].as_bytes())).collect()
    };
    if cell.attribute("t").as_deref() != Some("s") {
        return Ok(guide::is_findings(text(sheet, &element).trim()));
    }
    let rank = element.child(sheet, "v").and_then(|value| sheet[value.inner].trim().parse::<usize>().ok());
    let strings = match book.companion(package, "sharedStrings")? {
        Some(path) => part(package, &path)?,
        None => None,
    };
    let Some((rank, strings)) = rank.zip(strings) else { return Ok(false) };
    let string = tokens(&strings.text, 0).filter(|token| token.opens("si")).nth(rank);
    Ok(string.is_some_and(|tag| guide::is_findings(text(&strings.text, &Element::of(&strings.text, tag)).trim())))
}

/// Annotates a workbook of which nothing is ours.
pub(super) fn annotate(package: &mut Package, remarks: &[Remark], options: &Options, done: &mut Done) -> Result<()> {
    let mut book = Book::read(package)?;
    let styles_path = book.companion(package, "styles")?;
    // A workbook without styles gets no colour: its cells may name styles that no part has.
    let styles_part = match &styles_path {
        Some(path) if options.fill => part(package, path)?,
        _ => None,
    };
    let mut styles = styles_part.and_then(|part| Styles::of(&part.text));
    let names: Vec<String> = book.sheets.iter().map(|place| place.name.clone()).collect();
    let sheet_name = super::free_sheet_name(&names);
    // Remarks by the sheet in which they stand.
    let mut by_sheet: BTreeMap<usize, BTreeMap<(u64, u32), Vec<&Remark>>> = BTreeMap::new();
    let mut placed = Vec::with_capacity(remarks.len());
    for remark in remarks {
        let sheet = super::sheet_of(remark, book.sheets.iter().map(|place| place.name.as_str()));
        if let Some((sheet, cell)) = sheet.zip(remark.place.cell).filter(|(sheet, _)| book.sheets[*sheet].is_grid) {
            by_sheet.entry(sheet).or_default().entry(cell).or_default().push(remark);
        }
        placed.push((remark, sheet));
    }
    let mut threaded = Vec::new();
    for (rank, cells) in by_sheet {
        let place = book.sheets[rank].clone();
        let Some(mut sheet) = part(package, &place.path)? else { continue };
        let shown = cells::merged(&sheet.text, &cells);
        let mut at: BTreeMap<(u64, u32), Vec<&Remark>> = BTreeMap::new();
        for (cell, remarks) in cells {
            at.entry(shown.get(&cell).copied().unwrap_or(cell)).or_default().extend(remarks);
        }
        let cells = at;
        let mut edits = Edits::default();
        let parts = Parts::of(package, &place.path, &sheet.text)?;
        let mut notes = BTreeMap::new();
        for (cell, remarks) in &cells {
            if parts.threaded.contains(cell) {
                threaded.push(format!("{}!{}{}", place.name, column_letters(cell.1), cell.0));
                continue;
            }
            notes.insert(*cell, note(remarks, &sheet_name, options.language));
        }
        done.notes += notes.len();
        if !notes.is_empty() {
            parts.add(package, &book, &notes, &sheet.text, &mut edits)?;
        }
        if let Some(styles) = &mut styles {
            let levels: BTreeMap<(u64, u32), Level> = cells
                .iter()
                .filter_map(|(cell, remarks)| Some((*cell, remarks.iter().map(|remark| remark.gravity()).max()?)))
                .collect();
            cells::restyle(&sheet.text, &levels, &mut edits, &mut |style, level| {
                styles.look(styles::Look::Flagged(style, level))
            });
        }
        if !edits.is_empty() {
            sheet.text = edits.apply(&sheet.text);
            package.write(&place.path, sheet.encode());
        }
    }
    let placed: Vec<Placed<'_>> = placed
        .into_iter()
        .map(|(remark, sheet)| Placed { remark, sheet: sheet.map(|rank| book.sheets[rank].name.as_str()) })
        .collect();
    let listing = Listing::of(&placed, &threaded, options);
    done.only_listed = remarks.len() - remarks.iter().filter(|remark| is_noted(remark, &book, &threaded)).count();
    let text = summary::sheet(&listing, &book, styles.as_mut(), options.language);
    let path = free(package, |rank| book.in_folder(&format!("worksheets/sheet{rank}.xml")));
    package.write(&path, Part::new(text).encode());
    book.add_sheet(package, &sheet_name, &path)?;
    if let Some(styles) = styles.filter(|styles| !styles.is_empty())
        && let Some(path) = styles_path
    {
        change(package, &path, |text, edits| styles.write(text, edits))?;
    }
    Ok(())
}

/// Whether a remark stands in the note of its cell.
fn is_noted(remark: &Remark, book: &Book, threaded: &[String]) -> bool {
    let sheet = super::sheet_of(remark, book.sheets.iter().map(|place| place.name.as_str()));
    let Some((sheet, (row, column))) = sheet.zip(remark.place.cell) else { return false };
    let place = &book.sheets[sheet];
    place.is_grid && !threaded.contains(&format!("{}!{}{row}", place.name, column_letters(column)))
}

/// The error of a workbook that cannot be annotated for what it is.
pub(super) fn unsupported() -> Error {
    Error::new(
        ErrorKind::Format,
        "seul un classeur .xlsx, .xlsm ou .ods s’annote sur place",
        "only a workbook .xlsx, .xlsm or .ods is annotated in place",
    )
}
