//! A region does not exist, now or before 2016.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reference::regions::{RegionSet, by_code, by_name};
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
    let set = places::set_of(&entry.record).unwrap_or(RegionSet::Present);
    let coded = region.code.as_deref().map(|code| by_code(set, code).or_else(|| by_code(set.other(), code)));
    if coded == Some(None) {
        reporter.raise(Problem::at("/region/code"));
    }
    if let Some(name) = &region.name
        && by_name(RegionSet::Present, name).or_else(|| by_name(RegionSet::Until2015, name)).is_none()
    {
        let problem = Problem::at("/region/nom");
        reporter.raise(match coded.flatten() {
            Some(region) => problem.suggest(region.name, Confidence::Medium),
            None => problem,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

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
