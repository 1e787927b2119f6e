#!/usr/bin/env python3
"""What one process saw of a remote repository serves the next: requests are counted at a proxy before git http-backend.

usage: remote_cache.py SAMEBITS GIT_SERVER FAULTS
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from world import World

SAMEBITS, GIT_SERVER, FAULTS = (os.path.abspath(argument) for argument in sys.argv[1:4])
PROXY = pathlib.Path(__file__).resolve().parents[1] / "servers" / "delay_proxy.py"


class RemoteCache(unittest.TestCase):
    def setUp(self):
        self.kept = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self.kept.name)
        self.world = World(SAMEBITS, folder).build()
        self.world.git("clone", "-q", "gitops.git", "setup")
        for file in (folder / "setup").glob("**/*.yaml"):
            text = file.read_text().replace("oci:../images", f"oci:{folder}/images")
            file.write_text(text.replace("../source.git", f"{folder}/source.git"))
        self.world.git("-C", "setup", "commit", "-qam", "Name whole locations")
        self.world.git("-C", "setup", "push", "-q", "origin", "main")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.server = subprocess.Popen([GIT_SERVER, folder], **pipes)
        port = self.server.stdout.readline().strip().rsplit(":", 1)[1]
        self.proxy = subprocess.Popen([sys.executable, PROXY, port, "0"], **pipes)
        self.base = "http://localhost:" + self.proxy.stdout.readline().split()[1]
        self.folder = folder
        self.cache = folder / ".cache" / "samebits"

    def tearDown(self):
        self.proxy.kill()
        for process in (self.proxy, self.server):
            process.stdin.close()
            process.wait()
            process.stdout.close()
        self.kept.cleanup()

    def requests(self, *command, status=0, like="open"):
        """How many it took."""
        done = self.world.run(*command, "--gitops", f"{self.base}/{like}/gitops.git")
        self.assertEqual(done.returncode, status, (command, done.stdout, done.stderr))
        self.said = (done.stdout + done.stderr).decode()
        self.proxy.stdin.write("\n")
        self.proxy.stdin.flush()
        return int(self.proxy.stdout.readline().split()[0])

    def tip(self):
        return self.world.git("-C", "gitops.git", "rev-parse", "main")

    def move(self):
        """Someone else commits."""
        self.world.git("-C", "setup", "pull", "-q", "--ff-only", "origin", "main")
        self.world.git("-C", "setup", "commit", "-q", "--allow-empty", "-m", "Somebody else")
        self.world.git("-C", "setup", "push", "-q", "origin", "HEAD:main")

    def promote(self, name, *options, **expected):
        return self.requests("promote", "preprod", "--sha", self.world.commits[name], *options, **expected)

    def test_the_next_promotion_takes_two_requests_and_one_where_the_branch_is_named(self):
        self.assertEqual(self.promote("MAIN", "--branch", "main"), 4)
        self.assertEqual(self.promote("NEXT", "--branch", "main"), 1)
        # Done already: that it is so says the branch, and what made it so the history.
        self.assertEqual(self.promote("NEXT", "--branch", "main"), 2)
        self.assertIn("unchanged", self.said)
        self.requests("status", "--branch", "main")
        self.assertEqual(self.requests("status", "--branch", "main"), 2)
        self.world.git("-C", "gitops.git", "fsck", "--strict")

    def test_the_next_promotion_takes_two_requests_where_the_branch_is_the_repository_s_own(self):
        self.assertEqual(self.promote("MAIN"), 4)
        self.assertEqual(self.promote("NEXT"), 2)

    def test_a_preview_goes_up_and_down_in_one_request(self):
        self.requests("status", "--branch", "main")
        up = ["preview", "up", "--pr", "42", "--sha", self.world.commits["FIRST"], "--branch", "main"]
        self.assertLessEqual(self.requests(*up), 3)
        self.assertEqual(self.requests("preview", "down", "--pr", "42", "--branch", "main"), 1)

    def test_what_moved_meanwhile_is_built_upon_and_never_lost(self):
        self.promote("MAIN", "--branch", "main")
        self.move()
        self.assertLessEqual(self.promote("NEXT", "--branch", "main"), 5)
        log = self.world.git("-C", "gitops.git", "log", "--format=%s", "main").splitlines()
        self.assertIn("Somebody else", log[1])
        self.assertEqual(self.world.git("-C", "gitops.git", "rev-list", "--count", "--min-parents=2", "main"), "0")

    def test_no_answer_is_by_an_old_tip(self):
        self.promote("MAIN", "--branch", "main")
        # Another one, over another cache, promotes the next; for whom has not seen it MAIN would be done already.
        self.promote("NEXT", "--branch", "main", "--cache", str(self.folder / "other"))
        self.promote("MAIN", "--branch", "main", status=10)
        self.assertIn("would_move_backwards", self.said)
        self.move()
        self.requests("status", "--branch", "main", "--output", "json")
        self.assertIn(self.tip(), self.said)

    def test_none_keeps_nothing(self):
        for name in ("MAIN", "NEXT"):
            self.assertEqual(self.promote(name, "--branch", "main", "--cache", "none"), 4)
        self.assertFalse(self.cache.exists())

    def test_the_folder_is_that_of_the_option_or_of_the_environment(self):
        self.promote("MAIN", "--cache", str(self.folder / "one"))
        self.assertTrue((self.folder / "one" / "git").is_dir())
        self.world.environment["XDG_CACHE_HOME"] = str(self.folder / "two")
        self.promote("NEXT")
        self.assertTrue((self.folder / "two" / "samebits" / "git").is_dir())
        self.assertFalse(self.cache.exists())

    def test_a_disk_that_is_full_costs_requests_only(self):
        self.promote("MAIN", "--branch", "main")
        shutil.rmtree(self.cache)
        self.cache.mkdir()
        # It is split at blanks, which the path of the build may have.
        faults = shutil.copy(FAULTS, self.folder / "faults.so")
        full = {"LD_PRELOAD": str(faults), "SAMEBITS_FAULT": "full", "SAMEBITS_FAULT_AT": "1",
                "SAMEBITS_FAULT_UNDER": f"{self.cache}/", "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}
        before = self.world.environment
        self.world.environment = {**before, **full}
        self.assertEqual(self.promote("NEXT", "--branch", "main", "--log-level", "info"), 4)
        self.assertIn("the cache is not written", self.said)
        self.world.environment = before
        self.assertEqual([file for file in self.cache.rglob("*") if file.is_file()], [])

    def test_no_credential_is_kept(self):
        port = self.base.rsplit(":", 1)[1]
        self.world.environment[f"SAMEBITS_TOKEN_LOCALHOST_{port}"] = "secret-of-ada"
        self.base = self.base.replace("//", "//ada@")
        self.promote("MAIN", "--branch", "main", like="auth")
        self.assertEqual(self.promote("NEXT", "--branch", "main", like="auth"), 1)
        kept = [file for file in self.cache.rglob("*") if file.is_file()]
        self.assertEqual(len(kept), 1)
        self.assertNotIn(b"secret-of-ada", kept[0].read_bytes())
        self.assertRegex(kept[0].name, "^[0-9a-f]{64}$")
        self.assertEqual(kept[0].stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
