//! The tables and paragraphs of an office text: .docx and .odt.

use std::io::{Read, Seek};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Found, Kind, Limits, Passage, Table, attribute, character, number, too_long};
use crate::error::{Error, ErrorKind, Result};
use crate::row::Format;

/// Reads the main part of the document.
pub(super) fn read(source: impl Read + Seek, format: Format, limits: &Limits) -> Result<Found> {
    let part = if format == Format::Docx { "word/document.xml" } else { "content.xml" };
    let mut archive = zip::ZipArchive::new(source).map_err(|error| damaged(&error))?;
    let file = archive.by_name(part).map_err(|error| damaged(&error))?;
    let most = Limits::bytes(limits.held);
    let mut text = String::new();
    file.take(most + 1).read_to_string(&mut text).map_err(|error| damaged(&error))?;
    if text.len() as u64 > most {
        return Err(too_long(limits.held));
    }
    parts(&text, format == Format::Docx)
}

/// A table that is open: where its next cell stands, and the text of the one that is open.
struct Open {
    table: Table,
    row: u64,
    column: u32,
    spans: (u32, u32),
    text: String,
}

fn parts(text: &str, is_docx: bool) -> Result<Found> {
    let mut reader = Reader::from_str(text);
    let mut found = Found::default();
    let mut open: Vec<Open> = Vec::new();
    let mut paragraph = String::new();
    let (mut line, mut is_text) = (1_u64, 0_u32);
    // What the paragraph is, and how many lists it stands in.
    let (mut kind, mut lists) = (Kind::Plain, 0_u32);
    loop {
        let event = reader.read_event().map_err(|error| damaged(&error))?;
        let is_empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(start) | Event::Empty(start) => match start.local_name().as_ref() {
                "tbl" | "table" if !is_empty => {
                    let name = format!("Tableau {}", found.tables.len() + open.len() + 1);
                    let table = Table { name, above: found.texts.len(), ..Table::default() };
                    open.push(Open { table, row: 0, column: 1, spans: (1, 1), text: String::new() });
                }
                "tr" | "table-row" => {
                    if let Some(table) = open.last_mut() {
                        (table.row, table.column) = (table.row + 1, 1);
                        line += 1;
                    }
                }
                "tc" | "table-cell" | "covered-table-cell" => {
                    if let Some(table) = open.last_mut() {
                        table.text.clear();
                        table.spans = (
                            number(&start, "number-rows-spanned").unwrap_or(1),
                            number(&start, "number-columns-spanned").unwrap_or(1),
                        );
                        if start.local_name().as_ref() == "covered-table-cell" {
                            table.spans = (1, 1);
                        }
                        if is_empty {
                            table.column += number(&start, "number-columns-repeated").unwrap_or(1);
                        }
                    }
                }
                "gridSpan" => {
                    if let (Some(table), Some(columns)) = (open.last_mut(), number(&start, "val")) {
                        table.spans.1 = columns;
                    }
                }
                "t" if !is_empty => is_text += 1,
                "pStyle" if attribute(&start, "val").is_some_and(|style| is_heading(&style)) => kind = Kind::Heading,
                "numPr" if kind == Kind::Plain => kind = Kind::Element,
                "list" if !is_empty && !is_docx => lists += 1,
                name @ ("p" | "h") if !is_empty && !is_docx => {
                    is_text += 1;
                    kind = match name {
                        "h" => Kind::Heading,
                        _ if lists > 0 => Kind::Element,
                        _ => Kind::Plain,
                    };
                }
                "br" | "line-break" | "cr" => push(&mut open, &mut paragraph, "\n"),
                "tab" => push(&mut open, &mut paragraph, "\t"),
                "s" => push(&mut open, &mut paragraph, " "),
                _ => {}
            },
            Event::Text(text) if is_text > 0 => push(&mut open, &mut paragraph, &text.xml10_content()),
            Event::GeneralRef(reference) if is_text > 0 => {
                let character = character(&reference);
                if let Some(character) = character {
                    push(&mut open, &mut paragraph, character.encode_utf8(&mut [0; 4]));
                }
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => is_text = is_text.saturating_sub(1),
                "list" if !is_docx => lists = lists.saturating_sub(1),
                "p" | "h" => {
                    let kind = std::mem::take(&mut kind);
                    is_text = if is_docx { is_text } else { is_text.saturating_sub(1) };
                    match open.last_mut() {
                        Some(table) => table.text.push('\n'),
                        None => {
                            let text = std::mem::take(&mut paragraph);
                            if !text.trim().is_empty() {
                                found.texts.push(Passage { line, text: text.trim().to_owned(), kind });
                            }
                            line += 1;
                        }
                    }
                }
                "tc" | "table-cell" | "covered-table-cell" => {
                    if let Some(table) = open.last_mut() {
                        let text = std::mem::take(&mut table.text).trim().to_owned();
                        table.column = table.table.push(table.row, table.column, table.spans, text);
                    }
                }
                "tbl" | "table" => {
                    if let Some(table) = open.pop().filter(|table| !table.table.cells.is_empty()) {
                        found.tables.push(table.table);
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// Whether a style of Word is that of headings: its names are those of the language in which it was made.
fn is_heading(style: &str) -> bool {
    let style = style.to_lowercase();
    ["heading", "titre", "title", "berschrift"].iter().any(|name| style.contains(name))
}

fn push(open: &mut [Open], paragraph: &mut String, text: &str) {
    match open.last_mut() {
        Some(table) => table.text.push_str(text),
        None => paragraph.push_str(text),
    }
}

fn damaged(error: &dyn std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::Syntax,
        "le document est abîmé ou coupé ; ouvrez-le et enregistrez-le de nouveau, ou demandez un nouvel envoi",
        format!("the document is damaged or cut short ({error}); open it and save it again, or ask for it again"),
    )
}
