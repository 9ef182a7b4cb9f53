//! Rows of a sheet are hidden, and read.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "hidden-rows",
    topic: Topic::Structure,
    level: Level::Info,
    summary: Phrase {
        fr: "Des lignes masquées d’une feuille sont lues comme les autres.",
        en: "Hidden rows of a sheet are read as the others.",
    },
    message: Phrase {
        fr: "Ces lignes sont masquées et lues comme les autres\u{a0}: {label}.",
        en: "These rows are hidden, and read as the others: {label}.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Un filtre, ou quelqu’un, a masqué des lignes qui contiennent des valeurs. Le tableur ne les montre pas\u{a0}; elles \
             sont pourtant contrôlées, converties et publiées avec les autres. Si elles ne devaient pas être envoyées, \
             retirez-les du classeur\u{a0}; sinon, il n’y a rien à faire.",
        en: "A filter, or somebody, has hidden rows that hold values. The spreadsheet does not show them; yet they are \
             checked, converted and published with the others. If they were not to be sent, remove them from the \
             workbook; otherwise there is nothing to do.",
    },
    basis: "",
    wrong: "",
    right: "",
    check: Check::Import,
};
