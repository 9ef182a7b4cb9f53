//! A text is not a telephone number.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "malformed-phone",
    topic: Topic::Contact,
    level: Level::Error,
    summary: Phrase {
        fr: "Un texte n’est pas un numéro de téléphone possible.",
        en: "A text is not a possible telephone number.",
    },
    message: Phrase {
        fr: "« {value} » n’est pas un numéro de téléphone.", en: "“{value}” is not a telephone number."
    },
    expected: Phrase {
        fr: "Dix chiffres qui commencent par 0, ou un numéro international qui commence par +.",
        en: "Ten digits that begin with 0, or an international number that begins with +.",
    },
    explanation: Phrase {
        fr: "Un numéro français a dix chiffres et commence par 0, ou par +33 sans le 0 ; les numéros \
             d’outre-mer, de l’étranger et les numéros courts sont admis. Avec un chiffre de trop, un de \
             moins ou une lettre, personne ne répondra. Vérifiez le numéro auprès du contact. Deux \
             numéros peuvent se suivre, séparés par « / » ou « ou », s’ils sont tous deux justes.",
        en: "A French number has ten digits and begins with 0, or with +33 without the 0; overseas, \
             foreign and short numbers are accepted. With a digit too many, one too few or a letter, \
             nobody will answer. Check the number with the contact. Two numbers may follow each other, \
             separated by “/” or “ou”, if both are right.",
    },
    basis: "Arcep, décision n° 2018-0881 modifiée (plan national de numérotation) ; UIT-T E.164",
    wrong: r#"{"nom":"Fabriques du Quercy","contacts":[{"telephone":"01 99 00 12 3"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","contacts":[{"telephone":"01 99 00 12 34"}]}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    for (rank, contact) in entry.record.contacts.iter().enumerate() {
        if let Some(phone) = &contact.phone
            && !are_numbers(phone)
        {
            let problem = Problem::at(format!("/contacts/{rank}/telephone"));
            reporter.raise(match repaired(phone) {
                Some(repaired) => problem.suggest(repaired, Confidence::High),
                None => problem,
            });
        }
    }
}

/// Whether a text is one number, or several that are set apart.
fn are_numbers(text: &str) -> bool {
    text.split(['/', ';', '|']).all(|part| {
        // « 01… ou 06… »: the only letters that may stand in a number.
        let mut rest = part;
        while let Some((before, after)) = rest.split_once(" ou ").or_else(|| rest.split_once(" et ")) {
            if !is_number(before) {
                return false;
            }
            rest = after;
        }
        is_number(rest)
    })
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '.' | '-' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2011}' | '\t')
}

fn is_number(text: &str) -> bool {
    let text = text.trim_matches(is_separator);
    let (international, text) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    // E.164 allows 15 digits; the trunk prefix 00 and an idle (0) make 18.
    let mut buffer = [0_u8; 18];
    let mut count = 0;
    let mut rest = text;
    let mut idle_zero = None;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("(0)") {
            if idle_zero.replace(count).is_some() {
                return false;
            }
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '0'..='9' if count < buffer.len() => {
                buffer[count] = c as u8;
                count += 1;
            }
            c if is_separator(c) => {}
            _ => return false,
        }
    }
    let digits = &buffer[..count];
    match (international, digits, idle_zero) {
        (true, digits, zero) => is_international(digits, zero),
        (false, [b'0', b'0', digits @ ..], zero) => is_international(digits, zero.map(|at| at.saturating_sub(2))),
        // `33 1 99 00 12 34` for `+33 1 99 00 12 34`.
        (false, [b'3', b'3', ..], zero) if count >= 11 => is_international(digits, zero),
        (false, [b'0', b'1'..=b'9', ..], None) => count == 10,
        (false, digits, None) => is_short(digits),
        (false, _, Some(_)) => false,
    }
}

/// Digits of a number from its country code on; `idle_zero` is where « (0) » stood among them.
fn is_international(digits: &[u8], idle_zero: Option<usize>) -> bool {
    let national = |code: &[u8], lengths: &[usize]| {
        digits
            .strip_prefix(code)
            .map(|rest| lengths.contains(&rest.len()) && rest[0] != b'0' && idle_zero.is_none_or(|at| at == code.len()))
    };
    national(b"33", &[9])
        .or_else(|| national(b"262", &[9]))
        .or_else(|| national(b"508", &[6, 9]))
        .or_else(|| national(b"590", &[9]))
        .or_else(|| national(b"594", &[9]))
        .or_else(|| national(b"596", &[9]))
        .or_else(|| national(b"687", &[6]))
        .or_else(|| national(b"689", &[6, 8]))
        .or_else(|| national(b"681", &[6]))
        .unwrap_or_else(|| (7..=15).contains(&digits.len()) && digits[0] != b'0')
}

/// Short numbers: 15, 17, 18, 112, 115…, 10xx, 3xxx, 118xxx, 116xxx.
fn is_short(digits: &[u8]) -> bool {
    matches!(
        digits,
        [b'1', b'5' | b'7' | b'8']
            | [b'1', b'1', b'2' | b'4' | b'5' | b'9']
            | [b'1', b'9', b'1' | b'6' | b'7']
            | [b'1', b'0', _, _]
            | [b'3', _, _, _]
            | [b'1', b'1', b'6' | b'8', _, _, _]
    )
}

/// Ten digits as they are printed: `01 99 00 12 34`.
pub(super) fn in_pairs(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 3 / 2);
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && at % 2 == 0 {
            text.push(' ');
        }
        text.push(c);
    }
    text
}

/// The number, when only its dress is wrong: a label before it, letters like digits, an idle 0 behind the country.
fn repaired(text: &str) -> Option<String> {
    let label_end = text.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(' | 'O' | 'o')).unwrap_or(0);
    let label = text[..label_end].chars().all(|c| c.is_alphabetic() || is_separator(c) || matches!(c, ':' | '°'));
    let text = if label { &text[label_end..] } else { text };
    let mut digits = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            'O' | 'o' => digits.push('0'),
            'I' | 'l' => digits.push('1'),
            '+' if digits.is_empty() => digits.push_str("00"),
            c if is_separator(c) || matches!(c, '(' | ')' | ',' | '_') => {}
            _ => return None,
        }
    }
    let national =
        match digits.strip_prefix("0033").or_else(|| digits.strip_prefix("33").filter(|rest| rest.len() >= 9)) {
            Some(rest) => format!("0{}", rest.trim_start_matches('0')),
            None => digits,
        };
    let right = national.len() == 10 && is_number(&national);
    right.then(|| in_pairs(&national))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_recognised() {
        for phone in [
            "01 99 00 12 34",
            "0199001234",
            "01.99.00.12.34",
            "01-99-00-12-34",
            "01\u{a0}99\u{a0}00\u{202f}12\u{a0}34",
            "+33 1 99 00 12 34",
            "+33199001234",
            "+33 (0)1 99 00 12 34",
            "+33(0)639981234",
            "0033 6 39 98 12 34",
            "0033 (0)6 39 98 12 34",
            "33 6 39 98 12 34",
            "0262 61 91 12",
            "+262 262 12 34 56",
            "+687 26 12 34",
            "+689 40 12 34 56",
            "+681 72 12 34",
            "+32 2 123 45 67",
            "+41 22 123 45 67",
            "3949",
            "1044",
            "118 712",
            "15",
            "112",
            "0800 12 34 56",
            "01 99 00 12 34 / 06 39 98 12 34",
            "01 99 00 12 34 ou 06 39 98 12 34",
        ] {
            assert!(are_numbers(phone), "{phone}");
        }
    }

    #[test]
    fn other_texts_are_not() {
        for phone in [
            "",
            "019900123",
            "01990012347",
            "01990O1234",
            "+33 (0)0 199001234",
            "+33 0199001234",
            "+33 1 99 00 12 3",
            "+687 26 12 3",
            "0099",
            "00 00 00 00 00",
            "199001234",
            "(0)1 99 00 12 34",
            "01 99 00 12 34 / 35",
            "01 99 00 12 34 ou",
            "Mairie",
            "+",
            "1999",
            "01 99 00 12 34 poste 12",
        ] {
            assert!(!are_numbers(phone), "{phone}");
        }
    }

    #[test]
    fn dress_is_taken_off() {
        for (phone, right) in [
            ("01990O1234", "01 99 00 12 34"),
            ("Tél. : 01 99 00 12 34", "01 99 00 12 34"),
            ("+33 0199001234", "01 99 00 12 34"),
            ("(0)1 99 00 12 34", "01 99 00 12 34"),
            ("+33 (0)0 199001234", "01 99 00 12 34"),
            ("01,99,00,12,34", "01 99 00 12 34"),
        ] {
            assert!(!are_numbers(phone), "{phone}");
            assert_eq!(repaired(phone).as_deref(), Some(right), "{phone}");
        }
        for phone in ["019900123", "01990012347", "Mairie", "", "01 99 00 12 34 poste 12"] {
            assert_eq!(repaired(phone), None, "{phone}");
        }
    }
}
