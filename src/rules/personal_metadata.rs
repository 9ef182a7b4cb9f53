//! The description of a publication names a person.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(crate) static RULE: Rule = Rule {
    code: "personal-metadata",
    topic: Topic::Publication,
    level: Level::Warning,
    summary: Phrase {
        fr: "La description d’une publication nomme une personne.",
        en: "The description of a publication names a person.",
    },
    message: Phrase {
        fr: "métadonnées : « {key} » semble nommer une personne ou permettre de la joindre ; écrivez le nom de l’organisme ou l’adresse d’un service \
             dans le fichier donné par --metadata.",
        en: "metadata: “{key}” seems to name or reach a person; write the name of the organisation or the mailbox of an \
             office in the file given by --metadata.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Ce que la description dit paraît tel quel dans tous les fichiers d’une publication et dans les catalogues qui la \
             moissonnent. Un jeu de données est publié par un organisme, et l’on écrit à un service : les noms et les adresses \
             des personnes n’y ont pas leur place, sauf leur accord.",
        en: "What the description says appears as it is in every file of a publication and in the catalogues that harvest it. A \
             data set is published by an organisation, and one writes to an office: the names and mailboxes of people have no \
             place there, unless they agree.",
    },
    basis: "RGPD, articles 5 et 6",
    wrong: "",
    right: "",
    check: Check::Publication,
};
