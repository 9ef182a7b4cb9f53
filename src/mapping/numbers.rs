//! Numbers as French people and machines write them.

use std::borrow::Cow;

use crate::field::Field;
use crate::record::Number;
use crate::schema;

/// A number as French people and machines write it: `12,5`, `1 200`, `12.500,50`, `3e2`, with the unit of its field,
/// `50 000 €`. 12.0 is 12: spreadsheets do not tell them apart. A whole number that cannot be kept to its last digit is none.
pub(super) fn number(field: &Field, text: &str) -> Option<Number> {
    plain_number(text).or_else(|| {
        let bare = without_unit(field, text);
        let marked = bare.contains('.') && bare.contains(',');
        let bare = if marked { without_groups(bare) } else { Cow::Borrowed(bare) };
        plain_number(&bare)
    })
}

/// A text without the unit of the numbers of a field, before or behind it.
fn without_unit<'a>(field: &Field, text: &'a str) -> &'a str {
    let units = schema::root().at(field.pointer).into_iter().flat_map(|node| node.texts("x-units"));
    for unit in units {
        let at_end = text.len().checked_sub(unit.len()).and_then(|at| text.split_at_checked(at));
        if let Some((number, end)) = at_end
            && end.eq_ignore_ascii_case(unit)
            && number.ends_with(|c: char| c.is_whitespace() || c.is_ascii_digit())
        {
            return number.trim_end();
        }
        if let Some(number) = text.strip_prefix(unit) {
            return number.trim_start();
        }
    }
    text
}

/// `12.500,50`, `12,500.50` without the signs between groups of three digits, which the last sign is not.
fn without_groups(text: &str) -> Cow<'_, str> {
    let (group, decimal) = if text.rfind(',') > text.rfind('.') { ('.', ',') } else { (',', '.') };
    let Some((whole, part)) = text.split_once(decimal) else { return Cow::Borrowed(text) };
    let mut groups = whole.split(group);
    let first = groups.next().unwrap_or("");
    let is_grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if is_grouped { Cow::Owned(format!("{}.{part}", whole.replace(group, ""))) } else { Cow::Borrowed(text) }
}

/// A number without a unit.
fn plain_number(text: &str) -> Option<Number> {
    let whole = |text: &str| {
        let signed = text.parse::<i64>().ok().map(Number::from);
        signed.or_else(|| text.parse::<u64>().ok().map(Number::from))
    };
    if let Some(number) = whole(text) {
        return Some(number);
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| if c == ',' { '.' } else { c }).collect();
    if let Some(number) = whole(&compact) {
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
