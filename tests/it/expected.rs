//! What the samples must give, counted by hand in the sources.

use ptce::Level;
use ptce::settings::Profile;

use crate::support::{read_as, sample};

#[test]
fn the_laureates_of_2014() {
    for file in ["laureats-2014.json", "laureats-2014.xlsx", "laureats-2014.csv", "laureats-2014.xml"] {
        let read = read_as(file, &sample(file), Profile::Laureate);
        assert_eq!(read.outcome.summary.records, 23, "{file}");
        for (code, count) in [
            ("missing-coordinator", 1),
            ("missing-contact", 7),
            ("missing-name", 4),
            ("malformed-email", 1),
            ("department-name-mismatch", 1),
            ("contact-without-address", 1),
            ("postal-code-outside-territory", 1),
        ] {
            assert_eq!(read.count(code), count, "{file}: {code}");
        }
        assert!(read.count("malformed-address") >= 1, "{file}");
    }
}

/// Which records these are about, by their rank in the file.
#[test]
fn each_at_its_record() {
    let read = read_as("l.json", &sample("laureats-2014.json"), Profile::Laureate);
    let about = |code: &str| -> Vec<u64> {
        read.findings.iter().filter(|finding| finding.code == code).map(|f| f.record.as_ref().unwrap().index).collect()
    };
    assert_eq!(about("missing-coordinator"), [20]);
    assert_eq!(about("missing-contact"), [3, 5, 8, 15, 16, 19, 22]);
    assert_eq!(about("missing-name"), [12, 19, 20, 21]);
    assert_eq!(about("malformed-email"), [11]);
    assert_eq!(about("contact-without-address"), [13]);
}

#[test]
fn the_laureates_have_a_summary_of_codes() {
    let read = read_as("l.json", &sample("laureats-2014.json"), Profile::Laureate);
    insta::assert_json_snapshot!(read.outcome.summary);
}

#[test]
fn a_conforming_file_raises_nothing() {
    for file in ["conforme.json", "conforme.csv", "conforme.xlsx"] {
        let read = read_as(file, &sample(file), Profile::Laureate);
        assert!(read.findings.is_empty(), "{file}: {:#?}", read.findings);
        assert_eq!(read.outcome.summary.publishable, 3);
    }
}

#[test]
fn submissions_are_told_what_they_lack() {
    for file in ["candidature.json", "candidature.csv", "candidature.xlsx"] {
        let read = read_as(file, &sample(file), Profile::Submission);
        let mut found: Vec<(u64, &str, Level, &str)> = read
            .findings
            .iter()
            .map(|f| (f.record.as_ref().unwrap().index, f.code, f.level, f.pointer.as_str()))
            .collect();
        found.sort_unstable();
        let missing: Vec<_> = found.iter().filter(|(_, code, ..)| *code == "incomplete-dossier").collect();
        assert_eq!(missing.len(), 2, "{file}: {found:#?}");
        assert_eq!((missing[0].0, missing[0].3), (2, "/calendrier"), "{file}");
        assert_eq!((missing[1].0, missing[1].3), (2, "/evaluation"), "{file}");
        let rest: Vec<_> = found.iter().filter(|(_, code, ..)| *code != "incomplete-dossier").collect();
        let codes: Vec<(u64, &str, Level)> =
            rest.iter().map(|(index, code, level, _)| (*index, *code, *level)).collect();
        assert_eq!(
            codes,
            [
                (2, "no-enterprise-member", Level::Error),
                (3, "missing-contact", Level::Error),
                (3, "no-ess-member", Level::Error),
            ],
            "{file}"
        );
    }
}

#[test]
fn a_laureate_is_not_asked_for_a_dossier() {
    let read = read_as("c.json", &sample("candidature.json"), Profile::Laureate);
    let codes: Vec<&str> = read.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["missing-contact"]);
}
