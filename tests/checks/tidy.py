#!/usr/bin/env python3
"""Runs clang-tidy-16 over what the compile database lists; what was clean before is skipped.

usage: tidy.py BUILD
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
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


def main():
    tidy = shutil.which("clang-tidy-16")
    if tidy is None:
        print("clang-tidy-16 is missing")
        return 77
    top = pathlib.Path(__file__).resolve().parents[2]
    build = pathlib.Path(sys.argv[1]).resolve()
    clean = clean_folder()
    version = subprocess.run([tidy, "--version"], capture_output=True, check=True).stdout
    headers = headers_of(top, build)
    database = build / "tidy-database"
    database.mkdir(exist_ok=True)
    entries = []
    for entry in json.loads((build / "compile_commands.json").read_text()):
        name = os.path.relpath(entry["file"], top)
        if not name.startswith(FOLDERS) or "cmake_pch" in name:
            continue
        words = shlex.split(entry["command"])
        launcher = next((i for i, word in enumerate(words) if word.endswith("/ccache")), -1)
        words = words[launcher + 1:]
        # Headers that gcc precompiled are not for clang.
        words = [word for i, word in enumerate(words)
                 if word != "-Winvalid-pch" and "cmake_pch" not in word and not (word == "-include" and "cmake_pch" in words[i + 1])]
        entries.append({**entry, "command": shlex.join(words)})
    (database / "compile_commands.json").write_text(json.dumps(entries))

    def check(entry):
        path = pathlib.Path(entry["file"])
        words = shlex.split(entry["command"])
        stamp = clean / state_of(top, path, words, headers[words[words.index("-o") + 1]], version)
        if stamp.exists():
            return ""
        run = subprocess.run([tidy, "-p", str(database), "--quiet", str(path)], capture_output=True, text=True)
        if run.returncode == 0:
            stamp.touch()
            return ""
        return run.stdout

    findings = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for report in filter(None, pool.map(check, entries)):
            findings += 1
            print(report, flush=True)
    print(f"clang-tidy: {len(entries) - findings} files are clean, {findings} are not")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
