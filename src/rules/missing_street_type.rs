//! A street is a bare name.

use crate::address::streets::Street;
use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "missing-street-type",
    topic: Topic::Address,
    level: Level::Info,
    summary: Phrase { fr: "Une voie n’a ni numéro ni type.", en: "A street has neither number nor type." },
    message: Phrase {
        fr: "« {value} » ne dit pas s’il s’agit d’une rue, d’une place ou d’un lieu-dit.",
        en: "“{value}” does not say whether it is a street, a square or a hamlet.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "La ligne n’est qu’un nom, sans numéro, sans « rue » ni « place ». Plusieurs voies d’une \
             commune peuvent porter ce nom, et le courrier peut se perdre. Ajoutez le type et le numéro, \
             ou « lieu-dit » si c’en est un.",
        en: "The line is only a name, without a number, without “rue” or “place”. Several streets of a \
             town may bear that name, and mail may get lost. Add the type and the number, or “lieu-dit” \
             if it is a hamlet.",
    },
    basis: "AFNOR NF Z10-011, ligne 4",
    wrong: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"Jean-Jaurès","code_postal":"46100"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","adresse":{"voie":"12, rue Jean-Jaurès","code_postal":"46100"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    if entry.street() == Some(Street::WithoutType) {
        reporter.raise(Problem::at("/adresse/voie"));
    }
}
