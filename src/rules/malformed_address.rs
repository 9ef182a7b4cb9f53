//! A street line does not read as number, type, name.

use crate::address::streets::Street;
use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "malformed-address",
    topic: Topic::Address,
    level: Level::Warning,
    summary: Phrase {
        fr: "Une ligne de voie ne se lit pas comme un numéro suivi d’une voie.",
        en: "A street line does not read as a number followed by a street.",
    },
    message: Phrase {
        fr: "« {value} » ne se lit pas comme une voie.", en: "“{value}” does not read as a street."
    },
    expected: Phrase {
        fr: "Un numéro, un type de voie, un nom : 27 bis, rue des Tanneurs.",
        en: "A number, a type of street, a name: 27 bis, rue des Tanneurs.",
    },
    explanation: Phrase {
        fr: "Après le numéro (et bis, ter, B…) on attend un type de voie : rue, avenue, place, zone \
             artisanale… Un numéro sans type, un courriel, un code postal suivi de sa commune ou de \
             simples chiffres font douter de toute la ligne. Complétez la voie d’après la source, et \
             mettez chaque information dans sa colonne.",
        en: "After the number (and bis, ter, B…) a type of street is expected: rue, avenue, place, zone \
             artisanale… A number without a type, an e-mail address, a postal code with its town, or mere \
             digits cast doubt on the whole line. Complete the street from the source, and put each piece \
             of information in its own column.",
    },
    basis: "AFNOR NF Z10-011, ligne 4",
    wrong: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"27, bis Jean-Jaurès","code_postal":"46100"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"27 bis, rue Jean-Jaurès","code_postal":"46100"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    if entry.street() == Some(Street::Malformed) {
        reporter.raise(Problem::at("/adresse/voie"));
    }
}
