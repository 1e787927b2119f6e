#!/usr/bin/env python3
"""The C ABI is one list three times: capi/samebits.symbols, the header's declarations, what the library exports. The
header's tables of members are those of the published schemas.

usage: symbols.py LIBRARY [--update]
  --update  writes the list from the header; reviewers read the diff
"""
import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
HEADER = TOP / "capi" / "include" / "samebits.h"
LIST = TOP / "capi" / "samebits.symbols"
SCHEMAS = TOP / "lib" / "json" / "schema"
MEMBER = re.compile(r"^ \* \| +(\w+)(\??) +\|", re.M)
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
        if re.search(r"@return static text|[Tt]hread", comment) is None:
            findings.append(f"{HEADER.name}: {name} does not say what threads may do")
    lines = text.count("\nSB_API ")
    if lines != len(functions):
        findings.append(f"{HEADER.name}: {lines} lines begin with SB_API and {len(functions)} functions were read")
    return functions, findings


def member_findings(name, comment, schema):
    """What the table of a comment says otherwise than the schema."""
    members = {member: mark for member, mark in MEMBER.findall(comment) if member != "member"}
    known, needed = schema["properties"].keys(), set(schema.get("required", []))
    if "one thread at a time" in comment and "NULL is refused" not in comment:
        # In the table of common members.
        members["timeout"] = "?"
    findings = [f"{HEADER.name}: {name} says nothing of '{member}'" for member in sorted(known - members.keys())]
    findings += [f"{HEADER.name}: {name} knows '{member}', the schema does not" for member in sorted(members.keys() - known)]
    findings += [f"{HEADER.name}: whether {name} needs '{member}' is said wrongly" for member in sorted(members.keys() & known)
                 if (member in needed) != (members[member] == "")]
    return findings


def table_findings(text):
    findings = []
    for found in DECLARATION.finditer(text):
        name, comment = found["name"], found["comment"] or ""
        if "request_json" in found["arguments"]:
            # Of bytes the name is optional.
            kind = "values_get" if name == "sb_values_read" else name[len("sb_"):]
            schema = json.loads((SCHEMAS / f"{kind.replace('_', '-')}-request.json").read_text(encoding="ascii"))
            if name == "sb_values_read":
                schema["required"].remove("file")
            findings += member_findings(name, comment, schema)
        if name == "sb_client_new":
            schema = json.loads((SCHEMAS / "client.json").read_text(encoding="ascii"))
            # All of them may be left out, and are not marked.
            schema["required"] = list(schema["properties"])
            findings += member_findings(name, comment.split("\n * Of `")[0], schema)
    return findings


# What prints, ends the process, or touches what belongs to all of it: convention 7 of the header.
FORBIDDEN = re.compile(
    r"_?exit|_Exit|quick_exit|abort|[vf]*printf|puts|fputs|putchar|fwrite|perror|syslog|_ZSt4c(out|err|log)|setlocale|f?chdir|umask"
    r"|(secure_)?getenv|setenv|unsetenv|putenv|clearenv|_*environ|signal|sigaction|sigprocmask|v?fork|system|popen|tzset|localtime"
    r"|mktime|dlclose")


def library_findings(library):
    """What the library calls or is and must not, or is not and must be."""
    lines = subprocess.run(["nm", "-D", "--undefined-only", library], check=True, capture_output=True, text=True).stdout
    called = {line.split()[-1].split("@")[0] for line in lines.splitlines()}
    findings = [f"the library calls {name}" for name in sorted(called) if FORBIDDEN.fullmatch(name)]
    dynamic = subprocess.run(["readelf", "-d", library], check=True, capture_output=True, text=True).stdout
    if not re.search(r"FLAGS.*NODELETE", dynamic):
        findings.append("the library can be unloaded: -z nodelete is missing")
    if "soname: [libsamebits.so.0]" not in dynamic:
        findings.append("the library's soname is not libsamebits.so.0")
    return findings


def exported(library):
    lines = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    names = [line.split()[-1] for line in lines.splitlines()]
    return {name.split("@")[0] for name in names if not name.startswith("SAMEBITS_")}, names


def self_test():
    good = "/**\n * A. Thread: safe.\n * @param a  b\n * @return c\n * @since 0.1\n */\nSB_API int sb_x(int a);\n"
    assert declared(good) == ({"sb_x": "0.1"}, [])
    for part in ("@param a", "@return", "@since 0.1", "Thread"):
        assert declared(good.replace(part, ""))[1], part
    schema = {"properties": {"a": {}, "b": {}}, "required": ["a"]}
    assert member_findings("x", " * | a  | string | x\n * | b? | string | y\n", schema) == []
    for table in (" * | a | string | x\n", " * | a | x\n * | b | y\n", " * | a | x\n * | b? | y\n * | c | z\n"):
        assert len(member_findings("x", table, schema)) == 1, table


def main():
    self_test()
    header = HEADER.read_text(encoding="ascii")
    functions, findings = declared(header)
    findings += table_findings(header)
    lines = "".join(f"{name} {since}\n" for name, since in sorted(functions.items()))
    if "--update" in sys.argv:
        LIST.write_text(lines, encoding="ascii")
    if LIST.read_text(encoding="ascii") != lines:
        findings.append("capi/samebits.symbols is not what the header declares: symbols.py LIBRARY --update")
    findings += library_findings(sys.argv[1])
    names, raw = exported(sys.argv[1])
    findings += [f"the library lacks {name}" for name in sorted(functions.keys() - names)]
    findings += [f"the library exports {name}, which the header does not declare" for name in sorted(names - functions.keys())]
    findings += [f"{name} has no version SAMEBITS_0" for name in raw if name.startswith("sb_") and not name.endswith("@@SAMEBITS_0")]
    print("\n".join(findings) or f"symbols: {len(functions)} agree")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
