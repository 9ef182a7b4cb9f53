//! A text only says that there is no value.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::record::At;
use crate::reference::communes;
use crate::reference::postal_codes::Agreement;
use crate::rules::{Check, Problem, Reporter, Rule, TextCheck, Topic};
use crate::text::placeholder::{MOST_BYTES, says_nothing};

pub(super) static RULE: Rule = Rule {
    code: "placeholder-value",
    topic: Topic::Contact,
    level: Level::Warning,
    summary: Phrase {
        fr: "Un texte ne fait que dire qu’il n’y a pas de valeur.",
        en: "A text only says that there is no value.",
    },
    message: Phrase { fr: "« {value} » ne donne pas de valeur.", en: "“{value}” gives no value." },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Des mots comme « néant », « NC », « à compléter », des croix ou une suite de zéros occupent \
             la place d’une valeur sans en donner. Publiés, ils passeraient pour une vraie donnée. \
             Laissez la cellule vide, ou donnez la valeur. À la place du nom de la structure coordinatrice, \
             c’est une erreur : sans elle, la fiche ne peut être acceptée.",
        en: "Words like “néant”, “n/a” or “todo”, crosses, or nothing but zeros take the place of a value \
             without giving one. Once published they would be taken for real data. Leave the cell empty, \
             or give the value. In the place of the name of the coordinating organisation it is an error: \
             without it the record cannot be accepted.",
    },
    basis: "",
    wrong: r#"{"nom":"Fabriques du Quercy","contacts":[{"nom":"Baptiste Escaudel","telephone":"néant"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","contacts":[{"nom":"Baptiste Escaudel","telephone":"05 36 49 12 34"}]}"#,
    check: Check::Text(TextCheck { fields: &[], longest: MOST_BYTES, is_of_damage: false, check }),
};

const NO_COORDINATOR: Phrase = Phrase {
    fr: "« {value} » ne nomme pas la structure coordinatrice.",
    en: "“{value}” does not name the coordinating organisation.",
};

fn check(entry: &Entry, at: At, text: &str, reporter: &mut Reporter<'_>) {
    if says_nothing(text, at.field().pointer) && !is_a_name(text, at, entry) {
        let problem = Problem::at(at.pointer());
        // Without a coordinator, a record cannot be accepted.
        reporter.raise(match at.field().pointer {
            "/coordinateur/nom" => problem.with_level(Level::Error).saying(NO_COORDINATOR),
            _ => problem,
        });
    }
}

/// Whether a text that looks like nothing is a name there: an acronym; or a commune, such as Aucun, or Néant until
/// 1947, when its code says so.
fn is_a_name(text: &str, at: At, entry: &Entry) -> bool {
    let is_of = |code: &str| {
        let named = communes::by_name(text).chain(communes::by_former_name(text));
        named.into_iter().any(|commune| commune.code == code)
    };
    match at.field().pointer {
        "/id" | "/sigle" => true,
        "/adresse/commune" => match entry.postal_agreement() {
            Some(Agreement::Served(_) | Agreement::Former(_)) => true,
            _ => communes::by_name(text).next().is_some(),
        },
        "/territoire/communes/*/nom" => {
            let code = entry.record.territory.communes[at.index as usize].code;
            code.is_some_and(is_of) || communes::by_name(text).next().is_some()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn communes_of_such_names_are_known_by_their_codes() {
        let found = |code: &str, commune: &str| {
            let territory = format!(r#"{{"communes":[{{"code_insee":"{code}","nom":"{commune}"}}]}}"#);
            raised(&super::RULE, &format!(r#"{{"territoire":{territory}}}"#)).len()
        };
        assert_eq!((found("65045", "Aucun"), found("56145", "Néant"), found("46102", "Néant")), (0, 0, 1));
    }
}
