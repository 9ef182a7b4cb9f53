//! Columns of a fixed width under a rule of dashes, as databases and consoles print them: the runs of dashes say where each
//! column stands.

use super::{Found, Passage, Table};

/// Lines that a header has at most.
const HEADER_LINES: usize = 3;

/// Whether a text holds such a table with labels that we know.
pub(in crate::import) fn is_in(text: &str) -> bool {
    text.lines().any(|line| rule(line).is_some()) && read(text).tables.iter().any(Table::is_understood)
}

/// The first character of each column, counted from 0, that a line of dashes draws; one run alone underlines a title.
fn rule(line: &str) -> Option<Vec<usize>> {
    const SHORTEST: usize = 6;
    // One look tells it of nearly all lines.
    let dash = line.trim_start().chars().next().filter(|first| matches!(first, '-' | '=' | '─'))?;
    let mut starts = Vec::new();
    let (mut is_dash, mut drawn) = (false, 0);
    for (at, c) in line.trim_end().chars().enumerate() {
        match c {
            ' ' => is_dash = false,
            c if c == dash => {
                if !is_dash {
                    starts.push(at);
                }
                (is_dash, drawn) = (true, drawn + 1);
            }
            _ => return None,
        }
    }
    (starts.len() > 1 && drawn >= SHORTEST).then_some(starts)
}

/// The cells of a line; none where a word stands across the border of two columns.
fn cells(line: &str, starts: &[usize]) -> Option<Vec<String>> {
    let chars: Vec<char> = line.chars().collect();
    let mut cells = Vec::with_capacity(starts.len());
    for (column, start) in starts.iter().enumerate() {
        let from = if column == 0 { 0 } else { *start };
        let end = starts.get(column + 1).copied().unwrap_or(chars.len()).min(chars.len());
        let is_across = column > 0 && chars.get(start - 1).is_some_and(|before| !before.is_whitespace());
        if is_across {
            return None;
        }
        cells.push(chars.get(from..end).unwrap_or_default().iter().collect::<String>().trim().to_owned());
    }
    Some(cells)
}

pub(super) fn read(text: &str) -> Found {
    let lines: Vec<&str> = text.lines().collect();
    let mut texts = Vec::new();
    let mut tables: Vec<(Vec<usize>, Table)> = Vec::new();
    // The first line that no table has taken.
    let mut free = 0;
    let mut at = 0;
    while at < lines.len() {
        let Some(starts) = rule(lines[at]) else {
            at += 1;
            continue;
        };
        let is_said = |line: &usize| !lines[*line].trim().is_empty();
        let header = (free..at).rev().take(HEADER_LINES).take_while(is_said).last().unwrap_or(at);
        let end = (at..lines.len()).find(|line| !is_said(line)).unwrap_or(lines.len());
        texts.extend((free..header).filter(is_said).map(|line| numbered(line, &lines)));
        // A console prints the header again on each of its pages: that is one table.
        if tables.last().is_none_or(|(known, _)| *known != starts) {
            let name = format!("Tableau {}", tables.len() + 1);
            tables.push((starts, Table { name, ..Table::default() }));
        }
        let Some((starts, table)) = tables.last_mut() else { break };
        // A rule may stand above the header too, and close the table.
        for line in (header..end).filter(|line| rule(lines[*line]).is_none()) {
            match cells(lines[line], starts) {
                Some(cells) => {
                    for (column, text) in (1..).zip(cells) {
                        table.push(line as u64 + 1, column, (1, 1), text);
                    }
                }
                None => texts.push(numbered(line, &lines)),
            }
        }
        (at, free) = (end, end);
    }
    texts.extend((free..lines.len()).filter(|line| !lines[*line].trim().is_empty()).map(|line| numbered(line, &lines)));
    Found { tables: tables.into_iter().map(|(_, table)| table).collect(), texts }
}

fn numbered(line: usize, lines: &[&str]) -> Passage {
    Passage::plain(line as u64 + 1, lines[line].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "Pôles de 2025

Nom            Dép. Courriel
-------------- ---- ------------------
Pôle A         59   a@example.org
Pôle du Bois-B 2A
Un nom qui déborde de sa colonne

(2 lignes)
";

    #[test]
    fn a_rule_tells_where_columns_stand() {
        let found = read(PRINTED);
        let cells: Vec<(u64, u32, &str)> =
            found.tables[0].cells.iter().map(|(row, column, text)| (*row, *column, text.as_str())).collect();
        assert_eq!(
            cells,
            [
                (3, 1, "Nom"),
                (3, 2, "Dép."),
                (3, 3, "Courriel"),
                (5, 1, "Pôle A"),
                (5, 2, "59"),
                (5, 3, "a@example.org"),
                (6, 1, "Pôle du Bois-B"),
                (6, 2, "2A"),
            ]
        );
        let texts: Vec<(u64, &str)> = found.texts.iter().map(|text| (text.line, text.text.as_str())).collect();
        assert_eq!(texts, [(1, "Pôles de 2025"), (7, "Un nom qui déborde de sa colonne"), (9, "(2 lignes)")]);
        assert!(is_in(PRINTED));
    }

    #[test]
    fn a_header_between_rules_and_one_on_each_page_is_one() {
        let text = "===== ====\nNom   Dép.\n===== ====\nA     59\n===== ====\n\nNom   Dép.\n===== ====\nB     62\n";
        let found = read(text);
        assert_eq!((found.tables.len(), found.texts.len()), (1, 0));
        let rows: Vec<u64> = found.tables[0].cells.iter().map(|(row, ..)| *row).collect();
        assert_eq!(rows, [2, 2, 4, 4, 7, 7, 9, 9]);
    }

    #[test]
    fn a_title_that_is_underlined_is_no_table() {
        for text in ["Contact\n-------\nNom : A\n", "Nom Dép.\n- -\nA 59\n", "| Nom | Dép. |\n| --- | --- |\n"] {
            assert!(!is_in(text), "{text}");
        }
    }
}
