#!/usr/bin/env python3
"""Promotes a commit's snapshot with nothing but Python and libsamebits.so.0: the C ABI through ctypes.

usage: promote.py LIBRARY GITOPS ENVIRONMENT COMMIT
"""
import ctypes
import json
import sys

library, gitops, environment, commit = sys.argv[1:]
samebits = ctypes.CDLL(library)
pointer = ctypes.c_void_p
samebits.sb_client_new.argtypes = [ctypes.c_char_p, ctypes.POINTER(pointer), ctypes.POINTER(pointer)]
samebits.sb_promote.argtypes = [pointer, ctypes.c_char_p, ctypes.POINTER(pointer)]
samebits.sb_result_json.argtypes, samebits.sb_result_json.restype = [pointer], ctypes.c_char_p
samebits.sb_result_free.argtypes = samebits.sb_client_free.argtypes = [pointer]

client, result = pointer(), pointer()
code = samebits.sb_client_new(json.dumps({"gitops": gitops}).encode(), ctypes.byref(client), ctypes.byref(result))
if code == 0:
    samebits.sb_result_free(result)
    request = {"environment": environment, "sha": commit}
    code = samebits.sb_promote(client, json.dumps(request).encode(), ctypes.byref(result))
document = json.loads(samebits.sb_result_json(result))
samebits.sb_result_free(result)
samebits.sb_client_free(client)
print(json.dumps(document, indent=2))
sys.exit(code)
