#!/usr/bin/env python3
"""The cases of samebits.yaml that the library has, through the Python binding.

usage: config_cases.py FOLDER  (tests/cases/config)
"""
import pathlib
import subprocess
import sys
import tempfile

import samebits

TOP = pathlib.Path(__file__).resolve().parents[2]


def findings_of(gitops, file):
    """The findings of the definition, as findings.txt has them."""
    with samebits.Client(str(gitops), config=str(file)) as client:
        report = client.check()
    return "".join(f"{finding.where['line']}:{finding.where['column']} {finding.message}\n  {finding.hint}\n"
                   for finding in report.findings
                   if finding.code == "bad_config" and finding.where and finding.where["file"] == str(file))


def main():
    failures, cases = [], sorted(pathlib.Path(sys.argv[1]).iterdir())
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, str(TOP / "tests" / "support" / "make_pipeline.py"), folder], check=True)
        for case in cases:
            found = findings_of(pathlib.Path(folder) / "gitops.git", case / "samebits.yaml")
            if found != (case / "findings.txt").read_text(encoding="utf-8"):
                failures.append(f"{case.name}:\n{found}")
    print("\n".join([*failures, f"{len(cases)} cases"]))
    return 1 if failures or len(cases) < 30 else 0


if __name__ == "__main__":
    sys.exit(main())
