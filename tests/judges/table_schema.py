"""Judges that schema.json says what schema.data.gouv.fr asks of a schema: table_schema.py FILE…"""

import json
import sys
from pathlib import Path

from faults import verdict

SCHEMA = [
    "name", "title", "description", "version", "created", "lastModified", "homepage", "contributors", "licenses",
    "countryCode", "sources", "fields",
]
FIELD = ["name", "title", "description", "example", "type"]


def faults():
    for path in map(Path, sys.argv[1:]):
        schema = json.loads(path.read_bytes())
        yield from (f"{path}: no {key}" for key in SCHEMA if not schema.get(key))
        for field in schema["fields"]:
            missing = [key for key in FIELD if field.get(key) in (None, "")]
            yield from (f"{path}: field {field.get('name')}: no {key}" for key in missing)
        if not any(field.get("constraints") for field in schema["fields"]):
            yield f"{path}: no field has constraints"


verdict(faults())
