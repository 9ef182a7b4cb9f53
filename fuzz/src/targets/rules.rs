//! Rules over records of any values: what is found does not hang on the format, nor on what stands before the record.

use crate::{judge, written};
use ptce::{Finding, Format, Input, Record};

/// Tries it on some bytes.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(record) = crate::record(text) else { return };
    // Values that a format would have to bend are the matter of `round_trip`.
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace() || c == ' ';
    if !text.chars().all(|c| is_plain(c) || c == '\n') {
        return;
    }
    let Some(alone) = found(Format::Ndjson, std::slice::from_ref(&record)) else { return };
    for format in [Format::Csv, Format::Xml] {
        if let Some(other) = found(format, std::slice::from_ref(&record)) {
            assert_eq!(other, alone, "{format:?}");
        }
    }
    let other = Record { name: Some("Roue libre".to_owned()), ..Record::default() };
    let Some(mut behind) = found(Format::Ndjson, &[other, record]) else { return };
    behind.retain(|told| told.0 != 1 && told.1 != "duplicate-id" && told.1 != "probable-duplicate");
    behind.iter_mut().for_each(|told| told.0 = told.0.min(1));
    assert_eq!(behind, alone);
}

/// A finding but for its place: the record, the code, the pointer, the value and the suggestion.
type Told = (u64, &'static str, String, Option<String>, Option<String>);

fn found(format: Format, records: &[Record]) -> Option<Vec<Told>> {
    let bytes = written(format, records)?;
    let told = |finding: Finding| {
        let record = finding.record.map_or(0, |record| record.index);
        // One cell of a CSV holds all values of a list, and is told once, as a whole, where some were mended.
        let list = finding.pointer.rsplit_once('/').filter(|(_, step)| step.parse::<usize>().is_ok());
        match list.filter(|_| finding.code == "value-understood") {
            Some((list, _)) => (record, finding.code, list.to_owned(), None, None),
            None => (record, finding.code, finding.pointer, finding.value, finding.suggestion),
        }
    };
    let name = format!("a.{}", format.extension());
    let mut told: Vec<Told> = judge(Input::from_bytes(&name, bytes))?.findings.into_iter().map(told).collect();
    told.sort();
    told.dedup_by(|told, before| told.1 == "value-understood" && told.3.is_none() && told == before);
    Some(told)
}
