//! Rows of a sheet are struck through, and read.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "struck-rows",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Des lignes barrées d’une feuille sont lues comme les autres.",
        en: "Rows of a sheet that are struck through are read as the others.",
    },
    message: Phrase {
        fr: "Ces lignes sont barrées et lues comme les autres : {label}.",
        en: "These rows are struck through, and read as the others: {label}.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Toutes les cellules de ces lignes sont barrées : quelqu’un les a sans doute retirées sans les effacer. Elles sont \
             pourtant contrôlées, converties et publiées avec les autres. Supprimez-les du classeur si elles ne comptent \
             plus ; sinon, ôtez le trait.",
        en: "All cells of these rows are struck through: somebody has probably taken them out without deleting them. Yet \
             they are checked, converted and published with the others. Delete them from the workbook if they no longer \
             count; otherwise take the line away.",
    },
    basis: "",
    wrong: "",
    right: "",
    check: Check::Import,
};
