#!/usr/bin/env bash
# mypy --strict finds nothing in the binding, as of the oldest Python that it is for.
#
# usage: types.sh CACHE
set -euo pipefail
command -v mypy >/dev/null || exit 77
cd "$(dirname "${BASH_SOURCE[0]}")/../../bindings/python"
mypy --strict --python-version 3.9 --cache-dir "$1" samebits
