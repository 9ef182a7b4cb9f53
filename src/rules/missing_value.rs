//! A value that must be there is not.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "missing-value",
    topic: Topic::Structure,
    level: Level::Error,
    summary: Phrase { fr: "Une valeur obligatoire manque.", en: "A required value is missing." },
    message: Phrase { fr: "Une valeur obligatoire manque ici.", en: "A required value is missing here." },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Le schéma dit quelles valeurs doivent être présentes : par exemple, un partenaire a un nom. \
             Sans elle, le reste de l’élément n’a pas de sens. Ajoutez la valeur, ou supprimez l’élément \
             entier.",
        en: "The schema says which values must be there: for instance, a partner has a name. Without it \
             the rest of the element means nothing. Add the value, or remove the whole element.",
    },
    basis: "",
    wrong: r#"{"nom":"Fabriques du Quercy","partenaires":[{"categorie":"ess"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","partenaires":[{"nom":"Recyclerie du Célé","categorie":"ess"}]}"#,
    check: Check::Schema,
};
