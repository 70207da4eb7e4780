"""How many carry-ins wait in each tab."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import select

from ..domain.access import Actor, Permission
from ..domain.carry_ins import CarryIn
from ..store.database import current
from .answer import Answer, read_seq
from .carry_ins import in_tab

_TABS = ("shop", "received", "bench", "ready", "all")


def count_carry_ins(actor: Actor) -> Answer:
    """`extra` has {shop, received, bench, ready, all}."""
    actor.require(Permission.SEE_CARRY_INS)
    counts: list[Any] = [
        select(func.count()).select_from(CarryIn).where(in_tab(tab)).scalar_subquery().label(f"in_{tab}")
        for tab in _TABS
    ]
    with current().reading() as session:
        seq = read_seq(session)
        found = session.execute(columns(*counts)).one()
        return Answer(seq, extra=dict(zip(_TABS, found, strict=True)))


def count_my_carry_ins(actor: Actor) -> Answer:
    """`extra` has {mine}: what the actor has on the bench or ready to be handed back."""
    actor.require(Permission.SEE_CARRY_INS)
    with current().reading() as session:
        seq = read_seq(session)
        mine = select(func.count()).select_from(CarryIn).where(in_tab("mine", actor.id))
        return Answer(seq, extra={"mine": session.exec(mine).one()})
