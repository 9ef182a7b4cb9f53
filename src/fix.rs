//! Corrections: what the findings propose, put into the file itself, and taken back.
//!
//! ```text
//!  bytes ──plan──▶ corrections, each with its cell, before and after ──a person ticks──▶ apply ──▶ bytes, log
//!    ▲                                                                                               │
//!    └──────────────────────────────────────────── undo ◀────────────────────────────────────────────┘
//! ```
//!
//! Only the values change: a workbook is patched in its cells, CSV keeps its delimiter, quotes, line ends and encoding, JSON
//! and XML keep all else as it was written. Nothing is believed of a change: the changed file is read again, and what
//! changes anything but the value that was meant is left out and told. Bytes come in and bytes go out: nothing here opens a
//! file, starts a thread of its own or asks for the time.
//!
//! ```
//! use ptce::fix::{self, Options};
//!
//! let csv = "Nom;Structure porteuse;CP;Commune\r\nFabriques;Ateliers;F-46100;Figeac\r\n";
//! let options = Options::default();
//! let mut plan = fix::plan("envoi.csv", csv.as_bytes(), &options)?;
//! let proposed = plan.corrections.iter().find(|correction| correction.before == "F-46100");
//! assert_eq!(proposed.map(|correction| correction.after.as_str()), Some("46100"));
//!
//! plan.corrections.iter_mut().for_each(|correction| correction.chosen = correction.is_safe());
//! let fixed = fix::apply("envoi.csv", csv.as_bytes(), &plan, &options)?;
//! assert_eq!(fixed.bytes, csv.replace("F-46100", "46100").as_bytes());
//! assert_eq!(fix::undo(&fixed.bytes, &fixed.log, &options)?.bytes, csv.as_bytes());
//! # Ok::<(), ptce::Error>(())
//! ```

mod csv;
mod json;
mod log;
mod reread;
mod table;
mod text;
mod xml;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::log::{Change, Log};
use self::log::{Step, Undo};
use self::reread::Read;
use crate::difference::Named;
use crate::error::{Error, ErrorKind, Result};
use crate::field::Field;
use crate::finding::{Confidence, Finding, Level};
use crate::import::{Input, Limits, SavedMapping, TextKind};
use crate::language::{Language, Phrase};
use crate::location::Location;
use crate::patch;
use crate::patch::values::{self, Refusal, Reversal, Value};
use crate::row::Format;
use crate::run::{self, Event};
use crate::settings::Settings;

/// How a file is read, and what may be done to it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// What is asked of the records.
    pub settings: Settings,
    /// What the file may take of the machine.
    pub limits: Limits,
    /// XML, JSON: the elements that are records, if they are not those that are found.
    pub record_path: Option<String>,
    /// How the source is to be understood.
    pub mapping: Option<Arc<SavedMapping>>,
    /// Whether a signed workbook is corrected all the same: its signature is then no longer true.
    pub breaks_signatures: bool,
}

impl Options {
    fn input(&self, name: &str, bytes: &[u8]) -> Input {
        let mut input = Input::from_bytes(name, bytes.to_vec()).with_limits(self.limits);
        if let Some(path) = &self.record_path {
            input = input.with_record_path(path);
        }
        if let Some(mapping) = &self.mapping {
            input = input.with_mapping(Arc::clone(mapping));
        }
        input
    }

    fn patch(&self) -> patch::Options {
        patch::Options {
            language: self.settings.language,
            breaks_signatures: self.breaks_signatures,
            limits: self.limits,
            ..patch::Options::default()
        }
    }
}

/// What could be corrected in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Plan {
    /// The name of the file.
    pub file: String,
    /// The SHA-256 of its bytes: a plan is of this file alone.
    pub sha256: String,
    /// The corrections, in the order of the file.
    pub corrections: Vec<Correction>,
}

/// A value that could be replaced by another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Correction {
    /// Whether it is to be applied.
    pub chosen: bool,
    /// The record.
    pub record: Named,
    /// The place in the source.
    pub location: Location,
    /// The place in the record, a JSON Pointer.
    pub pointer: String,
    /// The code of the rule.
    pub code: String,
    /// How grave its finding is.
    pub level: Level,
    /// What is wrong, in the language of the run.
    pub message: String,
    /// The value that stands there; empty where there is none yet.
    pub before: String,
    /// The value that is to stand there. A person may have written another one.
    pub after: String,
    /// How sure the rule is; none where a person wrote the value.
    pub confidence: Option<Confidence>,
    /// Why it is not for us to apply, and has to be done by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Obstacle>,
}

/// Rules whose likely correction says something else, or more, than the sender did: never without a person.
const SAYS_MORE: &[&str] = &["former-commune", "region-of-another-year"];

impl Correction {
    fn of(finding: &Finding) -> Option<Correction> {
        let after = finding.suggestion.clone().filter(|after| !after.trim().is_empty())?;
        let before = finding.value.clone().unwrap_or_default();
        (before != after && !finding.pointer.is_empty()).then_some(())?;
        Some(Correction {
            chosen: false,
            record: finding.record.as_ref().map(Named::from)?,
            location: finding.location.clone(),
            pointer: finding.pointer.clone(),
            code: finding.code.to_owned(),
            level: finding.level,
            message: finding.message.clone(),
            before,
            after,
            confidence: finding.confidence,
            obstacle: None,
        })
    }

    /// Whether it is certain and changes how a value is written, not what the sender said: what `--safe` applies.
    pub fn is_safe(&self) -> bool {
        self.confidence == Some(Confidence::High)
            && self.obstacle.is_none()
            && !self.before.is_empty()
            && !SAYS_MORE.contains(&self.code.as_str())
    }

    /// Whether the value is a number of the record.
    fn is_number(&self) -> bool {
        let step = |step: &str| if step.parse::<u32>().is_ok() { "*" } else { step }.to_owned();
        let field = self.pointer.split('/').map(step).collect::<Vec<_>>().join("/");
        Field::at(&field).is_some_and(Field::is_number) && self.after.parse::<f64>().is_ok()
    }
}

/// Why a correction is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Obstacle {
    /// The source has no place for the value.
    Absent,
    /// The place holds another text than the one that was read.
    OtherText,
    /// The value stands several times in its cell, or within a word.
    Several,
    /// A formula makes the value.
    Formula,
    /// The encoding of the file does not have a letter of the new value.
    Encoding,
    /// The new value is empty.
    Empty,
    /// Written there, the new value would be read otherwise, or change another one.
    Effect,
    /// Nothing is written in files of that format.
    Format,
}

impl Obstacle {
    /// Why, in words.
    pub fn message(self, language: Language) -> &'static str {
        let phrase = match self {
            Obstacle::Absent => Phrase {
                fr: "le fichier n’a pas de place pour cette valeur ; ajoutez-la à la main",
                en: "the file has no place for this value; add it by hand",
            },
            Obstacle::OtherText => Phrase {
                fr: "la cellule ne contient pas ce texte tel quel ; corrigez-la à la main",
                en: "the cell does not hold this text as such; correct it by hand",
            },
            Obstacle::Several => Phrase {
                fr: "la valeur est plusieurs fois dans la cellule, ou dans un mot ; corrigez-la à la main",
                en: "the value stands in the cell several times, or within a word; correct it by hand",
            },
            Obstacle::Formula => Phrase {
                fr: "la valeur vient d’une formule ; corrigez ce que la formule reprend",
                en: "the value comes from a formula; correct what the formula takes up",
            },
            Obstacle::Encoding => Phrase {
                fr: "l’encodage du fichier n’a pas toutes les lettres de la nouvelle valeur ; enregistrez-le en UTF-8",
                en: "the encoding of the file lacks a letter of the new value; save it as UTF-8",
            },
            Obstacle::Empty => Phrase {
                fr: "la nouvelle valeur est vide, or une correction ne vide jamais une cellule",
                en: "the new value is empty, and a correction never empties a cell",
            },
            Obstacle::Effect => Phrase {
                fr: "écrite là, la nouvelle valeur serait lue autrement ou en changerait une autre ; corrigez à la main",
                en: "written there, the new value would be read otherwise or change another one; correct it by hand",
            },
            Obstacle::Format => Phrase {
                fr: "ce format ne se corrige pas sur place ; convertissez le fichier en .xlsx, puis corrigez-le",
                en: "files of this format are not corrected in place; convert the file to .xlsx, and correct that",
            },
        };
        phrase.in_language(language)
    }
}

impl From<Refusal> for Obstacle {
    fn from(refusal: Refusal) -> Obstacle {
        match refusal {
            Refusal::Absent => Obstacle::Absent,
            Refusal::OtherText => Obstacle::OtherText,
            Refusal::Formula => Obstacle::Formula,
        }
    }
}

/// A file with corrections.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Fixed {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What was changed, and how that is taken back.
    pub log: Log,
    /// The chosen corrections that were not applied, and why.
    pub left: Vec<(Correction, Obstacle)>,
    /// How many chosen corrections stood there already.
    pub already: usize,
}

/// A file whose corrections were taken back.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Undone {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether it is the original: its bytes, or in a workbook the content of all its parts.
    pub is_original: bool,
    /// How many changes were taken back.
    pub count: usize,
    /// The changes that somebody has overwritten since, which stay.
    pub left: Vec<Change>,
}

/// A cell of the source that gets another text.
#[derive(Debug, Clone)]
struct Edit {
    sheet: Option<String>,
    line: u64,
    column: u32,
    /// XML: which value of the element.
    path: Option<String>,
    before: String,
    after: String,
    is_number: bool,
}

/// A cell by which an edit is known.
type Place = (Option<String>, u64, u32, Option<String>);

/// Where a correction stands.
fn place(location: &Location) -> Option<Place> {
    let line = location.row.or(location.line)?;
    Some((location.sheet.clone(), line, location.column?, location.path.clone()))
}

/// Everything that could be corrected in a file, each with the reason where it has to be done by hand. Nothing is chosen.
///
/// # Errors
/// When the file cannot be read.
pub fn plan(name: &str, bytes: &[u8], options: &Options) -> Result<Plan> {
    let mut plan = proposed(name, bytes, options)?;
    let all: Vec<usize> = (0..plan.corrections.len()).collect();
    let done = enact(name, bytes, &plan.corrections, &all, options)?;
    for (correction, obstacle) in plan.corrections.iter_mut().zip(done.obstacles) {
        correction.obstacle = obstacle;
    }
    Ok(plan)
}

/// What findings propose, as yet untried.
fn proposed(name: &str, bytes: &[u8], options: &Options) -> Result<Plan> {
    let mut corrections = Vec::new();
    let asked = run::Options { records: true, ..run::Options::default() };
    run::run(vec![options.input(name, bytes)], &options.settings, &asked, &mut |event| {
        if let Event::Record(entry, findings) = event {
            let mut of_record: Vec<Correction> = findings.iter().filter_map(Correction::of).collect();
            // The name of a region is missing where its name would stand, not at its code.
            for correction in of_record.iter_mut().filter(|correction| correction.pointer == "/region") {
                "/region/nom".clone_into(&mut correction.pointer);
                correction.location = entry.location(&correction.pointer);
            }
            // What was read goes before what is said of what was read.
            of_record.sort_by_key(|correction| (place(&correction.location), correction.code != "value-understood"));
            corrections.append(&mut of_record);
        }
        Ok(())
    })?;
    Ok(Plan { file: name.to_owned(), sha256: log::sha256(bytes), corrections })
}

/// Applies the chosen corrections of a plan to the file that it was made of. Where they all stand there already nothing is
/// changed.
///
/// # Errors
/// When the file cannot be read, is not the one of the plan, or is of a format in which nothing is written.
pub fn apply(name: &str, bytes: &[u8], plan: &Plan, options: &Options) -> Result<Fixed> {
    let corrections = &plan.corrections;
    let mut chosen: BTreeSet<usize> = (0..corrections.len()).filter(|rank| corrections[*rank].chosen).collect();
    // What rests on how a value was read needs that reading to be written first.
    let of_chosen = |rank: &usize| {
        let correction = &corrections[*rank];
        (correction.record.index, correction.pointer.as_str(), correction.before.as_str())
    };
    let bases: BTreeSet<(u64, &str, &str)> = chosen.iter().map(of_chosen).collect();
    for (rank, correction) in corrections.iter().enumerate() {
        let base = (correction.record.index, correction.pointer.as_str(), correction.after.as_str());
        if correction.code == "value-understood" && correction.obstacle.is_none() && bases.contains(&base) {
            chosen.insert(rank);
        }
    }
    let chosen: Vec<usize> = chosen.into_iter().collect();
    if plan.sha256 != log::sha256(bytes) {
        let seen = reread::read(name, bytes, options, &wanted(corrections, &chosen))?;
        let stands = |rank: &usize| {
            let text = seen.text(*rank, &corrections[*rank]);
            text.is_some_and(|text| occurrence(&text, &corrections[*rank].after).is_ok())
        };
        if !chosen.iter().all(stands) {
            return Err(changed_file(&plan.file));
        }
        let log = Log::of(name, seen.format, bytes, bytes, Vec::new(), Vec::new());
        return Ok(Fixed { bytes: bytes.to_vec(), log, left: Vec::new(), already: chosen.len() });
    }
    enacted(name, bytes, corrections, &chosen, options)
}

/// Applies what is certain, and goes on until nothing is.
///
/// # Errors
/// When the file cannot be read, or is of a format in which nothing is written.
pub fn safe(name: &str, bytes: &[u8], options: &Options) -> Result<Fixed> {
    /// What a correction makes certain is corrected in its turn; a few turns end it.
    const TURNS: usize = 5;
    let mut whole: Option<Fixed> = None;
    for _ in 0..TURNS {
        let now = whole.as_ref().map_or(bytes, |fixed| &fixed.bytes);
        let plan = proposed(name, now, options)?;
        let safe: Vec<usize> = (0..plan.corrections.len()).filter(|rank| plan.corrections[*rank].is_safe()).collect();
        let fixed = enacted(name, now, &plan.corrections, &safe, options)?;
        let is_over = fixed.log.changes.is_empty();
        whole = Some(match whole {
            None => fixed,
            Some(before) => Fixed { log: before.log.then(fixed.log), ..fixed },
        });
        if is_over {
            break;
        }
    }
    whole.map_or_else(|| Err(changed_file(name)), Ok)
}

/// Takes back what a log tells: the original byte for byte (of a workbook, all its parts) where the file is the one that was
/// written then; else cell by cell, where the cell still holds the correction.
///
/// # Errors
/// When the file cannot be read, or the log is that of another file.
pub fn undo(bytes: &[u8], log: &Log, options: &Options) -> Result<Undone> {
    if log::sha256(bytes) == log.after {
        let original = log.undo(bytes, &options.limits)?;
        return Ok(Undone { bytes: original, is_original: true, count: log.changes.len(), left: Vec::new() });
    }
    let name = log.file.as_str();
    let format = options.input(name, bytes).format()?;
    if format != log.format() {
        return Err(values::other_file());
    }
    let (mut edits, mut ranks): (Vec<Edit>, Vec<usize>) = (Vec::new(), Vec::new());
    for (rank, change) in log.changes.iter().enumerate() {
        let Some((sheet, line, column, path)) = place(&change.location) else { continue };
        let (before, after) = (change.cell_after.clone(), change.cell_before.clone());
        // Of several changes of a cell the last one tells its text.
        if before.is_empty() {
            continue;
        }
        edits.push(Edit { sheet, line, column, path, before, after, is_number: change.was_number });
        ranks.push(rank);
    }
    // Later changes of a cell go first.
    edits.reverse();
    ranks.reverse();
    let mut now = bytes.to_vec();
    let mut undone = BTreeSet::new();
    let mut rest: Vec<(Edit, usize)> = edits.into_iter().zip(ranks).collect();
    while !rest.is_empty() {
        let mut seen = BTreeSet::new();
        let (turn, later) = rest.into_iter().partition(|(edit, _): &(Edit, usize)| {
            seen.insert((edit.sheet.clone(), edit.line, edit.column, edit.path.clone()))
        });
        let turn: Vec<(Edit, usize)> = turn;
        let of_turn: Vec<Edit> = turn.iter().map(|(edit, _)| edit.clone()).collect();
        let delimiter = log.delimiter;
        let written = write(&now, format, delimiter, &of_turn, options)?;
        for ((_, rank), obstacle) in turn.iter().zip(&written.obstacles) {
            if obstacle.is_none() {
                undone.insert(*rank);
            }
        }
        now = written.bytes;
        rest = later;
    }
    // Of a change whose cell a later one tells, it is that one which was taken back.
    let mut told: BTreeMap<Option<Place>, bool> = BTreeMap::new();
    let mut left: Vec<Change> = Vec::new();
    for (rank, change) in log.changes.iter().enumerate().rev() {
        let is_undone = told.entry(place(&change.location)).or_default();
        if !change.cell_after.is_empty() {
            *is_undone = undone.contains(&rank);
        }
        if !*is_undone {
            left.push(change.clone());
        }
    }
    left.reverse();
    Ok(Undone { bytes: now, is_original: false, count: log.changes.len() - left.len(), left })
}

fn changed_file(file: &str) -> Error {
    Error::new(
        ErrorKind::Usage,
        "ce plan a été fait pour un autre état du fichier ; refaites le plan (ptce fix FICHIER --plan …), puis cochez-le",
        "this plan was made of another state of the file; make it anew (ptce fix FILE --plan …), and tick it",
    )
    .in_file(file)
}

/// Whether files of a format are corrected.
fn is_written(format: Format) -> bool {
    matches!(format, Format::Xlsx | Format::Ods | Format::Csv | Format::Json | Format::Ndjson | Format::Xml)
}

/// The corrections that are wanted of each record, by their ranks.
fn wanted(corrections: &[Correction], chosen: &[usize]) -> BTreeMap<u64, Vec<(usize, Location)>> {
    let mut wanted: BTreeMap<u64, Vec<(usize, Location)>> = BTreeMap::new();
    for rank in chosen {
        let correction = &corrections[*rank];
        wanted.entry(correction.record.index).or_default().push((*rank, correction.location.clone()));
    }
    wanted
}

/// What became of corrections.
struct Enacted {
    bytes: Vec<u8>,
    format: Format,
    /// Of each correction that was wanted, why it stays.
    obstacles: Vec<Option<Obstacle>>,
    changes: Vec<Change>,
    steps: Vec<Step>,
    delimiter: Option<char>,
}

fn enacted(name: &str, bytes: &[u8], corrections: &[Correction], chosen: &[usize], options: &Options) -> Result<Fixed> {
    let done = enact(name, bytes, corrections, chosen, options)?;
    if !is_written(done.format) && !chosen.is_empty() {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("un .{} ne se corrige pas sur place ; convertissez-le (ptce convert … -o envoi.xlsx), puis corrigez la copie", done.format.extension()),
            format!("a .{} is not corrected in place; convert it (ptce convert … -o data.xlsx), and correct the copy", done.format.extension()),
        )
        .in_file(name));
    }
    let left = corrections
        .iter()
        .zip(&done.obstacles)
        .filter_map(|(correction, obstacle)| Some((correction.clone(), (*obstacle)?)));
    let left = left.collect();
    let mut log = Log::of(name, done.format, bytes, &done.bytes, done.changes, done.steps);
    log.delimiter = done.delimiter;
    Ok(Fixed { bytes: done.bytes, log, left, already: 0 })
}

/// Tries corrections until those that are left do what is meant and nothing else.
fn enact(name: &str, bytes: &[u8], corrections: &[Correction], chosen: &[usize], options: &Options) -> Result<Enacted> {
    let mut obstacles: Vec<Option<Obstacle>> = vec![None; corrections.len()];
    let wanted = wanted(corrections, chosen);
    let seen = reread::read(name, bytes, options, &wanted)?;
    let mut done = Enacted {
        bytes: bytes.to_vec(),
        format: seen.format,
        obstacles: Vec::new(),
        changes: Vec::new(),
        steps: Vec::new(),
        delimiter: seen.delimiter,
    };
    if !is_written(seen.format) {
        chosen.iter().for_each(|rank| obstacles[*rank] = Some(Obstacle::Format));
        done.obstacles = obstacles;
        return Ok(done);
    }
    loop {
        let open: Vec<usize> = chosen.iter().copied().filter(|rank| obstacles[*rank].is_none()).collect();
        let composed = compose(corrections, &open, &seen, &mut obstacles);
        let edits: Vec<Edit> = composed.iter().map(|cell| cell.edit.clone()).collect();
        if edits.is_empty() {
            break;
        }
        let written = write(bytes, seen.format, seen.delimiter, &edits, options)?;
        let mut is_whole = true;
        for (cell, obstacle) in composed.iter().zip(&written.obstacles) {
            if let Some(obstacle) = obstacle {
                is_whole = false;
                cell.corrections.iter().for_each(|rank| obstacles[*rank] = Some(*obstacle));
            }
        }
        if !is_whole {
            continue;
        }
        let wrong = match reread::read(name, &written.bytes, options, &wanted) {
            Ok(now) => seen.wrong(&now, corrections, &open, &composed),
            // What can no longer be read is not to be written.
            Err(_) => open.iter().copied().collect(),
        };
        if wrong.is_empty() {
            done.bytes = written.bytes;
            done.steps = vec![written.step];
            done.changes = composed.iter().flat_map(|cell| cell.changes(corrections)).collect();
            break;
        }
        wrong.into_iter().for_each(|rank| obstacles[rank] = Some(Obstacle::Effect));
    }
    done.obstacles = obstacles;
    Ok(done)
}

/// A cell that changes, with the corrections that it takes.
struct Composed {
    edit: Edit,
    corrections: Vec<usize>,
    location: Location,
    /// Whether the source has a number there.
    was_number: bool,
}

impl Composed {
    fn changes(&self, corrections: &[Correction]) -> Vec<Change> {
        let last = self.corrections.len().saturating_sub(1);
        let change = |(at, rank): (usize, &usize)| {
            let correction = &corrections[*rank];
            Change {
                record: correction.record.clone(),
                location: self.location.clone(),
                pointer: correction.pointer.clone(),
                code: correction.code.clone(),
                before: correction.before.clone(),
                after: correction.after.clone(),
                // Several corrections of one cell are one change of its text.
                cell_before: if at == last { self.edit.before.clone() } else { String::new() },
                cell_after: if at == last { self.edit.after.clone() } else { String::new() },
                was_number: self.was_number,
            }
        };
        self.corrections.iter().enumerate().map(change).collect()
    }
}

/// The cells that corrections change, each with its text before and after.
fn compose(
    corrections: &[Correction],
    open: &[usize],
    seen: &Read,
    obstacles: &mut [Option<Obstacle>],
) -> Vec<Composed> {
    let mut cells: BTreeMap<Place, Composed> = BTreeMap::new();
    for rank in open {
        let correction = &corrections[*rank];
        let composed = place(&correction.location).ok_or(Obstacle::Absent).and_then(|place| {
            let after = correction.after.trim();
            if after.is_empty() {
                return Err(Obstacle::Empty);
            }
            let read = seen.text(*rank, correction).unwrap_or_default();
            let known = cells.get(&place);
            let is_done = known.is_some_and(|known| {
                known.edit.before == read
                    && known.corrections.iter().any(|other| {
                        let other = &corrections[*other];
                        other.record != correction.record
                            && (&other.before, &other.after) == (&correction.before, &correction.after)
                    })
            });
            let now = known.map_or(&read, |known| &known.edit.after);
            let new = match (is_done, correction.before.is_empty()) {
                (true, _) => now.clone(),
                (false, true) if now.is_empty() => after.to_owned(),
                (false, true) => return Err(Obstacle::OtherText),
                (false, false) => {
                    let at = occurrence(now, &correction.before)?;
                    format!("{}{after}{}", &now[..at], &now[at + correction.before.len()..])
                }
            };
            let is_whole = correction.before == *now;
            Ok((place, read, new, correction.is_number() && is_whole))
        });
        match composed {
            Err(obstacle) => obstacles[*rank] = Some(obstacle),
            Ok((place, before, after, is_number)) => {
                let (sheet, line, column, path) = place.clone();
                let was_number = seen.is_number(*rank);
                // The log has the place as it is written, without the label above it.
                let location = Location { heading: None, ..correction.location.clone() };
                let cell = cells.entry(place).or_insert_with(|| Composed {
                    edit: Edit { sheet, line, column, path, before, after: String::new(), is_number },
                    corrections: Vec::new(),
                    location,
                    was_number,
                });
                cell.edit.after = seen.decimal(after, is_number);
                cell.edit.is_number = is_number;
                cell.corrections.push(*rank);
            }
        }
    }
    cells.into_values().collect()
}

/// Where a value stands in a text: once, and not within a word.
fn occurrence(text: &str, value: &str) -> Result<usize, Obstacle> {
    if text == value {
        return Ok(0);
    }
    let is_apart = |at: &usize| {
        let before = text[..*at].chars().next_back();
        let after = text[at + value.len()..].chars().next();
        let touches = |inside: Option<char>, outside: Option<char>| {
            inside.is_some_and(char::is_alphanumeric) && outside.is_some_and(char::is_alphanumeric)
        };
        !touches(value.chars().next(), before) && !touches(value.chars().next_back(), after)
    };
    let mut places = text.match_indices(value).map(|(at, _)| at);
    let apart: Vec<usize> = places.by_ref().filter(is_apart).take(2).collect();
    match apart.as_slice() {
        [at] => Ok(*at),
        [] if !text.contains(value) => Err(Obstacle::OtherText),
        _ => Err(Obstacle::Several),
    }
}

/// What was written.
struct Written {
    bytes: Vec<u8>,
    obstacles: Vec<Option<Obstacle>>,
    step: Step,
}

/// Writes cells into a file; each edit that cannot be made says why.
fn write(bytes: &[u8], format: Format, delimiter: Option<char>, edits: &[Edit], options: &Options) -> Result<Written> {
    if format.is_workbook() {
        let value = |edit: &Edit| Value {
            sheet: edit.sheet.clone().unwrap_or_default(),
            cell: (edit.line, edit.column),
            before: edit.before.clone(),
            after: edit.after.clone(),
            is_number: edit.is_number,
        };
        let edits: Vec<Value> = edits.iter().map(value).collect();
        let done = patch::rewrite(bytes, format, &edits, &options.patch())?;
        let undo = |Reversal { part, at, length, was }| Undo { part: Some(part), at, length, was: was.into_bytes() };
        return Ok(Written {
            bytes: done.bytes,
            obstacles: done.refused.into_iter().map(|refusal| refusal.map(Obstacle::from)).collect(),
            step: done.reversals.into_iter().map(undo).collect(),
        });
    }
    let kind = TextKind::of(bytes);
    let delimiter = delimiter.and_then(|delimiter| u8::try_from(delimiter).ok()).unwrap_or(b',');
    let (mut splices, obstacles) = match format {
        Format::Csv => csv::splices(bytes, &kind, delimiter, edits),
        Format::Xml => xml::splices(bytes, &kind, edits),
        _ => json::splices(bytes, &kind, edits),
    };
    let new = text::spliced(bytes, &mut splices);
    // Each place is the one of the new bytes; the last one is taken back first.
    let mut moved = 0_isize;
    let mut step: Step = Vec::with_capacity(splices.len());
    for text::Splice { range, new } in splices {
        let at = range.start.saturating_add_signed(moved);
        moved += new.len() as isize - range.len() as isize;
        step.push(Undo { part: None, at, length: new.len(), was: bytes[range].to_vec() });
    }
    step.reverse();
    Ok(Written { bytes: new, obstacles, step })
}
