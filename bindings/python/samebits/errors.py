"""What a call raises: one class a kind; `code` says which case exactly."""
from __future__ import annotations

import dataclasses
from typing import Any, Mapping, Optional


@dataclasses.dataclass(frozen=True)
class Place:
    """A place in a file; lines and columns count from 1."""

    file: str = ""
    line: Optional[int] = None
    column: Optional[int] = None


class Error(Exception):
    """Why an operation did not do what was asked."""

    kind = "internal"
    exit_code = 1

    def __init__(self, message: str, *, code: str = "internal", hint: str = "", where: Optional[Place] = None,
                 remote: str = "", operation: str = "", http_status: Optional[int] = None, request_id: str = "",
                 retry_after_seconds: Optional[int] = None, outcome_unknown: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.where = where
        self.remote = remote
        self.operation = operation
        self.http_status = http_status
        self.request_id = request_id
        self.retry_after_seconds = retry_after_seconds
        self.outcome_unknown = outcome_unknown

    def __str__(self) -> str:
        place = ""
        if self.where is not None:
            place = ":".join(str(part) for part in (self.where.file, self.where.line, self.where.column) if part) + ": "
        return f"{place}{self.message} ({self.code})" + (f"\nhint: {self.hint}" if self.hint else "")

    def document(self) -> dict[str, Any]:
        """The document that a custom port answers with."""
        members = {"kind": self.kind, "code": self.code, "message": self.message, "hint": self.hint, "remote": self.remote,
                   "operation": self.operation, "httpStatus": self.http_status, "requestId": self.request_id,
                   "retryAfterSeconds": self.retry_after_seconds, "outcomeUnknown": self.outcome_unknown}
        return {"error": {name: value for name, value in members.items() if value is not None}}


class InternalError(Error):
    """A fault of samebits, or no memory."""


class UsageError(Error):
    """The request, the configuration or a file is wrong."""

    kind, exit_code = "usage", 2


class PolicyError(Error):
    """A rule of the pipeline forbids it."""

    kind, exit_code = "policy", 10


class ConflictError(Error):
    """Somebody else was first."""

    kind, exit_code = "conflict", 11


class PendingError(Error):
    """Not yet, or the deadline has passed."""

    kind, exit_code = "pending", 12


class CancelledError(Error):
    """`Client.cancel` was called."""

    kind, exit_code = "cancelled", 13


class AuthError(Error):
    """A service does not know or does not allow these credentials."""

    kind, exit_code = "auth", 20


class NotFoundError(Error):
    """An image, commit, file, key or repository is missing."""

    kind, exit_code = "not_found", 21


class RateLimitedError(Error):
    """A service asks to wait: `retry_after_seconds`."""

    kind, exit_code = "rate_limited", 22


class TransientError(Error):
    """A service cannot be reached or fails; `outcome_unknown` says whether something may have been written."""

    kind, exit_code = "transient", 23


class ProtocolError(Error):
    """A service answers what it must not, or lacks what is needed."""

    kind, exit_code = "protocol", 24


_CLASSES = {each.kind: each for each in (InternalError, UsageError, PolicyError, ConflictError, PendingError, CancelledError,
                                         AuthError, NotFoundError, RateLimitedError, TransientError, ProtocolError)}


def error_from(document: Mapping[str, Any]) -> Error:
    """The exception that an error's document stands for; an unknown kind is internal."""
    part = document.get("error", {})
    where = part.get("where")
    return _CLASSES.get(part.get("kind", ""), InternalError)(
        part.get("message", ""), code=part.get("code", "internal"), hint=part.get("hint", ""),
        where=Place(where.get("file", ""), where.get("line"), where.get("column")) if where else None,
        remote=part.get("remote", ""), operation=part.get("operation", ""), http_status=part.get("httpStatus"),
        request_id=part.get("requestId", ""), retry_after_seconds=part.get("retryAfterSeconds"),
        outcome_unknown=part.get("outcomeUnknown", False))
