"""The journal as events for programs: every change in its order, cut to what the reader may see now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select

from ..domain.access import Actor, Permission
from ..domain.journal import WIRE_NAMES, JournalEntry, Touch, Touched
from ..domain.users import User
from ..store.database import current
from ..store.scope import mine, touches_seen_by
from ..store.session import DeskSession
from ..store.touches import SECRET
from .activity_rows import NOUNS, main_touch, number_of
from .answer import Row, iso, read_seq

ENTRIES_AT_ONCE = 200
"""Changes that are read in one go, whether the reader may see them or not: the numbers have no gaps."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The events after one number up to and with `upto`; the journal stood at `last` when they were read.

    An event has {seq, name, at, actor {id, name} or None, verb, entity, id, number, changed {field: {old, new}},
    others}; `others` has {entity, id, number, changed} of each further row that the change touched. That a call left
    its reader has {left: True} instead of what changed, and nobody who did it.
    """

    events: tuple[Row, ...]
    upto: int
    last: int


def events_after(actor: Actor, seq: int, most: int = ENTRIES_AT_ONCE) -> Batch:
    """The next events after this number, at most `most` changes further on."""
    actor.require(Permission.SEE_ACTIVITY)
    with current().reading() as session:
        last = read_seq(session)
        upto = max(seq, min(seq + most, last))
        entries = _entries(session, seq, upto) if upto > seq else []
        seen, left = _touches(session, actor, seq, upto) if entries else ({}, {})
    events = []
    for entry, name in entries:
        if entry.seq in seen:
            events.append(_event(entry, name, seen[entry.seq]))
        elif entry.seq in left:
            events.append(_leaving(entry, left[entry.seq]))
    return Batch(tuple(events), upto, last)


def _entries(session: DeskSession, after: int, upto: int) -> Sequence[Any]:
    """Each entry with the name of who did it."""
    wanted = select(JournalEntry, User.full_name).outerjoin(User, col(User.id) == col(JournalEntry.actor_id))
    within = col(JournalEntry.seq) > after, col(JournalEntry.seq) <= upto
    return session.exec(wanted.where(*within).order_by(col(JournalEntry.seq))).all()


def _touches(
    session: DeskSession, actor: Actor, after: int, upto: int
) -> tuple[dict[int, list[Touch]], dict[int, Touch]]:
    """What the actor may see of each change, and the calls by whose leaving they were touched."""
    may_see: Any = touches_seen_by(actor).label("may_see")
    within = col(Touch.seq) > after, col(Touch.seq) <= upto
    wanted = select(Touch, may_see).where(*within, or_(touches_seen_by(actor), col(Touch.entity) == "call"))
    seen: dict[int, list[Touch]] = defaultdict(list)
    left: dict[int, Touch] = {}
    for touch, visible in session.exec(wanted.order_by(col(Touch.id))):
        if visible:
            seen[touch.seq].append(touch)
        elif _leaves(touch, actor):
            left[touch.seq] = touch
    return seen, left


def _leaves(touch: Touch, actor: Actor) -> bool:
    """Whether this change took a call from the actor who can't see it now."""
    touched = Touched(touch.entity, touch.row_id, touch.changed, touch.facts)
    return mine(touched, actor.scope) and touch.facts.get("assigned_to_id") != actor.scope.own_id


def _event(entry: JournalEntry, name: str | None, touches: list[Touch]) -> Row:
    main = main_touch(entry.verb, touches)
    return {
        "seq": entry.seq,
        "name": _wire_name(entry.verb, main),
        "at": iso(entry.at),
        "actor": {"id": entry.actor_id, "name": name} if entry.actor_id else None,
        "verb": entry.verb,
        **_row(main),
        "others": [_row(touch) for touch in touches if touch is not main],
    }


def _leaving(entry: JournalEntry, touch: Touch) -> Row:
    # Who has it now, who did it and why is not for somebody who can't see it any more.
    row = {**_row(touch), "changed": {}}
    told = {"seq": entry.seq, "name": "call_assigned", "at": iso(entry.at), "actor": None, "verb": None}
    return {**told, **row, "others": [], "left": True}


def _row(touch: Touch) -> Row:
    changed = {
        field: {"old": old, "new": new} for field, (old, new) in touch.changed.items() if old != SECRET
    }
    number = number_of(touch.entity, touch.row_id) or None
    return {"entity": touch.entity, "id": touch.row_id, "number": number, "changed": changed}


def _wire_name(verb: str, touch: Touch) -> str:
    """The name of the change, or of what it did to the only kind of row that the reader may see of it."""
    if verb.endswith(NOUNS[touch.entity]):
        return WIRE_NAMES[verb]
    if touch.entity == "call":
        return "call_assigned" if "assigned_to_id" in touch.changed else "call_updated"
    if touch.entity == "customer":
        return "customer_created" if touch.changed.get("name", [""])[0] is None else "customer_updated"
    return f"{touch.entity.replace('carry_in', 'service')}_updated"
