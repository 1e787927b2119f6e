#!/usr/bin/env python3
"""The script of 30 lines that promotes with nothing but ctypes.

usage: ctypes_example.py LIBRARY
"""
import json
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = TOP / "examples" / "python" / "promote_with_ctypes.py"


def main():
    assert len(SCRIPT.read_text(encoding="ascii").splitlines()) <= 35, "the script is no longer short"
    with tempfile.TemporaryDirectory(prefix="samebits-ctypes-") as folder:
        subprocess.run([sys.executable, TOP / "tests" / "support" / "make_pipeline.py", folder], check=True)
        _, commit = (pathlib.Path(folder) / "commits.txt").read_text(encoding="ascii").split()
        words = [sys.executable, SCRIPT, sys.argv[1], f"{folder}/gitops.git", "preprod"]
        good = subprocess.run([*words, commit], capture_output=True, text=True, check=True)
        assert json.loads(good.stdout)["images"][0]["tag"] == f"main-{commit}", good
        bad = subprocess.run([*words, "4f9d"], capture_output=True, text=True, check=False)
        assert bad.returncode == 2 and json.loads(bad.stdout)["error"]["code"] == "bad_commit_id", bad


if __name__ == "__main__":
    main()
