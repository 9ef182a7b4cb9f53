//! A PTCE brings together enterprises of the social and solidarity economy.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::rules::members::{coordinator_is_ess, has_partner};
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "no-ess-member",
    topic: Topic::Eligibility,
    level: Level::Error,
    summary: Phrase {
        fr: "Aucun membre n’est une entreprise de l’économie sociale et solidaire.",
        en: "No member is an enterprise of the social and solidarity economy.",
    },
    message: Phrase {
        fr: "Aucun membre n’est déclaré de l’économie sociale et solidaire (catégorie « ess »).",
        en: "No member is declared to be of the social and solidarity economy (category “ess”).",
    },
    expected: Phrase {
        fr: "Au moins un partenaire de catégorie « ess », ou un coordinateur dont la forme juridique en \
             relève.",
        en: "At least one partner of category “ess”, or a coordinator of such a legal form.",
    },
    explanation: Phrase {
        fr: "La loi définit le pôle par le regroupement d’entreprises de l’économie sociale et \
             solidaire : associations, coopératives, mutuelles, fondations, sociétés agréées. On en \
             cherche une parmi les partenaires de catégorie « ess », et dans la forme juridique du \
             coordinateur. Si la liste des partenaires est complète, le dossier n’est pas recevable ; si \
             les catégories manquent, remplissez-les.",
        en: "The law defines the hub as a grouping of enterprises of the social and solidarity economy: \
             associations, cooperatives, mutual societies, foundations, certified companies. One is \
             looked for among the partners of category “ess” and in the legal form of the coordinator. If \
             the list of partners is complete, the application is not admissible; if categories are \
             missing, fill them in.",
    },
    basis: "Loi n° 2014-856 du 31 juillet 2014, art. 9 ; décret n° 2015-431 du 15 avril 2015",
    wrong: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Mécanique Bourrian","forme_juridique":"SARL"},"partenaires":[{"nom":"Commune de Figeac","categorie":"collectivite"}]}"#,
    right: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Mécanique Bourrian","forme_juridique":"SARL"},"partenaires":[{"nom":"Recyclerie du Célé","categorie":"ess"}]}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    if !has_partner(record, &["ess"]) && !coordinator_is_ess(record) {
        reporter.raise(Problem::at("/partenaires"));
    }
}
