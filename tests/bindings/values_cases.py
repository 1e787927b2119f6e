#!/usr/bin/env python3
"""The cases of values files that the library and the command line have, through the Python binding.

usage: values_cases.py FOLDER  (tests/cases/values: its README says what a case is)
"""
import json
import pathlib
import sys

import samebits


def request_of(text):
    """The arguments of edit_values that set.txt asks for."""
    lists, options, command = {"set": [], "delete": [], "append": []}, {}, "set"
    for line in text.split("\n"):
        if line in lists:
            command = line
        elif line == "--create":
            options["create"] = True
        elif line == "--through-anchor":
            options["through_anchor"] = True
        elif line.startswith("--document="):
            options["document"] = line.partition("=")[2]
        elif line:
            lists[command].append(line)
    return {**lists, **options}


def play(case):
    """What is wrong with one case; nothing where it is as it should be."""
    data = (case / "in.yaml").read_bytes()
    request = request_of((case / "set.txt").read_bytes().decode())
    wanted = case / "out.yaml"
    try:
        edit = samebits.edit_values(data, file="in.yaml", **request)
    except samebits.Error as error:
        if wanted.exists():
            return f"refused: {error}"
        expected = json.loads((case / "error.json").read_bytes())
        place = error.where
        found = {"code": error.code, "line": (place and place.line) or 0, "column": (place and place.column) or 0}
        return None if all(found[name] == expected.get(name, 0) for name in found) else f"{found} instead of {expected}"
    if not wanted.exists():
        return "not refused"
    return None if edit.data == wanted.read_bytes() else f"other bytes: {edit.data!r}"


def main():
    cases = sorted(path for path in pathlib.Path(sys.argv[1]).iterdir() if path.is_dir())
    failures = [f"{case.name}: {wrong}" for case in cases if (wrong := play(case))]
    print("\n".join(failures) or f"{len(cases)} cases")
    return 1 if failures or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
