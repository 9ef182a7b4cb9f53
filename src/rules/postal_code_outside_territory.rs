//! The postal code lies in none of the declared departments.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
use crate::reference::postal_codes::Agreement;
use crate::rules::places;
use crate::rules::seat;
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "postal-code-outside-territory",
    topic: Topic::Address,
    level: Level::Warning,
    summary: Phrase {
        fr: "Le code postal n’est dans aucun des départements du territoire.",
        en: "The postal code lies in none of the departments of the territory.",
    },
    message: Phrase {
        fr: "Le code postal « {value} » n’est pas dans le territoire déclaré ({departments}).",
        en: "The postal code “{value}” does not lie in the declared territory ({departments}).",
    },
    expected: Phrase {
        fr: "Un code postal d’un des départements déclarés.",
        en: "A postal code of one of the declared departments.",
    },
    explanation: Phrase {
        fr: "Le département du code postal est comparé à ceux que la fiche déclare ; les rares codes \
             postaux qui servent des communes de deux départements sont connus. Le siège d’un pôle est \
             d’ordinaire sur son territoire : le code postal ou la liste des départements est sans doute \
             faux. Corrigez-le, ou ajoutez le département s’il manque.",
        en: "The department of the commune that the postal code serves is compared with those that the \
             record declares, not its first two digits. The seat of a hub usually lies \
             in its territory: the postal code or the list of departments is probably wrong. Correct it, \
             or add the department that is missing.",
    },
    basis: "Insee, Code officiel géographique ; La Poste, base officielle des codes postaux",
    wrong: r#"{"nom":"Fabriques du Quercy","territoire":{"departements":[{"code":"46","nom":"Lot"}]},"adresse":{"voie":"7 rue des Tanneurs","code_postal":"29200"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","territoire":{"departements":[{"code":"46","nom":"Lot"}]},"adresse":{"voie":"7 rue des Tanneurs","code_postal":"46100"}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    if seat::is_outside_territory(entry) {
        let declared = &entry.record.territory.departments;
        let names: Vec<String> = declared
            .iter()
            .filter_map(places::department)
            .map(|department| format!("{} {}", department.code, department.name))
            .collect();
        let problem = Problem::at("/adresse/code_postal").with("departments", names.join(", "));
        // A commune that does not go with the code tells the right one.
        let contradicted = entry.postal_agreement() == Some(Agreement::Elsewhere);
        reporter.raise(if contradicted { seat::with_right_code(problem, entry) } else { problem });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn postal_codes_lie_in_the_territory() {
        let raises = |code: &str, departments: &str| {
            let json =
                format!(r#"{{"territoire":{{"departements":[{departments}]}},"adresse":{{"code_postal":"{code}"}}}}"#);
            !raised(&super::RULE, &json).is_empty()
        };
        assert!(raises("29200", r#"{"code":"46"}"#));
        assert!(raises("20200", r#"{"code":"2A"}"#));
        assert!(raises("97400", r#"{"code":"971"},{"code":"46"}"#));
        assert!(!raises("46100", r#"{"code":"29"},{"nom":"Lot"}"#));
        assert!(!raises("20090", r#"{"code":"2A"}"#));
        assert!(!raises("33220", r#"{"code":"24"}"#));
        assert!(!raises("97133", r#"{"code":"977"}"#));
        assert!(!raises("21071", r#"{"code":"21"}"#));
        // Nothing certain to compare with.
        assert!(!raises("60000", r#"{"code":"61","nom":"Oise"}"#));
        assert!(!raises("05000", r#"{"code":"5"},{"code":"46"}"#));
        assert!(!raises("2920", r#"{"code":"46"}"#));
        assert!(!raises("29200", ""));
    }
}
