"""Judges ptce.parquet: the types that schema.json declares, the values of ptce.csv: typed_table.py PUBLICATION…"""

import csv
import json
import sys
from datetime import date
from pathlib import Path

import duckdb
from faults import verdict

TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE"}
READ = {"string": str, "integer": int, "number": float, "date": date.fromisoformat}


def faults(publication):
    fields = json.loads((publication / "schema.json").read_bytes())["fields"]
    table = duckdb.read_parquet(str(publication / "ptce.parquet"))
    columns = [(name, str(kind)) for name, kind in zip(table.columns, table.types)]
    declared = [(field["name"], TYPES[field["type"]]) for field in fields]
    # The points stand in a column of their own; a list is told by its type alone.
    lists = {name for name, kind in columns if kind == "VARCHAR[]"}
    plain = [(name, "VARCHAR" if name in lists else kind) for name, kind in columns if name != "geometrie"]
    if plain != declared:
        yield f"{publication}: {columns} instead of {declared}"
        return
    with open(publication / "ptce.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    values = table.fetchall()
    if len(values) != len(rows):
        yield f"{publication}: {len(values)} rows instead of {len(rows)}"
    for number, (row, typed) in enumerate(zip(rows, values), 2):
        for field, value in zip(fields, typed):
            text = row[field["name"]]
            expected = READ[field["type"]](text) if text else None
            if field["name"] in lists:
                value = value and "|".join(part.translate({ord(c): f"\\{c}" for c in "\\|;"}) for part in value)
            # The apostrophe keeps a spreadsheet from running a formula; a typed table needs none.
            if value != expected and text != f"'{value}":
                yield f"{publication}: line {number}: {field['name']}: {value!r} instead of {expected!r}"


verdict(fault for publication in map(Path, sys.argv[1:]) for fault in faults(publication))
