//! A postal code does not exist.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reference::postal_codes::{Agreement, cedex_label, is_postal_code};
use crate::rules::seat;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "unknown-postal-code",
    topic: Topic::Address,
    level: Level::Warning,
    summary: Phrase { fr: "Un code postal n’existe pas.", en: "A postal code does not exist." },
    message: Phrase {
        fr: "« {value} » n’est ni un code postal ni un code CEDEX connu.",
        en: "“{value}” is neither a postal code nor a known CEDEX code.",
    },
    expected: Phrase { fr: "Le code postal de la commune.", en: "The postal code of the commune." },
    explanation: Phrase {
        fr: "Le code est cherché parmi les codes postaux de La Poste et parmi les codes CEDEX. La \
             liste des codes CEDEX n’étant pas complète, un code inconnu n’est qu’une information \
             quand l’adresse dit CEDEX. Si le nom de la commune ne laisse qu’un choix, son code vous \
             est proposé.",
        en: "The code is looked up among the postal codes of La Poste and among CEDEX codes. As the \
             list of CEDEX codes is not complete, an unknown code is mere information when the \
             address says CEDEX. If the name of the commune leaves one choice only, its code is \
             suggested.",
    },
    basis: "Insee, Code officiel géographique ; La Poste, base officielle des codes postaux ; liste des CEDEX tirée de la base Sirene",
    wrong: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"7 rue des Tanneurs","code_postal":"46109","commune":"Figeac"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"7 rue des Tanneurs","code_postal":"46100","commune":"Figeac"}}"#,
    check: Check::Record(check),
};

const AN_INSEE_CODE: Phrase = Phrase {
    fr: "« {value} » est le code Insee de {commune}, pas son code postal.",
    en: "“{value}” is the INSEE code of {commune}, not its postal code.",
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let address = &entry.record.address;
    let Some(code) = seat::postal_code(address) else { return };
    let unknown = match entry.postal_agreement() {
        Some(agreement) => agreement == Agreement::UnknownCode,
        None => !is_postal_code(code) && cedex_label(code).is_none(),
    };
    if let Some(commune) = seat::by_its_own_code(entry) {
        let problem = Problem::at("/adresse/code_postal").with("commune", commune.name).saying(AN_INSEE_CODE);
        reporter.raise(match commune.only_postal_code() {
            Some(code) => problem.suggest(code, Confidence::High),
            None => problem,
        });
    } else if unknown {
        let problem = seat::with_right_code(Problem::at("/adresse/code_postal"), entry);
        reporter.raise(if address.cedex.is_some() { problem.with_level(Level::Info) } else { problem });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn codes_are_looked_up() {
        let found = |address: &str| {
            let problems = raised(&super::RULE, &format!(r#"{{"adresse":{{{address}}}}}"#));
            problems.into_iter().map(|problem| (problem.suggested(), problem.level)).collect::<Vec<_>>()
        };
        let some = |code: &str| Some(code.to_owned());
        assert_eq!(found(r#""code_postal":"46109","commune":"Figeac""#), [(some("46100"), None)]);
        assert_eq!(found(r#""code_postal":"46109""#), [(None, None)]);
        assert_eq!(found(r#""code_postal":"46999","commune":"Figeac","cedex":"Cedex""#).len(), 1);
        assert_eq!(found(r#""code_postal":"46999","cedex":"Cedex""#), [(None, Some(crate::finding::Level::Info))]);
        for (code, commune, right) in [
            ("46102", "Figeac", some("46100")),
            ("29022", "Camaret-sur-Mer", some("29570")),
            ("29022", "Camaret", some("29570")),
            ("29044", "Din\u{fffd}ault", some("29150")),
            ("29044", "Din?ault", some("29150")),
            ("75056", "Paris", None),
        ] {
            assert_eq!(found(&format!(r#""code_postal":"{code}","commune":"{commune}""#)), [(right, None)], "{code}");
        }
        // No code leaves its department without a reason.
        for (code, commune) in [("23700", "Châtain"), ("97150", "Marigot")] {
            let suggested = found(&format!(r#""code_postal":"{code}","commune":"{commune}""#));
            assert!(suggested.iter().all(|(code, _)| code.is_none()), "{code} {suggested:?}");
        }
        for known in ["46100", "21071", "98000", "97150", "20090", "98800"] {
            assert_eq!(found(&format!(r#""code_postal":"{known}""#)), [], "{known}");
        }
        assert_eq!(found(r#""code_postal":"4610""#), []);
    }
}
