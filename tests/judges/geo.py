"""Reads ptce.parquet with pyarrow and geopandas: lists are lists, points are those of the table: geo.py PUBLICATION…"""

import csv
import sys
from pathlib import Path

import geopandas
import pyarrow.parquet
from faults import verdict


def faults(publication):
    file = publication / "ptce.parquet"
    schema = pyarrow.parquet.read_schema(file)
    lists = [field.name for field in schema if str(field.type).startswith("list")]
    if "thematiques" not in lists:
        yield f"{publication}: no list of themes, but {lists}"
    compression = pyarrow.parquet.ParquetFile(file).metadata.row_group(0).column(0).compression
    if compression == "UNCOMPRESSED":
        yield f"{publication}: not compressed"
    with open(publication / "ptce.csv", newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    points = geopandas.read_parquet(file)
    if points.crs is None or points.crs.to_authority() not in {("OGC", "CRS84"), ("EPSG", "4326")}:
        yield f"{publication}: the points are in {points.crs}"
    for number, (row, point) in enumerate(zip(rows, points.geometry), 2):
        expected = (float(row["longitude"]), float(row["latitude"])) if row["latitude"] else None
        found = (point.x, point.y) if point is not None else None
        if found != expected:
            yield f"{publication}: line {number}: {found} instead of {expected}"


verdict(fault for publication in map(Path, sys.argv[1:]) for fault in faults(publication))
