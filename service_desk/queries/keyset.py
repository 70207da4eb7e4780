"""Lists read on from where they were left, newest first: what is added meanwhile shifts nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Select

from ..domain.access import Actor, Permission
from ..store.database import current
from .answer import Answer, Row, answer, iso, read_seq
from .call import call_record, records_of_calls
from .calls import CallsQuestion
from .calls import listing_of as listing_of_calls
from .carry_in import carry_in_record, records_of_carry_ins
from .carry_ins import CarryInsQuestion
from .carry_ins import listing_of as listing_of_carry_ins
from .customers import CustomersQuestion, customer_row, rows_of_customers
from .customers import listing_of as listing_of_customers
from .listing import Listing
from .slices import ids_before

MOST = 100
"""Rows of one page."""


def calls_before(actor: Actor, question: CallsQuestion, before: int | None, limit: int) -> Answer:
    """Calls with everything about them; of the question neither sort nor page count. `extra` as in `_read`."""
    actor.require(Permission.SEE_CALLS)
    found = listing_of_calls(actor, question)
    return _read(records_of_calls(actor.scope), found, before, limit, lambda row: call_record(actor, row))


def carry_ins_before(actor: Actor, question: CarryInsQuestion, before: int | None, limit: int) -> Answer:
    """The same for carry-ins."""
    actor.require(Permission.SEE_CARRY_INS)
    found = listing_of_carry_ins(question)
    return _read(records_of_carry_ins(actor), found, before, limit, lambda row: carry_in_record(actor, row))


def customers_before(actor: Actor, question: CustomersQuestion, before: int | None, limit: int) -> Answer:
    """The same for customers."""
    actor.require(Permission.SEE_CUSTOMERS)
    found = listing_of_customers(actor, replace(question, sort="newest"))
    return _read(
        rows_of_customers(actor),
        found,
        before,
        limit,
        lambda row: customer_row(actor, row) | {"created_at": iso(row.created_at)},
    )


def slice_before(found: Answer, before: int | None, limit: int) -> Answer:
    """The same for an answer that holds all there is, since there are never many of its kind."""
    ids = sorted((int(key) for key in found.order if before is None or int(key) < before), reverse=True)
    kept = ids[:limit]
    extra = {"next": kept[-1] if len(ids) > limit else None}
    return answer(found.seq, [found.rows[key] for key in kept], extra)


def _read(
    rows: Select[Any], listing: Listing, before: int | None, limit: int, row: Callable[[Any], Row]
) -> Answer:
    """At most `limit` rows older than `before`. `extra` has {next}: what the next page is before, None at the end."""
    with current().reading() as session:
        seq = read_seq(session)
        # One more than wanted tells whether there is a next page.
        ids = ids_before(session, listing, before, limit + 1)
        shown = rows.where(listing.key.in_(ids[:limit])).order_by(listing.key.desc())
        found = session.execute(shown).all()
    return answer(seq, [row(each) for each in found], {"next": ids[limit - 1] if len(ids) > limit else None})
