"""Random edits of random files, judged by readers that are not ours: PyYAML (YAML 1.1), ruamel.yaml (YAML 1.2) and,
where it is built, Helm's own (--helm PROGRAM).

usage: property.py PROGRAM [--count N] [--seconds S] [--seed N] [--helm PROGRAM] [--files FOLDER]
An accepted edit must give exactly the data that was wanted for every reader, and change no byte elsewhere. What a file
without anchors is asked for must not be refused without a reason that stands below.
"""
import argparse
import collections
import copy
import json
import os
import pathlib
import random
import subprocess
import sys
import time

import ruamel.yaml
import yaml

from edit_program import EditProgram
from made_files import make_file, path_text, place, random_edit

# Reasons that are right whatever the file looks like, by a part of the message.
REASONS = ["a whole mapping stands there", "a whole list stands there", "the value has the tag", "an explicit null",
           "an alias", "seen through the anchor", "two edits", "leads through it", "anchor", "comes in through",
           "without changing something else", "is no list", "adds to it"]


def loader_11():
    class Loader(yaml.CSafeLoader):
        pass

    def no_dates(loader, node):
        return ("date", node.value)

    Loader.add_constructor("tag:yaml.org,2002:timestamp", no_dates)
    Loader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: ("value", node.value))
    return Loader


LOADER_11 = loader_11()


def read_11(data):
    return yaml.load(data, LOADER_11)


def read_12(data):
    reader = ruamel.yaml.YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    return reader.load(data.decode("utf-8-sig"))


def same(left, right):
    numbers = (int, float)
    if type(left) in numbers and type(right) in numbers:  # Helm makes large integers floats
        return left == right or (left != left and right != right)
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(map(type, left)) == list(map(type, right)) and left.keys() == right.keys() and all(
            same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


def apply(data, edit):
    """The data that is wanted. Aliased parts are apart after the copy, as YAML readers give them."""
    path, value = edit["path"], copy.deepcopy(edit["value"])
    if edit["action"] == "create":
        parent = data
        for depth, part in enumerate(path[:-1]):
            if isinstance(parent, dict) and parent.get(part) is None:
                parent[part] = {}
            parent = parent[part]
        parent[path[-1]] = value
        return
    parent = place(data, path[:-1])
    if edit["action"] == "append":
        if parent[path[-1]] is None:
            parent[path[-1]] = []
        parent[path[-1]].append(value)
    elif edit["action"] == "delete":
        del parent[path[-1]]
    else:
        parent[path[-1]] = value


def unshared(data):
    if isinstance(data, dict):
        return {key: unshared(child) for key, child in data.items()}
    return [unshared(child) for child in data] if isinstance(data, list) else data


def changed_region(before, after):
    """(start, end before, end after) of the smallest region that differs."""
    start = 0
    limit = min(len(before), len(after))
    while start < limit and before[start] == after[start]:
        start += 1
    back = 0
    while back < limit - start and before[-1 - back] == after[-1 - back]:
        back += 1
    return start, len(before) - back, len(after) - back


def spans(data, path):
    """Characters that the node at `path` stands on, by PyYAML's marks."""
    text = data.decode("utf-8-sig")
    node = yaml.compose(text, yaml.CSafeLoader)
    for part in path:
        if isinstance(part, int):
            node = node.value[part]
        else:
            node = next(value for key, value in node.value if key.value == part)
    return text, node.start_mark.index, node.end_mark.index


def exists(data, path):
    try:
        place(data, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def touches_only(data, after, edit):
    """None, or why bytes elsewhere changed. For one edit."""
    if data == after:
        return None
    start, end, end_after = changed_region(data.decode("utf-8-sig"), after.decode("utf-8-sig"))
    if edit["action"] == "create":
        edit = {**edit, "action": "set" if exists(read_11(data), edit["path"]) else "create"}
    if edit["action"] in ("create", "append"):
        gone = data.decode("utf-8-sig")[start:end].strip()
        return None if gone in ("", "{}", "[]", "{ }", "[ ]", "}", "]") else "an insertion removed %r" % gone
    if edit["action"] == "set" and not isinstance(edit["value"], (dict, list)):
        text, first, last = spans(data, edit["path"])
        line_end = text.find("\n", last)
        if text[first:last].startswith("&") and " " not in text[first:last]:  # an empty value with an anchor
            last = len(text) if line_end < 0 else line_end
        if not text[first:last].strip(" :\r\n"):  # the mark of an empty value may be that of the next token
            first = text.rfind(":", 0, first + 1)
            last = len(text) if line_end < 0 else line_end
        limit = len(text) if line_end < 0 else line_end
        last = max(last, first + 1, limit if not text[last:limit].strip() else last)
        # Where lines repeat, the smallest region that differs is not the one that was changed: look at what must stay.
        result = after.decode("utf-8-sig")
        stays = result.startswith(text[:first]) and result.endswith(text[last:]) and len(result) >= len(text) - last + first
        return None if stays else "bytes %d to %d changed, the value is at %d to %d" % (start, end, first, last)
    return None


class HelmReader:
    """helm_reader/main.go: go-yaml as Helm uses it."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, data):
        self.process.stdin.write(b"%d\n" % len(data) + data)
        self.process.stdin.flush()
        line = self.process.stdout.readline().decode()
        if line.startswith("error"):
            raise ValueError(line.strip())
        return json.loads(line)


def vary(rng, data):
    """The same file from another editor."""
    kind = rng.random()
    if kind < 0.1 and b"\r" not in data:
        return data.replace(b"\n", b"\r\n")
    if kind < 0.2 and not data.startswith(b"\xef\xbb\xbf"):
        return b"\xef\xbb\xbf" + data
    return data.rstrip(b"\n") if kind < 0.3 else data


class Judge:
    def __init__(self, program, helm, rng, files):
        self.program = program
        self.helm = HelmReader(helm) if helm else None
        self.rng = rng
        self.files = files
        self.count = collections.Counter()

    def one(self):
        rng = self.rng
        data = rng.choice(self.files) if self.files else make_file(rng)[0]
        if self.files:
            data = vary(rng, data)
        try:
            before = read_11(data)
            before_12 = read_12(data) if rng.random() < 0.25 else None
        except (yaml.YAMLError, ruamel.yaml.error.YAMLError, ValueError):
            self.count["file unreadable"] += 1
            return None
        edits = [edit for edit in (random_edit(rng, before) for _ in range(rng.choice([1, 1, 1, 2, 3]))) if edit]
        if not edits:
            return None
        asked = [{**edit, "path": path_text(edit["path"])} for edit in edits]
        before_helm = None
        if self.helm:
            try:
                before_helm = self.helm.read(data)
            except ValueError:
                self.count["unreadable for Helm"] += 1
        error, after = self.program.edit(data, asked)
        if error:
            self.count["refused " + error["code"]] += 1
            # yaml-cpp cannot read several lines behind an anchor or a tag in a list.
            beyond = error["code"] == "invalid_yaml" and (b"- &" in data or b"- !!" in data)
            if not beyond and not any(reason in error["message"] for reason in REASONS):
                return data, asked, after, "refused: %s" % error
            return None
        self.count["accepted"] += 1
        return self.judge(data, (before, before_12, before_helm), edits, asked, after)

    def judge(self, data, before, edits, asked, after):
        readers = (("YAML 1.1", read_11), ("YAML 1.2", read_12), ("Helm", self.helm and self.helm.read))
        for (name, read), was in zip(readers, before):
            if was is None:
                continue
            wanted = unshared(was)
            try:
                for edit in sorted(edits, key=lambda e: (e["action"] == "delete", [-p if isinstance(p, int) else 0 for p in e["path"]])):
                    apply(wanted, edit)
            except (KeyError, IndexError, TypeError):
                self.count["not modelled"] += 1
                return None
            try:
                found = unshared(read(after))
            except (yaml.YAMLError, ruamel.yaml.error.YAMLError, ValueError) as failure:
                return data, asked, after, "%s cannot read it: %s" % (name, failure)
            if not same(wanted, found):
                return data, asked, after, "%s reads %r instead of %r" % (name, found, wanted)
        if len(edits) == 1:
            why = touches_only(data, after, edits[0])
            if why:
                return data, asked, after, why
        return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", type=int, default=1)
    parser.add_argument("--helm")
    parser.add_argument("--files", type=pathlib.Path, help="edit the *.yaml in this folder instead of made ones")
    options = parser.parse_args()
    if options.helm and not os.path.exists(options.helm):
        print("not run: %s is not built" % options.helm)
        return 77
    files = [file.read_bytes() for file in sorted(options.files.rglob("*.yaml"))] if options.files else []
    judge = Judge(EditProgram(options.program), options.helm, random.Random(options.seed), files)
    end = time.monotonic() + options.seconds
    failures = done = 0
    while done < options.count if options.count else time.monotonic() < end:
        done += 1
        judge.rng.seed((options.seed, done).__repr__())
        failed = judge.one()
        if failed:
            data, asked, after, why = failed
            print("seed %d, file %d: %s\nbefore %r\nedits  %r\nafter  %r\n" % (options.seed, done, why, data, asked, after),
                  flush=True)
            failures += 1
            if failures >= options.failures:
                break
    print("%d files with seed %d: %s" % (done, options.seed, dict(sorted(judge.count.items()))))
    return 1 if failures or not judge.count["accepted"] else 0


if __name__ == "__main__":
    sys.exit(main())
