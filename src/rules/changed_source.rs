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
    message: Change::LabelGone.message(),
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
