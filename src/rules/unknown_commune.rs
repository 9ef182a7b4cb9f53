//! A commune of the territory does not exist.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::reference::communes;
use crate::rules::seat;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "unknown-commune",
    topic: Topic::Territory,
    level: Level::Warning,
    summary: Phrase {
        fr: "Une commune du territoire n’existe pas.", en: "A commune of the territory does not exist."
    },
    message: Phrase { fr: "« {value} » n’est pas une commune.", en: "“{value}” is not a commune." },
    expected: Phrase { fr: "Le code Insee ou le nom d’une commune.", en: "The INSEE code or the name of a commune." },
    explanation: Phrase {
        fr: "Le code est cherché dans le Code officiel géographique d’aujourd’hui et dans \
             l’historique des communes ; sans code, le nom l’est. Un code postal n’est pas un code \
             Insee. Un nom inconnu n’est qu’une information, car il peut désigner une \
             intercommunalité ou un quartier, qui ont leur place dans le libellé du territoire.",
        en: "The code is looked up in the official geographic code of today and in the history of \
             communes; without a code, the name is. A postal code is not an INSEE code. An unknown \
             name is mere information, for it may be the one of a group of communes or of a district, \
             whose place is in the label of the territory.",
    },
    basis: "Insee, Code officiel géographique",
    wrong: r#"{"nom":"Fabriques du Quercy","territoire":{"communes":[{"code_insee":"46999","nom":"Figeac"}]}}"#,
    right: r#"{"nom":"Fabriques du Quercy","territoire":{"communes":[{"code_insee":"46102","nom":"Figeac"}]}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let record = &entry.record;
    for (rank, given) in record.territory.communes.iter().enumerate() {
        let at = |key: &str| Problem::at(format!("/territoire/communes/{rank}/{key}"));
        match (&given.code, &given.name) {
            (Some(code), name) if communes::by_code(code).is_none() && communes::former(code).next().is_none() => {
                // A code of another form is told by the schema.
                if !communes::has_form(code) {
                    continue;
                }
                let named = name.as_deref().map(|name| seat::named(entry, name)).unwrap_or_default();
                reporter.raise(match named.as_slice() {
                    [commune] => at("code_insee").suggest(commune.code, Confidence::Medium),
                    _ => at("code_insee"),
                });
            }
            (None, Some(name)) if seat::named(entry, name).is_empty() => {
                let problem = at("nom").with_level(Level::Info);
                reporter.raise(match seat::nearest(name, seat::spellings(entry)) {
                    Some(right) => problem.suggest(right, Confidence::Medium),
                    None => problem,
                });
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn communes_are_looked_up() {
        let found = |commune: &str| {
            let json = format!(r#"{{"territoire":{{"departements":[{{"code":"46"}}],"communes":[{{{commune}}}]}}}}"#);
            raised(&super::RULE, &json)
                .into_iter()
                .map(|problem| problem.suggested().unwrap_or_default())
                .collect::<Vec<_>>()
        };
        assert_eq!(found(r#""code_insee":"46999","nom":"Figeac""#), ["46102"]);
        assert_eq!(found(r#""code_insee":"99999""#), [""]);
        assert_eq!(found(r#""nom":"Figéacq""#), ["Figeac"]);
        assert_eq!(found(r#""nom":"Grand-Figeac Causses Vallées""#), [""]);
        for known in [
            r#""code_insee":"46102""#,
            r#""nom":"Figeac""#,
            r#""nom":"Gap""#,
            r#""code_insee":"44160""#,
            r#""code_insee":"75118""#,
            r#""nom":"Paris 18e""#,
            r#""nom":"Saint-Géréon""#,
        ] {
            assert_eq!(found(known), [""; 0], "{known}");
        }
    }
}
