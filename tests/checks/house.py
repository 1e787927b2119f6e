#!/usr/bin/env python3
"""Rules of the house that no compiler knows: what lies at the top, sizes and words."""
import pathlib
import re
import sys

TOP = {"CMakeLists.txt", "include", "lib", "capi", "examples", "tests", "bindings", "cmake", "LICENSE", "README.md",
       "CHANGELOG.md", "build"}
SOURCES = {".cpp", ".hpp", ".h", ".c", ".py", ".sh"}
MAX_LINES = 400
# One header is what bindings read; its length is its documentation.
ONE_HEADER = "capi/include/samebits.h"
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
SLEEPS = re.compile(r"(sleep_for|usleep|\bsleep\(|time\.sleep)")


def lines_wrong(path, text):
    if not text.isascii():
        yield f"{path}: source is ASCII; text for people is data"
    if text.count("\n") > MAX_LINES and path != ONE_HEADER:
        yield f"{path}: more than {MAX_LINES} lines: what are its concepts?"
    for number, line in enumerate(text.splitlines(), 1):
        if UNFINISHED.search(line):
            yield f"{path}:{number}: unfinished: {line.strip()}"
        if path.startswith(("lib/", "tests/")) and SLEEPS.search(line) and "checks/" not in path:
            yield f"{path}:{number}: sleeping: {line.strip()}"
    if path.endswith(".py"):
        try:
            compile(text, path, "exec")
        except SyntaxError as error:
            yield f"{path}:{error.lineno}: no Python: {error.msg}"


def types_of(text):
    """The types that a file defines at the level of a namespace with a name, with that namespace."""
    spaces = []
    for line in text.splitlines():
        if opened := re.match(r"namespace ?([\w:]*) ?\{", line):
            spaces.append(opened[1])
        elif line.startswith("}  // namespace") and spaces:
            spaces.pop()
        elif (defined := re.match(r"(?:struct|class|enum class) (\w+)(?: final)?(?: :[^:].*)? \{", line)) and all(spaces):
            yield "::".join([*spaces, defined[1]])


def twice_defined(top):
    """Two types of one name in one library are one to the linker, whatever the compiler saw."""
    files = {}
    for folder in ("include", "lib", "capi"):
        for path in sorted((top / folder).rglob("*.[ch]pp")):
            for name in types_of(path.read_text(encoding="utf-8")):
                files.setdefault(name, []).append(path.relative_to(top).as_posix())
    return [f"{name}: defined in {' and in '.join(places)}" for name, places in files.items() if len(places) > 1]


def main():
    top = pathlib.Path(__file__).resolve().parents[2]
    findings = [f"{entry.name}: does not belong at the top" for entry in top.iterdir()
                if entry.name not in TOP and not entry.name.startswith(".")]
    for folder in ("include", "lib", "capi", "examples", "tests", "bindings", "cmake"):
        for path in sorted((top / folder).rglob("*")):
            name = path.relative_to(top).as_posix()
            if path.suffix in SOURCES and not name.startswith("tests/cases/"):
                findings += lines_wrong(name, path.read_text(encoding="utf-8"))
    findings += twice_defined(top)
    print("\n".join(findings) or "house: good")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
