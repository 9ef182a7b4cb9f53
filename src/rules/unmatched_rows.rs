//! Rows of a sheet of contacts or partners speak of a PTCE that no other sheet holds.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "unmatched-rows",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Une feuille parle de PTCE que la feuille principale ne contient pas.",
        en: "A sheet speaks of PTCE that the main sheet does not hold.",
    },
    message: Phrase {
        fr: "Aucune autre feuille ne contient ces PTCE, dont parlent des lignes de celle-ci : {label}.",
        en: "No other sheet holds these PTCE, of which rows of this one speak: {label}.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Les lignes d’une feuille de contacts ou de partenaires rejoignent la fiche du PTCE qui a le même nom ou le même \
             identifiant, sans regarder les majuscules ni les accents. Celles dont le PTCE ne se trouve sur aucune autre \
             feuille forment des fiches à part, que rien ne complète. Un nom voisin, s’il y en a un, suit le signe «\u{a0}≈\u{a0}». Écrivez le nom de la même façon sur \
             toutes les feuilles, ou ajoutez le PTCE qui manque.",
        en: "The rows of a sheet of contacts or partners join the record of the PTCE of the same name or identifier, \
             whatever its case and accents. Those whose PTCE is on no other sheet make records of their own, which \
             nothing completes. A near name, if there is one, follows the sign “≈”. Write the name in the same way on all \
             sheets, or add the PTCE that is missing.",
    },
    basis: "",
    wrong: "",
    right: "",
    check: Check::Import,
};
