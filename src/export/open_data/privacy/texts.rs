//! What stands in a text in the place of what names or reaches a person.

use super::handles::handle_around;
use super::mailbox::is_shared_mailbox;
use super::named::Doubt;
use super::numbers::{is_reference, is_series};
use super::{homes, identity, profiles};
use crate::text::mentions::{Certainty, Kind, mailboxes, may_hold_mailbox, people, telephones};
use crate::text::words::{Word, all_words};

/// What stands in a text where something was taken out.
pub(in crate::export::open_data) const MARK: &str = "[donnée personnelle retirée]";

/// Whether a text, as it is seen, names or reaches somebody for certain.
pub(super) fn tell(text: &str) -> bool {
    !spans(text, &all_words(text), &[], &mut Vec::new()).is_empty()
}

/// Where a text, as it is seen, names or reaches a person whom no field tells, as ranges of bytes that may overlap; what
/// only may be a person is a doubt. The mailbox of an office is nobody's, `own` being what those of the record begin with.
/// `all` are its words.
pub(super) fn spans(text: &str, all: &[Word<'_>], own: &[String], doubts: &mut Vec<Doubt>) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    if may_hold_mailbox(text, all) {
        for mailbox in mailboxes(text) {
            let span =
                handle_around(text, mailbox.start, mailbox.end).filter(|(start, end)| text[*start..*end].contains('@'));
            if !is_shared_mailbox(&text[mailbox.start..mailbox.end], own, None) {
                spans.push(span.unwrap_or((mailbox.start, mailbox.end)));
            }
        }
    }
    for number in telephones(text) {
        let span = (number.start, number.end);
        if !is_series(text, span) && !is_reference(text, span) {
            spans.push(span);
        }
    }
    super::numbers::each_usual(text, &mut |start, end| spans.push((start, end)));
    let reached = spans.clone();
    for person in people(text, all, &reached) {
        let span = (person.start, person.end);
        debug_assert_eq!(person.kind, Kind::Person);
        match person.certainty {
            Certainty::Sure => spans.push(span),
            Certainty::Doubtful => doubts.push((span, "personne ou nom d’autre chose ?")),
        }
    }
    profiles::find(text, all, &mut spans, doubts);
    identity::find(text, all, !spans.is_empty(), &mut spans);
    homes::find(text, all, &mut spans, doubts);
    spans
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
    use super::super::seen::Seen;
    use super::*;

    fn clean(text: &str) -> String {
        let seen = Seen::of(text);
        let all = all_words(&seen.text);
        let spans = spans(&seen.text, &all, &[], &mut Vec::new()).into_iter().map(|span| seen.place(span)).collect();
        hidden(text, spans).map_or_else(|| text.to_owned(), |(text, _)| text).replace(MARK, "#")
    }

    #[test]
    fn texts_lose_addresses_numbers_and_names() {
        let mut wrong = Vec::new();
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
            ("Mme d'Estaing et Mr. J. de La Tour.", "# et #."),
            ("MM. Dupont et Martin pilotent", "# pilotent"),
            ("Porté par madame Quincampoix et monsieur Leroyer.", "Porté par # et #."),
            ("avec mme quincampoix", "avec #"),
            ("Mmes Durand, Leroyer et Quincampoix pilotent", "# pilotent"),
            ("M. J.-P. Quincampoix et M. el-Khoury", "# et #"),
            ("Mme la présidente Zélie Quincampoix", "#"),
            ("le docteur Quincampoix, l’abbé Quincampoix", "le #, l’#"),
            ("M.\nQuincampoix", "#"),
            ("présidé par Paul Leroyer depuis 2012", "présidé par # depuis 2012"),
            ("Contact : Philippe DURAND (directeur)", "Contact : # (directeur)"),
            ("Le directeur, Philippe Durand, en parle", "Le directeur, #, en parle"),
            ("Présidente : Zélie Quincampoix", "Présidente : #"),
            ("représentée par son gérant Paul Quincampoix", "représentée par son gérant #"),
            ("assistante de Zélie Quincampoix", "assistante de #"),
            ("Zélie Quincampoix (06 39 98 12 34)", "# (#)"),
            ("Ouardia Zerrouki, o.z@pole.fr", "#, #"),
            ("x @ y . fr ou x[@]y.fr ou x﹫y.fr ou x&#64;y.fr ou x%40y.fr", "# ou # ou # ou # ou #"),
            ("o'brien@pole.fr et zelie&quincampoix@pole.fr", "# et #"),
            ("06\u{2009}39\u{2009}98\u{2009}12\u{2009}34, 06 · 39 · 98 · 12 · 34, 06|39|98|12|34", "#, #, #"),
            ("tel0639981234 ou wa.me/33639981234", "tel# ou wa.me/#"),
            ("+687 26 12 34", "#"),
            ("NIR 1 84 12 76 451 089 46", "NIR #"),
            ("IBAN FR76 3000 6000 0112 3456 7890 189", "IBAN #"),
            ("Mme Quincampoix, née le 12/03/1984 à Gap", "#, née le # à Gap"),
            ("date de naissance : 12 mars 1984", "date de naissance : #"),
        ] {
            if clean(text) != expected {
                wrong.push(format!("{text} → {} ≠ {expected}", clean(text)));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn other_texts_stay() {
        let mut wrong = Vec::new();
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
            "Écrire à contact@pole.example.org ou economie@pole.example.org",
            "12 rue du Docteur Calmette, Fondation Abbé Pierre, hôpital Monsieur Vincent",
            "Lycée Jean Jaurès, université Paul Sabatier, place du Général de Gaulle",
            "Mr Bricolage et M Éco",
            "dans les départements 04, 05, 06, 13, 83",
            "dossier n° 0123456789",
            "Le pôle est né le 12 mars 2012",
            "porté par Initiative Alpes et animé par Grand Lyon",
            "maître d’ouvrage, professeur des écoles",
            "Montagne, Drôme, M",
            "",
        ] {
            if clean(text) != text {
                wrong.push(clean(text));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
