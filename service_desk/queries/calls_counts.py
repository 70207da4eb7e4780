"""How many calls wait in each tab."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from ..domain.access import Actor, Permission
from ..domain.calls import Call
from ..store.database import current
from ..store.scope import calls_seen_by
from .answer import Answer, read_seq
from .calls import in_tab
from .pages import count_each


def count_calls(actor: Actor) -> Answer:
    """`extra` has {unassigned, open, overdue, all}, out of what the actor sees, and `more` as in `count_each`."""
    return _count(actor, "unassigned", "open", "overdue", "all")


def count_my_calls(actor: Actor) -> Answer:
    """`extra` has {mine}."""
    return _count(actor, "mine")


def _count(actor: Actor, *tabs: str) -> Answer:
    actor.require(Permission.SEE_CALLS)
    seen = [] if actor.scope.own_id is None else [calls_seen_by(actor)]
    rows = {tab: select(col(Call.id)).where(*seen, *in_tab(actor.scope, tab, actor.id)) for tab in tabs}
    with current().reading() as session:
        seq = read_seq(session)
        return Answer(seq, extra=count_each(session, rows))
