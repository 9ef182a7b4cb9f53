//! A graph of linked data, told as nodes with properties and written as Turtle or as JSON-LD.

use std::borrow::Cow;
use std::fmt::Write;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};

/// A vocabulary and the prefix of its names.
pub(super) type Prefix = (&'static str, &'static str);

/// The object of a property.
pub(super) enum Term<'a> {
    Iri(Cow<'a, str>),
    /// A text in French.
    French(Cow<'a, str>),
    Plain(Cow<'a, str>),
    Typed(Cow<'a, str>, &'static str),
    Node(Node<'a>),
}

/// A thing and what is said of it.
pub(super) struct Node<'a> {
    /// Its IRI; without one it stands within what speaks of it.
    id: Option<Cow<'a, str>>,
    class: &'static str,
    properties: Vec<(&'static str, Term<'a>)>,
}

impl<'a> Node<'a> {
    pub fn named(id: impl Into<Cow<'a, str>>, class: &'static str) -> Node<'a> {
        Node { id: Some(id.into()), ..Node::unnamed(class) }
    }

    pub fn unnamed(class: &'static str) -> Node<'a> {
        Node { id: None, class, properties: Vec::new() }
    }

    /// With room for as many properties: terms are large to be moved while their list grows.
    pub fn with_room(mut self, properties: usize) -> Node<'a> {
        self.properties.reserve_exact(properties);
        self
    }

    pub fn with(mut self, property: &'static str, term: Term<'a>) -> Node<'a> {
        self.properties.push((property, term));
        self
    }

    pub fn with_some(self, property: &'static str, term: Option<Term<'a>>) -> Node<'a> {
        match term {
            Some(term) => self.with(property, term),
            None => self,
        }
    }
}

pub(super) fn french<'a>(text: impl Into<Cow<'a, str>>) -> Term<'a> {
    Term::French(text.into())
}

pub(super) fn plain<'a>(text: impl Into<Cow<'a, str>>) -> Term<'a> {
    Term::Plain(text.into())
}

pub(super) fn typed<'a>(text: impl Into<Cow<'a, str>>, kind: &'static str) -> Term<'a> {
    Term::Typed(text.into(), kind)
}

/// A thing that is only named.
pub(super) fn link<'a>(iri: impl Into<Cow<'a, str>>) -> Term<'a> {
    Term::Iri(iri.into())
}

/// The nodes as Turtle.
pub(super) fn turtle(prefixes: &[Prefix], nodes: &[Node]) -> String {
    let mut text = String::new();
    for (prefix, iri) in prefixes {
        let _ = writeln!(text, "@prefix {prefix}: <{iri}> .");
    }
    let mut named: Vec<&Node> = Vec::new();
    for node in nodes {
        text.push('\n');
        let _ = write!(text, "<{}>", iri(node.id.as_deref().unwrap_or_default()));
        turtle_properties(node, 1, &mut text, &mut named);
        text.push_str(" .\n");
    }
    // What other nodes only name is told of once.
    named.sort_by_key(|node| &node.id);
    named.dedup_by_key(|node| &node.id);
    for node in named {
        text.push('\n');
        let _ = write!(text, "<{}>", iri(node.id.as_deref().unwrap_or_default()));
        turtle_properties(node, 1, &mut text, &mut Vec::new());
        text.push_str(" .\n");
    }
    text
}

/// What JSON-LD is told of the prefixes.
pub(super) fn context(prefixes: &[Prefix]) -> Value {
    prefixes.iter().map(|(prefix, iri)| ((*prefix).to_owned(), Value::from(*iri))).collect::<Map<_, _>>().into()
}

/// The nodes as JSON-LD.
pub(super) fn json_ld(prefixes: &[Prefix], nodes: &[Node]) -> Value {
    let nodes: Vec<Object> = nodes.iter().map(|node| Object { node, is_french: false }).collect();
    json!({ "@context": context(prefixes), "@graph": nodes })
}

/// An IRI without the characters that none may have (RFC 3987).
pub(super) fn iri(text: &str) -> Cow<'_, str> {
    let is_barred = |c: char| c <= ' ' || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`');
    if !text.contains(is_barred) {
        return Cow::Borrowed(text);
    }
    let mut iri = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        // All of these are ASCII.
        if is_barred(c) {
            let _ = write!(iri, "%{:02X}", c as u32);
        } else {
            iri.push(c);
        }
    }
    Cow::Owned(iri)
}

fn turtle_properties<'a>(node: &'a Node<'a>, depth: usize, text: &mut String, named: &mut Vec<&'a Node<'a>>) {
    let _ = write!(text, " a {}", node.class);
    for (property, term) in &node.properties {
        let _ = write!(text, " ;\n{:width$}{property} ", "", width = depth * 4);
        match term {
            Term::Iri(id) => {
                let _ = write!(text, "<{}>", iri(id));
            }
            Term::French(value) => {
                let _ = write!(text, "{}@fr", quoted(value));
            }
            Term::Plain(value) => text.push_str(&quoted(value)),
            Term::Typed(value, kind) => {
                let _ = write!(text, "{}^^{kind}", quoted(value));
            }
            Term::Node(node) => match &node.id {
                Some(id) => {
                    named.push(node);
                    node.properties.iter().for_each(|(_, term)| {
                        if let Term::Node(inner) = term
                            && inner.id.is_some()
                        {
                            named.push(inner);
                        }
                    });
                    let _ = write!(text, "<{}>", iri(id));
                }
                None => {
                    text.push('[');
                    turtle_properties(node, depth + 1, text, named);
                    text.push_str(" ]");
                }
            },
        }
    }
}

/// A string of Turtle.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A node as JSON-LD; where `is_french`, the context says so of its texts, which are then written as they are. The terms of a
/// property have to stand in a row.
pub(super) struct Object<'a> {
    pub node: &'a Node<'a>,
    pub is_french: bool,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Object { node, is_french } = *self;
        let written = |term| Written { term, is_french };
        let mut map = serializer.serialize_map(None)?;
        if let Some(id) = &node.id {
            map.serialize_entry("@id", &iri(id))?;
        }
        map.serialize_entry("@type", node.class)?;
        debug_assert!(
            {
                let mut names: Vec<&str> = node.properties.iter().map(|(property, _)| *property).collect();
                names.dedup();
                names.iter().collect::<std::collections::BTreeSet<_>>().len() == names.len()
            },
            "the terms of a property stand in a row"
        );
        for terms in node.properties.chunk_by(|one, other| one.0 == other.0) {
            match terms {
                [(property, term)] => map.serialize_entry(property, &written(term))?,
                [(property, _), ..] => {
                    let all: Vec<Written> = terms.iter().map(|(_, term)| written(term)).collect();
                    map.serialize_entry(property, &all)?;
                }
                [] => {}
            }
        }
        map.end()
    }
}

/// A term as JSON-LD.
struct Written<'a> {
    term: &'a Term<'a>,
    is_french: bool,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Written { term, is_french } = *self;
        let said = |(key, said): (&str, &str), value: &str, serializer: S| {
            let mut map = serializer.serialize_map(Some(2))?;
            map.serialize_entry(key, said)?;
            map.serialize_entry("@value", value)?;
            map.end()
        };
        match term {
            Term::Iri(id) => serializer.collect_map([("@id", iri(id))]),
            Term::French(text) if is_french => serializer.serialize_str(text),
            Term::Plain(text) if is_french => serializer.collect_map([("@value", text)]),
            Term::French(text) => said(("@language", "fr"), text, serializer),
            Term::Plain(text) => serializer.serialize_str(text),
            Term::Typed(text, kind) => said(("@type", kind), text, serializer),
            Term::Node(node) => Object { node, is_french }.serialize(serializer),
        }
    }
}
