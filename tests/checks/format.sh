#!/usr/bin/env bash
# Every source is as clang-format-16 writes it.
set -euo pipefail
command -v clang-format-16 >/dev/null || exit 77
find include lib capi examples tests -name '*.[ch]pp' -o -name '*.[ch]' | grep -v '^tests/cases/' | xargs clang-format-16 --dry-run -Werror
