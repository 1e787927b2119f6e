#!/usr/bin/env python3
"""Rollouts that come to no good end on a real Argo CD: each ends with the right words, and within its deadline.

usage: argocd_failures.py SAMEBITS GIT_SERVER [CLASS.TEST...]

Exits with 77 where tests/servers/build.sh has not made what it needs.
"""
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from argocd_pipeline import Pipeline
from argocd import STRANGER, ArgoCd, missing

SAMEBITS, GIT_SERVER = (os.path.abspath(argument) for argument in sys.argv[1:3])
NO_WINDOW = {"spec": {"syncWindows": None}}
WINDOW = {"spec": {"syncWindows": [{"kind": "deny", "schedule": "* * * * *", "duration": "1h", "applications": ["*"]}]}}


class Failures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.opened = contextlib.ExitStack()
        cls.folder = pathlib.Path(cls.opened.enter_context(tempfile.TemporaryDirectory()))
        cls.argo = cls.opened.enter_context(ArgoCd(cls.folder))

    @classmethod
    def tearDownClass(cls):
        cls.opened.close()

    def setUp(self):
        self.name = "-".join(self.id().rsplit("_", 3)[-3:])
        folder = self.folder / self.name
        folder.mkdir()
        self.pipeline = self.enterContext(Pipeline(self.argo, SAMEBITS, GIT_SERVER, folder, self.name))
        self.pipeline.begin()

    def assert_ends(self, found, state, *words, code="not_rolled_out"):
        status, document = found
        self.assertEqual(document["error"]["code"], code, document)
        self.assertEqual(status, document["exitCode"])
        if "applications" in document:
            self.assertEqual(document["applications"][-1]["state"], state, document)
        for word in words:
            self.assertIn(word, document["error"]["message"])

    def wait(self, timeout, *more, **options):
        return self.pipeline.run("wait", "preprod", "--timeout", timeout, *more, **options)

    def test_an_image_that_never_gets_ready(self):
        self.pipeline.write_by_hand("preprod", "never_ready: true")
        self.pipeline.promote()
        self.assert_ends(self.wait("2m"), "degraded", "exceeded its progress deadline")
        self.assertIn("progressing", [event["state"] for event in self.pipeline.events])

    def test_values_that_the_cluster_refuses(self):
        self.pipeline.write_by_hand("preprod", "replicas: many")
        self.pipeline.promote()
        self.assert_ends(self.wait("2m"), "failed", "Deployment service-demo SyncFailed", "Invalid value")

    def test_values_that_the_chart_refuses(self):
        self.pipeline.write_by_hand("preprod", "refuse: replicas must be a number")
        self.pipeline.promote()
        self.assert_ends(self.wait("2m"), "error", "ComparisonError", "replicas must be a number")

    def test_an_application_that_was_deleted(self):
        self.pipeline.promote()
        self.argo.cluster.remove(self.pipeline.application_path("preprod"))
        self.pipeline.made.clear()
        self.assert_ends(self.wait("4s"), "missing", "there is no application", code="application_missing")

    def test_an_application_that_is_being_deleted(self):
        self.pipeline.promote()
        path = self.pipeline.application_path("preprod")
        self.argo.cluster.change(path, {"metadata": {"finalizers": ["resources-finalizer.argocd.argoproj.io"]}})
        with self.argo.stopped_controller():
            self.argo.cluster.remove(path)
            self.pipeline.made.clear()
            self.assert_ends(self.wait("2m"), "deleting", "being deleted")

    def test_a_controller_that_has_stopped(self):
        with self.argo.stopped_controller():
            self.pipeline.promote()
            status, document = self.wait("5s")
            self.assertEqual((status, document["error"]["code"]), (12, "not_rolled_out"))
            self.assertIn("check that the reconciler's controller runs", document["error"]["hint"])
        self.assertEqual(self.wait("2m")[0], 0)

    def test_a_repository_that_is_unreachable(self):
        commit = next(self.pipeline.snapshots)
        self.pipeline.stop_git()
        local = str(self.pipeline.world.folder / "gitops.git")
        self.assertEqual(self.pipeline.run("promote", "preprod", "--sha", commit, gitops=local)[0], 0)
        self.assert_ends(self.wait("2m", gitops=local), "error", "ComparisonError", "failed to list refs")

    def test_a_sync_window(self):
        project = f"/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/{self.name}"
        self.argo.cluster.change(project, WINDOW)
        self.pipeline.promote()
        self.assert_ends(self.wait("10s"), "blocked", "sync window")
        self.argo.cluster.change(project, NO_WINDOW)
        self.assertEqual(self.wait("3m")[0], 0)

    def test_a_newer_promotion_that_supersedes(self):
        with self.argo.stopped_controller():
            older, _ = self.pipeline.promote()
            waiting = subprocess.Popen(
                [SAMEBITS, "wait", "preprod", "--gitops", self.pipeline.gitops, "--timeout", "2m", "--output", "json"],
                text=True, cwd=self.pipeline.world.folder, env=self.pipeline.world.environment, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE)
            # It has begun: it says what it sees.
            self.assertIn("RolloutEvent", waiting.stderr.readline())
            self.pipeline.promote()
        document = json.loads(waiting.communicate(timeout=180)[0])
        self.assert_ends((waiting.returncode, document), "superseded", f"main-{older}", code="superseded")

    def test_an_account_without_the_right(self):
        self.pipeline.give_token(self.argo.account_token(STRANGER))
        self.assert_ends(self.wait("3s"), "missing", code="permission_missing")


if __name__ == "__main__":
    if missing():
        print(f"not run: missing is {', '.join(missing())}; tests/servers/build.sh makes it")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
