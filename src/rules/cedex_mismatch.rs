//! A CEDEX code without the word, or the word without the code.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reference::postal_codes::{Agreement, cedex_label};
use crate::rules::seat;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "cedex-mismatch",
    topic: Topic::Address,
    level: Level::Warning,
    summary: Phrase {
        fr: "Le code et la mention CEDEX ne vont pas ensemble.",
        en: "The code and the word CEDEX do not belong together.",
    },
    message: Phrase {
        fr: "Avec le code {code} et la mention « {given} », l’adresse n’est qu’à moitié celle d’un \
             CEDEX.",
        en: "With the code {code} and the words “{given}”, the address is only half the one of a \
             CEDEX.",
    },
    expected: Phrase {
        fr: "Un code CEDEX et le mot CEDEX, ou ni l’un ni l’autre.",
        en: "A CEDEX code and the word CEDEX, or neither.",
    },
    explanation: Phrase {
        fr: "Un code CEDEX désigne le bureau d’un organisme qui reçoit beaucoup de courrier ; il \
             remplace le code postal, et le mot CEDEX suit alors le nom du bureau. Un code postal \
             ordinaire ne prend pas ce mot. Complétez l’adresse, ou remettez le code postal de la \
             commune si le courrier arrive à la rue.",
        en: "A CEDEX code stands for the office of an organisation that gets much mail; it replaces \
             the postal code, and the word CEDEX then follows the name of the office. An ordinary \
             postal code does not take that word. Complete the address, or give the postal code of \
             the commune if mail comes to the street.",
    },
    basis: "AFNOR NF Z10-011, ligne 6 ; liste des CEDEX tirée de la base Sirene",
    wrong: r#"{"nom":"Fabriques de Dijon","adresse":{"voie":"7 rue des Tanneurs","code_postal":"21071","commune":"Dijon"}}"#,
    right: r#"{"nom":"Fabriques de Dijon","adresse":{"voie":"7 rue des Tanneurs","code_postal":"21071","commune":"Dijon","cedex":"Cedex"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let address = &entry.record.address;
    let Some(code) = seat::postal_code(address) else { return };
    if seat::by_its_own_code(entry).is_some() {
        return;
    }
    let about = |problem: Problem, given: &str| problem.with("code", code).with("given", given);
    match (entry.postal_agreement(), &address.cedex) {
        // In French Polynesia the codes of post boxes are written without the word.
        (Some(Agreement::Office), None) if code.starts_with("987") => {}
        (Some(Agreement::Office), None) => {
            let commune = address.commune.unwrap_or_default();
            let problem = about(Problem::at("/adresse/cedex"), commune);
            reporter.raise(match word_of(code) {
                Some(word) => problem.suggest(word, Confidence::High),
                None => problem,
            });
        }
        (Some(Agreement::Served(_) | Agreement::Former(_)), Some(cedex)) => {
            reporter.raise(about(Problem::at("/adresse/cedex"), cedex));
        }
        _ => {}
    }
}

/// The word with the number of the office, which the town has several of: « CEDEX 9 ».
fn word_of(code: &str) -> Option<&'static str> {
    let label = cedex_label(code)?;
    let word = &label[label.find("CEDEX")?..];
    let number = word["CEDEX".len()..].trim_start();
    (number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(word)
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn the_word_and_the_code_go_together() {
        let count = |address: &str| raised(&super::RULE, &format!(r#"{{"adresse":{{{address}}}}}"#)).len();
        assert_eq!(count(r#""code_postal":"21071","commune":"Dijon""#), 1);
        assert_eq!(count(r#""code_postal":"21000","commune":"Dijon","cedex":"Cedex 9""#), 1);
        assert_eq!(count(r#""code_postal":"21071","commune":"Dijon","cedex":"Cedex""#), 0);
        assert_eq!(count(r#""code_postal":"21000","commune":"Dijon""#), 0);
        assert_eq!(count(r#""code_postal":"21099","commune":"Dijon","cedex":"Cedex""#), 0);
        assert_eq!(count(r#""code_postal":"21071""#), 0);
        assert_eq!(count(r#""mention":"BP 12","code_postal":"98713","commune":"Papeete""#), 0);
        let suggested = |address: &str| raised(&super::RULE, &format!(r#"{{"adresse":{{{address}}}}}"#))[0].suggested();
        assert_eq!(suggested(r#""code_postal":"21071","commune":"Dijon""#).as_deref(), Some("CEDEX"));
        assert_eq!(suggested(r#""code_postal":"20191","commune":"Ajaccio""#).as_deref(), Some("CEDEX 1"));
    }
}
