//! The tables of a page of the Web, as many programs export them under the name of .xls.

use html5gum::{Token, Tokenizer};

use super::{Found, Kind, Passage, Table, tidy};
use crate::import::annotations;
use crate::text::names;
use crate::text::words::words;

/// The lines of a text with markup, as a reader of the page sees them.
pub(in crate::import) fn lines(markup: &str) -> Vec<String> {
    let Found { tables, texts } = read(markup);
    let cells = tables.into_iter().flat_map(Table::into_lines);
    texts.into_iter().map(|passage| passage.text).chain(cells.map(|(_, text)| text)).collect()
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
    /// Where the links of the cell lead.
    links: Vec<String>,
}

impl Open {
    fn end_cell(&mut self) {
        let text = tidy(&std::mem::take(&mut self.text));
        if let Some(spans) = self.cell.take() {
            self.column = self.table.free(self.row, self.column);
            let place = |target| (self.row, self.column, target);
            self.table.links.extend(self.links.drain(..).map(place));
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
    let mut kind = Kind::Plain;
    // Where an open link leads, and where its text begins outside the tables.
    let mut link: Option<(String, usize)> = None;
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
                let attribute = |key: &[u8]| {
                    let found = tag.attributes.iter().find(|(known, _)| known.as_slice() == key);
                    found.map(|(_, value)| String::from_utf8_lossy(value.as_slice()).trim().to_owned())
                };
                let span = |key: &[u8]| attribute(key).and_then(|value| value.parse::<u32>().ok()).unwrap_or(1);
                match (name, open.last_mut()) {
                    (b"table", _) => {
                        if open.is_empty() {
                            line = flush(&mut outside, &mut found, line, std::mem::take(&mut kind));
                        }
                        let table = Table { above: found.texts.len(), ..Table::default() };
                        open.push(Open { table, ..Open::default() });
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
                    (b"a", table) => match (attribute(b"href").filter(|target| !target.is_empty()), table) {
                        (Some(target), Some(table)) => table.links.push(target),
                        (target, None) => link = target.map(|target| (target, outside.len())),
                        (None, Some(_)) => {}
                    },
                    (b"br", Some(table)) => table.text.push('\n'),
                    // A term stands on the line of what is said of it.
                    (b"dd", None) if !outside.trim_end().ends_with(':') && !outside.trim().is_empty() => {
                        outside.push_str(" : ");
                    }
                    (b"dd", None) => {}
                    (b"br", None) => outside.push('\n'),
                    (name, Some(table)) if is_block(name) => table.text.push('\n'),
                    (name, None) if is_block(name) => {
                        line = flush(&mut outside, &mut found, line, std::mem::take(&mut kind));
                        kind = match name {
                            b"li" => Kind::Element,
                            [b'h', _] => Kind::Heading,
                            _ => Kind::Plain,
                        };
                    }
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
                    (b"a", None) => {
                        if let Some((target, from)) = link.take() {
                            say_link(&mut outside, from, &target);
                        }
                    }
                    (b"dt", None) => {}
                    (name, Some(table)) if is_block(name) => table.text.push('\n'),
                    (name, None) if is_block(name) || name == b"dl" => outside.push('\n'),
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
            line = flush(&mut outside, &mut found, line, std::mem::take(&mut kind));
        }
    }
    outside.push('\n');
    flush(&mut outside, &mut found, line, kind);
    found
}

/// Whether an element begins a line of its own.
fn is_block(name: &[u8]) -> bool {
    matches!(name, b"p" | b"div" | b"li" | b"dt" | b"dd" | [b'h', b'1'..=b'6'])
}

/// Says where a link leads whose text, from a place on, does not: « écrire » alone makes room for the mailbox.
fn say_link(text: &mut String, from: usize, target: &str) {
    /// Words that say no more than that there is a link.
    const MOST: usize = 3;
    // The text may have ended with the line in which it began.
    let Some(own) = text.get(from..) else { return };
    let target = annotations::address(target);
    let is_address = target.contains('@') || target.starts_with("http");
    if !is_address || annotations::shows(own, &target) {
        return;
    }
    if words(own).count() <= MOST && !own.trim_start().starts_with(char::is_uppercase) {
        text.truncate(from);
        text.push_str(&target);
    } else if target.contains('@') && names::is_name(own.trim()) {
        text.push(' ');
        text.push_str(&target);
    }
}

/// Keeps a text around the tables.
fn flush(outside: &mut String, found: &mut Found, mut line: u64, kind: Kind) -> u64 {
    let text = tidy(outside);
    outside.clear();
    for text in text.lines() {
        found.texts.push(Passage { line, text: text.to_owned(), kind });
        line += 1;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A link over several lines, or without an end, breaks no letter.
    #[test]
    fn links_over_lines_are_passed() {
        for page in [
            "x<a href='mailto:a@example.org'>é<p>éé</a>",
            "éé<a href=\"https://example.org\"><h2>é",
            "</a><a href=x>é</a>",
        ] {
            let texts: Vec<String> = read(page).texts.into_iter().map(|passage| passage.text).collect();
            assert!(texts.concat().contains('é'), "{page}");
        }
    }

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
        assert_eq!((found.tables[0].name.as_str(), found.texts[0].text.as_str()), ("PTCE", "Export"));
        assert_eq!(found.tables[0].merges.len(), 2);
    }
}
