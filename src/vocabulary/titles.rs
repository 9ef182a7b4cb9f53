//! Titles that are the name of a PTCE: « Pôle Bois vivant » above a form that has no label for it.

use crate::reference::{departments, regions};
use crate::text::fold::folded;

/// Words beside which « PTCE » and « pôle » name a document, a list or a service, and no PTCE.
const OF_OTHERS: &[&str] = &[
    "annexe",
    "appel",
    "appels",
    "bilan",
    "cahier",
    "candidat",
    "candidats",
    "candidature",
    "candidatures",
    "carte",
    "categorie",
    "criteres",
    "description",
    "descriptif",
    "developpement",
    "direction",
    "dossier",
    "dossiers",
    "emergence",
    "emergent",
    "emergents",
    "emploi",
    "enquete",
    "etat",
    "etude",
    "fiche",
    "fiches",
    "formulaire",
    "grille",
    "identification",
    "identite",
    "instruction",
    "laureat",
    "laureats",
    "liste",
    "ministere",
    "modele",
    "monographie",
    "note",
    "partenaire",
    "partenaires",
    "prefecture",
    "presentation",
    "projet",
    "projets",
    "questionnaire",
    "recapitulatif",
    "recensement",
    "reponse",
    "reponses",
    "selection",
    "service",
    "suivi",
    "synthese",
    "tableau",
    "type",
];
/// Words that say no more than « PTCE » does.
const PLAIN: &[&str] = &[
    "a",
    "au",
    "cooperation",
    "d",
    "de",
    "des",
    "du",
    "economique",
    "economiques",
    "en",
    "et",
    "ess",
    "l",
    "la",
    "le",
    "les",
    "n",
    "no",
    "numero",
    "pole",
    "poles",
    "ptce",
    "territorial",
    "territoriaux",
];

/// Whether a text that stands above labels, or is the name of a sheet, is the name of the PTCE that they speak of: it begins with
/// « PTCE » or « pôle », and what follows is a name of its own, not that of a region, a document or a service.
pub(crate) fn names_hub(text: &str) -> bool {
    /// A longer text is a sentence.
    const LONGEST: usize = 90;
    if text.len() > LONGEST || text.contains([':', '\n', '?', '@']) || text.ends_with('.') {
        return false;
    }
    let said = folded(text);
    let words: Vec<&str> = said.split(' ').collect();
    let Some(("ptce" | "pole", rest)) = words.split_first().map(|(first, rest)| (*first, rest)) else { return false };
    let is_number = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let own: Vec<&str> = rest.iter().copied().filter(|word| !PLAIN.contains(word) && !is_number(word)).collect();
    let place = own.join(" ");
    let is_letter = |word: &&str| word.len() == 1;
    // « Pôle A », « PÔLE B »: a letter behind the word is the name of an example, or of a part of one.
    let has_name = !own.is_empty() || rest.len() == 1 && rest.first().is_some_and(is_letter);
    has_name
        && !rest.iter().any(|word| OF_OTHERS.contains(word))
        && !regions::is_name(&place)
        && departments::by_name(&place).is_none()
}
