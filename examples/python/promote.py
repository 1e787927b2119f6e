#!/usr/bin/env python3
"""Promotes the snapshot of a commit into an environment.

usage: promote.py GITOPS ENVIRONMENT COMMIT
"""
import sys

import samebits

gitops, environment, commit = sys.argv[1:]
try:
    with samebits.Client(gitops) as client:
        receipt = client.promote(environment, commit)
    print(f"{receipt.outcome}: {environment} runs {receipt.images[0].tag}")
except samebits.Error as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
