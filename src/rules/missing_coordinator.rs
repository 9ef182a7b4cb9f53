//! A PTCE has an organisation that carries it.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "missing-coordinator",
    topic: Topic::Roles,
    level: Level::Error,
    summary: Phrase {
        fr: "Une fiche ne nomme pas la structure qui coordonne le pôle.",
        en: "A record does not name the organisation that coordinates the hub.",
    },
    message: Phrase {
        fr: "Le nom de la structure coordinatrice manque.",
        en: "The name of the coordinating organisation is missing.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Un pôle n’est pas une personne morale : c’est la structure coordinatrice qui porte le \
             projet, signe et reçoit l’aide. Sans elle, la fiche ne peut être acceptée. Indiquez son nom, \
             et si possible sa forme juridique et son SIRET.",
        en: "A hub is not a legal person: the coordinating organisation carries the project, signs, and \
             receives the grant. Without it the record cannot be accepted. Give its name and, if \
             possible, its legal form and SIRET.",
    },
    basis: "Décret n° 2015-431 du 15 avril 2015",
    wrong: r#"{"nom":"Fabriques du Quercy","contacts":[{"courriel":"contact@example.org"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre en Quercy"},"contacts":[{"courriel":"contact@example.org"}]}"#,
    check: Check::Schema,
};
