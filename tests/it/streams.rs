//! What only shows with many records, many tables or many files: order, ranks, and the places of what repeats.

use proptest::prelude::*;
use ptce::{Input, Settings};

fn validated(inputs: Vec<Input>) -> ptce::Validation {
    ptce::validate(inputs, &Settings::default()).unwrap()
}

#[test]
fn thousands_of_records_keep_their_order_and_their_ranks() {
    let mut csv = String::from("nom;coordinateur;courriel\n");
    let count = 5_000;
    for rank in 1..=count {
        let coordinator = if rank % 7 == 0 { "" } else { "Atelier" };
        csv.push_str(&format!("Pôle {rank};{coordinator};contact@example.org\n"));
    }
    let validation = validated(vec![Input::from_bytes("envoi.csv", csv.clone().into_bytes())]);
    let found: Vec<(u64, u64)> = validation
        .findings
        .iter()
        .filter(|finding| finding.code == "missing-coordinator")
        .map(|finding| (finding.record.as_ref().unwrap().index, finding.location.line.unwrap()))
        .collect();
    let expected: Vec<(u64, u64)> = (1..=count).filter(|rank| rank % 7 == 0).map(|rank| (rank, rank + 1)).collect();
    assert_eq!(found, expected);
    assert_eq!(validation.outcome.summary.records, count);

    let records = ptce::records(vec![Input::from_bytes("envoi.csv", csv.into_bytes())]).unwrap();
    let names: Vec<String> = records.into_iter().filter_map(|record| record.name).collect();
    assert_eq!(names, (1..=count).map(|rank| format!("Pôle {rank}")).collect::<Vec<_>>());
}

#[test]
fn blank_rows_are_told_and_have_no_rank() {
    let csv = "nom,coordinateur\nPôle A,Atelier\n,\n\nPôle B,\n";
    let validation = validated(vec![Input::from_bytes("envoi.csv", csv.into())]);
    let place = |code: &str| {
        let finding = validation.findings.iter().find(|finding| finding.code == code).unwrap();
        (finding.record.as_ref().map(|record| record.index), finding.location.line)
    };
    assert_eq!(place("blank-record"), (None, Some(3)));
    assert_eq!(place("missing-coordinator"), (Some(2), Some(5)));
    assert_eq!(validation.outcome.sources[0].records, 2);
}

#[test]
fn what_repeats_across_files_is_found() {
    let file = |name: &str, id: &str| {
        Input::from_bytes(name, format!("id,nom,coordinateur\n{id},Pôle {name},Atelier\n").into_bytes())
    };
    let validation = validated(vec![file("a.csv", "pole"), file("b.csv", "autre"), file("c.csv", "pole")]);
    let found: Vec<_> = validation.findings.iter().filter(|finding| finding.code == "duplicate-id").collect();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].location.file.as_str(), found[0].location.line), ("c.csv", Some(2)));
    assert!(found[0].message.contains("a.csv"), "{}", found[0].message);
    assert_eq!(validation.outcome.summary.publishable, 2);
}

#[test]
fn every_sheet_with_a_header_is_read_and_the_others_are_told() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let notice = workbook.add_worksheet();
    notice.set_name("Lisez-moi").unwrap();
    notice.write_string(4, 1, "Remplissez les deux feuilles suivantes.").unwrap();
    for (name, pole) in [("Nord", "Pôle du Nord"), ("Sud", "Pôle du Sud")] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).unwrap();
        for (column, (label, value)) in [("Nom du PTCE", pole), ("Structure porteuse", "")].iter().enumerate() {
            sheet.write_string(2, column as u16 + 1, *label).unwrap();
            sheet.write_string(3, column as u16 + 1, *value).unwrap();
        }
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let validation = validated(vec![Input::from_bytes("envoi.xlsx", bytes)]);
    let places = |code: &str| {
        let found = validation.findings.iter().filter(|finding| finding.code == code);
        found.map(|finding| finding.location.within_file(ptce::Language::French)).collect::<Vec<_>>()
    };
    assert_eq!(places("missing-coordinator"), ["Nord!C4", "Sud!C4"]);
    assert_eq!(places("unread-sheet"), ["'Lisez-moi'!B5"]);
    assert_eq!(validation.outcome.summary.records, 2);
}

fn record(name: &str, text: &str) -> ptce::Record {
    let mut records = ptce::records(vec![Input::from_bytes(name, text.into())]).unwrap();
    assert_eq!(records.len(), 1);
    records.remove(0)
}

#[test]
fn labels_as_people_write_them_are_understood() {
    let csv = "Nom du PTCE;Dépt(s);Thématique(s);C.P.;e-mail(s);Partenaire 1;Partenaire 2\n\
               Pôle;37;bois|culture;37000;a@example.org;Atelier;Fabrique\n";
    let read = record("envoi.csv", csv);
    assert!(read.source.others.is_empty(), "{:?}", read.source.others);
    assert_eq!(read.territory.departments[0].code.as_deref(), Some("37"));
    assert_eq!(read.themes, ["bois", "culture"]);
    assert_eq!(read.address.postal_code.as_deref(), Some("37000"));
    let partners: Vec<_> = read.partners.iter().filter_map(|partner| partner.name.as_deref()).collect();
    assert_eq!(partners, ["Atelier", "Fabrique"]);
}

#[test]
fn columns_without_a_rank_speak_of_all_elements() {
    let csv = "nom;contact nom;contact courriel\nPôle;Ada Untel|Bo Untel;a@example.org|b@example.org\n";
    let read = record("envoi.csv", csv);
    let contacts: Vec<_> = read.contacts.iter().map(|c| (c.name.as_deref(), c.email.as_deref())).collect();
    assert_eq!(contacts, [(Some("Ada Untel"), Some("a@example.org")), (Some("Bo Untel"), Some("b@example.org"))]);
}

#[test]
fn an_element_with_an_attribute_and_a_text_is_one_element() {
    let xml = "<poles><pole><Nom>Pôle</Nom><StructurePorteuse>Atelier</StructurePorteuse>\
               <Departement code=\"37\">Indre-et-Loire</Departement><Departement code=\"41\">Loir-et-Cher</Departement>\
               <note x:y=\"z\" xmlns:x=\"urn:x\"/></pole></poles>";
    let read = record("envoi.xml", xml);
    let departments: Vec<_> =
        read.territory.departments.iter().map(|d| (d.code.as_deref(), d.name.as_deref())).collect();
    assert_eq!(departments, [(Some("37"), Some("Indre-et-Loire")), (Some("41"), Some("Loir-et-Cher"))]);
    assert_eq!(read.coordinator.name.as_deref(), Some("Atelier"));
    assert_eq!(read.source.others[0].value.as_deref(), Some("z"), "an attribute with a prefix is kept");
}

/// Columns that fill the same fields in several ways: whole lists, ranks, the same label twice.
const LABELS: [&str; 16] = [
    "nom",
    "intitulé",
    "partenaires",
    "partenaire_1_nom",
    "partenaire_2_nom",
    "partenaire 1",
    "départements",
    "territoire_departement_1_nom",
    "departements_noms",
    "courriel",
    "contact_1_courriel",
    "contact_2_courriel",
    "thématiques",
    "etp",
    "statut",
    "couleur",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_cell_reaches_the_record(
        columns in proptest::collection::vec((proptest::sample::select(LABELS.as_slice()), 1_usize..4), 2..9),
    ) {
        let mut values = Vec::new();
        let cells: Vec<String> = columns
            .iter()
            .map(|(_, count)| {
                let several: Vec<String> = (0..*count).map(|rank| format!("valeur{}fin", values.len() + rank)).collect();
                values.extend(several.iter().cloned());
                several.join("|")
            })
            .collect();
        let labels: Vec<&str> = columns.iter().map(|(label, _)| *label).collect();
        let csv = format!("sigle,commune,{}\nP,Gap,{}\n", labels.join(","), cells.join(","));
        let read = serde_json::to_string(&record("envoi.csv", &csv)).unwrap();
        for value in values {
            prop_assert!(read.contains(&value), "{value} is lost: {csv}{read}");
        }
    }
}
