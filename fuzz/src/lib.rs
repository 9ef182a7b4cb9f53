//! What the targets have in common. Each run is a run on one thread: targets are as quick as that.

pub mod targets;

use std::io::{Cursor, Write};

use ptce::export::{Exporter, Options};
use ptce::language::Language;
use ptce::report::{Colours, Report, ReportFormat};
use ptce::run::{self, Event, Outcome};
use ptce::settings::{Settings, Values};
use ptce::{Finding, Format, Input, Record};
use serde_json::{Map, Value};

/// A source that was read, on one thread.
pub struct Judged {
    /// The records.
    pub records: Vec<Record>,
    /// What is wrong with them, and with their file.
    pub findings: Vec<Finding>,
}

/// Reads, judges and tells bytes under a name, and writes the records in another format.
pub fn read(name: &str, data: &[u8]) {
    if let Some(judged) = judge(Input::from_bytes(name, data.to_vec())) {
        let _ = written(Format::Csv, &judged.records);
    }
}

/// Judges a source and tells it in a report; none where it cannot be read.
pub fn judge(input: Input) -> Option<Judged> {
    let settings = Settings::default();
    let mut report = Report::new(ReportFormat::Text, Language::French, Colours::Without);
    let (judged, outcome) = run(input, &settings, &mut |event| report.add(event).unwrap())?;
    report.write(&outcome, &settings, &mut std::io::sink()).unwrap();
    Some(judged)
}

/// What a source says letter by letter; none where it cannot be read.
pub fn as_typed(name: &str, bytes: &[u8]) -> Option<Vec<Record>> {
    let settings = Settings { values: Values::AsTyped, ..Settings::default() };
    let input = Input::from_bytes(name, bytes.to_vec());
    Some(run(input, &settings, &mut |_| {})?.0.records)
}

fn run(input: Input, settings: &Settings, told: &mut dyn FnMut(&Event)) -> Option<(Judged, Outcome)> {
    let mut judged = Judged { records: Vec::new(), findings: Vec::new() };
    let options = run::Options { records: true, assess: true, ..run::Options::default() };
    let outcome = run::judge(input, settings, &options, &mut |_| Ok(()), &mut |event| {
        told(&event);
        match event {
            Event::Record(entry, found) => {
                judged.records.push(entry.into_record());
                judged.findings.extend(found);
            }
            Event::Findings(found) => judged.findings.extend(found),
            _ => {}
        }
        Ok(())
    });
    Some((judged, outcome.ok()?))
}

/// Records in a format; none where it has no way to hold them.
pub fn written(format: Format, records: &[Record]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut exporter = Exporter::new(format, &mut bytes, &Options::default()).ok()?;
    records.iter().try_for_each(|record| exporter.record(record)).ok()?;
    exporter.finish().ok()?;
    Some(bytes)
}

/// The letters of the lines of a record, and the fields whose values follow them.
const FIELDS: [(u8, &str); 61] = [
    (b'n', "/nom"),
    (b'i', "/id"),
    (b's', "/sigle"),
    (b'w', "/site_web"),
    (b'e', "/appel/edition"),
    (b'u', "/appel/statut"),
    (b'y', "/appel/type"),
    (b'd', "/appel/date_annonce"),
    (b'm', "/appel/montant"),
    (b'r', "/region/code"),
    (b'R', "/region/nom"),
    (b't', "/territoire/libelle"),
    (b'1', "/territoire/departements/0/code"),
    (b'2', "/territoire/departements/0/nom"),
    (b'3', "/territoire/departements/1/code"),
    (b'4', "/territoire/departements/1/nom"),
    (b'5', "/territoire/communes/0/code_insee"),
    (b'6', "/territoire/communes/0/nom"),
    (b'7', "/territoire/communes/1/nom"),
    (b'P', "/territoire/priorites/-"),
    (b'h', "/thematiques/-"),
    (b'o', "/projet/resume"),
    (b'O', "/projet/objectifs/-"),
    (b'a', "/projet/actions/-"),
    (b'c', "/coordinateur/nom"),
    (b'f', "/coordinateur/forme_juridique"),
    (b'8', "/coordinateur/siren"),
    (b'9', "/coordinateur/siret"),
    (b'0', "/coordinateur/rna"),
    (b'A', "/partenaires/0/nom"),
    (b'B', "/partenaires/0/categorie"),
    (b'C', "/partenaires/0/groupe"),
    (b'D', "/partenaires/0/note"),
    (b'E', "/partenaires/1/nom"),
    (b'F', "/partenaires/1/categorie"),
    (b'G', "/contacts/0/nom"),
    (b'H', "/contacts/0/fonction"),
    (b'I', "/contacts/0/courriel"),
    (b'J', "/contacts/0/telephone"),
    (b'K', "/contacts/1/nom"),
    (b'L', "/contacts/1/fonction"),
    (b'M', "/contacts/1/courriel"),
    (b'N', "/contacts/1/telephone"),
    (b'Q', "/adresse/complement"),
    (b'S', "/adresse/voie"),
    (b'T', "/adresse/mention"),
    (b'U', "/adresse/code_postal"),
    (b'V', "/adresse/commune"),
    (b'W', "/adresse/cedex"),
    (b'X', "/adresse/code_insee"),
    (b'Y', "/adresse/latitude"),
    (b'Z', "/adresse/longitude"),
    (b'b', "/emploi/etp"),
    (b'g', "/emploi/salaries"),
    (b'j', "/emploi/creations_prevues"),
    (b'k', "/calendrier"),
    (b'l', "/financement"),
    (b'q', "/evaluation"),
    (b'v', "/mise_en_reseau"),
    (b'x', "/politiques_locales"),
    (b'z', "/territoire/communes/1/code_insee"),
];

/// Keys whose values are numbers.
const NUMBERS: [&str; 6] = ["montant", "latitude", "longitude", "etp", "salaries", "creations_prevues"];

/// A record of lines, each the letter of a field and its value; none where a value cannot stand there.
pub fn record(text: &str) -> Option<Record> {
    let mut whole = Value::Object(Map::new());
    for line in text.lines().filter(|line| line.len() > 1) {
        let (letter, value) = line.split_at_checked(1)?;
        let (_, pointer) = FIELDS.iter().find(|(known, _)| letter.as_bytes() == [*known])?;
        let key = pointer.rsplit('/').next()?;
        let value = match NUMBERS.contains(&key) {
            true => Value::Number(value.parse().ok()?),
            false => Value::from(value),
        };
        place(&mut whole, &pointer[1..], value)?;
    }
    serde_json::from_value(whole).ok()
}

/// Puts a value at a place, making what leads to it.
fn place(at: &mut Value, pointer: &str, value: Value) -> Option<()> {
    let (key, rest) = pointer.split_once('/').map_or((pointer, ""), |(key, rest)| (key, rest));
    let slot = match at {
        Value::Array(list) if key == "-" => {
            list.push(Value::Null);
            list.last_mut()?
        }
        Value::Array(list) => {
            let rank: usize = key.parse().ok()?;
            while list.len() <= rank {
                list.push(Value::Object(Map::new()));
            }
            &mut list[rank]
        }
        Value::Object(group) => group.entry(key).or_insert(Value::Null),
        _ => return None,
    };
    if rest.is_empty() {
        *slot = value;
        return Some(());
    }
    if slot.is_null() {
        let is_list = rest.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        *slot = if is_list { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    }
    place(slot, rest, value)
}

/// An archive of parts, none of them packed.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, stored).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const TYPES: &[u8] = br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const PACKAGE: &[u8] = br#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &[u8] =
    br#"<workbook xmlns:r="r"><sheets><sheet name="PTCE" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const RELATIONS: &[u8] = br#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const SHEET: &[u8] = br#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Montant</t></is></c></row><row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>45000</v></c></row></sheetData></worksheet>"#;
const STRINGS: &[u8] = b"<sst><si><t>Nom</t></si><si><t>Roue libre</t></si></sst>";
const STYLES: &[u8] = br#"<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
const MIMETYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
const MANIFEST: &[u8] = br#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"#;

/// A workbook one part of which is given: a digit says which, and the bytes behind it are the part. What begins otherwise is a
/// whole workbook.
pub fn workbook(data: &[u8]) -> Vec<u8> {
    let Some((first, part)) = data.split_first() else { return Vec::new() };
    let mut parts = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/sheet1.xml", SHEET),
        ("xl/sharedStrings.xml", STRINGS),
        ("xl/styles.xml", STYLES),
    ];
    match first {
        b'0'..=b'6' => {
            parts[usize::from(first - b'0')].1 = part;
            archive(&parts)
        }
        b'7' => archive(&[("mimetype", MIMETYPE), ("content.xml", part), ("META-INF/manifest.xml", MANIFEST)]),
        _ => data.to_vec(),
    }
}
