//! A territory in one text: the departments it names with their numbers, and the label that remains.

use crate::reference::departments;
use crate::text::fold::folded;
use crate::text::words::all_words;

/// A department as the text names it: code and name.
pub(super) type Department<'a> = (&'a str, Option<&'a str>);

/// Words that join a department to what stands before it.
static BETWEEN: &[&str] = &[
    "d",
    "dans",
    "de",
    "departement",
    "departements",
    "des",
    "du",
    "en",
    "et",
    "l",
    "la",
    "le",
    "les",
    "notamment",
    "particulierement",
    "plus",
    "principalement",
    "surtout",
];

fn is_between(word: &str) -> bool {
    BETWEEN.contains(&folded(word).as_str())
}

/// `text` without the punctuation and the joining words at its end.
fn trimmed(text: &str) -> &str {
    let mut text = text;
    loop {
        text = text.trim_end_matches(|c: char| c.is_whitespace() || ",;:–—-/(’'".contains(c));
        let start = text
            .rfind(|c: char| !c.is_alphanumeric())
            .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        if text.is_empty() || !is_between(&text[start..]) {
            return text.trim_start();
        }
        text = &text[..start];
    }
}

/// The label and the departments: « Val de Fensch - Moselle (57) » is « Val de Fensch » in Moselle, 57.
pub(super) fn parse(text: &str) -> (&str, Vec<Department<'_>>) {
    let mut found: Vec<Department<'_>> = Vec::new();
    let mut label_end = text.len();
    // What stands after the last department.
    let mut rest = text;
    let mut from = 0;
    while let Some(open) = text[from..].find('(').map(|at| from + at) {
        let Some(close) = text[open..].find(')').map(|at| open + at) else { break };
        let code = text[open + 1..close].trim();
        if departments::by_code(code).is_some() {
            let before = text[from..open].trim_end();
            let (start, name) = match named(before) {
                Some(name) => (name.as_ptr() as usize - text.as_ptr() as usize, Some(name)),
                None => (open, None),
            };
            if found.is_empty() {
                let label = &text[..start];
                // « Centre Isère (38) »: the name of the department ends that of the place.
                label_end =
                    if label.trim().is_empty() || trimmed(label).len() < label.trim_end().len() { start } else { open };
            }
            found.push((code, name));
            rest = &text[close + 1..];
        }
        from = close + 1;
    }
    let mut label = trimmed(&text[..label_end]);
    if rest.chars().any(char::is_alphanumeric) {
        // More is said of the last department; the label is the whole.
        label = text.trim();
    } else if let [(code, name @ None)] = found.as_mut_slice()
        && let Some((first, other)) = label.split_once(',')
        && departments::by_name(first).is_some_and(|department| department.code == *code)
    {
        // « Paris, 18e arrondissement (75) ».
        *name = Some(first.trim());
        label = other.trim();
    }
    (if found.is_empty() { text.trim() } else { label }, found)
}

/// The name of a department at the end of a text: the longest.
fn named(text: &str) -> Option<&str> {
    const LONGEST: usize = 6;
    let all = all_words(text);
    let mut best = None;
    for word in all.iter().rev().take(LONGEST) {
        let name = &text[word.start..];
        if !is_between(word.text) && departments::by_name(name).is_some() {
            best = Some(name);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departments_are_taken_out_of_the_label() {
        for (text, label, departments) in [
            ("Val de Fensch - Moselle (57)", "Val de Fensch", vec![("57", Some("Moselle"))]),
            (
                "Hautes-Alpes (05) et Alpes-de-Haute-Provence (04)",
                "",
                vec![("05", Some("Hautes-Alpes")), ("04", Some("Alpes-de-Haute-Provence"))],
            ),
            ("Centre Isère (38)", "Centre Isère", vec![("38", Some("Isère"))]),
            ("Les Deux-Sèvres (79)", "", vec![("79", Some("Deux-Sèvres"))]),
            ("Paris, 18e arrondissement (75)", "18e arrondissement", vec![("75", Some("Paris"))]),
            (
                "Île-de-France, et surtout les départements de Paris (75), de la Seine-Saint-Denis (93)",
                "Île-de-France",
                vec![("75", Some("Paris")), ("93", Some("Seine-Saint-Denis"))],
            ),
            (
                "Bray - Oise (61) et Seine-Maritime (76)",
                "Bray",
                vec![("61", Some("Oise")), ("76", Some("Seine-Maritime"))],
            ),
            ("Sud des Landes - Landes (40)", "Sud des Landes", vec![("40", Some("Landes"))]),
            ("Figeac (46), Cahors", "Figeac (46), Cahors", vec![("46", None)]),
            ("Pays de Vitré", "Pays de Vitré", vec![]),
            ("Vitré (12 communes)", "Vitré (12 communes)", vec![]),
        ] {
            assert_eq!(parse(text), (label, departments), "{text}");
        }
    }
}
