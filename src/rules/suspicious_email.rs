//! The domain of an e-mail address is a well-known one, misspelt.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "suspicious-email",
    topic: Topic::Contact,
    level: Level::Info,
    summary: Phrase {
        fr: "Le domaine d’un courriel ressemble à un domaine connu, mal écrit.",
        en: "The domain of an e-mail address looks like a well-known one, misspelt.",
    },
    message: Phrase {
        fr: "Le domaine de « {value} » paraît mal écrit.",
        en: "The domain of “{value}” looks misspelt.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Le domaine est comparé aux fautes de frappe courantes des grands services de messagerie : \
             gmial.com, hotmial.com, wanadoo.com… L’adresse est bien formée, mais le message partirait \
             chez quelqu’un d’autre ou nulle part. Vérifiez-la auprès du contact.",
        en: "The domain is compared with common misspellings of the great mail services: gmial.com, \
             hotmial.com, wanadoo.com… The address is well-formed, but messages would go to somebody else \
             or nowhere. Check it with the contact.",
    },
    basis: "",
    wrong: r#"{"nom":"Fabriques du Quercy","contacts":[{"courriel":"fabriques.exemple@gmial.com"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","contacts":[{"courriel":"fabriques.exemple@example.org"}]}"#,
    check: Check::Record(check),
};

/// Misspelt domains and the right ones, by the misspelt one.
static DOMAINS: &[(&str, &str)] = &[
    ("aol.co", "aol.com"),
    ("aol.con", "aol.com"),
    ("bbox.com", "bbox.fr"),
    ("fre.fr", "free.fr"),
    ("free.com", "free.fr"),
    ("free.f", "free.fr"),
    ("gamil.com", "gmail.com"),
    ("gmai.com", "gmail.com"),
    ("gmail.cm", "gmail.com"),
    ("gmail.co", "gmail.com"),
    ("gmail.con", "gmail.com"),
    ("gmail.fr", "gmail.com"),
    ("gmail.om", "gmail.com"),
    ("gmaill.com", "gmail.com"),
    ("gmal.com", "gmail.com"),
    ("gmeil.com", "gmail.com"),
    ("gmial.com", "gmail.com"),
    ("gnail.com", "gmail.com"),
    ("hotmai.com", "hotmail.com"),
    ("hotmai.fr", "hotmail.fr"),
    ("hotmail.con", "hotmail.com"),
    ("hotmail.f", "hotmail.fr"),
    ("hotmal.com", "hotmail.com"),
    ("hotmal.fr", "hotmail.fr"),
    ("hotmial.com", "hotmail.com"),
    ("hotmial.fr", "hotmail.fr"),
    ("htomail.com", "hotmail.com"),
    ("lapost.net", "laposte.net"),
    ("laposte.com", "laposte.net"),
    ("laposte.fr", "laposte.net"),
    ("laposte.ne", "laposte.net"),
    ("live.f", "live.fr"),
    ("oange.fr", "orange.fr"),
    ("orage.fr", "orange.fr"),
    ("orang.fr", "orange.fr"),
    ("orange.f", "orange.fr"),
    ("orange.fe", "orange.fr"),
    ("ornage.fr", "orange.fr"),
    ("outlok.com", "outlook.com"),
    ("outlok.fr", "outlook.fr"),
    ("outloo.com", "outlook.com"),
    ("outlook.con", "outlook.com"),
    ("outlook.f", "outlook.fr"),
    ("sfr.com", "sfr.fr"),
    ("sfr.f", "sfr.fr"),
    ("wanado.fr", "wanadoo.fr"),
    ("wanadoo.com", "wanadoo.fr"),
    ("wanadoo.f", "wanadoo.fr"),
    ("wandoo.fr", "wanadoo.fr"),
    ("yaho.com", "yahoo.com"),
    ("yaho.fr", "yahoo.fr"),
    ("yahoo.con", "yahoo.com"),
    ("yahoo.f", "yahoo.fr"),
    ("yhaoo.fr", "yahoo.fr"),
];

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    for (rank, contact) in entry.record.contacts.iter().enumerate() {
        if let Some((local, domain)) = contact.email.as_deref().and_then(|email| email.rsplit_once('@'))
            && let Some(right) = right_domain(domain)
        {
            reporter.raise(
                Problem::at(format!("/contacts/{rank}/courriel")).suggest(format!("{local}@{right}"), Confidence::High),
            );
        }
    }
}

/// The domain that a misspelt one stands for.
pub(super) fn right_domain(domain: &str) -> Option<&'static str> {
    let longest = 12;
    if domain.len() > longest {
        return None;
    }
    DOMAINS.iter().find(|(wrong, _)| wrong.eq_ignore_ascii_case(domain)).map(|(_, right)| *right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        assert!(DOMAINS.is_sorted_by(|a, b| a.0 < b.0));
        for (wrong, right) in DOMAINS {
            assert_eq!(right_domain(wrong), Some(*right));
            assert_eq!(right_domain(right), None);
        }
    }
}
