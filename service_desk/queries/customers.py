"""The list of customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from ..domain.access import Actor, Permission
from ..domain.calls import OPEN_CALL, Call
from ..domain.carry_ins import IN_SHOP, CarryIn
from ..domain.customers import Customer
from ..store.database import current
from ..store.scope import calls_seen_by, customers_seen_by
from . import params as url
from .answer import PAGE_SIZE, Answer, Row, answer, paging, read_seq, written
from .search import found_by

SORTS: dict[str, tuple[Any, ...]] = {
    "name": (func.lower(Customer.name), col(Customer.id)),
    "newest": (col(Customer.id).desc(),),
}


@dataclass(frozen=True, slots=True)
class CustomersQuestion:
    search: str = ""
    sort: str = "name"
    page: int = 1

    @classmethod
    def from_params(cls, actor: Actor, params: url.Params) -> Self:
        return cls(url.search(params), url.one_of(params, "sort", SORTS, "name"), url.page(params))


def list_customers(actor: Actor, question: CustomersQuestion) -> Answer:
    """One page of the customers that the actor sees, with {total, page, pages, first, last}."""
    actor.require(Permission.SEE_CUSTOMERS)
    wanted = wanted_customers(actor, question)
    with current().reading() as session:
        seq = read_seq(session)
        total = session.exec(select(func.count()).select_from(Customer).where(*wanted)).one()
        pages = paging(total, question.page)
        listing = rows_of_customers(actor).where(*wanted).order_by(*SORTS[question.sort])
        found = session.execute(listing.limit(PAGE_SIZE).offset((pages["page"] - 1) * PAGE_SIZE))
        return answer(seq, [customer_row(actor, row) for row in found], pages)


def wanted_customers(actor: Actor, question: CustomersQuestion) -> list[ColumnElement[bool]]:
    wanted = [customers_seen_by(actor)]
    if question.search:
        texts = [col(Customer.name), col(Customer.address), col(Customer.email)]
        wanted.append(found_by(question.search, phone=col(Customer.phone), texts=texts))
    return wanted


def rows_of_customers(actor: Actor) -> Select[Any]:
    """Every customer with how much is open for them, out of what the actor sees."""
    open_calls = _counted(
        Call, col(Call.customer_id), col(Call.status).in_(OPEN_CALL), calls_seen_by(actor)
    ).label("open_calls")
    in_shop = _counted(CarryIn, col(CarryIn.customer_id), col(CarryIn.status).in_(IN_SHOP)).label("in_shop")
    fields: list[Any] = [
        getattr(Customer, field)
        for field in ("id", "version", "name", "phone", "email", "address", "created_at")
    ]
    return columns(*fields, open_calls, in_shop)


def customer_row(actor: Actor, found: Any) -> Row:
    """The flat row for one result of `rows_of_customers`."""
    return {
        "id": found.id,
        "version": found.version,
        "name": found.name,
        "phone": written(found.phone),
        "tel": found.phone,
        "email": found.email,
        "address": found.address,
        "open_calls": found.open_calls,
        "in_shop": found.in_shop,
        "may_edit": actor.may(Permission.EDIT_CUSTOMERS),
    }


def _counted(table: type[Any], customer_id: Any, *conditions: ColumnElement[bool]) -> Any:
    own = customer_id == col(Customer.id)
    return (
        select(func.count()).select_from(table).where(own, *conditions).correlate(Customer).scalar_subquery()
    )
