//! A text is not a number of the national register of associations.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reading::sirene::{compact_rna, is_rna, is_siren, without_label};
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "invalid-rna",
    topic: Topic::Identifiers,
    level: Level::Error,
    summary: Phrase { fr: "Un numéro RNA n’a pas la bonne forme.", en: "An RNA number is not of the right form." },
    message: Phrase {
        fr: "« {value} » ne convient pas comme numéro RNA.",
        en: "“{value}” does not do as an RNA number.",
    },
    expected: Phrase {
        fr: "La lettre W suivie de neuf chiffres, sans espaces.",
        en: "The letter W followed by nine digits, without spaces.",
    },
    explanation: Phrase {
        fr: "Le numéro d’une association au répertoire national s’écrit W suivi de neuf chiffres, comme \
             W462999104. Sous une autre forme, l’association ne se retrouve pas au répertoire. \
             Recopiez-le depuis le récépissé de la préfecture ; laissez la cellule vide pour une \
             association d’Alsace ou de Moselle, qui n’en a pas.",
        en: "The number of an association in the French national register is W followed by nine digits, \
             such as W462999104. In any other form the association is not found in the register. Copy it \
             from the receipt of the prefecture; leave the cell empty for an association of Alsace or \
             Moselle, which has none.",
    },
    basis: "Arrêté du 14 octobre 2009 portant création du répertoire national des associations",
    wrong: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre","rna":"462999104"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre","rna":"W462999104"}}"#,
    check: Check::Record(check),
};

const DRESSED: Phrase = Phrase {
    fr: "« {value} » s’écrit {suggestion}, avec un W majuscule et sans rien d’autre que ses chiffres.",
    en: "“{value}” is written {suggestion}, with a capital W and nothing but its digits.",
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    if let Some(rna) = &entry.record.coordinator.rna
        && !is_rna(rna)
    {
        let problem = Problem::at("/coordinateur/rna");
        let compact = compact_rna(rna);
        let unlabelled = without_label(&compact);
        let lettered = unlabelled.replace('O', "0");
        let completed = format!("W{unlabelled}");
        reporter.raise(if is_rna(unlabelled) {
            problem.suggest(unlabelled, Confidence::High).with_level(Level::Warning).saying(DRESSED)
        } else if is_rna(&lettered) {
            problem.suggest(lettered, Confidence::Medium)
        } else if is_rna(&completed) && !is_siren(unlabelled) {
            // Nine digits whose key is right are rather a SIREN.
            problem.suggest(completed, Confidence::Medium)
        } else {
            problem
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::raised;

    #[test]
    fn forms_are_told_apart() {
        for rna in ["W462999104", "W2A1999104", "W9C1999104"] {
            assert!(is_rna(rna), "{rna}");
        }
        for rna in ["462999104", "W46299910", "W4629991044", "w462999104", "W46299910A", "WA62999104", ""] {
            assert!(!is_rna(rna), "{rna}");
        }
    }

    #[test]
    fn plain_slips_get_a_suggestion() {
        let found = |rna: &str| {
            let problems = raised(&RULE, &format!(r#"{{"coordinateur":{{"rna":"{rna}"}}}}"#));
            (problems[0].suggestion.clone(), problems[0].level)
        };
        let right = |confidence| Some(("W462999104".to_owned(), confidence));
        for rna in
            ["w462999104", "W 462 999 104", "W46-2999104", "RNA : W462999104", "N° W462999104", "RNA n° w462 999 104"]
        {
            assert_eq!(found(rna), (right(Confidence::High), Some(Level::Warning)), "{rna}");
        }
        assert_eq!(found("W4629991O4"), (right(Confidence::Medium), None));
        assert_eq!(found("462999104"), (right(Confidence::Medium), None));
        for rna in ["732829320", "W46299910", "0462999104", "Quimper"] {
            assert_eq!(found(rna), (None, None), "{rna}");
        }
    }

    /// Alsace and Moselle have their own register, but a number of theirs is no error of form.
    #[test]
    fn no_department_is_refused() {
        for rna in ["W572999104", "W672999104", "W682999104", "W2B1999104", "W9R1999104"] {
            assert!(is_rna(rna), "{rna}");
        }
    }
}
