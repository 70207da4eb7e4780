"""What an asker may see, as conditions on the rows. What they leave out does not exist for that asker."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, true, union_all
from sqlmodel import col, select

from ..domain.access import Actor, Permission, Scope
from ..domain.calls import OPEN_CALL, Call
from ..domain.carry_ins import IN_SHOP, CarryIn
from ..domain.customers import Customer
from ..domain.journal import Touch, Touched


def is_open() -> ColumnElement[bool]:
    """The calls that are not done, in the very words of their indexes: SQLite uses those for nothing else."""
    return col(Call.status).in_([literal_column(f"'{status}'") for status in OPEN_CALL])


def is_in_shop() -> ColumnElement[bool]:
    """The same for carry-ins."""
    return col(CarryIn.status).in_([literal_column(f"'{status}'") for status in IN_SHOP])


def calls_seen_by(actor: Actor) -> ColumnElement[bool]:
    """The calls of the asker's scope."""
    return calls_within(actor.scope)


def calls_within(scope: Scope) -> ColumnElement[bool]:
    """All calls, or those assigned to the scope's own person or created by them."""
    own = scope.own_id
    if own is None:
        return true()
    return or_(col(Call.assigned_to_id) == own, col(Call.created_by_id) == own)


def customers_seen_by(actor: Actor) -> ColumnElement[bool]:
    """All customers, or those of the calls that the asker sees."""
    if actor.may(Permission.SEE_ALL_CUSTOMERS):
        return true()
    # One set, rather than a look at the calls of each customer: an asker has few, the desk has many.
    # The two ways to be theirs apart: the first is answered by an index alone.
    given, logged = col(Call.assigned_to_id) == actor.id, col(Call.created_by_id) == actor.id
    theirs = (select(Call.customer_id).where(one) for one in (given, logged))
    return col(Customer.id).in_(union_all(*theirs))


def is_customer_of(actor: Actor, customer_id: Any) -> ColumnElement[bool]:
    """Whether the asker sees this one customer, an id or a column; cheap however many calls the asker has."""
    if actor.may(Permission.SEE_ALL_CUSTOMERS):
        return true()
    return exists().where(col(Call.customer_id) == customer_id, calls_seen_by(actor))


def touches_seen_by(actor: Actor) -> ColumnElement[bool]:
    """The touches of records that the actor may see now. Depends on the actor's scope alone."""
    if actor.may(Permission.MANAGE_USERS):
        return true()
    own = actor.scope.own_id
    if own is None:
        return col(Touch.entity).not_in(("user", "webhook"))
    # Each touch is looked up by itself: the newest are asked for, and the asker may have had a great many calls.
    call = exists().where(col(Call.id) == col(Touch.row_id), calls_seen_by(actor))
    return or_(
        and_(col(Touch.entity) == "call", call),
        and_(col(Touch.entity) == "customer", is_customer_of(actor, col(Touch.row_id))),
        col(Touch.entity) == "carry_in",
        and_(col(Touch.entity) == "user", col(Touch.row_id) == own),
    )


def mine(touched: Touched, scope: Scope) -> bool:
    """Whether somebody of this scope may see, or could see before, the touched call."""
    own = scope.own_id
    return own is None or own in touched.ever("assigned_to_id") or own in touched.ever("created_by_id")
