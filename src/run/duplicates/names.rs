//! The words by which a name is told from others.

use crate::text::fold::folded;

/// The words of a name that say which it is, folded.
pub(super) fn words_of(name: &str) -> Vec<String> {
    let folded = folded(name);
    let words = folded.split(' ').filter(|word| !says_little(word.as_bytes()));
    words.map(|word| whole_word(word.as_bytes()).map_or_else(|| word.to_owned(), str::to_owned)).collect()
}

/// Whether two names differ by a word or a letter only.
pub(crate) fn are_like(one: &str, other: &str) -> bool {
    /// A letter more or less in a shorter word makes another word.
    const LONG: usize = 5;
    let (one, other) = (words_of(one), words_of(other));
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let is_like = |a: &String, b: &String| {
        a == b || a.len().min(b.len()) >= LONG && !has_digit(a) && !has_digit(b) && strsim::osa_distance(a, b) <= 1
    };
    short.len() > 1
        && long.len() - short.len() <= 1
        && short.iter().all(|word| long.iter().any(|other| is_like(word, other)))
}

/// « St » for « Saint », as the names of communes have it.
pub(super) fn whole_word(word: &[u8]) -> Option<&'static str> {
    match word {
        b"st" => Some("saint"),
        b"ste" => Some("sainte"),
        _ => None,
    }
}

/// Whether a word of a name is of many: articles, prepositions, and what a PTCE is.
pub(super) fn says_little(word: &[u8]) -> bool {
    match word.len() {
        1 => matches!(word, b"a" | b"d" | b"l"),
        2 => matches!(word, b"au" | b"de" | b"du" | b"en" | b"et" | b"la" | b"le"),
        3 => matches!(word, b"aux" | b"des" | b"les" | b"sur"),
        4 => matches!(word, b"pole" | b"ptce"),
        _ => matches!(word, b"cooperation" | b"economique" | b"territorial"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_like_but_for_a_word_or_a_letter() {
        for (one, other) in [
            ("PTCE Ateliers du Quercy", "Ateliers du Quercy"),
            ("Ateliers du Quercy", "Ateliers solidaires du Quercy"),
            ("Ateliers du Quercy", "Atelirs du Quercy"),
            ("Fabriques de St Denis", "Fabriques de Saint-Denis"),
        ] {
            assert!(are_like(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("Pôle bois du Quercy", "Pôle alimentation du Célé"),
            ("Pôle bois du Quercy", "Pôle réemploi du Quercy"),
            ("Ateliers", "Atelier"),
            ("Pôle bois 10349", "Pôle bois 10348"),
            ("Ateliers bois", "Ateliers bras"),
        ] {
            assert!(!are_like(one, other), "{one} {other}");
        }
    }
}
