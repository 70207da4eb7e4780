"""What a change touched, collected from its session, so that nobody can forget to announce it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, IntEnum
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from ..domain.journal import Touched
from ..domain.record import Record
from ..domain.times import now

UNTOLD = frozenset({"id", "version", "created_at", "created_by_id", "updated_at"})
"""Fields that no touch tells: they follow from the change itself."""
SECRET = "(secret)"


class Touches:
    """Listens to a session and keeps, for each journaled row, what each flush changed."""

    def __init__(self, session: Session, actor_id: int | None) -> None:
        self._actor_id = actor_id
        # Keyed by identity: rows compare by value, and two of them may be alike.
        self._changed: dict[int, tuple[Record, dict[str, list[Any]]]] = {}
        self._before: dict[int, tuple[Record, int]] = {}
        event.listen(session, "before_flush", self._before_flush)

    def collected(self) -> tuple[Touched, ...]:
        """One touch per changed row, in the order of the first change. Call it after the last flush."""
        touched = (
            Touched(
                row.__entity__, row.key, changed, {fact: plain(getattr(row, fact)) for fact in row.__facts__}
            )
            for row, changes in self._changed.values()
            if (changed := {field: pair for field, pair in changes.items() if pair[0] != pair[1]})
        )
        return tuple(touched)

    def versions_before(self) -> dict[tuple[str, int], int]:
        """Entity and id of each row that was there before the change → the version that it had."""
        return {(row.__entity__, row.key): version for row, version in self._before.values()}

    def _before_flush(self, session: Session, _context: Any, _instances: Any) -> None:
        for row in session.new:
            if isinstance(row, Record):
                row.created_by_id = row.created_by_id or self._actor_id
                self._note(row, is_new=True)
        for row in session.dirty:
            if isinstance(row, Record) and session.is_modified(row):
                row.updated_at = now()
                self._before.setdefault(id(row), (row, row.version))
                self._note(row, is_new=False)
        if any(isinstance(row, Record) for row in session.deleted):
            raise RuntimeError("records are archived or deactivated, never deleted")

    def _note(self, row: Record, *, is_new: bool) -> None:
        _, changes = self._changed.setdefault(id(row), (row, {}))
        for attribute in inspect(row).mapper.column_attrs:
            field = attribute.key
            if field in UNTOLD:
                continue
            history = inspect(row).attrs[field].history
            if not history.added and not history.deleted:
                continue
            old = None if is_new or not history.deleted else history.deleted[0]
            new = history.added[0] if history.added else None
            if old == new:
                continue
            pair = [SECRET, f"{SECRET} "] if field in row.__secret__ else [plain(old), plain(new)]
            first = changes[field][0] if field in changes else pair[0]
            changes[field] = [first, pair[1]]


def plain(value: Any) -> Any:
    """The value as the journal writes it: enums by their word, times as ISO 8601 in UTC."""
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return value
