//! Several values in one cell, by any usual separator, and whole contacts and addresses in one cell.

use ptce::record::Contact;
use ptce::{Language, Record};

use crate::support::{Read, read};

/// A table of one record, whose cells may hold anything.
fn table(cells: &[(&str, &str)]) -> Read {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["Nom du PTCE"].iter().chain(cells.iter().map(|(label, _)| label))).unwrap();
    writer.write_record(["Fabriques du Quercy"].iter().chain(cells.iter().map(|(_, value)| value))).unwrap();
    read("envoi.csv", &writer.into_inner().unwrap())
}

fn record(cells: &[(&str, &str)]) -> Record {
    table(cells).records().remove(0)
}

fn shown(contacts: &[Contact]) -> String {
    let of = |part: &Option<String>| part.clone().unwrap_or_default();
    let one = |contact: &Contact| {
        [&contact.name, &contact.role, &contact.email, &contact.phone]
            .map(of)
            .join("|")
            .trim_end_matches('|')
            .to_owned()
    };
    contacts.iter().map(one).collect::<Vec<_>>().join(" & ")
}

/// What the source says besides, under the label.
fn kept(record: &Record) -> Vec<&str> {
    record.source.others.iter().filter_map(|other| other.value.as_deref()).collect()
}

#[test]
fn a_whole_contact_in_one_cell() {
    let cell = "Camille Exemple, directrice, tél. 04 92 00 00 01, 12, rue de la Gare 05000 Gap";
    for label in ["Contact", "Contact 1"] {
        let read = table(&[(label, cell)]);
        let record = &read.records()[0];
        assert_eq!(shown(&record.contacts), "Camille Exemple|directrice||04 92 00 00 01", "{label}");
        let address = &record.address;
        let parts = [&address.street, &address.postal_code, &address.commune].map(|part| part.as_deref());
        assert_eq!(parts, [Some("12, rue de la Gare"), Some("05000"), Some("Gap")]);
        assert_eq!(kept(record), [cell], "a word that no field takes keeps the whole text");
        // Whatever is found is found in that cell.
        for pointer in ["/contacts/0/telephone", "/adresse/code_postal", "/adresse/voie"] {
            let place = read.entries[0].location(pointer).within_file(Language::English);
            assert!(place.contains("line 2") && place.contains("column 2"), "{pointer}: {place}");
        }
    }
}

#[test]
fn several_people_in_one_cell() {
    for (cell, expected) in [
        ("Camille Exemple ; Paul Modèle", "Camille Exemple & Paul Modèle"),
        ("Camille Exemple, Paul Modèle", "Camille Exemple & Paul Modèle"),
        ("Camille Exemple et Paul Modèle", "Camille Exemple & Paul Modèle"),
        ("Camille Exemple / Paul Modèle", "Camille Exemple & Paul Modèle"),
        ("Camille Exemple\nPaul Modèle", "Camille Exemple & Paul Modèle"),
        ("Camille Exemple, directrice\nPaul Modèle, président", "Camille Exemple|directrice & Paul Modèle|président"),
        (
            "Camille Exemple (directrice) c@example.org – Paul Modèle (président) p@example.org",
            "Camille Exemple|directrice|c@example.org & Paul Modèle|président|p@example.org",
        ),
        ("Service développement, contact@example.org", "Service développement||contact@example.org"),
        ("contact@example.org – 04 92 00 00 01", "||contact@example.org|04 92 00 00 01"),
        ("Contact : Camille Exemple 04 92 00 00 01", "Camille Exemple|||04 92 00 00 01"),
        (
            "Camille Exemple, directrice de Bois et Liens, c@example.org",
            "Camille Exemple|directrice de Bois et Liens|c@example.org",
        ),
        ("M. MODÈLE (président) et Mme EXEMPLE (directrice)", "M. MODÈLE|président & Mme EXEMPLE|directrice"),
        ("Mme Le Goff / M. De La Tour", "Mme Le Goff & M. De La Tour"),
        ("Modèle Paul, Exemple Sophie", "Modèle Paul & Exemple Sophie"),
        (
            "Paul MODÈLE – Responsable R&D, Sophie EXEMPLE – Assistante",
            "Paul MODÈLE|Responsable R&D & Sophie EXEMPLE|Assistante",
        ),
        ("Paul Modèle et Sophie Exemple, co-présidents", "Paul Modèle|co-présidents & Sophie Exemple|co-présidents"),
        ("Jean-Marc d’Exemple, Pdt", "Jean-Marc d’Exemple|Pdt"),
        ("Melle Anne-Lise Exemple – anne [at] example.org", "Melle Anne-Lise Exemple||anne [at] example.org"),
        ("Exemple S., Modèle P.", "Exemple S. & Modèle P."),
        ("Camille Exemple directrice c@example.org", "Camille Exemple|directrice|c@example.org"),
        ("Camille Exemple, camille [at] example.org", "Camille Exemple||camille [at] example.org"),
        (
            "Paul Modèle et Sophie Exemple s.exemple@example.org, p.modele@example.org",
            "Paul Modèle||p.modele@example.org & Sophie Exemple||s.exemple@example.org",
        ),
        // Companies, and what is no name, stay whole.
        ("Ateliers Bois et Chanvre Local", "Ateliers Bois et Chanvre Local"),
        ("camille exemple, à confirmer", "camille exemple, à confirmer"),
        ("Mairie de Gap, service économie", "Mairie de Gap, service économie"),
        ("Camille Exemple", "Camille Exemple"),
    ] {
        assert_eq!(shown(&record(&[("Contact", cell)]).contacts), expected, "{cell}");
    }
}

#[test]
fn several_mailboxes_and_numbers_in_one_cell() {
    for separator in ["; ", ", ", " / ", "\n", " ", " et ", " ou ", " | "] {
        let mails = ["a@example.org", "b@example.org"].join(separator);
        let phones = ["04 92 00 00 01", "06 39 98 00 01"].join(separator);
        let record = record(&[("Courriel", &mails), ("Téléphone", &phones)]);
        let expected = "||a@example.org|04 92 00 00 01 & ||b@example.org|06 39 98 00 01";
        assert_eq!(shown(&record.contacts), expected, "{separator:?}");
        assert!(kept(&record).is_empty(), "{separator:?}");
    }
    let record = record(&[("Tél.", "Fixe : 04 92 00 00 01 / Port. : 06 39 98 00 01")]);
    assert_eq!(shown(&record.contacts), "|||04 92 00 00 01 & |||06 39 98 00 01");
}

/// The people of one column have the mailboxes of another.
#[test]
fn columns_of_several_people_go_together() {
    let record = record(&[
        ("Contacts", "Camille Exemple, directrice et Paul Modèle, président"),
        ("Courriel", "c@example.org, p@example.org"),
        ("Adresse", "3 rue Basse 05000 Gap"),
    ]);
    assert_eq!(
        shown(&record.contacts),
        "Camille Exemple|directrice|c@example.org & Paul Modèle|président|p@example.org"
    );
    assert_eq!(record.address.commune.as_deref(), Some("Gap"));
}

/// An address beside that of the record is no second address: the text of the cell is kept.
/// A mailbox that bears the name of somebody is theirs, wherever it stands; one that is of none of several people is shared.
#[test]
fn mailboxes_go_to_those_whose_names_they_bear() {
    for (people, mails, expected) in [
        (
            "Paul Modèle et Sophie Exemple",
            "s.exemple@example.org, p.modele@example.org",
            "Paul Modèle||p.modele@example.org & Sophie Exemple||s.exemple@example.org",
        ),
        ("Paul Modèle, Sophie Exemple", "sexemple@example.org", "Paul Modèle & Sophie Exemple||sexemple@example.org"),
        ("Paul Modèle, Sophie Exemple", "contact@example.org", "Paul Modèle & Sophie Exemple & ||contact@example.org"),
        (
            "Paul Modèle",
            "contact@example.org, modele@example.org",
            "Paul Modèle||modele@example.org & ||contact@example.org",
        ),
        ("Paul Modèle", "contact@example.org", "Paul Modèle||contact@example.org"),
        (
            "Paul Modèle, Sophie Exemple",
            "a@example.org, b@example.org",
            "Paul Modèle||a@example.org & Sophie Exemple||b@example.org",
        ),
    ] {
        for cells in [[("Contact", people), ("Courriel", mails)], [("Courriel", mails), ("Contact", people)]] {
            assert_eq!(shown(&record(&cells).contacts), expected, "{cells:?}");
        }
        let form =
            format!("Nom du PTCE;Fabriques du Quercy\nContacts;{people}\nCourriel;\"{mails}\"\nRégion;Occitanie\n");
        assert_eq!(shown(&read("fiche.csv", form.as_bytes()).records()[0].contacts), expected, "{form}");
    }
    let cells = [
        ("Contact", "Paul Modèle et Sophie Exemple"),
        ("Téléphone", "04 92 00 00 01"),
        ("Fonction", "Président / Directrice"),
    ];
    assert_eq!(
        shown(&record(&cells).contacts),
        "Paul Modèle|Président & Sophie Exemple|Directrice & |||04 92 00 00 01",
        "one number for two"
    );
}

/// A mailbox and a number in one cell, under a label of both or of either.
#[test]
fn mailboxes_and_numbers_in_one_cell() {
    for label in ["Tél./mail", "Mail", "Téléphone"] {
        for (cell, expected) in [
            ("04 92 00 00 01\na@example.org", "Paul Modèle||a@example.org|04 92 00 00 01"),
            ("a@example.org – tél. 04 92 00 00 01", "Paul Modèle||a@example.org|04 92 00 00 01"),
            ("04 92 00 00 01", "Paul Modèle|||04 92 00 00 01"),
            ("a@example.org", "Paul Modèle||a@example.org"),
        ] {
            assert_eq!(
                shown(&record(&[("Contact", "Paul Modèle"), (label, cell)]).contacts),
                expected,
                "{label}: {cell}"
            );
            let two = format!("PTCE;Référent 1;\n;Nom;{label}\nPôle A;Paul Modèle;\"{cell}\"\n");
            assert_eq!(shown(&read("envoi.csv", two.as_bytes()).records()[0].contacts), expected, "{two}");
        }
    }
}

/// A name in several cells is one name; « Nom » beside « Prénom » is that of a person.
#[test]
fn first_names_in_a_cell_of_their_own() {
    for (header, cells, expected) in [
        ("Nom du PTCE;Prénom contact;Nom contact", "Pôle A;Paul;Modèle", "Paul Modèle"),
        (
            "Nom du PTCE;Nom du contact;Prénom du contact;Mail",
            "Pôle A;Modèle;Paul;a@example.org",
            "Paul Modèle||a@example.org",
        ),
        (
            "Nom;Prénom;Fonction;PTCE;Mail",
            "Modèle;Paul;Président;Pôle A;a@example.org",
            "Paul Modèle|Président|a@example.org",
        ),
        ("PTCE;Nom;Prénom;Civilité", "Pôle A;Modèle;Paul;M.", "M. Paul Modèle"),
        ("Nom;PTCE;Civilité;Prénom", "Modèle;Pôle A;Mme;Sophie", "Mme Sophie Modèle"),
        ("PTCE;Prénom 2;Nom 2;Prénom 1;Nom 1", "Pôle A;Sophie;Exemple;Paul;Modèle", "Paul Modèle & Sophie Exemple"),
        ("PTCE;Contact / Prénom;Contact / Nom", "Pôle A;Paul;Modèle", "Paul Modèle"),
        (
            "PTCE;Prénom;Nom;Mail",
            "Pôle A;Paul, Sophie;Modèle, Exemple;sophie@example.org",
            "Paul Modèle & Sophie Exemple||sophie@example.org",
        ),
        ("PTCE;Prénom;Nom", "Pôle A;Paul;Paul Modèle", "Paul Modèle"),
        ("PTCE;Prénom;Nom", "Pôle A;Paul;", "Paul"),
    ] {
        let read = read("envoi.csv", format!("{header}\n{cells}\n").as_bytes());
        let records = read.records();
        assert_eq!(records[0].name.as_deref(), Some("Pôle A"), "{header}");
        assert_eq!(shown(&records[0].contacts), expected, "{header}");
        assert_eq!(kept(&records[0]), <Vec<&str>>::new(), "{header}");
    }
    for text in [
        "Nom du PTCE : Pôle A\nNom : Modèle\nPrénom : Paul\nMail : a@example.org\n",
        "Nom du PTCE : Pôle A\nPrénom : Paul\nNom : Modèle\nMail : a@example.org\n",
    ] {
        let read = read("mail.txt", text.as_bytes());
        assert_eq!(shown(&read.records()[0].contacts), "Paul Modèle||a@example.org", "{text}");
    }
    // A title alone is nobody.
    let read = self::read("envoi.csv", "PTCE;Civilité;Prénom;Nom\nPôle A;Mme;;\n".as_bytes());
    assert_eq!((shown(&read.records()[0].contacts), kept(&read.records()[0])), (String::new(), vec!["Mme"]));
    // A finding about the name stands where the name does.
    let read = self::read("envoi.csv", "PTCE;Prénom;Nom\nPôle A;Paul;Modèle\n".as_bytes());
    assert!(read.entries[0].location("/contacts/0/nom").within_file(Language::English).contains("column 3"));
    let xml = "<ptces><ptce><nom>Pôle A</nom><contact prenom=\"Paul\" nom=\"Modèle\"/><contact><nom>Exemple</nom><prenom>Sophie</prenom></contact></ptce></ptces>";
    let read = self::read("envoi.xml", xml.as_bytes());
    assert_eq!(shown(&read.records()[0].contacts), "Paul Modèle & Sophie Exemple");
}

#[test]
fn the_address_of_the_record_goes_first() {
    let cell = "Camille Exemple, 12 rue de la Gare 05000 Gap";
    let record = record(&[("Contact", cell), ("Adresse", "3 rue Basse"), ("CP", "46100"), ("Ville", "Figeac")]);
    assert_eq!(shown(&record.contacts), "Camille Exemple");
    assert_eq!(record.address.postal_code.as_deref(), Some("46100"));
    assert_eq!(kept(&record), [cell]);
}

#[test]
fn lists_by_any_usual_separator() {
    for cell in
        ["Culture, tourisme, bois", "Culture ; tourisme ; bois", "Culture|tourisme|bois", "Culture / tourisme / bois"]
            .into_iter()
            .chain(["Culture\ntourisme\nbois", "- Culture\n- tourisme\n- bois"])
    {
        assert_eq!(record(&[("Thématiques", cell)]).themes, ["Culture", "tourisme", "bois"], "{cell}");
    }
    let names = |cell: &str| -> Vec<String> {
        let departments = record(&[("Départements", cell)]).territory.departments;
        departments.into_iter().map(|one| one.code.or(one.name).unwrap_or_default()).collect()
    };
    for cell in ["05, 38", "05 et 38", "05/38", "05\n38", "05 ; 38", "05 - 38"] {
        assert_eq!(names(cell), ["05", "38"], "{cell}");
    }
    let partners: Vec<_> = record(&[("Partenaires", "Mairie de Gap, SCIC Bois")])
        .partners
        .into_iter()
        .filter_map(|one| one.name)
        .collect();
    assert_eq!(partners, ["Mairie de Gap", "SCIC Bois"]);
}

/// A column of partners of one kind says so in its label, which is their group too.
#[test]
fn partners_under_a_label_that_tells_their_kind() {
    let read = table(&[
        ("Partenaires ESS", "Ressourcerie du Quercy, SCIC Bois"),
        ("Partenaires publics", "Mairie de Gap"),
        ("Collectivités partenaires", "Grand Figeac"),
        ("Partenaires", "Roue libre"),
    ]);
    let partners = read.records().remove(0).partners;
    let shown: Vec<_> = partners
        .iter()
        .map(|one| [&one.name, &one.category, &one.group].map(|part| part.as_deref().unwrap_or("")).join("|"))
        .collect();
    assert_eq!(
        shown,
        [
            "Ressourcerie du Quercy|ess|Partenaires ESS",
            "SCIC Bois|ess|Partenaires ESS",
            "Mairie de Gap||Partenaires publics",
            "Grand Figeac|collectivite|Collectivités partenaires",
            "Roue libre||",
        ]
    );
    assert_eq!(read.entries[0].location("/partenaires/2/groupe").column, Some(3));
    assert_eq!(read.count("repeated-label"), 0);
}

/// Numbers with the unit of their field, or with groups of digits; what stands for no number is told as such.
#[test]
fn numbers_as_people_write_them() {
    for (cell, expected) in [
        ("50 000 €", Some("50000")),
        ("€50000", Some("50000")),
        ("1 200,00 €", Some("1200")),
        ("12.500,50", Some("12500.5")),
        ("12,500.50", Some("12500.5")),
        ("400 euros", Some("400")),
        ("12 k€", Some("12000")),
        ("12 k$", None),
        ("1.20,50", None),
    ] {
        let read = table(&[("Montant", cell)]);
        let amount = read.records()[0].call.amount.as_ref().map(ToString::to_string);
        assert_eq!(amount.as_deref(), expected, "{cell}");
        assert_eq!(read.count("wrong-type"), usize::from(expected.is_none()), "{cell}");
    }
    let etp = |cell: &str| record(&[("ETP", cell)]).employment.full_time_equivalents.map(|number| number.to_string());
    assert_eq!(
        (etp("12 ETP").as_deref(), etp("3,5 etp").as_deref(), etp("12 salariés")),
        (Some("12"), Some("3.5"), None)
    );
    for cell in ["N/A", "?", "-", "nc", "néant"] {
        let read = table(&[("ETP", cell)]);
        assert_eq!((read.count("placeholder-value"), read.count("wrong-type")), (1, 0), "{cell}");
        assert_eq!(kept(&read.records()[0]), [cell]);
    }
}

/// The number and the name of a department, in any order.
#[test]
fn one_department_in_a_cell() {
    for cell in ["Jura - 39", "39-Jura", "Jura 39", "(39) Jura", "Jura (39)", "39 Jura", "dép. 39"] {
        let departments = record(&[("Département", cell)]).territory.departments;
        let shown: Vec<_> = departments.iter().map(|one| (one.code.as_deref(), one.name.as_deref())).collect();
        let name = (!cell.starts_with("dép")).then_some("Jura");
        assert_eq!(shown, [(Some("39"), name)], "{cell}");
    }
}

/// The category of a partner in the words of a text.
#[test]
fn categories_in_other_words() {
    for (cell, expected) in [
        ("Collectivité", "collectivite"),
        ("collectivités locales", "collectivite"),
        ("ESS", "ess"),
        ("Entreprise privée", "entreprise"),
        ("Mécène", "Mécène"),
    ] {
        let read = table(&[("Partenaire 1 – nom", "Roue libre"), ("Partenaire 1 – catégorie", cell)]);
        assert_eq!(read.records()[0].partners[0].category.as_deref(), Some(expected), "{cell}");
        assert_eq!(read.count("invalid-value"), usize::from(cell == expected), "{cell}");
    }
}

/// Labels that join several fields of the address: the cell is taken apart.
#[test]
fn a_postal_code_and_a_commune_in_one_column() {
    for label in ["CP Ville", "CP - Ville", "CP/Ville", "Code postal et commune"] {
        for cell in ["05000 Gap", "Gap (05000)"] {
            let address = record(&[(label, cell)]).address;
            let parts = [&address.postal_code, &address.commune].map(|part| part.as_deref());
            assert_eq!(parts, [Some("05000"), Some("Gap")], "{label}: {cell}");
        }
    }
    // What holds both is shared out.
    let coordinator = record(&[("Structure porteuse et statut", "Roue libre, association")]).coordinator;
    assert_eq!(
        [coordinator.name.as_deref(), coordinator.legal_form.as_deref()],
        [Some("Roue libre"), Some("association")]
    );
    // Nothing is chosen between different things that cannot be told apart, and the cell is kept.
    let read = table(&[("Structure porteuse et thématiques", "Roue libre, association")]);
    assert_eq!(read.count("ambiguous-label"), 1);
    assert_eq!(kept(&read.records()[0]), ["Roue libre, association"]);
}

/// A list of one value with a comma stays one, through every table.
#[test]
fn one_value_with_a_comma_goes_round() {
    let json =
        r#"[{"nom": "Pôle", "thematiques": ["Énergie, climat"], "projet": {"actions": ["Une ligne.\nUne autre."]}}]"#;
    let records = read("r.json", json.as_bytes()).records();
    assert_eq!(records[0].themes, ["Énergie, climat"]);
    for format in [ptce::row::Format::Csv, ptce::row::Format::Xlsx, ptce::row::Format::Xml] {
        let bytes = crate::support::exported(format, "PTCE", &records);
        let back = read(&format!("r.{}", format.extension()), &bytes).records();
        assert_eq!(back[0].themes, records[0].themes, "{format:?}");
        assert_eq!(back[0].project, records[0].project, "{format:?}");
    }
}

/// In a form, a contact may take several rows; each part is found in its own.
#[test]
fn a_contact_over_several_rows_of_a_form() {
    let form = "Nom du PTCE;Fabriques du Quercy\nRégion;Occitanie\nContact;Camille Exemple\n;directrice\n;c@example.org\n\
                ;Tél. 04 92 00 00 01\n;12, rue de la Gare\n;05000 Gap\nThématiques;bois\n";
    let read = read("fiche.csv", form.as_bytes());
    let record = &read.records()[0];
    assert_eq!(shown(&record.contacts), "Camille Exemple|directrice|c@example.org|04 92 00 00 01");
    assert_eq!(record.address.commune.as_deref(), Some("Gap"));
    assert_eq!(record.themes, ["bois"]);
    for (pointer, line) in
        [("/contacts/0/nom", 3), ("/contacts/0/courriel", 5), ("/contacts/0/telephone", 6), ("/adresse/commune", 8)]
    {
        assert_eq!(read.entries[0].location(pointer).line, Some(line), "{pointer}");
    }
}

/// The header says which contact is the first, wherever its columns stand; one without a value makes no gap.
#[test]
fn numbered_columns_in_another_order() {
    let labels =
        ["Contact 3 – nom", "Contact 2 – courriel", "Contact 1 – nom", "Contact 2 – nom", "Contact 1 – courriel"];
    let cells = |values: [&'static str; 5]| labels.into_iter().zip(values).collect::<Vec<_>>();
    let all = cells(["Zoé Exemple", "b@example.org", "Camille Exemple", "Paul Modèle", "a@example.org"]);
    let read = table(&all);
    assert_eq!(
        shown(&read.records()[0].contacts),
        "Camille Exemple||a@example.org & Paul Modèle||b@example.org & Zoé Exemple"
    );
    assert_eq!(read.entries[0].location("/contacts/0/courriel").column, Some(6));
    assert_eq!(read.entries[0].location("/contacts/2/nom").column, Some(2));
    let some = cells(["Zoé Exemple", "", "Camille Exemple", "", ""]);
    assert_eq!(shown(&record(&some).contacts), "Camille Exemple & Zoé Exemple");
}

/// In a table that has a record a column, a text in a column of no record is told.
#[test]
fn a_column_of_no_record_is_told() {
    let read = read("envoi.csv", b"Nom;A;B;\nCommune;Gap;Figeac;\n;;;hors sujet\nRegion;Occitanie;Occitanie;\n");
    assert_eq!(read.entries.len(), 2);
    let told: Vec<_> = read.findings.iter().filter(|one| one.code == "text-outside-table").collect();
    assert_eq!(told.iter().filter_map(|one| one.value.as_deref()).collect::<Vec<_>>(), ["hors sujet"]);
}

/// A column without a header has values and no label, in every format.
#[test]
fn a_value_without_a_label_goes_round() {
    let first = read("envoi.csv", b"Nom du PTCE;Coordinateur;\nFabriques;Roue libre;note\n");
    let records = first.records();
    let other = &records[0].source.others[0];
    assert_eq!((other.label.as_deref(), other.value.as_deref()), (None, Some("note")));
    assert_eq!((first.count("unknown-label"), first.count("invalid-value")), (1, 0));
    for format in [ptce::row::Format::Json, ptce::row::Format::Csv, ptce::row::Format::Xlsx, ptce::row::Format::Xml] {
        let bytes = crate::support::exported(format, "PTCE", &records);
        let back = read(&format!("r.{}", format.extension()), &bytes).records();
        assert_eq!(back[0].source.others, records[0].source.others, "{format:?}");
    }
}

/// A header of slips is a header, in a sheet of contacts too.
#[test]
fn headers_may_be_misspelt_throughout() {
    let read = read("envoi.csv", b"Nom du PTCE;Strcture porteuse;Comune\nFabriques;Roue libre;Figeac\n");
    assert_eq!(read.count("misspelt-label"), 2);
    assert_eq!(read.records()[0].address.commune.as_deref(), Some("Figeac"));
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in [
        ("PTCE", [["Nom du PTCE", "Commune"], ["Fabriques", "Figeac"]]),
        ("Contacts", [["Nom du PTCE", "Couriel"], ["Fabriques", "c@example.org"]]),
    ] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    let read = crate::support::read("envoi.xlsx", &book.save_to_buffer().unwrap());
    assert_eq!(shown(&read.records()[0].contacts), "||c@example.org");
    assert_eq!((read.entries.len(), read.count("misspelt-label")), (1, 1));
}
