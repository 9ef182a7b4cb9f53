//! Writers followed by our readers: a record that was read once stays what it is in every format.

use crate::{as_typed, written};
use ptce::{Format, Record};

/// Tries it on some bytes.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(record) = crate::record(text) else { return };
    // What stands beside the fields, and where the record came from, are told anew by each reader.
    let own = |record: Record| Record { source: Default::default(), ..record };
    let through = |format: Format, records: &[Record]| {
        let bytes = written(format, records)?;
        let read = as_typed(&format!("a.{}", format.extension()), &bytes)?;
        Some(read.into_iter().map(own).collect::<Vec<_>>())
    };
    let Some(first) = through(Format::Json, &[record]) else { return };
    for format in [Format::Ndjson, Format::Csv, Format::Xml, Format::Xlsx, Format::Tables] {
        if let Some(read) = through(format, &first) {
            assert_eq!(read, first, "{format:?}");
        }
    }
}
