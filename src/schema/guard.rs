//! The schema as a quick look: whether a record is plainly valid, so that the engine of JSON Schema need not be asked.
//!
//! The look may be unsure of a valid record, never sure of another one; a test holds the two against each other.

use regex::Regex;
use serde_json::Value;

use super::{Node, root};
use crate::record::Part;
use crate::text::mailboxes::{are_words, is_usual as is_usual_mailbox};

/// What the schema asks of a part of a record.
pub(super) enum Guard {
    /// Any value of the type that the field has.
    Any,
    /// A group, and of its keys that more is asked of: their indexes, whether they must be there, and what they are.
    Group(Vec<(usize, bool, Guard)>),
    /// A list, whether its values must differ, and what each is.
    List(bool, Box<Guard>),
    Text(Form),
    Number {
        is_whole: bool,
        minimum: f64,
        maximum: f64,
    },
    /// A keyword that is not known here: only the engine knows.
    Unsure,
}

/// What a text must look like.
pub(crate) enum Form {
    Any,
    /// One of these.
    OneOf(Vec<String>),
    Pattern(Regex),
    /// So many digits.
    Digits(usize),
    /// A format and perhaps a pattern, with a function that is sure of what people usually write.
    Usual(fn(&str) -> bool, Option<Regex>),
}

impl Guard {
    /// What the schema asks of a record.
    pub fn of_record() -> Guard {
        Guard::of(root())
    }

    fn of(node: Node) -> Guard {
        const KNOWN: &[&str] = &[
            "additionalProperties",
            "description",
            "enum",
            "examples",
            "format",
            "items",
            "maximum",
            "minItems",
            "minLength",
            "minimum",
            "pattern",
            "properties",
            "required",
            "title",
            "type",
            "uniqueItems",
            "version",
        ];
        let is_known = |key: &String| key.starts_with(['$', 'x']) || KNOWN.contains(&key.as_str());
        if !node.value.as_object().is_some_and(|keywords| keywords.keys().all(is_known)) {
            return Guard::Unsure;
        }
        let has = |keyword: &str| node.keyword(keyword).is_some();
        let is_one = |keyword: &str| node.keyword(keyword).is_none_or(|value| value.as_u64() == Some(1));
        match node.text("type") {
            "object" => {
                let is_required = |key: &str| node.texts("required").any(|required| required == key);
                let members = node.properties().enumerate();
                let members: Vec<(usize, bool, Guard)> = members
                    .map(|(at, (key, child))| (at, is_required(key), Guard::of(child)))
                    .filter(|(_, is_required, guard)| *is_required || !matches!(guard, Guard::Any))
                    .collect();
                if members.is_empty() { Guard::Any } else { Guard::Group(members) }
            }
            // A list without elements, and a text without letters, are no parts of a record.
            "array" if is_one("minItems") => match node.items() {
                Some(items) => match (has("uniqueItems"), Guard::of(items)) {
                    (false, Guard::Any) => Guard::Any,
                    (is_set, guard) => Guard::List(is_set, Box::new(guard)),
                },
                None => Guard::Unsure,
            },
            "string" if is_one("minLength") => match Form::of(node) {
                Some(Form::Any) => Guard::Any,
                form => form.map_or(Guard::Unsure, Guard::Text),
            },
            kind @ ("number" | "integer") => Guard::Number {
                is_whole: kind == "integer",
                minimum: node.keyword("minimum").and_then(Value::as_f64).unwrap_or(f64::MIN),
                maximum: node.keyword("maximum").and_then(Value::as_f64).unwrap_or(f64::MAX),
            },
            _ => Guard::Unsure,
        }
    }

    /// Shows `tell` the pointer of each value of a part that is not plainly what the schema asks for, and of each that is
    /// asked for and absent, with whether it is. `pointer` is that of the part.
    pub fn doubts(&self, part: Part<'_>, pointer: &mut String, tell: &mut dyn FnMut(&str, bool)) {
        let length = pointer.len();
        match (self, part) {
            (Guard::Group(members), Part::Group(group)) => {
                for (at, is_required, guard) in members {
                    pointer.push('/');
                    pointer.push_str(group.keys()[*at]);
                    match group.part_at(*at) {
                        Some(part) => guard.doubts(part, pointer, tell),
                        None if *is_required => tell(pointer, true),
                        None => {}
                    }
                    pointer.truncate(length);
                }
            }
            (Guard::List(false, guard), Part::List(list)) => {
                for index in 0..list.count() {
                    pointer.push_str(&format!("/{index}"));
                    match list.element(index) {
                        Some(part) => guard.doubts(part, pointer, tell),
                        None => tell(pointer, false),
                    }
                    pointer.truncate(length);
                }
            }
            _ if self.is_sure_of(part) => {}
            _ => tell(pointer, false),
        }
    }

    /// Whether a part of a record plainly is what the schema asks for.
    pub fn is_sure_of(&self, part: Part<'_>) -> bool {
        match (self, part) {
            (Guard::Any, _) => true,
            (Guard::Group(members), Part::Group(group)) => {
                members.iter().all(|(at, is_required, guard)| match group.part_at(*at) {
                    Some(part) => guard.is_sure_of(part),
                    None => !is_required,
                })
            }
            (Guard::List(is_set, guard), Part::List(list)) => {
                /// As many values as are compared with each other.
                const FEW: usize = 8;
                let differ = |at, other| match (list.element(at), list.element(other)) {
                    (Some(Part::Text(text)), Some(Part::Text(other))) => text != other,
                    _ => false,
                };
                let are_different = || (0..list.count()).all(|at| (0..at).all(|other| differ(at, other)));
                let mut elements = (0..list.count()).map(|at| list.element(at));
                (!is_set || list.count() <= FEW && are_different())
                    && elements.all(|part| part.is_some_and(|part| guard.is_sure_of(part)))
            }
            (Guard::Text(form), Part::Text(text)) => form.is_sure_of(text),
            (Guard::Number { is_whole, minimum, maximum }, Part::Number(number)) => {
                (!is_whole || number.is_u64())
                    && number.as_f64().is_some_and(|number| (*minimum..=*maximum).contains(&number))
            }
            _ => false,
        }
    }
}

impl Form {
    /// What the schema asks of a text; none where only the engine knows.
    pub fn of(node: Node) -> Option<Form> {
        let pattern = match node.text("pattern") {
            "" => None,
            pattern => Some(Regex::new(pattern).ok()?),
        };
        let choices: Vec<String> = node.texts("enum").map(str::to_owned).collect();
        match (node.text("format"), pattern) {
            ("", Some(pattern)) if choices.is_empty() => Some(digits(&pattern).unwrap_or(Form::Pattern(pattern))),
            ("", None) if choices.is_empty() => Some(Form::Any),
            ("", None) => Some(Form::OneOf(choices)),
            ("idn-email", pattern) => Some(Form::Usual(is_usual_mailbox, pattern)),
            // What is usual begins so.
            ("uri", Some(pattern)) if pattern.as_str() == "^https?://" => Some(Form::Usual(is_usual_site, None)),
            ("uri", pattern) => Some(Form::Usual(is_usual_site, pattern)),
            ("date", pattern) => Some(Form::Usual(is_usual_date, pattern)),
            _ => None,
        }
    }

    /// Whether a text plainly is what the schema asks for.
    pub fn is_sure_of(&self, text: &str) -> bool {
        match self {
            Form::Any => true,
            Form::OneOf(choices) => choices.iter().any(|choice| choice == text),
            Form::Pattern(pattern) => pattern.is_match(text),
            Form::Digits(count) => text.len() == *count && text.bytes().all(|byte| byte.is_ascii_digit()),
            Form::Usual(is_usual, pattern) => {
                is_usual(text) && pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
            }
        }
    }
}

/// The form that a pattern asks for, where that is nothing but a count of digits: `^[0-9]{14}$`.
fn digits(pattern: &Regex) -> Option<Form> {
    let count = pattern.as_str().strip_prefix("^[0-9]{")?.strip_suffix("}$")?;
    count.parse().ok().map(Form::Digits)
}

fn is_usual_site(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~');
    are_words(host, 2, |byte| byte == b'-') && path.bytes().all(is_plain)
}

fn is_usual_date(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u8>().ok());
    let is_form = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    is_form
        && number(5..7).is_some_and(|month| (1..=12).contains(&month))
        && number(8..10).is_some_and(|day| (1..=28).contains(&day))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::field::fields;
    use crate::record::{Coordinator, Number, Record, Slot};
    use crate::schema::Schema;

    #[test]
    fn every_keyword_of_the_schema_is_known() {
        fn is_whole(guard: &Guard) -> bool {
            match guard {
                Guard::Group(members) => members.iter().all(|(.., guard)| is_whole(guard)),
                Guard::List(_, guard) => is_whole(guard),
                Guard::Any | Guard::Text(_) | Guard::Number { .. } => true,
                Guard::Unsure => false,
            }
        }
        assert!(is_whole(&Guard::of_record()), "a keyword is missing in src/schema/guard.rs");
    }

    #[test]
    fn what_people_usually_write_is_sure() {
        assert!(is_usual_mailbox("jean-francois.martin@chateauneuf-d-oze.example.org"));
        assert!(is_usual_site("https://www.example.org/ptce") && is_usual_site("http://example.org"));
        assert!(is_usual_date("2014-01-10"));
    }

    #[test]
    fn records_that_conform_are_sure() {
        let records: Vec<Record> = serde_json::from_str(include_str!("../../samples/conforme.json")).unwrap();
        let guard = Guard::of_record();
        assert!(!records.is_empty());
        for record in &records {
            assert!(guard.is_sure_of(Part::Group(record)), "{record:?}");
        }
    }

    /// Values of all forms that the schema knows, right and wrong.
    const VALUES: &[&str] = &[
        "x",
        "fabriques-du-quercy",
        "-a",
        "laureat",
        "emergent",
        "zone_rurale",
        "ess",
        "2014-01-10",
        "2014-02-30",
        "14/01/2014",
        "73",
        "2A",
        "971",
        "99",
        "46100",
        "046100",
        "2A004",
        "732829320",
        "73282932000074",
        "W123456789",
        "W12345678",
        "a@example.org",
        "a.@example.org",
        "a..b@example.org",
        "é@example.org",
        "a@b",
        "a b@example.org",
        "a@-b.org",
        "a@xn--b.org",
        "a@1.2.3.4",
        "https://example.org",
        "http://ex_ample.org/a?b=c",
        "https://é.fr",
        "https://",
        "ftp://example.org",
        "https://example.org/a b",
        "https://a.b/%zz",
        "CEDEX",
        "Cedex 09",
        "CEDEX 123",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

        #[test]
        fn what_is_sure_is_valid(chosen in prop::collection::vec((0..fields().count(), 0..VALUES.len(), -2i64..3), 0..40)) {
            let (guard, schema) = (Guard::of_record(), Schema::compile());
            let mut record = Record::<&str> {
                name: Some("x").filter(|_| !chosen.len().is_multiple_of(3)),
                coordinator: Coordinator {
                    name: Some("y").filter(|_| !chosen.len().is_multiple_of(5)),
                    ..Default::default()
                },
                ..Default::default()
            };
            record.contacts.push(crate::record::Contact { email: Some("a@example.org"), ..Default::default() });
            for (field, value, number) in chosen {
                match fields().nth(field).and_then(|field| record.slot(field, 0)) {
                    Some(Slot::Text(place)) => *place = Some(VALUES[value]),
                    Some(Slot::Texts(list)) => list.push(VALUES[value]),
                    Some(Slot::Number(place)) => *place = Some(Number::from(number)),
                    _ => {}
                }
                let mut violations = 0;
                schema.ask_the_engine(&record, |_| violations += 1);
                prop_assert!(violations == 0 || !guard.is_sure_of(Part::Group(&record)), "{record:?}");
                // What is absent is told without the engine, as the engine tells it; what is explained, by nobody.
                let told = |violations: Vec<crate::schema::Violation>| {
                    let mut told: Vec<_> = violations.into_iter().map(|one| (one.pointer, one.code)).collect();
                    told.sort();
                    told
                };
                let mut all = Vec::new();
                schema.ask_the_engine(&record, |violation| all.push(violation));
                let all = told(all);
                prop_assert_eq!(&told(schema.violations(&record, |_, _| false)), &all);
                let absent: Vec<_> = all.into_iter().filter(|(pointer, _)| record.at(pointer).is_none()).collect();
                prop_assert_eq!(told(schema.violations(&record, |_, _| true)), absent);
            }
        }
    }
}
