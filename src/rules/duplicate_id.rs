//! Two records have the same identifier.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "duplicate-id",
    topic: Topic::Duplicates,
    level: Level::Error,
    summary: Phrase { fr: "Deux fiches ont le même identifiant.", en: "Two records have the same identifier." },
    message: Phrase {
        fr: "L’identifiant « {value} » est déjà celui de : {other}.",
        en: "The identifier “{value}” is already the one of: {other}.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "L’identifiant distingue une fiche de toutes les autres : les liens et les mises à jour s’y \
             fient. Quand deux fiches le partagent, l’une écrasera l’autre. Si c’est le même pôle, gardez \
             une seule fiche ; sinon, changez l’identifiant de la plus récente.",
        en: "The identifier tells a record from all others: links and updates rely on it. When two \
             records share it, one will overwrite the other. If they are the same hub, keep one record; \
             otherwise change the identifier of the later one.",
    },
    basis: "",
    wrong: "id,nom
fabriques,Fabriques du Quercy
fabriques,Ateliers du Trégor
",
    right: "id,nom
fabriques,Fabriques du Quercy
ateliers,Ateliers du Trégor
",
    check: Check::Dataset,
};
