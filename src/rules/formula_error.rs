//! A text is the error of a spreadsheet formula.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::record::At;
use crate::rules::{Problem, Reporter, Rule, TextCheck, Topic};

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

/// What spreadsheets show in English and in French: Excel, LibreOffice, Google Sheets.
const ERRORS: &[&str] = &[
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#VALEUR!",
    "#NAME?",
    "#NOM?",
    "#DIV/0!",
    "#NULL!",
    "#NUL!",
    "#NUM!",
    "#NOMBRE!",
    "#SPILL!",
    "#CALC!",
    "#PROPAGATION!",
    "#CALCUL!",
    "#FIELD!",
    "#CHAMP!",
    "#ERROR!",
    "#ERREUR!",
];

fn check(_: &Entry, at: At, text: &str, reporter: &mut Reporter<'_>) {
    if is_error(text) {
        reporter.raise(Problem::at(at.pointer()));
    }
}

pub(crate) fn is_error(text: &str) -> bool {
    // LibreOffice numbers what it has no name for: « Err:502 ».
    if let Some(number) = text.strip_prefix("Err:") {
        return number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    }
    // French programs put a space before the mark.
    let signs = || text.chars().filter(|c| !c.is_whitespace());
    let is = |error: &&str| signs().map(|c| c.to_ascii_uppercase()).eq(error.chars());
    text.starts_with('#') && text.len() <= 20 && ERRORS.iter().any(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_formulas_are_known() {
        for text in
            ["#REF!", "#ref!", "#NOM?", "#NOM ?", "#NOM\u{a0}?", "#VALEUR\u{202f}!", "#N/A", "#ERROR!", "Err:502"]
        {
            assert!(is_error(text), "{text}");
        }
        for text in
            ["#Ensemble", "#1", "# REF", "Err:", "Err:50", "Err: 502 personnes", "Erreur", "#REF! et suite", "N/A"]
        {
            assert!(!is_error(text), "{text}");
        }
    }
}
