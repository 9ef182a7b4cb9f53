//! What stands in a text in the place of what names or reaches a person.

use crate::text::mentions::{mentions, telephones};

/// What stands in a text where something was taken out.
pub(in crate::export::open_data) const MARK: &str = "[donnée personnelle retirée]";

/// Where `text` names or reaches a person, as ranges of bytes that may overlap.
pub(super) fn spans(text: &str) -> Vec<(usize, usize)> {
    mentions(text).into_iter().map(|mention| (mention.start, mention.end)).collect()
}

/// The telephone numbers of `text`.
pub(super) fn phones(text: &str) -> impl Iterator<Item = &str> {
    telephones(text).map(|number| &text[number.start..number.end])
}

/// `text` with the mark in place of each span, and what stood there; `None` without a span.
pub(super) fn hidden(text: &str, mut spans: Vec<(usize, usize)>) -> Option<(String, Vec<String>)> {
    if spans.is_empty() {
        return None;
    }
    spans.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in spans {
        match joined.last_mut() {
            // A first name and the surname behind it are one person.
            Some((_, last)) if start <= *last || text[*last..start].trim().is_empty() => *last = end.max(*last),
            _ => joined.push((start, end)),
        }
    }
    let mut clean = String::with_capacity(text.len());
    let mut taken = Vec::new();
    let mut copied = 0;
    for (start, end) in joined {
        clean.push_str(&text[copied..start]);
        clean.push_str(MARK);
        taken.push(text[start..end].to_owned());
        copied = end;
    }
    clean.push_str(&text[copied..]);
    Some((clean, taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str) -> String {
        hidden(text, spans(text)).map_or_else(|| text.to_owned(), |(text, _)| text).replace(MARK, "#")
    }

    #[test]
    fn texts_lose_addresses_numbers_and_names() {
        for (text, expected) in [
            ("Écrire à jean.dupont@example.org.", "Écrire à #."),
            ("jean.dupont [at] example.org, merci", "#, merci"),
            ("jean @ example.org", "#"),
            ("u.casanova [at] example [point] org.", "#."),
            ("Me Untelle, Maître Jean Dupont", "#, #"),
            ("porté par Melle Martin", "porté par #"),
            ("le Pr Dupont", "le #"),
            ("Écrire à jean.dupont -at- pole.fr.", "Écrire à #."),
            ("jean.dupont_at_pole.fr et paul AT pole point fr", "# et #"),
            ("jean <arobase> pole <point> fr", "#"),
            ("Animé par Camille Exemple, c.exemple@example.org", "Animé par #, #"),
            ("Tél. 01 99 00 12 34, puis 06.39.98.12.34", "Tél. #, puis #"),
            ("01 99 00 12 34 / 06 39 98 12 34", "# / #"),
            ("0199001234", "#"),
            ("0800 123 456", "#"),
            ("+33 (0)6 39 98 12 34 en 2014", "# en 2014"),
            ("0033639981234", "#"),
            ("+262 692 12 34 56", "#"),
            ("en 2013 01 99 00 12 34", "en 2013 #"),
            ("porté par M. Jean Dupont, maire", "porté par #, maire"),
            ("Mme d'Estaing et Mr. J. de La Tour.", "#."),
            ("MM. Dupont et Martin pilotent", "# pilotent"),
        ] {
            assert_eq!(clean(text), expected, "{text}");
        }
    }

    #[test]
    fn other_texts_stay() {
        for text in [
            "M. le maire et Mme la présidente",
            "le 01/02/2014 à 12 h",
            "du 01/02/2014-31/03/2015",
            "01/02/2014 12:30",
            "SIRET 012 345 678 00010 et 01234567800010",
            "RNA W0512345678",
            "1 200 000 € sur 3 ans, 05000 Gap, 3.0123456789",
            "@ptce sur les réseaux",
            "Best of at home, rond-point-dot-com",
            "Montagne, Drôme, M",
            "",
        ] {
            assert_eq!(clean(text), text);
        }
    }
}
