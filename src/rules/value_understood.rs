//! A value is written otherwise than its field wants it, and can only mean one.

use crate::finding::Level;
use crate::language::Phrase;
use crate::reading::Way;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "value-understood",
    topic: Topic::Structure,
    level: Level::Info,
    summary: Phrase {
        fr: "Une valeur écrite autrement n’a qu’une lecture possible, et a été comprise.",
        en: "A value written otherwise has one possible reading, and was understood.",
    },
    message: Way::Dress.message(),
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Une date en toutes lettres, un site sans « https:// », un SIRET avec des espaces, « Lauréat(e) », « 120 k€ » : \
             quand une seule lecture est possible, la fiche contient la valeur telle que son champ la veut, et ce constat dit \
             ce que la cellule contenait. Il n’y a rien à corriger. La liste de ce qui est compris est dans docs/values.md ; \
             avec values = « as-typed » dans la configuration, les valeurs restent telles qu’elles sont écrites.",
        en: "A date in words, a site without “https://”, a SIRET with spaces, “Lauréat(e)”, “120 k€”: where only one reading is \
             possible, the record holds the value as its field wants it, and this finding tells what the cell held. There is \
             nothing to correct. What is understood is listed in docs/values.md; with values = “as-typed” in the configuration, \
             values stay as they are written.",
    },
    basis: "",
    wrong: "nom,date d’annonce
Fabriques du Quercy,22 mai 2025
",
    right: "nom,date d’annonce
Fabriques du Quercy,2025-05-22
",
    check: Check::Import,
};
