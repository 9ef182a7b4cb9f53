//! A SIREN number is impossible.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "invalid-siren",
    topic: Topic::Identifiers,
    level: Level::Error,
    summary: Phrase { fr: "Un numéro SIREN n’est pas possible.", en: "A SIREN number is not possible." },
    message: Phrase { fr: "« {value} » n’est pas un numéro SIREN.", en: "“{value}” is not a SIREN number." },
    expected: Phrase {
        fr: "Neuf chiffres, dont le dernier est une clé de contrôle.",
        en: "Nine digits, the last of which is a check digit.",
    },
    explanation: Phrase {
        fr: "Un SIREN a neuf chiffres, et le dernier se calcule à partir des autres : une faute de frappe \
             se voit. Avec un mauvais numéro, la structure ne se retrouve pas dans les répertoires \
             publics. Recopiez-le depuis l’avis de situation de l’Insee, sans espaces.",
        en: "A SIREN has nine digits, and the last is computed from the others, so that slips can be \
             seen. With a wrong number the organisation is not found in public registers. Copy it from \
             the Insee register, without spaces.",
    },
    basis: "Code de commerce, art. R123-221 ; ISO/IEC 7812-1 (clé de Luhn)",
    wrong: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre","siren":"999164081"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre","siren":"999164080"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    if let Some(siren) = &entry.record.coordinator.siren
        && !is_siren(siren)
    {
        reporter.raise(with_repair(Problem::at("/coordinateur/siren"), siren, is_siren));
    }
}

/// Whether a text is a possible SIREN.
pub(super) fn is_siren(text: &str) -> bool {
    text.len() == 9 && digits(text) && luhn(text) && text != "000000000"
}

/// Whether a text is nothing but digits.
pub(super) fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The check of Luhn on digits: every second one from the right counts twice.
pub(super) fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(rank, byte)| {
            let digit = u32::from(byte - b'0') << (rank % 2);
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Adds the compact form when it is right. Then only separators are wrong, which is less grave than wrong digits.
pub(super) fn with_repair(problem: Problem, number: &str, is_right: fn(&str) -> bool) -> Problem {
    let compact: String =
        number.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{a0}' | '\u{202f}' | '\u{2009}')).collect();
    if is_right(&compact) {
        return problem.suggest(compact, Confidence::High).softened(Level::Warning);
    }
    let lettered = compact.replace(['O', 'o'], "0");
    if is_right(&lettered) { problem.suggest(lettered, Confidence::High) } else { problem }
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
}
