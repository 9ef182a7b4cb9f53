//! The records as linked data: JSON-LD with the vocabularies of organisations of W3C (ORG, regorg) and of SEMIC (Core Public
//! Organisation, Core Business, Core Location), one node a line.
//!
//! A PTCE is an organisation that others make together (`org:OrganizationalCollaboration`); its coordinator and its partners
//! are its members. Each text stands alone, as it does in the record: nothing is put together that no record says.

use std::borrow::Cow;
use std::io::{self, Write};

use super::graph::{self, Node, Prefix, Term, french, link, plain, typed};
use super::page::category_name;
use super::place::{self, Placed, Precision};
use super::privacy::texts::MARK;
use crate::record::{Address, Contact, Coordinator, Partner};

/// The prefixes of the vocabularies, by name.
const PREFIXES: [Prefix; 12] = [
    ("adms", "http://www.w3.org/ns/adms#"),
    ("cv", "http://data.europa.eu/m8g/"),
    ("dct", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("gsp", "http://www.opengis.net/ont/geosparql#"),
    ("legal", "http://www.w3.org/ns/legal#"),
    ("locn", "http://www.w3.org/ns/locn#"),
    ("org", "http://www.w3.org/ns/org#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("rov", "http://www.w3.org/ns/regorg#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
];

/// The geography of Insee, whose places have addresses of their own.
const GEOGRAPHY: &str = "http://id.insee.fr/geo/";

/// A graph on its way.
pub(super) struct Linked<W: Write> {
    out: W,
    /// Where the file will stand.
    base: String,
    is_empty: bool,
    /// A node on its way.
    buffer: Vec<u8>,
}

impl<W: Write> Linked<W> {
    /// `base` is the address of the publication; without one, what the graph names is relative to its file.
    pub fn new(mut out: W, base: Option<&str>) -> io::Result<Linked<W>> {
        let mut context = graph::context(&PREFIXES);
        context["@language"] = "fr".into();
        write!(out, "{{\"@context\":{context},\"@graph\":[")?;
        Ok(Linked {
            out,
            base: format!("{}ptce.jsonld#", base.unwrap_or_default()),
            is_empty: true,
            buffer: Vec::new(),
        })
    }

    /// Adds a record, which has an identifier.
    pub fn record(&mut self, placed: &Placed) -> io::Result<()> {
        self.buffer.clear();
        self.buffer.extend_from_slice(if self.is_empty { b"\n" } else { b",\n" });
        self.is_empty = false;
        let hub = hub(placed, &self.base);
        serde_json::to_writer(&mut self.buffer, &graph::Object { node: &hub, is_french: true })?;
        self.out.write_all(&self.buffer)
    }

    /// Completes the graph, and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n]}\n")?;
        Ok(self.out)
    }
}

fn hub<'a>(placed: &'a Placed, base: &str) -> Node<'a> {
    /// Properties of which there is one at most.
    const SINGLE: usize = 9;
    let record = &placed.record;
    let id = record.id.as_deref().unwrap_or_default();
    let iri = format!("{base}{id}");
    let lists = [record.themes.len(), record.territory.departments.len(), record.contacts.len(), record.partners.len()];
    let mut node = Node::named(iri.clone(), "org:OrganizationalCollaboration")
        .with_room(SINGLE + lists.iter().sum::<usize>())
        .with("dct:identifier", plain(id))
        .with_some("skos:prefLabel", text(record.name.as_deref()))
        .with_some("skos:altLabel", text(record.acronym.as_deref()))
        .with_some("dct:description", text(record.project.summary.as_deref()))
        .with_some("foaf:homepage", record.website.as_deref().filter(|url| is_web(url)).map(document))
        .with_some("locn:address", address(&record.address, placed));
    for theme in &record.themes {
        node = node.with("dct:subject", concept(theme.as_str()));
    }
    if let Some(region) = placed.region {
        node = node.with("dct:spatial", location("region", region.code, region.name));
    }
    for department in place::departments_of(record) {
        node = node.with("dct:spatial", location("departement", department.code, department.name));
    }
    if let Some(position) = placed.position {
        let point = format!("POINT({} {})", position.longitude, position.latitude);
        let geometry = Node::unnamed("locn:Geometry").with("gsp:asWKT", typed(point, "gsp:wktLiteral"));
        let place = Node::unnamed("dct:Location")
            .with("locn:geometry", Term::Node(geometry))
            .with("rdfs:comment", french(told(position.precision)));
        node = node.with("locn:location", Term::Node(place));
    }
    for contact in &record.contacts {
        node = node.with_some("cv:contactPoint", contact_point(contact));
    }
    node = node.with_some("org:hasMember", coordinator(&record.coordinator, &iri));
    for partner in &record.partners {
        node = node.with_some("org:hasMember", member(partner));
    }
    node
}

fn text(text: Option<&str>) -> Option<Term<'_>> {
    text.map(french)
}

fn is_web(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    ["https://", "http://"].iter().any(|scheme| lower.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
}

fn document(url: &str) -> Term<'_> {
    Term::Node(Node::named(url, "foaf:Document"))
}

fn concept<'a>(label: impl Into<Cow<'a, str>>) -> Term<'a> {
    Term::Node(Node::unnamed("skos:Concept").with("skos:prefLabel", french(label)))
}

/// A place that Insee names.
fn location<'a>(kind: &str, code: &str, name: &'a str) -> Term<'a> {
    let node = Node::named(format!("{GEOGRAPHY}{kind}/{code}"), "dct:Location");
    Term::Node(node.with("locn:geographicName", french(name)))
}

/// What a point stands for.
fn told(precision: Precision) -> &'static str {
    match precision {
        Precision::Commune => "la commune de l’adresse (sa mairie)",
        Precision::PostalCode => "milieu des communes du code postal",
        Precision::Territory => "milieu des communes du territoire",
        Precision::Department => "milieu du département ou des départements",
        Precision::Region => "milieu de la région",
    }
}

fn address<'a>(address: &'a Address, placed: &Placed) -> Option<Term<'a>> {
    let parts = [
        ("locn:locatorName", &address.complement),
        ("locn:thoroughfare", &address.street),
        ("locn:addressArea", &address.delivery),
        ("locn:postName", &address.commune),
    ];
    if address.postal_code.is_none() && parts.iter().all(|(_, part)| part.is_none()) {
        return None;
    }
    let mut node = Node::unnamed("locn:Address");
    for (property, part) in parts {
        node = node.with_some(property, text(part.as_deref()));
    }
    let node = node
        .with_some("locn:postCode", address.postal_code.as_deref().map(plain))
        .with_some("locn:adminUnitL2", placed.region.map(|region| french(region.name)))
        .with("locn:adminUnitL1", french("France"));
    Some(Term::Node(node))
}

/// The mailbox and the number of a contact; people are none of this graph.
fn contact_point(contact: &Contact) -> Option<Term<'_>> {
    if contact.email.is_none() && contact.phone.is_none() {
        return None;
    }
    let node = Node::unnamed("cv:ContactPoint")
        .with_some("cv:email", contact.email.as_deref().map(plain))
        .with_some("cv:telephone", contact.phone.as_deref().map(plain));
    Some(Term::Node(node))
}

/// The coordinator, a member with a role of its own. It is a legal entity where it says under which number it is registered.
fn coordinator<'a>(coordinator: &'a Coordinator, hub: &str) -> Option<Term<'a>> {
    let numbers: Vec<(&str, &str, &String)> = [
        ("siren", "Insee", &coordinator.siren),
        ("siret", "Insee", &coordinator.siret),
        ("rna", "Ministère de l’Intérieur", &coordinator.rna),
    ]
    .into_iter()
    .filter_map(|(kind, agency, number)| Some((kind, agency, number.as_ref()?)))
    .collect();
    if coordinator.name.is_none() && numbers.is_empty() {
        return None;
    }
    let iri = format!("{hub}/coordinateur");
    let class = if numbers.is_empty() { "org:FormalOrganization" } else { "legal:LegalEntity" };
    let mut node = Node::named(iri.clone(), class).with_some("skos:prefLabel", text(coordinator.name.as_deref()));
    if !numbers.is_empty() {
        for class in
            ["http://www.w3.org/ns/org#FormalOrganization", "http://www.w3.org/ns/regorg#RegisteredOrganization"]
        {
            node = node.with("rdf:type", link(class));
        }
    }
    for (rank, (kind, agency, number)) in numbers.into_iter().enumerate() {
        let named = format!("{iri}/{kind}");
        let identifier = Node::named(named.clone(), "adms:Identifier")
            .with("skos:notation", plain(number.as_str()))
            .with("rdfs:label", french(kind.to_uppercase()))
            .with("adms:schemaAgency", plain(agency));
        if rank == 0 {
            node = node.with("legal:legalIdentifier", Term::Node(identifier)).with("rov:registration", link(named));
        } else {
            node = node.with("adms:identifier", Term::Node(identifier));
        }
    }
    if let Some(form) = &coordinator.legal_form {
        let property = if class == "legal:LegalEntity" { "legal:companyType" } else { "org:classification" };
        node = node.with(property, concept(form.as_str()));
    }
    let role = Node::unnamed("org:Membership")
        .with("org:organization", link(hub.to_owned()))
        .with("org:role", concept("coordinateur"));
    Some(Term::Node(node.with("org:hasMembership", Term::Node(role))))
}

fn member(partner: &Partner) -> Option<Term<'_>> {
    // Who is withheld is nobody that could be named here.
    let name = partner.name.as_deref().filter(|name| *name != MARK)?;
    let is_public = partner.category.as_deref() == Some("collectivite");
    let class = if is_public { "cv:PublicOrganisation" } else { "org:Organization" };
    let node = Node::unnamed(class)
        .with("skos:prefLabel", french(name))
        .with_some("org:classification", partner.category.as_deref().map(|category| concept(category_name(category))))
        .with_some("rdfs:comment", text(partner.note.as_deref()));
    Some(Term::Node(node))
}
