"""The table of a live list: lines on a desk, cards on a phone, still under the pointer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from ..live_state import held_order_of, row_of
from .browser_parts import Waiting
from .marks import person


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is its class in the stylesheet. A silent column has its label for screen readers only."""

    label: str
    width: str
    kind: str = ""
    silent: bool = False


def table(
    label: str,
    columns: Sequence[Column],
    slot: type[rx.State],
    row: Callable[[Any, Any], rx.Component],
    kind: str = "",
) -> rx.Component:
    """The rows of a slot. `row(row, key)` makes the memo of one of them."""
    rows = rx.el.table(
        rx.el.colgroup(*(rx.el.col(class_name=each.kind, style={"width": each.width}) for each in columns)),
        rx.el.thead(rx.el.tr(*(_head(each) for each in columns))),
        rx.el.tbody(
            rx.foreach(held_order_of(slot), lambda key: row(row_of(slot, key), key)),
            custom_attrs={"data-rows": ""},
        ),
        class_name=f"rows with-cards {kind}".strip(),
        custom_attrs={"aria-label": label},
    )
    return rx.fragment(Waiting.create(), rows)


def person_cell(name: Any, key: Any) -> rx.Component:
    """Whose row it is, as its first cell. `key` is their id."""
    return rx.el.td(person(name.to(str), key), class_name="c-title title")


def _head(column: Column) -> rx.Component:
    text = rx.el.span(column.label, class_name="visually-hidden") if column.silent else column.label
    return rx.el.th(text, scope="col", class_name=column.kind)
