//! The sheet of the findings, as a part of its own.

use super::super::listing::{COLUMNS, Line, Listing, PLACE_COLUMN};
use super::super::markup::escaped;
use super::book::Book;
use super::notes::in_cell;
use super::styles::{Look, Styles};
use crate::language::Language;
use crate::location::column_letters;

/// Links that Excel follows in one sheet.
const MAX_LINKS: usize = 65_000;
/// Characters of a cell.
const MAX_TEXT: usize = 32_000;

/// The height of a row whose texts take several lines. Excel finds it by itself, LibreOffice and what prints with it do not.
fn height(cells: &[String; 8]) -> String {
    /// In points: of a line, and the most that a row may have.
    const LINE: usize = 15;
    const MOST: usize = 405;
    let lines = |text: &String, width: u32| {
        // What is around a text takes some of the width.
        let fitting = width as usize - 2;
        text.lines().map(|line| line.chars().count().div_ceil(fitting).max(1)).sum::<usize>()
    };
    let most = cells.iter().zip(COLUMNS).map(|(text, (_, width))| lines(text, width)).max().unwrap_or(1);
    match most {
        0 | 1 => String::new(),
        lines => format!(" ht=\"{}\"", (lines * LINE).min(MOST)),
    }
}

pub(super) fn sheet(listing: &Listing, book: &Book, mut styles: Option<&mut Styles>, language: Language) -> String {
    let mut style = |look| {
        let rank = styles.as_mut().and_then(|styles| styles.look(look));
        rank.map_or(String::new(), |rank| format!(" s=\"{rank}\""))
    };
    let (header_style, text_style) = (style(Look::Header), style(Look::Text));
    let cell = |row: usize, column: usize, text: &str, style: &str| {
        if text.is_empty() {
            return String::new();
        }
        let cut: String = text.chars().take(MAX_TEXT).collect();
        let text = in_cell(&cut);
        let column = column_letters(column as u32 + 1);
        format!("<c r=\"{column}{row}\"{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")
    };
    let mut rows = String::new();
    for (row, line) in (1..).zip(&listing.lines) {
        rows.push_str(&format!("<row r=\"{row}\">{}</row>", cell(row, 0, line, "")));
    }
    let header = listing.lines.len() + 2;
    rows.push_str(&format!("<row r=\"{header}\">"));
    for (column, (title, _)) in COLUMNS.iter().enumerate() {
        rows.push_str(&cell(header, column, title.in_language(language), &header_style));
    }
    rows.push_str("</row>");
    let mut links = String::new();
    for (row, Line { level, cells, link }) in (header + 1..).zip(&listing.rows) {
        let level_style = style(Look::Level(*level));
        let height = if text_style.is_empty() { String::new() } else { height(cells) };
        rows.push_str(&format!("<row r=\"{row}\"{height}>"));
        for (column, text) in cells.iter().enumerate() {
            rows.push_str(&cell(row, column, text, if column == 0 { &level_style } else { &text_style }));
        }
        rows.push_str("</row>");
        if let Some((sheet, cell)) = link.as_ref().filter(|_| row - header <= MAX_LINKS) {
            let target = escaped(&format!("'{}'!{cell}", sheet.replace('\'', "''")));
            let column = column_letters(PLACE_COLUMN as u32 + 1);
            links.push_str(&format!("<hyperlink ref=\"{column}{row}\" location=\"{target}\"/>"));
        }
    }
    let widths: String = (1..)
        .zip(COLUMNS)
        .map(|(rank, (_, width))| format!("<col min=\"{rank}\" max=\"{rank}\" width=\"{width}\" customWidth=\"1\"/>"))
        .collect();
    let last = column_letters(COLUMNS.len() as u32);
    let end = header + listing.rows.len();
    let links = if links.is_empty() { links } else { format!("<hyperlinks>{links}</hyperlinks>") };
    let top = header + 1;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"{}\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"{header}\" topLeftCell=\"A{top}\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>{widths}</cols><sheetData>{rows}</sheetData><autoFilter ref=\"A{header}:{last}{end}\"/>{links}<pageMargins left=\"0.4\" right=\"0.4\" top=\"0.5\" bottom=\"0.5\" header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>",
        book.main_namespace()
    )
}
