#!/usr/bin/env python3
"""Runs clang-tidy-16 over what the compile database lists; what was clean before is skipped.

usage: tidy.py BUILD
"""
import bisect
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

FOLDERS = ("lib/", "capi/", "examples/")


def headers_of(top, build):
    """For every object, the project's own files that went into it, as ninja saw them."""
    listed = subprocess.run(["ninja", "-C", str(build), "-t", "deps"], capture_output=True, text=True, check=True).stdout
    headers = {}
    for line in listed.splitlines():
        if line.startswith(" "):
            path = (build / line.strip()).resolve()
            if path.is_relative_to(top) and not path.is_relative_to(build):
                headers[current].append(path)
        elif ": #deps" in line:
            current = line.split(": #deps")[0]
            headers[current] = []
    return headers


def state_of(top, path, words, headers, version):
    """What the verdict of a file rests on: itself, its headers, the checks, how it is compiled and who judges."""
    digest = hashlib.sha256(version + shlex.join(words).replace(str(top), "").encode() + (top / ".clang-tidy").read_bytes())
    for file in [path, *sorted(headers)]:
        digest.update(file.relative_to(top).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def clean_folder():
    """Names of states that were clean; shared by all checkouts, so that a fresh clone need not judge them again."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(pathlib.Path.home() / ".cache")
    folder = pathlib.Path(cache) / "samebits-tidy"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Unit:
    """The sources of one folder in one file, so that clang-tidy reads and judges the headers they share once."""

    def __init__(self, folder, name, entries):
        self.path = folder / (name + pathlib.Path(entries[0]["file"]).suffix)
        self.entries = entries
        self.starts = []
        text = []
        line = 1
        for entry in entries:
            self.starts.append(line)
            content = pathlib.Path(entry["file"]).read_text()
            text.append(content)
            line += content.count("\n")
        self.path.write_text("".join(text))
        self.words = [*entries[0]["flags"], "-I" + str(pathlib.Path(entries[0]["file"]).parent)]

    def entry_at(self, line):
        return bisect.bisect_right(self.starts, line) - 1

    def told(self, output):
        """The output with the lines of the sources instead of those of the unit."""
        def place(match):
            line = int(match[1])
            at = self.entry_at(line)
            return f"{self.entries[at]['file']}:{line - self.starts[at] + 1}:"
        return re.sub(re.escape(str(self.path)) + r":(\d+):", place, output)

    def clashing(self):
        """Sources that cannot share a unit with those before them, as two helpers of one name in unnamed namespaces."""
        run = subprocess.run(["clang++-16", "-fsyntax-only", "-ferror-limit=0", *self.words, str(self.path)],
                             cwd=self.entries[0]["directory"], capture_output=True, text=True)
        lines = re.findall(re.escape(str(self.path)) + r":(\d+):\d+: error:", run.stderr)
        return sorted({self.entry_at(int(line)) for line in lines})


def units_of(folder, name, entries):
    """As few units as the names in the entries allow."""
    units = []
    while entries:
        apart = []
        unit = Unit(folder, f"{name}-{len(units)}", entries)
        while len(unit.entries) > 1 and (clashing := unit.clashing()):
            # The first one stays: it clashes with those after it, not they with it.
            clashing = [at for at in clashing if at > 0] or [len(unit.entries) - 1]
            apart += [unit.entries[at] for at in clashing]
            unit = Unit(folder, f"{name}-{len(units)}", [e for at, e in enumerate(unit.entries) if at not in clashing])
        units.append(unit)
        entries = apart
    return units


def entries_to_judge(top, build, version):
    """What the compile database lists and was not yet clean, with the flags that clang understands and the stamp to leave."""
    clean = clean_folder()
    headers = headers_of(top, build)
    entries = []
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if not os.path.relpath(path, top).startswith(FOLDERS) or "cmake_pch" in path.name:
            continue
        words = shlex.split(entry["command"])
        launcher = next((i for i, word in enumerate(words) if word.endswith("/ccache")), -1)
        words = words[launcher + 2:]
        out = words.index("-o")
        stamp = clean / state_of(top, path, words, headers[words[out + 1]], version)
        # Headers that gcc precompiled are not for clang.
        flags = [word for i, word in enumerate(words[:out])
                 if word not in ("-Winvalid-pch", "-fpch-preprocess") and "cmake_pch" not in word
                 and not (word == "-include" and "cmake_pch" in words[i + 1])]
        if not stamp.exists():
            entries.append({**entry, "flags": flags, "stamp": stamp})
    return entries


def main():
    tidy = shutil.which("clang-tidy-16")
    if tidy is None:
        print("clang-tidy-16 is missing")
        return 77
    top = pathlib.Path(__file__).resolve().parents[2]
    build = pathlib.Path(sys.argv[1]).resolve()
    version = subprocess.run([tidy, "--version"], capture_output=True, check=True).stdout
    folder = build / "tidy"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    groups = {}
    for entry in entries_to_judge(top, build, version):
        source = pathlib.Path(entry["file"])
        alone = source.stem if source.suffix == ".c" or source.parent.name == "cpp" else ""
        name = "-".join([*source.parent.relative_to(top).parts, alone])
        groups.setdefault((name, *entry["flags"]), []).append(entry)

    def check(unit):
        run = subprocess.run([tidy, "--quiet", f"--config-file={top / '.clang-tidy'}", str(unit.path), "--", *unit.words],
                             cwd=unit.entries[0]["directory"], capture_output=True, text=True)
        if run.returncode == 0:
            for entry in unit.entries:
                entry["stamp"].touch()
            return ""
        return unit.told(run.stdout or run.stderr)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda group: units_of(folder, group[0][0], group[1]), groups.items())
        units = [unit for units in found for unit in units]
        findings = 0
        for report in filter(None, pool.map(check, units)):
            findings += 1
            print(report, flush=True)
    print(f"clang-tidy: {sum(len(unit.entries) for unit in units)} files in {len(units)} units, {findings} units are not clean")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
