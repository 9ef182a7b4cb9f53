//! A commune was merged into another, or renamed.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reference::communes::{self, Commune};
use crate::reference::postal_codes::Agreement;
use crate::rules::seat;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "former-commune",
    topic: Topic::Address,
    level: Level::Info,
    summary: Phrase {
        fr: "Une commune a été rattachée à une autre, ou renommée.",
        en: "A commune has become part of another one, or was renamed.",
    },
    message: Phrase {
        fr: "« {value} » n’est plus le nom d’une commune : c’est aujourd’hui {present}.",
        en: "“{value}” is no longer the name of a commune: it is now {present}.",
    },
    expected: Phrase { fr: "Le nom d’une commune d’aujourd’hui.", en: "The name of a present commune." },
    explanation: Phrase {
        fr: "Le nom ou le code est celui d’une commune déléguée ou associée, ou d’une commune \
             disparue depuis 1943. Il était peut-être juste à la date de l’appel, et La Poste le \
             connaît encore. Gardez-le comme ligne de lieu-dit si vous y tenez ; les croisements avec \
             d’autres données demandent le nom et le code d’aujourd’hui.",
        en: "The name or the code is the one of a commune that was merged into another or renamed \
             since 1943. It may have been right at the time of the call, and La Poste still knows it. \
             Keep it as the name of a locality if you wish; matching with other data needs the \
             present name and code.",
    },
    basis: "Insee, Code officiel géographique, historique des communes",
    wrong: r#"{"nom":"Fabriques du Pays d’Ancenis","adresse":{"voie":"7 rue des Tanneurs","code_postal":"44150","commune":"Ancenis"}}"#,
    right: r#"{"nom":"Fabriques du Pays d’Ancenis","adresse":{"voie":"7 rue des Tanneurs","code_postal":"44150","commune":"Ancenis-Saint-Géréon"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    let about = |pointer: String, present: &Commune| {
        Problem::at(pointer).with("present", format!("{} ({})", present.name, present.code))
    };
    if let Some(Agreement::Former(present)) = entry.postal_agreement()
        && let Some(present) = communes::by_code(present)
    {
        reporter.raise(about("/adresse/commune".to_owned(), &present).suggest(present.name, Confidence::High));
    }
    for (rank, given) in record.territory.communes.iter().enumerate() {
        let at = |key: &str| format!("/territoire/communes/{rank}/{key}");
        match (&given.code, &given.name) {
            (Some(code), _) if communes::by_code(code).is_none() => {
                if let Some(present) =
                    communes::former(code).last().and_then(|former| communes::by_code(former.present))
                {
                    reporter.raise(about(at("code_insee"), &present).suggest(present.code, Confidence::High));
                }
            }
            (None, Some(name)) if communes::by_name(name).next().is_none() => {
                // Of several, those of the declared departments.
                let candidates = seat::named(entry, name);
                if let Some(present) = candidates.first() {
                    let sure = if candidates.len() == 1 { Confidence::High } else { Confidence::Low };
                    reporter.raise(about(at("nom"), present).suggest(present.name, sure));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn former_names_and_codes_lead_to_present_ones() {
        let found = |json: &str| {
            let problems = raised(&super::RULE, json);
            problems
                .into_iter()
                .map(|problem| (problem.suggested().unwrap_or_default(), problem.pointer))
                .collect::<Vec<_>>()
        };
        let one = |right: &str, pointer: &str| vec![(right.to_owned(), pointer.to_owned())];
        assert_eq!(
            found(r#"{"adresse":{"code_postal":"44150","commune":"SAINT GEREON"}}"#),
            one("Ancenis-Saint-Géréon", "/adresse/commune")
        );
        let territory = |commune: &str| found(&format!(r#"{{"territoire":{{"communes":[{{{commune}}}]}}}}"#));
        assert_eq!(territory(r#""code_insee":"44160""#), one("44003", "/territoire/communes/0/code_insee"));
        assert_eq!(territory(r#""nom":"Saint-Géréon""#), one("Ancenis-Saint-Géréon", "/territoire/communes/0/nom"));
        for sound in
            [r#""nom":"Gap""#, r#""code_insee":"05061","nom":"Gap""#, r#""code_insee":"99999""#, r#""nom":"Ailleurs""#]
        {
            assert_eq!(territory(sound), [], "{sound}");
        }
    }
}
