//! Spreadsheets of many years: labels that ask for two things, titles that name the record, units, decimal commas, sheets joined by
//! name. Beside each reading stands the nearest thing that must not be read so.

use super::{Case, assert_read};
use crate::support::{archive, read, run_with_input, values};

/// A cell under a label that joins fields is taken apart where it holds the parts, and told where it does not.
#[test]
fn cells_are_taken_apart_as_their_labels_are() {
    const CASES: &[Case] = &[
        (
            "f.csv",
            "Nom du PTCE;Ville (dpt)\nPôle bois;Brest (29)\n",
            &[
                ("/adresse/commune", "Brest"),
                ("/territoire/departements/0/code", "29"),
                ("/source/autres/0/valeur", ""),
            ],
            &["ambiguous-label"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Ville (dpt)\nPôle bois;Brest\nPôle laine;Figeac (Lot)\n",
            &[("/adresse/commune", "Brest"), ("/territoire/departements/0/code", "")],
            &["ambiguous-label"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Région / Dpt\nPôle bois;Bretagne / 29\n",
            &[("/region/nom", "Bretagne"), ("/territoire/departements/0/code", "29")],
            &["ambiguous-label"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Nom et prénom du président / téléphone\nPôle bois;Jeanne Modèle / 05 99 00 12 34\n",
            &[("/contacts/0/nom", "Jeanne Modèle"), ("/contacts/0/telephone", "05 99 00 12 34")],
            &["ambiguous-label", "unknown-label"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Structure porteuse (nom, adresse);ETP\nPôle bois;Association Copeaux, 3 rue du Port 29200 Brest;3\n",
            &[
                ("/coordinateur/nom", "Association Copeaux"),
                ("/adresse/voie", "3 rue du Port"),
                ("/adresse/code_postal", "29200"),
                ("/adresse/commune", "Brest"),
            ],
            &["ambiguous-label", "missing-coordinator"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Porteur et coordonnées\nPôle bois;Copeaux – 05 99 00 12 34 – c@example.org\n",
            &[
                ("/coordinateur/nom", "Copeaux"),
                ("/contacts/0/telephone", "05 99 00 12 34"),
                ("/contacts/0/courriel", "c@example.org"),
            ],
            &["ambiguous-label"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Structure porteuse et statut\nPôle bois;Copeaux, association loi 1901\n",
            &[("/coordinateur/nom", "Copeaux"), ("/coordinateur/forme_juridique", "association loi 1901")],
            &["ambiguous-label"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Porteur (statut)\nPôle bois;Fil de Brebis (SCIC SA)\n",
            &[("/coordinateur/nom", "Fil de Brebis"), ("/coordinateur/forme_juridique", "SCIC SA")],
            &["ambiguous-label"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Salariés et ETP\nPôle bois;12 / 10,5\n",
            &[("/emploi/salaries", "12"), ("/emploi/etp", "10.5")],
            &["ambiguous-label"],
        ),
        (
            "f.csv",
            "Nom du PTCE;SIRET / RNA\nPôle bois;W462999104\n",
            &[("/coordinateur/rna", "W462999104"), ("/coordinateur/siret", "")],
            &["ambiguous-label"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Adresse – CP – Ville\nPôle bois;3 rue du Port – 29200 – Brest\n",
            &[("/adresse/voie", "3 rue du Port"), ("/adresse/code_postal", "29200"), ("/adresse/commune", "Brest")],
            &["ambiguous-label"],
        ),
        // The same in a form and in a text.
        (
            "f.csv",
            "Nom du PTCE;Pôle bois\nStructure porteuse;Copeaux\nVille (dpt);Brest (29)\nRésumé;Relancer le bois\n",
            &[("/adresse/commune", "Brest"), ("/territoire/departements/0/code", "29")],
            &["ambiguous-label"],
        ),
        (
            "f.txt",
            "Nom du PTCE : Pôle bois\nStructure porteuse : Copeaux\nVille (dpt) : Brest (29)\n",
            &[("/adresse/commune", "Brest"), ("/territoire/departements/0/code", "29")],
            &["ambiguous-label"],
        ),
    ];
    for (name, text, expected, absent) in CASES {
        assert_read(name, text.as_bytes(), expected, absent);
    }
}

/// What does not hold the parts, or may hold them in two ways, stays as it is and is told.
#[test]
fn cells_that_do_not_hold_the_parts_are_told() {
    for (label, cell, beside) in [
        ("Ville (dpt)", "Brest (29) et Quimper (29)", ""),
        ("Ville (dpt)", "Brest et ses environs, à 3 km", ""),
        ("Salariés et ETP", "12", ""),
        ("Structure et nom du contact", "Copeaux Jeanne Modèle", ""),
        ("Porteur et coordonnées", "Copeaux, voir plus bas", ""),
        ("Région / Dpt", "53 / 29", ""),
        ("Thématiques / Partenaires", "Bois / Laine", ""),
        // A column of its own has the department already.
        ("Ville (dpt)", "Brest (29)", "Département"),
    ] {
        let text =
            format!("Nom du PTCE;{label};{beside}\nPôle bois;{cell};{}\n", if beside.is_empty() { "" } else { "29" });
        let read = read("f.csv", text.as_bytes());
        let found = values(&read.entries[0].record);
        assert_eq!(read.count("ambiguous-label"), 1, "{text}\n{:#?}", read.findings);
        assert!(
            found.iter().any(|(pointer, value)| pointer == "/source/autres/0/valeur" && value == cell),
            "{found:#?}"
        );
    }
    // The cell is told, not its label, where others hold the parts.
    let text = "Nom du PTCE;Ville (dpt)\nPôle bois;Brest (29)\nPôle laine;à préciser, dans le 46\n";
    let read = read("f.csv", text.as_bytes());
    let told: Vec<_> = read.findings.iter().filter(|finding| finding.code == "ambiguous-label").collect();
    assert!(
        matches!(told.as_slice(), [one] if one.record.as_ref().is_some_and(|record| record.index == 2)),
        "{told:#?}"
    );
}

/// A title, or the name of a sheet, is the name of the hub where nothing else is.
#[test]
fn titles_name_records_that_no_label_names() {
    let cards = "PÔLE A;\nPorteur :;Copeaux\nVille :;Brest\n;\nPÔLE LAINE;\nPorteur :;Fil\nContact :;Anne Petit\n";
    let read = read("f.csv", cards.as_bytes());
    let names: Vec<_> = read.entries.iter().map(|entry| entry.record.name.as_deref()).collect();
    assert_eq!(names, [Some("PÔLE A"), Some("PÔLE LAINE")]);
    assert_eq!(read.entries[1].record.coordinator.name.as_deref(), Some("Fil"));
    assert_eq!(
        (read.count("value-understood"), read.count("missing-name"), read.count("text-outside-table")),
        (2, 0, 0)
    );

    // Among the labels of a record, a title is that of none.
    let among = "Structure porteuse;Copeaux\nVille;Brest\nPôle laine;\nMail;c@example.org\n";
    let read = self::read("f.csv", among.as_bytes());
    assert_eq!(
        (read.entries.len(), read.entries[0].record.name.as_deref(), read.count("text-outside-table")),
        (1, None, 1)
    );

    let page = "<h1>Pôle bois</h1><table><tr><td>Porteur</td><td>Copeaux</td></tr><tr><td>Contact</td><td>Jean Martin</td></tr></table>\
                <h1>Pôle laine</h1><table><tr><td>Porteur</td><td>Fil</td></tr><tr><td>Contact</td><td>Anne Petit</td></tr></table>";
    let read = self::read("f.html", page.as_bytes());
    let names: Vec<_> = read.entries.iter().map(|entry| entry.record.name.as_deref()).collect();
    assert_eq!(names, [Some("Pôle bois"), Some("Pôle laine")], "{:#?}", read.findings);

    let sheet = |name: &str| ods(&[(name, "Structure porteuse;Copeaux\nVille;Brest\nRésumé;Relancer le bois")]);
    assert_read("f.ods", &sheet("Pôle bois"), &[("/nom", "Pôle bois")], &["missing-name"]);
    for name in ["Pôle emploi", "PTCE 2013", "PTCE Bretagne", "Feuil1", "Fiche pôle", "Pôle", "PTCE – Candidature"]
    {
        assert_read("f.ods", &sheet(name), &[("/nom", "")], &["value-understood"]);
    }
    // A label names it, or the title is that of a document.
    for (title, label, name) in [
        ("PTCE Terres vives", "Nom du PTCE", "Pôle bois"),
        ("Pôles territoriaux de coopération économique", "Commune", ""),
        ("PTCE – dossier de candidature", "Commune", ""),
        ("Pôle développement économique", "Commune", ""),
        ("Chambre régionale", "Commune", ""),
    ] {
        let text = format!(
            "{title};\nStructure porteuse;Copeaux\n{label};{}\nRésumé;Relancer le bois\n",
            if name.is_empty() { "Brest" } else { name }
        );
        assert_read("f.csv", text.as_bytes(), &[("/nom", name)], &["value-understood"]);
    }
}

/// Units below the header are no record, and an amount is read in its own.
#[test]
fn units_below_a_header_apply() {
    let read = read("f.csv", "Nom;Porteur;Subvention\n;;(en k€)\nBois vivant;Copeaux;150\nLaine;Fil;80\n".as_bytes());
    let found: Vec<_> =
        read.entries.iter().map(|entry| entry.record.call.amount.as_ref().map(ToString::to_string)).collect();
    assert_eq!(found, [Some("150000".to_owned()), Some("80000".to_owned())]);
    assert_eq!(read.count("missing-name"), 0);
    let several = "Nom;Date d’annonce;ETP;Subvention\n;jj/mm/aaaa;(nombre);k€\nBois vivant;10/01/2014;3;150\n";
    assert_read(
        "f.csv",
        several.as_bytes(),
        &[("/nom", "Bois vivant"), ("/appel/montant", "150000"), ("/emploi/etp", "3")],
        &["missing-name", "wrong-type"],
    );
    // Records that say little: a name, a number, a theme.
    for (row, name) in
        [("Texte;;", "Texte"), ("Date;Copeaux;", "Date"), ("€uro vert;;", "€uro vert"), ("ETP;;12", "ETP")]
    {
        let text = format!("Nom;Porteur;Subvention\n{row}\nBois vivant;Copeaux;150\n");
        assert_read("f.csv", text.as_bytes(), &[("/nom", name)], &[]);
    }
}

/// A comma in a number is no delimiter where the row shows it.
#[test]
fn decimal_commas_in_a_file_of_commas() {
    let etp = |text: &str| {
        let read = read("f.csv", text.as_bytes());
        let last = read.entries.last().unwrap();
        let of = |pointer: &str| {
            values(&last.record)
                .into_iter()
                .find(|(known, _)| known == pointer)
                .map(|(_, value)| value)
                .unwrap_or_default()
        };
        format!("{} | {} | {}", of("/emploi/etp"), of("/adresse/commune"), of("/contacts/0/courriel"))
    };
    assert_eq!(etp("Nom,Porteur,ETP,Ville\nA un,Copeaux,\"3\",Brest\nB deux,Fil,3,5,Brest\n"), "3.5 | Brest | ");
    assert_eq!(etp("Nom,Porteur,ETP,Ville\nA un,Copeaux,\"3,5\",Brest\n"), "3.5 | Brest | ");
    assert_eq!(
        etp("Nom,ETP,Ville,Mail\nA un,2,Brest,a@example.org\nB deux,3,25,Brest,b@example.org\n"),
        "3.25 | Brest | b@example.org"
    );
    // All rows have one, so that the header looks too short.
    assert_eq!(
        etp("Nom,ETP,Ville,Mail\nA un,2,5,Brest,a@example.org\nB deux,3,5,Brest,b@example.org\n"),
        "3.5 | Brest | b@example.org"
    );
    assert_eq!(etp("Nom,Ville,ETP\nA un,Brest,4\nB deux,Brest,3,5\n"), "3.5 | Brest | ");
    // A cell too many of something else; a number of thousands.
    assert_eq!(etp("Nom,ETP,Réunions,Ville\nA un,1,2,Brest\nB deux,3,5,Brest,très actif\n"), "3 | Brest | ");
    assert_eq!(etp("Nom,ETP,Ville\nA un,1,Brest\nB deux,3,500,Brest\n").split(' ').next(), Some("3"));
}

/// Each value on the line below its label.
#[test]
fn texts_with_labels_above_their_values() {
    let text = "Nom du PTCE\nPôle bois\n\nStructure porteuse\nAssociation Copeaux\n\nContact\nJean Martin\n06 39 98 12 34\n\n\
                Nom du PTCE\nPôle laine\n\nStructure porteuse\nFil\n";
    let read = read("f.txt", text.as_bytes());
    let found: Vec<_> = read
        .entries
        .iter()
        .map(|entry| (entry.record.name.as_deref(), entry.record.coordinator.name.as_deref()))
        .collect();
    assert_eq!(found, [(Some("Pôle bois"), Some("Copeaux")), (Some("Pôle laine"), Some("Fil"))]);
    assert_eq!(read.entries[0].record.contacts[0].phone.as_deref(), Some("06 39 98 12 34"));
    let close = "Nom du PTCE\nPôle bois\nStructure porteuse\nCopeaux\nVille\nBrest\n";
    assert_read(
        "f.txt",
        close.as_bytes(),
        &[("/nom", "Pôle bois"), ("/coordinateur/nom", "Copeaux"), ("/adresse/commune", "Brest")],
        &[],
    );
    // A list of names under one label.
    let list = self::read("f.txt", "Nom du PTCE\nPôle bois\nPôle laine\nContact\n".as_bytes());
    assert_eq!(list.entries.len(), 3);
}

#[test]
fn people_bodies_and_places_in_one_cell() {
    const CASES: &[Case] = &[
        (
            "f.csv",
            "Nom du PTCE;Contact\nPôle bois;LE GOFF Yann et LE BIHAN Gwen\n",
            &[("/contacts/0/nom", "LE GOFF Yann"), ("/contacts/1/nom", "LE BIHAN Gwen")],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Contact\nPôle bois;LE RELAIS Nord et LA POSTE Bretagne\n",
            &[("/contacts/1/nom", "")],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Contact\nPôle bois;Mairie de Brest : Anne Petit, 02 99 00 12 34\n",
            &[
                ("/contacts/0/nom", "Anne Petit"),
                ("/contacts/0/fonction", ""),
                ("/contacts/0/telephone", "02 99 00 12 34"),
                ("/source/autres/0/valeur", "Mairie de Brest : Anne Petit, 02 99 00 12 34"),
            ],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Contact\nPôle bois;Mairie de Brest : Anne Petit\n",
            &[("/contacts/0/nom", "Anne Petit"), ("/source/autres/0/valeur", "Mairie de Brest : Anne Petit")],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Contact\nPôle bois;Responsable de la mairie : Anne Petit, 02 99 00 12 34\n",
            &[("/contacts/0/nom", "Anne Petit"), ("/contacts/0/fonction", "Responsable de la mairie")],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Départements\nPôle bois;Pays de Brest (29)\n",
            &[
                ("/territoire/libelle", "Pays de Brest"),
                ("/territoire/departements/0/code", "29"),
                ("/territoire/departements/0/nom", ""),
            ],
            &["department-name-mismatch"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Départements\nPôle bois;Isère (73)\n",
            &[("/territoire/libelle", ""), ("/territoire/departements/0/nom", "Isère")],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Territoire\nPôle bois;Pays de Brest (29)\n",
            &[("/territoire/libelle", "Pays de Brest (29)"), ("/territoire/departements/0/code", "29")],
            &["missing-department"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Territoire\nPôle bois;Communauté de communes (14)\n",
            &[("/territoire/departements/0/code", "")],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Départements\nPôle bois;69M\n",
            &[("/territoire/departements/0/code", "69")],
            &["unknown-department"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Départements\nPôle bois;Ardèche-Drôme\n",
            &[("/territoire/departements/0/nom", "Ardèche"), ("/territoire/departements/1/nom", "Drôme")],
            &["unknown-department"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Départements\nPôle bois;BDR (13)\n",
            &[("/territoire/departements/0/nom", "Bouches-du-Rhône")],
            &["department-name-mismatch"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Départements\nPôle bois;Loire-Atlantique\n",
            &[("/territoire/departements/0/nom", "Loire-Atlantique"), ("/territoire/departements/1/nom", "")],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Partenaires\nPôle bois;\"SCIC Bois, 3 rue du Port, 29200 Brest\"\n",
            &[
                ("/partenaires/0/nom", "SCIC Bois"),
                ("/partenaires/0/note", "3 rue du Port, 29200 Brest"),
                ("/partenaires/1/nom", ""),
            ],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Partenaires\nPôle bois;\"SCIC Bois (3 rue du Port 29200 Brest), Mairie de Brest\"\n",
            &[
                ("/partenaires/0/nom", "SCIC Bois"),
                ("/partenaires/0/note", "3 rue du Port 29200 Brest"),
                ("/partenaires/1/nom", "Mairie de Brest"),
            ],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Partenaires\nPôle bois;\"Mairie, 3 Petits Points, 100 % Laine, Bois (2014)\"\n",
            &[
                ("/partenaires/1/nom", "3 Petits Points"),
                ("/partenaires/2/nom", "100 % Laine"),
                ("/partenaires/3/nom", "Bois (2014)"),
            ],
            &[],
        ),
    ];
    for (name, text, expected, absent) in CASES {
        assert_read(name, text.as_bytes(), expected, absent);
    }
}

/// The region of a record chooses between communes of one name, and one of another region is not proposed.
#[test]
fn postal_codes_are_proposed_within_the_region() {
    let proposed = |text: &str| {
        let read = read("f.csv", text.as_bytes());
        read.findings
            .into_iter()
            .find(|finding| finding.code == "missing-postal-code")
            .and_then(|finding| finding.suggestion)
    };
    assert_eq!(proposed("Nom;Ville;Région\nBois vivant;Évry;Île-de-France\n"), None);
    assert_eq!(
        proposed("Nom;Ville;Région\nBois vivant;Vire;Basse-Normandie\n").filter(|code| !code.starts_with("14")),
        None
    );
    assert_eq!(proposed("Nom;Ville;Région\nBois vivant;Figeac;Midi-Pyrénées\n").as_deref(), Some("46100"));
    assert_eq!(proposed("Nom;Ville\nBois vivant;Figeac\n").as_deref(), Some("46100"));
}

/// French readers write decimals with a comma.
#[test]
fn numbers_are_told_as_french_readers_write_them() {
    let text = "Nom du PTCE;Salariés\nPôle bois;12,5\n";
    let told = |language: &str| run_with_input(&["validate", "-", "--lang", language, "-q"], text.as_bytes()).stdout;
    assert!(told("fr").contains("12,5") && !told("fr").contains("12.5"), "{}", told("fr"));
    assert!(told("en").contains("12.5"), "{}", told("en"));
}

/// A sheet that tells one part of the records is joined to them by their names; one with a row for each year is not.
#[test]
fn sheets_of_one_part_are_joined_by_name() {
    let main = ("Identité", "Nom du PTCE;Structure porteuse\nPôle bois;Copeaux\nPôle laine;Fil");
    let book = ods(&[main, ("Emploi", "PTCE;ETP\nPôle laine;4\nPôle bois;3,5")]);
    let read = read("f.ods", &book);
    let found: Vec<_> = read
        .entries
        .iter()
        .map(|entry| entry.record.employment.full_time_equivalents.as_ref().map(ToString::to_string))
        .collect();
    assert_eq!(found, [Some("3.5".to_owned()), Some("4".to_owned())], "{:#?}", read.findings);
    let years = ods(&[main, ("Emploi", "PTCE;Année;ETP\nPôle bois;2013;3\nPôle bois;2014;4")]);
    let read = self::read("f.ods", &years);
    assert!(read.entries[0].record.employment.full_time_equivalents.is_none());
    let other = ods(&[main, ("Emploi", "PTCE;ETP\nPôle laine;4\nPôle pierre;7")]);
    let read = self::read("f.ods", &other);
    assert_eq!((read.entries.len(), read.count("unmatched-rows")), (3, 1));
}

/// A workbook with these sheets, their rows on lines and their cells parted by semicolons.
fn ods(sheets: &[(&str, &str)]) -> Vec<u8> {
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let row =
        |row: &str| format!("<table:table-row>{}</table:table-row>", row.split(';').map(cell).collect::<String>());
    let sheet = |(name, rows): &(&str, &str)| {
        format!("<table:table table:name=\"{name}\">{}</table:table>", rows.split('\n').map(row).collect::<String>())
    };
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>{}\
         </office:spreadsheet></office:body></office:document-content>",
        sheets.iter().map(sheet).collect::<String>(),
    );
    archive(&[
        ("mimetype".to_owned(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("content.xml".to_owned(), content.into_bytes()),
    ])
}
