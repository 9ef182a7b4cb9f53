//! Samples with bytes changed, cut, doubled or put in: each is read or refused, and what is read can be written and told.
//!
//! `PTCE_MUTATIONS=10000 cargo test --release --test it mutations` makes so many of each sample (five by default).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use ptce::language::Language;
use ptce::report::{Colours, Report, ReportFormat};
use ptce::run;
use ptce::settings::Settings;
use ptce::{Format, Input};

use crate::support::{archive, archived, sample};

const SAMPLES: [&str; 14] = [
    "candidature.csv",
    "candidature.xlsx",
    "conforme.csv",
    "conforme.json",
    "conforme.ods",
    "conforme.xls",
    "conforme.xlsx",
    "fiches.json",
    "fiches.txt",
    "laureats-2014.csv",
    "laureats-2014.ndjson",
    "laureats-2014.xlsx",
    "laureats-2014.xml",
    "suivi-regional.csv",
];

/// What readers look for.
const TOKENS: [&[u8]; 24] = [
    b"\"",
    b"\n",
    b"\r",
    b";",
    b"\t",
    b"\0",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"<",
    b">",
    b"</",
    b"<!--",
    b"]]>",
    b"&#x10FFFF;",
    b"{",
    b"[",
    b"\\ud800",
    b"\\",
    b"1e999",
    b"-0",
    b"4294967296",
    b" r=\"XFD1048576\"",
    b" table:number-rows-repeated=\"1000\"",
    b"=A1",
];

/// A generator of numbers (SplitMix64): the same ones at each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }
}

/// Changes one to four places.
fn mutate(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + 1 + numbers.below(40)).min(bytes.len());
        match numbers.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            1 if at < bytes.len() => bytes[at] = numbers.below(256) as u8,
            2 => drop(bytes.drain(at.min(end)..end)),
            3 => {
                let part = bytes[at.min(end)..end].to_vec();
                let to = numbers.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
            4 if numbers.below(8) == 0 => bytes.truncate(at),
            _ => {
                let token = TOKENS[numbers.below(TOKENS.len())];
                bytes.splice(at..at, token.iter().copied());
            }
        }
    }
}

/// A sample with something changed; of a workbook, mostly in one of its parts, as few programs look at a broken archive.
fn mutated(name: &str, original: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let is_archive = name.ends_with(".xlsx") || name.ends_with(".ods");
    if is_archive && numbers.below(5) > 0 {
        let mut parts = archived(original);
        let part = numbers.below(parts.len());
        mutate(&mut parts[part].1, numbers);
        return archive(&parts);
    }
    let mut bytes = original.to_vec();
    mutate(&mut bytes, numbers);
    bytes
}

/// Reads, tells and writes; errors are as good as records.
fn use_it(name: &str, bytes: Vec<u8>) {
    let settings = Settings::default();
    for format in [ReportFormat::Text, ReportFormat::Json, ReportFormat::Csv] {
        let mut report = Report::new(format, Language::French, Colours::Without);
        let options = run::Options { assess: true, ..run::Options::default() };
        let inputs = vec![Input::from_bytes(name, bytes.clone())];
        let Ok(outcome) = run::run(inputs, &settings, &options, &mut |event| report.add(&event)) else { return };
        report.write(&outcome, &settings, &mut std::io::sink()).unwrap();
    }
    // Some formats refuse control characters, which is an error and no panic.
    for format in [Format::Json, Format::Csv, Format::Xml, Format::Xlsx, Format::Tables] {
        let _ = ptce::convert(vec![Input::from_bytes(name, bytes.clone())], format, std::io::sink(), &settings);
    }
}

#[test]
fn mutated_samples_are_read_or_refused() {
    let count: u64 = std::env::var("PTCE_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    // Two samples at a time, by whoever is free: some take much longer than others.
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(name) = SAMPLES.get(next.fetch_add(1, Ordering::Relaxed)) {
            let original = sample(name);
            for seed in 0..count {
                let bytes = mutated(name, &original, &mut Numbers(seed));
                let done = catch_unwind(AssertUnwindSafe(|| use_it(name, bytes.clone())));
                if done.is_err() {
                    let kept = std::env::temp_dir().join(format!("mutation-{seed}-{name}"));
                    std::fs::write(&kept, bytes).unwrap();
                    panic!("{name}, seed {seed}: a panic; the file is kept as {}", kept.display());
                }
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
}
