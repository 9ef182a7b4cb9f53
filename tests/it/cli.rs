//! The command line: exit codes, languages, configuration, and each command.

use std::io::Read;
use std::process::Stdio;

use crate::support::{folder, ptce, ran, run_ptce, run_with_input, sample};

#[test]
fn exit_codes() {
    for (arguments, code) in [
        (vec!["validate", "samples/conforme.json"], 0),
        (vec!["validate", "samples/laureats-2014.json"], 1),
        (vec!["validate", "samples/candidature.json", "--profile", "candidature"], 1),
        (vec!["validate", "samples/absent.json"], 2),
        (vec!["validate"], 2),
        (vec!["validate", "samples/conforme.json", "--format", "pdf"], 2),
        (vec!["validate", "samples/conforme.json", "--profile", "autre"], 2),
        (vec!["convert", "samples/conforme.json"], 2),
        (vec!["convert", "samples/conforme.json", "-o", "sortie.doc"], 2),
        (vec!["convert", "samples/conforme.json", "--to", "open-data"], 2),
        (vec!["convert", "samples/laureats-2014.json", "--to", "ndjson"], 0),
        (vec!["convert", "samples/laureats-2014.json", "--to", "ndjson", "--strict"], 1),
        (vec!["convert", "samples/conforme.json", "--to", "ndjson", "--strict"], 0),
        (vec!["inspect", "samples/laureats-2014.csv"], 0),
        (vec!["template"], 2),
        (vec!["explain", "missing-name"], 0),
        (vec!["explain", "no-such-code"], 2),
        (vec!["rules"], 0),
        (vec!["schema"], 0),
        (vec!["--help"], 0),
        (vec!["--version"], 0),
        (vec!["nonsense"], 2),
        (vec![], 2),
    ] {
        let ran = run_ptce(&arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.stderr);
        if code == 2 {
            assert_eq!(ran.stdout, "", "{arguments:?}");
            assert!(!ran.stderr.is_empty(), "{arguments:?}");
        }
    }
}

#[test]
fn usage_errors_are_told() {
    let mut told = String::new();
    for language in ["fr", "en"] {
        for arguments in [
            vec!["convert", "samples/conforme.json"],
            vec!["convert", "samples/conforme.json", "-o", "sortie.doc"],
            vec!["convert", "samples/conforme.json", "--to", "open-data"],
            vec!["convert", "samples/conforme.json", "-o", "samples", "--to", "json"],
            vec!["convert", "samples/conforme.json", "-o", "absent/sortie.json"],
            vec!["validate", "samples/conforme.json", "--config", "absent.toml"],
            vec!["explain", "missing-nmae"],
        ] {
            let ran = run_ptce(&[arguments.as_slice(), &["--lang", language]].concat());
            assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.lines().count()), (2, "", 1), "{}", ran.stderr);
            told.push_str(&ran.stderr);
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn the_standard_input() {
    for (name, format) in [("conforme.json", "json"), ("conforme.csv", "csv"), ("conforme.xlsx", "xlsx")] {
        let ran = run_with_input(&["validate", "-", "--format", "json"], &sample(name));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name}");
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(report["inputs"][0]["file"], "-");
        assert_eq!(report["inputs"][0]["format"], format);
    }
    let ran = run_with_input(&["validate", "-", "--lang", "fr"], &sample("laureats-2014.xml"));
    assert_eq!(ran.code, 1);
    let converted = run_with_input(&["convert", "-", "--to", "csv", "-q"], &sample("conforme.json"));
    assert_eq!((converted.code, converted.stderr.as_str()), (0, ""));
    assert_eq!(converted.stdout.as_bytes(), sample("conforme.csv"));
}

#[test]
fn several_files() {
    let arguments = ["validate", "samples/conforme.json", "samples/conforme.csv", "samples/laureats-2014.xml"];
    let text = run_ptce(&[arguments.as_slice(), &["--lang", "fr"]].concat());
    assert_eq!(text.code, 1);
    assert!(text.stdout.contains("29 fiches"), "{}", text.stdout);
    let report = run_ptce(&[arguments.as_slice(), &["--format", "json"]].concat());
    let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
    assert_eq!(report["inputs"].as_array().unwrap().len(), 3);
    let duplicates: Vec<&serde_json::Value> =
        report["findings"].as_array().unwrap().iter().filter(|f| f["code"] == "duplicate-id").collect();
    assert_eq!(duplicates.len(), 3);
    assert_eq!(duplicates[0]["location"]["file"], "samples/conforme.csv");
    assert!(duplicates[0]["message"].as_str().unwrap().contains("samples/conforme.json"));
}

#[test]
fn languages() {
    let validate = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = ptce();
        command.env_remove("LC_ALL").envs(variables.iter().copied());
        ran(command.args(["validate", "samples/conforme.json"]).args(arguments)).stdout
    };
    let is_french = |text: &str| {
        assert_ne!(text.contains("fiches lues"), text.contains("records read"), "{text}");
        text.contains("fiches lues")
    };
    assert!(!is_french(&validate(&[], &[])));
    assert!(is_french(&validate(&[("LANG", "fr_FR.UTF-8")], &[])));
    assert!(is_french(&validate(&[("LANG", "fr_BE.UTF-8")], &[])));
    assert!(is_french(&validate(&[("LANG", "en_GB.UTF-8"), ("LC_ALL", "fr_FR.UTF-8")], &[])));
    assert!(is_french(&validate(&[("LANG", "en_GB.UTF-8"), ("LC_MESSAGES", "fr_FR.UTF-8")], &[])));
    assert!(!is_french(&validate(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "C")], &[])));
    assert!(is_french(&validate(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "")], &[])));
    assert!(!is_french(&validate(&[("LANG", "fr_FR.UTF-8")], &["--lang", "en"])));
    assert!(is_french(&validate(&[("LC_ALL", "en_GB.UTF-8")], &["--lang", "fr"])));
}

#[test]
fn a_configuration_sets_levels_and_switches_codes_off() {
    let toml = "[levels]\nmissing-name = \"info\"\n\n[off]\nmissing-contact = \"Les contacts viennent plus tard.\"\n";
    let folder = folder(&[("ptce.toml", toml.as_bytes())]);
    let config = folder.path().join("ptce.toml");
    let config = config.to_str().unwrap();
    let arguments = ["validate", "samples/laureats-2014.json", "--format", "json", "--config", config];
    let report: serde_json::Value = serde_json::from_str(&run_ptce(&arguments).stdout).unwrap();
    let levels = |code: &str| -> Vec<&str> {
        let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code);
        findings.map(|finding| finding["level"].as_str().unwrap()).collect()
    };
    assert_eq!(levels("missing-name"), ["info"; 4]);
    assert!(levels("missing-contact").is_empty());
    let off = report["not_run"].as_array().unwrap().iter().find(|rule| rule["code"] == "missing-contact").unwrap();
    assert_eq!(off["reason"], "Les contacts viennent plus tard.");
}

#[test]
fn a_configuration_names_the_profile_unless_the_command_line_does() {
    let folder = folder(&[("ptce.toml", b"profile = \"candidature\"\n")]);
    let config = folder.path().join("ptce.toml");
    let config = config.to_str().unwrap();
    let profile = |more: &[&str]| {
        let arguments = ["validate", "samples/candidature.json", "--format", "json", "--config", config];
        let ran = run_ptce(&[arguments.as_slice(), more].concat());
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        report["tool"]["profile"].as_str().unwrap().to_owned()
    };
    assert_eq!(profile(&[]), "candidature");
    assert_eq!(profile(&["--profile", "laureat"]), "laureat");
}

#[test]
fn a_wrong_configuration_is_refused() {
    let mut told = String::new();
    for language in ["fr", "en"] {
        for toml in [
            "[levels]\nmissing-nom = \"error\"\n",
            "[off]\nno-such-code = \"raison\"\n",
            "[off]\nmissing-name = \"  \"\n",
            "[levels]\nmissing-name = \"fatal\"\n",
            "profile = \"autre\"\n",
            "[niveaux]\n",
            "[levels\n",
        ] {
            let folder = folder(&[("ptce.toml", toml.as_bytes())]);
            let sample = crate::support::root().join("samples/conforme.json");
            let ran = ran(ptce().current_dir(folder.path()).arg("validate").arg(sample).args([
                "--config",
                "ptce.toml",
                "--lang",
                language,
            ]));
            assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.lines().count()), (2, "", 1), "{}", ran.stderr);
            assert!(ran.stderr.contains("ptce.toml"), "{}", ran.stderr);
            told.push_str(&ran.stderr);
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn explain() {
    for language in ["fr", "en"] {
        let ran = run_ptce(&["explain", "missing-coordinator", "lost-leading-zero", "--lang", language]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        insta::assert_snapshot!(format!("explain_{language}"), ran.stdout);
    }
}

#[test]
fn every_rule_can_be_explained() {
    for rule in ptce::rules::RULES {
        for language in ["fr", "en"] {
            let ran = run_ptce(&["explain", rule.code, "--lang", language]);
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", rule.code);
            assert!(ran.stdout.starts_with(rule.code) && ran.stdout.lines().count() > 6, "{}", rule.code);
        }
    }
}

#[test]
fn an_unknown_code_has_a_suggestion() {
    let ran = run_ptce(&["explain", "mising-coordinator"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("“missing-coordinator”"), "{}", ran.stderr);
}

#[test]
fn rules() {
    for language in ["fr", "en"] {
        let ran = run_ptce(&["rules", "--lang", language]);
        for rule in ptce::rules::RULES {
            assert_eq!(ran.stdout.matches(&format!(" {} ", rule.code)).count(), 1, "{}", rule.code);
        }
        insta::assert_snapshot!(format!("rules_{language}"), ran.stdout);
    }
}

#[test]
fn schema_forms_are_the_committed_files() {
    let committed = |name: &str| std::fs::read_to_string(crate::support::root().join("schema").join(name)).unwrap();
    for (arguments, name) in [
        (vec!["schema"], "ptce.schema.json"),
        (vec!["schema", "--format", "json-schema"], "ptce.schema.json"),
        (vec!["schema", "--format", "table-schema"], "ptce.tableschema.json"),
        (vec!["schema", "--format", "xsd"], "ptce.xsd"),
        (vec!["schema", "--format", "markdown", "--lang", "fr"], "champs.md"),
        (vec!["schema", "--format", "markdown", "--lang", "en"], "fields.md"),
    ] {
        let ran = run_ptce(&arguments);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        assert!(ran.stdout == committed(name), "{arguments:?}");
    }
}

#[test]
fn completions() {
    for shell in ["bash", "zsh", "fish"] {
        let ran = run_ptce(&["completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(ran.stdout.len() > 1000 && ran.stdout.contains("validate"), "{shell}");
    }
}

#[test]
fn help() {
    for (name, arguments) in [
        ("help", vec!["--help"]),
        ("help_validate", vec!["validate", "--help"]),
        ("help_convert", vec!["convert", "--help"]),
        ("help_template", vec!["template", "--help"]),
    ] {
        insta::assert_snapshot!(name, ran(ptce().env("COLUMNS", "100").args(arguments)).stdout);
    }
}

#[test]
fn the_talk_of_convert() {
    let mut talk = String::new();
    for language in ["fr", "en"] {
        let ran = run_ptce(&["convert", "samples/laureats-2014.json", "--to", "ndjson", "--lang", language]);
        assert_eq!(ran.stdout.lines().count(), 23);
        talk.push_str(&ran.stderr);
    }
    insta::assert_snapshot!(talk);
    let quiet = run_ptce(&["convert", "samples/laureats-2014.json", "--to", "ndjson", "-q"]);
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
}

/// Whoever reads may stop: `ptce … | head -1` is no error.
#[test]
fn a_closed_pipe_is_no_error() {
    let many: String = (1..20_000).map(|rank| format!("{{\"nom\":\"Pôle {rank}\"}}\n")).collect();
    let folder = folder(&[("beaucoup.ndjson", many.as_bytes())]);
    for arguments in [
        vec!["validate", "beaucoup.ndjson"],
        vec!["validate", "beaucoup.ndjson", "--format", "json"],
        vec!["validate", "beaucoup.ndjson", "--format", "csv"],
        vec!["convert", "beaucoup.ndjson", "--to", "json"],
        vec!["convert", "beaucoup.ndjson", "--to", "xlsx"],
        vec!["schema"],
        vec!["rules"],
        vec!["completions", "bash"],
    ] {
        let mut command = ptce();
        command.current_dir(folder.path()).args(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let code = child.wait().unwrap().code();
        let judged = if arguments[0] == "validate" { 1 } else { 0 };
        assert_eq!(code, Some(judged), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("roken pipe") && !stderr.contains("panicked"), "{arguments:?}: {stderr}");
    }
}

#[test]
fn a_report_goes_to_a_file() {
    let folder = folder(&[]);
    let out = folder.path().join("rapport.json");
    let mut command = ptce();
    let ran = ran(command.args(["validate", "samples/laureats-2014.json", "--format", "json", "-o"]).arg(&out));
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (1, "", ""));
    let shown = run_ptce(&["validate", "samples/laureats-2014.json", "--format", "json"]).stdout;
    assert_eq!(std::fs::read_to_string(&out).unwrap(), shown);
    assert_eq!(crate::support::names_in(folder.path()), ["rapport.json"]);
}

#[test]
fn the_file_that_is_read_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("envoi.json");
    std::fs::copy(crate::support::root().join("samples/conforme.json"), &file).unwrap();
    let before = std::fs::read(&file).unwrap();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_ptce"))
        .args(["convert", "envoi.json", "-o", "./envoi.json"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

/// No option writes to a file that is read, whatever it is read for and however its path is written.
#[test]
fn no_option_overwrites_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("envois")).unwrap();
    let csv = "nom;coordinateur;courriel\nPôle A;Roue;a@example.org\n";
    for (name, text) in [
        ("x.csv", csv),
        ("envois/y.csv", csv),
        ("envois/lettre.docx", "un courrier"),
        ("c.toml", "profile = \"laureat\"\n"),
        ("m.toml", "title = \"PTCE\"\n"),
    ] {
        std::fs::write(at(name), text).unwrap();
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(at("x.csv"), at("lien.csv")).unwrap();
        std::fs::hard_link(at("x.csv"), at("autre.csv")).unwrap();
    }
    let links: &[&str] = if cfg!(unix) { &["lien.csv", "autre.csv"] } else { &[] };
    let refused = |arguments: &[&str]| {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_ptce"))
            .args(arguments)
            .args(["--lang", "en"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains("is the one that is read"), "{arguments:?}: {told}");
        assert_eq!(std::fs::read_to_string(at("x.csv")).unwrap(), csv, "{arguments:?}");
        assert_eq!(std::fs::read_to_string(at("envois/y.csv")).unwrap(), csv, "{arguments:?}");
    };
    for output in ["x.csv", "./x.csv", "envois/../x.csv"].iter().chain(links) {
        refused(&["validate", "x.csv", "-o", output]);
        refused(&["convert", "x.csv", "-o", output]);
        refused(&["inspect", "x.csv", "--save", output]);
    }
    refused(&["validate", "envois", "-o", "envois/y.csv"]);
    refused(&["convert", "envois", "-o", "envois/y.csv"]);
    // No workbook holds text, whatever the option that asks for it.
    for arguments in
        [["convert", "x.csv", "--to", "json", "-o", "r.xlsx"], ["inspect", "x.csv", "--lang", "en", "--save", "r.xlsx"]]
    {
        let run = ran(ptce().current_dir(folder.path()).args(arguments));
        assert_eq!(run.code, 2, "{arguments:?} {}", run.stderr);
        assert!(!at("r.xlsx").exists(), "{arguments:?}");
    }
    refused(&["convert", "envois", "--to", "csv", "-o", "envois/lettre.docx"]);
    refused(&["validate", "x.csv", "--config", "c.toml", "--format", "text", "-o", "c.toml"]);
    refused(&["convert", "envois/y.csv", "--to", "open-data", "--force", "-o", "envois"]);
    refused(&["convert", "x.csv", "--to", "open-data", "--metadata", "m.toml", "-o", "m.toml"]);
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (target, link) = (folder.path().join("cible.json"), folder.path().join("lien.json"));
    std::fs::write(&target, "ancien").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    let sample = crate::support::root().join("samples/conforme.json");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_ptce"))
        .args(["convert", "-q", sample.to_str().unwrap(), "-o", link.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(0));
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(std::fs::read_to_string(&target).unwrap().starts_with("[\n"));
}

/// Whoever reads French is told in French what is wrong with a command.
#[test]
fn mistakes_of_usage_are_told_in_the_language_asked_for() {
    for (arguments, said) in [
        (&["valider"][..], "« valider » n’est pas une commande ; vouliez-vous dire « validate » ?"),
        (&["validate"], "il manque <FILE>..."),
        (
            &["validate", "a.csv", "--formt", "json"],
            "« --formt » n’est pas une option connue ici ; vouliez-vous dire « --format » ?",
        ),
        (
            &["validate", "a.csv", "--format", "pdf"],
            "ne peut pas valoir « pdf » ; valeurs possibles : text, html, letter",
        ),
        (&["objection", "a@example.org"], "il manque --salt <SALT>"),
    ] {
        let french = run_ptce(&[arguments, &["--lang", "fr"]].concat());
        assert_eq!((french.code, french.stdout.as_str()), (2, ""), "{arguments:?}");
        let told = french.stderr.replace('\u{a0}', " ");
        assert!(told.starts_with("ptce : ") && told.contains(said) && told.lines().count() == 1, "{told}");
        let english = run_ptce(&[arguments, &["--lang=en"]].concat());
        assert!(english.code == 2 && english.stderr.starts_with("error: "), "{}", english.stderr);
    }
    assert_eq!(run_ptce(&["--lang", "fr", "--version"]).code, 0);
}

/// The repository of schemas: every file that is asked for, in a folder that holds nothing else.
#[test]
fn a_repository_of_schemas() {
    let place = crate::support::folder(&[]);
    let written = || {
        crate::support::ran(crate::support::ptce().current_dir(place.path()).args(["schema", "--repository", "depot"]))
    };
    assert_eq!(written().code, 0);
    let depot = place.path().join("depot");
    for (path, text) in ptce::schema::repository::files() {
        assert_eq!(std::fs::read_to_string(depot.join(path)).unwrap(), text, "{path}");
    }
    let schema: serde_json::Value = serde_json::from_slice(&std::fs::read(depot.join("schema.json")).unwrap()).unwrap();
    for key in ["name", "title", "description", "homepage", "version", "contributors", "path", "resources", "fields"] {
        assert!(!schema[key].is_null(), "{key}");
    }
    // Nobody's work is replaced.
    assert_eq!(written().code, 2);
}
