"""Lists read on from where they were left, newest first: what is added meanwhile shifts nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Mapped
from sqlmodel import col

from ..domain.access import Actor, Permission
from ..domain.calls import Call
from ..domain.carry_ins import CarryIn
from ..domain.customers import Customer
from ..store.database import current
from .answer import Answer, Row, answer, iso, read_seq
from .call import call_record, records_of_calls
from .calls import CallsQuestion, wanted_calls
from .carry_in import carry_in_record, records_of_carry_ins
from .carry_ins import CarryInsQuestion, wanted_carry_ins
from .customers import CustomersQuestion, customer_row, rows_of_customers, wanted_customers

MOST = 100
"""Rows of one page."""


def calls_before(actor: Actor, question: CallsQuestion, before: int | None, limit: int) -> Answer:
    """Calls with everything about them; of the question neither sort nor page count. `extra` as in `_read`."""
    actor.require(Permission.SEE_CALLS)
    wanted = records_of_calls(actor).where(*wanted_calls(actor, question))
    return _read(wanted, col(Call.id), before, limit, lambda found: call_record(actor, found))


def carry_ins_before(actor: Actor, question: CarryInsQuestion, before: int | None, limit: int) -> Answer:
    """The same for carry-ins."""
    actor.require(Permission.SEE_CARRY_INS)
    wanted = records_of_carry_ins(actor).where(*wanted_carry_ins(question))
    return _read(wanted, col(CarryIn.id), before, limit, lambda found: carry_in_record(actor, found))


def customers_before(actor: Actor, question: CustomersQuestion, before: int | None, limit: int) -> Answer:
    """The same for customers."""
    actor.require(Permission.SEE_CUSTOMERS)
    wanted = rows_of_customers(actor).where(*wanted_customers(actor, question))
    return _read(
        wanted,
        col(Customer.id),
        before,
        limit,
        lambda found: customer_row(actor, found) | {"created_at": iso(found.created_at)},
    )


def slice_before(found: Answer, before: int | None, limit: int) -> Answer:
    """The same for an answer that holds all there is, since there are never many of its kind."""
    ids = sorted((int(key) for key in found.order if before is None or int(key) < before), reverse=True)
    kept = ids[:limit]
    extra = {"next": kept[-1] if len(ids) > limit else None}
    return answer(found.seq, [found.rows[key] for key in kept], extra)


def _read(
    wanted: Select[Any], key: Mapped[int | None], before: int | None, limit: int, row: Callable[[Any], Row]
) -> Answer:
    """At most `limit` rows older than `before`. `extra` has {next}: what the next page is before, None at the end."""
    older = wanted.where(key < before) if before else wanted
    with current().reading() as session:
        seq = read_seq(session)
        # One more than wanted tells whether there is a next page.
        found = session.execute(older.order_by(key.desc()).limit(limit + 1)).all()
    rows = [row(each) for each in found[:limit]]
    return answer(seq, rows, {"next": rows[-1]["id"] if len(found) > limit else None})
