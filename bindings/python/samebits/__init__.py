"""samebits: the same image bits from a pull request to production, through Git.

    with samebits.Client("gitops.git") as client:
        client.promote("preprod", commit)
"""
from . import ports
from ._library import api as _c
from ._library import features
from .client import Client
from .documents import (Application, Change, Compared, Deployment, Desired, Edit, Environment, Environments,
                        EvidenceItem, Finding, Gate, GateReport, GitOpsState, History, HistoryEntry, Image, Images,
                        ListedImage, Live, Plan, PlannedStep, PromotedImage, Receipt, Report, Rollout, Source, Status,
                        Step, Tag, Trace, TracedImage, UnfinishedRelease, Value, ValueChange)
from .errors import (AuthError, CancelledError, ConflictError, Error, InternalError, NotFoundError, PendingError, Place,
                     PolicyError, ProtocolError, RateLimitedError, TransientError, UsageError)
from .values import (edit_values, format_tag, init, parse_tag, read_values, sort_tags, values_append, values_delete,
                     values_get, values_set)

#: Of the C library.
__version__: str = _c.sb_version().decode()

__all__ = [name for name in dir() if not name.startswith("_")]
