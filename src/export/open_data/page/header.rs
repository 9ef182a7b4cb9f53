//! What stands at the top of the page: its title, its figures, the links to its parts, the map.

use super::html::{Html, count, euros, french, html, thousands};
use super::standing::Standing;
use super::view::View;
use super::wording::day;

impl View<'_> {
    /// Writes the top of the page, down to the map.
    pub(super) fn header(&self, out: &mut Html) {
        let metadata = self.metadata;
        html!(
            out,
            "<body>\n<p class=\"evitement\"><a href=\"#contenu\">Aller au contenu</a></p>\n"
            "<header class=\"page\">\n<div class=\"tete\">\n<div class=\"titre\">\n"
        );
        if let Some(publisher) = &metadata.publisher {
            html!(out, "<p class=\"editeur\">" (french(publisher)) "</p>\n");
        }
        html!(out,
            "<h1>" (french(&metadata.title)) "</h1>\n"
            "<p class=\"chapeau\">" (french(&metadata.description)) "</p>\n"
        );
        if let Some(updated) = metadata.updated {
            html!(out,
                "<p class=\"date\">Mise à jour\u{a0}: <time datetime=\"" (updated) "\">"
                (day(updated)) "</time></p>\n"
            );
        }
        let left_out = self.page.left_out;
        if left_out > 0 {
            let received = self.tally.records + left_out;
            let text = match left_out {
                1 => format!(
                    "Cette publication compte {} des {received} fiches reçues : une reste à corriger.",
                    self.tally.records
                ),
                _ => format!(
                    "Cette publication compte {} des {received} fiches reçues : {left_out} restent à corriger.",
                    self.tally.records
                ),
            };
            html!(out, "<p class=\"date\">" (text) "</p>\n");
        }
        html!(out, "</div>\n");
        self.figures(out);
        html!(out, "<nav aria-label=\"Sommaire\"><ul>\n<li><a href=\"#carte\">La carte</a></li>\n");
        let links: &[(&str, &str)] = if self.entries.is_empty() {
            match self.named.is_empty() {
                true => &[("#liste", "Les pôles par région")],
                false => &[("#liste", "Les pôles par région"), ("#noms", "Les noms")],
            }
        } else if self.themes.is_empty() {
            &[("#liste", "Les pôles par région"), ("#fiches", "Les fiches")]
        } else {
            &[("#liste", "Par région"), ("#thematiques", "Par thématique"), ("#fiches", "Les fiches")]
        };
        for (href, text) in links {
            html!(out, "<li><a href=\"" (href) "\">" (text) "</a></li>\n");
        }
        html!(out, "<li><a href=\"#donnees\">Les données</a></li>\n</ul></nav>\n</div>\n");
        self.map(out);
        html!(out, "</header>\n");
    }

    /// The figures that the publisher gives, then those that the records give.
    fn figures(&self, out: &mut Html) {
        let tally = self.tally;
        let is_one = |standing: Standing| matches!(standing, Standing::In(_));
        let regions = tally.regions[self.set as usize].values().filter(|(standing, _)| is_one(*standing)).count();
        let plural = |number: usize, one: &'static str, many: &'static str| if number < 2 { one } else { many };
        let mut figures: Vec<(String, String)> =
            self.metadata.figures.iter().map(|figure| (french(&figure.value), french(&figure.label))).collect();
        // Those that are not published were chosen too.
        let left_out = self.page.left_out;
        if tally.records > 0 && left_out > 0 {
            let label =
                format!("{} sur {}", plural(tally.records, "pôle publié", "pôles publiés"), tally.records + left_out);
            figures.push((thousands(tally.records as u64), label));
        }
        for (number, label) in [
            (if left_out > 0 { 0 } else { tally.records }, self.noun(tally.records)),
            (regions, plural(regions, "région", "régions")),
            (tally.departments.len(), plural(tally.departments.len(), "département", "départements")),
            (tally.partners, plural(tally.partners, "partenaire cité", "partenaires cités")),
        ] {
            if number > 0 {
                figures.push((thousands(number as u64), label.to_owned()));
            }
        }
        if let Some(amount) = tally.amount {
            // A sum says what it sums.
            let of = format!("accordés ({} sur {})", count(tally.granted, "pôle", "pôles"), tally.records);
            figures.push((euros(amount), if tally.granted == tally.records { "accordés".to_owned() } else { of }));
        }
        if figures.is_empty() {
            return;
        }
        html!(out, "<h2 class=\"vh\">Chiffres clés</h2>\n<dl class=\"chiffres\">\n");
        for (value, label) in figures {
            html!(out, "<div><dt>" (label) "</dt><dd>" (value) "</dd></div>\n");
        }
        html!(out, "</dl>\n");
    }
}
