#!/usr/bin/env bash
# Sets one value of a YAML file and changes no other byte of it.
#
# usage: edit_value.sh FILE PATH TEXT
set -euo pipefail
samebits values set "$1" "$2=$3"
