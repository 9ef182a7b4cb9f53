//! A territory in the place of a department, or the other way round: « Pays de Brest (29) ».

use crate::field::{Moved, code_and_name};
use crate::record::{Department, Record};
use crate::reference::communes;
use crate::reference::departments::{self, Department as Known};
use crate::text::fold::folded;

const LABEL: &str = "/territoire/libelle";

/// Words with which the names of territories begin.
const TERRITORIES: &[&str] = &[
    "agglo",
    "agglomeration",
    "arrondissement",
    "bassin",
    "ca",
    "canton",
    "cc",
    "communaute",
    "metropole",
    "parc",
    "pays",
    "pnr",
    "vallee",
];

/// Words between that and the name of a town.
const BETWEEN: &[&str] =
    &["commune", "communes", "d", "de", "des", "du", "emploi", "l", "la", "le", "les", "urbaine", "vie"];

/// The name of a territory that stands with the code of its one department is that of the territory; and the code that stands behind
/// the name of a territory is that of its department, where the town in the name lies there.
pub(super) fn settle(record: &mut Record<&str>, moved: &mut Vec<Moved>) {
    let territory = &mut record.territory;
    match territory.departments.as_mut_slice() {
        [Department { code: Some(code), name: name @ Some(_) }] if territory.label.is_none() => {
            let is_territory = |name: &&str| departments::by_code(code).is_some_and(|known| is_in(name, known));
            if let Some(name) = name.take_if(|name| is_territory(name)) {
                territory.label = Some(name);
                moved.push(Moved { to: LABEL, from: "/territoire/departements/0/code" });
            }
        }
        [] => {
            let Some(label) = territory.label.filter(|label| label.ends_with(')')) else { return };
            if let (Some(code), Some(name)) = code_and_name(label)
                && departments::by_code(code).is_some_and(|known| names_town(name, known))
            {
                territory.departments.push(Department { code: Some(code), name: None });
                moved.push(Moved { to: "/territoire/departements/0/code", from: LABEL });
            }
        }
        _ => {}
    }
}

/// Whether a name is that of a territory, or of a town, in a department.
fn is_in(name: &str, department: &'static Known) -> bool {
    if department.name == name || departments::by_name(name).is_some() {
        return false;
    }
    names_town(name, department) || {
        let words = folded(name);
        words.split_once(' ').is_some_and(|(first, _)| TERRITORIES.contains(&first))
    }
}

/// Whether a name is that of a town of a department, or of a territory that is called by one: « Pays de Brest ».
fn names_town(name: &str, department: &'static Known) -> bool {
    let is_town = |name: &str| communes::by_name(name).any(|town| town.department() == Some(department));
    let words = folded(name);
    let own: Vec<&str> =
        words.split(' ').skip_while(|word| TERRITORIES.contains(word) || BETWEEN.contains(word)).collect();
    is_town(name) || is_town(&own.join(" "))
}
