"""Edits: only what somebody changed is saved, and nobody's words are overwritten silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from ..domain.errors import Conflict, Invalid
from ..domain.journal import JournalEntry, Touch
from ..domain.record import Record
from ..domain.users import User
from ..store.session import DeskSession
from ..store.touches import plain
from .drafts import Draft, read_draft

SOMEBODY = "Somebody"


@dataclass(frozen=True, slots=True)
class Edit:
    """A form that was opened on one version of a row: what its fields held then, and what they are to hold.

    `new` holds only the fields that were changed. `was` lacks a field whose old value can't be read.
    """

    version: int
    was: dict[str, Any]
    new: dict[str, Any]

    def apply_to(self, session: DeskSession, row: Record) -> None:
        """Set the changed fields. Those that somebody else changed meanwhile are kept beside them.

        Raises:
            Conflict: both changed the same field to different values; nothing is set.
        """
        theirs = {field: plain(getattr(row, field)) for field in self.new if self._is_contested(row, field)}
        if theirs:
            whose = _last_changes(session, row, set(theirs))
            by = " and ".join(dict.fromkeys(name or SOMEBODY for name, _ in whose.values()))
            raise Conflict(
                f"{by or SOMEBODY} changed this meanwhile. Nothing was saved yet.", theirs, by, whose
            )
        for field, value in self.new.items():
            setattr(row, field, value)

    def _is_contested(self, row: Record, field: str) -> bool:
        if row.version == self.version:
            return False
        stored = getattr(row, field)
        untouched = field in self.was and self.was[field] == stored
        return not untouched and self.new[field] != stored


def read_edit(draft: type[Draft], version: int, was: object, changes: object) -> Edit:
    """The edit that a form sent. `draft` has a default for every field, since a form sends only some.

    Raises:
        Invalid: a changed field is wrong; the fields left as they were are not judged.
    """
    before: Mapping[object, object] = was if isinstance(was, Mapping) else {}
    if not isinstance(changes, Mapping):
        raise Invalid("This form could not be read. Nothing was saved.")
    typed = {name: value for name, value in changes.items() if not _same(before, name, value)}
    new = _values(draft, typed)
    old: dict[str, Any] = {}
    for field in new:
        try:
            old |= _values(draft, {field: before[field]} if field in before else {})
        except Invalid:
            continue
    # True would pass for version 1.
    seen = version if type(version) is int else 0
    return Edit(seen, old, {field: value for field, value in new.items() if not _same(old, field, value)})


def _values(draft: type[Draft], data: object) -> dict[str, Any]:
    read = read_draft(draft, data)
    return {field: getattr(read, field) for field in read.model_fields_set}


def _same(before: Mapping[Any, object], name: object, value: object) -> bool:
    # Only plain values: comparing what a stranger nested without end would overflow the stack.
    return name in before and type(before[name]) is type(value) and _is_flat(value) and before[name] == value


def _is_flat(value: object) -> bool:
    return not isinstance(value, list | tuple | Mapping)


def _last_changes(session: DeskSession, row: Record, fields: set[str]) -> dict[str, tuple[str, datetime]]:
    """Who changed each of the fields last, by full name ("" for the console), and when; the newest first."""
    touches = session.exec(
        select(Touch.changed, User.full_name, JournalEntry.at)
        .join(JournalEntry, col(JournalEntry.seq) == col(Touch.seq))
        .outerjoin(User, col(User.id) == col(JournalEntry.actor_id))
        .where(Touch.entity == row.__entity__, Touch.row_id == row.key)
        .order_by(col(Touch.seq).desc())
        .limit(50)
    )
    found: dict[str, tuple[str, datetime]] = {}
    for changed, name, at in touches:
        for field in fields & changed.keys() - found.keys():
            found[field] = name or "", at
        if found.keys() == fields:
            break
    return found
