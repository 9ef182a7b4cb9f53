//! Values that come with their labels, as the programs of forms give them: `{"label": "Commune", "stringValue": "Figeac"}`
//! in a list says what `"Commune": "Figeac"` beside this list does.

use std::collections::BTreeSet;

use crate::import::survey::List;
use crate::row::Target;
use crate::text::fold::folded;
use crate::vocabulary;

/// The names of a label in such a pair, folded and without blanks.
const LABELS: [&str; 11] =
    ["label", "libelle", "question", "intitule", "champ", "field", "title", "titre", "name", "type", "key"];

/// Those of a value. The platform of the State gives a text first, and then what it is made of.
const VALUES: [&str; 9] =
    ["stringvalue", "value", "valeur", "values", "valeurs", "answer", "answers", "reponse", "reponses"];

/// What a member of a pair is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Label,
    Value,
    /// It tells of the question, or of what the value is made of.
    Rest,
}

impl Part {
    pub(super) fn of(name: &str) -> Part {
        let name = folded(name).replace(' ', "");
        match name.as_str() {
            name if LABELS.contains(&name) => Part::Label,
            name if VALUES.contains(&name) => Part::Value,
            _ => Part::Rest,
        }
    }
}

/// The names of the lists that hold pairs: none where no pair of the file has a label that we know.
pub(super) fn lists_of_pairs(lists: &[List<'_>]) -> BTreeSet<Box<str>> {
    let of = |list: &List<'_>, part: Part| list.members.iter().filter(|(name, _)| Part::of(name) == part).count();
    let pairs = || lists.iter().filter(|list| of(list, Part::Label) == 1 && of(list, Part::Value) > 0);
    let is_known = |label: &str| !matches!(vocabulary::meaning(label).0, Target::Unknown);
    let mut members = pairs().flat_map(|list| &list.members).filter(|(name, _)| Part::of(name) == Part::Label);
    match members.any(|(_, labels)| labels.iter().any(|label| is_known(label))) {
        true => pairs().map(|list| list.name.into()).collect(),
        false => BTreeSet::new(),
    }
}
