#!/usr/bin/env python3
"""Plays the quickstart with the samebits that was built, and looks at what it leaves.

usage: quickstart.py SAMEBITS
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SAMEBITS = os.path.abspath(sys.argv[1])
SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "examples" / "quickstart.sh"


def run(*arguments, **options):
    return subprocess.run(arguments, **{"capture_output": True, "text": True, "timeout": 300, **options})


class Quickstart(unittest.TestCase):
    def test_it_plays_the_pipeline_and_leaves_what_it_says(self):
        with tempfile.TemporaryDirectory() as folder:
            play = os.path.join(folder, "a play", "it's here")
            # Settings that would break a script which trusts them.
            pathlib.Path(folder, ".gitconfig").write_text("[commit]\n\tgpgsign = true\n[init]\n\tdefaultBranch = other\n")
            done = run(SCRIPT, "--program", SAMEBITS, "--yes", "--dir", play, cwd="/",
                       env={"PATH": os.environ["PATH"], "HOME": folder})
            self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr)
            self.assertEqual(done.stdout.splitlines()[-1], play)
            self.assertEqual(done.stderr, "")
            for name in ("source.git", "gitops.git", "gitops", "images"):
                self.assertTrue(os.path.isdir(os.path.join(play, name)), name)
            self.assertEqual(done.stdout.count("(exit status 10)"), 2)
            self.check_what_is_left(play)
            again = run(SCRIPT, "--program", SAMEBITS, "--dir", play)
            self.assertEqual(again.returncode, 2)
            self.assertIn("another folder", again.stderr)

    def test_it_plays_with_a_real_registry_and_git_over_http(self):
        with tempfile.TemporaryDirectory() as folder:
            play = os.path.join(folder, "it's here")
            done = run(SCRIPT, "--servers", "--program", SAMEBITS, "--yes", "--dir", play,
                       env={"PATH": os.environ["PATH"], "HOME": folder})
            self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr)
            self.assertEqual(done.stdout.splitlines()[-1], play)
            self.check_what_is_left(play)
            pipeline = pathlib.Path(play, "gitops/samebits.yaml").read_text()
            self.assertRegex(pipeline, r"localhost:\d+/service-demo")
            self.assertRegex(pipeline, r"http://localhost:\d+/source\.git")
            self.assertRegex(done.stdout, r"export SAMEBITS_GITOPS=http://localhost:\d+/gitops\.git")
            self.assertEqual(os.listdir(folder), ["it's here"], "a cache or a setting of somebody else was written")
            tags = pathlib.Path(play, "registry/data/docker/registry/v2/repositories/service-demo/_manifests/tags")
            links = {name: (tags / name / "current/link").read_text() for name in ("v1.0.0", "v1.1.0")}
            self.assertNotEqual(links["v1.0.0"], links["v1.1.0"])
            for snapshot, link in ((path.name, (path / "current/link").read_text()) for path in tags.glob("main-*")):
                self.assertIn(link, links.values(), snapshot)

    def check_what_is_left(self, play):
        git = ["git", "-C", os.path.join(play, "gitops.git")]
        self.assertEqual(run(*git, "fsck", "--strict").returncode, 0)
        for environment in ("prod", "dev"):
            self.assertIn('tag: "v1.0.0"', run(*git, "show", f"main:values/{environment}/service-demo.yaml").stdout)
        self.assertEqual(run("git", "-C", os.path.join(play, "gitops"), "status", "--porcelain").stdout, "")
        self.assertEqual(run("git", "-C", os.path.join(play, "source.git"), "tag").stdout.split(), ["v1.0.0", "v1.1.0"])

    def test_it_explains_itself_and_refuses_what_it_does_not_know(self):
        self.assertIn("usage:", run(SCRIPT, "--help").stdout)
        self.assertEqual(run(SCRIPT, "--frobnicate").returncode, 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
