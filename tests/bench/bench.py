#!/usr/bin/env python3
"""Measures promote and release against the same steps as a shell script, side by side, and how both grow.

usage: bench.py SAMEBITS IN_PROCESS [--runs N] [--folder DIR] [--large]

SAMEBITS and IN_PROCESS (test program bench_in_process) should be built with cmake/release.cmake. Every run promotes and
releases another commit; the script, the command and the call in a running process take turns, each on repositories of its
own with the same content. Prints medians in milliseconds. --large adds repositories of 20,000 values files and 50,000
commits, which takes minutes to make. --folder is where all is written: what fsync costs depends on it.
"""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from repositories import fill

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from world import World  # noqa: E402

PROMOTE = """
git clone -q gitops.git "$CLONE"
cd "$CLONE"
sed -i "s/^  tag: .*/  tag: $TAG/" values/preprod/service-demo.yaml
git commit -qam "Promote $TAG"
git push -q origin main
"""
RELEASE = """
skopeo copy -q --all "oci:images:$SNAPSHOT" "oci:images:$TAG"
git clone -q gitops.git "$CLONE"
cd "$CLONE"
sed -i "s/^  tag: .*/  tag: $TAG/" values/prod/service-demo.yaml values/dev/service-demo.yaml
git commit -qam "Release $TAG"
git push -q origin main
"""


class Side:
    """One contender, with repositories and images of its own."""

    def __init__(self, folder, template, environment):
        shutil.copytree(template, folder, symlinks=True)
        self.folder = folder
        self.environment = environment
        self.times = {}

    def run(self, what, arguments, **variables):
        start = time.perf_counter()
        done = subprocess.run(arguments, cwd=self.folder, env={**self.environment, **variables}, capture_output=True)
        took = (time.perf_counter() - start) * 1e3
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        if what:
            self.times.setdefault(what, []).append(took)
        return took


class InProcess:
    """The calls of a program that goes on running."""

    def __init__(self, program, side):
        self.side = side
        self.process = subprocess.Popen([program, "gitops.git"], cwd=side.folder, env=side.environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def call(self, what, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        assert answer and not answer.startswith("error"), answer
        if what:
            self.side.times.setdefault(what, []).append(float(answer))


def build(samebits, folder, runs, others=50, commits=1):
    """A world whose source has `runs` commits with images, and whose GitOps repository is large."""
    folder.mkdir(parents=True)
    world = World(samebits, folder).build()
    builds = []
    for i in range(runs):
        world.git("-C", "app", "checkout", "-q", "main") if i == 0 else None
        # As everywhere else, one after the other: by their times a walk through the history knows where to end.
        world.environment["GIT_AUTHOR_DATE"] = world.environment["GIT_COMMITTER_DATE"] = f"{1_770_000_000 + 60 * i} +0000"
        world.commit("BUILD", f"Build {i}")
        world.image(f"main-{world.commits['BUILD']}", f"build {i}")
        builds.append(world.commits["BUILD"])
    world.git("-C", "app", "push", "-q", "../source.git", "main")
    fill(folder / "gitops.git", world.environment, others, commits)
    return world, builds


def compare(samebits, in_process, folder, runs):
    world, builds = build(samebits, folder / "template", runs + 1)
    sides = {name: Side(folder / name, folder / "template", world.environment)
             for name in ("script", "command", "process")}
    process = InProcess(in_process, sides["process"])
    options = ["--gitops", "gitops.git", "--quiet"]
    for i, commit in enumerate(builds):
        script, command = sides["script"], sides["command"]
        timed = "promote" if i else None  # the first fills caches
        # Clones stay: for a minute after a file is deleted, ext4 takes longer to make any new one beside it.
        script.run(timed, ["bash", "-ec", PROMOTE], TAG="main-" + commit, CLONE=f"promote{i}")
        command.run(timed, [samebits, "promote", "preprod", "--sha", commit, *options])
        process.call(timed, f"promote {commit}")
        command.run(None, [samebits, "gate", "post", "--gate", "preprod-tests", "--sha", commit, "--conclusion", "success",
                           *options])
        process.call(None, f"post {commit}")
        timed = "release" if i else None
        script.run(timed, ["bash", "-ec", RELEASE], SNAPSHOT="main-" + commit, TAG=f"v1.{i}.0", CLONE=f"release{i}")
        command.run(timed, [samebits, "release", f"1.{i}.0", *options])
        process.call(timed, f"release 1.{i}.0")
        command.run("start", [samebits, "--version"])
    print(f"{'':10}{'script':>10}{'samebits':>10}{'factor':>8}{'in process':>12}{'factor':>8}   ms, medians of {runs}")
    for what in ("promote", "release"):
        shell, whole, inside = (statistics.median(sides[name].times[what]) for name in ("script", "command", "process"))
        print(f"{what:10}{shell:10.1f}{whole:10.1f}{shell / whole:8.1f}{inside:12.2f}{shell / inside:8.1f}")
    print(f"{'start':10}{'':10}{statistics.median(sides['command'].times['start']):10.1f}")


def grow(samebits, folder, runs):
    """The same commands on a small and on a large GitOps repository, taking turns."""
    sides = {}
    for name, others, commits in (("small", 50, 1), ("large", 20_000, 50_000)):
        world, builds = build(samebits, folder / f"grow-{name}", runs + 1, others, commits)
        sides[name] = (Side(folder / f"grow-{name}-side", world.folder, world.environment), builds)
    options = ["--gitops", "gitops.git"]
    for i in range(runs + 1):
        for side, builds in sides.values():
            side.run("promote" if i else None, [samebits, "promote", "preprod", "--sha", builds[i], *options])
            side.run("history" if i else None, [samebits, "history", "preprod", *options])
            side.run("deployed-in" if i else None,
                     [samebits, "gate", "show", "--sha", builds[i], "--gate", "ran-in-preprod", *options])
    print(f"\n{'':14}{'small':>10}{'large':>10}{'factor':>8}   ms; 50 files, 1 commit; 20,000 files, 50,000 commits")
    for what in ("promote", "history", "deployed-in"):
        small, large = (statistics.median(sides[name][0].times[what]) for name in ("small", "large"))
        print(f"{what:14}{small:10.1f}{large:10.1f}{large / small:8.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samebits", type=pathlib.Path)
    parser.add_argument("in_process", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--folder")
    parser.add_argument("--large", action="store_true")
    options = parser.parse_args()
    samebits, in_process = str(options.samebits.resolve()), str(options.in_process.resolve())
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        # ext4 then keeps what is in each of its folders apart: what one contender deletes slows no other one down.
        subprocess.run(["chattr", "+T", folder], stderr=subprocess.DEVNULL)
        compare(samebits, in_process, pathlib.Path(folder), options.runs)
        if options.large:
            grow(samebits, pathlib.Path(folder), options.runs)
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
