#!/usr/bin/env bash
# Every shell script passes shellcheck.
set -euo pipefail
command -v shellcheck >/dev/null || exit 77
find examples tests -name '*.sh' -print0 | xargs -0 shellcheck -x -P SCRIPTDIR -s bash .ci/run
