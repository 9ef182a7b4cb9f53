//! The code and the name of a commune are not of the same one.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reference::communes;
use crate::reference::names::same_commune;
use crate::rules::seat;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "commune-name-mismatch",
    topic: Topic::Territory,
    level: Level::Warning,
    summary: Phrase {
        fr: "Le code et le nom d’une commune ne vont pas ensemble.",
        en: "The code and the name of a commune do not belong together.",
    },
    message: Phrase {
        fr: "« {given} » n’est pas la commune {code} ({name}).",
        en: "“{given}” is not commune {code} ({name}).",
    },
    expected: Phrase {
        fr: "Le nom et le code Insee d’une même commune.",
        en: "The name and the INSEE code of one commune.",
    },
    explanation: Phrase {
        fr: "Le nom donné est comparé à celui que porte le code, et aux anciens noms de la commune, \
             sans tenir compte de la casse, des accents, des traits d’union ni de l’article. L’un des \
             deux est faux. Si une seule commune des départements déclarés porte ce nom, son code est \
             proposé.",
        en: "The name given is compared with the one that the code has, and with the former names of \
             the commune, whatever its case, accents, hyphens and article. One of the two is wrong. \
             If one commune only of the declared departments bears that name, its code is suggested.",
    },
    basis: "Insee, Code officiel géographique",
    wrong: r#"{"nom":"Fabriques du Quercy","territoire":{"communes":[{"code_insee":"46042","nom":"Figeac"}]}}"#,
    right: r#"{"nom":"Fabriques du Quercy","territoire":{"communes":[{"code_insee":"46102","nom":"Figeac"}]}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    for (rank, given) in entry.record.territory.communes.iter().enumerate() {
        let (Some(code), Some(name)) = (&given.code, &given.name) else { continue };
        let Some(coded) = communes::by_code(code) else { continue };
        let agrees = same_commune(coded.name, name)
            || communes::by_name(name).chain(communes::by_former_name(name)).any(|commune| commune.code == coded.code);
        if agrees {
            continue;
        }
        let at = |key: &str| {
            Problem::at(format!("/territoire/communes/{rank}/{key}"))
                .with("given", *name)
                .with("code", coded.code)
                .with("name", coded.name)
        };
        reporter.raise(match seat::named(entry, name).as_slice() {
            [commune] => at("code_insee").suggest(commune.code, Confidence::Medium),
            [] => at("nom").suggest(coded.name, Confidence::Medium),
            _ => at("nom"),
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn names_are_compared_with_codes() {
        let found = |code: &str, name: &str| {
            let json = format!(r#"{{"territoire":{{"communes":[{{"code_insee":"{code}","nom":"{name}"}}]}}}}"#);
            raised(&super::RULE, &json)
                .into_iter()
                .map(|problem| problem.suggested().unwrap_or_default())
                .collect::<Vec<_>>()
        };
        assert_eq!(found("46042", "Figeac"), ["46102"]);
        assert_eq!(found("46102", "Figiac"), ["Figeac"]);
        assert_eq!(found("46102", "Saint-Denis"), [""]);
        for (code, name) in
            [("46102", "FIGEAC"), ("44003", "Ancenis"), ("75118", "Paris 18e"), ("99999", "Figeac"), ("72181", "Mans")]
        {
            assert_eq!(found(code, name), [""; 0], "{code} {name}");
        }
    }
}
