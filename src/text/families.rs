//! The family of a partner: what the words of its name, of what is said of it and of the heading above it tell.

use crate::text::fold::folded;
use crate::text::lexicon::{COMMON_NOUNS, SEVERAL};
use crate::text::words::words;

/// Families and the words that name them in a heading: « Acteurs de la recherche », « Les PME ». Where a heading holds
/// several, the first of this list is its main one: « entreprises de l’économie sociale » are of the social economy.
static HEADINGS: &[(&str, &[&str])] = &[
    (
        "ess",
        &["association", "associations", "cooperatives", "economie sociale", "ess", "insertion", "mutuelles", "scop"],
    ),
    ("collectivite", &["collectivites", "communes", "intercommunalites"]),
    ("financeur", &["banques", "financeurs", "financiers", "fondations"]),
    ("entreprise", &["entreprise", "entreprises", "industriels", "pme", "societes", "tpe"]),
    ("recherche", &["laboratoire", "laboratoires", "recherche", "universitaires", "universite", "universites"]),
    ("formation", &["centres de formation", "enseignement", "formation", "lycees"]),
];

/// Families and the words that name their members: kinds of organisations, and those that all of France knows.
static MEMBERS: &[(&str, &[&str])] = &[
    (
        "autre",
        &[
            "ademe",
            "chambre d agriculture",
            "chambre de commerce",
            "chambre de metiers",
            "chambre des metiers",
            "commission interministerielle",
            "cci",
            "direccte",
            "direction departementale",
            "direction regionale",
            "drac",
            "dreets",
            "medef",
            "pole emploi",
            "prefecture",
            "syndicat professionnel",
            "uimm",
            "union des industries et des metiers",
        ],
    ),
    (
        "collectivite",
        &[
            "commune",
            "communes",
            "communaute d agglomeration",
            "communaute de communes",
            "communaute urbaine",
            "conseil departemental",
            "conseil general",
            "conseils departementaux",
            "conseils generaux",
            "conseil regional",
            "departement",
            "mairie",
            "maison departementale",
            "metropole",
            "region",
            "syndicat mixte",
            "ville",
        ],
    ),
    (
        "financeur",
        &[
            "banque",
            "caisse d epargne",
            "caisse des depots",
            "cigale",
            "cigales",
            "credit agricole",
            "credit cooperatif",
            "credit mutuel",
            "fondation",
            "france active",
            "nef",
        ],
    ),
    ("recherche", &["chaire", "cnrs", "inra", "inrae", "laboratoire de recherche", "universite", "umr"]),
    (
        "formation",
        &[
            "afpa",
            "business school",
            "centre de formation",
            "cfa",
            "ecole de",
            "ecole nationale",
            "ecole superieure",
            "greta",
            "lycee",
            "maison familiale rurale",
            "mfr",
            "organisme de formation",
            "sciences po",
        ],
    ),
    (
        "ess",
        &[
            "adapei",
            "adie",
            "admr",
            "amap",
            "apei",
            "association",
            "associations",
            "chambre regionale de l economie sociale",
            "chambre regionale de l ess",
            "coorace",
            "cooperative",
            "cooperatives",
            "cress",
            "economie sociale",
            "economie solidaire",
            "entreprise d insertion",
            "entreprises d insertion",
            "epicerie solidaire",
            "esat",
            "ess",
            "geiq",
            "groupement d employeurs",
            "insertion",
            "mgen",
            "mouves",
            "mutuelle",
            "scic",
            "scop",
            "scops",
            "union regionale des scop",
        ],
    ),
    ("entreprise", &["entreprise", "entreprises", "eurl", "pme", "sarl", "sas", "sasu", "tpe"]),
];

/// Whether a term stands in a text as words of its own. A search would be prepared anew for each of many short terms.
fn holds(text: &str, term: &str) -> bool {
    let mut rest = Some(text.as_bytes());
    while let Some(words) = rest {
        let after = words.strip_prefix(term.as_bytes());
        if after.is_some_and(|after| after.first().is_none_or(|byte| *byte == b' ')) {
            return true;
        }
        rest = memchr::memchr(b' ', words).map(|end| &words[end + 1..]);
    }
    false
}

/// Whether a text is the heading of several partners rather than the name of one: its first word says so.
pub(crate) fn is_heading(text: &str) -> bool {
    let text = folded(text);
    let first = text.split(' ').find(|word| !["l", "la", "le", "les", "des", "d", "de", "nos"].contains(word));
    first.is_some_and(|word| SEVERAL.contains(word))
}

/// Whether a text begins with a common noun for an organisation, so that an article before it is no part of a name.
pub(crate) fn is_common(text: &str) -> bool {
    let folded = folded(text);
    let mut words = folded.split(' ').skip_while(|word| ["l", "la", "le", "les"].contains(word));
    let first = words.next().unwrap_or("");
    COMMON_NOUNS.contains(first) || first == "maison" && words.next() == Some("familiale")
}

/// The families that a heading names, the main one first.
fn of_heading(heading: &str) -> Vec<&'static str> {
    let heading = folded(heading);
    let of =
        |(family, terms): &(&'static str, &[&str])| terms.iter().any(|term| holds(&heading, term)).then_some(*family);
    HEADINGS.iter().filter_map(of).collect()
}

/// The family of a partner that stands in a column of its own kind, « Partenaires ESS »; `None` where the label names none.
pub(crate) fn under_heading(name: &str, label: &str) -> Option<&'static str> {
    if of_heading(label).is_empty() { None } else { family(name, None, Some(label)) }
}

/// The family that the words of a category most likely mean: « Association d’insertion », « Mairie ».
pub(crate) fn likely(category: &str) -> Option<&'static str> {
    of_heading(category).first().copied().or_else(|| of_words(category))
}

/// The family that a remark tells by its first words: « association créée en 2004 », « centre de formation ».
fn of_remark(remark: &str) -> Option<&'static str> {
    let begins = |part: &str| {
        let part = folded(part);
        let is_begun =
            |term: &&str| part.strip_prefix(*term).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        MEMBERS.iter().find(|(_, terms)| terms.iter().any(is_begun)).map(|(family, _)| *family)
    };
    remark.split(" ; ").find_map(begins)
}

/// The family that a name tells.
fn of_words(text: &str) -> Option<&'static str> {
    let text = folded(text);
    MEMBERS.iter().find(|(_, terms)| terms.iter().any(|term| holds(&text, term))).map(|(family, _)| *family)
}

/// The family of a partner, as far as words tell it.
pub(crate) fn family(name: &str, note: Option<&str>, heading: Option<&str>) -> Option<&'static str> {
    let told = heading.map(of_heading).unwrap_or_default();
    /// Longer remarks speak of others too: « vingt entreprises du pôle », « élus et associations ».
    const SHORT: usize = 6;
    let remark = note.and_then(|note| {
        let folded = folded(note);
        // « Formation continue » is what it does, where the heading speaks of training.
        let does = ["formation", "recherche"].into_iter().find(|word| told.contains(word) && holds(&folded, word));
        does.or_else(|| of_remark(note)).or_else(|| of_words(note).filter(|_| words(note).count() <= SHORT))
    });
    let own = of_words(name);
    match told.as_slice() {
        // One family for all, unless the partner is plainly of another kind.
        [one] => match remark {
            Some("formation") => Some("formation"),
            _ => Some(*one),
        },
        // « Ateliers d’insertion », which are said to be « organisme de formation ».
        [] if own == Some("ess") && remark == Some("formation") => remark,
        [] => own.or(remark),
        [first, ..] => {
            let among = |family: &Option<&'static str>| family.is_some_and(|family| told.contains(&family));
            let is_firm = told.contains(&"entreprise");
            let is_social = |family: &Option<&'static str>| is_firm && *family == Some("ess");
            if let Some(family) = remark.filter(|family| told.contains(family) && *family != "entreprise") {
                return Some(family);
            }
            if among(&own) || is_social(&own) {
                return own;
            }
            // « Recherche et formation »: nothing tells which of the two, unless one of them holds the other.
            (told.contains(&"ess") || told.contains(&"entreprise")).then_some(*first)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_names_tell_the_family() {
        for (name, note, heading, expected) in [
            ("Labo A", None, Some("Acteurs de la recherche"), Some("recherche")),
            ("Conseil régional", None, Some("Pouvoirs publics"), Some("collectivite")),
            ("DIRECCTE", None, Some("Pouvoirs publics"), Some("autre")),
            ("Bois debout", Some("centre de formation"), Some("Les structures de l’insertion"), Some("formation")),
            ("Bois debout", None, Some("Entreprises de l’économie sociale et solidaire"), Some("ess")),
            ("SARL Bois", None, Some("Entreprises et organismes de formation"), Some("entreprise")),
            (
                "SARL Bois",
                Some("formation continue"),
                Some("Entreprises et organismes de formation"),
                Some("formation"),
            ),
            ("SCOP Bois", None, Some("Entreprises et organismes de formation"), Some("ess")),
            ("Fondation de Lens", None, Some("Recherche et formation"), None),
            ("Bois debout", None, None, None),
            ("Mairie de Lens", None, None, Some("collectivite")),
        ] {
            assert_eq!(family(name, note, heading), expected, "{name} {note:?} {heading:?}");
        }
    }

    #[test]
    fn headings_speak_of_several() {
        assert!(is_heading("Les structures de l’insertion") && is_heading("Recherche et formation"));
        assert!(!is_heading("Chantiers nature") && !is_heading("31 membres de la filière"));
    }
}
