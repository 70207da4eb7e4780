"""The list of calls: a table on a desk, cards with one obvious next step on a phone."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.browser_parts import when
from ..components.choices import categories, engineers
from ..components.contact import reach
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
from ..components.marks import CALL_STATUS, PRIORITIES, call_status, person, priority_bars
from ..components.table import Column, table
from ..frame import framed, may, new_button
from ..keys import armed
from ..live_state import extra_of, held_row
from .calls_dialogs import assign_dialog, complete_dialog
from .calls_dialogs_state import AssignCall, CompleteCall
from .calls_state import CallsPage
from .new_call import DIALOG, new_call_dialog

SORTS = {
    "newest": "Newest",
    "oldest": "Oldest",
    "priority": "Priority",
    "due": "Due",
    "customer": "Customer",
    "updated": "Last changed",
}
COLUMNS = (
    Column("No.", "82px"),
    Column("Priority", "36px", silent=True),
    Column("Problem", "auto"),
    Column("Customer", "12%"),
    Column("Phone", "120px", "from-1440"),
    Column("Place", "8.5%", "from-1440"),
    Column("Category", "9.5%", "narrow-hide"),
    Column("Status", "114px"),
    Column("Engineer", "11.5%"),
    Column("Due", "126px"),
    Column("Age", "114px", "right"),
    Column("Next step", "0", "c-actions"),
)


def calls_page() -> rx.Component:
    return framed(
        rx.cond(CallsPage.tab == "mine", "My calls", "Calls"),
        _toolbar(),
        listing(slots.CallList, extra_of(slots.CallList, "total", int) == 0, _rows(), _nothing()),
        _foot(),
        new_call_dialog(),
        assign_dialog(),
        complete_dialog(),
        here="/calls",
        search=CallsPage.search,
        action=new_button("New call", DIALOG, key="n"),
    )


def _toolbar() -> rx.Component:
    counts = slots.CallCount
    return rx.el.div(
        tabs(
            rx.cond(
                may("dispatch_calls"),
                tab("Unassigned", "unassigned", CallsPage.tab, counts),
                rx.fragment(),
            ),
            tab("Mine", "mine", CallsPage.tab, slots.MyCalls),
            tab("Open", "open", CallsPage.tab, counts),
            tab("Overdue", "overdue", CallsPage.tab, counts, late=True),
            tab("All", "all", CallsPage.tab, counts),
            label="Lists of calls",
        ),
        filters(
            filter_choice(
                "Status", "status", CallsPage.status, _options({k: m[0] for k, m in CALL_STATUS.items()})
            ),
            filter_choice("Priority", "priority", CallsPage.priority, _options(PRIORITIES)),
            filter_choice("Category", "category", CallsPage.category, [categories(slots.CallCategories)]),
            filter_choice(
                "Engineer", "engineer", CallsPage.engineer, [*_options({"none": "Nobody"}), engineers()]
            ),
            sort_choice(CallsPage.sort, SORTS),
        ),
        class_name="toolbar",
    )


def _options(words: dict[str, str]) -> list[Any]:
    return [rx.el.option(word, value=key) for key, word in words.items()]


def _rows() -> rx.Component:
    return table("Calls", COLUMNS, slots.CallList, lambda row, key: call_row(row=row, key=key))


@rx.memo
def call_row(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """One call: a line on a desk, a card on a phone. Only the one that changed is rendered again."""
    call = held_row(row)
    href = "/calls/" + call["id"].to(str)
    done = call["done_at"].to(bool)
    return rx.el.tr(
        rx.el.td(rx.el.a(call["number"], href=href, class_name="mono faint"), class_name="c-number"),
        rx.el.td(priority_bars(call["priority"].to(str)), class_name="c-priority"),
        rx.el.td(call["problem"], class_name="c-title title"),
        rx.el.td(rx.el.span(call["customer"], class_name="plain"), class_name="c-customer"),
        rx.el.td(call["phone"], class_name="from-1440"),
        rx.el.td(call["place"], class_name="c-place from-1440"),
        rx.el.td(call["category"], class_name="c-category narrow-hide"),
        rx.el.td(call_status(call["status"]), class_name="c-status"),
        rx.el.td(_engineer(call), class_name="c-person"),
        rx.el.td(when(call["due_at"], "due", still=done), class_name="c-due"),
        rx.el.td(when(call["created_at"], "age"), class_name="c-age right"),
        rx.el.td(_next_step(call), reach(call["tel"], call["place"]), class_name="c-actions"),
        class_name="row",
        custom_attrs=row_attrs(call, href),
    )


def _engineer(call: Any) -> rx.Component:
    offer = rx.el.button(
        "Assign",
        type="button",
        class_name="button small quiet faint",
        on_click=AssignCall.choose(call["id"]),
        custom_attrs={"aria-label": "Assign " + call["number"].to(str)},
    )
    nobody = rx.cond(call["may_assign"], offer, rx.el.span("–", class_name="faint"))
    return rx.cond(call["engineer_id"], person(call["engineer"].to(str), call["engineer_id"]), nobody)


def _next_step(call: Any) -> rx.Component:
    start = rx.el.button(
        "Start",
        type="button",
        class_name="button primary grow",
        on_click=armed(CallsPage.start, call["id"]),
    )
    complete = rx.el.button(
        "Complete", type="button", class_name="button primary grow", on_click=CompleteCall.choose(call["id"])
    )
    assign = rx.el.button(
        "Assign", type="button", class_name="button grow", on_click=AssignCall.choose(call["id"])
    )
    rest = rx.cond(call["may_assign"], assign, rx.el.span(class_name="grow"))
    return rx.cond(call["may_start"], start, rx.cond(call["may_complete"], complete, rest))


def _nothing() -> rx.Component:
    filtered = (
        CallsPage.search + CallsPage.status + CallsPage.category + CallsPage.engineer + CallsPage.priority
    ) != ""
    return rx.cond(
        filtered,
        empty("No call matches.", "Take a filter away, or look in All."),
        rx.match(
            CallsPage.tab,
            ("unassigned", empty("No unassigned calls.", "Every call has its engineer. Log one: N")),
            (
                "mine",
                empty("Nothing is yours right now.", "Calls assigned to you appear here by themselves."),
            ),
            ("overdue", empty("Nothing is late.", "Open calls past their due time appear here.")),
            empty("No open calls.", "Log one: N"),
        ),
    )


def _foot() -> rx.Component:
    return rx.el.div(
        pager(slots.CallList),
        rx.el.span(
            rx.el.kbd("/"),
            "search",
            rx.el.kbd("N"),
            "new call",
            class_name="keys",
            custom_attrs={"aria-hidden": "true"},
        ),
        class_name="list-foot",
    )
