//! What of a file is neither in a record nor in a finding.

use std::collections::{BTreeMap, BTreeSet};

use ptce::finding::Finding;
use ptce::row::Target;
use ptce::settings::Settings;
use ptce::vocabulary::meaning_despite_slips;

use super::book::{Format, Grid};
use super::source::Table;
use crate::support::{Read, read_with, values};

/// The words of a text, folded.
fn words(text: &str) -> Vec<String> {
    ptce::fold::folded(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The texts that are found neither in a record nor in a finding.
pub(super) fn lost<'t>(texts: impl Iterator<Item = &'t str>, read: &Read) -> Vec<String> {
    let mut known: Vec<String> =
        read.entries.iter().flat_map(|entry| values(&entry.record)).map(|(_, value)| value).collect();
    for finding in &read.findings {
        known.push(finding.message.clone());
        known.extend(finding.value.clone());
        known.extend(finding.location.label.clone());
    }
    let known = ptce::fold::folded(&known.join(" "));
    texts.filter(|text| words(text).iter().any(|word| !known.contains(word.as_str()))).map(str::to_owned).collect()
}

/// The words that the records and the findings of a file say less often than its rows.
pub(super) fn said_less_often(table: &Table, read: &Read) -> Vec<String> {
    // A number is the same with the zeros before it.
    fn counted(text: &str, counts: &mut BTreeMap<String, i64>, by: i64) {
        words(text).iter().for_each(|word| *counts.entry(word.trim_start_matches('0').to_owned()).or_default() += by);
    }
    let mut counts = BTreeMap::new();
    // Where several rows are read as one record, a field that gets the same text again holds it once.
    for column in 0..table.labels.len() {
        let distinct: BTreeSet<&String> = table.rows.iter().filter_map(|row| row.get(column)).collect();
        distinct.into_iter().for_each(|value| counted(value, &mut counts, 1));
    }
    let of_records = read.entries.iter().flat_map(|entry| values(&entry.record)).map(|(_, value)| value);
    // What is said of a record repeats what it holds.
    let of_file = read.findings.iter().filter(|finding| finding.record.is_none());
    of_records
        .chain(of_file.filter_map(|finding| finding.value.clone()))
        .for_each(|text| counted(&text, &mut counts, -1));
    counts.into_iter().filter(|(_, count)| *count > 0).map(|(word, _)| word).collect()
}

/// What of the grids is neither in a record nor told, when they are read from a file.
pub(super) fn unaccounted(grids: &[Grid], format: Format) -> Vec<String> {
    // A grid that is refused is told as a whole.
    let Ok(read) = read_with(&format!("l.{}", format.extension()), &format.bytes(grids), &Settings::default()) else {
        return Vec::new();
    };
    // So is a sheet that is not read.
    let is_unread = |grid: &&Grid| {
        let told =
            |one: &Finding| one.code == "unread-sheet" && one.location.sheet.as_deref() == Some(grid.name.as_str());
        read.findings.iter().any(told)
    };
    let grids: Vec<&Grid> = grids.iter().filter(|grid| !is_unread(grid)).collect();
    let is_known = |label: &str| !matches!(meaning_despite_slips(label).target, Target::Unknown);
    let labels = grids.iter().flat_map(|grid| &grid.labels).map(String::as_str);
    // A label and its value may stand in one cell.
    let value = |text: &str| match text.split_once(" : ") {
        Some((label, _)) if is_known(label) => label.len() + 3,
        _ => 0,
    };
    let values = grids.iter().flat_map(|grid| grid.values()).map(|text| &text[value(text)..]);
    lost(values.chain(labels.filter(|label| !is_known(label))), &read)
}
