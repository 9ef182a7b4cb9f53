//! Workbooks of Excel 2007 and later (.xlsx, .xlsm): the shared strings are held in memory, the sheets are not.

use std::io::{BufReader, Read, Seek};

use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxError};

use super::value::{UNCOMPUTED, as_text};
use super::{SheetTraits, Sink, password};
use crate::error::{Error, ErrorKind, Result};
use crate::import::sheet::{Sheet, Sheets};

pub(super) fn read(
    source: impl Read + Seek,
    traits: &SheetTraits,
    sink: &mut Sink<'_>,
    sheets: &mut Sheets,
) -> Result<()> {
    let mut workbook = Xlsx::new(BufReader::new(source)).map_err(|error| workbook_error(&error, None))?;
    let mut text = String::new();
    for sheet in workbook.sheets_metadata().to_vec() {
        let mut table = Sheet::begin(sink, sheets, &sheet.name, sheet.visible != SheetVisible::Visible)?;
        if let Some(traits) = traits.get(&sheet.name) {
            traits.merges.iter().for_each(|range| table.merge(*range));
            if let Some(annotations) = table.annotations() {
                traits.comments.iter().for_each(|(row, column, text)| annotations.comment(*row, *column, text));
                annotations.beyond(traits.beyond);
                traits.links.iter().for_each(|(range, target)| annotations.link(*range, target));
            }
            traits.hidden.iter().for_each(|(first, last)| table.hide(*first, *last));
        }
        // A chart sheet has no cells.
        let Ok(mut cells) = workbook.worksheet_cells_reader(&sheet.name) else { continue };
        while !table.is_over() {
            // Only what the formula is, not its text: calamine makes room for as many shared formulas as a cell says.
            let cell = cells
                .next_cell_with_formula_metadata()
                .map_err(|error| workbook_error(&error, Some((table.name(), table.row()))))?;
            let Some(cell) = cell else { break };
            let (row, column) = (u64::from(cell.pos.0) + 1, cell.pos.1.saturating_add(1));
            if cell.formula.is_some() {
                table.formula();
            }
            match (&cell.value, &cell.formula) {
                (DataRef::Empty, Some(_)) => table.cell(row, column, UNCOMPUTED)?,
                (value, _) => table.cell(row, column, as_text(value, &mut text).unwrap_or_default())?,
            }
        }
        table.finish()?;
    }
    Ok(())
}

fn workbook_error(error: &XlsxError, place: Option<(&str, u64)>) -> Error {
    if let XlsxError::Password = error {
        return password();
    }
    if let XlsxError::Unrecognized { typ: "sheet:type", .. } = error {
        return Error::new(
            ErrorKind::Format,
            "le classeur a une feuille de macros ou d’un autre genre inconnu ; enregistrez-le sans elle, au format .xlsx",
            "the workbook has a sheet of macros, or of another unknown kind; save it without that sheet, as .xlsx",
        );
    }
    let (fr, en) = match place {
        Some((sheet, row)) if row > 0 => {
            (format!("feuille « {sheet} », après la ligne {row} : "), format!("sheet “{sheet}”, after row {row}: "))
        }
        _ => (String::new(), String::new()),
    };
    Error::new(
        ErrorKind::Syntax,
        format!(
            "{fr}le classeur est abîmé ou coupé (contenu illisible) ; ouvrez-le et enregistrez-le de nouveau, ou demandez un nouvel envoi"
        ),
        format!("{en}the workbook is damaged or cut short ({error}); open it and save it again, or ask for it again"),
    )
}
