//! A submission lacks an element that the call analyses.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::record::Group;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "incomplete-dossier",
    topic: Topic::Eligibility,
    level: Level::Error,
    summary: Phrase {
        fr: "Il manque au dossier un élément que l’appel à projets demande.",
        en: "The submission lacks an element that the call for projects asks for.",
    },
    message: Phrase {
        fr: "Le dossier ne dit rien à la rubrique « {element} ».",
        en: "The submission says nothing under “{element}”.",
    },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "L’appel à projets examine la structure coordinatrice, les partenaires, le territoire, les \
             objectifs, le calendrier, le financement, l’évaluation, la mise en réseau et le lien avec \
             les politiques locales. Un dossier auquel manque un de ces éléments ne peut être jugé \
             recevable. Complétez la rubrique indiquée.",
        en: "The call for projects examines the coordinating organisation, the partners, the territory, \
             the objectives, the schedule, the funding, the evaluation, the networking and the link with \
             local policies. A submission that lacks one of them cannot be found admissible. Complete the \
             heading named; the names are those of the French form.",
    },
    basis: "Appel à projets PTCE du 15 juillet 2013 ; décret n° 2015-431 du 15 avril 2015",
    wrong: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre"},"partenaires":[{"nom":"Recyclerie du Célé"}],"territoire":{"libelle":"Figeac"},"projet":{"objectifs":["Réparer"]},"calendrier":"2025 : atelier.","financement":"Budget de 240 000 euros.","evaluation":"Bilan annuel.","mise_en_reseau":"Réseau régional."}"#,
    right: r#"{"nom":"Fabriques du Quercy","coordinateur":{"nom":"Roue libre"},"partenaires":[{"nom":"Recyclerie du Célé"}],"territoire":{"libelle":"Figeac"},"projet":{"objectifs":["Réparer"]},"calendrier":"2025 : atelier.","financement":"Budget de 240 000 euros.","evaluation":"Bilan annuel.","mise_en_reseau":"Réseau régional.","politiques_locales":"Contrat de ville."}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    let elements = [
        (record.schedule.is_some(), "/calendrier", "calendrier"),
        (record.funding.is_some(), "/financement", "financement"),
        (record.evaluation.is_some(), "/evaluation", "évaluation"),
        (record.networking.is_some(), "/mise_en_reseau", "mise en réseau"),
        (record.local_policies.is_some(), "/politiques_locales", "politiques locales"),
        (record.part("coordinateur").is_some(), "/coordinateur", "coordinateur"),
        (!record.partners.is_empty(), "/partenaires", "partenaires"),
        (record.part("territoire").is_some(), "/territoire", "territoire"),
        (!record.project.objectives.is_empty(), "/projet/objectifs", "objectifs"),
    ];
    for (present, pointer, element) in elements {
        if !present {
            reporter.raise(Problem::at(pointer).with("element", element));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn each_missing_element_is_named() {
        let pointers: Vec<String> =
            raised(&super::RULE, r#"{"calendrier":"2025"}"#).into_iter().map(|problem| problem.pointer).collect();
        assert_eq!(pointers.len(), 8);
        assert!(!pointers.contains(&"/calendrier".to_owned()));
    }
}
