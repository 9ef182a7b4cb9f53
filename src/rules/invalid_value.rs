//! A value is none of those that its field takes.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reading::days::day_of;
use crate::reading::{days, sites};
use crate::rules::{Check, Problem, Reporter, Rule, Topic};
use crate::text::families;
use crate::text::mailboxes::{self, Mailbox};
use crate::vocabulary;

pub(super) static RULE: Rule = Rule {
    code: "invalid-value",
    topic: Topic::Structure,
    level: Level::Error,
    summary: Phrase {
        fr: "Une valeur n’est pas de celles que son champ admet.",
        en: "A value is none of those that its field takes.",
    },
    message: Phrase {
        fr: "{field} : « {value} » n’est pas admis.", en: "{field}: “{value}” is not accepted."
    },
    expected: Phrase { fr: "{expected}", en: "{expected}" },
    explanation: Phrase {
        fr: "Certains champs n’admettent qu’une liste de valeurs, une forme ou un intervalle : statut de \
             la candidature, date, effectif, adresse de site… Une autre valeur ne peut être ni comptée ni \
             comparée. Une valeur écrite autrement et qui n’a qu’une lecture est comprise sans cette erreur. \
             Remplacez la valeur par une valeur admise.",
        en: "Some fields only take a list of values, a form or a range: status of the application, date, \
             headcount, web address… Any other value cannot be counted or compared. A value written \
             otherwise that has one reading is understood without this error. Replace the value by one that \
             the field takes.",
    },
    basis: "",
    wrong: r#"{"nom":"Fabriques du Quercy","site_web":"https://exemple"}"#,
    right: r#"{"nom":"Fabriques du Quercy","site_web":"https://www.example.org"}"#,
    check: Check::Record(check),
};

/// The schema raises the rule as well, wherever it refuses a value; here are the values whose right form is known.
fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    if let Some(date) = &record.call.announced
        && !days::is_canonical(date)
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
    if let Some(website) = record.website
        && !sites::is_canonical(website)
        && let Some(problem) = site(website)
    {
        reporter.raise(problem);
    }
}

const WITHOUT_HOST: Phrase = Phrase {
    fr: "« {value} » n’est pas l’adresse d’un site : le nom du site manque ou n’est pas possible.",
    en: "“{value}” is not the address of a site: its host lacks, or is impossible.",
};

const A_MAILBOX: Phrase = Phrase {
    fr: "« {value} » est une adresse de courriel, pas celle d’un site.",
    en: "“{value}” is the address of a mailbox, not of a site.",
};

/// What is wrong with the address of a site, where more can be said than the schema does.
fn site(website: &str) -> Option<Problem> {
    let problem = || Problem::at("/site_web").with("expected", "");
    if let Some(read) = sites::read(website) {
        return Some(problem().suggest(read.value, Confidence::High));
    }
    let rest = website.strip_prefix("https://").or_else(|| website.strip_prefix("http://"));
    let host = sites::host_of(rest.unwrap_or(website));
    if mailboxes::judge(host) != Mailbox::Wrong {
        return Some(problem().saying(A_MAILBOX));
    }
    // « www,example.org »: the comma is next to the full stop.
    let mended = website.replace(',', ".");
    if mended != website && !website.contains(", ") {
        let mended = sites::read(&mended).map_or(mended, |read| read.value);
        let is_right = mended.split_once("://").is_some_and(|(_, rest)| sites::is_host(sites::host_of(rest)));
        return is_right.then(|| problem().suggest(mended, Confidence::Medium));
    }
    // The beginning is missing of what may be a word of a sentence.
    let guess = format!("https://{website}");
    if rest.is_none() && !website.contains(char::is_whitespace) && sites::is_likely(website) {
        return Some(problem().suggest(guess, Confidence::Medium));
    }
    (rest.is_some() && !website.contains(char::is_whitespace) && !sites::is_host(host))
        .then(|| problem().saying(WITHOUT_HOST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::raised;

    #[test]
    fn what_is_no_site_is_told() {
        let suggested =
            |site: &str| raised(&RULE, &serde_json::json!({ "site_web": site }).to_string()).remove(0).suggestion;
        for (website, url, confidence) in [
            ("www.example.org", "https://www.example.org", Confidence::High),
            ("example.org/ptce?x=1", "https://example.org/ptce?x=1", Confidence::High),
            ("pole.travail", "https://pole.travail", Confidence::Medium),
            ("http://www,example.org", "http://www.example.org", Confidence::Medium),
        ] {
            assert_eq!(suggested(website), Some((url.to_owned(), confidence)), "{website}");
        }
        for website in [
            "https://",
            "http://www",
            "https://www/exemple.org",
            "https://exemple",
            "contact@example.org",
            "https://contact@example.org",
        ] {
            assert_eq!(suggested(website), None, "{website}");
        }
        // What the schema refuses without more words, and what is right.
        for website in ["exemple", "pas de site", "M.Untel", "en cours...", "ftp://example.org", "https://example.org"]
        {
            assert!(raised(&RULE, &serde_json::json!({ "site_web": website }).to_string()).is_empty(), "{website}");
        }
    }
}
