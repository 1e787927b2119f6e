"""The shared library and its prototypes. Everything else of the binding stands on `invoke`."""
from __future__ import annotations

import ctypes
import json
import os
import pathlib
from typing import Any, Mapping, NamedTuple, Optional, Union

Handle = ctypes.c_void_p
PORT_FUNCTION = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
LOG_FUNCTION = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int32, ctypes.c_char_p)

# Every operation has one prototype: a new one is a word here.
OPERATIONS = (
    "check doctor promote preview_up preview_down preview_prune preview_list gate_show gate_post release rollback apply wait "
    "status history trace image_show image_tag image_list init tag_parse tag_format tag_sort "
    "values_get values_set values_delete values_append"
).split()
_RESULT = ctypes.POINTER(Handle)
_PROTOTYPES: Mapping[str, tuple[Any, list[Any]]] = {
    "sb_code_name": (ctypes.c_char_p, [ctypes.c_int32]),
    "sb_version": (ctypes.c_char_p, []),
    "sb_features": (ctypes.c_char_p, []),
    "sb_result_code": (ctypes.c_int32, [Handle]),
    "sb_result_json": (ctypes.c_char_p, [Handle]),
    "sb_result_message": (ctypes.c_char_p, [Handle]),
    "sb_result_get": (ctypes.c_char_p, [Handle, ctypes.c_char_p]),
    "sb_result_bytes": (Handle, [Handle, ctypes.POINTER(ctypes.c_size_t)]),
    "sb_result_free": (None, [Handle]),
    "sb_cancel_new": (Handle, []),
    "sb_cancel_fire": (None, [Handle]),
    "sb_cancel_reset": (None, [Handle]),
    "sb_cancel_free": (None, [Handle]),
    "sb_client_new": (ctypes.c_int32, [ctypes.c_char_p, _RESULT, _RESULT]),
    "sb_client_set_cancel": (ctypes.c_int32, [Handle, Handle]),
    "sb_client_set_log": (ctypes.c_int32, [Handle, LOG_FUNCTION, Handle, Handle, _RESULT]),
    "sb_client_set_port": (ctypes.c_int32, [Handle, ctypes.c_char_p, PORT_FUNCTION, Handle, Handle, _RESULT]),
    "sb_client_free": (None, [Handle]),
    "sb_values_edit": (ctypes.c_int32, [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, _RESULT]),
    "sb_values_read": (ctypes.c_int32, [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, _RESULT]),
    "sb_reply_json": (ctypes.c_int32, [Handle, ctypes.c_char_p]),
    "sb_reply_bytes": (ctypes.c_int32, [Handle, ctypes.c_char_p, ctypes.c_size_t]),
    "sb_reply_get": (ctypes.c_char_p, [Handle, ctypes.c_char_p]),
    "sb_reply_input": (Handle, [Handle, ctypes.c_size_t, ctypes.POINTER(ctypes.c_size_t)]),
    "sb_reply_cancelled": (ctypes.c_int32, [Handle]),
}


def _path() -> str:
    """SAMEBITS_LIBRARY, the library in this package, or the one that the system finds."""
    named = os.environ.get("SAMEBITS_LIBRARY")
    if named:
        return named
    inside = pathlib.Path(__file__).parent / "libsamebits.so.0"
    return str(inside) if inside.exists() else "libsamebits.so.0"


def _load() -> ctypes.CDLL:
    loaded = ctypes.CDLL(_path())
    operation = (ctypes.c_int32, [Handle, ctypes.c_char_p, _RESULT])
    for name, (result, arguments) in [*_PROTOTYPES.items(), *(("sb_" + name, operation) for name in OPERATIONS)]:
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, arguments
    return loaded


api = _load()


class Answer(NamedTuple):
    """What a call gave."""

    code: int
    document: dict[str, Any]
    data: Optional[bytes]


def encode(request: Mapping[str, Any]) -> bytes:
    """The request without the members that are None."""
    return json.dumps({name: value for name, value in request.items() if value is not None}).encode()


def take(code: int, result: Handle) -> Answer:
    """Reads and frees a result."""
    try:
        size = ctypes.c_size_t()
        address = api.sb_result_bytes(result, ctypes.byref(size))
        data = ctypes.string_at(address, size.value) if address else None
        # As text: for bytes the decoder would look for their encoding first.
        return Answer(code, json.loads(api.sb_result_json(result).decode()), data)
    finally:
        api.sb_result_free(result)


def features() -> dict[str, Any]:
    """What the library has: its version, operations, ports, and the versions of the libraries below."""
    document: dict[str, Any] = json.loads(api.sb_features())
    return document


def invoke(operation: str, client: Optional[Handle], request: Mapping[str, Any]) -> Answer:
    """Calls an operation of the common prototype."""
    result = Handle()
    code = getattr(api, "sb_" + operation)(client, encode(request), ctypes.byref(result))
    return take(code, result)


def invoke_on_bytes(function: str, data: Union[bytes, bytearray, memoryview], request: Mapping[str, Any]) -> Answer:
    """Calls a function that has a file's bytes."""
    text = bytes(data)
    result = Handle()
    code = getattr(api, function)(text, len(text), encode(request), ctypes.byref(result))
    return take(code, result)
