//! The entry form: what it asks for, and that it imports once it is filled in.

use calamine::{Data, Reader, Xlsx};
use ptce::settings::Profile;
use ptce::{Level, Record};

use crate::support::{names_in, part, ptce, ran, read_as, records, values};

fn form(profile: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let ran = ran(ptce().current_dir(folder.path()).args(["template", "-o", "formulaire.xlsx", "--profile", profile]));
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    std::fs::read(folder.path().join("formulaire.xlsx")).unwrap()
}

fn headers(form: &[u8]) -> Vec<String> {
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(form)).unwrap();
    let range = book.worksheet_range("PTCE").unwrap();
    assert_eq!(range.height(), 1, "no example row: it would be imported");
    range.rows().next().unwrap().iter().map(ToString::to_string).collect()
}

/// The form as a spreadsheet saves it after someone typed `values` under their headers.
fn filled(form: &[u8], rows: &[Vec<(String, String)>]) -> Vec<u8> {
    let headers = headers(form);
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(form)).unwrap();
    let mut written = rust_xlsxwriter::Workbook::new();
    for name in book.sheet_names() {
        let sheet = written.add_worksheet();
        sheet.set_name(&name).unwrap();
        for (row, column, cell) in book.worksheet_range(&name).unwrap().used_cells() {
            sheet.write_string(row as u32, column as u16, cell.to_string()).unwrap();
        }
        if name == "PTCE" {
            for (values, row) in rows.iter().zip(1..) {
                for (header, value) in values {
                    let column = headers.iter().position(|known| known == header);
                    let column = column.unwrap_or_else(|| panic!("no column {header}"));
                    sheet.write_string(row, column as u16, value).unwrap();
                }
            }
        }
    }
    written.save_to_buffer().unwrap()
}

/// What stands in the cells of a workbook, row by row, under the titles of its columns.
fn typed(records: &[Record], headers: &[String]) -> Vec<Vec<(String, String)>> {
    let bytes = crate::support::exported(ptce::row::Format::Xlsx, "PTCE", records);
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("PTCE").unwrap();
    let titles: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let header = |title: &String| headers.iter().find(|header| header.trim_end_matches(" *") == title).cloned();
    let row = |row: &[Data]| {
        let cells = titles.iter().zip(row).filter(|(_, cell)| **cell != Data::Empty);
        cells.filter_map(|(title, cell)| Some((header(title)?, crate::support::shown(cell)))).collect()
    };
    range.rows().skip(1).map(row).collect()
}

#[test]
fn it_asks_for_what_the_profile_wants() {
    for profile in ["laureat", "candidature"] {
        insta::assert_snapshot!(format!("headers_{profile}"), headers(&form(profile)).join("\n"));
    }
}

#[test]
fn a_filled_in_form_imports_without_any_mapping() {
    for (name, profile) in [("conforme", Profile::Laureate), ("candidature", Profile::Submission)] {
        let form = form(profile.name());
        let records = records(name);
        let read = read_as("rempli.xlsx", &filled(&form, &typed(&records, &headers(&form))), profile);
        for finding in &read.findings {
            assert!(finding.record.is_some(), "about the form itself: {finding:?}");
        }
        assert_eq!(read.records().len(), records.len());
        for (read, sent) in read.records().iter().zip(&records) {
            let read = values(read);
            for value in values(sent).iter().filter(|(pointer, _)| !pointer.starts_with("/source")) {
                assert!(read.contains(value), "{value:?}");
            }
        }
    }
}

/// What the form marks is enough for a record without error, but for the families of its partners.
#[test]
fn the_marked_fields_are_those_whose_absence_is_an_error() {
    for profile in [Profile::Laureate, Profile::Submission] {
        let form = form(profile.name());
        let headers = headers(&form);
        let marked: Vec<(String, String)> = headers
            .iter()
            .filter(|header| header.ends_with(" *"))
            .map(|header| {
                let text = if header.contains("courriel") { "contact@pole.fr" } else { "Roue libre en Quercy" };
                (header.clone(), text.to_owned())
            })
            .collect();
        let errors = |values: &[(String, String)]| {
            let read = read_as("rempli.xlsx", &filled(&form, &[values.to_vec()]), profile);
            let errors = read.findings.into_iter().filter(|finding| finding.level == Level::Error);
            errors.map(|finding| finding.code).filter(|code| !code.ends_with("-member")).collect::<Vec<_>>()
        };
        assert_eq!(errors(&marked), [""; 0], "{profile:?}");
        for left_out in 0..marked.len() {
            let mut rest = marked.clone();
            let (header, _) = rest.remove(left_out);
            assert!(!errors(&rest).is_empty(), "{profile:?}: {header} is not missed");
        }
    }
}

#[test]
fn an_empty_form_has_no_record() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["formulaire.xlsx", "formulaire.csv"] {
        assert_eq!(ran(ptce().current_dir(folder.path()).args(["template", "-o", name])).code, 0);
        let ran = ran(ptce().current_dir(folder.path()).args(["validate", name]));
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.lines().count()), (2, "", 1), "{}", ran.stderr);
        assert!(ran.stderr.contains("no record"), "{}", ran.stderr);
    }
    let csv = std::fs::read_to_string(folder.path().join("formulaire.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1);
    assert!(
        csv.starts_with("id,nom,sigle,") && csv.contains(",partenaire_10_note,") && !csv.contains("source"),
        "{csv}"
    );
}

#[test]
fn a_thousand_rows_have_lists() {
    let sheet = part(&form("laureat"), "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("sqref=\"F2:F1001\""), "{sheet}");
}

/// Someone may have filled it in.
#[test]
fn a_form_is_not_replaced_unasked() {
    let folder = crate::support::folder(&[("formulaire.xlsx", b"rempli")]);
    let mut told = String::new();
    for (name, language) in [
        ("formulaire.xlsx", "fr"),
        ("formulaire.xlsx", "en"),
        ("formulaire.json", "fr"),
        ("formulaire.xlsm", "fr"),
        ("formulaire.tsv", "en"),
        ("formulaire", "en"),
    ] {
        let ran = ran(ptce().current_dir(folder.path()).args(["template", "-o", name, "--lang", language]));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        told.push_str(&ran.stderr);
    }
    insta::assert_snapshot!(told);
    assert_eq!(std::fs::read(folder.path().join("formulaire.xlsx")).unwrap(), b"rempli");
    assert_eq!(names_in(folder.path()), ["formulaire.xlsx"]);
    assert_eq!(ran(ptce().current_dir(folder.path()).args(["template", "-o", "formulaire.xlsx", "--force"])).code, 0);
    assert!(std::fs::read(folder.path().join("formulaire.xlsx")).unwrap().starts_with(b"PK"));
}

#[test]
fn the_same_form_every_time() {
    assert!(form("candidature") == form("candidature"));
}

/// The form of one PTCE, as a spreadsheet saves it after someone has filled it in: the value behind each label.
fn filled_upright(values: &[(&str, &str)]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["template", "-o", "fiche.xlsx", "--layout", "form", "--profile", "candidature"];
    assert_eq!(ran(ptce().current_dir(folder.path()).args(arguments)).code, 0);
    let form = std::fs::read(folder.path().join("fiche.xlsx")).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(form)).unwrap();
    let mut written = rust_xlsxwriter::Workbook::new();
    let sheet = written.add_worksheet();
    let mut asked = 0;
    for (row, column, cell) in book.worksheet_range("PTCE").unwrap().used_cells() {
        let text = cell.to_string();
        sheet.write_string(row as u32, column as u16, &text).unwrap();
        let label = text.lines().next().unwrap().trim_end_matches(" *");
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == label) {
            sheet.write_string(row as u32, 1, *value).unwrap();
            asked += 1;
        }
    }
    assert_eq!(asked, values.len(), "every label stands in the form");
    written.save_to_buffer().unwrap()
}

#[test]
fn the_form_of_one_ptce_imports_without_any_mapping() {
    let answers = [
        ("Nom", "Fabriques du Quercy"),
        ("Sigle", "FQ"),
        ("Région – nom", "Occitanie"),
        ("Territoire – libellé", "Pays du Quercy"),
        ("Territoire – départements", "Lot\nAveyron"),
        ("Territoire – communes", "Figeac\nMillau"),
        ("Thématiques", "réemploi\nbois"),
        ("Projet – résumé", "Relier les ateliers."),
        ("Projet – objectifs", "Former\nEmbaucher"),
        ("Projet – actions", "Ouvrir un atelier"),
        ("Coordinateur – nom", "Roue libre"),
        ("Coordinateur – forme juridique", "association"),
        ("Coordinateur – SIRET", "999 164 080 00015"),
        ("Coordinateur – RNA", "W462999104"),
        ("Partenaire 1 – nom", "Ressourcerie"),
        ("Partenaire 1 – catégorie", "ess"),
        ("Partenaire 2 – nom", "Scierie"),
        ("Partenaire 2 – catégorie", "entreprise"),
        ("Partenaire 3 – nom", "Lycée"),
        ("Partenaire 3 – catégorie", "formation"),
        ("Contact 1 – nom", "Camille Exemple"),
        ("Contact 1 – fonction", "coordinatrice"),
        ("Contact 1 – courriel", "c@example.org"),
        ("Contact 1 – téléphone", "05 65 11 22 33"),
        ("Adresse – complément", "Bâtiment B"),
        ("Adresse – voie", "12 rue des Tanneurs"),
        ("Adresse – mention", "BP 12"),
        ("Adresse – code postal", "46100"),
        ("Adresse – commune", "Figeac"),
        ("Emploi – ETP", "12,5"),
        ("Emploi – salariés", "14"),
        ("Emploi – créations prévues", "3"),
        ("Site web", "www.example.org"),
        ("Calendrier", "2027"),
        ("Financement", "État"),
        ("Évaluation", "annuelle"),
        ("Mise en réseau", "RTES"),
        ("Politiques locales", "contrat de ville"),
    ];
    let read = read_as("fiche.xlsx", &filled_upright(&answers), Profile::Submission);
    let records = read.records();
    assert_eq!(records.len(), 1, "{:?}", read.findings);
    insta::assert_json_snapshot!(records[0]);
    assert!(read.findings.iter().all(|finding| finding.level == Level::Info), "{:?}", read.findings);

    // What nobody fills in is no value: the hints are part of the labels.
    let short = read_as("fiche.xlsx", &filled_upright(&answers[..1]), Profile::Submission);
    let held = values(&short.records()[0]).into_iter().filter(|(at, _)| !at.starts_with("/source/l"));
    assert_eq!(held.collect::<Vec<_>>(), [("/nom".to_owned(), "Fabriques du Quercy".to_owned())]);
}
