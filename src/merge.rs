//! Several submissions made one: the records of one PTCE from several files become one record, and what these files say
//! differently is told side by side, for a rule or a person to settle. Nothing that a file says is lost: it stands in the
//! merged record, or among the differences.

mod groups;
mod table;
mod values;

use std::collections::BTreeMap;

use serde_json::Value;

pub use table::{Decisions, decisions};
pub use values::Settled;

use crate::entry::OwnedEntry;
use crate::error::{Error, ErrorKind, Result};
use crate::import::Input;
use crate::language::Language;
use crate::record::Record;
use crate::run::{self, Event, Lost};
use crate::schema;
use crate::settings::Settings;
use crate::text::fold::folded;
use values::{Difference, Judge, Merger, Version};

/// Which of several values that contradict each other is taken where nobody has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Prefers {
    /// The first one stands, and a person is to decide.
    #[default]
    Nobody,
    /// That of the file that was given first.
    First,
    /// That of the file that was given last: the newest.
    Last,
}

/// How submissions are made one.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How the files are read.
    pub settings: Settings,
    /// Which value is taken of those that contradict each other.
    pub prefers: Prefers,
    /// What a person has decided: see [`decisions`].
    pub decisions: Decisions,
}

/// What a file says of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The value; empty where the file has none.
    pub text: String,
    /// The file, and the place in it.
    pub place: String,
}

/// A value on which files differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// By what the record is known again: its identifier, else its name and its rank among its namesakes.
    pub record: String,
    /// The name of the PTCE.
    pub name: String,
    /// The place in the merged record, as a JSON Pointer.
    pub pointer: String,
    /// What the common origin has, where there is one.
    pub base: Option<String>,
    /// What each file says.
    pub said: Vec<Said>,
    /// What stands in the merged record.
    pub kept: String,
    /// How it was settled.
    pub settled: Settled,
}

impl Conflict {
    /// The title of its field.
    fn title(&self, language: Language) -> String {
        schema::title_of(&self.pointer, language)
    }
}

/// Where a record comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The name of the PTCE.
    pub name: String,
    /// The file, as it was given.
    pub file: String,
    /// The place in the file.
    pub place: String,
}

/// What submissions have become.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    /// The records, in the order of the files.
    pub records: Vec<Record>,
    /// What the files say differently.
    pub conflicts: Vec<Conflict>,
    /// Where each record comes from: a line for each file that has it.
    pub origins: Vec<Origin>,
    /// How many records were read, those of the common origin left out.
    pub read: usize,
    /// The files that could not be read.
    pub unread: Vec<Error>,
    /// The rows that are in no record.
    pub lost: Lost,
}

impl Merged {
    /// How many differences a person has to decide.
    pub fn open(&self) -> usize {
        self.conflicts.iter().filter(|conflict| conflict.settled == Settled::Open).count()
    }
}

/// Makes the records of files one; `base` is the file that they are copies of, where there is one. All records are held.
///
/// ```
/// use ptce::{Input, merge};
///
/// let one = Input::from_bytes("a.csv", "nom,coordinateur_nom\nRoue libre,Atelier\n".into());
/// let other = Input::from_bytes("b.csv", "nom,commune\nRoue Libre,Figeac\n".into());
/// let merged = merge::merge(None, vec![one, other], &merge::Options::default())?;
/// assert_eq!(merged.records.len(), 1);
/// assert_eq!(merged.records[0].address.commune.as_deref(), Some("Figeac"));
/// assert_eq!(merged.conflicts[0].settled, merge::Settled::Spelling);
/// # Ok::<(), ptce::Error>(())
/// ```
///
/// # Errors
/// When a file cannot be read.
pub fn merge(base: Option<Input>, inputs: Vec<Input>, options: &Options) -> Result<Merged> {
    let has_base = base.is_some();
    let mut names = Vec::new();
    let mut files = Vec::new();
    let mut merged = Merged::default();
    let is_one = inputs.len() == 1;
    for (rank, input) in base.into_iter().chain(inputs).enumerate() {
        let name = input.name().to_owned();
        match entries(input, &options.settings) {
            Ok((entries, lost)) => {
                merged.lost.extend(lost);
                names.push(name);
                files.push(entries);
            }
            Err(error) if is_one || has_base && rank == 0 => return Err(error),
            Err(error) => merged.unread.push(error),
        }
    }
    merged.read = files.iter().skip(usize::from(has_base)).map(Vec::len).sum();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for group in groups::groups(&files, has_base) {
        let entry = |(file, index): (usize, usize)| &files[file][index];
        let is_base = |(file, _): &(usize, usize)| has_base && *file == 0;
        let of_base = group.iter().copied().find(is_base);
        let members: Vec<(usize, usize)> = group.iter().copied().filter(|one| !is_base(one)).collect();
        let name = group.iter().find_map(|one| entry(*one).record.name.clone()).unwrap_or_default();
        let id = group.iter().find_map(|one| entry(*one).record.id.clone());
        let known = id.unwrap_or_else(|| folded(&name));
        let rank = seen.entry(known.clone()).or_default();
        *rank += 1;
        let key = if *rank == 1 { known } else { format!("{known} ({rank})") };
        let base_value = of_base.map(|at| value(entry(at))).transpose()?;
        let values: Vec<Value> = members.iter().map(|at| value(entry(*at))).collect::<Result<_>>()?;
        let version = |(number, value)| Version { number, pointer: String::new(), value: Some(value) };
        let versions: Vec<Version<'_>> = values.iter().enumerate().map(version).collect();
        let judge = Judge {
            prefers: match options.prefers {
                Prefers::Nobody => None,
                Prefers::First => Some(|_| 0),
                Prefers::Last => Some(|count| count - 1),
            },
            decided: &|pointer| options.decisions.get(&(key.clone(), pointer.to_owned())).cloned(),
            has_base: of_base.is_some(),
        };
        let place = |one: (usize, usize), pointer: &str| {
            let within = entry(one).location(pointer).within_file(options.settings.language);
            if within.is_empty() { names[one.0].clone() } else { format!("{} {within}", names[one.0]) }
        };
        let mut merger = Merger { judge, told: Vec::new() };
        let one = merger.merge(base_value.as_ref(), &versions, "");
        // A record that the origin has and no copy any more is gone, and told; one that some have left out stays.
        let lacking = if of_base.is_some() { files.len() - 1 - members.len() } else { 0 };
        if lacking > 0 {
            merged.conflicts.push(Conflict {
                record: key.clone(),
                name: name.clone(),
                pointer: String::new(),
                base: of_base.map(|at| place(at, "")),
                said: members.iter().map(|one| Said { text: name.clone(), place: place(*one, "") }).collect(),
                kept: if members.is_empty() { String::new() } else { name.clone() },
                settled: if members.is_empty() { Settled::Removed } else { Settled::Open },
            });
        }
        let conflict = |Difference { pointer, base, said, kept, settled }: Difference| Conflict {
            record: key.clone(),
            name: name.clone(),
            pointer,
            base,
            said: said
                .into_iter()
                .map(|(number, pointer, text)| Said { text, place: place(members[number], &pointer) })
                .collect(),
            kept,
            settled,
        };
        merged.conflicts.extend(merger.told.into_iter().map(conflict));
        if members.is_empty() {
            continue;
        }
        merged.records.push(record(one.unwrap_or_default())?);
        for at in members {
            let within = entry(at).location("").within_file(options.settings.language);
            merged.origins.push(Origin { name: name.clone(), file: names[at.0].clone(), place: within });
        }
    }
    Ok(merged)
}

/// The records of a file with their places.
fn entries(input: Input, settings: &Settings) -> Result<(Vec<OwnedEntry>, Lost)> {
    let mut entries = Vec::new();
    let options = run::Options { records: true, ..run::Options::default() };
    let outcome = run::run(vec![input], settings, &options, &mut |event| {
        if let Event::Record(entry, _) = event {
            entries.push(*entry);
        }
        Ok(())
    })?;
    Ok((entries, outcome.summary.lost))
}

fn failed(error: &serde_json::Error) -> Error {
    Error::new(ErrorKind::Io, error.to_string(), error.to_string())
}

fn value(entry: &OwnedEntry) -> Result<Value> {
    serde_json::to_value(&entry.record).map_err(|error| failed(&error))
}

fn record(value: Value) -> Result<Record> {
    serde_json::from_value(value).map_err(|error| failed(&error))
}
