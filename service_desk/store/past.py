"""The steps that the journal has of one record."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from ..domain.journal import JournalEntry, Touch
from ..domain.undo import Taken
from .session import DeskSession


def taken(entry: JournalEntry, touch: Touch) -> Taken:
    return Taken(entry.seq, entry.verb, entry.actor_id, entry.at, touch.changed)


def steps_since(
    session: DeskSession, entity: str, row_ids: Iterable[int], seq: int
) -> dict[int, list[Taken]]:
    """Row id → what happened to it from this number on, newest first."""
    wanted = (
        select(Touch, JournalEntry)
        .join(JournalEntry, col(JournalEntry.seq) == col(Touch.seq))
        .where(Touch.entity == entity, col(Touch.row_id).in_(row_ids), col(Touch.seq) >= seq)
    )
    found: dict[int, list[Taken]] = {}
    for touch, entry in session.exec(wanted.order_by(col(Touch.seq).desc())):
        found.setdefault(touch.row_id, []).append(taken(entry, touch))
    return found
