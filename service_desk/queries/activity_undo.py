"""Which steps of a history can be taken back, by who reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import col, select

from ..domain.access import Actor
from ..domain.calls import Call
from ..domain.carry_ins import CarryIn
from ..domain.categories import Category
from ..domain.journal import JournalEntry, Touch
from ..domain.record import Record
from ..domain.undo import ENTITY, MANAGED, SLIP, Right, Taken, last_standing, right_to_undo
from ..domain.users import User
from ..store.past import steps_since, taken
from ..store.session import DeskSession
from .answer import iso

_KINDS: dict[str, type[Record]] = {"call": Call, "carry_in": CarryIn, "category": Category, "user": User}

Offers = Mapping[int, str | None]
"""Number of a step that the reader may take back → until when, as ISO 8601; None for as long as it stands."""


def offers_in_history(
    session: DeskSession, actor: Actor, entity: str, entries: Sequence[JournalEntry], touches: Iterable[Touch]
) -> Offers:
    """For the history of one record: its entries, oldest first, and what each did to it."""
    by_seq = {touch.seq: touch for touch in touches}
    past = [taken(entry, by_seq[entry.seq]) for entry in reversed(entries) if entry.seq in by_seq]
    if not past or entity not in _KINDS:
        return {}
    row = session.get(_KINDS[entity], next(iter(by_seq.values())).row_id)
    return _offer(actor, row, past) if row else {}


def offers_in_feed(
    session: DeskSession, actor: Actor, entries: Sequence[JournalEntry], touches: Iterable[Touch]
) -> Offers:
    """For users and categories, which have no history but the feed. Others are taken back where they are looked at."""
    verbs = {entry.seq: entry.verb for entry in entries}
    steps = [touch for touch in touches if touch.entity == ENTITY.get(verbs[touch.seq])]
    found: dict[int, str | None] = {}
    for entity, permission in MANAGED.items():
        shown = [touch for touch in steps if touch.entity == entity]
        if shown and actor.may(permission):
            found |= _offers_of(session, actor, entity, shown)
    return found


def _offers_of(
    session: DeskSession, actor: Actor, entity: str, shown: Sequence[Touch]
) -> dict[int, str | None]:
    ids = {touch.row_id for touch in shown}
    pasts = steps_since(session, entity, ids, min(touch.seq for touch in shown))
    kind = _KINDS[entity]
    found: dict[int, str | None] = {}
    for row in session.exec(select(kind).where(col(kind.id).in_(ids))):
        found |= _offer(actor, row, pasts[row.key])
    return found


def _offer(actor: Actor, row: Record, past: Sequence[Taken]) -> dict[int, str | None]:
    step = last_standing(row, past)
    right = right_to_undo(actor, step, row) if step else Right.NEVER
    if step is None or right == Right.NEVER:
        return {}
    return {step.seq: iso(step.at + SLIP) if right == Right.FOR_A_WHILE else None}
