#!/usr/bin/env python3
"""Records that the tests passed for a commit, and releases it as a version.

usage: gate_and_release.py GITOPS COMMIT VERSION
"""
import sys

import samebits

gitops, commit, version = sys.argv[1:]
try:
    with samebits.Client(gitops) as client:
        print("gate:", client.gate_post("preprod-tests", commit, "success").outcome)
        print("release:", client.release(version, sha=commit).outcome)
except samebits.Error as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
