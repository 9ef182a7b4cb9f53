"""Judges descriptors by the JSON Schema of their profile: descriptor.py PROFILE DESCRIPTOR…"""

import json
import sys
from pathlib import Path

from faults import verdict
from jsonschema.validators import validator_for

profile, *descriptors = map(Path, sys.argv[1:])
schema = json.loads(profile.read_bytes())
kind = validator_for(schema)
kind.check_schema(schema)
judge = kind(schema, format_checker=kind.FORMAT_CHECKER)
verdict(
    f"{descriptor}: {error.json_path}: {error.message[:200]}"
    for descriptor in descriptors
    for error in judge.iter_errors(json.loads(descriptor.read_bytes()))
)
