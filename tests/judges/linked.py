"""Judges the records as linked data: linked.py SHAPES PUBLICATION…

What is parsed is what the table says; its terms are those of the vocabularies, as far as rdflib knows them; it keeps to the
shapes, which say what the ranges of ORG, of the Core Vocabularies of SEMIC and of ADMS are.
"""

import csv
import sys
from pathlib import Path

from faults import verdict
from pyshacl import validate
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, FOAF, ORG, RDF, RDFS, SH, SKOS

shapes, *publications = map(Path, sys.argv[1:])
shapes = Graph().parse(shapes)


def rows(file):
    with open(file, newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def faults(publication):
    file = publication / "ptce.jsonld"
    graph = Graph().parse(file, format="json-ld", publicID=file.resolve().as_uri())
    hubs = {str(graph.value(hub, DCTERMS.identifier)): hub for hub in graph.subjects(RDF.type, ORG.OrganizationalCollaboration)}
    table = {row["id"]: row for row in rows(publication / "ptce.csv")}
    if set(hubs) != set(table):
        yield f"{file}: the hubs are not those of the table"
    partners = [row["ptce_id"] for row in rows(publication / "partenaires.csv") if row["nom"] and not row["nom"].startswith("[")]
    for name, row in table.items():
        hub = hubs.get(name)
        if row["nom"] and str(graph.value(hub, SKOS.prefLabel)) != row["nom"]:
            yield f"{file}: {name}: another name"
        members = len(list(graph.objects(hub, ORG.hasMember)))
        if members != partners.count(name) + bool(row["coordinateur_nom"] or row["coordinateur_siren"] or row["coordinateur_siret"] or row["coordinateur_rna"]):
            yield f"{file}: {name}: {members} members"
    for term in set(graph.predicates()) | set(graph.objects(None, RDF.type)):
        for vocabulary in ORG, SKOS, DCTERMS, FOAF, RDFS:
            if isinstance(term, URIRef) and term.startswith(str(vocabulary)) and term not in vocabulary:
                yield f"{file}: {term} is in no vocabulary"
    _, report, _ = validate(graph, shacl_graph=shapes)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        parts = [report.value(result, part) for part in (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)]
        yield f"{file}: " + ", ".join(str(part) for part in parts if part is not None)


verdict(fault for publication in publications for fault in faults(publication))
