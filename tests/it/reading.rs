//! How well the labels and the containers of others are read: our own examples of each kind, and the page that tells it.

use crate::support::{Read, assert_current, read, values};

/// A label, the field it means (`-` for none, which its values must then stand aside of), and a value below it.
type Labelled = (&'static str, &'static str, &'static str);

/// Kinds of labels, each with examples.
const LABELS: &[(&str, &[Labelled])] = &[
    (
        "préfixes et mots collés",
        &[
            ("bf_titre", "/nom", "Pôle Cuir"),
            ("bf_codepostal", "/adresse/code_postal", "46100"),
            ("properties.ville", "/adresse/commune", "Figeac"),
            ("structurePorteuse", "/coordinateur/nom", "Ateliers réunis"),
            ("fields.emailContact", "/contacts/0/courriel", "a@example.org"),
            ("ct_tel", "/contacts/0/telephone", "01 99 00 12 34"),
            ("adr_lat", "/adresse/latitude", "44.6086"),
            ("adr_lon", "/adresse/longitude", "2.0317"),
        ],
    ),
    (
        "abréviations de bases",
        &[
            ("NOM_PTCE", "/nom", "Pôle Cuir"),
            ("LIB_STRUCT", "/coordinateur/nom", "Ateliers réunis"),
            ("NUM_SIRET", "/coordinateur/siret", "99900001200014"),
            ("ADR1", "/adresse/voie", "12 rue des Tanneurs"),
            ("COD_POST", "/adresse/code_postal", "46100"),
            ("BUR_DISTRIB", "/adresse/commune", "Figeac"),
            ("MEL_RESP", "/contacts/0/courriel", "a@example.org"),
            ("MT_SUBV", "/appel/montant", "1200"),
        ],
    ),
    (
        "questions",
        &[
            ("Comment s’appelle votre pôle ?", "/nom", "Pôle Cuir"),
            ("Quelle structure le porte ?", "/coordinateur/nom", "Ateliers réunis"),
            ("Dans quelle commune êtes-vous installés ?", "/adresse/commune", "Figeac"),
            ("Quel est votre courriel ?", "/contacts/0/courriel", "a@example.org"),
            ("Combien d’emplois pensez-vous créer ?", "/emploi/creations_prevues", "6"),
            ("Décrivez vos actions", "/projet/actions/0", "Un atelier partagé."),
        ],
    ),
    (
        "à qui est la valeur",
        &[
            ("Nom du pôle", "/nom", "Pôle Cuir"),
            ("Dénomination de l’établissement porteur", "/coordinateur/nom", "Ateliers réunis"),
            ("Statut juridique de la structure d’appui", "/coordinateur/forme_juridique", "SCIC"),
            ("Code postal de l’organisme", "/adresse/code_postal", "46100"),
            ("Ville du siège de la structure", "/adresse/commune", "Figeac"),
            ("Mél du référent de la structure porteuse", "/contacts/0/courriel", "a@example.org"),
            ("Courriel du financeur", "-", "f@example.org"),
            ("Nom de l’instructeur", "-", "Camille Exemple"),
            ("Téléphone du rapporteur", "-", "01 99 00 12 35"),
        ],
    ),
    (
        "écriture inclusive, explications, deux langues",
        &[
            ("Nom du PTCE *", "/nom", "Pôle Cuir"),
            ("Référent·e", "/contacts/0/nom", "Camille Exemple"),
            ("Courriel (il recevra les notifications)", "/contacts/0/courriel", "a@example.org"),
            ("Ville / City", "/adresse/commune", "Figeac"),
            ("Code postal (from Adresses)", "/adresse/code_postal", "46100"),
        ],
    ),
    (
        "ce qui n’est d’aucun champ",
        &[
            ("Nom du PTCE", "/nom", "Pôle Cuir"),
            ("Structure porteuse", "/coordinateur/nom", "Ateliers réunis"),
            ("Mail envoyé le", "-", "01/03/2024"),
            ("Montant refusé", "-", "1300"),
            ("Nom du fichier joint", "-", "statuts.pdf"),
            ("Code postal de naissance", "-", "46300"),
            ("Statut de la demande de paiement", "-", "en cours"),
            ("Type d’hébergement", "-", "dortoir"),
        ],
    ),
    (
        "d’après les valeurs",
        &[
            ("Lauréat", "/nom", "Pôle Cuir"),
            ("Structure", "/coordinateur/nom", "Ateliers réunis"),
            ("Statut", "/coordinateur/forme_juridique", "SCIC"),
            ("x", "/adresse/longitude", "2.0317"),
            ("y", "/adresse/latitude", "44.6086"),
            ("Mail", "/contacts/0/courriel", "a@example.org"),
        ],
    ),
];

/// Where a value that is labelled so ends up: the pointers of the record that hold it.
fn places(read: &Read, value: &str) -> Vec<String> {
    let record = &read.records()[0];
    let is_own = |text: &str| {
        text == value || text.parse::<f64>().ok().zip(value.parse::<f64>().ok()).is_some_and(|(a, b)| a == b)
    };
    values(record).into_iter().filter(|(_, text)| is_own(text)).map(|(pointer, _)| pointer).collect()
}

fn is_right(read: &Read, field: &str, value: &str) -> bool {
    let places = places(read, value);
    match field {
        "-" => !places.is_empty() && places.iter().all(|place| place.starts_with("/source/autres/")),
        field => places.iter().any(|place| place == field),
    }
}

/// What a container holds: its name, the text, how many records, and values with their places.
type Held = (&'static str, &'static str, &'static str, usize, &'static [(&'static str, &'static str)]);

const CONTAINERS: &[Held] = &[
    (
        "JSON, enveloppe `results`",
        "a.json",
        r#"{"total_count":2,"results":[{"nom":"Pôle Cuir","coordinateur":"Ateliers"},{"nom":"Pôle Lin","coordinateur":"Fil"}]}"#,
        2,
        &[("/nom", "Pôle Cuir"), ("/coordinateur/nom", "Ateliers")],
    ),
    (
        "JSON, `data[].attributes`",
        "a.json",
        r#"{"data":[{"type":"x","attributes":{"nomPole":"Pôle Cuir","structurePorteuse":{"raisonSociale":"Ateliers"}}},{"type":"x","attributes":{"nomPole":"Pôle Lin"}}],"links":{"next":null}}"#,
        2,
        &[("/nom", "Pôle Cuir"), ("/coordinateur/nom", "Ateliers")],
    ),
    (
        "JSON, un objet par clé",
        "a.json",
        r#"{"p1":{"nom":"Pôle Cuir","courriel":"a@example.org"},"p2":{"nom":"Pôle Lin","courriel":"b@example.org"}}"#,
        2,
        &[("/nom", "Pôle Cuir"), ("/contacts/0/courriel", "a@example.org")],
    ),
    (
        "GeoJSON",
        "a.json",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Pôle Cuir","mail":"a@example.org"},"geometry":{"type":"Point","coordinates":[2.0317,44.6086]}}]}"#,
        1,
        &[("/nom", "Pôle Cuir"), ("/adresse/longitude", "2.0317"), ("/adresse/latitude", "44.6086")],
    ),
    (
        "XML, fiches dans une enveloppe",
        "a.xml",
        "<export><date>2022-12-15</date><liste><structure><nom>Pôle Cuir</nom><courriel>a@example.org</courriel></structure>\
         <structure><nom>Pôle Lin</nom><courriel>b@example.org</courriel></structure></liste></export>",
        2,
        &[("/nom", "Pôle Cuir"), ("/contacts/0/courriel", "a@example.org")],
    ),
    (
        "XML, page dans une valeur",
        "a.xml",
        "<articles><article><titre>Pôle Cuir</titre><texte><![CDATA[<p><b>Structure porteuse :</b> Ateliers</p><p>Une page.</p>]]></texte></article>\
         <article><titre>Pôle Lin</titre><texte>b</texte></article></articles>",
        2,
        &[("/nom", "Pôle Cuir"), ("/coordinateur/nom", "Ateliers")],
    ),
    (
        "tableau HTML sous le nom de .xls",
        "a.xls",
        "<html><body><table><tr><th rowspan=2>Nom du PTCE</th><th colspan=2>Contact</th></tr><tr><th>Nom</th><th>M&eacute;l</th></tr>\
         <tr><td>P&ocirc;le Cuir</td><td>Camille Exemple</td><td>a@example.org</td></tr></table></body></html>",
        1,
        &[("/nom", "Pôle Cuir"), ("/contacts/0/nom", "Camille Exemple"), ("/contacts/0/courriel", "a@example.org")],
    ),
    (
        "SYLK",
        "a.slk",
        "ID;PWXL\nC;Y1;X1;K\"Nom du PTCE\"\nC;X2;K\"Courriel\"\nC;Y2;X1;K\"Pôle Cuir\"\nC;X2;K\"a@example.org\"\nE\n",
        1,
        &[("/nom", "Pôle Cuir"), ("/contacts/0/courriel", "a@example.org")],
    ),
    (
        "largeur fixe, sous un filet de tirets",
        "a.txt",
        "Nom du PTCE   Dép. Courriel\n------------- ---- -------------\nPôle Cuir     2A   a@example.org\nPôle Lin      08   b@example.org\n\n(2 lignes)\n",
        2,
        &[("/nom", "Pôle Cuir"), ("/territoire/departements/0/code", "2A"), ("/contacts/0/courriel", "a@example.org")],
    ),
    (
        "tableau Markdown",
        "a.md",
        "# Pôles\n\n| Nom du PTCE | Courriel |\n|---|---|\n| Pôle Cuir | a@example.org |\n",
        1,
        &[("/nom", "Pôle Cuir"), ("/contacts/0/courriel", "a@example.org")],
    ),
    (
        "carnet d’adresses (vCard)",
        "a.vcf",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Camille Exemple\r\nORG:Pôle Cuir\r\nTITLE:Coordination\r\nitem1.EMAIL;TYPE=work:a@exa\r\n mple.org\r\nADR;TYPE=home:;;12 rue Haute;Die;;26150;France\r\nADR:;;3 place du Lin;Gap;;05000;France\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:P=C3=B4le=\r\n Lin\r\nEND:VCARD\r\n",
        2,
        &[
            ("/nom", "Pôle Cuir"),
            ("/contacts/0/nom", "Camille Exemple"),
            ("/contacts/0/fonction", "Coordination"),
            ("/contacts/0/courriel", "a@example.org"),
            ("/adresse/voie", "3 place du Lin"),
            ("/adresse/code_postal", "05000"),
            ("/adresse/commune", "Gap"),
        ],
    ),
    (
        "JSON, listes de Grist",
        "a.json",
        "{\"records\": [{\"id\": 7, \"fields\": {\"Nom\": \"Pôle Cuir\", \"Coordinateur\": \"Asso A\", \"Filieres\": [\"L\", \"cuir\", \"bois\"]}}]}",
        1,
        &[
            ("/nom", "Pôle Cuir"),
            ("/coordinateur/nom", "Asso A"),
            ("/thematiques/0", "cuir"),
            ("/thematiques/1", "bois"),
        ],
    ),
    (
        "DIF",
        "a.dif",
        "TABLE\n0,1\n\"\"\nDATA\n0,0\n\"\"\n-1,0\nBOT\n1,0\n\"Nom du PTCE\"\n1,0\n\"Courriel\"\n-1,0\nBOT\n1,0\n\"Pôle Cuir\"\n1,0\n\"a@example.org\"\n-1,0\nEOD\n",
        1,
        &[("/nom", "Pôle Cuir"), ("/contacts/0/courriel", "a@example.org")],
    ),
    (
        "classeur XML d’Excel 2003",
        "a.xml",
        "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\
         <Worksheet ss:Name=\"Pôles\"><Table><Row><Cell><Data ss:Type=\"String\">Nom du PTCE</Data></Cell><Cell><Data>Courriel</Data></Cell></Row>\
         <Row><Cell><Data>Pôle Cuir</Data></Cell><Cell><Data>a@example.org</Data></Cell></Row></Table></Worksheet></Workbook>",
        1,
        &[("/nom", "Pôle Cuir"), ("/contacts/0/courriel", "a@example.org")],
    ),
    (
        "une croix par thématique",
        "a.csv",
        "Nom du PTCE;Structure porteuse;Thématiques;;Zonages;\n;;réemploi;bois;Politique de la ville;Zone rurale\nPôle Cuir;Ateliers;X;;;X\nPôle Lin;Fil;;X;X;\n",
        2,
        &[("/nom", "Pôle Cuir"), ("/thematiques/0", "réemploi"), ("/territoire/priorites/0", "zone_rurale")],
    ),
    (
        "oui ou non",
        "a.csv",
        "PTCE;Porteur;Lauréat (O/N);Zone rurale (O/N);Vos thématiques [bois];Vos thématiques [Autre]\nPôle Cuir;Ateliers;O;N;Oui;laine\nPôle Lin;Fil;N;O;Non;\n",
        2,
        &[("/nom", "Pôle Cuir"), ("/appel/statut", "laureat"), ("/thematiques/0", "bois"), ("/thematiques/1", "laine")],
    ),
    (
        "un rôle par colonne",
        "a.csv",
        "PTCE;Porteur;Président·e;Mail président·e;Directeur;Mail direction\nPôle Cuir;Ateliers;Bruno Modèle;b@example.org;Camille Exemple;c@example.org\n",
        1,
        &[
            ("/contacts/0/nom", "Bruno Modèle"),
            ("/contacts/0/fonction", "Président·e"),
            ("/contacts/1/courriel", "c@example.org"),
        ],
    ),
    (
        "une famille de partenaires par colonne",
        "a.csv",
        "PTCE;Porteur;Acteurs de l’ESS;Entreprises;Collectivités\nPôle Cuir;Ateliers;SCOP Une;Scierie Deux;Ville Trois\n",
        1,
        &[
            ("/partenaires/1/nom", "Scierie Deux"),
            ("/partenaires/1/categorie", "entreprise"),
            ("/partenaires/2/categorie", "collectivite"),
        ],
    ),
    (
        "une ligne par partenaire",
        "a.csv",
        "Nom du PTCE;Porteur;Partenaire;Famille du partenaire\nPôle Cuir;Ateliers;SCOP Une;ESS\nPôle Cuir;Ateliers;SCOP Deux;ESS\nPôle Cuir;Ateliers;Scierie Trois;Entreprise\n",
        1,
        &[
            ("/partenaires/1/nom", "SCOP Deux"),
            ("/partenaires/1/categorie", "ess"),
            ("/partenaires/2/categorie", "entreprise"),
        ],
    ),
    (
        "numéro et type de voie à part",
        "a.csv",
        "Nom du PTCE;Numéro de voie;Type de voie;Nom de la voie;Code postal;Commune\nPôle Cuir;12;RUE;DES TANNEURS;46100;Figeac\n",
        1,
        &[("/adresse/voie", "12 RUE DES TANNEURS")],
    ),
    (
        "cases cochées",
        "a.csv",
        "Nom du projet;Structure porteuse;Forme juridique\nPôle Cuir;Ateliers;☑ association loi 1901 ☐ SCIC ☐ SCOP\n",
        1,
        &[("/coordinateur/forme_juridique", "association loi 1901")],
    ),
    (
        "unité dans le libellé, forme entre parenthèses",
        "a.csv",
        "PTCE;Porteur (statut);Subvention (k€)\nPôle Cuir;Ateliers (SCIC SA);72,5\n",
        1,
        &[("/coordinateur/nom", "Ateliers"), ("/coordinateur/forme_juridique", "SCIC SA"), ("/appel/montant", "72500")],
    ),
    (
        "export de Démarche Numérique",
        "a.csv",
        "ID,Email,FranceConnect ?,Établissement SIRET,Établissement numero voie,Établissement type voie,Établissement nom voie,Établissement code postal,Établissement localité,Entreprise raison sociale,À archiver,État du dossier,Instructeurs,Quel est le nom de votre pôle ?,Nom et prénom du référent,Mél. du référent\n\
         101,compte@example.org,true,99900001200014,12,RUE,DES TANNEURS,46100,FIGEAC,ATELIERS,false,Accepté,i@example.org,Pôle Cuir,Camille Exemple,c@example.org\n",
        1,
        &[
            ("/nom", "Pôle Cuir"),
            ("/coordinateur/siret", "99900001200014"),
            ("/adresse/voie", "12 RUE DES TANNEURS"),
            ("/contacts/0/courriel", "c@example.org"),
        ],
    ),
];

#[test]
fn labels_and_containers_of_others_are_read() {
    let mut page = String::from(
        "# Ce que ptce lit, et comment\n\nCette page est écrite par un test : chaque exemple est lu, et ce qui n’est pas où il doit être le fait échouer.\n\n\
         ## Libellés\n\nUn libellé est compris par ses mots, puis sans ce qui l’entoure (questions, préfixes, abréviations, à qui est la \
         valeur), et par les valeurs de sa colonne, qui choisissent entre plusieurs sens ou démentent celui qu’il semble avoir. \
         « – » : d’aucun champ, gardé dans `source.autres`.\n",
    );
    let mut wrong = Vec::new();
    for (kind, labels) in LABELS {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let header: Vec<String> = labels.iter().map(|(label, ..)| quoted(label)).collect();
        let row: Vec<String> = labels.iter().map(|(.., value)| quoted(value)).collect();
        let csv = format!("{}\n{}\n", header.join(";"), row.join(";"));
        let found = read("libelles.csv", csv.as_bytes());
        page.push_str(&format!("\n### {}\n\n| libellé | champ |\n|---|---|\n", kind));
        for (label, field, value) in *labels {
            if !is_right(&found, field, value) {
                wrong.push(format!("{kind}: {label} → {:?}, not {field}", places(&found, value)));
            }
            let field = if *field == "-" { "–".to_owned() } else { format!("`{field}`") };
            page.push_str(&format!("| {} | {field} |\n", label.replace('|', "\\|")));
        }
    }
    page.push_str("\n## Contenants et dispositions\n\n| exemple | fiches | valeurs vérifiées |\n|---|---|---|\n");
    for (kind, name, text, count, expected) in CONTAINERS {
        let found = read(name, text.as_bytes());
        if found.records().len() != *count {
            wrong.push(format!("{kind}: {} records, not {count}", found.records().len()));
        }
        for (field, value) in *expected {
            if !is_right(&found, field, value) {
                wrong.push(format!("{kind}: {value} → {:?}, not {field}", places(&found, value)));
            }
        }
        let fields: Vec<String> = expected.iter().map(|(field, _)| format!("`{field}`")).collect();
        page.push_str(&format!("| {kind} | {count} | {} |\n", fields.join(", ")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_current("docs/reading.md", page.as_bytes());
}

/// What stands around the records is told, and nothing of it enters them.
#[test]
fn what_stands_around_records_is_told() {
    let text =
        r#"{"total_count":3,"results":[{"nom":"Pôle Cuir","coordinateur":"Ateliers","courriel":"a@example.org"}]}"#;
    let found = read("a.json", text.as_bytes());
    assert_eq!(found.count("text-outside-table"), 1);
    assert!(places(&found, "3").is_empty());
}
