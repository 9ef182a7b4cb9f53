//! A code was turned into a number with a power of ten.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::record::At;
use crate::rules::{Check, Problem, Reporter, Rule, TextCheck, Topic};

pub(super) static RULE: Rule = Rule {
    code: "scientific-notation",
    topic: Topic::SpreadsheetDamage,
    level: Level::Error,
    summary: Phrase {
        fr: "Un code a été changé en nombre à puissance de dix par un tableur.",
        en: "A spreadsheet turned a code into a number with a power of ten.",
    },
    message: Phrase {
        fr: "« {value} » n’est plus un code : le tableur en a perdu des chiffres.",
        en: "“{value}” is no longer a code: the spreadsheet has lost digits of it.",
    },
    expected: Phrase {
        fr: "Tous les chiffres du code, dans une cellule au format texte.",
        en: "All digits of the code, in a cell of text format.",
    },
    explanation: Phrase {
        fr: "Quand une colonne n’est pas au format texte, le tableur écrit les codes longs comme 3,56E+13 \
             et en perd les derniers chiffres. Ces chiffres ne se devinent pas. Donnez le format texte à \
             la colonne, puis tapez le code de nouveau d’après la source.",
        en: "When a column is not of text format, the spreadsheet writes long codes like 3.56E+13 and \
             loses their last digits. They cannot be guessed. Set the column to text format, then type \
             the code again from its source.",
    },
    basis: "",
    wrong: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre","siret":"3,56E+13"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre","siret":"99916408000015"}}"#,
    check: Check::Text(TextCheck { fields: CODES, longest: usize::MAX, is_of_damage: false, check }),
};

/// Fields of codes, whose digits all count.
const CODES: &[&str] = &[
    "/coordinateur/siren",
    "/coordinateur/siret",
    "/coordinateur/rna",
    "/adresse/code_postal",
    "/contacts/*/telephone",
    "/region/code",
    "/territoire/departements/*/code",
    "/territoire/communes/*/code_insee",
];

fn check(_: &Entry, at: At, text: &str, reporter: &mut Reporter<'_>) {
    if is_scientific(text) || at.field().pointer == "/coordinateur/siret" && has_lost_digits(text) {
        reporter.raise(Problem::at(at.pointer()));
    }
}

/// `3,56E+13`: digits, perhaps decimals, `E`, perhaps a sign, digits.
fn is_scientific(text: &str) -> bool {
    if text.len() > 24 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let Some((number, power)) = text.trim_end().split_once(['e', 'E']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = number.split_once([',', '.']).unwrap_or((number, "0"));
    digits(whole) && digits(decimals) && digits(power.strip_prefix(['+', '-']).unwrap_or(power))
}

/// `35600000000000`: what is left of `3,56E+13` once it is a number again. No establishment has such a number.
fn has_lost_digits(siret: &str) -> bool {
    siret.len() == 14
        && siret.bytes().all(|byte| byte.is_ascii_digit())
        && siret.ends_with("00000000")
        && siret.bytes().any(|byte| byte != b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten_are_recognised() {
        for text in ["3,56E+13", "3.56e13", "4E+08", "1,2E-3"] {
            assert!(is_scientific(text), "{text}");
        }
        for text in ["E12", "35600000000048", "3,56", "12 Eu", "1E", "1,E3", "2A", "W123E45"] {
            assert!(!is_scientific(text), "{text}");
        }
    }

    #[test]
    fn a_number_that_lost_its_digits_is_recognised() {
        for siret in ["35600000000000", "73282900000000"] {
            assert!(has_lost_digits(siret), "{siret}");
        }
        for siret in ["35600000000048", "73282932000074", "00000000000000", "356000000"] {
            assert!(!has_lost_digits(siret), "{siret}");
        }
    }
}
