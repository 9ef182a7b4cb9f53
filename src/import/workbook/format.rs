//! Formats of numbers that say more than a number: those of a code, `00000`, and those that show a unit, `0" k€"`.

/// A format whose cell is read as it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pattern {
    /// A code of so many digits: its signs, in their order.
    Code(Vec<Sign>),
    /// A number with words before or behind it.
    Unit { before: String, behind: String },
}

/// A sign of the format of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A digit, which is 0 where there is none.
    Zero,
    /// A digit, where there is one.
    Digit,
    /// What stands for itself.
    Literal(char),
}

impl Pattern {
    /// The pattern of the first section of a format; `None` for what is a mere number.
    pub fn of(code: &str) -> Option<Pattern> {
        let mut signs = Vec::new();
        let mut letters = code.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '0' => signs.push(Sign::Zero),
                '#' | '?' => signs.push(Sign::Digit),
                '\\' => signs.extend(letters.next().map(Sign::Literal)),
                '"' => signs.extend(letters.by_ref().take_while(|letter| *letter != '"').map(Sign::Literal)),
                // A blank as wide as the next sign; what fills the cell.
                '_' => {
                    letters.next();
                    signs.push(Sign::Literal(' '));
                }
                '*' => {
                    letters.next();
                }
                // A colour, a condition, or a currency, which the field of an amount knows.
                '[' => while letters.next().is_some_and(|letter| letter != ']') {},
                ';' => break,
                letter => signs.push(Sign::Literal(letter)),
            }
        }
        let is_digit = |sign: &Sign| !matches!(sign, Sign::Literal(_));
        let first = signs.iter().position(is_digit)?;
        let last = signs.iter().rposition(is_digit)?;
        let text = |signs: &[Sign]| -> String {
            signs
                .iter()
                .filter_map(|sign| if let Sign::Literal(letter) = sign { Some(*letter) } else { None })
                .collect()
        };
        let (before, within, behind) = (text(&signs[..first]), text(&signs[first..=last]), text(&signs[last + 1..]));
        if matches!(code.trim(), "" | "General" | "Standard" | "@") {
            return None;
        }
        // A comma behind the digits divides what is shown by a thousand: the number itself says more.
        if behind.starts_with(',') || behind.contains('%') || within.contains(['E', 'e']) {
            return None;
        }
        if [&before, &behind].iter().any(|text| text.contains(char::is_alphabetic)) {
            return Some(Pattern::Unit { before, behind });
        }
        let zeros = signs.iter().filter(|sign| **sign == Sign::Zero).count();
        let is_set_apart = within.chars().all(|c| matches!(c, ' ' | '-' | '.' | '/' | '\u{a0}' | '\u{202f}'));
        // `# ##0` groups a number by hand; `0.00` has decimals.
        let is_number = within.contains(['.', ',']) || zeros < 2 && signs[first] == Sign::Digit;
        let is_code = zeros >= 2 || zeros == 1 && signs[first] == Sign::Zero && !within.is_empty();
        (is_code && is_set_apart && !is_number).then_some(Pattern::Code(signs))
    }

    /// A number as the cell shows it; `None` where the pattern does not fit.
    pub fn shown(&self, value: f64) -> Option<String> {
        match self {
            Pattern::Unit { before, behind } => Some(format!("{before}{value}{behind}").trim().to_owned()),
            Pattern::Code(signs) => {
                if value < 0.0 || value.fract() != 0.0 || value >= 1e15 {
                    return None;
                }
                let digits = format!("{value}");
                let mut rest: Vec<char> = digits.chars().collect();
                let places = signs.iter().filter(|sign| !matches!(sign, Sign::Literal(_))).count();
                let mut shown: Vec<char> = Vec::with_capacity(signs.len() + digits.len());
                let mut place = places;
                for sign in signs.iter().rev() {
                    match sign {
                        Sign::Literal(letter) => shown.push(*letter),
                        Sign::Zero | Sign::Digit => {
                            place -= 1;
                            match (rest.pop(), sign) {
                                (Some(digit), _) => shown.push(digit),
                                (None, Sign::Zero) => shown.push('0'),
                                (None, _) => {}
                            }
                            // What has no place of its own stands before the first.
                            while place == 0
                                && let Some(digit) = rest.pop()
                            {
                                shown.push(digit);
                            }
                        }
                    }
                }
                let shown: String = shown.into_iter().rev().collect();
                Some(shown.trim().to_owned())
            }
        }
    }
}

/// Whether the text that a cell shows says more than its number: it is a code, or has a unit. Programs that keep the shown text
/// beside the number need no format.
pub(super) fn says_more(shown: &str, value: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let is_blank = |c: char| matches!(c, ' ' | '-' | '.' | '/' | '\u{a0}' | '\u{202f}');
    let shown_digits = digits(shown);
    let is_whole = value.bytes().all(|byte| byte.is_ascii_digit());
    let is_code = shown.starts_with('0')
        && shown_digits.len() > 1
        && shown.chars().all(|c| c.is_ascii_digit() || is_blank(c))
        && shown_digits.trim_start_matches('0') == value.trim_start_matches('0');
    let has_unit = shown.contains(char::is_alphabetic) && shown_digits == value;
    is_whole && (is_code || has_unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str, value: f64) -> String {
        Pattern::of(code).and_then(|pattern| pattern.shown(value)).unwrap_or_else(|| value.to_string())
    }

    #[test]
    fn codes_and_units_are_shown() {
        for (code, value, expected) in [
            ("00000", 1400.0, "01400"),
            ("00000", 46100.0, "46100"),
            ("00", 1.0, "01"),
            ("0#\" \"##\" \"##\" \"##\" \"##", 474_551_234.0, "04 74 55 12 34"),
            ("0# ## ## ## ##", 474_551_234.0, "04 74 55 12 34"),
            ("0#\\ ##\\ ##\\ ##\\ ##", 639_981_234.0, "06 39 98 12 34"),
            ("000\" \"000\" \"000", 999_164_080.0, "999 164 080"),
            ("00000;@", 7000.0, "07000"),
            ("#,##0\" k€\"", 120.0, "120 k€"),
            ("0.0\" M€\"", 1.5, "1.5 M€"),
            ("0\" ETP\"", 12.0, "12 ETP"),
            ("0 \\k\\€", 120.0, "120 k€"),
            // Mere numbers, dressed.
            ("General", 12.0, "12"),
            ("0", 12.0, "12"),
            ("0.00", 12.5, "12.5"),
            ("#,##0", 15000.0, "15000"),
            ("# ##0", 15000.0, "15000"),
            ("#,##0.00 \"€\"", 15000.0, "15000"),
            ("#,##0 [$€-40C]", 15000.0, "15000"),
            ("0%", 0.5, "0.5"),
            ("0.00E+00", 15000.0, "15000"),
            // Divided by a thousand: the number itself says more.
            ("#,##0,\" k€\"", 120_400.0, "120400"),
            // What is no code has no such form.
            ("00000", 12.5, "12.5"),
            ("00000", -12.0, "-12"),
            ("", 5.0, "5"),
        ] {
            assert_eq!(shown(code, value), expected, "{code}");
        }
    }

    #[test]
    fn a_shown_text_says_more() {
        for (text, value) in [("01400", "1400"), ("04 74 55 12 34", "474551234"), ("120 k€", "120"), ("00", "0")] {
            assert!(says_more(text, value), "{text}");
        }
        for (text, value) in
            [("1 400", "1400"), ("0,5", "0.5"), ("120 k€", "120400"), ("15 000 €", "15000"), ("0", "0")]
        {
            assert!(!says_more(text, value), "{text}");
        }
    }
}
