"""One customer: the page, and the look-up by a number."""

from __future__ import annotations

from sqlmodel import col, select

from ..config import settings
from ..domain.access import Actor, Permission
from ..domain.customers import Customer
from ..domain.ids import as_id
from ..domain.phones import find_phone
from ..store.database import current
from ..store.scope import is_customer_of
from .answer import Answer, Row, answer, iso, read_seq, written
from .customer_work import work_at_a_glance
from .customers import customer_row, rows_of_customers


def show_customer(actor: Actor, customer_id: int) -> Answer:
    """One row, or none when there is no such customer for the actor."""
    actor.require(Permission.SEE_CUSTOMERS)
    with current().reading() as session:
        seq = read_seq(session)
        wanted = (col(Customer.id) == as_id(customer_id), is_customer_of(actor, col(Customer.id)))
        found = session.execute(rows_of_customers(actor).where(*wanted)).one_or_none()
        rows = [customer_row(actor, found) | {"created_at": iso(found.created_at)}] if found else []
        return answer(seq, rows)


def find_customer(actor: Actor, phone_text: str) -> Row | None:
    """The customer with this number, once it is whole: {id, name, phone, address, email, work}.

    `work` has up to five rows as in `customer_work`, open ones first. For look-ups while typing.
    """
    actor.require(Permission.SEE_CUSTOMERS)
    phone = find_phone(phone_text, settings().phone_region) if isinstance(phone_text, str) else None
    if phone is None:
        return None
    with current().reading() as session:
        seen = select(Customer).where(col(Customer.phone) == phone, is_customer_of(actor, col(Customer.id)))
        customer = session.exec(seen).first()
        if customer is None:
            return None
        return {
            "id": customer.key,
            "name": customer.name,
            "phone": written(customer.phone),
            "address": customer.address,
            "email": customer.email,
            "work": work_at_a_glance(session, actor, customer.key),
        }
