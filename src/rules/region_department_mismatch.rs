//! A department lies outside the region of the record.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::reference::regions::{RegionSet, by_code};
use crate::rules::places;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "region-department-mismatch",
    topic: Topic::Territory,
    level: Level::Error,
    summary: Phrase {
        fr: "Un département n’est pas dans la région de la fiche.",
        en: "A department does not lie in the region of the record.",
    },
    message: Phrase {
        fr: "Le département {department} n’est pas dans la région {region} (mais : {right}).",
        en: "Department {department} does not lie in the region {region} (but: {right}).",
    },
    expected: Phrase {
        fr: "Un département de la région, ou la région de ce département.",
        en: "A department of the region, or the region of that department.",
    },
    explanation: Phrase {
        fr: "Chaque département est cherché dans la région donnée, avec les limites de l’époque où cette \
             région existait. Une fiche qui se contredit serait comptée au mauvais endroit. Corrigez la \
             région ou le département ; un pôle à cheval sur deux régions est rattaché à celle de son \
             siège, et le département éloigné s’écrit dans le libellé du territoire.",
        en: "Each department is looked up in the given region, with the limits of the time when that \
             region existed. A record that contradicts itself would be counted in the wrong place. \
             Correct the region or the department; a hub across two regions belongs to the one of its \
             seat, and the remote department is written in the label of the territory.",
    },
    basis: "Insee, Code officiel géographique",
    wrong: r#"{"nom":"Fabriques du Quercy","region":{"nom":"Bretagne"},"territoire":{"departements":[{"code":"46","nom":"Lot"}]}}"#,
    right: r#"{"nom":"Fabriques du Quercy","region":{"nom":"Occitanie"},"territoire":{"departements":[{"code":"46","nom":"Lot"}]}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    if record.territory.departments.is_empty() {
        return;
    }
    let present = places::region(record, RegionSet::Present);
    let until_2015 = places::region(record, RegionSet::Until2015);
    let Some(region) = present.or(until_2015) else { return };
    // A region that another year had is told as such: its departments are then looked for in the one that took it in.
    let successor = match places::set_of(record) {
        Some(RegionSet::Present) if present.is_none() => region.present(),
        _ => None,
    };
    for (rank, given) in record.territory.departments.iter().enumerate() {
        let Some(department) = places::department(given) else { continue };
        let within = present.or(successor).is_some_and(|region| department.region == region.code)
            || until_2015.is_some_and(|region| department.region_until_2015 == region.code);
        if within {
            continue;
        }
        let set = match (present, until_2015) {
            (Some(_), Some(_)) => places::set_of(record).unwrap_or(RegionSet::Present),
            (Some(_), None) => RegionSet::Present,
            _ => RegionSet::Until2015,
        };
        let right = by_code(set, department.region_in(set)).map_or("", |region| region.name);
        let key = if given.code.is_some() { "code" } else { "nom" };
        reporter.raise(
            Problem::at(format!("/territoire/departements/{rank}/{key}"))
                .with("department", format!("{} ({})", department.code, department.name))
                .with("region", region.name)
                .with("right", right),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn departments_lie_in_their_region() {
        let found = |region: &str, departments: &str| -> Vec<String> {
            let json = format!(r#"{{"region":{region},"territoire":{{"departements":[{departments}]}}}}"#);
            raised(&super::RULE, &json).into_iter().map(|problem| problem.pointer).collect()
        };
        let bretagne = r#"{"code":"53","nom":"Bretagne"}"#;
        assert_eq!(
            found(bretagne, r#"{"code":"29"},{"nom":"Lot"},{"code":"46"}"#),
            ["/territoire/departements/1/nom", "/territoire/departements/2/code"]
        );
        assert!(found(r#"{"nom":"Picardie"}"#, r#"{"code":"60"},{"code":"61","nom":"Oise"},{"code":"99"}"#).is_empty());
        assert!(found(r#"{"nom":"PACA"}"#, r#"{"code":"05"}"#).is_empty());
        assert!(found(r#"{"nom":"Centre"}"#, r#"{"code":"45"}"#).is_empty());
        assert!(found(r#"{"nom":"Saint-Martin"}"#, r#"{"code":"978"}"#).is_empty());
        assert!(found(r#"{"nom":"Quercy"}"#, r#"{"code":"46"}"#).is_empty());
        assert_eq!(found(r#"{"nom":"Picardie"}"#, r#"{"code":"59"}"#).len(), 1);
        // The other rule says that the region is of another year; it is not wrong twice.
        let json = |year: &str| {
            format!(
                r#"{{"appel":{{"edition":"{year}"}},"region":{{"nom":"Auvergne"}},
                "territoire":{{"departements":[{{"code":"43"}},{{"code":"69"}},{{"code":"46"}}]}}}}"#
            )
        };
        assert_eq!(raised(&super::RULE, &json("2013")).len(), 2);
        assert_eq!(raised(&super::RULE, &json("2023")).len(), 1);
    }
}
