"""Ratios of values edits to yaml-cpp's bare event parse of the same bytes. usage: values_ratios.py BENCH_VALUES

BENCH_VALUES should be built with cmake/release.cmake. Medians of processor time from
one run, in which the benchmarks take turns, so that a busy machine slows all alike.
"""
import json
import os
import resource
import subprocess
import sys


def main():
    answer = subprocess.run([sys.argv[1], "--benchmark_format=json", "--benchmark_repetitions=9",
                             "--benchmark_min_time=0.05", "--benchmark_enable_random_interleaving=true",
                             "--benchmark_report_aggregates_only=true"],
                            check=True, capture_output=True)
    median = {entry["run_name"]: entry["cpu_time"] / 1000 for entry in json.loads(answer.stdout)["benchmarks"]
              if entry["aggregate_name"] == "median"}
    print("%d processors, medians of 9, milliseconds of processor time" % os.cpu_count())
    for lines in (30, 1000, 37500, 375000):
        bare, edit = median["bare_parse/%d" % lines], median["edit/%d/1" % lines]
        print("%7d lines: bare parse %.2f, one edit %.2f = %.2f x" % (lines, bare, edit, edit / bare))
    for lines in (37500, 375000):
        one, many = median["edit/%d/1" % lines], median["edit/%d/1000" % lines]
        print("%7d lines: 1,000 edits in one pass %.2f = %.2f x one edit" % (lines, many, many / one))
    growth = median["edit/375000/1"] / median["edit/37500/1"]
    print("ten times the bytes: %.1f x the time of one edit" % growth)
    print("peak memory of the whole run: %.0f MB" % (resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024))
    return 0


if __name__ == "__main__":
    sys.exit(main())
