#!/usr/bin/env python3
"""What texts for people name is there: files that they link, commands of samebits, and nothing of one machine."""
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
MACHINE = re.compile(r"(/home/|/root/|/work/|/tmp/wt/)")


def findings_in(path):
    text = path.read_text()
    name = path.relative_to(TOP).as_posix()
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > 125 and not line.startswith("|"):
            yield f"{name}:{number}: longer than 125 characters"
        if MACHINE.search(line):
            yield f"{name}:{number}: a path of one machine"
    for link in re.findall(r"\]\(([^)#\s]+)\)", text):
        if "://" not in link and not (path.parent / link).exists():
            yield f"{name}: links {link}, which does not exist"


def main():
    listed = subprocess.run(["git", "-C", TOP, "ls-files", "*.md"], capture_output=True, text=True)
    paths = [TOP / line for line in listed.stdout.split()] or [path for path in TOP.rglob("*.md") if "build" not in path.parts]
    findings = [finding for path in paths if path.exists() for finding in findings_in(path)]
    for name in ("README.md", "CHANGELOG.md", "lib/README.md", "tests/README.md", "LICENSE"):
        if not (TOP / name).exists():
            findings.append(f"{name} is missing")
    folders = {entry.name for entry in (TOP / "lib").iterdir() if entry.is_dir()}
    map_text = (TOP / "lib" / "README.md").read_text()
    findings += [f"lib/README.md says nothing about lib/{folder}" for folder in sorted(folders)
                 if not re.search(rf"\*\*{folder}\*\*", map_text)]
    print("\n".join(findings) or "docs: good")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
