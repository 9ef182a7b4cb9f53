//! A SIREN number is impossible.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reading::sirene::{compact, is_siren, is_siret, repaired};
use crate::rules::sirene::with_repair;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "invalid-siren",
    topic: Topic::Identifiers,
    level: Level::Error,
    summary: Phrase { fr: "Un numéro SIREN n’est pas possible.", en: "A SIREN number is not possible." },
    message: Phrase {
        fr: "« {value} » ne convient pas comme numéro SIREN.",
        en: "“{value}” does not do as a SIREN number.",
    },
    expected: Phrase {
        fr: "Neuf chiffres sans espaces, dont le dernier est une clé de contrôle.",
        en: "Nine digits without spaces, the last of which is a check digit.",
    },
    explanation: Phrase {
        fr: "Un SIREN a neuf chiffres, et le dernier se calcule à partir des autres : une faute de frappe \
             se voit. Avec un mauvais numéro, la structure ne se retrouve pas dans les répertoires \
             publics. Les neuf premiers chiffres d’un SIRET sont un SIREN : s’il y en a un dans la fiche, \
             ils vous sont proposés, à confirmer. Recopiez-le depuis l’avis de situation de l’Insee, sans \
             espaces.",
        en: "A SIREN has nine digits, and the last is computed from the others, so that slips can be \
             seen. With a wrong number the organisation is not found in public registers. The first nine \
             digits of a SIRET are a SIREN: if the record has one they are suggested, for you to confirm. \
             Copy it from the Insee register, without spaces.",
    },
    basis: "Code de commerce, art. R123-221 ; ISO/IEC 7812-1 (clé de Luhn)",
    wrong: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre","siren":"999164081"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre","siren":"999164080"}}"#,
    check: Check::Record(check),
};

const OF_SIRET: Phrase = Phrase {
    fr: "« {value} » est un numéro SIRET : le SIREN en est les neuf premiers chiffres.",
    en: "“{value}” is a SIRET number: the SIREN is its first nine digits.",
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let coordinator = &entry.record.coordinator;
    if let Some(siren) = &coordinator.siren
        && !is_siren(siren)
    {
        let problem = Problem::at("/coordinateur/siren");
        let elsewhere = || siren_within(siren).or_else(|| siren_within(coordinator.siret?));
        let problem = if is_siret(&compact(siren)) { problem.saying(OF_SIRET) } else { problem };
        reporter.raise(match repaired(siren, is_siren) {
            Some(right) => with_repair(problem, right),
            None => match elsewhere() {
                Some(right) => problem.suggest(right, Confidence::Medium),
                None => problem,
            },
        });
    }
}

/// The SIREN in a SIRET, or in the number for value-added tax, which is `FR`, a key of two digits, and the SIREN.
fn siren_within(number: &str) -> Option<String> {
    let compact = compact(number);
    if is_siret(&compact) {
        return Some(compact[..9].to_owned());
    }
    let siren = compact.strip_prefix("FR").and_then(|rest| rest.get(2..))?;
    is_siren(siren).then(|| siren.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::raised;

    #[test]
    fn the_check_digit_counts() {
        assert!(is_siren("732829320"));
        assert!(is_siren("356000000"));
        for siren in ["732829321", "73282932", "7328293200", "73282932A", "000000000", ""] {
            assert!(!is_siren(siren), "{siren}");
        }
    }

    #[test]
    fn spaces_are_less_grave() {
        let problems = raised(&RULE, r#"{"coordinateur":{"siren":"732 829 320"}}"#);
        assert_eq!(problems[0].suggested().as_deref(), Some("732829320"));
        assert_eq!(problems[0].level, Some(Level::Warning));
        let problems = raised(&RULE, r#"{"coordinateur":{"siren":"73282932O"}}"#);
        assert_eq!(problems[0].suggested().as_deref(), Some("732829320"));
        assert_eq!(problems[0].level, None);
    }

    #[test]
    fn a_siret_gives_the_siren() {
        let suggestion = |json: &str| {
            let problems = raised(&RULE, json);
            assert_eq!(problems.len(), 1, "{json}");
            problems[0].suggestion.clone()
        };
        let likely = Some(("732829320".to_owned(), Confidence::Medium));
        for json in [
            r#"{"coordinateur":{"siren":"73282932000074"}}"#,
            r#"{"coordinateur":{"siren":"732 829 320 00074"}}"#,
            r#"{"coordinateur":{"siren":"FR44732829320"}}"#,
            r#"{"coordinateur":{"siren":"732829330","siret":"73282932000074"}}"#,
        ] {
            assert_eq!(suggestion(json), likely, "{json}");
        }
        for json in [
            r#"{"coordinateur":{"siren":"732829321"}}"#,
            r#"{"coordinateur":{"siren":"732829230"}}"#,
            r#"{"coordinateur":{"siren":"732829321","siret":"73282932000075"}}"#,
            r#"{"coordinateur":{"siren":"123456789012345"}}"#,
        ] {
            assert_eq!(suggestion(json), None, "{json}");
        }
    }

    #[test]
    fn what_is_only_written_otherwise_is_sure() {
        for siren in ["732.829.320", "732\u{a0}829\u{a0}320", "732829320.0", "SIREN : 732 829 320", "N° 732-829-320"] {
            let problems = raised(&RULE, &format!(r#"{{"coordinateur":{{"siren":"{siren}"}}}}"#));
            assert_eq!(problems[0].suggestion, Some(("732829320".to_owned(), Confidence::High)), "{siren}");
            assert_eq!(problems[0].level, Some(Level::Warning), "{siren}");
        }
    }
}
