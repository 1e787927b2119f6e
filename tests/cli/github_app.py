#!/usr/bin/env python3
"""A GitHub App that the environment names: its key stays in its file, and each token is for one repository.

usage: github_app.py SAMEBITS
"""
import base64
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

from world import World, environment

SAMEBITS = os.path.abspath(sys.argv[1])
COMMIT = "a" * 40
REPOSITORY = "/api/v3/repos/acme/app"


class Github(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, document, status=200):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def take(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        self.server.asked.append((self.command, self.path.split("?")[0], kind, token, body.decode()))
        if self.path == f"{REPOSITORY}/installation":
            self.answer({"id": 77})
        elif self.path == "/api/v3/app/installations/77/access_tokens":
            self.answer({"token": "ghs_made0123456789", "expires_at": "2999-01-01T00:00:00Z"}, 201)
        elif self.path == f"{REPOSITORY}/git/ref/heads/main":
            self.answer({"ref": "refs/heads/main", "object": {"sha": COMMIT, "type": "commit"}})
        elif self.path == REPOSITORY:
            self.answer({"id": 1, "default_branch": "main"})
        else:
            self.answer({"message": "Not Found"}, 404)

    do_GET = do_POST = take

    def log_message(self, *_):
        pass


class App(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.key = pathlib.Path(cls.kept.name, "app.pem")
        subprocess.run(["openssl", "genrsa", "-out", cls.key, "2048"], check=True, capture_output=True)
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Github)
        cls.origin = f"http://127.0.0.1:{cls.server.server_port}"
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        folder = pathlib.Path(cls.kept.name, "gitops")
        folder.mkdir()
        pathlib.Path(folder, "samebits.yaml").write_text(
            "apiVersion: samebits/v1\nservices:\n  api: {image: \"oci:images\", "
            f"source: {{url: \"{cls.origin}/acme/app\", branch: main, forge: github}}}}\n")
        cls.world = World(SAMEBITS, cls.kept.name)
        for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
            cls.world.git("-C", str(folder), *command)
        cls.world.git("clone", "-q", "--bare", "gitops", "gitops.git")

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        cls.kept.cleanup()

    def run_doctor(self, **variables):
        self.server.asked = []
        self.world.environment = environment(self.kept.name) | variables
        return self.world.run("doctor", "--gitops", "gitops.git", "--log-level", "trace", text=True)

    def test_each_request_has_a_token_of_the_app(self):
        done = self.run_doctor(SAMEBITS_GITHUB_APP="4711", SAMEBITS_GITHUB_APP_KEY=str(self.key),
                               SAMEBITS_GITHUB_URL=self.origin, GITHUB_TOKEN="ghs_of_the_job0123456789")
        made = [one for one in self.server.asked if one[1].endswith("/access_tokens")]
        self.assertTrue(made, done.stderr)
        claims = base64.urlsafe_b64decode(made[0][3].split(".")[1] + "==")
        self.assertEqual(json.loads(claims)["iss"], "4711")
        for one in made:
            self.assertEqual(json.loads(one[4])["repositories"], ["app"])
            self.assertEqual(len(json.loads(one[4])["permissions"]), 1)
        read = [one for one in self.server.asked if one[1].endswith("/heads/main")]
        self.assertEqual([one[2:4] for one in read], [("Bearer", "ghs_made0123456789")])
        said = done.stdout + done.stderr
        self.assertNotIn("ghs_made", said)
        self.assertNotIn("PRIVATE KEY", said)
        for line in self.key.read_text().splitlines()[1:-1]:
            self.assertNotIn(line, said)

    def test_an_installation_that_is_named_is_not_asked_for(self):
        self.run_doctor(SAMEBITS_GITHUB_APP="4711", SAMEBITS_GITHUB_APP_KEY=str(self.key),
                        SAMEBITS_GITHUB_APP_INSTALLATION="77", GITHUB_SERVER_URL=self.origin)
        paths = [one[1] for one in self.server.asked]
        self.assertIn("/api/v3/app/installations/77/access_tokens", paths)
        self.assertNotIn(f"{REPOSITORY}/installation", paths)

    def test_a_key_that_is_not_there_is_named(self):
        for key in ("", "/nowhere/app.pem"):
            done = self.run_doctor(SAMEBITS_GITHUB_APP="4711", SAMEBITS_GITHUB_APP_KEY=key,
                                   SAMEBITS_GITHUB_URL=self.origin)
            self.assertEqual(done.returncode, 2)
            self.assertIn(key or "SAMEBITS_GITHUB_APP_KEY", done.stdout + done.stderr)
        self.assertEqual(self.server.asked, [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
