"""What the list of customers and the page of one are asked for, and how customers are added and put right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import reflex as rx

from ...actions import customers as actions
from ...domain.access import Permission
from ...live.questions import CustomerWork, History, OneCustomer
from ...queries.customer import show_customer
from ...queries.customers import CustomersQuestion
from .. import guard, slots
from ..edit_state import EditState
from ..form_state import FormState
from ..visit import as_words, id_in_path, params_of, rows_in_path, visit


class CustomersPage(rx.State):
    """The address's question, for the controls that show it."""

    search: str = ""
    sort: str = "name"

    @guard.handler(Permission.SEE_CUSTOMERS)
    async def look(self) -> None:
        """Ask for what the address says."""
        question = CustomersQuestion.from_params(guard.actor(), params_of(self))
        self.search, self.sort = question.search, question.sort
        await visit(self, {slots.CustomerList: question})


class CustomerPage(rx.State):
    """The customer that is on the screen."""

    @guard.handler(Permission.SEE_CUSTOMERS)
    async def look(self) -> None:
        """Ask for the customer, what was and is done for them, and what happened to their entry."""
        customer_id = id_in_path(self)
        await rows_in_path(self, show_customer)
        await visit(
            self,
            {
                slots.TheCustomer: OneCustomer(customer_id),
                slots.Work: CustomerWork(customer_id),
                slots.Past: History("customer", customer_id),
            },
        )


class NewCustomer(FormState, rx.State):
    @guard.handler(Permission.EDIT_CUSTOMERS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._save(
            "new-customer-form", actions.create_customer, as_words(form), done="The customer is added."
        )


class EditCustomer(EditState, rx.State):
    FIELDS: ClassVar[Mapping[str, str]] = {
        "name": "Name",
        "phone": "Phone",
        "email": "Email",
        "address": "Address",
    }
    DIALOG: ClassVar[str] = "edit-customer"

    @guard.handler(Permission.EDIT_CUSTOMERS)
    async def edit(self, customer_id: int) -> list[Any]:
        """Open the dialog on this customer."""
        return await self._open(show_customer, customer_id, "name")

    @guard.handler(Permission.EDIT_CUSTOMERS)
    async def save(self, form: dict[str, Any]) -> list[Any]:
        return await self._save_edit(actions.edit_customer, form)
