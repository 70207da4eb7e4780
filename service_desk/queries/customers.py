"""The list of customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy import select as columns
from sqlmodel import col, select

from ..domain.access import Actor, Permission
from ..domain.calls import Call
from ..domain.carry_ins import CarryIn
from ..domain.customers import Customer
from ..store.database import current
from ..store.scope import calls_seen_by, customers_seen_by, is_customer_of, is_in_shop, is_open
from . import params as url
from .answer import Answer, Row, answer, read_seq, written
from .listing import Key, Listing, Sort
from .pages import read_page
from .search import Sought

SORTS: dict[str, Sort] = {
    "name": (Key(func.lower(Customer.name)), Key(col(Customer.id))),
    "newest": (Key(col(Customer.id), descending=True),),
}


@dataclass(frozen=True, slots=True)
class CustomersQuestion:
    search: str = ""
    sort: str = "name"
    page: int = 1

    @classmethod
    def from_params(cls, actor: Actor, params: url.Params) -> Self:
        return cls(
            url.search(params), url.one_of(params, "sort", SORTS, "name"), url.page_from_either_end(params)
        )


def list_customers(actor: Actor, question: CustomersQuestion) -> Answer:
    """One page of the customers that the actor sees, with {total, page, pages, first, last} of `pages.Page`."""
    actor.require(Permission.SEE_CUSTOMERS)
    with current().reading() as session:
        seq = read_seq(session)
        page = read_page(session, listing_of(actor, question), question.page)
        found = page.read(session, lambda: rows_of_customers(actor))
        return answer(seq, [customer_row(actor, row) for row in found], page.extra)


def listing_of(actor: Actor, question: CustomersQuestion) -> Listing:
    """How the rows of the question are found."""
    sees_all = actor.may(Permission.SEE_ALL_CUSTOMERS)
    return Listing(
        kind="customer",
        table=Customer,
        sort=SORTS[question.sort],
        filters=() if sees_all else (customers_seen_by(actor),),
        one_by_one=() if sees_all else (is_customer_of(actor, col(Customer.id)),),
        sought=Sought.of(question.search),
    )


def rows_of_customers(actor: Actor) -> Select[Any]:
    """Every customer with how much is open for them, out of what the actor sees."""
    open_calls = _counted(Call, col(Call.customer_id), is_open(), calls_seen_by(actor)).label("open_calls")
    in_shop = _counted(CarryIn, col(CarryIn.customer_id), is_in_shop()).label("in_shop")
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
