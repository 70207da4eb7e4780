"""How many carry-ins wait in each tab."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from ..domain.access import Actor, Permission
from ..domain.carry_ins import CarryIn
from ..store.database import current
from .answer import Answer, read_seq
from .carry_ins import in_tab
from .pages import count_each

_TABS = ("shop", "received", "bench", "ready", "all")


def count_carry_ins(actor: Actor) -> Answer:
    """`extra` has {shop, received, bench, ready, all}, and `more` as in `count_each`."""
    actor.require(Permission.SEE_CARRY_INS)
    rows = {tab: select(col(CarryIn.id)).where(*in_tab(tab)) for tab in _TABS}
    with current().reading() as session:
        seq = read_seq(session)
        return Answer(seq, extra=count_each(session, rows))


def count_my_carry_ins(actor: Actor) -> Answer:
    """`extra` has {mine}: what the actor has on the bench or ready to be handed back."""
    actor.require(Permission.SEE_CARRY_INS)
    mine = select(col(CarryIn.id)).where(*in_tab("mine", actor.id))
    with current().reading() as session:
        seq = read_seq(session)
        return Answer(seq, extra=count_each(session, {"mine": mine}))
