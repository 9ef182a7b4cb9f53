//! The report for a spreadsheet: a finding a row.

use std::io::{self, Seek, Write};

use super::{HELD_BYTES, Writer};
use crate::finding::Finding;
use crate::language::Language;
use crate::run::Outcome;
use crate::scratch::{Scratch, scratch};
use crate::settings::Settings;
use crate::text::formula::harmless;

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

pub(super) struct Csv {
    language: Language,
    rows: csv::Writer<Scratch>,
}

impl Csv {
    pub fn new(language: Language) -> Csv {
        let rows = csv::WriterBuilder::new().delimiter(delimiter(language)).from_writer(scratch(HELD_BYTES));
        Csv { language, rows }
    }
}

impl Writer for Csv {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let place = &finding.location;
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let record = finding.record.as_ref();
        let line = number(place.row.or(place.line));
        let (column, index) = (number(place.column.map(u64::from)), number(record.map(|record| record.index)));
        let row = [
            Some(place.file.as_str()),
            place.sheet.as_deref(),
            place.cell.as_deref(),
            Some(&line),
            Some(&column),
            place.label.as_deref().or(place.path.as_deref()),
            Some(&index),
            record.and_then(|record| record.id.as_deref()),
            record.and_then(|record| record.name.as_deref()),
            Some(finding.level.name()),
            Some(finding.code),
            Some(&finding.message),
            finding.value.as_deref(),
            finding.expected.as_deref(),
            finding.suggestion.as_deref(),
            finding.confidence.map(|confidence| confidence.name()),
        ];
        // Values come from strangers.
        for text in row {
            self.rows.write_field(&*harmless(text.unwrap_or_default().into()))?;
        }
        Ok(self.rows.write_record(None::<&[u8]>)?)
    }

    fn write(&mut self, _: &Outcome, _: &Settings, out: &mut dyn Write) -> io::Result<()> {
        if self.language == Language::French {
            out.write_all("\u{feff}".as_bytes())?;
        }
        writeln!(out, "{}", COLUMNS.join(&char::from(delimiter(self.language)).to_string()))?;
        let rows = std::mem::replace(&mut self.rows, csv::Writer::from_writer(scratch(0)));
        let mut rows = rows.into_inner().map_err(|error| error.into_error())?;
        rows.rewind()?;
        io::copy(&mut rows, out).map(|_| ())
    }
}
