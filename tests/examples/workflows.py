#!/usr/bin/env python3
"""The workflows of examples/github-actions: rules that hold for all of them, and with --lint actionlint's own.

usage: workflows.py FOLDER [--lint]
"""
import os
import pathlib
import re
import subprocess
import sys

NOT_RUN = 77


def scripts(text):
    """The blocks below `run:`, each with its indented lines."""
    for found in re.finditer(r"^( *)(?:- )?run:(.*(?:\n\1 +.*|\n)*)", text, re.M):
        yield found[2]


def faults(path):
    text = path.read_text()
    name = path.name
    for script in scripts(text):
        if "${{" in script:
            yield f"{name}: an expression inside of a script: {script.strip()[:60]}"
    for uses in re.findall(r"uses: (\S+)", text):
        if not uses.startswith("./") and not re.search("@[0-9a-f]{40}$", uses):
            yield f"{name}: {uses} is not pinned by a full commit id"
    if "github.sha" in text:
        yield f"{name}: github.sha is a test merge where a pull request is meant"
    if path.parent.name == "setup":
        return
    for wanted in ("permissions: {}", "concurrency:", "timeout-minutes:", "persist-credentials: false"):
        if wanted not in text:
            yield f"{name}: has no '{wanted}'"


def main():
    folder = pathlib.Path(sys.argv[1])
    workflows = sorted(folder.glob("*.yml"))
    found = [fault for path in [*workflows, folder / "setup" / "action.yml"] for fault in faults(path)]
    print(*found, sep="\n", end="\n" if found else "")
    if len(workflows) != 4 or found:
        return 1
    if "--lint" not in sys.argv[2:]:
        return 0
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    program = pathlib.Path(cache, "samebits-servers", "actionlint", "actionlint")
    if not program.exists():
        print("not run: actionlint is missing; tests/servers/build.sh actionlint makes it")
        return NOT_RUN
    return subprocess.run([program, *workflows], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
