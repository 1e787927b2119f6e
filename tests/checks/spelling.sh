#!/usr/bin/env bash
# Words that codespell knows to be wrong.
set -euo pipefail
command -v codespell >/dev/null || exit 77
codespell --ignore-words-list=pullrequest --skip='./build,./.git,tests/cases,tests/fuzz,*/tests/cases/*' README.md CHANGELOG.md include lib capi examples tests bindings cmake
