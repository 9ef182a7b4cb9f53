//! A sheet has no header that is known, and is not read.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "unread-sheet",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Une feuille du classeur n’a pas d’en-tête connu et n’est pas lue.",
        en: "A sheet of the workbook has no known header and is not read.",
    },
    message: Phrase {
        fr: "Cette feuille, qui commence par « {label} », n’a pas de ligne d’en-tête connue : rien n’en est lu.",
        en: "This sheet, which begins with “{label}”, has no known header row: nothing of it is read.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Aucune des premières lignes de la feuille ne porte de noms de colonnes connus ; une autre feuille du \
             classeur en a. Si celle-ci ne contient que des notes, il n’y a rien à faire. Si elle contient des \
             fiches, donnez-lui les mêmes noms de colonnes qu’à l’autre.",
        en: "None of the first rows of the sheet bears known column names; another sheet of the workbook does. If \
             this one holds only notes, there is nothing to do. If it holds records, give it the same column names \
             as the other.",
    },
    basis: "",
    wrong: "",
    right: "",
    check: Check::Import,
};
