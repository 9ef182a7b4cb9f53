//! A value is none of those that its field takes.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::rules::dates::day_of;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};
use crate::text::families;
use crate::text::mailboxes::is_domain;
use crate::vocabulary;

pub(super) static RULE: Rule = Rule {
    code: "invalid-value",
    topic: Topic::Structure,
    level: Level::Error,
    summary: Phrase {
        fr: "Une valeur n’est pas de celles que son champ admet.",
        en: "A value is none of those that its field takes.",
    },
    message: Phrase { fr: "« {value} » n’est pas admis ici.", en: "“{value}” is not accepted here." },
    expected: Phrase { fr: "{expected}", en: "{expected}" },
    explanation: Phrase {
        fr: "Certains champs n’admettent qu’une liste de valeurs, une forme ou un intervalle : statut de \
             la candidature, date, effectif, adresse de site… Une autre valeur ne peut être ni comptée ni \
             comparée. Une date ou une adresse de site écrites autrement vous sont proposées comme il faut. \
             Remplacez la valeur par une valeur admise.",
        en: "Some fields only take a list of values, a form or a range: status of the application, date, \
             headcount, web address… Any other value cannot be counted or compared. A date or a web \
             address in another form is suggested in the right one. Replace the value by one that the \
             field takes.",
    },
    basis: "",
    wrong: r#"{"nom":"Fabriques du Quercy","appel":{"date_annonce":"10/01/2014"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","appel":{"date_annonce":"2014-01-10"}}"#,
    check: Check::Record(check),
};

/// The schema raises the rule as well, wherever it refuses a value; here are the values whose right form is known.
fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    if let Some(date) = &record.call.announced
        && !has_the_form_of_a_day(date)
        && let Some((day, confidence)) = day_of(date)
    {
        reporter.raise(Problem::at("/appel/date_annonce").with("expected", "").suggest(day, confidence));
    }
    // « Lauréat » for `laureat`. Pointers are made for what is wrong alone.
    let mut known = |field: &str, text: Option<&str>, pointer: &dyn Fn() -> String| {
        if let Some(value) = text.and_then(|text| vocabulary::value(field, text)) {
            reporter.raise(Problem::at(pointer()).with("expected", "").suggest(value, Confidence::High));
        }
    };
    for (pointer, text) in [("/appel/statut", &record.call.status), ("/appel/type", &record.call.kind)] {
        known(pointer, text.as_deref(), &|| pointer.to_owned());
    }
    for (rank, text) in record.territory.priorities.iter().enumerate() {
        known("/territoire/priorites", Some(text), &|| format!("/territoire/priorites/{rank}"));
    }
    for (rank, partner) in record.partners.iter().enumerate() {
        if let Some(category) = &partner.category
            && let Some(family) = families::likely(category).filter(|family| family != category)
            && !vocabulary::is_value("/partenaires/*/categorie", category)
        {
            let problem = Problem::at(format!("/partenaires/{rank}/categorie")).with("expected", "");
            // Words of the list itself are sure, others are not.
            let sure = vocabulary::value("/partenaires/*/categorie", category);
            reporter.raise(match sure {
                Some(value) => problem.suggest(value, Confidence::High),
                None => problem.suggest(family, Confidence::Medium),
            });
        }
    }
    if let Some(website) = &record.website
        && let Some(url) = completed(website)
    {
        reporter.raise(Problem::at("/site_web").with("expected", "").suggest(url, Confidence::Medium));
    }
}

/// `2014-01-10`; whether there is such a day is for the schema to say.
fn has_the_form_of_a_day(text: &str) -> bool {
    matches!(text.as_bytes(), [_, _, _, _, b'-', _, _, b'-', _, _])
}

/// The complete address of a site that was given without its beginning, or with a wrong one: `www.example.org`.
fn completed(website: &str) -> Option<String> {
    let is_complete = |url: &str| url.starts_with("http://") || url.starts_with("https://");
    let text = website.trim();
    if is_complete(website) || text.contains(['@', ' ', ',', '|']) {
        return None;
    }
    // `http:/`, `http//`, `htp://`, `HTTP://`
    let lower = text.to_ascii_lowercase();
    let scheme = lower.bytes().take_while(|c| matches!(c, b'h' | b't' | b'p' | b's')).count();
    let is_mark = |c: char| matches!(c, ':' | '/' | '\\' | ';' | '.');
    let marks = lower[scheme..].len() - lower[scheme..].trim_start_matches(is_mark).len();
    let between = &lower[scheme..scheme + marks];
    let (start, rest) = if scheme > 0 && between.contains([':', '/', '\\', ';']) {
        (if lower[..scheme].contains('s') { "https://" } else { "http://" }, &text[scheme + marks..])
    } else {
        ("https://", text)
    };
    let host = &rest[..rest.find(['/', '?', '#', ':']).unwrap_or(rest.len())];
    // « M.Untel » and « etc... » are no hosts.
    let is_top = |top: &str| (2..=12).contains(&top.len()) && top.bytes().all(|c| c.is_ascii_lowercase());
    let is_host = is_domain(host) && host.rsplit_once('.').is_some_and(|(_, top)| is_top(top));
    (is_host && rest.is_ascii()).then(|| format!("{start}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_sites_are_completed() {
        for (website, url) in [
            ("www.example.org", "https://www.example.org"),
            ("example.org/ptce?x=1", "https://example.org/ptce?x=1"),
            ("http:/www.example.org", "http://www.example.org"),
            ("http//www.example.org", "http://www.example.org"),
            ("https:www.example.org", "https://www.example.org"),
            ("htpp://www.example.org", "http://www.example.org"),
            ("HTTP://www.example.org/", "http://www.example.org/"),
            ("http;//www.example.org", "http://www.example.org"),
            (" http://www.example.org", "http://www.example.org"),
            ("pole.example.org:8080/", "https://pole.example.org:8080/"),
            ("shs.example.org", "https://shs.example.org"),
        ] {
            assert_eq!(completed(website).as_deref(), Some(url), "{website}");
        }
        for website in [
            "",
            "http://www.example.org",
            "https://example.org",
            "exemple",
            "pas de site",
            "contact@example.org",
            "www.example.org et www.example.com",
            "www.example.org;www.example.com",
            "M.Untel",
            "ftp://example.org",
            "http://",
            "en cours...",
        ] {
            assert_eq!(completed(website), None, "{website}");
        }
    }
}
