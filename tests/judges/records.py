"""Judges arrays of records by the schema of one record, or of an array of them, formats included: records.py SCHEMA FILE…"""

import json
import sys
from pathlib import Path

from faults import verdict
from jsonschema import Draft202012Validator

schema, *files = map(Path, sys.argv[1:])
schema = json.loads(schema.read_bytes())
is_of_array = schema["type"] == "array"
Draft202012Validator.check_schema(schema)
judge = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def faults():
    for file in files:
        records = json.loads(file.read_bytes())
        if not records:
            yield f"{file}: no record"
        for number, record in enumerate([records] if is_of_array else records, 1):
            for error in judge.iter_errors(record):
                yield f"{file}: record {number}: {error.json_path}: {error.message[:200]}"


verdict(faults())
