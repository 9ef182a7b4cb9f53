//! `index.html`: the publication as one page, which needs neither network nor script to be read or printed.

pub(crate) mod html;
mod map;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use jiff::civil::Date;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::grants::granted;
use super::metadata::{Metadata, written_day};
use super::place::{self, Placed, Precision};
use crate::record::Record;
use crate::reference::regions::{self, Region, RegionSet};
use crate::schema::table::licence;
use crate::text::fold::folded;
use html::{Html, count, euros, french, html, size, thousands};
use map::{Layout, Map, Mark, Place};
pub(super) use sheet::category_name;

const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// A point of the map.
const ICON: &str = "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20\
    viewBox=%220%200%2016%2016%22%3E\
    %3Ccircle%20cx=%228%22%20cy=%228%22%20r=%227%22%20fill=%22%232b3a8f%22/%3E\
    %3Ccircle%20cx=%228%22%20cy=%228%22%20r=%222.5%22%20fill=%22%23fff%22/%3E%3C/svg%3E";

/// More records than this have no sheets on the page: it would be too heavy to be read, and too long to be printed.
const LIMIT: usize = 1_000;
/// More records than this are folded, by region and by theme: a page of their sheets is too long to be scrolled.
const FOLDED_LIMIT: usize = 60;
/// More records than this are not named on it either.
const NAMED_LIMIT: usize = 10_000;

/// The page on its way.
pub(super) struct Page<'a> {
    metadata: &'a Metadata,
    /// Records that were received and are not published.
    left_out: usize,
    map: Map,
    /// The records, as long as there are no more than [`LIMIT`].
    entries: Vec<Entry>,
    /// The names of the records, as long as there are no more than [`NAMED_LIMIT`].
    named: Vec<Named>,
    tally: Tally,
}

/// What is said of a record where there are too many for sheets.
struct Named {
    anchor: String,
    title: String,
    /// Its commune.
    seat: String,
    standings: [Standing; 2],
}

/// A record with what the page knows of it.
struct Entry {
    record: Record,
    anchor: String,
    title: String,
    /// Its region in each set.
    standings: [Standing; 2],
    position: Option<(Place, Precision)>,
}

/// Where a record stands among the regions, in the order of the list: last those that stand in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    In(&'static Region),
    Several,
    Unknown,
}

/// What is counted, whatever the number of records.
#[derive(Default)]
struct Tally {
    records: usize,
    until_2015: usize,
    selected: usize,
    unplaced: usize,
    departments: BTreeSet<&'static str>,
    partners: usize,
    amount: Option<f64>,
    /// How many records say what they were granted.
    granted: usize,
    /// How many stand where, in each set, by the key of the standing.
    regions: [BTreeMap<&'static str, (Option<&'static Region>, usize)>; 2],
    /// How many stand at each place, and whether it is that of their commune.
    dots: BTreeMap<(bool, Place), usize>,
}

impl Entry {
    fn standing(&self, set: RegionSet) -> Standing {
        self.standings[set as usize]
    }
}

impl Standing {
    fn of(placed: &Placed, set: RegionSet) -> Standing {
        let record = &placed.record;
        let mut departments = place::departments_of(record).map(|department| department.region_in(set));
        let first = departments.next();
        let is_shared = departments.all(|other| Some(other) == first);
        let region = match set {
            RegionSet::Present => placed.region,
            RegionSet::Until2015 => {
                let code = record.region.code.as_deref().and_then(|code| regions::by_code(set, code));
                let by_name = || regions::by_name(set, record.region.name.as_deref()?);
                let by_departments = || first.filter(|_| is_shared).and_then(|code| regions::by_code(set, code));
                // A region of today that has not changed.
                let unchanged = || {
                    let present = placed.region.filter(|_| first.is_none())?;
                    let mut former =
                        present.departments(RegionSet::Present).map(|department| department.region_until_2015);
                    let code = former.next()?;
                    former.all(|other| other == code).then(|| regions::by_code(set, code)).flatten()
                };
                code.or_else(by_name).or_else(by_departments).or_else(unchanged)
            }
        };
        match region {
            Some(region) => Standing::In(region),
            None if !is_shared => Standing::Several,
            None => Standing::Unknown,
        }
    }

    /// What the filter calls it.
    fn key(self) -> &'static str {
        match self {
            Standing::In(region) => region.code,
            Standing::Several => "plusieurs",
            Standing::Unknown => "aucune",
        }
    }

    fn name(self) -> String {
        match self {
            Standing::In(region) => french(region.name),
            Standing::Several => "Plusieurs régions".to_owned(),
            Standing::Unknown => "Région non précisée".to_owned(),
        }
    }

    fn order(self) -> (u8, String) {
        match self {
            Standing::In(region) => (0, folded(region.name)),
            Standing::Several => (1, String::new()),
            Standing::Unknown => (2, String::new()),
        }
    }
}

impl<'a> Page<'a> {
    /// A page that says `metadata` about itself.
    pub fn new(metadata: &'a Metadata, left_out: usize) -> Page<'a> {
        Page { metadata, left_out, map: Map::new(), entries: Vec::new(), named: Vec::new(), tally: Tally::default() }
    }

    /// Adds a redacted record, which has an identifier.
    pub fn add(&mut self, placed: &Placed) {
        let record = &placed.record;
        let standings = [RegionSet::Present, RegionSet::Until2015].map(|set| Standing::of(placed, set));
        let position = placed
            .position
            .and_then(|position| Some((self.map.place(position.latitude, position.longitude)?, position.precision)));
        self.tally.add(record, standings, position);
        let (anchor, title) = (format!("ptce-{}", record.id.as_deref().unwrap_or_default()), title(record));
        if self.tally.records <= NAMED_LIMIT {
            let seat = record.address.commune.as_deref().map(french).unwrap_or_default();
            self.named.push(Named { anchor: anchor.clone(), title: title.clone(), seat, standings });
        } else {
            self.named.clear();
        }
        if self.tally.records > LIMIT {
            self.entries.clear();
            return;
        }
        self.entries.push(Entry { anchor, title, record: record.clone(), standings, position });
    }

    /// Writes the page. It links to `files` (name, description, size), and tells how much of what was `withheld`.
    pub fn write(
        &self,
        out: &mut dyn Write,
        files: &[(&str, &str, u64)],
        withheld: &[(String, u64)],
    ) -> io::Result<()> {
        let view = View::new(self);
        let mut html = Html::default();
        view.head(&mut html, files);
        view.header(&mut html);
        html!(html, "<main id=\"contenu\" tabindex=\"-1\">\n");
        view.search(&mut html);
        if self.entries.is_empty() {
            view.regions(&mut html);
            view.index(&mut html);
        } else {
            view.list(&mut html);
            view.themes(&mut html);
            html!(
                html,
                "<section id=\"fiches\" aria-labelledby=\"fiches-titre\">\n<h2 id=\"fiches-titre\">Les fiches</h2>\n"
            );
            let mut number = 0;
            for group in view.groups() {
                if view.is_folded() {
                    begin_group(&mut html, true, &group[0].standing(view.set).name(), group.len());
                }
                for entry in group {
                    number += 1;
                    sheet::write(&mut html, entry, number, view.set, &view.theme_numbers(entry));
                    // A long page is not held whole.
                    out.write_all(html.as_str().as_bytes())?;
                    html.clear();
                }
                if view.is_folded() {
                    end_group(&mut html, true);
                }
            }
            html!(html, "</section>\n");
        }
        html!(html, "</main>\n");
        view.footer(&mut html, files, withheld);
        html!(html, "<script>" [Html::of_file(SCRIPT)] "</script>\n</body>\n</html>\n");
        out.write_all(html.as_str().as_bytes())
    }
}

impl Tally {
    fn add(&mut self, record: &Record, standings: [Standing; 2], position: Option<(Place, Precision)>) {
        self.records += 1;
        self.until_2015 +=
            usize::from(record.year().is_some_and(|year| RegionSet::of_year(year) == RegionSet::Until2015));
        self.selected += usize::from(record.call.status.as_deref() == Some("laureat"));
        self.departments.extend(place::departments_of(record).map(|department| department.code));
        self.partners += record.partners.len();
        if let Some(amount) = granted(record).and_then(serde_json::Number::as_f64) {
            *self.amount.get_or_insert_default() += amount;
            self.granted += 1;
        }
        for (regions, standing) in self.regions.iter_mut().zip(standings) {
            let region = if let Standing::In(region) = standing { Some(region) } else { None };
            regions.entry(standing.key()).or_insert((region, 0)).1 += 1;
        }
        match position {
            Some((place, precision)) => {
                *self.dots.entry((precision == Precision::Commune, place)).or_default() += 1;
            }
            None => self.unplaced += 1,
        }
    }
}

/// The page in its order: by region, then by name.
struct View<'a> {
    page: &'a Page<'a>,
    metadata: &'a Metadata,
    tally: &'a Tally,
    /// The regions of the call.
    set: RegionSet,
    entries: Vec<&'a Entry>,
    named: Vec<&'a Named>,
    /// The themes by what is the same in them.
    themes: BTreeMap<String, Theme>,
}

/// A theme of some records.
struct Theme {
    /// What the filter calls it.
    number: usize,
    /// As it is first written.
    name: String,
    /// The ranks of the entries that have it.
    ranks: Vec<usize>,
}

impl<'a> View<'a> {
    fn new(page: &'a Page<'a>) -> View<'a> {
        let tally = &page.tally;
        let is_former = tally.records > 0 && tally.until_2015 == tally.records;
        let set = if is_former { RegionSet::Until2015 } else { RegionSet::Present };
        let mut entries: Vec<&Entry> = page.entries.iter().collect();
        entries.sort_by_cached_key(|entry| (entry.standing(set).order(), folded(&entry.title), &entry.anchor));
        let mut themes: BTreeMap<String, Theme> = BTreeMap::new();
        for (rank, entry) in entries.iter().enumerate() {
            for theme in &entry.record.themes {
                let known = themes.entry(folded(theme)).or_insert_with(|| Theme {
                    number: 0,
                    name: capitalised(&french(theme)),
                    ranks: Vec::new(),
                });
                if known.ranks.last() != Some(&rank) {
                    known.ranks.push(rank);
                }
            }
        }
        for (number, theme) in themes.values_mut().enumerate() {
            theme.number = number;
        }
        let mut named: Vec<&Named> = page.named.iter().collect();
        named.sort_by_cached_key(|one| (one.standings[set as usize].order(), folded(&one.title), &one.anchor));
        View { page, metadata: page.metadata, tally, set, entries, named, themes }
    }

    /// The entries by region.
    fn groups(&self) -> impl Iterator<Item = &[&'a Entry]> {
        self.entries.chunk_by(|first, second| first.standing(self.set) == second.standing(self.set))
    }

    /// Whether lists and sheets are folded.
    fn is_folded(&self) -> bool {
        self.entries.len() > FOLDED_LIMIT
    }

    fn theme_numbers(&self, entry: &Entry) -> Vec<usize> {
        entry.record.themes.iter().filter_map(|theme| Some(self.themes.get(&folded(theme))?.number)).collect()
    }

    /// `pôles lauréats` where all are.
    fn noun(&self, number: usize) -> &'static str {
        match (self.tally.selected == self.tally.records, number < 2) {
            (true, true) => "pôle lauréat",
            (true, false) => "pôles lauréats",
            (false, true) => "pôle",
            (false, false) => "pôles",
        }
    }

    fn head(&self, out: &mut Html, files: &[(&str, &str, u64)]) {
        let metadata = self.metadata;
        html!(out, "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; style-src &#39;sha256-"
            (sha256_base64(STYLE)) "&#39;; script-src &#39;sha256-" (sha256_base64(SCRIPT))
            "&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n"
            "<title>" (french(&metadata.title)) "</title>\n"
            "<meta name=\"description\" content=\"" (french(&metadata.description)) "\">\n"
            "<meta property=\"og:type\" content=\"website\">\n<meta property=\"og:locale\" content=\"fr_FR\">\n"
            "<meta property=\"og:title\" content=\"" (french(&metadata.title)) "\">\n"
            "<meta property=\"og:description\" content=\"" (french(&metadata.description)) "\">\n"
            // A page without an icon makes the browser ask for one.
            "<link rel=\"icon\" href=\"" (ICON) "\">\n"
            "<script type=\"application/ld+json\">" [Html::of_json(&self.dataset(files))] "</script>\n"
            "<style>" [Html::of_file(STYLE)] "</style>\n</head>\n");
    }

    /// The data set as search engines read it (schema.org).
    fn dataset(&self, files: &[(&str, &str, u64)]) -> Value {
        let metadata = self.metadata;
        let mut dataset = json!({
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": metadata.title,
            "description": metadata.description,
            "inLanguage": "fr",
            "isAccessibleForFree": true,
            "license": licence()["path"],
            "keywords": metadata.keywords,
            "spatialCoverage": { "@type": "Place", "name": metadata.coverage.area },
        });
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                dataset[key] = value;
            }
        };
        let publisher = metadata.publisher.as_ref().map(|name| json!({ "@type": "Organization", "name": name }));
        set("creator", publisher.clone());
        set("publisher", publisher);
        set("url", metadata.homepage.as_deref().or(metadata.base_url.as_deref()).map(Value::from));
        set("datePublished", metadata.issued.map(|day| day.to_string().into()));
        set("dateModified", metadata.updated.map(|day| day.to_string().into()));
        let (start, end) = (metadata.coverage.start, metadata.coverage.end);
        let bound = |day: Option<Date>| day.map_or_else(|| "..".to_owned(), |day| day.to_string());
        let covers = start.is_some() || end.is_some();
        set("temporalCoverage", covers.then(|| format!("{}/{}", bound(start), bound(end)).into()));
        let base = metadata.base_url.as_deref().unwrap_or_default();
        let distribution = files.iter().map(|(name, description, bytes)| {
            json!({
                "@type": "DataDownload",
                "name": name,
                "description": description,
                "contentUrl": format!("{base}{name}"),
                "contentSize": format!("{bytes} B"),
            })
        });
        set("distribution", (!files.is_empty()).then(|| distribution.collect()));
        dataset
    }

    fn header(&self, out: &mut Html) {
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
        self.carte(out);
        html!(out, "</header>\n");
    }

    /// The figures that the publisher gives, then those that the records give.
    fn figures(&self, out: &mut Html) {
        let tally = self.tally;
        let regions = tally.regions[self.set as usize].values().filter(|(region, _)| region.is_some()).count();
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

    /// The form that filters the page. It shows up with the script that serves it.
    fn search(&self, out: &mut Html) {
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

    fn carte(&self, out: &mut Html) {
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

    fn list(&self, out: &mut Html) {
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
                let covered = Some(joined(&departments)).filter(|names| !names.is_empty());
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

    fn themes(&self, out: &mut Html) {
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
    fn regions(&self, out: &mut Html) {
        self.list_heading(out);
        if self.tally.records == 0 {
            html!(out, "<p>Ce jeu de données ne compte aucun pôle.</p>\n</section>\n");
            return;
        }
        html!(out, "<p>Ce jeu de données compte " (count(self.tally.records, "pôle", "pôles"))
            "\u{a0}: leurs fiches sont dans les <a href=\"#donnees\">fichiers à télécharger</a>.</p>\n"
            "<table>\n<caption>Nombre de pôles par région</caption>\n<thead><tr><th scope=\"col\">Région</th>"
            "<th scope=\"col\" class=\"nombre\">Pôles</th></tr></thead>\n<tbody>\n");
        let mut rows: Vec<(Standing, usize)> = self.tally.regions[self.set as usize]
            .iter()
            .map(|(key, (region, count))| match region {
                Some(region) => (Standing::In(region), *count),
                None if *key == Standing::Several.key() => (Standing::Several, *count),
                None => (Standing::Unknown, *count),
            })
            .collect();
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
    fn index(&self, out: &mut Html) {
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

    fn footer(&self, out: &mut Html, files: &[(&str, &str, u64)], withheld: &[(String, u64)]) {
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
                    html!(out, ", "[sheet::link(url)]);
                }
                html!(out, "</dd>");
            }
            html!(out, "\n");
        }
        if metadata.homepage.is_some() || metadata.contact.is_some() {
            html!(out, "<dt>Contact</dt>");
            if let Some(homepage) = &metadata.homepage {
                html!(out, "<dd>" [sheet::link(homepage)] "</dd>");
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

/// Begins a group of pôles, which may be folded.
fn begin_group(out: &mut Html, is_folded: bool, name: &str, size: usize) {
    let told = count(size, "pôle", "pôles");
    if is_folded {
        html!(out, "<details class=\"pli\" data-groupe=\"" (size) "\"><summary>" (name)
            " <span class=\"compte\">" (told) "</span></summary>\n");
    } else {
        html!(out, "<section class=\"groupe\" data-groupe=\"" (size) "\">\n<h3>" (name)
            " <span class=\"compte\">" (told) "</span></h3>\n");
    }
}

fn end_group(out: &mut Html, is_folded: bool) {
    if is_folded {
        html!(out, "</details>\n");
    } else {
        html!(out, "</section>\n");
    }
}

/// A day that is not cut after its number.
fn day(day: Date) -> String {
    written_day(day).replacen(' ', "\u{a0}", 1)
}

/// What a record is called: its name, else its coordinator or its territory.
fn title(record: &Record) -> String {
    if let Some(name) = &record.name {
        return french(name);
    }
    let stand_in = record.coordinator.name.as_ref().or(record.territory.label.as_ref());
    stand_in.map_or_else(|| "Pôle sans nom".to_owned(), |text| capitalised(&french(text)))
}

/// The departments of a record: `Hautes-Alpes (05)`.
fn department_names(record: &Record) -> Vec<String> {
    let departments = record.territory.departments.iter();
    let name = |department: &crate::record::Department| match (&department.name, &department.code) {
        (Some(name), Some(code)) => Some(format!("{}\u{a0}({code})", french(name))),
        (Some(text), None) | (None, Some(text)) => Some(french(text)),
        (None, None) => None,
    };
    departments.filter_map(name).collect()
}

fn joined(texts: &[String]) -> String {
    texts.join(", ")
}

/// A text that begins with a capital.
fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// The hash by which the policy of the page knows its style and its script.
fn sha256_base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for bytes in Sha256::digest(text).chunks(3) {
        let number =
            bytes.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte)) << (8 * (3 - bytes.len()));
        for rank in 0..4 {
            let digit = char::from(DIGITS[number >> (18 - 6 * rank) & 63]);
            out.push(if rank > bytes.len() { '=' } else { digit });
        }
    }
    out
}

#[cfg(test)]
mod tests;
