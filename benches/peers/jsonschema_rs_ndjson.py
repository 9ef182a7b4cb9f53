#!/usr/bin/env python3
"""Validates NDJSON with jsonschema-rs: jsonschema_rs_ndjson.py SCHEMA.json FILE"""

import json
import sys

import jsonschema_rs

with open(sys.argv[1], encoding="utf-8") as schema:
    validator = jsonschema_rs.validator_for(json.load(schema), validate_formats=True)
invalid = 0
with open(sys.argv[2], "rb") as lines:
    for line in lines:
        invalid += not validator.is_valid(json.loads(line))
print(invalid)
