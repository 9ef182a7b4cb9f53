//! The code and the name of a department are not of the same one.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reference::departments::by_name;
use crate::rules::places;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "department-name-mismatch",
    topic: Topic::Territory,
    level: Level::Error,
    summary: Phrase {
        fr: "Le code et le nom d’un département ne vont pas ensemble.",
        en: "The code and the name of a department do not belong together.",
    },
    message: Phrase {
        fr: "« {given} »{right} n’est pas le département {code} ({name}).",
        en: "“{given}”{right} is not department {code} ({name}).",
    },
    expected: Phrase {
        fr: "Le nom et le code d’un même département.", en: "The name and the code of one department."
    },
    explanation: Phrase {
        fr: "Le nom donné est comparé à celui que porte le code, sans tenir compte des accents, des \
             traits d’union ni de l’article. L’un des deux est faux : « Oise (61) » peut être \
             l’Oise (60) ou l’Orne (61). Si la région ou le code postal de la fiche ne va qu’avec l’un, il \
             vous est proposé ; sinon le message donne le code du département nommé, à vous de voir.",
        en: "The name given is compared with the one that the code has, whatever its accents, hyphens and \
             article. One of the two is wrong: “Oise (61)” may be Oise (60) or Orne (61). If the region or \
             the postal code of the record goes with one only, it is suggested; otherwise the message \
             gives the code of the department named, for you to decide.",
    },
    basis: "Insee, Code officiel géographique",
    wrong: r#"{"nom":"Fabriques du Quercy","territoire":{"departements":[{"code":"61","nom":"Oise"}]}}"#,
    right: r#"{"nom":"Fabriques du Quercy","territoire":{"departements":[{"code":"60","nom":"Oise"}]}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    for (rank, given) in entry.record.territory.departments.iter().enumerate() {
        let Some(coded) = places::contradicted(given) else { continue };
        let name = given.name.unwrap_or_default();
        let named = by_name(name);
        // « Oise » (60): the same in both languages.
        let right = named.map(|named| format!(" ({})", named.code)).unwrap_or_default();
        let at = |key: &str| {
            Problem::at(format!("/territoire/departements/{rank}/{key}"))
                .with("given", name)
                .with("code", coded.code)
                .with("name", coded.name)
                .with("right", right.as_str())
        };
        reporter.raise(match named.and_then(|named| places::likelier(entry.record, named, coded)) {
            Some(likely) if likely == coded => at("nom").suggest(coded.name, Confidence::Medium),
            Some(likely) => at("code").suggest(likely.code, Confidence::Medium),
            None if named.is_none() => at("nom").suggest(coded.name, Confidence::Low),
            None => at("nom"),
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn names_are_compared_with_codes() {
        let found = |code: &str, name: &str| {
            let json = format!(r#"{{"territoire":{{"departements":[{{"code":"{code}","nom":"{name}"}}]}}}}"#);
            raised(&super::RULE, &json).len()
        };
        assert_eq!(found("61", "Oise"), 1);
        assert_eq!(found("61", "Quercy"), 1);
        let suggested = |evidence: &str| {
            let json = format!(r#"{{{evidence},"territoire":{{"departements":[{{"code":"61","nom":"Oise"}}]}}}}"#);
            let problem = raised(&super::RULE, &json).remove(0);
            (problem.pointer.rsplit('/').next().unwrap().to_owned(), problem.suggested().unwrap_or_default())
        };
        let is = |key: &str, right: &str| (key.to_owned(), right.to_owned());
        assert_eq!(suggested(r#""region":{"nom":"Picardie"}"#), is("code", "60"));
        assert_eq!(suggested(r#""region":{"nom":"Normandie"}"#), is("nom", "Orne"));
        assert_eq!(suggested(r#""adresse":{"code_postal":"60000"}"#), is("code", "60"));
        assert_eq!(suggested(r#""region":{"nom":"Bretagne"}"#), is("nom", ""));
        for (code, name) in
            [("60", "l’Oise"), ("93", "Seine St Denis"), ("974", "Réunion"), ("69", "Métropole de Lyon"), ("99", "Lot")]
        {
            assert_eq!(found(code, name), 0, "{name}");
        }
    }
}
