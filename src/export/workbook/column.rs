//! The columns of a workbook: how each is typed, what may be chosen in it, and what its header explains.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format, FormatAlign, Note, XlsxError,
};

use super::super::flat::{Cell, Column};
use crate::guide;
use crate::record::Number;
use crate::schema::Node;

/// The number of the format « Texte », `@`.
const TEXT: u8 = 49;
/// The days that Excel counts as everybody else: it takes 1900 for a leap year.
const FIRST_DAY: &str = "1900-03-01";
const LAST_DAY: &str = "9999-12-31";
/// Pixels, and characters of a line of a note of this width.
const NOTE_WIDTH: u32 = 330;
const NOTE_LINE: usize = 48;

/// What the cells of a column hold, unless a value does not go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Date,
    Number,
}

impl Kind {
    pub fn of(node: Node) -> Kind {
        match (node.text("type"), node.text("format")) {
            ("number" | "integer", _) => Kind::Number,
            (_, "date") => Kind::Date,
            _ => Kind::Text,
        }
    }
}

/// How the cells of each kind are shown.
pub(super) struct Formats {
    /// A cell formatted as text keeps what is typed into it: 05000 its zero, and nothing becomes a formula.
    pub text: Format,
    /// The same where the text begins like a formula: it stays a text even when the cell gets another format.
    pub quoted: Format,
    pub date: Format,
}

impl Formats {
    pub fn new() -> Formats {
        let text = Format::new().set_num_format_index(TEXT);
        Formats {
            quoted: text.clone().set_quote_prefix(),
            text,
            date: Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
        }
    }

    /// The format of the cells that are still empty.
    pub fn of(&self, kind: Kind) -> Option<&Format> {
        match kind {
            Kind::Text => Some(&self.text),
            Kind::Date => Some(&self.date),
            Kind::Number => None,
        }
    }
}

/// The day that a text names, where a date cell gives the same text back.
pub(super) fn day(text: &str) -> Option<ExcelDateTime> {
    let is_iso = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    if !is_iso || !(FIRST_DAY..=LAST_DAY).contains(&text) {
        return None;
    }
    let (year, month, day) = (text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

/// The number of a cell, where a cell of a workbook, which holds a binary fraction of 64 bits, gives the same number back.
pub(super) fn exact(cell: Cell<'_>) -> Option<f64> {
    let number: Number = cell.text.parse().ok().filter(|_| cell.is_number)?;
    number.as_f64().filter(|_| is_exact(&number))
}

fn is_exact(number: &Number) -> bool {
    match (number.as_u64(), number.as_i64()) {
        (None, None) => number.as_f64().is_some_and(f64::is_finite),
        (unsigned, signed) => unsigned.or(signed.map(i64::unsigned_abs)).is_some_and(|size| size <= 1 << 53),
    }
}

/// What may be typed into a column. Excel warns of anything else and lets it pass: a record of an old call may have
/// values that no list foresaw, and it is for the rules to judge them.
pub(super) fn validation(node: Node) -> Result<Option<DataValidation>, XlsxError> {
    let value = node.items().unwrap_or(node);
    let known: Vec<&str> = value.texts("enum").collect();
    let example = example(node);
    let (validation, message) = if !known.is_empty() {
        let message = format!("Valeurs prévues : {}.", known.join(", "));
        (DataValidation::new().allow_list_strings(&known)?, message)
    } else if Kind::of(node) == Kind::Date {
        let (first, last) = (ExcelDateTime::from_ymd(1900, 3, 1)?, ExcelDateTime::from_ymd(9999, 12, 31)?);
        let rule = DataValidationRule::Between(first, last);
        (DataValidation::new().allow_date(rule), format!("Une date est attendue, par exemple {example}."))
    } else if Kind::of(node) == Kind::Number {
        let minimum =
            node.keyword("minimum").and_then(serde_json::Value::as_i64).and_then(|least| i32::try_from(least).ok());
        let Some(minimum) = minimum else { return Ok(None) };
        match node.text("type") {
            "integer" => (
                DataValidation::new().allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(minimum)),
                format!("Un nombre entier, {minimum} ou plus, est attendu, en chiffres et sans unité."),
            ),
            _ => (
                DataValidation::new()
                    .allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(f64::from(minimum))),
                format!("Un nombre, {minimum} ou plus, est attendu, en chiffres et sans unité."),
            ),
        }
    } else if let Some(length) = digits(value) {
        let rule = DataValidationRule::EqualTo(length);
        (
            DataValidation::new().allow_text_length(rule),
            format!("{length} chiffres sont attendus, par exemple {example}."),
        )
    } else {
        return Ok(None);
    };
    let validation = validation
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title("Valeur inattendue")?
        .set_error_message(message)?
        // Several values in one cell are no value of the list.
        .show_error_message(node.items().is_none());
    Ok(Some(validation))
}

/// How many digits a value has, where its pattern says just that: `^[0-9]{5}$`.
fn digits(value: Node) -> Option<u32> {
    value.text("pattern").strip_prefix("^[0-9]{")?.strip_suffix("}$")?.parse().ok()
}

/// What people should know of a column before they fill it in.
pub(super) fn note(column: &Column) -> Note {
    let node = column.node;
    let mut text = guide::note(node);
    if column.is_required {
        text.push_str("\nObligatoire.");
    }
    let known = known(node);
    if !known.is_empty() {
        text.push_str(&format!("\nValeurs : {known}."));
    }
    let example = example(node);
    if !example.is_empty() {
        text.push_str(&format!("\nExemple : {example}"));
    }
    let lines: usize = text.lines().map(|line| line.chars().count() / NOTE_LINE + 1).sum();
    // No author: a note has one even where nobody signs it, and it would stand before the text.
    Note::new(text).add_author_prefix(false).set_font_size(9).set_width(NOTE_WIDTH).set_height(lines as u32 * 15 + 20)
}

/// The values that a field may have, where the schema lists them.
pub(super) fn known(node: Node) -> String {
    node.items().unwrap_or(node).texts("enum").collect::<Vec<_>>().join(", ")
}

/// An example as it stands in a cell.
pub(super) fn example(node: Node) -> String {
    use serde_json::Value;
    let spoken = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let examples = |node: Node| node.keyword("examples").and_then(Value::as_array).into_iter().flatten().map(spoken);
    match node.items() {
        Some(value) => super::super::flat::joined(examples(value).take(2)),
        None => examples(node).next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::flat::Columns;

    #[test]
    fn days_are_those_that_exist() {
        for text in ["2014-01-10", "2024-02-29", "1900-03-01", "9999-12-31"] {
            assert!(day(text).is_some(), "{text}");
        }
        for text in [
            "2023-02-29",
            "2014-13-01",
            "2014-1-10",
            "1900-02-28",
            "0001-01-01",
            "10/01/2014",
            "2014-01-10 ",
            "２014-01-1",
            "",
        ] {
            assert!(day(text).is_none(), "{text}");
        }
    }

    /// A list longer than 255 characters would need a sheet of its own.
    #[test]
    fn every_column_can_be_checked_and_explained() {
        let mut checked = 0;
        for column in Columns::form(&|_| 1).all() {
            checked += usize::from(validation(column.node).unwrap().is_some());
            let _ = note(&column);
            assert!(!example(column.node).is_empty(), "{}", column.key);
        }
        assert!(checked > 8);
    }
}
