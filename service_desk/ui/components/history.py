"""What happened to a record, from the journal: who, what, when."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..form_state import Undo
from ..keys import armed
from ..live_state import held_row, order_of, row_of
from .browser_parts import Until, when

ICONS = {
    "create call": "plus",
    "assign call": "user-check",
    "reassign call": "user-check",
    "unassign call": "user-minus",
    "deactivate user": "user-minus",
    "start call": "play",
    "complete call": "check",
    "cancel call": "ban",
    "reopen call": "rotate-ccw",
    "receive carry-in": "plus",
    "take carry-in to the bench": "wrench",
    "complete carry-in": "check",
    "deliver carry-in": "package-check",
    "return carry-in to the bench": "rotate-ccw",
    "create customer": "plus",
}
"""Verb → icon; what begins with "undo" has one of its own, and every other verb edits."""


def history() -> rx.Component:
    """The past of the record on the screen (`slots.Past`), oldest first."""
    return rx.el.section(
        rx.el.h2("History"),
        rx.el.ol(
            rx.foreach(order_of(slots.Past), lambda key: deed(row=row_of(slots.Past, key), key=key)),
            class_name="history",
        ),
        custom_attrs={"aria-label": "History"},
    )


@rx.memo
def deed(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    """One entry of the journal."""
    entry = held_row(row)
    return rx.el.li(
        verb_icon(entry["verb"]),
        rx.el.span(rx.el.b(entry["actor"]), " ", entry["text"], class_name="what"),
        undo_button(entry),
        when(entry["at"], "clock"),
    )


def undo_button(entry: Any, label: Any = "Undo") -> rx.Component:
    """Takes the entry's step back, where it still stands and the reader may. `label` is its accessible name."""
    button = rx.el.button(
        "Undo",
        type="button",
        class_name="button small undo",
        on_click=armed(Undo.undo, entry["id"]),
        custom_attrs={"aria-label": label},
    )
    return rx.cond(entry["may_undo"], Until.create(button, at=entry["undo_until"]), rx.fragment())


def verb_icon(verb: Any) -> rx.Component:
    icons = rx.match(verb, *((key, rx.icon(icon)) for key, icon in ICONS.items()), rx.icon("pencil"))
    return rx.cond(verb.to(str).startswith("undo "), rx.icon("undo-2"), icons)
