//! Texts whose accented letters were read in the wrong encoding, and what they were.

use std::borrow::Cow;

use super::lexicon::{COMMON_WORDS, GIVEN_NAMES, is_common};

/// The text that was read in the wrong encoding, be it several times; none where nothing is damaged, or not all of it can
/// be restored.
pub(crate) fn undamaged(text: &str) -> Option<String> {
    /// A file that is damaged once more is nobody's.
    const MOST_TIMES: usize = 4;
    let mut text = Cow::Borrowed(text);
    for _ in 0..MOST_TIMES {
        if !looks_damaged(text.as_bytes()) {
            break;
        }
        let of_windows = || if is_damaged(&text) { restored(&text) } else { None };
        let Some(once) = restored_from_mac(&text).or_else(of_windows) else { break };
        text = Cow::Owned(once);
    }
    match text {
        Cow::Owned(text) if !is_damaged(&text) && !has_lost_letters(&text) && !text.contains(is_odd_control) => {
            Some(text)
        }
        _ => None,
    }
}

/// A control character of the second row, which no text has.
fn is_odd_control(c: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&c)
}

/// Whether letters of a text were read in the wrong encoding, or lost.
pub(crate) fn has_damage(text: &str) -> bool {
    looks_damaged(text.as_bytes()) && (restored_from_mac(text).is_some() || is_damaged(text) || has_lost_letters(text))
}

/// Whether some text among `bytes`, which are UTF-8, may hold what the rules of damage look for: an error of a formula,
/// marks of formatting, a character that nobody sees, accents in the wrong encoding. Each search goes over many bytes at a
/// time, and hardly finds anything in French.
pub(crate) fn is_possible(bytes: &[u8]) -> bool {
    let has_one_of = |[a, b, c]: [u8; 3]| memchr::memchr3(a, b, c, bytes).is_some();
    let before = |at: usize| at.checked_sub(1).and_then(|before| bytes.get(before).copied()).unwrap_or(b' ');
    let after = |at: usize| bytes.get(at + 1).copied().unwrap_or(b' ');
    let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    // Most texts have no line break either, which the least of their bytes tells of many at a time.
    let may_have_control = || bytes.iter().fold(u8::MAX, |least, byte| least.min(*byte)) < b' ';
    has_one_of(*b"#*&")
        || has_one_of(*b"<_\x7F")
        || may_have_control() && bytes.iter().any(is_control)
        // Bytes within signs that French does without: soft hyphens, spaces of no width, `√`, `‚`, U+FFFD. `È` and `Ë` have
        // them too.
        || memchr::memchr3_iter(0x81, 0x88, 0x8B, bytes).any(|at| before(at) != 0xC3)
        || memchr::memchr3_iter(0x9A, 0xAD, 0xEF, bytes).any(|at| before(at) != 0xC3)
        // `Â`, `Ã`, `Å`.
        || memchr::memchr3_iter(0x82, 0x83, 0x85, bytes).any(|at| before(at) == 0xC3)
        || memchr::memchr3_iter(0xC2, 0xA2, b'?', bytes).any(|at| match bytes[at] {
            // Controls of the second row, which Windows-1252 has signs for.
            0xC2 => after(at) < 0xA0,
            // `â` before a sign or a control.
            0xA2 => matches!(after(at), 0xC2 | 0xE2),
            _ => may_be_lost_letter(bytes, at),
        })
        // « Err:502 ».
        || memchr::memchr_iter(b':', bytes).any(|at| before(at) == b'r')
}

/// The cheap test, of one text or of several: `Â`, `Ã`, `Å`, or `â` before `€` or a control, or U+FFFD; or `√` and `‚Ä`, which Mac programs show.
pub(crate) fn looks_damaged(bytes: &[u8]) -> bool {
    // « Ã », « Â », « Å » and « â€ » all hold one of three bytes that are rare in French, whose own accents are many.
    memchr::memchr3_iter(0x82, 0x83, 0x85, bytes)
        .any(|at| bytes[..at].ends_with(b"\xC3") || bytes[..at].ends_with(b"\xC3\xA2\xE2"))
        || memchr::memmem::find(bytes, b"\xC3\xA2\xC2\x80").is_some()
        || looks_damaged_on_mac(bytes)
        || may_have_lost_letters(bytes)
        || memchr::memchr_iter(0xEF, bytes).any(|at| bytes[at..].starts_with(b"\xEF\xBF\xBD"))
}

/// Whether question marks stand for letters that a program had no sign for: « coop?ration », « ?cole », « jusqu'? »,
/// « March? ».
fn has_lost_letters(text: &str) -> bool {
    if !may_have_lost_letters(text.as_bytes()) {
        return false;
    }
    // Where one accent was not lost, a mark behind a word is a question.
    let may_end_word = !text.chars().any(|c| !c.is_ascii() && c.is_alphabetic()) && !asks(text);
    text.split_whitespace().any(|word| {
        let word = word.trim_end_matches(['.', ',', ';', ':', '!', '…', ')', '»', '"']);
        // The marks of a web address stand among other signs.
        !word.contains(['/', '=', '@', '.', ':']) && lost_letters(word, may_end_word)
    })
}

/// Whether a question mark of a word stands for a letter. One that follows the word is a question, unless the word is none
/// without an é at its end, where that may be asked at all.
fn lost_letters(word: &str, may_end_word: bool) -> bool {
    let is_apostrophe = |c: char| matches!(c, '\'' | '’');
    let joins = |c: char| is_apostrophe(c) || c == '-';
    let mut rest = 0;
    while let Some(start) = word[rest..].find('?').map(|at| rest + at) {
        let (before, after) = (&word[..start], word[start..].trim_start_matches('?'));
        rest = word.len() - after.len();
        let is_one = rest == start + 1;
        let next = after.chars().next();
        let is_lost = match before.chars().next_back() {
            // « coop?ration », « Th??tre », « R?PUBLIQUE », « Aubign?-Racan »
            Some(last) if last.is_alphabetic() => match next {
                Some(next) if joins(next) => is_one && after.chars().nth(1).is_some_and(char::is_alphabetic),
                Some(next) => next.is_lowercase() || next.is_uppercase() && is_in_capitals(word),
                None => is_one && may_end_word && is_cut(before),
            },
            // « l'?conomie », « jusqu'? »
            Some(last) if joins(last) && before.len() > 1 => {
                is_one && next.map_or(is_apostrophe(last), |next| next.is_lowercase() || is_in_capitals(word))
            }
            // « ?cole », « (?lot) »
            None | Some('(' | '«' | '"') => {
                is_one && next.is_some_and(|next| next.is_lowercase() || next.is_uppercase() && is_in_capitals(word))
            }
            _ => false,
        };
        if is_lost {
            return true;
        }
    }
    false
}

/// Whether a word has several letters, all of them capitals.
fn is_in_capitals(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    letters.all(char::is_uppercase) && word.chars().filter(|c| c.is_alphabetic()).count() > 2
}

/// Whether the last part of a word is no word, but would be one with an é behind it: « March », « Libert », « Andr ».
fn is_cut(word: &str) -> bool {
    /// Capitals alone are the initials of something: « ESS? ».
    const SHORTEST_IN_CAPITALS: usize = 5;
    let stem = word.rsplit(['\'', '’', '-']).next().unwrap_or(word);
    let least = if is_in_capitals(stem) { SHORTEST_IN_CAPITALS } else { 2 };
    if stem.len() < least || !stem.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    let stem = stem.to_ascii_lowercase();
    let whole = format!("{stem}e");
    !is_common(&stem) && !GIVEN_NAMES.contains(&stem) && (COMMON_WORDS.contains(&whole) || GIVEN_NAMES.contains(&whole))
}

/// Whether a text asks something.
fn asks(text: &str) -> bool {
    /// Words that nothing but a question has, and those that one begins with.
    const ANYWHERE: &[&str] = &[
        "combien", "comment", "est-ce", "lequel", "laquelle", "pourquoi", "quel", "quels", "quelle", "quelles", "quoi",
    ];
    const FIRST: &[&str] = &["et", "ou", "que", "qui", "si"];
    let is_one_of = |word: &str, words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    let words = || text.split(|c: char| c.is_whitespace() || matches!(c, '\'' | '’' | '?' | ',' | ':'));
    words().next().is_some_and(|word| is_one_of(word, FIRST)) || words().any(|word| is_one_of(word, ANYWHERE))
}

fn may_have_lost_letters(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'?', bytes).any(|at| may_be_lost_letter(bytes, at))
}

/// Whether the question mark at a place stands beside a letter or an apostrophe.
fn may_be_lost_letter(bytes: &[u8], at: usize) -> bool {
    let is_of_word =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'\'' || !byte.is_ascii());
    is_of_word(at.checked_sub(1).and_then(|before| bytes.get(before))) || is_of_word(bytes.get(at + 1))
}

/// Whether `√` or `‚Ä` stands in the text: the first bytes of accents and of apostrophes, as Mac Roman shows them.
pub(crate) fn looks_damaged_on_mac(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, "√".as_bytes()).is_some() || memchr::memmem::find(bytes, "‚Ä".as_bytes()).is_some()
}

/// The text that Mac Roman was read for. What is whole UTF-8 again was hardly written that way: « √2 » is not.
fn restored_from_mac(text: &str) -> Option<String> {
    if !looks_damaged_on_mac(text.as_bytes()) {
        return None;
    }
    let (bytes, _, lossy) = encoding_rs::MACINTOSH.encode(text);
    if lossy {
        return None;
    }
    std::str::from_utf8(&bytes).ok().map(str::to_owned)
}

/// The byte that Windows-1252 writes for `c`; Latin-1 has controls where it has signs.
fn byte_of(c: char) -> Option<u8> {
    // Controls, and what it has in common with Latin-1.
    if c <= '\u{ff}' {
        return Some(c as u8);
    }
    let mut buffer = [0; 4];
    let (bytes, _, lossy) = encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    match (&*bytes, lossy) {
        ([byte], false) => Some(*byte),
        _ => None,
    }
}

fn is_continuation(c: char) -> bool {
    // No accented letter of French has such a byte, but these signs do: © ¨ ´ € ™ and the non-breaking space.
    byte_of(c).is_some_and(|byte| (0x80..0xC0).contains(&byte))
}

fn is_damaged(text: &str) -> bool {
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let damaged = match (c, next) {
            ('\u{fffd}', _) | ('Å', Some('“' | '’' | '\u{92}' | '\u{93}')) | ('â', Some('€' | '\u{80}')) => {
                true
            }
            ('Ã', Some(' ')) => is_a_grave(before),
            // At the end of a cell the space goes as well.
            ('Ã', None) => before.is_lowercase(),
            ('Ã' | 'Â', Some(next)) => is_continuation(next),
            _ => false,
        };
        if damaged {
            return true;
        }
        before = c;
    }
    false
}

/// « Ã » before a space is « à » whose second byte, a non-breaking space, was replaced; but Portuguese capitals end in it.
fn is_a_grave(before: char) -> bool {
    matches!(before, ' ' | '\'' | '’') || before.is_lowercase()
}

/// The text with each letter restored that was read in the wrong encoding once; `None` when there is none.
fn restored(text: &str) -> Option<String> {
    let mut restored = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let length = match c {
            'Ã' | 'Â' | 'Å' => 2,
            // « ƒ » and « ˆ », which only stand in a text that was damaged before.
            'Æ' if after.starts_with('’') => 2,
            'Ë' if after.starts_with('†') => 2,
            'â' => 3,
            _ => 1,
        };
        let mut bytes = [0_u8; 3];
        let mut taken = 0;
        let mut count = 0;
        for c in rest.chars().take(length) {
            let Some(byte) = byte_of(c) else { break };
            bytes[count] = byte;
            count += 1;
            taken += c.len_utf8();
        }
        let before = restored.chars().next_back().unwrap_or(' ');
        if c == 'Ã' && ((after.is_empty() && before.is_lowercase()) || (after.starts_with(' ') && is_a_grave(before)))
        {
            restored.push('à');
            // Of two spaces the first is the second half of the letter.
            rest = if after.starts_with("  ") { &after[1..] } else { after };
        } else if c == 'Â' && (after.is_empty() || after.starts_with(' ')) {
            // A non-breaking space whose second half was made a plain one, or left out at the end of a cell.
            restored.push_str(if after.is_empty() { "" } else { "\u{a0}" });
            rest = after.strip_prefix(' ').unwrap_or(after);
        } else if length > 1
            && count == length
            && let Ok(letter) = std::str::from_utf8(&bytes[..count])
        {
            restored.push_str(letter);
            rest = &rest[taken..];
        } else {
            restored.push(c);
            rest = after;
        }
    }
    (restored != text).then_some(restored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Check, RULES, raised};

    #[test]
    fn ordinary_french_is_cleared() {
        for text in [
            "Pôle « Économie circulaire » d’Île-de-France, cœur de l’ESS : 12 €, n° 3… où ça ? À Évry – là-bas",
            "a.b-c@example.org\n01 99 00 12 34\thttps://example.org/a-b/c",
            "Pourquoi ? Comment ? Ÿ Ù Ç Œ",
        ] {
            assert!(!is_possible(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_the_rules_find_is_never_cleared() {
        for rule in RULES.iter().filter(|rule| matches!(rule.check, Check::Text(check) if check.is_of_damage)) {
            let name = |text: &str| serde_json::json!({ "nom": text }).to_string();
            for text in [
                "#REF!",
                "#NOM ?",
                "Err:502",
                "a **b**",
                "a<br>b",
                "a&nbsp;b",
                "a_x000D_b",
                "a\u{7}b",
                "a\u{ad}b",
                "a\u{200b}b",
                "a\u{2060}b",
                "\u{feff}a",
                "a\u{7f}b",
                "PÃ´le",
                "Ã\u{a0}",
                "Â«",
                "Å“uvre",
                "l’Ã‰conomie",
                "lâ€™ESS",
                "lâ\u{80}\u{99}ESS",
                "PÃ\u{83}",
                "p�le",
                "coop?ration",
                "?l?ments é?a",
                "?cole",
                "jusqu'?",
                "March?",
                "√©",
                "l‚Äôessai",
                "Ãªtre",
                "\u{85}",
            ] {
                for length in [0, 62, 63, 64, 65, 200] {
                    let text = format!("{}{text}", "a".repeat(length));
                    let found = raised(rule, &name(&text)).len();
                    assert!(found == 0 || is_possible(text.as_bytes()), "{}: {text}", rule.code);
                }
            }
        }
    }

    #[test]
    fn damage_is_undone() {
        for text in
            ["Économie à l’œuvre – « été »", "Hélène Lemaître, 40 €", "ÉTÉ À ÇA", "n° 12", "Noël, où, ça, Œuvre"]
        {
            let (damaged, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes());
            assert!(looks_damaged(damaged.as_bytes()) && is_damaged(&damaged), "{damaged}");
            assert_eq!(undamaged(&damaged).as_deref(), Some(text));
            assert!(!is_damaged(text));
            let (twice, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(damaged.as_bytes());
            assert_eq!(undamaged(&twice).as_deref(), Some(text), "{twice}");
            let (thrice, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(twice.as_bytes());
            assert_eq!(undamaged(&thrice).as_deref(), Some(text), "{thrice}");
        }
        assert_eq!(undamaged("PÃ´le Â« BoisÂ Â»Â").as_deref(), Some("Pôle « Bois\u{a0}»"));
        assert_eq!(undamaged("jusqu’Ã la gare").as_deref(), Some("jusqu’à la gare"));
        assert_eq!(undamaged("Ã la gare, dÃ©jÃ ").as_deref(), Some("à la gare, déjà "));
        assert_eq!(undamaged("Ã  NÃ®mes et lÃ").as_deref(), Some("à Nîmes et là"));
        for text in ["caf\u{fffd}", "PÃ´le, caf\u{fffd}", "PÃ´le de coop?ration"] {
            assert!(looks_damaged(text.as_bytes()) && undamaged(text).is_none(), "{text}");
        }
    }

    #[test]
    fn other_encodings_are_known() {
        for text in ["Économie à l’œuvre – « été »", "ÉTÉ À ÇA", "Cœur à cœur", "l’an"] {
            let latin: String = text.bytes().map(char::from).collect();
            assert!(looks_damaged(latin.as_bytes()) && is_damaged(&latin), "{latin}");
            assert_eq!(undamaged(&latin).as_deref(), Some(text));
            let (mac, _) = encoding_rs::MACINTOSH.decode_without_bom_handling(text.as_bytes());
            let seen = looks_damaged(mac.as_bytes());
            assert_eq!(restored_from_mac(&mac).filter(|_| seen).as_deref(), Some(text), "{mac}");
        }
        for text in ["√2", "la racine √x vaut 3", "Économie √é", "10 √ 100"] {
            assert_eq!(restored_from_mac(text), None, "{text}");
        }
    }

    #[test]
    fn letters_made_question_marks_are_seen() {
        for text in [
            "P?le de coop?ration",
            "Filière r?emploi",
            "20 rue de la R?publique",
            "S?te",
            "Th??tre",
            "PLACE DE LA R?PUBLIQUE",
            "?cole de la Paix",
            "?COLE",
            "L'?conomie",
            "d’?tampes",
            "jusqu'? la gare",
            "Aubign?-Racan",
            "Place du March?",
            "3 place du March?, Figeac",
            "PLACE DU MARCH?",
            "Cit? de la Libert?",
            "Caf? associatif",
            "Rue de l'Abb?",
            "Maison de sant? (p?le)",
            "Ren? Exemple",
        ] {
            assert!(looks_damaged(text.as_bytes()) && has_lost_letters(text), "{text}");
        }
        for text in [
            "Pourquoi ? parce que",
            "Qui? Quoi?",
            "https://example.org/page?lang=fr",
            "example.org?page",
            "12?",
            "Pourquoi un PTCE ?",
            "Quel modèle économique?",
            "Quel modele economique?",
            "Qu'est-ce que l'ESS?",
            "Et si on s'installait en march?",
            "Envie d'agir?",
            "Un projet?",
            "Figeac?",
            "Alès?",
            "Besoin d'une Scop?",
            "QUI? QUOI? L'ESS?",
            "Insertion, ???",
            "Atelier (?)",
            "Un marché?",
        ] {
            assert!(!has_lost_letters(text), "{text}");
        }
    }

    #[test]
    fn rare_letters_are_no_damage() {
        for text in ["IRMÃ DULCE", "MAÇÃ", "São João", "Âge et bâti", "CHÂTEAU", "Åland", "pâté", "Â", "Ã"]
        {
            assert!(!is_damaged(text), "{text}");
        }
    }
}
