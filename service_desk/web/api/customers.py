"""Customers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ...actions import customers as actions
from ...live.gate import off_loop
from ...queries import params
from ...queries.customer import show_customer
from ...queries.customers import CustomersQuestion
from ...queries.keyset import customers_before
from .auth import Asker
from .describe import LISTED
from .pages import Page, Paging, page_of
from .resource import Resource, add_create, add_edit, add_read
from .shapes import FromRow, Words, steps_in


class Customer(FromRow):
    """A customer. The counts are of what you see."""

    id: int
    version: int
    name: str
    phone: str = Field(description="E.164")
    email: str | None
    address: str | None
    open_calls: int
    in_shop: int
    created_at: str
    may: list[str]

    @classmethod
    def named(cls, row: dict[str, Any]) -> dict[str, Any]:
        return {"phone": row["tel"], "may": steps_in(row, ("edit",))}


class CustomerFilters(Paging):
    q: Words = ""


router = APIRouter(tags=["customers"])
CUSTOMERS = Resource("/customers", "customer", "This customer", Customer, show_customer)


@router.get(CUSTOMERS.path, responses=LISTED, operation_id="list_customers")
async def list_customers(
    asker: Asker, request: Request, response: Response, filters: Annotated[CustomerFilters, Query()]
) -> Page[Customer]:
    """The customers that you see, newest first. A whole phone number in any spelling finds its owner."""
    question = CustomersQuestion(params.search({"q": filters.q}))
    found = await off_loop(customers_before, asker, question, filters.before, filters.limit)
    return page_of(found, Customer, request, response)


add_create(router, CUSTOMERS, actions.create_customer, actions.CustomerDraft)
add_read(router, CUSTOMERS)
add_edit(router, CUSTOMERS, actions.edit_customer, actions.CustomerEdit)
