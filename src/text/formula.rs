//! Cells that a spreadsheet would run as a formula: made harmless in CSV that we write, and given back as they were in
//! CSV that we read.
//!
//! A workbook needs none of this: its cells say themselves that they are texts.

use std::borrow::Cow;

/// What makes a spreadsheet take a text for plain text, and not show it. RFC 4180 quotes do not help against formulas.
const APOSTROPHE: char = '\'';

/// A cell of CSV that no spreadsheet runs: what would be a formula has one apostrophe before it, and so has what looks
/// like such a cell already, so that [`meant`] always finds the same text again.
pub(crate) fn harmless(cell: Cow<'_, str>) -> Cow<'_, str> {
    if is_formula(cell.trim_start_matches(APOSTROPHE)) { Cow::Owned(format!("{APOSTROPHE}{cell}")) } else { cell }
}

/// The text that a cell of CSV stands for: [`harmless`], undone. An apostrophe before anything else (`'05000`) may well
/// be part of the text, and stays. The formula `="05000"` is how people keep Excel from counting a text as a number.
pub(crate) fn meant(cell: &str) -> &str {
    match cell.strip_prefix(APOSTROPHE) {
        Some(text) if is_formula(text.trim_start_matches(APOSTROPHE)) => text,
        _ => {
            let quoted = cell.strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
            quoted.filter(|text| !text.contains('"')).unwrap_or(cell)
        }
    }
}

/// Whether a spreadsheet would run this text, or call it a broken formula. Numbers and telephone numbers begin like
/// formulas, but are shown as they are.
pub(crate) fn is_formula(text: &str) -> bool {
    let is_trigger = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    // The last cell of a row may still have its carriage return.
    let text = text.trim_end();
    text.starts_with(is_trigger) && !is_number(text) && !is_phone(text)
}

/// `-5`, `+12.5`, `-12,5`, `-1e-7`.
fn is_number(text: &str) -> bool {
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    all_digits(unsigned(whole)) && all_digits(part) && all_digits(unsigned(exponent))
}

fn unsigned(number: &str) -> &str {
    number.strip_prefix(['+', '-']).unwrap_or(number)
}

/// `+33 1 99 00 12 34`, `+33 (0)1.99.00.12.34`. With hyphens it is a subtraction.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|rest| {
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | '(' | ')' | '\u{a0}' | '\u{202f}');
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(is_part)
    })
}

/// What spreadsheets show in English and in French: Excel, LibreOffice, Google Sheets.
const ERRORS: &[&str] = &[
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#VALEUR!",
    "#NAME?",
    "#NOM?",
    "#DIV/0!",
    "#NULL!",
    "#NUL!",
    "#NUM!",
    "#NOMBRE!",
    "#SPILL!",
    "#CALC!",
    "#PROPAGATION!",
    "#CALCUL!",
    "#FIELD!",
    "#CHAMP!",
    "#ERROR!",
    "#ERREUR!",
];

/// Whether a text is what a spreadsheet shows where a formula fails.
pub(crate) fn is_error(text: &str) -> bool {
    // LibreOffice numbers what it has no name for: « Err:502 ».
    if let Some(number) = text.strip_prefix("Err:") {
        return number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    }
    // French programs put a space before the mark.
    let signs = || text.chars().filter(|c| !c.is_whitespace());
    let is = |error: &&str| signs().map(|c| c.to_ascii_uppercase()).eq(error.chars());
    text.starts_with('#') && text.len() <= 20 && ERRORS.iter().any(is)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        harmless(Cow::Borrowed(text)).into_owned()
    }

    #[test]
    fn formulas_get_an_apostrophe() {
        for text in [
            "=1+1",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
            "＋1+1",
            "－1",
            "＠x",
            "=",
            "- un point",
        ] {
            assert_eq!(written(text), format!("'{text}"));
        }
        // Rust reads these as numbers, a spreadsheet as names.
        for text in ["-inf", "+infinity", "-NaN", "-1e", "-", "+", "+33-1-99-00", "-.5", "-1.2.3"] {
            assert_eq!(written(text), format!("'{text}"));
        }
    }

    #[test]
    fn other_texts_are_left_alone() {
        for text in [
            "-5 ",
            "-5\r",
            "",
            "'",
            "''",
            "Bois",
            "l’eau",
            "'05000",
            "a=1",
            " =1",
            "-5",
            "+12.5",
            "-12,5",
            "-1e-7",
            "+33 1 99 00 12 34",
            "+33 (0)1.99.00.12.34",
            "+33199001234",
        ] {
            assert_eq!(written(text), text);
            assert_eq!(meant(text), text);
        }
    }

    #[test]
    fn an_apostrophe_before_a_formula_is_kept() {
        for (text, cell) in [("'=1", "''=1"), ("''=1", "'''=1"), ("'-5", "'-5"), ("'@", "''@")] {
            assert_eq!(written(text), cell);
            assert_eq!(meant(cell), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "('|[-=+@＝\t\r\n]|[0-9.,eE ]|\\PC){0,6}") {
            let cell = written(&text);
            prop_assert!(!is_formula(&cell));
            prop_assert_eq!(meant(&cell), text);
        }
    }

    #[test]
    fn errors_of_formulas_are_known() {
        for text in
            ["#REF!", "#ref!", "#NOM?", "#NOM ?", "#NOM\u{a0}?", "#VALEUR\u{202f}!", "#N/A", "#ERROR!", "Err:502"]
        {
            assert!(is_error(text), "{text}");
        }
        for text in
            ["#Ensemble", "#1", "# REF", "Err:", "Err:50", "Err: 502 personnes", "Erreur", "#REF! et suite", "N/A"]
        {
            assert!(!is_error(text), "{text}");
        }
    }
}
