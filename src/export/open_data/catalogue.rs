//! The entry of a publication in a catalogue: DCAT-AP 3, as Turtle and as JSON-LD.
//!
//! One graph is described once, as nodes with properties, and written in both forms. It keeps to what the harvester of
//! data.gouv.fr reads: texts in French, geometry as WKT, the licence on each distribution with its name, types of media by
//! their https addresses. It stores no checksum of the type that DCAT-AP asks for (`xsd:hexBinary`), which is optional: the
//! sums stand in `datapackage.json` and `SHA256SUMS`.

use jiff::civil::Date;
use serde_json::Value;

use super::graph::{self, Node, Prefix, Term, french, link, plain, typed};
use super::metadata::{DataSource, Frequency, Metadata};
use super::package::Resource;

/// The prefixes of the vocabularies, by name.
const PREFIXES: [Prefix; 9] = [
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("gsp", "http://www.opengis.net/ont/geosparql#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("vcard", "http://www.w3.org/2006/vcard/ns#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// The root of the European authority tables.
const AUTHORITY: &str = "http://publications.europa.eu/resource/authority/";
const LICENCE: &str = "https://spdx.org/licenses/etalab-2.0.html";

fn day(day: Date) -> Term<'static> {
    typed(day.to_string(), "xsd:date")
}

/// A concept of an authority table: `frequency/ANNUAL`. It names its table, so that a validator that has not read the
/// table knows it for one of its concepts.
fn concept(table: &str, name: &str, class: &'static str) -> Node<'static> {
    Node::named(format!("{AUTHORITY}{table}/{name}"), class).with("skos:inScheme", link(format!("{AUTHORITY}{table}")))
}

fn authority(table: &str, name: &str, class: &'static str) -> Term<'static> {
    Term::Node(concept(table, name, class))
}

/// A theme of the European portal, with the name that it has there.
fn theme(name: &str, label: &'static str) -> Term<'static> {
    Term::Node(concept("data-theme", name, "skos:Concept").with("skos:prefLabel", french(label)))
}

/// The list of the themes.
fn themes() -> Term<'static> {
    let list = Node::named(format!("{AUTHORITY}data-theme"), "skos:ConceptScheme");
    Term::Node(list.with("dct:title", french("Thèmes de données")))
}

fn licence() -> Term<'static> {
    Term::Node(
        Node::named(LICENCE, "dct:LicenseDocument")
            .with("dct:title", french("Licence Ouverte / Open Licence version 2.0"))
            .with("rdfs:label", french("Licence Ouverte / Open Licence version 2.0")),
    )
}

/// The corners of what the points cover, in degrees.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Extent {
    /// The extent, widened to a point.
    pub fn reaching(extent: Option<Extent>, longitude: f64, latitude: f64) -> Extent {
        let Extent { west, south, east, north } =
            extent.unwrap_or(Extent { west: longitude, south: latitude, east: longitude, north: latitude });
        Extent {
            west: west.min(longitude),
            south: south.min(latitude),
            east: east.max(longitude),
            north: north.max(latitude),
        }
    }

    fn wkt(self) -> String {
        let Extent { west, south, east, north } = self;
        format!("POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))")
    }
}

/// The catalogue of one data set.
pub(super) struct Catalogue<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Catalogue<'a> {
    /// `updated` is the day of the data where the metadata names none.
    pub fn new(
        metadata: &'a Metadata,
        updated: Option<Date>,
        extent: Option<Extent>,
        resources: &[Resource],
    ) -> Catalogue<'a> {
        let base = metadata.base_url.as_deref().unwrap_or_default();
        let at = |name: &str| format!("{base}{name}");
        let publisher = || {
            let name = metadata.publisher.as_deref().unwrap_or("éditeur non indiqué");
            Term::Node(
                Node::named(at("catalogue.ttl#editeur"), "foaf:Agent")
                    .with("foaf:name", french(name))
                    .with_some("foaf:homepage", metadata.homepage.as_deref().map(document)),
            )
        };
        let language = || authority("language", "FRA", "dct:LinguisticSystem");
        let catalogue = Node::named(at("catalogue.ttl#catalogue"), "dcat:Catalog")
            .with("dct:title", french(metadata.title.as_str()))
            .with("dct:description", french(metadata.description.as_str()))
            .with("dct:publisher", publisher())
            .with("dct:language", language())
            .with("dct:license", licence())
            .with("dcat:themeTaxonomy", themes())
            .with_some("dct:issued", metadata.issued.map(day))
            .with_some("dct:modified", updated.map(day))
            .with_some("foaf:homepage", metadata.homepage.as_deref().map(document))
            .with("dcat:dataset", link(at("catalogue.ttl#jeu")));
        let mut dataset = Node::named(at("catalogue.ttl#jeu"), "dcat:Dataset")
            .with("dct:title", french(metadata.title.as_str()))
            .with("dct:description", french(metadata.description.as_str()))
            .with("dct:identifier", plain(at("datapackage.json")))
            .with("dct:publisher", publisher())
            .with("dct:language", language())
            .with_some("dct:issued", metadata.issued.map(day))
            .with_some("dct:modified", updated.map(day))
            .with("dct:accrualPeriodicity", authority("frequency", frequency(metadata.frequency), "dct:Frequency"))
            .with("dcat:theme", theme("ECON", "Économie et finances"))
            .with("dcat:theme", theme("SOCI", "Population et société"))
            .with_some("dcat:landingPage", metadata.homepage.as_deref().map(document))
            .with_some("dcat:contactPoint", contact(metadata))
            .with("dct:spatial", spatial(metadata, extent))
            .with_some("dct:temporal", temporal(metadata))
            .with("dct:conformsTo", standard(at("schema.json")));
        for keyword in &metadata.keywords {
            dataset = dataset.with("dcat:keyword", french(keyword.as_str()));
        }
        for source in &metadata.sources {
            dataset = dataset.with("dct:provenance", provenance(source));
        }
        for resource in resources {
            dataset = dataset.with("dcat:distribution", link(at(resource.path)));
        }
        let mut nodes = vec![catalogue, dataset];
        nodes.extend(resources.iter().map(|resource| {
            Node::named(at(resource.path), "dcat:Distribution")
                .with("dct:title", french(resource.title))
                .with("dct:description", french(resource.description))
                .with("dcat:accessURL", link(at(resource.path)))
                .with("dcat:downloadURL", link(at(resource.path)))
                .with("dct:format", authority("file-type", resource.file_type(), "dct:MediaTypeOrExtent"))
                .with("dcat:mediaType", media_type(resource.mediatype))
                .with("dct:license", licence())
                .with("dcat:byteSize", typed(resource.sum.bytes.to_string(), "xsd:nonNegativeInteger"))
                .with_some("dct:conformsTo", resource.schema_file().map(|schema| standard(at(schema))))
        }));
        Catalogue { nodes }
    }

    /// The catalogue as Turtle.
    pub fn turtle(&self) -> String {
        graph::turtle(&PREFIXES, &self.nodes)
    }

    /// The catalogue as JSON-LD.
    pub fn json_ld(&self) -> Value {
        graph::json_ld(&PREFIXES, &self.nodes)
    }
}

fn document(url: &str) -> Term<'_> {
    Term::Node(Node::named(url, "foaf:Document"))
}

fn standard(url: String) -> Term<'static> {
    Term::Node(Node::named(url, "dct:Standard").with("dct:title", french("Schéma de données")))
}

fn media_type(name: &str) -> Term<'static> {
    Term::Node(Node::named(format!("https://www.iana.org/assignments/media-types/{name}"), "dct:MediaType"))
}

/// Where the data comes from. `dct:source` of a data set is another data set, which a press kit is not.
fn provenance(source: &DataSource) -> Term<'_> {
    Term::Node(
        Node::unnamed("dct:ProvenanceStatement")
            .with("rdfs:label", french(source.title.as_str()))
            .with_some("dct:source", source.url.as_deref().map(link)),
    )
}

fn contact(metadata: &Metadata) -> Option<Term<'_>> {
    let mailbox = metadata.contact.as_deref()?;
    let name = metadata.publisher.as_deref().unwrap_or(&metadata.title);
    // The class that DCAT-AP names, which a validator without the ontology of vCard recognises too.
    let node = Node::unnamed("vcard:Kind")
        .with("vcard:fn", french(name))
        .with("vcard:hasEmail", link(format!("mailto:{mailbox}")));
    Some(Term::Node(node))
}

fn spatial(metadata: &Metadata, extent: Option<Extent>) -> Term<'_> {
    let box_of = |extent: Extent| typed(extent.wkt(), "gsp:wktLiteral");
    Term::Node(
        Node::unnamed("dct:Location")
            .with("skos:prefLabel", french(&metadata.coverage.area))
            .with_some("dcat:bbox", extent.map(box_of)),
    )
}

fn temporal(metadata: &Metadata) -> Option<Term<'_>> {
    let coverage = &metadata.coverage;
    coverage.start.or(coverage.end)?;
    let period = Node::unnamed("dct:PeriodOfTime")
        .with_some("dcat:startDate", coverage.start.map(day))
        .with_some("dcat:endDate", coverage.end.map(day));
    Some(Term::Node(period))
}

/// The name of a frequency in the European table.
fn frequency(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Irregular => "IRREG",
        Frequency::Daily => "DAILY",
        Frequency::Weekly => "WEEKLY",
        Frequency::Monthly => "MONTHLY",
        Frequency::Quarterly => "QUARTERLY",
        Frequency::Semiannual => "ANNUAL_2",
        Frequency::Annual => "ANNUAL",
        Frequency::Never => "NEVER",
    }
}
