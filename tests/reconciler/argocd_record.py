#!/usr/bin/env python3
"""Records what a real Argo CD sends while promotions roll out, as the cases of streams_test.cpp.

usage: argocd_record.py SAMEBITS GIT_SERVER FOLDER

FOLDER is tests/cases/reconciler; cases that are there are replaced, and their states are to be read before they are
committed. Members of an application that nobody reads are left out.
"""
import json
import pathlib
import sys
import tempfile
import threading
import urllib.request

from argocd_pipeline import IMAGE, Pipeline
from argocd import ArgoCd

UNREAD = {"metadata": ("managedFields", "uid", "creationTimestamp", "generation"),
          "status": ("controllerNamespace", "sourceHydrator", "resourceHealthSource", "sourceTypes", "history")}


class Recorder:
    """The stream of one application, from its present state until `stop`."""

    def __init__(self, pipeline, environment):
        self.application = f"{pipeline.name}-{environment}"
        request = urllib.request.Request(f"{pipeline.argo.url}/api/v1/stream/applications?name={self.application}",
                                         headers={"Authorization": f"Bearer {pipeline.argo.token}"})
        self.answer = urllib.request.urlopen(request, timeout=300)
        self.events = []
        self.begun = threading.Event()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.begun.wait()

    def read(self):
        try:
            for line in self.answer:
                if line.strip():
                    self.events.append(self.shortened(json.loads(line)))
                    self.begun.set()
        except (OSError, ValueError, AttributeError):
            # Closed from the other side or from this one.
            pass

    @staticmethod
    def shortened(event):
        application = event["result"]["application"]
        for part, names in UNREAD.items():
            for name in names:
                application.get(part, {}).pop(name, None)
        application["status"].get("sync", {}).pop("comparedTo", None)
        return event

    def stop(self):
        self.answer.fp.raw._sock.shutdown(2)
        self.reader.join()
        return self.events


def standings(pipeline, file, tag):
    """How each commit stands to a tag that was promoted."""
    found, was_there = {}, False
    for commit in pipeline.world.git("-C", "gitops.git", "rev-list", "--reverse", "main").split():
        is_there = f'"{tag}"' in pipeline.world.git("-C", "gitops.git", "show", f"{commit}:{file}")
        was_there = was_there or is_there
        found[commit] = "wanted" if is_there else "superseded" if was_there else "before"
    return found


def record(pipeline, folder, act, environment="preprod"):
    """Writes what is sent about an environment while `act` promotes and waits; it gives the tag."""
    recorder = Recorder(pipeline, environment)
    tag = act(pipeline)
    events = recorder.stop()
    file = f"values/{environment}/service-demo.yaml"
    about = {"repository": pipeline.gitops, "valuesFile": file, "image": IMAGE, "tag": tag,
             "commits": standings(pipeline, file, tag), "states": ""}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "case.json").write_text(json.dumps(about, indent=1) + "\n")
    (folder / "stream.ndjson").write_text("".join(json.dumps(event, separators=(",", ":")) + "\n" for event in events))


def promote(pipeline, *more):
    """Whatever becomes of it."""
    commit, _ = pipeline.promote()
    pipeline.run("wait", "preprod", "--timeout", "2m", *more)
    return f"main-{commit}"


def promote_with(line):
    def act(pipeline):
        pipeline.write_by_hand("preprod", line)
        return promote(pipeline)
    return act


def promote_twice(pipeline):
    commit, _ = pipeline.promote()
    promote(pipeline)
    return f"main-{commit}"


def promote_and_delete(pipeline):
    commit, _ = pipeline.promote()
    path = pipeline.application_path("preprod")
    pipeline.argo.cluster.change(path, {"metadata": {"finalizers": ["resources-finalizer.argocd.argoproj.io"]}})
    pipeline.argo.cluster.remove(path)
    pipeline.made.remove("preprod")
    pipeline.run("wait", "preprod", "--timeout", "20s")
    return f"main-{commit}"


def release_and_sync(pipeline):
    pipeline.must("release", "1.1.0")
    pipeline.must("wait", "dev", "--sync", "--timeout", "2m")
    return "v1.1.0"


def begin_release(pipeline):
    """dev runs a release, and the next one may follow."""
    for version in ("1.0.0", None):
        commit, _ = pipeline.promote("--wait", "--timeout", "2m")
        pipeline.pass_gate(commit)
        if version:
            pipeline.must("release", version)
            pipeline.make_application("dev")
            pipeline.must("wait", "dev", "--sync", "--timeout", "2m")


CASES = {"a-promotion-of-an-automatic-application": promote,
         "a-promotion-that-another-follows-at-once": promote_twice,
         "values-that-the-cluster-refuses": promote_with("replicas: many"),
         "values-that-the-chart-refuses": promote_with("refuse: replicas must be a number"),
         "pods-that-never-get-ready": promote_with("never_ready: true"),
         "an-application-that-is-deleted": promote_and_delete}


def main():
    samebits, git_server, target = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    with tempfile.TemporaryDirectory() as folder, ArgoCd(folder) as argo:
        def begin(name):
            place = pathlib.Path(folder) / name
            place.mkdir()
            return Pipeline(argo, samebits, git_server, place, name)

        for number, (name, act) in enumerate(CASES.items()):
            with begin(f"record-{number}") as pipeline:
                pipeline.begin()
                record(pipeline, target / name, act)
        with begin("manual") as pipeline:
            pipeline.begin()
            begin_release(pipeline)
            record(pipeline, target / "a-release-that-a-person-syncs", release_and_sync, "dev")


if __name__ == "__main__":
    main()
