#!/usr/bin/env python3
"""The blocks of the README: `sh` blocks run one after the other in a small pipeline, the `cpp` block is built and run.

usage: readme.py --block cpp                         prints the block
       readme.py --samebits PROGRAM --cpp PROGRAM    runs them
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "cli"))
from world import World  # noqa: E402


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", (TOP / "README.md").read_text(), re.M | re.S)


def run_shell(world, samebits):
    """Every line must end well, but those that say `# refused`."""
    path = f"{os.path.dirname(os.path.abspath(samebits))}:{world.environment['PATH']}"
    for block in blocks("sh"):
        script = "set -euo pipefail\n" + re.sub(r"^(samebits .*?) +# refused.*$", r"if \1; then exit 99; fi", block, flags=re.M)
        done = subprocess.run(["bash", "-c", script], cwd=world.folder, env={**world.environment, "PATH": path},
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
    last = world.run("history", "prod", "--gitops", "gitops.git").stdout.decode()
    assert "release" in last and "rollback" in last, last


def run_cpp(world, program):
    done = subprocess.run([os.path.abspath(program), "gitops.git", world.commits["MAIN"]], cwd=world.folder,
                          env=world.environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sha256:" in done.stdout and "1.0.0" in done.stdout, done.stdout
    status = world.run("status", "--gitops", "gitops.git").stdout.decode()
    assert status.count("v1.0.0") == 2, status


def check_files():
    """What the README names is there."""
    text = (TOP / "README.md").read_text()
    for name in re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r"^\./(\S+)", text, re.M):
        assert "://" in name or (TOP / name).exists(), f"the README names {name}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--block")
    parser.add_argument("--samebits")
    parser.add_argument("--cpp")
    options = parser.parse_args()
    if options.block:
        found = blocks(options.block)
        assert len(found) == 1, f"the README has {len(found)} blocks of {options.block}"
        print(found[0], end="")
        return
    check_files()
    for act, program in ((run_shell, options.samebits), (run_cpp, options.cpp)):
        with tempfile.TemporaryDirectory() as folder:
            act(World(os.path.abspath(options.samebits), folder).build(), program)


if __name__ == "__main__":
    main()
