//! A waiver of the configuration has expired.

use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "expired-waiver",
    topic: Topic::Structure,
    level: Level::Warning,
    summary: Phrase {
        fr: "Une dérogation de la configuration a expiré.",
        en: "A waiver of the configuration has expired.",
    },
    message: Phrase {
        fr: "La dérogation à {waived} pour cette fiche («\u{a0}{reason}\u{a0}») a expiré le {until}.",
        en: "The waiver of {waived} for this record (“{reason}”) expired on {until}.",
    },
    expected: Phrase { fr: "Une date plus tardive, ou plus de dérogation.", en: "A later day, or no waiver." },
    explanation: Phrase {
        fr: "La configuration accepte un constat de cette fiche jusqu’à une date, qui est passée. Le constat compte de nouveau \
             dans le verdict, s’il est encore là. Prolongez la dérogation (until) avec une raison qui vaut encore, ou retirez-la.",
        en: "The configuration accepts a finding of this record up to a day, which is over. The finding is part of the verdict \
             again, if it is still there. Extend the waiver (until) with a reason that still holds, or take it away.",
    },
    basis: "",
    wrong: "",
    right: "",
    check: Check::Import,
};
