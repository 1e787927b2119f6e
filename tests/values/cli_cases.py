"""Drives the case folders through `samebits values`. usage: cli_cases.py SAMEBITS CASES"""
import json
import pathlib
import subprocess
import sys
import tempfile

COMMANDS = ("set", "delete", "append")


def run(program, arguments):
    return subprocess.run([program, "values", *arguments], capture_output=True, timeout=60, check=False)


def one(program, folder, work):
    """None, or what is wrong. Cases with several commands are one pass only for the library."""
    arguments = (folder / "set.txt").read_text(encoding="utf-8").split("\n")[:-1]
    if sum(argument in COMMANDS for argument in arguments) != 1:
        return "skipped"
    before = (folder / "in.yaml").read_bytes()
    file = work / "in.yaml"
    file.write_bytes(before)
    command = [arguments[0], str(file), *["--" + a[2:] if a.startswith("--") else a for a in arguments[1:]]]
    answer = run(program, [*command, "--output", "json"])
    document = json.loads(answer.stdout)
    error = folder / "error.json"
    if not error.exists():
        if answer.returncode != 0:
            return "ended with %d: %s" % (answer.returncode, answer.stdout)
        wrong = file.read_bytes() != (folder / "out.yaml").read_bytes()
        return "wrote %r" % file.read_bytes() if wrong or document["kind"] != "Edit" else None
    wanted = json.loads(error.read_text(encoding="utf-8"))
    where = document["error"].get("where", {})
    found = {"code": document["error"]["code"], "line": where.get("line", 0), "column": where.get("column", 0)}
    if any(found[key] != wanted[key] for key in found):
        return "refused with %r" % document
    if answer.returncode != document["exitCode"] or answer.returncode == 0:
        return "ended with %d" % answer.returncode
    return None if file.read_bytes() == before else "wrote %r though it refused" % file.read_bytes()


def main():
    program, cases = sys.argv[1], pathlib.Path(sys.argv[2])
    failures = skipped = done = 0
    with tempfile.TemporaryDirectory() as work:
        for folder in sorted(path for path in cases.iterdir() if path.is_dir()):
            done += 1
            wrong = one(program, folder, pathlib.Path(work))
            if wrong == "skipped":
                skipped += 1
            elif wrong:
                failures += 1
                print("%s: %s" % (folder.name, wrong))
    print("%d cases, %d of several commands left to the library, %d failures" % (done, skipped, failures))
    return 1 if failures or done - skipped < 250 else 0


if __name__ == "__main__":
    sys.exit(main())
