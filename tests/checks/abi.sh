#!/usr/bin/env bash
# The C ABI only grows: what the golden dump has, the library has. An incompatible change needs another soname.
#
# usage: abi.sh LIBRARY [--update]
#   --update  writes the golden dump; refused where that would hide an incompatible change under the same soname
set -euo pipefail
command -v abidiff >/dev/null || exit 77
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
golden=$top/capi/samebits.abi
library=$(realpath "$1")

soname_of_golden() { sed -n "s/.* soname='\([^']*\)'.*/\1/p" "$golden" | head -1; }
soname_of_library() { readelf -d "$library" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p'; }

if [ ! -f "$golden" ] && [ "${2:-}" != --update ]; then
  echo "abi: capi/samebits.abi is missing: without it nothing is promised"
  exit 1
fi
status=0
if [ -f "$golden" ] && [ "$(soname_of_golden)" = "$(soname_of_library)" ]; then
  abidiff --no-added-syms --headers-dir2 "$top/capi/include" "$golden" "$library" || status=$?
  # Bit 3 says that something is incompatible, bit 2 that something differs; additions alone are neither.
  if [ $((status & 15)) -ne 0 ]; then
    echo "abi: the library is not what capi/samebits.abi promises under the soname $(soname_of_golden)"
    exit 1
  fi
fi
if [ "${2:-}" = --update ]; then
  abidw --exported-interfaces-only --drop-private-types --no-corpus-path --no-comp-dir-path --headers-dir "$top/capi/include" \
    "$library" >"$golden"
fi
while read -r name; do
  if ! grep -q "^$name " "$top/capi/samebits.symbols"; then
    echo "abi: $name is in the golden dump and not in the list"
    exit 1
  fi
done < <(sed -n "s/.*elf-symbol name='\(sb_[a-z_]*\)'.*/\1/p" "$golden")
echo "abi: good"
