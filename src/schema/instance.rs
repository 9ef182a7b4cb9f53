//! A record seen as a JSON instance, so that the schema runs on it in place: no `serde_json::Value` is built.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, Node, NodeIdentity, Object};
use serde_json::{Number, Value};

use crate::record::{Group, List, Part, Record, Text};

/// The representation of JSON that a [`Record`] is.
pub(super) struct RecordJson;

/// A part of a record as a JSON value.
#[derive(Clone, Copy)]
pub(super) struct Instance<'a>(Part<'a>);

impl<'a> Instance<'a> {
    pub fn of<T: Text>(record: &'a Record<T>) -> Instance<'a> {
        Instance(Part::Group(record))
    }
}

impl Json for RecordJson {
    type Node<'a> = Instance<'a>;
    type PreparedKey = String;
    type StringBuffer = String;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(buffer: &mut String, string: &str, f: impl FnOnce(Instance<'_>) -> T) -> T {
        string.clone_into(buffer);
        f(Instance(Part::Text(buffer)))
    }
}

impl<'a> Node<'a, RecordJson> for Instance<'a> {
    type Object = Members<'a>;
    type Array = Elements<'a>;
    type Number = &'a Number;

    fn as_object(&self) -> Option<Members<'a>> {
        match self.0 {
            Part::Group(group) => Some(Members(group)),
            _ => None,
        }
    }
    fn as_array(&self) -> Option<Elements<'a>> {
        match self.0 {
            Part::List(list) => Some(Elements(list)),
            _ => None,
        }
    }
    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self.0 {
            Part::Text(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }
    fn as_number(&self) -> Option<&'a Number> {
        match self.0 {
            Part::Number(number) => Some(number),
            _ => None,
        }
    }
    fn as_boolean(&self) -> Option<bool> {
        None
    }
    fn is_null(&self) -> bool {
        false
    }
    fn json_type(&self) -> JsonType {
        match self.0 {
            Part::Text(_) => JsonType::String,
            Part::Number(_) => JsonType::Number,
            Part::List(_) => JsonType::Array,
            Part::Group(_) => JsonType::Object,
        }
    }
    fn string_length_within(&self, min: u64, max: u64) -> Option<bool> {
        let text = self.as_string()?;
        // A text has at least one character and at most as many as it has bytes: mostly, that is enough to tell.
        if min <= 1 && max >= text.len() as u64 {
            return Some(min == 0 || !text.is_empty());
        }
        Some((min..=max).contains(&(text.chars().count() as u64)))
    }
    fn equals_value(&self, expected: &Value) -> bool {
        match (self.0, expected) {
            (Part::Text(text), Value::String(expected)) => text == expected,
            _ => *self.to_value() == *expected,
        }
    }
    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match self.0 {
            Part::Text(text) => Value::from(text),
            Part::Number(number) => Value::Number(number.clone()),
            Part::List(list) => Elements(list).elements().map(|element| element.to_value().into_owned()).collect(),
            Part::Group(group) => {
                Members(group).members().map(|(key, value)| (key.to_owned(), value.to_value().into_owned())).collect()
            }
        })
    }
    fn identity(&self) -> Option<NodeIdentity> {
        // The schema holds no reference to itself, so there is no cycle to detect.
        None
    }
}

/// A group as a JSON object.
pub(super) struct Members<'a>(&'a dyn Group);

impl<'a> Object<'a, RecordJson> for Members<'a> {
    type Node = Instance<'a>;
    type MemberName = &'a str;
    type MembersIter = MembersIter<'a>;

    fn len(&self) -> usize {
        self.members().count()
    }
    fn get(&self, key: &String) -> Option<Instance<'a>> {
        self.0.part(key).map(Instance)
    }
    fn members(&self) -> MembersIter<'a> {
        MembersIter { group: self.0, keys: self.0.keys().iter().enumerate() }
    }
}

/// The members of a group that are present.
pub(super) struct MembersIter<'a> {
    group: &'a dyn Group,
    keys: std::iter::Enumerate<std::slice::Iter<'static, &'static str>>,
}

impl<'a> Iterator for MembersIter<'a> {
    type Item = (&'a str, Instance<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.keys.find_map(|(rank, key)| self.group.part_at(rank).map(|part| (*key, Instance(part))))
    }
}

/// A list as a JSON array.
pub(super) struct Elements<'a>(&'a dyn List);

impl<'a> Array<'a, RecordJson> for Elements<'a> {
    type Node = Instance<'a>;
    type ElementsIter = ElementsIter<'a>;

    fn len(&self) -> usize {
        self.0.count()
    }
    fn elements(&self) -> ElementsIter<'a> {
        ElementsIter { list: self.0, next: 0 }
    }
}

/// The elements of a list.
pub(super) struct ElementsIter<'a> {
    list: &'a dyn List,
    next: usize,
}

impl<'a> Iterator for ElementsIter<'a> {
    type Item = Instance<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let element = self.list.element(self.next)?;
        self.next += 1;
        Some(Instance(element))
    }
}
