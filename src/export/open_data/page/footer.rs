//! The foot of the page: the files to download, the licence, the sources, what has been withheld.

use super::html::{Html, french, html, size, thousands};
use super::sheet::link;
use super::view::View;
use super::wording::{capitalised, day};
use crate::schema::table::licence;

impl View<'_> {
    /// Writes the foot of the page, with how much of what was `withheld`.
    pub(super) fn footer(&self, out: &mut Html, files: &[(&str, &str, u64)], withheld: &[(String, u64)]) {
        let metadata = self.metadata;
        html!(out, "<footer id=\"donnees\">\n<h2>Les données</h2>\n<div class=\"donnees\">\n");
        if !files.is_empty() {
            html!(
                out,
                "<table class=\"fichiers\">\n<caption>Fichiers à télécharger</caption>\n<thead><tr>"
                "<th scope=\"col\">Fichier</th><th scope=\"col\">Contenu</th><th scope=\"col\" class=\"nombre\">"
                "Taille</th></tr></thead>\n<tbody>\n"
            );
            for (name, description, bytes) in files {
                html!(out, "<tr><th scope=\"row\"><a href=\"" (name) "\" download>" (name) "</a></th>"
                    "<td>" (french(description)) "</td><td class=\"nombre\">" (size(*bytes)) "</td></tr>\n");
            }
            html!(out, "</tbody>\n</table>\n");
        }
        let path = licence()["path"].as_str().unwrap_or_default().to_owned();
        html!(out, "<dl class=\"mentions\">\n<dt>Licence</dt>"
            "<dd><a href=\"" (path) "\" rel=\"license\">Licence Ouverte 2.0</a> (etalab-2.0)</dd>\n"
            "<dt>Mention à reprendre</dt><dd>«\u{a0}" (french(&metadata.title)) "\u{a0}»");
        if let Some(publisher) = &metadata.publisher {
            html!(out, ", "(french(publisher)));
        }
        match metadata.updated {
            Some(updated) => html!(out, ", mise à jour du " (day(updated)) ".</dd>\n"),
            None => html!(out, ", suivie de la date de la dernière mise à jour.</dd>\n"),
        }
        if !metadata.sources.is_empty() {
            html!(out, "<dt>Sources</dt>");
            for source in &metadata.sources {
                html!(out, "<dd>"(french(&source.title)));
                if let Some(url) = &source.url {
                    html!(out, ", "[link(url)]);
                }
                html!(out, "</dd>");
            }
            html!(out, "\n");
        }
        if metadata.homepage.is_some() || metadata.contact.is_some() {
            html!(out, "<dt>Contact</dt>");
            if let Some(homepage) = &metadata.homepage {
                html!(out, "<dd>" [link(homepage)] "</dd>");
            }
            if let Some(contact) = &metadata.contact {
                html!(out, "<dd>" (contact) "</dd>");
            }
            html!(out, "\n");
        }
        let withheld: Vec<_> = withheld.iter().filter(|(_, count)| *count > 0).collect();
        if !withheld.is_empty() {
            html!(out, "<dt>Retiré avant la publication</dt>");
            for (label, count) in withheld {
                html!(out, "<dd>" (capitalised(&french(label))) "\u{a0}: " (thousands(*count)) "</dd>");
            }
            html!(out, "\n");
        }
        html!(
            out,
            "<dt>Données de référence</dt><dd>Insee, Code officiel géographique (noms et codes). "
            "La Poste, codes postaux. Dila, annuaire de l’administration (position des mairies). "
            "IGN, ADMIN EXPRESS COG (limites des départements). Licence Ouverte. "
            "Natural Earth (contours des collectivités d’outre-mer), domaine public.</dd>\n</dl>\n</div>\n</footer>\n"
        );
    }
}
