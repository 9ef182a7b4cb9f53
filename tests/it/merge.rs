//! Submissions made one: what each file says stands in the merged record or among the differences.

use std::collections::BTreeMap;

use ptce::merge::{Merged, Options, Prefers, Settled, decisions, merge};
use ptce::{Input, Language};

use crate::support::{folder, ptce, ran};

const ONE: &str = "nom;coordinateur_nom;commune;contact;courriel;téléphone;ETP
Roue libre;Atelier;Figeac;Camille Exemple;c@example.org;05 65 11 22 33;12
Laine des Causses;Filature;Millau;Paul Modèle;p@example.org;;4
";
const OTHER: &str = "nom;coordinateur_nom;commune;contact;courriel;téléphone;ETP
Bois du Lot;Scierie;Cahors;Zoé Essai;z@example.org;;2
Roue Libre;L’Atelier;Figeac;Paul Modèle;p@example.org;;
;;;Camille Exemple;c@example.org;;13
";

fn input(name: &str, csv: &str) -> Input {
    Input::from_bytes(name, csv.as_bytes().to_vec())
}

fn merged(base: Option<&str>, files: &[&str], options: &Options) -> Merged {
    let inputs = files.iter().enumerate().map(|(rank, csv)| input(&format!("{rank}.csv"), csv)).collect();
    merge(base.map(|csv| input("base.csv", csv)), inputs, options).unwrap()
}

#[test]
fn the_same_ptce_of_two_offices_is_shown_side_by_side() {
    let place = folder(&[("a.csv", ONE.as_bytes()), ("b.csv", OTHER.as_bytes())]);
    let run = |arguments: &[&str]| ran(ptce().current_dir(place.path()).args(arguments));
    let done = run(&["merge", "a.csv", "b.csv", "-o", "réunis.xlsx", "--lang", "fr"]);
    assert_eq!(done.code, 1, "a person has to decide: {}", done.stderr);
    let read = run(&["convert", "réunis.xlsx", "--to", "json", "-q"]);
    let sheets = run(&["inspect", "réunis.xlsx", "--lang", "fr"]).stdout;
    let workbook = std::fs::read(place.path().join("réunis.xlsx")).unwrap();
    let texts = calamine_rows(&workbook, "Conflits");
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}\n{}",
        done.stderr,
        read.stdout,
        texts,
        calamine_rows(&workbook, "Provenance")
    ));
    assert!(sheets.contains("feuille « Conflits », 0 fiche"), "our own sheets hold no records: {sheets}");
}

/// The cells of a sheet, a line each row.
fn calamine_rows(workbook: &[u8], sheet: &str) -> String {
    use calamine::{Reader, Xlsx};
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(workbook)).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let line = |row: &[calamine::Data]| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ¦ ");
    range.rows().map(|row| line(row).trim_end_matches(" ¦ ").to_owned() + "\n").collect()
}

#[test]
fn what_a_person_has_decided_stands_the_next_time() {
    let files = &[ONE, OTHER];
    let first = merged(None, files, &Options::default());
    let open = first.conflicts.iter().find(|conflict| conflict.settled == Settled::Open).unwrap();
    let mut options = Options::default();
    options.decisions.insert((open.record.clone(), open.pointer.clone()), "Atelier du Célé".to_owned());
    let decided = merged(None, files, &options);
    assert_eq!(decided.open() + 1, first.open());
    assert_eq!(decided.records[0].coordinator.name.as_deref(), Some("Atelier du Célé"));

    // The workbook keeps the decisions, and gives them back.
    let sheets = decided.sheets(Language::French);
    let export = ptce::export::Options { sheets, ..ptce::export::Options::default() };
    let mut workbook = Vec::new();
    let exporter = ptce::export::Exporter::new(ptce::Format::Xlsx, &mut workbook, &export).unwrap();
    exporter.finish().unwrap();
    assert_eq!(decisions(&workbook, "m.xlsx", &ptce::import::Limits::default()).unwrap(), options.decisions);
    let error = decisions(ONE.as_bytes(), "a.csv", &ptce::import::Limits::default()).unwrap_err();
    assert!(error.message(Language::English).contains("workbook"), "{error}");
}

#[test]
fn a_preference_settles_what_contradicts() {
    for (prefers, name) in [(Prefers::First, "Atelier"), (Prefers::Last, "L’Atelier")] {
        let merged = merged(None, &[ONE, OTHER], &Options { prefers, ..Options::default() });
        assert_eq!(merged.open(), 0);
        assert_eq!(merged.records[0].coordinator.name.as_deref(), Some(name));
    }
}

/// Copies of one file, each with edits of its own: what one changed is taken, what several changed is told.
#[test]
fn no_edit_of_reviewed_copies_is_lost() {
    const COLUMNS: [&str; 7] =
        ["nom", "sigle", "coordinateur_nom", "résumé", "calendrier", "financement", "évaluation"];
    const COPIES: usize = 4;
    // 100,000 edits by hand: PTCE_EDITS=3600 cargo test reviewed.
    let rows: usize = std::env::var("PTCE_EDITS").ok().and_then(|text| text.parse().ok()).unwrap_or(150);
    let mut state = 20_261_130_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let word = |row: usize, column: usize| {
        format!("{} {row}", ["Fabriques", "FQ", "Roue", "Relancer", "Avant", "Don", "Suivi"][column])
    };
    let base: Vec<Vec<String>> =
        (0..rows).map(|row| (0..COLUMNS.len()).map(|column| word(row, column)).collect()).collect();
    let mut copies = vec![base.clone(); COPIES];
    // Of each cell, what the copies that changed it say.
    let mut edits: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    for (copy, table) in copies.iter_mut().enumerate() {
        for (row, cells) in table.iter_mut().enumerate() {
            for (column, cell) in cells.iter_mut().enumerate() {
                // A row that has another name is known by what is left of it.
                let is_renamed = copy == 0 && row % 3 == 0;
                let change = if is_renamed && column > 3 { 9 } else { random(10) };
                if change == 0 && column > 0 {
                    cell.clear();
                } else if change < 4 && (column > 0 || is_renamed) {
                    *cell = format!("{cell} revu {copy}");
                } else {
                    continue;
                }
                edits.entry((row, column)).or_default().push(cell.clone());
            }
        }
    }
    let csv = |table: &Vec<Vec<String>>| {
        table.iter().fold(COLUMNS.join(";") + "\n", |text, row| text + &row.join(";") + "\n")
    };
    let texts: Vec<String> = copies.iter().map(csv).collect();
    let files: Vec<&str> = texts.iter().map(String::as_str).collect();
    let merged = merged(Some(&csv(&base)), &files, &Options::default());
    assert_eq!(merged.records.len(), rows, "every copy has every record");

    let fields =
        ["/nom", "/sigle", "/coordinateur/nom", "/projet/resume", "/calendrier", "/financement", "/evaluation"];
    for (row, record) in merged.records.iter().enumerate() {
        let json = serde_json::to_value(record).unwrap();
        let name = json["nom"].as_str().unwrap();
        let told: Vec<_> =
            merged.conflicts.iter().filter(|conflict| conflict.name == name || conflict.name == word(row, 0)).collect();
        for (column, field) in fields.iter().enumerate() {
            let held = json.pointer(field).and_then(|value| value.as_str()).unwrap_or_default();
            let said = || told.iter().filter(|conflict| conflict.pointer == *field);
            match edits.get(&(row, column)).map(Vec::as_slice) {
                None => assert_eq!(held, word(row, column), "{field} of {name}"),
                Some([one]) => {
                    assert_eq!(held, one, "{field} of {name}");
                    assert!(!one.is_empty() || said().any(|conflict| conflict.settled == Settled::Removed));
                }
                Some(several) => {
                    for one in several.iter().filter(|one| !one.is_empty()) {
                        let is_told = said().any(|conflict| conflict.said.iter().any(|said| said.text == *one));
                        assert!(held == one || is_told, "{field} of {name}: {one:?} is lost");
                    }
                }
            }
        }
    }
}

#[test]
fn a_file_with_itself_is_itself() {
    let alone = merged(None, &[ONE], &Options::default());
    let twice = merged(Some(ONE), &[ONE, ONE], &Options::default());
    assert_eq!(alone.records.len(), twice.records.len());
    assert!(twice.conflicts.is_empty());
    let plain = |merged: &Merged| serde_json::to_string(&merged.records).unwrap().replace("1.csv", "0.csv");
    assert_eq!(plain(&alone), plain(&twice));
}

#[test]
fn what_cannot_be_merged_is_refused_or_told() {
    let place = folder(&[("a.csv", ONE.as_bytes()), ("b.csv", b"\x89PNG")]);
    let run = |arguments: &[&str]| ran(ptce().current_dir(place.path()).args(arguments));
    let partial = run(&["merge", "a.csv", "b.csv", "-o", "m.xlsx"]);
    assert_eq!(partial.code, 2, "{}", partial.stderr);
    assert!(partial.stderr.contains("b.csv"), "{}", partial.stderr);
    let none = run(&["merge", "b.csv", "b.csv", "-o", "rien.xlsx"]);
    assert_eq!((none.code, place.path().join("rien.xlsx").exists()), (2, false), "{}", none.stderr);
    for arguments in [["merge", "a.csv", "-o", "m.csv"], ["merge", "a.csv", "-o", "a.xlsx/x.xlsx"]] {
        assert_eq!(run(&arguments).code, 2);
    }
    let own = run(&["merge", "a.csv", "--base", "m.xlsx", "-o", "m.xlsx"]);
    assert_eq!(own.code, 2, "no input is overwritten: {}", own.stderr);
}
