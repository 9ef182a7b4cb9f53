//! An organisation in one text: its name, and its legal form where the text tells it.

use crate::text::fold::folded;
use crate::text::words::{Word, all_words, words};

/// Legal forms as people write them, folded; of those that begin alike, the longest first.
static FORMS: &[&str] = &[
    "association de droit local",
    "association de loi 1901",
    "association loi de 1901",
    "association loi 1901",
    "association",
    "etablissement public de cooperation culturelle",
    "etablissement public",
    "fondation d utilite publique",
    "fonds de dotation",
    "groupement d interet economique",
    "groupement d interet public",
    "societe anonyme",
    "societe a responsabilite limitee",
    "societe civile immobiliere",
    "societe cooperative d interet collectif",
    "societe cooperative et participative",
    "societe cooperative de production",
    "societe par actions simplifiee",
    "syndicat mixte",
    "union d economie sociale anonyme",
    "union d economie sociale",
    "scic sarl",
    "scic sas",
    "scic sa",
    "scic",
    "scop sarl",
    "scop sas",
    "scop sa",
    "scop",
    "epcc",
    "eurl",
    "gie",
    "gip",
    "sarl",
    "sas",
    "sasu",
    "sci",
    "ues",
];

/// What an organisation is rather than how it is called: left out of its name, and no legal form.
static KINDS: &[&str] = &["entreprise d insertion", "entreprise adaptee", "structure porteuse", "structure"];

/// A name and a legal form, as parts of one text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Organisation<'a> {
    pub name: &'a str,
    pub form: Option<&'a str>,
}

fn is_article(word: &str) -> bool {
    ["la", "le", "les", "l", "une", "un"].contains(&folded(word).as_str())
}

/// Where a term that begins at word `at` ends.
fn ends(words: &[Word<'_>], at: usize, terms: &[&str]) -> Option<usize> {
    terms.iter().find_map(|term| {
        let mut end = at;
        for part in term.split(' ') {
            if words.get(end).is_none_or(|word| folded(word.text) != part) {
                return None;
            }
            end += 1;
        }
        Some(end)
    })
}

/// Whether a word is written as a name is: with a capital, or a digit.
fn is_proper(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
}

/// Takes the text of an organisation apart. What can be read in two ways stays in the name.
pub(super) fn parse(text: &str) -> Organisation<'_> {
    let text = text.trim().trim_end_matches('.').trim_end();
    let all = all_words(text);
    let part = |from: usize, to: usize| {
        let end = if to == all.len() { text.len() } else { all[to - 1].end() };
        text[all[from].start..end].trim_matches(|c: char| c.is_whitespace() || ",;:–-".contains(c))
    };
    if all.is_empty() {
        return Organisation { name: text, form: None };
    }
    // « La Serre (SCIC) ».
    if let Some((name, inner)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        let inner_words: Vec<Word<'_>> = words(inner).collect();
        if !name.trim().is_empty() && ends(&inner_words, 0, FORMS) == Some(inner_words.len()) {
            return Organisation { name: name.trim(), form: Some(inner.trim()) };
        }
    }
    // « L’association Les Ateliers », « SCIC Maison de l’économie », « Association des professionnels ».
    let first = usize::from(all.len() > 1 && is_article(all[0].text) && !is_proper_article(&all));
    let lead = ends(&all, first, FORMS);
    let kind = ends(&all, first, KINDS);
    if let Some(end) = lead.or(kind).filter(|end| *end < all.len()) {
        let form = lead.map(|end| part(first, end));
        let name_starts = {
            let next = usize::from(is_article(all[end].text) && end + 1 < all.len());
            is_proper(all[end].text) || next == 1 && is_proper(all[end + 1].text)
        };
        let is_divided = text[all[end - 1].end()..all[end].start].contains([',', '(', ':']);
        if name_starts && !is_divided {
            return Organisation { name: part(end, all.len()), form };
        }
        if lead.is_some() && !is_divided {
            return Organisation { name: part(first, all.len()), form };
        }
    }
    // « Le Damier, association loi 1901 », « Ardaines, Association de regroupement… ».
    for at in 1..all.len() {
        let is_after_comma = text[all[at - 1].end()..all[at].start].contains([',', '–'])
            || text[all[at - 1].end()..all[at].start].contains(" - ");
        if !is_after_comma {
            continue;
        }
        let start = if is_article(all[at].text) { at + 1 } else { at };
        if let Some(end) = ends(&all, start, FORMS) {
            let is_acronym = all[start].text.chars().all(char::is_uppercase);
            // A capital makes the form a part of what follows it: a name spelled out.
            let name = if is_acronym || !is_proper(all[start].text) { part(0, at) } else { text };
            return Organisation { name, form: Some(part(start, end)) };
        }
    }
    Organisation { name: text, form: None }
}

/// « La Serre »: an article that is the beginning of the name.
fn is_proper_article(all: &[Word<'_>]) -> bool {
    ends(all, 1, FORMS).or(ends(all, 1, KINDS)).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_forms() {
        for (text, name, form) in [
            ("Le Damier du Quercy, association loi 1901.", "Le Damier du Quercy", Some("association loi 1901")),
            ("Association la Roue libre.", "la Roue libre", Some("Association")),
            ("L’association Les Ateliers.", "Les Ateliers", Some("association")),
            ("L'association des artisans du Bray.", "association des artisans du Bray", Some("association")),
            ("La Serre (SCIC).", "La Serre", Some("SCIC")),
            ("Fil, SCOP SARL - coopérative d'activité", "Fil", Some("SCOP SARL")),
            ("Fil, SCOP et entreprise d'insertion.", "Fil", Some("SCOP")),
            ("Fil, Association de défense du lin.", "Fil, Association de défense du lin", Some("Association")),
            ("Entreprise d'insertion Fil.", "Fil", None),
            ("SCIC Maison du lin.", "Maison du lin", Some("SCIC")),
            ("Groupe Fil.", "Groupe Fil", None),
            ("Fil (FL) de Bretagne, association fondée en 2006", "Fil (FL) de Bretagne", Some("association")),
            ("Association", "Association", None),
            ("", "", None),
        ] {
            assert_eq!(parse(text), Organisation { name, form }, "{text}");
        }
    }
}
