//! The source is no longer as the mapping says with which it is read.

use crate::finding::Level;
use crate::language::Phrase;
use crate::row::Change;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "changed-source",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Le fichier n’est plus tel que le décrit le fichier de correspondances.",
        en: "The file is no longer as the mapping file describes it.",
    },
    message: said(Change::LabelGone),
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Le fichier est lu avec un fichier de correspondances, écrit pour un envoi précédent. Depuis, un libellé ou une \
             feuille a été ajouté, retiré ou déplacé. Ce qui reste est lu comme avant ; ce qui est nouveau est compris comme sans \
             correspondances. Vérifiez avec « ptce inspect », puis complétez le fichier de correspondances.",
        en: "The file is read with a mapping, written for an earlier one. Since then, a label or a sheet has been added, \
             removed or moved. What remains is read as before; what is new is understood as without a mapping. Look at it \
             with “ptce inspect”, then complete the mapping file.",
    },
    basis: "",
    wrong: "",
    right: "",
    check: Check::Import,
};

/// What is said of each change.
pub(crate) const fn said(change: Change) -> Phrase {
    match change {
        Change::LabelGone => Phrase {
            fr: "Le libellé « {label} » du fichier de correspondances ne se trouve plus ici.",
            en: "The label “{label}” of the mapping file is no longer here.",
        },
        Change::LabelNew => Phrase {
            fr: "Le libellé « {label} » n’est pas dans le fichier de correspondances.",
            en: "The label “{label}” is not in the mapping file.",
        },
        Change::SheetGone => Phrase {
            fr: "La feuille « {label} » du fichier de correspondances n’est plus dans le classeur.",
            en: "The sheet “{label}” of the mapping file is no longer in the workbook.",
        },
        Change::SheetNew => Phrase {
            fr: "La feuille « {label} » n’est pas dans le fichier de correspondances.",
            en: "The sheet “{label}” is not in the mapping file.",
        },
        Change::HeaderMoved => Phrase {
            fr: "L’en-tête n’est plus à la ligne {label}, où le fichier de correspondances le place.",
            en: "The header is no longer in row {label}, where the mapping file puts it.",
        },
    }
}
