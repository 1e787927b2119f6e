#!/usr/bin/env python3
"""Retags an image as a whole process, side by side in one run: samebits, crane, regctl, oras, skopeo.

usage: retag.py SAMEBITS [--repeat N] [--many PROGRAM]

Needs docker-registry and skopeo (Debian); crane, regctl and oras where they are on PATH. Prints a table for one manifest
and one index, on loopback and with a round trip of 20 ms: median wall time, requests, bytes, peak memory; and whether
every tag has the source's digest. With --many also 200 tags in one process against crane in a loop.
"""
import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from runner import Runner

TOP = pathlib.Path(__file__).resolve().parents[2]
CLIENTS = {
    "samebits": "{samebits} image tag {ref} {tag}",
    "crane": "crane tag --insecure {ref} {tag}",
    "regctl": "regctl image copy {ref} {repo}:{tag}",
    "oras": "oras tag --plain-http {ref} {tag}",
    "skopeo": "skopeo copy -q --all --preserve-digests --src-tls-verify=false --dest-tls-verify=false docker://{ref} docker://{repo}:{tag}",
}


def start(command, ready, **options):
    """A server that says where it listens."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    seen = ""
    while not (found := re.search(ready, seen)):
        line = process.stdout.readline()
        if not line:
            sys.exit(f"{command[0]} did not start: {seen}")
        seen += line
    return process, int(found.group(1))


def drain(process):
    """Reads on: a server that logs would wait for ever once the pipe is full, after some hundred requests."""
    threading.Thread(target=process.stdout.read, daemon=True).start()


def as_installed(program):
    """Out of the page cache: what was just linked lies there in larger pieces, of which more counts as the program's."""
    with open(program, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


class Bench:
    def __init__(self, work, samebits):
        self.work, self.samebits, self.number = work, samebits, 0
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(work)}
        self.runner = Runner(self.environment)
        for name in CLIENTS:
            if program := samebits if name == "samebits" else shutil.which(name):
                as_installed(program)
        config = work / "registry.yml"
        config.write_text("version: 0.1\nlog: {level: info, accesslog: {disabled: true}}\n"
                          f"storage: {{filesystem: {{rootdirectory: {work / 'data'}}}}}\n"
                          'http: {addr: "127.0.0.1:0"}\n')
        self.server, self.port = start(["docker-registry", "serve", str(config)], r"listening on 127.0.0.1:(\d+)")
        drain(self.server)
        for kind in ("single", "index"):
            layout = str(work / kind)
            subprocess.run([str(TOP / "examples/images/make_image.py"), layout, "src", "--content", kind]
                           + (["--single"] if kind == "single" else []), check=True, stdout=subprocess.DEVNULL)
            subprocess.run(["skopeo", "copy", "-q", "--all", "--dest-tls-verify=false", f"oci:{layout}:src",
                            f"docker://127.0.0.1:{self.port}/{kind}:src"], check=True)

    def digest(self, kind, tag):
        return subprocess.run(["skopeo", "inspect", "--raw", "--tls-verify=false",
                               f"docker://127.0.0.1:{self.port}/{kind}:{tag}"], check=True, capture_output=True).stdout

    def table(self, kind, round_trip, repeat):
        proxy, port = start([sys.executable, str(TOP / "tests/servers/delay_proxy.py"), str(self.port), str(round_trip)],
                            r"port (\d+)", stdin=subprocess.PIPE)
        repo = f"127.0.0.1:{port if round_trip else self.port}/{kind}"
        if shutil.which("regctl"):
            for host in (port, self.port):
                subprocess.run(["regctl", "registry", "set", "--tls", "disabled", f"127.0.0.1:{host}"],
                               env=self.environment, check=True, capture_output=True)

        def counted():
            """Requests and bytes since it was last asked."""
            proxy.stdin.write("\n")
            proxy.stdin.flush()
            return tuple(map(int, proxy.stdout.readline().split()))

        counted()
        names = [name for name in CLIENTS if name == "samebits" or shutil.which(name)]
        rows = {name: [] for name in names}
        good = dict.fromkeys(names, True)
        for turn in range(repeat + 1):
            for name in names:
                self.number += 1
                tag = f"t{self.number}"
                # The first turn goes through the proxy to be counted, and is not timed.
                where = f"127.0.0.1:{port}/{kind}" if turn == 0 else repo
                command = CLIENTS[name].format(samebits=self.samebits, ref=f"{where}:src", repo=where, tag=tag).split()
                took, _, peak = self.runner.run(command)
                if turn == 0:
                    rows[name].append(counted())
                else:
                    rows[name].append((took, peak))
                if turn == repeat:
                    good[name] = self.digest(kind, tag) == self.digest(kind, "src")
        proxy.kill()
        print(f"\n{kind}, round trip {round_trip} ms, median of {repeat}")
        print(f"{'client':10} {'ms':>8} {'of crane':>9} {'requests':>9} {'bytes':>8} {'peak MB':>8}  same bits")
        medians = {name: statistics.median(row[0] for row in rows[name][1:]) for name in names}
        for name in names:
            ratio = f"{medians[name] / medians['crane']:.2f}" if "crane" in medians else "-"
            peak = max(row[1] for row in rows[name][1:])
            print(f"{name:10} {medians[name]:8.1f} {ratio:>9} {rows[name][0][0]:9} {rows[name][0][1]:8} {peak:8.1f}  "
                  f"{'yes' if good[name] else 'NO'}")

    def many(self, program, count=200):
        begin = time.monotonic()
        subprocess.run([program, f"127.0.0.1:{self.port}/index", "src", "many", str(count)], check=True,
                       env=self.environment)
        ours = time.monotonic() - begin
        begin = time.monotonic()
        for number in range(count):
            self.runner.run(["crane", "tag", "--insecure", f"127.0.0.1:{self.port}/index:src", f"loop{number}"])
        loop = time.monotonic() - begin
        print(f"\n{count} tags: one process {ours:.2f} s, crane in a loop {loop:.2f} s: {loop / ours:.1f} times as fast")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("samebits")
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--many")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder), os.path.abspath(options.samebits))
        try:
            for round_trip in (0, 20):
                for kind in ("single", "index"):
                    bench.table(kind, round_trip, options.repeat)
            if options.many:
                bench.many(os.path.abspath(options.many))
        finally:
            bench.server.kill()


if __name__ == "__main__":
    main()
