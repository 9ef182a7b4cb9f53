//! Columns of a sheet are hidden, and read.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "hidden-column",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Des colonnes masquées d’une feuille sont lues comme les autres.",
        en: "Hidden columns of a sheet are read as the others.",
    },
    message: Phrase {
        fr: "Ces colonnes sont masquées et lues comme les autres : {label}.",
        en: "These columns are hidden, and read as the others: {label}.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Quelqu’un a masqué des colonnes qui contiennent des valeurs. Le tableur ne les montre pas ; elles sont pourtant \
             contrôlées, converties et publiées avec les autres. Vérifiez qu’elles ne contiennent pas de notes internes, et \
             retirez-les du classeur si elles ne devaient pas être envoyées.",
        en: "Somebody has hidden columns that hold values. The spreadsheet does not show them; yet they are checked, converted and \
             published with the others. Check that they hold no internal notes, and remove them from the workbook if they \
             were not to be sent.",
    },
    basis: "",
    wrong: "",
    right: "",
    check: Check::Import,
};
