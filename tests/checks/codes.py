#!/usr/bin/env python3
"""Every error code is expected by a test, or stands here with the reason why none can produce it yet."""
import pathlib
import re
import sys

NOT_PRODUCED = {
    "out_of_memory": "memory cannot be made to end at a chosen call",
    "findings": "check reports them in a document of their own and exits with 2",
    "held": "holds are reserved words",
}


# A code that only stands in a double or a table of names is not enough: the line must expect it.
EXPECTS = (r'"code": *"{code}"|'
           r'(?:CHECK|REQUIRE|\bassert|\bcode *==|code_of|refus).*(?:"{code}"|ErrorCode::{code}\b)')


def main():
    top = pathlib.Path(__file__).resolve().parents[2]
    listed = re.search(r"enum class ErrorCode \{(.*?)\}", (top / "include/samebits/error.hpp").read_text(), re.S)
    codes = [code.strip() for code in listed.group(1).split(",") if code.strip()]
    tests = "".join(path.read_text() for suffix in ("cpp", "hpp", "py", "json", "sh", "c")
                    for path in sorted((top / "tests").rglob(f"*.{suffix}")) if path.name != "codes.py")
    findings = [f"{code}: no test expects it" for code in codes
                if code not in NOT_PRODUCED and not re.search(EXPECTS.replace("{code}", code), tests)]
    findings += [f"{code}: is no error code" for code in NOT_PRODUCED if code not in codes]
    print("\n".join(findings) or f"codes: {len(codes) - len(NOT_PRODUCED)} are expected")
    for code, reason in NOT_PRODUCED.items():
        print(f"not produced: {code}: {reason}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
