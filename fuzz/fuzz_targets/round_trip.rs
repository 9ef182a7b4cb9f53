//! The writers of JSON followed by our reader: records come back with their names.

#![no_main]

use ptce::export::{Exporter, Options};
use ptce::{Format, Input, Record};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(records) = ptce::records(vec![Input::from_bytes("a.json", data.to_vec())]) else { return };
    // What stands beside the fields is written under labels that are read anew.
    let records: Vec<Record> = records
        .into_iter()
        .map(|mut record| {
            record.source = Default::default();
            record
        })
        .collect();
    for format in [Format::Json, Format::Ndjson] {
        let mut bytes = Vec::new();
        let Ok(mut exporter) = Exporter::new(format, &mut bytes, &Options::default()) else { continue };
        if records.iter().any(|record| exporter.record(record).is_err()) || exporter.finish().is_err() {
            continue;
        }
        let Ok(read) = ptce::records(vec![Input::from_bytes("a.json", bytes)]) else { continue };
        for (written, read) in records.iter().zip(&read) {
            assert_eq!(written.name, read.name);
        }
    }
});
