#!/usr/bin/env python3
"""Sets one value of a YAML file and changes no other byte of it.

usage: edit_value.py FILE PATH TEXT
"""
import sys

import samebits

file, path, text = sys.argv[1:]
try:
    print(samebits.values_set(file, {path: text}).diff, end="")
except samebits.Error as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
