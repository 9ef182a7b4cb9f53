//! Two labels mean the same field.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "repeated-label",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Deux libellés désignent le même champ de la fiche.",
        en: "Two labels mean the same field of the record.",
    },
    message: Phrase {
        fr: "« {label} » désigne {candidates}, qu’un autre libellé remplit déjà.",
        en: "“{label}” means {candidates}, which another label fills already.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "La première valeur est gardée dans le champ ; celle-ci est gardée à part, sans être contrôlée. \
             Si ce sont deux contacts ou deux partenaires, numérotez les libellés : « Contact 1 – \
             téléphone », « Contact 2 – téléphone ». Sinon, ne gardez qu’une des deux.",
        en: "The first value is kept in the field; this one is kept apart, unchecked. If they are two contacts \
             or two partners, number the labels: “Contact 1 – téléphone”, “Contact 2 – téléphone”. Otherwise \
             keep only one of the two.",
    },
    basis: "",
    wrong: "nom,téléphone,portable
Fabriques du Quercy,05 36 49 00 12,06 39 98 00 12
",
    right: "nom,contact 1 téléphone,contact 2 téléphone
Fabriques du Quercy,05 36 49 00 12,06 39 98 00 12
",
    check: Check::Import,
};
