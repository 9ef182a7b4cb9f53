//! Names of places compared without case, accents, hyphens and articles.

use crate::fold::folded;

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
