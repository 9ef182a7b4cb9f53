//! A PTCE works with public bodies, research or training.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::members::{coordinator_is_public, has_partner};
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "no-public-or-research-member",
    topic: Topic::Eligibility,
    level: Level::Warning,
    summary: Phrase {
        fr: "Aucun membre n’est une collectivité, un centre de recherche ou un organisme de formation.",
        en: "No member is a public authority, a research centre or a training body.",
    },
    message: Phrase {
        fr: "Aucun membre n’est déclaré comme collectivité, organisme de recherche ou de formation.",
        en: "No member is declared as a public authority, a research body or a training body.",
    },
    expected: Phrase {
        fr: "Au moins un partenaire de catégorie « collectivite », « recherche » ou « formation ».",
        en: "At least one partner of category “collectivite”, “recherche” or “formation”.",
    },
    explanation: Phrase {
        fr: "La loi veut qu’un pôle travaille en lien avec des collectivités, des centres de recherche, \
             l’enseignement supérieur ou des organismes de formation. On en cherche au moins un parmi les \
             partenaires, ou dans la forme juridique du coordinateur. Ajoutez celui qui manque, ou \
             remplissez les catégories si elles sont vides.",
        en: "The law wants a hub to work with public authorities, research centres, universities or \
             training bodies. At least one is looked for among the partners, or in the legal form of the \
             coordinator. Add the one that is missing, or fill in the categories if they are empty.",
    },
    basis: "Loi n° 2014-856 du 31 juillet 2014, art. 9 ; décret n° 2015-431 du 15 avril 2015",
    wrong: r#"{"nom":"Fabriques du Quercy","partenaires":[{"nom":"Recyclerie du Célé","categorie":"ess"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","partenaires":[{"nom":"Commune de Figeac","categorie":"collectivite"}]}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    if !has_partner(record, &["collectivite", "recherche", "formation"]) && !coordinator_is_public(record) {
        reporter.raise(Problem::at("/partenaires"));
    }
}
