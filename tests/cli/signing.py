#!/usr/bin/env python3
"""Commits that are signed are what `git verify-commit` takes; who cannot sign writes nothing.

usage: signing.py SAMEBITS GIT_SERVER
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

from world import World

SAMEBITS, GIT_SERVER = (os.path.abspath(argument) for argument in sys.argv[1:3])


class Signing(unittest.TestCase):
    def setUp(self):
        self.kept = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.kept.name)
        self.world = World(SAMEBITS, self.folder).build()

    def tearDown(self):
        subprocess.run(["gpgconf", "--kill", "all"], env=self.world.environment, check=False)
        self.world.close()
        self.kept.cleanup()

    def make_gpg_key(self):
        # A short path: the agent's socket lies in it.
        home = self.folder / ".gnupg"
        home.mkdir(mode=0o700, exist_ok=True)
        subprocess.run(["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key",
                        "Ada Lovelace <ada@example.com>", "ed25519", "sign", "never"], env=self.world.environment,
                       check=True, capture_output=True)

    def make_ssh_key(self):
        key = self.folder / ".ssh" / "id_ed25519"
        key.parent.mkdir(mode=0o700)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        (self.folder / "allowed").write_text("ada@example.com " + key.with_suffix(".pub").read_text())
        self.world.git("config", "--global", "gpg.ssh.allowedSignersFile", str(self.folder / "allowed"))
        return key

    def promote(self, *options, name="MAIN", gitops="gitops.git", status=0):
        done = self.world.run("promote", "preprod", "--sha", self.world.commits[name], "--gitops", gitops, *options)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr.decode()

    def verify(self):
        """The signature's words, after Git found it good."""
        checked = subprocess.run(["git", "-C", "gitops.git", "verify-commit", "main"], cwd=self.folder,
                                 env=self.world.environment, capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.world.git("-C", "gitops.git", "fsck", "--strict", "--no-dangling")
        return checked.stderr

    def tip(self):
        return self.world.git("-C", "gitops.git", "rev-parse", "main")

    def behind_a_server(self, source=None):
        if not self.world.server:
            self.world.serve(GIT_SERVER)
        self.world.git("clone", "-q", "gitops.git", "setup")
        for file in (self.folder / "setup").glob("**/*.yaml"):
            text = file.read_text().replace("oci:../images", f"oci:{self.folder}/images")
            file.write_text(text.replace("../source.git", source or f"{self.folder}/source.git"))
        self.world.git("-C", "setup", "commit", "-qam", "Name whole locations")
        self.world.git("-C", "setup", "push", "-q", "origin", "main")
        return self.world.url + "/strict/gitops.git"

    def test_openpgp(self):
        self.make_gpg_key()
        self.promote("--sign", "openpgp")
        self.assertIn("Good signature from \"Ada Lovelace <ada@example.com>\"", self.verify())
        self.promote("--sign", "openpgp:ada@example.com", name="NEXT")
        self.assertIn("Good signature", self.verify())

    def test_ssh(self):
        key = self.make_ssh_key()
        self.promote("--sign", f"ssh:{key}")
        self.assertIn("Good \"git\" signature for ada@example.com", self.verify())

    def test_git_decides_where_no_option_does(self):
        self.make_ssh_key()
        for name, value in (("commit.gpgSign", "true"), ("gpg.format", "ssh"), ("user.signingKey", "~/.ssh/id_ed25519.pub")):
            self.world.git("config", "--global", name, value)
        self.promote()
        self.assertIn("Good", self.verify())
        self.promote("--sign", "none", name="NEXT")
        self.assertNotIn("gpgsig", self.world.git("-C", "gitops.git", "cat-file", "commit", "main"))

    def test_behind_a_server_and_in_the_ledger(self):
        self.make_gpg_key()
        gitops = self.behind_a_server()
        self.promote("--sign", "openpgp", gitops=gitops)
        self.assertIn("Good signature", self.verify())
        self.assertIn("Good signature", self.world.git("-C", "gitops.git", "log", "-1", "--format=%GG", "main"))
        posted = self.world.run("gate", "post", "--gate", "preprod-tests", "--sha", self.world.commits["MAIN"],
                                "--conclusion", "success", "--gitops", gitops, "--sign", "openpgp")
        self.assertEqual(posted.returncode, 0, posted.stderr)
        self.world.git("-C", "source.git", "verify-commit", "samebits/gates")

    def verify_tag(self, tag):
        checked = subprocess.run(["git", "-C", "source.git", "tag", "-v", tag], cwd=self.folder,
                                 env=self.world.environment, capture_output=True, text=True, check=False)
        self.world.git("-C", "source.git", "fsck", "--strict", "--no-dangling")
        return checked.returncode, checked.stderr

    def release(self, version, gitops, *options):
        self.promote(gitops=gitops)
        for command in (["gate", "post", "--gate", "preprod-tests", "--sha", self.world.commits["MAIN"], "--conclusion",
                         "success"], ["release", version]):
            done = self.world.run(*command, "--gitops", gitops, *options)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_tag_of_a_release_is_signed_as_its_commits_are(self):
        self.make_gpg_key()
        self.release("1.0.0", "gitops.git", "--sign", "openpgp")
        status, words = self.verify_tag("v1.0.0")
        self.assertEqual(status, 0, words)
        self.assertIn("Good signature from \"Ada Lovelace <ada@example.com>\"", words)
        # What is read of the tag is as if it were not signed: nothing is left to do.
        before = self.world.git("-C", "source.git", "rev-parse", "v1.0.0")
        again = self.world.run("release", "1.0.0", "--gitops", "gitops.git", "--sign", "openpgp")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(self.world.git("-C", "source.git", "rev-parse", "v1.0.0"), before)

    def test_the_tag_of_a_release_behind_a_server_is_signed_too(self):
        key = self.make_ssh_key()
        self.world.serve(GIT_SERVER)
        gitops = self.behind_a_server(self.world.url + "/strict/source.git")
        self.release("1.0.0", gitops, "--sign", f"ssh:{key}")
        status, words = self.verify_tag("v1.0.0")
        self.assertEqual(status, 0, words)
        self.assertIn("Good \"git\" signature for ada@example.com", words)

    def test_a_tag_that_nobody_signs_has_no_signature(self):
        self.release("1.0.0", "gitops.git")
        self.assertEqual(self.verify_tag("v1.0.0")[0], 1)
        self.assertNotIn("BEGIN", self.world.git("-C", "source.git", "cat-file", "tag", "v1.0.0"))

    def test_who_cannot_sign_writes_nothing(self):
        wrong = self.folder / "no-key"
        wrong.write_text("this is no key\n")
        for remote in (False, True):
            gitops = self.behind_a_server() if remote else "gitops.git"
            before = self.world.git("-C", "gitops.git", "count-objects"), self.tip()
            said = self.promote("--sign", "openpgp", gitops=gitops, status=20)
            self.assertIn("gpg does not sign", said)
            self.assertIn("ssh-keygen does not sign", self.promote("--sign", f"ssh:{wrong}", gitops=gitops, status=20))
            for sign in ("ssh", "ssh:-oProxyCommand=touch x", "openpgp:--output=x", "pgp", "none:x", "ssh:key::ssh-rsa x"):
                self.assertIn("error:", self.promote("--sign", sign, gitops=gitops, status=2))
            whole = self.world.environment
            self.world.environment = {**whole, "PATH": str(self.folder)}
            said = self.promote("--sign", "openpgp", gitops=gitops, status=21)
            self.world.environment = whole
            self.assertIn("what is written is not signed", said)
            self.assertEqual((self.world.git("-C", "gitops.git", "count-objects"), self.tip()), before)

    def test_who_cannot_sign_releases_nothing(self):
        self.promote()
        posted = self.world.run("gate", "post", "--gate", "preprod-tests", "--sha", self.world.commits["MAIN"],
                                "--conclusion", "success", "--gitops", "gitops.git")
        self.assertEqual(posted.returncode, 0, posted.stderr)
        before = self.tip()
        index = (self.folder / "images" / "index.json").read_bytes()
        done = self.world.run("release", "1.0.0", "--gitops", "gitops.git", "--sign", "openpgp")
        self.assertEqual(done.returncode, 20, done.stderr)
        self.assertEqual(self.tip(), before)
        self.assertEqual(self.world.git("-C", "source.git", "tag"), "")
        self.assertEqual((self.folder / "images" / "index.json").read_bytes(), index)
        self.make_gpg_key()
        done = self.world.run("release", "1.0.0", "--gitops", "gitops.git", "--sign", "openpgp")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.verify()

    def test_a_program_that_does_not_end_is_ended(self):
        program = self.folder / "gpg-that-waits"
        program.write_text("#!/bin/sh\nexec sleep 1000\n")
        program.chmod(0o700)
        self.world.git("config", "--global", "gpg.program", str(program))
        before, begun = self.tip(), time.monotonic()
        self.promote("--sign", "openpgp", "--timeout", "1s", status=12)
        self.assertLess(time.monotonic() - begun, 100)
        self.assertEqual(self.tip(), before)

    def test_a_program_that_a_repository_names_is_not_run(self):
        program = self.folder / "evil"
        program.write_text(f"#!/bin/sh\ntouch {self.folder}/was-run\n")
        program.chmod(0o700)
        self.make_gpg_key()
        self.world.git("-C", "gitops.git", "config", "gpg.program", str(program))
        self.world.git("-C", "gitops.git", "config", "commit.gpgSign", "true")
        self.promote()
        self.assertFalse((self.folder / "was-run").exists())
        self.world.git("-C", "gitops.git", "config", "--unset", "gpg.program")
        self.verify()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
