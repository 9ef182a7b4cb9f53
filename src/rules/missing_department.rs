//! A territory names no department.

use crate::entry::Entry;
use crate::finding::Level;
use crate::language::Phrase;
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
    if departments.iter().all(|department| department.code.is_none() && department.name.is_none()) {
        reporter.raise(Problem::at("/territoire/departements"));
    }
}
