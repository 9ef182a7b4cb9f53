//! Versions of one value made one: as JSON, whatever the field. Where one version changed what the others left, the change is
//! taken; where they contradict each other, that is told with all that each says.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::text::fold::folded;

/// How versions that differ became one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Not at all: the first version stands until a person decides.
    Open,
    /// They differ in capitals, accents or signs alone: the first version stands.
    Spelling,
    /// A version has no value any more where the others left that of the origin: it is gone.
    Removed,
    /// The caller prefers a version.
    Preferred,
    /// A person has decided.
    Decided,
}

/// A value on which versions differ.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// Its place in the merged record.
    pub pointer: String,
    /// What the origin has.
    pub base: Option<String>,
    /// What each version has that has anything, by its number, and its place in the record of that version.
    pub said: Vec<(usize, String, String)>,
    /// What stands in the merged record.
    pub kept: String,
    pub settled: Settled,
}

/// A version of a value: its number, its place in the record of the version, and the value.
#[derive(Debug, Clone)]
pub(super) struct Version<'v> {
    pub number: usize,
    pub pointer: String,
    pub value: Option<&'v Value>,
}

/// What may settle a difference without a person, and what a person has settled.
pub(super) struct Judge<'j> {
    /// Which of the contradicting versions to take, among so many; none where a person is to decide.
    pub prefers: Option<fn(usize) -> usize>,
    /// What a person has decided for the value at a place of the merged record.
    pub decided: &'j dyn Fn(&str) -> Option<String>,
    /// Whether the origin of the versions is known: only then is a value that lacks one that was removed.
    pub has_base: bool,
}

/// The fields by which an element of a list is known again, the surest first.
const IDENTITIES: &[&str] = &["code", "code_insee", "nom", "courriel", "telephone", "libelle"];

/// Elements with one key that are looked at: a mailbox may be that of many.
const MOST: usize = 8;

/// What people read of a value.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(" | "),
        Value::Object(fields) => fields.values().map(shown).collect::<Vec<_>>().join(" · "),
        other => other.to_string(),
    }
}

fn text_of(value: Option<&Value>) -> Option<String> {
    value.map(shown).filter(|text| !text.is_empty())
}

/// An element of a list, in the versions that have it.
struct Slot<'v> {
    base: Option<&'v Value>,
    versions: Vec<Version<'v>>,
}

/// By what an element may be known again: the rank of the identity, and what it is.
type Key = (usize, String);

/// The keys of an element, the surest first.
fn keys(element: &Value) -> Vec<Key> {
    match element {
        Value::Object(fields) => {
            let known = IDENTITIES.iter().enumerate();
            known.filter_map(|(rank, key)| Some((rank, folded(&shown(fields.get(*key)?))))).collect()
        }
        other => vec![(IDENTITIES.len(), folded(&shown(other)))],
    }
}

/// Whether the surest of what tells both of two elements is the same: two people may have one mailbox.
fn may_be_same(one: &Value, other: &Value) -> bool {
    let (one, other) = (keys(one), keys(other));
    let common = one.iter().find_map(|key| Some((key, other.iter().find(|(rank, _)| *rank == key.0)?)));
    common.is_none_or(|(one, other)| one == other)
}

/// The elements of the lists of all versions, found again by their keys.
#[derive(Default)]
struct Slots<'v> {
    all: Vec<Slot<'v>>,
    known: BTreeMap<Key, Vec<usize>>,
}

impl<'v> Slots<'v> {
    fn push(&mut self, element: &Value, slot: Slot<'v>) {
        self.learn(element, self.all.len());
        self.all.push(slot);
    }

    fn enter(&mut self, at: usize, element: &Value, version: Version<'v>) {
        self.learn(element, at);
        self.all[at].versions.push(version);
    }

    fn learn(&mut self, element: &Value, at: usize) {
        for key in keys(element) {
            let those = self.known.entry(key).or_default();
            if those.last() != Some(&at) {
                those.push(at);
            }
        }
    }

    /// The slot of an element that has none of this version yet; `passed` counts those of a key that this version has taken.
    fn find(&self, element: &Value, version: usize, passed: &mut BTreeMap<Key, usize>) -> Option<usize> {
        keys(element).into_iter().find_map(|key| {
            let those = self.known.get(&key)?;
            let from = passed.entry(key).or_default();
            let has_own = |at: &usize| self.all[*at].versions.last().is_some_and(|known| known.number == version);
            while those.get(*from).is_some_and(has_own) {
                *from += 1;
            }
            let is_same = |at: &&usize| {
                let slot = &self.all[**at];
                let mut known = slot.base.into_iter().chain(slot.versions.iter().filter_map(|version| version.value));
                !has_own(at) && known.any(|known| may_be_same(known, element))
            };
            those[*from..].iter().take(MOST).find(is_same).copied()
        })
    }
}

/// Makes versions one, and keeps what they say differently.
pub(super) struct Merger<'j> {
    pub judge: Judge<'j>,
    pub told: Vec<Difference>,
}

impl Merger<'_> {
    /// Makes versions one; `pointer` is the place of the value in the merged record.
    pub fn merge(&mut self, base: Option<&Value>, versions: &[Version<'_>], pointer: &str) -> Option<Value> {
        let mut all = base.into_iter().chain(versions.iter().filter_map(|version| version.value));
        let first = all.next()?;
        match first {
            // Nothing differs, which is usual.
            _ if versions.iter().all(|version| version.value == Some(first)) => Some(first.clone()),
            Value::Object(_) => Some(Value::Object(self.objects(base, versions, pointer))),
            Value::Array(_) => Some(Value::Array(self.lists(base, versions, pointer))),
            _ => self.scalar(base, versions, pointer),
        }
    }

    fn objects(&mut self, base: Option<&Value>, versions: &[Version<'_>], pointer: &str) -> Map<String, Value> {
        let mut keys: Vec<&String> = Vec::new();
        for value in base.into_iter().chain(versions.iter().filter_map(|version| version.value)) {
            for key in value.as_object().into_iter().flat_map(Map::keys) {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        let mut merged = Map::new();
        for key in keys {
            let of_base = base.and_then(|value| value.get(key));
            let of_versions: Vec<Version<'_>> = versions
                .iter()
                .map(|version| Version {
                    number: version.number,
                    pointer: format!("{}/{key}", version.pointer),
                    value: version.value.and_then(|value| value.get(key)),
                })
                .collect();
            // Where a record was read says nothing of the record: its first source is named.
            let is_origin = pointer == "/source" && key != "autres";
            let value = match is_origin {
                true => of_versions.iter().find_map(|version| version.value).or(of_base).cloned(),
                false => self.merge(of_base, &of_versions, &format!("{pointer}/{key}")),
            };
            if let Some(value) = value {
                merged.insert(key.clone(), value);
            }
        }
        merged
    }

    fn lists(&mut self, base: Option<&Value>, versions: &[Version<'_>], pointer: &str) -> Vec<Value> {
        let elements =
            |value: Option<&'_ Value>| value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().to_vec();
        let of_base = elements(base);
        let of_versions: Vec<Vec<Value>> = versions.iter().map(|version| elements(version.value)).collect();
        let mut slots = Slots::default();
        of_base.iter().for_each(|element| slots.push(element, Slot { base: Some(element), versions: Vec::new() }));
        for (version, own) in versions.iter().zip(&of_versions) {
            let mut passed = BTreeMap::new();
            for (rank, element) in own.iter().enumerate() {
                let pointer = format!("{}/{rank}", version.pointer);
                let one = Version { number: version.number, pointer, value: Some(element) };
                match slots.find(element, version.number, &mut passed) {
                    Some(at) => slots.enter(at, element, one),
                    None => slots.push(element, Slot { base: None, versions: vec![one] }),
                }
            }
        }
        let mut merged = Vec::new();
        for Slot { base, versions: mut own } in slots.all {
            let at = format!("{pointer}/{}", merged.len());
            let lacking: Vec<usize> = versions
                .iter()
                .map(|version| version.number)
                .filter(|number| own.iter().all(|known| known.number != *number))
                .collect();
            if self.judge.has_base && base.is_some() && !lacking.is_empty() {
                let is_untouched = own.iter().all(|version| version.value == base);
                self.told.push(Difference {
                    pointer: at.clone(),
                    base: text_of(base),
                    said: own
                        .iter()
                        .filter_map(|one| Some((one.number, one.pointer.clone(), text_of(one.value)?)))
                        .collect(),
                    kept: if is_untouched {
                        String::new()
                    } else {
                        own.first().and_then(|one| text_of(one.value)).unwrap_or_default()
                    },
                    settled: if is_untouched { Settled::Removed } else { Settled::Open },
                });
                if is_untouched {
                    continue;
                }
            }
            // Who lacks the element says nothing of its fields.
            own.sort_by_key(|version| version.number);
            merged.extend(self.merge(base, &own, &at));
        }
        merged
    }

    fn scalar(&mut self, base: Option<&Value>, versions: &[Version<'_>], pointer: &str) -> Option<Value> {
        // A version that lacks the value says something only where the origin had it.
        let says = |version: &&Version<'_>| match self.judge.has_base && base.is_some() {
            true => version.value != base,
            false => version.value.is_some(),
        };
        let mut said: Vec<&Version<'_>> = versions.iter().filter(says).collect();
        if said.is_empty() {
            return base.or(versions.iter().find_map(|version| version.value)).cloned();
        }
        let mut distinct: Vec<Option<&Value>> = Vec::new();
        for version in &said {
            if !distinct.contains(&version.value) {
                distinct.push(version.value);
            }
        }
        let (kept, settled) = match distinct.as_slice() {
            [Some(one)] => return Some((*one).clone()),
            [None] => (None, Settled::Removed),
            several => {
                let values: Vec<&Value> = several.iter().copied().flatten().collect();
                let key = |value: &Value| folded(&shown(value));
                let are_alike =
                    values.len() == several.len() && values.iter().all(|value| key(value) == key(values[0]));
                match ((self.judge.decided)(pointer), self.judge.prefers) {
                    (Some(text), _) => (decided(&text, &values), Settled::Decided),
                    _ if are_alike => (Some(values[0].clone()), Settled::Spelling),
                    (None, Some(prefers)) => {
                        (values.get(prefers(values.len())).map(|value| (*value).clone()), Settled::Preferred)
                    }
                    (None, None) => (values.first().map(|value| (*value).clone()), Settled::Open),
                }
            }
        };
        if settled != Settled::Removed {
            said = versions.iter().filter(|version| version.value.is_some()).collect();
        }
        self.told.push(Difference {
            pointer: pointer.to_owned(),
            base: text_of(base),
            said: said
                .iter()
                .map(|one| (one.number, one.pointer.clone(), text_of(one.value).unwrap_or_default()))
                .collect(),
            kept: text_of(kept.as_ref()).unwrap_or_default(),
            settled,
        });
        kept
    }
}

/// What a person has written, as a value of the kind that the versions have.
fn decided(text: &str, values: &[&Value]) -> Option<Value> {
    if let Some(same) = values.iter().find(|value| shown(value) == text) {
        return Some((*same).clone());
    }
    let number = || text.replace(',', ".").parse::<f64>().ok().and_then(serde_json::Number::from_f64);
    match values.iter().any(|value| value.is_number()).then(number).flatten() {
        Some(number) => Some(Value::Number(number)),
        None => Some(Value::String(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn merged(base: Option<Value>, versions: &[Value]) -> (Value, Vec<String>) {
        let judge = Judge { prefers: None, decided: &|_| None, has_base: base.is_some() };
        let versions: Vec<Version<'_>> = versions
            .iter()
            .enumerate()
            .map(|(number, value)| Version { number, pointer: String::new(), value: Some(value) })
            .collect();
        let mut merger = Merger { judge, told: Vec::new() };
        let value = merger.merge(base.as_ref(), &versions, "").unwrap();
        (value, merger.told.iter().map(|one| format!("{} {:?}", one.pointer, one.settled)).collect())
    }

    #[test]
    fn what_one_says_alone_is_taken() {
        let (value, told) = merged(
            None,
            &[
                json!({"nom": "A", "contacts": [{"nom": "Camille", "courriel": "c@example.org"}]}),
                json!({"sigle": "B", "contacts": [{"nom": "Camille", "telephone": "1"}, {"nom": "Paul"}]}),
                json!({"contacts": [{"courriel": "c@example.org", "fonction": "f"}, {"nom": "Zoé", "telephone": "1"}]}),
            ],
        );
        let expected = json!({
            "nom": "A",
            "contacts": [
                {"nom": "Camille", "courriel": "c@example.org", "telephone": "1", "fonction": "f"},
                {"nom": "Paul"},
                {"nom": "Zoé", "telephone": "1"},
            ],
            "sigle": "B",
        });
        assert_eq!((value, told), (expected, Vec::new()));
    }

    #[test]
    fn what_contradicts_is_told() {
        let (value, told) = merged(None, &[json!({"nom": "A", "x": "Été"}), json!({"nom": "B", "x": "ETE"})]);
        assert_eq!(value, json!({"nom": "A", "x": "Été"}));
        assert_eq!(told, ["/nom Open", "/x Spelling"]);
    }

    #[test]
    fn with_the_origin_a_change_is_no_contradiction() {
        let base = json!({"nom": "A", "x": "1", "l": ["p", "q"], "y": "2", "z": "3"});
        let one = json!({"nom": "B", "x": "1", "l": ["p", "q", "r"], "y": "2", "z": "4"});
        let other = json!({"nom": "A", "x": "2", "l": ["q"], "z": "5"});
        let (value, told) = merged(Some(base), &[one, other]);
        assert_eq!(value, json!({"nom": "B", "x": "2", "l": ["q", "r"], "z": "4"}));
        assert_eq!(told, ["/l/0 Removed", "/y Removed", "/z Open"]);
    }

    #[test]
    fn what_one_removed_and_another_changed_stays_and_is_told() {
        let base = json!([{"nom": "A", "note": "1"}]);
        let (value, told) = merged(Some(base), &[json!([{"nom": "A", "note": "2"}]), json!([])]);
        assert_eq!(value, json!([{"nom": "A", "note": "2"}]));
        assert_eq!(told, ["/0 Open"]);
    }
}
