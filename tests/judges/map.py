"""Judges ptce.geojson by RFC 7946, and that its points are those of the table: map.py PUBLICATION…"""

import csv
import json
import sys
from pathlib import Path

from faults import verdict
from geojson_pydantic import FeatureCollection
from pydantic import ValidationError

# West, south, east, north of the parts of France where a commune can be.
FRANCE = {
    "Hexagone et Corse": (-5.2, 41.3, 9.6, 51.1),
    "Guadeloupe, Saint-Martin, Saint-Barthélemy": (-63.2, 15.8, -60.9, 18.2),
    "Martinique": (-61.3, 14.3, -60.8, 14.9),
    "Guyane": (-54.7, 2.1, -51.6, 5.8),
    "La Réunion": (55.2, -21.4, 55.9, -20.8),
    "Mayotte": (44.9, -13.1, 45.4, -12.6),
    "Saint-Pierre-et-Miquelon": (-56.5, 46.7, -56.1, 47.2),
    "Polynésie française": (-154.8, -28.0, -134.4, -7.8),
    "Wallis-et-Futuna": (-178.3, -14.5, -176.0, -13.1),
    "Nouvelle-Calédonie": (158.0, -23.0, 172.1, -17.9),
}


def is_in_france(longitude, latitude):
    return any(
        west <= longitude <= east and south <= latitude <= north for west, south, east, north in FRANCE.values()
    )


def faults(publication):
    text = (publication / "ptce.geojson").read_bytes()
    try:
        FeatureCollection.model_validate_json(text)
    except ValidationError as error:
        yield f"{publication}: {error}"
        return
    collection = json.loads(text)
    if "crs" in collection:
        yield f"{publication}: a crs, which RFC 7946 has taken out"
    with open(publication / "ptce.csv", newline="", encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    features = {feature["id"]: feature for feature in collection["features"]}
    if list(features) != list(rows) or len(features) != len(collection["features"]):
        yield f"{publication}: the features are not the rows of the table"
    if not any(feature["geometry"] for feature in features.values()):
        yield f"{publication}: no point at all"
    for name, feature in features.items():
        row, geometry = rows.get(name, {}), feature["geometry"]
        point = geometry["coordinates"] if geometry else []
        if [str(number) for number in point] != [row[key] for key in ("longitude", "latitude") if row.get(key)]:
            yield f"{publication}: {name}: {point} is not the point of the table"
        # Neither a right-hand rule nor a cut at the antimeridian to keep: there are only points.
        if geometry and geometry["type"] != "Point":
            yield f"{publication}: {name}: {geometry['type']}"
        elif geometry and not (len(point) == 2 and is_in_france(*point)):
            yield f"{publication}: {name}: {point} is not in France"
        if point and "bbox" in feature:
            west, south, east, north = feature["bbox"]
            if not (west <= point[0] <= east and south <= point[1] <= north):
                yield f"{publication}: {name}: {point} lies out of its bbox"


verdict(fault for publication in map(Path, sys.argv[1:]) for fault in faults(publication))
