"""Taking a step back: which steps, by whom, for how long, and to what exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from .access import Actor, Permission
from .calls import OPEN_CALL, Call, CallStatus, may_step
from .carry_ins import PERMISSIONS, CarryIn, CarryInStatus
from .categories import Category
from .columns import read_back
from .errors import Refused
from .record import Record
from .users import User

SLIP = timedelta(minutes=10)
"""How long somebody may take back a completion of their own: a thumb slips, and nobody else may have to be rung."""

ENTITY: dict[str, str] = {
    "assign call": "call",
    "reassign call": "call",
    "unassign call": "call",
    "start call": "call",
    "complete call": "call",
    "cancel call": "call",
    "reopen call": "call",
    "take carry-in to the bench": "carry_in",
    "complete carry-in": "carry_in",
    "deliver carry-in": "carry_in",
    "return carry-in to the bench": "carry_in",
    "archive call category": "category",
    "restore call category": "category",
    "archive carry-in category": "category",
    "restore carry-in category": "category",
    "deactivate user": "user",
    "reactivate user": "user",
}
"""Verb that can be taken back → what it is about."""

SAME_RIGHT: dict[str, str] = {
    "assign call": "unassign",
    "reassign call": "assign",
    "unassign call": "assign",
    "start call": "start",
    "complete call": "reopen",
    "cancel call": "reopen",
    "reopen call": "reopen",
    "take carry-in to the bench": "bench",
    "complete carry-in": "return",
    "deliver carry-in": "deliver",
    "return carry-in to the bench": "complete",
}
"""Verb → the ordinary step whose right it takes. Categories and users take the right to manage them."""

MANAGED: dict[str, Permission] = {"category": Permission.MANAGE_CATEGORIES, "user": Permission.MANAGE_USERS}

_DECIDED: dict[str, frozenset[str]] = {
    "call": frozenset({"status", "assigned_to_id", "instructions"}),
    "carry_in": frozenset({"status"}),
    "category": frozenset({"is_active"}),
    "user": frozenset({"is_active"}),
}
"""Entity → the fields by which a step is told from an edit. Edits neither are taken back nor stand in the way."""


_STATUS: dict[StrEnum, str] = {
    CallStatus.PENDING: "pending",
    CallStatus.ASSIGNED: "assigned",
    CallStatus.IN_PROGRESS: "on site",
    CallStatus.COMPLETED: "completed",
    CallStatus.CANCELLED: "cancelled",
    CarryInStatus.RECEIVED: "waiting for the bench",
    CarryInStatus.IN_REPAIR: "on the bench",
    CarryInStatus.COMPLETED: "ready",
    CarryInStatus.DELIVERED: "delivered",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One touch of the journal, as a step that somebody took: [old, new] of each field in `changed`."""

    seq: int
    verb: str
    by: int | None
    at: datetime
    changed: Mapping[str, Any]

    @property
    def undo_verb(self) -> str:
        """The verb of its undoing. A reopened call goes back to one of two ends, known by two names outside."""
        if self.verb == "reopen call":
            return f"undo reopen {self.changed['status'][0]} call"
        return f"undo {self.verb}"


def last_standing(row: Record, past: Sequence[Taken]) -> Taken | None:
    """The newest step that was not taken back, if its outcome still is the state of the row. `past` is newest first.

    Only this one can be taken back, as with the strokes of a text: once it is, the one before it is the newest.
    It may be a step that can't be taken back at all. A `past` that begins later than the record is enough for the
    steps in it.
    """
    decided = _DECIDED.get(row.__entity__, frozenset())
    standing: list[Taken] = []
    for step in reversed(past):
        if not step.changed.keys() & decided:
            continue
        if standing and step.verb == standing[-1].undo_verb:
            standing.pop()
        else:
            standing.append(step)
    return standing[-1] if standing and _stands(row, standing[-1].changed) else None


def put_back(row: Record, changed: Mapping[str, Any]) -> None:
    """Give every field that a step changed the value that it had before."""
    for field, (old, _) in changed.items():
        setattr(row, field, _value(row, field, old))


def check_engineer(call: Call, engineer: User | None) -> None:
    """Raises Refused when an open call would be back with somebody who is no active engineer any more."""
    if call.status not in OPEN_CALL or engineer is None or engineer.id != call.assigned_to_id:
        return
    if not engineer.is_engineer():
        raise Refused(
            f"{engineer.full_name} is not an active engineer any more, so {call.number} can't go back to them. "
            "Reopen or assign it instead."
        )


def title_of(row: Record) -> str:
    """What people call the record."""
    if isinstance(row, Call | CarryIn):
        return row.number
    if isinstance(row, Category):
        return f"“{row.name}”"
    return row.full_name if isinstance(row, User) else "It"


def where_it_is(row: Record, engineer: str = "") -> str:
    """The sentence about where a step taken back has left the record."""
    if isinstance(row, Category):
        again = "in the forms again" if row.is_active else "archived again"
        return f"{title_of(row)} is {again}."
    if isinstance(row, User):
        return f"{row.full_name} {'can sign in' if row.is_active else 'is deactivated'} again."
    whom = f" to {engineer}" if isinstance(row, Call) and row.status == CallStatus.ASSIGNED else ""
    return f"{title_of(row)} is {_STATUS[row.status]}{whom} again."  # type: ignore[attr-defined]


class Right(StrEnum):
    """How long somebody may take a step back."""

    ALWAYS = "always"
    FOR_A_WHILE = "for a while"
    NEVER = "never"


def right_to_undo(actor: Actor, step: Taken, row: Record) -> Right:
    """For as long as the step stands, or until SLIP after it, or never. The row is one that the actor may see.

    The one function behind the action's refusals and the buttons on the screen.
    """
    if ENTITY.get(step.verb) != row.__entity__:
        return Right.NEVER
    if _may(actor, step.verb, row):
        return Right.ALWAYS
    own = step.by == actor.id and step.verb == "complete call"
    return Right.FOR_A_WHILE if own and _works(actor, row) else Right.NEVER


def needed(verb: str, row: Record) -> Permission:
    """The permission that somebody lacks who may not take this back."""
    if isinstance(row, CarryIn):
        return PERMISSIONS[SAME_RIGHT[verb]]
    return MANAGED.get(row.__entity__, Permission.DISPATCH_CALLS)


def _may(actor: Actor, verb: str, row: Record) -> bool:
    if isinstance(row, Call):
        return may_step(actor, SAME_RIGHT[verb], row.assigned_to_id)
    return actor.may(needed(verb, row))


def _works(actor: Actor, row: Record) -> bool:
    return isinstance(row, Call) and may_step(actor, "complete", row.assigned_to_id)


def _stands(row: Record, changed: Mapping[str, Any]) -> bool:
    return all(getattr(row, field) == _value(row, field, new) for field, (_, new) in changed.items())


def _value(row: Record, field: str, journaled: Any) -> Any:
    return read_back(type(row).__table__.c[field].type, journaled)  # type: ignore[attr-defined]
