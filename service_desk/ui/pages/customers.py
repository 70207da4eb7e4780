"""The list of customers: who they are, how to reach them, and what is open for them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.lists import counted, empty, filters, paged, row_attrs, sort_choice
from ..components.record import ways
from ..components.table import Column, table
from ..frame import framed, may, new_button
from ..live_state import extra_of, held_row
from .customers_dialogs import NEW, new_customer_dialog
from .customers_state import CustomersPage

SORTS = {"name": "By name", "newest": "Newest"}
COLUMNS = (
    Column("Name", "26%"),
    Column("Phone", "170px"),
    Column("Address", "auto"),
    Column("Open calls", "100px", "right"),
    Column("In the shop", "110px", "right"),
    Column("Reach", "0", "c-actions"),
)


def customers_page() -> rx.Component:
    add = rx.cond(may("edit_customers"), new_button("New customer", NEW), rx.fragment())
    return framed(
        "Customers",
        rx.el.div(
            _total(),
            filters(sort_choice(CustomersPage.sort, SORTS)),
            class_name="toolbar",
        ),
        paged(slots.CustomerList, extra_of(slots.CustomerList, "total", int) == 0, _rows(), _nothing()),
        rx.cond(may("edit_customers"), new_customer_dialog(), rx.fragment()),
        here="/customers",
        search=CustomersPage.search,
        action=add,
    )


def _total() -> rx.Component:
    total = extra_of(slots.CustomerList, "total", int)
    word = rx.cond(CustomersPage.search != "", " found", rx.cond(total == 1, " customer", " customers"))
    return rx.el.p(
        rx.cond(total > 0, rx.fragment(counted(slots.CustomerList, "total"), word), ""),
        class_name="second grow not-phone",
    )


def _rows() -> rx.Component:
    return table(
        "Customers", COLUMNS, slots.CustomerList, lambda row, key: customer_row(row=row, key=key), "customers"
    )


@rx.memo
def customer_row(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """One customer: a line on a desk, a card on a phone."""
    customer = held_row(row)
    href = "/customers/" + customer["id"].to(str)
    return rx.el.tr(
        rx.el.td(rx.el.a(customer["name"], href=href), class_name="c-title title"),
        rx.el.td(customer["phone"], class_name="c-customer"),
        rx.el.td(customer["address"], class_name="c-place"),
        rx.el.td(_count(customer["open_calls"], "open"), class_name="c-count right"),
        rx.el.td(_count(customer["in_shop"], "in the shop"), class_name="c-count right"),
        rx.el.td(ways(customer["tel"], customer["address"]), class_name="c-actions"),
        class_name="row",
        custom_attrs=row_attrs(customer, href),
    )


def _count(number: Any, what: str) -> rx.Component:
    """The number under its heading; on a phone with the words that the heading would have said."""
    some = rx.el.span(
        number,
        rx.el.span(f" {what}", class_name="words", custom_attrs={"aria-hidden": "true"}),
        class_name="plain",
    )
    return rx.cond(number.to(int) > 0, some, rx.el.span("–", class_name="faint not-phone"))


def _nothing() -> rx.Component:
    own = empty("No customer of yours yet.", "The customers of your calls appear here by themselves.")
    everybody = empty("No customers yet.", "They come with their first call or carry-in, or add one here.")
    return rx.cond(
        CustomersPage.search != "",
        empty(
            "No customer matches.", "Search for a name, any spelling of the phone, or words of the address."
        ),
        rx.cond(may("see_all_customers"), everybody, own),
    )
