//! What a profile cannot do without: the fields whose absence is an error, as the rules themselves have it.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::error::Result;
use crate::field::Field;
use crate::finding::{Finding, Level};
use crate::import::Input;
use crate::schema;
use crate::settings::{Profile, Settings};

/// The JSON Pointers of the fields that a record must have to be without error; `*` stands for the first element of a
/// list.
pub(crate) fn required(profile: Profile) -> Result<&'static BTreeSet<&'static str>> {
    static LAUREATE: OnceLock<BTreeSet<&str>> = OnceLock::new();
    static SUBMISSION: OnceLock<BTreeSet<&str>> = OnceLock::new();
    let known = match profile {
        Profile::Laureate => &LAUREATE,
        Profile::Submission => &SUBMISSION,
    };
    match known.get() {
        Some(fields) => Ok(fields),
        None => {
            let fields = asked_for(profile)?;
            Ok(known.get_or_init(|| fields))
        }
    }
}

/// Asks the rules what an empty record lacks, gives it that, and asks again; then takes away what is not missed.
fn asked_for(profile: Profile) -> Result<BTreeSet<&'static str>> {
    let mut fields = BTreeSet::new();
    loop {
        let found = errors(&fields, profile)?;
        let before = fields.len();
        fields.extend(found.iter().filter_map(|finding| named(&finding.pointer)));
        if fields.len() == before {
            break;
        }
    }
    // What is wrong all the same is wrong for another reason than a field that is not there.
    let rest = errors(&fields, profile)?.len();
    for field in fields.clone() {
        fields.remove(field);
        if errors(&fields, profile)?.len() > rest {
            fields.insert(field);
        }
    }
    Ok(fields)
}

/// The errors of a record that has these fields alone.
fn errors(fields: &BTreeSet<&str>, profile: Profile) -> Result<Vec<Finding>> {
    // A record with nothing at all would be passed over; its origin is asked of nobody.
    let mut record = Value::Object(Map::new());
    for pointer in fields.iter().chain(&["/source/fichier"]) {
        let steps: Vec<&str> = pointer.split('/').skip(1).collect();
        let example = schema::root().at(pointer).map(|node| node.items().unwrap_or(node));
        let example = example.and_then(|node| node.keyword("examples")?.get(0)).cloned().unwrap_or_default();
        put(&mut record, &steps, example);
    }
    let settings = Settings { profile, ..Settings::default() };
    let found = crate::validate(vec![Input::from_bytes("", record.to_string().into_bytes())], &settings)?;
    Ok(found.findings.into_iter().filter(|finding| finding.level == Level::Error).collect())
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
fn named(pointer: &str) -> Option<&'static str> {
    let pointer = pointer.split('/').map(|step| if step.parse::<usize>().is_ok() { "*" } else { step });
    let pointer = pointer.collect::<Vec<_>>().join("/");
    ["/*/nom", "/nom", "/libelle", "/voie", ""]
        .iter()
        .find_map(|ending| Field::at(&format!("{pointer}{ending}")))
        .map(|field| field.pointer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_profile_asks_for_its_own_fields() {
        let fields = |profile| required(profile).unwrap().iter().copied().collect::<Vec<_>>();
        assert_eq!(fields(Profile::Laureate), ["/coordinateur/nom", "/nom"]);
        assert_eq!(
            fields(Profile::Submission),
            [
                "/calendrier",
                "/contacts/*/courriel",
                "/coordinateur/nom",
                "/evaluation",
                "/financement",
                "/mise_en_reseau",
                "/nom",
                "/partenaires/*/nom",
                "/politiques_locales",
                "/projet/objectifs",
                "/territoire/libelle",
            ]
        );
    }
}
