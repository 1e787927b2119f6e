#!/usr/bin/env bash
# Builds the real servers that no Debian package has, once, into a cache folder; what is there in the right version stays.
#
# usage: tests/servers/build.sh [NAME...]     default: all of recipes/
#   They land in ${XDG_CACHE_HOME:-~/.cache}/samebits-servers/NAME. What could not be built is named on standard error,
#   and the exit status is 1.
#
# A recipe, recipes/NAME.sh, says `version`, the programs that it `needs`, and has a function `build` that fills the
# folder given to it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/samebits-servers

# is_built NAME: in the version that its recipe says.
is_built() (
  # shellcheck source=/dev/null
  . "$here/recipes/$1.sh"
  # shellcheck disable=SC2154
  [ "$(cat "$cache/$1/version" 2>/dev/null)" = "$version" ]
)

build_one() (
  name=$1
  is_built "$name" && exit 0
  needs=()
  # shellcheck source=/dev/null
  . "$here/recipes/$name.sh"
  for program in "${needs[@]}"; do
    command -v "$program" >/dev/null || {
      echo "$name: to build it, $program is missing" >&2
      exit 1
    }
  done
  echo "Building $name $version (once; it is kept in $cache/$name) ..." >&2
  mkdir -p "$cache"
  new=$(mktemp -d "$cache/.$name-XXXXXX")
  trap 'rm -rf "$new"' EXIT
  # Whoever the server runs as may read it.
  chmod 755 "$new"
  mkdir "$new/made"
  # In a process of its own: -e does not hold inside of a condition.
  if ! bash -euo pipefail -c '. "$1"; build "$2"' build "$here/recipes/$name.sh" "$new/made" >"$new/log" 2>&1; then
    tail -20 "$new/log" >&2
    echo "$name: it could not be built" >&2
    exit 1
  fi
  echo "$version" >"$new/made/version"
  rm -rf "${cache:?}/$name"
  mv "$new/made" "$cache/$name"
)

all=()
for recipe in "$here"/recipes/*.sh; do all+=("$(basename "$recipe" .sh)"); done
names=("$@")
[ $# -gt 0 ] || names=("${all[@]}")
status=0
for name in "${names[@]}"; do
  [ -f "$here/recipes/$name.sh" ] || {
    echo "there is no server '$name'" >&2
    exit 2
  }
  build_one "$name" || status=1
done
exit "$status"
