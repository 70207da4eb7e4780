"""A call as the lists show it, and the one SELECT that it comes from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlmodel import col

from ..domain.access import Actor
from ..domain.calls import Call, may_call
from ..domain.categories import Category
from ..domain.customers import Customer
from ..domain.users import User
from ..store.aliases import alias_of
from .answer import Row, iso, one_line, written

ENGINEER = alias_of(User)


_FIELDS: list[Any] = [
    Call.id,
    Call.version,
    Call.priority,
    Call.problem,
    Call.customer_id,
    col(Customer.name).label("customer"),
    Customer.phone,
    Call.site_address,
    col(Customer.address).label("customer_address"),
    Call.category_id,
    col(Category.name).label("category"),
    Call.status,
    Call.assigned_to_id,
    col(ENGINEER.full_name).label("engineer"),
    Call.due_at,
    Call.created_at,
    Call.created_by_id,
    Call.completed_at,
    Call.cancelled_at,
]


def rows_of_calls(*more: Any) -> Select[Any]:
    """Every call with the names of what it points at, and with further columns where wanted."""
    found: Select[Any] = (
        select(*_FIELDS, *more)
        .select_from(Call)
        .join(Customer, col(Customer.id) == col(Call.customer_id))
        .join(Category, col(Category.id) == col(Call.category_id))
        .outerjoin(ENGINEER, col(ENGINEER.id) == col(Call.assigned_to_id))
    )
    return found


def call_row(actor: Actor, found: Any) -> Row:
    """The flat row for one result of `rows_of_calls`."""
    return {
        "id": found.id,
        "number": f"C-{found.id}",
        "version": found.version,
        "priority": found.priority.word,
        "problem": one_line(found.problem.partition("\n")[0]),
        "customer_id": found.customer_id,
        "customer": found.customer,
        "phone": written(found.phone),
        "tel": found.phone,
        "place": found.site_address or found.customer_address,
        "category_id": found.category_id,
        "category": found.category,
        "status": found.status.value,
        "engineer_id": found.assigned_to_id,
        "engineer": found.engineer,
        "due_at": iso(found.due_at),
        "created_at": iso(found.created_at),
        "done_at": iso(found.completed_at or found.cancelled_at),
        **{f"may_{step}": may(actor, step, found) for step in ("assign", "start", "complete")},
    }


def may(actor: Actor, step: str, found: Any) -> bool:
    return may_call(actor, step, found.status, found.assigned_to_id, found.created_by_id)
