"""How long news is on its way: from the moment a commit is heard of to the moment the difference is sent."""

from __future__ import annotations

import time
from contextvars import ContextVar

from .. import figures
from ..log import get_logger

log = get_logger(__name__)

LATE_SECONDS = 2.0
_heard_at: ContextVar[float] = ContextVar("heard_at", default=0.0)


def hear() -> None:
    """A commit was just heard of; what follows from it in this context is its news."""
    _heard_at.set(time.perf_counter())


def heard_at() -> float:
    """When the commit was heard of whose news is being followed up; 0 when no commit is the reason."""
    return _heard_at.get()


def note_sent(kind: str, heard: float) -> None:
    if not heard:
        return
    seconds = time.perf_counter() - heard
    figures.NEWS_LAG_SECONDS.add(seconds)
    if seconds > LATE_SECONDS:
        log.warning("news came late", view=kind, seconds=round(seconds, 2))
