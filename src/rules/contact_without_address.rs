//! There is somebody to write to, and no address.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::record::Group;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "contact-without-address",
    topic: Topic::Roles,
    level: Level::Warning,
    summary: Phrase {
        fr: "Une fiche a un contact mais pas d’adresse postale.",
        en: "A record has a contact but no postal address.",
    },
    message: Phrase {
        fr: "La fiche a un contact, mais pas d’adresse postale.",
        en: "The record has a contact, but no postal address.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "La fiche nomme une personne ou une boîte à qui écrire, sans aucune adresse postale. Le pôle \
             ne peut pas être placé sur la carte ni recevoir de courrier. Ajoutez la voie, le code postal \
             et la commune.",
        en: "The record names a person or a mailbox to write to, without any postal address. The hub \
             cannot be put on the map or receive letters. Add the street, the postal code and the town.",
    },
    basis: "",
    wrong: r#"{"nom":"Fabriques du Quercy","contacts":[{"nom":"Baptiste Escaudel","courriel":"b.escaudel@example.org"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","contacts":[{"nom":"Baptiste Escaudel","courriel":"b.escaudel@example.org"}],"adresse":{"voie":"7 rue des Tanneurs","code_postal":"46100","commune":"Figeac"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    if !record.contacts.is_empty() && record.part("adresse").is_none() {
        reporter.raise(Problem::at("/adresse"));
    }
}
