//! The ways to a pôle: the search, the lists by region and by theme, the names alone where there are too many for sheets.

use super::gathered::Named;
use super::html::{Html, count, french, html, thousands};
use super::standing::Standing;
use super::view::{Theme, View};
use super::wording::{capitalised, department_names};
use crate::reference::RegionSet;

impl View<'_> {
    /// The form that filters the page. It shows up with the script that serves it.
    pub(super) fn search(&self, out: &mut Html) {
        if self.named.len() < 2 {
            return;
        }
        let words = if self.entries.is_empty() { "Nom, commune…" } else { "Nom, lieu, partenaire…" };
        html!(out, "<form id=\"recherche\" role=\"search\" aria-label=\"Filtrer les pôles\" hidden>\n"
            "<p class=\"champ\"><label for=\"mots\">" (words) "</label>"
            "<input type=\"search\" id=\"mots\" autocomplete=\"off\" spellcheck=\"false\"></p>\n"
            "<p class=\"champ\"><label for=\"region\">Région</label>"
            "<select id=\"region\"><option value=\"\">Toutes</option>");
        let mut last = None;
        for named in &self.named {
            let standing = named.standings[self.set as usize];
            if last.replace(standing) != Some(standing) {
                html!(out, "<option value=\"" (standing.key()) "\">" (standing.name()) "</option>");
            }
        }
        html!(out, "</select></p>\n");
        if !self.themes.is_empty() {
            html!(
                out,
                "<p class=\"champ\"><label for=\"theme\">Thématique</label>"
                "<select id=\"theme\"><option value=\"\">Toutes</option>"
            );
            for Theme { number, name, .. } in self.themes.values() {
                html!(out, "<option value=\"" (number) "\">" (name) "</option>");
            }
            html!(out, "</select></p>\n");
        }
        html!(out, "<p class=\"boutons\"><button type=\"submit\">Rechercher</button> "
            "<button type=\"reset\">Tout afficher</button></p>\n"
            "<p id=\"resultat\" role=\"status\"></p>\n</form>\n");
    }

    /// Begins the list by region, with its heading.
    fn list_heading(&self, out: &mut Html) {
        html!(
            out,
            "<section id=\"liste\" aria-labelledby=\"liste-titre\">\n"
            "<h2 id=\"liste-titre\">Les pôles par région</h2>\n"
        );
        if self.set == RegionSet::Until2015 {
            html!(
                out,
                "<p class=\"precision\">Les régions sont celles de l’appel, en vigueur jusqu’à la fin de 2015.</p>\n"
            );
        }
    }

    /// Lists the pôles of each region, with their places and themes.
    pub(super) fn list(&self, out: &mut Html) {
        self.list_heading(out);
        html!(out, "<div class=\"groupes\">\n");
        let mut rank = 0;
        for group in self.groups() {
            begin_group(out, self.is_folded(), &group[0].standing(self.set).name(), group.len());
            html!(out, "<ul class=\"poles\">\n");
            for entry in group {
                rank += 1;
                html!(out, "<li data-pole=\"" (entry.anchor) "\">" [self.name(rank)] "<span class=\"sous\">");
                let departments = department_names(&entry.record);
                // Paris is both.
                let commune = entry.record.address.commune.as_deref().map(french);
                let commune = commune.filter(|name| !departments.iter().any(|other| other.starts_with(name.as_str())));
                // Where it sits is not what it covers.
                let seat = commune.map(|commune| format!("Siège\u{a0}: {commune}"));
                let covered = Some(departments.join(", ")).filter(|names| !names.is_empty());
                let covered = match &seat {
                    Some(_) => covered.map(|names| format!("Territoire\u{a0}: {names}")),
                    None => covered,
                };
                html!(out, (seat.into_iter().chain(covered).collect::<Vec<_>>().join(" · ")));
                if !entry.record.themes.is_empty() {
                    let themes: Vec<String> = entry.record.themes.iter().map(|theme| french(theme)).collect();
                    html!(out, "<br><i>" (capitalised(&themes.join(", "))) "</i>");
                }
                html!(out, "</span></li>\n");
            }
            html!(out, "</ul>\n");
            end_group(out, self.is_folded());
        }
        html!(out, "</div>\n</section>\n");
    }

    /// The number and the name of an entry, as a link to its sheet.
    fn name(&self, number: usize) -> Html {
        let entry = self.entries[number - 1];
        let mut out = Html::default();
        html!(out,
            "<a href=\"#" (entry.anchor) "\"><span class=\"n\">" (number) "</span> "
            "<bdi>" (entry.title) "</bdi></a>"
        );
        out
    }

    /// Lists the pôles of each theme.
    pub(super) fn themes(&self, out: &mut Html) {
        if self.themes.is_empty() {
            return;
        }
        html!(
            out,
            "<section id=\"thematiques\" aria-labelledby=\"thematiques-titre\">\n"
            "<h2 id=\"thematiques-titre\">Les pôles par thématique</h2>\n<div class=\"index\">\n"
        );
        for Theme { name, ranks, .. } in self.themes.values() {
            begin_group(out, self.is_folded(), name, ranks.len());
            html!(out, "<ul>\n");
            for rank in ranks {
                html!(out, "<li data-pole=\"" (self.entries[*rank].anchor) "\">" [self.name(rank + 1)] "</li>\n");
            }
            html!(out, "</ul>\n");
            end_group(out, self.is_folded());
        }
        html!(out, "</div>\n</section>\n");
    }

    /// How many stand in each region, when they are too many to be listed.
    pub(super) fn regions(&self, out: &mut Html) {
        self.list_heading(out);
        if self.tally.records == 0 {
            html!(out, "<p>Ce jeu de données ne compte aucun pôle.</p>\n</section>\n");
            return;
        }
        html!(out, "<p>Ce jeu de données compte " (count(self.tally.records, "pôle", "pôles"))
            "\u{a0}: leurs fiches sont dans les <a href=\"#donnees\">fichiers à télécharger</a>.</p>\n"
            "<table>\n<caption>Nombre de pôles par région</caption>\n<thead><tr><th scope=\"col\">Région</th>"
            "<th scope=\"col\" class=\"nombre\">Pôles</th></tr></thead>\n<tbody>\n");
        let mut rows: Vec<(Standing, usize)> = self.tally.regions[self.set as usize].values().copied().collect();
        rows.sort_by_cached_key(|(standing, _)| standing.order());
        for (standing, count) in rows {
            html!(out,
                "<tr><th scope=\"row\">" (standing.name()) "</th><td class=\"nombre\">" (thousands(count as u64))
                "</td></tr>\n"
            );
        }
        html!(out, "</tbody>\n</table>\n</section>\n");
    }

    /// The names of the pôles of each region, folded, when they are too many for sheets.
    pub(super) fn index(&self, out: &mut Html) {
        if self.named.is_empty() {
            return;
        }
        html!(out, "<section id=\"noms\" aria-labelledby=\"noms-titre\">\n<h2 id=\"noms-titre\">Les noms</h2>\n");
        for group in
            self.named.chunk_by(|one, next| one.standings[self.set as usize] == next.standings[self.set as usize])
        {
            let standing = group[0].standings[self.set as usize];
            begin_group(out, true, &standing.name(), group.len());
            html!(out, "<ul>\n");
            for Named { anchor, title, seat, .. } in group {
                html!(out, "<li data-pole=\"" (anchor) "\" data-region=\"" (standing.key()) "\" data-themes=\"\"><bdi>" (title)
                    "</bdi>");
                if !seat.is_empty() {
                    html!(out, " <span class=\"note\">" (seat) "</span>");
                }
                html!(out, "</li>\n");
            }
            html!(out, "</ul>\n");
            end_group(out, true);
        }
        html!(out, "</section>\n");
    }
}

/// Begins a group of pôles, which may be folded.
pub(super) fn begin_group(out: &mut Html, is_folded: bool, name: &str, size: usize) {
    let told = count(size, "pôle", "pôles");
    if is_folded {
        html!(out, "<details class=\"pli\" data-groupe=\"" (size) "\"><summary>" (name)
            " <span class=\"compte\">" (told) "</span></summary>\n");
    } else {
        html!(out, "<section class=\"groupe\" data-groupe=\"" (size) "\">\n<h3>" (name)
            " <span class=\"compte\">" (told) "</span></h3>\n");
    }
}

/// Ends what `begin_group` has begun.
pub(super) fn end_group(out: &mut Html, is_folded: bool) {
    if is_folded {
        html!(out, "</details>\n");
    } else {
        html!(out, "</section>\n");
    }
}
