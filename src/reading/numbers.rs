//! Numbers as French people and machines write them.

use std::borrow::Cow;

use super::{Example, example};
use crate::field::Field;
use crate::record::Number;
use crate::schema::{self, Node};
use crate::text::fold::without_accent;

/// What a text says where a number is wanted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reading {
    /// A number as anybody writes it: `12,5`, `1 200`, `12.500,50`, `3e2`, with the unit of its field, `50 000 €`.
    Plain(Number),
    /// A number that can only be this one: `15'000`, `1.250.000`, `120 k€`, and `1.200` where whole ones are counted.
    Sure(Number),
    /// `15.000` is fifteen thousand in one country and fifteen in the next; the likelier of the two comes first.
    Two(Number, Number),
}

/// What is understood of numbers, by field, for `docs/values.md`.
pub(super) const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "/appel/montant",
        &[
            example("15 000,50 €", "15000.5"),
            example("15\u{202f}000", "15000"),
            example("15’000", "15000"),
            example("1.250.000 €", "1250000"),
            example("120 k€", "120000"),
            example("1,5 M€", "1500000"),
            example("1,5 million d’euros", "1500000"),
            example("15.000 €", ""),
            example("120,000", ""),
            example("2.500 euros", ""),
            example("12 14", ""),
            example("environ 15 000 €", ""),
        ],
    ),
    ("/emploi/etp", &[example("12,5 ETP", "12.5"), example("12.500", "")]),
    ("/emploi/salaries", &[example("12 salarié(e)s", "12"), example("1.000", "1000"), example("une douzaine", "")]),
];

/// Reads a number of a field. 12.0 is 12: spreadsheets do not tell them apart. A whole number that cannot be kept to its last
/// digit is none.
///
/// `groups` is the mark that stands between groups of three digits in the column of the text, where that is known.
pub(crate) fn read(field: &Field, text: &str, groups: Option<char>) -> Option<Reading> {
    if let Some(number) = whole(text) {
        return Some(Reading::Plain(number));
    }
    // `12.5`, as programs write it.
    if let Some((whole, part)) = text.split_once('.')
        && part.len() != 3
        && [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return plain_number(text).map(Reading::Plain);
    }
    let node = schema::root().at(field.pointer)?;
    let is_odd = |c: char| matches!(c, '\'' | '’' | 'ʼ' | '\u{2007}'..='\u{2009}' | '\u{202f}') || is_invisible(c);
    let is_sure = text.contains(is_odd);
    let text: Cow<'_, str> = match text.contains(is_invisible) {
        true => Cow::Owned(text.chars().filter(|c| !is_invisible(*c)).collect()),
        false => Cow::Borrowed(text),
    };
    let Bare { digits, power } = bare(node, text.trim())?;
    let scaled = |text: &str| plain_number(&if power > 0 { format!("{text}e{power}") } else { text.to_owned() });
    let written = written(digits)?;
    let counts = node.texts("x-units").next().is_some();
    Some(match written {
        Written::One(text) if is_sure || power > 0 => Reading::Sure(scaled(&text)?),
        Written::One(text) => Reading::Plain(scaled(&text)?),
        Written::Grouped(text) => Reading::Sure(scaled(&text)?),
        Written::Doubtful { grouped, .. }
            if counts && node.text("type") == "integer" || groups.is_some_and(|mark| digits.contains(mark)) =>
        {
            Reading::Sure(scaled(&grouped)?)
        }
        // A hub has tens of full-time equivalents, and gets thousands of euros.
        Written::Doubtful { grouped, decimal } if counts => match node.texts("x-units").any(|unit| unit == "€") {
            true => Reading::Two(scaled(&grouped)?, scaled(&decimal)?),
            false => Reading::Two(scaled(&decimal)?, scaled(&grouped)?),
        },
        Written::Doubtful { decimal, .. } => Reading::Plain(scaled(&decimal)?),
    })
}

/// The mark that stands between groups of three digits in some numbers, where one shows it that can be written in no other way,
/// and none has it before its decimals.
pub(crate) fn mark_of_groups<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Option<char> {
    let digits = |text: &'a str| {
        let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
        text.trim_matches(|c: char| !c.is_ascii_digit()).split(|c: char| !is_of_number(c)).next().unwrap_or_default()
    };
    let groups = |mark: char, text: &str| {
        let decimal = if mark == '.' { ',' } else { '.' };
        let (whole, part) = text.split_once(decimal).unwrap_or((text, ""));
        let count = whole.matches(mark).count();
        is_grouped(whole.split(mark)) && !part.contains(['.', ',']) && (count > 1 || count == 1 && !part.is_empty())
    };
    let parts = |mark: char, text: &str| {
        text.rsplit_once(mark)
            .is_some_and(|(_, behind)| behind.len() != 3 && behind.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut marks = ['.', ','].into_iter().filter(|mark| {
        texts.clone().any(|text| groups(*mark, digits(text))) && !texts.clone().any(|text| parts(*mark, digits(text)))
    });
    marks.next().filter(|_| marks.next().is_none())
}

/// A decimal number in digits and a full stop, so that it has one reading: `15.125` is no fifteen thousand where it comes from
/// a program, and gets a digit that says so.
pub(crate) fn unmistakable(number: &str) -> Cow<'_, str> {
    match number.strip_prefix('-').unwrap_or(number).split_once('.') {
        Some((whole, part)) if may_group(whole) && part.len() == 3 => Cow::Owned(format!("{number}0")),
        _ => Cow::Borrowed(number),
    }
}

/// Signs without a shape, which copies from web pages and messages bring along.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// A number without its unit, and the power of ten that the unit counts in.
struct Bare<'a> {
    digits: &'a str,
    power: u8,
}

fn bare<'a>(node: Node, text: &'a str) -> Option<Bare<'a>> {
    /// What amounts are counted in, before the unit.
    const MULTIPLES: &[(&str, u8)] = &[
        ("k", 3),
        ("mille", 3),
        ("millier", 3),
        ("milliers", 3),
        ("m", 6),
        ("mio", 6),
        ("million", 6),
        ("millions", 6),
        ("md", 9),
        ("mds", 9),
        ("milliard", 9),
        ("milliards", 9),
    ];
    let units = || node.texts("x-units").map(unit_key);
    let start = text.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ','))?;
    let end = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','))? + 1;
    let (before, behind) = (unit_key(&text[..start]), unit_key(&text[end..]));
    let digits = &text[start..end];
    let is_unit = |key: &str| key.is_empty() || units().any(|unit| unit == key);
    if !is_unit(&before) || !before.is_empty() && !behind.is_empty() {
        return None;
    }
    if is_unit(&behind) {
        return Some(Bare { digits, power: 0 });
    }
    let is_money = node.texts("x-units").any(|unit| unit == "€");
    let power = MULTIPLES.iter().filter(|_| is_money).find_map(|(word, power)| {
        let unit = behind.strip_prefix(word)?;
        (is_unit(unit) || unit == "e" || unit.strip_prefix('d').is_some_and(|unit| !unit.is_empty() && is_unit(unit)))
            .then_some(*power)
    })?;
    Some(Bare { digits, power })
}

/// A unit in small letters without accents, blanks, apostrophes, full stops and brackets: « salarié(e)s ».
fn unit_key(text: &str) -> String {
    let text = text.replace("(e)", "").replace("·e", "");
    let is_left_out = |c: &char| c.is_whitespace() || matches!(c, '\'' | '’' | '.' | '(' | ')');
    text.chars().filter(|c| !is_left_out(c)).flat_map(|c| without_accent(c).to_lowercase()).collect()
}

/// A number as its marks have it, in digits and a full stop.
enum Written {
    One(String),
    /// Its marks can only stand between groups of three digits.
    Grouped(String),
    /// Its one mark stands before three digits.
    Doubtful {
        grouped: String,
        decimal: String,
    },
}

fn written(text: &str) -> Option<Written> {
    // `3e2`, as machines write it.
    if text.contains(['e', 'E']) {
        let text = text.replace(',', ".");
        return plain_number(&text).map(|_| Written::One(text));
    }
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (if text.starts_with('-') { "-" } else { "" }, rest.trim_start()),
        None => ("", text),
    };
    let count = |mark: char| digits.matches(mark).count();
    let joined = |whole: &str, mark: char| is_grouped(whole.split(mark)).then(|| whole.replace(mark, ""));
    let is_part = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let one = |whole: &str, part: &str| is_part(part).then(|| Written::One(format!("{sign}{whole}.{part}")));
    match (count('.'), count(',')) {
        (0, 0) => Some(Written::One(format!("{sign}{}", without_blanks(digits)?))),
        (0, 1) | (1, 0) => {
            let (whole, part) = digits.split_once(['.', ','])?;
            if part.len() == 3 && is_part(part) && may_group(whole) {
                let (grouped, decimal) = (format!("{sign}{whole}{part}"), format!("{sign}{whole}.{part}"));
                return Some(Written::Doubtful { grouped, decimal });
            }
            one(&without_blanks(whole)?, part)
        }
        (0, _) => joined(digits, ',').map(|whole| Written::Grouped(format!("{sign}{whole}"))),
        (_, 0) => joined(digits, '.').map(|whole| Written::Grouped(format!("{sign}{whole}"))),
        (points, commas) => {
            let (group, decimal, decimals) =
                if digits.rfind(',') > digits.rfind('.') { ('.', ',', commas) } else { (',', '.', points) };
            let (whole, part) = digits.split_once(decimal).filter(|_| decimals == 1)?;
            one(&joined(whole, group)?, part)
        }
    }
}

/// Whether digits can be the first of several groups.
fn may_group(digits: &str) -> bool {
    (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0')
}

/// Whether these are groups of three digits, the first of which may be shorter.
fn is_grouped<'a>(mut groups: impl Iterator<Item = &'a str>) -> bool {
    let are_digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    groups.next().is_some_and(|first| first.len() <= 3 && are_digits(first))
        && groups.all(|group| group.len() == 3 && are_digits(group))
}

/// Digits without the blanks and apostrophes between groups of three: « 12 14 » is two numbers.
fn without_blanks(digits: &str) -> Option<Cow<'_, str>> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, '\'' | '’' | 'ʼ');
    if !digits.contains(is_between) {
        return Some(Cow::Borrowed(digits));
    }
    let groups = || digits.split(is_between).filter(|group| !group.is_empty());
    is_grouped(groups()).then(|| Cow::Owned(groups().collect()))
}

fn whole(text: &str) -> Option<Number> {
    let signed = text.parse::<i64>().ok().map(Number::from);
    signed.or_else(|| text.parse::<u64>().ok().map(Number::from))
}

/// A number in digits, a full stop and a power of ten.
fn plain_number(compact: &str) -> Option<Number> {
    if let Some(number) = whole(compact) {
        return Some(number);
    }
    let is_plain =
        compact.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    let number = compact.parse::<f64>().ok().filter(|number| is_plain && number.is_finite())?;
    let digits = format!("{number}");
    let unsigned = compact.trim_start_matches(['+', '-']);
    if unsigned.bytes().all(|byte| byte.is_ascii_digit())
        && digits.trim_start_matches('-') != unsigned.trim_start_matches('0')
    {
        return None;
    }
    if number == 0.0 {
        return Some(Number::from(0));
    }
    whole(&digits).or_else(|| Number::from_f64(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pointer: &str, text: &str) -> String {
        match read(Field::at(pointer).unwrap(), text, None) {
            Some(Reading::Plain(number)) => number.to_string(),
            Some(Reading::Sure(number)) => format!("sure {number}"),
            Some(Reading::Two(likelier, other)) => format!("{likelier} or {other}"),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn amounts() {
        for (text, expected) in [
            ("15000", "15000"),
            ("15 000", "15000"),
            ("15 000,50 €", "15000.5"),
            ("15\u{a0}000 euros", "15000"),
            ("€15000", "15000"),
            ("15000.00", "15000"),
            ("12.500,50", "12500.5"),
            ("12,500.50", "12500.5"),
            ("0.500", "0.5"),
            ("0,500", "0.5"),
            ("1250.125", "1250.125"),
            ("15.1250", "15.125"),
            ("3e2", "300"),
            ("-5", "-5"),
            ("15\u{202f}000", "sure 15000"),
            ("15'000", "sure 15000"),
            ("15’000 €", "sure 15000"),
            ("1.250.000", "sure 1250000"),
            ("1,250,000 €", "sure 1250000"),
            ("120 k€", "sure 120000"),
            ("120K€", "sure 120000"),
            ("1,5 M€", "sure 1500000"),
            ("1,5 million d’euros", "sure 1500000"),
            ("120 milliers d'euros", "sure 120000"),
            ("12\u{fe0d}0", "sure 120"),
            ("15.000", "15000 or 15"),
            ("15.000 €", "15000 or 15"),
            ("120,000", "120000 or 120"),
            ("2.500 euros", "2500 or 2.5"),
            ("1.500 k€", "1500000 or 1500"),
            ("12 14", "none"),
            ("12, 14", "none"),
            ("12.05.2020", "none"),
            ("1.25.000", "none"),
            ("environ 15 000", "none"),
            ("15 000 $", "none"),
            ("15000 ETP", "none"),
            ("une douzaine", "none"),
            ("€", "none"),
            ("", "none"),
            (".", "none"),
        ] {
            assert_eq!(shown("/appel/montant", text), expected, "{text}");
        }
    }

    #[test]
    fn heads() {
        for (text, expected) in [
            ("12 salariés", "12"),
            ("12 salarié(s)", "12"),
            ("1.000", "sure 1000"),
            ("12,000", "sure 12000"),
            ("12.5", "12.5"),
            ("12 k", "none"),
        ] {
            assert_eq!(shown("/emploi/salaries", text), expected, "{text}");
        }
        for (text, expected) in [("12,5 ETP", "12.5"), ("12.500", "12.5 or 12500"), ("12,25", "12.25")] {
            assert_eq!(shown("/emploi/etp", text), expected, "{text}");
        }
    }

    #[test]
    fn what_programs_write_has_one_reading() {
        for (text, expected) in [("15.125", "15.1250"), ("-1.500", "-1.5000"), ("0.125", "0.125"), ("15.25", "15.25")] {
            assert_eq!(unmistakable(text), expected);
        }
    }
}
