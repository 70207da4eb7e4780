"""The dialog in which a device is received at the counter: the phone first, everything typed is kept."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.choices import ARCHIVED, categories, no_categories
from ..components.dialogs import dialog, form
from ..components.fields import choice_field, line_field, text_field
from ..components.work import known_customer
from .carry_ins_state import ReceiveCarryIn

DIALOG = "receive-carry-in"
FORM = "receive-carry-in-form"


def receive_dialog() -> rx.Component:
    errors = ReceiveCarryIn.errors
    return dialog(
        DIALOG,
        "Receive carry-in",
        form(
            FORM,
            ReceiveCarryIn.save,
            *_who(errors),
            *_what(errors),
            errors=errors,
            hint="Draft kept until saved",
        ),
    )


def _who(errors: Any) -> list[rx.Component]:
    look_up = ReceiveCarryIn.look_up.debounce(200)
    return [
        rx.el.div(
            line_field("Phone", "phone", FORM, errors, type="tel", on_change=look_up, max_length=40),
            line_field("Customer name", "customer_name", FORM, errors, max_length=120),
            class_name="pair",
        ),
        known_customer(ReceiveCarryIn.found, ReceiveCarryIn.work),
        line_field("Address", "address", FORM, errors, max_length=300),
    ]


def _what(errors: Any) -> list[rx.Component]:
    offered = [rx.el.option("Choose…", value=""), categories(slots.CarryInCategories)]
    return [
        rx.el.div(
            line_field("Item", "item", FORM, errors, max_length=120),
            line_field("Serial number", "serial_number", FORM, errors, max_length=80),
            class_name="pair",
        ),
        rx.el.div(
            line_field("Accessories", "accessories", FORM, errors, max_length=300),
            choice_field("Category", "category_id", FORM, offered, errors, note=ARCHIVED),
            no_categories(slots.CarryInCategories),
            class_name="pair",
        ),
        text_field("Fault", "fault", FORM, errors, rows=3, max_length=2000),
    ]
