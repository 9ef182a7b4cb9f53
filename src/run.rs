//! Runs the whole way from bytes to findings: one thread reads, the others build records and judge them, and the
//! caller gets the outcomes in the order of the source. Where there are no threads, one step follows the other.

mod check;
mod duplicates;
mod plain;
mod shares;

pub use shares::{KeySet, Repeated, Twins, judge};

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use bumpalo::Bump;
use serde::Serialize;

use self::check::{Checker, Twin};
pub(crate) use self::duplicates::are_like;
use self::duplicates::{Cell, Details, Duplicates, Identity, KeyKind, Keys, Likeness};
use self::plain::{Looks, Plain};
use crate::completeness::Completeness;
use crate::entry::{Entry, OwnedEntry, fill_origin};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, RecordName, Waived};
use crate::import::{self, Input};
use crate::language::Language;
use crate::location::Location;
use crate::mapping::{self, Mended, Plan};
use crate::record::{Group, Member, Record};
use crate::row::{Batch, Format, Layout, Row};
use crate::settings::Settings;
use crate::text::damage;

/// What a run meets, in the order of the source; duplicates come last, since they need all records.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A record, and what is wrong with it; only when the run is asked for records.
    Record(Box<OwnedEntry>, Vec<Finding>),
    /// The records of a batch as [`Options::encode`] made them, one after the other.
    Encoded(Vec<u8>),
    /// What is to say about the file: labels, blank rows; about a record, when the run is not asked for records; and,
    /// after all records, duplicates.
    Findings(Vec<Finding>),
    /// How complete a record is; only when the run is asked to assess records.
    Assessed(Box<Assessment>),
    /// A record that turns out to repeat an earlier one, so that it cannot be published: its rank in the run, from 1,
    /// and the finding that says so.
    Unpublishable(u64, Box<Finding>),
}

/// How complete a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assessment {
    /// The file of the record, as the user named it.
    pub file: String,
    /// The record.
    pub record: RecordName,
    /// What it has of what is wanted.
    pub completeness: Completeness,
}

/// A source that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Source {
    /// The file as the user named it.
    pub file: String,
    /// SHA-256 of its bytes, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Its format.
    pub format: Format,
    /// Its length in bytes.
    pub bytes: u64,
    /// How many records it holds.
    pub records: u64,
}

/// The verdict of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Records read.
    pub records: u64,
    /// Records without a finding of level error.
    pub publishable: u64,
    /// Mean completeness of the records, in percent, rounded down; 0 without a record.
    pub completeness: u8,
    /// Findings of level error.
    pub errors: u64,
    /// Findings of level warning.
    pub warnings: u64,
    /// Findings of level info.
    pub infos: u64,
    /// Findings by code.
    pub codes: BTreeMap<&'static str, u64>,
    /// The gravest level found of each code.
    #[serde(skip)]
    pub levels: BTreeMap<&'static str, Level>,
    /// The rows that no record holds, whatever the configuration says of the findings about them.
    #[serde(skip)]
    pub lost: Lost,
}

/// Rows of records that are not read: what is made of the records lacks them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lost {
    /// How many places have such rows.
    pub count: u64,
    /// The first of these places, with the code that explains what is wrong there.
    pub first: Vec<(Location, &'static str)>,
}

impl Lost {
    /// Places that are kept: a file may have any number of them.
    const KEPT: usize = 20;

    fn add(&mut self, place: impl FnOnce() -> Location, code: &'static str) {
        self.count += 1;
        if self.first.len() < Self::KEPT {
            self.first.push((place(), code));
        }
    }

    pub(crate) fn extend(&mut self, other: Lost) {
        self.count += other.count;
        let room = Self::KEPT - self.first.len();
        self.first.extend(other.first.into_iter().take(room));
    }
}

impl Summary {
    fn count(&mut self, findings: &[Finding]) {
        for finding in findings {
            match finding.level {
                Level::Error => self.errors += 1,
                Level::Warning => self.warnings += 1,
                Level::Info => self.infos += 1,
            }
            *self.codes.entry(finding.code).or_default() += 1;
            let gravest = self.levels.entry(finding.code).or_insert(finding.level);
            *gravest = (*gravest).max(finding.level);
        }
    }
}

/// What a run did.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Outcome {
    /// The sources that were read, in the order given.
    pub sources: Vec<Source>,
    /// The sources that could not be read, or not to their end, when the run was asked to go on without them.
    pub unread: Vec<Error>,
    /// The findings that waivers of the configuration accept: they are no events, and no part of the verdict.
    pub waived: Vec<Waived>,
    /// The files that are of no format of records, as the user named them: each is told by a finding.
    pub passed_over: Vec<String>,
    /// The verdict.
    pub summary: Summary,
}

/// Adds the bytes of a record, of which nothing needs to be known but its parts, to those of the records before it.
pub type Encode = fn(&dyn Group, &mut Vec<u8>) -> Result<()>;

/// How a run goes about its work; what it finds is the matter of [`Settings`].
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether the caller wants the records themselves, not only what is wrong with them.
    pub records: bool,
    /// How the caller wants the records as bytes instead: they are made by the thread that judges the record.
    pub encode: Option<Encode>,
    /// Whether the caller wants to know of each record how complete it is.
    pub assess: bool,
    /// Whether to compute the SHA-256 of each source.
    pub digest: bool,
    /// Whether a source among several that cannot be read is noted and passed over.
    pub goes_on: bool,
    /// Bytes read so far, for a progress bar.
    pub progress: Arc<AtomicU64>,
}

/// Reads and judges `inputs`, and gives each event to `each` in order.
///
/// # Errors
/// When an input cannot be read, or `each` fails. Events given before that are then void.
pub fn run(
    inputs: Vec<Input>,
    settings: &Settings,
    options: &Options,
    each: &mut dyn FnMut(Event) -> Result<()>,
) -> Result<Outcome> {
    let checker = Checker::new(settings);
    match thread::available_parallelism() {
        Ok(processors) => on_threads(inputs, &checker, settings, options, processors.get().min(8), each),
        // There are no threads on this platform.
        Err(_) => in_turn(inputs, &checker, settings, options, each),
    }
}

/// What became of the inputs.
#[derive(Default)]
struct Read {
    sources: Vec<Source>,
    unread: Vec<Error>,
    passed_over: Vec<String>,
}

type Each<'a> = &'a mut dyn FnMut(Event) -> Result<()>;

/// Reads, judges and gathers a batch after the other.
fn in_turn(
    inputs: Vec<Input>,
    checker: &Checker,
    settings: &Settings,
    options: &Options,
    each: Each<'_>,
) -> Result<Outcome> {
    let mut gathered = Gathered::new(checker, settings.language);
    let mut worker = Worker::default();
    let mut failed = None;
    let read = read_all(inputs, options, &mut |batch| {
        let judged = worker.judge(batch, checker, options);
        gathered.take(judged, each).map_err(|error| {
            failed = Some(error);
            abandoned()
        })
    });
    let Read { sources, unread, passed_over } = failed.map_or(read, Err)?;
    let (summary, waived) = gathered.finish(each)?;
    Ok(Outcome { sources, unread, waived, passed_over, summary })
}

/// Reads on one thread, judges on `workers` of them, and gathers on this one.
fn on_threads(
    inputs: Vec<Input>,
    checker: &Checker,
    settings: &Settings,
    options: &Options,
    workers: usize,
    each: Each<'_>,
) -> Result<Outcome> {
    let mut gathered = Gathered::new(checker, settings.language);
    let Read { sources, unread, passed_over } = thread::scope(|scope| {
        let (raw_sender, raw_receiver) = sync_channel::<(u64, Vec<Batch>)>(workers);
        let (done_sender, done_receiver) = sync_channel::<(u64, Vec<Judged>)>(workers);
        let raw_receiver = Arc::new(Mutex::new(raw_receiver));
        for _ in 0..workers {
            let (raw, done) = (Arc::clone(&raw_receiver), done_sender.clone());
            scope.spawn(move || {
                let mut worker = Worker::default();
                loop {
                    let received = raw.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((rank, batches)) = received else { return };
                    let judged = batches.into_iter().map(|batch| worker.judge(batch, checker, options)).collect();
                    if done.send((rank, judged)).is_err() {
                        return;
                    }
                }
            });
        }
        drop((done_sender, raw_receiver));
        let reader = scope.spawn(move || {
            let (mut rank, mut held) = (0, Vec::<Batch>::new());
            let read = read_all(inputs, options, &mut |batch| {
                held.push(batch);
                let bytes: usize = held.iter().map(|batch| batch.rows.size()).sum();
                if held.len() < BATCHES && bytes < MOST_HELD {
                    return Ok(());
                }
                rank += 1;
                raw_sender.send((rank - 1, std::mem::take(&mut held))).map_err(|_| abandoned())
            });
            // What was read before an error is told as well; where nobody listens any more, another thread tells why.
            let _ = raw_sender.send((rank, held));
            read
        });
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        let mut failed = None;
        for (rank, judged) in done_receiver {
            waiting.insert(rank, judged);
            while let Some(judged) = waiting.remove(&next) {
                next += 1;
                if failed.is_none() {
                    failed = judged.into_iter().find_map(|judged| gathered.take(judged, each).err());
                }
            }
            if failed.is_some() {
                // Leaving the loop drops the receiver; the workers, then the reader, see that nobody listens and stop.
                break;
            }
        }
        drop(waiting);
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        failed.map_or(read, Err)
    })?;
    let (summary, waived) = gathered.finish(each)?;
    Ok(Outcome { sources, unread, waived, passed_over, summary })
}

/// Stands for the error of the consumer, which is returned in its place.
pub(crate) fn abandoned() -> Error {
    Error::new(crate::ErrorKind::Io, "lecture interrompue", "reading was interrupted")
}

fn read_all(inputs: Vec<Input>, options: &Options, give: &mut dyn FnMut(Batch) -> Result<()>) -> Result<Read> {
    let mut is_abandoned = false;
    let mut done = Read::default();
    let goes_on = options.goes_on && inputs.len() > 1;
    for input in inputs {
        if input.is_passed_over() {
            import::unread(&input, give)?;
            done.passed_over.push(input.name().to_owned());
            continue;
        }
        let mut send = |batch: Batch| give(batch).inspect_err(|_| is_abandoned = true);
        match read(input, options, &mut send) {
            Ok(source) => done.sources.push(source),
            Err(error) if goes_on && !is_abandoned => done.unread.push(error),
            Err(error) => return Err(error),
        }
    }
    // Where nothing could be read there is nothing to report.
    match done.unread.first() {
        Some(error) if done.sources.is_empty() => Err(error.clone()),
        _ => Ok(done),
    }
}

fn read(mut input: Input, options: &Options, send: &mut dyn FnMut(Batch) -> Result<()>) -> Result<Source> {
    let format = input.format()?;
    let sha256 = if options.digest { input.sha256()? } else { None };
    let (file, bytes) = (input.name().to_owned(), input.length());
    let records = import::read(input, format, &options.progress, send)?;
    Ok(Source { file, sha256, format, bytes, records })
}

/// A batch that was judged.
struct Judged {
    layout: Arc<Layout>,
    /// What is to say about the file; and about records, when the caller does not want the records themselves.
    findings: Vec<Finding>,
    /// The records that the caller wants, each with its findings.
    entries: Vec<(OwnedEntry, Vec<Finding>)>,
    /// The same as bytes.
    encoded: Result<Vec<u8>>,
    assessments: Vec<Assessment>,
    waived: Vec<Waived>,
    lost: Lost,
    /// How many records there are, and which of them, counted from 0, have an error.
    records: u64,
    faulty: Vec<u32>,
    /// Fields that the records have, of those that are wanted of them.
    present: u64,
    wanted: u64,
    keys: Keys,
}

impl Judged {
    /// Adds a record of which plainly nothing more is to be said than what was found.
    fn plain(&mut self, plain: &Plain<'_>, row: Row<'_>, checker: &Checker, options: &Options, found: &[Finding]) {
        let completeness = checker.completeness_of(plain.has);
        self.present += u64::from(completeness.present());
        self.wanted += u64::from(completeness.wanted());
        self.keys.add(row.index, &plain.identity);
        if found.iter().any(|finding| finding.level == Level::Error) {
            self.faulty.push(self.records as u32);
        }
        self.records += 1;
        if options.assess {
            let text = |of: Option<(&str, _)>| of.map(|(text, _)| text.to_owned());
            let record = RecordName {
                index: row.index,
                id: text(plain.identity.id),
                name: text(plain.identity.name),
                completeness: Some(completeness.percent()),
            };
            self.assessments.push(Assessment { file: self.layout.file.clone(), record, completeness });
        }
    }

    /// Adds the bytes of a record, where the caller wants them.
    fn encode<'t>(&mut self, options: &Options, record: &mut Record<&'t str>, layout: &'t Layout, row: Row<'t>) {
        if let (Some(encode), Ok(bytes)) = (options.encode, &mut self.encoded) {
            fill_origin(&mut record.source, layout, row.line);
            if let Err(error) = encode(record, bytes) {
                self.encoded = Err(error);
            }
        }
    }
}

/// What judges one batch after the other, and keeps what serves again.
#[derive(Default)]
struct Worker {
    built: mapping::Built,
    texts: Bump,
    /// The layout met last, and what was found out about it.
    met: Option<Met>,
}

/// What is found out once about a layout, for all its rows.
struct Met {
    layout: Arc<Layout>,
    plan: Plan,
    /// How its rows are looked at, where that pays.
    looks: Option<Looks>,
}

/// Batches that go from one thread to another at a time: to wake a thread costs as much as some rows do.
const BATCHES: usize = 4;
/// Bytes of texts with which fewer go, where records are large.
const MOST_HELD: usize = 512 << 10;

/// Of so many rows one must be plainly in order for the next ones to be looked at.
const ROWS_A_LOOK: u64 = 4;

impl Worker {
    /// Builds and judges the records of a batch. They borrow from it; what the caller wants to keep is copied.
    fn judge(&mut self, batch: Batch, checker: &Checker, options: &Options) -> Judged {
        let mut judged = Judged {
            findings: checker.labels(&batch),
            layout: Arc::clone(&batch.layout),
            entries: Vec::new(),
            // The bytes of a record are its texts, its keys, and what stands around both.
            encoded: Ok(Vec::with_capacity(options.encode.map_or(0, |_| batch.rows.size() * 2))),
            assessments: Vec::new(),
            waived: Vec::new(),
            lost: Lost::default(),
            records: 0,
            faulty: Vec::new(),
            present: 0,
            wanted: 0,
            keys: Keys::default(),
        };
        let layout = &batch.layout;
        for remark in batch.remarks.iter().filter(|remark| remark.kind.is_of_lost_row()) {
            judged.lost.add(|| layout.location_of(remark), remark.kind.code().unwrap_or_default());
        }
        self.texts.reset();
        if self.met.as_ref().is_none_or(|met| !Arc::ptr_eq(&met.layout, layout)) {
            let plan = Plan::of(layout);
            let looks = Looks::of(layout, &plan).filter(|_| checker.is_usual);
            self.met = Some(Met { layout: Arc::clone(layout), plan, looks });
        }
        let Some(Met { plan, looks, .. }) = &mut self.met else { return judged };
        // What is wrong with records comes after what is to say about the file.
        let mut of_records = Vec::new();
        let (mut record, mut sketch) = (Record::default(), Record::default());
        let mut remarks = batch.remarks.iter().filter(|remark| remark.record > 0).peekable();
        let mut plain_rows = 0;
        for row in batch.rows() {
            // Nothing is to be found in a row that is plainly in order, unless something was told while it was read.
            let has_remark = remarks.peek().is_some_and(|remark| remark.record <= row.index);
            let is_looked_at = row.index > 0 && !has_remark;
            let plain = looks.as_mut().filter(|_| is_looked_at).and_then(|looks| looks.at(row));
            plain_rows += u64::from(plain.is_some());
            // Where assertions are on, what the look says is held against the rules.
            let is_trusted = plain.is_some() && !cfg!(debug_assertions);
            if let Some(plain) = plain.as_ref().filter(|_| is_trusted && !options.records) {
                let mut fill = || {
                    Member::<&str>::clear(&mut record);
                    looks.as_ref().is_some_and(|looks| looks.fill(row, layout, &mut record, &self.texts))
                };
                if options.encode.is_none() || fill() {
                    let found = checker.plain(plain, row, layout, &mut sketch);
                    judged.plain(plain, row, checker, options, &found);
                    of_records.extend(found);
                    judged.encode(options, &mut record, layout, row);
                    continue;
                }
            }
            Member::<&str>::clear(&mut record);
            let as_typed = checker.as_typed;
            let may_be_damaged = !is_trusted && damage::is_possible(row.all_text().as_bytes());
            let mended = if may_be_damaged && !as_typed { Mended::of(row, plan, &self.texts) } else { None };
            let row = mended.as_ref().map_or(row, |mended| mended.row);
            let source = mapping::Source { row, layout, plan, texts: &self.texts, as_typed };
            mapping::build(&source, &mut record, &mut self.built);
            if let Some(mended) = mended {
                mended.tell(layout, &mut self.built.notes);
            }
            let entry = Entry::new(row.index, &record, row, layout, &self.built.moved);
            if entry.index == 0 {
                judged.findings.extend(checker.blank(&entry));
                continue;
            }
            let completeness = checker.completeness(&entry);
            judged.present += u64::from(completeness.present());
            judged.wanted += u64::from(completeness.wanted());
            judged.keys.add(entry.index, &Identity::of(&entry));
            let mut found = match &plain {
                Some(plain) if is_trusted => checker.plain(plain, row, layout, &mut sketch),
                _ => checker.record(&entry, &self.built.notes, may_be_damaged),
            };
            if let Some(plain) = plain.as_ref().filter(|_| cfg!(debug_assertions)) {
                let expected = checker.plain(plain, row, layout, &mut sketch);
                debug_assert_eq!(found, expected, "a row that is plainly in order");
                debug_assert_eq!(completeness, checker.completeness_of(plain.has), "{record:?}");
                debug_assert_eq!(Identity::of(&entry), plain.identity);
                let mut filled = Record::default();
                if looks.as_ref().is_some_and(|looks| looks.fill(row, layout, &mut filled, &self.texts)) {
                    debug_assert_eq!(filled, record);
                }
            }
            while let Some(remark) = remarks.next_if(|remark| remark.record <= entry.index) {
                found.extend(checker.remark(remark, layout, Some(&entry)));
            }
            judged.waived.append(&mut checker.waive(&entry, &mut found));
            if found.iter().any(|finding| finding.level == Level::Error) {
                judged.faulty.push(judged.records as u32);
            }
            judged.records += 1;
            if options.assess {
                judged.assessments.push(Assessment {
                    file: layout.file.clone(),
                    record: checker.name(&entry),
                    completeness,
                });
            }
            match options.records {
                true => judged.entries.push((OwnedEntry::new(&entry, layout), found)),
                false => of_records.extend(found),
            }
            judged.encode(options, &mut record, layout, row);
        }
        judged.findings.append(&mut of_records);
        if let Some(met) = &mut self.met
            && plain_rows * ROWS_A_LOOK < judged.records
        {
            met.looks = None;
        }
        judged
    }
}

/// What the consumer keeps from one batch to the next.
struct Gathered<'a> {
    checker: &'a Checker,
    language: Language,
    summary: Summary,
    waived: Vec<Waived>,
    duplicates: Duplicates,
    /// Each table met. Trees add labels as they are read, so the last layout of a table replaces the earlier ones.
    layouts: Vec<Arc<Layout>>,
    /// Records, by rank in the run, that have an error of their own.
    faulty: Ranks,
    /// Fields that all records together have, of those that are wanted of them.
    present: u64,
    wanted: u64,
}

/// A set of ranks, a bit each: a megabyte for eight million records.
#[derive(Default)]
struct Ranks(Vec<u64>);

impl Ranks {
    fn insert(&mut self, rank: u64) {
        let place = (rank / 64) as usize;
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        self.0[place] |= 1 << (rank % 64);
    }

    fn contains(&self, rank: u64) -> bool {
        self.0.get((rank / 64) as usize).is_some_and(|bits| bits & (1 << (rank % 64)) != 0)
    }
}

impl Gathered<'_> {
    fn new(checker: &Checker, language: Language) -> Gathered<'_> {
        Gathered {
            checker,
            language,
            summary: Summary::default(),
            waived: Vec::new(),
            duplicates: Duplicates::new(),
            layouts: Vec::new(),
            faulty: Ranks::default(),
            present: 0,
            wanted: 0,
        }
    }

    fn take(&mut self, judged: Judged, each: Each<'_>) -> Result<()> {
        let layout = judged.layout;
        self.waived.extend(judged.waived);
        self.summary.lost.extend(judged.lost);
        let same = |known: &Arc<Layout>| known.file == layout.file && known.sheet == layout.sheet;
        match self.layouts.last_mut() {
            Some(known) if same(known) => *known = layout,
            _ => self.layouts.push(layout),
        }
        self.present += judged.present;
        self.wanted += judged.wanted;
        for index in &judged.faulty {
            self.faulty.insert(self.summary.records + 1 + u64::from(*index));
        }
        self.summary.records += judged.records;
        self.summary.publishable += judged.records - judged.faulty.len() as u64;
        let (layout, mut rank) = (self.layouts.len() as u32 - 1, self.summary.records - judged.records);
        self.duplicates.add(&judged.keys, || {
            rank += 1;
            (layout, (0, rank))
        })?;
        if !judged.findings.is_empty() {
            self.summary.count(&judged.findings);
            each(Event::Findings(judged.findings))?;
        }
        let encoded = judged.encoded?;
        if !encoded.is_empty() {
            each(Event::Encoded(encoded))?;
        }
        for (entry, findings) in judged.entries {
            self.summary.count(&findings);
            each(Event::Record(Box::new(entry), findings))?;
        }
        judged.assessments.into_iter().try_for_each(|assessment| each(Event::Assessed(Box::new(assessment))))
    }

    /// Looks for duplicates, and tells the verdict.
    fn finish(mut self, each: &mut dyn FnMut(Event) -> Result<()>) -> Result<(Summary, Vec<Waived>)> {
        self.summary.completeness = (self.present * 100).checked_div(self.wanted).unwrap_or(0) as u8;
        // One finding a record: a repeated identifier, which comes first, says more than a repeated name.
        let mut told = Ranks::default();
        std::mem::replace(&mut self.duplicates, Duplicates::new()).twins(|kind, first, later, likeness| {
            let (_, rank) = later.at;
            if told.contains(rank) {
                return Ok(());
            }
            let location_of = |layout: u32, (line, column, label): Cell| {
                let layout = &self.layouts[layout as usize];
                layout.location(line, Some(column), layout.labels.get(label as usize))
            };
            let finding = repeated(self.checker, self.language, kind, (first, later), likeness, &location_of);
            let Some(finding) = finding else { return Ok(()) };
            told.insert(rank);
            if let Some(waiver) = self.checker.waiver(&finding) {
                self.waived.push(waiver.accept(finding));
                return Ok(());
            }
            if finding.level == Level::Error && !self.faulty.contains(rank) {
                self.faulty.insert(rank);
                self.summary.publishable -= 1;
                each(Event::Unpublishable(rank, Box::new(finding.clone())))?;
            }
            let findings = vec![finding];
            self.summary.count(&findings);
            each(Event::Findings(findings))
        })?;
        Ok((self.summary, self.waived))
    }
}

/// The finding about a record that bears a key as the first one does; `location_of` tells the places in a layout.
fn repeated(
    checker: &Checker,
    language: Language,
    kind: KeyKind,
    (first, later): (&Details, &Details),
    likeness: &Likeness,
    location_of: &dyn Fn(u32, Cell) -> Location,
) -> Option<Finding> {
    let place_of = |details: &Details| location_of(details.layout, kind.value(details).1);
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let (other, location) = (place_of(first), place_of(later));
    let mut place = other.within_file(language);
    if other.file != location.file {
        place = format!("{} {place}", other.file);
    }
    let record = RecordName { index: later.index, id: text(&later.id), name: text(&later.name), completeness: None };
    let twin = Twin {
        pointer: kind.pointer(),
        value: kind.value(later).0,
        other: &place,
        score: likeness.score(),
        reasons: likeness.reasons(language),
        record,
        location,
    };
    checker.duplicate(kind.code(), &twin)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of a file of several batches, with faults and duplicates, as text.
    fn told(run: impl FnOnce(Vec<Input>, &Checker, &mut dyn FnMut(Event) -> Result<()>) -> Result<Outcome>) -> String {
        let mut csv = String::from("nom,coordinateur_nom,adresse_commune,adresse_code_postal\n");
        for rank in 0..600 {
            let coordinator = if rank % 50 == 7 { "" } else { "Atelier" };
            csv.push_str(&format!("Pôle {},{coordinator},Rennes,{rank}\n", rank % 450));
        }
        let settings = Settings::default();
        let mut events = String::new();
        let input = Input::from_bytes("envoi.csv", csv.into_bytes());
        let outcome = run(vec![input], &Checker::new(&settings), &mut |event| {
            events.push_str(&format!("{event:?}\n"));
            Ok(())
        });
        format!("{events}{:?}", outcome.unwrap())
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let (settings, options) = (Settings::default(), Options { assess: true, ..Options::default() });
        let alone = told(|inputs, checker, each| in_turn(inputs, checker, &settings, &options, each));
        assert!(alone.contains("missing-coordinator") && alone.contains("probable-duplicate"));
        for workers in [1, 2, 8] {
            let told = told(|inputs, checker, each| on_threads(inputs, checker, &settings, &options, workers, each));
            assert!(told == alone, "{workers} threads");
        }
    }

    #[test]
    fn an_error_of_the_caller_ends_the_run() {
        let settings = Settings::default();
        let refuse = |_| Err(abandoned());
        for workers in [0, 2] {
            let inputs = vec![Input::from_bytes("a.csv", b"nom\nA\n".to_vec())];
            let options = Options { records: true, goes_on: true, ..Options::default() };
            let checker = Checker::new(&settings);
            let outcome = match workers {
                0 => in_turn(inputs, &checker, &settings, &options, &mut { refuse }),
                _ => on_threads(inputs, &checker, &settings, &options, workers, &mut { refuse }),
            };
            assert!(outcome.is_err());
        }
    }
}
