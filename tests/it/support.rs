//! What all subjects share: samples, runs of the library and of the command, committed files that tests derive.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ptce::entry::OwnedEntry;
use ptce::export::{Exporter, Options};
use ptce::import::Input;
use ptce::row::Format;
use ptce::run::{self, Event, Outcome};
use ptce::settings::{Profile, Settings, Values};
use ptce::{Finding, Record, Result};

pub const FORMATS: [Format; 6] = [Format::Json, Format::Ndjson, Format::Csv, Format::Xml, Format::Xlsx, Format::Tables];

/// The three samples, and the profile under which each is judged.
pub const SAMPLES: [(&str, Profile); 3] =
    [("laureats-2014", Profile::Laureate), ("conforme", Profile::Laureate), ("candidature", Profile::Submission)];

/// The folder of the package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The bytes of a file of `samples/`.
pub fn sample(name: &str) -> Vec<u8> {
    let path = root().join("samples").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; run PTCE_UPDATE=1 cargo test", path.display()))
}

/// The records of the readable form of a sample, as serde reads them: not by our importers.
pub fn records(name: &str) -> Vec<Record> {
    serde_json::from_slice(&sample(&format!("{name}.json"))).expect("a sample is an array of records")
}

/// The name of the sheet of each sample's workbook.
pub fn sheet(name: &str) -> &'static str {
    match name {
        "laureats-2014" => "Lauréats",
        "candidature" => "Candidatures",
        _ => "PTCE",
    }
}

/// `records` through the exporter of a format.
pub fn exported(format: Format, sheet: &str, records: &[Record]) -> Vec<u8> {
    exported_with(format, &Options { sheet: sheet.to_owned(), ..Options::default() }, records)
}

/// The same, with any options.
pub fn exported_with(format: Format, options: &Options, records: &[Record]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut exporter = Exporter::new(format, &mut bytes, options).unwrap();
    for record in records {
        exporter.record(record).unwrap();
    }
    exporter.finish().unwrap();
    bytes
}

/// What a run gave.
pub struct Read {
    pub entries: Vec<OwnedEntry>,
    pub findings: Vec<Finding>,
    pub outcome: Outcome,
}

impl Read {
    pub fn records(&self) -> Vec<Record> {
        self.entries.iter().map(|entry| entry.record.clone()).collect()
    }

    pub fn count(&self, code: &str) -> usize {
        self.findings.iter().filter(|finding| finding.code == code).count()
    }
}

/// Runs the library over bytes in memory.
pub fn read_with(name: &str, bytes: &[u8], settings: &Settings) -> Result<Read> {
    let mut entries = Vec::new();
    let mut findings = Vec::new();
    leave(name, bytes);
    let inputs = vec![Input::from_bytes(name, bytes.to_vec())];
    let options = run::Options { records: true, ..run::Options::default() };
    let outcome = run::run(inputs, settings, &options, &mut |event| {
        match event {
            Event::Record(entry, found) => {
                entries.push(*entry);
                findings.extend(found);
            }
            Event::Findings(found) => findings.extend(found),
            _ => {}
        }
        Ok(())
    })?;
    Ok(Read { entries, findings, outcome })
}

/// Leaves what a test reads in the folder that `PTCE_INPUTS` names, for `tests/verdicts.py`: in a folder of the test, under
/// a name of its content, so that a second run adds nothing.
fn leave(name: &str, bytes: &[u8]) {
    use sha2::{Digest, Sha256};
    let Some(folder) = std::env::var_os("PTCE_INPUTS") else { return };
    let test = std::thread::current().name().unwrap_or("main").replace("::", "-");
    let digest: String = Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let folder = root().join(folder).join(test);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{digest}-{}", name.replace(['/', '\\'], "_"))), bytes).unwrap();
}

pub fn read(name: &str, bytes: &[u8]) -> Read {
    read_as(name, bytes, Profile::Laureate)
}

/// What was written is read letter by letter, whatever it could mean.
pub fn read_as_typed(name: &str, bytes: &[u8]) -> Read {
    let settings = Settings { values: Values::AsTyped, ..Settings::default() };
    read_with(name, bytes, &settings).unwrap_or_else(|error| panic!("{error}"))
}

pub fn read_as(name: &str, bytes: &[u8], profile: Profile) -> Read {
    let settings = Settings { profile, ..Settings::default() };
    read_with(name, bytes, &settings).unwrap_or_else(|error| panic!("{error}"))
}

/// What a finding says of the data, without the place: this does not depend on the format.
pub fn substance(findings: &[Finding]) -> Vec<String> {
    let mut lines: Vec<String> = findings
        .iter()
        .map(|finding| {
            let record = finding.record.as_ref().map(|record| record.index);
            format!(
                "{record:?} {} {} {} {:?} {:?}",
                finding.code,
                finding.level.name(),
                finding.pointer,
                finding.value,
                finding.suggestion
            )
        })
        .collect();
    lines.sort();
    lines
}

/// The pointers of all values of a record, in order, with the values.
pub fn values(record: &Record) -> Vec<(String, String)> {
    fn walk(value: &serde_json::Value, pointer: &str, found: &mut Vec<(String, String)>) {
        match value {
            serde_json::Value::Object(map) => {
                map.iter().for_each(|(key, value)| walk(value, &format!("{pointer}/{key}"), found));
            }
            serde_json::Value::Array(list) => {
                list.iter().enumerate().for_each(|(rank, value)| walk(value, &format!("{pointer}/{rank}"), found));
            }
            serde_json::Value::String(text) => found.push((pointer.to_owned(), text.clone())),
            other => found.push((pointer.to_owned(), other.to_string())),
        }
    }
    let mut found = Vec::new();
    walk(&serde_json::to_value(record).unwrap(), "", &mut found);
    found
}

/// Holds a committed file against what it is derived from; `PTCE_UPDATE=1` rewrites it.
pub fn assert_current(path: &str, bytes: &[u8]) {
    let full = root().join(path);
    let committed = std::fs::read(&full).unwrap_or_default();
    if committed == bytes {
        return;
    }
    if std::env::var_os("PTCE_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&full, bytes).unwrap();
        return;
    }
    let difference = first_difference(&committed, bytes);
    panic!("{path} is not current ({difference}); run `PTCE_UPDATE=1 cargo test`, then look at the change");
}

fn first_difference(committed: &[u8], derived: &[u8]) -> String {
    match (std::str::from_utf8(committed), std::str::from_utf8(derived)) {
        (Ok(committed), Ok(derived)) => {
            let mut lines = (1..).zip(committed.lines().zip(derived.lines()));
            match lines.find(|(_, (old, new))| old != new) {
                Some((number, (old, new))) => format!("line {number}: {old:?}, derived: {new:?}"),
                None => format!("{} bytes, derived: {}", committed.len(), derived.len()),
            }
        }
        _ => format!("{} bytes, derived: {}", committed.len(), derived.len()),
    }
}

/// A workbook as text: each sheet, each cell with its type.
pub fn workbook_view(bytes: &[u8]) -> String {
    use calamine::{Data, Reader, Xlsx};
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let mut view = String::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).unwrap();
        view.push_str(&format!("sheet {name:?}, {} × {}\n", range.height(), range.width()));
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, cell) in range.used_cells() {
            let letters = ptce::location::column_letters(left + column as u32 + 1);
            let value = match cell {
                Data::String(text) => format!("text {text:?}"),
                Data::Float(number) => format!("number {number}"),
                Data::DateTime(_) => format!("date {}", shown(cell)),
                other => format!("{other:?}"),
            };
            view.push_str(&format!("{letters}{}: {value}\n", top as usize + row + 1));
        }
    }
    view
}

/// The files of a zip archive, in its order.
pub fn archived(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// A zip archive of these files.
pub fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// An archive of text files as text.
pub fn archive_view(bytes: &[u8]) -> String {
    archived(bytes).iter().map(|(name, text)| format!("{name}\n{}\n", String::from_utf8_lossy(text))).collect()
}

/// A file of the archive that a workbook is.
pub fn part(workbook: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap_or_else(|error| panic!("{name}: {error}"))).unwrap()
}

/// A cell of a workbook as people see it, days in ISO 8601.
pub fn shown(cell: &calamine::Data) -> String {
    match cell {
        calamine::Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    }
}

/// What the command did.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The command, away from the settings of whoever runs the tests: English, no colours.
pub fn ptce() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ptce"));
    for name in ["LANG", "LC_MESSAGES", "LANGUAGE", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").env("NO_COLOR", "1").current_dir(root()).stdin(Stdio::null());
    command
}

pub fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().expect("no signal ended the command"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs the command in the folder of the package.
pub fn run_ptce(arguments: &[&str]) -> Ran {
    ran(ptce().args(arguments))
}

/// Runs the command with bytes on its standard input.
pub fn run_with_input(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child =
        ptce().args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // The command may stop reading early; that is for it to say.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder that vanishes, holding these files.
pub fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

/// The names in a folder, sorted.
pub fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Every file below a folder.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    names_in(folder).into_iter().map(|name| folder.join(name)).collect()
}
