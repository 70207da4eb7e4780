"""What an asker may see, as conditions on the rows. What they leave out does not exist for that asker."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import col, select

from ..domain.access import Actor, Permission, Scope
from ..domain.calls import Call
from ..domain.customers import Customer
from ..domain.journal import Touch, Touched


def calls_seen_by(actor: Actor) -> ColumnElement[bool]:
    """The calls of the asker's scope: all, or those assigned to them or created by them."""
    own = actor.scope.own_id
    if own is None:
        return true()
    return or_(col(Call.assigned_to_id) == own, col(Call.created_by_id) == own)


def customers_seen_by(actor: Actor) -> ColumnElement[bool]:
    """All customers, or those of the calls that the asker sees."""
    if actor.may(Permission.SEE_ALL_CUSTOMERS):
        return true()
    # One set, rather than a look at the calls of each customer: an asker has few, the desk has many.
    return col(Customer.id).in_(select(Call.customer_id).where(calls_seen_by(actor)))


def touches_seen_by(actor: Actor) -> ColumnElement[bool]:
    """The touches of records that the actor may see now. Depends on the actor's scope alone."""
    if actor.may(Permission.MANAGE_USERS):
        return true()
    own = actor.scope.own_id
    if own is None:
        return col(Touch.entity).not_in(("user", "webhook"))
    calls = select(Call.id).where(calls_seen_by(actor))
    customers = select(Customer.id).where(customers_seen_by(actor))
    return or_(
        and_(col(Touch.entity) == "call", col(Touch.row_id).in_(calls)),
        and_(col(Touch.entity) == "customer", col(Touch.row_id).in_(customers)),
        col(Touch.entity) == "carry_in",
        and_(col(Touch.entity) == "user", col(Touch.row_id) == own),
    )


def mine(touched: Touched, scope: Scope) -> bool:
    """Whether somebody of this scope may see, or could see before, the touched call."""
    own = scope.own_id
    return own is None or own in touched.ever("assigned_to_id") or own in touched.ever("created_by_id")
