#!/usr/bin/env python3
"""Runs clang-tidy-16 over what the compile database lists; files that did not change since they were clean are skipped.

usage: tidy.py BUILD
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys

FOLDERS = ("lib/", "capi/", "examples/")


def state_of(top, path, command):
    """What the verdict of a file rests on: itself, all headers, the checks and how it is compiled."""
    digest = hashlib.sha256(command.encode() + (top / ".clang-tidy").read_bytes() + path.read_bytes())
    for header in sorted([*(top / "include").rglob("*.hpp"), *(top / "lib").rglob("*.hpp")]):
        digest.update(header.read_bytes())
    return digest.hexdigest()


def main():
    tidy = shutil.which("clang-tidy-16")
    if tidy is None:
        print("clang-tidy-16 is missing")
        return 77
    top = pathlib.Path(__file__).resolve().parents[2]
    build = pathlib.Path(sys.argv[1])
    clean = build / "tidy-clean"
    database = build / "tidy-database"
    clean.mkdir(exist_ok=True)
    database.mkdir(exist_ok=True)
    entries = []
    for entry in json.loads((build / "compile_commands.json").read_text()):
        name = os.path.relpath(entry["file"], top)
        if not name.startswith(FOLDERS) or "cmake_pch" in name:
            continue
        words = entry["command"].split()
        launcher = next((i for i, word in enumerate(words) if word.endswith("/ccache")), -1)
        words = words[launcher + 1:]
        # Headers that gcc precompiled are not for clang.
        words = [word for i, word in enumerate(words)
                 if word != "-Winvalid-pch" and "cmake_pch" not in word and not (word == "-include" and "cmake_pch" in words[i + 1])]
        entries.append({**entry, "command": " ".join(words)})
    (database / "compile_commands.json").write_text(json.dumps(entries))

    def check(entry):
        path = pathlib.Path(entry["file"])
        stamp = clean / state_of(top, path, entry["command"])
        if stamp.exists():
            return ""
        run = subprocess.run([tidy, "-p", str(database), "--quiet", str(path)], capture_output=True, text=True)
        if run.returncode == 0:
            stamp.touch()
            return ""
        return run.stdout

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        reports = [report for report in pool.map(check, entries) if report]
    print("\n".join(reports) or f"clang-tidy: {len(entries)} files are clean")
    return 1 if reports else 0


if __name__ == "__main__":
    sys.exit(main())
