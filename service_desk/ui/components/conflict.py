"""The dialog in which a record is edited: theirs and yours side by side when two changed the same."""

from __future__ import annotations

import inspect
from typing import Any

import reflex as rx

from .browser_parts import when
from .dialogs import dialog, form, resumer


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
            resumer(_opening(state)),
            *fields,
            conflict(state),
            errors=state.errors,
        ),
        narrow=narrow,
    )


def _opening(state: Any) -> Any:
    """The handler by which the dialog is opened on a record."""
    opening = state.edit if hasattr(state, "edit") else state.choose
    takes_record = len(inspect.signature(opening.fn).parameters) > 1
    return opening if takes_record else lambda _: opening()


def conflict(state: Any) -> rx.Component:
    """Who changed what meanwhile; one click decides, and sends the form as it stands."""
    return rx.cond(
        state.contested.length() > 0,
        rx.el.div(
            rx.el.p(rx.el.b(state.rivals), " changed this meanwhile. Which one stays?"),
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
    since = rx.cond(each["at"], rx.fragment(", ", when(each["at"])), rx.fragment())
    return rx.el.dl(
        rx.el.dt(each["label"]),
        _value(rx.fragment(each["by"], since), each["theirs"], each["moment"]),
        _value("You", each["mine"], each["moment"]),
    )


def _value(whose: Any, text: Any, moment: Any) -> rx.Component:
    words = rx.cond(text, rx.el.p(text, class_name="prose"), rx.el.p("nothing", class_name="faint"))
    return rx.el.dd(
        rx.el.span(whose, class_name="label"),
        rx.cond(moment, rx.el.p(when(text, "deadline", none="none")), words),
    )
