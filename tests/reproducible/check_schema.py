#!/usr/bin/env python3
"""check_schema.py DIRECTORY SCHEMA DOCUMENT: whether a document holds to a JSON schema, whose references lie beside it."""
import json
import os
import sys

import jsonschema

directory, name, document = sys.argv[1:]
store = {}
for entry in os.listdir(directory):
    if entry.endswith(".json"):
        with open(os.path.join(directory, entry), encoding="utf-8") as file:
            schema = json.load(file)
        store[schema.get("$id", entry)] = schema
with open(os.path.join(directory, name), encoding="utf-8") as file:
    schema = json.load(file)
with open(document, encoding="utf-8") as file:
    instance = json.load(file)
resolver = jsonschema.RefResolver(schema["$id"], schema, store)
errors = list(jsonschema.Draft7Validator(schema, resolver=resolver).iter_errors(instance))
for error in errors[:10]:
    print("/".join(map(str, error.absolute_path)), error.message[:200])
sys.exit(1 if errors else 0)
