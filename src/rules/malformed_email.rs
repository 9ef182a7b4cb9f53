//! A text is not one e-mail address.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};
use crate::text::mailboxes::{Mailbox, are_several, judge, repaired, without_accents};

pub(super) static RULE: Rule = Rule {
    code: "malformed-email",
    topic: Topic::Contact,
    level: Level::Error,
    summary: Phrase {
        fr: "Un courriel n’est pas une adresse électronique bien formée.",
        en: "A text is not one well-formed e-mail address.",
    },
    message: Phrase {
        fr: "« {value} » n’est pas une adresse électronique valide.",
        en: "“{value}” is not a valid e-mail address.",
    },
    expected: Phrase {
        fr: "Une seule adresse, de la forme nom@domaine.fr.",
        en: "One address only, of the form name@domain.fr.",
    },
    explanation: Phrase {
        fr: "Une adresse a un nom, une seule arobase et un domaine, sans espace, sans point doublé ni \
             final. Une adresse mal écrite ne recevra rien. Des accents avant l’arobase sont presque \
             toujours une erreur de frappe : l’adresse sans accents vous est alors proposée, à confirmer. \
             Pour deux adresses, créez deux contacts.",
        en: "An address has a name, one at sign and a domain, without spaces, doubled dots or a final \
             dot. A badly written address will receive nothing. Accents before the at sign are nearly \
             always a slip: the address without them is then suggested, for you to confirm. For two \
             addresses, make two contacts.",
    },
    basis: "RFC 5322, RFC 5321, RFC 5890",
    wrong: r#"{"nom":"Fabriques du Quercy","contacts":[{"courriel":"contact(at)example.org"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","contacts":[{"courriel":"contact@example.org"}]}"#,
    check: Check::Record(check),
};

const SEVERAL: Phrase = Phrase {
    fr: "« {value} » est plus d’une adresse électronique.",
    en: "“{value}” is more than one e-mail address.",
};

const ACCENTED: Phrase = Phrase {
    fr: "« {value} » a des accents avant l’arobase, où ils sont presque toujours une faute de frappe.",
    en: "“{value}” has accents before the at sign, where they are nearly always a slip.",
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    for (rank, contact) in entry.record.contacts.iter().enumerate() {
        let Some(email) = &contact.email else { continue };
        let problem = || Problem::at(format!("/contacts/{rank}/courriel"));
        match judge(email) {
            Mailbox::Right => {}
            Mailbox::Accented => {
                let plain = without_accents(email);
                let problem = problem().with_level(Level::Warning);
                reporter.raise(match plain.is_ascii() {
                    true => problem.saying(ACCENTED).suggest(plain, Confidence::Medium),
                    false => problem,
                });
            }
            Mailbox::Wrong => reporter.raise(match repaired(email) {
                Some((repaired, confidence)) => problem().suggest(repaired, confidence),
                None if are_several(email) => problem().saying(SEVERAL),
                None => problem(),
            }),
        }
    }
}
