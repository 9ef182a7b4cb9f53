//! The targets, each a function that takes bytes and fails where something does not hold.

mod companions;
mod csv;
mod fix;
mod json;
mod mail;
mod mapping;
mod patch;
mod redaction;
mod round_trip;
mod rules;
mod text;
mod values;
mod workbook;
mod xml;

/// The targets, each with its name.
pub const ALL: [(&str, fn(&[u8])); 14] = [
    ("companions", companions::run),
    ("csv", csv::run),
    ("fix", fix::run),
    ("json", json::run),
    ("mail", mail::run),
    ("mapping", mapping::run),
    ("patch", patch::run),
    ("redaction", redaction::run),
    ("round_trip", round_trip::run),
    ("rules", rules::run),
    ("text", text::run),
    ("values", values::run),
    ("workbook", workbook::run),
    ("xml", xml::run),
];
