//! A file among those given is no format of records, and is not read.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "unread-file",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Un fichier du dossier ou de l’archive n’est pas lu.",
        en: "A file of the folder or the archive is not read.",
    },
    message: Phrase { fr: "Non lu : {label}.", en: "Not read: {label}." },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Ce fichier n’est pas d’un format où ptce sait trouver des fiches : un PDF, une image, une archive dans une archive, un \
             fichier caché, un format que l’extension n’annonce pas. Rien n’en est contrôlé, ni converti. S’il contient des fiches, enregistrez-le dans un format \
             lu (xlsx, ods, csv, json, xml, docx, odt, html, txt) ; sinon, il n’y a rien à faire.",
        en: "This file is of no format in which ptce can find records: a PDF, a picture, an archive within an archive, a \
             hidden file, a format that its extension does not tell. Nothing of it is checked or converted. If it holds records, save it in a format that is read (xlsx, ods, \
             csv, json, xml, docx, odt, html, txt); otherwise there is nothing to do.",
    },
    basis: "",
    wrong: "",
    right: "",
    check: Check::Import,
};
