#!/usr/bin/env python3
"""Makes a small pipeline to test with: a source repository, an image layout and a GitOps repository, all local.

usage: make_pipeline.py DIR [IMAGE]

DIR gets source.git, images, gitops.git (bare, branch main) and commits.txt: the ids of the two commits of main, one a
line. The images main-<first>, main-<second> and pr-42-<first> exist. IMAGE: what the definition names instead of the layout.
"""
import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
WHEN = "2026-11-24T09:00:00Z"
ENVIRONMENT = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
               "HOME": "/nonexistent", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_AUTHOR_DATE": WHEN,
               "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com", "GIT_COMMITTER_DATE": WHEN}
CONFIG = """\
apiVersion: samebits/v1
services:
  api:
    image: {image}
    source: ../source.git
"""
VALUES = "image:\n  repository: oci:../images\n  tag: \"\"\nenv:\n  ENV_NAME: {}\n"


def git(folder, *arguments, text=""):
    return subprocess.run(["git", "-C", str(folder), *arguments], check=True, env=ENVIRONMENT, input=text,
                          stdout=subprocess.PIPE, text=True).stdout.strip()


def make_repository(folder):
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "--bare", "-b", "main")


def fast_import(folder, files, message):
    """One commit on main, made without a work tree."""
    stream = f"commit refs/heads/main\ncommitter Ada <ada@example.com> 1795510800 +0000\ndata {len(message)}\n{message}\n"
    tip = subprocess.run(["git", "-C", str(folder), "rev-parse", "-q", "--verify", "refs/heads/main"], env=ENVIRONMENT,
                         stdout=subprocess.PIPE, text=True, check=False).stdout.strip()
    stream += f"from {tip}\n" if tip else ""
    for name, text in files.items():
        stream += f"M 100644 inline {name}\ndata {len(text)}\n{text}\n"
    git(folder, "fast-import", "--quiet", text=stream)
    return git(folder, "rev-parse", "main")


def main():
    image = sys.argv[2] if len(sys.argv) > 2 else "oci:../images"
    folder = pathlib.Path(sys.argv[1]).absolute()
    source, gitops = folder / "source.git", folder / "gitops.git"
    make_repository(source)
    commits = [fast_import(source, {"app.py": f"print({number})\n"}, f"Say {number}") for number in (1, 2)]
    make_repository(gitops)
    fast_import(gitops, {"samebits.yaml": CONFIG.format(image=image), "values/pr/api/template.yaml": VALUES.format('""'),
                         **{f"values/{name}/api.yaml": VALUES.format(name) for name in ("preprod", "prod", "dev")}},
                "Begin")
    maker = TOP / "examples" / "images" / "make_image.py"
    for tag in (f"main-{commits[0]}", f"main-{commits[1]}", f"pr-42-{commits[0]}"):
        subprocess.run([sys.executable, str(maker), str(folder / "images"), tag, "--content", tag], check=True,
                       stdout=subprocess.DEVNULL)
    (folder / "commits.txt").write_text("\n".join(commits) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
