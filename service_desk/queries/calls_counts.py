"""How many calls wait in each tab."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import select

from ..domain.access import Actor, Permission
from ..domain.calls import Call
from ..store.database import current
from ..store.scope import calls_seen_by
from .answer import Answer, read_seq
from .calls import in_tab


def count_calls(actor: Actor) -> Answer:
    """`extra` has {unassigned, open, overdue, all}, out of what the actor sees."""
    return _count(actor, "unassigned", "open", "overdue", "all")


def count_my_calls(actor: Actor) -> Answer:
    """`extra` has {mine}."""
    return _count(actor, "mine")


def _count(actor: Actor, *tabs: str) -> Answer:
    actor.require(Permission.SEE_CALLS)
    counts: list[Any] = [
        select(func.count())
        .select_from(Call)
        .where(calls_seen_by(actor), in_tab(actor, tab, actor.id))
        .scalar_subquery()
        .label(f"in_{tab}")
        for tab in tabs
    ]
    with current().reading() as session:
        seq = read_seq(session)
        found = session.execute(columns(*counts)).one()
        return Answer(seq, extra=dict(zip(tabs, found, strict=True)))
