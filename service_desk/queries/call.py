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
from ..domain.users import User
from ..store.aliases import alias_of
from ..store.database import current
from ..store.scope import calls_within
from .answer import KEPT, Answer, Row, answer, iso, read_seq
from .call_rows import call_row, may, rows_of_calls

_DISPATCHER, _COMPLETER, _CANCELLER, _LOGGER = alias_of(User), alias_of(User), alias_of(User), alias_of(User)
_PEOPLE = {
    "assigned_by": (_DISPATCHER, Call.assigned_by_id),
    "completed_by": (_COMPLETER, Call.completed_by_id),
    "cancelled_by": (_CANCELLER, Call.cancelled_by_id),
    "created_by": (_LOGGER, Call.created_by_id),
}
_TIMES = ("assigned_at", "started_at", "completed_at", "cancelled_at", "updated_at")
_TEXTS = ("site_address", "instructions", "completion_remark", "cancel_reason", "reopen_reason")
_LISTED = ("completed_at", "cancelled_at", "site_address")
"""What `rows_of_calls` reads anyway."""
_TOLD = (*_PEOPLE, *_TEXTS, "problem", "customer_address", "customer_email")


def show_call(actor: Actor, call_id: int) -> Answer:
    """One row, or none when there is no such call for the actor."""
    actor.require(Permission.SEE_CALLS)
    with current().reading() as session:
        seq = read_seq(session)
        found = session.read(_record(actor.scope), id=as_id(call_id)).one_or_none()
        return answer(seq, [call_record(actor, found)] if found else [])


@lru_cache(KEPT)
def _record(scope: Scope) -> Select[Any]:
    return records_of_calls(scope).where(col(Call.id) == bindparam("id"))


def records_of_calls(scope: Scope) -> Select[Any]:
    """Every call that is seen within the scope, with everything about it."""
    names: list[Any] = [col(person.full_name).label(name) for name, (person, _) in _PEOPLE.items()]
    fields = [getattr(Call, field) for field in (*_TIMES, *_TEXTS) if field not in _LISTED]
    record = rows_of_calls(col(Customer.email).label("customer_email"), *fields, *names)
    for person, field in _PEOPLE.values():
        record = record.outerjoin(person, col(person.id) == col(field))
    return record.where(calls_within(scope))


def call_record(actor: Actor, found: Any) -> Row:
    """The flat row for one result of `records_of_calls`."""
    return (
        call_row(actor, found)
        | {field: getattr(found, field) for field in _TOLD}
        | {field: iso(getattr(found, field)) for field in _TIMES}
        | {f"may_{step}": may(actor, step, found) for step in STEPS}
    )
