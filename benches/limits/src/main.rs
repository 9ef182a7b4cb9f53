//! The floor under the jobs of ptce: each does by hand the least that a job asks for, in bounded memory, and nothing else.
//!
//! `limits JOB FILE [--refs TABLE] [--out FILE] [--threads N]`. What no job does: duplicates, messages, profiles, labels other
//! than those of the generated files. `--out` takes the defects as `row<TAB>column`, or the records of `csv-stream-ndjson`.

mod check;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::sync::{Condvar, Mutex};

use calamine::{DataRef, Reader, Xlsx};
use check::{COLUMNS, References, check};
use quick_xml::events::Event;
use serde::Serialize;

/// How many records there are, and the row and the column of each defect.
#[derive(Default)]
struct Verdict {
    records: u64,
    defects: Vec<(u64, u8)>,
}

impl Verdict {
    fn judge<'a>(&mut self, references: &References, field: impl Fn(usize) -> &'a [u8]) {
        self.records += 1;
        let row = self.records;
        check(references, field, |column| self.defects.push((row, column as u8)));
    }

    /// Adds the verdict on the records that follow.
    fn add(&mut self, next: Verdict) {
        let before = self.records;
        self.defects.extend(next.defects.into_iter().map(|(row, column)| (row + before, column)));
        self.records += next.records;
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, job, path, ..] = arguments.as_slice() else {
        panic!("usage: limits JOB FILE [--refs] [--out] [--threads]")
    };
    let option = |name: &str| arguments.iter().position(|one| one == name).map(|at| arguments[at + 1].as_str());
    let references = || References::load(option("--refs").expect("--refs"));
    let threads = option("--threads").map_or(1, |count| count.parse().unwrap());
    let verdict = match job.as_str() {
        "csv-scan" => scan(path),
        "csv-stream-check" => {
            let (references, mut verdict) = (references(), Verdict::default());
            streamed(path, threads, |block| csv_check(block, &references), |next| verdict.add(next));
            verdict
        }
        "csv-stream-ndjson" => {
            let mut out = File::create(option("--out").expect("--out")).unwrap();
            let mut verdict = Verdict::default();
            streamed(path, threads, ndjson, |(records, text)| {
                verdict.records += records;
                out.write_all(&text).unwrap();
            });
            println!("{job}: {} records", verdict.records);
            return;
        }
        "xml-check-read" => xml_check(path, &references()),
        "xlsx-cells" => xlsx(path, None),
        "xlsx-check" => xlsx(path, Some(&references())),
        _ => panic!("no such job: {job}"),
    };
    if let Some(out) = option("--out") {
        let mut out = BufWriter::new(File::create(out).unwrap());
        for (row, column) in &verdict.defects {
            writeln!(out, "{row}\t{}", COLUMNS[usize::from(*column)]).unwrap();
        }
    }
    println!("{job}: {} records, {} defects", verdict.records, verdict.defects.len());
}

// --- CSV --------------------------------------------------------------------------------------------------------------------

/// What the `csv` crate takes to go through the bytes.
fn scan(path: &str) -> Verdict {
    let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 18).from_path(path).unwrap();
    let (mut record, mut verdict) = (csv::ByteRecord::new(), Verdict::default());
    while reader.read_byte_record(&mut record).unwrap() {
        verdict.records += 1;
    }
    verdict
}

fn csv_check(block: &[u8], references: &References) -> Verdict {
    let mut reader = simd_csv::TotalReaderBuilder::new().has_headers(false).from_bytes(block);
    let (mut record, mut verdict) = (simd_csv::ByteRecord::new(), Verdict::default());
    while reader.read_byte_record(&mut record) {
        if std::str::from_utf8(record.as_slice()).is_err() {
            verdict.defects.push((verdict.records + 1, 0));
        }
        verdict.judge(references, |column| &record[column]);
    }
    verdict
}

/// Blocks of whole records, read as they are wanted.
struct Blocks {
    file: File,
    carried: Vec<u8>,
    is_first: bool,
    is_over: bool,
    next: usize,
}

impl Blocks {
    const BYTES: usize = 512 << 10;

    /// Fills `block` with the next records, and answers its rank.
    fn pull(&mut self, block: &mut Vec<u8>) -> Option<usize> {
        if self.is_over {
            return None;
        }
        block.clear();
        block.append(&mut self.carried);
        loop {
            let read = (&self.file).take(Self::BYTES as u64).read_to_end(block).unwrap();
            self.is_over = read < Self::BYTES;
            if self.is_first {
                let header = memchr::memchr(b'\n', block).unwrap();
                block.drain(..=header);
                self.is_first = false;
            }
            if self.is_over {
                break;
            }
            // The last line feed outside quotes ends the block.
            let mut is_quoted = memchr::memchr_iter(b'"', block).count() % 2 == 1;
            let mut end = block.len();
            let mut cut = None;
            while let Some(at) = memchr::memrchr2(b'"', b'\n', &block[..end]) {
                if block[at] == b'"' {
                    is_quoted = !is_quoted;
                } else if !is_quoted {
                    cut = Some(at + 1);
                    break;
                }
                end = at;
            }
            if let Some(cut) = cut {
                self.carried.extend_from_slice(&block[cut..]);
                block.truncate(cut);
                break;
            }
        }
        self.next += 1;
        (!block.is_empty()).then_some(self.next - 1)
    }
}

/// Works on blocks of a file, on several threads if asked, and hands over what comes of them in their order.
fn streamed<T: Send>(path: &str, threads: usize, work: impl Fn(&[u8]) -> T + Sync, mut take: impl FnMut(T)) {
    let file = File::open(path).unwrap();
    let blocks = Mutex::new(Blocks { file, carried: Vec::new(), is_first: true, is_over: false, next: 0 });
    if threads <= 1 {
        let mut block = Vec::new();
        while blocks.lock().unwrap().pull(&mut block).is_some() {
            take(work(&block));
        }
        return;
    }
    struct Done<T> {
        taken: usize,
        working: usize,
        ready: BTreeMap<usize, T>,
    }
    let done = Mutex::new(Done { taken: 0, working: threads, ready: BTreeMap::new() });
    let changed = Condvar::new();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut block = Vec::new();
                loop {
                    let Some(rank) = blocks.lock().unwrap().pull(&mut block) else { break };
                    let outcome = work(&block);
                    let mut done = done.lock().unwrap();
                    while rank > done.taken + 4 * threads {
                        done = changed.wait(done).unwrap();
                    }
                    done.ready.insert(rank, outcome);
                    changed.notify_all();
                }
                done.lock().unwrap().working -= 1;
                changed.notify_all();
            });
        }
        for rank in 0.. {
            let mut guard = done.lock().unwrap();
            let outcome = loop {
                match guard.ready.remove(&rank) {
                    Some(outcome) => break outcome,
                    None if guard.working == 0 => return,
                    None => guard = changed.wait(guard).unwrap(),
                }
            };
            guard.taken = rank + 1;
            drop(guard);
            changed.notify_all();
            take(outcome);
        }
    });
}

// --- CSV to NDJSON ----------------------------------------------------------------------------------------------------------

#[derive(Serialize)]
struct Coordinator<'a> {
    nom: &'a str,
    forme_juridique: &'a str,
    siret: &'a str,
}

#[derive(Serialize)]
struct Contact<'a> {
    nom: &'a str,
    fonction: &'a str,
    email: &'a str,
    telephone: &'a str,
}

#[derive(Serialize)]
struct Address<'a> {
    ligne: &'a str,
    code_postal: &'a str,
    commune: &'a str,
}

#[derive(Serialize)]
struct Record<'a> {
    nom: &'a str,
    region: &'a str,
    departements: Vec<&'a str>,
    territoire: &'a str,
    thematiques: Vec<&'a str>,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    coordinateur: Option<Coordinator<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Contact<'a>>,
    adresse: Address<'a>,
    partenaires: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    site_web: Option<&'a str>,
    annee_laureat: i32,
}

fn ndjson(block: &[u8]) -> (u64, Vec<u8>) {
    let mut reader = simd_csv::TotalReaderBuilder::new().has_headers(false).from_bytes(block);
    let mut row = simd_csv::ByteRecord::new();
    let (mut records, mut out) = (0, Vec::with_capacity(block.len() * 3 / 2));
    while reader.read_byte_record(&mut row) {
        records += 1;
        let field = |column: usize| std::str::from_utf8(&row[column]).unwrap();
        let list = |column| field(column).split(';').filter(|one| !one.is_empty()).collect();
        let record = Record {
            nom: field(0),
            region: field(1),
            departements: list(2),
            territoire: field(3),
            thematiques: list(4),
            description: field(5),
            coordinateur: (!field(6).is_empty()).then(|| Coordinator {
                nom: field(6),
                forme_juridique: field(7),
                siret: field(8),
            }),
            contact: (!field(9).is_empty()).then(|| Contact {
                nom: field(9),
                fonction: field(10),
                email: field(11),
                telephone: field(12),
            }),
            adresse: Address { ligne: field(13), code_postal: field(14), commune: field(15) },
            partenaires: list(16),
            site_web: Some(field(17)).filter(|site| !site.is_empty()),
            annee_laureat: field(18).parse().unwrap_or(0),
        };
        serde_json::to_writer(&mut out, &record).unwrap();
        out.push(b'\n');
    }
    (records, out)
}

// --- XML --------------------------------------------------------------------------------------------------------------------

/// The column of an element, by the element that it stands in.
fn column(parent: &str, tag: &str) -> Option<usize> {
    Some(match (parent, tag) {
        ("ptce", "nom") => 0,
        ("ptce", "region") => 1,
        ("departements", _) => 2,
        ("ptce", "territoire") => 3,
        ("thematiques", _) => 4,
        ("ptce", "description") => 5,
        ("coordinateur", "nom") => 6,
        ("coordinateur", "forme_juridique") => 7,
        ("coordinateur", "siret") => 8,
        ("contact", "nom") => 9,
        ("contact", "fonction") => 10,
        ("contact", "email") => 11,
        ("contact", "telephone") => 12,
        ("adresse", "ligne") => 13,
        ("adresse", "code_postal") => 14,
        ("adresse", "commune") => 15,
        ("partenaires", _) => 16,
        ("ptce", "site_web") => 17,
        ("ptce", "annee_laureat") => 18,
        _ => return None,
    })
}

const PARENTS: [&str; 7] = ["ptce", "departements", "thematiques", "coordinateur", "contact", "adresse", "partenaires"];

fn xml_check(path: &str, references: &References) -> Verdict {
    let source = BufReader::with_capacity(1 << 18, File::open(path).unwrap());
    let mut reader = quick_xml::Reader::from_reader(source);
    let mut fields = vec![String::new(); COLUMNS.len()];
    let (mut parents, mut current): (Vec<&str>, Option<usize>) = (Vec::new(), None);
    let (mut verdict, mut buffer) = (Verdict::default(), Vec::new());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).unwrap() {
            Event::Start(element) => {
                let name = element.name();
                let name: &str = name.as_ref();
                if let Some(parent) = PARENTS.iter().find(|parent| **parent == name) {
                    parents.push(parent);
                    current = None;
                } else {
                    current = column(parents.last().copied().unwrap_or_default(), name);
                    if let Some(list @ (2 | 4 | 16)) = current {
                        if !fields[list].is_empty() {
                            fields[list].push(';');
                        }
                    }
                }
            }
            Event::Text(text) => {
                if let Some(column) = current {
                    fields[column].push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(name) => {
                if let Some(column) = current {
                    let name: &str = &name.into_inner();
                    fields[column].push_str(match name {
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "quot" => "\"",
                        "apos" => "'",
                        _ => "?",
                    });
                }
            }
            Event::End(element) => {
                current = None;
                let name = element.name();
                let name: &str = name.as_ref();
                if parents.last() == Some(&name) {
                    parents.pop();
                }
                if name == "ptce" {
                    verdict.judge(references, |column| fields[column].as_bytes());
                    fields.iter_mut().for_each(String::clear);
                }
            }
            Event::Eof => return verdict,
            _ => {}
        }
    }
}

// --- XLSX -------------------------------------------------------------------------------------------------------------------

/// Reads every cell of the first sheet, and judges its rows if there are references to judge by.
fn xlsx(path: &str, references: Option<&References>) -> Verdict {
    let mut workbook: Xlsx<_> = calamine::open_workbook(path).unwrap();
    let sheet = workbook.sheet_names()[0].clone();
    let mut cells = workbook.worksheet_cells_reader(&sheet).unwrap();
    let mut fields = vec![String::new(); COLUMNS.len()];
    let (mut verdict, mut current) = (Verdict::default(), 0);
    let mut judge = |row: u32, fields: &mut Vec<String>| {
        if let Some(references) = references.filter(|_| row > 0) {
            verdict.judge(references, |column| fields[column].as_bytes());
            fields.iter_mut().for_each(String::clear);
        } else {
            verdict.records = u64::from(row);
            fields.iter_mut().for_each(String::clear);
        }
    };
    while let Some(cell) = cells.next_cell().unwrap() {
        let (row, column) = cell.get_position();
        if row != current {
            judge(current, &mut fields);
            current = row;
        }
        if references.is_some() {
            let field = &mut fields[column as usize];
            match cell.get_value() {
                DataRef::SharedString(text) => field.push_str(text),
                DataRef::String(text) => field.push_str(text),
                DataRef::Float(number) => *field = number.to_string(),
                _ => {}
            }
        }
    }
    judge(current, &mut fields);
    verdict
}
