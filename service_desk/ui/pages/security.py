"""The doors, for admins: who is signed in where, and what happened there."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.browser_parts import when
from ..components.choices import everybody
from ..components.lists import empty, filter_choice, filter_day, filters, paged, row_attrs, tab, tabs
from ..components.marks import person, pill
from ..components.table import Column, person_cell, table
from ..frame import framed
from ..keys import armed
from ..live_state import extra_of, held_row
from .security_state import TABS, SecurityPage
from .tokens import all_tokens

GROUPS = {
    "in": ("Coming and going", "log-in"),
    "failed": ("Failed sign-ins", "key-round"),
    "denied": ("Denials", "ban"),
    "secrets": ("Passwords and codes", "lock-keyhole"),
    "out": ("What leaves the desk", "webhook"),
}
"""Group of the door book → its words, its icon."""
SIGN_INS = (
    Column("Person", "auto"),
    Column("Browser", "180px"),
    Column("Address", "150px", "from-1440"),
    Column("State", "120px"),
    Column("Signed in", "110px", "narrow-hide"),
    Column("Last used", "110px"),
    Column("What can be done", "262px", "right", silent=True),
)
LINES = (
    Column("What happened", "auto"),
    Column("Who", "190px"),
    Column("Address", "170px", "narrow-hide"),
    Column("Times", "64px", "right"),
    Column("Last", "110px"),
)


def security_page() -> rx.Component:
    return framed(
        "Security",
        rx.cond(extra_of(slots.AllSignIns, "refused"), rx.fragment(), _toolbar()),
        rx.match(SecurityPage.tab, (TABS[1], _doors()), (TABS[2], all_tokens()), _sign_ins()),
        here="/security",
    )


def _toolbar() -> rx.Component:
    return rx.el.div(
        tabs(
            tab("Sign-ins", TABS[0], SecurityPage.tab, slots.AllSignIns, count="total"),
            tab("At the doors", TABS[1], SecurityPage.tab),
            tab("Access tokens", TABS[2], SecurityPage.tab),
            label="Security",
        ),
        rx.cond(SecurityPage.tab == TABS[1], _filters(), rx.fragment()),
        class_name="toolbar",
    )


def _filters() -> rx.Component:
    groups = [rx.el.option(words, value=group) for group, (words, _) in GROUPS.items()]
    return filters(
        filter_choice("Kind", "group", SecurityPage.group, groups),
        filter_choice("Person", "person", SecurityPage.person, [everybody()]),
        filter_day("Day (UTC)", "day", SecurityPage.day),
    )


def _sign_ins() -> rx.Component:
    rows = table(
        "Open sign-ins",
        SIGN_INS,
        slots.AllSignIns,
        lambda row, key: sign_in_row(row=row, key=key),
        "sign-ins",
    )
    return paged(slots.AllSignIns, False, rows, rx.fragment())


@rx.memo
def sign_in_row(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    place = held_row(row)
    return rx.el.tr(
        person_cell(place["name"], place["user_id"]),
        rx.el.td(rx.el.span(place["browser"], class_name="cut"), class_name="c-wide", title=place["address"]),
        rx.el.td(place["address"], class_name="from-1440 c-place"),
        rx.el.td(_state(place), class_name="c-status"),
        rx.el.td(when(place["created_at"], "ago"), class_name="narrow-hide c-age"),
        rx.el.td(when(place["last_used_at"], "ago"), class_name="c-end"),
        rx.el.td(_steps(place), class_name="c-steps right"),
        class_name="row",
        custom_attrs=row_attrs(place, rx.Var("undefined")),
    )


def _state(place: Any) -> rx.Component:
    here = pill("Online now", "circle-dot", "green")
    return rx.cond(
        place["current"],
        rx.el.span("this one", class_name="tag"),
        rx.cond(place["online"], here, rx.el.span("away", class_name="faint")),
    )


def _steps(place: Any) -> rx.Component:
    """Ending all of somebody's sign-ins stands beside the first of them, when there are more."""
    several = place["leads"].to(bool) & (place["places"].to(int) > 1)
    label = rx.cond(place["own"], "Sign out the others", "Sign out everywhere")
    everywhere = _step(label, place, armed(SecurityPage.sign_out_everywhere, place["user_id"]))
    return rx.el.span(
        rx.cond(several, everywhere, rx.fragment()),
        rx.cond(
            place["current"],
            rx.fragment(),
            _step("Sign out", place, armed(SecurityPage.sign_out, place["id"])),
        ),
        class_name="steps",
    )


def _step(label: Any, place: Any, on_click: Any) -> rx.Component:
    named = rx.Var.create(label).to(str) + ": " + place["name"].to(str) + ", " + place["browser"].to(str)
    return rx.el.button(
        label,
        type="button",
        class_name="button small quiet",
        on_click=on_click,
        custom_attrs={"aria-label": named},
    )


def _doors() -> rx.Component:
    rows = table("At the doors", LINES, slots.DoorLines, lambda row, key: door_row(row=row, key=key), "doors")
    none = extra_of(slots.DoorLines, "total", int) == 0
    return paged(slots.DoorLines, none, rows, _nothing())


@rx.memo
def door_row(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    line = held_row(row)
    icons = [(group, rx.icon(icon)) for group, (_, icon) in GROUPS.items()]
    return rx.el.tr(
        rx.el.td(
            rx.el.span(
                rx.cond(
                    line["what"] == "Signed out",
                    rx.icon("log-out"),
                    rx.match(line["group"], *icons, rx.icon("circle-dashed")),
                ),
                rx.el.span(line["what"], class_name="plain"),
                rx.el.span(line["detail"], class_name="faint light cut", title=line["detail"]),
                class_name="inline",
            ),
            class_name="c-title title",
        ),
        rx.el.td(_who(line), class_name="c-who"),
        rx.el.td(line["address"], class_name="narrow-hide c-place"),
        rx.el.td(_times(line), class_name="right c-count"),
        rx.el.td(when(line["last_at"], "ago"), class_name="c-end"),
        class_name="row",
        custom_attrs=row_attrs(line, rx.Var("undefined")),
    )


def _who(line: Any) -> rx.Component:
    known = person(line["name"].to(str), line["user_id"])
    return rx.cond(line["name"], known, rx.el.span("Nobody we know", class_name="faint"))


def _times(line: Any) -> rx.Component:
    return rx.cond(line["times"].to(int) > 1, rx.el.span(line["times"], "×"), rx.fragment())


def _nothing() -> rx.Component:
    filtered = (SecurityPage.group + SecurityPage.person + SecurityPage.day) != ""
    return rx.cond(
        filtered,
        empty("Nothing matches.", "Take a filter away, or choose another day."),
        empty("Nothing has happened yet.", "Sign-ins, failed ones and denials appear here by themselves."),
    )
