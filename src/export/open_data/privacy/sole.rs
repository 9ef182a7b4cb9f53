//! Who trades alone, and where somebody lives: a person in the place of a body.

use super::decisions::key;
use super::person::{is_title, is_word_only};
use super::whole::{Whole, whole_person};
use crate::record::{Address, Coordinator, Record};
use crate::text::fold::folded;
use crate::text::lexicon::{BODIES, GIVEN_NAMES, PARTICLES, ROLES};
use crate::text::phones;

/// Beginnings of words by which somebody says that they trade alone, a word each; all of one line must stand in a row.
const ALONE: &[&[&str]] = &[
    &["auto", "entrep"],
    &["autoentrep"],
    &["micro", "entrep"],
    &["microentrep"],
    &["micro", "bic"],
    &["micro", "bnc"],
    &["micro", "social"],
    &["entrep", "individuel"],
    &["exploit", "individuel"],
    &["exploitant"],
    &["commerc", "individuel"],
    &["affaire", "personnel"],
    &["nom", "propre"],
    &["nom", "personnel"],
    &["personne", "physique"],
    &["artisan"],
    &["commercant"],
    &["independant"],
    &["freelance"],
    &["free", "lance"],
    &["liberal"],
    &["tns"],
    &["travailleu", "non", "salarie"],
    &["maraich"],
    &["agricult"],
    &["particulier"],
    &["artiste"],
    &["consultant"],
    &["gerant"],
];

/// Words that say that a form is one of several people: « société d’exercice libéral », « union des commerçants ».
const TOGETHER: &[&str] = &[
    "association",
    "chambre",
    "collectif",
    "confederation",
    "cooperative",
    "earl",
    "etablissement",
    "eurl",
    "federation",
    "gaec",
    "groupement",
    "sarl",
    "sas",
    "sasu",
    "scea",
    "scic",
    "scop",
    "sel",
    "selarl",
    "selas",
    "snc",
    "societe",
    "syndicat",
    "union",
];

/// Whether a legal form is that of a person.
pub(super) fn is_alone(form: &str) -> bool {
    let form = folded(form);
    let words: Vec<&str> = form.split(' ').collect();
    // The categories of Insee: 1000 is the person who trades, 1100 to 1900 were.
    let is_coded = words.iter().any(|word| word.len() == 4 && word.starts_with('1') && word.ends_with("00"));
    let is_ei =
        ["ei", "eirl", "ae"].iter().any(|form| words.contains(form)) || words.windows(2).any(|two| two == ["e", "i"]);
    let is_told = ALONE.iter().any(|told| {
        words.windows(told.len()).any(|row| row.iter().zip(*told).all(|(word, start)| word.starts_with(start)))
    });
    // « artisanale », « libérale » are of a society as well.
    (is_coded || is_ei || is_told) && !words.iter().any(|word| TOGETHER.contains(word))
}

/// A name without the « EI » that those who trade alone bear before it or behind it; `None` when it has none.
pub(super) fn without_ei(name: &str) -> Option<String> {
    // Nearly no name has either.
    let bytes = name.as_bytes();
    let may_begin = |at: usize| match bytes[at] {
        b'E' => bytes[at + 1..].starts_with(b"I") || bytes[at + 1..].starts_with(b".I"),
        b'n' => bytes[at + 1..].starts_with(b"trep"),
        b'N' => bytes[at + 1..].starts_with(b"TREP"),
        _ => false,
    };
    if !(0..bytes.len()).any(may_begin) {
        return None;
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_ei = |word: &str| {
        let letters: String = word.chars().filter(|c| c.is_alphabetic()).collect();
        let signs = word.chars().filter(|c| !c.is_alphabetic()).all(|c| matches!(c, '.' | '(' | ')' | ',' | '-' | '–'));
        signs && (letters == "EI" || letters == "EIRL")
    };
    let plain = folded(name);
    let is_last = words.last().is_some_and(|word| is_ei(word));
    let is_first = words.first().is_some_and(|word| is_ei(word));
    if words.len() > 1 && (is_first || is_last) {
        let own = &words[usize::from(is_first)..words.len() - usize::from(is_last)];
        // « EI Groupe »
        if own.iter().all(|word| is_word_only(&folded(word))) {
            return None;
        }
        return Some(own.join(" ").trim_end_matches([',', ' ', '–', '-']).to_owned());
    }
    let told = [
        "entrepreneur individuel",
        "entrepreneure individuelle",
        "entrepreneuse individuelle",
        "entreprise individuelle",
        "micro entrepren",
        "microentrepren",
        "auto entrepren",
        "autoentrepren",
    ];
    let at = told.iter().find_map(|told| plain.find(told))?;
    let has_name = plain[..at].split(' ').any(|word| GIVEN_NAMES.contains(word))
        || plain[at..].split(' ').any(|word| GIVEN_NAMES.contains(word));
    has_name.then(|| {
        let kept = name.split_whitespace().filter(|word| {
            let word = folded(word);
            !["entrep", "individuel", "micro", "auto"].iter().any(|start| word.starts_with(start))
        });
        kept.collect::<Vec<_>>().join(" ")
    })
}

/// Whether a coordinator is a person.
pub(super) fn trades_alone(coordinator: &Coordinator) -> bool {
    coordinator.legal_form.as_deref().is_some_and(is_alone)
        || coordinator.name.as_deref().is_some_and(|name| without_ei(name).is_some())
}

/// Whether a note beside a name says in so many words that who bears it trades alone, or is a person: « EI »,
/// « auto-entrepreneuse », « Personnes physiques ».
pub(super) fn says_alone(note: &str) -> bool {
    /// Words of such a note.
    const MOST: usize = 4;
    const TOLD: &[&[&str]] = &[
        &["auto", "entrepren"],
        &["autoentrepren"],
        &["micro", "entrepren"],
        &["microentrepren"],
        &["entrepren", "individuel"],
        &["personne", "physique"],
        &["particulier"],
    ];
    // Texts are longer.
    if note.len() > 60 || note.split(' ').nth(MOST).is_some() {
        return false;
    }
    let plain = folded(note);
    let words: Vec<&str> = plain.split(' ').collect();
    let is_told = |told: &&&[&str]| {
        words.windows(told.len()).any(|row| row.iter().zip(**told).all(|(word, start)| word.starts_with(start)))
    };
    words.len() <= MOST
        && (matches!(words[..], ["ei" | "eirl" | "ae"]) || TOLD.iter().any(|told| is_told(&told)))
        && !words.iter().any(|word| TOGETHER.contains(word))
}

/// Whether a coordinator is a person by the name alone or by a contact of that name: a title, a function, a first name that
/// we know, a mobile.
pub(super) fn is_person(record: &Record) -> bool {
    let Some(name) = record.coordinator.name.as_deref() else { return false };
    let plain = folded(name);
    // Nearly every name has a word of a body.
    if plain.split(' ').any(|word| BODIES.contains(word)) {
        return false;
    }
    says_person(name) || {
        let is_one = || {
            let is_known = whole_person(name) == Some(Whole::Given);
            let is_no_word = || plain.split(' ').count() > 1 && plain.split(' ').all(|word| !is_word_only(word));
            let is_together = || {
                let form = record.coordinator.legal_form.as_deref().map(folded).unwrap_or_default();
                record.coordinator.rna.is_some() || form.split(' ').any(|word| TOGETHER.contains(&word))
            };
            (is_known, !is_known && !is_together() && is_no_word())
        };
        let mut of_name = record.contacts.iter().filter(|contact| {
            contact.name.as_deref().is_some_and(|own| own.len() + 12 > name.len() && key(own) == key(name))
        });
        of_name.next().is_some_and(|contact| {
            let (is_known, may_be) = is_one();
            let is_titled =
                || contact.name.as_deref().and_then(|name| name.split_whitespace().next()).is_some_and(is_title);
            let has_role = || {
                let role = contact.role.as_deref().map(folded).unwrap_or_default();
                role.split(' ').next().is_some_and(|word| ROLES.contains(word))
            };
            let has_mobile = || {
                let mut is_mobile = false;
                contact.phone.iter().for_each(|phone| {
                    phones::each_number(phone, |number| is_mobile |= number.kind == phones::Kind::Mobile);
                });
                is_mobile
            };
            is_known || may_be && (is_titled() || has_role() || has_mobile())
        })
    }
}

/// Whether a name alone says that it is a person’s: « M. Koffi Kouadio », « Koffi Kouadio, président ».
fn says_person(name: &str) -> bool {
    let Some((first, rest)) = name.trim().split_once(char::is_whitespace) else { return false };
    let is_name = |text: &str| {
        let is_part = |word: &str| PARTICLES.has(word) || word.starts_with(char::is_uppercase);
        let words = || text.split_whitespace();
        words().count() > 0 && words().all(is_part) && words().any(|word| !is_word_only(&folded(word)))
    };
    // « ME Conseil » is no lawyer.
    let is_sign = !first.ends_with('.') && first.len() == 2 && !first.chars().any(char::is_lowercase);
    if is_title(first) && (!is_sign || rest.contains(' ')) {
        let own = rest.split([',', '(']).next().unwrap_or(rest);
        return is_name(own.trim());
    }
    let Some(at) = name.find([',', '(']) else { return false };
    let (own, after) = (name[..at].trim(), folded(&name[at..]));
    after.split(' ').next().is_some_and(|word| ROLES.contains(word))
        && own.split_whitespace().count() > 1
        && is_name(own)
        && own.split_whitespace().all(|word| !is_word_only(&folded(word)))
}

/// Whether an address says that it is somebody’s home.
pub(super) fn is_home(address: &Address) -> bool {
    [&address.complement, &address.street, &address.delivery].into_iter().flatten().any(|line| {
        let plain = folded(line);
        let words: Vec<&str> = plain.split(' ').collect();
        let has = |row: &[&str]| words.windows(row.len()).any(|found| found == row);
        // « 2ème gauche », « 3e droite »
        let is_landing = words.windows(2).any(|two| {
            two[0].starts_with(|c: char| c.is_ascii_digit())
                && two[0].ends_with(['e', 'r'])
                && matches!(two[1], "gauche" | "droite" | "face" | "g" | "d" | "et" | "etg")
        });
        // « porte 12 », « escalier B », and not « avenue de la Porte d’Italie ».
        let is_numbered = words.windows(2).any(|two| {
            NUMBERED.contains(&two[0])
                && (two[1].starts_with(|c: char| c.is_ascii_digit())
                    || two[1].len() == 1 && !matches!(two[1], "d" | "l")
                    || matches!(two[1], "gauche" | "droite" | "face"))
        });
        words.iter().any(|word| HOME_WORDS.contains(word))
            || is_numbered
            || HOME_ROWS.iter().any(|row| has(row))
            || is_landing
            || words.first() == Some(&"a") && words.get(1) == Some(&"s")
            || line
                .to_lowercase()
                .split_whitespace()
                .any(|word| matches!(word, "c/o" | "c/°" | "c/" | "a/s" | "ét." | "esc." | "apt." | "bte"))
    })
}

const HOME_WORDS: &[&str] = &[
    "app",
    "appart",
    "appartement",
    "appt",
    "apt",
    "att",
    "attention",
    "attn",
    "chez",
    "digicode",
    "domicile",
    "etage",
    "etg",
    "fam",
    "interphone",
    "logement",
    "palier",
    "rdc",
    "studio",
];

/// What has a number or a letter of its own where it is of a home.
const NUMBERED: &[&str] = &["esc", "escalier", "porte"];

const HOME_ROWS: &[&[&str]] = &[
    &["c", "o"],
    &["rez", "de", "chaussee"],
    &["rez", "chaussee"],
    &["bons", "soins"],
    &["adresse", "personnelle"],
    &["adresse", "privee"],
    &["boite", "aux", "lettres"],
    &["bal"],
    &["1er", "et"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wording_of_a_sole_trader_is_one() {
        for form in [
            "Micro-entrepreneuse",
            "microentrepreneur",
            "Microentrepreneuse",
            "Micro-entreprise",
            "auto-entreprise",
            "Autoentrepreneur",
            "E.I.",
            "EI",
            "EIRL",
            "Entreprise individuelle (EI)",
            "Entrepreneur individuel",
            "Entrepreneure individuelle",
            "Entrepreneuse individuelle",
            "Affaire personnelle",
            "Affaire personnelle commerçant",
            "Exploitant agricole",
            "Exploitante agricole",
            "Exploitation individuelle",
            "Artisane",
            "Artisan",
            "Artisan-commerçant",
            "Commerçante",
            "Indépendante",
            "Travailleur indépendant",
            "Profession libérale",
            "Libéral",
            "1000",
            "1000 – Entrepreneur individuel",
            "Entreprise en nom propre",
            "En nom personnel",
            "Personne physique",
            "Freelance",
            "TNS",
            "micro-BNC",
            "Régime micro-social",
            "Travailleuse non salariée",
            "agricultrice",
        ] {
            assert!(is_alone(form), "{form}");
        }
        for form in [
            "Société d’exercice libéral",
            "SELARL",
            "Union des commerçants",
            "Association loi 1901",
            "SARL",
            "EARL",
            "SCIC",
            "9220",
            "Coopérative d’artisans",
            "Société civile d’exploitation agricole",
            "GAEC",
            "Groupement d’employeurs",
            "Commune",
            "SCOP SA",
            "",
            "Chambre de métiers et de l’artisanat",
            "Établissement public industriel et commercial",
        ] {
            assert!(!is_alone(form), "{form}");
        }
    }

    #[test]
    fn the_name_of_a_sole_trader_bears_ei() {
        for (name, person) in [
            ("Zélie Quincampoix EI", Some("Zélie Quincampoix")),
            ("EI Zélie Quincampoix", Some("Zélie Quincampoix")),
            ("Zélie Quincampoix (E.I.)", Some("Zélie Quincampoix")),
            ("Quincampoix, EI", Some("Quincampoix")),
            ("Zélie Quincampoix, entrepreneuse individuelle", Some("Zélie Quincampoix,")),
            ("Ei Taboulé", None),
            ("Atelier bois", None),
            ("EI", None),
        ] {
            assert_eq!(without_ei(name).as_deref(), person, "{name}");
        }
    }

    #[test]
    fn homes_say_that_they_are() {
        for line in [
            "chez Mme Martin",
            "Appt 12",
            "3e étage",
            "c/o Exemple",
            "RDC",
            "rez-de-chaussée",
            "3e ét.",
            "Esc. B",
            "2ème gauche",
            "interphone 12",
            "a/s de Mme Martin",
            "aux bons soins de",
            "adresse personnelle",
        ] {
            let address = Address { complement: Some(line.to_owned()), ..Address::default() };
            assert!(is_home(&address), "{line}");
        }
        for line in
            ["Bâtiment B", "Zone artisanale", "Hôtel de ville", "BP 12", "Cour des Artisans", "2 place de la Gare"]
        {
            let address = Address { street: Some(line.to_owned()), ..Address::default() };
            assert!(!is_home(&address), "{line}");
        }
    }
}
