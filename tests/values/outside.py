"""Edits files and cases that are not the project's own, and ships none of them.

usage: outside.py PROGRAM --cases FOLDER    folders with before.yaml, case.json and after*.yaml, or no after: refused
       outside.py PROGRAM --files FOLDER    every *.yaml: sets each image tag and the first scalar
Each file is edited as it is, with CRLF, with a byte order mark and without its final line break. An edit must give
exactly the wanted bytes; a refusal is counted by its reason. PyYAML's marks say where the scalar is.
"""
import argparse
import collections
import json
import pathlib
import sys

import yaml

from edit_program import EditProgram
from made_files import path_text

BOM = b"\xef\xbb\xbf"
NEW = "v9.9.9-test"


def variants(data):
    yield "as it is", data
    if b"\r" not in data:
        yield "CRLF", data.replace(b"\n", b"\r\n")
    if not data.startswith(BOM):
        yield "BOM", BOM + data
    if data.endswith(b"\n") and not data.endswith(b"\n\n"):
        yield "no final line break", data[:-1]


def scalars_of(node, path=()):
    """(path, node) of plain and quoted scalars on one line, outside of aliases."""
    if isinstance(node, yaml.MappingNode):
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, child in node.value:
            if isinstance(key, yaml.ScalarNode) and names.count(key.value) == 1 and key.value != "<<":
                yield from scalars_of(child, path + (key.value,))
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from scalars_of(child, path + (index,))
    elif node.start_mark.line == node.end_mark.line and (node.style in ("'", '"') or node.value):
        yield path, node


def targets_of(text):
    """Where a file is edited: every `tag` of an image, or else its first scalar."""
    try:
        documents = list(yaml.compose_all(text, yaml.CSafeLoader))
    except yaml.YAMLError:
        return None
    if len(documents) != 1 or documents[0] is None:
        return []
    scalars = list(scalars_of(documents[0]))
    tags = [(path, node) for path, node in scalars if path and path[-1] in ("tag", "newTag", "imageTag")]
    return tags or scalars[:1]


def wanted_bytes(text, node):
    quote = node.style or ""
    start = node.start_mark.index
    while text[start] in "&!":  # an anchor or a tag stands before the value
        start = text.index(" ", start) + 1
    return text[:start] + quote + NEW + quote + text[node.end_mark.index:]


class Outside:
    def __init__(self, program):
        self.program = EditProgram(program)
        self.exact = collections.Counter()
        self.refused = collections.defaultdict(list)
        self.failures = 0

    def fail(self, name, why):
        self.failures += 1
        print("%s: %s" % (name, why))

    def file(self, name, data):
        try:
            targets = targets_of(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            targets = None
        for variant, changed in variants(data):
            if targets is None:
                error, _ = self.program.edit(changed, [{"action": "create", "path": "samebits-added", "value": "x"}])
                if error:
                    self.refused[error["message"]].append("%s (%s)" % (name, variant))
                continue
            text = changed.decode("utf-8-sig")
            for path, node in targets_of(text):
                error, after = self.program.edit(changed, [{"action": "set", "path": path_text(path), "value": NEW}])
                wanted = (BOM if changed.startswith(BOM) else b"") + wanted_bytes(text, node).encode()
                if error:
                    self.refused[error["message"]].append("%s %s (%s)" % (name, path_text(path), variant))
                elif after == wanted:
                    self.exact[variant] += 1
                else:
                    self.fail(name, "%s as %s is not exact" % (path_text(path), variant))

    def case(self, folder):
        case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        before = (folder / "before.yaml").read_bytes()
        value = json.loads(case["value"]) if case.get("type") == "raw" else case.get("value")
        action = "delete" if case["op"] == "delete" else "create"
        error, after = self.program.edit(before, [{"action": action, "path": case["path"], "value": value}])
        wanted = [file.read_bytes() for file in folder.glob("after*.yaml")]
        if case["expect"] == "ok" and not (error and case.get("may_refuse")):
            if error:
                self.fail(folder.name, "refused: %s" % error["message"])
            elif after not in wanted:
                self.fail(folder.name, "gave %r" % after)
            self.exact["case"] += not error and after in wanted
        elif error:
            self.refused[error["message"]].append(folder.name)
        else:
            self.fail(folder.name, "was not refused: %r" % after)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--cases", type=pathlib.Path)
    parser.add_argument("--files", type=pathlib.Path)
    options = parser.parse_args()
    outside = Outside(options.program)
    for file in sorted(options.files.rglob("*.yaml")) if options.files else []:
        outside.file(str(file.relative_to(options.files)), file.read_bytes())
    for folder in sorted(path.parent for path in options.cases.glob("*/case.json")) if options.cases else []:
        outside.case(folder)
    print("exact: %s" % dict(outside.exact))
    for reason, names in sorted(outside.refused.items(), key=lambda item: -len(item[1])):
        print("refused %d x: %s, as in %s" % (len(names), reason, names[0]))
    return 1 if outside.failures or not outside.exact else 0


if __name__ == "__main__":
    sys.exit(main())
