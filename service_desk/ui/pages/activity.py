"""The activity: who did what to which record, as far as the reader may see it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.browser_parts import day_heading, when
from ..components.choices import everybody
from ..components.history import undo_button
from ..components.lists import empty, filter_choice, filter_day, filters, paged
from ..components.marks import face, js
from ..frame import framed
from ..live_state import extra_of, held_order_of, held_row, row_of
from .activity_state import ActivityPage

KINDS = {
    "call": ("Calls", "/calls/", "phone-call"),
    "carry_in": ("Carry-ins", "/carry-ins/", "package"),
    "customer": ("Customers", "/customers/", "contact"),
    "user": ("Users", "/users", "users"),
    "category": ("Categories", "/categories", "tags"),
    "webhook": ("Webhooks", "/webhooks", "webhook"),
}
"""Kind of record → its word, where its record is shown, its icon."""


def activity_page() -> rx.Component:
    kinds = [rx.el.option(word, value=kind) for kind, (word, _, _) in KINDS.items()]
    return framed(
        "Activity",
        rx.el.div(
            filters(
                filter_choice("Person", "person", ActivityPage.person, [everybody()]),
                filter_choice("Kind", "kind", ActivityPage.kind, kinds),
                filter_day("Day (UTC)", "day", ActivityPage.day),
            ),
            class_name="toolbar",
        ),
        paged(slots.Feed, extra_of(slots.Feed, "total", int) == 0, _entries(), _nothing()),
        here="/activity",
    )


def _entries() -> rx.Component:
    order = held_order_of(slots.Feed)
    return rx.el.ol(
        rx.foreach(
            order,
            lambda key, place: feed_entry(
                row=row_of(slots.Feed, key), before=_at(_above(order, place)), key=key
            ),
        ),
        class_name="feed",
        custom_attrs={"data-rows": "", "aria-label": "Activity"},
    )


def _above(order: Any, place: Any) -> Any:
    return js(f"{order!s}[{place!s} - 1]", order, place)


def _at(key: Any) -> Any:
    """When the entry with this key was made; undefined when there is none."""
    row = row_of(slots.Feed, key)
    return js(f"{row!s}?.at", row)


@rx.memo
def feed_entry(row: rx.Var[dict[str, Any]], before: rx.Var[str], rest: rx.RestProp) -> rx.Component:
    entry = held_row(row)
    href = rx.cond(entry["may_open"], _href(entry), rx.Var("undefined"))
    return rx.el.li(
        day_heading(entry["at"], before),
        rx.el.div(
            face(entry["actor"].to(str), entry["actor_id"]),
            rx.el.p(
                rx.el.b(entry["actor"]),
                " ",
                entry["text"],
                " ",
                undo_button(entry, "Undo: " + entry["title"].to(str)),
                class_name="what",
            ),
            rx.cond(
                entry["may_open"],
                rx.el.a(*_record(entry), href=href, class_name="record-link"),
                rx.el.span(*_record(entry), class_name="record-link"),
            ),
            when(entry["at"], "hour"),
            class_name="entry",
            custom_attrs={"data-href": href, "data-mark": entry["mark"]},
        ),
    )


def _record(entry: Any) -> list[rx.Component]:
    icons = [(kind, rx.icon(icon)) for kind, (_, _, icon) in KINDS.items()]
    return [
        rx.match(entry["entity"], *icons, rx.fragment()),
        rx.cond(entry["number"], rx.el.span(entry["number"], class_name="mono"), rx.fragment()),
        rx.el.span(entry["title"], class_name="cut"),
    ]


def _href(entry: Any) -> Any:
    number = entry["record_id"].to(str)
    places = [
        (kind, place + number if place.endswith("/") else place) for kind, (_, place, _) in KINDS.items()
    ]
    return rx.match(entry["entity"], *places, "/activity")


def _nothing() -> rx.Component:
    filtered = (ActivityPage.person + ActivityPage.kind + ActivityPage.day) != ""
    return rx.cond(
        filtered,
        empty("Nothing matches.", "Take a filter away, or choose another day."),
        empty("Nothing has happened yet.", "Every change that you may see appears here by itself."),
    )
