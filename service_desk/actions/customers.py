"""What can be done with customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from sqlmodel import col, select

from ..domain.access import Actor, Permission
from ..domain.customers import Customer
from ..domain.errors import Invalid, not_found
from ..store.change import change
from ..store.scope import is_customer_of
from ..store.session import DeskSession
from .drafts import LOOK_AGAIN, Draft, MaybeEmail, Phone, line, maybe_line, maybe_text, read_draft
from .edits import read_edit
from .rows import held, take_turn


class CustomerDraft(Draft):
    name: Annotated[str, line(120)]
    phone: Phone
    email: MaybeEmail = None
    address: Annotated[str | None, maybe_text(300)] = None


class CustomerEdit(CustomerDraft):
    name: Annotated[str, line(120)] = ""
    phone: Phone = ""


class FromCustomer(Draft):
    """The part of a form that says whose call or device it is. Only a new number needs a name."""

    phone: Phone
    customer_name: Annotated[str | None, maybe_line(120)] = None
    customer_email: MaybeEmail = None
    address: Annotated[str | None, maybe_text(300)] = None


def create_customer(actor: Actor, data: object) -> int:
    """Answers the new customer's id."""
    actor.require(Permission.EDIT_CUSTOMERS)
    draft = read_draft(CustomerDraft, data)
    with change(actor, "create customer") as session:
        _refuse_taken(session, draft.phone)
        customer = Customer(**draft.model_dump())
        session.add(customer)
        session.flush()
        return session.answer(customer.key)


def edit_customer(
    actor: Actor, customer_id: int, *, version: int, was: Mapping[str, object], changes: Mapping[str, object]
) -> None:
    edit = read_edit(CustomerEdit, version, was, changes)
    with change(actor, "edit customer") as session:
        customer = held(session, Customer, customer_id)
        if customer is None or not _may_see(session, actor, customer):
            raise not_found("This customer")
        actor.require(Permission.EDIT_CUSTOMERS)
        if edit.new.get("phone", customer.phone) != customer.phone:
            _refuse_taken(session, edit.new["phone"])
        edit.apply_to(session, customer)


def found_or_added(session: DeskSession, actor: Actor, draft: FromCustomer) -> Customer:
    """The customer with this number, stored now when the number is new.

    Raises:
        Invalid: the number is new and has no name.
    """
    customer = _by_phone(session, draft.phone)
    if customer is None:
        take_turn(session)
        customer = _by_phone(session, draft.phone)
    if not draft.customer_name and (customer is None or not _may_see(session, actor, customer)):
        # The same sentence for a stranger's customer, whose number may not be found out by trying.
        raise Invalid(LOOK_AGAIN, {"customer_name": "Fill this in: the number is new."})
    if customer is None:
        customer = Customer(
            name=draft.customer_name or "",
            phone=draft.phone,
            email=draft.customer_email,
            address=draft.address,
        )
        session.add(customer)
        session.flush()
    elif actor.may(Permission.EDIT_CUSTOMERS) and _adds_to(customer, draft):
        customer = held(session, Customer, customer.key) or customer
        customer.address = customer.address or draft.address
        customer.email = customer.email or draft.customer_email
    return customer


def _adds_to(customer: Customer, draft: FromCustomer) -> bool:
    return bool((draft.address and not customer.address) or (draft.customer_email and not customer.email))


def _by_phone(session: DeskSession, phone: str) -> Customer | None:
    return session.exec(select(Customer).where(Customer.phone == phone)).first()


def _may_see(session: DeskSession, actor: Actor, customer: Customer) -> bool:
    seen = select(Customer.id).where(col(Customer.id) == customer.id, is_customer_of(actor, customer.id))
    return session.exec(seen).first() is not None


def _refuse_taken(session: DeskSession, phone: str) -> None:
    taken = _by_phone(session, phone)
    if taken is not None:
        raise Invalid(
            LOOK_AGAIN, {"phone": f"This number already belongs to {taken.name.removesuffix('.')}."}
        )
