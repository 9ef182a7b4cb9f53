//! A PTCE has a name.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "missing-name",
    topic: Topic::Roles,
    level: Level::Error,
    summary: Phrase { fr: "Une fiche n’a pas de nom de pôle.", en: "A record has no name of the hub." },
    message: Phrase { fr: "Le nom du pôle manque.", en: "The name of the hub is missing." },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Chaque fiche porte le nom du pôle tel que son dossier l’imprime. Sans nom, la fiche ne peut \
             être ni citée, ni retrouvée, ni publiée. Ajoutez-le ; si le pôle n’en a pas encore, prenez \
             l’intitulé du projet.",
        en: "Each record has the name of the hub as its file prints it. Without a name the record cannot \
             be cited, found or published. Add it; if the hub has none yet, take the title of the \
             project.",
    },
    basis: "",
    wrong: r#"{"coordinateur":{"nom":"Roue libre en Quercy"},"contacts":[{"courriel":"contact@example.org"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre en Quercy"},"contacts":[{"courriel":"contact@example.org"}]}"#,
    check: Check::Schema,
};
