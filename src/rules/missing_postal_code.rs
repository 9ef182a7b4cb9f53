//! An address has no postal code.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::seat;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "missing-postal-code",
    topic: Topic::Address,
    level: Level::Warning,
    summary: Phrase { fr: "Une adresse n’a pas de code postal.", en: "An address has no postal code." },
    message: Phrase { fr: "L’adresse n’a pas de code postal.", en: "The address has no postal code." },
    expected: Phrase { fr: "Cinq chiffres.", en: "Five digits." },
    explanation: Phrase {
        fr: "La fiche donne une voie ou une commune, mais pas de code postal. Des communes de même nom \
             existent dans plusieurs départements : sans code postal, l’adresse reste douteuse. \
             Ajoutez-le.",
        en: "The record gives a street or a town, but no postal code. Towns of the same name exist in \
             several departments: without a postal code the address stays in doubt. Add it.",
    },
    basis: "AFNOR NF Z10-011, ligne 6",
    wrong: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"7 rue des Tanneurs","commune":"Figeac"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"7 rue des Tanneurs","code_postal":"46100","commune":"Figeac"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let address = &entry.record.address;
    let given = [&address.complement, &address.street, &address.delivery, &address.commune, &address.cedex];
    if address.postal_code.is_none() && given.iter().any(|part| part.is_some()) {
        let problem = Problem::at("/adresse/code_postal");
        // A CEDEX has a code of its own, which is not the one of the commune.
        let is_office = address.cedex.is_some();
        reporter.raise(if is_office { problem } else { seat::with_right_code(problem, entry) });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn only_the_code_of_a_commune_is_told() {
        let suggested = |address: &str| {
            let problems = raised(&super::RULE, &format!(r#"{{"adresse":{{{address}}}}}"#));
            problems.into_iter().map(|problem| problem.suggested()).collect::<Vec<_>>()
        };
        assert_eq!(suggested(r#""commune":"Figeac""#), [Some("46100".to_owned())]);
        assert_eq!(suggested(r#""commune":"Figeac","cedex":"Cedex""#), [None]);
    }
}
