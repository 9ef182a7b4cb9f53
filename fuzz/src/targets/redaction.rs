//! Publication: a contact, in any record and beside any text, is in no file that is published.

use std::io::{Cursor, Read};

use ptce::export::open_data::{OpenData, OpenDataOptions};
use ptce::{Input, Record};

const NAME: &str = "Philibertine Zwicklbauer";
const MAILBOX: &str = "pzw@zwicklbauer.example.org";
const NUMBER: &str = "06 39 98 76 54";

/// Tries it on some bytes.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    // The text of the fuzzer around the values that are to be withheld.
    let description = format!("{text} {NAME} {text} {MAILBOX} {text} {NUMBER} {text}");
    let record = serde_json::json!([{
        "nom": "Fabriques du Quercy",
        "resume": description,
        "contacts": [{ "nom": NAME, "courriel": MAILBOX, "telephone": NUMBER }],
    }]);
    let Some(judged) = crate::judge(Input::from_bytes("a.json", record.to_string().into_bytes())) else { return };
    let Ok(package) = publish(judged.records) else { return };
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    for rank in 0..archive.len() {
        let mut bytes = Vec::new();
        archive.by_index(rank).unwrap().read_to_end(&mut bytes).unwrap();
        let shown = String::from_utf8_lossy(&bytes);
        for value in [NAME, MAILBOX, NUMBER, "Zwicklbauer"] {
            assert!(!shown.contains(value), "{value}");
        }
    }
}

fn publish(records: Vec<Record>) -> ptce::Result<Vec<u8>> {
    let options = OpenDataOptions::default();
    let mut publication = OpenData::in_memory("a.zip", &options)?;
    records.into_iter().try_for_each(|record| publication.record(record))?;
    Ok(publication.finish(&|_| false)?.held.expect("it is in memory").archive)
}
