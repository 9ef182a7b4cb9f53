//! A SIRET number is impossible, or not one of that SIREN.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reading::sirene::{compact, is_siren, is_siret, repaired};
use crate::rules::sirene::with_repair;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "invalid-siret",
    topic: Topic::Identifiers,
    level: Level::Error,
    summary: Phrase {
        fr: "Un numéro SIRET n’est pas possible, ou n’est pas celui du SIREN donné.",
        en: "A SIRET number is not possible, or does not belong to the given SIREN.",
    },
    message: Phrase { fr: "« {value} » n’est pas un numéro SIRET.", en: "“{value}” is not a SIRET number." },
    expected: Phrase {
        fr: "Quatorze chiffres sans espaces : le SIREN, puis cinq chiffres dont le dernier est une clé de contrôle.",
        en: "Fourteen digits without spaces: the SIREN, then five digits the last of which is a check digit.",
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

const OF_ANOTHER: Phrase = Phrase {
    fr: "« {value} » est le numéro SIRET d’une autre structure : il ne commence pas par le SIREN {siren}.",
    en: "“{value}” is the SIRET number of another organisation: it does not begin with the SIREN {siren}.",
};

const A_SIREN: Phrase = Phrase {
    fr: "« {value} » est un numéro SIREN : il lui manque les cinq chiffres de l’établissement.",
    en: "“{value}” is a SIREN number: the five digits of the establishment lack.",
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let coordinator = &entry.record.coordinator;
    let Some(siret) = &coordinator.siret else { return };
    let siren = coordinator.siren.filter(|siren| is_siren(siren));
    let problem = || Problem::at("/coordinateur/siret");
    if is_siret(siret) {
        if let Some(siren) = siren.filter(|siren| !siret.starts_with(siren)) {
            reporter.raise(problem().with("siren", siren).saying(OF_ANOTHER));
        }
        return;
    }
    reporter.raise(match (repaired(siret, is_siret), siren.and_then(|siren| begun_with(siren, siret))) {
        (Some(right), _) => with_repair(problem(), right),
        (None, Some(right)) => problem().suggest(right, Confidence::Medium),
        (None, None) if is_siren(&compact(siret)) => problem().saying(A_SIREN),
        (None, None) => problem(),
    });
}

/// The number with the SIREN of the record for its first nine digits, when that makes it right.
fn begun_with(siren: &str, siret: &str) -> Option<String> {
    let right = format!("{siren}{}", siret.get(9..)?);
    is_siret(&right).then_some(right)
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
        for siret in
            ["73282932000075", "7328293200007", "732829320000740", "73282932A00074", "35600000049838", "35600000029617"]
        {
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

    #[test]
    fn the_siren_mends_the_siret() {
        let suggestion = |json| raised(&RULE, json)[0].suggestion.clone();
        let mended = suggestion(r#"{"coordinateur":{"siren":"732829320","siret":"73282923000074"}}"#);
        assert_eq!(mended, Some(("73282932000074".to_owned(), Confidence::Medium)));
        // A slip behind the SIREN, and a SIREN alone, leave several readings.
        for json in [
            r#"{"coordinateur":{"siren":"732829320","siret":"73282932000075"}}"#,
            r#"{"coordinateur":{"siret":"73282923000074"}}"#,
            r#"{"coordinateur":{"siret":"732829320"}}"#,
            r#"{"coordinateur":{"siren":"732829320","siret":"732829320"}}"#,
        ] {
            assert_eq!(suggestion(json), None, "{json}");
        }
        let dressed = suggestion(r#"{"coordinateur":{"siret":"SIRET 732 829 320 00074"}}"#);
        assert_eq!(dressed, Some(("73282932000074".to_owned(), Confidence::High)));
    }
}
