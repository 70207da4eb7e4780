"""The present moment."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment in UTC, always aware."""
    return datetime.now(UTC)
