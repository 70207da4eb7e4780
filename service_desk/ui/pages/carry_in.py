"""One carry-in: what is wrong with it, what can be done now, who did what, and whose it is."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.browser_parts import when
from ..components.history import history
from ..components.marks import carry_in_status, person
from ..components.record import (
    crumb,
    customer_card,
    fact,
    fact_if,
    facts,
    found,
    menu,
    other_work,
    topic,
)
from ..frame import framed, new_button
from ..live_state import only_row
from .carry_in_state import CarryInPage
from .carry_ins_dialogs import bench_dialog, complete_dialog, deliver_dialog, return_dialog
from .carry_ins_steps import back_step, further_steps, may_more, may_step, next_step
from .edit_carry_in import edit_carry_in_dialog
from .receive_carry_in import DIALOG, receive_dialog


def carry_in_page() -> rx.Component:
    carry_in = only_row(slots.TheCarryIn)
    return framed(
        topic("Carry-ins", carry_in["number"], "/carry-ins"),
        found(slots.TheCarryIn, carry_in, _record(carry_in), "This carry-in was not found."),
        receive_dialog(),
        edit_carry_in_dialog(),
        bench_dialog(),
        complete_dialog(),
        deliver_dialog(),
        return_dialog(),
        here="/carry-ins",
        action=new_button("Receive carry-in", DIALOG, key="i n"),
    )


def _record(carry_in: Any) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.article(
                crumb("Carry-ins", "/carry-ins", carry_in["number"]),
                _glance(carry_in),
                rx.el.h2(carry_in["item"], class_name="record-title"),
                _steps(carry_in),
                rx.el.p(carry_in["fault"], class_name="prose"),
                *_words_about(carry_in),
                history(),
                class_name="record-main",
            ),
            rx.el.aside(
                _facts(carry_in),
                rx.el.hr(class_name="rule"),
                customer_card(carry_in, carry_in["customer_address"], carry_in["may_see_customer"]),
                other_work(carry_in, CarryInPage.look),
                class_name="record-side",
                custom_attrs={"aria-label": "Facts"},
            ),
            class_name="record",
        ),
        _action_bar(carry_in),
    )


def _glance(carry_in: Any) -> rx.Component:
    """On a phone the facts that matter stand above the title."""
    return rx.el.div(
        carry_in_status(carry_in["status"], carry_in["outcome"]),
        rx.el.span(_days(carry_in), " in the shop", class_name="end second"),
        class_name="inline only-phone",
    )


def _words_about(carry_in: Any) -> list[rx.Component]:
    """What the bench and the counter had to say."""
    unrepaired = carry_in["outcome"] == "unrepaired"
    return [
        _said(carry_in["return_reason"], "Back on the bench: ", "notice"),
        _said(carry_in["completion_remark"], rx.cond(unrepaired, "Not repaired: ", "Repaired: ")),
        _said(carry_in["delivery_remark"], "On delivery: "),
    ]


def _said(words: Any, lead: Any, kind: str = "notice plain") -> rx.Component:
    said = rx.el.span(rx.el.span(lead, class_name="strong"), words, class_name="prose")
    return rx.cond(words, rx.el.p(said, class_name=kind), rx.fragment())


def _days(carry_in: Any) -> rx.Component:
    return when(carry_in["created_at"], "days", until=carry_in["delivered_at"])


def _facts(carry_in: Any) -> rx.Component:
    nobody = rx.el.span("Nobody yet", class_name="second")
    technician = person(carry_in["technician"].to(str), carry_in["technician_id"])
    return facts(
        fact("Status", carry_in_status(carry_in["status"], carry_in["outcome"])),
        fact("Technician", rx.cond(carry_in["technician_id"], technician, nobody)),
        fact("Category", carry_in["category"]),
        fact_if(
            carry_in["serial_number"],
            "Serial number",
            rx.el.span(carry_in["serial_number"], class_name="mono"),
        ),
        fact_if(carry_in["accessories"], "Accessories", carry_in["accessories"]),
        _moment("Received", carry_in["created_at"], carry_in["created_by"]),
        fact("In the shop", _days(carry_in)),
        _moment("Completed", carry_in["completed_at"], carry_in["completed_by"]),
        _moment("Delivered", carry_in["delivered_at"], carry_in["delivered_by"]),
        fact_if(carry_in["delivered_to"], "Delivered to", carry_in["delivered_to"]),
    )


def _moment(label: str, at: Any, by: Any) -> rx.Component:
    return fact_if(at, label, when(at, "clock"), " by ", by)


def _steps(carry_in: Any) -> rx.Component:
    steps = rx.el.div(
        next_step(carry_in),
        *further_steps(carry_in),
        class_name="inline wrap not-phone",
        role="group",
        custom_attrs={"aria-label": "Steps"},
    )
    return rx.cond(may_step(carry_in), steps, rx.fragment())


def _action_bar(carry_in: Any) -> rx.Component:
    """On a phone: the next step under the thumb, the others behind the dots."""
    more = rx.cond(may_more(carry_in), menu("carry-in-menu", *further_steps(carry_in)), rx.fragment())
    bar = rx.el.div(
        next_step(carry_in, back_step(carry_in)),
        more,
        class_name="action-bar",
        role="group",
        custom_attrs={"aria-label": "Steps"},
    )
    return rx.cond(may_step(carry_in), bar, rx.fragment())
