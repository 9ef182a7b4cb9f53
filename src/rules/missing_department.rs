//! A territory names no department.

use crate::entry::Entry;
use crate::finding::{Confidence, Level};
use crate::language::Phrase;
use crate::record::{self, Record};
use crate::reference::communes;
use crate::reference::departments::Department;
use crate::reference::postal_codes::{self, Agreement};
use crate::rules::{Check, Problem, Reporter, Rule, Topic};

pub(super) static RULE: Rule = Rule {
    code: "missing-department",
    topic: Topic::Territory,
    level: Level::Warning,
    summary: Phrase { fr: "Une fiche ne nomme aucun département.", en: "A record names no department." },
    message: Phrase { fr: "La fiche ne nomme aucun département.", en: "The record names no department." },
    expected: Phrase { fr: "", en: "" },
    explanation: Phrase {
        fr: "Les départements où le pôle agit permettent de vérifier sa région et son code postal, et de \
             le placer sur la carte. Indiquez-en au moins un, de préférence par son code et son nom : \
             « Lot (46) ».",
        en: "The departments where the hub acts make it possible to check its region and its postal code, \
             and to put it on the map. Give at least one, preferably by its code and its name: “Lot \
             (46)”.",
    },
    basis: "Insee, Code officiel géographique",
    wrong: r#"{"nom":"Fabriques du Quercy","territoire":{"libelle":"Bassin de vie de Figeac"}}"#,
    right: r#"{"nom":"Fabriques du Quercy","territoire":{"libelle":"Bassin de vie de Figeac","departements":[{"code":"46","nom":"Lot"}]}}"#,
    check: Check::Record(check),
};

fn check(entry: &Entry, reporter: &mut Reporter<'_>) {
    let departments = &entry.record.territory.departments;
    if are_unnamed(departments) {
        let problem = Problem::at("/territoire/departements");
        reporter.raise(match of_seat(entry.record, entry.postal_agreement()) {
            Some(department) => {
                // The rest of the record tells it: nothing to ask the sender.
                problem
                    .suggest(format!("{} ({})", department.name, department.code), Confidence::Medium)
                    .with_level(Level::Info)
            }
            None => problem,
        });
    }
}

fn are_unnamed(departments: &[record::Department<&str>]) -> bool {
    departments.iter().all(|department| department.code.is_none() && department.name.is_none())
}

/// The department of the address of a record that names none: of its commune, else the one that all communes of its postal code
/// share. The hub may act in others too.
pub(crate) fn of_seat(record: &Record<&str>, agreement: Option<Agreement>) -> Option<&'static Department> {
    if !are_unnamed(&record.territory.departments) {
        return None;
    }
    if let Some(Agreement::Served(commune) | Agreement::Former(commune)) = agreement {
        return communes::department_of(commune);
    }
    let address = &record.address;
    if address.commune.is_some() {
        return None;
    }
    let mut all = postal_codes::departments_of(address.postal_code?);
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use crate::rules::raised;

    #[test]
    fn the_address_tells_the_department() {
        for (address, expected) in [
            (r#""code_postal":"46100","commune":"Figeac""#, Some("Lot (46)")),
            (r#""code_postal":"46100""#, Some("Lot (46)")),
            (r#""code_postal":"33220""#, None),
            (r#""code_postal":"46100","commune":"Gap""#, None),
            ("", None),
        ] {
            let problems = raised(&super::RULE, &format!(r#"{{"adresse":{{{address}}}}}"#));
            assert_eq!(problems[0].suggested().as_deref(), expected, "{address}");
        }
    }
}
