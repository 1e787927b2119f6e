#!/usr/bin/env python3
"""One commit of two files to a repository behind git http-backend and nginx: samebits, and clones of every kind.

usage: git_remote.py SAMEBITS GIT_SERVER LIBGIT2_PEER [--runs N] [--sizes small,medium,large] [--folder DIR]
                     [--only compare,floor,grow,compete] [--quick]

SAMEBITS should be built with cmake/release.cmake; GIT_SERVER is the test program git_server, LIBGIT2_PEER the program
libgit2_peer. All take turns on one repository. Prints medians of whole processes, on loopback and with a round trip of
20 ms; then what of samebits's time is that of the same requests sent by nobody; then how the cost grows with the history;
then promotions a second of 1, 4 and 16 writers, who share a cache or, as on machines of their own, do not. --quick takes a
tiny repository and one run: it only shows that all works. --folder is where all is written.

samebits cold keeps nothing; moved has a cache, and others commit between its runs; warm has one and nobody does; optimistic
names its branch too, so that it need not ask where it is.
"""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from floor import Recorder, replay
from repositories import fill
from runner import Runner

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "cli"))
from world import World  # noqa: E402

# Services of 4 environments, and commits.
SIZES = {"tiny": (5, 20), "small": (50, 500), "medium": (1000, 10_000), "large": (5000, 50_000)}
EDIT = """
sed -i "s/^  tag: .*/  tag: $TAG/" values/preprod/service-demo.yaml
mkdir -p .samebits/preprod
printf '{"tag": "%s"}\\n' "$TAG" > .samebits/preprod/peer.json
git add --sparse .samebits values/preprod/service-demo.yaml
git commit -qm "Promote $TAG"
git push -q origin main
"""
PEERS = {
    "git clone": "git clone -q $URL clone && cd clone" + EDIT,
    "git clone --depth 1": "git clone -q --depth 1 $URL clone && cd clone" + EDIT,
    "partial + sparse clone": "git clone -q --depth 1 --filter=blob:none --sparse $URL clone && cd clone && "
                              "git sparse-checkout set values/preprod .samebits/preprod" + EDIT,
    "git pull in a kept clone": "cd kept && git pull -q --ff-only" + EDIT,
    "libgit2, bare clone": '"$PEER" "$URL" clone "$TAG"',
}
# What each way of samebits is given, and whether the branch is where it was when the command before ran.
OWN = {
    "samebits, cold": (["--cache", "none"], False),
    "samebits, moved": (["--cache", "kept-cache"], False),
    "samebits, warm": (["--cache", "kept-cache"], True),
    "samebits, optimistic": (["--cache", "kept-cache", "--branch", "main"], True),
}


class Remote:
    """A pipeline whose GitOps repository is large and behind a server, which is reached directly or from afar."""

    def __init__(self, samebits, server, folder, services, commits, snapshots, peer):
        folder.mkdir(parents=True)
        self.peer = str(peer)
        self.world = World(samebits, folder).build()
        fill(folder / "gitops.git", self.world.environment, services * 4, commits)
        self.world.git("clone", "-q", "gitops.git", "setup")
        setup = folder / "setup"
        for file in (setup / "samebits.yaml", *setup.glob("values/*/service-demo.yaml")):
            text = file.read_text().replace("oci:../images", f"oci:{folder}/images")
            file.write_text(text.replace("../source.git", f"{folder}/source.git"))
        self.world.git("-C", "setup", "commit", "-qam", "Name whole locations")
        self.world.git("-C", "setup", "push", "-q", "origin", "main")
        self.snapshots = self.world.more_snapshots(snapshots)
        self.server = subprocess.Popen([server, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.direct = self.server.stdout.readline().strip()
        port = self.direct.rsplit(":", 1)[1]
        self.proxy = subprocess.Popen([sys.executable, TESTS / "servers" / "delay_proxy.py", port, "20"], text=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.far = "http://localhost:" + self.proxy.stdout.readline().split()[1]
        self.world.git("clone", "-q", self.url(self.direct), "kept")
        self.runner = Runner(self.world.environment)

    def url(self, base):
        return base + "/open/gitops.git"

    def counted(self):
        self.proxy.stdin.write("\n")
        self.proxy.stdin.flush()
        return [int(word) for word in self.proxy.stdout.readline().split()]

    def close(self):
        self.runner.close()
        for process in (self.server, self.proxy):
            process.stdin.close()
        self.server.wait()
        self.proxy.kill()
        self.proxy.wait()
        for process in (self.server, self.proxy):
            process.stdout.close()

    def command(self, method, base):
        snapshot = self.snapshots.pop(0)
        if method in OWN:
            options, prepared = OWN[method]
            command = [self.world.samebits, "promote", "preprod", "--sha", snapshot, "--gitops", self.url(base), *options]
            # The first sees that others moved the branch, the second that they did not.
            for _ in range(2 if prepared else 0):
                subprocess.run([*command, "--dry-run"], cwd=self.world.folder, env=self.world.environment, check=True,
                               capture_output=True)
            self.counted()
            return command, {}
        shutil.rmtree(self.world.folder / "clone", ignore_errors=True)
        base_url = self.world.git("-C", "kept", "remote", "set-url", "origin", self.url(base)) or self.url(base)
        return ["bash", "-ec", PEERS[method]], {"URL": base_url, "TAG": "main-" + snapshot, "PEER": self.peer}

    def run(self, method, base):
        """Wall time in ms, CPU of the client in ms, peak memory in MB."""
        command, variables = self.command(method, base)
        return self.runner.run(command, self.world.folder, variables)


def compare(remote, runs, size):
    methods = [*OWN, *PEERS]
    near = {method: [] for method in methods}
    far = {method: [] for method in methods}
    counts = {}
    for _ in range(runs):
        for method in methods:
            near[method].append(remote.run(method, remote.direct))
            remote.counted()
            far[method].append(remote.run(method, remote.far))
            counts[method] = remote.counted()
    own = [statistics.median(took for took, _, _ in times["samebits, cold"]) for times in (near, far)]
    print(f"\n{size}: one commit of two files\n"
          "| method | ms | x | ms at 20 ms | x | requests | kB | client CPU ms | peak MB |\n|---|---|---|---|---|---|---|---|---|")
    for method in methods:
        wall, cpu, memory = (statistics.median(column) for column in zip(*near[method]))
        away = statistics.median(took for took, _, _ in far[method])
        requests, size_of = counts[method]
        print(f"| {method} | {wall:.0f} | {wall / own[0]:.1f} | {away:.0f} | {away / own[1]:.1f} | {requests} | "
              f"{size_of / 1000:.1f} | {cpu:.0f} | {memory:.0f} |", flush=True)


def floors(remote, runs, size):
    """samebits next to the same requests sent by nobody, on a copy of the repository as it was before."""
    print(f"\n{size}: the floor\n| method | ms | floor | ratio | ms at 20 ms | floor | ratio |\n|---|---|---|---|---|---|---|")
    kept = remote.world.folder / "before.git"
    place = remote.world.folder / "gitops.git"
    ports = [int(base.rsplit(":", 1)[1]) for base in (remote.direct, remote.far)]
    for method in OWN:
        if method == "samebits, moved":
            continue
        columns = []
        for port, base in zip(ports, (remote.direct, remote.far)):
            own, floor = [], []
            for _ in range(runs):
                # The cache is of the address that is asked.
                recorder = Recorder(port)
                through = f"http://localhost:{recorder.port}"
                command, _ = remote.command(method, through)
                recorder.sent.clear()
                shutil.rmtree(kept, ignore_errors=True)
                subprocess.run(["cp", "-al", place, kept], check=True)
                subprocess.run(command, cwd=remote.world.folder, env=remote.world.environment, check=True,
                               capture_output=True)
                recorder.close()
                made = remote.world.git("-C", "gitops.git", "rev-parse", "main")
                shutil.rmtree(place)
                kept.rename(place)
                floor.append(replay(recorder.requests(), port))
                assert remote.world.git("-C", "gitops.git", "rev-parse", "main") == made, "the replay did not land"
                own.append(remote.run(method, base)[0])
            columns += [statistics.median(own), statistics.median(floor), statistics.median(own) / statistics.median(floor)]
        print("| {} | {:.0f} | {:.0f} | {:.2f} | {:.0f} | {:.0f} | {:.2f} |".format(method, *columns), flush=True)


def grow(remotes, runs):
    print("\nsamebits, equal width, more history\n| commits | ms | requests | kB |\n|---|---|---|---|")
    for commits, remote in remotes.items():
        times, counted = [], []
        for _ in range(runs):
            times.append(remote.run("samebits, cold", remote.direct)[0])
            remote.counted()
            remote.run("samebits, cold", remote.far)
            counted.append(remote.counted())
        requests, size_of = counted[-1]
        print(f"| {commits} | {statistics.median(times):.0f} | {requests} | {size_of / 1000:.1f} |", flush=True)


PUSH_AGAIN = """
cd "writer-$WRITER"
mkdir -p values/pr
echo "$NUMBER" > "values/pr/peer-$NUMBER"
git add . && git commit -qm "Add $NUMBER"
until git push -q origin HEAD:main 2>/dev/null; do echo again >&2; git fetch -q && git rebase -q origin/main; done
"""


def run_all(promotions, writers, first, run):
    """Seconds of all, retries, and the seconds of the slowest."""
    def write(writer):
        slowest, retries = 0, 0
        for number in range(first + writer, first + promotions, writers):
            begin = time.perf_counter()
            done = run(writer, number)
            assert done.returncode == 0, done.stderr
            retries += done.stderr.count(b"attempt ") + done.stderr.count(b"again")
            slowest = max(slowest, time.perf_counter() - begin)
        return slowest, retries
    begin = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(writers) as pool:
        ended = list(pool.map(write, range(writers)))
    return time.perf_counter() - begin, sum(retries for _, retries in ended), max(slowest for slowest, _ in ended)


def race(remote, promotions, writers, first):
    """What `run_all` gives, for samebits with a cache for all, with one for each, and for fetch, rebase and push."""
    world = remote.world
    world.name_images(f"pr-{number}-{world.commits['SECOND']}" for number in range(first, first + 2 * promotions))
    for writer in range(writers):
        shutil.rmtree(world.folder / f"writer-{writer}", ignore_errors=True)
        world.git("clone", "-q", "--depth", "1", remote.url(remote.direct), f"writer-{writer}")

    def own(cache):
        return lambda writer, number: world.run(
            "preview", "up", "--pr", str(number), "--sha", world.commits["SECOND"], "--gitops", remote.url(remote.direct),
            "--branch", "main", "--cache", cache(writer), "--log-level", "info")

    def peer(writer, number):
        return subprocess.run(["bash", "-ec", PUSH_AGAIN], cwd=world.folder, capture_output=True,
                              env={**world.environment, "WRITER": str(writer), "NUMBER": str(number)})

    return (run_all(promotions, writers, first, own(lambda _: str(world.folder / "cache-of-all"))),
            run_all(promotions, writers, first + promotions, own(lambda writer: str(world.folder / f"cache-{writer}"))),
            run_all(promotions, writers, first, peer))


def compete(remote, promotions):
    print(f"\n{promotions} promotions of many writers: /s, retries, seconds of the slowest\n| writers | one cache | a cache "
          "each | fetch + rebase + push |\n|---|---|---|---|")
    first = 1000
    for writers in (1, 4, 16):
        columns = [f"{promotions / took:.1f}, {retries}, {slowest:.1f}"
                   for took, retries, slowest in race(remote, promotions, writers, first)]
        first += 2 * promotions
        print(f"| {writers} | {' | '.join(columns)} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samebits", type=pathlib.Path)
    parser.add_argument("server", type=pathlib.Path)
    parser.add_argument("peer", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", default="small,medium")
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--only", default="compare,floor,grow,compete")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.runs, options.sizes = 1, "tiny"
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        needed = options.runs * 2 * (len(PEERS) + 3 * len(OWN))
        only = options.only.split(",")
        opened = []

        def begin(name, services, commits, snapshots):
            opened.append(Remote(options.samebits.resolve(), options.server.resolve(), pathlib.Path(folder) / name,
                                 services, commits, snapshots, options.peer.resolve()))
            return opened[-1]

        try:
            for size in options.sizes.split(","):
                remote = begin(size, *SIZES[size], needed)
                if "compare" in only:
                    compare(remote, options.runs, size)
                if "floor" in only:
                    floors(remote, options.runs, size)
            width = SIZES["tiny" if options.quick else "small"][0]
            histories = (20, 40) if options.quick else (500, 50_000)
            if "grow" in only:
                grow({n: begin(f"history-{n}", width, n, options.runs * 2) for n in histories}, options.runs)
            if "compete" in only:
                compete(opened[0], 16 if options.quick else 64)
            for remote in opened:
                assert not remote.world.git("-C", "gitops.git", "fsck", "--strict", "--no-dangling")
        finally:
            for remote in opened:
                remote.close()


if __name__ == "__main__":
    main()
