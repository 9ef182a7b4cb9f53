//! A graph of linked data, told as nodes with properties and written as Turtle or as JSON-LD.

use std::fmt::Write;

use serde_json::{Map, Value, json};

/// A vocabulary and the prefix of its names.
pub(super) type Prefix = (&'static str, &'static str);

/// The object of a property.
pub(super) enum Term {
    Iri(String),
    /// A text in French.
    French(String),
    Plain(String),
    Typed(String, &'static str),
    Node(Node),
}

/// A thing and what is said of it.
pub(super) struct Node {
    /// Its IRI; without one it stands within what speaks of it.
    id: Option<String>,
    class: &'static str,
    properties: Vec<(&'static str, Term)>,
}

impl Node {
    pub fn new(id: impl Into<Option<String>>, class: &'static str) -> Node {
        Node { id: id.into(), class, properties: Vec::new() }
    }

    pub fn with(mut self, property: &'static str, term: Term) -> Node {
        self.properties.push((property, term));
        self
    }

    pub fn with_some(self, property: &'static str, term: Option<Term>) -> Node {
        match term {
            Some(term) => self.with(property, term),
            None => self,
        }
    }
}

pub(super) fn french(text: &str) -> Term {
    Term::French(text.to_owned())
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
    json!({ "@context": context(prefixes), "@graph": nodes.iter().map(|node| object(node, false)).collect::<Vec<Value>>() })
}

/// An IRI without the characters that none may have (RFC 3987).
pub(super) fn iri(text: &str) -> String {
    let mut iri = String::with_capacity(text.len());
    for c in text.chars() {
        if c <= ' ' || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`') {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().for_each(|byte| {
                let _ = write!(iri, "%{byte:02X}");
            });
        } else {
            iri.push(c);
        }
    }
    iri
}

fn turtle_properties<'a>(node: &'a Node, depth: usize, text: &mut String, named: &mut Vec<&'a Node>) {
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

/// A node as JSON-LD; where `is_french`, the context says so of its texts, which are then written as they are.
pub(super) fn object(node: &Node, is_french: bool) -> Value {
    let mut object = Map::new();
    if let Some(id) = &node.id {
        object.insert("@id".to_owned(), iri(id).into());
    }
    object.insert("@type".to_owned(), node.class.into());
    for (property, term) in &node.properties {
        let value = match term {
            Term::Iri(id) => json!({ "@id": iri(id) }),
            Term::French(text) if is_french => text.as_str().into(),
            Term::Plain(text) if is_french => json!({ "@value": text }),
            Term::French(text) => json!({ "@language": "fr", "@value": text }),
            Term::Plain(text) => text.as_str().into(),
            Term::Typed(text, kind) => json!({ "@type": kind, "@value": text }),
            Term::Node(node) => self::object(node, is_french),
        };
        match object.get_mut(*property) {
            None => {
                object.insert((*property).to_owned(), value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = vec![first.take(), value].into(),
        }
    }
    object.into()
}
