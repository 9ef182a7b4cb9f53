//! Days as people, programs and spreadsheets write them.

use crate::finding::Confidence;
use crate::text::fold::folded;

/// The day that a text means, as `2014-01-10`, and how sure that is; `None` when it means none.
pub(super) fn day_of(text: &str) -> Option<(String, Confidence)> {
    let text = text.trim();
    // `2014-01-10T00:00:00`, as programs write a day.
    let text = text.strip_suffix('Z').unwrap_or(text);
    let text = match text.split_once(['T', ' ']) {
        Some((day, hour)) if hour.contains(':') && hour.bytes().all(|c| matches!(c, b'0' | b':' | b'.')) => day,
        _ => text,
    };
    if let Some(day) = serial(text) {
        // Counted from 1904 it would be another day.
        return Some((day, Confidence::Medium));
    }
    let words = folded(text);
    let parts: Vec<&str> = words.split(' ').collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 4);
    if let (4, Some(year), Some(month), Some(day)) = (first.len(), number(first), number(second), number(third)) {
        return Some((written(year, month, day)?, Confidence::High));
    }
    let year = match (third.len(), number(third)?) {
        (4, year) => year,
        // The calls for projects are of this century.
        (2, year) => 2000 + year,
        _ => return None,
    };
    let day = number(first.strip_suffix("er").unwrap_or(first))?;
    match number(second) {
        Some(month) => {
            let day_written = written(year, month, day)?;
            // Read the American way, it would be another day.
            let is_sure = day > 12 || day == month;
            Some((day_written, if is_sure { Confidence::High } else { Confidence::Medium }))
        }
        None => Some((written(year, month_named(second)?, day)?, Confidence::High)),
    }
}

/// The number of days since the end of 1899 that a spreadsheet holds for a day, between 2000 and 2049.
fn serial(text: &str) -> Option<String> {
    let days =
        text.strip_suffix(".0").unwrap_or(text).parse::<u32>().ok().filter(|days| (36_526..54_789).contains(days))?;
    let (mut year, mut month, mut rest) = (2000, 1, days - 36_526);
    while rest >= days_of(year, month) {
        rest -= days_of(year, month);
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    written(year, month, rest + 1)
}

/// The month of a French or English name or its abbreviation: `janvier`, `janv.`, `Jan`.
fn month_named(name: &str) -> Option<u32> {
    const MONTHS: [&[&str]; 12] = [
        &["janvier", "january"],
        &["fevrier", "february"],
        &["mars", "march"],
        &["avril", "april"],
        &["mai", "may"],
        &["juin", "june"],
        &["juillet", "july"],
        &["aout", "august"],
        &["septembre", "september"],
        &["octobre", "october"],
        &["novembre", "november"],
        &["decembre", "december"],
    ];
    if name.len() < 3 {
        return None;
    }
    let mut meant = (1..).zip(MONTHS).filter(|(_, names)| names.iter().any(|full| full.starts_with(name)));
    // « jui » is two months.
    meant.next().filter(|_| meant.next().is_none()).map(|(month, _)| month)
}

fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day in ISO 8601, if there is such a day.
fn written(year: u32, month: u32, day: u32) -> Option<String> {
    let exists = year >= 1900 && (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
    exists.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read() {
        use Confidence::{High, Medium};
        for (text, day, confidence) in [
            ("10/01/2014", "2014-01-10", Medium),
            ("10-01-2014", "2014-01-10", Medium),
            ("10.1.14", "2014-01-10", Medium),
            ("15/12/2022", "2022-12-15", High),
            ("01/01/2014", "2014-01-01", High),
            ("10 janvier 2014", "2014-01-10", High),
            ("1er août 2014", "2014-08-01", High),
            ("10 janv. 2014", "2014-01-10", High),
            ("10-Jan-2014", "2014-01-10", High),
            ("29 FÉVRIER 2012", "2012-02-29", High),
            ("2014/01/10", "2014-01-10", High),
            ("2014-1-10", "2014-01-10", High),
            ("2014-01-10T00:00:00", "2014-01-10", High),
            ("2014-01-10 00:00:00", "2014-01-10", High),
            ("2014-01-10T00:00:00.000Z", "2014-01-10", High),
            ("41649", "2014-01-10", Medium),
            ("41649.0", "2014-01-10", Medium),
            ("36526", "2000-01-01", Medium),
            ("54788", "2049-12-31", Medium),
        ] {
            assert_eq!(day_of(text), Some((day.to_owned(), confidence)), "{text}");
        }
        for text in [
            "",
            "2014",
            "janvier 2014",
            "2022-13-15",
            "2022-02-30",
            "30/02/2022",
            "13/13/2014",
            "10 jui 2014",
            "10 brumaire 2014",
            "du 10 au 12/01/2014",
            "10/01",
            "0",
            "99999",
            "10/01/20144",
            "bientôt",
        ] {
            assert_eq!(day_of(text), None, "{text}");
        }
    }
}
