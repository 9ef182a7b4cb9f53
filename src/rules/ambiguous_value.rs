//! A number has two readings, and none is chosen.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "ambiguous-value",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Un nombre a deux lectures possibles ; aucune n’est retenue.",
        en: "A number has two possible readings; none is taken.",
    },
    message: Phrase {
        fr: "« {value} » peut vouloir dire {suggestion} ou {other} ; aucune des deux lectures n’est retenue.",
        en: "“{value}” can mean {suggestion} or {other}; neither reading is taken.",
    },
    expected: Phrase {
        fr: "Un nombre sans point ni virgule avant trois chiffres : 15000 ou 15 000.",
        en: "A number without a full stop or a comma before three digits: 15000 or 15 000.",
    },
    explanation: Phrase {
        fr: "Un point ou une virgule suivis de trois chiffres séparent les milliers pour les uns, les décimales pour les \
             autres : 15.000 vaut quinze mille ou quinze. Choisir à votre place pourrait publier un montant mille fois trop \
             petit. Le nombre n’entre donc dans aucun champ, le texte est gardé dans source.autres, et la lecture la plus \
             vraisemblable est proposée. Écrivez 15000 ou 15 000.",
        en: "A full stop or a comma before three digits sets thousands apart for some, decimals for others: 15.000 is fifteen \
             thousand or fifteen. To choose in your place might publish an amount a thousand times too small. The number \
             therefore enters no field, the text is kept in source.autres, and the likelier reading is suggested. Write 15000 \
             or 15 000.",
    },
    basis: "",
    wrong: "nom,montant de l’aide
Fabriques du Quercy,15.000 €
",
    right: "nom,montant de l’aide
Fabriques du Quercy,15 000 €
",
    check: Check::Import,
};
