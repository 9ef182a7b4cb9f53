//! A PTCE associates enterprises outside the social and solidarity economy.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::members::{coordinator_is_company, has_partner};
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "no-enterprise-member",
    topic: Topic::Eligibility,
    level: Level::Error,
    summary: Phrase {
        fr: "Aucun membre n’est une entreprise hors économie sociale et solidaire.",
        en: "No member is an enterprise outside the social and solidarity economy.",
    },
    message: Phrase {
        fr: "Aucun membre n’est déclaré comme entreprise hors économie sociale et solidaire (catégorie \
             « entreprise »).",
        en: "No member is declared as an enterprise outside the social and solidarity economy (category \
             “entreprise”).",
    },
    expected: Phrase {
        fr: "Au moins un partenaire de catégorie « entreprise ».",
        en: "At least one partner of category “entreprise”.",
    },
    explanation: Phrase {
        fr: "Dans un pôle, les entreprises de l’économie sociale et solidaire s’associent à d’autres \
             entreprises. On en cherche au moins une parmi les partenaires de catégorie « entreprise », \
             ou dans la forme juridique du coordinateur. Ajoutez celle qui manque, ou remplissez les \
             catégories si elles sont vides.",
        en: "In a hub, enterprises of the social and solidarity economy join with other enterprises. At \
             least one is looked for among the partners of category “entreprise”, or in the legal form of \
             the coordinator. Add the one that is missing, or fill in the categories if they are empty.",
    },
    basis: "Loi n° 2014-856 du 31 juillet 2014, art. 9 ; décret n° 2015-431 du 15 avril 2015",
    wrong: r#"{"nom":"Fabriques du Quercy","partenaires":[{"nom":"Recyclerie du Célé","categorie":"ess"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","partenaires":[{"nom":"Mécanique Bourrian","categorie":"entreprise"}]}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    if !has_partner(record, &["entreprise"]) && !coordinator_is_company(record) {
        reporter.raise(Problem::at("/partenaires"));
    }
}
