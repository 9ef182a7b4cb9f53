//! A text is not a telephone number.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};
use crate::text::phones::{Kind, Number, each_number, is_separator};

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
             moins ou une lettre, personne ne répondra. Vérifiez le numéro auprès du contact. Plusieurs \
             numéros peuvent se suivre, séparés par « / », « , » ou « ou », et dire ce qu’ils sont \
             (« Tél. », « fax »), s’ils sont tous justes ; d’autres mots autour d’un numéro juste sont \
             une faute moins grave.",
        en: "A French number has ten digits and begins with 0, or with +33 without the 0; overseas, \
             foreign and short numbers are accepted. With a digit too many, one too few or a letter, \
             nobody will answer. Check the number with the contact. Several numbers may follow each \
             other, separated by “/”, “,” or “ou”, and say what they are (“Tél.”, “fax”), if all of them \
             are right; other words around a right number are less grave.",
    },
    basis: "Arcep, décision n° 2018-0881 modifiée (plan national de numérotation) ; UIT-T E.164",
    wrong: r#"{"nom":"Fabriques du Quercy","contacts":[{"telephone":"01 99 00 12 3"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","contacts":[{"telephone":"01 99 00 12 34"}]}"#,
    check: Check::Record(check),
};

const AMONG_WORDS: Phrase = Phrase {
    fr: "« {value} » dit autre chose encore qu’un numéro de téléphone.",
    en: "“{value}” says more than a telephone number.",
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    for (rank, contact) in entry.record.contacts.iter().enumerate() {
        if let Some(phone) = &contact.phone
            && !are_numbers(phone)
        {
            let problem = Problem::at(format!("/contacts/{rank}/telephone"));
            let only = only_number(phone);
            let problem = match only.is_some() || stands_among_words(phone) {
                true => problem.with_level(Level::Warning).saying(AMONG_WORDS),
                false => problem,
            };
            let suggested = repaired(phone).or_else(|| only.map(|number| (number.to_owned(), Confidence::Medium)));
            reporter.raise(match suggested {
                Some((number, confidence)) => problem.suggest(number, confidence),
                None => problem,
            });
        }
    }
}

/// Whether a text is one number, or several that are set apart.
fn are_numbers(text: &str) -> bool {
    each_number(text, |_| {})
}

/// The number, when only its dress is wrong: words before it, letters like digits, an idle 0 behind the country.
fn repaired(text: &str) -> Option<(String, Confidence)> {
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
            c if is_separator(c) || is_invisible(c) || matches!(c, '(' | ')' | ',' | ':' | '_' | '/') => {}
            _ => return None,
        }
    }
    let behind = |code: &str| digits.strip_prefix("00").and_then(|digits| digits.strip_prefix(code));
    let own = ["33", "262", "508", "590", "594", "596"]
        .into_iter()
        .find_map(|code| behind(code).map(|own| (code, own)))
        .or_else(|| digits.strip_prefix("33").filter(|own| own.len() >= 9).map(|own| ("33", own)));
    let number = match own {
        Some((_, own)) => Number::parse(&format!("0{}", own.trim_start_matches('0'))),
        None => Number::parse(&digits),
    };
    let number = number.filter(|number| !matches!(number.kind, Kind::Short | Kind::Foreign))?;
    // An overseas number has the code of its territory: either that or the number is wrong.
    let is_elsewhere = own.is_some_and(|(code, _)| code != number.country);
    Some((number.display(), if is_elsewhere { Confidence::Medium } else { Confidence::High }))
}

/// The one number that words stand around, as it is written: « 04 65 71 56 72 (mairie) », « Poste 152 : 04 65 71 56 72 ».
/// Other digits are those of an extension or of hours, which a letter tells.
fn only_number(text: &str) -> Option<&str> {
    let is_of_number = |c: char| c.is_ascii_digit() || is_separator(c) || c == '+';
    let mut number = None;
    let mut rest = 0;
    while let Some(from) = text[rest..].find(|c: char| c.is_ascii_digit() || c == '+') {
        let start = rest + from;
        rest = text[start..].find(|c| !is_of_number(c)).map_or(text.len(), |end| start + end);
        let run = text[start..rest].trim_end_matches(is_separator);
        let has_letter = || {
            let before = text[..start].trim_end_matches(|c: char| is_separator(c) || matches!(c, '(' | ':' | '°'));
            let is_mark = |c: char| c.is_alphabetic() || c == '#';
            before.ends_with(is_mark) || text[start + run.len()..].starts_with(is_mark)
        };
        match Number::parse(run).filter(|number| number.kind != Kind::Foreign) {
            Some(one) if one.kind != Kind::Short || run.len() == text.bytes().filter(u8::is_ascii_digit).count() => {
                if number.replace(run).is_some() {
                    return None;
                }
            }
            _ if run.len() <= LONGEST_EXTENSION && has_letter() => {}
            _ => return None,
        }
    }
    number
}

/// Digits of the longest extension within an organisation.
const LONGEST_EXTENSION: usize = 5;

/// Marks of the direction of writing and other signs without a shape, which copies from an address book bring along.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether words go before or after a right number: somebody would answer there.
fn stands_among_words(text: &str) -> bool {
    let is_blank = |c: char| is_separator(c) || is_invisible(c) || matches!(c, ':' | '(' | ')' | ',');
    let starts = text.trim_start_matches(|c: char| c.is_alphabetic() || is_blank(c) || matches!(c, '°' | '’' | '\''));
    let end = starts.find(char::is_alphabetic).unwrap_or(starts.len());
    are_numbers(starts[..end].trim_matches(is_blank))
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
            ("Mairie : 01 99 00 12 34", "01 99 00 12 34"),
            ("M. Untel : 01 99 00 12 34", "01 99 00 12 34"),
            ("\u{202d}01 99 00 12 34\u{202c}", "01 99 00 12 34"),
            ("01/99/00/12/34", "01 99 00 12 34"),
            ("+262 0262 12 34 56", "0262 12 34 56"),
            ("+33 0199001234", "01 99 00 12 34"),
            ("(0)1 99 00 12 34", "01 99 00 12 34"),
            ("+33 (0)0 199001234", "01 99 00 12 34"),
            ("01,99,00,12,34", "01 99 00 12 34"),
        ] {
            assert!(!are_numbers(phone), "{phone}");
            assert_eq!(repaired(phone), Some((right.to_owned(), Confidence::High)), "{phone}");
        }
        for phone in ["019900123", "01990012347", "Mairie", "", "01 99 00 12 34 poste 12"] {
            assert_eq!(repaired(phone), None, "{phone}");
        }
    }

    #[test]
    fn a_number_abroad_has_its_own_code() {
        assert_eq!(repaired("+33 262 12 34 56"), Some(("0262 12 34 56".to_owned(), Confidence::Medium)));
    }

    #[test]
    fn the_number_among_words_is_proposed() {
        for text in [
            "01 99 00 12 34 (mairie)",
            "01 99 00 12 34 poste 152",
            "01 99 00 12 34 (poste 15234)",
            "Poste 152 : 01 99 00 12 34",
            "01 99 00 12 34 #152",
            "01 99 00 12 34, p. 152",
            "01 99 00 12 34 / poste 152",
            "Accueil 01 99 00 12 34 (9h-12h, 14h-17h)",
        ] {
            assert_eq!(only_number(text), Some("01 99 00 12 34"), "{text}");
        }
        assert_eq!(only_number("3960 (Service public)"), Some("3960"));
        for text in [
            "01 99 00 12 34 / 35",
            "01 99 00 12 34 56",
            "01 99 00 12 34 (152)",
            "01 99 00 12 34 bureau 06 39 98 12 34",
            "01 99 00 12 34 bureau 06 39 98 12 3",
            "poste 152",
            "Mairie",
            "",
        ] {
            assert_eq!(only_number(text), None, "{text}");
        }
    }

    #[test]
    fn words_around_a_number_are_less_grave() {
        for phone in ["Mairie : 01 99 00 12 34", "01 99 00 12 34 poste 12", "01 99 00 12 34 (Mme Untel)"] {
            assert!(!are_numbers(phone) && stands_among_words(phone), "{phone}");
        }
        for phone in ["01 99 00 12 3", "01990O1234", "01 99 00 12 345", "Mairie", "01 99 00 12 34 / 35", "poste 12"] {
            assert!(!stands_among_words(phone), "{phone}");
        }
    }
}
