#!/usr/bin/env python3
"""Writes the manual pages from what `--help` prints: samebits.1, and one page for each command and subcommand.

usage: make_man.py SAMEBITS [--check]

With --check it writes nothing and fails where a page is not what it would write.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def escape(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.M)


def help_of(samebits, words):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAMEBITS_")}
    return subprocess.run([samebits, *words, "--help"], check=True, capture_output=True, text=True, env=environment).stdout


def rows(lines):
    """Pairs of what stands left and right in a section of the help."""
    out = []
    for line in lines:
        left, _, right = line.strip().partition("  ")
        if line.startswith("   ") and out and not out[-1][1]:
            out[-1] = (out[-1][0], line.strip())
        else:
            out.append((left, right.strip()))
    return out


def page(samebits, words):
    title, usage, *blocks = help_of(samebits, words).strip().split("\n\n")
    name = "-".join(("samebits", *words))
    what, *more = title.split(" - ", 1)[1].split("\n")
    out = [f'.TH {escape(name.upper())} 1 "" "samebits" "User Commands"', ".SH NAME", escape(f"{name} - {what}"),
           ".SH SYNOPSIS", ".B " + escape(usage.removeprefix("Usage: "))]
    if more:
        out += [".SH DESCRIPTION", *map(escape, more)]
    for block in blocks:
        first, *lines = block.split("\n")
        if not first.endswith(":") or not lines:
            out += [".PP" if "SH NOTES" in "".join(out) else ".SH NOTES", *map(escape, block.split("\n"))]
        elif first == "Examples:":
            out += [".SH EXAMPLES", ".nf", *(escape(line.strip()) for line in lines), ".fi"]
        else:
            out += [".SH " + first[:-1].upper()]
            for left, right in rows(lines):
                out += [".TP", ".B " + escape(left), escape(right)]
    if words:
        out += [".SH SEE ALSO", ".BR samebits (1)"]
    return name, "\n".join(out) + "\n"


def commands(samebits, words=()):
    yield words
    found = re.search(r"^Commands:\n((?:  .+\n)+)", help_of(samebits, words), re.M)
    for line in found[1].splitlines() if found else ():
        if re.match(r"  \S", line):
            yield from commands(samebits, (*words, line.split()[0]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samebits", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    samebits = options.samebits.resolve()
    pages = dict(page(samebits, words) for words in commands(samebits))
    there = {path.stem: path for path in HERE.glob("*.1")}
    wrong = sorted(there.keys() - pages.keys())
    for name, text in pages.items():
        path = HERE / f"{name}.1"
        if path.exists() and path.read_text() == text:
            continue
        wrong.append(name)
        if not options.check:
            path.write_text(text)
    if not options.check:
        for name in there.keys() - pages.keys():
            there[name].unlink()
        return 0
    for name in wrong:
        print(f"examples/cli/man/{name}.1 does not agree with --help; run examples/cli/man/make_man.py SAMEBITS")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
