#!/usr/bin/env python3
"""Holds every include to the layers: an arrow may only point down, and a third-party library has one owner."""
import pathlib
import re
import sys

# What a layer may include besides itself and the public headers.
LAYERS = {
    "core": set(),
    "json": {"core"},
    "crypto": {"core", "system"},
    "system": {"core"},
    "values": {"core", "json"},
    "config": {"core", "json", "values"},
    "http": {"core", "system"},
    "git": {"core", "json", "crypto", "system", "http"},
    "registry": {"core", "json", "crypto", "system", "http"},
    "forge": {"core", "json", "crypto", "system", "http"},
    "reconciler": {"core", "json", "crypto", "system", "http"},
    "signature": {"core", "json", "crypto", "system", "http"},
    "bridge": {"core", "json", "crypto"},
    "promotion": {"core", "json", "crypto", "values", "config"},
    "assemble": {"core", "json", "crypto", "system", "values", "config", "http", "git", "registry", "forge", "reconciler",
                 "promotion"},
}
# Third-party headers and the only folder that may include them.
OWNERS = {
    "yaml-cpp/": "lib/values",
    "rapidjson/": "lib/json",
    "curl/": "lib/http",
    "git2": "lib/git",
    "zlib.h": "lib/git",
    "openssl/": "lib/crypto",
    "CLI/": "examples/cli",
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def findings_in(path, text):
    """The lines that are wrong in one file; `path` is relative to the top and uses '/'."""
    public = path.startswith(("include/", "capi/include/"))
    parts = path.split("/")
    layer = parts[1] if parts[0] == "lib" and len(parts) > 2 else None
    for kind, name in INCLUDE.findall(text):
        for prefix, owner in OWNERS.items():
            if name.startswith(prefix) and not path.startswith((owner + "/", "tests/")):
                yield f"{path}: <{name}> belongs to {owner}"
        if public and name.startswith("fmt/"):
            yield f"{path}: a public header includes <{name}>"
        if kind == '"' and layer and "/" in name:
            other = name.split("/")[0]
            if other != layer and other not in LAYERS.get(layer, set()):
                yield f"{path}: lib/{layer} may not include \"{name}\""
        if kind == '"' and parts[0] in ("capi", "examples") and name.split("/")[0] in LAYERS:
            yield f"{path}: only public headers may be included, not \"{name}\""


def self_test():
    bad = {
        "lib/core/a.cpp": '#include "json/json.hpp"',
        "lib/git/a.cpp": '#include "registry/manifest.hpp"',
        "lib/promotion/a.cpp": '#include "git/refs.hpp"',
        "lib/json/a.cpp": "#include <git2.h>",
        "include/samebits/a.hpp": "#include <fmt/format.h>",
        "capi/a.cpp": '#include "core/text.hpp"',
    }
    for path, text in bad.items():
        assert list(findings_in(path, text)), f"not found: {path} with {text}"
    assert not list(findings_in("lib/json/a.cpp", '#include "core/text.hpp"\n#include <rapidjson/reader.h>'))


def main():
    self_test()
    top = pathlib.Path(__file__).resolve().parents[2]
    findings = []
    for folder in ("include", "lib", "capi", "examples"):
        for path in sorted((top / folder).rglob("*")):
            if path.suffix in (".cpp", ".hpp", ".h", ".c"):
                findings += findings_in(path.relative_to(top).as_posix(), path.read_text())
    print("\n".join(findings) or "layers: good")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
