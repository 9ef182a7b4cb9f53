//! Days as people, programs and spreadsheets write them.

use crate::finding::Confidence;
use crate::text::fold::folded;
use crate::text::words::month;

/// `2014-01-10`; whether there is such a day is for the schema to say.
pub(crate) fn is_canonical(text: &str) -> bool {
    matches!(text.as_bytes(), [_, _, _, _, b'-', _, _, b'-', _, _])
}

/// The day that a text can only mean, as `2014-01-10`.
pub(crate) fn sure(text: &str) -> Option<String> {
    day_of(text).filter(|(_, confidence)| *confidence == Confidence::High).map(|(day, _)| day)
}

/// The day that a text means, as `2014-01-10`, and how sure that is; `None` when it means none.
pub(crate) fn day_of(text: &str) -> Option<(String, Confidence)> {
    use Confidence::{High, Medium};
    let text = text.trim();
    if let Some(day) = serial(text) {
        // Counted from 1904 it would be another day.
        return Some((day, Medium));
    }
    if let Some((day, is_midnight)) = instant(text) {
        return Some((day, if is_midnight { High } else { Medium }));
    }
    // `2014-01-10T00:00:00`, as programs write a day.
    let text = match text.as_bytes() {
        [.., b'Z'] if text.len() > 10 && text.as_bytes()[10] == b'T' => &text[..text.len() - 1],
        _ => text,
    };
    // « 01:02:00 » is an hour.
    if text.split_once(':').is_some_and(|(hour, _)| hour.len() < 3 && hour.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let words = folded(&match text.as_bytes().get(10) {
        Some(b'T') if text.is_char_boundary(11) => format!("{} {}", &text[..10], &text[11..]),
        _ => text.to_owned(),
    });
    let mut parts: Vec<&str> = words.split(' ').collect();
    if parts.first() == Some(&"le") {
        parts.remove(0);
    }
    let weekday = parts.first().and_then(|word| weekday_named(word));
    if weekday.is_some() {
        parts.remove(0);
        parts = if parts.first() == Some(&"le") { parts.split_off(1) } else { parts };
    }
    let (day, hour) = parts.split_at_checked(3)?;
    if !hour.is_empty() && !is_hour(hour) {
        return None;
    }
    let [first, second, third] = day else { return None };
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 4);
    let ordinal = |part: &str| {
        number(["er", "st", "nd", "rd", "th"].iter().find_map(|end| part.strip_suffix(end)).unwrap_or(part))
    };
    let year_of = |part: &str| match (part.len(), number(part)?) {
        (4, year) => Some(year),
        // The calls for projects are of this century.
        (2, year) => Some(2000 + year),
        _ => None,
    };
    let (year, month, day, confidence) =
        if let (4, Some(year), Some(month), Some(day)) = (first.len(), number(first), number(second), number(third)) {
            (year, month, day, High)
        } else if let Some(named) = month(first) {
            // « May 22, 2025 ».
            (year_of(third)?, named, ordinal(second)?, High)
        } else {
            let (year, day) = (year_of(third)?, ordinal(first)?);
            match (number(second), month(second)) {
                // The French order. Only the American one makes a day of « 12/15/2022 », and then of others in the column too.
                (Some(month), _) if month > 12 => (year, day, month, Medium),
                (Some(month), _) => (year, month, day, High),
                (None, month) => (year, month?, day, High),
            }
        };
    let written = written(year, month, day)?;
    weekday.is_none_or(|weekday| weekday == weekday_of(year, month, day)).then_some((written, confidence))
}

/// Whether words say an hour: « 10 30 00 », « a 10h30 », « 10 h 30 ».
fn is_hour(words: &[&str]) -> bool {
    let words = if words.first() == Some(&"a") { &words[1..] } else { words };
    let is_number = |word: &str| (1..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_part = |word: &&str| {
        is_number(word) || matches!(*word, "h" | "min" | "z" | "am" | "pm" | "utc") || {
            word.split_once('h')
                .is_some_and(|(hour, minutes)| is_number(hour) && (minutes.is_empty() || is_number(minutes)))
        }
    };
    let numbers = words.iter().filter(|word| is_number(word)).count();
    let has_h = words.iter().any(|word| word.contains('h'));
    (1..=5).contains(&words.len()) && words.iter().all(is_part) && (has_h || numbers >= 2)
}

/// The day of the week of a name: Monday is 0.
fn weekday_named(name: &str) -> Option<u32> {
    const DAYS: [[&str; 2]; 7] = [
        ["lundi", "monday"],
        ["mardi", "tuesday"],
        ["mercredi", "wednesday"],
        ["jeudi", "thursday"],
        ["vendredi", "friday"],
        ["samedi", "saturday"],
        ["dimanche", "sunday"],
    ];
    (0..).zip(DAYS).find(|(_, names)| names.contains(&name)).map(|(day, _)| day)
}

/// The day of the week (Sakamoto).
fn weekday_of(year: u32, month: u32, day: u32) -> u32 {
    const OFFSETS: [u32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let year = if month < 3 { year - 1 } else { year };
    let offset = OFFSETS.get(month as usize - 1).copied().unwrap_or_default();
    (year + year / 4 - year / 100 + year / 400 + offset + day + 6) % 7
}

/// The number of days since the end of 1899 that a spreadsheet holds for a day, between 2000 and 2049.
fn serial(text: &str) -> Option<String> {
    let days =
        text.strip_suffix(".0").unwrap_or(text).parse::<u32>().ok().filter(|days| (36_526..54_789).contains(days))?;
    since_2000(days - 36_526)
}

/// The day of the seconds or milliseconds since 1970 that a program counts, between 2000 and 2049, and whether they are those
/// of its first instant.
fn instant(text: &str) -> Option<(String, bool)> {
    const DAY: u64 = 86_400;
    const DAYS_TO_2000: u64 = 10_957;
    // A midnight in France is one or two hours before that of the count, which is then of the day before.
    const MOST_BEFORE: u64 = 2 * 3_600;
    let count = text.strip_suffix(".0").unwrap_or(text);
    let seconds = match count.len() {
        9 | 10 => count.parse::<u64>().ok()?,
        12 | 13 => count.parse::<u64>().ok()? / 1_000,
        _ => return None,
    };
    let days = ((seconds + MOST_BEFORE) / DAY).checked_sub(DAYS_TO_2000).filter(|days| *days < 18_263)?;
    Some((since_2000(days as u32)?, seconds % DAY == 0))
}

/// The day so many days after the first one of 2000.
fn since_2000(days: u32) -> Option<String> {
    let (mut year, mut month, mut rest) = (2000, 1, days);
    while rest >= days_of(year, month) {
        rest -= days_of(year, month);
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    written(year, month, rest + 1)
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
            ("10/01/2014", "2014-01-10", High),
            ("1389312000", "2014-01-10", High),
            ("1389312000000", "2014-01-10", High),
            ("1389308400", "2014-01-10", Medium),
            ("10-01-2014", "2014-01-10", High),
            ("10.1.14", "2014-01-10", High),
            ("12/15/2022", "2022-12-15", Medium),
            ("le jeudi 22 mai 2025", "2025-05-22", High),
            ("Thursday, May 22nd, 2025", "2025-05-22", High),
            ("22/10/2025 10:30", "2025-10-22", High),
            ("22/10/2025 à 10h30", "2025-10-22", High),
            ("22 octobre 2025 10 h 30", "2025-10-22", High),
            ("2025-12-11T10:30:00", "2025-12-11", High),
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
            "lundi 22 mai 2025",
            "22 mai 2025 2026",
            "22 mai 2025 12",
            "22 mai 2025, Gap",
            "10/01",
            "0",
            "99999",
            "10/01/20144",
            "bientôt",
            "01:02:00",
            "1:02",
        ] {
            assert_eq!(day_of(text), None, "{text}");
        }
    }
}
