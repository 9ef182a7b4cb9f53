//! A row has another number of cells than the header.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "uneven-row",
    topic: Topic::Structure,
    level: Level::Error,
    summary: Phrase {
        fr: "Une ligne n’a pas autant de cellules que l’en-tête.",
        en: "A row has not as many cells as the header.",
    },
    message: Phrase {
        fr: "Cette ligne n’a pas les cellules de l’en-tête, et rien ne dit où elles vont ; elle n’est pas lue : « {label} ».",
        en: "This row has not the cells of the header, and nothing tells where they go; it is not read: “{label}”.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Une ligne plus longue que l’en-tête a un séparateur de trop, ou un texte qui en contient sans être entre guillemets. \
             Quand rien ne dit de quelles colonnes sont ses cellules, elle est laissée de côté (erreur) : corrigez-la et \
             recommencez, les autres sont lues. Des cellules derrière la dernière colonne, ou une ligne plus courte, \
             sont lues et signalées (avertissement).",
        en: "A row longer than the header has a delimiter too many, or a text that holds one and is not quoted. Where nothing \
             tells to which columns its cells belong, it is set aside (error): correct it and begin again, the others \
             are read. Cells behind the last column, or a row that is shorter, are read and told (warning).",
    },
    basis: "",
    wrong: "nom;résumé;actions
Fabriques du Quercy;Relier;former;accueillir
Pôle Bois;Bâtir;former
",
    right: "nom;résumé;actions
Fabriques du Quercy;\"Relier;former\";accueillir
Pôle Bois;Bâtir;former
",
    check: Check::Import,
};
