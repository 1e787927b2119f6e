#!/usr/bin/env python3
"""One release, as samebits makes it and as a workflow does that calls one program after another, side by side in one run.

usage: release.py SAMEBITS GIT_SERVER GITHUB_SERVER [--runs N] [--folder DIR] [--quick]

SAMEBITS should be built with cmake/release.cmake; GIT_SERVER and GITHUB_SERVER are the test programs git_server and
github_server. Both ways speak to servers of one kind, each to a repository of its own: GitHub's double, Debian's
docker-registry, and git http-backend behind nginx. The workflow is the usual one: ask for the check, `crane tag`, clone,
`yq -i`, commit, push, make the release; skopeo and sed do it where crane and yq v4 are not on PATH. It looks neither at who
posted the check nor at what a tag points to before it moves it, so that it has less to ask.

Prints, step by step, the requests and how long the client waited for them; then wall times of whole releases, on loopback
and with a round trip of 20 ms. --quick takes a tiny repository and one run: it only shows that all works. Exits with 77
where a program is missing, whose name it says.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from exchanges import Exchanges, waited
from repositories import fill

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "cli"), str(TESTS / "servers")]
from processes import end_with_parent  # noqa: E402
from world import MAKE_IMAGE, environment  # noqa: E402

NEEDED = ("curl", "docker-registry", "git", "jq", "nginx", "skopeo")
CHECK = "CD / Preprod Tests"
MOST_REQUESTS = 14
WORKFLOW = """
forge() { curl -sS --fail -H "Authorization: Bearer $TOKEN" -H "Accept: application/vnd.github+json" "$@"; }
over() { echo "$EPOCHREALTIME" >&2; }
over
wanted='[.check_runs[] | select(.name == "CD / Preprod Tests")] | first | .conclusion'
[ "$(forge "$API/commits/main/check-runs" | jq -r "$wanted")" = success ]
over
RETAG
over
git clone -q --depth 1 "$GITOPS" clone
cd clone
for environment in prod dev; do EDIT; done
git commit -qam "Release $TAG"
git push -q origin main
over
forge -X POST "$API/releases" -d "{\\"tag_name\\": \\"$TAG\\", \\"generate_release_notes\\": true}" >release.json
over
"""
RETAG = {"crane": 'crane tag --insecure "$IMAGE:main-$SHA" "$TAG"',
         "skopeo": 'skopeo copy -q --all --preserve-digests --src-tls-verify=false --dest-tls-verify=false '
                   '"docker://$IMAGE:main-$SHA" "docker://$IMAGE:$TAG"'}
EDIT = {"yq": 'yq -i ".image.tag = \\"$TAG\\"" "values/$environment/service-demo.yaml"',
        "sed": 'sed -i "s/^  tag: .*/  tag: $TAG/" "values/$environment/service-demo.yaml"'}
POLICY = """apiVersion: samebits/v1
services:
  service-demo: {{image: "{image}", source: {{url: "{source}", branch: main, forge: github}}}}
gates:
  preprod-tests: {{check: "CD / Preprod Tests", app: samebits-gate, environment: preprod}}
release: {{gates: [preprod-tests]}}
"""
STEPS = ("gate", "image tag", "GitOps commit", "Git tag and release")
WAYS = ("samebits", "workflow")


def step_of(server, line):
    """What a request is for."""
    if server != "forge":
        return "image tag" if server == "registry" else "GitOps commit"
    for_release = re.search(r"/releases|/git/(tags|refs|ref/tags)", line)
    return "Git tag and release" if for_release else "gate"


def has_yq():
    """Another program has that name too."""
    return shutil.which("yq") and "mikefarah" in subprocess.run(["yq", "--version"], capture_output=True, text=True).stdout


def start(command, ready, **options):
    """A server that says where it listens: the process, and what it said."""
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               preexec_fn=end_with_parent, **options)
    while line := process.stdout.readline():
        if found := re.search(ready, line):
            return process, found
    sys.exit(f"{command[0]} did not start")


class Servers:
    """The registry and the Git server that all share; all that was started ends with it."""

    def __init__(self, folder, git_server):
        self.running = []
        self.folder = folder
        config = folder / "registry.yml"
        config.write_text("version: 0.1\nlog: {level: info, accesslog: {disabled: true}}\n"
                          f"storage: {{filesystem: {{rootdirectory: {folder / 'registry'}}}}}\n"
                          'http: {addr: "127.0.0.1:0"}\n')
        # It logs for ever, and nobody reads its pipe any more.
        log = (folder / "registry.log").open("w+")
        self.running.append(subprocess.Popen(["docker-registry", "serve", config], stdin=subprocess.DEVNULL, stdout=log,
                                             stderr=log, preexec_fn=end_with_parent))
        while not (said := re.search(r"listening on 127\.0\.0\.1:(\d+)", (folder / "registry.log").read_text())):
            with contextlib.suppress(subprocess.TimeoutExpired):
                sys.exit(f"docker-registry ended with {self.running[0].wait(timeout=0.05)}")
        self.registry = int(said[1])
        self.git = int(self.start([git_server, folder], r"^http://localhost:(\d+)")[1][1])

    def start(self, command, ready):
        started = start(command, ready)
        self.running.append(started[0])
        return started

    def far(self, port):
        """What is 20 ms away from that port."""
        return int(self.start([sys.executable, TESTS / "servers/delay_proxy.py", port, "20"], r"port (\d+)")[1][1])

    def close(self):
        for process in self.running:
            process.kill()
            process.wait()


class Place:
    """What one way of releasing works on: a repository at a forge, one at a registry, and one for GitOps.

    `distance` is `near`, `far`, or `watched`: there all goes by proxies that keep the requests.
    """

    def __init__(self, bench, way, distance):
        self.bench, self.way, self.distance = bench, way, distance
        self.name = f"{distance}-{way}"
        self.forge, said = bench.servers.start([bench.github_server], r"^http://127\.0\.0\.1:(\d+)(\S+) (\S+)")
        self.token = said[3]
        self.ports = {"forge": int(said[1]), "registry": bench.servers.registry, "git": bench.servers.git}
        self.own_registry = f"127.0.0.1:{bench.servers.registry}/{self.name}"
        self.own_api = f"http://127.0.0.1:{said[1]}/api/v3/repos{said[2]}"
        self.watches = {}
        if distance == "far":
            self.ports = {name: bench.servers.far(port) for name, port in self.ports.items()}
        if distance == "watched":
            self.watches = {name: Exchanges(port) for name, port in self.ports.items()}
            self.ports = {name: watch.port for name, watch in self.watches.items()}
        self.source = f"http://127.0.0.1:{self.ports['forge']}{said[2]}"
        self.api = f"http://127.0.0.1:{self.ports['forge']}/api/v3/repos{said[2]}"
        self.image = f"127.0.0.1:{self.ports['registry']}/{self.name}"
        self.gitops = f"http://localhost:{self.ports['git']}/open/{self.name}.git"
        self.environment = {**bench.environment, "TOKEN": self.token, "API": self.api, "IMAGE": self.image,
                            "GITOPS": self.gitops, f"SAMEBITS_TOKEN_127_0_0_1_{self.ports['forge']}": self.token}
        self.fill_gitops()

    def fill_gitops(self):
        work = self.bench.folder / f"work-{self.name}"
        self.bench.run([self.bench.samebits, "init", work, "--service", "service-demo", "--image", self.image, "--source",
                        self.source])
        (work / "samebits.yaml").write_text(POLICY.format(image=self.image, source=self.source))
        for command in ("init -q -b main", "add .", "commit -q -m Begin"):
            self.bench.run(["git", "-C", work, *command.split()])
        self.bench.run(["git", "clone", "-q", "--bare", work, self.bench.folder / f"{self.name}.git"])
        fill(self.bench.folder / f"{self.name}.git", self.bench.environment, *self.bench.size)

    def ask(self, path, body=None):
        request = urllib.request.Request(self.own_api + path, data=body and json.dumps(body).encode(),
                                         headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def prepare(self, content):
        """A commit of main whose image ran in preprod, and whose check passed."""
        self.forge.stdin.write("\n")
        self.forge.stdin.flush()
        self.commit = self.forge.stdout.readline().strip()
        self.bench.run(["skopeo", "copy", "-q", "--all", "--dest-tls-verify=false",
                        f"oci:{self.bench.folder / 'images'}:{content}", f"docker://{self.own_registry}:main-{self.commit}"])
        if self.way == "workflow":
            self.ask("/check-runs", {"name": CHECK, "head_sha": self.commit, "status": "completed", "conclusion": "success"})
        else:
            options = ["--sha", self.commit, "--gitops", self.gitops, "--quiet"]
            self.bench.run([self.bench.samebits, "promote", "preprod", *options], self.environment)
            self.bench.run([self.bench.samebits, "gate", "post", "--gate", "preprod-tests", "--conclusion", "success",
                            *options], self.environment)
        shutil.rmtree(self.bench.folder / "clone", ignore_errors=True)
        self.taken()

    def taken(self):
        """The requests of each step since the last time."""
        steps = {step: [] for step in STEPS}
        for server, watch in self.watches.items():
            for exchange in watch.taken():
                steps[step_of(server, exchange.line)].append(exchange)
        return steps

    def release(self, version):
        """Milliseconds of the whole release, and of the workflow's steps."""
        command = ["bash", "-euo", "pipefail", "-c", self.bench.workflow]
        if self.way == "samebits":
            command = [self.bench.samebits, "release", version, "--gitops", self.gitops, "--cache", "none", "--quiet"]
        variables = {"SHA": self.commit, "TAG": f"v{version}"}
        begin = time.perf_counter()
        words = self.bench.run(command, {**self.environment, **variables})
        took = (time.perf_counter() - begin) * 1e3
        times = [float(word) * 1e3 for word in re.findall(r"^\d+\.\d+$", words, re.M)]
        self.verify(f"v{version}")
        return took, [after - before for before, after in zip(times, times[1:])]

    def verify(self, tag):
        """Both ways come to the same."""
        digests = [self.digest(name) for name in (f"main-{self.commit}", tag)]
        assert digests[0] == digests[1], (self.name, digests)
        for where in ("prod", "dev"):
            values = self.bench.run(["git", "-C", self.bench.folder / f"{self.name}.git", "show",
                                     f"main:values/{where}/service-demo.yaml"], of="stdout")
            assert re.search(rf"^  tag: \"?{re.escape(tag)}\"?$", values, re.M), (self.name, values)
        assert self.ask("/releases")[0]["tag_name"] == tag
        assert self.ask(f"/git/ref/tags/{tag}")["ref"] == f"refs/tags/{tag}"

    def digest(self, tag):
        host, name = self.own_registry.split("/")
        kinds = "application/vnd.oci.image.index.v1+json"
        request = urllib.request.Request(f"http://{host}/v2/{name}/manifests/{tag}", method="HEAD", headers={"Accept": kinds})
        with urllib.request.urlopen(request) as answer:
            return answer.headers["Docker-Content-Digest"]


class Bench:
    def __init__(self, options, folder):
        self.folder = folder
        self.samebits, self.github_server = options.samebits.resolve(), options.github_server.resolve()
        self.environment = environment(folder)
        self.tools = ("crane" if shutil.which("crane") else "skopeo", "yq" if has_yq() else "sed")
        self.workflow = WORKFLOW.replace("RETAG", RETAG[self.tools[0]]).replace("EDIT", EDIT[self.tools[1]])
        self.size = (20, 20) if options.quick else (200, 500)
        self.servers = Servers(folder, options.git_server.resolve())

    def run(self, command, variables=None, of="stderr"):
        """What it said there."""
        done = subprocess.run([str(word) for word in command], cwd=self.folder, env=variables or self.environment,
                              capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return getattr(done, of)

    def play(self, runs):
        places = [Place(self, way, distance) for distance in ("near", "far", "watched") for way in WAYS]
        times = {place.name: [] for place in places}
        steps = {way: [] for way in WAYS}
        for number in range(runs + 1):
            content = f"build-{number}"
            self.run([sys.executable, MAKE_IMAGE, self.folder / "images", content, "--content", content])
            for place in places:
                place.prepare(content)
                took, parts = place.release(f"1.{number}.0")
                seen = place.taken()
                # The first makes what is there ever after.
                if number > 0:
                    times[place.name].append((took, parts))
                    if place.distance == "watched":
                        steps[place.way].append({step: (seen[step], waited(seen[step])) for step in STEPS})
        return times, steps


def print_steps(times, steps):
    """By step; each way's requests are the same in each run but the first, where they may not be."""
    print("| step | samebits: requests | waited, ms | workflow: requests | waited, ms | whole step, ms |\n"
          "|---|---|---|---|---|---|")
    sums = [0] * 5
    for index, step in enumerate(STEPS):
        row = []
        for way in WAYS:
            row += [max(len(run[step][0]) for run in steps[way]), statistics.median(run[step][1] for run in steps[way])]
        row.append(statistics.median(parts[index] for _, parts in times["near-workflow"]))
        sums = [total + value for total, value in zip(sums, row)]
        print("| {} | {} | {:.0f} | {} | {:.0f} | {:.0f} |".format(step, *row))
    print("| all | {} | {:.0f} | {} | {:.0f} | {:.0f} |".format(*sums))


def print_times(times, tools):
    print("\n| way | loopback, ms | x | 20 ms round trip, ms | x |\n|---|---|---|---|---|")
    medians = {name: statistics.median(took for took, _ in rows) for name, rows in times.items()}
    for way, name in zip(WAYS, ("samebits release", "workflow: curl, {}, git, {}, curl".format(*tools))):
        near, far = medians[f"near-{way}"], medians[f"far-{way}"]
        print(f"| {name} | {near:.0f} | {near / medians['near-samebits']:.2f} | {far:.0f} | "
              f"{far / medians['far-samebits']:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samebits", type=pathlib.Path)
    parser.add_argument("git_server", type=pathlib.Path)
    parser.add_argument("github_server", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    missing = [name for name in NEEDED if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing:
        print("not run: missing", ", ".join(missing))
        sys.exit(77)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        bench = Bench(options, pathlib.Path(folder))
        try:
            runs = 1 if options.quick else options.runs
            times, steps = bench.play(runs)
        finally:
            bench.servers.close()
    print(f"one release; GitOps repository of {bench.size[0]} further files and {bench.size[1]} commits; median of {runs}\n")
    print_steps(times, steps)
    print_times(times, bench.tools)
    asked = max(sum(len(run[step][0]) for step in ("gate", "Git tag and release")) for run in steps["samebits"])
    assert asked <= MOST_REQUESTS, f"{asked} requests to the forge"


if __name__ == "__main__":
    main()
