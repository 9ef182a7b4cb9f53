//! What the rules are worth: records that are right and records broken in a known way, made by a generator that knows
//! nothing of how the rules judge, and what the rules find in them. `docs/rule-quality.md` holds the figures.

mod defects;
mod lines;
mod random;
mod tables;
mod world;

use std::collections::BTreeMap;

use ptce::finding::{Confidence, Finding};
use ptce::import::Input;
use ptce::rules::{Check, RULES, Rule, Topic};
use ptce::run::{self, Event};
use ptce::settings::{Profile, Settings};
use ptce::{Language, Result};

use crate::support::assert_current;
use defects::{Broken, DEFECTS, Defect};
use random::Random;
use world::{Base, Wish, World};

const SEED: u64 = 20_140_110;
/// Records without a defect, for each profile.
const CLEAN: usize = 1_550;
/// Broken records a rule, spread over its kinds of defects.
pub const BROKEN: usize = 156;
/// What every rule reaches that is no exception.
const WANTED: f64 = 0.98;

/// Rules below what is wanted, each with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("changed-source", "needs a mapping file, see the tests of mappings"),
    ("expired-waiver", "needs a configuration, see the tests of waivers"),
    ("uneven-row", "leaves a record without values, or none, see the tests of damaged CSV"),
    ("swallowed-rows", "where no column tells what it holds, see the tests of damaged CSV"),
    ("unmatched-rows", "needs several sheets, see the tests of the layouts"),
];

/// What is worth saying of a rule besides its figures.
const REMARKS: &[(&str, &str)] = &[
    ("placeholder-value", "phrases (“en cours d’immatriculation”) are told by the rule of their field"),
    ("lost-leading-zero", "of SIREN and SIRET only where the key fits"),
    ("department-name-mismatch", "may stand at the code or at the name"),
    ("region-department-mismatch", "told once for each department outside the region"),
    ("commune-name-mismatch", "may stand at the code or at the name: which of the two is wrong is a guess"),
    ("postal-code-commune-mismatch", "may stand at the code or at the commune: which of the two is wrong is a guess"),
    ("malformed-email", "four slips in ten leave no single right address to suggest"),
    ("suspicious-email", "slips of one letter in names of five letters and more; ends that do not exist"),
    ("ambiguous-label", "the vocabulary has one such label, “statut”, in several dresses"),
    (
        "probable-duplicate",
        "same name and place, or like names at one postal code; one owner may have several hubs, so that unlike names weigh against",
    ),
    ("missing-value", "the name of a partner is the only such value"),
];

/// The figures of one rule.
#[derive(Default)]
pub struct Figures {
    pub broken: usize,
    pub found: usize,
    pub clean: usize,
    pub false_positives: usize,
    /// By confidence: suggestions that are right, suggestions made.
    pub suggestions: BTreeMap<Confidence, (usize, usize)>,
    /// What went wrong, for whoever reads the failure of the test.
    pub examples: Vec<String>,
}

impl Figures {
    fn recall(&self) -> f64 {
        self.found as f64 / self.broken.max(1) as f64
    }

    fn precision(&self) -> f64 {
        self.found as f64 / (self.found + self.false_positives).max(1) as f64
    }

    pub fn note(&mut self, example: String) {
        if self.examples.len() < 6 {
            self.examples.push(example);
        }
    }
}

pub type Measured = BTreeMap<&'static str, Figures>;

/// Runs the library over several sources in memory.
pub fn judged(sources: Vec<(String, Vec<u8>)>, profile: Profile) -> Vec<Finding> {
    judged_inputs(sources.into_iter().map(|(name, bytes)| Input::from_bytes(&name, bytes)).collect(), profile)
}

/// The same for sources of any kind.
pub fn judged_inputs(inputs: Vec<Input>, profile: Profile) -> Vec<Finding> {
    let settings = Settings { profile, language: Language::English, ..Settings::default() };
    let mut findings = Vec::new();
    let mut take = |event: Event| -> Result<()> {
        if let Event::Findings(found) = event {
            findings.extend(found);
        }
        Ok(())
    };
    run::run(inputs, &settings, &run::Options::default(), &mut take).unwrap_or_else(|error| panic!("{error}"));
    findings
}

/// A record to be judged: right, or broken by a defect.
enum Case {
    Clean(Base),
    Broken(&'static Defect, Broken),
}

impl Case {
    fn profile(&self) -> Profile {
        match self {
            Case::Clean(base) => base.profile,
            Case::Broken(_, broken) => broken.base.profile,
        }
    }

    fn line(&self) -> String {
        match self {
            Case::Clean(base) => base.value.to_string(),
            Case::Broken(_, broken) => broken.record.to_string(),
        }
    }
}

/// Every rule's defects in turn, and the clean records.
fn cases(world: &World) -> Vec<Case> {
    let mut random = Random::new(SEED);
    let mut cases = Vec::new();
    for (_, kinds) in DEFECTS {
        for rank in 0..BROKEN {
            let defect = &kinds[rank % kinds.len()];
            let broken = (0..400).find_map(|_| (defect.make)(world, &mut random));
            let broken = broken.unwrap_or_else(|| panic!("no record could be broken: {}", defect.kind));
            cases.push(Case::Broken(defect, broken));
        }
    }
    for profile in [Profile::Laureate, Profile::Submission] {
        for _ in 0..CLEAN {
            let wish = Wish { profile: Some(profile), ..Wish::default() };
            cases.push(Case::Clean(world.base(&mut random, &wish)));
        }
    }
    cases
}

/// Whether a rule is run for a profile.
fn is_run(code: &str, profile: Profile) -> bool {
    let rule = ptce::rules::rule(code).unwrap();
    profile == Profile::Submission || rule.topic != Topic::Eligibility
}

fn measured() -> Measured {
    let world = World::new();
    let cases = cases(&world);
    let mut measured: Measured = of_data().map(|rule| (rule.code, Figures::default())).collect();
    for profile in [Profile::Laureate, Profile::Submission] {
        let own: Vec<&Case> = cases.iter().filter(|case| case.profile() == profile).collect();
        let text: String = own.iter().map(|case| case.line() + "\n").collect();
        let mut by_record: Vec<Vec<Finding>> = vec![Vec::new(); own.len()];
        for finding in judged(vec![("fiches.ndjson".to_owned(), text.into_bytes())], profile) {
            let record = finding.record.as_ref().map(|record| record.index as usize - 1);
            by_record[record.unwrap_or_else(|| panic!("of no record: {finding:?}"))].push(finding);
        }
        for (case, findings) in own.iter().zip(by_record) {
            match case {
                Case::Clean(base) => weigh_clean(base, &findings, profile, &mut measured),
                Case::Broken(defect, broken) => weigh(defect, broken, &findings, &mut measured),
            }
        }
    }
    tables::measure(&world, &mut measured);
    measured
}

/// The rules that look at data; a publication is no data.
fn of_data() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().filter(|rule| !matches!(rule.check, Check::Publication))
}

fn weigh_clean(base: &Base, findings: &[Finding], profile: Profile, measured: &mut Measured) {
    // What is raised on import is measured on tables, but for what a value is no number of.
    let is_of_records =
        |rule: &&Rule| !matches!(rule.check, Check::Import | Check::Dataset) || rule.code == "wrong-type";
    for rule in of_data().filter(is_of_records) {
        measured.get_mut(rule.code).unwrap().clean += usize::from(is_run(rule.code, profile));
    }
    for finding in findings {
        let figures = measured.get_mut(finding.code).unwrap();
        figures.false_positives += 1;
        let places = ["/adresse", "/territoire/departements", "/region", "/coordinateur"];
        let around: Vec<String> =
            places.iter().filter_map(|at| base.value.pointer(at)).map(ToString::to_string).collect();
        figures.note(format!("on a clean record: {} {:?} {}", finding.pointer, finding.value, around.join(" ")));
    }
}

/// A finding that tells the defect, at its place, is what was wanted; any other must be one that the defect explains.
fn weigh(defect: &Defect, broken: &Broken, findings: &[Finding], measured: &mut Measured) {
    let is_wanted = |finding: &&Finding| finding.code == defect.code && broken.at.contains(&finding.pointer);
    let hit = findings.iter().find(is_wanted);
    let shown: Vec<String> = findings
        .iter()
        .map(|one| format!("{} {} {:?} → {:?} {:?}", one.code, one.pointer, one.value, one.suggestion, one.confidence))
        .collect();
    let example = |what: &str| {
        let values: Vec<String> = broken
            .at
            .iter()
            .map(|at| format!("{at}: {:?} was {:?}", broken.record.pointer(at), broken.base.value.pointer(at)))
            .collect();
        let places = ["/adresse", "/territoire/departements", "/region", "/coordinateur"];
        let around: Vec<String> =
            places.iter().filter_map(|at| broken.record.pointer(at)).map(ToString::to_string).collect();
        format!("{what}, {}: {values:?}; found {shown:?}; {}", defect.kind, around.join(" "))
    };
    let figures = measured.get_mut(defect.code).unwrap();
    figures.broken += 1;
    match hit {
        None => figures.note(example("missed")),
        Some(hit) => {
            figures.found += 1;
            if let (Some(suggestion), Some(confidence)) = (&hit.suggestion, hit.confidence) {
                let is_right = broken.base.is_right(&hit.pointer, suggestion);
                let (right, made) = figures.suggestions.entry(confidence).or_default();
                *right += usize::from(is_right);
                *made += 1;
                if !is_right {
                    figures.note(example("wrong suggestion"));
                }
            }
        }
    }
    for finding in findings {
        let is_hit = hit.is_some_and(|hit| std::ptr::eq(hit, finding));
        if !is_hit && !defect.also.contains(&finding.code) {
            let figures = measured.get_mut(finding.code).unwrap();
            figures.false_positives += 1;
            figures.note(example(&format!("false {} at {}", finding.code, finding.pointer)));
        }
    }
}

fn hundredths(part: f64) -> String {
    // Rounded down: what is not whole does not show as whole.
    format!("{:.3}", (part * 1000.0).floor() / 1000.0)
}

fn table(measured: &Measured) -> String {
    let mut table = String::from(
        "| code | level | broken | recall | clean records seen | false positives | precision | high | medium | low | remark |\n\
         |---|---|--:|--:|--:|--:|--:|--:|--:|--:|---|\n",
    );
    for rule in of_data() {
        let figures = &measured[rule.code];
        let suggestions = |confidence: Confidence| match figures.suggestions.get(&confidence) {
            Some((right, made)) => format!("{right}/{made}"),
            None => String::new(),
        };
        let remark = EXCEPTIONS.iter().chain(REMARKS).find(|(code, _)| *code == rule.code).map_or("", |(_, why)| why);
        table.push_str(&format!(
            "| `{}` | {} | {} | {} | {} | {} | {} | {} | {} | {} | {remark} |\n",
            rule.code,
            rule.level.name(),
            figures.broken,
            hundredths(figures.recall()),
            figures.clean,
            figures.false_positives,
            hundredths(figures.precision()),
            suggestions(Confidence::High),
            suggestions(Confidence::Medium),
            suggestions(Confidence::Low),
        ));
    }
    table
}

#[test]
fn quality_of_the_rules() {
    let measured = measured();
    // Shown when the test fails.
    eprintln!("{}", table(&measured));
    for (code, figures) in &measured {
        figures.examples.iter().for_each(|example| eprintln!("{code}: {example}"));
    }
    let is_exception = |code: &str| EXCEPTIONS.iter().any(|(exception, _)| *exception == code);
    for (code, figures) in measured.iter().filter(|(code, _)| !is_exception(code)) {
        assert!(
            figures.broken >= 150,
            "{code}: {} broken records; add a defect that makes them to tests/it/quality/defects/",
            figures.broken
        );
        assert!(figures.recall() >= WANTED, "{code}: recall {}", figures.recall());
        assert!(figures.precision() >= WANTED, "{code}: precision {}", figures.precision());
        if let Some((right, made)) = figures.suggestions.get(&Confidence::High) {
            assert!(*right as f64 >= WANTED * *made as f64, "{code}: {right} of {made} sure suggestions are right");
        }
    }
    let introduction = include_str!("quality/introduction.md")
        .replace("{seed}", &SEED.to_string())
        .replace("{clean}", &(2 * CLEAN).to_string())
        .replace("{each}", &BROKEN.to_string())
        .replace("{broken}", &measured.values().map(|figures| figures.broken).sum::<usize>().to_string());
    let text = format!("{introduction}\n{}{}", table(&measured), lines::document());
    assert_current("docs/rule-quality.md", text.as_bytes());
}
