//! A text is the error of a spreadsheet formula.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::record::At;
use crate::rules::{Problem, Reporter, Rule, TextCheck, Topic};
use crate::text::formula::is_error;

pub(super) static RULE: Rule = Rule {
    code: "formula-error",
    topic: Topic::SpreadsheetDamage,
    level: Level::Error,
    summary: Phrase {
        fr: "Un texte est l’erreur d’une formule de tableur.",
        en: "A text is the error of a spreadsheet formula.",
    },
    message: Phrase {
        fr: "« {value} » est l’erreur d’une formule, pas une valeur.",
        en: "“{value}” is the error of a formula, not a value.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Chaque texte est comparé aux erreurs que les tableurs affichent quand une formule échoue : \
             #REF!, #N/A, #VALEUR!, #NOM?, #DIV/0!… La vraie valeur est perdue, et l’erreur serait \
             publiée à sa place. Réparez la formule dans le tableur, ou tapez la valeur elle-même.",
        en: "Each text is compared with the errors that spreadsheets show when a formula fails: #REF!, \
             #N/A, #VALUE!, #NAME?, #DIV/0!… The real value is lost, and the error would be published in \
             its place. Repair the formula in the spreadsheet, or type the value itself.",
    },
    basis: "",
    wrong: r##"{"nom":"Fabriques du Quercy","adresse":{"commune":"#REF!"}}"##,
    right: r#"{"nom":"Fabriques du Quercy","adresse":{"commune":"Figeac"}}"#,
    check: TextCheck::of_damage(check),
};

fn check(_: &Entry, at: At, text: &str, reporter: &mut Reporter<'_>) {
    if is_error(text) {
        reporter.raise(Problem::at(at.pointer()));
    }
}
