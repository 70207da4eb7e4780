"""One call, with everything about it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam
from sqlmodel import col

from ..domain.access import Actor, Permission, Scope
from ..domain.calls import STEPS, Call
from ..domain.customers import Customer
from ..domain.ids import as_id
from ..store.scope import calls_within
from .answer import KEPT, Answer, Row, iso, look, with_seq
from .call_rows import call_row, may, rows_of_calls
from .names import name_of

_PEOPLE = {
    "assigned_by": Call.assigned_by_id,
    "completed_by": Call.completed_by_id,
    "cancelled_by": Call.cancelled_by_id,
    "created_by": Call.created_by_id,
}
_TIMES = ("assigned_at", "started_at", "completed_at", "cancelled_at", "updated_at")
_TEXTS = ("site_address", "instructions", "completion_remark", "cancel_reason", "reopen_reason")
_LISTED = ("completed_at", "cancelled_at", "site_address")
"""What `rows_of_calls` reads anyway."""
_TOLD = (*_PEOPLE, *_TEXTS, "problem", "customer_address", "customer_email")


def show_call(actor: Actor, call_id: int) -> Answer:
    """One row, or none when there is no such call for the actor."""
    actor.require(Permission.SEE_CALLS)
    return look(_record(actor.scope), lambda found: call_record(actor, found), id=as_id(call_id))


@lru_cache(KEPT)
def _record(scope: Scope) -> Select[Any]:
    return with_seq(records_of_calls(scope).where(col(Call.id) == bindparam("id")))


def records_of_calls(scope: Scope) -> Select[Any]:
    """Every call that is seen within the scope, with everything about it."""
    names = [name_of(person_id, label) for label, person_id in _PEOPLE.items()]
    fields = [getattr(Call, field) for field in (*_TIMES, *_TEXTS) if field not in _LISTED]
    record = rows_of_calls(col(Customer.email).label("customer_email"), *fields, *names)
    return record.where(calls_within(scope))


def call_record(actor: Actor, found: Any) -> Row:
    """The flat row for one result of `records_of_calls`."""
    return (
        call_row(actor, found)
        | {field: getattr(found, field) for field in _TOLD}
        | {field: iso(getattr(found, field)) for field in _TIMES}
        | {f"may_{step}": may(actor, step, found) for step in STEPS}
    )
