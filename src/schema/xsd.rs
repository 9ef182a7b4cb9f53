//! The XML Schema (1.0) of the XML export.
//!
//! It describes valid data. Every element may be absent, for a record that misses some must still be written; but a
//! value that is there must have the form that the schema wants.

use quick_xml::escape::minimal_escape;

use super::Node;
use super::table::whole_value;
use crate::export::xml::{RECORD, ROOT};
use crate::record::singular;

/// The text of the XML Schema.
pub fn xsd() -> String {
    let root = super::root();
    let mut out = Out { text: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), depth: 0 };
    let version = minimal_escape(root.text("version"));
    out.open(&format!(
        "xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" elementFormDefault=\"qualified\" version=\"{version}\""
    ));
    out.open(&format!("xs:element name=\"{ROOT}\""));
    out.open("xs:complexType");
    out.open("xs:sequence");
    out.element(RECORD, root, "minOccurs=\"0\" maxOccurs=\"unbounded\"");
    out.close("xs:sequence");
    out.close("xs:complexType");
    out.close("xs:element");
    out.close("xs:schema");
    out.text
}

struct Out {
    text: String,
    depth: usize,
}

impl Out {
    fn line(&mut self, line: &str) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn open(&mut self, tag: &str) {
        self.line(&format!("<{tag}>"));
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.line(&format!("</{name}>"));
    }

    /// The declaration of the element `name`, which holds what `node` describes.
    fn element(&mut self, name: &str, node: Node, occurrence: &str) {
        self.open(&format!("xs:element name=\"{name}\" {occurrence}"));
        self.documentation(node);
        if let Some(items) = node.items() {
            self.open("xs:complexType");
            self.open("xs:sequence");
            self.element(singular(name), items, "maxOccurs=\"unbounded\"");
            self.close("xs:sequence");
            self.close("xs:complexType");
        } else if node.properties().next().is_some() {
            self.open("xs:complexType");
            self.open("xs:sequence");
            for (key, child) in node.properties() {
                self.element(key, child, "minOccurs=\"0\"");
            }
            self.close("xs:sequence");
            self.close("xs:complexType");
        } else {
            self.value(node);
        }
        self.close("xs:element");
    }

    fn documentation(&mut self, node: Node) {
        let texts = [("fr", node.text("description")), ("en", node.english("description"))];
        if texts.iter().all(|(_, text)| text.is_empty()) {
            return;
        }
        self.open("xs:annotation");
        for (language, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            let text = minimal_escape(text);
            self.line(&format!("<xs:documentation xml:lang=\"{language}\">{text}</xs:documentation>"));
        }
        self.close("xs:annotation");
    }

    fn value(&mut self, node: Node) {
        let base = match (node.text("type"), node.text("format")) {
            ("integer", _) => "xs:integer",
            ("number", _) => "xs:decimal",
            (_, "date") => "xs:date",
            (_, "uri") => "xs:anyURI",
            _ => "xs:string",
        };
        self.open("xs:simpleType");
        self.open(&format!("xs:restriction base=\"{base}\""));
        for known in node.texts("enum") {
            self.facet("enumeration", known);
        }
        for (keyword, facet) in [
            ("minLength", "minLength"),
            ("maxLength", "maxLength"),
            ("minimum", "minInclusive"),
            ("maximum", "maxInclusive"),
        ] {
            // XSD knows no length of dates.
            if let Some(limit) = node.keyword(keyword).filter(|_| base != "xs:date") {
                self.facet(facet, &limit.to_string());
            }
        }
        match (node.text("pattern"), node.text("format")) {
            ("", "idn-email" | "email") => self.facet("pattern", "[^@\\s]+@[^@\\s]+"),
            ("", _) => {}
            (pattern, _) => self.facet("pattern", &whole_value(pattern)),
        }
        self.close("xs:restriction");
        self.close("xs:simpleType");
    }

    fn facet(&mut self, name: &str, value: &str) {
        let value = quick_xml::escape::escape(value);
        self.line(&format!("<xs:{name} value=\"{value}\"/>"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_close_in_order() {
        let text = xsd();
        let mut reader = quick_xml::Reader::from_str(&text);
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => break,
                _ => continue,
            }
        }
        for expected in [
            "<xs:element name=\"contact\" maxOccurs=\"unbounded\">",
            "<xs:element name=\"code_postal\" minOccurs=\"0\">",
            "<xs:pattern value=\"[0-9]{5}\"/>",
            "<xs:enumeration value=\"laureat\"/>",
            "<xs:restriction base=\"xs:date\">",
        ] {
            assert!(text.contains(expected), "{expected}");
        }
    }
}
