//! The canonical schema: `schema/ptce.schema.json`, the source of truth, executed on every record.
//!
//! What else describes a record (Table Schema, XSD, field reference) is derived from it in [`table`], [`xsd`] and
//! [`markdown`].

mod guard;
pub mod markdown;
pub mod repository;
pub mod table;
pub mod xsd;

use std::sync::{LazyLock, OnceLock};

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value};

use crate::field::Field;
use crate::language::Language;
use crate::record::{Part, Record, Text};
pub(crate) use guard::Form;
use guard::Guard;

/// The text of the JSON Schema (draft 2020-12).
pub const TEXT: &str = include_str!("../schema/ptce.schema.json");

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(TEXT).expect("a test reads the committed schema"));

/// A node of the schema: the record itself, a group, a list, the element of a list, or a value.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    value: &'static Value,
}

/// The record.
pub fn root() -> Node {
    Node { value: &DOCUMENT }
}

/// The schema of the records of a publication, an array: what may be withheld of a record is not required, each has its
/// identifier, and what only we read of the schema is left out.
pub fn published() -> Value {
    fn plain(value: &mut Value) {
        match value {
            Value::Object(object) => {
                object.retain(|key, _| !key.starts_with("x-") && key != "required");
                object.values_mut().for_each(plain);
            }
            Value::Array(values) => values.iter_mut().for_each(plain),
            _ => {}
        }
    }
    let mut record = DOCUMENT.clone();
    plain(&mut record);
    record["required"] = serde_json::json!(["id", "nom"]);
    let take = |record: &mut Value, key: &str| record.as_object_mut().and_then(|record| record.remove(key));
    let definitions = take(&mut record, "$defs");
    let dialect = take(&mut record, "$schema");
    let (id, version) = (take(&mut record, "$id"), take(&mut record, "version"));
    let id = id.as_ref().and_then(Value::as_str).map(|id| id.replace("ptce.schema.json", "publication.schema.json"));
    let mut schema = serde_json::json!({
        "$schema": dialect,
        "$id": id,
        "title": "Fiches publiées de pôles territoriaux de coopération économique",
        "version": version,
        "type": "array",
        "items": record,
    });
    if let Some(definitions) = definitions {
        schema["$defs"] = definitions;
    }
    schema
}

/// The titles of the field at a JSON Pointer, from the outermost group in: « Adresse / Code postal ».
pub(crate) fn title_of(pointer: &str, language: Language) -> String {
    let mut node = root();
    let mut titles: Vec<&str> = Vec::new();
    for step in pointer.split('/').skip(1) {
        let is_element = step == "*" || step.bytes().all(|byte| byte.is_ascii_digit());
        let next = if is_element {
            node.items()
        } else {
            node.properties().find(|(key, _)| *key == step).map(|(_, node)| node)
        };
        let Some(next) = next else { break };
        node = next;
        if !is_element {
            titles.push(if language == Language::French { node.text("title") } else { node.english("title") });
        }
    }
    titles.join(" / ")
}

impl Node {
    /// The named parts of a group, in their order.
    pub fn properties(self) -> impl Iterator<Item = (&'static str, Node)> {
        self.value["properties"].as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), Node { value }))
    }

    /// The parts of one of its values that sources keep apart: a first name.
    pub fn parts(self) -> impl Iterator<Item = (&'static str, Node)> {
        self.value["x-parts"].as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), Node { value }))
    }

    /// The element of a list.
    pub fn items(self) -> Option<Node> {
        self.value.get("items").map(|value| Node { value })
    }

    /// The node at a JSON Pointer of a record; `*` or a rank stands for the element of a list.
    pub fn at(self, pointer: &str) -> Option<Node> {
        pointer.split('/').skip(1).try_fold(self, |node, step| match node.items() {
            Some(items) => Some(items),
            None => node.value["properties"].get(step).map(|value| Node { value }),
        })
    }

    /// A keyword whose value is a text.
    pub fn text(self, keyword: &str) -> &'static str {
        self.value[keyword].as_str().unwrap_or_default()
    }

    /// A keyword whose value is a list of texts.
    pub fn texts(self, keyword: &str) -> impl Iterator<Item = &'static str> {
        self.value[keyword].as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    /// Any keyword.
    pub fn keyword(self, keyword: &str) -> Option<&'static Value> {
        self.value.get(keyword)
    }

    /// The English form of `title` or `description`.
    pub fn english(self, keyword: &str) -> &'static str {
        self.value["x-en"][keyword].as_str().unwrap_or_default()
    }
}

/// A breach of the schema, in the words of the schema.
#[derive(Debug)]
pub(crate) struct Violation {
    /// JSON Pointer of the value, or of the absent value.
    pub pointer: String,
    /// Code of the rule that tells it.
    pub code: &'static str,
    /// What the schema wants there.
    pub wanted: Wanted,
}

/// What the schema wants of a value.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// A value, where there is none.
    Present,
    /// One of these.
    OneOf(Vec<&'static str>),
    /// This form, as the examples of the node show it.
    Form(Vec<&'static str>),
    /// A list without repeats.
    Distinct,
    /// At least this much.
    AtLeast(String),
}

/// The compiled schema.
pub(crate) struct Schema {
    guard: &'static Guard,
}

/// The engine, made once a process, when a record is not plainly valid: that takes longer than a small file.
static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&DOCUMENT).expect("a test compiles the committed schema")
});

impl Schema {
    pub fn compile() -> Schema {
        static GUARD: LazyLock<Guard> = LazyLock::new(Guard::of_record);
        Schema { guard: &GUARD }
    }

    /// What breaches the schema. What `is_explained` answers for, by the pointer and the code of the rule that would tell it,
    /// need not be among it.
    pub fn violations<T: Text>(
        &self,
        record: &Record<T>,
        is_explained: impl Fn(&str, &'static str) -> bool,
    ) -> Vec<Violation> {
        let mut violations = Vec::new();
        if self.guard.is_sure_of(Part::Group(record)) {
            return violations;
        }
        // The engine is asked only where a value may be wrong that nothing has explained yet.
        let mut is_known = true;
        self.guard.doubts(Part::Group(record), &mut String::new(), &mut |pointer, is_absent| {
            if is_absent {
                let code = code_at(pointer, true);
                violations.push(Violation { pointer: pointer.to_owned(), code, wanted: Wanted::Present });
            } else {
                is_known &= is_explained(pointer, code_at(pointer, false));
            }
        });
        if !is_known {
            violations.clear();
            self.ask_the_engine(record, |violation| violations.push(violation));
        }
        violations
    }

    fn ask_the_engine<T: Text>(&self, record: &Record<T>, mut each: impl FnMut(Violation)) {
        let instance = value_of(Part::Group(record));
        for error in VALIDATOR.iter_errors(&instance) {
            let mut pointer = error.instance_path().to_string();
            let wanted = match error.kind() {
                ValidationErrorKind::Required { property } => {
                    pointer.push('/');
                    pointer.push_str(property.as_str().unwrap_or_default());
                    Wanted::Present
                }
                ValidationErrorKind::UniqueItems => Wanted::Distinct,
                ValidationErrorKind::Minimum { limit } => Wanted::AtLeast(limit.to_string()),
                kind => {
                    let node = root().at(&pointer).unwrap_or(root());
                    match kind {
                        ValidationErrorKind::Enum { .. } => Wanted::OneOf(node.texts("enum").collect()),
                        _ => Wanted::Form(node.texts("examples").collect()),
                    }
                }
            };
            let code = code_at(&pointer, matches!(wanted, Wanted::Present));
            each(Violation { pointer, code, wanted });
        }
    }
}

/// A part of a record as the engine takes it. The engine could run on the record in place, but would then be compiled a
/// second time, for that type, and a fifth of the build went there; few records are ever shown to it.
fn value_of(part: Part) -> Value {
    match part {
        Part::Text(text) => Value::from(text),
        Part::Number(number) => Value::Number(number.clone()),
        // An element without a value keeps its place, as in what we write: what is wrong with those behind it is told by their rank.
        Part::List(list) => {
            let element = |rank| list.element(rank).map_or_else(|| Value::Object(Map::new()), value_of);
            (0..list.count()).map(element).collect()
        }
        Part::Group(group) => {
            let keys = group.keys().iter().enumerate();
            keys.filter_map(|(rank, key)| Some(((*key).to_owned(), value_of(group.part_at(rank)?)))).collect()
        }
    }
}

/// What the schema asks of the texts of a field; none where only the engine knows. It is read once for each field.
pub(crate) fn form_of(field: &Field) -> Option<&'static Form> {
    static FORMS: LazyLock<Vec<OnceLock<Option<Form>>>> =
        LazyLock::new(|| Field::all().iter().map(|_| OnceLock::new()).collect());
    FORMS[field.number()].get_or_init(|| Form::of(root().at(field.pointer)?)).as_ref()
}

/// The code of the rule that tells what is wrong at a pointer, or that nothing stands there.
fn code_at(pointer: &str, is_absent: bool) -> &'static str {
    let (keyword, default) = if is_absent { ("x-missing", "missing-value") } else { ("x-code", "invalid-value") };
    root().at(pointer).map(|node| node.text(keyword)).filter(|code| !code.is_empty()).unwrap_or(default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Partner;

    #[test]
    fn an_empty_element_keeps_its_place() {
        let wrong = Partner { name: Some("Bois".to_owned()), category: Some("zzz".to_owned()), ..Partner::default() };
        let record = Record { partners: vec![Partner::default(), wrong], ..Record::default() };
        let violations = Schema::compile().violations(&record, |_, _| false);
        let found = violations.iter().find(|violation| matches!(violation.wanted, Wanted::OneOf(_)));
        assert_eq!(found.map(|violation| violation.pointer.as_str()), Some("/partenaires/1/categorie"));
    }
}
