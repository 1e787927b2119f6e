#!/usr/bin/env python3
"""Rules of output and exit that hold for every command and every failure.

usage: rules.py SAMEBITS
"""
import json
import os
import sys
import tempfile
import unittest

from world import World

SAMEBITS = os.path.abspath(sys.argv[1])
SHA = "0123456789abcdef0123456789abcdef01234567"
KINDS = {1: "internal", 2: "usage", 10: "policy", 11: "conflict", 12: "pending", 13: "cancelled", 20: "auth",
         21: "not_found", 22: "rate_limited", 23: "transient", 24: "protocol"}

# Every command with arguments that are good in form.
GOOD = [
    ["init", "begun", "--service", "api", "--image", "oci:../images", "--source", "../source.git"],
    ["check"],
    ["promote", "preprod", "--sha", SHA],
    ["release", "1.0.0"],
    ["rollback", "production", "--to", "v1.0.0"],
    ["preview", "up", "--pr", "1", "--sha", SHA],
    ["preview", "down", "--pr", "1"],
    ["preview", "list"],
    ["gate", "show", "--sha", SHA],
    ["gate", "post", "--gate", "preprod-tests", "--sha", SHA, "--conclusion", "success"],
    ["wait", "preprod"],
    ["status"],
    ["history", "prod"],
    ["trace", SHA],
    ["apply", "plan.json"],
    ["values", "get", "gitops/values/prod/service-demo.yaml", "image.tag"],
    ["values", "set", "gitops/values/prod/service-demo.yaml", "image.tag=v1"],
    ["values", "delete", "gitops/values/prod/service-demo.yaml", "image.tag"],
    ["values", "append", "gitops/values/prod/service-demo.yaml", "list=x"],
    ["image", "show", "oci:images:v1"],
    ["image", "tag", "oci:images:v1", "v2"],
    ["image", "list", "oci:images"],
    ["tag", "parse", "latest"],
    ["tag", "sort"],
    ["tag", "format", "release", "--version", "one"],
]
NEEDS_REPOSITORY = [arguments for arguments in GOOD if arguments[0] not in ("init", "values", "image", "tag", "apply")]
STRANGE = [b"", b"\xff\xfe", b"\x1b[31mred\n\xe2\x80\xaeevil", b"../../etc/passwd", b"x" * 100_000, b"-"]


class Rules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.world = World(SAMEBITS, cls.kept.name).build()

    @classmethod
    def tearDownClass(cls):
        cls.kept.cleanup()

    def run_in_world(self, arguments, **options):
        return self.world.run(*arguments, **{"input": b"latest\n", **options})

    def check_failure(self, arguments):
        """As text: one clear error on standard error and nothing else; as JSON: one document and nothing else."""
        text = self.run_in_world(arguments)
        self.assertIn(text.returncode, KINDS, text)
        self.assertEqual(text.stdout, b"")
        self.assertTrue(text.stderr.startswith(b"error: "), text.stderr)
        self.assertLess(len(text.stderr), 2000, "the error repeats a huge argument")
        self.check_terminal(text.stderr)
        done = self.run_in_world([arguments[0], "--output", "json", *arguments[1:]])
        self.assertEqual(done.returncode, text.returncode)
        self.assertEqual(done.stderr, b"")
        self.assertEqual(done.stdout.count(b"\n"), 1)
        document = json.loads(done.stdout.decode("utf-8"))
        self.assertEqual((document["apiVersion"], document["kind"]), ("samebits/v1", "Error"))
        self.assertEqual(document["exitCode"], done.returncode)
        error = document["error"]
        self.assertEqual(error["kind"], KINDS[done.returncode])
        self.assertTrue(error["message"] and error["code"])
        self.assertNotIn("\n", error["message"])
        self.assertFalse(error["message"].endswith("."), error["message"])
        return error

    def check_terminal(self, text):
        moving = {letter for letter in text.decode("utf-8") if letter != "\n" and not letter.isprintable()}
        self.assertFalse(moving, text[:300])

    def test_an_unknown_option_is_refused_by_every_command(self):
        for arguments in GOOD:
            with self.subTest(arguments):
                error = self.check_failure([*arguments, "--no-such-option"])
                self.assertEqual(error["code"], "bad_option")
                self.assertIn("--no-such-option", error["message"])

    def test_a_missing_argument_is_named_by_every_command(self):
        for arguments in GOOD:
            words = [word for word in arguments[:2] if not word[:1].isdigit()]
            bare = words if arguments[0] in ("preview", "gate", "values", "image", "tag") else words[:1]
            if bare in (["check"], ["status"], ["preview", "list"], ["tag", "sort"]):
                continue  # they need none
            with self.subTest(bare):
                error = self.check_failure(bare)
                self.assertEqual(error["code"], "bad_option")
                self.assertIn(" needs ", error["message"])

    def test_a_further_argument_is_refused_by_every_command(self):
        for arguments in GOOD:
            if arguments[0] == "values":
                continue  # they take any number
            with self.subTest(arguments):
                self.assertIn("takes no further", self.check_failure([*arguments, "too-much"])["message"])

    def test_a_bad_common_option_is_refused_by_every_command(self):
        for arguments in GOOD:
            for option in (["--timeout", "soon"], ["--author", "nobody"], ["--log-level", "loud"], ["--gitops", ""]):
                with self.subTest(arguments + option):
                    self.assertEqual(self.check_failure([*arguments, *option])["code"], "bad_option")

    def test_an_unknown_service_is_refused_by_every_command_of_a_pipeline(self):
        main = self.world.commits["MAIN"]
        for arguments in NEEDS_REPOSITORY + [["doctor"], ["preview", "prune"]]:
            known = [main if word == SHA else word for word in arguments]
            with self.subTest(known):
                done = self.run_in_world([*known, "--gitops", "gitops.git", "--service", "nobody", "--output", "json"])
                error = json.loads(done.stdout)["error"]
                self.assertEqual((done.returncode, error["code"]), (2, "bad_request"))
                self.assertIn("'nobody'", error["message"])
                twice = self.run_in_world([*known, "--gitops", "gitops.git", "--service", "a", "--service", "b"])
                self.assertEqual(twice.returncode, 2, twice)

    def test_a_folder_without_repository_is_refused_with_the_remedy(self):
        with tempfile.TemporaryDirectory() as elsewhere:
            for arguments in NEEDS_REPOSITORY:
                with self.subTest(arguments):
                    done = self.run_in_world([*arguments, "--output", "json"], cwd=elsewhere)
                    error = json.loads(done.stdout)["error"]
                    self.assertEqual((done.returncode, error["code"]), (21, "repository_missing"))
                    self.assertIn("--gitops", error["hint"])

    def test_strange_values_end_in_a_clear_error_or_in_a_result(self):
        for arguments in GOOD:
            for place in range(1, len(arguments)):
                if arguments[place].startswith("--"):
                    continue
                for strange in STRANGE:
                    changed = [*arguments[:place], strange, *arguments[place + 1:]]
                    if arguments[0] == "init" and place == 1 or arguments[:2] == ["tag", "format"] and place == 1:
                        continue  # a place to write; and `tag X --version` asks for the version
                    with self.subTest(changed if len(strange) < 99 else (place, arguments)):
                        self.check_strange(changed)

    def check_strange(self, arguments):
        options = [] if arguments[0] in ("init", "values", "image", "tag") else ["--gitops", "gitops.git"]
        done = self.run_in_world([*options, "--dry-run", "--output", "json", *arguments])
        self.assertIn(done.returncode, (0, *KINDS))
        self.assertNotEqual(done.returncode, 1, done.stdout[:300])
        self.assertEqual(done.stdout.count(b"\n"), 1, done)
        document = json.loads(done.stdout.decode("utf-8"))
        self.assertEqual(document["kind"] == "Error", done.returncode != 0 and document["kind"] != "GateReport")
        self.check_terminal(done.stdout)

    def test_dry_run_writes_nothing_anywhere(self):
        def state():
            out = {}
            for folder, _, files in os.walk(self.world.folder):
                for file in files:
                    path = os.path.join(folder, file)
                    with open(path, "rb") as stream:
                        out[path] = (stream.read(), os.stat(path).st_mtime_ns)
            return out

        main = self.world.commits["MAIN"]
        before = state()
        for arguments in GOOD:
            known = [main if word == SHA else word for word in arguments]
            options = [] if arguments[0] in ("init", "values", "image", "tag") else ["--gitops", "gitops.git"]
            self.run_in_world([*options, "--dry-run", *known])
        self.assertEqual(state(), before)

    def test_queries_answer_with_one_document_too(self):
        for arguments in (["status"], ["preview", "list"], ["history", "prod"], ["check"], ["check", "--all"],
                          ["gate", "show", "--sha", self.world.commits["MAIN"], "--exit-zero"]):
            with self.subTest(arguments):
                done = self.run_in_world([*arguments, "--gitops", "gitops.git", "--output", "json"])
                self.assertIn(done.returncode, (0, 10, 21), done)
                self.assertEqual(json.loads(done.stdout)["apiVersion"], "samebits/v1")

    def test_logs_go_to_standard_error_and_quiet_silences_them(self):
        arguments = ["--gitops", "gitops.git", "status"]
        plain = self.run_in_world([*arguments, "--output", "json"])
        loud = self.run_in_world([*arguments, "--output", "json", "--log-level", "trace"])
        self.assertEqual(loud.stdout, plain.stdout)
        self.assertEqual(self.run_in_world([*arguments, "--log-level", "trace", "--quiet"]).stderr, b"")

    def test_there_is_no_colour_where_no_terminal_is(self):
        done = self.run_in_world(["promote"], env={**self.world.environment, "TERM": "xterm"})
        self.assertNotIn(b"\x1b", done.stderr)

    def test_errors_are_coloured_on_a_terminal_unless_that_is_refused(self):
        for extra, coloured in (({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False),
                                ({"TERM": "dumb"}, False)):
            with self.subTest(extra):
                leader, follower = os.openpty()
                self.run_in_world(["promote"], env={**self.world.environment, **extra}, capture_output=False,
                                  stdout=follower, stderr=follower)
                os.close(follower)
                said = os.read(leader, 4096)
                os.close(leader)
                self.assertEqual(b"\x1b[31merror:\x1b[0m" in said, coloured)

    def test_the_repository_may_come_from_the_environment_or_the_current_folder(self):
        wanted = self.run_in_world(["--gitops", "gitops.git", "status"]).stdout
        named = {**self.world.environment, "SAMEBITS_GITOPS": "gitops.git"}
        self.assertEqual(self.run_in_world(["status"], env=named).stdout, wanted)
        inside = self.run_in_world(["status"], cwd=self.world.folder / "gitops" / "values" / "prod")
        self.assertEqual((inside.returncode, inside.stdout), (0, wanted))
        over = {**named, "SAMEBITS_GITOPS": "nowhere"}
        self.assertEqual(self.run_in_world(["--gitops", "gitops.git", "status"], env=over).stdout, wanted)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
