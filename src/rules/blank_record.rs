//! A record holds nothing.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "blank-record",
    topic: Topic::Structure,
    level: Level::Info,
    summary: Phrase { fr: "Une fiche est entièrement vide.", en: "A record is entirely empty." },
    message: Phrase { fr: "La fiche est vide ; elle est ignorée.", en: "The record is empty; it is left out." },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Une ligne, ou un élément, ne contient aucune valeur : souvent une ligne laissée pour \
             l’aération, ou qui n’a gardé que sa mise en forme. Elle n’est ni contrôlée ni écrite. \
             Supprimez-la, ou remplissez-la si une fiche devait s’y trouver.",
        en: "A row, or an element, holds no value: often a row left for spacing, or one that only kept \
             its formatting. It is neither checked nor written. Delete it, or fill it in if a record \
             should have been there.",
    },
    basis: "",
    wrong: "nom,region
Fabriques du Quercy,Occitanie
,
Ateliers du Trégor,Bretagne
",
    right: "nom,region
Fabriques du Quercy,Occitanie
Ateliers du Trégor,Bretagne
",
    check: Check::Import,
};
