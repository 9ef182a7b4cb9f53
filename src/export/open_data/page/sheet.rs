//! The sheet of one pôle: what its record says, and nothing for what it does not.

use std::collections::BTreeMap;

use super::gathered::Entry;
use super::html::{Html, count, decimal, euros, french, html, sirene, thousands};
use super::standing::Standing;
use super::wording::{capitalised, day, department_names};
use crate::export::open_data::place::Precision;
use crate::record::{Address, Call, Contact, Coordinator, Employment, Partner, Record};
use crate::reference::RegionSet;

/// The size of a text that is short beside the facts, in bytes.
const SHORT: usize = 900;
/// More communes than this are counted instead of named.
const COMMUNES_LIMIT: usize = 30;

/// Writes the sheet of `entry`, the `number`th of the list. `themes` are the numbers of its themes in the filter.
pub(super) fn write(out: &mut Html, entry: &Entry, number: usize, set: RegionSet, themes: &[usize]) {
    let record = &entry.record;
    let themes: Vec<String> = themes.iter().map(usize::to_string).collect();
    html!(out, "<article class=\"fiche\" id=\"" (entry.anchor) "\" data-pole=\"" (entry.anchor)
        "\" data-region=\"" (entry.standing(set).key()) "\" data-themes=\"" (themes.join(" "))
        "\" aria-labelledby=\"nom-" (entry.anchor) "\">\n<h3 id=\"nom-" (entry.anchor) "\"><span class=\"n\">" (number)
        "</span> <span><bdi>" (entry.title) "</bdi>");
    if let Some(acronym) = &record.acronym {
        html!(out, " <span class=\"sigle\">(" (french(acronym)) ")</span>");
    }
    html!(out, "</span></h3>\n");
    where_it_is(out, entry, set);
    if !record.themes.is_empty() {
        html!(out, "<h4 class=\"vh\">Thématiques</h4>\n<ul class=\"themes\">");
        for theme in &record.themes {
            html!(out, "<li>" (capitalised(&french(theme))) "</li>");
        }
        html!(out, "</ul>\n");
    }
    let (text, facts) = (texts(record), facts(entry));
    // Beside a few lines the facts would leave a hole: they stand below these, side by side.
    let is_short = record.partners.is_empty() && text.as_str().len() < SHORT;
    html!(out, "<div class=\"" (if is_short { "corps court" } else { "corps" }) "\">\n");
    if !text.is_empty() {
        html!(out, "<div class=\"texte\">\n" [text] "</div>\n");
    }
    if !facts.is_empty() {
        html!(out, "<dl class=\"faits\">\n" [facts] "</dl>\n");
    }
    html!(out, "</div>\n<p class=\"retour\"><a href=\"#carte\">Retour à la carte"
        "<span class=\"vh\"> (depuis la fiche " (number) ")</span></a></p>\n</article>\n");
}

/// The region of the call, that of today if it is another, and the departments.
fn where_it_is(out: &mut Html, entry: &Entry, set: RegionSet) {
    let mut parts = Vec::new();
    if let Standing::In(region) = entry.standing(set) {
        parts.push(match entry.standing(RegionSet::Present) {
            Standing::In(present) if set == RegionSet::Until2015 && present.name != region.name => {
                format!("{} (aujourd’hui {})", french(region.name), french(present.name))
            }
            _ => french(region.name),
        });
    } else if let Standing::In(present) = entry.standing(RegionSet::Present) {
        parts.push(format!("{} (région actuelle)", french(present.name)));
    }
    let departments = department_names(&entry.record);
    // Overseas, the department is the region.
    parts.retain(|region| !departments.iter().any(|department| department.starts_with(&format!("{region}\u{a0}("))));
    if !departments.is_empty() {
        parts.push(departments.join(", "));
    }
    if !parts.is_empty() {
        html!(out, "<p class=\"lieu\">" (parts.join(" · ")) "</p>\n");
    }
}

fn texts(record: &Record) -> Html {
    let mut out = Html::default();
    if let Some(summary) = &record.project.summary {
        for paragraph in summary.lines().filter(|line| !line.trim().is_empty()) {
            html!(out, "<p class=\"resume\">" (french(paragraph)) "</p>\n");
        }
    }
    for (heading, items) in [("Objectifs", &record.project.objectives), ("Actions", &record.project.actions)] {
        if !items.is_empty() {
            html!(out, "<h4>" (heading) "</h4>\n<ul>\n");
            for item in items {
                html!(out, "<li>" (french(item)) "</li>\n");
            }
            html!(out, "</ul>\n");
        }
    }
    partners(&mut out, &record.partners);
    out
}

/// The partners under the headings of the source, else under their categories, in the order of the source.
fn partners(out: &mut Html, partners: &[Partner]) {
    if partners.is_empty() {
        return;
    }
    const OTHERS: &str = "Autres partenaires";
    let mut groups: Vec<(String, Vec<&Partner>)> = Vec::new();
    let mut ranks: BTreeMap<String, usize> = BTreeMap::new();
    for partner in partners {
        let heading = match (&partner.group, &partner.category) {
            (Some(group), _) => capitalised(&french(group)),
            (None, Some(category)) => category_name(category),
            (None, None) => OTHERS.to_owned(),
        };
        let rank = *ranks.entry(heading.clone()).or_insert_with(|| {
            groups.push((heading, Vec::new()));
            groups.len() - 1
        });
        groups[rank].1.push(partner);
    }
    groups.sort_by_key(|(heading, _)| heading == OTHERS);
    let has_headings = groups.iter().any(|(heading, _)| heading != OTHERS);
    html!(out, "<h4>Partenaires <span class=\"compte\">" (thousands(partners.len() as u64)) "</span></h4>\n");
    if !has_headings {
        html!(out, "<ul class=\"partenaires\">\n");
        for partner in partners {
            html!(out, "<li>");
            self::partner(out, partner);
            html!(out, "</li>\n");
        }
        html!(out, "</ul>\n");
        return;
    }
    html!(out, "<dl class=\"partenaires\">\n");
    for (heading, members) in groups {
        html!(out, "<div><dt>" (heading) "</dt>\n");
        for member in members {
            html!(out, "<dd>");
            partner(out, member);
            html!(out, "</dd>\n");
        }
        html!(out, "</div>\n");
    }
    html!(out, "</dl>\n");
}

fn partner(out: &mut Html, partner: &Partner) {
    match (&partner.name, &partner.note) {
        (Some(name), Some(note)) => {
            html!(out, (french(name)) " <span class=\"note\">(" (french(note)) ")</span>");
        }
        (Some(text), None) | (None, Some(text)) => html!(out, (french(text))),
        (None, None) => {}
    }
}

pub(in crate::export::open_data) fn category_name(category: &str) -> String {
    let known = match category {
        "ess" => "Économie sociale et solidaire",
        "entreprise" => "Entreprises",
        "collectivite" => "Collectivités",
        "recherche" => "Recherche",
        "formation" => "Formation",
        "financeur" => "Financeurs",
        "autre" => "Autres partenaires",
        other => return capitalised(&french(other)),
    };
    known.to_owned()
}

fn facts(entry: &Entry) -> Html {
    let record = &entry.record;
    let mut out = Html::default();
    territory(&mut out, entry);
    coordinator(&mut out, &record.coordinator);
    address(&mut out, &record.address);
    contacts(&mut out, &record.contacts);
    if let Some(website) = &record.website {
        html!(out, "<div><dt>Site web</dt><dd>" [link(website)] "</dd></div>\n");
    }
    employment(&mut out, &record.employment);
    call(&mut out, &record.call);
    out
}

fn territory(out: &mut Html, entry: &Entry) {
    let territory = &entry.record.territory;
    if let Some(label) = &territory.label {
        html!(out, "<div><dt>Territoire</dt><dd>" (capitalised(&french(label))) "</dd></div>\n");
    }
    let communes: Vec<String> =
        territory.communes.iter().filter_map(|commune| commune.name.as_deref()).map(french).collect();
    match communes.len() {
        0 => {}
        1..=COMMUNES_LIMIT => html!(out, "<div><dt>Communes</dt><dd>" (communes.join(", ")) "</dd></div>\n"),
        many => html!(out, "<div><dt>Communes</dt><dd>" (count(many, "commune", "communes")) "</dd></div>\n"),
    }
    let priorities: Vec<String> = territory
        .priorities
        .iter()
        .map(|priority| match priority.as_str() {
            "politique_de_la_ville" => "politique de la ville".to_owned(),
            "zone_rurale" => "zone rurale".to_owned(),
            "bassin_desindustrialise" => "bassin désindustrialisé".to_owned(),
            other => french(other),
        })
        .collect();
    if !priorities.is_empty() {
        html!(out, "<div><dt>Priorités</dt><dd>" (capitalised(&priorities.join(", "))) "</dd></div>\n");
    }
    let approximation = match entry.position.map(|(_, precision)| precision) {
        Some(Precision::PostalCode) => "milieu des communes du code postal",
        Some(Precision::Territory) => "milieu des communes du territoire",
        Some(Precision::Department) if territory.departments.len() > 1 => "milieu des départements",
        Some(Precision::Department) => "milieu du département",
        Some(Precision::Region) => "milieu de la région",
        Some(Precision::Commune) | None => return,
    };
    html!(out, "<div><dt>Point sur la carte</dt><dd>Approché\u{a0}: " (approximation) "</dd></div>\n");
}

fn coordinator(out: &mut Html, coordinator: &Coordinator) {
    let numbers = [("SIREN", &coordinator.siren), ("SIRET", &coordinator.siret), ("RNA", &coordinator.rna)];
    let numbers: Vec<_> = numbers.into_iter().filter_map(|(label, number)| Some((label, number.as_ref()?))).collect();
    if coordinator.name.is_none() && coordinator.legal_form.is_none() && numbers.is_empty() {
        return;
    }
    html!(out, "<div><dt>Coordinateur</dt>");
    if let Some(name) = &coordinator.name {
        html!(out, "<dd><strong>" (french(name)) "</strong></dd>");
    }
    if let Some(form) = &coordinator.legal_form {
        html!(out, "<dd>" (capitalised(&french(form))) "</dd>");
    }
    for (label, number) in numbers {
        html!(out, "<dd>" (label) "\u{a0}: <span class=\"num\">" (sirene(number)) "</span></dd>");
    }
    html!(out, "</div>\n");
}

/// The lines of the address in the order of AFNOR NF Z10-011.
fn address(out: &mut Html, address: &Address) {
    let last: Vec<String> = [&address.postal_code, &address.commune, &address.cedex]
        .into_iter()
        .flatten()
        .map(|part| french(part))
        .collect();
    let lines =
        [&address.complement, &address.street, &address.delivery].into_iter().flatten().map(|line| french(line));
    let lines: Vec<String> = lines.chain((!last.is_empty()).then(|| last.join(" "))).collect();
    if lines.is_empty() {
        return;
    }
    html!(out, "<div><dt>Adresse</dt><dd>");
    for (rank, line) in lines.iter().enumerate() {
        if rank > 0 {
            html!(out, "<br>");
        }
        html!(out, (line));
    }
    html!(out, "</dd></div>\n");
}

fn contacts(out: &mut Html, contacts: &[Contact]) {
    if contacts.is_empty() {
        return;
    }
    html!(out, "<div><dt>" (if contacts.len() < 2 { "Contact" } else { "Contacts" }) "</dt>");
    for contact in contacts {
        html!(out, "<dd>");
        let head = [&contact.name, &contact.role].into_iter().flatten().map(|text| {
            let mut line = Html::default();
            html!(line, (french(text)));
            line
        });
        let email = contact.email.as_deref().map(|email| reached(email, "mailto:", email.to_owned()));
        let phone = contact.phone.as_deref().map(|phone| {
            let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            reached(phone, "tel:", digits)
        });
        for (rank, line) in head.chain(email).chain(phone).enumerate() {
            if rank > 0 {
                html!(out, "<br>");
            }
            html!(out, [line]);
        }
        html!(out, "</dd>");
    }
    html!(out, "</div>\n");
}

/// A mailbox or a number as a link, where nothing in it could mean anything else.
fn reached(text: &str, scheme: &'static str, address: String) -> Html {
    let mut out = Html::default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '+');
    let is_address = match scheme {
        "tel:" => address.len() >= 6,
        _ => address.contains('@'),
    };
    if is_address && address.chars().all(is_plain) {
        html!(out, "<a href=\"" (scheme) (address) "\">" (text) "</a>");
    } else {
        html!(out, (text));
    }
    out
}

fn employment(out: &mut Html, employment: &Employment) {
    let figures = [
        (&employment.full_time_equivalents, "équivalent temps plein", "équivalents temps plein"),
        (&employment.employees, "salarié", "salariés"),
        (&employment.planned_jobs, "création prévue", "créations prévues"),
    ];
    let figures: Vec<_> =
        figures.into_iter().filter_map(|(number, one, many)| Some((number.as_ref()?, one, many))).collect();
    if figures.is_empty() {
        return;
    }
    html!(out, "<div><dt>Emploi</dt>");
    for (number, one, many) in figures {
        let label = if number.as_f64().is_some_and(|number| number.abs() < 2.0) { one } else { many };
        html!(out, "<dd>" (decimal(number)) "\u{a0}" (label) "</dd>");
    }
    html!(out, "</div>\n");
}

fn call(out: &mut Html, call: &Call) {
    let status = call.status.as_deref().map(|status| match status {
        "candidature" => "Candidature".to_owned(),
        "recevable" => "Candidature recevable".to_owned(),
        "laureat" => "Lauréat".to_owned(),
        other => capitalised(&french(other)),
    });
    let kind = call.kind.as_deref().map(|kind| match kind {
        "emergent" => "Pôle émergent".to_owned(),
        "consolidation" => "Pôle en consolidation".to_owned(),
        other => capitalised(&french(other)),
    });
    let announced = call.announced.as_deref().map(|text| match text.parse() {
        Ok(date) => format!("Annoncé le {}", day(date)),
        Err(_) => format!("Annonce\u{a0}: {}", french(text)),
    });
    let amount = call.amount.as_ref().map(|amount| match amount.as_f64() {
        Some(amount) if amount >= 0.0 => format!("{} accordés", euros(amount)),
        _ => format!("Montant\u{a0}: {}\u{a0}€", decimal(amount)),
    });
    let edition = call.edition.as_deref().map(|edition| format!("Édition {}", french(edition)));
    let lines: Vec<String> = [edition, status, kind, announced, amount].into_iter().flatten().collect();
    if lines.is_empty() {
        return;
    }
    html!(out, "<div><dt>Appel à projets</dt>");
    for line in lines {
        html!(out, "<dd>" (line) "</dd>");
    }
    html!(out, "</div>\n");
}

/// A link to an address of the web; any other text is no link, whatever it pretends to be.
pub(super) fn link(url: &str) -> Html {
    let mut out = Html::default();
    let lower = url.to_ascii_lowercase();
    let is_web = ["https://", "http://"].iter().any(|scheme| lower.starts_with(scheme) && lower.len() > scheme.len())
        && !url.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\' | '`'));
    if is_web {
        let shown = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
        html!(out, "<a href=\"" (url) "\" rel=\"external\">" (shown) "</a>");
    } else {
        html!(out, (url));
    }
    out
}
