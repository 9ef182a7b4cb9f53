//! A publication does not say what the standards ask of it.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(crate) static RULE: Rule = Rule {
    code: "missing-metadata",
    topic: Topic::Publication,
    level: Level::Warning,
    summary: Phrase {
        fr: "La description d’une publication n’a pas tout ce que les normes demandent.",
        en: "The description of a publication lacks something that the standards ask for.",
    },
    message: Phrase {
        fr: "La publication ne dit pas {what} ; ajoutez « {key} » au fichier donné par --metadata.",
        en: "The publication does not say {what}; add “{key}” to the file given by --metadata.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Un jeu de données ouvert dit son titre, ce qu’il contient, qui le publie et quand il a été mis à jour : la \
             Licence Ouverte demande à qui réutilise les données de citer ces deux derniers, et les catalogues ne \
             moissonnent pas un jeu sans éditeur. Écrivez-les dans un fichier TOML, que l’option --metadata de « ptce \
             convert » lit. Sans éditeur, le catalogue dit « éditeur non indiqué ».",
        en: "An open data set says its title, what it holds, who publishes it and when it was updated: the Licence \
             Ouverte asks whoever reuses the data to name the last two, and catalogues do not harvest a data set without \
             a publisher. Write them in a TOML file, which the option --metadata of “ptce convert” reads. Without a \
             publisher, the catalogue says “éditeur non indiqué”.",
    },
    basis: "DCAT-AP 3 ; Licence Ouverte 2.0",
    wrong: "",
    right: "",
    check: Check::Publication,
};
