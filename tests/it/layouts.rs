//! The same records laid out in every way in which people lay them out, in every format that can hold it.

mod any;
pub mod book;
mod forms;
mod list;
mod lost;
mod several_rows;
mod source;
mod tables;

use ptce::Record;
use ptce::finding::{Finding, Level};
use ptce::settings::Settings;

use crate::support::{Read, assert_current, read, read_with, root, values};
use book::{FORMATS, Format, Grid};
use list::{LAYOUTS, Layout};
use lost::lost;
use source::{Table, records, source};
use tables::{filtered, hidden, plain};

/// Findings that speak of the layout itself.
const OF_LAYOUTS: [&str; 3] = ["text-outside-table", "hidden-rows", "misspelt-label"];

/// What errors and warnings say of the data, whatever the layout and the order of the records.
fn verdict(findings: &[Finding]) -> Vec<String> {
    let of_data = |finding: &&Finding| finding.level > Level::Info && !OF_LAYOUTS.contains(&finding.code);
    let told = |finding: &Finding| {
        let record = finding.record.as_ref().and_then(|record| record.name.as_deref());
        format!("{record:?} {} {} {:?} {:?}", finding.code, finding.pointer, finding.value, finding.suggestion)
    };
    let mut told: Vec<String> = findings.iter().filter(of_data).map(told).collect();
    told.sort();
    told
}

/// The records without what says where they come from.
fn bare(read: &Read) -> Vec<Record> {
    let mut records = read.records();
    records.iter_mut().for_each(|record| record.source = ptce::record::Source::default());
    records
}

/// What is wrong with the records that a layout gave.
fn wrong(layout: &Layout, read: &Read, plain: &Read) -> Vec<String> {
    let mut wrong = Vec::new();
    let (mut found, mut expected) = (bare(read), records());
    if layout.name == "two forms side by side" {
        let by_name = |record: &Record| record.name.clone();
        found.sort_by_key(by_name);
        expected.sort_by_key(by_name);
    }
    if found.len() != expected.len() {
        wrong.push(format!("{} records", found.len()));
    }
    for (found, expected) in found.iter().zip(&expected).filter(|(found, expected)| found != expected) {
        let (found, expected) = (values(found), values(expected));
        wrong.extend(found.iter().filter(|value| !expected.contains(value)).map(|value| format!("more: {value:?}")));
        wrong.extend(expected.iter().filter(|value| !found.contains(value)).map(|value| format!("less: {value:?}")));
    }
    let others = read.entries.iter().flat_map(|entry| &entry.record.source.others);
    wrong.extend(others.map(|other| format!("left aside: {:?} under {:?}", other.value, other.label)));
    let (found, expected) = (verdict(&read.findings), verdict(&plain.findings));
    wrong.extend(found.iter().filter(|told| !expected.contains(told)).map(|told| format!("told: {told}")));
    wrong.extend(expected.iter().filter(|told| !found.contains(told)).map(|told| format!("not told: {told}")));
    wrong
}

#[test]
fn every_layout_gives_the_same_records() {
    let table = source();
    let plain = read("p.csv", &Format::Csv(',').bytes(&plain(&table)));
    assert_eq!(bare(&plain), records());
    assert!(verdict(&plain.findings).len() == 3, "there is something to compare: {:?}", verdict(&plain.findings));
    let mut faults = Vec::new();
    for layout in &LAYOUTS {
        let grids = (layout.make)(&table);
        for format in FORMATS.into_iter().filter(|format| format.why_not(&grids).is_none()) {
            let name = format!("l.{}", format.extension());
            match read_with(&name, &format.bytes(&grids), &Settings::default()) {
                Ok(read) => {
                    let wrong = wrong(layout, &read, &plain);
                    faults.extend(wrong.into_iter().map(|wrong| format!("{}, {format}: {wrong}", layout.name)));
                    let lost = lost(grids.iter().flat_map(Grid::values), &read);
                    faults.extend(lost.iter().map(|text| format!("{}, {format}: lost {text:?}", layout.name)));
                }
                Err(error) => faults.push(format!("{}, {format}: {error}", layout.name)),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Rows whose PTCE has another name on the main sheet are told with the near one.
#[test]
fn near_names_of_joined_sheets_are_told() {
    let of = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
    let mut hubs = Grid::new("PTCE");
    hubs.label_row(0, 0, &of(&["Nom", "Région"]));
    hubs.put_row(1, 0, &of(&["PTCE Terres Vives", "Occitanie"]));
    hubs.put_row(2, 0, &of(&["Pôle Mer Nord", "Bretagne"]));
    let mut contacts = Grid::new("Contacts");
    contacts.label_row(0, 0, &of(&["PTCE", "Nom", "Mail"]));
    contacts.put_row(1, 0, &of(&["Terres Vives", "Paul Modèle", "a@example.org"]));
    contacts.put_row(2, 0, &of(&["Ailleurs", "Sophie Exemple", "b@example.org"]));
    let format = Format::Xlsx;
    let read = read(&format!("l.{}", format.extension()), &format.bytes(&[hubs, contacts]));
    let told: Vec<&str> = read
        .findings
        .iter()
        .filter(|finding| finding.code == "unmatched-rows")
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("Ailleurs, Terres Vives (≈\u{a0}PTCE Terres Vives)"), "{told:?}");
    // What a record of the main sheet lacks is missing there, not in a row of somebody else.
    let missing = read.findings.iter().find(|finding| finding.code == "missing-contact").unwrap();
    assert_eq!((missing.location.sheet.as_deref(), missing.location.row), (Some("PTCE"), Some(2)));
}

/// What a filter has hidden is read, and told in the same words whatever the format.
#[test]
fn hidden_rows_are_read_and_told() {
    for make in [hidden as fn(&Table) -> Vec<Grid>, filtered] {
        let grids = make(&source());
        let formats = FORMATS.into_iter().filter(|format| format.why_not(&grids).is_none());
        let told: Vec<String> = formats
            .map(|format| {
                let read = read(&format!("l.{}", format.extension()), &format.bytes(&grids));
                let mut told = read.findings.iter().filter(|finding| finding.code == "hidden-rows");
                let place = |finding: &Finding| format!("{} {:?}", finding.message, finding.location.row);
                format!("{:?} {:?}", told.next().map(place), told.next())
            })
            .collect();
        assert_eq!(told.len(), 4);
        assert!(
            told.iter().all(|told| told == "Some(\"These rows are hidden, and read as the others: 3. Some(3)\") None"),
            "{told:?}"
        );
    }
}

/// The rows of the table in the documentation: what is tested above, and nothing else.
fn matrix() -> String {
    let formats = [Format::Xlsx, Format::Xls, Format::Xlsb, Format::Ods, Format::Csv(';')];
    let mut rows = String::from("| layout | xlsx | xls | xlsb | ods | csv |\n|---|---|---|---|---|---|\n");
    let table = source();
    for layout in &LAYOUTS {
        let grids = (layout.make)(&table);
        let cells = formats.map(|format| if format.why_not(&grids).is_none() { " yes |" } else { " – |" });
        rows.push_str(&format!("| {} |{}\n", layout.name, cells.concat()));
    }
    rows
}

#[test]
fn the_page_of_layouts_is_current() {
    let page = String::from_utf8(std::fs::read(root().join("docs/layouts.md")).unwrap()).unwrap();
    let (before, after) = page.split_once("| layout |").expect("the page has the table of the layouts");
    let (_, after) = after.split_once("\n\n").unwrap();
    assert_current("docs/layouts.md", format!("{before}{}\n{after}", matrix()).as_bytes());
}
