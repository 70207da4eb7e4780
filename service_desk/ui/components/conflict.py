"""Theirs and yours, side by side: one click decides."""

from __future__ import annotations

from typing import Any

import reflex as rx


def conflict(state: Any) -> rx.Component:
    """Shown in an edit dialog when somebody else changed the same fields.

    `state` is an EditState with the handlers keep_mine and take_theirs.
    """
    return rx.cond(
        state.contested.length() > 0,
        rx.el.div(
            rx.el.p(rx.el.b(state.rival), " changed this meanwhile. Which one stays?"),
            rx.foreach(state.contested, _field),
            rx.el.div(
                rx.el.button("Keep theirs", type="button", class_name="button", on_click=state.take_theirs),
                rx.el.button(
                    "Save mine", type="button", class_name="button primary", on_click=state.keep_mine
                ),
                class_name="inline",
            ),
            class_name="conflict",
            role="alert",
        ),
        rx.fragment(),
    )


def _field(each: rx.Var[dict[str, str]]) -> rx.Component:
    return rx.el.dl(
        rx.el.dt(each["label"]),
        rx.el.dd(rx.el.span("Theirs", class_name="label"), rx.el.p(each["theirs"], class_name="prose")),
        rx.el.dd(rx.el.span("Yours", class_name="label"), rx.el.p(each["mine"], class_name="prose")),
    )
