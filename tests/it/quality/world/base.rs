//! A record that is right, and what its values mean in any dress.

use std::collections::BTreeMap;

use ptce::reference::communes::Commune;
use ptce::reference::departments::Department;
use ptce::reference::regions::{Region, RegionSet};
use ptce::settings::Profile;
use serde_json::{Value, json};

/// A record that is right.
#[derive(Clone)]
pub struct Base {
    pub value: Value,
    pub profile: Profile,
    pub set: RegionSet,
    pub commune: Commune,
    pub department: &'static Department,
    pub region: &'static Region,
    /// The official form of values that stand in another dress.
    pub meant: BTreeMap<String, String>,
}

impl Base {
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.value.pointer(pointer).and_then(Value::as_str)
    }

    pub fn set(&mut self, pointer: &str, value: impl Into<Value>) {
        set(&mut self.value, pointer, value.into());
        self.meant.remove(pointer);
    }

    /// Whether a text is the right value of a field, in the dress of the record or in the official one.
    pub fn is_right(&self, pointer: &str, text: &str) -> bool {
        // A suggested department, « Lot (46) », is one of those of the record.
        if pointer == "/territoire/departements" {
            let mut departments = self.value["territoire"]["departements"].as_array().into_iter().flatten();
            let (name, code) = text.trim_end_matches(')').split_once(" (").unwrap_or((text, ""));
            let is = |given: &serde_json::Value, part: &str| {
                given.as_str().is_some_and(|given| ptce::fold::slug(given) == ptce::fold::slug(part))
            };
            return departments.any(|given| is(&given["code"], code) || is(&given["nom"], name));
        }
        // A suggested region is its name.
        let named = format!("{pointer}/nom");
        let pointers = [pointer, named.as_str()];
        let plain = |text: &str| match pointer.ends_with("/telephone") {
            true => national(text),
            false => text.replace('’', "'"),
        };
        let mut rights = pointers
            .iter()
            .flat_map(|pointer| [self.text(pointer), self.meant.get(*pointer).map(String::as_str)])
            .flatten();
        rights.any(|right| plain(right) == plain(text))
    }
}

/// A French number as it is dialled in France.
fn national(text: &str) -> String {
    let digits: String = text.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    digits.strip_prefix("33").map_or(digits.to_owned(), |own| format!("0{own}"))
}

/// Writes a value of a record, and makes the groups on the way.
pub fn set(record: &mut Value, pointer: &str, value: Value) {
    let (holder, key) = pointer.rsplit_once('/').unwrap();
    if record.pointer(holder).is_none() {
        set(record, holder, json!({}));
    }
    match record.pointer_mut(holder).unwrap() {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        Value::Object(map) => {
            map.insert(key.to_owned(), value);
        }
        other => panic!("{other} holds no {key}"),
    }
}

/// Takes a value out of a record, and what it leaves empty.
pub fn remove(record: &mut Value, pointer: &str) {
    let (holder, key) = pointer.rsplit_once('/').unwrap();
    match record.pointer_mut(holder) {
        Some(Value::Object(map)) => {
            map.shift_remove(key);
            if map.is_empty() && !holder.is_empty() {
                remove(record, holder);
            }
        }
        Some(Value::Array(list)) => {
            list.remove(key.parse().unwrap());
        }
        _ => {}
    }
}
