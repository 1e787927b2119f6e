#!/usr/bin/env python3
"""`wait` and `--wait` as a process, against an Argo CD of a few lines.

usage: waits.py SAMEBITS
"""
import contextlib
import http.server
import json
import os
import pty
import subprocess
import sys
import tempfile
import threading
import unittest

from world import World

SAMEBITS = os.path.abspath(sys.argv[1])
TOKEN = "token-0123456789"


class Argo(http.server.ThreadingHTTPServer):
    """One application, which a refresh brings to the tip of the repository."""

    def __init__(self, world):
        super().__init__(("127.0.0.1", 0), Answers)
        self.world = world
        self.deployed = ("", "main-0")
        self.refreshes = True
        self.asked = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def application(self, name):
        revision, tag = self.deployed
        return {"metadata": {"name": name},
                "spec": {"project": "default", "syncPolicy": {"automated": {}},
                         "source": {"repoURL": "https://git.example.com/gitops", "path": "chart"}},
                "status": {"sync": {"status": "Synced", "revision": revision}, "health": {"status": "Healthy"},
                           "reconciledAt": "2026-11-24T09:10:00Z",
                           "summary": {"images": [f"registry.example.com/service-demo:{tag}"]},
                           "operationState": {"phase": "Succeeded", "finishedAt": "2026-11-24T09:00:00Z",
                                              "syncResult": {"revision": revision}}}}

    def look_again(self):
        if self.refreshes:
            tip = self.world.git("-C", "gitops.git", "rev-parse", "main")
            values = self.world.git("-C", "gitops.git", "show", "main:values/preprod/service-demo.yaml")
            self.deployed = (tip, next(word.strip('"') for word in values.split() if word.strip('"').startswith("main-")))


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):  # pylint: disable=invalid-name
        self.server.asked.append(self.path)
        status, body = 200, {}
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            status, body = 401, {"error": "no session information", "code": 16, "message": "no session information"}
        elif self.path.startswith("/api/v1/stream"):
            body = {"result": {"type": "ADDED", "application": self.server.application("service-demo-preprod")}}
        else:
            if "refresh=" in self.path:
                self.server.look_again()
            body = self.server.application("service-demo-preprod")
        text = json.dumps(body).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass


class Waits(unittest.TestCase):
    def setUp(self):
        self.kept = tempfile.TemporaryDirectory()
        self.world = World(SAMEBITS, self.kept.name).build()
        self.argo = Argo(self.world)
        port = self.argo.server_port
        self.world.environment[f"SAMEBITS_TOKEN_127_0_0_1_{port}"] = TOKEN
        with open(os.path.join(self.kept.name, "gitops", "samebits.yaml"), "a", encoding="utf-8") as config:
            config.write(f'\nreconciler: {{kind: argocd, url: "{self.argo.url}"}}\n')
        self.world.git("-C", "gitops", "commit", "-aqm", "Name the reconciler")
        self.world.git("-C", "gitops", "push", "-q", "../gitops.git", "main")

    def tearDown(self):
        self.argo.shutdown()
        self.argo.server_close()
        self.kept.cleanup()

    def run_json(self, *arguments):
        done = self.world.run(*arguments, "--gitops", "gitops.git", "--output", "json")
        self.assertEqual(done.stdout.count(b"\n"), 1, done)
        return done.returncode, json.loads(done.stdout), [json.loads(line) for line in done.stderr.splitlines()]

    def promote(self, *more):
        return self.run_json("promote", "preprod", "--sha", self.world.commits["MAIN"], *more)

    def test_it_waits_for_what_was_promoted_and_tells_each_change(self):
        self.assertEqual(self.promote()[0], 0)
        status, document, events = self.run_json("wait", "preprod", "--for", "0s")
        self.assertEqual(status, 0, document)
        self.assertEqual(document["kind"], "Rollout")
        self.assertEqual(document["outcome"], "done")
        self.assertEqual(document["applications"][0]["live"]["images"],
                         [f"registry.example.com/service-demo:main-{self.world.commits['MAIN']}"])
        self.assertEqual([event["state"] for event in events], ["not_observed", "healthy"])
        self.assertEqual({event["kind"] for event in events}, {"RolloutEvent"})
        status, document, events = self.run_json("wait", "preprod")
        self.assertEqual((status, document["outcome"], len(events)), (0, "unchanged", 1))

    def test_a_promotion_waits_as_its_last_step(self):
        status, document, events = self.promote("--wait")
        self.assertEqual(status, 0, document)
        self.assertEqual(document["steps"][-1]["name"], "reconciler")
        self.assertEqual(document["applications"][0]["state"], "healthy")
        self.assertTrue(events)

    def test_at_the_deadline_the_last_facts_are_told(self):
        self.argo.refreshes = False
        self.promote()
        status, document, _ = self.run_json("wait", "preprod", "--timeout", "1s")
        self.assertEqual(status, 12)
        self.assertEqual(document["error"]["code"], "not_rolled_out")
        self.assertEqual(document["exitCode"], 12)
        self.assertEqual(document["applications"][0]["live"]["images"], ["registry.example.com/service-demo:main-0"])
        text = self.world.run("wait", "preprod", "--timeout", "1s", "--gitops", "gitops.git")
        self.assertEqual((text.returncode, text.stdout), (12, b""))
        self.assertIn(b"(not_rolled_out)", text.stderr)

    def test_a_token_that_is_not_good_is_named_and_never_shown(self):
        self.promote()
        self.world.environment[f"SAMEBITS_TOKEN_127_0_0_1_{self.argo.server_port}"] = "wrong-0123456789"
        done = self.world.run("wait", "preprod", "--gitops", "gitops.git", "--log-level", "trace")
        self.assertEqual(done.returncode, 20)
        self.assertNotIn(b"wrong-0123456789", done.stderr)

    def test_on_a_terminal_one_line_changes(self):
        self.promote()
        leader, follower = pty.openpty()
        with subprocess.Popen([SAMEBITS, "wait", "preprod", "--for", "0s", "--gitops", "gitops.git"], cwd=self.kept.name,
                              env=self.world.environment, stdout=subprocess.PIPE, stderr=follower) as process:
            out = process.communicate(timeout=60)[0]
        os.close(follower)
        said = b""
        with contextlib.suppress(OSError):  # a terminal that nobody else has ends so
            while part := os.read(leader, 65536):
                said += part
        os.close(leader)
        self.assertEqual(process.returncode, 0)
        self.assertIn(b"healthy", out)
        self.assertEqual(said.count(b"\n"), 1, said)
        self.assertGreaterEqual(said.count(b"\r\x1b[K"), 2)

    def test_words_that_are_wrong_are_refused(self):
        self.assertEqual(self.run_json("wait", "preprod", "--for", "soon")[1]["error"]["code"], "bad_option")
        self.assertEqual(self.run_json("wait", "nowhere")[1]["error"]["code"], "bad_request")
        self.assertEqual(self.run_json("wait", "preprod")[1]["error"]["code"], "file_missing")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
