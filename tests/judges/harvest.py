"""Reads the catalogue as the harvester of data.gouv.fr (udata) does, and tells what it could not store: harvest.py PUBLICATION…

It parses the bytes of the catalogue without the place where they stood, walks from each `dcat:Dataset` to its distributions,
and puts what it finds into documents whose fields have types: what rdflib turns into bytes, numbers or nodes where a text is
asked for cannot be stored. Written after reading udata/core/dataset/rdf.py and udata/rdf.py of opendatateam/udata at 25b5a2d;
no line is of theirs.
"""

import datetime
import re
import sys
from pathlib import Path

import shapely
from faults import verdict
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS

SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
WKT = URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
FREQUENCIES = "http://publications.europa.eu/resource/authority/frequency/"
SUMS = {SPDX.checksumAlgorithm_md5: "md5", SPDX.checksumAlgorithm_sha1: "sha1", SPDX.checksumAlgorithm_sha256: "sha256"}
# Those of the frequencies that data.gouv.fr has, and that we write.
KNOWN_FREQUENCIES = {"IRREG", "DAILY", "WEEKLY", "MONTHLY", "QUARTERLY", "ANNUAL_2", "ANNUAL", "NEVER"}
# How data.gouv.fr lists the licence: its identifier, its title, its addresses.
LICENCES = {
    "lov2",
    "licence ouverte / open licence version 2.0",
    "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/etalab-licence-ouverte-v2.0.pdf",
}
DATASET = {
    "title": str, "description": str, "identifier": str, "uri": str, "remote_url": str, "frequency": str,
    "publisher": str, "contact": tuple, "temporal": tuple, "modified": datetime.date, "licence": str, "schema": str,
}
RESOURCE = {"title": str, "description": str, "url": str, "format": str, "mime": str, "size": int, "licence": str, "uri": str}


class Harvest:
    """One catalogue, read."""

    def __init__(self, publication, name, form):
        self.graph = Graph()
        self.graph.parse(data=(publication / name).read_bytes(), format=form)

    def one(self, thing, *predicates, unwrap=()):
        """The value of the first predicate that has one, in French if there are several, as a document would hold it."""
        for predicate in predicates:
            values = list(self.graph.objects(thing, predicate))
            french = [value for value in values if isinstance(value, Literal) and value.language == "fr"]
            for value in french or values[:1]:
                inner = None if isinstance(value, Literal) else self.one(value, *unwrap) if unwrap else None
                return inner or value.toPython()
        return None

    def under(self, address, table):
        """The key that an address has in a table of authorities."""
        return address.removeprefix(table) if isinstance(address, str) and address.startswith(table) else address

    def licence(self, *things):
        """The first licence that is known, by its label, its description or its address."""
        for thing in things:
            for licence in self.graph.objects(thing, DCTERMS.license):
                told = licence if isinstance(licence, Literal) else self.one(thing, DCTERMS.license, unwrap=(RDFS.label, DCTERMS.description))
                if str(told).strip().lower() in LICENCES:
                    return str(told)
        return None

    def temporal(self, dataset):
        """Two days. A period that has an address would be asked for on the web."""
        period = self.graph.value(dataset, DCTERMS.temporal)
        if not isinstance(period, BNode):
            return None
        return tuple(self.one(period, end) for end in (DCAT.startDate, DCAT.endDate))

    def contact(self, dataset):
        for point in self.graph.objects(dataset, DCAT.contactPoint):
            email = self.one(point, VCARD.hasEmail, VCARD.email)
            return self.one(point, VCARD.fn), str(email).removeprefix("mailto:")
        return None

    def dataset(self, node):
        found = {
            "title": self.one(node, DCTERMS.title),
            "description": self.one(node, DCTERMS.description, DCTERMS.abstract),
            "identifier": self.one(node, DCTERMS.identifier),
            "uri": str(node) if isinstance(node, URIRef) else None,
            "remote_url": self.one(node, DCAT.landingPage) or str(node),
            "frequency": self.under(self.one(node, DCTERMS.accrualPeriodicity), FREQUENCIES),
            "publisher": self.one(self.graph.value(node, DCTERMS.publisher), FOAF.name, SKOS.prefLabel),
            "contact": self.contact(node),
            "temporal": self.temporal(node),
            "modified": self.one(node, DCTERMS.modified),
            "schema": self.one(node, DCTERMS.conformsTo),
            "tags": sorted(str(tag) for tag in self.graph.objects(node, DCAT.keyword) if isinstance(tag, Literal)),
            "spatial": [
                literal
                for place in self.graph.objects(node, DCTERMS.spatial)
                for literal in self.graph.objects(place)
                if isinstance(literal, Literal) and literal.datatype == WKT
            ],
        }
        distributions = list(self.graph.objects(node, DCAT.distribution))
        return found | {
            "licence": self.licence(node, *distributions),
            "resources": sorted((self.resource(one) for one in distributions), key=lambda one: str(one["url"])),
        }

    def resource(self, node):
        checksum = self.graph.value(node, SPDX.checksum)
        return {
            "title": self.one(node, DCTERMS.title),
            "description": self.one(node, DCTERMS.description),
            "url": self.one(node, DCAT.downloadURL, DCAT.accessURL),
            "format": self.under(self.one(node, DCTERMS.format, unwrap=(RDFS.label,)), FILE_TYPES),
            "mime": self.under(self.one(node, DCAT.mediaType, unwrap=(RDFS.label,)), MEDIA_TYPES),
            "size": self.one(node, DCAT.byteSize),
            "licence": self.licence(node),
            "uri": str(node) if isinstance(node, URIRef) else None,
            "checksum": checksum
            and (SUMS.get(self.graph.value(checksum, SPDX.algorithm)), self.one(checksum, SPDX.checksumValue)),
        }


def is_address(text):
    return bool(re.fullmatch(r"https://[^\s/]+\.[a-z]{2,}(/\S*)?", str(text)))


def of_types(what, found, types):
    for name, kind in types.items():
        if not isinstance(found[name], kind) or found[name] == "":
            yield f"{what}: {name} is {found[name]!r}"


def wrong(found, publication):
    yield from of_types("data set", found, DATASET)
    for name in ("identifier", "uri", "remote_url", "schema"):
        if not is_address(found[name]):
            yield f"data set: {name}: {found[name]} may be that of any other publication"
    if found["frequency"] not in KNOWN_FREQUENCIES:
        yield f"data set: frequency {found['frequency']}"
    if found["contact"] and not ("@" in found["contact"][1] and all(isinstance(part, str) for part in found["contact"])):
        yield f"data set: contact {found['contact']}"
    if found["temporal"] and not all(isinstance(day, datetime.date) for day in found["temporal"]):
        yield f"data set: temporal coverage {found['temporal']}"
    if not found["tags"] or any(not 3 <= len(tag) <= 96 for tag in found["tags"]):
        yield f"data set: tags {found['tags']}"
    for literal in found["spatial"] or [None]:
        if literal is None or shapely.from_wkt(literal.toPython().strip().upper(), on_invalid="ignore") is None:
            yield f"data set: spatial coverage {literal}"
    resources = found["resources"]
    if len({resource["url"] for resource in resources}) != len(resources) or len(resources) < 4:
        yield f"{len(resources)} resources, some at one address"
    for resource in resources:
        what = f"resource {resource['url']}"
        yield from of_types(what, resource, RESOURCE)
        if not is_address(resource["url"]):
            yield f"{what}: no address on the web"
        if "/" not in str(resource["mime"]) or "://" in str(resource["mime"]):
            yield f"{what}: mime {resource['mime']}"
        if not re.fullmatch(r"[A-Z_]+", str(resource["format"])):
            yield f"{what}: format {resource['format']}"
        if resource["checksum"] and not all(isinstance(part, str) for part in resource["checksum"]):
            yield f"{what}: the sum {resource['checksum']} cannot be stored"
        file = publication / str(resource["url"]).rsplit("/", 1)[-1]
        if not file.is_file() or file.stat().st_size != resource["size"]:
            yield f"{what}: {resource['size']} bytes are not those of {file.name}"


def faults(publication):
    seen = []
    for name, form in ("catalogue.ttl", "turtle"), ("catalogue.jsonld", "json-ld"):
        harvest = Harvest(publication, name, form)
        datasets = list(harvest.graph.subjects(RDF.type, DCAT.Dataset))
        if len(datasets) != 1:
            yield f"{publication}: {name}: {len(datasets)} data sets"
            continue
        seen.append(harvest.dataset(datasets[0]))
        yield from (f"{publication}: {name}: {fault}" for fault in wrong(seen[-1], publication))
    if len(seen) == 2 and seen[0] != seen[1]:
        yield f"{publication}: the two forms of the catalogue are not harvested alike"


verdict(fault for publication in map(Path, sys.argv[1:]) for fault in faults(publication))
