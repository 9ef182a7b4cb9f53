//! Fault injection: one cell of a conforming file is broken, and the findings stand at exactly that cell.

use proptest::prelude::*;
use proptest::sample::select;
use ptce::row::Format;
use ptce::{Location, Record};

use crate::support::{FORMATS, archive, archived, exported, read, records};

/// A way to break one value.
#[derive(Debug, Clone, Copy)]
struct Fault {
    pointer: &'static str,
    /// Name of its CSV column.
    label: &'static str,
    /// Texts that are wrong there.
    broken: &'static [&'static str],
    code: &'static str,
}

const fn fault(
    pointer: &'static str,
    label: &'static str,
    broken: &'static [&'static str],
    code: &'static str,
) -> Fault {
    Fault { pointer, label, broken, code }
}

const FAULTS: &[Fault] = &[
    fault("/id", "id", &["Filières Vives", "a--b", "Été"], "invalid-value"),
    fault("/nom", "nom", &["P\u{fffd}le de coop?ration"], "mojibake"),
    fault("/nom", "nom", &["PÃ´le de l’Ã‰conomie", "PÃƒÂ´le bois"], "value-understood"),
    fault("/nom", "nom", &["#REF!", "#N/A"], "formula-error"),
    fault("/nom", "nom", &["Recyclerie &amp; Compagnie"], "markup-leftover"),
    fault("/appel/statut", "appel_statut", &["gagnant"], "invalid-value"),
    fault("/appel/statut", "appel_statut", &["Laureat", "Lauréat(e)"], "value-understood"),
    fault("/appel/type", "appel_type", &["emergente"], "value-understood"),
    fault("/appel/date_annonce", "appel_date_annonce", &["2022-13-15", "2022-02-30"], "invalid-value"),
    fault("/appel/date_annonce", "appel_date_annonce", &["15/12/2022", "15 décembre 2022"], "value-understood"),
    fault("/appel/montant", "appel_montant", &["cent mille"], "wrong-type"),
    fault("/appel/montant", "appel_montant", &["12 k€", "1.250.000"], "value-understood"),
    fault("/appel/montant", "appel_montant", &["15.000 €", "120,000"], "ambiguous-value"),
    fault("/appel/montant", "appel_montant", &["-5"], "invalid-value"),
    fault("/territoire/departements/0/code", "territoire_departement_1_code", &["99", "20"], "unknown-department"),
    fault("/territoire/departements/0/nom", "territoire_departement_1_nom", &["Oise"], "department-name-mismatch"),
    fault("/territoire/communes/1/code_insee", "territoire_commune_2_code_insee", &["26A13"], "invalid-value"),
    fault(
        "/territoire/communes/1/code_insee",
        "territoire_commune_2_code_insee",
        &["99999", "26999"],
        "unknown-commune",
    ),
    fault("/territoire/communes/0/nom", "territoire_commune_1_nom", &["Romansette"], "commune-name-mismatch"),
    fault("/territoire/priorites/0", "territoire_priorites", &["zone_verte"], "invalid-value"),
    fault("/coordinateur/siren", "coordinateur_siren", &["999412035", "99941203"], "invalid-siren"),
    fault("/coordinateur/siret", "coordinateur_siret", &["99941203400011", "73282932000074"], "invalid-siret"),
    fault("/coordinateur/rna", "coordinateur_rna", &["261999123"], "invalid-rna"),
    fault("/partenaires/1/categorie", "partenaire_2_categorie", &["mécène", "Compagnie"], "invalid-value"),
    fault(
        "/contacts/0/courriel",
        "contact_1_courriel",
        &["contact(at)example.org", "a@b", "www.example.org"],
        "malformed-email",
    ),
    fault("/contacts/0/telephone", "contact_1_telephone", &["01 99 00 12 3", "Mairie"], "malformed-phone"),
    fault("/contacts/0/telephone", "contact_1_telephone", &["néant", "N/A"], "placeholder-value"),
    fault("/adresse/voie", "adresse_voie", &["27, bis Maurice-Sarraut"], "malformed-address"),
    fault("/adresse/code_postal", "adresse_code_postal", &["261500", "ABCDE", "99999"], "malformed-postal-code"),
    fault("/adresse/code_postal", "adresse_code_postal", &["29200"], "postal-code-outside-territory"),
    fault("/adresse/code_postal", "adresse_code_postal", &["26159"], "unknown-postal-code"),
    fault("/adresse/commune", "adresse_commune", &["Dye"], "postal-code-commune-mismatch"),
    fault("/emploi/etp", "emploi_etp", &["une douzaine", "12 salariés"], "wrong-type"),
    fault("/site_web", "site_web", &["pas de site", "exemple", "https://exemple"], "invalid-value"),
    fault("/site_web", "site_web", &["www.example.org"], "value-understood"),
];

/// Stands for the broken value while the file is written, so that its place can be found without our importers.
const MARK: &str = "QZMARKQZ";
const MARK_NUMBER: &str = "987654321";

/// The conforming records with the mark at `pointer` of record `rank`; `None` when that record has no value there.
fn marked(pointer: &str, rank: usize) -> Option<(Vec<Record>, &'static str)> {
    let mut records = records("conforme");
    let mut json = serde_json::to_value(&records[rank]).unwrap();
    let place = json.pointer_mut(pointer)?;
    let mark = if place.is_number() { MARK_NUMBER } else { MARK };
    *place = if place.is_number() { MARK_NUMBER.parse::<u64>().unwrap().into() } else { MARK.into() };
    records[rank] = serde_json::from_value(json).unwrap();
    Some((records, mark))
}

/// A CSV file with `text` in place of the mark, and the line, the column and the label of the cell.
fn csv_rewritten(bytes: &[u8], mark: &str, text: &str) -> (Vec<u8>, Option<(u64, u32, String)>) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut found = None;
    let mut header = csv::StringRecord::new();
    for (row, line) in reader.records().zip(1..) {
        let row = row.unwrap();
        if line == 1 {
            header = row.clone();
        }
        if let Some(column) = row.iter().position(|cell| cell.contains(mark)) {
            found = Some((line, column as u32 + 1, header[column].to_owned()));
        }
        writer.write_record(row.iter().map(|cell| cell.replace(mark, text))).unwrap();
    }
    (writer.into_inner().unwrap(), found)
}

/// The bytes of the broken file, and the place of the broken value in it.
fn broken(format: Format, fault: &Fault, rank: usize, text: &str) -> Option<(Vec<u8>, Location)> {
    let (records, mark) = marked(fault.pointer, rank)?;
    let bytes = exported(format, "PTCE", &records);
    let mut place = Location { file: file_name(format), ..Location::default() };
    let bytes = match format {
        Format::Csv => {
            let (bytes, found) = csv_rewritten(&bytes, mark, text);
            if let Some((line, column, label)) = found {
                assert_eq!(label, fault.label);
                place.line = Some(line);
                place.column = Some(column);
                place.label = Some(label);
            }
            bytes
        }
        Format::Tables => {
            let mut files = archived(&bytes);
            for (name, content) in &mut files {
                let (written, found) = csv_rewritten(content, mark, text);
                *content = written;
                if let Some((line, column, label)) = found {
                    place.sheet = Some(name.clone());
                    place.line = Some(line);
                    place.column = Some(column);
                    place.label = Some(label);
                }
            }
            archive(&files)
        }
        Format::Xlsx => rewritten(&bytes, mark, text, &mut place),
        Format::Xml | Format::Json | Format::Ndjson => {
            let source = String::from_utf8(bytes).unwrap();
            let quoted = serde_json::to_string(mark).unwrap();
            let (old, new) = match (format, mark) {
                (Format::Xml, _) => (mark.to_owned(), text.replace('&', "&amp;").replace('<', "&lt;")),
                (_, MARK) => (quoted, serde_json::to_string(text).unwrap()),
                // A number that the fault makes a text.
                _ if text.parse::<f64>().is_ok() => (mark.to_owned(), text.to_owned()),
                _ => (mark.to_owned(), serde_json::to_string(text).unwrap()),
            };
            assert_eq!(source.matches(old.as_str()).count(), 1);
            let mut start = source.find(&old).unwrap();
            if format == Format::Xml {
                // An element is shown where it begins.
                start = source[..start].rfind('<').unwrap();
            }
            let before = &source[..start];
            let line_start = before.rfind('\n').map_or(0, |end| end + 1);
            place.line = Some(before.matches('\n').count() as u64 + 1);
            place.column = Some(before[line_start..].chars().count() as u32 + 1);
            place.path = Some(path(format, fault.pointer));
            source.replace(&old, &new).into_bytes()
        }
        _ => unreachable!("{format:?} is not written"),
    };
    Some((bytes, place))
}

/// The workbook again, its table from B3 on, as people leave room for a logo.
fn rewritten(bytes: &[u8], mark: &str, text: &str, place: &mut Location) -> Vec<u8> {
    use calamine::{Data, Reader, Xlsx};
    const SHEET: &str = "Pôles d’ici";
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("PTCE").unwrap();
    let mut written = rust_xlsxwriter::Workbook::new();
    let sheet = written.add_worksheet();
    sheet.set_name(SHEET).unwrap();
    for (row, column, cell) in range.used_cells() {
        let (row, column) = (row as u32 + 2, column as u16 + 1);
        if cell.to_string().contains(mark) {
            place.sheet = Some(SHEET.to_owned());
            place.row = Some(u64::from(row) + 1);
            place.column = Some(u32::from(column) + 1);
            let letters = ptce::location::column_letters(u32::from(column) + 1);
            place.cell = Some(format!("{letters}{}", row + 1));
            sheet.write_string(row, column, cell.to_string().replace(mark, text)).unwrap();
        } else if let Data::Float(number) = cell {
            sheet.write_number(row, column, *number).unwrap();
        } else if let Data::DateTime(day) = cell {
            let format = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
            sheet.write_number_with_format(row, column, day.as_f64(), &format).unwrap();
        } else {
            sheet.write_string(row, column, cell.to_string()).unwrap();
        }
    }
    written.save_to_buffer().unwrap()
}

fn file_name(format: Format) -> String {
    format!("casse.{}", format.extension())
}

/// The names of the elements or keys on the way to a value: `/contacts/0/courriel` → `contacts/contact/courriel`.
fn path(format: Format, pointer: &str) -> String {
    let mut path: Vec<String> = Vec::new();
    for step in pointer.split('/').skip(1) {
        match (step.parse::<usize>(), path.last()) {
            (Ok(_), Some(list)) if format == Format::Xml => path.push(list.trim_end_matches('s').to_owned()),
            (Ok(_), _) => {}
            (Err(_), _) => path.push(step.to_owned()),
        }
    }
    path.join("/")
}

fn assert_found_there(format: Format, fault: &Fault, rank: usize, text: &str) -> bool {
    let Some((bytes, place)) = broken(format, fault, rank, text) else { return false };
    let read = read(&file_name(format), &bytes);
    let found: Vec<_> = read.findings.iter().map(|f| (f.code, f.pointer.as_str(), &f.value, &f.location)).collect();
    let context = format!("{} in record {} of {}: {found:#?}", fault.code, rank + 1, file_name(format));
    assert_eq!(found.len(), 1, "{context}");
    let finding = &read.findings[0];
    assert_eq!(finding.code, fault.code, "{context}");
    // The heading of the column serves lists of findings alone.
    let location = ptce::Location { heading: None, ..finding.location.clone() };
    assert_eq!(location, place, "{context}");
    assert_eq!(finding.value.as_deref(), Some(text), "{context}");
    assert_eq!(finding.record.as_ref().unwrap().index, rank as u64 + 1, "{context}");
    assert_eq!(finding.pointer, fault.pointer, "{context}");
    true
}

#[test]
fn every_fault_is_found_in_every_format() {
    for fault in FAULTS {
        for format in FORMATS {
            assert!(assert_found_there(format, fault, 0, fault.broken[0]), "{fault:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_broken_cell_is_found_there_and_nowhere_else(
        (fault, text) in select(FAULTS).prop_flat_map(|fault| (Just(fault), select(fault.broken))),
        format in select(FORMATS.as_slice()),
        rank in 0_usize..3,
    ) {
        assert_found_there(format, &fault, rank, text);
    }
}

/// The mechanism itself: with the right value in place of the broken one, there is nothing to find.
#[test]
fn without_a_fault_there_is_nothing() {
    for format in FORMATS {
        let fault = FAULTS.iter().find(|fault| fault.pointer == "/adresse/voie").unwrap();
        let (bytes, _) = broken(format, fault, 0, "14 rue de la Gare").unwrap();
        assert!(read(&file_name(format), &bytes).findings.is_empty(), "{format:?}");
    }
}

/// A value that is absent is placed where it would stand.
#[test]
fn an_absent_value_is_placed_in_its_column() {
    let mut all = records("conforme");
    all[1].name = None;
    for format in FORMATS {
        let read = read(&file_name(format), &exported(format, "PTCE", &all));
        let found: Vec<_> = read.findings.iter().map(|finding| (finding.code, finding.pointer.as_str())).collect();
        assert_eq!(found, [("missing-name", "/nom")], "{format:?}");
        let place = &read.findings[0].location;
        match format {
            Format::Csv => {
                assert_eq!((place.line, place.column, place.label.as_deref()), (Some(3), Some(2), Some("nom")));
            }
            Format::Xlsx => assert_eq!(place.cell.as_deref(), Some("B3")),
            Format::Tables => {
                assert_eq!(place.sheet.as_deref(), Some("ptce.csv"));
                assert_eq!((place.line, place.column, place.label.as_deref()), (Some(3), Some(3), Some("nom")));
            }
            _ => assert_eq!(place.path.as_deref(), Some("nom"), "{format:?}"),
        }
    }
}

/// Lines are those of the file, as an editor counts them: blank lines and line breaks in cells included.
#[test]
fn lines_are_counted_as_an_editor_does() {
    let mut records = records("conforme");
    records[0].project.summary = Some("Un\n\ndeux, « trois »\n\"quatre\"".to_owned());
    records[1].project.objectives = vec!["a\nb".to_owned()];
    // The record itself spans lines too: it is shown where it begins.
    records[2].project.actions = vec!["c\nd\n\ne".to_owned()];
    records[2].address.postal_code = Some("ABCDE".to_owned());
    let csv = String::from_utf8(exported(Format::Csv, "PTCE", &records)).unwrap();
    let (header, rows) = csv.split_once('\n').unwrap();
    let spread = rows.replacen("sud-sauvage-solidaire,", "\n\nsud-sauvage-solidaire,", 1);
    let titled = format!("PTCE de 2022\n\n{header}\n{spread}");
    for text in
        [titled.clone(), titled.replace('\n', "\r\n"), format!("\u{feff}{titled}"), titled.trim_end().to_owned()]
    {
        let read = read("casse.csv", text.as_bytes());
        let found = read.findings.iter().find(|finding| finding.code == "malformed-postal-code").unwrap();
        let start = text.find("u-cantieru-cumunu").unwrap();
        let line = text[..start].matches('\n').count() as u64 + 1;
        assert!(line > 10, "the cells above must span lines");
        assert_eq!(found.location.line, Some(line), "{text}");
        assert_eq!(found.location.label.as_deref(), Some("adresse_code_postal"));
        assert_eq!(read.findings.len(), 2, "{:#?}", read.findings);
        assert_eq!(read.count("text-outside-table"), 1);
    }
}

/// What is absent from the second element of a list is missing there, not in the first.
#[test]
fn what_an_element_lacks_is_placed_in_that_element() {
    let csv =
        "nom,partenaire_1_nom,partenaire_1_categorie,partenaire_2_nom,partenaire_2_categorie\nA,B,ess,,entreprise\n";
    let found = read("a.csv", csv.as_bytes());
    let place = &found.findings.iter().find(|finding| finding.code == "missing-value").unwrap().location;
    assert_eq!((place.column, place.label.as_deref()), (Some(4), Some("partenaire_2_nom")));
    let json = "[{\"nom\":\"A\",\"partenaires\":[\n{\"nom\":\"B\"},\n{\"categorie\":\"ess\"}]}]";
    let found = read("a.json", json.as_bytes());
    let place = &found.findings.iter().find(|finding| finding.code == "missing-value").unwrap().location;
    assert_eq!(place.line, Some(3));
}

/// The same in the table of the list.
#[test]
fn what_an_element_lacks_is_placed_in_its_table() {
    let table = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let bytes = archive(&[
        table("partenaires.csv", "cle_ptce,rang,nom,categorie\n2,1,C,ess\n1,2,,entreprise\n1,1,B,ess\n"),
        table("ptce.csv", "cle_ptce,nom\n1,A\n2,B\n"),
    ]);
    let read = read("a.zip", &bytes);
    let found: Vec<_> = read.findings.iter().filter(|finding| finding.code == "missing-value").collect();
    assert_eq!(found.len(), 1);
    let place = &found[0].location;
    assert_eq!(found[0].pointer, "/partenaires/1/nom");
    assert_eq!((place.sheet.as_deref(), place.line, place.column), (Some("partenaires.csv"), Some(3), Some(3)));
    assert_eq!(read.records()[0].partners[0].name.as_deref(), Some("B"));
}

/// What names an element and what tells more of it stand in two cells: each finding has its own.
#[test]
fn a_value_beside_the_name_of_its_element_has_its_own_cell() {
    let csv = "nom;partenaire 1;catégorie partenaire 1\nA;B;Association d’insertion\n";
    let found = read("a.csv", csv.as_bytes());
    let wrong = found.findings.iter().find(|finding| finding.code == "invalid-value").unwrap();
    assert_eq!((wrong.pointer.as_str(), wrong.location.column), ("/partenaires/0/categorie", Some(3)));
    assert_eq!(wrong.suggestion.as_deref(), Some("ess"));
}
