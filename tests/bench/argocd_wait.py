#!/usr/bin/env python3
"""How often, and how early, a wait returns while the old image is live: argocd's own and ours, after the same pushes.

usage: argocd_wait.py SAMEBITS GIT_SERVER [--pushes N]

Needs the Argo CD and the Kubernetes of tests/servers/build.sh; exits with 77 where they are missing. The waits of one push
run side by side. Each notes what the Deployment is at the instant it returns; the cluster tells when the new image is live.
"""
import argparse
import concurrent.futures
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "reconciler"), str(TESTS / "servers")]
from argocd_pipeline import IMAGE, Pipeline  # noqa: E402
from argocd import ArgoCd, missing  # noqa: E402


class Comparison:
    def __init__(self, pipeline):
        self.pipeline = pipeline
        app = pipeline.name + "-preprod"
        wait = pipeline.argo.command("app", "wait", app, "--sync", "--health", "--timeout", "120")
        refresh = pipeline.argo.command("app", "get", app, "--refresh")
        self.methods = {
            "`argocd app wait --sync --health`": [wait],
            "`argocd app get --refresh`, then that": [refresh, wait],
            "`samebits wait --for 0s`": [self.own("--for", "0s")],
            "`samebits wait`": [self.own()]}
        self.found = {method: [] for method in self.methods}

    def own(self, *more):
        return [self.pipeline.world.samebits, "wait", "preprod", "--gitops", self.pipeline.gitops, "--timeout", "2m", *more]

    def wait(self, method, image):
        """When it returned, and whether the new image was live then."""
        for command in self.methods[method]:
            done = subprocess.run(command, cwd=self.pipeline.world.folder, env=self.pipeline.world.environment,
                                  capture_output=True, timeout=300)
            assert done.returncode == 0, done.stderr
        returned = time.perf_counter()
        return returned, self.pipeline.live("preprod") == ({image}, True)

    def is_live(self, image):
        """When it became so; the pods of the old image may take longer than the Deployment."""
        path = self.pipeline.workload_path("preprod")
        self.pipeline.argo.cluster.wait_for(path, lambda workload: (
            workload["spec"]["template"]["spec"]["containers"][0]["image"] == image and
            workload["status"].get("observedGeneration") == workload["metadata"]["generation"] and
            workload["status"].get("updatedReplicas") == workload["status"].get("availableReplicas") ==
            workload["status"].get("replicas") == workload["spec"]["replicas"]), seconds=120)
        return time.perf_counter()

    def push(self, methods):
        commit, _ = self.pipeline.promote()
        image = f"{IMAGE}:main-{commit}"
        pushed = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            live = pool.submit(self.is_live, image)
            waits = {method: pool.submit(self.wait, method, image) for method in methods}
            for method, wait in waits.items():
                returned, was_live = wait.result()
                self.found[method].append((returned - pushed, was_live, live.result() - returned))

    def table(self):
        print("| wait | pushes | returned on the old image | returned after, s | before the new image was live, s |\n"
              "|---|---|---|---|---|")
        for method, results in self.found.items():
            early = [ahead for _, was_live, ahead in results if not was_live]
            lead = f"{statistics.median(early):.2f} (at most {max(early):.2f})" if early else "never"
            after = statistics.median(took for took, _, _ in results)
            print(f"| {method} | {len(results)} | {len(early)} | {after:.2f} | {lead} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samebits", type=pathlib.Path)
    parser.add_argument("git_server", type=pathlib.Path)
    parser.add_argument("--pushes", type=int, default=20)
    options = parser.parse_args()
    if missing():
        print(f"not run: missing is {', '.join(missing())}; tests/servers/build.sh makes it")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder, ArgoCd(folder) as argo:
        place = pathlib.Path(folder) / "pipeline"
        place.mkdir()
        with Pipeline(argo, options.samebits.resolve(), options.git_server.resolve(), place, "bench") as pipeline:
            pipeline.begin()
            comparison = Comparison(pipeline)
            for _ in range(options.pushes):
                comparison.push(comparison.methods)
            comparison.table()


if __name__ == "__main__":
    main()
