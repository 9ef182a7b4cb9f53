//! Days, titles and names of departments as the page words them.

use jiff::civil::Date;

use super::html::french;
use crate::export::open_data::metadata::written_day;
use crate::record::{Department, Record};

/// A day that is not cut after its number.
pub(super) fn day(day: Date) -> String {
    written_day(day).replacen(' ', "\u{a0}", 1)
}

/// What a record is called: its name, else its coordinator or its territory.
pub(super) fn title(record: &Record) -> String {
    if let Some(name) = &record.name {
        return french(name);
    }
    let stand_in = record.coordinator.name.as_ref().or(record.territory.label.as_ref());
    stand_in.map_or_else(|| "Pôle sans nom".to_owned(), |text| capitalised(&french(text)))
}

/// The departments of a record: `Hautes-Alpes (05)`.
pub(super) fn department_names(record: &Record) -> Vec<String> {
    let departments = record.territory.departments.iter();
    let name = |department: &Department| match (&department.name, &department.code) {
        (Some(name), Some(code)) => Some(format!("{}\u{a0}({code})", french(name))),
        (Some(text), None) | (None, Some(text)) => Some(french(text)),
        (None, None) => None,
    };
    departments.filter_map(name).collect()
}

/// A text that begins with a capital.
pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
