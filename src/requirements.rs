//! Required fields of a profile: those whose absence is an error.

use crate::finding::Level;
use crate::rules;
use crate::settings::Profile;

/// What each rule about something missing asks for: the fields whose values satisfy it, as JSON Pointers, where `*` is the
/// first element of a list. A test runs the rules on an empty record and compares.
static ASKED: &[(&str, &[&str])] = &[
    ("missing-name", &["/nom"]),
    ("missing-coordinator", &["/coordinateur/nom"]),
    ("missing-contact", &["/contacts/*/courriel"]),
    ("contact-without-email", &["/contacts/*/courriel"]),
    (
        "incomplete-dossier",
        &[
            "/calendrier",
            "/financement",
            "/evaluation",
            "/mise_en_reseau",
            "/politiques_locales",
            "/coordinateur/nom",
            "/partenaires/*/nom",
            "/territoire/libelle",
            "/projet/objectifs",
        ],
    ),
];

/// Whether a record without a value at `pointer` has an error for that.
pub(crate) fn is_required(profile: Profile, pointer: &str) -> bool {
    let is_error = |code| rules::rule(code).is_some_and(|rule| profile.level(rule) == Some(Level::Error));
    ASKED.iter().any(|(code, fields)| fields.contains(&pointer) && is_error(code))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Map, Value};

    use super::*;
    use crate::finding::Finding;
    use crate::import::Input;
    use crate::schema;
    use crate::settings::Settings;

    /// Asks the rules what an empty record lacks, gives it that, and asks again; then takes away what is not missed.
    fn asked_for(profile: Profile) -> BTreeSet<String> {
        let mut fields = BTreeSet::new();
        loop {
            let found = errors(&fields, profile);
            let before = fields.len();
            fields.extend(found.iter().filter_map(|finding| named(&finding.pointer)));
            if fields.len() == before {
                break;
            }
        }
        // What is wrong all the same is wrong for another reason than a field that is not there.
        let rest = errors(&fields, profile).len();
        for field in fields.clone() {
            fields.remove(&field);
            if errors(&fields, profile).len() > rest {
                fields.insert(field);
            }
        }
        fields
    }

    /// The errors of a record that has these fields alone.
    fn errors(fields: &BTreeSet<String>, profile: Profile) -> Vec<Finding> {
        // A record with nothing at all would be passed over; its origin is asked of nobody.
        let mut record = Value::Object(Map::new());
        for pointer in fields.iter().map(String::as_str).chain(["/source/fichier"]) {
            let steps: Vec<&str> = pointer.split('/').skip(1).collect();
            let example = schema::root().at(pointer).map(|node| node.items().unwrap_or(node));
            let example = example.and_then(|node| node.keyword("examples")?.get(0)).cloned().unwrap_or_default();
            put(&mut record, &steps, example);
        }
        let settings = Settings { profile, ..Settings::default() };
        let found = crate::validate(vec![Input::from_bytes("", record.to_string().into_bytes())], &settings).unwrap();
        found.findings.into_iter().filter(|finding| finding.level == Level::Error).collect()
    }

    fn put(place: &mut Value, steps: &[&str], value: Value) {
        match steps {
            [] => *place = value,
            ["*", rest @ ..] => {
                if !place.is_array() {
                    *place = Value::Array(vec![Value::Null]);
                }
                put(&mut place[0], rest, value);
            }
            [key, rest @ ..] => {
                if !place.is_object() {
                    *place = Value::Object(Map::new());
                }
                put(&mut place[*key], rest, value);
            }
        }
    }

    /// The field that a finding asks for. Where it speaks of a group or a list, the field that names it.
    fn named(pointer: &str) -> Option<String> {
        let pointer = pointer.split('/').map(|step| if step.parse::<usize>().is_ok() { "*" } else { step });
        let pointer = pointer.collect::<Vec<_>>().join("/");
        let mut known = BTreeSet::new();
        values(schema::root(), "", &mut known);
        let endings = ["/*/nom", "/nom", "/libelle", "/voie", ""];
        endings.iter().map(|ending| format!("{pointer}{ending}")).find(|pointer| known.contains(pointer))
    }

    /// The JSON Pointers of all values below a node.
    fn values(node: schema::Node, pointer: &str, known: &mut BTreeSet<String>) {
        for (key, child) in node.properties() {
            let pointer = format!("{pointer}/{key}");
            match child.items() {
                Some(items) if items.properties().next().is_some() => values(items, &format!("{pointer}/*"), known),
                None if child.properties().next().is_some() => values(child, &pointer, known),
                _ => drop(known.insert(pointer)),
            }
        }
    }

    #[test]
    fn a_profile_requires_what_its_rules_ask_for() {
        for (profile, count) in [(Profile::Laureate, 2), (Profile::Submission, 11)] {
            let asked = asked_for(profile);
            assert_eq!(asked.len(), count, "{asked:?}");
            let pointers = ASKED.iter().flat_map(|(_, fields)| fields.iter().copied());
            let required = pointers.filter(|pointer| is_required(profile, pointer)).map(str::to_owned).collect();
            assert_eq!(asked, required, "add to ASKED what the rules ask for");
        }
    }
}
