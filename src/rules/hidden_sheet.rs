//! A sheet is hidden, and read.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "hidden-sheet",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Une feuille masquée du classeur est lue comme les autres.",
        en: "A hidden sheet of the workbook is read as the others.",
    },
    message: Phrase {
        fr: "La feuille « {label} » est masquée, et lue comme les autres.",
        en: "The sheet “{label}” is hidden, and read as the others.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Quelqu’un a masqué cette feuille : qui ouvre le classeur ne la voit pas, et parfois ne peut même pas l’afficher. Ses \
             fiches sont pourtant contrôlées, converties et publiées avec les autres. Ce qu’on masque est souvent un \
             brouillon, ou des dossiers refusés : vérifiez, et retirez la feuille si elle ne devait pas être envoyée.",
        en: "Somebody has hidden this sheet: whoever opens the workbook does not see it, and at times cannot even show it. Yet its \
             records are checked, converted and published with the others. What people hide often is a draft, or \
             applications that were refused: check, and remove the sheet if it was not to be sent.",
    },
    basis: "",
    wrong: "",
    right: "",
    check: Check::Import,
};
