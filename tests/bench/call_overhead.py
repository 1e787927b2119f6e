#!/usr/bin/env python3
"""What a call through C and Python costs more than the same C++ call, in processor time. All three are made in turn in
one process, on the same code, so that what disturbs one disturbs all: the figures are medians of the differences, round
by round, and the least time less C++'s least.

usage: call_overhead.py LIBRARY [--rounds N] [--check]
  LIBRARY   libsamebits with the functions of call_overhead.cpp
  --check   fail where C costs more than 10 microseconds or Python more than 150; for a quiet machine
"""
import argparse
import ctypes
import gc
import os
import statistics
import sys
import time

TEXT = "".join(f"key{number}:\n  tag: v1 # note {number}\n  on: true\n  list: [1, two]\n" for number in range(250)).encode()
ASSIGNMENT = "key125.tag=v2"
MOST = {"C": 10.0, "Python": 150.0}


def timed(call):
    begin = time.thread_time_ns()
    call()
    return (time.thread_time_ns() - begin) / 1e3


def measure(library, name, rounds, in_python):
    """Microseconds of each call, round by round."""
    native = {}
    for language in ("cpp", "c"):
        function = getattr(library, f"overhead_{name}_{language}")
        function.restype, function.argtypes = ctypes.c_double, [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p]
        native[language] = lambda function=function: function(TEXT, len(TEXT), ASSIGNMENT.encode())
    calls = [("C++", native["cpp"]), ("C", native["c"]), ("Python", lambda: timed(in_python))]
    times = {title: [] for title, _ in calls}
    for number in range(rounds + 3):
        # Whoever comes after another finds that one's memory warm.
        for title, call in calls[number % 3:] + calls[:number % 3]:
            taken = call()
            if number >= 3:
                times[title].append(taken)
    return times


def report(title, times):
    """Prints a line; gives what the medians of the differences are."""
    more = {}
    for language in ("C", "Python"):
        differences = [mine - cpp for mine, cpp in zip(times[language], times["C++"])]
        more[language] = statistics.median(differences)
    least = {language: min(taken) - min(times["C++"]) for language, taken in times.items() if language != "C++"}
    medians = "".join(f"{statistics.median(times[language]):>10.1f}" for language in times)
    print(f"{title:<22}{medians}   {more['C']:>8.1f} ({least['C']:.1f}){more['Python']:>12.1f} ({least['Python']:.1f})")
    return more


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("--rounds", type=int, default=600)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    os.environ["SAMEBITS_LIBRARY"] = options.library
    import samebits  # pylint: disable=import-outside-toplevel
    library = ctypes.CDLL(options.library)
    gc.disable()
    print(f"{'microseconds, medians':<22}{'C++':>10}{'C':>10}{'Python':>10}   {'C more (least)':>14}{'Python more (least)':>20}")
    results = [
        report("tag parse", measure(library, "tag", options.rounds * 10, lambda: samebits.parse_tag("v1.2.3"))),
        report("edit of 1,000 lines", measure(library, "edit", options.rounds,
                                              lambda: samebits.edit_values(TEXT, set=[ASSIGNMENT])))]
    slow = [f"{language} costs {more[language]:.1f}, more than {most}" for more in results for language, most in MOST.items()
            if more[language] > most]
    print("\n".join(slow), end="\n" if slow else "")
    return 1 if slow and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
