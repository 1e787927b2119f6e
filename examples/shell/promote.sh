#!/usr/bin/env bash
# Promotes the snapshot of a commit into an environment.
#
# usage: promote.sh GITOPS ENVIRONMENT COMMIT
set -euo pipefail
samebits promote "$2" --sha "$3" --gitops "$1"
