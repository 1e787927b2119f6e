#!/usr/bin/env python3
"""The programs that texts for people show: C is compiled and run, Python is run or is one of the examples, which are.

usage: readmes.py COMPILER LIBRARY  (PYTHONPATH and SAMEBITS_LIBRARY name the binding)
"""
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
PLACE, COMMIT = "/srv/gitops.git", "<full commit id>"
PROGRAM = """#include <samebits.h>
#include <stdio.h>

int main(void) {
%s  return code;
}
"""


def blocks(name, language):
    found = re.findall(rf"^```{language}\n(.*?)^```$", (TOP / name).read_text(encoding="utf-8"), re.M | re.S)
    assert found, f"{name} shows no {language}"
    return found


def run_c(folder, gitops, commit, compiler, library):
    shown = blocks("capi/README.md", "c")[0]
    assert PLACE in shown and COMMIT in shown, shown
    source = folder / "shown.c"
    source.write_text(PROGRAM % shown.replace(PLACE, gitops).replace(COMMIT, commit), encoding="ascii")
    subprocess.run([compiler, "-std=c99", "-Wall", "-Wextra", "-Werror", "-I", TOP / "capi" / "include", source, library,
                    f"-Wl,-rpath,{pathlib.Path(library).parent}", "-o", folder / "shown"], check=True)
    ran = subprocess.run([folder / "shown"], capture_output=True, text=True, check=True)
    assert ran.stdout == "done\n", ran


def run_python(gitops, commit):
    for shown in blocks("bindings/python/README.md", "python"):
        assert PLACE in shown, shown
        names = {"commit": commit}
        exec(compile(shown.replace(PLACE, gitops), "README.md", "exec"), names)  # pylint: disable=exec-used
        assert names["receipt"].outcome == "unchanged" and names["edit"].data == b"image:\n  tag: v2 # keep\n"


def main():
    examples = [path.read_text(encoding="utf-8") for path in (TOP / "examples" / "python").glob("*.py")]
    for shown in blocks("README.md", "python"):
        assert any(shown in text for text in examples), f"no example is the README's:\n{shown}"
    with tempfile.TemporaryDirectory(prefix="samebits-readmes-") as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, TOP / "tests" / "support" / "make_pipeline.py", folder], check=True)
        commit = (folder / "commits.txt").read_text(encoding="ascii").split()[0]
        run_c(folder, str(folder / "gitops.git"), commit, *sys.argv[1:])
        run_python(str(folder / "gitops.git"), commit)
    print("what the texts show runs")


if __name__ == "__main__":
    main()
