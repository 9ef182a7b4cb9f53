//! The reports as a person, a program and a spreadsheet get them.

use serde_json::Value;

use crate::support::{SAMPLES, folder, ptce, ran, root, run_ptce};

/// A finding of each level, one about the file, names and values that need care.
const FIXTURE: &str = "\
id,nom,statut,coordinateur_nom,contact_1_nom,contact_1_courriel,contact_1_telephone,adresse_voie,adresse_code_postal,adresse_commune,etp,couleur
etoile,\"L’Étoile, \"\"coopérative\"\" & fils\",,Roue libre,Zoé,contact(at)example.org,néant,7 rue des Tanneurs,46100,Figeac,une douzaine,vert
etoile,Étoile du Nord,laureat,Roue libre,,contact@example.org,,Avenue des Noisetiers,46100,Figeac,12,
,,,=1+1,Léon,leon@example.org,05 36 49 12 34,\"7 rue
des Tanneurs\",1400,Bourg,3,
,,,,,,,,,,,
,=cmd|' /C calc'!A0,,\"@SUM(1,2)\",,+33@example,,12 rue Basse,46100,Figeac,,
";

fn raw(arguments: &[&str]) -> String {
    let folder = folder(&[("fiches.csv", FIXTURE.as_bytes())]);
    let ran = ran(ptce().current_dir(folder.path()).args(["validate", "fiches.csv"]).args(arguments));
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    ran.stdout
}

/// The report without the version of the program and its reference data, which change with each release.
fn report(arguments: &[&str]) -> String {
    let mut report = String::new();
    for line in raw(arguments).lines() {
        let is_reference = line.starts_with("  \"reference\": {");
        report.push_str(if is_reference { "  \"reference\": \"[reference]\"," } else { line });
        report.push('\n');
    }
    report.replace(&format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION")), "\"version\":\"[version]\"")
}

#[test]
fn text() {
    insta::assert_snapshot!("text_fr", report(&["--lang", "fr"]));
    insta::assert_snapshot!("text_en", report(&["--lang", "en"]));
}

#[test]
fn json() {
    insta::assert_snapshot!("json_fr", report(&["--lang", "fr", "--format", "json"]));
    insta::assert_snapshot!("json_en", report(&["--lang", "en", "--format", "json"]));
}

#[test]
fn csv() {
    insta::assert_snapshot!("csv_fr", report(&["--lang", "fr", "--format", "csv"]));
    insta::assert_snapshot!("csv_en", report(&["--lang", "en", "--format", "csv"]));
}

#[test]
fn letters() {
    insta::assert_snapshot!("letter_fr", report(&["--lang", "fr", "--format", "letter"]));
    insta::assert_snapshot!("letter_en", report(&["--lang", "en", "--format", "letter"]));
    let submissions = ["validate", "samples/candidature.csv", "--profile", "candidature", "--format", "letter"];
    let letter = run_ptce(&[submissions.as_slice(), &["--lang", "fr"]].concat()).stdout;
    assert!(letter.contains("1 dossier recevable sur 3\u{a0}; 2 à compléter, 0 à préciser."), "{letter}");
    let nothing = run_ptce(&["validate", "samples/conforme.json", "--format", "letter", "--lang", "en"]).stdout;
    assert!(nothing.contains("is accepted") && nothing.contains("nothing for you to do"), "{nothing}");
}

/// A letter in another form, and by the template of an office: values of the sender are markup in none.
#[test]
fn letters_in_other_forms() {
    let template = "À l’office, {{ verdict }} {{inconnu}} {{{blocking}}";
    let folder =
        folder(&[("a.csv", "nom;code postal\n<b>*{{close}}*</b>;1400\n".as_bytes()), ("t.html", template.as_bytes())]);
    let run = |arguments: &[&str]| {
        let ran = ran(ptce().current_dir(folder.path()).args(["validate", "a.csv", "--lang", "fr"]).args(arguments));
        assert_eq!(ran.code, 1, "{}", ran.stderr);
    };
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    run(&["-o", "l.md", "-o", "l.html", "--format", "letter", "-o", "r.json"]);
    assert!(read("l.md").contains("## À corriger\n\n* "), "{}", read("l.md"));
    assert!(read("l.html").starts_with("<!doctype html>") && read("l.html").contains("<h2>À corriger</h2>"));
    assert!(!read("l.html").contains("<b>*") && read("r.json").starts_with('{'));
    run(&["-o", "o.html", "--format", "letter", "--template", "t.html"]);
    let letter = read("o.html");
    assert!(letter.starts_with("À l’office, <p>Votre envoi ne peut pas encore"), "{letter}");
    assert!(letter.contains("{{inconnu}} {<h2>À corriger"), "{letter}");
}

/// The page holds every finding, needs nothing from elsewhere, and nothing of the data is markup in it.
#[test]
fn the_page_is_whole_by_itself() {
    let page = raw(&["--lang", "fr", "--format", "html"]);
    let json: Value = serde_json::from_str(&raw(&["--lang", "fr", "--format", "json"])).unwrap();
    let escaped = |text: &str| {
        let marks = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")];
        marks.iter().fold(text.to_owned(), |text, (mark, entity)| text.replace(mark, entity))
    };
    for finding in json["findings"].as_array().unwrap() {
        let message = escaped(finding["message"].as_str().unwrap());
        assert!(page.matches(&message).count() >= 1, "{message}");
    }
    for never in ["<script", "http://", "src=", "<link", "<img", "@import", "url("] {
        assert!(!page.contains(never), "{never}");
    }
    assert!(page.contains("<mark>1400</mark>"), "the faulty value stands among those of its row");
    assert!(page.contains("L’Étoile, &quot;coopérative&quot; &amp; fils"));
    assert!(page.contains(json["inputs"][0]["sha256"].as_str().unwrap()));
    assert!(page.contains("hors du profil laureat") && page.contains("Aucune fiche n’a de valeur pour"));
    for (open, close) in [("<details", "</details>"), ("<ul", "</ul>"), ("<li", "</li>"), ("<table", "</table>")] {
        let begun = page.matches(&format!("{open}>")).count() + page.matches(&format!("{open} ")).count();
        assert_eq!(begun, page.matches(close).count(), "{open}");
    }
}

/// A page does not grow with the findings: what is folded is counted.
#[test]
fn a_long_page_counts_what_it_folds() {
    let mut csv = String::from("nom;code postal\n");
    (0..3_000).for_each(|rank| csv.push_str(&format!("Pôle {rank};x{rank}\n")));
    let folder = folder(&[("a.csv", csv.as_bytes())]);
    let run = |form: &str| {
        let arguments = ["validate", "a.csv", "--lang", "en", "--format", form];
        ran(ptce().current_dir(folder.path()).args(arguments)).stdout
    };
    let page = run("html");
    assert!(page.contains("And 2000 more records with findings"), "{}", &page[..2_000]);
    assert!(page.contains("And 2700 more findings of this rule") && page.len() < 3 << 20, "{}", page.len());
    assert!(run("letter").contains("more remarks"));
}

#[test]
fn reports_for_other_programs() {
    insta::assert_snapshot!("github", report(&["--lang", "en", "--format", "github"]));
    insta::assert_snapshot!(
        "junit",
        report(&["--lang", "en", "--format", "junit"]).replace(env!("CARGO_PKG_VERSION"), "[version]")
    );
    let json: Value = serde_json::from_str(&raw(&["--format", "json"])).unwrap();
    let lines: Vec<Value> =
        raw(&["--format", "ndjson"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json["findings"].as_array(), Some(&lines));
    let sarif: Value = serde_json::from_str(&raw(&["--format", "sarif"])).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), lines.len());
    for (result, finding) in run["results"].as_array().unwrap().iter().zip(&lines) {
        assert_eq!(result["ruleId"], finding["code"]);
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], finding["code"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(region["startLine"], finding["location"]["line"]);
    }
    assert_eq!(run["artifacts"][0]["hashes"]["sha-256"], json["inputs"][0]["sha256"]);
    insta::assert_snapshot!("sarif", serde_json::to_string_pretty(&run["results"][0]).unwrap());
}

#[test]
fn the_report_of_the_laureates() {
    let report = |language: &str| run_ptce(&["validate", "samples/laureats-2014.xlsx", "--lang", language]).stdout;
    insta::assert_snapshot!("laureates_fr", report("fr"));
    insta::assert_snapshot!("laureates_en", report("en"));
}

#[test]
fn the_report_of_the_submissions() {
    let arguments = ["validate", "samples/candidature.csv", "--profile", "candidature", "--lang", "fr"];
    insta::assert_snapshot!("submissions_fr", run_ptce(&arguments).stdout);
}

#[test]
fn nothing_found() {
    insta::assert_snapshot!("nothing_fr", run_ptce(&["validate", "samples/conforme.json", "--lang", "fr"]).stdout);
    insta::assert_snapshot!("nothing_en", run_ptce(&["validate", "samples/conforme.json", "--lang", "en"]).stdout);
}

#[test]
fn the_fixture_has_every_level() {
    let report: Value = serde_json::from_str(&report(&["--format", "json"])).unwrap();
    for level in ["error", "warning", "info"] {
        let mut findings = report["findings"].as_array().unwrap().iter();
        assert!(findings.any(|finding| finding["level"] == level), "{level}");
    }
    assert!(report["findings"].as_array().unwrap().iter().any(|finding| finding.get("record").is_none()));
}

fn report_schema() -> (Value, jsonschema::Validator) {
    let text = std::fs::read_to_string(root().join("schema/report.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    (schema, validator)
}

fn assert_valid(validator: &jsonschema::Validator, name: &str, text: &str) {
    let report: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
}

#[test]
fn json_reports_follow_their_schema() {
    let (_, validator) = report_schema();
    for language in ["fr", "en"] {
        for (name, profile) in SAMPLES {
            for format in ["json", "xlsx", "csv"] {
                let file = format!("samples/{name}.{format}");
                let arguments = ["validate", &file, "--format", "json", "--lang", language];
                let ran = run_ptce(&[arguments.as_slice(), &["--profile", profile.name()]].concat());
                assert_valid(&validator, &file, &ran.stdout);
            }
        }
        assert_valid(&validator, "the fixture", &raw(&["--format", "json", "--lang", language]));
    }
    for file in ["samples/laureats-2014.xml", "samples/laureats-2014.ndjson", "samples/fiches.txt"] {
        assert_valid(&validator, file, &run_ptce(&["validate", file, "--format", "json"]).stdout);
    }
    let folder = folder(&[("p.toml", b"[off]\nmissing-region = \"plus tard\"\n")]);
    let config = folder.path().join("p.toml");
    let off = ["validate", "samples/conforme.json", "samples/candidature.json", "--format", "json", "--config"];
    let ran = run_ptce(&[off.as_slice(), &[config.to_str().unwrap()]].concat());
    assert!(ran.stdout.contains("plus tard"));
    assert_valid(&validator, "two files, a configuration", &ran.stdout);
}

/// The schema is strict, and every key in it is told in both languages.
#[test]
fn the_report_schema_is_strict_and_documented() {
    fn walk(value: &Value, path: &str) {
        let Value::Object(map) = value else { return };
        if map.contains_key("properties") {
            assert_eq!(value["additionalProperties"], false, "{path}");
            for (key, property) in value["properties"].as_object().unwrap() {
                let path = format!("{path}/{key}");
                assert!(property["description"].as_str().is_some_and(|text| text.ends_with('.')), "{path}");
                assert!(property["x-en"]["description"].as_str().is_some_and(|text| text.ends_with('.')), "{path}");
                walk(property, &path);
            }
        }
        for key in ["items", "additionalProperties"] {
            walk(&value[key], &format!("{path}/{key}"));
        }
        for (key, definition) in value["$defs"].as_object().into_iter().flatten() {
            walk(definition, &format!("{path}/$defs/{key}"));
        }
    }
    let (schema, validator) = report_schema();
    walk(&schema, "");
    let mut report: Value = serde_json::from_str(&raw(&["--format", "json"])).unwrap();
    assert!(validator.is_valid(&report));
    report["findings"][0]["couleur"] = "vert".into();
    assert!(!validator.is_valid(&report));
}

/// Every code and level of the rules is one that the schema of the report allows.
#[test]
fn the_report_schema_knows_the_form_of_every_code() {
    let (schema, _) = report_schema();
    let text = schema.to_string();
    for level in ["error", "warning", "info"] {
        assert!(text.contains(&format!("\"{level}\"")));
    }
}

/// The files hold as many records as the summary counts.
#[test]
fn the_inputs_add_up_to_the_summary() {
    let report: Value = serde_json::from_str(&report(&["--format", "json"])).unwrap();
    let read: u64 = report["inputs"].as_array().unwrap().iter().map(|input| input["records"].as_u64().unwrap()).sum();
    assert_eq!(report["summary"]["records"], read);
}

/// Each file has one heading; what is found when all have been read, duplicates, names its file.
#[test]
fn many_files_have_one_heading_each() {
    let one = b"nom;commune\nFabriques du Quercy;Figeac\nFabriques du Quercy;Figeac\n";
    let folder = folder(&[("a.csv", one), ("b.csv", b"nom;commune\nAteliers;Vitr\xC3\xA9\n")]);
    let report = ran(ptce().current_dir(folder.path()).args(["validate", "a.csv", "b.csv", "--lang", "fr"])).stdout;
    assert_eq!(report.lines().filter(|line| *line == "a.csv").count(), 1, "{report}");
    assert!(report.contains("\n\nb.csv\n"), "{report}");
    assert!(report.contains("\n\nTous fichiers lus\n\n  a.csv, fiche 2 – Fabriques du Quercy\n"), "{report}");
}
