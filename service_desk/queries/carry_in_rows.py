"""A carry-in as the lists show it, and the one SELECT that it comes from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlmodel import col

from ..domain.access import Actor
from ..domain.carry_ins import CarryIn, may_carry_in
from ..domain.categories import Category
from ..domain.customers import Customer
from ..domain.users import User
from ..store.aliases import alias_of
from .answer import Row, iso, one_line, written

TECHNICIAN = alias_of(User)

_FIELDS: list[Any] = [
    CarryIn.id,
    CarryIn.version,
    CarryIn.item,
    CarryIn.serial_number,
    CarryIn.fault,
    CarryIn.customer_id,
    col(Customer.name).label("customer"),
    Customer.phone,
    CarryIn.category_id,
    col(Category.name).label("category"),
    CarryIn.status,
    CarryIn.outcome,
    CarryIn.assigned_to_id,
    col(TECHNICIAN.full_name).label("technician"),
    CarryIn.created_at,
    CarryIn.completed_at,
    CarryIn.delivered_at,
]


def rows_of_carry_ins(*more: Any) -> Select[Any]:
    """Every carry-in with the names of what it points at, and with further columns where wanted."""
    found: Select[Any] = (
        select(*_FIELDS, *more)
        .select_from(CarryIn)
        .join(Customer, col(Customer.id) == col(CarryIn.customer_id))
        .join(Category, col(Category.id) == col(CarryIn.category_id))
        .outerjoin(TECHNICIAN, col(TECHNICIAN.id) == col(CarryIn.assigned_to_id))
    )
    return found


def carry_in_row(actor: Actor, found: Any) -> Row:
    """The flat row for one result of `rows_of_carry_ins`."""
    return {
        "id": found.id,
        "number": f"S-{found.id}",
        "version": found.version,
        "item": found.item,
        "serial_number": found.serial_number,
        "fault": one_line(found.fault.partition("\n")[0]),
        "customer_id": found.customer_id,
        "customer": found.customer,
        "phone": written(found.phone),
        "tel": found.phone,
        "category_id": found.category_id,
        "category": found.category,
        "status": found.status.value,
        "outcome": found.outcome.value if found.outcome else None,
        "technician_id": found.assigned_to_id,
        "technician": found.technician,
        "created_at": iso(found.created_at),
        "completed_at": iso(found.completed_at),
        "delivered_at": iso(found.delivered_at),
        **{
            f"may_{step}": may_carry_in(actor, step, found.status)
            for step in ("bench", "complete", "deliver")
        },
    }
