//! The map in the page, with what people choose in it and what explains it.

use super::html::{Html, count, html};
use super::map::{Layout, Mark};
use super::view::View;
use crate::export::open_data::place::Precision;
use crate::reference::RegionSet;

impl View<'_> {
    /// The map, with the borders of regions to choose from and its legend.
    pub(super) fn map(&self, out: &mut Html) {
        let is_former = self.set == RegionSet::Until2015;
        html!(out, "<section id=\"carte\" aria-labelledby=\"carte-titre\">\n<h2 id=\"carte-titre\">La carte</h2>\n"
            "<fieldset class=\"limites\"><legend>Limites des régions</legend>\n");
        for (id, label, is_checked) in [
            (
                "limites-2015",
                if is_former {
                    "régions de l’appel (jusqu’en 2015)"
                } else {
                    "anciennes régions (jusqu’en 2015)"
                },
                is_former,
            ),
            ("limites-actuelles", "régions actuelles", !is_former),
        ] {
            html!(out, "<span><input type=\"radio\" name=\"limites\" id=\"" (id) "\"");
            if is_checked {
                html!(out, " checked");
            }
            html!(out, "> <label for=\"" (id) "\">" (label) "</label></span>\n");
        }
        html!(out, "</fieldset>\n<figure aria-labelledby=\"legende\">\n");
        if !self.entries.is_empty() {
            html!(out, "<p class=\"evitement\"><a href=\"#contenu\">Passer la carte</a></p>\n");
        }
        let marks: Vec<Mark<'_>> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(rank, entry)| {
                let (place, precision) = entry.position?;
                let is_exact = precision == Precision::Commune;
                let approximation = if is_exact { "" } else { " (position approchée)" };
                Some(Mark {
                    number: rank + 1,
                    anchor: &entry.anchor,
                    title: format!("{}. {}{approximation}", rank + 1, entry.title),
                    place,
                    is_exact,
                })
            })
            .collect();
        let map = &self.page.map;
        let layout = match marks.is_empty() {
            true => map.layout(self.tally.dots.keys().map(|(_, place)| *place), false),
            false => map.layout(marks.iter().map(|mark| mark.place), true),
        };
        html!(out, [map.draw(&layout, &marks, &self.tally.dots)]);
        self.legend(out, &layout);
        html!(out, "</figure>\n</section>\n");
    }

    /// Explains what the map shows, and what it leaves out.
    fn legend(&self, out: &mut Html, layout: &Layout) {
        let placed = self.tally.records - self.tally.unplaced;
        let [has_exact, has_approx] =
            [true, false].map(|is_exact| self.tally.dots.keys().any(|(exact, _)| *exact == is_exact));
        html!(out, "<figcaption id=\"legende\">\n<p>");
        if self.entries.is_empty() {
            html!(
                out,
                "Chaque point est un pôle, ou plusieurs au même endroit\u{a0}: plus ils sont nombreux, plus il est grand."
            );
        } else if !layout.is_numbered() {
            html!(
                out,
                "Chaque point est un pôle et mène à sa fiche\u{a0}; là où ils sont plusieurs, leur nombre y est écrit."
            );
        } else {
            html!(out, "Chaque point est un pôle\u{a0}; son numéro est celui de la liste et de la fiche où il mène.");
        }
        if !self.entries.is_empty() {
            html!(out, " La <a href=\"#liste\">liste par région</a> dit la même chose en toutes lettres.");
        }
        html!(out, "</p>\n<ul class=\"cles\">\n");
        if has_exact {
            html!(
                out,
                "<li><svg class=\"cle\" viewBox=\"0 0 20 20\" aria-hidden=\"true\">"
                "<circle class=\"exact\" cx=\"10\" cy=\"10\" r=\"8\"/></svg>"
                " point plein\u{a0}: la commune du pôle (sa mairie)</li>\n"
            );
        }
        if has_approx {
            html!(
                out,
                "<li><svg class=\"cle\" viewBox=\"0 0 20 20\" aria-hidden=\"true\">"
                "<circle class=\"approx\" cx=\"10\" cy=\"10\" r=\"8\"/></svg>"
                " point évidé\u{a0}: position approchée, au milieu du territoire, du département ou de la région"
                "</li>\n"
            );
        }
        html!(out, "<li><svg class=\"cle\" viewBox=\"0 0 20 20\" aria-hidden=\"true\">"
            "<path class=\"reg\" d=\"M1 10h18\"/></svg> limite de région "
            "<span class=\"si-2015\">(jusqu’en 2015)</span> <span class=\"si-actuelles\">(aujourd’hui)</span></li>\n"
            "<li><svg class=\"cle\" viewBox=\"0 0 20 20\" aria-hidden=\"true\">"
            "<path class=\"dep\" d=\"M1 10h18\"/></svg> limite de département</li>\n</ul>\n");
        if placed == 0 && self.tally.records > 0 {
            html!(out, "<p>Aucun pôle n’est situé\u{a0}: les fiches ne disent ni commune ni territoire.</p>\n");
        } else if self.tally.unplaced > 0 {
            html!(out,
                "<p>" (count(self.tally.unplaced, "pôle n’est pas situé", "pôles ne sont pas situés"))
                " sur la carte.</p>\n"
            );
        }
        html!(out, "<p class=\"source\">");
        if layout.has_frames() {
            html!(out, "Chaque encadré est à son échelle. ");
        }
        html!(out, "Limites\u{a0}: IGN, ADMIN EXPRESS COG, simplifiées.</p>\n</figcaption>\n");
    }
}
