//! The domain of an e-mail address looks misspelt.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};
use crate::text::mail_services::right_domain;

pub(super) static RULE: Rule = Rule {
    code: "suspicious-email",
    topic: Topic::Contact,
    level: Level::Info,
    summary: Phrase {
        fr: "Le domaine d’un courriel paraît mal écrit.",
        en: "The domain of an e-mail address looks misspelt.",
    },
    message: Phrase {
        fr: "Le domaine de « {value} » paraît mal écrit.",
        en: "The domain of “{value}” looks misspelt.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Le domaine est comparé à ceux des grands services de messagerie, à une lettre près, et sa fin \
             à celles qui n’existent pas : gmial.com, hotmial.com, wanadoo.com, orange.ft, exemple.con… L’adresse est bien formée, mais le message partirait \
             chez quelqu’un d’autre ou nulle part. Vérifiez-la auprès du contact.",
        en: "The domain is compared with those of the great mail services, but for one letter, and its end \
             with those that do not exist: gmial.com, hotmial.com, wanadoo.com, orange.ft, example.con… The address is well-formed, but messages would go to somebody else \
             or nowhere. Check it with the contact.",
    },
    basis: "",
    wrong: r#"{"nom":"Fabriques du Quercy","contacts":[{"courriel":"fabriques.exemple@gmial.com"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","contacts":[{"courriel":"fabriques.exemple@example.org"}]}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    for (rank, contact) in entry.record.contacts.iter().enumerate() {
        if let Some((local, domain)) = contact.email.and_then(|email| email.rsplit_once('@'))
            && let Some(right) = right_domain(domain)
        {
            reporter.raise(
                Problem::at(format!("/contacts/{rank}/courriel"))
                    .suggest(format!("{local}@{right}"), Confidence::Medium),
            );
        }
    }
}
