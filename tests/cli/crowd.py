#!/usr/bin/env python3
"""Many processes promote at once through one Git server: each lands exactly once, or is told who won.

usage: crowd.py SAMEBITS GIT_SERVER
"""
import pathlib
import subprocess
import sys
import tempfile

from world import World

WRITERS = 64


def run_all(world, commands):
    """Starts all at once; gives exit status and what was said, in the same order."""
    begun = [subprocess.Popen([world.samebits, *command], cwd=world.folder, env=world.environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for command in commands]
    said = [process.communicate()[0] for process in begun]
    return [(process.returncode, words) for process, words in zip(begun, said)]


def count(world, repository, revisions):
    return int(world.git("-C", repository, "rev-list", "--count", *revisions))


def prepare(world):
    for number in range(1, WRITERS + 1):
        world.image(f"pr-{number}-{world.commits['FIRST']}", f"content {number}")
    world.git("clone", "-q", "gitops.git", "setup")
    for file in (world.folder / "setup").glob("**/*.yaml"):
        text = file.read_text().replace("oci:../images", f"oci:{world.folder}/images")
        file.write_text(text.replace("../source.git", world.url + "/auth/source.git"))
    world.git("-C", "setup", "commit", "-qam", "Name whole locations")
    world.git("-C", "setup", "push", "-q", "origin", "main")
    world.environment[world.token] = "secret-of-ada"


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = World(pathlib.Path(sys.argv[1]).resolve(), folder).build().serve(pathlib.Path(sys.argv[2]).resolve())
        # Who has the token.
        world.url = world.url.replace("//", "//ada@")
        try:
            play(world)
        finally:
            world.close()


def play(world):
    prepare(world)
    gitops = ["--gitops", world.url + "/auth/gitops.git"]
    first, main_commit, next_commit = (world.commits[name] for name in ("FIRST", "MAIN", "NEXT"))

    # Different files.
    before = count(world, "gitops.git", ["main"])
    ended = run_all(world, [["preview", "up", "--pr", str(number), "--sha", first, *gitops]
                            for number in range(1, WRITERS + 1)])
    assert all(status == 0 for status, _ in ended), [words for status, words in ended if status]
    assert count(world, "gitops.git", ["main"]) == before + WRITERS
    listed = world.git("-C", "gitops.git", "ls-tree", "-r", "--name-only", "main", "values/pr").splitlines()
    assert len([name for name in listed if "pr-" in name]) == WRITERS, listed

    # The same value.
    before = count(world, "gitops.git", ["main"])
    ended = run_all(world, [["promote", "preprod", "--sha", main_commit, *gitops]] * 16)
    assert all(status == 0 for status, _ in ended), ended
    assert count(world, "gitops.git", ["main"]) == before + 1
    assert sum("promote: done" in words for _, words in ended) == 1, ended

    # Lines of one file.
    commits = [["gate", "post", "--gate", "preprod-tests", "--sha", main_commit, "--conclusion", "success",
                "--summary", f"run {number}", *gitops] for number in range(16)]
    ended = run_all(world, commits)
    assert all(status == 0 for status, _ in ended), ended
    ledger = world.git("-C", "source.git", "grep", "-h", "run [0-9]", "samebits/gates")
    assert len(ledger.splitlines()) == 16, ledger

    # Two values for one key: the older one lands first or is told that it would go backwards.
    ended = run_all(world, [["promote", "preprod", "--sha", sha, *gitops] for sha in (main_commit, next_commit)] * 4)
    assert all(status in (0, 10) for status, _ in ended), ended
    assert all("would_move_backwards" in words for status, words in ended if status == 10), ended
    assert next_commit in world.git("-C", "gitops.git", "show", "main:values/preprod/service-demo.yaml")

    for repository, branch in (("gitops.git", "main"), ("source.git", "samebits/gates")):
        assert count(world, repository, ["--min-parents=2", branch]) == 0
        world.git("-C", repository, "fsck", "--strict")


if __name__ == "__main__":
    main()
