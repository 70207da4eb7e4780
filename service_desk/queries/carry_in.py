"""One carry-in, with everything about it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam
from sqlmodel import col

from ..domain.access import Actor, Permission
from ..domain.carry_ins import STEPS, CarryIn, may_carry_in
from ..domain.customers import Customer
from ..domain.ids import as_id
from ..domain.users import Role
from ..store.scope import is_customer_of
from .answer import KEPT, Answer, Row, iso, look, with_seq
from .carry_in_rows import carry_in_row, rows_of_carry_ins
from .names import name_of

_PEOPLE = {
    "completed_by": CarryIn.completed_by_id,
    "delivered_by": CarryIn.delivered_by_id,
    "created_by": CarryIn.created_by_id,
}
_TEXTS = ("accessories", "completion_remark", "delivered_to", "delivery_remark", "return_reason")
_CONTACT = ("customer_email", "customer_address")


def show_carry_in(actor: Actor, carry_in_id: int) -> Answer:
    """One row, or none. The customer's e-mail and address are only for those who may see the customer."""
    actor.require(Permission.SEE_CARRY_INS)
    record = _record(actor.id, actor.role)
    return look(record, lambda found: carry_in_record(actor, found), id=as_id(carry_in_id))


@lru_cache(KEPT)
def _record(actor_id: int, role: Role) -> Select[Any]:
    return with_seq(records_of_carry_ins(Actor(actor_id, role, "")).where(col(CarryIn.id) == bindparam("id")))


def records_of_carry_ins(actor: Actor) -> Select[Any]:
    """Every carry-in, with everything about it."""
    fields: list[Any] = [getattr(CarryIn, field) for field in (*_TEXTS, "updated_at")]
    fields += [name_of(person_id, label) for label, person_id in _PEOPLE.items()]
    fields += [
        col(Customer.email).label("customer_email"),
        col(Customer.address).label("customer_address"),
        is_customer_of(actor, col(CarryIn.customer_id)).label("may_see_customer"),
    ]
    return rows_of_carry_ins(*fields)


def carry_in_record(actor: Actor, found: Any) -> Row:
    """The flat row for one result of `records_of_carry_ins`."""
    is_seen = bool(found.may_see_customer)
    return (
        carry_in_row(actor, found)
        | {field: getattr(found, field) for field in (*_TEXTS, *_PEOPLE, "fault")}
        | {field: getattr(found, field) if is_seen else None for field in _CONTACT}
        | {"updated_at": iso(found.updated_at), "may_see_customer": is_seen}
        | {f"may_{step}": may_carry_in(actor, step, found.status) for step in STEPS}
    )
