//! The open-data package: a directory that is published as it stands (Frictionless Data Package 2.0).
//!
//! Personal data is taken out of each record as it comes in, before it reaches the disk. The directory appears whole or
//! not at all: it is made beside its place and moved there at the end.

mod metadata;
mod package;
#[cfg_attr(not(test), expect(dead_code, reason = "the package does not write it yet"))]
mod page;
mod place;
mod privacy;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::flat::{cell_text, joined};
use super::spool::Spool;
use super::{Exporter, Options, csv};
use crate::error::{Error, ErrorKind, Result};
use crate::fold::slug;
use crate::record::{Part, Record};
use crate::reference::regions::Region;
use crate::row::Format;
use crate::schema;
use crate::schema::table::{COLUMNS, Origin, table_schema};
pub use metadata::{Coverage, DataSource, Figure, Frequency, Metadata};
pub use privacy::Withheld;

/// How a package is made.
#[derive(Debug, Clone, Default)]
pub struct OpenDataOptions {
    /// What the package says about itself.
    pub metadata: Metadata,
}

/// A package on its way. Dropped before [`finish`](OpenData::finish), it leaves nothing behind.
pub struct OpenData {
    directory: PathBuf,
    /// In the folder of `directory`, so that the last move is one rename.
    workshop: TempDir,
    force: bool,
    options: OpenDataOptions,
    records: Spool<Entry>,
    /// Identifiers that the sources give: no derived one may take their place.
    given: BTreeSet<String>,
}

/// What was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// How many records.
    pub records: u64,
    /// What was withheld from them.
    pub withheld: Withheld,
}

/// A redacted record.
#[derive(serde::Serialize, serde::Deserialize)]
struct Entry {
    record: Record,
    withheld: Withheld,
}

impl OpenData {
    /// Starts the package that will stand in `directory`. With `force`, it replaces an earlier one, or an empty directory.
    pub fn create(directory: &Path, force: bool, options: OpenDataOptions) -> Result<OpenData> {
        check_place(directory, force)?;
        let parent = match directory.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let workshop = tempfile::Builder::new()
            .prefix(".ptce-")
            .tempdir_in(parent)
            .map_err(|error| Error::io(&parent.display().to_string(), &error))?;
        Ok(OpenData {
            directory: directory.to_owned(),
            workshop,
            force,
            options,
            records: Spool::new()?,
            given: BTreeSet::new(),
        })
    }

    /// Adds a record, redacted.
    pub fn record(&mut self, record: &Record) -> Result<()> {
        let mut record = record.clone();
        let withheld = privacy::redact(&mut record);
        self.given.extend(record.id.clone().filter(|id| *id == slug(id)));
        self.records.push(&Entry { record, withheld })
    }

    /// Publishes the records but those that `exclude` names by their rank, counted from 1.
    pub fn finish(self, exclude: &dyn Fn(u64) -> bool) -> Result<Published> {
        // The directory of the workshop is private; one made inside it has the usual permissions.
        let made = self.workshop.path().join("package");
        fs::create_dir(&made).map_err(|error| Error::io(&made.display().to_string(), &error))?;
        let published = write(&made, self.records, self.given, exclude, &self.options)
            .map_err(|error| error.in_file(&self.directory.display().to_string()))?;
        install(&made, &self.directory, &self.workshop.path().join("previous"), self.force)?;
        // The earlier package goes with the workshop, and its leftovers are no reason to say that nothing was published.
        let _ = self.workshop.close();
        Ok(published)
    }
}

/// Whether the package may be put in `directory`.
fn check_place(directory: &Path, force: bool) -> Result<()> {
    let name = directory.display().to_string();
    let refuse = |fr: &str, en: &str| Err(Error::new(ErrorKind::Usage, fr, en).in_file(&name));
    if directory.file_name().is_none() {
        return refuse("indiquez un dossier par son nom", "name a directory");
    }
    let kind = match fs::symlink_metadata(directory) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io(&name, &error)),
    };
    if !kind.is_dir() {
        return refuse(
            "ce n’est pas un dossier ; choisissez un autre nom",
            "this is not a directory; choose another name",
        );
    }
    if !force {
        return refuse(
            "ce dossier existe déjà ; choisissez un autre nom, ou --force pour le remplacer",
            "this directory exists already; choose another name, or --force to replace it",
        );
    }
    let mut is_empty = true;
    let mut is_package = false;
    for entry in fs::read_dir(directory).map_err(|error| Error::io(&name, &error))? {
        let entry = entry.map_err(|error| Error::io(&name, &error))?;
        is_empty = false;
        is_package |= entry.file_name() == "datapackage.json";
        // A package has no folders. One in it (`.git`…) holds someone's work.
        if entry.file_type().map_err(|error| Error::io(&name, &error))?.is_dir() {
            return refuse(
                "ce dossier en contient d’autres, il n’est pas remplacé ; choisissez un autre nom",
                "this directory contains others and is not replaced; choose another name",
            );
        }
    }
    if !is_empty && !is_package {
        return refuse(
            "ce dossier n’est ni vide ni un jeu de données (datapackage.json), il n’est pas remplacé ; choisissez un autre nom",
            "this directory is neither empty nor a data package (datapackage.json) and is not replaced; choose another name",
        );
    }
    Ok(())
}

/// Moves the package to its place, and what stood there to `previous`.
fn install(made: &Path, directory: &Path, previous: &Path, force: bool) -> Result<()> {
    let failed = |error: io::Error| Error::io(&directory.display().to_string(), &error);
    // Time has passed since the first look.
    check_place(directory, force)?;
    let replaces = match fs::rename(directory, previous) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(failed(error)),
    };
    fs::rename(made, directory).map_err(|error| {
        if replaces {
            // Nothing more can be done if even this fails; the error below says why.
            let _ = fs::rename(previous, directory);
        }
        failed(error)
    })
}

/// Writes all files of the package.
fn write(
    directory: &Path,
    entries: Spool<Entry>,
    given: BTreeSet<String>,
    exclude: &dyn Fn(u64) -> bool,
    options: &OpenDataOptions,
) -> Result<Published> {
    let mut files = Files { directory, sums: BTreeMap::new() };
    let mut json_file = files.create("ptce.json")?;
    let mut csv_file = files.create("ptce.csv")?;
    let mut json = Exporter::new(Format::Json, &mut json_file, &Options::default())?;
    let mut table = csv::writer(&mut csv_file);
    table.write_record(COLUMNS.iter().map(|column| column.name)).map_err(csv::csv_error)?;

    let mut published = Published { records: 0, withheld: Withheld::default() };
    let mut ids = Ids { given, taken: BTreeSet::new(), numbers: BTreeMap::new() };
    let mut sources = BTreeSet::new();
    let mut rank = 0;
    entries.replay(|Entry { mut record, withheld }| {
        rank += 1;
        if exclude(rank) {
            return Ok(());
        }
        published.records += 1;
        published.withheld.merge(&withheld);
        record.id = Some(ids.of(&record));
        sources.extend(record.source.file.clone());
        let cells = COLUMNS.iter().map(|column| harmless(cell(&record, column.origin)));
        table.write_record(cells).map_err(csv::csv_error)?;
        json.record(&record)
    })?;
    table.flush().map_err(super::write_error)?;
    drop(table);
    json.finish()?;
    let (csv_bytes, csv_sum) = files.close(csv_file)?;
    let (json_bytes, json_sum) = files.close(json_file)?;

    let resources = [
        package::Resource {
            name: "ptce",
            path: "ptce.csv",
            title: "PTCE, tableau",
            description: "Une ligne par PTCE.",
            format: "csv",
            mediatype: "text/csv",
            bytes: csv_bytes,
            sha256: csv_sum,
            is_table: true,
        },
        package::Resource {
            name: "ptce-json",
            path: "ptce.json",
            title: "PTCE, fiches",
            description: "Une fiche par PTCE, avec ses listes : objectifs, actions, partenaires, communes.",
            format: "json",
            mediatype: "application/json",
            bytes: json_bytes,
            sha256: json_sum,
            is_table: false,
        },
    ];
    let sources: Vec<String> = sources.into_iter().collect();
    let version = schema::root().text("version");
    files.text("schema.json", &pretty(&table_schema()))?;
    files.text("datapackage.json", &pretty(&package::datapackage(&options.metadata, version, &sources, &resources)))?;
    files.text("LICENCE.md", &package::licence_text(&options.metadata))?;
    files.text("LISEZMOI.md", &package::readme(&options.metadata, published.records))?;
    let sums: String = files.sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
    files.text("SHA256SUMS", &sums)?;
    Ok(published)
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// The files of the package, and the SHA-256 of those that are complete.
struct Files<'a> {
    directory: &'a Path,
    sums: BTreeMap<&'static str, String>,
}

/// A file that knows its size and its SHA-256.
struct Hashed {
    name: &'static str,
    file: BufWriter<File>,
    bytes: u64,
    hash: Sha256,
}

impl Write for Hashed {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.file.write(buffer)?;
        self.hash.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Files<'_> {
    fn create(&self, name: &'static str) -> Result<Hashed> {
        let path = self.directory.join(name);
        let file = File::create_new(&path).map_err(|error| Error::io(&path.display().to_string(), &error))?;
        Ok(Hashed { name, file: BufWriter::new(file), bytes: 0, hash: Sha256::new() })
    }

    fn close(&mut self, mut file: Hashed) -> Result<(u64, String)> {
        file.flush().map_err(super::write_error)?;
        let sum: String = file.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        self.sums.insert(file.name, sum.clone());
        Ok((file.bytes, sum))
    }

    fn text(&mut self, name: &'static str, text: &str) -> Result<()> {
        let mut file = self.create(name)?;
        file.write_all(text.as_bytes()).map_err(super::write_error)?;
        self.close(file).map(|_| ())
    }
}

/// Gives each record an identifier of its own.
struct Ids {
    given: BTreeSet<String>,
    taken: BTreeSet<String>,
    /// The last number that was put behind each.
    numbers: BTreeMap<String, u64>,
}

impl Ids {
    fn of(&mut self, record: &Record) -> String {
        let given = record.id.as_ref().filter(|id| self.given.contains(*id));
        if let Some(id) = given
            && self.taken.insert(id.clone())
        {
            return id.clone();
        }
        let base =
            [&record.id, &record.name].into_iter().flatten().map(|text| slug(text)).find(|slug| !slug.is_empty());
        let base = base.unwrap_or_else(|| "ptce".to_owned());
        let number = self.numbers.entry(base.clone()).or_insert(1);
        let mut id = if *number == 1 { base.clone() } else { format!("{base}-{number}") };
        while self.given.contains(&id) || self.taken.contains(&id) {
            *number += 1;
            id = format!("{base}-{number}");
        }
        self.taken.insert(id.clone());
        id
    }
}

/// The value of a record in a published column.
fn cell(record: &Record, origin: Origin) -> String {
    let region =
        |value: fn(&Region) -> &'static str| place::present_region(record).map(value).unwrap_or_default().to_owned();
    let position = |value: fn(place::Position) -> String| place::position(record).map(value).unwrap_or_default();
    match origin {
        Origin::Value(pointer) => record.at(pointer).map(|part| cell_text(part).into_owned()).unwrap_or_default(),
        Origin::Every(pointer) => joined(elements(record, pointer)),
        Origin::First(pointer) => elements(record, pointer).next().unwrap_or_default().to_owned(),
        Origin::PresentRegionCode => region(|region| region.code),
        Origin::PresentRegionName => region(|region| region.name),
        Origin::Latitude => position(|position| format!("{:.4}", position.latitude)),
        Origin::Longitude => position(|position| format!("{:.4}", position.longitude)),
        Origin::Precision => position(|position| position.precision.name().to_owned()),
    }
}

/// The texts at `pointer` in the elements of the list that it goes through.
fn elements<'a>(record: &'a Record, pointer: &'static str) -> impl Iterator<Item = &'a str> {
    let (list, key) = pointer.split_once("/*/").unwrap_or((pointer, ""));
    let list = match record.at(list) {
        Some(Part::List(list)) => Some(list),
        _ => None,
    };
    list.into_iter().flat_map(move |list| {
        (0..list.count()).filter_map(move |index| match list.element(index) {
            Some(Part::Group(group)) => match group.part(key) {
                Some(Part::Text(text)) => Some(text),
                _ => None,
            },
            _ => None,
        })
    })
}

/// A cell that a spreadsheet takes for a formula, made harmless. RFC 4180 quotes do not help against that.
fn harmless(cell: String) -> String {
    let is_trigger = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    let is_phone = |cell: &str| {
        cell.strip_prefix('+').is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_ascii_digit())
                && rest
                    .chars()
                    .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '(' | ')' | '\u{a0}' | '\u{202f}'))
        })
    };
    if cell.starts_with(is_trigger) && cell.parse::<f64>().is_err() && !is_phone(&cell) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::sample;

    fn publish(directory: &Path, force: bool, records: &[Record]) -> Result<Published> {
        let mut package = OpenData::create(directory, force, OpenDataOptions::default())?;
        for record in records {
            package.record(record)?;
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
            ["LICENCE.md", "LISEZMOI.md", "SHA256SUMS", "datapackage.json", "ptce.csv", "ptce.json", "schema.json",]
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
        let mut package = OpenData::create(&parent.path().join("jeu"), false, OpenDataOptions::default()).unwrap();
        package.record(&sample()[0]).unwrap();
        drop(package);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
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
        let mut package = OpenData::create(&place, false, OpenDataOptions::default()).unwrap();
        for record in sample() {
            package.record(&record).unwrap();
        }
        let published = package.finish(&|rank| rank != 2).unwrap();
        assert_eq!(published.records, 1);
        // The second record has one person, who has a number; the mailbox is that of an office.
        assert_eq!(
            published.withheld.counts().collect::<Vec<_>>(),
            [("/contacts/*/nom", 1), ("/contacts/*/telephone", 1),]
        );
        let rows = rows(&place);
        assert_eq!(rows[0]["id"], "sud-sauvage-solidaire");
        assert_eq!(rows[0]["courriel"], "direction@sud-sauvage.example.org");
        assert_eq!(rows[0]["telephone"], "");
    }

    #[test]
    fn every_record_has_its_own_identifier() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("jeu");
        let records = [
            named("Bois", None),
            named("Bois", None),
            named("Laine", Some("bois")),
            named("Laine", Some("bois")),
            named("Laine", Some("Bois Sacré")),
            named("Bois 2", None),
            named("—", None),
            Record::default(),
        ];
        publish(&place, false, &records).unwrap();
        let ids: Vec<String> = rows(&place).iter().map(|row| row["id"].clone()).collect();
        assert_eq!(ids, ["bois-2", "bois-3", "bois", "bois-4", "bois-sacre", "bois-2-2", "ptce", "ptce-2"]);
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
        assert_eq!(rows[1]["region_actuelle_nom"], "Hauts-de-France");
        assert_eq!(rows[2]["region_actuelle_nom"], "Nouvelle-Aquitaine");
    }

    #[test]
    fn no_cell_becomes_a_formula() {
        let made = |cell: &str| harmless(cell.to_owned());
        for cell in ["=1+1", "+SUM(A1)", "-x", "@x", "\tx", "＝1", "+33 1 - 2"] {
            assert_eq!(made(cell), format!("'{cell}"));
        }
        for cell in ["-5", "+12.5", "+33 1 99 00 12 34", "Bois", "", "a=b", "'=1"] {
            assert_eq!(made(cell), cell);
        }
    }

    #[test]
    fn no_file_holds_what_was_withheld() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("jeu");
        let mut records = sample();
        records[0].project.summary = Some("Écrire à maelle.quintric@filieres-vives.example.org".to_owned());
        publish(&place, false, &records).unwrap();
        for (name, bytes) in contents(&place) {
            let text = String::from_utf8(bytes).unwrap();
            for secret in ["Quintric", "quintric", "Rivoire", "Tavernacci", "tavernacci", "06 39 98"] {
                assert!(!text.contains(secret), "{secret} in {name}");
            }
        }
    }
}
