//! The words of a street line: number, extension, type, name (AFNOR NF Z10-011, line 4).

use crate::reference::communes;
use crate::text::fold::folded;
use crate::text::lexicon::{FIRST_NAMES, PLACES, STREET_NAMES, STREETS, plain};
use crate::text::words::{Word, is_month, words};

/// What a street line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Street {
    /// Nothing to say.
    Sound,
    /// A number before something that is no street, or something else than a street altogether.
    Malformed,
    /// A street of the kind that has numbers, without one.
    WithoutNumber,
    /// A bare name: neither number nor type.
    WithoutType,
}

pub(super) fn is_in(list: &[&str], word: &str) -> bool {
    plain(word, &mut [0; 16]).is_some_and(|word| list.contains(&word))
}

/// `rue`, and for speed only: the first word of most streets.
pub(super) fn is_street_type(word: &str) -> bool {
    word.eq_ignore_ascii_case("rue") || STREETS.has(word)
}

/// `bis`, `ter`, `B`…: what may stand between the number and the street.
pub(super) fn is_extension(word: &str) -> bool {
    let is = |known: &str| word.eq_ignore_ascii_case(known);
    (word.len() == 1 && word.as_bytes()[0].is_ascii_alphabetic())
        || is("bis")
        || is("ter")
        || is("quater")
        || is("quinquies")
}

/// A house number, with or without its extension: `12`, `12bis`, `12B`; not `1er`.
pub(super) fn is_number(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&digits)
        && (digits == word.len() || (is_extension(&word[digits..]) && !word.ends_with(['e', 'E'])))
}

/// Whether a postal code and a name stand in the line: somebody typed the whole address into it.
fn holds_postal_code(line: &str) -> bool {
    let mut before = "";
    let mut words = words(line).peekable();
    while let Some(word) = words.next() {
        let is_code = word.text.len() == 5
            && word.text.bytes().all(|byte| byte.is_ascii_digit())
            && !["cs", "bp", "tsa"].iter().any(|service| before.eq_ignore_ascii_case(service));
        let mut name_follows = || words.peek().is_some_and(|next| next.text.starts_with(char::is_alphabetic));
        // « rue de la Gare46100 ».
        let name = word.text.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_glued = word.text.len() - name.len() == 5 && name.len() > 2 && name.chars().all(char::is_alphabetic);
        if is_code && name_follows() || is_glued && !is_in(&["cs", "bp", "tsa", "cidex", "no"], name) {
            return true;
        }
        before = word.text;
    }
    false
}

/// `12 rue …`, `12, avenue …` and no other digit: what nearly every line is, told without taking it apart.
pub(super) fn is_plain(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &line[digits..];
    let numbered = (1..=4).contains(&digits) && !line.starts_with('0');
    let street = rest.strip_prefix(", ").or_else(|| rest.strip_prefix(' '));
    numbered
        && street.is_some_and(|street| {
            let sign = street.bytes().position(|byte| byte.is_ascii_digit() || byte == b'@');
            begins_usually(street) && sign.is_none_or(|at| is_day(&street[at..]) && !street.contains('@'))
        })
}

/// Whether a line without its number begins with one of the words that nearly all do.
fn begins_usually(street: &str) -> bool {
    let usual: &[&str] = match street.as_bytes().first() {
        Some(b'a') => &["avenue ", "allée "],
        Some(b'b') => &["boulevard "],
        Some(b'c') => &["chemin ", "cours "],
        Some(b'i') => &["impasse "],
        Some(b'p') => &["place "],
        Some(b'q') => &["quai "],
        Some(b'r') => &["rue ", "route "],
        Some(b's') => &["square "],
        Some(b'z') => &["zone artisanale ", "zone industrielle "],
        _ => &[],
    };
    usual.iter().any(|usual| street.starts_with(usual))
}

/// Whether a text is one of the days that streets are named after: « 8-Mai-1945 », « 4 septembre ».
fn is_day(text: &str) -> bool {
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split([' ', '-']);
    parts.next().is_some_and(|day| day.len() <= 2 && are_digits(day))
        && parts.next().is_some_and(|month| is_month(&folded(month)))
        && parts.next().is_none_or(|year| year.len() == 4 && are_digits(year))
        && parts.next().is_none()
}

/// What the line looks like.
pub(crate) fn look_at(line: &str) -> Street {
    if is_plain(line) {
        return Street::Sound;
    }
    if line.contains('@') || !line.contains(char::is_alphabetic) || holds_postal_code(line) {
        return Street::Malformed;
    }
    let joined = without_initials(line);
    let line = joined.as_deref().unwrap_or(line);
    let mut words = words(line).peekable();
    let mut numbered = false;
    let mut head = words.next();
    // What programs write for no number.
    if head.is_some_and(|word| matches!(word.text, "0" | "00" | "000" | "0000" | "null" | "NULL" | "NaN" | "nan")) {
        return Street::Malformed;
    }
    // « n° 12 ».
    if let Some(word) = head
        && matches!(word.text, "n" | "N" | "no" | "No" | "NO" | "nº" | "Nº")
        && words.peek().is_some_and(|next| is_number(next.text))
    {
        head = words.next();
    }
    while let Some(word) = head {
        let elided = matches!(word.next(), Some('\'' | '’'));
        let mut joins =
            || matches!(word.text, "à" | "a" | "À" | "et") && words.peek().is_some_and(|next| is_number(next.text));
        if is_number(word.text) {
            numbered = true;
        } else if !numbered || !(joins() || (is_extension(word.text) && !elided)) || is_abbreviation(word, words.peek())
        {
            break;
        }
        head = words.next();
    }
    let Some(head) = head else { return Street::Malformed };
    let known = is_street_type(head.text);
    match (numbered, known) {
        (true, true) => Street::Sound,
        (true, false) if PLACES.has(head.text) || is_bare_street(head.text) || is_road(head) => Street::Sound,
        (true, false) => {
            let next = words.peek().copied();
            match names_a_street(words) {
                true => Street::Sound,
                // « 27 bis Maurice Sarraut », « 8 mai 1945 »: streets bear the names of people and days, hamlets do not.
                false if STREET_NAMES.has(head.text) => Street::Malformed,
                false
                    if FIRST_NAMES.has(head.text)
                        && next.is_some_and(|word| word.text.starts_with(char::is_uppercase)) =>
                {
                    Street::Malformed
                }
                false if next.is_some_and(|word| is_year(word.text)) => Street::Malformed,
                // The houses of a hamlet may be numbered: « 11 Lascoux ».
                false => Street::Sound,
            }
        }
        (false, true) if ends_with_number(line) => Street::Sound,
        // « Quartier » and « villa » are in both lists: they may have numbers.
        (false, true) if PLACES.has(head.text) => Street::Sound,
        (false, true) => Street::WithoutNumber,
        // « de la République »: a type went before it.
        (false, false) if is_in(&["d", "de", "des", "du"], head.text) && !mentions_a_street(line) => {
            Street::WithoutType
        }
        (false, false) if mentions_a_place(line) => Street::Sound,
        (false, false) => Street::WithoutType,
    }
}

/// The line with its abbreviations in one word: « ZA des Prés » for « Z.A. des Prés »; `None` without any.
fn without_initials(line: &str) -> Option<String> {
    let is_initial = |at: usize| {
        let signs = line.as_bytes().get(at..at + 2);
        signs.is_some_and(|signs| signs[0].is_ascii_alphabetic() && signs[1] == b'.')
    };
    let mut joined = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(dot) = memchr::memchr(b'.', &line.as_bytes()[at..]) {
        let first = (at + dot).saturating_sub(1);
        at += dot + 1;
        let begins = |c: char| !c.is_alphanumeric();
        let is_apart = line.is_char_boundary(first) && line[..first].chars().next_back().is_none_or(begins);
        if !is_apart || first < copied || !is_initial(first) || !is_initial(first + 2) {
            continue;
        }
        joined.push_str(&line[copied..first]);
        let mut end = first;
        while is_initial(end) {
            joined.push_str(&line[end..=end]);
            end += 2;
        }
        if line[end..].starts_with(char::is_alphanumeric) {
            joined.push(' ');
        }
        (copied, at) = (end, end);
    }
    (copied > 0).then(|| joined + &line[copied..])
}

/// `R` for `rue`, or the `C` of a place, is a type and not an extension when no type follows it.
fn is_abbreviation(word: Word<'_>, next: Option<&Word<'_>>) -> bool {
    word.text.eq_ignore_ascii_case("r") && !next.is_some_and(|next| is_street_type(next.text))
}

/// « 12 Grand-Place », « 5 Vieux Chemin »: the type is the second word.
fn names_a_street<'a>(mut rest: impl Iterator<Item = Word<'a>>) -> bool {
    rest.next().is_some_and(|word| is_street_type(word.text) && word.text.len() > 2)
}

/// « 12 D23 », « 4 RN 20 »: a road by its number.
fn is_road(word: Word<'_>) -> bool {
    let letters = word.text.trim_end_matches(|c: char| c.is_ascii_digit());
    letters.len() < word.text.len() && is_in(&["cd", "cr", "d", "n", "rd", "rn", "vc"], letters)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Streets known by their name alone.
fn is_bare_street(word: &str) -> bool {
    is_in(&["canebiere", "croisette"], word)
}

/// « rue Basse, 12 » and « rue Basse n° 12 ».
fn ends_with_number(line: &str) -> bool {
    let before = line.trim_end_matches(|c: char| c.is_ascii_digit());
    before.len() < line.len() && before.trim_end().ends_with([',', '°', 'º'])
}

fn mentions_a_street(line: &str) -> bool {
    words(line).any(|word| word.text.len() > 2 && is_street_type(word.text))
}

/// Whether any word names a place or a street: « Mairie, place de la République », « Technopôle de l’Aube ».
fn mentions_a_place(line: &str) -> bool {
    words(line).any(|word| {
        let long = word.text.len() > 2;
        (long && is_street_type(word.text)) || PLACES.has(word.text)
    })
}

/// Whether a text is a line of an address and nothing else, by the number that it begins with: « 3 rue du Port », « 29200 Brest ».
pub(crate) fn is_line(text: &str) -> bool {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let mut after = words(text).skip_while(|word| is_number(word.text) || is_extension(word.text));
    if after.next().is_some_and(|word| is_street_type(word.text)) && after.next().is_some() {
        return true;
    }
    let is_town = |code: &str, town: &str| {
        code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit()) && communes::by_name(town).next().is_some()
    };
    text.split_once(' ').is_some_and(|(code, town)| is_town(code, town))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_2014_are_judged() {
        for line in [
            "40, rue Carnot",
            "75, rue Victor Hugo",
            "2, rue Boutaric",
            "108, rue de Bourgogne",
            "55, rue Basse",
            "20, rue Saint-Joseph",
            "30, place Francis Robert",
            "9, rue Descartes",
            "10, Allée Evariste-Galois",
            "6, rue des Gardes",
            "22, rue Mérigonde",
            "6, rue Arnold Géraux",
        ] {
            assert_eq!(look_at(line), Street::Sound, "{line}");
        }
        assert_eq!(look_at("27, bis Maurice-Sarraut"), Street::Malformed);
        assert_eq!(look_at("Avenue des Noës"), Street::WithoutNumber);
        // The fifteenth has a building and no street.
        assert_eq!(look_at("Centre municipal A. Castets"), Street::Sound);
    }

    #[test]
    fn sound_streets() {
        for line in [
            "6 bis, rue Basse",
            "6bis rue Basse",
            "12B rue Basse",
            "12 B rue Basse",
            "12-14 rue Basse",
            "12/14, rue Basse",
            "4 à 8 rue Basse",
            "4 et 6 rue Basse",
            "n° 12, rue Basse",
            "N°12 rue Basse",
            "12 zone artisanale des Prés-Verts",
            "9 ZI du Port",
            "3 La Canebière",
            "3 Canebière",
            "5 Grand’Rue",
            "5 Grande-Rue",
            "7 Le Bourg",
            "12 l’Orée du bois",
            "45 Bd Voltaire",
            "45, av. Foch",
            "12 r. Basse",
            "1 chemin de l’Église",
            "33 QUAI DES FRÈRES-LUMIÈRE",
            "33 IMPASSE D'ALSACE",
            "ZI Ste Agathe",
            "ZA des Prés",
            "Z.A. des Prés",
            "Z.A.C. du Port",
            "9 Z.I. du Port",
            "12 rue J.F. Kennedy",
            "12 bis R.N. 20",
            "Lieu-dit Les Granges",
            "Hameau de Bel-Air",
            "Le Bourg",
            "Résidence des Lilas",
            "Parc d’activités du Lac",
            "Domaine de la Forêt",
            "rue Basse, 12",
            "rue Basse n° 12",
            "Bâtiment A, 12 rue Basse",
            "Technopôle de l’Aube",
            "12 rue du 8-Mai-1945",
            "12 rue Basse CS 40001 Nord",
            "285 Karrika Nagusia",
            "6 Carrer de la Font",
            "12 pass. des Tanneurs",
            "3 hent ar Mor",
            "4 Traversa di a Marina",
            "12 D23",
            "4 RN 20",
            "11 Lascoux",
            "3 bis Puech Redon",
        ] {
            assert_eq!(look_at(line), Street::Sound, "{line}");
        }
    }

    #[test]
    fn unsound_streets() {
        for line in [
            "12",
            "12 bis",
            "8 mai 1945",
            "12 rue Basse 75018 Paris",
            "31300 Toulouse",
            "contact@example.org",
            "12, Victor Hugo",
            "27 ter Jean-Jaurès",
            "0 rue Basse",
            "null Grande Rue",
            "12 rue de la Gare46100",
        ] {
            assert_eq!(look_at(line), Street::Malformed, "{line}");
        }
        for line in ["Maurice Sarraut", "de la République", "d’Alsace", "de l’Église", "du Château d'eau"] {
            assert_eq!(look_at(line), Street::WithoutType, "{line}");
        }
        assert_eq!(look_at("De la rue Basse"), Street::Sound);
        assert_eq!(look_at("rue du 8 mai 1945"), Street::WithoutNumber);
        assert_eq!(look_at("Place de la République"), Street::WithoutNumber);
        assert_eq!(look_at("bd Voltaire"), Street::WithoutNumber);
    }
}
