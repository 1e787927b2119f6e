#!/usr/bin/env bash
# Installs the build into an empty prefix and uses what is there as somebody else would.
#
# usage: consume.sh (prefix|find_package|pkg_config|add_subdirectory) BUILD
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
way=$1
build=$(cd "$2" && pwd)
place="$build/tests/install/a place"
prefix="$place/prefix"

consume() { # FOLDER OPTIONS...
  rm -rf "${place:?}/${1:?}"
  cmake -S "$here/$1" -B "$place/$1" -G Ninja "${@:2}" >/dev/null
  cmake --build "$place/$1" --parallel 2
  ctest --test-dir "$place/$1" --output-on-failure --no-tests=error
}

must_not_find() { # PATTERN PLACE OPTIONS...
  if grep -rn "$@"; then return 1; fi
}

case "$way" in
  prefix)
    rm -rf "$prefix"
    cmake --install "$build" --prefix "$prefix" >/dev/null
    "$prefix/bin/samebits" --version
    for name in samebits.h samebits/samebits.hpp; do test -f "$prefix/include/$name"; done
    must_not_find "$build" "$prefix" --include='*.cmake' --include='*.pc'
    ;;
  find_package)
    consume find_package -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release
    # The archive needs no header of the libraries below.
    must_not_find '#include <\(fmt\|yaml-cpp\|rapidjson\|git2\|openssl\|curl\)' "$prefix/include"
    ;;
  pkg_config)
    pc=$(dirname "$(find "$prefix" -name samebits.pc)")
    # pkg-config escapes the blanks of the path.
    eval "cc '$here/consumer.c' -o '$place/consumer' $(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs samebits)"
    LD_LIBRARY_PATH=${pc%/pkgconfig} "$place/consumer"
    ;;
  add_subdirectory)
    consume add_subdirectory -C "$here/../../cmake/release.cmake" -DCMAKE_CXX_FLAGS_RELEASE="-O0" -DCMAKE_DISABLE_FIND_PACKAGE_CLI11=ON
    ;;
esac
