//! A value is none of those that its field takes.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "invalid-value",
    topic: Topic::Structure,
    level: Level::Error,
    summary: Phrase {
        fr: "Une valeur n’est pas de celles que son champ admet.",
        en: "A value is none of those that its field takes.",
    },
    message: Phrase { fr: "« {value} » n’est pas admis ici.", en: "“{value}” is not accepted here." },
    expected: Phrase { fr: "{expected}", en: "{expected}" },
    explanation: Phrase {
        fr: "Certains champs n’admettent qu’une liste de valeurs, une forme ou un intervalle : statut de \
             la candidature, date, effectif, adresse de site… Une autre valeur ne peut être ni comptée ni \
             comparée. Remplacez-la par une valeur admise.",
        en: "Some fields only take a list of values, a form or a range: status of the application, date, \
             headcount, web address… Any other value cannot be counted or compared. Replace it by one \
             that the field takes.",
    },
    basis: "",
    wrong: r#"{"nom":"Fabriques du Quercy","appel":{"statut":"gagnant"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","appel":{"statut":"laureat"}}"#,
    check: Check::Schema,
};
