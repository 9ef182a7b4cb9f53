//! Submissions as people and programs send them: what each value becomes, in files as small as can be.

mod legacy;

use crate::support::{archive, read, values};

/// What a file says and where it goes: its name, its text, the pointers that have these values in its first record, and the codes
/// of findings that there are none of.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);

#[track_caller]
fn assert_read(name: &str, bytes: &[u8], expected: &[(&str, &str)], absent: &[&str]) {
    let read = read(name, bytes);
    let found = values(&read.entries[0].record);
    let value = |pointer: &str| found.iter().find(|(known, _)| known == pointer).map(|(_, value)| value.as_str());
    let source = String::from_utf8_lossy(bytes);
    for (pointer, text) in expected {
        assert_eq!(value(pointer), Some(*text).filter(|text| !text.is_empty()), "{pointer} of {source}\n{found:#?}");
    }
    for code in absent {
        assert_eq!(read.count(code), 0, "{code} of {source}\n{:#?}", read.findings);
    }
}

#[test]
fn what_is_sent_is_read() {
    const CASES: &[Case] = &[
        // A line « label : value » is the cell of a table.
        (
            "f.txt",
            "Nom du PTCE : Pôle bois\nStructure porteuse : Association Copeaux\nDépartements : Lot, Aveyron et Cantal\n\
             Courriel : a@example.org ; b@example.org\nPriorités : QPV / ZRR\nThématiques : bois / laine\n",
            &[
                ("/coordinateur/nom", "Association Copeaux"),
                ("/territoire/departements/2/nom", "Cantal"),
                ("/contacts/0/courriel", "a@example.org"),
                ("/contacts/1/courriel", "b@example.org"),
                ("/territoire/priorites/1", "zone_rurale"),
                ("/thematiques/1", "laine"),
            ],
            &["malformed-email", "unknown-department", "invalid-value"],
        ),
        (
            "f.txt",
            "Nom du PTCE......... : Pôle bois\nCourriel............ : a@example.org\n",
            &[("/nom", "Pôle bois")],
            &[],
        ),
        (
            "f.txt",
            "Nom du PTCE : Pôle bois\nSTRUCTURE PORTEUSE\nNom : Copeaux\nCONTACT\nNom : Camille Exemple\nMail : a@example.org\n",
            &[("/nom", "Pôle bois"), ("/coordinateur/nom", "Copeaux"), ("/contacts/0/nom", "Camille Exemple")],
            &["missing-coordinator"],
        ),
        (
            "f.txt",
            "Nom du PTCE : Pôle bois\nStructure porteuse : Copeaux\nStatut : SCIC\nForme juridique choisie : [x] SCIC [ ] SCOP\n",
            &[("/coordinateur/forme_juridique", "SCIC")],
            &["ambiguous-label"],
        ),
        // A table that was saved with the cells behind it.
        (
            "f.csv",
            "Nom du PTCE : Pôle bois;;\nStructure porteuse : Copeaux;;\nCourriel : a@example.org;;\n",
            &[("/nom", "Pôle bois")],
            &[],
        ),
        // Lists of codes and names.
        (
            "f.csv",
            "Nom du PTCE;Départements;Communes\nPôle bois;7 et 26;Figeac (46102), Gap (05)\n",
            &[
                ("/territoire/departements/0/code", "07"),
                ("/territoire/departements/1/code", "26"),
                ("/territoire/communes/0/code_insee", "46102"),
                ("/territoire/communes/0/nom", "Figeac"),
                ("/territoire/communes/1/code_insee", "05061"),
            ],
            &["unknown-commune", "unknown-department", "department-name-mismatch"],
        ),
        ("f.csv", "Nom du PTCE;Départements\nPôle bois;2 A\n", &[("/territoire/departements/0/code", "2A")], &[]),
        (
            "f.csv",
            "Nom du PTCE;Thématiques\nPôle bois;\"[\"\"bois\"\",\"\"laine\"\"]\"\n",
            &[("/thematiques/0", "bois"), ("/thematiques/1", "laine")],
            &[],
        ),
        ("f.csv", "Nom du PTCE;Thématiques\nPôle bois;\"bois;#laine\"\n", &[("/thematiques/1", "laine")], &[]),
        (
            "f.csv",
            "Nom du PTCE;Priorités\nPôle bois;QPV et ZRR\n",
            &[("/territoire/priorites/0", "politique_de_la_ville"), ("/territoire/priorites/1", "zone_rurale")],
            &["invalid-value"],
        ),
        // The number behind a region is that of a department of it.
        (
            "f.csv",
            "Nom du PTCE;Région\nPôle bois;Île-de-France (75)\n",
            &[("/region/nom", "Île-de-France"), ("/region/code", "")],
            &[],
        ),
        ("f.csv", "Nom du PTCE;Région\nPôle bois;Bretagne (53)\n", &[("/region/code", "53")], &[]),
        // An address that says its commune twice, whom to call, or nothing.
        (
            "f.csv",
            "Nom du PTCE;Adresse;Code postal;Ville\nPôle bois;12 rue Basse, Figeac (46);46100;Figeac\n",
            &[("/adresse/voie", "12 rue Basse"), ("/adresse/complement", "")],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Adresse\nPôle bois;\"12 rue Basse\n46100 FIGEAC\nTél. 05 99 00 12 34\na@example.org\"\n",
            &[
                ("/adresse/voie", "12 rue Basse"),
                ("/adresse/code_postal", "46100"),
                ("/adresse/commune", "FIGEAC"),
                ("/contacts/0/telephone", "05 99 00 12 34"),
                ("/contacts/0/courriel", "a@example.org"),
            ],
            &["missing-contact", "missing-postal-code"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Adresse\nPôle bois;Camille Exemple 12 rue Basse 46100 Figeac 05 99 00 12 34 c@example.org\n",
            &[("/contacts/0/courriel", "")],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Siège social ?;Adresse;Code postal;Ville\nPôle bois;Oui;12 rue Basse;46100;Figeac\n",
            &[("/adresse/voie", "12 rue Basse")],
            &["repeated-label"],
        ),
        // The codes of a territory that the sources do not share out; a place that is no commune.
        (
            "f.csv",
            "Nom du PTCE;Adresse;Code postal;Ville\nPôle bois;1 rue Basse;98890;Païta\n",
            &[],
            &["postal-code-commune-mismatch"],
        ),
        // Two labels of the coordinator, one over people.
        (
            "f.csv",
            "Nom du PTCE;Structure porteuse;Coordinateur\nPôle bois;Copeaux;Camille Exemple\nPôle laine;Fils;Marie Dupont\n",
            &[("/coordinateur/nom", "Copeaux"), ("/contacts/0/nom", "Camille Exemple")],
            &["repeated-label"],
        ),
        // The address of the hub, whatever comes first.
        (
            "f.csv",
            "Nom du PTCE;Structure porteuse;Adresse de la structure;CP structure;Ville structure;Adresse du PTCE;CP;Ville\n\
             Pôle bois;Copeaux;12 rue Basse;46100;Figeac;3 place Haute;46000;Cahors\n",
            &[("/adresse/voie", "3 place Haute"), ("/adresse/code_postal", "46000"), ("/adresse/commune", "Cahors")],
            &["postal-code-commune-mismatch"],
        ),
        // Two rows of labels, of which the upper one says who.
        (
            "f.csv",
            "PTCE;;Présidente;;Directeur;\nNom;Structure porteuse;Nom;Mail;Nom;Mail\n\
             Pôle bois;Copeaux;Camille Exemple;c@example.org;Alex Exemple;a@example.org\n",
            &[
                ("/nom", "Pôle bois"),
                ("/contacts/0/nom", "Camille Exemple"),
                ("/contacts/1/nom", "Alex Exemple"),
                ("/contacts/1/courriel", "a@example.org"),
            ],
            &["repeated-label"],
        ),
        // Two people in a cell, however their names are made.
        (
            "f.csv",
            "Nom du PTCE;Contacts\nPôle bois;\"LE GOFF Yann, MARTIN Claire\"\n",
            &[("/contacts/0/nom", "LE GOFF Yann"), ("/contacts/1/nom", "MARTIN Claire")],
            &[],
        ),
        (
            "f.csv",
            "Nom du PTCE;Contacts\nPôle bois;\"Jean de La Tour d’Auvergne, Claire Martin\"\n",
            &[("/contacts/0/nom", "Jean de La Tour d’Auvergne"), ("/contacts/1/nom", "Claire Martin")],
            &[],
        ),
        // A general mailbox beside a list of contacts is nobody's among them.
        (
            "f.json",
            r#"[{"nom":"Pôle bois","email":"a@example.org","contacts":[{"nom":"Camille Exemple","email":"c@example.org"}]}]"#,
            &[
                ("/contacts/0/courriel", "a@example.org"),
                ("/contacts/0/nom", ""),
                ("/contacts/1/nom", "Camille Exemple"),
                ("/contacts/1/courriel", "c@example.org"),
            ],
            &["repeated-label"],
        ),
        (
            "f.json",
            r#"[{"nom":"Pôle bois","geo_point_2d":{"lon":2.03,"lat":44.6}}]"#,
            &[("/adresse/latitude", "44.6"), ("/adresse/longitude", "2.03")],
            &["unknown-label"],
        ),
        ("f.json", r#"[{"nom":"Pôle bois","laureat":true}]"#, &[("/appel/statut", "laureat")], &["invalid-value"]),
        // The phase of the call, or that of the hub, as the values say.
        (
            "f.csv",
            "Nom du PTCE;Phase\nPôle bois;1\nPôle laine;Phase 2\n",
            &[("/appel/phase", "1")],
            &["ambiguous-label", "invalid-value"],
        ),
        (
            "f.csv",
            "Nom du PTCE;Phase\nPôle bois;Émergence\nPôle laine;Consolidation\n",
            &[("/appel/type", "emergent")],
            &[],
        ),
        // An export of the State's platform tells of the account before the form.
        (
            "f.csv",
            "ID;Email;Archivé;État du dossier;Déposé le;Nom du PTCE;Courriel du contact\n\
             1;u@example.org;non;Accepté;2024-03-01;Pôle bois;c@example.org\n",
            &[("/contacts/0/courriel", "c@example.org"), ("/contacts/1/courriel", "")],
            &[],
        ),
        (
            "f.csv",
            "ID;Email;Archivé;État du dossier;Déposé le;Nom du PTCE\n1;u@example.org;non;Accepté;2024-03-01;Pôle bois\n",
            &[("/contacts/0/courriel", "u@example.org")],
            &["unknown-label"],
        ),
        // Pages: terms with what is said of them, a heading behind a value, links that say more than their text.
        (
            "f.html",
            "<html><dl><dt>Nom du PTCE</dt><dd>Pôle bois</dd><dt>Structure porteuse :</dt><dd>Copeaux</dd></dl></html>",
            &[("/nom", "Pôle bois"), ("/coordinateur/nom", "Copeaux")],
            &[],
        ),
        (
            "f.html",
            "<p><b>Nom du PTCE&nbsp;:</b> Pôle bois</p><p>Courriel : a@example.org</p><h2>Pôle laine</h2><p>Courriel : b@example.org</p>",
            &[("/nom", "Pôle bois"), ("/contacts/0/courriel", "a@example.org")],
            &["malformed-email"],
        ),
        (
            "f.html",
            "<html><p>Nom du PTCE : Pôle bois</p><p>Contact : Camille Exemple – <a href='mailto:c@example.org'>écrire</a></p></html>",
            &[("/contacts/0/nom", "Camille Exemple"), ("/contacts/0/courriel", "c@example.org")],
            &[],
        ),
        (
            "f.html",
            "<table><tr><th>Nom du PTCE<th>Courriel<th>Site<tr><td>Pôle bois<td><a href='mailto:c@example.org'>écrire</a>\
             <td><a href='https://example.org'>voir</a></table>",
            &[("/contacts/0/courriel", "c@example.org"), ("/site_web", "https://example.org")],
            &["malformed-email"],
        ),
    ];
    for (name, text, expected, absent) in CASES {
        assert_read(name, text.as_bytes(), expected, absent);
    }
}

/// The interface of the platform of the State, and other programs of forms, give each answer with its question.
#[test]
fn answers_that_come_with_their_questions_are_read() {
    let platform = r#"{"data": {"demarche": {"number": 1, "dossiers": {"nodes": [
        {"id": "RG9zc2llci0x", "number": 98, "state": "accepte", "usager": {"email": "depot@example.org"},
         "demandeur": {"siret": "35600000000048", "entreprise": {"raisonSociale": "Copeaux et Cie"}},
         "champs": [
            {"id": "Q1", "label": "Nom du PTCE", "stringValue": "Pôle bois", "value": "Pôle bois"},
            {"id": "Q2", "label": "Structure porteuse", "stringValue": "Copeaux"},
            {"id": "Q3", "label": "Adresse", "stringValue": "12 rue de la Gare 46100 Figeac", "address": {"cityName": "Figeac"}},
            {"id": "Q4", "label": "Thématiques", "stringValue": "bois, laine", "values": ["bois", "laine"]},
            {"id": "Q5", "label": "Partenaires", "stringValue": "", "rows": [
                {"champs": [{"label": "Nom", "stringValue": "Ville de Figeac"}]},
                {"champs": [{"label": "Nom", "stringValue": "Scierie du Lot"}]}]},
            {"id": "Q6", "label": "Courriel du contact", "stringValue": null}],
         "annotations": [{"id": "A1", "label": "Avis", "stringValue": "favorable"}]},
        {"id": "RG9zc2llci0y", "champs": [{"id": "Q1", "label": "Nom du PTCE", "stringValue": "Pôle mer"}], "annotations": []}
    ]}}}}"#;
    let expected = [
        ("/id", "rg9zc2llci0x"),
        ("/nom", "Pôle bois"),
        ("/coordinateur/nom", "Copeaux"),
        ("/coordinateur/siret", "35600000000048"),
        ("/adresse/commune", "Figeac"),
        ("/thematiques/1", "laine"),
        ("/thematiques/2", ""),
        ("/partenaires/0/nom", "Ville de Figeac"),
        ("/partenaires/1/nom", "Scierie du Lot"),
        ("/contacts/0/courriel", ""),
    ];
    assert_read("f.json", platform.as_bytes(), &expected, &["repeated-label", "invalid-value"]);
    let read = read("f.json", platform.as_bytes());
    assert_eq!(read.entries[1].record.name.as_deref(), Some("Pôle mer"));
    // Nothing is lost: what is no answer stays beside the record, and only an unknown question is told.
    let others = &read.entries[0].record.source.others;
    let others: Vec<&str> = others.iter().filter_map(|other| other.value.as_deref()).collect();
    for value in ["98", "accepte", "depot@example.org", "Copeaux et Cie", "Q3", "favorable"] {
        assert!(others.contains(&value), "{value} of {others:?}");
    }
    let unknown: Vec<_> = read.findings.iter().filter(|finding| finding.code == "unknown-label").collect();
    assert_eq!(unknown.len(), 1, "{unknown:#?}");

    for answers in [
        r#"{"nom": "Pôle bois", "extras": [{"key": "commune", "value": "Figeac"}, {"key": "code postal", "value": "46100"}]}"#,
        r#"{"reponses": [{"question": "Nom du PTCE", "reponse": "Pôle bois"}, {"question": "Commune", "reponse": "Figeac"}]}"#,
        // The value first: nothing tells yet what it is, and it is kept.
        r#"{"nom": "Pôle bois", "adresse": {"commune": "Figeac"}, "extras": [{"value": "bleu", "key": "sigle"}]}"#,
    ] {
        assert_read("f.json", answers.as_bytes(), &[("/nom", "Pôle bois"), ("/adresse/commune", "Figeac")], &[]);
    }
    // Partners with a kind are no answers.
    let partners = r#"{"nom": "Pôle bois", "partenaires": [{"nom": "Copeaux", "categorie": "entreprise"}]}"#;
    assert_read("f.json", partners.as_bytes(), &[("/partenaires/0/nom", "Copeaux")], &["unknown-label"]);
}

/// Spreadsheets of many years, as people have typed them: the pointers that have these values in their first record.
#[test]
fn spreadsheets_of_many_years_are_read() {
    const CASES: &[Case] = &[
        // Headings of departments and calls, as of regions.
        (
            "f.csv",
            "Nom;Porteur;Objet;Ville\nARDÈCHE;;;\nBois vivant;Copeaux;bois;Privas\n",
            &[("/nom", "Bois vivant"), ("/territoire/departements/0/nom", "ARDÈCHE")],
            &["text-outside-table"],
        ),
        (
            "f.csv",
            "Nom;Porteur;Objet;Ville\n07 – Ardèche;;;\nAppel à projets 2013;;;\nBois vivant;Copeaux;bois;Privas\n",
            &[("/territoire/departements/0/code", "07"), ("/appel/edition", "2013")],
            &[],
        ),
        // A record of which no more is known than its name, below a heading.
        (
            "f.csv",
            "Nom;Porteur;Ville\nBretagne;;\nBois vivant;;\nLaine;Copeaux;Quimper\n",
            &[("/nom", "Bois vivant"), ("/region/nom", "Bretagne")],
            &[],
        ),
        (
            "f.csv",
            "Nom;Département\nBois vivant;93 (Seine-Saint-Denis)\n",
            &[("/territoire/departements/0/nom", "Seine-Saint-Denis")],
            &[],
        ),
        // The address in odd lines.
        (
            "f.csv",
            "Nom;Adresse 1;Adresse 2;Adresse 3;CP;Ville\nBois vivant;Maison des associations;12 rue Basse;BP 12;07000;Privas\n",
            &[
                ("/adresse/complement", "Maison des associations"),
                ("/adresse/voie", "12 rue Basse"),
                ("/adresse/mention", "BP 12"),
            ],
            &[],
        ),
        (
            "f.csv",
            "Nom;Adresse\nBois vivant;\"3 rue du Port, Figeac (46)\"\n",
            &[("/adresse/voie", "3 rue du Port"), ("/adresse/commune", "Figeac")],
            &[],
        ),
        (
            "f.csv",
            "Nom;Adresse\nBois vivant;\"3 rue du Port, Figeac (46100)\"\n",
            &[("/adresse/code_postal", "46100"), ("/adresse/commune", "Figeac")],
            &[],
        ),
        // A hamlet that bears the name of many communes is none.
        (
            "f.csv",
            "Nom;Adresse\nBois vivant;\"3 rue du Port, Saint-Martin\"\n",
            &[("/adresse/complement", "Saint-Martin"), ("/adresse/commune", "")],
            &[],
        ),
        // People in one cell.
        (
            "f.csv",
            "Nom;Contacts\nBois vivant;Camille Exemple (01 99 00 00 01) et Paul Modèle (01 99 00 00 02)\n",
            &[
                ("/contacts/0/telephone", "01 99 00 00 01"),
                ("/contacts/1/nom", "Paul Modèle"),
                ("/contacts/1/telephone", "01 99 00 00 02"),
            ],
            &[],
        ),
        (
            "f.csv",
            "Nom;Contact;Téléphone\nBois vivant;Camille Exemple;Tél : 01 99 00 00 01 - Fax : 01 99 00 00 02\n",
            &[("/contacts/0/telephone", "01 99 00 00 01"), ("/contacts/1/telephone", "")],
            &[],
        ),
        // Partners under headings, or counted.
        (
            "f.csv",
            "Nom;Partenaires\nBois vivant;\"Collectivités : Mairie, CCI ; Entreprises : Scierie\"\n",
            &[
                ("/partenaires/1/nom", "CCI"),
                ("/partenaires/2/nom", "Scierie"),
                ("/partenaires/2/categorie", "entreprise"),
                ("/partenaires/2/groupe", "Entreprises"),
            ],
            &[],
        ),
        ("f.csv", "Nom;Partenaires\nBois vivant;\"1. Mairie\n2. CCI\"\n", &[("/partenaires/0/nom", "Mairie")], &[]),
        ("f.csv", "Nom;Partenaires\nBois vivant;12\n", &[("/partenaires/0/nom", "")], &[]),
        // Whose details these are.
        (
            "f.csv",
            "Nom du pôle;Référent;Tél;Président;Tél;Mail\nBois vivant;Camille Exemple;01 99 00 00 01;Paul Modèle;01 99 00 00 02;p@example.org\n",
            &[
                ("/contacts/0/telephone", "01 99 00 00 01"),
                ("/contacts/0/courriel", ""),
                ("/contacts/1/nom", "Paul Modèle"),
                ("/contacts/1/fonction", "Président"),
                ("/contacts/1/courriel", "p@example.org"),
            ],
            &["repeated-label"],
        ),
        (
            "f.csv",
            "Nom du pôle;Bois vivant\nPorteur;Copeaux\nRéférent;Camille Exemple\nTél;01 99 00 00 01\nPrésident;Paul Modèle\nTél;01 99 00 00 02\n",
            &[("/contacts/0/telephone", "01 99 00 00 01"), ("/contacts/1/telephone", "01 99 00 00 02")],
            &["repeated-label"],
        ),
        (
            "f.csv",
            "Nom;Porteur;Nom;Prénom;Mail\nBois vivant;Copeaux;EXEMPLE;Camille;c@example.org\n",
            &[("/nom", "Bois vivant"), ("/contacts/0/nom", "Camille EXEMPLE")],
            &[],
        ),
        (
            "f.csv",
            "Nom;Fonction;Mail;PTCE;Structure\nCamille Exemple;directrice;c@example.org;Bois vivant;Copeaux\n",
            &[("/nom", "Bois vivant"), ("/contacts/0/nom", "Camille Exemple"), ("/coordinateur/nom", "Copeaux")],
            &["repeated-label"],
        ),
        // In a form, the next label is no value of one that is blank.
        (
            "f.csv",
            "Nom du PTCE;Bois vivant\nStructure porteuse;\nDate de création;\nVille;Brest\nMail;c@example.org\nPartenaires;\nFait à Brest, le 12 mars\nSignature\n",
            &[("/nom", "Bois vivant"), ("/coordinateur/nom", ""), ("/partenaires/0/nom", "")],
            &[],
        ),
        (
            "f.csv",
            "Nom du pôle;Bois vivant\nPorteur;Copeaux\nAdresse;\nCP;07000\nVille;Privas\nContact;Camille Exemple\n",
            &[("/adresse/voie", ""), ("/contacts/0/nom", "Camille Exemple")],
            &[],
        ),
        (
            "f.csv",
            "Nom;Porteur;Mail porteur;Mail référent;Référent\nBois vivant;Copeaux;a@example.org;c@example.org;Camille Exemple\n",
            &[
                ("/contacts/0/courriel", "a@example.org"),
                ("/contacts/1/courriel", "c@example.org"),
                ("/contacts/1/nom", "Camille Exemple"),
            ],
            &["repeated-label"],
        ),
        // The coordinator with what reaches it, in one cell.
        (
            "f.csv",
            "Nom;Porteur\nBois vivant;\"Copeaux\n12 rue Basse\n46100 Figeac\n01 99 00 00 01\nc@example.org\"\n",
            &[
                ("/coordinateur/nom", "Copeaux"),
                ("/adresse/voie", "12 rue Basse"),
                ("/adresse/commune", "Figeac"),
                ("/contacts/0/telephone", "01 99 00 00 01"),
                ("/contacts/0/courriel", "c@example.org"),
            ],
            &[],
        ),
        (
            "f.csv",
            "Nom;Porteur\nBois vivant;\"Copeaux, 12 rue Basse 46100 Figeac\"\n",
            &[("/coordinateur/nom", "Copeaux"), ("/adresse/code_postal", "46100")],
            &[],
        ),
        (
            "f.csv",
            "Nom;Porteur\nBois vivant;Copeaux - SIRET 35600000000048\n",
            &[("/coordinateur/nom", "Copeaux"), ("/coordinateur/siret", "35600000000048")],
            &[],
        ),
        // A name with a number stays whole.
        (
            "f.csv",
            "Nom;Porteur\nBois vivant;\"Copeaux, association 1901, 12345\"\n",
            &[("/coordinateur/nom", "Copeaux, association 1901, 12345")],
            &[],
        ),
        // Amounts in their unit.
        ("f.csv", "Nom;Porteur;Subvention (k€)\nBois vivant;Copeaux;150 000 €\n", &[("/appel/montant", "150000")], &[]),
        (
            "f.csv",
            "Nom;Porteur;Montant (en milliers d'euros)\nBois vivant;Copeaux;150\n",
            &[("/appel/montant", "150000")],
            &[],
        ),
        (
            "f.csv",
            "Nom;Porteur;Statut de la candidature\nBois vivant;Copeaux;retenue\n",
            &[("/appel/statut", "laureat")],
            &["invalid-value"],
        ),
        (
            "f.csv",
            "record id;Nom;Porteur\nrecA1b2C3d;Bois vivant;Copeaux\n",
            &[("/id", "reca1b2c3d")],
            &["invalid-value"],
        ),
        (
            "f.csv",
            "Nom;Département\nBois vivant;\"38 (principalement), 73\"\n",
            &[("/territoire/departements/1/code", "73")],
            &[],
        ),
        (
            "f.csv",
            "Nom;Porteur;Gérant\nBois vivant;Copeaux;Camille Exemple\n",
            &[("/appel/montant", ""), ("/contacts/0/nom", "Camille Exemple"), ("/contacts/0/fonction", "Gérant")],
            &[],
        ),
        // Labels of something else.
        (
            "f.csv",
            "Nom;Suivi par;Site;Statut du dossier\nBois vivant;Camille Exemple;Brest;complet\nLaine;Paul Modèle;Quimper;incomplet\n",
            &[("/evaluation", ""), ("/site_web", ""), ("/appel/statut", "")],
            &["invalid-value", "malformed-url"],
        ),
    ];
    for (name, text, expected, absent) in CASES {
        assert_read(name, text.as_bytes(), expected, absent);
    }
}

/// What stands at the foot of a table, or says what its columns are to hold, is no record.
#[test]
fn rows_around_a_table_are_no_records() {
    let table = "Nom du PTCE;Structure porteuse;Ville;Mail\nobligatoire;obligatoire;facultatif;\nex : Laine;ex : Fil;ex : Roubaix;\n\
                 Bois vivant;Copeaux;Brest;c@example.org\nS/T Bretagne;1;;\n;;;\nContact chambre;Paul Modèle;;p@example.org\nRédigé par;Paul\n\
                 Total;1 pôle;;\nvert;lauréat;;\nSource;Chambre de Bretagne;;\n";
    let read = read("f.csv", table.as_bytes());
    let names: Vec<_> = read.entries.iter().map(|entry| entry.record.name.as_deref()).collect();
    assert_eq!(names, [Some("Bois vivant")]);
    // A narrower table below a blank row has a header of its own, be its first label « Contact ».
    let two = "Nom du PTCE;Structure porteuse;Ville;Mail\nBois vivant;Copeaux;Brest;c@example.org\n;;;\n\
               Contact;Nom du PTCE;Mail\nCamille Exemple;Laine;p@example.org\n";
    let two = self::read("f.csv", two.as_bytes());
    assert_eq!(two.entries.last().and_then(|entry| entry.record.name.as_deref()), Some("Laine"));
    // A heading that no record follows is told.
    let alone = self::read("f.csv", "Nom;Porteur;Ville\nBois vivant;Copeaux;Brest\nBretagne;;\n".as_bytes());
    assert_eq!((alone.entries.len(), alone.count("text-outside-table")), (1, 1));
}

/// Tables of the same labels side by side hold a record each in a row.
#[test]
fn tables_that_stand_side_by_side_are_read() {
    let read = read("f.csv", "Nom;Porteur;;Nom;Porteur\nBois vivant;Copeaux;;Laine;Fil\nMer;Quai;;;\n".as_bytes());
    let found: Vec<_> = read
        .entries
        .iter()
        .map(|entry| (entry.record.name.as_deref(), entry.record.coordinator.name.as_deref()))
        .collect();
    assert_eq!(
        found,
        [(Some("Bois vivant"), Some("Copeaux")), (Some("Laine"), Some("Fil")), (Some("Mer"), Some("Quai"))]
    );
    assert_eq!(read.count("repeated-label"), 0);
}

/// Sheets that name their records by a number are joined by it.
#[test]
fn sheets_are_joined_by_a_number() {
    let sheet = |rows: &str| {
        let row =
            |row: &str| format!("<table:table-row>{}</table:table-row>", row.split(';').map(cell).collect::<String>());
        rows.split('\n').map(row).collect::<String>()
    };
    fn cell(text: &str) -> String {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    }
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>\
         <table:table table:name=\"PTCE\">{}</table:table><table:table table:name=\"Contacts\">{}</table:table>\
         </office:spreadsheet></office:body></office:document-content>",
        sheet("N°;Nom du PTCE;Structure porteuse\n1;Bois vivant;Copeaux\n2;Laine;Fil"),
        sheet("N°;Nom;Mail\n2;Camille Exemple;c@example.org\n1;Paul Modèle;p@example.org"),
    );
    let ods = archive(&[
        ("mimetype".to_owned(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("content.xml".to_owned(), content.into_bytes()),
    ]);
    let read = read("f.ods", &ods);
    let people: Vec<_> = read.entries.iter().map(|entry| entry.record.contacts[0].name.as_deref()).collect();
    assert_eq!(people, [Some("Paul Modèle"), Some("Camille Exemple")]);
}

/// What Word and LibreOffice mark as a heading or as the element of a list is one.
#[test]
fn headings_and_lists_of_office_texts_are_kept_apart() {
    let paragraph = |style: &str, text: &str| format!("<w:p><w:pPr>{style}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>");
    let heading = |text: &str| paragraph("<w:pStyle w:val=\"Titre1\"/>", text);
    let element = |text: &str| paragraph("<w:numPr><w:numId w:val=\"1\"/></w:numPr>", text);
    let body = [
        paragraph("", "Nom du PTCE : Pôle bois"),
        heading("Structure porteuse"),
        paragraph("", "Nom : Copeaux"),
        heading("Objectifs"),
        element("Former"),
        element("Scier"),
        heading("Contact"),
        paragraph("", "Camille Exemple, directrice, c@example.org"),
    ];
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{}</w:body></w:document>", body.concat());
    let docx = archive(&[("word/document.xml".to_owned(), document.into_bytes())]);
    let expected = [
        ("/nom", "Pôle bois"),
        ("/coordinateur/nom", "Copeaux"),
        ("/projet/objectifs/1", "Scier"),
        ("/contacts/0/fonction", "directrice"),
    ];
    assert_read("f.docx", &docx, &expected, &["missing-coordinator"]);
    let content = "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\"><text:p>Nom du PTCE : Pôle bois</text:p>\
                   <text:h>Structure porteuse</text:h><text:p>Nom : Copeaux</text:p><text:h>Objectifs</text:h><text:list>\
                   <text:list-item><text:p>Former</text:p></text:list-item><text:list-item><text:p>Scier</text:p></text:list-item>\
                   </text:list></office:document-content>";
    let odt = archive(&[
        ("mimetype".to_owned(), b"application/vnd.oasis.opendocument.text".to_vec()),
        ("content.xml".to_owned(), content.as_bytes().to_vec()),
    ]);
    assert_read("f.odt", &odt, &expected[..3], &[]);
}

/// Words in the place of a coordinator are none: the record cannot be accepted.
#[test]
fn a_coordinator_to_be_found_is_an_error() {
    let read = read("f.csv", "Nom du PTCE;Structure porteuse\nPôle bois;à définir\n".as_bytes());
    let found: Vec<_> = read.findings.iter().filter(|finding| finding.code == "placeholder-value").collect();
    assert!(matches!(found.as_slice(), [finding] if finding.level == ptce::Level::Error), "{found:?}");
}
