//! Texts that stand in the place of a value and give none: « néant », « à compléter », crosses, zeros.

use crate::text::fold::{first_letters, letters};

/// In lower case, without accents, spaces and punctuation.
const WORDS: &[&str] = &[
    "acompleter",
    "acompleterulterieurement",
    "aconfirmer",
    "adefinir",
    "adeterminer",
    "apreciser",
    "aremplir",
    "arenseigner",
    "asaisir",
    "aucun",
    "aucune",
    "enattente",
    "inconnu",
    "inconnue",
    "na",
    "nc",
    "neant",
    "nonapplicable",
    "noncommunique",
    "noncommuniquee",
    "nonconcerne",
    "nonconcernee",
    "nonconnu",
    "nonconnue",
    "nondefini",
    "nondefinie",
    "nondisponible",
    "nonprecise",
    "nonprecisee",
    "nonrenseigne",
    "nonrenseignee",
    "null",
    "pasdecontact",
    "pasdereferent",
    "sansobjet",
    "tbc",
    "tbd",
    "todo",
    "unknown",
    "vide",
];

/// Words that are as well the names or acronyms of somebody, so that they only say nothing where no name can stand.
const WORDS_OR_NAMES: &[&str] =
    &["avenir", "encours", "idem", "nan", "nd", "nil", "non", "none", "nr", "ras", "rien", "sans", "so"];

/// For each two first letters, the third letters of these words, a bit each; all bits where a word has but two.
static BEGINNINGS: [[u32; 26]; 26] = {
    let mut beginnings = [[0; 26]; 26];
    let lists = [WORDS, WORDS_OR_NAMES];
    let mut list = 0;
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].len() {
            let word = lists[list][at].as_bytes();
            let third = if word.len() == 2 { u32::MAX } else { 1 << (word[2] - b'a') };
            beginnings[(word[0] - b'a') as usize][(word[1] - b'a') as usize] |= third;
            at += 1;
        }
        list += 1;
    }
    beginnings
};

/// Bytes of the longest text that rules look at.
pub(crate) const MOST_BYTES: usize = 32;

/// Letters of the longest of these words.
const LONGEST: usize = "acompleterulterieurement".len();

/// Fields that hold no words.
const FORMAL: &[&str] = &[
    "/appel/date_annonce",
    "/appel/montant",
    "/emploi/etp",
    "/emploi/salaries",
    "/emploi/creations_prevues",
    "/adresse/code_postal",
    "/contacts/*/courriel",
    "/contacts/*/telephone",
    "/coordinateur/siren",
    "/coordinateur/siret",
    "/coordinateur/rna",
    "/site_web",
    "/territoire/communes/*/code_insee",
];

/// Fields whose digits, when they are all zero, are nobody's number.
const NUMBERS: &[&str] = &[
    "/adresse/code_postal",
    "/contacts/*/telephone",
    "/coordinateur/siren",
    "/coordinateur/siret",
    "/coordinateur/rna",
    "/territoire/communes/*/code_insee",
];

/// Fields of names, in which the zero of a formula that has found nothing is none.
const NAMES: &[&str] = &["/coordinateur/nom", "/contacts/*/nom", "/adresse/voie", "/adresse/commune"];

/// Whether a text in a field only says that there is no value.
pub(crate) fn says_nothing(text: &str, field: &str) -> bool {
    let Some(first) = text.bytes().find(|byte| !(byte.is_ascii_whitespace() || matches!(byte, b'(' | b'['))) else {
        return false;
    };
    match first {
        b'0' => {
            let zero = |c: char| matches!(c, '0' | ' ' | '.' | '-' | '/' | '\u{a0}' | '\u{202f}');
            // A number cell shows « 00000 » as 0. Of a postal code with another count of zeros, some have been lost or
            // added.
            let enough = field != "/adresse/code_postal" || matches!(text, "0" | "00000");
            enough && text.chars().all(zero) && NUMBERS.contains(&field) || text == "0" && NAMES.contains(&field)
        }
        b'x' | b'X' => {
            let crosses = letters(text).take_while(|c| *c == 'x').count();
            crosses > 1 && crosses == letters(text).count()
        }
        // The first letters of the words, and the first byte of « à ».
        b'a' | b'A' | b'e' | b'E' | b'i' | b'I' | b'n' | b'N' | b'p' | b'P' | b'r' | b'R' | b's' | b'S' | b't'
        | b'T' | b'u' | b'U' | b'v' | b'V' | 0xC3 => {
            // The first three letters rule out nearly all texts.
            let letter = |byte: &u8| byte.is_ascii_lowercase().then(|| usize::from(byte - b'a'));
            // Where they stand side by side at the beginning, they need not be looked for.
            let plain = text.as_bytes().first_chunk::<3>().filter(|first| first.iter().all(u8::is_ascii_alphabetic));
            let mut room = [0; 3];
            let first: &[u8] = match plain {
                Some(first) => &first.map(|byte| byte.to_ascii_lowercase()),
                None => first_letters(text, &mut room),
            };
            let is_beginning = match first {
                [a, b, c] => match [a, b, c].map(letter) {
                    [Some(a), Some(b), Some(c)] => BEGINNINGS[a][b] & 1 << c != 0,
                    [Some(a), Some(b), None] => BEGINNINGS[a][b] != 0,
                    _ => false,
                },
                [a, b] => letter(a).zip(letter(b)).is_some_and(|(a, b)| BEGINNINGS[a][b] != 0),
                _ => false,
            };
            is_beginning && {
                // No more is read of a long text than tells it from the longest word.
                let mut room = [0; LONGEST + 1];
                let folded = first_letters(text, &mut room);
                let is_in = |words: &[&str]| words.binary_search_by(|word| word.as_bytes().cmp(folded)).is_ok();
                is_in(WORDS) || FORMAL.contains(&field) && is_in(WORDS_OR_NAMES)
            }
        }
        b'-' | b'?' | b'.' | b'_' | b'*' | b'/' | 0xE2 => {
            text.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '?' | '.' | '…' | '_' | '*' | '/'))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted() {
        assert!(WORDS.is_sorted() && WORDS_OR_NAMES.is_sorted());
        assert_eq!(WORDS.iter().chain(WORDS_OR_NAMES).map(|word| word.len()).max(), Some(LONGEST));
    }

    #[test]
    fn placeholders_are_told_from_values() {
        for text in [
            "néant",
            "NC",
            "n/c",
            "N.C.",
            "n/a",
            "Sans objet",
            "à compléter",
            "A COMPLETER",
            "xxx",
            "XX XX",
            "???",
            "-",
            "–",
            "…",
            "En attente",
            "Non communiqué.",
            "(non renseignée)",
            "À compléter ultérieurement",
        ] {
            assert!(says_nothing(text, "/nom"), "{text}");
        }
        for text in
            ["Nanterre", "NCA", "Nexon", "Arcs", "0", "-5", "Sète", "X", "Xerox", "Île", "« Y »", "à Néant-sur-Yvel"]
        {
            assert!(!says_nothing(text, "/nom"), "{text}");
        }
        // Names of structures, people and communes.
        for text in
            ["Avenir", "IDEM", "N.D.", "SO", "RAS", "Rien", "Sans-Souci", "Nan", "Non", "Avenir 46", "Néant-sur-Yvel"]
        {
            assert!(!says_nothing(text, "/nom"), "{text}");
            assert!(!says_nothing(text, "/coordinateur/nom") && !says_nothing(text, "/adresse/commune"), "{text}");
        }
        for text in ["idem", "n.d.", "s.o.", "R.A.S.", "à venir", "NaN", "none", "Non"] {
            assert!(says_nothing(text, "/site_web") && says_nothing(text, "/contacts/*/courriel"), "{text}");
        }
        for text in ["so@example.org", "non@example.org", "sans.objet@example.org"] {
            assert!(!says_nothing(text, "/contacts/*/courriel"), "{text}");
        }
        assert!(says_nothing("0", "/adresse/code_postal") && says_nothing("0", "/coordinateur/siren"));
        assert!(says_nothing("00 00 00 00 00", "/contacts/*/telephone"));
        assert!(says_nothing("00000", "/adresse/code_postal"));
        assert!(!says_nothing("00000", "/nom"));
        assert!(says_nothing("0", "/coordinateur/nom") && says_nothing("0", "/adresse/commune"));
        assert!(!says_nothing("0000", "/adresse/code_postal"));
        assert!(!says_nothing("01000", "/adresse/code_postal"));
    }
}
