//! A region was not in force in the year of the record.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reference::regions::RegionSet;
use crate::rules::places;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "region-of-another-year",
    topic: Topic::Territory,
    level: Level::Info,
    summary: Phrase {
        fr: "Une région n’existait pas, ou plus, l’année de la fiche.",
        en: "A region was not yet, or no longer, in force in the year of the record.",
    },
    message: Phrase {
        fr: "La région « {value} » n’est pas de l’année de la fiche ({year}).",
        en: "The region “{value}” is not of the year of the record ({year}).",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Les régions de métropole ont été regroupées le 1er janvier 2016. Une fiche s’écrit avec les \
             régions de l’année de son appel à projets ; la région d’aujourd’hui s’en déduit à la \
             publication. Remplacez la région par celle de l’époque, ou vérifiez l’année de l’appel.",
        en: "The regions of mainland France were merged on 1 January 2016. A record is written with the \
             regions of the year of its call for projects; the region of today is derived from it on \
             publication. Replace the region by the one of the time, or check the year of the call.",
    },
    basis: "Loi n° 2015-29 du 16 janvier 2015 relative à la délimitation des régions",
    wrong: r#"{"nom":"Fabriques du Quercy","appel":{"edition":"2013"},"region":{"nom":"Occitanie"},"territoire":{"departements":[{"code":"46"}]}}"#,
    right: r#"{"nom":"Fabriques du Quercy","appel":{"edition":"2013"},"region":{"nom":"Midi-Pyrénées"},"territoire":{"departements":[{"code":"46"}]}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    let Some(year) = record.year() else { return };
    let set = RegionSet::of_year(year);
    if places::region(record, set).is_some() {
        return;
    }
    let Some(given) = places::region(record, set.other()) else { return };
    let mapped = || match set {
        RegionSet::Present => given.present(),
        // The parts of a merged region are several.
        RegionSet::Until2015 => None,
    };
    let named = record.region.name.is_some();
    let problem = Problem::at(if named { "/region/nom" } else { "/region/code" }).with("year", year.to_string());
    reporter.raise(match places::shared_region(record, set).or_else(mapped) {
        Some(right) => problem.suggest(if named { right.name } else { right.code }, Confidence::High),
        None => problem,
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn regions_are_of_their_year() {
        let suggestion = |year: &str, region: &str, departments: &str| {
            let json = format!(
                r#"{{"appel":{{"edition":"{year}"}},"region":{region},"territoire":{{"departements":[{departments}]}}}}"#
            );
            raised(&super::RULE, &json)
                .into_iter()
                .map(|problem| problem.suggested().unwrap_or_default())
                .collect::<Vec<_>>()
        };
        assert_eq!(suggestion("2013", r#"{"nom":"Occitanie"}"#, r#"{"code":"46"}"#), ["Midi-Pyrénées"]);
        assert_eq!(suggestion("2013", r#"{"nom":"Occitanie"}"#, r#"{"code":"46"},{"code":"34"}"#), [""]);
        assert_eq!(suggestion("2023", r#"{"nom":"Picardie"}"#, r#"{"nom":"Orne"}"#), ["Normandie"]);
        assert_eq!(suggestion("2023", r#"{"code":"22"}"#, r#"{"nom":"Nulle part"}"#), ["32"]);
        assert!(suggestion("2013", r#"{"nom":"Centre-Val de Loire"}"#, r#"{"code":"18"}"#).is_empty());
        assert!(suggestion("2013", r#"{"nom":"Bretagne"}"#, r#"{"code":"29"}"#).is_empty());
        assert!(suggestion("", r#"{"nom":"Picardie"}"#, r#"{"code":"60"}"#).is_empty());
    }
}
