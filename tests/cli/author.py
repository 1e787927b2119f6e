#!/usr/bin/env python3
"""The author of a commit is the one that `git commit` would take.

usage: author.py SAMEBITS
"""
import os
import pathlib
import sys
import tempfile
import unittest

from world import World

SAMEBITS = os.path.abspath(sys.argv[1])


class Author(unittest.TestCase):
    def setUp(self):
        self.kept = tempfile.TemporaryDirectory()
        self.world = World(SAMEBITS, self.kept.name).build()
        for name in list(self.world.environment):
            if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER", "GIT_CONFIG")):
                del self.world.environment[name]
        self.world.environment["GIT_CONFIG_NOSYSTEM"] = "1"
        self.number = 0

    def tearDown(self):
        self.kept.cleanup()

    def author(self, *options):
        self.number += 1
        commit = self.world.commits["FIRST"]
        self.world.image(f"pr-{self.number}-{commit}", "any")
        done = self.world.run("preview", "up", "--pr", str(self.number), "--sha", commit, "--gitops", "gitops.git",
                              *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.world.git("-C", "gitops.git", "log", "-1", "--format=%an <%ae>", "main")

    def write(self, name, text):
        path = pathlib.Path(self.kept.name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def test_without_any_configuration_it_is_samebits_itself(self):
        self.assertEqual(self.author(), "samebits <samebits@localhost>")

    def test_the_option_comes_before_all(self):
        self.world.environment["GIT_AUTHOR_NAME"] = "Env"
        self.world.environment["GIT_AUTHOR_EMAIL"] = "env@example.com"
        self.assertEqual(self.author("--author", "Opt <opt@example.com>"), "Opt <opt@example.com>")
        self.assertEqual(self.author(), "Env <env@example.com>")

    def test_files_come_in_the_order_of_git(self):
        self.write(".config/git/config", "[user]\n\tname = Xdg\n\temail = xdg@example.com\n")
        self.assertEqual(self.author(), "Xdg <xdg@example.com>")
        self.write(".gitconfig", "[user]\n\tname = Home\n")
        self.assertEqual(self.author(), "Home <xdg@example.com>")
        self.world.git("-C", "gitops.git", "config", "user.email", "own@example.com")
        self.assertEqual(self.author(), "Home <own@example.com>")
        self.world.environment |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "Passed"}
        self.assertEqual(self.author(), "Passed <own@example.com>")

    def test_included_files_count(self):
        self.write("who", "[user]\n\tname = Included\n\temail = included@example.com\n")
        self.write(".gitconfig", f"[include]\n\tpath = {self.kept.name}/who\n")
        self.assertEqual(self.author(), "Included <included@example.com>")

    def test_the_file_that_the_environment_names_replaces_those_of_the_user(self):
        self.write(".gitconfig", "[user]\n\tname = Home\n\temail = home@example.com\n")
        self.write("other", "[user]\n\tname = Other\n\temail = other@example.com\n")
        self.world.environment["GIT_CONFIG_GLOBAL"] = self.kept.name + "/other"
        self.assertEqual(self.author(), "Other <other@example.com>")

    def test_a_broken_file_is_named(self):
        self.write(".gitconfig", "[user\nname = x\n")
        done = self.world.run("promote", "preprod", "--sha", self.world.commits["MAIN"], "--gitops", "gitops.git")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b".gitconfig", done.stderr)
        self.assertIn(b"--author", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
