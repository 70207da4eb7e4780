"""The list of carry-ins: a table at the counter, cards with one obvious next step on a phone."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.browser_parts import when
from ..components.choices import categories, colleagues
from ..components.contact import ring
from ..components.lists import (
    empty,
    filter_choice,
    filters,
    listing,
    pager,
    row_attrs,
    sort_choice,
    tab,
    tabs,
)
from ..components.marks import CARRY_IN_STATUS, carry_in_status, person
from ..components.table import Column, table
from ..frame import framed, new_button
from ..live_state import extra_of, held_row
from .carry_ins_dialogs import bench_dialog, complete_dialog, deliver_dialog
from .carry_ins_state import CarryInsPage
from .carry_ins_steps import next_step
from .receive_carry_in import DIALOG, receive_dialog

SORTS = {"newest": "Newest", "oldest": "Oldest", "customer": "Customer", "updated": "Last changed"}
COLUMNS = (
    Column("No.", "78px"),
    Column("Item", "21%"),
    Column("Customer", "12%"),
    Column("Fault", "auto", "narrow-hide"),
    Column("Status", "160px"),
    Column("Technician", "12%"),
    Column("Received", "104px", "narrow-hide"),
    Column("In the shop", "98px", "right"),
    Column("Next step", "0", "c-actions"),
)


def carry_ins_page() -> rx.Component:
    return framed(
        "Carry-ins",
        _toolbar(),
        listing(slots.CarryInList, extra_of(slots.CarryInList, "total", int) == 0, _rows(), _nothing()),
        _foot(),
        receive_dialog(),
        bench_dialog(),
        complete_dialog(),
        deliver_dialog(),
        here="/carry-ins",
        search=CarryInsPage.search,
        action=new_button("Receive carry-in", DIALOG, key="i n"),
    )


def _toolbar() -> rx.Component:
    counts, now = slots.CarryInCount, CarryInsPage.tab
    statuses = [rx.el.option(mark[0], value=key) for key, mark in CARRY_IN_STATUS.items()]
    nobody = rx.el.option("Nobody", value="none")
    return rx.el.div(
        tabs(
            tab("In the shop", "shop", now, counts),
            tab("Received", "received", now, counts),
            tab("On the bench", "bench", now, counts),
            tab("Ready", "ready", now, counts),
            tab("Mine", "mine", now, slots.MyCarryIns),
            tab("All", "all", now, counts),
            label="Lists of carry-ins",
        ),
        filters(
            filter_choice("Status", "status", CarryInsPage.status, statuses),
            filter_choice(
                "Category", "category", CarryInsPage.category, [categories(slots.CarryInCategories)]
            ),
            filter_choice("Technician", "technician", CarryInsPage.technician, [nobody, colleagues()]),
            sort_choice(CarryInsPage.sort, SORTS),
        ),
        class_name="toolbar",
    )


def _rows() -> rx.Component:
    return table("Carry-ins", COLUMNS, slots.CarryInList, lambda row, key: carry_in_row(row=row, key=key))


@rx.memo
def carry_in_row(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """One carry-in: a line at the counter, a card on a phone. Only the one that changed is rendered again."""
    carry_in = held_row(row)
    href = "/carry-ins/" + carry_in["id"].to(str)
    days = when(carry_in["created_at"], "days", until=carry_in["delivered_at"])
    return rx.el.tr(
        rx.el.td(rx.el.a(carry_in["number"], href=href, class_name="mono faint"), class_name="c-number"),
        rx.el.td(_item(carry_in), class_name="c-title"),
        rx.el.td(rx.el.span(carry_in["customer"], class_name="plain"), class_name="c-customer"),
        rx.el.td(carry_in["fault"], class_name="c-wide narrow-hide"),
        rx.el.td(carry_in_status(carry_in["status"], carry_in["outcome"]), class_name="c-status"),
        rx.el.td(_technician(carry_in), class_name="c-person"),
        rx.el.td(when(carry_in["created_at"], "ago"), class_name="c-age narrow-hide"),
        rx.el.td(days, class_name="c-end right"),
        rx.el.td(
            next_step(carry_in, rx.el.span(class_name="grow")), ring(carry_in["tel"]), class_name="c-actions"
        ),
        class_name="row",
        custom_attrs=row_attrs(carry_in, href),
    )


def _technician(carry_in: Any) -> rx.Component:
    return rx.cond(
        carry_in["technician_id"],
        person(carry_in["technician"].to(str), carry_in["technician_id"]),
        rx.el.span("–", class_name="faint"),
    )


def _item(carry_in: Any) -> rx.Component:
    """What it is, and which one of them."""
    return rx.fragment(
        rx.el.span(carry_in["item"], class_name="title"),
        rx.cond(
            carry_in["serial_number"],
            rx.el.span(" ", carry_in["serial_number"], class_name="mono faint"),
            rx.fragment(),
        ),
    )


def _nothing() -> rx.Component:
    page = CarryInsPage
    filtered = (page.search + page.status + page.category + page.technician) != ""
    return rx.cond(
        filtered,
        empty("No carry-in matches.", "Take a filter away, or look in All."),
        rx.match(
            page.tab,
            ("received", empty("Nothing is waiting for the bench.", "Receive a device: I")),
            ("bench", empty("The bench is empty.", "What is taken there from Received appears here.")),
            ("ready", empty("Nothing is ready to be handed back.", "What is completed appears here.")),
            ("mine", empty("Nothing is on your bench.", "Take something there from Received.")),
            ("all", empty("Nothing was ever carried in.", "Receive a device: I")),
            empty("The shop is empty.", "Receive a device: I"),
        ),
    )


def _foot() -> rx.Component:
    keys = (rx.el.kbd("/"), "search", rx.el.kbd("I"), "receive carry-in")
    return rx.el.div(
        pager(slots.CarryInList),
        rx.el.span(*keys, class_name="keys", custom_attrs={"aria-hidden": "true"}),
        class_name="list-foot",
    )
