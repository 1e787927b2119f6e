#!/usr/bin/env bash
# Installs what is missing, builds, and runs the tests by ctest.
#
# usage: tests/run.sh [--quick] [--full] [--asan|--tsan] [ctest arguments...]
#   --quick  leaves out what takes long (label slow)
#   --full   also what needs real servers from Go and npm; nothing in this version does
#   --asan   AddressSanitizer and UndefinedBehaviorSanitizer
#   --tsan   ThreadSanitizer, only the concurrent tests
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=../examples/support/debian_packages.sh
. "$top/examples/support/debian_packages.sh"

build=dev
full=no
ctest_arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) ctest_arguments+=(-LE slow) ;;
    --full) full=yes ;;
    --asan) build=asan ;;
    --tsan)
      build=tsan
      ctest_arguments+=(-L concurrent)
      ;;
    -h | --help)
      sed -n '2,9s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *) ctest_arguments+=("$1") ;;
  esac
  shift
done

install_packages "${build_packages[@]}" doctest-dev libbenchmark-dev libcpp-httplib-dev nginx-light fcgiwrap openssl skopeo \
  umoci shellcheck codespell python3-jsonschema python3-yaml python3-ruamel.yaml clang-format-16 clang-tidy-16

jobs=$(nproc)
cmake -S "$top" -B "$top/build/$build" -G Ninja -C "$top/cmake/$build.cmake" -DPython3_EXECUTABLE=/usr/bin/python3
cmake --build "$top/build/$build" --parallel "$jobs"

echo
echo "Not run, since this version does not speak to them: registries, forges and Git over the network, Argo CD."
for program in skopeo umoci shellcheck codespell clang-format-16 clang-tidy-16; do
  command -v "$program" >/dev/null || echo "Not run, since $program is missing: the tests that need it."
done
if [ "$full" = yes ]; then
  echo "--full: no test of this version needs a server from Go or npm; everything that exists runs."
fi
echo
ctest --test-dir "$top/build/$build" --output-on-failure --parallel "$jobs" --no-tests=error "${ctest_arguments[@]}"
