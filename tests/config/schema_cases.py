#!/usr/bin/env python3
"""The published schema, read by a program that is not ours, takes every samebits.yaml that the loader takes."""
import json
import pathlib
import sys

import jsonschema
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]


def main():
    schema = json.loads((TOP / "lib/json/schema/samebits.json").read_text(encoding="utf-8"))
    jsonschema.Draft4Validator.check_schema(schema)
    validator = jsonschema.Draft4Validator(schema)
    wrong, taken, refused = [], 0, 0
    for case in sorted((TOP / "tests/cases/config").iterdir()):
        accepted = not (case / "findings.txt").read_text(encoding="utf-8")
        try:
            fits = validator.is_valid(yaml.safe_load((case / "samebits.yaml").read_text(encoding="utf-8")))
        except yaml.YAMLError:
            fits = False
        if accepted and not fits:
            wrong.append(f"{case.name}: taken by the loader and refused by the schema")
        taken, refused = taken + accepted, refused + (not fits)
    if taken < 4 or refused < 10:
        wrong.append(f"too few cases: {taken} taken, {refused} refused by the schema")
    for path in sorted((TOP / "lib/json/schema").glob("*.json")):
        jsonschema.Draft4Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))
    print("\n".join(wrong) or f"schemas: good, {taken} taken, {refused} refused")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
