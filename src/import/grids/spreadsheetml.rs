//! The workbook in XML of Excel 2003.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Found, Table, attribute, character, number};
use crate::error::{Error, ErrorKind, Result};

pub(super) fn read(text: &str) -> Result<Found> {
    let mut reader = Reader::from_str(text);
    let mut found = Found::default();
    let (mut row, mut column, mut spans) = (0_u64, 1_u32, (1_u32, 1_u32));
    let mut cell: Option<String> = None;
    let mut is_data = false;
    loop {
        let event = reader.read_event().map_err(|error| damaged(&error))?;
        let is_empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(start) | Event::Empty(start) => match start.local_name().as_ref() {
                "Worksheet" => {
                    let name = attribute(&start, "Name").unwrap_or_default();
                    found.tables.push(Table { name, ..Table::default() });
                    row = 0;
                }
                "Row" => {
                    row = number(&start, "Index").map_or(row + 1, u64::from);
                    column = 1;
                }
                "Cell" => {
                    let free = found.tables.last().map_or(column, |table| table.free(row, column));
                    column = number(&start, "Index").unwrap_or(free);
                    spans =
                        (number(&start, "MergeDown").unwrap_or(0) + 1, number(&start, "MergeAcross").unwrap_or(0) + 1);
                    cell = Some(String::new());
                    if is_empty {
                        end(&mut found, &mut cell, (row, &mut column), spans);
                    }
                }
                "Data" => is_data = !is_empty,
                _ => {}
            },
            Event::Text(text) if is_data => cell.get_or_insert_default().push_str(&text.xml10_content()),
            Event::CData(text) if is_data => cell.get_or_insert_default().push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if is_data => {
                let character = character(&reference);
                cell.get_or_insert_default().extend(character);
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "Data" => is_data = false,
                "Cell" => end(&mut found, &mut cell, (row, &mut column), spans),
                _ => {}
            },
            Event::DocType(_) => return Err(damaged(&"DOCTYPE")),
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

fn end(found: &mut Found, cell: &mut Option<String>, (row, column): (u64, &mut u32), spans: (u32, u32)) {
    if let (Some(text), Some(table)) = (cell.take(), found.tables.last_mut()) {
        *column = table.push(row, *column, spans, text);
    }
}

fn damaged(error: &dyn std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::Syntax,
        "le classeur en XML est abîmé ou coupé ; ouvrez-le dans un tableur et enregistrez-le au format .xlsx",
        format!("the workbook in XML is damaged or cut short ({error}); open it in a spreadsheet and save it as .xlsx"),
    )
}
