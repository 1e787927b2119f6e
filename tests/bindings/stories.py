#!/usr/bin/env python3
"""Plays the three stories of examples/ in one language and looks at what they did.

usage: stories.py LANGUAGE BUILD
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
YAML = "image:\n  tag: v1 # keep\nreplicas: 3\n"


class Stories:
    def __init__(self, language, build):
        self.build = build
        self.files = {"c": lambda name: [build / "examples" / "c" / name],
                      "python": lambda name: [sys.executable, TOP / "examples" / "python" / f"{name}.py"],
                      "shell": lambda name: [TOP / "examples" / "shell" / f"{name}.sh"]}[language]
        self.environment = {**os.environ, "PYTHONPATH": str(TOP / "bindings" / "python"),
                            "SAMEBITS_LIBRARY": str(build / "capi" / "libsamebits.so.0"),
                            "PATH": f"{build / 'examples' / 'cli'}:{os.environ['PATH']}"}
        self.cli = build / "examples" / "cli" / "samebits"

    def play(self, name, *arguments):
        words = [str(word) for word in [*self.files(name), *arguments]]
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, check=False)

    def succeed(self, name, *arguments):
        run = self.play(name, *arguments)
        assert run.returncode == 0, (name, run)
        return run.stdout

    def status(self, gitops):
        run = subprocess.run([self.cli, "status", "--gitops", gitops, "--output", "json"], capture_output=True, check=True)
        return {each["name"]: each["tag"] for each in json.loads(run.stdout)["environments"]}

    def run(self, folder):
        subprocess.run([sys.executable, TOP / "tests" / "support" / "make_pipeline.py", folder], check=True)
        _, commit = (folder / "commits.txt").read_text(encoding="ascii").split()
        gitops = str(folder / "gitops.git")
        file = folder / "values.yaml"
        file.write_text(YAML, encoding="ascii")
        assert "+  tag: v2 # keep" in self.succeed("edit_value", file, "image.tag", "v2")
        assert file.read_text(encoding="ascii") == YAML.replace("v1", "v2")
        assert self.play("edit_value", file, "image.absent", "v2").returncode == 21
        assert f"main-{commit}"[:12] in self.succeed("promote", gitops, "preprod", commit)
        refused = self.play("promote", gitops, "preprod", "4f9d")
        assert refused.returncode == 2 and "bad_commit_id" in refused.stderr, refused
        self.succeed("gate_and_release", gitops, commit, "1.0.0")
        assert self.status(gitops) == {"preprod": f"main-{commit}", "prod": "v1.0.0", "dev": "v1.0.0"}, self.status(gitops)
        assert self.play("gate_and_release", gitops, commit, "0.9.0").returncode == 10


def main():
    language, build = sys.argv[1], pathlib.Path(sys.argv[2]).absolute()
    for story in (TOP / "examples" / language).glob("*.*"):
        if story.suffix in (".c", ".py", ".sh"):
            assert len(story.read_text(encoding="ascii").splitlines()) <= 60, f"{story}: more than 60 lines"
    with tempfile.TemporaryDirectory(prefix="samebits-stories-") as folder:
        Stories(language, build).run(pathlib.Path(folder))
    print(f"the stories in {language} end as they should")


if __name__ == "__main__":
    main()
