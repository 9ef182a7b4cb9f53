"""Judges the catalogue by the shapes of DCAT-AP, and its two forms by each other: catalogue.py SHAPES PUBLICATION…"""

import sys
from pathlib import Path

from faults import verdict
from pyshacl import validate
from rdflib import Graph, Literal
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, RDF, RDFS, SH

shapes, *publications = map(Path, sys.argv[1:])
shapes = Graph().parse(shapes)


def faults(publication):
    # Where the package has no address of its own, its IRIs are relative to the place of the file.
    graph, twin = Graph(), Graph()
    for catalogue, name in (graph, "catalogue.ttl"), (twin, "catalogue.jsonld"):
        catalogue.parse(publication / name, publicID=(publication / name).resolve().as_uri())
    if not isomorphic(graph, twin):
        yield f"{publication}: catalogue.ttl and catalogue.jsonld do not say the same"
    for kind, least in (DCAT.Catalog, 1), (DCAT.Dataset, 1), (DCAT.Distribution, 4):
        if len(set(graph.subjects(RDF.type, kind))) < least:
            yield f"{publication}: fewer than {least} of {kind}"
    # All that can be named is an rdfs:Resource; nothing else is taken as known.
    for thing in {thing for triple in graph for thing in triple if not isinstance(thing, Literal)}:
        graph.add((thing, RDF.type, RDFS.Resource))
    _, report, _ = validate(graph, shacl_graph=shapes, advanced=True)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        parts = [report.value(result, part) for part in (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)]
        yield f"{publication}: " + ", ".join(str(part) for part in parts if part is not None)


verdict(fault for publication in publications for fault in faults(publication))
