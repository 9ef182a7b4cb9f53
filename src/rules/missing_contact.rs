//! A PTCE can be reached.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "missing-contact",
    topic: Topic::Roles,
    level: Level::Warning,
    summary: Phrase { fr: "Une fiche n’a aucun contact.", en: "A record has no contact." },
    message: Phrase { fr: "La fiche n’a aucun contact.", en: "The record has no contact." },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "La fiche ne donne ni personne, ni courriel, ni téléphone. Personne ne pourra joindre le pôle \
             ni confirmer les données. Ajoutez au moins un contact, de préférence une adresse de la \
             structure plutôt que celle d’une personne.",
        en: "The record gives neither a person, nor an e-mail address, nor a telephone number. Nobody \
             will be able to reach the hub or confirm the data. Add at least one contact, preferably an \
             address of the organisation rather than of a person.",
    },
    basis: "",
    wrong: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre en Quercy"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre en Quercy"},"contacts":[{"courriel":"contact@example.org"}]}"#,
    check: Check::Schema,
};
