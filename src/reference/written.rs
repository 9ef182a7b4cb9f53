//! Communes as people write them: with a code, several in one text.

use super::communes::{Commune, by_name};
use crate::text::lists;

/// The one commune that a name and a code tell, with the name as it stands: « Figeac (46102) », « 46100 Figeac », « Gap (05) ».
/// The code may be that of the commune, a postal one or the department's; a code alone may be either.
pub(crate) fn told(text: &str) -> Option<(Commune, &str)> {
    // Most texts have no code, which one look tells.
    if !text.ends_with(')') && !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let in_brackets = text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let (name, code) = in_brackets.or_else(|| text.split_once(' ').map(|(code, name)| (name, code)))?;
    let (name, code) = (name.trim(), code.trim());
    let is_meant = |commune: &Commune| {
        commune.code == code
            || commune.postal_codes().any(|own| own == code)
            || commune.department().is_some_and(|department| department.code == code)
    };
    let mut meant = by_name(name).filter(is_meant);
    meant.next().filter(|_| meant.next().is_none()).map(|commune| (commune, name))
}

/// The communes that a text lists, as its commas tell them apart, and « et » between the names of two.
pub(crate) fn listed(text: &str) -> Option<Vec<String>> {
    let pieces = lists::short(text);
    if !text.contains(" et ") {
        return pieces;
    }
    let is_known = |name: &str| told(name).is_some() || by_name(name).next().is_some();
    let is_listed = pieces.is_some();
    let mut listed = Vec::new();
    for piece in pieces.unwrap_or_else(|| vec![text.to_owned()]) {
        let parts: Vec<&str> = piece.split(" et ").map(str::trim).collect();
        match parts.len() > 1 && !is_known(&piece) && parts.iter().all(|part| is_known(part)) {
            true => listed.extend(parts.into_iter().map(str::to_owned)),
            false => listed.push(piece),
        }
    }
    (is_listed || listed.len() > 1).then_some(listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_tells_which_commune_is_meant() {
        let shown = |text| told(text).map(|(commune, name)| (commune.code, name.to_owned()));
        for (text, code, name) in [
            ("Figeac (46102)", "46102", "Figeac"),
            ("46102 Figeac", "46102", "Figeac"),
            ("46100 Figeac", "46102", "Figeac"),
            ("Gap (05)", "05061", "Gap"),
        ] {
            assert_eq!(shown(text), Some((code, name.to_owned())), "{text}");
        }
        for text in ["Figeac", "Figeac (05)", "Figeac (siège)", "3 communes", "99999", "46102"] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn communes_are_told_apart() {
        assert_eq!(
            listed("Figeac, Gramat et Cahors").map(|names| names.join("|")).as_deref(),
            Some("Figeac|Gramat|Cahors")
        );
        assert_eq!(listed("Figeac et Cahors").map(|names| names.join("|")).as_deref(), Some("Figeac|Cahors"));
        assert_eq!(listed("Figeac et ses environs"), None);
        assert_eq!(listed("- Figeac et ses environs"), Some(vec!["Figeac et ses environs".to_owned()]));
    }
}
