"""The buttons for the steps of a repair, by what the row says may be done."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .carry_in_state import EditCarryIn
from .carry_ins_dialogs_state import CompleteCarryIn, DeliverCarryIn, ReturnCarryIn, ToBench


def next_step(carry_in: Any, rest: rx.Component | None = None) -> rx.Component:
    """The one obvious step, or `rest` when there is none."""
    ways = (
        ("may_bench", "To the bench", "wrench", ToBench),
        ("may_complete", "Complete", "check", CompleteCarryIn),
        ("may_deliver", "Deliver", "package-check", DeliverCarryIn),
    )
    button = rest or rx.fragment()
    for may, label, icon, state in reversed(ways):
        button = rx.cond(carry_in[may], _button(label, icon, state, carry_in, "primary grow"), button)
    return button


def further_steps(carry_in: Any) -> list[rx.Component]:
    """What else may be done. Completing what is not on the bench is one of these."""
    complete = _button("Complete", "check", CompleteCarryIn, carry_in)
    edit = _button("Edit", "pencil", EditCarryIn, carry_in)
    return [
        _if(carry_in["may_bench"].to(bool) & carry_in["may_complete"].to(bool), complete),
        back_step(carry_in),
        _if(carry_in["may_edit"], edit),
    ]


def back_step(carry_in: Any) -> rx.Component:
    return _if(carry_in["may_return"], _button("Back to the bench", "rotate-ccw", ReturnCarryIn, carry_in))


def may_more(carry_in: Any) -> Any:
    """Whether there are steps besides the next one, or besides the way back where nothing comes next."""
    may = {step: carry_in[f"may_{step}"].to(bool) for step in ("edit", "bench", "return", "deliver")}
    return may["edit"] | may["bench"] | (may["return"] & may["deliver"])


def may_step(carry_in: Any) -> Any:
    """Whether there is any step at all."""
    may = {step: carry_in[f"may_{step}"].to(bool) for step in ("edit", "complete", "return", "deliver")}
    return may["edit"] | may["complete"] | may["return"] | may["deliver"]


def _if(may: Any, button: rx.Component) -> rx.Component:
    return rx.cond(may, button, rx.fragment())


def _button(label: str, icon: str, state: Any, carry_in: Any, kind: str = "") -> rx.Component:
    return rx.el.button(
        rx.icon(icon),
        label,
        type="button",
        class_name=f"button {kind}",
        on_click=state.choose(carry_in["id"]),
    )
