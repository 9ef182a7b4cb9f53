//! Mapping files: how a source was understood, kept by `inspect --save`, corrected by hand, replayed by `--mapping`.

use crate::support::{Ran, folder, ptce, ran};

const LIST: &str = "Suivi des pôles;;;\n\nDésignation;Coin;Courriel;Remarques\n\
                    Fabriques du Quercy;Occitanie;quercy@example.org;relancer\n";

fn run(folder: &tempfile::TempDir, arguments: &[&str]) -> Ran {
    ran(ptce().current_dir(folder.path()).args(arguments))
}

/// What is converted with a mapping, as JSON.
fn converted(folder: &tempfile::TempDir, file: &str) -> serde_json::Value {
    let done = run(folder, &["convert", file, "--mapping", "mapping.toml", "--to", "json", "-q"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    serde_json::from_str(&done.stdout).unwrap()
}

fn changes(folder: &tempfile::TempDir, file: &str) -> Vec<String> {
    let done = run(folder, &["validate", file, "--mapping", "mapping.toml", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let told = findings.filter(|finding| finding["code"] == "changed-source");
    told.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn one_line_corrects_a_guess() {
    let folder = folder(&[("liste.csv", LIST.as_bytes())]);
    let saved = run(&folder, &["inspect", "liste.csv", "--save", "mapping.toml"]);
    assert_eq!(saved.code, 0, "{}", saved.stderr);
    let path = folder.path().join("mapping.toml");
    let mapping = std::fs::read_to_string(&path).unwrap();
    insta::assert_snapshot!(mapping);
    assert!(changes(&folder, "liste.csv").is_empty(), "a mapping just saved fits");
    let corrected = mapping.replace("Coin = \"\"", "Coin = \"/region/nom\"");
    assert_ne!(corrected, mapping);
    std::fs::write(&path, corrected).unwrap();
    let record = &converted(&folder, "liste.csv")[0];
    assert_eq!(record["region"]["nom"], "Occitanie");
    assert_eq!(record["source"]["autres"][0]["libelle"], "Remarques");
    let findings = run(&folder, &["validate", "liste.csv", "--mapping", "mapping.toml", "--format", "csv"]).stdout;
    assert!(!findings.contains("unknown-label"), "what is left aside on purpose is not told: {findings}");
}

#[test]
fn a_source_that_has_changed_is_told() {
    let next = "Suivi des pôles;;;\nAnnée 2;;;\n\nDésignation;Téléphone;Courriel;Remarques\n\
                Fabriques du Quercy;05 65 11 22 33;quercy@example.org;\n";
    let folder = folder(&[("liste.csv", LIST.as_bytes()), ("suite.csv", next.as_bytes())]);
    run(&folder, &["inspect", "liste.csv", "--save", "mapping.toml"]);
    insta::assert_snapshot!(changes(&folder, "suite.csv").join("\n"));
    assert_eq!(converted(&folder, "suite.csv")[0]["contacts"][0]["telephone"], "05 65 11 22 33");
}

/// The header, the layout, the delimiter: whatever was guessed can be said.
#[test]
fn whatever_is_guessed_can_be_said() {
    let sheet = "a,b\nNom du pôle,Ce qui suit\nRoue libre,x\nnom,région\nFabriques du Quercy,Occitanie\n";
    let folder = folder(&[("feuille.csv", sheet.as_bytes())]);
    let name = |mapping: &str| {
        std::fs::write(folder.path().join("mapping.toml"), mapping).unwrap();
        converted(&folder, "feuille.csv")[0]["nom"].clone()
    };
    assert_eq!(name("[[tables]]\n"), "Fabriques du Quercy");
    assert_eq!(name("[[tables]]\nheader = [2]\n"), "Roue libre");
    assert_eq!(
        name("[[tables]]\nlayout = \"form\"\n[tables.labels]\n\"Nom du pôle\" = \"\"\n\"Roue libre\" = \"/nom\"\n"),
        "x"
    );
    assert_eq!(
        name("[[tables]]\ndelimiter = \";\"\nheader = [2]\n[tables.labels]\n\"Nom du pôle,Ce qui suit\" = \"/nom\"\n"),
        "Roue libre,x"
    );
}

#[test]
fn sheets_are_compared_too() {
    let book = |names: &[&str]| {
        let mut book = rust_xlsxwriter::Workbook::new();
        for name in names {
            let sheet = book.add_worksheet();
            sheet.set_name(*name).unwrap();
            for (row, cells) in (0..).zip([["Nom", "Région"], ["Roue libre", "Bretagne"]]) {
                for (column, cell) in (0..).zip(cells) {
                    sheet.write_string(row, column, cell).unwrap();
                }
            }
        }
        book.save_to_buffer().unwrap()
    };
    let folder = folder(&[("un.xlsx", &book(&["2023", "2024"])), ("deux.xlsx", &book(&["2024", "2025"]))]);
    run(&folder, &["inspect", "un.xlsx", "--save", "mapping.toml"]);
    assert!(changes(&folder, "un.xlsx").is_empty());
    insta::assert_snapshot!(changes(&folder, "deux.xlsx").join("\n"));
}

#[test]
fn a_wrong_mapping_is_refused_in_one_line() {
    let folder = folder(&[("liste.csv", LIST.as_bytes())]);
    let refused: Vec<String> = [
        "tables = 3",
        "[[tables]]\nheader = [0]\n",
        "[[tables]]\nencoding = \"klingon\"\n",
        "[[tables]]\n[tables.labels]\nCoin = \"/region/libelle\"\n",
        "[[tables]]\nlabel = 1\n",
    ]
    .iter()
    .map(|mapping| {
        std::fs::write(folder.path().join("mapping.toml"), mapping).unwrap();
        let done = run(&folder, &["validate", "liste.csv", "--mapping", "mapping.toml", "--lang", "fr"]);
        assert_eq!(done.code, 2, "{mapping}");
        done.stderr
    })
    .collect();
    insta::assert_snapshot!(refused.concat());
}

#[test]
fn inspect_answers_another_program() {
    let folder = folder(&[("liste.csv", LIST.as_bytes())]);
    let answer = run(&folder, &["inspect", "liste.csv", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
    insta::assert_json_snapshot!(answer);
}

/// A file that nobody has touched is as it was, whatever its format and its encoding.
#[test]
fn nothing_has_changed_in_the_same_file() {
    let mac = encoding_rs::MACINTOSH.encode("Nom;Commune;;\nRoue libre;Vitré;à revoir;x\n").0.into_owned();
    let files: &[(&str, &[u8])] = &[
        ("fiches.txt", &crate::support::sample("fiches.txt")),
        ("mac.csv", &mac),
        ("dos.csv", b"Nom;Commune\nRoue libre;Vitr\x82\n"),
        ("laureats.xlsx", &crate::support::sample("laureats-2014.xlsx")),
        ("export.xml", b"<ptces><ptce><nom>Roue libre</nom><couleur>vert</couleur></ptce></ptces>"),
    ];
    let folder = folder(files);
    for (file, _) in files {
        let saved = run(&folder, &["inspect", file, "--save", "mapping.toml"]);
        assert_eq!(saved.code, 0, "{file}: {}", saved.stderr);
        let told = changes(&folder, file);
        assert!(told.is_empty(), "{file}: {told:?}");
    }
    let changed = String::from_utf8(crate::support::sample("fiches.txt")).unwrap().replace("Objectifs", "Finalités");
    std::fs::write(folder.path().join("suite.txt"), changed).unwrap();
    run(&folder, &["inspect", "fiches.txt", "--save", "mapping.toml"]);
    let told = changes(&folder, "suite.txt");
    assert!(told.iter().any(|message| message.contains("Objectifs")), "{told:?}");
}

#[test]
fn the_labels_of_a_text_are_corrected_too() {
    let text = "Nom du PTCE : Roue libre\nThématique : vélo\n\nNom du PTCE : Ateliers\nThématique : bois\n";
    let mapping = "[[tables]]\n[tables.labels]\n\"Nom du PTCE\" = \"/sigle\"\nThématique = \"\"\n"
        .replace("Thématique", "\"Thématique\"");
    let folder = folder(&[("fiches.txt", text.as_bytes()), ("mapping.toml", mapping.as_bytes())]);
    let record = &converted(&folder, "fiches.txt")[0];
    assert_eq!(record["sigle"], "Roue libre");
    assert_eq!(record["source"]["autres"][0]["libelle"], "Thématique");
    assert!(changes(&folder, "fiches.txt").is_empty());
}

/// A column without a title has a name in the mapping by which a person can give it a field.
#[test]
fn a_column_without_a_title_can_be_named() {
    let list = "Nom;Commune;\nRoue libre;Vitré;05 65 11 22 33\n";
    let folder = folder(&[("liste.csv", list.as_bytes())]);
    run(&folder, &["inspect", "liste.csv", "--save", "mapping.toml"]);
    let path = folder.path().join("mapping.toml");
    let mapping = std::fs::read_to_string(&path).unwrap();
    let corrected = mapping.replace("\"(colonne 3)\" = \"\"", "\"(colonne 3)\" = \"/contacts/*/telephone\"");
    assert_ne!(corrected, mapping);
    std::fs::write(&path, corrected).unwrap();
    assert_eq!(converted(&folder, "liste.csv")[0]["contacts"][0]["telephone"], "05 65 11 22 33");
    assert!(changes(&folder, "liste.csv").is_empty());
}

#[test]
fn what_is_new_is_told_once() {
    let folder = folder(&[
        ("liste.csv", LIST.as_bytes()),
        ("suite.csv", LIST.replace("Remarques", "Couleur").as_bytes()),
        ("un.xml", b"<ptces><ptce><nom>Roue libre</nom></ptce></ptces>"),
        ("deux.xml", b"<ptces><ptce><nom>Roue libre</nom><couleur>vert</couleur></ptce></ptces>"),
    ]);
    for (before, after, new) in [("liste.csv", "suite.csv", "Couleur"), ("un.xml", "deux.xml", "couleur")] {
        run(&folder, &["inspect", before, "--save", "mapping.toml"]);
        let told = run(&folder, &["validate", after, "--mapping", "mapping.toml", "--format", "json"]).stdout;
        let report: serde_json::Value = serde_json::from_str(&told).unwrap();
        let codes: Vec<&str> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["value"].as_str().is_some_and(|value| value.ends_with(new)))
            .map(|finding| finding["code"].as_str().unwrap())
            .collect();
        assert_eq!(codes, ["changed-source"], "{after}");
    }
}

/// Where no label is known, they are saved for a person to say what they mean.
#[test]
fn unknown_labels_are_saved_to_be_filled_in() {
    let survey = [
        ["Export du 3 mai", "", ""],
        ["Comment vous appelez-vous ?", "Où ça ?", "Avec qui ?"],
        ["Roue libre", "Vitré", "SCIC Bois"],
    ];
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(survey) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let csv: String = survey.iter().map(|cells| format!("{}\n", cells.join(";"))).collect();
    let folder = folder(&[("enquete.csv", csv.as_bytes()), ("enquete.xlsx", &book.save_to_buffer().unwrap())]);
    let path = folder.path().join("mapping.toml");
    for file in ["enquete.csv", "enquete.xlsx"] {
        let saved = run(&folder, &["inspect", file, "--save", "mapping.toml", "--lang", "fr"]);
        assert_eq!(saved.code, 2, "{file}");
        assert!(saved.stderr.contains("pas de ligne d’en-tête reconnue"), "{}", saved.stderr);
        assert!(saved.stderr.contains("mapping.toml : les libellés y sont écrits sans champ"), "{}", saved.stderr);
        let mapping = std::fs::read_to_string(&path).unwrap();
        assert!(mapping.contains("header = [2]"), "{mapping}");
        let filled = mapping
            .replace("\"Comment vous appelez-vous ?\" = \"\"", "\"Comment vous appelez-vous ?\" = \"/nom\"")
            .replace("\"Avec qui ?\" = \"\"", "\"Avec qui ?\" = \"/coordinateur/nom\"");
        std::fs::write(&path, filled).unwrap();
        let record = &converted(&folder, file)[0];
        assert_eq!(
            (&record["nom"], &record["coordinateur"]["nom"]),
            (&"Roue libre".into(), &"SCIC Bois".into()),
            "{file}"
        );
        assert!(changes(&folder, file).is_empty(), "{file}");
        std::fs::remove_file(&path).unwrap();
        // Without --save, and from a stream, it is an error as any other.
        assert_eq!(run(&folder, &["inspect", file]).stdout, "", "{file}");
    }
}

const LETTERS: &str = "Dénomination;Où;Mél\nLes Terrils;Corse;terrils@example.org\n";

/// Each file of a folder has a mapping of its own, which no other one gets.
#[test]
fn each_file_of_a_folder_has_its_mapping() {
    let folder = folder(&[("envoi/liste.csv", LIST.as_bytes()), ("envoi/62/lettre.csv", LETTERS.as_bytes())]);
    let saved = run(&folder, &["inspect", "envoi", "--save", "correspondances/"]);
    assert_eq!(saved.code, 0, "{}", saved.stderr);
    let path = folder.path().join("correspondances/62/lettre.csv.toml");
    let mapping = std::fs::read_to_string(&path).unwrap();
    let corrected = mapping.replace("\"Où\" = \"\"", "\"Où\" = \"/region/nom\"");
    assert_ne!(corrected, mapping);
    std::fs::write(&path, corrected).unwrap();
    let done = run(&folder, &["convert", "envoi", "--mapping", "correspondances", "--to", "ndjson", "-q"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let records: Vec<serde_json::Value> = done.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records[0]["region"]["nom"], "Corse", "{}", done.stdout);
    assert!(records[1].get("region").is_none(), "{}", done.stdout);
    let report = run(&folder, &["validate", "envoi", "--mapping", "correspondances", "--format", "csv"]).stdout;
    assert!(!report.contains("changed-source"), "{report}");
}

/// The mapping of one file says nothing of another, whatever stands in its fourth row.
#[test]
fn a_mapping_that_does_not_fit_is_left_out_and_told() {
    let folder = folder(&[("liste.csv", LIST.as_bytes()), ("lettre.csv", LETTERS.as_bytes())]);
    run(&folder, &["inspect", "liste.csv", "--save", "mapping.toml"]);
    let told = changes(&folder, "lettre.csv");
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(converted(&folder, "lettre.csv")[0]["nom"], "Les Terrils");
}
