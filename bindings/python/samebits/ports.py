"""Custom ports: plain objects that have the methods below. They need not derive from these classes.

A method raises a `samebits.Error` for what went wrong, such as `ConflictError("...", code="tag_exists")`; any other
exception is reported as internal, and is the cause of what the operation raises. Calls of a client that are made on the
main thread run on a worker thread, and so do its ports then. A port that waits looks at `call.cancelled` at least every
50 ms.
"""
from __future__ import annotations

import ctypes
import dataclasses
import json
import logging
from typing import Any, Callable, Dict, List, Mapping, Optional, Protocol, Tuple

from . import _library
from .documents import EvidenceItem, camel, read
from .errors import Error, InternalError, ProtocolError, UsageError

_LOGGER = logging.getLogger("samebits")


class Call:
    """One question: for which service, until when, and whether its answer is still wanted."""

    def __init__(self, reply: Optional[int], question: Mapping[str, Any]) -> None:
        self._reply = reply
        self.question = question

    @property
    def service(self) -> str:
        return str(self.question.get("service", ""))

    @property
    def repository(self) -> str:
        """Of an image, where the port is a registry."""
        return str(self.question.get("repository", ""))

    @property
    def deadline_ms(self) -> Optional[int]:
        """What is left when the question is asked."""
        return self.question.get("deadlineMs")

    @property
    def cancelled(self) -> bool:
        return bool(_library.api.sb_reply_cancelled(self._reply))

    def input(self, index: int) -> bytes:
        """Bytes that belong to the question."""
        size = ctypes.c_size_t()
        address = _library.api.sb_reply_input(self._reply, index, ctypes.byref(size))
        return ctypes.string_at(address, size.value) if address else b""


@dataclasses.dataclass(frozen=True)
class Manifest:
    media_type: str
    data: bytes


@dataclasses.dataclass(frozen=True)
class GitTag:
    name: str
    commit: str
    message: str = ""


@dataclasses.dataclass(frozen=True)
class NewGitTag:
    name: str
    commit: str
    message: str
    tagger: str
    time: str


@dataclasses.dataclass(frozen=True)
class RepoFile:
    blob: str
    data: bytes


@dataclasses.dataclass(frozen=True)
class CommitFacts:
    id: str
    parents: List[str]
    author: str
    time: str
    message: str


@dataclasses.dataclass(frozen=True)
class FileChange:
    """A file to be written, or removed where `data` is None."""

    path: str
    data: Optional[bytes]


@dataclasses.dataclass(frozen=True)
class NewCommit:
    expected_tip: Optional[str]
    changes: List[FileChange]
    message: str
    author: str
    time: str


@dataclasses.dataclass(frozen=True)
class NewEvidence:
    gate: str
    conclusion: str
    digest: Optional[str]
    environment: str
    producer: str
    url: str
    summary: str
    time: str


@dataclasses.dataclass(frozen=True)
class PullRequest:
    """`state` is open, closed or merged; `merge_commit` is what is on the base branch since the merge."""

    number: int
    state: str
    head: str
    merge_commit: Optional[str] = None
    base: str = ""
    author: str = ""
    labels: List[str] = dataclasses.field(default_factory=list)
    url: str = ""


@dataclasses.dataclass(frozen=True)
class Review:
    """`state` is approved, changes_requested, commented, dismissed or pending; `commit` is what was looked at."""

    id: str
    reviewer: str
    state: str
    commit: Optional[str]
    may_decide: bool


@dataclasses.dataclass(frozen=True)
class ForgeRelease:
    """A release as its forge has it; `tag` is the Git tag, `id` the forge's own number."""

    id: str
    tag: str
    target: str = ""
    title: str = ""
    notes: str = ""
    draft: bool = False
    pre_release: bool = False
    url: str = ""


@dataclasses.dataclass(frozen=True)
class NewForgeRelease:
    """A release to be made of a Git tag that is there; `latest`: the forge may show it as its newest."""

    tag: str
    commit: str
    title: str
    notes: str
    pre_release: bool
    latest: bool


@dataclasses.dataclass(frozen=True)
class Credential:
    """What proves who asks: a token, a name and its password, or one of a registry's own tokens."""

    username: str = ""
    password: str = dataclasses.field(default="", repr=False)
    token: str = dataclasses.field(default="", repr=False)
    identity_token: str = dataclasses.field(default="", repr=False)
    registry_token: str = dataclasses.field(default="", repr=False)


class Registry(Protocol):
    """The tags of image repositories."""

    def resolve(self, call: Call, tag: str) -> Optional[str]: ...
    def manifest(self, call: Call, digest: str) -> Optional[Manifest]: ...
    def create_tag(self, call: Call, tag: str, digest: str) -> bool:
        """True: created; False: it pointed there already. ConflictError (tag_exists) if it points elsewhere."""
    def list(self, call: Call) -> List[str]: ...


class Source(Protocol):
    """The source repository of a service."""

    def branch_tip(self, call: Call, branch: str) -> Optional[str]: ...
    def ancestry(self, call: Call, left: str, right: str) -> Optional[str]:
        """`same`, `ancestor`, `descendant` or `diverged`; None if one of the two is no commit."""
    def find_tag(self, call: Call, name: str) -> Optional[GitTag]: ...
    def list_tags(self, call: Call) -> List[GitTag]: ...
    def create_tag(self, call: Call, tag: NewGitTag) -> None: ...


class GitOps(Protocol):
    """One branch of the GitOps repository."""

    def tip(self, call: Call) -> Optional[str]: ...
    def read(self, call: Call, at: str, path: str) -> Optional[RepoFile]: ...
    def read_blob(self, call: Call, blob: str) -> Optional[bytes]: ...
    def list(self, call: Call, at: str, folder: str) -> List[Tuple[str, str]]:
        """Path and blob of every file below the folder."""
    def commit_facts(self, call: Call, commit: str) -> Optional[CommitFacts]: ...
    def commit(self, call: Call, commit: NewCommit) -> str:
        """The id of the new tip. ConflictError (lost_race) if the branch is not at the expected tip."""


class Evidence(Protocol):
    """Gate evidence of the commits of a service."""

    def list(self, call: Call, commit: str) -> List[EvidenceItem]: ...
    def post(self, call: Call, commit: str, evidence: NewEvidence) -> EvidenceItem: ...


class Changes(Protocol):
    """The pull requests of a service."""

    def branch(self, call: Call) -> str:
        """Where pull requests are merged into."""
    def find(self, call: Call, number: int) -> Optional[PullRequest]: ...
    def of_commit(self, call: Call, commit: str) -> List[PullRequest]:
        """Those that the commit is part of, or came from."""
    def reviews(self, call: Call, number: int) -> List[Review]:
        """Oldest first. NotFoundError (pull_request_missing)."""


class Releases(Protocol):
    """The releases of a service's forge. Where `find` gives no draft, `publish` may be left out."""

    def find(self, call: Call, tag: str) -> Optional[ForgeRelease]: ...
    def notes(self, call: Call, tag: str, commit: str, previous: str) -> str:
        """What is to be said of the changes since the tag `previous`, which may be empty."""
    def create(self, call: Call, release: NewForgeRelease) -> ForgeRelease:
        """ConflictError (tag_exists) if the tag has a release."""
    def publish(self, call: Call, id: str, release: NewForgeRelease) -> ForgeRelease:
        """Makes a draft a release."""


class Reconciler(Protocol):
    """What a reconciler has made of the GitOps repository; capi/README.md has the members of an application."""

    def application(self, call: Call, name: str, refresh: str) -> Optional[Dict[str, Any]]:
        """None if there is no such application; `refresh` is none, normal or hard."""
    def request_sync(self, call: Call, name: str, revisions: List[str], promotion_id: str) -> None:
        """ConflictError (lost_race) while another operation runs."""


class Clock(Protocol):
    """The time of records and commits, RFC 3339 in UTC, and the pause between attempts."""

    def now(self, call: Call) -> str: ...
    def pause(self, call: Call, milliseconds: int) -> None: ...


class Credentials(Protocol):
    """Who asks, by the `https://host/path` of what is reached and `use`, which is "read" or "write"."""

    def find(self, call: Call, url: str, use: str, refresh: bool) -> Optional[Credential]:
        """None: go on without. `refresh`: the one before was refused. AuthError (unauthenticated) where there should be
        one and it cannot be had."""


Reply = Tuple[Dict[str, Any], Optional[bytes]]
Operation = Callable[[Any, Call, Mapping[str, Any]], Reply]


def to_document(item: Any) -> Dict[str, Any]:
    """A dataclass as a document's part."""
    return {camel(name): value for name, value in dataclasses.asdict(item).items()}


def _part(cls: Any, question: Mapping[str, Any]) -> Any:
    return read(cls, {name: value for name, value in question.items() if value is not None})


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


def _post(port: Any, call: Call, question: Mapping[str, Any]) -> Reply:
    evidence = NewEvidence(**{name: question[name] for name in ("gate", "conclusion", "digest", "environment", "producer",
                                                                "url", "summary", "time")})
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


def _examine(port: Any, call: Call, _question: Mapping[str, Any]) -> Reply:
    """An object need not know how to."""
    if not hasattr(port, "examine"):
        raise ProtocolError("this port does not know 'examine'", code="unsupported")
    return {"findings": [finding.document()["error"] for finding in port.examine(call)]}, None


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
        "list": lambda port, call, asked: (
            {"items": [to_document(item) for item in port.list(call, asked["commit"])]}, None),
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
