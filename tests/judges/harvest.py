"""Reads the catalogue as the harvester of data.gouv.fr (udata) does, and stores what it finds as it does: harvest.py PUBLICATION…

udata parses the text of the catalogue without the place where it stood (`Graph().parse(data=…)`), takes each `dcat:Dataset`,
and stores its resources in documents whose fields are texts: what rdflib turns into bytes or numbers cannot be stored
(`udata/core/dataset/rdf.py`: `resource_from_rdf`, `dataset_from_rdf`; `udata/rdf.py`: `rdf_value`, `url_from_rdf`).
"""

import sys
from pathlib import Path

from faults import verdict
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS

SPDX_CHECKSUM = URIRef("http://spdx.org/rdf/terms#checksum")
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
LICENCES = {"Licence Ouverte / Open Licence version 2.0"}


def value(graph, subject, predicate):
    found = graph.value(subject, predicate)
    return found.toPython() if isinstance(found, Literal) else found


def faults(publication):
    graph = Graph()
    graph.parse(data=(publication / "catalogue.ttl").read_text(encoding="utf-8"), format="turtle")
    datasets = list(graph.subjects(RDF.type, DCAT.Dataset))
    if len(datasets) != 1:
        yield f"{publication}: {len(datasets)} data sets"
        return
    dataset = datasets[0]
    for thing, predicate in (dataset, DCTERMS.title), (dataset, DCTERMS.description), (dataset, DCTERMS.identifier):
        if not isinstance(value(graph, thing, predicate), str):
            yield f"{publication}: {predicate} is no text"
    if not str(value(graph, dataset, DCTERMS.identifier)).startswith("https://"):
        yield f"{publication}: the identifier is one that any other publication may have"
    if not value(graph, value(graph, dataset, DCTERMS.publisher), FOAF.name):
        yield f"{publication}: no publisher"
    resources = list(graph.objects(dataset, DCAT.distribution))
    if len(resources) < 4:
        yield f"{publication}: {len(resources)} resources"
    for resource in resources:
        url = value(graph, resource, DCAT.downloadURL)
        if not str(url).startswith("https://"):
            yield f"{publication}: {resource}: {url} is no address on the web"
        mime = value(graph, resource, DCAT.mediaType)
        if not str(mime).startswith(MEDIA_TYPES):
            yield f"{publication}: {resource}: {mime} is no type of media"
        size = value(graph, resource, DCAT.byteSize)
        if not isinstance(size, int):
            yield f"{publication}: {resource}: {size!r} is no size"
        for checksum in graph.objects(resource, SPDX_CHECKSUM):
            for _, _, part in graph.triples((checksum, None, None)):
                if isinstance(part, Literal) and not isinstance(part.toPython(), str):
                    yield f"{publication}: {resource}: the sum {part!r} cannot be stored"
        licence = value(graph, resource, DCTERMS.license)
        if value(graph, licence, RDFS.label) not in LICENCES:
            yield f"{publication}: {resource}: a licence without its name"


verdict(fault for publication in map(Path, sys.argv[1:]) for fault in faults(publication))
