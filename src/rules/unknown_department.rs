//! A department does not exist.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reference::departments::{by_code, by_name};
use crate::rules::places;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "unknown-department",
    topic: Topic::Territory,
    level: Level::Error,
    summary: Phrase { fr: "Un département n’existe pas.", en: "A department does not exist." },
    message: Phrase { fr: "« {value} » n’est pas un département.", en: "“{value}” is not a department." },
    expected: Phrase {
        fr: "Un code de 01 à 95 (2A ou 2B pour la Corse), de 971 à 978 ou de 984 à 989, ou le nom d’un \
             département.",
        en: "A code from 01 to 95 (2A or 2B for Corsica), from 971 to 978 or from 984 to 989, or the name \
             of a department.",
    },
    explanation: Phrase {
        fr: "Le code est cherché dans le Code officiel géographique ; sans code, on cherche le nom. Un \
             département introuvable empêche de vérifier la région et le code postal. Le 20 n’existe \
             plus, et n’est qu’un avertissement : écrivez 2A pour la Corse-du-Sud, 2B pour la Haute-Corse.",
        en: "The code is looked up in the official geographic code; without a code, the name is. A \
             department that cannot be found keeps the region and the postal code from being checked. \
             There is no 20 any more, which is only a warning: write 2A for Corse-du-Sud, 2B for \
             Haute-Corse.",
    },
    basis: "Insee, Code officiel géographique",
    wrong: r#"{"nom":"Fabriques du Quercy","territoire":{"departements":[{"code":"20"}]}}"#,
    right: r#"{"nom":"Fabriques du Quercy","territoire":{"departements":[{"code":"2A"}]}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    for (rank, department) in entry.record.territory.departments.iter().enumerate() {
        match (&department.code, &department.name) {
            (Some(code), name) if by_code(code).is_none() => {
                let capital = code.to_ascii_uppercase();
                // The two departments of Corsica were one, numbered 20, until 1976.
                let is_corsica = *code == "20";
                let corsica = || by_code("2A").zip(by_code("2B")).filter(|_| is_corsica);
                let right = by_code(&capital)
                    .or_else(|| name.as_deref().and_then(by_name))
                    .or_else(|| corsica().and_then(|(south, north)| places::likelier(entry.record, south, north)));
                let problem = Problem::at(format!("/territoire/departements/{rank}/code"));
                let problem = if is_corsica { problem.with_level(Level::Warning) } else { problem };
                reporter.raise(match right {
                    Some(right) => problem.suggest(right.code, Confidence::Medium),
                    None => problem,
                });
            }
            (None, Some(name)) if by_name(name).is_none() => {
                reporter.raise(Problem::at(format!("/territoire/departements/{rank}/nom")));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn departments_are_looked_up() {
        let found = |departments: &str| -> Vec<(String, Option<String>)> {
            let json = format!(r#"{{"territoire":{{"departements":[{departments}]}}}}"#);
            raised(&super::RULE, &json)
                .into_iter()
                .map(|problem| (problem.pointer.clone(), problem.suggested()))
                .collect()
        };
        assert_eq!(found(r#"{"code":"46"},{"code":"20"}"#), [("/territoire/departements/1/code".into(), None)]);
        let json = r#"{"territoire":{"departements":[{"code":"20"}]},"adresse":{"code_postal":"20200"}}"#;
        assert_eq!(raised(&super::RULE, json)[0].suggested().as_deref(), Some("2B"));
        assert_eq!(found(r#"{"code":"2a"}"#), [("/territoire/departements/0/code".into(), Some("2A".into()))]);
        assert_eq!(
            found(r#"{"code":"99","nom":"Lot"}"#),
            [("/territoire/departements/0/code".into(), Some("46".into()))]
        );
        assert_eq!(found(r#"{"nom":"Quercy"}"#), [("/territoire/departements/0/nom".into(), None)]);
        assert!(found(r#"{"nom":"le lot"},{"code":"974"},{"code":"988"}"#).is_empty());
    }
}
