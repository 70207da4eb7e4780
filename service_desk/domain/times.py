"""The present moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The present moment in UTC, always aware."""
    return _pretended.get() or datetime.now(UTC)


def start_of(day: str) -> datetime:
    """When a day, as YYYY-MM-DD, begins in UTC."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


@contextmanager
def pretend(at: datetime) -> Iterator[None]:
    """Inside the block `now()` answers `at`, which must be aware.

    The demo's months of work and the tests of what happens later are made by the real actions at another
    moment: no action takes a time that a client could send. A ContextVar, so that no other thread or task of
    the server is ever moved with it.
    """
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    token = _pretended.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)
