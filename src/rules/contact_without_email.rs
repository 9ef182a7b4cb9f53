//! No contact has an e-mail address.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "contact-without-email",
    topic: Topic::Roles,
    level: Level::Warning,
    summary: Phrase {
        fr: "Aucun contact de la fiche n’a de courriel.",
        en: "No contact of the record has an e-mail address.",
    },
    message: Phrase { fr: "Aucun contact n’a de courriel.", en: "No contact has an e-mail address." },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "La fiche a au moins un contact, mais aucun courriel : c’est pourtant le moyen le plus sûr de \
             joindre le pôle. Un seul courriel suffit, celui d’une personne ou celui de la structure. \
             Ajoutez-le.",
        en: "The record has at least one contact, but no e-mail address, though this is the surest way to \
             reach the hub. One address is enough, of a person or of the organisation. Add it.",
    },
    basis: "",
    wrong: r#"{"nom":"Fabriques du Quercy","contacts":[{"nom":"Baptiste Escaudel","telephone":"05 36 49 12 34"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","contacts":[{"nom":"Baptiste Escaudel"},{"courriel":"contact@example.org"}]}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let contacts = &entry.record.contacts;
    if !contacts.is_empty() && contacts.iter().all(|contact| contact.email.is_none()) {
        reporter.raise(Problem::at("/contacts/0/courriel"));
    }
}
