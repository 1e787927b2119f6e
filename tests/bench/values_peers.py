"""One edit of a values file as whole processes, side by side: samebits, yq v4, ruamel.yaml, and a bare sed.

usage: values_peers.py SAMEBITS YQ [--rounds N]
YQ is mikefarah's yq v4 (`go install github.com/mikefarah/yq/v4@latest`), not Debian's program of that name.
Prints medians of user and system time together, in one run, and ratios to the fastest peer.
"""
import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

RUAMEL = ("import sys, ruamel.yaml\n"
          "y = ruamel.yaml.YAML()\ny.preserve_quotes = True\ny.width = 4096\n"
          "p = sys.argv[1]\nvalues = y.load(open(p))\nvalues['service-0']['image']['tag'] = 'v2.0.0'\ny.dump(values, open(p, 'w'))\n")


def service(number):
    return ("service-%d:\n  # How many pods run at the same time.\n  replicaCount: %d\n\n  image:\n"
            "    repository: ghcr.io/acme/service-%d\n    tag: \"v1.0.0\"  # current\n    pullPolicy: IfNotPresent\n"
            "  env:\n    - name: LOG_LEVEL\n      value: info\n  resources:\n"
            "    limits: {cpu: 500m, memory: 256Mi}\n\n\n") % (number, number % 10, number)


def cpu_of(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("samebits")
    parser.add_argument("yq")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    worst = None
    with tempfile.TemporaryDirectory() as folder:
        file = str(pathlib.Path(folder) / "values.yaml")
        tools = {
            "samebits": [options.samebits, "values", "set", file, "service-0.image.tag=v2.0.0", "--quiet"],
            "yq": [options.yq, "-i", '."service-0".image.tag = "v2.0.0"', file],
            "ruamel": [sys.executable, "-c", RUAMEL, file],
            "sed": ["sed", "-i", "0,/tag: .*/s//tag: \"v2.0.0\"/", file],
        }
        print("%d processors, median of %d rounds, user and system time in ms" % (os.cpu_count(), options.rounds))
        for lines in (30, 1000):
            content = "".join(service(i) for i in range(lines // 15))
            times = {name: [] for name in tools}
            for _ in range(options.rounds):
                for name, command in tools.items():
                    pathlib.Path(file).write_text(content, encoding="utf-8")
                    times[name].append(cpu_of(command))
            median = {name: statistics.median(values) for name, values in times.items()}
            ratio = min(median["yq"], median["ruamel"]) / median["samebits"]
            worst = ratio if worst is None else min(worst, ratio)
            print("%5d lines: %s; %.1f x faster than the fastest peer" % (
                lines, ", ".join("%s %.1f" % item for item in median.items()), ratio))
    return 0 if worst >= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
