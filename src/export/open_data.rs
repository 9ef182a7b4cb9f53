//! The open-data package: a folder or an archive that is published as it stands (Frictionless Data Package 2.0).
//!
//! Personal data is taken out of each record as it comes in, before it reaches the disk. When all records are known, they
//! are written in the order of their identifiers, so that the order of the sources does not matter; each file is searched for
//! what was withheld while it is written. The package appears whole or not at all.

mod catalogue;
mod folder;
mod geojson;
mod grants;
mod graph;
mod identifiers;
mod linked;
mod metadata;
mod package;
pub(crate) mod page;
#[cfg(feature = "parquet")]
mod parquet;
mod place;
mod privacy;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::spool::{Slot, Spool, spool_error};
use super::{Exporter, Options, write_error};
use crate::error::{Error, ErrorKind, Result};
use crate::record::{At, Member, Record};
use crate::reference::departments;
use crate::row::Format;
use crate::schema;
use crate::schema::table::table_schema;
use catalogue::{Catalogue, Extent};
pub use folder::Held;
use folder::{Files, PAGE, Place, Store};
use geojson::GeoJson;
pub use grants::{Granted, Grants, Missing, Nature};
use identifiers::{Identifiers, Offered};
use linked::Linked;
pub use metadata::{Coverage, DataSource, Figure, Frequency, Metadata};
use page::Page;
use place::Placed;
use privacy::leaks::{self, Search};
use privacy::review::{List, Mention};
pub use privacy::{
    Consents, Decisions, Doubtful, Objections, Privacy, Reason, Withheld, may_tell_somebody, tells_somebody,
};
use privacy::{Redactor, Secrets};
use tables::{Columns, Corrections, Tables};

/// The file that describes the columns of the table of PTCE.
const SCHEMA: &str = "schema.json";

/// How a package is made.
#[derive(Debug, Clone, Default)]
pub struct OpenDataOptions {
    /// What the package says about itself.
    pub metadata: Metadata,
    /// When it is made, for the files that say so; by default the day of the data, so that the same records give the same
    /// bytes on any day.
    pub made: Option<Timestamp>,
    /// What the publisher decided about personal data.
    pub privacy: Privacy,
    /// Whether the records that are excluded go into a table of their own, for those who correct them.
    pub keep_excluded: bool,
}

/// A package on its way. Dropped before [`finish`](OpenData::finish), it leaves nothing behind.
pub struct OpenData<'a> {
    place: Place,
    options: &'a OpenDataOptions,
    redactor: Redactor<'a>,
    records: Spool,
    /// A record on its way there.
    buffer: Vec<u8>,
    /// The records that can be written, in the order of the sources; nothing for the others.
    offered: Vec<Option<Set>>,
}

/// A record that is set aside.
struct Set {
    /// What it offers for an identifier.
    offered: Offered,
    slot: Slot,
    /// The hash of what it holds: records of one name in one place are numbered by it, whatever their order.
    hash: u64,
}

/// What was published.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Published {
    /// How many records.
    pub records: u64,
    /// What was withheld from them.
    pub withheld: Withheld,
    /// What became of the grants.
    pub granted: Granted,
    /// Mentions that may name a person and that nobody decided about.
    pub doubtful: u64,
    /// Where they are listed, beside the package.
    pub review: Option<PathBuf>,
    /// The package, where it was made in memory.
    pub held: Option<Held>,
}

/// A redacted record.
#[derive(serde::Serialize, serde::Deserialize)]
struct Entry {
    record: Record,
    withheld: Withheld,
    doubtful: Vec<Mention>,
}

/// Where a record holds a character that no table, XML or JSON file should hold, and the character: such a record is not
/// published.
pub fn unwritable(record: &Record) -> Option<(&'static str, char)> {
    /// Bytes that are looked at together: hardly any text has one of these.
    const BLOCK: usize = 32;
    let mut found = None;
    let may_be =
        |block: &[u8]| block.iter().fold(false, |may, byte| may | (*byte < b' ') | (*byte == 0x7F) | (*byte == 0xEF));
    record.each_text(At::FIRST, &mut |at: At, text: &str| {
        let is_control = |c: char| matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}' | '\u{FFFE}' | '\u{FFFF}');
        if found.is_none() && text.as_bytes().chunks(BLOCK).any(may_be) {
            found = text.chars().find(|c| is_control(*c)).map(|c| (at.field().values(), c));
        }
    });
    found
}

impl<'a> OpenData<'a> {
    /// Starts the package that will stand at `path`: a folder, or an archive if its name ends in `.zip`. With `force`, it
    /// replaces an earlier package, or an empty folder.
    ///
    /// # Errors
    /// When something else stands there, its folder cannot be written to, or the reason for keeping contacts names somebody.
    pub fn create(path: &Path, force: bool, options: &'a OpenDataOptions) -> Result<OpenData<'a>> {
        OpenData::at(Place::new(path, force)?, options)
    }

    fn at(place: Place, options: &'a OpenDataOptions) -> Result<OpenData<'a>> {
        if options.privacy.keep_contacts.as_deref().is_some_and(privacy::may_tell_somebody) {
            return Err(Error::new(
                ErrorKind::Usage,
                "la raison donnée à --keep-contacts est publiée, et celle-ci nomme ou permet de joindre quelqu’un ; \
                 récrivez-la",
                "the reason given to --keep-contacts is published, and this one names or reaches somebody; write it \
                 otherwise",
            ));
        }
        Ok(OpenData {
            place,
            options,
            redactor: Redactor::new(&options.privacy),
            records: Spool::new()?,
            buffer: Vec::new(),
            offered: Vec::new(),
        })
    }

    /// Starts a package in memory, for callers that have no disk; `name` is that of its archive in errors.
    ///
    /// ```
    /// use ptce::export::open_data::{OpenData, OpenDataOptions};
    /// let options = OpenDataOptions::default();
    /// let mut publication = OpenData::in_memory("publication.zip", &options)?;
    /// for record in ptce::records(vec![ptce::Input::open("samples/conforme.csv".as_ref())?])? {
    ///     publication.record(record)?;
    /// }
    /// let published = publication.finish(&|_| false)?;
    /// assert!(published.held.is_some_and(|held| held.archive.starts_with(b"PK")));
    /// # Ok::<(), ptce::Error>(())
    /// ```
    ///
    /// # Errors
    /// When there is no room for the records.
    pub fn in_memory(name: &str, options: &'a OpenDataOptions) -> Result<OpenData<'a>> {
        OpenData::at(Place::Memory(name.to_owned()), options)
    }

    /// Adds a record, redacted; one that is [`unwritable`] is left out.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn record(&mut self, mut record: Record) -> Result<()> {
        if unwritable(&record).is_some() {
            self.offered.push(None);
            return Ok(());
        }
        let mut doubtful = Vec::new();
        let withheld = self.redactor.redact(&mut record, &mut doubtful);
        let offered = Offered::by(&record);
        self.buffer.clear();
        serde_json::to_writer(&mut self.buffer, &Entry { record, withheld, doubtful }).map_err(spooled)?;
        let mut hasher = DefaultHasher::new();
        hasher.write(&self.buffer);
        self.offered.push(Some(Set { offered, slot: self.records.push(&self.buffer)?, hash: hasher.finish() }));
        Ok(())
    }

    /// Publishes the records but those that `exclude` names by their rank, counted from 1.
    ///
    /// # Errors
    /// When a file cannot be written, or holds a personal value that was withheld.
    pub fn finish(self, exclude: &dyn Fn(u64) -> bool) -> Result<Published> {
        let OpenData { place, options, redactor, records, offered, .. } = self;
        let (store, mut review) = (place.store()?, place.review()?);
        let mut published = write(&store, &mut review, records, &offered, &redactor.finish(), exclude, options)
            .map_err(|error| error.in_file(&place.name()))?;
        (published.review, published.held) = place.install(&store, Some(review).filter(|_| published.doubtful > 0))?;
        Ok(published)
    }
}

/// The error of a record that could not be set aside.
fn spooled(error: serde_json::Error) -> Error {
    spool_error(error.into())
}

/// Writes all files of the package to `store`, and what somebody has to look at to `review`.
fn write(
    store: &Store,
    review: &mut (impl Write + ?Sized),
    entries: Spool,
    offered: &[Option<Set>],
    secrets: &Secrets,
    exclude: &dyn Fn(u64) -> bool,
    options: &OpenDataOptions,
) -> Result<Published> {
    let OpenDataOptions { metadata, made, privacy, keep_excluded } = options;
    let mut identifiers = Identifiers::new(offered.iter().flatten().map(|set| &set.offered));
    let mut sets: Vec<(&Set, bool)> =
        offered.iter().zip(1..).filter_map(|(set, rank)| Some((set.as_ref()?, exclude(rank)))).collect();
    sets.sort_unstable_by_key(|(set, _)| (set.offered.twin, set.hash));
    let is_kept = |(_, is_excluded): &&(&Set, bool)| !is_excluded || *keep_excluded;
    let mut order: Vec<(bool, String, Slot)> = sets
        .iter()
        .filter(is_kept)
        .map(|(set, is_excluded)| (*is_excluded, identifiers.of(&set.offered, |text| !secrets.are_in(text)), set.slot))
        .collect();
    order.sort_unstable();
    let left_out = offered.len() - order.iter().filter(|(is_excluded, ..)| !is_excluded).count();
    if order.is_empty() && left_out > 0 {
        return Err(Error::new(
            ErrorKind::Empty,
            "aucune fiche ne peut être publiée ; rien n’est écrit, et une publication précédente reste telle quelle",
            "no record can be published; nothing is written, and an earlier publication stays as it is",
        ));
    }
    metadata.without(secrets)?;
    let mut list = List::new(review).map_err(write_error)?;
    let mut page = Page::new(metadata, left_out);

    let mut files = Files::new(store, secrets);
    let mut seen = Seen::default();
    let mut json_file = files.create("ptce.json")?;
    let mut json = Exporter::new(Format::Json, &mut json_file, &Options::default())?;
    let mut tables = Tables::new(files.create("ptce.csv")?, files.create("partenaires.csv")?)?;
    let mut geojson = GeoJson::new(files.create("ptce.geojson")?).map_err(write_error)?;
    let mut linked = Linked::new(files.create(package::LINKED)?, metadata.base_url.as_deref()).map_err(write_error)?;
    let mut grants = grants::Table::new(&metadata.grants);
    #[cfg(feature = "parquet")]
    let mut parquet = parquet::Parquet::new(files.create(parquet::NAME)?)?;
    let columns = Columns::new();
    let mut corrections = match order.iter().any(|(is_excluded, ..)| *is_excluded) {
        true => Some(Corrections::new(files.create(package::CORRECTIONS)?)?),
        false => None,
    };
    let mut ids = order.iter();
    entries.replay_at(order.iter().map(|(.., slot)| *slot), |entry| {
        // The texts are looked at together: to ask of each whether it is UTF-8 takes longer.
        let entry = simdutf8::basic::from_utf8(entry).map_err(|error| spool_error(io::Error::other(error)))?;
        let Entry { mut record, mut withheld, mut doubtful } = serde_json::from_str(entry).map_err(spooled)?;
        secrets.scrub(&mut record, &mut withheld, privacy, &mut doubtful);
        let Some((is_excluded, id, _)) = ids.next() else { return Ok(()) };
        record.id = Some(id.clone());
        canonical(&mut record);
        for mention in &doubtful {
            list.add(id, mention).map_err(write_error)?;
        }
        let placed = Placed::new(record);
        let cells = columns.cells(&placed);
        if let Some(corrections) = corrections.as_mut().filter(|_| *is_excluded) {
            seen.withheld.merge(&withheld);
            return corrections.record(&cells);
        }
        seen.record(&placed, &withheld);
        tables.record(&placed.record, &cells)?;
        geojson.record(&placed, &cells).map_err(write_error)?;
        linked.record(&placed).map_err(write_error)?;
        grants.record(&placed.record, || files.create(package::GRANTS))?;
        page.add(&placed);
        #[cfg(feature = "parquet")]
        parquet.record(&cells, placed.position.map(|place| (place.longitude, place.latitude)))?;
        json.record(&placed.record)
    })?;
    json.finish()?;
    let (hubs, partners) = tables.finish()?;
    let geojson = geojson.finish().map_err(write_error)?;
    let linked = linked.finish().map_err(write_error)?;
    let (grants, granted) = grants.finish()?;
    let has_grants = grants.is_some();
    #[cfg(feature = "parquet")]
    let parquet = [parquet.finish()?];
    #[cfg(not(feature = "parquet"))]
    let parquet = [];
    let corrections = corrections.map(Corrections::finish).transpose()?;
    files.close(
        [json_file, geojson, linked, hubs, partners].into_iter().chain(parquet).chain(corrections).chain(grants),
    )?;
    let (undecided, doubts) = list.finish(&privacy.decisions)?;

    let Seen { records, withheld, last_day, extent } = seen;
    let updated = metadata.updated.or(last_day);
    let day = updated.and_then(|day| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok());
    let version = schema::root().text("version");
    let resources: Vec<package::Resource> = package::RESOURCES
        .into_iter()
        .filter_map(|(name, path, title, description, mediatype, kind)| {
            let sum = files.sum(path)?.clone();
            Some(package::Resource { name, path, title, description, mediatype, kind, sum })
        })
        .collect();
    let datapackage = package::datapackage(metadata, made.or(day), privacy, version, &resources);
    let catalogue = Catalogue::new(metadata, updated, extent, &resources);
    files.text(SCHEMA, &pretty(&table_schema()))?;
    files.text(package::RECORD_SCHEMA, &pretty(&schema::published()))?;
    if has_grants {
        files.text(package::GRANTS_SCHEMA, &pretty(&grants::schema()))?;
    }
    files.text("datapackage.json", &pretty(&datapackage))?;
    files.text("catalogue.ttl", &catalogue.turtle())?;
    files.text("catalogue.jsonld", &pretty(&catalogue.json_ld()))?;
    files.text(
        "occultations.json",
        &pretty(&package::redactions(privacy, [records, left_out as u64], &withheld, &doubts, secrets.count())),
    )?;
    files.text("LICENCE", &package::licence_text(metadata, updated))?;
    files.text(
        package::README,
        &package::readme(metadata, privacy, [records, left_out as u64], &granted, |name| files.sum(name).is_some()),
    )?;
    let mut index = files.create(PAGE)?;
    page.write(&mut index, &described(&files), &told(&withheld)).map_err(write_error)?;
    files.close([index])?;
    let sums: String = files.sums().map(|(name, sum)| package::sum_line(&sum.sha256, name)).collect();
    files.text(package::SUMS, &sums)?;
    files.finish()?;
    Ok(Published { records, withheld, granted, doubtful: undecided, review: None, held: None })
}

/// The hashes of the lines that a publication without records and of our own description has: no record writes them.
fn blank_lines() -> Result<BTreeSet<u64>> {
    let store = Store::memory();
    let nobody = Redactor::new(&Privacy::default()).finish();
    let options = OpenDataOptions::default();
    write(&store, &mut io::sink(), Spool::new()?, &[], &nobody, &|_| false, &options)?;
    let mut lines = BTreeSet::new();
    for name in
        [PAGE, "LISEZMOI.md", "LICENCE", "datapackage.json", "catalogue.ttl", "catalogue.jsonld", "occultations.json"]
    {
        let text = String::from_utf8(store.bytes(name)?).unwrap_or_default();
        lines.extend(text.lines().map(|line| leaks::line_hash(line.as_bytes())));
    }
    Ok(lines)
}

/// What the files that describe the data need to know of it.
#[derive(Default)]
struct Seen {
    records: u64,
    withheld: Withheld,
    /// The last day on which laureates were announced.
    last_day: Option<Date>,
    extent: Option<Extent>,
}

impl Seen {
    fn record(&mut self, placed: &Placed, withheld: &Withheld) {
        let record = &placed.record;
        self.records += 1;
        self.withheld.merge(withheld);
        self.last_day = self.last_day.max(record.call.announced.as_deref().and_then(|day| day.parse().ok()));
        if let Some(place) = placed.position {
            self.extent = Some(Extent::reaching(self.extent, place.longitude, place.latitude));
        }
    }
}

/// The files that the page offers, each with what it holds and its size in bytes.
fn described<'a>(files: &Files<'a>) -> Vec<(&'static str, &'static str, u64)> {
    // The sums come last, but their size is known: that of a line for each file, the page too.
    let line = |name: &str| package::sum_line(&"0".repeat(64), name).len() as u64;
    let sums = files.sums().map(|(name, _)| line(name)).sum::<u64>() + line(PAGE);
    let size = |name: &str| files.sum(name).map(|sum| sum.bytes).or((name == package::SUMS).then_some(sums));
    package::DESCRIBED.iter().filter_map(|(name, text)| Some((*name, *text, size(name)?))).collect()
}

/// What was withheld, by reason.
fn told(withheld: &Withheld) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<Reason, u64> = BTreeMap::new();
    for (_, reason, count) in withheld.counts() {
        *counts.entry(reason).or_default() += count;
    }
    counts.into_iter().map(|(reason, count)| (reason.told().to_owned(), count)).collect()
}

/// Writes identifiers as the schema has them (people set the digits of a SIRET apart), and gives each department both its
/// code and its name, so that the lists of these go together.
fn canonical(record: &mut Record) {
    for department in &mut record.territory.departments {
        match (&department.code, &department.name) {
            (Some(code), None) => department.name = departments::by_code(code).map(|known| known.name.to_owned()),
            (None, Some(name)) => department.code = departments::by_name(name).map(|known| known.code.to_owned()),
            _ => {}
        }
    }
    let coordinator = &mut record.coordinator;
    for number in [&mut coordinator.siren, &mut coordinator.siret, &mut coordinator.rna].into_iter().flatten() {
        number.retain(char::is_alphanumeric);
        number.make_ascii_uppercase();
    }
}

/// How a file is searched for what was withheld while it is written; the schemas are not: they tell nothing of the records, and
/// the numbers that they give as examples may be somebody's.
fn search<'a>(name: &'static str, secrets: &'a Secrets) -> Option<Box<dyn Search + Send + 'a>> {
    match name {
        SCHEMA | package::RECORD_SCHEMA | package::GRANTS_SCHEMA => None,
        #[cfg(feature = "parquet")]
        parquet::NAME => None,
        _ if name.ends_with(".csv") => Some(Box::new(leaks::Cells::new(name, secrets))),
        _ => Some(Box::new(leaks::Lines::new(name, secrets, &blank_lines))),
    }
}

/// Searches a file that is complete, where it was not searched before: the table in Parquet is not read front to back.
fn search_complete(name: &str, store: &Store, secrets: &Secrets) -> Result<()> {
    #[cfg(feature = "parquet")]
    if name == parquet::NAME {
        return parquet::search(name, store.open(name)?, secrets);
    }
    let _ = (name, store, secrets);
    Ok(())
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::error::ErrorKind;
    use crate::export::tests::sample;

    fn publish(directory: &Path, force: bool, records: &[Record]) -> Result<Published> {
        let options = OpenDataOptions::default();
        let mut package = OpenData::create(directory, force, &options)?;
        for record in records {
            package.record(record.clone())?;
        }
        package.finish(&|_| false)
    }

    fn contents(directory: &Path) -> BTreeMap<String, Vec<u8>> {
        let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
        files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect()
    }

    fn named(name: &str, id: Option<&str>) -> Record {
        Record { id: id.map(str::to_owned), name: Some(name.to_owned()), ..Record::default() }
    }

    /// The rows of `ptce.csv`, by the names of the columns.
    fn rows(directory: &Path) -> Vec<BTreeMap<String, String>> {
        let mut reader = ::csv::Reader::from_path(directory.join("ptce.csv")).unwrap();
        reader.deserialize().map(|row| row.unwrap()).collect()
    }

    #[test]
    fn the_same_records_give_the_same_bytes() {
        let parent = tempfile::tempdir().unwrap();
        let places = ["a", "b"].map(|name| parent.path().join(name));
        for place in &places {
            publish(place, false, &sample()).unwrap();
        }
        let files = contents(&places[0]);
        assert_eq!(files, contents(&places[1]));
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "LICENCE",
                "LISEZMOI.md",
                "SHA256SUMS",
                "catalogue.jsonld",
                "catalogue.ttl",
                "datapackage.json",
                "index.html",
                "occultations.json",
                "partenaires.csv",
                "ptce.csv",
                "ptce.geojson",
                "ptce.json",
                "ptce.jsonld",
                "ptce.parquet",
                "ptce.schema.json",
                "schema.json",
            ]
        );
        let json: Vec<Record> = serde_json::from_slice(&files["ptce.json"]).unwrap();
        assert_eq!(json.len(), sample().len());
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 2, "a workshop was left behind");
    }

    #[test]
    fn an_existing_directory_is_refused_or_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("jeu");
        let kind = |outcome: Result<Published>| outcome.map(|_| ()).map_err(|error| error.kind());
        fs::create_dir(&place).unwrap();
        assert_eq!(kind(publish(&place, false, &[])), Err(ErrorKind::Usage));
        assert_eq!(kind(publish(&place, true, &[])), Ok(()));
        assert_eq!(kind(publish(&place, false, &sample())), Err(ErrorKind::Usage));
        assert_eq!(kind(publish(&place, true, &sample())), Ok(()));
        assert_eq!(rows(&place).len(), 3);
        // Nobody's work is thrown away.
        fs::create_dir(place.join(".git")).unwrap();
        assert_eq!(kind(publish(&place, true, &[])), Err(ErrorKind::Usage));
        let other = parent.path().join("autre");
        fs::create_dir(&other).unwrap();
        fs::write(other.join("notes.txt"), "x").unwrap();
        assert_eq!(kind(publish(&other, true, &[])), Err(ErrorKind::Usage));
        assert_eq!(kind(publish(&other.join("notes.txt"), true, &[])), Err(ErrorKind::Usage));
        assert_eq!(kind(publish(&parent.path().join("absent/jeu"), false, &[])), Err(ErrorKind::Io));
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 2);
    }

    #[test]
    fn nothing_is_left_of_an_unfinished_package() {
        let parent = tempfile::tempdir().unwrap();
        let options = OpenDataOptions::default();
        let mut package = OpenData::create(&parent.path().join("jeu"), false, &options).unwrap();
        package.record(sample().remove(0)).unwrap();
        drop(package);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }

    #[test]
    fn hubs_of_one_name_keep_their_identifiers_when_a_text_is_corrected() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("jeu");
        let communes = |corrected: Option<usize>| {
            let mut records = ["Gap", "Die", "Lens"].map(|commune| {
                let mut record = named("Les Fabriques", None);
                record.address.commune = Some(commune.to_owned());
                record
            });
            if let Some(rank) = corrected {
                records[rank].project.summary = Some("Un fournil.".to_owned());
            }
            publish(&place, true, &records).unwrap();
            rows(&place).into_iter().map(|row| (row["id"].clone(), row["adresse_commune"].clone())).collect::<Vec<_>>()
        };
        let before = communes(None);
        assert_eq!(
            before.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(),
            ["les-fabriques", "les-fabriques-2", "les-fabriques-3"]
        );
        for rank in 0..3 {
            assert_eq!(communes(Some(rank)), before);
        }
    }

    #[cfg(unix)]
    #[test]
    fn everybody_may_read_what_is_published() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("jeu");
        publish(&place, false, &sample()).unwrap();
        let usual = parent.path().join("usual");
        fs::create_dir(&usual).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&place), mode(&usual));
        fs::write(usual.join("file"), "").unwrap();
        assert_eq!(mode(&place.join("ptce.csv")), mode(&usual.join("file")));
    }

    #[test]
    fn excluded_records_are_neither_written_nor_counted() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("jeu");
        let options = OpenDataOptions::default();
        let mut package = OpenData::create(&place, false, &options).unwrap();
        for record in sample() {
            package.record(record).unwrap();
        }
        let published = package.finish(&|rank| rank != 2).unwrap();
        assert_eq!(published.records, 1);
        // The second record has one person, who has a number; the mailbox is that of an office.
        assert_eq!(
            published.withheld.counts().collect::<Vec<_>>(),
            [
                ("/contacts/*/nom", Reason::Personne, 1),
                ("/contacts/*/telephone", Reason::TelephonePersonnel, 1),
                ("/source/feuille", Reason::Origine, 1),
                ("/source/fichier", Reason::Origine, 1),
            ]
        );
        let rows = rows(&place);
        assert_eq!(rows[0]["id"], "sud-sauvage-solidaire");
        assert_eq!(rows[0]["courriel"], "direction@sud-sauvage.example.org");
        assert_eq!(rows[0]["telephone"], "");
    }

    #[test]
    fn columns_hold_lists_and_the_present_region() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("jeu");
        let mut records: Vec<Record> = serde_json::from_str(include_str!("../../samples/laureats-2014.json")).unwrap();
        records.truncate(1);
        let mut picardie = named("Picardie", None);
        picardie.region.code = Some("22".to_owned());
        let mut limousin = named("Limousin", None);
        limousin.territory.departments = [("87", None), ("99", Some("Dordogne"))]
            .map(|(code, name)| crate::record::Department {
                code: Some(code.to_owned()),
                name: name.map(str::to_owned),
            })
            .to_vec();
        records.extend([picardie, limousin]);
        publish(&place, false, &records).unwrap();
        let rows = rows(&place);
        assert_eq!(rows[0]["departements_codes"], "05|04");
        assert_eq!(rows[0]["departements_noms"], "Hautes-Alpes|Alpes-de-Haute-Provence");
        assert!(rows[0]["partenaires"].starts_with("Comité d'expansion 05|LEST|"));
        assert_eq!(rows[0]["region_actuelle_code"], "93");
        // In the order of the identifiers.
        assert_eq!(rows[1]["region_actuelle_nom"], "Nouvelle-Aquitaine");
        assert_eq!(rows[2]["region_actuelle_nom"], "Hauts-de-France");
    }

    /// A publication of `records` that says of the grants what the records do not.
    fn publish_grants(records: &[Record]) -> (Published, BTreeMap<String, Vec<u8>>) {
        let parent = tempfile::tempdir().unwrap();
        let text = r#"
            base_url = "https://example.org/"
            [[grants]]
            edition = "2022"
            grantor = "Banque des territoires (exemple)"
            siret = "99958716500013"
            agreed = 2023-02-01
            nature = "aide en numéraire"
            payment = "échelonné"
            paid_from = 2023-02-01
            paid_to = 2024-12-31
            notified = false
            share = 1.0
            "#;
        let options =
            OpenDataOptions { metadata: Metadata::parse(text, "p.toml").unwrap(), ..OpenDataOptions::default() };
        let mut package = OpenData::create(&parent.path().join("jeu"), false, &options).unwrap();
        for record in records {
            package.record(record.clone()).unwrap();
        }
        let published = package.finish(&|_| false).unwrap();
        (published, contents(&parent.path().join("jeu")))
    }

    #[test]
    fn grants_are_a_table_of_what_is_known() {
        let mut records = sample();
        let (published, files) = publish_grants(&records);
        assert_eq!((published.granted.rows, published.granted.left_out.len()), (3, 0));
        let table = String::from_utf8(files["subventions.csv"].clone()).unwrap();
        assert_eq!(
            table.lines().nth(1),
            Some(
                "Banque des territoires (exemple),99958716500013,2023-02-01,,Association Filières vives,99941203400012,\
                 W261999123,Filières vives du Diois,120000,aide en numéraire,échelonné,2023-02-01/2024-12-31,,non,1,"
            )
        );
        // A sole trader is not published, nor is what was asked for; what is not known is not made up.
        records[0].coordinator.legal_form = Some("Entreprise individuelle".to_owned());
        records[0].coordinator.name = Some("Zélie Quincampoix".to_owned());
        records[1].coordinator.siret = None;
        records[2].call.edition = Some("2013".to_owned());
        records.push(Record {
            call: crate::record::Call { status: Some("candidature".to_owned()), ..records[1].call.clone() },
            ..records[1].clone()
        });
        let (published, files) = publish_grants(&records);
        assert_eq!(
            published.granted.left_out.into_iter().collect::<Vec<_>>(),
            [(Missing::Statement, 1), (Missing::Beneficiary, 1), (Missing::Siret, 1)]
        );
        assert!(!files.contains_key("subventions.csv") && !files.contains_key("subventions.schema.json"));
        // Some are there: the others are told.
        let (_, files) = publish_grants(&[records[0].clone(), sample().remove(1)]);
        let told = String::from_utf8(files["LISEZMOI.md"].clone()).unwrap();
        assert!(
            told.contains("`subventions.csv` a 1 des 2 subventions") && told.contains("1 sans bénéficiaire publié"),
            "{told}"
        );
    }

    #[test]
    fn wrong_statements_of_grants_are_refused() {
        let parse = |line: &str, other: &str| {
            let good = "[[grants]]\ngrantor = \"G\"\nsiret = \"99958716500013\"\nagreed = 2023-02-01\nnature = \"aide en nature\"\n\
                        payment = \"unique\"\npaid_from = 2023-02-01\nnotified = true\nshare = 0.5\n";
            assert!(good.contains(line), "{line}");
            Metadata::parse(&good.replace(line, other), "p.toml").map(|metadata| metadata.grants.len())
        };
        assert_eq!(parse("share", "share").ok(), Some(1));
        for (line, other) in [
            ("99958716500013", "99958716500014"),
            ("share = 0.5", "share = 50"),
            ("share = 0.5", ""),
            ("aide en nature", "argent"),
            ("notified = true", "paid_to = 2022-01-01\nnotified = true"),
            ("unique", ""),
            ("agreed = 2023-02-01", "agreed = \"2023-02-31\""),
        ] {
            let error = parse(line, other).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage, "{other}");
        }
    }

    #[test]
    fn linked_data_tell_what_the_records_tell() {
        let (_, files) = publish_grants(&sample());
        let graph: Value = serde_json::from_slice(&files["ptce.jsonld"]).unwrap();
        insta::assert_snapshot!(format!("{:#}", graph["@graph"][0]));
    }

    #[test]
    fn no_file_holds_what_was_withheld() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("jeu");
        let mut records = sample();
        records[0].project.summary = Some("Écrire à maelle.quintric@filieres-vives.example.org".to_owned());
        publish(&place, false, &records).unwrap();
        for (name, bytes) in contents(&place) {
            let text = String::from_utf8_lossy(&bytes);
            for secret in ["Quintric", "quintric", "Rivoire", "Tavernacci", "tavernacci", "06 39 98"] {
                assert!(!text.contains(secret), "{secret} in {name}");
            }
        }
    }
}
