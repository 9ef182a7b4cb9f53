//! Codes that people dress: with their label, spaces, full stops, the apostrophe that spreadsheets hide; and codes that lost
//! the zero that they begin with, where the rest of the record confirms it.

use super::{Read, Way, are_digits};
use crate::record::Record;
use crate::reference::names::same_commune;
use crate::reference::postal_codes::{Agreement, agreement, can_lie_in, cedex_label, is_postal_code};
use crate::reference::{communes, departments};
use crate::text::fold::{folded, slug};

/// A code without the label before it and the signs between and around its characters; `None` where words stand in it.
pub(super) fn bare(text: &str, labels: &[&str]) -> Option<String> {
    let text = text.trim().trim_start_matches(['\'', '’', '‘']);
    let text = text.strip_suffix(".0").or_else(|| text.strip_suffix(",0")).unwrap_or(text);
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (label, code) = text.split_at(start);
    let label = folded(label);
    if !label.is_empty() && !labels.contains(&label.as_str()) {
        return None;
    }
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '.' | '-' | '_' | '\u{2011}' | '\u{200b}' | '\u{feff}');
    code.chars().filter(|c| !is_mark(*c)).map(|c| c.is_ascii_alphanumeric().then_some(c)).collect()
}

/// The identifier that another program gave to a record, in the form of ours: « PTCE_001 », « {0AF3-11} ».
pub(super) fn identifier(text: &str) -> Option<Read> {
    let code = text.strip_suffix(".0").unwrap_or(text);
    // Words without a digit are rather a name.
    let is_code = code.bytes().any(|byte| byte.is_ascii_digit()) && code.bytes().all(|byte| byte.is_ascii_graphic());
    Read::new(slug(code), Way::Dress).filter(|_| is_code)
}

/// The INSEE code of a commune.
pub(super) fn commune_code(text: &str, name: Option<&str>) -> Option<Read> {
    let code = bare(text, &["insee", "code insee", "code", "cog", "n", "commune"])?.to_ascii_uppercase();
    if code.len() == 5 && communes::by_code(&code).is_some() {
        return (code != text).then_some(Read { value: code, way: Way::Dress });
    }
    let padded = Some(code).filter(|code| are_digits(code, 4)).map(|code| format!("0{code}"))?;
    let commune = communes::by_code(&padded)?;
    name.is_none_or(|name| same_commune(commune.name, name)).then_some(Read { value: padded, way: Way::Zero })
}

/// What people write before a postal code.
const BEFORE_POSTAL_CODE: &[&str] = &["f", "fr", "france", "cp", "c p", "code postal", "code"];

/// Whether a text is nothing but a postal code, in whatever dress: « F 75020 » names no commune.
pub(crate) fn is_dressed_postal_code(text: &str) -> bool {
    bare(text, BEFORE_POSTAL_CODE).is_some_and(|code| are_digits(&code, 5))
}

/// The postal code of an address.
pub(super) fn postal_code(record: &Record<&str>, text: &str) -> Option<Read> {
    let code = bare(text, BEFORE_POSTAL_CODE)?;
    match code.len() {
        5 if are_digits(&code, 5) && ("01000"..="98999").contains(&code.as_str()) => {
            (code != text).then_some(Read { value: code, way: Way::Dress })
        }
        4 if are_digits(&code, 4) => {
            let value = format!("0{code}");
            confirms(record, &value).then_some(Read { value, way: Way::Zero })
        }
        _ => None,
    }
}

/// Whether the commune or the departments of a record say that its postal code is this one.
pub(crate) fn confirms(record: &Record<&str>, code: &str) -> bool {
    if !is_postal_code(code) && cedex_label(code).is_none() {
        return false;
    }
    let declared = record.territory.departments.iter().filter_map(|given| {
        given.code.and_then(departments::by_code).or_else(|| given.name.and_then(departments::by_name))
    });
    match record.address.commune {
        Some(commune) => {
            matches!(agreement(code, commune), Agreement::Served(_) | Agreement::Former(_) | Agreement::Office)
        }
        None => declared.into_iter().any(|department| can_lie_in(code, department)),
    }
}

pub(super) fn is_cedex(text: &str) -> bool {
    let number = text.get(..5).filter(|word| word.eq_ignore_ascii_case("cedex")).map(|_| &text[5..]);
    number.is_some_and(|number| match number.strip_prefix(' ') {
        Some(digits) => are_digits(digits, 1) || are_digits(digits, 2),
        None => number.is_empty(),
    })
}

/// « Cédex 16. », « CEDEX n° 9 ».
pub(super) fn cedex(text: &str) -> Option<String> {
    let words = folded(text);
    match words.split(' ').collect::<Vec<_>>().as_slice() {
        ["cedex"] => Some("CEDEX".to_owned()),
        ["cedex", number] | ["cedex", "n" | "no", number] if are_digits(number, 1) || are_digits(number, 2) => {
            Some(format!("CEDEX {number}"))
        }
        _ => None,
    }
}
