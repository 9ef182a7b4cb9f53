//! What a file holds before and after a change: every record as it was typed, so that each change can be told from others.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use xxhash_rust::xxh3::xxh3_64;

use super::{Composed, Correction, Edit, Options, occurrence};
use crate::error::Result;
use crate::location::Location;
use crate::patch::values::is_same;
use crate::row::Format;
use crate::run::{self, Event};
use crate::settings::Values;

/// A file as it is read.
pub(super) struct Read {
    pub format: Format,
    pub delimiter: Option<char>,
    /// Each record, by its rank, in a few bytes.
    hashes: Vec<u64>,
    /// The records that corrections are wanted of.
    records: BTreeMap<u64, Json>,
    /// The cells that each record has, by line and column: of records that have none of the corrections.
    cells: BTreeMap<u64, Vec<(Option<String>, u64, u32)>>,
    /// The texts at the place of each correction, by its rank.
    texts: BTreeMap<usize, Vec<String>>,
}

/// The records of a file; `wanted` tells by the ranks of records which cells are asked for.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    options: &Options,
    wanted: &BTreeMap<u64, Vec<(usize, Location)>>,
) -> Result<Read> {
    let mut input = options.input(name, bytes);
    let mut read = Read {
        format: input.format()?,
        delimiter: None,
        hashes: Vec::new(),
        records: BTreeMap::new(),
        cells: BTreeMap::new(),
        texts: BTreeMap::new(),
    };
    let mut settings = options.settings.clone();
    settings.values = Values::AsTyped;
    let asked = run::Options { records: true, ..run::Options::default() };
    run::run(vec![input], &settings, &asked, &mut |event| {
        let Event::Record(entry, _) = event else { return Ok(()) };
        let (layout, row) = (entry.layout(), entry.row());
        read.delimiter = read.delimiter.or(layout.delimiter);
        let record = serde_json::to_value(&entry.record).unwrap_or_default();
        read.hashes.push(xxh3_64(record.to_string().as_bytes()));
        let sheet = |label: u32| layout.labels[label as usize].table.as_deref().or(layout.sheet.as_deref());
        let Some(asked) = wanted.get(&entry.index) else {
            let cells = row.cells().iter().map(|cell| (sheet(cell.label).map(str::to_owned), cell.line, cell.column));
            read.cells.insert(entry.index, cells.collect());
            return Ok(());
        };
        read.records.insert(entry.index, record);
        for (rank, location) in asked {
            let (line, path) = (location.row.or(location.line), location.path.as_deref());
            let here = row.cells().iter().filter(|cell| {
                (Some(cell.line), Some(cell.column)) == (line, location.column)
                    && sheet(cell.label) == location.sheet.as_deref()
                    && path.is_none_or(|path| layout.labels[cell.label as usize].text == path)
            });
            let texts = here.map(|cell| row.text(cell).to_owned()).collect();
            read.texts.insert(*rank, texts);
        }
        Ok(())
    })?;
    Ok(read)
}

impl Read {
    /// The text of the cell of a correction; none where there is nothing.
    pub fn text(&self, rank: usize, correction: &Correction) -> Option<String> {
        let texts = self.texts.get(&rank)?;
        let has = |text: &&String| {
            [&correction.before, &correction.after]
                .iter()
                .any(|value| !value.is_empty() && occurrence(text, value).is_ok())
        };
        texts.iter().find(has).or(texts.first()).cloned()
    }

    /// Whether what a correction replaces looks like a number of the source.
    pub fn is_number(&self, rank: usize) -> bool {
        let digits = |text: &String| {
            text.bytes().all(|byte| byte.is_ascii_digit()) && text.bytes().next().is_some_and(|first| first != b'0')
        };
        self.format != Format::Csv && self.texts.get(&rank).and_then(|texts| texts.first()).is_some_and(digits)
    }

    /// A number as the file writes it: a French spreadsheet reads « 12.5 » as a day.
    pub fn decimal(&self, text: String, is_number: bool) -> String {
        match is_number && self.format == Format::Csv && self.delimiter != Some(',') {
            true => text.replace('.', ","),
            false => text,
        }
    }

    /// The corrections after which the file is not what they mean it to be, by their ranks.
    pub fn wrong(
        &self,
        now: &Read,
        corrections: &[Correction],
        open: &[usize],
        composed: &[Composed],
    ) -> BTreeSet<usize> {
        let all = || open.iter().copied().collect();
        if self.hashes.len() != now.hashes.len() {
            return all();
        }
        let mut wrong = BTreeSet::new();
        let mut by_record: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for rank in open {
            by_record.entry(corrections[*rank].record.index).or_default().push(*rank);
        }
        for (index, record) in &self.records {
            let of_record = by_record.remove(index).unwrap_or_default();
            let Some(new) = now.records.get(index) else { return all() };
            let mut differing = Vec::new();
            differences(record, new, String::new(), &mut differing);
            let is_meant = |pointer: &String| {
                let is_of = |rank: &usize| {
                    let rest = pointer.strip_prefix(corrections[*rank].pointer.as_str());
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                };
                pointer.starts_with("/source/autres") || of_record.iter().any(is_of)
            };
            if !differing.iter().all(is_meant) {
                // A cell may stand for several records.
                let blamed = match of_record.is_empty() {
                    true => shared(now, *index, composed),
                    false => of_record.clone(),
                };
                if blamed.is_empty() {
                    return all();
                }
                wrong.extend(blamed);
            }
            let last: BTreeMap<&str, usize> =
                of_record.iter().map(|rank| (corrections[*rank].pointer.as_str(), *rank)).collect();
            wrong.extend(last.into_values().filter(|rank| !holds(new, &corrections[*rank])));
        }
        for (at, (old, new)) in self.hashes.iter().zip(&now.hashes).enumerate() {
            let index = at as u64 + 1;
            if old != new && !self.records.contains_key(&index) {
                let blamed = shared(now, index, composed);
                if blamed.is_empty() {
                    return all();
                }
                wrong.extend(blamed);
            }
        }
        wrong
    }
}

/// The corrections of cells that a record has too, which has none of its own.
fn shared(now: &Read, index: u64, composed: &[Composed]) -> Vec<usize> {
    let Some(cells) = now.cells.get(&index) else { return Vec::new() };
    let has = |edit: &Edit| {
        cells.iter().any(|(sheet, line, column)| (sheet, *line, *column) == (&edit.sheet, edit.line, edit.column))
    };
    composed.iter().filter(|cell| has(&cell.edit)).flat_map(|cell| cell.corrections.iter().copied()).collect()
}

/// Whether a record has the new value of a correction.
fn holds(record: &Json, correction: &Correction) -> bool {
    match record.pointer(&correction.pointer) {
        Some(Json::String(text)) => is_same(text, correction.after.trim()),
        Some(Json::Number(number)) => {
            number.as_f64().is_some_and(|number| correction.after.trim().parse() == Ok(number))
        }
        // A code and a name that one cell gives: neither is the whole of it.
        Some(Json::Array(list)) if correction.before.is_empty() => {
            let is_part = |value: &Json| {
                value.as_str().is_some_and(|text| correction.after.contains(text) && text != correction.after)
            };
            list.len() == 1 && list[0].as_object().is_some_and(|one| one.len() == 2 && one.values().all(is_part))
        }
        _ => false,
    }
}

/// The places at which two values differ.
fn differences(old: &Json, new: &Json, pointer: String, told: &mut Vec<String>) {
    match (old, new) {
        (Json::Object(old), Json::Object(new)) => {
            let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for key in keys {
                let (old, new) = (old.get(key).unwrap_or(&Json::Null), new.get(key).unwrap_or(&Json::Null));
                differences(old, new, format!("{pointer}/{key}"), told);
            }
        }
        (Json::Array(old), Json::Array(new)) => {
            for at in 0..old.len().max(new.len()) {
                let (old, new) = (old.get(at).unwrap_or(&Json::Null), new.get(at).unwrap_or(&Json::Null));
                differences(old, new, format!("{pointer}/{at}"), told);
            }
        }
        (Json::Null, Json::Object(_)) => differences(&Json::Object(serde_json::Map::new()), new, pointer, told),
        (Json::Null, Json::Array(_)) => differences(&Json::Array(Vec::new()), new, pointer, told),
        (old, new) if old != new => told.push(pointer),
        _ => {}
    }
}
