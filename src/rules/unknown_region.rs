//! A region does not exist, now or before 2016.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reference::regions::{Region, RegionSet, by_code, by_name};
use crate::rules::places;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "unknown-region",
    topic: Topic::Territory,
    level: Level::Error,
    summary: Phrase {
        fr: "Une région n’existe pas, ni aujourd’hui ni avant 2016.",
        en: "A region does not exist, now or before 2016.",
    },
    message: Phrase { fr: "« {value} » n’est pas une région.", en: "“{value}” is not a region." },
    expected: Phrase {
        fr: "Le code ou le nom d’une région française, actuelle ou d’avant 2016.",
        en: "The code or the name of a French region, of today or from before 2016.",
    },
    explanation: Phrase {
        fr: "Le code et le nom sont cherchés parmi les régions actuelles et parmi celles d’avant 2016, \
             noms courants compris (PACA, Centre…). Une région introuvable empêche de classer la fiche et \
             de dresser la carte. Choisissez une seule région, celle où le pôle a son siège.",
        en: "The code and the name are looked up among the regions of today and those from before 2016, \
             common names included (PACA, Centre…). A region that cannot be found keeps the record from \
             being sorted and mapped. Choose one region, the one where the hub has its seat.",
    },
    basis: "Insee, Code officiel géographique",
    wrong: r#"{"nom":"Fabriques du Quercy","region":{"nom":"Quercy"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","region":{"nom":"Occitanie"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let region = &entry.record.region;
    // « Centre » became « Centre-Val de Loire »: the name is the one of the year.
    let set = places::set_of(entry.record).unwrap_or(RegionSet::Present);
    let coded = region.code.map(|code| by_code(set, code).or_else(|| by_code(set.other(), code)));
    if coded == Some(None) {
        reporter.raise(Problem::at("/region/code"));
    }
    if let Some(name) = &region.name
        && by_name(RegionSet::Present, name).or_else(|| by_name(RegionSet::Until2015, name)).is_none()
    {
        let problem = Problem::at("/region/nom");
        let named = regions_named(set, name);
        let named: Vec<&str> = named.iter().map(|region| region.name).collect();
        let problem = if named.len() > 1 { problem.with("regions", named.join(", ")).saying(SEVERAL) } else { problem };
        let own = coded.flatten().or_else(|| places::shared_region(entry.record, set));
        reporter.raise(match own.filter(|own| named.is_empty() || named.contains(&own.name)) {
            Some(region) if coded.flatten().is_some() || !named.is_empty() => {
                problem.suggest(region.name, Confidence::Medium)
            }
            _ => problem,
        });
    }
}

/// What is said of a cell that names several regions.
const SEVERAL: Phrase = Phrase {
    fr: "«\u{a0}{value}\u{a0}» nomme plusieurs régions\u{a0}: {regions}.",
    en: "“{value}” names several regions: {regions}.",
};

/// The regions that a text names one after the other, if it holds nothing else: « PACA / Occitanie ».
fn regions_named(set: RegionSet, text: &str) -> Vec<&'static Region> {
    let parts = text.split(['/', ',', ';', '&', '+', '\n']).flat_map(|part| part.split(" et "));
    let region = |part: &str| by_name(set, part).or_else(|| by_name(set.other(), part));
    parts.map(|part| region(part.trim())).collect::<Option<Vec<_>>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn several_regions_are_all_told() {
        let told = |rest: &str| {
            let mut problems = raised(&super::RULE, &format!(r#"{{"region":{{"nom":"PACA / Occitanie"}}{rest}}}"#));
            let problem = problems.remove(0);
            (problem.arguments[0].1.clone(), problem.suggested())
        };
        let both = "Provence-Alpes-Côte d'Azur, Occitanie";
        assert_eq!(told(""), (both.to_owned(), None));
        let lot = r#","territoire":{"departements":[{"code":"46"}]}"#;
        assert_eq!(told(lot), (both.to_owned(), Some("Occitanie".to_owned())));
    }

    #[test]
    fn the_name_is_of_the_year() {
        let suggested = |year: &str| {
            let json = format!(r#"{{"appel":{{"edition":"{year}"}},"region":{{"code":"24","nom":"Centee"}}}}"#);
            raised(&super::RULE, &json).remove(0).suggested()
        };
        assert_eq!(suggested("2013").as_deref(), Some("Centre"));
        assert_eq!(suggested("2023").as_deref(), Some("Centre-Val de Loire"));
    }
}
