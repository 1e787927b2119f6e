#!/usr/bin/env python3
"""What a call costs beside the same C++ call; on a quiet machine C at most 10 microseconds more, Python at most 150.

usage: overhead.py PROGRAM  (capi_overhead; SAMEBITS_LIBRARY and PYTHONPATH name the binding)
"""
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import samebits


def microseconds(calls, call):
    """The median of many calls, in the best of some rounds."""
    rounds = []
    for _ in range(7):
        times = []
        for _ in range(calls):
            begin = time.perf_counter()
            call()
            times.append((time.perf_counter() - begin) * 1e6)
        rounds.append(statistics.median(times))
    return min(rounds)


def main():
    text = "".join(f"key{number}:\n  tag: v1 # note {number}\n  on: true\n  list: [1, two]\n" for number in range(250))
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "values.yaml"
        file.write_text(text, encoding="ascii")
        lines = subprocess.run([sys.argv[1], file, "key125.tag"], check=True, capture_output=True, text=True).stdout.splitlines()
    native = {name: (float(cpp), float(c)) for name, cpp, c in map(str.split, lines)}
    data = text.encode()
    python = {"tag": microseconds(2000, lambda: samebits.parse_tag("v1.2.3")),
              "edit": microseconds(50, lambda: samebits.edit_values(data, set=["key125.tag=v2"]))}
    print(f"{'microseconds':<28}{'C++':>9}{'C':>9}{'Python':>9}{'C more':>9}{'Python more':>13}")
    for name, title in (("tag", "tag parse"), ("edit", "edit of 1000 lines")):
        cpp, c = native[name]
        more = {"C": c - cpp, "Python": python[name] - cpp}
        print(f"{title:<28}{cpp:>9.1f}{c:>9.1f}{python[name]:>9.1f}{more['C']:>9.1f}{more['Python']:>13.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
