//! A text stands outside the records.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "text-outside-table",
    topic: Topic::Structure,
    level: Level::Info,
    summary: Phrase { fr: "Un texte se trouve hors des fiches.", en: "A text stands outside the records." },
    message: Phrase {
        fr: "« {label} » est hors des fiches et n’entre dans aucune.",
        en: "“{label}” stands outside the records and enters none.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Un titre, une date ou une remarque est écrit hors des colonnes du tableau, autour des éléments ou des \
             rubriques qui font les fiches. Il n’appartient à aucune fiche, et il n’est donc ni contrôlé ni publié. Rien \
             n’est à corriger si c’est un titre ; si c’est une donnée, mettez-la dans une colonne, un élément ou une rubrique.",
        en: "A title, a date or a remark is written outside the columns of the table, or around the elements or headings \
             that make the records. It belongs to no record, and so is neither checked nor published. Nothing is to be \
             corrected if it is a title; if it is data, put it in a column, an element or under a heading.",
    },
    basis: "",
    wrong: "Pôles lauréats du premier appel,,
nom,région,commune
Fabriques du Quercy,Occitanie,Figeac
",
    right: "nom,région,commune
Fabriques du Quercy,Occitanie,Figeac
",
    check: Check::Import,
};
