#!/usr/bin/env bash
# pip makes a wheel that carries the library and a tag that is true; it works in an empty environment, without this tree.
#
# usage: wheel.sh PYTHON LIBRARY FOLDER
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
python=$1
library=$2
folder=$3
rm -rf "$folder"
mkdir -p "$folder"
cp -r "$top/bindings/python" "$folder/source"
SAMEBITS_LIBRARY=$library "$python" -m pip --disable-pip-version-check wheel --quiet --no-build-isolation --no-deps --no-index \
  --wheel-dir "$folder" "$folder/source"
wheel=$(echo "$folder"/samebits-*.whl)
case "$wheel" in
  *"-py3-none-linux_$(uname -m).whl") ;;
  *)
    echo "the tag is not true: $wheel"
    exit 1
    ;;
esac
"$python" -m venv "$folder/environment"
"$folder/environment/bin/python" -m pip --disable-pip-version-check install --quiet --no-index "$wheel"
cd "$folder"
env -u SAMEBITS_LIBRARY -u PYTHONPATH "$folder/environment/bin/python" - <<'TEXT'
import pathlib
import samebits

inside = pathlib.Path(samebits.__file__).parent
assert (inside / "libsamebits.so.0").exists() and (inside / "py.typed").exists()
assert any(str(inside) in line for line in open("/proc/self/maps") if "libsamebits" in line), "another library is used"
assert samebits.edit_values(b"a: 1\n", set={"a": 2}).data == b"a: 2\n"
TEXT
