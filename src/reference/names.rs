//! Names of places compared without case, accents, hyphens and articles.

use crate::text::fold::{ASCII_LETTERS, accented, folded};

/// A name made comparable: its letters without articles, prepositions and the words « département » and « région »,
/// which come and go in what people write, and « St » written in full.
pub(crate) fn key(name: &str) -> String {
    const LEFT_OUT: &[&str] = &["d", "de", "departement", "des", "du", "en", "et", "l", "la", "le", "les", "region"];
    let folded = folded(name);
    let mut key = String::with_capacity(folded.len() + 8);
    for word in folded.split(' ').filter(|word| !LEFT_OUT.contains(word)) {
        key.push_str(match word {
            "st" => "saint",
            "ste" => "sainte",
            word => word,
        });
    }
    key
}

/// The name of a commune made comparable: its letters and digits without articles and prepositions, « St » written in
/// full, and without « Cedex » and what follows. No two communes of one postal code share a key.
pub(crate) fn commune_key(name: &str) -> String {
    if let Some(key) = plain_commune_key(name) {
        return key;
    }
    let folded = folded(name);
    let mut key = String::with_capacity(folded.len() + 8);
    for word in folded.split(' ').take_while(|word| *word != "cedex") {
        match word {
            "st" => key.push_str("saint"),
            "ste" => key.push_str("sainte"),
            word if is_left_out(word.as_bytes()) => {}
            word => key.push_str(word),
        }
    }
    // The commune named Lez.
    if key.is_empty() { folded.replace(' ', "") } else { key }
}

/// Whether a word comes and goes in the name of a commune.
fn is_left_out(word: &[u8]) -> bool {
    match word.len() {
        0 => true,
        1 => matches!(word, b"a" | b"d" | b"l" | b"s"),
        2 => matches!(word, b"au" | b"de" | b"du" | b"en" | b"et" | b"la" | b"le" | b"ss"),
        3 => matches!(word, b"aux" | b"des" | b"les" | b"lez" | b"sur"),
        4 => word == b"sous",
        _ => false,
    }
}

/// The same in one go, where the name has no letters but those of ASCII, with or without an accent; none for another one.
fn plain_commune_key(name: &str) -> Option<String> {
    let bytes = name.as_bytes();
    let mut key = Vec::with_capacity(bytes.len() + 8);
    // Where the word begins that is being read; the end ends the last one.
    let (mut at, mut begun) = (0, 0);
    loop {
        let letter = match bytes.get(at) {
            Some(byte) if byte.is_ascii() => ASCII_LETTERS[usize::from(*byte)],
            Some(_) => {
                at += 1;
                accented(&bytes[at - 1..])?
            }
            None => 0,
        };
        if letter != 0 {
            key.push(letter);
        } else {
            match &key[begun..] {
                b"cedex" => {
                    key.truncate(begun);
                    break;
                }
                word if is_left_out(word) => key.truncate(begun),
                b"st" => key.splice(begun.., *b"saint").for_each(drop),
                b"ste" => key.splice(begun.., *b"sainte").for_each(drop),
                _ => {}
            }
            begun = key.len();
            if at >= bytes.len() {
                break;
            }
        }
        at += 1;
    }
    String::from_utf8(key).ok().filter(|key| !key.is_empty())
}

/// A few names, each with what it means, found as they are written: what nearly all records ask for.
pub(crate) struct Spellings<T>([Vec<(&'static str, T)>; Spellings::<()>::PLACES]);

impl<T> Spellings<T> {
    const PLACES: usize = 64;

    /// Where a name is kept: what is told of it without reading it whole parts a hundred names well enough.
    fn place(name: &str) -> usize {
        let bytes = name.as_bytes();
        let [first, last] = [bytes.first(), bytes.last()].map(|byte| usize::from(byte.copied().unwrap_or_default()));
        (bytes.len() * 7 + first * 3 + last) % Self::PLACES
    }

    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.0[Self::place(name)].iter().find(|(known, _)| *known == name).map(|(_, meant)| meant)
    }
}

impl<T> FromIterator<(&'static str, T)> for Spellings<T> {
    /// Of two names written alike, the first is found.
    fn from_iter<I: IntoIterator<Item = (&'static str, T)>>(names: I) -> Spellings<T> {
        let mut spellings = Spellings(std::array::from_fn(|_| Vec::new()));
        for (name, meant) in names {
            spellings.0[Self::place(name)].push((name, meant));
        }
        spellings
    }
}

/// Whether two names mean the same commune.
pub(crate) fn same_commune(a: &str, b: &str) -> bool {
    let (a, b) = (commune_key(a), commune_key(b));
    a == b || arrondissement(&b).is_some_and(|b| a == b)
}

/// The key of the arrondissement that a key stands for: `paris18`, `paris18eme` → `paris18earrondissement`.
pub(crate) fn arrondissement(key: &str) -> Option<String> {
    let city = ["paris", "lyon", "marseille"].into_iter().find(|city| key.starts_with(city))?;
    let rest = &key[city.len()..];
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: u8 = rest[..digits].parse().ok()?;
    let ordinal = if number == 1 { "1er".to_owned() } else { format!("{number}e") };
    let after = rest[digits..].trim_end_matches("arrondissement").trim_end_matches("arr").trim_end_matches("ardt");
    ["", "e", "er", "eme", "ere", "ieme"].contains(&after).then(|| format!("{city}{ordinal}arrondissement"))
}

/// Whether two names mean the same place.
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    a == b || {
        let key_of_a = key(a);
        !key_of_a.is_empty() && key_of_a == key(b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_their_letters() {
        assert!(same_name("Provence-Alpes-Côte d’Azur", "PROVENCE ALPES COTE D'AZUR"));
        assert!(same_name("La Réunion", "Réunion"));
        assert!(same_name("Seine-Saint-Denis", "Seine-St-Denis"));
        assert!(same_name("Centre-Val de Loire", "Région Centre Val-de-Loire"));
        assert!(!same_name("Loire", "Loiret"));
        assert!(!same_name("", "la"));
        assert_eq!(key("Œuvre É-1"), "oeuvree1");
    }
}
