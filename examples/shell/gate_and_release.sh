#!/usr/bin/env bash
# Records that the tests passed for a commit, and releases it as a version.
#
# usage: gate_and_release.sh GITOPS COMMIT VERSION
set -euo pipefail
export SAMEBITS_GITOPS=$1
samebits gate post --gate preprod-tests --sha "$2" --conclusion success
samebits release "$3" --sha "$2"
