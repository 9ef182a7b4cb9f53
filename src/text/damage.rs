//! Texts whose accented letters were read in the wrong encoding, and what they were.

/// The text that was read in the wrong encoding; none where nothing is damaged, or not all of it can be restored.
pub(crate) fn undamaged(text: &str) -> Option<String> {
    let is_seen = looks_damaged(text.as_bytes());
    is_seen.then(|| restored_from_mac(text).or_else(|| restored(text).filter(|_| is_damaged(text))))?
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
        // Bytes within signs that French does without: soft hyphens, spaces of no width, `√`, `‚`, U+FFFD.
        || has_one_of([0x81, 0x88, 0x8B])
        || has_one_of([0x9A, 0xAD, 0xEF])
        // `Â`, `Ã`, `Å`.
        || memchr::memchr3_iter(0x82, 0x83, 0x85, bytes).any(|at| before(at) == 0xC3)
        || memchr::memchr3_iter(0xC2, 0xA2, b'?', bytes).any(|at| match bytes[at] {
            // Controls of the second row, which Windows-1252 has signs for.
            0xC2 => after(at) < 0xA0,
            // `â` before a sign or a control.
            0xA2 => matches!(after(at), 0xC2 | 0xE2),
            // A lost letter before another: « coop?ration »; a question mark in its place ends a word.
            _ => after(at).is_ascii_lowercase() || !after(at).is_ascii(),
        })
        // « Err:502 ».
        || memchr::memchr_iter(b':', bytes).any(|at| before(at) == b'r')
}

/// The cheap test: `Â`, `Ã`, `Å`, or `â` before `€` or a control, or U+FFFD; or `√` and `‚Ä`, which Mac programs show.
pub(crate) fn looks_damaged(bytes: &[u8]) -> bool {
    // « Ã », « Â », « Å » and « â€ » all hold one of three bytes that are rare in French, whose own accents are many.
    memchr::memchr3_iter(0x82, 0x83, 0x85, bytes)
        .any(|at| bytes[..at].ends_with(b"\xC3") || bytes[..at].ends_with(b"\xC3\xA2\xE2"))
        || memchr::memmem::find(bytes, b"\xC3\xA2\xC2\x80").is_some()
        || looks_damaged_on_mac(bytes)
        || may_have_lost_letters(bytes)
        || memchr::memchr_iter(0xEF, bytes).any(|at| bytes[at..].starts_with(b"\xEF\xBF\xBD"))
}

/// Whether a question mark stands within a word, where a program had no sign for an accent: « coop?ration », « R?publique ».
/// Those of a web address stand in a word with other signs.
pub(crate) fn has_lost_letters(text: &str) -> bool {
    let is_inside = |word: &str, at: usize| {
        let before = word[..at].chars().next_back();
        let after = word[at + 1..].chars().next();
        before.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_lowercase)
    };
    may_have_lost_letters(text.as_bytes())
        && text
            .split_whitespace()
            .filter(|word| !word.contains(['/', '=', '@', '.', ':']))
            .any(|word| word.match_indices('?').any(|(at, _)| is_inside(word, at)))
}

fn may_have_lost_letters(bytes: &[u8]) -> bool {
    let is_letter = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii());
    memchr::memchr_iter(b'?', bytes)
        .any(|at| is_letter(at.checked_sub(1).and_then(|before| bytes.get(before))) && is_letter(bytes.get(at + 1)))
}

/// Whether `√` or `‚Ä` stands in the text: the first bytes of accents and of apostrophes, as Mac Roman shows them.
fn looks_damaged_on_mac(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, "√".as_bytes()).is_some() || memchr::memmem::find(bytes, "‚Ä".as_bytes()).is_some()
}

/// The text that Mac Roman was read for. What is whole UTF-8 again was hardly written that way: « √2 » is not.
pub(crate) fn restored_from_mac(text: &str) -> Option<String> {
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
    if let '\u{80}'..='\u{9f}' = c {
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

pub(crate) fn is_damaged(text: &str) -> bool {
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

/// The text with each damaged letter restored; `None` when damage would be left.
pub(crate) fn restored(text: &str) -> Option<String> {
    let mut restored = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let length = match c {
            'Ã' | 'Â' | 'Å' => 2,
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
    (restored != text && !is_damaged(&restored)).then_some(restored)
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
            "Pourquoi ? Comment? Ÿ Ù Ç Œ",
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
            assert_eq!(restored(&damaged).as_deref(), Some(text));
            assert!(!is_damaged(text));
        }
        assert_eq!(restored("jusqu’Ã la gare").as_deref(), Some("jusqu’à la gare"));
        assert_eq!(restored("Ã la gare, dÃ©jÃ ").as_deref(), Some("à la gare, déjà "));
        assert_eq!(restored("Ã  NÃ®mes et lÃ").as_deref(), Some("à Nîmes et là"));
        assert!(is_damaged("caf\u{fffd}") && restored("caf\u{fffd}").is_none());
    }

    #[test]
    fn other_encodings_are_known() {
        for text in ["Économie à l’œuvre – « été »", "ÉTÉ À ÇA", "Cœur à cœur", "l’an"] {
            let latin: String = text.bytes().map(char::from).collect();
            assert!(looks_damaged(latin.as_bytes()) && is_damaged(&latin), "{latin}");
            assert_eq!(restored(&latin).as_deref(), Some(text));
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
        for text in ["P?le de coop?ration", "Filière r?emploi", "20 rue de la R?publique", "S?te"] {
            assert!(looks_damaged(text.as_bytes()) && has_lost_letters(text), "{text}");
        }
        for text in
            ["Pourquoi ? parce que", "Qui? Quoi?", "https://example.org/page?lang=fr", "example.org?page", "12?"]
        {
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
