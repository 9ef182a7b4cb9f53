//! A label is read in spite of a slip in its spelling.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "misspelt-label",
    topic: Topic::Structure,
    level: Level::Info,
    summary: Phrase { fr: "Un libellé mal orthographié est compris.", en: "A misspelt label is understood." },
    message: Phrase {
        fr: "Le libellé « {label} » est lu comme « {suggestion} ».",
        en: "The label “{label}” is read as “{suggestion}”.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Le titre de colonne, ou le libellé d’une fiche, diffère d’un libellé connu par une ou deux lettres ; aucun autre \
             n’en est aussi proche. Ses valeurs sont lues comme celles du libellé connu. Vérifiez que c’est bien lui, et \
             corrigez le libellé ; un fichier de correspondances dit autre chose s’il le faut.",
        en: "The column title, or the label of a form, differs from a label that is known by a letter or two; no other is as \
             near. Its values are read as those of the known one. Check that it is meant, and correct the label; a mapping \
             file says otherwise if need be.",
    },
    basis: "",
    wrong: "nom,région,structure coordonatrice
Fabriques du Quercy,Occitanie,Roue libre
",
    right: "nom,région,structure coordonnatrice
Fabriques du Quercy,Occitanie,Roue libre
",
    check: Check::Import,
};
