//! Findings that the configuration accepts for a while: told apart, no part of the verdict, and a finding once it is over.

use ptce::Language;
use ptce::report::{Colours, LetterForm, Report, ReportFormat};
use ptce::run::{self, Options};
use ptce::settings::{Configuration, Settings};
use ptce::{Input, Level};

use crate::support::{folder, ptce, ran};

const CSV: &str =
    "id;nom;coordinateur;contact courriel\nquercy;Fabriques du Quercy;;a@example.org\n;Laine et fil;;b@example.org\n";
const CONFIGURATION: &str = "[[waivers]]\nrecord = \"quercy\"\ncode = \"missing-coordinator\"\nreason = \"Donné en mars.\"\nuntil = \"2026-03-31\"\n\n\
                             [[waivers]]\nrecord = \"LAINE ET FIL\"\ncode = \"missing-coordinator\"\nreason = \"Connu.\"\nuntil = \"2026-12-31\"\n";

fn settings(today: &str) -> Settings {
    let Configuration { waivers, .. } = Configuration::parse(CONFIGURATION, "ptce.toml").unwrap();
    Settings { waivers, today: Some(today.to_owned()), language: Language::English, ..Settings::default() }
}

fn validated(today: &str) -> ptce::Validation {
    ptce::validate(vec![Input::from_bytes("envoi.csv", CSV.into())], &settings(today)).unwrap()
}

#[test]
fn what_is_accepted_is_no_part_of_the_verdict() {
    let told = validated("2026-03-31");
    assert_eq!(told.outcome.summary.errors, 0);
    assert_eq!(told.outcome.summary.publishable, 2);
    let waived: Vec<(&str, u64, &str)> = told
        .outcome
        .waived
        .iter()
        .map(|waived| (waived.finding.code, waived.finding.record.as_ref().unwrap().index, waived.reason.as_str()))
        .collect();
    assert_eq!(waived, [("missing-coordinator", 1, "Donné en mars."), ("missing-coordinator", 2, "Connu.")]);
    assert!(told.findings.iter().all(|finding| finding.code != "missing-coordinator"));
}

#[test]
fn what_has_expired_counts_again_and_is_told() {
    let told = validated("2026-04-01");
    assert_eq!((told.outcome.summary.errors, told.outcome.waived.len()), (1, 1));
    let expired: Vec<_> = told.findings.iter().filter(|finding| finding.code == "expired-waiver").collect();
    assert_eq!((expired.len(), expired[0].level), (1, Level::Warning));
    assert_eq!(expired[0].record.as_ref().unwrap().id.as_deref(), Some("quercy"));
    assert!(expired[0].message.contains("2026-03-31") && expired[0].message.contains("Donné en mars."));
    // Where no day is told nothing has expired.
    let settings = Settings { today: None, ..settings("") };
    let told = ptce::validate(vec![Input::from_bytes("envoi.csv", CSV.into())], &settings).unwrap();
    assert_eq!(told.outcome.waived.len(), 2);
}

#[test]
fn reports_tell_it_apart() {
    let settings = settings("2026-04-01");
    let said = |format: ReportFormat| {
        let mut report = Report::new(format, settings.language, Colours::Without);
        let options = format.asking(Options::default());
        let input = Input::from_bytes("envoi.csv", CSV.into());
        let outcome = run::run(vec![input], &settings, &options, &mut |event| report.add(&event)).unwrap();
        let mut out = Vec::new();
        report.write(&outcome, &settings, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let text = said(ReportFormat::Text);
    let section = text.split("Waivers, no part of the verdict (1)").nth(1).unwrap_or_else(|| panic!("{text}"));
    assert!(
        section.contains("missing-coordinator · Laine et fil · line 3") && section.contains("until 2026-12-31: Connu.")
    );
    let json: serde_json::Value = serde_json::from_str(&said(ReportFormat::Json)).unwrap();
    assert_eq!(json["waived"][0]["finding"]["record"]["index"], 2);
    assert_eq!((&json["waived"][0]["until"], &json["summary"]["errors"]), (&"2026-12-31".into(), &1.into()));
    let schema: serde_json::Value =
        serde_json::from_slice(&std::fs::read(crate::support::root().join("schema/report.schema.json")).unwrap())
            .unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(
        validator.is_valid(&json),
        "{:?}",
        validator.iter_errors(&json).map(|error| error.to_string()).collect::<Vec<_>>()
    );
    let page = said(ReportFormat::Html);
    assert!(
        page.contains("<h2>Waivers, no part of the verdict</h2><ul class=\"waived\"><li>missing-coordinator"),
        "{page}"
    );
    let sarif: serde_json::Value = serde_json::from_str(&said(ReportFormat::Sarif)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.iter().filter(|result| result["suppressions"][0]["kind"] == "external").count(), 1);
    let junit = said(ReportFormat::Junit);
    assert!(junit.contains("skipped=\"1\"") && junit.contains("<skipped message=\"missing-coordinator"), "{junit}");
    assert!(said(ReportFormat::Csv).contains(",waived,missing-coordinator,"));
    assert!(said(ReportFormat::Ndjson).lines().any(|line| line.starts_with("{\"waived\":")));
    assert!(!said(ReportFormat::Letter(LetterForm::Text)).contains("Connu."), "the sender has no part in it");
    // Without a waiver no report changes.
    assert!(!said(ReportFormat::Github).contains("Connu."));
}

#[test]
fn a_waiver_without_its_terms_is_refused() {
    let good = "[[waivers]]\nrecord = \"a\"\ncode = \"missing-contact\"\nreason = \"b\"\nuntil = \"2026-12-31\"\n";
    assert!(Configuration::parse(good, "c.toml").is_ok());
    for (old, new, said) in [
        ("missing-contact", "missing-nothing", "missing-nothing"),
        ("\"2026-12-31\"", "\"2026-13-31\"", "2026-13-31"),
        ("\"2026-12-31\"", "\"31/12/2026\"", "31/12/2026"),
        ("\"b\"", "\" \"", "raison"),
        ("\"a\"", "\"\"", "fiche"),
        ("reason = \"b\"\n", "", "reason"),
    ] {
        let error = Configuration::parse(&good.replacen(old, new, 1), "c.toml").unwrap_err().message(Language::French);
        assert!(error.contains(said) && error.contains("c.toml"), "{error}");
    }
}

#[test]
fn the_command_knows_the_day() {
    let folder = folder(&[("envoi.csv", CSV.as_bytes()), ("ptce.toml", CONFIGURATION.as_bytes())]);
    let path = |name: &str| folder.path().join(name).display().to_string();
    let run = |seconds: &str| {
        let mut command = ptce();
        command
            .args(["validate", &path("envoi.csv"), "--config", &path("ptce.toml")])
            .env("SOURCE_DATE_EPOCH", seconds);
        ran(&mut command)
    };
    // 2026-03-30 and 2027-01-01.
    assert_eq!(run("1774828800").code, 0);
    let after = run("1798761600");
    assert_eq!(after.code, 1);
    assert_eq!(after.stdout.matches("[expired-waiver]").count(), 2, "{}", after.stdout);
    assert_eq!(run("demain").code, 2);
}
