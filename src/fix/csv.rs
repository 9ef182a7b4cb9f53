//! Cells of CSV that get another text, in the delimiter, the quotes, the line ends and the encoding that the file has.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::text::{Splice, Text};
use super::{Edit, Obstacle};
use crate::import::TextKind;
use crate::patch::values::{is_same, replaced};
use crate::text::formula;

/// Where the text of a cell stands, without its quotes and the blanks around it.
#[derive(Debug, Clone)]
struct Cell {
    text: Range<usize>,
    is_quoted: bool,
    /// The cell with its quotes.
    whole: Range<usize>,
}

/// The changes of a file; each edit that cannot be made says why.
pub(super) fn splices(
    file: &[u8],
    kind: &TextKind,
    delimiter: u8,
    edits: &[Edit],
) -> (Vec<Splice>, Vec<Option<Obstacle>>) {
    let Some(text) = Text::of_table(file, kind) else {
        return (Vec::new(), vec![Some(Obstacle::Encoding); edits.len()]);
    };
    let wanted: BTreeSet<u64> = edits.iter().map(|edit| edit.line).collect();
    let rows = rows(text.bytes(), kind, delimiter, &wanted);
    let mut splices = Vec::new();
    let obstacles = edits.iter().map(|edit| match splice(&text, &rows, delimiter, edit) {
        Ok(splice) => {
            splices.push(splice);
            None
        }
        Err(obstacle) => Some(obstacle),
    });
    let obstacles = obstacles.collect();
    (splices, obstacles)
}

fn splice(text: &Text, rows: &BTreeMap<u64, Vec<Cell>>, delimiter: u8, edit: &Edit) -> Result<Splice, Obstacle> {
    let row = rows.get(&edit.line).ok_or(Obstacle::OtherText)?;
    let cell = row.get((edit.column as usize).wrapping_sub(1)).ok_or(Obstacle::Absent)?;
    let raw = text.said(cell.text.clone());
    let plain = if cell.is_quoted { raw.replace("\"\"", "\"") } else { raw };
    let plain = plain.replace("\r\n", "\n");
    let meant = formula::meant(plain.trim()).trim();
    let after = match is_same(plain.trim(), &edit.before) {
        true => edit.after.clone(),
        false => replaced(meant, &edit.before, &edit.after).ok_or(Obstacle::OtherText)?,
    };
    // People write ="05000" to keep Excel from counting.
    let is_kept = meant != plain.trim() && plain.trim().starts_with('=');
    let new = match is_kept {
        true => format!("=\"{after}\""),
        false => formula::harmless(after.into()).into_owned(),
    };
    if cell.is_quoted {
        return text.splice(cell.text.clone(), &new.replace('"', "\"\""), cell.whole.clone());
    }
    let is_special = |sign: char| matches!(sign, '"' | '\n' | '\r') || sign == char::from(delimiter);
    // A cell that stood without quotes as ="05000" can do so again.
    let needs_quotes = !is_kept && new.contains(is_special) || new.trim() != new;
    let new = if needs_quotes { format!("\"{}\"", new.replace('"', "\"\"")) } else { new };
    text.splice(cell.text.clone(), &new, cell.whole.clone())
}

/// The cells of some rows, by the line on which each begins.
fn rows(bytes: &[u8], kind: &TextKind, delimiter: u8, wanted: &BTreeSet<u64>) -> BTreeMap<u64, Vec<Cell>> {
    let mut rows = BTreeMap::new();
    let (mut at, mut line) = (unmarked(bytes), 1_u64);
    while at < bytes.len() {
        let mut cells = Vec::new();
        let start = line;
        loop {
            let (cell, next) = cell(bytes, at, kind, delimiter, &mut line);
            cells.push(cell);
            at = next;
            if bytes.get(at) != Some(&delimiter) {
                break;
            }
            at += 1;
        }
        if wanted.contains(&start) {
            rows.insert(start, cells);
        }
        if at < bytes.len() {
            at += end_of_line(bytes, at, kind, false);
            line += 1;
        }
    }
    rows
}

/// Where the text begins behind byte order marks.
fn unmarked(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(mark) = [&b"\xEF\xBB\xBF"[..], "ï»¿".as_bytes()].iter().find(|mark| bytes[at..].starts_with(mark))
    {
        at += mark.len();
    }
    at
}

/// How many bytes end a line at a place; none where it goes on.
fn end_of_line(bytes: &[u8], at: usize, kind: &TextKind, is_quoted: bool) -> usize {
    let counts_returns = kind.ends_in_cr || kind.has_returns && !is_quoted;
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\n'), _) => 1,
        (Some(b'\r'), _) if counts_returns => 1,
        _ => 0,
    }
}

/// The cell at a place, and where it ends: at a delimiter, the end of a line or of the file.
fn cell(bytes: &[u8], start: usize, kind: &TextKind, delimiter: u8, line: &mut u64) -> (Cell, usize) {
    let is_blank = |byte: u8| byte == b' ' || byte == b'\t' && delimiter != b'\t';
    let blanks = bytes[start..].iter().take_while(|byte| is_blank(**byte)).count();
    let mut at = start + blanks;
    if bytes.get(at) == Some(&b'"') {
        let open = at;
        at += 1;
        while at < bytes.len() {
            match bytes[at] {
                b'"' if bytes.get(at + 1) == Some(&b'"') => at += 2,
                b'"' => break,
                _ => match end_of_line(bytes, at, kind, true) {
                    0 => at += 1,
                    length => {
                        at += length;
                        *line += 1;
                    }
                },
            }
        }
        let close = at.min(bytes.len());
        let whole = open..(close + 1).min(bytes.len());
        // What stands behind the closing quote belongs to no cell that is read.
        at = whole.end;
        while at < bytes.len() && bytes[at] != delimiter && end_of_line(bytes, at, kind, false) == 0 {
            at += 1;
        }
        return (Cell { text: trimmed(bytes, open + 1..close), is_quoted: true, whole }, at);
    }
    while at < bytes.len() && bytes[at] != delimiter && end_of_line(bytes, at, kind, false) == 0 {
        at += 1;
    }
    (Cell { text: trimmed(bytes, start..at), is_quoted: false, whole: start..at }, at)
}

/// A range without the blanks at its ends.
fn trimmed(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let text = &bytes[range.clone()];
    let start = text.len() - text.trim_ascii_start().len();
    let end = text.trim_ascii_end().len();
    range.start + start.min(end)..range.start + end
}
