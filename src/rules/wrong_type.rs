//! A text stands where a number is wanted.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "wrong-type",
    topic: Topic::Structure,
    level: Level::Error,
    summary: Phrase {
        fr: "Un texte se trouve là où il faut un nombre.",
        en: "A text stands where a number is wanted.",
    },
    message: Phrase { fr: "« {value} » n’est pas un nombre.", en: "“{value}” is not a number." },
    expected: Phrase { fr: "Un nombre, en chiffres et sans unité.", en: "A number, in digits and without a unit." },
    explanation: Phrase {
        fr: "Les montants et les effectifs s’écrivent en chiffres : 240000 ou 4,5. Un nombre en lettres, \
             une fourchette ou un commentaire ne peut pas être additionné. Gardez le nombre dans sa \
             cellule et mettez le commentaire ailleurs.",
        en: "Amounts and headcounts are written in digits: 240000 or 4.5. A number in words, a range or a \
             comment cannot be added up. Keep the number in its cell and put the comment elsewhere.",
    },
    basis: "",
    wrong: "nom,etp
Fabriques du Quercy,une douzaine
",
    right: "nom,etp
Fabriques du Quercy,12
",
    check: Check::Import,
};
