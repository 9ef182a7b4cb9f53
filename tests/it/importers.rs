//! How each format of the laureates is understood: labels with their fields, and each value with its place.

use ptce::Language;
use ptce::row::Format;

use crate::support::{FORMATS, exported, folder, ptce, ran, read, records, root, run_ptce, sample, values};

/// Three laureates in a format.
fn view(format: Format) -> String {
    let records = &records("laureats-2014")[..3];
    view_of(&format!("laureats.{}", format.extension()), &exported(format, "Lauréats", records))
}

fn view_of(file: &str, bytes: &[u8]) -> String {
    let folder = folder(&[(file, bytes)]);
    let inspected = ran(ptce().current_dir(folder.path()).args(["inspect", file]));
    assert_eq!((inspected.code, inspected.stderr.as_str()), (0, ""));
    let mut view = inspected.stdout;
    for entry in read(file, bytes).entries.iter().take(3) {
        view.push_str(&format!("\nrecord {}\n", entry.index));
        for (pointer, value) in values(&entry.record) {
            let place = entry.location(&pointer).within_file(Language::English);
            view.push_str(&format!("  {pointer} = {value:?}\n      {place}\n"));
        }
    }
    view
}

#[test]
fn json() {
    insta::assert_snapshot!(view(Format::Json));
}

#[test]
fn ndjson() {
    insta::assert_snapshot!(view(Format::Ndjson));
}

#[test]
fn csv() {
    insta::assert_snapshot!(view(Format::Csv));
}

#[test]
fn xml() {
    insta::assert_snapshot!(view(Format::Xml));
}

#[test]
fn xlsx() {
    insta::assert_snapshot!(view(Format::Xlsx));
}

#[test]
fn text() {
    insta::assert_snapshot!(view_of("fiches.txt", &sample("fiches.txt")));
}

#[test]
fn inspect_in_french() {
    insta::assert_snapshot!(run_ptce(&["inspect", "--lang", "fr", "samples/conforme.csv"]).stdout);
    insta::assert_snapshot!(run_ptce(&["inspect", "--lang", "fr", "samples/conforme.xlsx"]).stdout);
    insta::assert_snapshot!(run_ptce(&["inspect", "--lang", "fr", "samples/fiches.txt"]).stdout);
}

/// A table as people make it: a title, a legend, a blank row, labels of their own, a column that nobody knows.
#[test]
fn a_table_made_by_hand() {
    let text = "\u{feff}Liste des PTCE lauréats;;;;\r\n\r\nNom du pôle;Porteur du projet;E-mail du contact;CP;Couleur\r\n\
                Ateliers du Trégor;Atelier;contact@example.org;22300;bleu\r\n";
    let folder = crate::support::folder(&[("liste.csv", text.as_bytes())]);
    let inspected =
        crate::support::ran(crate::support::ptce().current_dir(folder.path()).args(["inspect", "liste.csv"]));
    insta::assert_snapshot!(inspected.stdout);
    let read = read("liste.csv", text.as_bytes());
    let record = &read.entries[0];
    let places: Vec<String> = values(&record.record)
        .iter()
        .map(|(pointer, value)| {
            format!("{pointer} = {value:?} {}", record.location(pointer).within_file(Language::French))
        })
        .collect();
    insta::assert_snapshot!(places.join("\n"));
}

/// Every value of every sample stands where the importer says: the text at that place is the value.
#[test]
fn places_are_true() {
    for format in [Format::Csv, Format::Xlsx] {
        let file = format!("laureats-2014.{}", format.extension());
        let bytes = sample(&file);
        let cells: Vec<Vec<String>> = match format {
            Format::Csv => {
                let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
                reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
            }
            _ => {
                use calamine::Reader;
                let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(bytes.as_slice())).unwrap();
                let range = book.worksheet_range("Lauréats").unwrap();
                range.rows().map(|row| row.iter().map(crate::support::shown).collect()).collect()
            }
        };
        let mut seen = 0;
        for entry in read(&file, &bytes).entries {
            for (pointer, value) in values(&entry.record) {
                let place = entry.location(&pointer);
                let row = place.row.or(place.line).unwrap() as usize;
                let cell = &cells[row - 1][place.column.unwrap() as usize - 1];
                assert!(cell.contains(&value), "{file} {pointer} {place:?}: {value:?} is not in {cell:?}");
                seen += 1;
            }
        }
        assert!(seen > 500, "{seen}");
    }
    for format in [Format::Json, Format::Ndjson, Format::Xml] {
        let file = format!("laureats-2014.{}", format.extension());
        let bytes = sample(&file);
        let lines: Vec<&str> = std::str::from_utf8(&bytes).unwrap().lines().collect();
        for entry in read(&file, &bytes).entries {
            for (pointer, value) in values(&entry.record) {
                let place = entry.location(&pointer);
                let line = lines[place.line.unwrap() as usize - 1];
                let rest: String = line.chars().skip(place.column.unwrap() as usize - 1).collect();
                let start = match format {
                    Format::Xml => {
                        let (_, text) = rest.split_once('>').unwrap();
                        assert!(rest.starts_with('<'), "{file} {pointer} {place:?}: {rest}");
                        text.replace("&amp;", "&").replace("&apos;", "'").replace("&quot;", "\"")
                    }
                    _ => rest.trim_start_matches('"').replace("\\\"", "\""),
                };
                assert!(start.starts_with(&value), "{file} {pointer} {place:?}: {value:?} is not in {rest:?}");
            }
        }
    }
}

#[test]
fn every_format_that_is_written_has_its_snapshot() {
    // Related tables are those of CSV, and have tests of their own.
    for format in FORMATS.into_iter().filter(|format| *format != Format::Tables) {
        let path = root().join(format!("tests/it/snapshots/it__importers__{}.snap", format.extension()));
        assert!(path.is_file(), "{}", path.display());
    }
}

/// Where a record is a column, what it lacks is missing in that column.
#[test]
fn a_record_a_column_has_its_column() {
    let table = "Nom;Roue libre;Ateliers\nCommune;Figeac;Vitré\nCoordinateur;SCIC Bois;\nTéléphone;05 65 11 22 33;\n";
    let found = read("t.csv", table.as_bytes());
    let place = |code: &str| {
        let finding = found.findings.iter().find(|finding| finding.code == code).unwrap();
        (finding.location.line, finding.location.column)
    };
    assert_eq!(place("missing-coordinator"), (Some(3), Some(3)));
    assert_eq!(place("missing-contact"), (Some(4), Some(3)));
}
