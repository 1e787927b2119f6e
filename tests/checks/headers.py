#!/usr/bin/env python3
"""Every public header compiles by itself, without a warning, with each compiler that is supported.

usage: headers.py COMPILER...      exits with 77 where a compiler is missing
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]


def check(job):
    compiler, header = job
    done = subprocess.run([compiler, *FLAGS, "-x", "c++", "-I", TOP / "include", "-"], capture_output=True, text=True,
                          input=f"#include <{header.relative_to(TOP / 'include')}>\n" * 2)
    return done.stderr if done.returncode else ""


def main():
    missing = [compiler for compiler in sys.argv[1:] if shutil.which(compiler) is None]
    if missing:
        print("missing:", *missing)
        return 77
    headers = sorted((TOP / "include").rglob("*.hpp"))
    jobs = [(compiler, header) for header in headers for compiler in sys.argv[1:]]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        reports = [report for report in pool.map(check, jobs) if report]
    print("\n".join(reports) or f"headers: {len(headers)} are good by themselves")
    return 1 if reports else 0


if __name__ == "__main__":
    sys.exit(main())
