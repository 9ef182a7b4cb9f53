//! A label means no field of the record.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "unknown-label",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Un libellé ne correspond à aucun champ de la fiche.",
        en: "A label means no field of the record.",
    },
    message: Phrase {
        fr: "« {label} » n’est pas reconnu : ses valeurs ne vont dans aucun champ, elles sont gardées à part.",
        en: "“{label}” is not recognised: its values go to no field, they are kept apart.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Le titre de colonne, ou le nom d’élément, n’est pas dans le vocabulaire. Ses valeurs sont \
             gardées à part, sans être contrôlées ni publiées. Renommez le libellé s’il désigne un \
             champ connu (« ptce schema » en donne la liste), ou laissez-le s’il est à vous.",
        en: "The column title, or element name, is not in the vocabulary. Its values are kept apart, \
             neither checked nor published. Rename the label if it means a known field (“ptce schema” \
             lists them), or leave it if it is your own.",
    },
    basis: "",
    wrong: "nom,commune,couleur préférée
Fabriques du Quercy,Figeac,vert
",
    right: "nom,commune,région
Fabriques du Quercy,Figeac,Occitanie
",
    check: Check::Import,
};
