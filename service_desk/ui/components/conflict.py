"""The dialog in which a record is edited: theirs and yours side by side when two changed the same."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .browser_parts import when
from .dialogs import dialog, draft_note, form


def edit_dialog(state: Any, title: Any, *fields: rx.Component, narrow: bool = False) -> rx.Component:
    """`state` is an EditState with a handler `save`. The fields take no default value: opening fills them."""
    return dialog(
        state.DIALOG,
        title,
        form(
            f"{state.DIALOG}-form",
            state.save,
            rx.el.input(type="hidden", name="basis"),
            rx.el.input(type="hidden", name="settle"),
            *fields,
            conflict(state),
            errors=state.errors,
            hint=draft_note(),
        ),
        narrow=narrow,
    )


def conflict(state: Any) -> rx.Component:
    """Who changed what meanwhile; one click decides, and sends the form as it stands."""
    return rx.cond(
        state.contested.length() > 0,
        rx.el.div(
            rx.el.p(rx.el.b(state.rival), " changed this meanwhile. Which one stays?"),
            rx.foreach(state.contested, _field),
            rx.el.div(_side("Keep theirs", "theirs"), _side("Save mine", "mine"), class_name="inline"),
            class_name="conflict",
            role="alert",
            tab_index=-1,
            custom_attrs={"data-answer": ""},
        ),
        rx.fragment(),
    )


def _side(label: str, side: str) -> rx.Component:
    return rx.el.button(label, type="button", class_name="button", custom_attrs={"data-settle": side})


def _field(each: rx.Var[dict[str, str]]) -> rx.Component:
    return rx.el.dl(
        rx.el.dt(each["label"]),
        _value("Theirs", each["theirs"], each["moment"]),
        _value("Yours", each["mine"], each["moment"]),
    )


def _value(whose: str, text: Any, moment: Any) -> rx.Component:
    words = rx.cond(text, rx.el.p(text, class_name="prose"), rx.el.p("nothing", class_name="faint"))
    return rx.el.dd(
        rx.el.span(whose, class_name="label"),
        rx.cond(moment, rx.el.p(when(text, "deadline", none="none")), words),
    )
