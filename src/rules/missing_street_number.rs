//! A street has no number.

use crate::address::streets::Street;
use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "missing-street-number",
    topic: Topic::Address,
    level: Level::Info,
    summary: Phrase { fr: "Une voie n’a pas de numéro.", en: "A street has no number." },
    message: Phrase { fr: "« {value} » n’a pas de numéro.", en: "“{value}” has no number." },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "La ligne commence par un type de voie (rue, avenue, place…) sans numéro. Le lieu exact reste \
             inconnu, et la carte montrera le milieu de la rue. Ajoutez le numéro s’il existe ; les zones \
             d’activités, résidences et lieux-dits n’en ont pas besoin.",
        en: "The line begins with a type of street (rue, avenue, place…) without a number. The exact \
             place stays unknown, and the map will show the middle of the street. Add the number if there \
             is one; business parks, estates and hamlets need none.",
    },
    basis: "AFNOR NF Z10-011, ligne 4",
    wrong: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"Avenue des Noisetiers","code_postal":"46100"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"3, avenue des Noisetiers","code_postal":"46100"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    if entry.street() == Some(Street::WithoutNumber) {
        reporter.raise(Problem::at("/adresse/voie"));
    }
}
