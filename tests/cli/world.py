"""A small pipeline on local repositories and an image layout, the same in every run: ids and times are fixed."""
import json
import os
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
MAKE_IMAGE = TOP / "examples" / "images" / "make_image.py"


def environment(folder):
    """Nothing of the caller's: neither its Git configuration nor its repositories, colours or languages."""
    kept = {name: value for name, value in os.environ.items()
            if name in ("PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")}
    return {**kept, "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
            "GIT_AUTHOR_NAME": "Ada Lovelace", "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_COMMITTER_NAME": "Ada Lovelace", "GIT_COMMITTER_EMAIL": "ada@example.com",
            "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z"}


class World:
    """`source.git`, `images` and `gitops.git` in a folder, and the commits that stories speak of.

    FIRST and SECOND are heads of pull request 42, MAIN and NEXT are commits of main, LOST is on no branch that counts
    and NOBODY is no commit at all.
    """

    def __init__(self, samebits, folder):
        self.samebits = str(samebits)
        self.folder = pathlib.Path(folder)
        self.environment = environment(folder)
        self.server = None
        self.commits = {"NOBODY": "0123456789abcdef0123456789abcdef01234567"}

    def git(self, *arguments):
        return subprocess.run(["git", *arguments], cwd=self.folder, env=self.environment, check=True,
                              capture_output=True, text=True).stdout.strip()

    def run(self, *arguments, **options):
        return subprocess.run([self.samebits, *arguments],
                              **{"cwd": self.folder, "env": self.environment, "capture_output": True,
                                 "timeout": 120, **options})

    def commit(self, name, message):
        self.git("-C", "app", "commit", "-q", "--allow-empty", "-m", message)
        self.commits[name] = self.git("-C", "app", "rev-parse", "HEAD")

    def image(self, tag, content):
        subprocess.run([sys.executable, MAKE_IMAGE, self.folder / "images", tag, "--content", content], check=True,
                       stdout=subprocess.DEVNULL)

    def name_images(self, tags):
        """More names for an image that is there: what it holds costs nothing here."""
        index = self.folder / "images" / "index.json"
        document = json.loads(index.read_text())
        entry = document["manifests"][0]
        for tag in tags:
            document["manifests"].append({**entry, "annotations": {"org.opencontainers.image.ref.name": tag}})
        index.write_text(json.dumps(document))

    def more_snapshots(self, count):
        """So many further commits of main, with an image each."""
        self.git("-C", "app", "checkout", "-q", "main")
        made = []
        for number in range(count):
            self.git("-C", "app", "commit", "-q", "--allow-empty", "-m", f"Change {number}")
            made.append(self.git("-C", "app", "rev-parse", "HEAD"))
        self.git("-C", "app", "push", "-q", str(self.folder / "source.git"), "main")
        self.name_images(f"main-{commit}" for commit in made)
        return made

    def serve(self, program):
        """Puts the repositories of the folder behind TLS. The server ends when its standard input does."""
        self.server = subprocess.Popen([program, self.folder, "--tls"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       text=True)
        self.url, authority = (self.server.stdout.readline().strip() for _ in range(2))
        self.environment |= {"SSL_CERT_FILE": authority, "GIT_SSL_CAINFO": authority}
        self.token = "SAMEBITS_TOKEN_" + re.sub("[^A-Z0-9]", "_", self.url.split("//")[1].upper())
        return self

    def close(self):
        if self.server:
            self.server.stdin.close()
            self.server.stdout.close()
            self.server.wait()

    def build(self):
        self.git("init", "-q", "-b", "main", "app")
        self.commit("MAIN", "Begin")
        self.git("-C", "app", "checkout", "-q", "-b", "feature")
        self.commit("FIRST", "Try something")
        self.commit("SECOND", "Try it better")
        self.git("-C", "app", "checkout", "-q", "main")
        self.commit("NEXT", "Say it louder")
        self.git("-C", "app", "checkout", "-q", "--orphan", "other")
        self.commit("LOST", "Begin elsewhere")
        self.git("clone", "-q", "--bare", "app", "source.git")
        self.git("-C", "source.git", "symbolic-ref", "HEAD", "refs/heads/main")
        for name in ("FIRST", "SECOND"):
            self.image(f"pr-42-{self.commits[name]}", name)
        for name in ("MAIN", "NEXT", "LOST"):
            self.image(f"main-{self.commits[name]}", name)
        made = self.run("init", "gitops", "--service", "service-demo", "--image", "oci:../images", "--source",
                        "../source.git")
        assert made.returncode == 0, made.stderr
        self.git("init", "-q", "-b", "main", "gitops")
        self.git("-C", "gitops", "add", ".")
        self.git("-C", "gitops", "commit", "-q", "-m", "Begin")
        self.git("clone", "-q", "--bare", "gitops", "gitops.git")
        return self
