//! The value of a cell as text: a number keeps all its digits, a date is ISO 8601.

use std::borrow::Cow;
use std::fmt::Write;

use calamine::DataRef;

use crate::reading::numbers::unmistakable;

/// What Excel shows where it cannot compute: a formula whose value was never computed must not pass for an empty cell.
pub(super) const UNCOMPUTED: &str = "#CALC!";

/// The text of a value, in `text` where it has to be made.
pub(super) fn as_text<'a>(value: &'a DataRef<'_>, text: &'a mut String) -> Option<&'a str> {
    text.clear();
    let written = match value {
        DataRef::Empty => return None,
        DataRef::String(value) | DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => return Some(value),
        DataRef::SharedString(value) => return Some(value),
        DataRef::Int(value) => write!(text, "{value}"),
        DataRef::Float(value) => {
            let written = write!(text, "{value}");
            if let Cow::Owned(unmistakable) = unmistakable(text) {
                *text = unmistakable;
            }
            written
        }
        DataRef::Bool(value) => write!(text, "{}", boolean(*value)),
        DataRef::Error(error) => write!(text, "{error}"),
        DataRef::DateTime(moment) if moment.is_duration() => write!(text, "{}", moment.as_f64()),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = write!(text, "{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => date,
                _ => date.and_then(|()| write!(text, "T{hour:02}:{minute:02}:{second:02}")),
            }
        }
    };
    written.ok().map(|()| text.as_str())
}

/// What a French spreadsheet shows.
pub(super) fn boolean(value: bool) -> &'static str {
    if value { "VRAI" } else { "FAUX" }
}
