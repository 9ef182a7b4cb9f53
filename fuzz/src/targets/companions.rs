//! What comes beside records: configurations, lists of people, logs of corrections, keys of shares, earlier reports. The first
//! sign says which.

use ptce::difference::{Difference, Round};
use ptce::export::open_data::{Consents, Objections};
use ptce::fix::{self, Log};
use ptce::run::{KeySet, Twins};
use ptce::settings::{Configuration, Settings};

/// Tries it on some bytes.
pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    if *first == b'k' {
        let Ok(keys) = KeySet::from_bytes(rest) else { return };
        assert_eq!(keys.to_bytes(), rest);
        let mut twins = Twins::new();
        twins.add(&keys).unwrap();
        twins.repeated(&Settings::default(), &mut |_| Ok(())).unwrap();
        return;
    }
    let Ok(text) = std::str::from_utf8(rest) else { return };
    match first {
        b'o' => drop(Objections::parse(text, "list.csv")),
        b'c' => drop(Consents::parse(text, "list.csv")),
        b'l' => {
            if let Ok(log) = Log::parse(text, "log.json") {
                let _ = fix::undo(b"nom;courriel\nA;b@example.org\n", &log, &fix::Options::default());
            }
        }
        b'r' => {
            if let Ok(round) = Round::of_report(text, "report.json") {
                // Nothing changed between a report and itself.
                let same = Difference::between(&round, &round);
                same.write_text(ptce::Language::French, &mut std::io::sink()).unwrap();
            }
        }
        _ => drop(Configuration::parse(text, "ptce.toml")),
    }
}
