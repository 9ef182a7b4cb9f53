//! One verdict: the same records give the same findings whatever file they came in.

use proptest::collection::vec;
use proptest::prelude::*;
use ptce::import::Input;
use ptce::row::Format;
use ptce::run::{self, Event};
use ptce::settings::{Profile, Settings};

use crate::support::{FORMATS, SAMPLES, exported, read_as, records, sample, sheet, substance};

/// The sources in which the records of a sample are read: file name and bytes.
fn sources(name: &str) -> Vec<(String, Vec<u8>)> {
    let records = records(name);
    let mut sources: Vec<(String, Vec<u8>)> = FORMATS
        .iter()
        .map(|format| (format!("{name}.{}", format.extension()), exported(*format, sheet(name), &records)))
        .collect();
    let csv = String::from_utf8(exported(Format::Csv, "PTCE", &records)).unwrap();
    let xml = String::from_utf8(exported(Format::Xml, "PTCE", &records)).unwrap();
    sources.push(("bom.csv".to_owned(), format!("\u{feff}{csv}").into_bytes()));
    let utf16 = |text: &str| [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    sources.push(("utf-16le.csv".to_owned(), utf16(&csv)));
    sources.push(("utf-16le-tabs.csv".to_owned(), utf16(&with_delimiter(&csv, b'\t', false))));
    let excel = with_delimiter(&csv, b';', true);
    let (bytes, _, lossy) = encoding_rs::WINDOWS_1252.encode(&excel);
    assert!(!lossy, "{name} holds a character that Windows-1252 lacks");
    sources.push(("windows-1252.csv".to_owned(), bytes.into_owned()));
    let (bytes, _, lossy) = encoding_rs::MACINTOSH.encode(&excel);
    assert!(!lossy, "{name} holds a character that Mac Roman lacks");
    sources.push(("mac-roman.csv".to_owned(), bytes.into_owned()));
    sources
        .push(("carriage-returns.csv".to_owned(), with_delimiter(&csv, b';', false).replace('\n', "\r").into_bytes()));
    sources.push(("declared.csv".to_owned(), format!("sep=;\r\n{excel}").into_bytes()));
    sources.push(("semicolons.csv".to_owned(), excel.into_bytes()));
    sources.push(("iso-8859-1.xml".to_owned(), latin_1(&xml)));
    // What LibreOffice made of the workbook: no crate writes these formats.
    if name == "conforme" {
        sources.extend(["conforme.xls", "conforme.ods"].map(|file| (file.to_owned(), sample(file))));
    }
    sources
}

fn with_delimiter(csv: &str, delimiter: u8, crlf: bool) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(Vec::new());
    for row in reader.records() {
        writer.write_record(&row.unwrap()).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// XML declared as ISO-8859-1, which is written with references for what that encoding lacks.
fn latin_1(xml: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for c in xml.replacen("UTF-8", "ISO-8859-1", 1).chars() {
        match u8::try_from(u32::from(c)) {
            Ok(byte) => bytes.push(byte),
            Err(_) => bytes.extend(format!("&#{};", u32::from(c)).into_bytes()),
        }
    }
    bytes
}

#[test]
fn the_same_records_and_findings_from_every_source() {
    for (name, profile) in SAMPLES {
        let expected = records(name);
        let mut verdict: Option<(String, Vec<String>)> = None;
        for (file, bytes) in sources(name) {
            let read = read_as(&file, &bytes, profile);
            for (found, expected) in read.records().iter().zip(&expected) {
                assert_eq!(found, expected, "{name} as {file}");
            }
            assert_eq!(read.entries.len(), expected.len(), "{name} as {file}");
            let found = substance(&read.findings);
            match &verdict {
                Some((first, known)) => assert_eq!(&found, known, "{name}: {file} and {first}"),
                None => verdict = Some((file, found)),
            }
        }
    }
}

/// The equality above means something only where there is something to find.
#[test]
fn there_are_findings_to_compare() {
    let (name, profile) = SAMPLES[0];
    assert!(read_as("l.json", &crate::support::sample(&format!("{name}.json")), profile).findings.len() > 10);
}

#[test]
fn sources_differ_in_their_bytes() {
    let sources = sources("laureats-2014");
    for (rank, (file, bytes)) in sources.iter().enumerate() {
        assert!(sources[..rank].iter().all(|(_, known)| known != bytes), "{file}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Records full of what rules complain about: the complaints are the same in every format.
    #[test]
    fn any_records_get_the_same_findings_in_every_format(records in vec(crate::round_trip::record(), 1..3)) {
        let verdict = |format: Format| {
            let bytes = exported(format, "PTCE", &records);
            substance(&read_as(&format!("r.{}", format.extension()), &bytes, Profile::Submission).findings)
        };
        let expected = verdict(Format::Json);
        prop_assert!(!expected.is_empty());
        for format in [Format::Ndjson, Format::Csv, Format::Xml, Format::Xlsx, Format::Tables] {
            prop_assert_eq!(verdict(format), expected.clone(), "{:?}", format);
        }
    }
}

/// A run that is not asked for the records finds the same, in the same order.
#[test]
fn findings_do_not_depend_on_what_is_asked_for() {
    for (name, profile) in SAMPLES {
        let bytes = crate::support::sample(&format!("{name}.csv"));
        let settings = Settings { profile, ..Settings::default() };
        let mut findings = Vec::new();
        let inputs = vec![Input::from_bytes("s.csv", bytes.clone())];
        let outcome = run::run(inputs, &settings, &run::Options::default(), &mut |event| {
            if let Event::Record(_, found) | Event::Findings(found) = event {
                findings.extend(found);
            }
            Ok(())
        })
        .unwrap();
        let asked = read_as("s.csv", &bytes, profile);
        assert_eq!(findings, asked.findings, "{name}");
        assert_eq!(outcome.summary, asked.outcome.summary, "{name}");
    }
}
