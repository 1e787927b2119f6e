#!/usr/bin/env python3
"""The C ABI is one list three times: capi/samebits.symbols, the header's declarations, what the library exports.

usage: symbols.py LIBRARY [--update]
  --update  writes the list from the header; reviewers read the diff
"""
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
HEADER = TOP / "capi" / "include" / "samebits.h"
LIST = TOP / "capi" / "samebits.symbols"
DECLARATION = re.compile(
    r"(?P<comment>^/\*\*(?:(?!\*/).)*\*/\n)?^SB_API (?P<head>[^(;]*?)\b(?P<name>sb_\w+)\((?P<arguments>[^;]*)\);", re.S | re.M)


def declared(text):
    """Name and version of every function of the header, and what its comments lack."""
    functions, findings = {}, []
    for found in DECLARATION.finditer(text):
        name, comment = found["name"], found["comment"] or ""
        since = re.search(r"@since (\d+\.\d+)", comment)
        functions[name] = since[1] if since else "?"
        arguments = [] if found["arguments"].strip() == "void" else found["arguments"].split(",")
        wanted = [f"@param {re.findall(r'[a-z_]+', argument)[-1]} " for argument in arguments]
        if "void " not in found["head"] or "*" in found["head"]:
            wanted.append("@return")
        findings += [f"{HEADER.name}: {name} lacks {word.strip()}" for word in [*wanted, "@since"] if word not in comment]
    lines = text.count("\nSB_API ")
    if lines != len(functions):
        findings.append(f"{HEADER.name}: {lines} lines begin with SB_API and {len(functions)} functions were read")
    return functions, findings


def exported(library):
    lines = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    names = [line.split()[-1] for line in lines.splitlines()]
    return {name.split("@")[0] for name in names if not name.startswith("SAMEBITS_")}, names


def self_test():
    good = "/**\n * A.\n * @param a  b\n * @return c\n * @since 0.1\n */\nSB_API int sb_x(int a);\n"
    assert declared(good) == ({"sb_x": "0.1"}, [])
    for part in ("@param a", "@return", "@since 0.1"):
        assert declared(good.replace(part, ""))[1], part


def main():
    self_test()
    functions, findings = declared(HEADER.read_text(encoding="ascii"))
    lines = "".join(f"{name} {since}\n" for name, since in sorted(functions.items()))
    if "--update" in sys.argv:
        LIST.write_text(lines, encoding="ascii")
    if LIST.read_text(encoding="ascii") != lines:
        findings.append("capi/samebits.symbols is not what the header declares: symbols.py LIBRARY --update")
    names, raw = exported(sys.argv[1])
    findings += [f"the library lacks {name}" for name in sorted(functions.keys() - names)]
    findings += [f"the library exports {name}, which the header does not declare" for name in sorted(names - functions.keys())]
    findings += [f"{name} has no version SAMEBITS_0" for name in raw if name.startswith("sb_") and not name.endswith("@@SAMEBITS_0")]
    print("\n".join(findings) or f"symbols: {len(functions)} agree")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
