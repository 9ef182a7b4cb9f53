//! Where something stands in a source, in the terms of the tool that opens the source.

use serde::{Deserialize, Serialize};

use crate::Language;

/// A place in a source file. Rows, lines and columns count from 1, header included.
///
/// A workbook fills `sheet`, `cell`, `row` and `column`; CSV and texts `line`, `column` and `label`; XML and JSON `line`,
/// `column` and `path`. A value that is absent is placed where it would stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Location {
    /// The file as the user named it; `-` is the standard input.
    pub file: String,
    /// The sheet of a workbook, or the table of an archive of tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The cell of a workbook in A1 notation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The row of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The line of a text file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column: of the sheet, of the CSV record, or the character in the line of an XML or JSON file or a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The label at the head of the CSV column, or before the value in a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The path of the XML or JSON element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The label at the head of the column of a workbook, for lists of findings: the cell tells the place.
    #[serde(skip)]
    pub heading: Option<String>,
}

impl Location {
    /// The place within its file, as a person writes it: `Lauréats!K21`, `line 21, column 11 (courriel)`.
    pub fn within_file(&self, language: Language) -> String {
        let mut text = String::new();
        self.push_within_file(language, &mut text);
        text
    }

    /// Adds the same to a text.
    pub(crate) fn push_within_file(&self, language: Language, text: &mut String) {
        let (line, row, column) = match language {
            Language::French => ("ligne", "ligne", "colonne"),
            Language::English => ("line", "row", "column"),
        };
        if let Some(cell) = &self.cell {
            if let Some(sheet) = &self.sheet {
                text.push_str(&quoted_sheet(sheet));
                text.push('!');
            }
            return text.push_str(cell);
        }
        let mut place = |parts: [&str; 3], number: u64| {
            parts.into_iter().for_each(|part| text.push_str(part));
            text.push(' ');
            push_number(number, text);
        };
        match (&self.sheet, self.row, self.line) {
            (Some(sheet), Some(number), _) => place([&quoted_sheet(sheet), "!", row], number),
            (Some(table), None, Some(number)) => place([table, ", ", line], number),
            (Some(sheet), None, None) => text.push_str(&quoted_sheet(sheet)),
            (None, _, Some(number)) => place([line, "", ""], number),
            (None, ..) => {}
        }
        if let Some(number) = self.column {
            text.push_str(", ");
            text.push_str(column);
            text.push(' ');
            push_number(number.into(), text);
        }
        if let Some(name) = self.label.as_ref().or(self.path.as_ref()).filter(|name| !name.is_empty()) {
            text.push_str(" (");
            text.push_str(name);
            text.push(')');
        }
    }
}

/// Adds a number to a text: a report has several on each line.
pub(crate) fn push_number(number: u64, text: &mut String) {
    /// Digits of the largest one.
    const MOST: usize = 20;
    let (mut digits, mut at, mut rest) = ([b'0'; MOST], MOST, number);
    loop {
        at -= 1;
        digits[at] += (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    text.extend(digits[at..].iter().map(|digit| char::from(*digit)));
}

/// A sheet name as a formula writes it: quoted when it is more than letters and digits.
fn quoted_sheet(name: &str) -> String {
    if name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "''"))
    }
}

/// The letters of a workbook column counted from 1: `1` → `A`, `27` → `AA`.
///
/// ```
/// assert_eq!(ptce::location::column_letters(28), "AB");
/// ```
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}
