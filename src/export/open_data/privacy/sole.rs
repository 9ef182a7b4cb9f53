//! Who trades alone, and where somebody lives: a person in the place of a body.

use crate::record::{Address, Coordinator};
use crate::text::fold::folded;
use crate::text::lexicon::GIVEN_NAMES;

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
    let is_ei = words.contains(&"ei") || words.contains(&"eirl") || words.windows(2).any(|two| two == ["e", "i"]);
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
        words.iter().any(|word| HOME_WORDS.contains(word))
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
    "attention",
    "attn",
    "chez",
    "digicode",
    "domicile",
    "esc",
    "escalier",
    "etage",
    "etg",
    "interphone",
    "logement",
    "palier",
    "porte",
    "rdc",
    "studio",
];

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
