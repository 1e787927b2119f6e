"""Custom ports: plain objects that have the methods below. They need not derive from these classes.

A method raises a `samebits.Error` for what went wrong, such as `ConflictError("...", code="tag_exists")`; any other
exception is reported as internal, and is the cause of what the operation raises. Calls of a client that are made on the
main thread run on a worker thread, and so do its ports then. A port that waits looks at `call.cancelled` at least every
50 ms.
"""
from __future__ import annotations

import ctypes
import dataclasses
from typing import Any, Dict, List, Mapping, Optional, Protocol, Tuple, Union

from . import _library
from .documents import EvidenceItem


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
    """`kind` is record, check or status; `app` whose evidence the gate takes at a forge, "" anybody's."""

    kind: str
    gate: str
    conclusion: str
    digest: Optional[str]
    environment: str
    producer: str
    url: str
    summary: str
    time: str
    app: str = ""


@dataclasses.dataclass(frozen=True)
class WorkflowRun:
    """The run of a forge's own workflow, in its newest attempt."""

    workflow: str
    event: str = ""
    branch: str = ""
    commit: Optional[str] = None
    own_repository: bool = False
    attempt: int = 1
    conclusion: str = ""


@dataclasses.dataclass(frozen=True)
class ForgeItem:
    """A check or a status as its forge has it; `kind` is check or status, `app` and `app_id` say who made it."""

    id: str
    kind: str
    gate: str
    conclusion: str
    completed: bool = True
    digest: Optional[str] = None
    environment: str = ""
    producer: str = ""
    verified: bool = False
    url: str = ""
    summary: str = ""
    time: Optional[str] = None
    app: str = ""
    app_id: str = ""
    commit: Optional[str] = None
    by_workflow: bool = False
    group: str = ""
    started_at: str = ""
    run: Optional[WorkflowRun] = None


@dataclasses.dataclass(frozen=True)
class ForgeEvidence:
    """What a port that stands for a forge lists: gates are its checks and statuses, and no ledger's."""

    items: List[ForgeItem]
    #: The protected branch, where a run names one.
    branch: str = ""
    checks: bool = True
    statuses: bool = True


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

    def list(self, call: Call, commit: str) -> Union[List[EvidenceItem], ForgeEvidence]:
        """A list where the port is a ledger."""
    def post(self, call: Call, commit: str, evidence: NewEvidence) -> Union[EvidenceItem, ForgeItem]: ...


class Changes(Protocol):
    """The pull requests of a service. `examine(call, release_tags)`, the findings of `doctor` as errors, may be left out."""

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
