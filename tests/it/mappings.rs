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
