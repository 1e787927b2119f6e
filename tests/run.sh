#!/usr/bin/env bash
# Installs what is missing, builds, and runs the tests by ctest.
#
# usage: tests/run.sh [--quick] [--full] [--asan|--tsan] [ctest arguments...]
#   --quick  leaves out what takes long (label slow)
#   --full   also what comes from Go and npm (tests/servers/recipes, Helm's own YAML reader) and clang-tidy over all
#            sources; takes three quarters of an hour, and as much again where the servers are not built yet
#   --asan   AddressSanitizer and UndefinedBehaviorSanitizer
#   --tsan   ThreadSanitizer, only the concurrent tests
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=../examples/support/debian_packages.sh
. "$top/examples/support/debian_packages.sh"

build=dev
full=no
targets=()
left_out=()
ctest_arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) left_out+=(slow) ;;
    --full) full=yes ;;
    --asan) build=asan ;;
    --tsan)
      build=tsan
      targets=(--target concurrent_tests)
      export TSAN_OPTIONS="suppressions='$top/tests/tsan.supp'"
      ctest_arguments+=(-L concurrent)
      ;;
    -h | --help)
      sed -n '2,10s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *) ctest_arguments+=("$1") ;;
  esac
  shift
done

install_packages no "${build_packages[@]}" doctest-dev libbenchmark-dev libcpp-httplib-dev skopeo umoci docker-registry \
  apache2-utils nginx-light fcgiwrap tinyproxy openssl openssh-server gnupg shellcheck codespell python3-jsonschema \
  python3-yaml python3-ruamel.yaml clang-16 clang-format-16 clang-tidy-16 libclang-rt-16-dev abigail-tools mypy python3-pip \
  python3-setuptools python3-venv python3-wheel

if [ "$full" = yes ]; then
  install_packages no redis-server
  lacking=no
  "$top/tests/servers/build.sh" || lacking=yes
  command -v go >/dev/null || {
    echo "Helm's own YAML reader: to build it, go is missing" >&2
    lacking=yes
  }
  [ "$lacking" = no ] || {
    echo "--full: what is named above is missing; without --full the tests that need it are listed and left out." >&2
    exit 1
  }
fi

jobs=$(nproc)
cmake -S "$top" -B "$top/build/$build" -G Ninja -C "$top/cmake/$build.cmake" -DPython3_EXECUTABLE=/usr/bin/python3
cmake --build "$top/build/$build" --parallel "$jobs" "${targets[@]}"

echo
for program in skopeo umoci docker-registry htpasswd nginx fcgiwrap tinyproxy sshd shellcheck codespell clang++-16 \
  clang-format-16 clang-tidy-16 abidiff mypy; do
  PATH="$PATH:/usr/sbin" command -v "$program" >/dev/null || echo "Not run, since $program is missing: the tests that need it."
done
if [ "$full" = yes ]; then
  (cd "$top/tests/values/helm_reader" && go build -o "$top/build/$build/helm_reader" .)
else
  left_out+=(tidy full)
  echo "Not run without --full: \"check: sources pass clang-tidy\"."
  [ -x "$top/build/$build/helm_reader" ] ||
    echo "Not run without --full: \"values: Helm's own reader reads what random edits meant\"."
  ctest --test-dir "$top/build/$build" -N -L '^full$' |
    sed -n 's/^ *Test *#[0-9]*: \(.*\)/Not run without --full: "\1"./p'
fi
if [ ${#left_out[@]} -gt 0 ]; then
  ctest_arguments+=(-LE "^($(IFS='|' && echo "${left_out[*]}"))\$")
fi
echo
ctest --test-dir "$top/build/$build" --output-on-failure --parallel "$jobs" --no-tests=error "${ctest_arguments[@]}"
