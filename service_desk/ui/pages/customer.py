"""The page of one customer: how to reach them, and everything that was and is done for them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.browser_parts import when
from ..components.history import history
from ..components.lists import empty
from ..components.marks import call_status, carry_in_status
from ..components.record import crumb, fact, fact_if, facts, found, topic, ways
from ..frame import framed
from ..live_state import answered, extra_of, held_row, only_row, order_of, row_of
from .customers_dialogs import edit_customer_dialog
from .customers_state import EditCustomer


def customer_page() -> rx.Component:
    customer = only_row(slots.TheCustomer)
    return framed(
        topic("Customers", "Customer", "/customers"),
        found(slots.TheCustomer, customer, _record(customer), "This customer was not found."),
        edit_customer_dialog(),
        here="/customers",
    )


def _record(customer: Any) -> rx.Component:
    return rx.el.div(
        rx.el.article(
            crumb("Customers", "/customers", customer["name"]),
            rx.el.h2(customer["name"], class_name="record-title"),
            rx.cond(
                customer["may_edit"],
                rx.el.div(
                    rx.el.button(
                        rx.icon("pencil"),
                        "Edit",
                        type="button",
                        class_name="button",
                        on_click=EditCustomer.edit(customer["id"]),
                    ),
                    class_name="inline",
                ),
                rx.fragment(),
            ),
            _work(customer),
            history(),
            class_name="record-main",
        ),
        rx.el.aside(
            facts(
                fact("Phone", customer["phone"]),
                fact_if(customer["email"], "Email", _mail(customer["email"])),
                fact_if(customer["address"], "Address", customer["address"]),
                fact("Since", when(customer["created_at"], "clock")),
                fact("Open calls", customer["open_calls"]),
                fact("In the shop", customer["in_shop"]),
            ),
            ways(customer["tel"], customer["address"]),
            class_name="record-side",
            custom_attrs={"aria-label": "Facts"},
        ),
        class_name="record customer",
    )


def _mail(address: Any) -> rx.Component:
    return rx.el.a(address, href="mailto:" + address.to(str), class_name="link")


def _work(customer: Any) -> rx.Component:
    order = order_of(slots.Work)
    lines = rx.el.ul(
        rx.foreach(order, lambda key: work_entry(row=row_of(slots.Work, key), key=key)),
        class_name="work-list",
    )
    none = empty(
        "Nothing was done for this customer yet.", "Their calls and carry-ins appear here by themselves."
    )
    return rx.el.section(
        rx.el.h2("Calls and carry-ins"),
        rx.cond(answered(slots.Work) & (order.length() == 0), none, lines),
        _rest(customer, order),
        custom_attrs={"aria-label": "Calls and carry-ins"},
    )


def _rest(customer: Any, order: Any) -> rx.Component:
    """Where to find what is too old for this page."""
    total = extra_of(slots.Work, "calls", int) + extra_of(slots.Work, "carry_ins", int)
    number = customer["tel"].to(str).replace("+", "%2B")
    return rx.cond(
        total > order.length(),
        rx.el.p(
            "The newest ",
            order.length(),
            " of ",
            total,
            ". All of them: ",
            rx.el.a("calls", href="/calls?tab=all&q=" + number, class_name="link strong"),
            ", ",
            rx.el.a("carry-ins", href="/carry-ins?tab=all&q=" + number, class_name="link strong"),
            ".",
            class_name="second",
        ),
        rx.fragment(),
    )


@rx.memo
def work_entry(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """One call or carry-in of the customer, with its age."""
    work = held_row(row)
    is_call = work["kind"] == "call"
    place = rx.cond(is_call, "/calls/", "/carry-ins/")
    return rx.el.li(
        rx.el.a(
            rx.el.span(work["number"], class_name="mono faint"),
            rx.el.span(work["title"], class_name="cut"),
            rx.cond(
                is_call,
                call_status(work["status"]),
                carry_in_status(work["status"], work["outcome"]),
            ),
            href=place + work["record_id"].to(str),
            class_name="work",
        ),
        when(work["created_at"], "age"),
        custom_attrs={"data-mark": work["mark"]},
    )
