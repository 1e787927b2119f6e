#!/usr/bin/env python3
"""Every command's help has a usage, its options and examples, and each example is one that the command understands.

usage: help_rules.py SAMEBITS
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

from world import environment

SAMEBITS = os.path.abspath(sys.argv[1])


def run(*arguments, **options):
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run([SAMEBITS, *arguments], capture_output=True, text=True, cwd=folder, timeout=60,
                              env=environment(folder), **options)


def section(text, title):
    """The lines of one section of a help text."""
    found = re.search(rf"^{title}:\n((?:.+\n)+)", text, re.M)
    return found[1].splitlines() if found else []


def commands(path=()):
    """The words of every command, found by following the help."""
    names = [re.match(r"  (\S+)", line)[1] for line in section(run(*path, "--help").stdout, "Commands")
             if re.match(r"  \S", line)]
    yield path
    for name in names:
        yield from commands((*path, name))


ALL = list(commands())


class HelpRules(unittest.TestCase):
    def test_the_commands_are_found(self):
        for path in (("promote",), ("gate", "post"), ("values", "append"), ("tag", "sort"), ("image", "tag")):
            self.assertIn(path, ALL)

    def test_each_begins_with_what_it_does_and_how_it_is_called(self):
        for path in ALL:
            with self.subTest(path):
                asked = run(*path, "--help")
                self.assertEqual((asked.returncode, asked.stderr), (0, ""))
                line = " ".join(("samebits", *path))
                self.assertTrue(asked.stdout.startswith(f"{line} - "), asked.stdout)
                self.assertRegex(asked.stdout, rf"(?m)^Usage: {line}( |$)")

    def test_lines_fit_on_a_terminal_of_120_columns(self):
        for path in ALL:
            for line in run(*path, "--help").stdout.splitlines():
                self.assertLessEqual(len(line), 120, line)

    def test_each_has_examples_and_they_are_understood(self):
        for path in ALL:
            examples = section(run(*path, "--help").stdout, "Examples")
            self.assertTrue(examples, f"no example: {path}")
            for example in examples:
                with self.subTest(example):
                    self.check_example(path, example)

    def check_example(self, path, example):
        if "samebits " not in example:
            return
        # What a shell would put there.
        for written, meant in (("$(git rev-parse main)", "0" * 40), ("$(git rev-parse HEAD)", "0" * 40),
                               ("$GITHUB_SHA", "0" * 40), ("$RUN_URL", "https://ci.example.com/1")):
            example = example.replace(written, meant)
        self.assertNotIn("$", example)
        calls = [call.strip() for call in re.split(r"[|<>]", example) if call.strip().startswith("samebits ")]
        if path:
            self.assertTrue(any(call.split()[1:1 + len(path)] == list(path) or "plan.json" in example for call in calls))
        for call in calls:
            error = run(*shlex.split(call)[1:], stdin=subprocess.DEVNULL).stderr
            for refusal in ("has no option", "has no command", " needs ", "takes no further", "is no value for"):
                self.assertNotIn(refusal, error)

    def test_help_of_all_commands_holds_each(self):
        text = run("--help-all").stdout
        for path in ALL:
            self.assertIn("Usage: " + " ".join(("samebits", *path)), text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
