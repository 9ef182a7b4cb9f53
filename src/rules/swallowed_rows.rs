//! A quoted cell holds lines that look like rows of the table.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "swallowed-rows",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Une cellule entre guillemets contient des lignes qui ressemblent à celles du tableau.",
        en: "A quoted cell holds lines that look like rows of the table.",
    },
    message: Phrase {
        fr: "Une cellule de cette ligne contient des lignes entières du tableau, sans doute par un guillemet de trop : « {label} ».",
        en: "A cell of this row holds whole lines of the table, probably for a quote too many: “{label}”.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Deux guillemets de trop, à quelques lignes l’un de l’autre, font de tout ce qui les sépare le texte d’une seule \
             cellule : des fiches disparaissent sans que rien ne manque. Retirez les guillemets s’ils sont de trop ; si \
             ce texte est bien celui de la cellule, il n’y a rien à faire.",
        en: "Two stray quotes, some lines apart, make all that stands between them the text of one cell: records vanish, and \
             nothing seems to be missing. Remove the quotes if they are stray; if the text is that of the cell, there \
             is nothing to do.",
    },
    basis: "",
    wrong: "nom;coordinateur;résumé
\"Fabriques du Quercy;Roue libre;Relier
Pôle Laine;Atelier;Filer
Pôle Bois\";Coopérative;Bâtir
",
    right: "nom;coordinateur;résumé
Fabriques du Quercy;Roue libre;\"Relier ; former
accueillir\"
",
    check: Check::Import,
};
