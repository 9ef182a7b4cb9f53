//! The tables of a page of the Web, as many programs export them under the name of .xls.

use html5gum::{Token, Tokenizer};

use super::{Found, Table, tidy};

/// The lines of a text with markup, as a reader of the page sees them.
pub(in crate::import) fn lines(markup: &str) -> Vec<String> {
    let Found { tables, texts } = read(markup);
    let cells = tables.into_iter().flat_map(Table::into_lines);
    texts.into_iter().chain(cells).map(|(_, text)| text).collect()
}

/// A table that is open, and the cell in it.
#[derive(Default)]
struct Open {
    table: Table,
    row: u64,
    column: u32,
    cell: Option<(u32, u32)>,
    text: String,
    caption: Option<String>,
}

impl Open {
    fn end_cell(&mut self) {
        let text = tidy(&std::mem::take(&mut self.text));
        if let Some(spans) = self.cell.take() {
            self.column = self.table.free(self.row, self.column);
            self.column = self.table.push(self.row, self.column, spans, text);
        }
    }

    fn begin_row(&mut self) {
        self.end_cell();
        (self.row, self.column) = (self.row + 1, 1);
    }
}

pub(super) fn read(page: &str) -> Found {
    let mut found = Found::default();
    // A table within a cell of another one is a table of its own.
    let mut open: Vec<Open> = Vec::new();
    let mut outside = String::new();
    let mut hidden: Option<Vec<u8>> = None;
    let mut line = 1;
    for token in Tokenizer::new(page).flatten() {
        match token {
            Token::StartTag(tag) => {
                let name = tag.name.as_slice();
                if hidden.is_some() {
                    continue;
                }
                if matches!(name, b"script" | b"style" | b"head" | b"template") && !tag.self_closing {
                    hidden = Some(name.to_vec());
                    continue;
                }
                let span = |key: &[u8]| {
                    let value =
                        tag.attributes.iter().find(|(known, _)| known.as_slice() == key).map(|(_, value)| value);
                    value
                        .and_then(|value| String::from_utf8_lossy(value.as_slice()).trim().parse::<u32>().ok())
                        .unwrap_or(1)
                };
                match (name, open.last_mut()) {
                    (b"table", _) => {
                        open.push(Open::default());
                    }
                    (b"tr", Some(table)) => table.begin_row(),
                    (b"td" | b"th", Some(table)) => {
                        table.end_cell();
                        if table.row == 0 {
                            table.begin_row();
                        }
                        table.cell = Some((span(b"rowspan"), span(b"colspan")));
                    }
                    (b"caption", Some(table)) => table.text.clear(),
                    (b"br" | b"p" | b"div" | b"li", Some(table)) => table.text.push('\n'),
                    (b"br" | b"p" | b"div" | b"li" | b"h1" | b"h2" | b"h3" | b"h4", None) => outside.push('\n'),
                    _ => {}
                }
            }
            Token::EndTag(tag) => {
                let name = tag.name.as_slice();
                if let Some(known) = &hidden {
                    if known == name {
                        hidden = None;
                    }
                    continue;
                }
                match (name, open.last_mut()) {
                    (b"table", Some(_)) => {
                        if let Some(mut table) = open.pop() {
                            table.end_cell();
                            let rank = found.tables.len() + 1;
                            let name = table.caption.take().filter(|name| !name.is_empty());
                            table.table.name = name.unwrap_or_else(|| format!("Tableau {rank}"));
                            if !table.table.cells.is_empty() {
                                found.tables.push(table.table);
                            }
                        }
                    }
                    (b"td" | b"th" | b"tr", Some(table)) => table.end_cell(),
                    (b"caption", Some(table)) => table.caption = Some(tidy(&std::mem::take(&mut table.text))),
                    (b"p" | b"div" | b"li", Some(table)) => table.text.push('\n'),
                    (b"p" | b"div" | b"li" | b"h1" | b"h2" | b"h3" | b"h4", None) => outside.push('\n'),
                    _ => {}
                }
            }
            Token::String(text) if hidden.is_none() => {
                let text = String::from_utf8_lossy(text.as_slice()).into_owned();
                // A line break of the markup is a blank.
                let text = text.replace(['\n', '\r', '\u{a0}'], " ");
                match open.last_mut() {
                    Some(table) => table.text.push_str(&text),
                    None => outside.push_str(&text),
                }
            }
            _ => {}
        }
        if open.is_empty() && outside.ends_with('\n') {
            line = flush(&mut outside, &mut found, line);
        }
    }
    outside.push('\n');
    flush(&mut outside, &mut found, line);
    found
}

/// Keeps a text around the tables.
fn flush(outside: &mut String, found: &mut Found, mut line: u64) -> u64 {
    let text = tidy(outside);
    outside.clear();
    for text in text.lines() {
        found.texts.push((line, text.to_owned()));
        line += 1;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_span_rows_and_columns_leave_room() {
        let page = "<html><body><h1>Export</h1><table><caption>PTCE</caption><tr><th rowspan=2>Nom</th><th colspan=2>Contact</th></tr>\
                    <tr><th>Nom</th><th>M&eacute;l</th></tr><tr><td>P&ocirc;le<br>A</td><td>L\u{e9}a</td><td>a@example.org</table>";
        let found = read(page);
        let cells: Vec<(u64, u32, &str)> =
            found.tables[0].cells.iter().map(|(row, column, text)| (*row, *column, text.as_str())).collect();
        assert_eq!(
            cells,
            [
                (1, 1, "Nom"),
                (1, 2, "Contact"),
                (2, 2, "Nom"),
                (2, 3, "Mél"),
                (3, 1, "Pôle\nA"),
                (3, 2, "Léa"),
                (3, 3, "a@example.org")
            ]
        );
        assert_eq!((found.tables[0].name.as_str(), found.texts[0].1.as_str()), ("PTCE", "Export"));
        assert_eq!(found.tables[0].merges.len(), 2);
    }
}
