//! A row does not follow the rules of CSV, and is read all the same.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "mended-row",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Une ligne qui ne respecte pas les règles du CSV est lue autrement qu’elle n’est écrite.",
        en: "A row that does not follow the rules of CSV is read in another way than it is written.",
    },
    message: Phrase {
        fr: "Cette ligne est lue autrement qu’elle n’est écrite : « {label} ».",
        en: "This row is read in another way than it is written: “{label}”.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Un guillemet de trop, un séparateur oublié ou en trop, un saut de ligne au milieu d’une cellule : la ligne n’a \
             plus les cellules de l’en-tête. Une autre lecture les lui rend, et les valeurs vont bien à leurs colonnes (un \
             courriel sous « Courriel », cinq chiffres sous « Code postal ») : c’est elle qui est retenue. Vérifiez la \
             fiche, et corrigez la ligne dans le fichier d’origine ; un classeur .xlsx évite ces accidents.",
        en: "A stray quote, a delimiter forgotten or one too many, a line break within a cell: the row no longer has the cells \
             of the header. Another reading gives them back, and the values go with their columns (a mailbox under \
             “Courriel”, five digits under “Code postal”): it is the one that is taken. Check the record, and correct \
             the line in the original file; an .xlsx workbook avoids such accidents.",
    },
    basis: "",
    wrong: "nom;coordinateur;résumé;courriel
Fabriques du Quercy;Roue libre;\"Ensemble;contact@example.org
Pôle Bois;Atelier;Réemploi;bois@example.org
",
    right: "nom;coordinateur;résumé;courriel
Fabriques du Quercy;Roue libre;Ensemble;contact@example.org
Pôle Bois;Atelier;Réemploi;bois@example.org
",
    check: Check::Import,
};
