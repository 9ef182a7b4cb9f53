//! What the rules find in lines as registers and submissions have them. They are made by templates
//! and labelled by the fault that was put into them; names, numbers and mailboxes are invented.

use std::collections::BTreeMap;
use std::fmt::Write;

use ptce::settings::Profile;

use super::judged;

const LINES: &str = include_str!("lines.csv");

/// The figures of one rule on these lines.
#[derive(Default)]
struct Figures {
    labelled: usize,
    found: usize,
    others: usize,
}

/// The table of the document, and how many findings on clean lines a steward would call noise.
pub fn measured() -> (String, usize, usize) {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(LINES.as_bytes());
    let labels: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
    // The label is no part of what is judged.
    let bare: String = LINES.lines().map(|line| format!("{}\n", line.split_once(';').unwrap().1)).collect();
    let mut told: Vec<Vec<&'static str>> = vec![Vec::new(); labels.len()];
    for finding in judged(vec![("lignes.csv".to_owned(), bare.into_bytes())], Profile::Laureate) {
        // What was understood asks nothing of anybody.
        if let Some(record) = finding.record.filter(|_| finding.code != "value-understood") {
            told[record.index as usize - 1].push(finding.code);
        }
    }
    let mut rules: BTreeMap<&str, Figures> = BTreeMap::new();
    let (mut clean, mut noise) = (0, 0);
    for (at, (label, told)) in labels.iter().zip(&told).enumerate() {
        if label.is_empty() {
            clean += 1;
            noise += told.len();
        } else {
            let figures = rules.entry(label).or_default();
            figures.labelled += 1;
            figures.found += usize::from(told.contains(&label.as_str()));
        }
        if !label.is_empty() && !told.contains(&label.as_str()) {
            eprintln!("line {}: {label} is missed, told {told:?}", at + 2);
        }
        for code in told.iter().filter(|code| **code != label.as_str()) {
            eprintln!("line {}: {code} beside {label:?}", at + 2);
            rules.entry(code).or_default().others += 1;
        }
    }
    let mut table =
        String::from("| code | labelled | found | recall | other lines | precision |\n|---|--:|--:|--:|--:|--:|\n");
    for (code, Figures { labelled, found, others }) in &rules {
        let part = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        let recall = if *labelled == 0 { String::new() } else { format!("{:.2}", part(*found, *labelled)) };
        let precision = format!("{:.2}", part(*found, found + others));
        writeln!(table, "| `{code}` | {labelled} | {found} | {recall} | {others} | {precision} |").unwrap();
    }
    (table, clean, noise)
}

/// The second part of `docs/rule-quality.md`.
pub fn document() -> String {
    let (table, clean, noise) = measured();
    let all = LINES.lines().count() - 1;
    include_str!("lines.md")
        .replace("{all}", &all.to_string())
        .replace("{clean}", &clean.to_string())
        .replace("{noise}", &noise.to_string())
        + &table
}

#[test]
fn clean_lines_are_left_in_peace() {
    let (table, clean, noise) = measured();
    assert!(clean >= 200 && LINES.lines().count() > 300);
    assert!(noise * 20 < clean, "{noise} findings on {clean} clean lines\n{table}");
}
