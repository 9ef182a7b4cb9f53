//! Publication: a contact, in any record and beside any text, is in no file that is published.

#![no_main]

use ptce::export::open_data::{OpenData, OpenDataOptions};
use ptce::{Input, Record};

const NAME: &str = "Philibertine Zwicklbauer";
const MAILBOX: &str = "pzw@zwicklbauer.example.org";
const NUMBER: &str = "06 39 98 76 54";

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    // The text of the fuzzer around the values that are to be withheld.
    let description = format!("{text} {NAME} {text} {MAILBOX} {text} {NUMBER} {text}");
    let record = serde_json::json!([{
        "nom": "Fabriques du Quercy",
        "resume": description,
        "contacts": [{ "nom": NAME, "courriel": MAILBOX, "telephone": NUMBER }],
    }]);
    let Ok(records) = ptce::records(vec![Input::from_bytes("a.json", record.to_string().into_bytes())]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("p");
    if publish(&target, records).is_err() {
        return;
    }
    for file in std::fs::read_dir(&target).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let shown = String::from_utf8_lossy(&bytes);
        for value in [NAME, MAILBOX, NUMBER, "Zwicklbauer"] {
            assert!(!shown.contains(value), "{value}");
        }
    }
});

fn publish(target: &std::path::Path, records: Vec<Record>) -> ptce::Result<()> {
    let options = OpenDataOptions::default();
    let mut publication = OpenData::create(target, false, &options)?;
    for record in records {
        publication.record(record)?;
    }
    publication.finish(&|_| false).map(|_| ())
}
