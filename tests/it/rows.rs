//! Rows of a table that are no records of their own: those that go on with the record above, headings, the header of
//! another table, what each column is to hold.

use ptce::Record;

use crate::layouts::book::{Format, Grid};
use crate::support::{Read, read};

fn csv(lines: &[&str]) -> Read {
    read("envoi.csv", (lines.join("\n") + "\n").as_bytes())
}

/// The name of each record with its contacts, partners and region.
fn shown(read: &Read) -> Vec<String> {
    let of = |text: &Option<String>| text.clone().unwrap_or_default();
    let one = |record: &Record| {
        let contacts: Vec<String> =
            record.contacts.iter().map(|contact| format!("{}<{}>", of(&contact.name), of(&contact.email))).collect();
        let partners: Vec<String> = record.partners.iter().map(|partner| of(&partner.name)).collect();
        format!("{}: {} | {} | {}", of(&record.name), contacts.join(" "), partners.join(" "), of(&record.region.name))
    };
    read.records().iter().map(one).collect()
}

const HEADER: &str = "PTCE;Région;Thématiques;Contact;Courriel;Partenaires";

/// A row for each contact or partner, below a name that is left out or written again.
#[test]
fn several_rows_make_one_record() {
    let expected = [
        "Pôle A: Paul Modèle<a@example.org> Sophie Exemple<b@example.org> | Atelier Mairie | Occitanie",
        "Pôle B: | | Bretagne",
    ];
    let expected: Vec<String> = expected.iter().map(|text| text.replace(": | |", ":  |  |")).collect();
    for second in [
        ";;;Sophie Exemple;b@example.org;Mairie",
        "Pôle A;Occitanie;bois;Sophie Exemple;b@example.org;Mairie",
        "Pôle A;;;Sophie Exemple;b@example.org;Mairie",
    ] {
        let lines =
            [HEADER, "Pôle A;Occitanie;bois;Paul Modèle;a@example.org;Atelier", second, "Pôle B;Bretagne;eau;;;"];
        let read = csv(&lines);
        assert_eq!(shown(&read), expected, "{second}");
        assert_eq!(read.records()[0].themes, ["bois"]);
        // What is found in the second row is found there.
        let place = read.entries[0].location("/contacts/1/courriel").within_file(ptce::Language::English);
        assert!(place.contains("line 3") && place.contains("column 5"), "{place}");
    }
    // A cell of one of these rows may hold several.
    let read = csv(&[
        HEADER,
        "Pôle A;Occitanie;bois;Paul Modèle;p.modele@example.org, contact@example.org;",
        ";;;Sophie Exemple;b@example.org;",
    ]);
    let contacts = "Paul Modèle<p.modele@example.org> <contact@example.org> Sophie Exemple<b@example.org>";
    assert_eq!(shown(&read), [format!("Pôle A: {contacts} |  | Occitanie")]);
    // The same contact on each row of a partner is one contact.
    let read = csv(&[
        HEADER,
        "Pôle A;Occitanie;bois;Paul Modèle;a@example.org;Atelier",
        "Pôle A;Occitanie;bois;Paul Modèle;a@example.org;Mairie",
        "Pôle A;Occitanie;bois;Sophie Exemple;b@example.org;Mairie",
    ]);
    assert_eq!(shown(&read), expected[..1]);
}

/// Rows that say something else of the PTCE, or nothing new, are records: what is wrong with them is told.
#[test]
fn other_rows_stay_records() {
    for second in [
        // Another region, the same row once more, another name.
        "Pôle A;Bretagne;bois;Sophie Exemple;b@example.org;",
        "Pôle A;Occitanie;bois;Paul Modèle;a@example.org;Atelier",
        "Pôle A bis;Occitanie;bois;Sophie Exemple;b@example.org;",
        // A name is missing.
        ";Bretagne;bois;Sophie Exemple;b@example.org;",
    ] {
        let read = csv(&[HEADER, "Pôle A;Occitanie;bois;Paul Modèle;a@example.org;Atelier", second]);
        assert_eq!(read.records().len(), 2, "{second}");
    }
    // Nothing else tells that the second row goes on with the first.
    let read = csv(&["PTCE;Contact", "Pôle A;Paul Modèle", ";Sophie Exemple"]);
    assert_eq!((read.records().len(), read.count("missing-name")), (2, 1));
}

/// A row that holds a region alone is that of the rows below it.
#[test]
fn regions_as_headings() {
    let rows = [
        "PTCE;Thématiques;Contact",
        "Bretagne;;",
        "Pôle A;bois;Paul Modèle",
        "Sous-total Bretagne : 1;;",
        "RÉGION OCCITANIE;;",
        "Pôle B;eau;",
    ];
    let read = csv(&rows);
    assert_eq!(shown(&read), ["Pôle A: Paul Modèle<> |  | Bretagne", "Pôle B:  |  | OCCITANIE"]);
    assert_eq!(read.count("text-outside-table"), 1, "the sum");
    let place = read.entries[1].location("/region/nom").within_file(ptce::Language::English);
    assert!(place.contains("line 5"), "{place}");
    // A heading that names no region ends that of the last one.
    let rows = [
        "PTCE;Thématiques;Contact",
        "Bretagne;;",
        "Pôle A;bois;Paul Modèle",
        "Grand Est (2 PTCE);;",
        "Pôle B;eau;",
        "Outre-mer;;",
        "Pôle C;eau;",
    ];
    let regions: Vec<Option<String>> = csv(&rows).records().iter().map(|record| record.region.name.clone()).collect();
    assert_eq!(regions, [Some("Bretagne".to_owned()), Some("Grand Est".to_owned()), None]);
    // Where each row says it, the heading only stands there.
    let read = csv(&["PTCE;Région;Contact", "Bretagne;;", "Pôle A;Occitanie;Paul Modèle"]);
    assert_eq!(shown(&read), ["Pôle A: Paul Modèle<> |  | Occitanie"]);
    assert_eq!(read.count("text-outside-table"), 1);
}

/// Another table below the first has a header of its own.
#[test]
fn tables_below_each_other() {
    let read = csv(&[
        "PTCE;Région;Contact;Courriel",
        "Pôle A;Occitanie;Paul Modèle;a@example.org",
        ";;;",
        "Candidats non retenus;;;",
        "Courriel;PTCE;Région;Contact",
        "b@example.org;Pôle B;Bretagne;Sophie Exemple",
    ]);
    assert_eq!(
        shown(&read),
        ["Pôle A: Paul Modèle<a@example.org> |  | Occitanie", "Pôle B: Sophie Exemple<b@example.org> |  | Bretagne"]
    );
    assert_eq!(read.count("text-outside-table"), 1, "the title of the second");
    let indexes: Vec<u64> = read.entries.iter().map(|entry| entry.index).collect();
    assert_eq!(indexes, [1, 2]);
}

/// The header of the second table may have labels that nobody knows.
#[test]
fn a_second_table_with_other_labels() {
    let read = csv(&[
        "PTCE;Coordinateur;Commune",
        "Pôle A;Les Ateliers;Nantes",
        "",
        "PTCE;Motif;Commune",
        "Pôle B;Incomplet;Dijon",
    ]);
    let records = read.records();
    let coordinators: Vec<Option<&str>> = records.iter().map(|record| record.coordinator.name.as_deref()).collect();
    assert_eq!(coordinators, [Some("Les Ateliers"), None]);
    assert_eq!(records[1].name.as_deref(), Some("Pôle B"));
    assert_eq!(records[1].source.others[0].label.as_deref(), Some("Motif"));
}

/// « idem » is what stands above it.
#[test]
fn ditto_marks() {
    for mark in ["idem", "Idem.", "\"\"\"\"", "〃"] {
        let read =
            csv(&[HEADER, "Pôle A;Occitanie;bois;Paul Modèle;;", &format!("Pôle B;{mark};eau;Sophie Exemple;;")]);
        assert_eq!(shown(&read), ["Pôle A: Paul Modèle<> |  | Occitanie", "Pôle B: Sophie Exemple<> |  | Occitanie"]);
        let read =
            csv(&[HEADER, "Pôle A;Occitanie;bois;Paul Modèle;;", &format!("{mark};{mark};{mark};Sophie Exemple;;")]);
        assert_eq!(shown(&read), ["Pôle A: Paul Modèle<> Sophie Exemple<> |  | Occitanie"]);
    }
}

/// What each column is to hold, or its number, says nothing of a PTCE.
#[test]
fn rows_about_the_columns() {
    for second in ["(texte);(liste);(texte);(courriel)", "1;2;3;4"] {
        let read = csv(&["PTCE;Région;Contact;Courriel", second, "Pôle A;Occitanie;Paul Modèle;a@example.org"]);
        assert_eq!(shown(&read), ["Pôle A: Paul Modèle<a@example.org> |  | Occitanie"], "{second}");
        assert_eq!(read.count("text-outside-table"), 1, "{second}");
    }
}

/// A page of explanations may stand above the header.
#[test]
fn a_header_far_below() {
    let mut lines = vec!["Une ligne d’explications;;;"; 60];
    lines.extend(["PTCE;Région;Contact;Courriel", "Pôle A;Occitanie;Paul Modèle;a@example.org"]);
    let read = csv(&lines);
    assert_eq!(shown(&read), ["Pôle A: Paul Modèle<a@example.org> |  | Occitanie"]);
}

/// A list within a form has a header of its own, below a heading that may be numbered.
#[test]
fn a_list_within_a_form() {
    let read = csv(&[
        "1. IDENTITÉ;",
        "Nom du PTCE :;Pôle A",
        "Porteur :;Les Ateliers",
        "2. CONTACT;",
        "Personne à contacter :;Paul Modèle",
        "3. PARTENAIRES;",
        "Nom;Groupe",
        "Mairie de Gap;Communes",
        "Atelier;",
        "4. PROJET;",
        "Résumé :;Du bois",
        "ETP :;4",
    ]);
    let records = read.records();
    let partners: Vec<(Option<&str>, Option<&str>)> =
        records[0].partners.iter().map(|partner| (partner.name.as_deref(), partner.group.as_deref())).collect();
    assert_eq!(partners, [(Some("Mairie de Gap"), Some("Communes")), (Some("Atelier"), None)]);
    assert_eq!(shown(&read), ["Pôle A: Paul Modèle<> | Mairie de Gap Atelier | "]);
    assert_eq!(records[0].project.summary.as_deref(), Some("Du bois"));
    assert_eq!(records[0].source.others, []);
}

/// The people of a list within a form are contacts of its PTCE, and no records.
#[test]
fn lists_of_people_and_partners_within_a_form() {
    let read = csv(&[
        "Nom du PTCE;Pôle A;;",
        "Structure porteuse;Les Ateliers;;",
        "Commune;Nantes;;",
        ";;;",
        "Contacts;;;",
        "Nom;Fonction;Mail;Tél",
        "Paul Modèle;Président;a@example.org;04 92 00 00 01",
        "Sophie Exemple;;b@example.org;",
        ";;;",
        "Partenaires;;;",
        "Nom;Type;Ville;",
        "Emmaüs;ESS;Nantes;",
        "Mairie de Nantes;Collectivité;;",
    ]);
    let expected = "Pôle A: Paul Modèle<a@example.org> Sophie Exemple<b@example.org> | Emmaüs Mairie de Nantes | ";
    assert_eq!(shown(&read), [expected]);
    let record = &read.records()[0];
    let categories: Vec<Option<&str>> = record.partners.iter().map(|partner| partner.category.as_deref()).collect();
    assert_eq!(categories, [Some("ess"), Some("collectivite")]);
    assert_eq!(record.contacts[0].phone.as_deref(), Some("04 92 00 00 01"));
    // What no element has is kept, and is not taken for a value of the PTCE.
    let others: Vec<(Option<&str>, Option<&str>)> =
        record.source.others.iter().map(|other| (other.label.as_deref(), other.value.as_deref())).collect();
    assert_eq!(others, [(Some("Partenaires / Ville"), Some("Nantes"))]);
    assert_eq!(record.address.commune.as_deref(), Some("Nantes"));
    // The first label may name the list itself.
    let read = csv(&["Nom du PTCE;Pôle A", "Région;Occitanie", "", "Partenaires;Type", "Emmaüs;ESS", "Atelier;ESS"]);
    assert_eq!(shown(&read), ["Pôle A:  | Emmaüs Atelier | Occitanie"]);
}

/// Labels that come again together are those of another contact.
#[test]
fn contacts_side_by_side() {
    let read = csv(&[
        "PTCE;Contact;Fonction;Mail;Contact;Fonction;Mail",
        "Pôle A;Paul Modèle;Président;a@example.org;Sophie Exemple;Directrice;b@example.org",
    ]);
    assert_eq!(shown(&read), ["Pôle A: Paul Modèle<a@example.org> Sophie Exemple<b@example.org> |  | "]);
    assert_eq!(read.records()[0].source.others, []);
}

/// Of two columns of one kind, the second serves where the first is blank.
#[test]
fn a_second_number_where_there_is_no_first() {
    let read = csv(&[
        "PTCE;Contact;Tél. fixe;Tél. portable",
        "Pôle A;Paul Modèle;04 92 00 00 01;06 39 98 00 01",
        "Pôle B;Sophie Exemple;;06 39 98 00 02",
    ]);
    let phones: Vec<Option<String>> = read.records().iter().map(|record| record.contacts[0].phone.clone()).collect();
    assert_eq!(phones, [Some("04 92 00 00 01".to_owned()), Some("06 39 98 00 02".to_owned())]);
    let place = read.entries[1].location("/contacts/0/telephone").within_file(ptce::Language::English);
    assert!(place.contains("line 3") && place.contains("column 4"), "{place}");
    assert_eq!(read.records()[0].source.others.len(), 1, "the other number is kept");
}

/// Where one batch of rows ends and the next begins changes nothing: rows of each kind are read the same behind any number
/// of others.
#[test]
fn no_verdict_depends_on_where_a_batch_ends() {
    let blocks: [(&str, &[&str]); 5] = [
        (
            "titles above a second table",
            &[
                "Pôle Z;Bretagne;eau;;;",
                "Second appel;;;;;",
                "Candidats non retenus;;;;;",
                "Courriel;PTCE;Région;Contact;Thématiques;Partenaires",
                "b@example.org;Pôle B;Bretagne;Sophie Exemple;;",
            ],
        ),
        (
            "continued rows",
            &[
                "Pôle A;Bretagne;bois;Paul Modèle;a@example.org;",
                ";;;Sophie Exemple;b@example.org;",
                ";;;Anne Essai;c@example.org;",
            ],
        ),
        ("ditto marks", &["Pôle A;Bretagne;bois;;;", "Pôle B;idem;eau;;;", "Pôle C;idem;idem;;;"]),
        ("regions as headings", &["Région Bretagne;;;;;", "Pôle A;;eau;;;", "Région Corse;;;;;", "Pôle B;;eau;;;"]),
        ("the header again", &["Pôle A;Bretagne;;;;", HEADER, "Pôle B;Corse;;;;", "Total;2;;;;", "Pôle C;Corse;;;;"]),
    ];
    for (what, block) in blocks {
        for format in [Format::Csv(';'), Format::Xlsx] {
            let behind = |count: u64| {
                let others = (1..=count).map(|number| format!("Quercy {number} bois;Occitanie;bois;;;"));
                // Where regions are headings, no column has them.
                let label =
                    if what == "regions as headings" { HEADER.replace("Région", "Sigle") } else { HEADER.to_owned() };
                let lines = [label].into_iter().chain(others).chain(block.iter().map(|line| (*line).to_owned()));
                let mut grid = Grid::new("PTCE");
                for (row, line) in lines.enumerate() {
                    line.split(';').enumerate().for_each(|(column, text)| grid.put(row, column, text));
                }
                let read = read(&format!("l.{}", format.extension()), &format.bytes(&[grid]));
                let line = |finding: &ptce::Finding| finding.location.line.or(finding.location.row).unwrap_or(0);
                let told = read.findings.iter().filter(|finding| line(finding) > count + 1);
                // What is said of the file comes with its batch.
                let mut told: Vec<String> = told
                    .map(|finding| format!("{} {} {:?}", finding.code, line(finding) - count, finding.value))
                    .collect();
                told.sort();
                let records = shown(&read).split_off(count as usize);
                (records, told)
            };
            let expected = behind(3);
            for count in 125..=129 {
                assert_eq!(behind(count), expected, "{what}, {format}, behind {count} rows");
            }
        }
    }
}

/// Texts outside the table are no labels, of which a file has a few thousand at most.
#[test]
fn a_header_on_each_page_of_a_long_register() {
    let mut lines = vec![HEADER.to_owned()];
    for page in 1..=2_100 {
        lines.push(format!("Pôle {page} bois;Occitanie;bois;;;"));
        lines.push(if page % 2 == 0 { HEADER.to_owned() } else { format!("Sous-total;{page};;;;") });
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let read = csv(&lines);
    assert_eq!((read.entries.len(), read.count("text-outside-table")), (2_100, 2_100));
    let lines: Vec<u64> = read
        .findings
        .iter()
        .filter(|finding| finding.code == "text-outside-table")
        .filter_map(|finding| finding.location.line)
        .collect();
    assert!(lines.iter().copied().eq((1..=2_100).map(|page| page * 2 + 1)), "each at its line, in order");
}

/// A number names neither a part of a list nor a group, though « Département 8 » is a label.
#[test]
fn a_lone_code_is_a_value() {
    let departments = |read: &Read| -> Vec<Vec<Option<String>>> {
        let of = |record: &Record| record.territory.departments.iter().map(|one| one.code.clone()).collect();
        read.records().iter().map(of).collect()
    };
    let code = |code: &str| Some(code.to_owned());
    let form = csv(&["Nom du PTCE;Pôle A", "Région;Grand Est", "Département;08", "Courriel;a@example.org"]);
    assert_eq!(departments(&form), [vec![code("08")]]);
    let columns =
        csv(&["Nom du PTCE;Pôle A;Pôle B", "Région;Grand Est;Corse", "Département;08;2A", "Courriel;a@b.fr;c@d.fr"]);
    assert_eq!(departments(&columns), [vec![code("08")], vec![code("2A")]]);
    let cells = csv(&["Nom du PTCE : Pôle A", "Départements : 08", "\"Courriel : a@example.org\""]);
    assert_eq!(departments(&cells), [vec![code("08")]]);
    let several = csv(&["Nom du PTCE : Pôle A", "Département(s) : 75, 93, 94", "Courriel : a@example.org"]);
    assert_eq!(departments(&several), [vec![code("75"), code("93"), code("94")]]);
}
