"""Asks an object what the C library asks of a custom port."""
from __future__ import annotations

import dataclasses
import json
import logging
from typing import Any, Callable, Dict, Mapping, Optional, Tuple

from . import _library
from .documents import camel, read
from .errors import Error, InternalError, ProtocolError, UsageError
from .ports import Call, FileChange, ForgeEvidence, NewCommit, NewEvidence, NewForgeRelease, NewGitTag

_LOGGER = logging.getLogger("samebits")

Reply = Tuple[Dict[str, Any], Optional[bytes]]
Operation = Callable[[Any, Call, Mapping[str, Any]], Reply]


def to_document(item: Any) -> Dict[str, Any]:
    """A dataclass as a document's part."""
    return {camel(name): to_document(value) if dataclasses.is_dataclass(value) else value
            for name, value in ((field.name, getattr(item, field.name)) for field in dataclasses.fields(item))}


def _manifest(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    found = port.manifest(call, question["digest"])
    return ({}, None) if found is None else ({"mediaType": found.media_type}, found.data)


def _read(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    found = port.read(call, question["at"], question["path"])
    return ({}, None) if found is None else ({"blob": found.blob}, found.data)


def _find_tag(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    found = port.find_tag(call, question["name"])
    return {"tag": None if found is None else to_document(found)}, None


def _create_git_tag(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    port.create_tag(call, read(NewGitTag, question))
    return {}, None


def _facts(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    found = port.commit_facts(call, question["commit"])
    return {"facts": None if found is None else to_document(found)}, None


def _commit(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    changes = [FileChange(change["path"], call.input(change["input"]) if "input" in change else None)
               for change in question["changes"]]
    commit = NewCommit(question["expectedTip"], changes, question["message"], question["author"], question["time"])
    return {"commit": port.commit(call, commit)}, None


def _list_evidence(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    found = port.list(call, question["commit"])
    if not isinstance(found, ForgeEvidence):
        return {"items": [to_document(item) for item in found]}, None
    can = {"forge": True, "checks": found.checks, "statuses": found.statuses}
    return {"items": [to_document(item) for item in found.items], "can": can, "branch": found.branch}, None


def _post(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    evidence = read(NewEvidence, question)
    return {"item": to_document(port.post(call, question["commit"], evidence))}, None


def _find_change(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    found = port.find(call, question["number"])
    return {"change": None if found is None else to_document(found)}, None


def _find_release(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    found = port.find(call, question["tag"])
    return {"release": None if found is None else to_document(found)}, None


def _create_release(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    return {"release": to_document(port.create(call, read(NewForgeRelease, question)))}, None


def _publish_release(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    return {"release": to_document(port.publish(call, question["id"], read(NewForgeRelease, question)))}, None


def _examine(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    """An object need not know how to."""
    if not hasattr(port, "examine"):
        raise ProtocolError("this port does not know 'examine'", code="unsupported")
    return {"findings": [finding.document()["error"] for finding in port.examine(call, question["releaseTags"])]}, None


def _find_credential(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    found = port.find(call, question["url"], question["use"], question["refresh"])
    return ({} if found is None else to_document(found)), None


_OPERATIONS: Dict[str, Dict[str, Operation]] = {
    "registry": {
        "resolve": lambda port, call, asked: ({"digest": port.resolve(call, asked["tag"])}, None),
        "manifest": _manifest,
        "create_tag": lambda port, call, asked: (
            {"outcome": "created" if port.create_tag(call, asked["tag"], asked["digest"]) else "already"}, None),
        "list": lambda port, call, asked: ({"tags": port.list(call)}, None),
    },
    "source": {
        "branch_tip": lambda port, call, asked: ({"commit": port.branch_tip(call, asked["branch"])}, None),
        "ancestry": lambda port, call, asked: ({"ancestry": port.ancestry(call, asked["left"], asked["right"])}, None),
        "find_tag": _find_tag,
        "list_tags": lambda port, call, asked: ({"tags": [to_document(tag) for tag in port.list_tags(call)]}, None),
        "create_tag": _create_git_tag,
    },
    "gitops": {
        "tip": lambda port, call, asked: ({"commit": port.tip(call)}, None),
        "read": _read,
        "read_blob": lambda port, call, asked: ({}, port.read_blob(call, asked["blob"])),
        "list": lambda port, call, asked: (
            {"entries": [{"path": path, "blob": blob} for path, blob in port.list(call, asked["at"], asked["folder"])]},
            None),
        "commit_facts": _facts,
        "commit": _commit,
    },
    "evidence": {
        "list": _list_evidence,
        "post": _post,
    },
    "changes": {
        "branch": lambda port, call, asked: ({"branch": port.branch(call)}, None),
        "find": _find_change,
        "of_commit": lambda port, call, asked: (
            {"changes": [to_document(change) for change in port.of_commit(call, asked["commit"])]}, None),
        "reviews": lambda port, call, asked: (
            {"reviews": [to_document(review) for review in port.reviews(call, asked["number"])]}, None),
        "examine": _examine,
    },
    "releases": {
        "find": _find_release,
        "notes": lambda port, call, asked: (
            {"notes": port.notes(call, asked["tag"], asked["commit"], asked["previous"])}, None),
        "create": _create_release,
        "publish": _publish_release,
    },
    "reconciler": {
        "application": lambda port, call, asked: (
            {"application": port.application(call, asked["name"], asked["refresh"])}, None),
        "request_sync": lambda port, call, asked: (
            port.request_sync(call, asked["name"], asked["revisions"], asked["promotionId"]) or {}, None),
    },
    "clock": {
        "now": lambda port, call, asked: ({"time": port.now(call)}, None),
        "pause": lambda port, call, asked: (port.pause(call, asked["milliseconds"]) or {}, None),
    },
    "credentials": {"find": _find_credential},
}


class Bridge:
    """Answers the C library's questions with an object; keeps the exception that was no `samebits.Error`."""

    def __init__(self, name: str, port: object) -> None:
        if name not in _OPERATIONS:
            raise UsageError(f"there is no port '{name}'", code="bad_option",
                             hint="the ports are " + ", ".join(_OPERATIONS))
        self._name = name
        self._operations = _OPERATIONS[name]
        self._port = port
        self.failure: Optional[BaseException] = None
        self.function = _library.PORT_FUNCTION(self._answer)

    def _ask(self, question: Mapping[str, Any], reply: Optional[int]) -> Reply:
        operation = self._operations.get(question["op"])
        if operation is None:
            raise ProtocolError(f"this port does not know '{question['op']}'", code="unsupported")
        return operation(self._port, Call(reply, question), question)

    def _told(self, failure: BaseException) -> str:
        """What is said of an exception; nothing but its type where its text may hold a secret."""
        if self._name == "credentials":
            _LOGGER.error("a custom port of credentials failed: %s", type(failure).__name__)
            return type(failure).__name__
        _LOGGER.error("a custom port failed", exc_info=failure)
        return f"{type(failure).__name__}: {failure}"

    def _answer(self, _userdata: Optional[int], question: bytes, reply: Optional[int]) -> int:
        try:
            document, data = self._ask(json.loads(question), reply)
            if data is not None:
                _library.api.sb_reply_bytes(reply, data, len(data))
            code = 0
        except Error as error:
            document, code = error.document(), error.exit_code
        except BaseException as failure:  # pylint: disable=broad-except
            self.failure = failure
            document, code = InternalError(self._told(failure)).document(), InternalError.exit_code
        _library.api.sb_reply_json(reply, json.dumps(document).encode())
        return code
