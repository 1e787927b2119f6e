"""The documents that operations give, as frozen dataclasses. Members that are unknown here are ignored."""
from __future__ import annotations

import dataclasses
import functools
import re
import typing
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple, Type, TypeVar, Union

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Source:
    commit: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class GitOpsState:
    commit: Optional[str] = None
    repository: str = ""
    branch: str = ""
    parent: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class PromotedImage:
    digest: str
    service: str = ""
    repository: str = ""
    snapshot: Optional[str] = None
    tag: str = ""
    source: Optional[Source] = None


@dataclasses.dataclass(frozen=True)
class Change:
    environment: str
    service: str
    file: str
    path: str
    before: Optional[str] = None
    after: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class EvidenceItem:
    id: str
    gate: str = ""
    conclusion: str = ""
    digest: Optional[str] = None
    environment: str = ""
    producer: str = ""
    verified: bool = False
    url: str = ""
    summary: str = ""
    time: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class Gate:
    name: str
    verdict: str
    code: Optional[str] = None
    reason: str = ""
    message: str = ""
    evidence: List[EvidenceItem] = dataclasses.field(default_factory=list)

    @property
    def passed(self) -> bool:
        return self.verdict == "passed"


@dataclasses.dataclass(frozen=True)
class Step:
    name: str
    outcome: str
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Desired:
    """What the GitOps repository says."""

    tag: str
    digest: Optional[str] = None
    gitops: Optional[Source] = None


@dataclasses.dataclass(frozen=True)
class Compared:
    """The revision that the live state was compared with."""

    revision: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class Live:
    images: List[str]
    sync: str = "Unknown"
    health: str = "Unknown"
    reconciled_at: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class Application:
    """How far a reconciler has come with one service in one environment."""

    environment: str
    service: str
    application: str
    state: str
    desired: Desired
    compared: Compared
    live: Live
    message: str = ""
    automatic: bool = False
    operation: Optional[Dict[str, Any]] = None
    failing: List[Dict[str, Any]] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Rollout:
    environment: str
    outcome: str
    applications: List[Application]
    waited_seconds: int = 0
    error: Optional[Dict[str, Any]] = None

    @property
    def rolled_out(self) -> bool:
        return self.outcome in ("done", "unchanged")


@dataclasses.dataclass(frozen=True)
class Receipt:
    operation: str
    outcome: str
    promotion_id: Optional[str] = None
    actor: str = ""
    tool: str = ""
    policy: Optional[str] = None
    images: List[PromotedImage] = dataclasses.field(default_factory=list)
    gitops: Optional[GitOpsState] = None
    changes: List[Change] = dataclasses.field(default_factory=list)
    gates: List[Gate] = dataclasses.field(default_factory=list)
    steps: List[Step] = dataclasses.field(default_factory=list)
    applications: List[Application] = dataclasses.field(default_factory=list)
    warnings: List[str] = dataclasses.field(default_factory=list)

    @property
    def changed(self) -> bool:
        return self.outcome == "done"


@dataclasses.dataclass(frozen=True)
class PlannedStep:
    name: str
    action: str
    reason: str = ""


@dataclasses.dataclass(frozen=True)
class Plan:
    operation: str
    request: Dict[str, Any]
    promotion_id: Optional[str] = None
    images: List[PromotedImage] = dataclasses.field(default_factory=list)
    changes: List[Change] = dataclasses.field(default_factory=list)
    gates: List[Gate] = dataclasses.field(default_factory=list)
    diff: str = ""
    steps: List[PlannedStep] = dataclasses.field(default_factory=list)
    warnings: List[str] = dataclasses.field(default_factory=list)
    basis: Dict[str, Any] = dataclasses.field(default_factory=dict)
    #: The whole document: what `Client.apply` takes.
    document: Dict[str, Any] = dataclasses.field(default_factory=dict, repr=False)


@dataclasses.dataclass(frozen=True)
class GateReport:
    images: List[PromotedImage]
    gates: List[Gate]
    warnings: List[str] = dataclasses.field(default_factory=list)

    @property
    def passed(self) -> bool:
        return all(gate.passed for gate in self.gates)


@dataclasses.dataclass(frozen=True)
class Environment:
    name: str
    service: str
    track: str
    tag: Optional[str] = None
    digest: Optional[str] = None
    source: Optional[Source] = None
    since: Optional[str] = None
    gitops: Optional[GitOpsState] = None
    recorded: bool = False
    lockstep: str = ""
    rollout: Optional[Application] = None


@dataclasses.dataclass(frozen=True)
class UnfinishedRelease:
    service: str
    version: str
    missing: List[str]


@dataclasses.dataclass(frozen=True)
class Status:
    environments: List[Environment]
    gitops: Optional[GitOpsState] = None
    unfinished: List[UnfinishedRelease] = dataclasses.field(default_factory=list)
    drift: List[str] = dataclasses.field(default_factory=list)
    warnings: List[str] = dataclasses.field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.drift and not self.unfinished


@dataclasses.dataclass(frozen=True)
class Environments:
    environments: List[Environment]
    gitops: Optional[GitOpsState] = None


@dataclasses.dataclass(frozen=True)
class HistoryEntry:
    service: str
    tag: str
    digest: Optional[str] = None
    source: Optional[Source] = None
    time: Optional[str] = None
    author: Optional[str] = None
    operation: Optional[str] = None
    recorded: bool = False
    gitops: Optional[GitOpsState] = None
    promotion_id: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class History:
    environment: str
    entries: List[HistoryEntry]


@dataclasses.dataclass(frozen=True)
class TracedImage:
    service: str
    digest: str
    tags: List[str]
    source: Optional[Source] = None


@dataclasses.dataclass(frozen=True)
class Deployment:
    name: str
    service: str
    tag: str
    since: str
    current: bool = False


@dataclasses.dataclass(frozen=True)
class Trace:
    query: str
    images: List[TracedImage]
    gates: List[Gate] = dataclasses.field(default_factory=list)
    environments: List[Deployment] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Image:
    repository: str
    digest: str
    media_type: str
    tag: Optional[str] = None
    platforms: List[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class ListedImage:
    tag: str
    track: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class Images:
    repository: str
    images: List[ListedImage]


@dataclasses.dataclass(frozen=True)
class Finding:
    code: str
    message: str
    hint: str = ""
    where: Dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Report:
    findings: List[Finding]
    unknown: List[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Tag:
    tag: str
    track: str
    number: Optional[int] = None
    source: Optional[Source] = None
    version: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class ValueChange:
    path: str
    line: int
    before: Optional[str] = None
    after: Optional[str] = None


@dataclasses.dataclass(frozen=True)
class Edit:
    file: str
    changes: List[ValueChange]
    diff: str = ""
    #: The edited file, where bytes were edited.
    data: bytes = dataclasses.field(default=b"", repr=False)


@dataclasses.dataclass(frozen=True)
class Value:
    path: str
    #: As JSON types: a plain `1` is an int, a quoted "1" a str.
    value: Any
    text: str
    line: int


@functools.lru_cache(maxsize=None)
def camel(name: str) -> str:
    """`promotion_id` as documents spell it: `promotionId`."""
    return re.sub(r"_(.)", lambda found: found[1].upper(), name)


Converter = Callable[[Any], Any]


def _converter(wanted: Any) -> Optional[Converter]:
    """What makes a member's value of it; None where it stays as it is."""
    if dataclasses.is_dataclass(wanted):
        return functools.partial(read, typing.cast(type, wanted))
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    inner = _converter(arguments[0]) if origin in (Union, list) else None
    if inner is None:
        return None
    known = inner
    if origin is list:
        return lambda items: [known(item) for item in items]
    return lambda value: None if value is None else known(value)


@functools.lru_cache(maxsize=None)
def _members(cls: type) -> Tuple[Tuple[str, str, Optional[Converter]], ...]:
    """Name, spelling in documents and converter of each field. Looked up once: a call pays for every word of this."""
    return tuple((name, camel(name), _converter(wanted)) for name, wanted in typing.get_type_hints(cls).items())


def read(cls: Type[T], document: Mapping[str, Any]) -> T:
    """A dataclass from its document."""
    values = {}
    for name, member, convert in _members(typing.cast(Any, cls)):
        if member in document:
            value = document[member]
            values[name] = value if convert is None else convert(value)
    return cls(**values)
