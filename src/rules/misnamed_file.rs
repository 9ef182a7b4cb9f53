//! A file is of another format than its name says, and is read as what it is.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "misnamed-file",
    topic: Topic::Structure,
    level: Level::Info,
    summary: Phrase {
        fr: "Un fichier est d’un autre format que son nom ne l’annonce.",
        en: "A file is of another format than its name says.",
    },
    message: Phrase {
        fr: "Le contenu n’est pas du format que le nom annonce ; il est lu comme ce qu’il est : {label}.",
        en: "The content is not of the format that the name says; it is read as what it is: {label}.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "L’extension du nom annonce un format, le contenu en est un autre : des programmes enregistrent du CSV ou de l’HTML sous \
             un nom en .xls, ou un .xlsx sous un nom en .xls. Les fiches sont lues. Un tableur peut refuser ce fichier ou avertir en \
             l’ouvrant : renommez-le selon son contenu.",
        en: "The extension of the name says one format, the content is another: programs save CSV or HTML under a name in .xls, or \
             an .xlsx under a name in .xls. The records are read. A spreadsheet may refuse this file or warn when it opens it: rename \
             it after its content.",
    },
    basis: "",
    wrong: "",
    right: "",
    check: Check::Import,
};
