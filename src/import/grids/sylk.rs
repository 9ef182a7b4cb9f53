//! SYLK, the exchange format of Multiplan: a record a line, fields behind semicolons.

use std::collections::BTreeMap;

use super::{Found, Table};

pub(super) fn read(text: &str) -> Found {
    let mut cells: BTreeMap<(u64, u32), String> = BTreeMap::new();
    let (mut row, mut column) = (1_u64, 1_u32);
    for line in text.lines() {
        // A semicolon of a text is written twice.
        let line = line.replace(";;", "\u{1}");
        let mut fields = line.split(';');
        if !matches!(fields.next(), Some("C" | "F")) {
            continue;
        }
        let mut value = None;
        for field in fields {
            let Some((kind, rest)) = field.chars().next().map(|kind| (kind, &field[kind.len_utf8()..])) else {
                continue;
            };
            match kind {
                'Y' => row = rest.parse().unwrap_or(row),
                'X' => column = rest.parse().unwrap_or(column),
                'K' => value = Some(rest.to_owned()),
                _ => {}
            }
        }
        if let Some(value) = value {
            let inner = value.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(&value);
            cells.insert((row, column), plain(&inner.replace('\u{1}', ";").replace("\"\"", "\"")));
        }
    }
    let mut table = Table { name: "SYLK".to_owned(), ..Table::default() };
    for ((row, column), text) in cells {
        table.push(row, column, (1, 1), text);
    }
    Found { tables: vec![table], texts: Vec::new() }
}

/// A text whose accents are written behind escapes: `\u{1b}NBe` is é.
fn plain(text: &str) -> String {
    const ACCENTS: &[(char, char)] =
        &[('A', '\u{300}'), ('B', '\u{301}'), ('C', '\u{302}'), ('D', '\u{303}'), ('H', '\u{308}'), ('K', '\u{327}')];
    use unicode_normalization::UnicodeNormalization;
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let mut signs = after.chars();
        match (signs.next(), signs.next(), signs.next()) {
            (Some('N'), Some(accent), Some(letter)) if ACCENTS.iter().any(|(known, _)| *known == accent) => {
                plain.push(letter);
                plain.extend(ACCENTS.iter().find(|(known, _)| *known == accent).map(|(_, sign)| *sign));
                rest = &after[2 + letter.len_utf8()..];
            }
            // A line break within a cell.
            (Some(' '), Some(':'), _) => {
                plain.push('\n');
                rest = &after[2..];
            }
            _ => rest = after,
        }
    }
    plain.push_str(rest);
    plain.nfc().collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn fields_are_cells() {
        let text =
            "ID;PWXL;N;E\r\nC;Y1;X1;K\"Nom\"\r\nC;X2;K\"ETP\"\r\nC;Y2;X1;K\"P\u{1b}NColes;; A\"\r\nC;X2;K2.5\r\nE\r\n";
        let found = super::read(text);
        let cells: Vec<(u64, u32, &str)> =
            found.tables[0].cells.iter().map(|(row, column, text)| (*row, *column, text.as_str())).collect();
        assert_eq!(cells, [(1, 1, "Nom"), (1, 2, "ETP"), (2, 1, "Pôles; A"), (2, 2, "2.5")]);
    }
}
