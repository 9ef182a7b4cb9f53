//! A SIRET number is impossible, or not one of that SIREN.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::invalid_siren::{digits, is_siren, luhn, with_repair};
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "invalid-siret",
    topic: Topic::Identifiers,
    level: Level::Error,
    summary: Phrase {
        fr: "Un numéro SIRET n’est pas possible, ou n’est pas celui du SIREN donné.",
        en: "A SIRET number is not possible, or does not belong to the given SIREN.",
    },
    message: Phrase {
        fr: "« {value} » n’est pas un numéro SIRET de ce coordinateur.",
        en: "“{value}” is not a SIRET number of this coordinator.",
    },
    expected: Phrase {
        fr: "Quatorze chiffres : le SIREN, puis cinq chiffres dont le dernier est une clé de contrôle.",
        en: "Fourteen digits: the SIREN, then five digits the last of which is a check digit.",
    },
    explanation: Phrase {
        fr: "Un SIRET a quatorze chiffres : les neuf du SIREN, puis cinq pour l’établissement, avec une \
             clé de contrôle qui révèle les fautes de frappe. Si la fiche donne aussi un SIREN, le SIRET \
             doit commencer par lui. Avec un mauvais numéro, l’aide peut être versée à une autre \
             structure. Recopiez-le depuis l’avis de situation de l’Insee, sans espaces.",
        en: "A SIRET has fourteen digits: the nine of the SIREN, then five for the establishment, with a \
             check digit that reveals slips. If the record also gives a SIREN, the SIRET must begin with \
             it. With a wrong number, money may be paid to another organisation. Copy it from the Insee \
             register, without spaces.",
    },
    basis: "Code de commerce, art. R123-221 ; ISO/IEC 7812-1 (clé de Luhn ; exception de La Poste)",
    wrong: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre","siret":"99916408000016"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre","siret":"99916408000015"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let coordinator = &entry.record.coordinator;
    let Some(siret) = &coordinator.siret else { return };
    if !is_siret(siret) {
        reporter.raise(with_repair(Problem::at("/coordinateur/siret"), siret, is_siret));
    } else if coordinator.siren.as_deref().is_some_and(|siren| is_siren(siren) && !siret.starts_with(siren)) {
        reporter.raise(Problem::at("/coordinateur/siret"));
    }
}

/// Whether a text is a possible SIRET.
pub(super) fn is_siret(text: &str) -> bool {
    if text.len() != 14 || !digits(text) || !is_siren(&text[..9]) {
        return false;
    }
    // La Poste has more establishments than the check of Luhn leaves numbers for.
    let la_poste =
        || text.starts_with("356000000") && text.bytes().map(|byte| u32::from(byte - b'0')).sum::<u32>() % 5 == 0;
    luhn(text) || la_poste()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::raised;

    #[test]
    fn the_check_digit_counts() {
        // The head office of La Poste follows the rule of Luhn, its establishments another one.
        for siret in ["73282932000074", "35600000000048", "35600000049837"] {
            assert!(is_siret(siret), "{siret}");
        }
        for siret in ["73282932000075", "7328293200007", "732829320000740", "73282932A00074", "35600000049838"] {
            assert!(!is_siret(siret), "{siret}");
        }
    }

    #[test]
    fn siret_and_siren_go_together() {
        let count = |json| raised(&RULE, json).len();
        assert_eq!(count(r#"{"coordinateur":{"siren":"732829320","siret":"73282932000074"}}"#), 0);
        assert_eq!(count(r#"{"coordinateur":{"siren":"999164080","siret":"73282932000074"}}"#), 1);
        let problems = raised(&RULE, r#"{"coordinateur":{"siret":"732 829 320 00074"}}"#);
        assert_eq!(problems[0].suggested().as_deref(), Some("73282932000074"));
        assert_eq!(problems[0].level, Some(Level::Warning));
    }
}
