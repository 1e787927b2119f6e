#!/usr/bin/env python3
"""Runs the programs of examples/cpp.

usage: cpp_programs.py SAMEBITS EDIT_VALUE PROMOTE GATE_AND_RELEASE
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from world import World  # noqa: E402

SAMEBITS, EDIT, PROMOTE, RELEASE = (os.path.abspath(name) for name in sys.argv[1:5])


class CppPrograms(unittest.TestCase):
    def setUp(self):
        self.kept = tempfile.TemporaryDirectory()
        self.world = World(SAMEBITS, self.kept.name).build()

    def tearDown(self):
        self.kept.cleanup()

    def run_program(self, *arguments):
        return subprocess.run(arguments, cwd=self.kept.name, env=self.world.environment, capture_output=True, text=True,
                              timeout=120)

    def test_a_value_is_edited_and_nothing_else(self):
        file = pathlib.Path(self.kept.name, "v.yaml")
        file.write_text("# ours\nimage: {tag: v1.0.0,  name: x}  # kept\n")
        done = self.run_program(EDIT, str(file), "image.tag", "v1.1.0")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("+image: {tag: v1.1.0,  name: x}  # kept", done.stdout)
        self.assertEqual(file.read_text(), "# ours\nimage: {tag: v1.1.0,  name: x}  # kept\n")
        self.assertEqual(self.run_program(EDIT, str(file), "no.such", "x").returncode, 21)

    def test_a_promotion_lands_once(self):
        arguments = (PROMOTE, "gitops.git", "preprod", self.world.commits["MAIN"])
        first, second = self.run_program(*arguments), self.run_program(*arguments)
        self.assertIn("done", first.stdout, first.stderr)
        self.assertIn("unchanged", second.stdout, second.stderr)
        self.assertEqual(self.run_program(PROMOTE, "gitops.git", "preprod", self.world.commits["NOBODY"]).returncode, 21)

    def test_a_release_needs_a_test_that_passes(self):
        self.run_program(PROMOTE, "gitops.git", "preprod", self.world.commits["MAIN"])
        failed = self.run_program(RELEASE, "gitops.git", "1.0.0", "false")
        self.assertEqual((failed.returncode, "gate_failed" in failed.stderr), (10, True), failed.stderr)
        passed = self.run_program(RELEASE, "gitops.git", "1.0.0", "true")
        self.assertEqual(passed.returncode, 0, passed.stderr)
        self.assertIn("was built as main-" + self.world.commits["MAIN"], passed.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
