"""Tags, values and first files: operations that need no pipeline and no client."""
from __future__ import annotations

import os
from typing import Any, Iterable, Literal, Mapping, Optional, Union, overload

from . import _library
from .documents import Edit, Plan, Receipt, Tag, Value, read
from .errors import error_from

#: {path: any JSON value}, or "PATH=TEXT" and "PATH:=JSON" as on the command line.
Assignments = Union[Mapping[str, Any], Iterable[str]]
File = Union[str, "os.PathLike[str]"]


def _assignments(given: Optional[Assignments]) -> Optional[list[Any]]:
    if given is None:
        return None
    if isinstance(given, Mapping):
        return [{"path": path, "value": value} for path, value in given.items()]
    return [given] if isinstance(given, str) else list(given)


def _document(answer: _library.Answer) -> dict[str, Any]:
    if answer.code != 0:
        raise error_from(answer.document)
    return answer.document


def _call(operation: str, **request: Any) -> dict[str, Any]:
    return _document(_library.invoke(operation, None, request))


def edit_values(data: bytes, *, set: Optional[Assignments] = None,  # pylint: disable=redefined-builtin
                delete: Optional[Iterable[str]] = None, append: Optional[Assignments] = None, create: bool = False,
                document: Optional[str] = None, through_anchor: bool = False, file: Optional[str] = None) -> Edit:
    """Edits YAML in memory and changes no byte but those of the named values; all edits, or none."""
    answer = _library.invoke_on_bytes("sb_values_edit", data, {
        "set": _assignments(set), "delete": None if delete is None else list(delete), "append": _assignments(append),
        "create": create, "document": document, "throughAnchor": through_anchor, "file": file})
    return read(Edit, {**_document(answer), "data": answer.data})


def read_values(data: bytes, paths: Iterable[str], *, document: Optional[str] = None,
                file: Optional[str] = None) -> list[Value]:
    """Values of YAML in memory."""
    answer = _library.invoke_on_bytes("sb_values_read", data, {"paths": list(paths), "document": document, "file": file})
    return [read(Value, value) for value in _document(answer)["values"]]


def values_get(file: File, paths: Iterable[str], *, document: Optional[str] = None) -> list[Value]:
    """Values of a YAML file."""
    found = _call("values_get", file=os.fspath(file), paths=list(paths), document=document)
    return [read(Value, value) for value in found["values"]]


def values_set(file: File, assignments: Assignments, *, create: bool = False, document: Optional[str] = None,
               through_anchor: bool = False, dry_run: bool = False) -> Edit:
    """Sets values of a YAML file; all assignments, or none."""
    return read(Edit, _call("values_set", file=os.fspath(file), assignments=_assignments(assignments), create=create,
                            document=document, throughAnchor=through_anchor, dryRun=dry_run))


def values_delete(file: File, paths: Iterable[str], *, document: Optional[str] = None, through_anchor: bool = False,
                  dry_run: bool = False) -> Edit:
    """Removes keys and items from a YAML file; all, or none."""
    return read(Edit, _call("values_delete", file=os.fspath(file), paths=list(paths), document=document,
                            throughAnchor=through_anchor, dryRun=dry_run))


def values_append(file: File, assignments: Assignments, *, document: Optional[str] = None, through_anchor: bool = False,
                  dry_run: bool = False) -> Edit:
    """Adds items to lists of a YAML file; all, or none."""
    return read(Edit, _call("values_append", file=os.fspath(file), assignments=_assignments(assignments),
                            document=document, throughAnchor=through_anchor, dryRun=dry_run))


def parse_tag(tag: str) -> Tag:
    """What a tag says."""
    return read(Tag, _call("tag_parse", tag=tag))


def format_tag(track: str, *, number: Optional[int] = None, sha: Optional[str] = None, version: Optional[str] = None) -> str:
    """Makes a tag of the track `pull-request`, `snapshot` or `release`."""
    return read(Tag, _call("tag_format", track=track, number=number, sha=sha, version=version)).tag


def sort_tags(tags: Iterable[str]) -> list[str]:
    """Oldest first; releases by precedence."""
    return [tag["tag"] for tag in _call("tag_sort", tags=list(tags))["tags"]]


@overload
def init(folder: File, *, service: str, image: str, source: str, dry_run: Literal[False] = ...) -> Receipt: ...
@overload
def init(folder: File, *, service: str, image: str, source: str, dry_run: Literal[True]) -> Plan: ...
def init(folder: File, *, service: str, image: str, source: str, dry_run: bool = False) -> Union[Receipt, Plan]:
    """Writes the first files of a GitOps repository; never overwrites one."""
    answer = _call("init", dir=os.fspath(folder), service=service, image=image, source=source, dryRun=dry_run)
    return read(Plan, answer) if dry_run else read(Receipt, answer)
