//! What a workbook is besides its values: types, lists to choose from, explanations, and no trace of whoever made it.

use ptce::Record;
use ptce::export::Options;
use ptce::record::{Call, Number, Other};
use ptce::row::Format;

use crate::support::{
    archive, exported, exported_with, folder, part, ptce, ran, read, read_as_typed, records, workbook_view,
};

const SHEET: &str = "xl/worksheets/sheet1.xml";

fn sheet_of(records: &[Record]) -> String {
    part(&exported(Format::Xlsx, "PTCE", records), SHEET)
}

/// The cell at a reference: `<c r="A2" …>…</c>`.
fn cell<'a>(sheet: &'a str, reference: &str) -> &'a str {
    let start = sheet.find(&format!("<c r=\"{reference}\"")).unwrap_or_else(|| panic!("no cell {reference}"));
    let end = sheet[start..].find("</c>").unwrap() + start;
    &sheet[start..end]
}

#[test]
fn days_are_dates_where_they_come_back() {
    let announced = |text: &str| {
        let call = Call { announced: Some(text.to_owned()), amount: Some(Number::from(5)), ..Call::default() };
        Record { name: Some("Roue libre".to_owned()), call, ..Record::default() }
    };
    let texts =
        ["2014-01-10", "2024-02-29", "1900-03-01", "9999-12-31", "2023-02-29", "1900-02-28", "10/01/2014", "2014"];
    let sent: Vec<Record> = texts.iter().map(|text| announced(text)).collect();
    let bytes = exported(Format::Xlsx, "PTCE", &sent);
    let view = workbook_view(&bytes);
    for (text, row) in texts.iter().zip(2..) {
        let is_date = row <= 5;
        let expected = if is_date { format!("B{row}: date {text}\n") } else { format!("B{row}: text {text:?}\n") };
        assert!(view.contains(&expected), "{expected}: {view}");
    }
    let back = read_as_typed("r.xlsx", &bytes).records();
    for (back, sent) in back.iter().zip(&sent) {
        assert_eq!(back.call, sent.call);
    }
}

/// Cells and whole columns have the format of text, so that 05000 keeps its zero and `=1+1` is no formula when edited.
#[test]
fn texts_stay_texts_when_they_are_edited() {
    let mut record = Record { name: Some("=1+1".to_owned()), ..Record::default() };
    record.address.postal_code = Some("05000".to_owned());
    record.employment.employees = Some(Number::from(7));
    let bytes = exported(Format::Xlsx, "PTCE", &[record]);
    let (sheet, styles) = (part(&bytes, SHEET), part(&bytes, "xl/styles.xml"));
    let formats: Vec<&str> = styles.split("<cellXfs").nth(1).unwrap().split("<xf ").skip(1).collect();
    let format = |reference: &str| {
        let style = cell(&sheet, reference).split("s=\"").nth(1).unwrap().split('"').next().unwrap();
        formats[style.parse::<usize>().unwrap()]
    };
    // 49 is `@`, text.
    assert!(format("A2").contains("numFmtId=\"49\"") && format("A2").contains("quotePrefix=\"1\""), "{styles}");
    assert!(format("B2").contains("numFmtId=\"49\"") && !format("B2").contains("quotePrefix"), "{styles}");
    assert!(cell(&sheet, "C2").ends_with("<v>7</v>") && !cell(&sheet, "C2").contains("t="), "{}", cell(&sheet, "C2"));
    assert!(!sheet.contains("<f>"));
    // The empty cells below have the format of their column.
    let columns: Vec<&str> =
        sheet.split("<col ").skip(1).take(3).map(|column| column.split('>').next().unwrap()).collect();
    assert_eq!(columns.iter().map(|column| column.contains("style=")).collect::<Vec<_>>(), [true, true, false]);
}

/// A legacy value may stand: lists and rules warn, and none of them stops.
#[test]
fn what_is_typed_is_checked_with_a_warning() {
    let sheet = sheet_of(&records("conforme"));
    let validations: Vec<&str> = sheet.split("<dataValidation ").skip(1).collect();
    assert!(validations.len() > 15, "{}", validations.len());
    for validation in &validations {
        assert!(validation.contains("errorStyle=\"warning\""), "{validation}");
    }
    for expected in [
        "<formula1>\"ess,entreprise,collectivite,recherche,formation,financeur,autre\"</formula1>",
        "<formula1>\"candidature,recevable,laureat\"</formula1>",
        "type=\"date\"",
        "type=\"whole\"",
        "type=\"decimal\"",
        "type=\"textLength\"",
    ] {
        assert!(validations.iter().any(|validation| validation.contains(expected)), "{expected}");
    }
    // Three records, and a thousand rows for those to come.
    assert!(sheet.contains("sqref=\"E2:E1004\""), "{sheet}");
}

#[test]
fn the_data_is_what_opens_and_every_header_explains_itself() {
    let bytes = exported(Format::Xlsx, "PTCE", &records("conforme"));
    assert!(part(&bytes, SHEET).contains("tabSelected=\"1\""));
    assert!(!part(&bytes, "xl/worksheets/sheet2.xml").contains("tabSelected"));
    assert!(!part(&bytes, "xl/workbook.xml").contains("activeTab"));
    let notes = part(&bytes, "xl/comments1.xml");
    let columns = part(&bytes, SHEET).split("</row>").next().unwrap().matches("<c ").count();
    assert_eq!(notes.matches("<comment ").count(), columns);
    assert!(
        notes.contains("C’est du texte\u{a0}: garder le zéro de tête.") && notes.contains("Obligatoire."),
        "{notes}"
    );
}

#[test]
fn nobody_has_signed_it() {
    let bytes = exported(Format::Xlsx, "PTCE", &records("conforme"));
    let core = part(&bytes, "docProps/core.xml");
    for (element, text) in [("dc:creator", &core), ("cp:lastModifiedBy", &core)] {
        assert!(
            text.contains(&format!("<{element}></{element}>")) || text.contains(&format!("<{element}/>")),
            "{text}"
        );
    }
    assert!(core.contains("2014-01-10T00:00:00Z") && !core.contains("202"), "{core}");
    let app = part(&bytes, "docProps/app.xml");
    for element in ["Manager", "Company"] {
        assert!(!app.contains(&format!("<{element}>")) || app.contains(&format!("<{element}></{element}>")), "{app}");
    }
    let notes = part(&bytes, "xl/comments1.xml");
    assert!(notes.contains("<authors><author></author></authors>") || notes.contains("<author/>"), "{notes}");
}

/// The importer passes over the explanations because they say themselves that they are no data; any other sheet of that
/// name is told.
#[test]
fn the_explanations_are_no_data() {
    let bytes = exported(Format::Xlsx, "PTCE", &records("conforme"));
    let back = read("r.xlsx", &bytes);
    assert_eq!(back.records(), records("conforme"));
    assert!(
        back.findings.iter().all(|finding| finding.location.sheet.as_deref() == Some("PTCE")),
        "{:?}",
        back.findings
    );
    let folder = crate::support::folder(&[("r.xlsx", &bytes)]);
    let inspected = crate::support::ran(
        crate::support::ptce().current_dir(folder.path()).args(["inspect", "r.xlsx", "--lang", "fr"]),
    );
    assert!(inspected.stdout.contains("→ explications du tableau, sans données"), "{}", inspected.stdout);
    // The same text in another place, or on another sheet, is like any other.
    for (name, row) in [("Lisez-moi", 1), ("Notes", 0)] {
        let mut book = rust_xlsxwriter::Workbook::new();
        let table = book.add_worksheet();
        table.write_string(0, 0, "Nom du PTCE").unwrap();
        table.write_string(1, 0, "Roue libre").unwrap();
        let notes = book.add_worksheet();
        notes.set_name(name).unwrap();
        notes
            .write_string(row, 0, "Lisez-moi\u{a0}: cette feuille explique le tableau et n’est pas lue à l’import.")
            .unwrap();
        assert_eq!(read("r.xlsx", &book.save_to_buffer().unwrap()).count("unread-sheet"), 1, "{name}");
    }
}

#[test]
fn the_data_cannot_take_the_name_of_the_explanations() {
    let options = Options { sheet: "lisez-moi".to_owned(), ..Options::default() };
    let refused = ptce::export::Exporter::new(Format::Xlsx, std::io::sink(), &options);
    assert_eq!(refused.err().map(|error| error.kind()), Some(ptce::ErrorKind::Usage));
}

/// As many columns as the longest list needs, all with their notes and lists.
#[test]
fn many_columns_are_explained_too() {
    let mut record = Record { name: Some("Roue libre".to_owned()), ..Record::default() };
    record.source.others =
        (0..600).map(|rank| Other { label: Some("x".to_owned()), value: Some(rank.to_string()) }).collect();
    let bytes = exported_with(Format::Xlsx, &Options::default(), &[record.clone()]);
    assert_eq!(part(&bytes, "xl/comments1.xml").matches("<comment ").count(), 1201);
    assert_eq!(read("r.xlsx", &bytes).records()[0].source.others, record.source.others);
}

/// Whoever hangs something on a cell means it to be read: it stays with its record, or is told.
#[test]
fn comments_and_links_are_kept_with_their_records() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [
        ["Nos pôles", "", "", ""],
        ["Nom du PTCE", "Site web", "Courriel du contact", "Téléphone du contact"],
        ["Roue libre", "", "", "05 65 11 22 33"],
        ["Ateliers du Lot", "", "", "05 65 11 22 34"],
    ];
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let links = [
        (2, 0, "https://example.org/fiche?id=1&amp=2", "Roue libre"),
        (2, 1, "https://www.example.org/roue", "site"),
        (2, 2, "mailto:roue@example.org?subject=PTCE", "écrire"),
        (3, 1, "https://www.example.org/", "www.example.org"),
        (3, 2, "mailto:autre@example.org", "lot@example.org"),
        (0, 0, "https://example.org/tous", "Nos pôles"),
    ];
    for (row, column, target, text) in links {
        sheet.write_url_with_text(row, column, target, text).unwrap();
    }
    // Longer than what is looked at in one go.
    let long = "&&&&&\n".repeat(5_400);
    let notes = [(2, 3, "Parti : appeler <Paul>"), (3, 3, long.trim()), (1, 3, "Le standard"), (9, 9, "À revoir")];
    for (row, column, text) in notes {
        sheet.insert_note(row, column, &rust_xlsxwriter::Note::new(text).add_author_prefix(false)).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let found = read("r.xlsx", &bytes);
    let kept: Vec<Vec<(String, String)>> = found
        .records()
        .into_iter()
        .map(|record| {
            let others = record.source.others.into_iter();
            others.map(|other| (other.label.unwrap(), other.value.unwrap())).collect()
        })
        .collect();
    let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    assert_eq!(
        kept[0],
        [
            pair("Nom du PTCE (lien)", "https://example.org/fiche?id=1&amp=2"),
            pair("Site web (texte du lien)", "site"),
            pair("Courriel du contact (texte du lien)", "écrire"),
            pair("Téléphone du contact (commentaire)", "Parti : appeler <Paul>"),
        ]
    );
    assert_eq!(
        kept[1],
        [
            pair("Courriel du contact (lien)", "autre@example.org"),
            pair("Téléphone du contact (commentaire)", long.trim()),
        ]
    );
    let record = &found.records()[0];
    assert_eq!(record.website.as_deref(), Some("https://www.example.org/roue"));
    assert_eq!(record.contacts[0].email.as_deref(), Some("roue@example.org"));
    let told: Vec<(String, String)> = found
        .findings
        .iter()
        .filter(|finding| finding.code == "text-outside-table")
        .map(|finding| (finding.location.cell.clone().unwrap(), finding.value.clone().unwrap()))
        .collect();
    for (cell, text) in [
        ("A1", "Nos pôles"),
        ("A1", "https://example.org/tous"),
        ("D2", "Le standard"),
        ("J10", "À revoir"),
        ("D3", "Téléphone du contact (commentaire)"),
    ] {
        assert!(told.contains(&pair(cell, text)), "{cell} {text}: {told:?}");
    }
    let place = folder(&[("r.xlsx", &bytes)]);
    let inspected = ran(ptce().current_dir(place.path()).args(["inspect", "r.xlsx", "--lang", "fr"])).stdout;
    assert!(
        inspected.contains("Nom du PTCE (lien)                       → commentaire ou lien de cellules, gardé dans"),
        "{inspected}"
    );
}

/// The headers of our own workbooks have a note each, which is no news.
#[test]
fn notes_of_our_own_are_not_told() {
    let found = read("r.xlsx", &exported(Format::Xlsx, "PTCE", &records("conforme")));
    assert_eq!(found.count("text-outside-table"), 0, "{:?}", found.findings);
}

#[test]
fn comments_and_links_of_an_open_document_are_kept_too() {
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let annotation = "<office:annotation><dc:date>2014-01-10</dc:date><text:p>à <text:span>rappeler</text:span></text:p>\
                      <text:p>demain</text:p></office:annotation>";
    let rows = [
        [cell("Nom du PTCE"), cell("Site web")],
        [
            format!("<table:table-cell>{annotation}<text:p>Roue libre</text:p></table:table-cell>"),
            cell("<text:a xlink:href=\"https://example.org\">voir</text:a>"),
        ],
        [cell("Ateliers"), format!("<table:table-cell>{annotation}</table:table-cell>")],
    ];
    let rows: String = rows.iter().map(|row| format!("<table:table-row>{}</table:table-row>", row.concat())).collect();
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\" xmlns:xlink=\"l\" xmlns:dc=\"d\">\
         <office:body><office:spreadsheet><table:table table:name=\"PTCE\">{rows}</table:table></office:spreadsheet>\
         </office:body></office:document-content>"
    );
    let parts = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_str())];
    let parts: Vec<(String, Vec<u8>)> = parts.map(|(name, text)| (name.to_owned(), text.into())).into();
    let found = read("r.ods", &archive(&parts));
    let record = &found.records()[0];
    assert_eq!((record.name.as_deref(), record.website.as_deref()), (Some("Roue libre"), Some("https://example.org")));
    let kept: Vec<&str> = record.source.others.iter().filter_map(|other| other.value.as_deref()).collect();
    assert_eq!(kept, ["à rappeler\ndemain", "voir"]);
    let told: Vec<_> = found.findings.iter().filter(|finding| finding.value.as_deref() == Some(kept[0])).collect();
    assert_eq!(told.len(), 1, "{:?}", found.findings);
    assert_eq!(told[0].location.cell.as_deref(), Some("B3"));
}

/// A line and a column say nothing without their sheet.
#[test]
fn too_many_labels_are_told_with_their_cell() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Fiches").unwrap();
    for (row, (label, value)) in (0..).zip([("Nom", "Roue libre"), ("Région", "Bretagne"), ("Commune", "Vitré")]) {
        sheet.write_string(row, 0, label).unwrap();
        sheet.write_string(row, 1, value).unwrap();
    }
    for row in 4..2_200 {
        sheet.write_string(row, 0, format!("Contact {row} – Nom")).unwrap();
        sheet.write_string(row, 1, format!("Anne Essai {row}")).unwrap();
    }
    let settings = ptce::settings::Settings::default();
    let refused = crate::support::read_with("r.xlsx", &book.save_to_buffer().unwrap(), &settings).map(|_| ());
    let message = refused.unwrap_err().to_string();
    assert!(message.starts_with("r.xlsx: Fiches!A2") && message.contains("more than 2000"), "{message}");
}

/// Some programs write links as formulas.
#[test]
fn formulas_that_are_links_lead_somewhere_too() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, label) in (0..).zip(["Nom du PTCE", "Site web"]) {
        sheet.write_string(0, column, label).unwrap();
    }
    for row in 1..900 {
        let site = rust_xlsxwriter::Formula::new(format!("=HYPERLINK(\"https://example.org/?a=1&b={row}\",\"site\")"));
        sheet.write_formula(row, 1, site.set_result("site")).unwrap();
        sheet.write_string(row, 0, format!("Pôle {row}")).unwrap();
    }
    let records = read("r.xlsx", &book.save_to_buffer().unwrap()).records();
    for (record, row) in records.iter().zip(1..900) {
        assert_eq!(record.website, Some(format!("https://example.org/?a=1&b={row}")));
    }
    assert_eq!(records.len(), 899);
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let site = "<table:table-cell table:formula=\"of:=HYPERLINK(&quot;https://example.org&quot;;&quot;site&quot;)\" \
                office:value-type=\"string\"><text:p>site</text:p></table:table-cell>";
    let rows = [[cell("Nom du PTCE"), cell("Site web")], [cell("Roue libre"), site.to_owned()]];
    let rows: String = rows.iter().map(|row| format!("<table:table-row>{}</table:table-row>", row.concat())).collect();
    let records = read("r.ods", &crate::legacy::ods(&rows)).records();
    assert_eq!(records[0].website.as_deref(), Some("https://example.org"));
}

/// A name that leads to a mailbox is that of its person, unless there are several or the mailboxes have their column.
#[test]
fn the_link_of_a_name_is_a_mailbox() {
    let book = |labels: [&str; 3], names: &[&str]| {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (column, label) in (0..).zip(labels) {
            sheet.write_string(0, column, label).unwrap();
        }
        for (row, name) in (1..).zip(names) {
            sheet.write_string(row, 0, format!("Pôle {row}")).unwrap();
            sheet.write_url_with_text(row, 1, "mailto:camille@example.org", *name).unwrap();
        }
        book.save_to_buffer().unwrap()
    };
    let names = ["Camille Exemple", "Agnès Modèle et Paul Exemple", "Zoé Modèle"];
    let found = read("r.xlsx", &book(["Nom du PTCE", "Contact", "Commune"], &names));
    let emails: Vec<Option<String>> = found
        .records()
        .into_iter()
        .map(|record| record.contacts.first().and_then(|contact| contact.email.clone()))
        .collect();
    let camille = Some("camille@example.org".to_owned());
    assert_eq!(emails, [camille.clone(), None, camille], "{:?}", found.records());
    let kept = &found.records()[1].source.others;
    assert!(kept.iter().any(|other| other.value.as_deref() == Some("camille@example.org")), "{kept:?}");
    let found = read("r.xlsx", &book(["Nom du PTCE", "Contact", "Courriel du contact"], &names));
    assert_eq!(found.records()[0].contacts[0].email, None);
    assert_eq!(found.records()[0].source.others[0].value.as_deref(), Some("camille@example.org"));
}

/// What the program that opens a workbook does not show is read, and told: a sheet, a column with values, none without.
#[test]
fn hidden_sheets_and_columns_are_told() {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, hidden) in [("Lauréats", 0), ("Refusés", 1), ("Brouillon", 2)] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (row, cells) in [["Nom", "Coordinateur", "Courriel"], [name, "Roue", "a@example.org"]].iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                sheet.write_string(row as u32, column as u16, *cell).unwrap();
            }
        }
        match hidden {
            0 => {
                sheet.set_column_hidden(1).unwrap();
                sheet.set_column_hidden(7).unwrap();
            }
            1 => drop(sheet.set_hidden(true)),
            _ => drop(sheet.set_very_hidden(true)),
        }
    }
    let read = crate::support::read("envoi.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(read.records().len(), 3);
    let told: Vec<String> = read
        .findings
        .iter()
        .filter(|finding| finding.code.starts_with("hidden-"))
        .map(|one| format!("{} {} {}", one.code, one.location.sheet.as_deref().unwrap(), one.value.as_deref().unwrap()))
        .collect();
    assert_eq!(told, ["hidden-column Lauréats B", "hidden-sheet Refusés Refusés", "hidden-sheet Brouillon Brouillon"]);
}
