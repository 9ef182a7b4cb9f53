//! The report for a spreadsheet: a finding a row.

use std::io::{Read, Write};

use crate::finding::Finding;
use crate::formula::harmless;
use crate::language::Language;

const COLUMNS: [&str; 16] = [
    "file",
    "sheet",
    "cell",
    "line",
    "column",
    "label",
    "record",
    "id",
    "nom",
    "level",
    "code",
    "message",
    "value",
    "expected",
    "suggestion",
    "confidence",
];

/// French spreadsheets expect semicolons, and a byte order mark before UTF-8.
fn delimiter(language: Language) -> u8 {
    match language {
        Language::French => b';',
        Language::English => b',',
    }
}

pub(super) fn finding(out: &mut impl Write, finding: &Finding, language: Language) -> std::io::Result<()> {
    let place = &finding.location;
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let record = finding.record.as_ref();
    let row = [
        place.file.clone(),
        text(&place.sheet),
        text(&place.cell),
        number(place.row.or(place.line)),
        number(place.column.map(u64::from)),
        place.label.clone().or_else(|| place.path.clone()).unwrap_or_default(),
        number(record.map(|record| record.index)),
        record.and_then(|record| record.id.clone()).unwrap_or_default(),
        record.and_then(|record| record.name.clone()).unwrap_or_default(),
        finding.level.name().to_owned(),
        finding.code.to_owned(),
        finding.message.clone(),
        text(&finding.value),
        text(&finding.expected),
        text(&finding.suggestion),
        finding.confidence.map(|confidence| confidence.name().to_owned()).unwrap_or_default(),
    ];
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter(language)).from_writer(&mut *out);
    // Values come from strangers.
    let row = row.map(|text| harmless(text.into()).into_owned());
    writer.write_record(row).map_err(std::io::Error::other)?;
    writer.flush()
}

pub(super) fn write(body: &mut impl Read, language: Language, out: &mut dyn Write) -> std::io::Result<()> {
    if language == Language::French {
        out.write_all("\u{feff}".as_bytes())?;
    }
    writeln!(out, "{}", COLUMNS.join(&char::from(delimiter(language)).to_string()))?;
    std::io::copy(body, out).map(|_| ())
}
