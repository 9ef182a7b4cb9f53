//! A label means several fields of the record.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "ambiguous-label",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Un libellé peut désigner plusieurs champs de la fiche.",
        en: "A label can mean several fields of the record.",
    },
    message: Phrase {
        fr: "Le libellé « {label} » peut désigner plusieurs champs : {candidates}.",
        en: "The label “{label}” can mean several fields: {candidates}.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Le titre de colonne, ou le nom d’élément, convient à plusieurs champs, et aucun n’est choisi \
             à votre place. Ses valeurs sont gardées à part, sans être contrôlées. Renommez le libellé \
             avec le nom exact d’un des champs cités.",
        en: "The column title, or element name, suits several fields, and none is chosen for you. Its \
             values are kept apart, unchecked. Rename the label with the exact name of one of the fields \
             listed.",
    },
    basis: "",
    wrong: "nom,statut
Fabriques du Quercy,mixte
",
    right: "nom,forme juridique
Fabriques du Quercy,association
",
    check: Check::Import,
};
