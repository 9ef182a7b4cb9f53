//! DIF, the exchange format of the first spreadsheets: pairs of lines, a number and a text.

use super::{Found, Table};

pub(super) fn read(text: &str) -> Found {
    let mut table = Table { name: "DIF".to_owned(), ..Table::default() };
    let (mut row, mut column) = (0_u64, 0_u32);
    let mut lines = text.lines();
    // The head ends where the data begin.
    while let Some(line) = lines.next() {
        if line.trim() == "DATA" {
            lines.nth(1);
            break;
        }
    }
    while let (Some(numbers), Some(said)) = (lines.next(), lines.next()) {
        let (kind, number) = numbers.split_once(',').unwrap_or((numbers, ""));
        match (kind.trim(), said.trim()) {
            ("-1", "BOT") => (row, column) = (row + 1, 0),
            ("-1", _) => break,
            ("0", kind) => {
                column += 1;
                let value = match kind {
                    "TRUE" => "VRAI",
                    "FALSE" => "FAUX",
                    "NA" | "ERROR" => "",
                    _ => number.trim(),
                };
                table.push(row, column, (1, 1), value.to_owned());
            }
            ("1", _) => {
                column += 1;
                let text = said.trim_end_matches('\r');
                let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
                table.push(row, column, (1, 1), inner.replace("\"\"", "\""));
            }
            _ => {}
        }
    }
    Found { tables: vec![table], texts: Vec::new() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn pairs_of_lines_are_cells() {
        let text = "TABLE\n0,1\n\"X\"\nDATA\n0,0\n\"\"\n-1,0\nBOT\n1,0\n\"Nom\"\n1,0\n\"ETP\"\n-1,0\nBOT\n1,0\n\"Pôle \"\"A\"\"\"\n0,2.5\nV\n-1,0\nEOD\n";
        let found = super::read(text);
        let cells: Vec<(u64, u32, &str)> =
            found.tables[0].cells.iter().map(|(row, column, text)| (*row, *column, text.as_str())).collect();
        assert_eq!(cells, [(1, 1, "Nom"), (1, 2, "ETP"), (2, 1, "Pôle \"A\""), (2, 2, "2.5")]);
    }
}
