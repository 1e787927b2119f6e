#!/usr/bin/env python3
"""`wait` and `--wait` against a real Argo CD: they end when the new image is live, and not before.

usage: argocd_rollouts.py SAMEBITS GIT_SERVER [CLASS.TEST...]

Exits with 77 where tests/servers/build.sh has not made what it needs.
"""
import contextlib
import os
import pathlib
import sys
import tempfile
import unittest

from argocd_pipeline import IMAGE, Pipeline
from argocd import ArgoCd, missing

SAMEBITS, GIT_SERVER = (os.path.abspath(argument) for argument in sys.argv[1:3])
PROMOTIONS = 50


class Rollouts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.opened = contextlib.ExitStack()
        cls.folder = pathlib.Path(cls.opened.enter_context(tempfile.TemporaryDirectory()))
        cls.argo = cls.opened.enter_context(ArgoCd(cls.folder))

    @classmethod
    def tearDownClass(cls):
        cls.opened.close()

    def pipeline(self, name):
        folder = self.folder / name
        folder.mkdir()
        return self.enterContext(Pipeline(self.argo, SAMEBITS, GIT_SERVER, folder, name))

    def assert_live(self, pipeline, environment, tag):
        self.assertEqual(pipeline.live(environment), ({f"{IMAGE}:{tag}"}, True))

    def test_when_a_wait_returns_the_new_image_is_live_fifty_times_in_a_row(self):
        pipeline = self.pipeline("often")
        pipeline.begin()
        for number in range(PROMOTIONS):
            with self.subTest(number):
                commit, _ = pipeline.promote()
                # Without a time to hold: the hardest question.
                document = pipeline.must("wait", "preprod", "--for", "0s", "--timeout", "2m")
                self.assert_live(pipeline, "preprod", f"main-{commit}")
                self.assertEqual(document["applications"][0]["state"], "healthy")
                self.assertEqual(document["applications"][0]["live"]["images"], [f"{IMAGE}:main-{commit}"])

    def test_a_promotion_waits_as_its_last_step(self):
        pipeline = self.pipeline("one-step")
        pipeline.begin()
        commit, document = pipeline.promote("--wait", "--timeout", "2m")
        self.assert_live(pipeline, "preprod", f"main-{commit}")
        self.assertEqual(document["steps"][-1]["name"], "reconciler")
        self.assertEqual(pipeline.must("wait", "preprod")["outcome"], "unchanged")

    def test_manual_environments_await_a_person_or_the_sync_that_is_asked_for(self):
        pipeline = self.pipeline("manual")
        commit = pipeline.begin()
        pipeline.pass_gate(commit)
        for environment in ("prod", "dev"):
            pipeline.make_application(environment)
        status, document = pipeline.run("release", "1.0.0", "--wait", "--timeout", "15s")
        self.assertEqual((status, document["error"]["code"]), (12, "not_rolled_out"), document)
        self.assertIn("awaiting_sync", document["error"]["message"])
        document = pipeline.must("release", "1.0.0")
        self.assertEqual({(one["environment"], one["state"]) for one in document["applications"]},
                         {("prod", "awaiting_sync"), ("dev", "awaiting_sync")})
        pipeline.must("wait", "prod", "--sync", "--for", "0s", "--timeout", "2m")
        status, document = pipeline.run("status", "--exit-code")
        self.assertEqual(status, 10, document)
        self.assertTrue(any("dev/service-demo is to run v1.0.0: awaiting_sync" in line for line in document["drift"]),
                        document["drift"])
        pipeline.must("wait", "production", "--sync", "--timeout", "2m")
        for environment in ("prod", "dev"):
            self.assert_live(pipeline, environment, "v1.0.0")
        pipeline.must("release", "1.0.0", "--wait", "--timeout", "1m")

    def test_evidence_and_status_know_what_is_live(self):
        pipeline = self.pipeline("evidence")
        older = pipeline.begin()
        with self.argo.stopped_controller():
            commit, _ = pipeline.promote()
            post = ("gate", "post", "--gate", "preprod-tests", "--sha", commit, "--conclusion", "success")
            status, document = pipeline.run(*post)
            self.assertEqual((status, document["error"]["code"]), (10, "superseded"), document)
            preprod = next(one for one in pipeline.must("status")["environments"] if one["name"] == "preprod")
            self.assertEqual(preprod["tag"], f"main-{commit}")
            self.assertEqual(preprod["rollout"]["state"], "not_observed")
            self.assertEqual(preprod["rollout"]["live"]["images"], [f"{IMAGE}:main-{older}"])
        pipeline.must("wait", "preprod", "--timeout", "2m")
        pipeline.must(*post)


if __name__ == "__main__":
    if missing():
        print(f"not run: missing is {', '.join(missing())}; tests/servers/build.sh makes it")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
