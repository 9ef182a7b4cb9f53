//! A postal code is not five digits.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "malformed-postal-code",
    topic: Topic::Address,
    level: Level::Error,
    summary: Phrase {
        fr: "Un code postal n’existe pas ou n’a pas cinq chiffres.",
        en: "A postal code does not exist or has not five digits.",
    },
    message: Phrase { fr: "« {value} » n’est pas un code postal.", en: "“{value}” is not a postal code." },
    expected: Phrase { fr: "Cinq chiffres, de 01000 à 98999.", en: "Five digits, from 01000 to 98999." },
    explanation: Phrase {
        fr: "Un code postal français a cinq chiffres, sans espace ni lettre : 05000, 20200, 97400. Sinon, \
             le courrier n’arrive pas et la fiche ne peut être placée sur la carte. Corrigez-le d’après \
             l’adresse.",
        en: "A French postal code has five digits, without spaces or letters: 05000, 20200, 97400. \
             Otherwise mail does not arrive and the record cannot be put on the map. Correct it from the \
             address.",
    },
    basis: "AFNOR NF Z10-011 ; La Poste, base officielle des codes postaux",
    wrong: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"7 rue des Tanneurs","code_postal":"4610"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"7 rue des Tanneurs","code_postal":"46100"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    if let Some(code) = &entry.record.address.postal_code
        && !is_postal_code(code)
    {
        let problem = Problem::at("/adresse/code_postal");
        reporter.raise(match repaired(code) {
            Some(repaired) => problem.suggest(repaired, Confidence::High),
            None => problem,
        });
    }
}

/// Whether a text has the form of a postal or CEDEX code.
pub(super) fn is_postal_code(code: &str) -> bool {
    code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit()) && ("01000"..="98999").contains(&code)
}

/// The code, when only its dress is wrong: a country before it, its commune behind, spaces, letters like digits.
fn repaired(code: &str) -> Option<String> {
    let code = code.trim();
    let code = code.strip_suffix(".0").unwrap_or(code);
    let bare = ["FR", "fr", "F", "f"].iter().find_map(|country| code.strip_prefix(country)).unwrap_or(code);
    let bare = bare.trim_start_matches(['-', ' ', '\u{a0}']);
    let mut repaired = String::with_capacity(5);
    for (at, c) in bare.char_indices() {
        // « 46100 Figeac ».
        if repaired.len() == 5
            && bare[at..].starts_with([' ', ','])
            && !bare[at..].contains(|c: char| c.is_ascii_digit())
        {
            break;
        }
        match c {
            '0'..='9' => repaired.push(c),
            'O' | 'o' => repaired.push('0'),
            'I' | 'l' => repaired.push('1'),
            ' ' | '\u{a0}' | '\u{202f}' | '.' => {}
            _ => return None,
        }
    }
    is_postal_code(&repaired).then_some(repaired)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dress_is_taken_off() {
        for (code, right) in [
            ("F-01400", "01400"),
            ("FR 01400", "01400"),
            ("01 400", "01400"),
            ("014OO", "01400"),
            ("750O8", "75008"),
            ("46100 Figeac", "46100"),
            ("46100.0", "46100"),
        ] {
            assert!(!is_postal_code(code));
            assert_eq!(repaired(code).as_deref(), Some(right), "{code}");
        }
        for code in ["1400", "014000", "00999", "99100", "Figeac", "46100 / 46000", "2A000", ""] {
            assert!(!is_postal_code(code));
            assert_eq!(repaired(code), None, "{code}");
        }
    }
}
