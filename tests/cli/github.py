#!/usr/bin/env python3
"""With --github a job of GitHub Actions gets a summary, outputs and annotations that no text can break out of.

usage: github.py SAMEBITS
"""
import os
import pathlib
import re
import sys
import tempfile
import unittest

from world import World

SAMEBITS = os.path.abspath(sys.argv[1])


def parse_outputs(text):
    """As the runner reads the file."""
    outputs, lines = {}, text.split("\n")
    while lines and lines[0]:
        name, delimiter = lines.pop(0).split("<<", 1)
        end = lines.index(delimiter)
        outputs[name] = "\n".join(lines[:end])
        lines = lines[end + 1:]
    return outputs


class Github(unittest.TestCase):
    def setUp(self):
        self.kept = tempfile.TemporaryDirectory()
        self.world = World(SAMEBITS, self.kept.name).build()
        self.output = pathlib.Path(self.kept.name, "output")
        self.summary = pathlib.Path(self.kept.name, "summary")
        self.world.environment.update(GITHUB_OUTPUT=str(self.output), GITHUB_STEP_SUMMARY=str(self.summary))

    def tearDown(self):
        self.kept.cleanup()

    def run_github(self, *arguments):
        return self.world.run(*arguments, "--github", "--gitops", "gitops.git")

    def test_a_promotion_writes_what_later_steps_need(self):
        done = self.run_github("promote", "preprod", "--sha", self.world.commits["MAIN"])
        self.assertEqual(done.returncode, 0, done.stderr)
        outputs = parse_outputs(self.output.read_text())
        self.assertEqual(outputs["outcome"], "done")
        self.assertRegex(outputs["digest"], "^sha256:[0-9a-f]{64}$")
        self.assertEqual(outputs["commit"], self.world.git("-C", "gitops.git", "rev-parse", "main"))
        self.assertEqual(outputs["source"], self.world.commits["MAIN"])
        self.assertIn(outputs["digest"], self.summary.read_text())
        first = self.output.read_text()
        self.run_github("promote", "preprod", "--sha", self.world.commits["MAIN"])
        added = self.output.read_text()[len(first):]
        self.assertTrue(self.output.read_text().startswith(first))
        self.assertEqual(parse_outputs(added)["outcome"], "unchanged")
        delimiters = re.findall("<<(.*)", self.output.read_text())
        self.assertEqual(len(delimiters), len(set(delimiters)))

    def test_a_failure_is_an_annotation_on_one_line(self):
        done = self.run_github("release", "1.0.0")
        self.assertNotEqual(done.returncode, 0)
        lines = [line for line in done.stderr.decode().split("\n") if line.startswith("::")]
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertRegex(lines[0], "^::error title=samebits%3A [a-z_]+::")
        self.assertEqual(parse_outputs(self.output.read_text()), {"outcome": "failed"})

    def test_text_of_others_breaks_out_of_nothing(self):
        tag = "1.0\n::set-output name=x::y%\n"
        done = self.run_github("release", tag)
        self.assertNotEqual(done.returncode, 0)
        lines = [line for line in done.stderr.decode().split("\n") if line.startswith("::")]
        self.assertEqual([line.split(" ")[0] for line in lines], ["::error"])
        self.assertNotIn("\n::", self.summary.read_text())

    def test_without_the_option_nothing_is_written(self):
        self.world.run("promote", "preprod", "--sha", self.world.commits["MAIN"], "--gitops", "gitops.git")
        self.assertFalse(self.output.exists())
        self.assertFalse(self.summary.exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
