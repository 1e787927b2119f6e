#!/usr/bin/env python3
"""Plays the transcripts of a folder and compares what the commands print and how they end.

usage: transcripts.py SAMEBITS CASE_FOLDER [--update] [--git-server PROGRAM]

A case is one text file, a session as a terminal shows it, in a fresh world (world.py):

    # What it shows.
    $ release 1.0.0 --gitops gitops.git
    2> error: gate 'preprod-tests' is missing for commit <MAIN> ...
    [exit 10]

Lines that begin with `$ ` are arguments of samebits, with the words of a shell; `! ` runs a line of the shell instead.
`< ` lines below a command are its standard input. Standard output comes first, then standard error behind `2> `, then
the exit status where it is not 0. Commits are written <NAME>, digests and ids that differ from run to run <digest>, <id>, times
<time>, the world's folder <here>. A session that speaks of <server> has the world's repositories behind a Git server
with TLS too: that is its URL, and <TOKEN> the variable for its token. With --update (or SAMEBITS_UPDATE_GOLDEN=1) files are rewritten; read the diff.
"""
import argparse
import difflib
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

from world import World


def hide(world, text):
    """Replaces what is different in every run."""
    if world.server:
        text = text.replace(world.url, "<server>").replace(world.url.split("//")[1], "<authority>")
        text = text.replace(world.token, "<TOKEN>")
    text = text.replace(str(world.folder), "<here>")
    for name, commit in world.commits.items():
        text = text.replace(commit, f"<{name}>").replace(commit[:7], f"<{name}:7>")
    text = re.sub(r"sha256:[0-9a-f]{64}", "<digest>", text)
    text = re.sub(r"sha256:[0-9a-f]{12}", "<digest:12>", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>", text)
    text = re.sub(r"\b[0-9a-f]{64}\b", "<id64>", text)
    text = re.sub(r"\b[0-9a-f]{40}\b", "<id>", text)
    return re.sub(r"(commit +)[0-9a-f]{7} on", r"\1<id:7> on", text)


def show(world, text):
    if world.server:
        text = text.replace("<server>", world.url).replace("<TOKEN>", world.token)
    return re.sub(r"<([A-Z]+)>", lambda match: world.commits.get(match[1], match[0]), text)


def ending(text):
    return text if not text or text.endswith("\n") else text + "\n"


def play(world, line, stdin):
    """The output of one line of a transcript."""
    words = show(world, line[2:])
    if line.startswith("! "):
        done = subprocess.run(["bash", "-c", words], cwd=world.folder, env={**world.environment, "SB": world.samebits},
                              capture_output=True, timeout=120, input=stdin.encode())
    else:
        arguments = [word.encode("utf-8", "surrogateescape") for word in shlex.split(words)]
        done = world.run(*arguments, input=stdin.encode())
    out = ending(done.stdout.decode("utf-8", "backslashreplace"))
    errors = "".join(f"2> {said}\n" for said in done.stderr.decode("utf-8", "backslashreplace").splitlines())
    return hide(world, out + errors) + (f"[exit {done.returncode}]\n" if done.returncode else "")


def begins_something(lines, i):
    return lines[i].startswith(("$ ", "! ")) or (lines[i].startswith("# ") and not lines[i - 1])


def replay(world, text):
    """The transcript as it is now."""
    out = []
    lines = text.splitlines()
    i = 0
    while i < len(lines):
        line = lines[i]
        i += 1
        if line.startswith("#") or not line:
            out.append(line + "\n")
            continue
        if not line.startswith(("$ ", "! ")):
            continue  # what an earlier run printed
        out.append(line + "\n")
        stdin = ""
        while i < len(lines) and lines[i].startswith("< "):
            stdin += show(world, lines[i][2:]) + "\n"
            out.append(lines[i] + "\n")
            i += 1
        out.append(play(world, line, stdin))
        if i < len(lines):
            while i < len(lines) and not begins_something(lines, i):
                i += 1
            out.append("\n")
    return re.sub(r"\n{3,}", "\n\n", "".join(out)).rstrip("\n") + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samebits", type=pathlib.Path)
    parser.add_argument("cases", type=pathlib.Path, nargs="+")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--git-server", type=pathlib.Path)
    options = parser.parse_args()
    update = options.update or os.environ.get("SAMEBITS_UPDATE_GOLDEN") == "1"
    wrong = 0
    for case in options.cases:
        with tempfile.TemporaryDirectory() as folder:
            before = case.read_text()
            world = World(options.samebits.resolve(), folder).build()
            if "<server>" in before:
                world.serve(options.git_server.resolve())
            try:
                after = replay(world, before)
            finally:
                world.close()
        if before == after:
            continue
        if update:
            case.write_text(after)
            continue
        wrong += 1
        sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), after.splitlines(True), str(case), "now"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
