"""The dialog in which a carry-in is put right."""

from __future__ import annotations

import reflex as rx

from .. import slots
from ..components.choices import KEPT, categories
from ..components.conflict import edit_dialog
from ..components.fields import choice_field, line_field, text_field
from .carry_in_state import EditCarryIn

FORM = f"{EditCarryIn.DIALOG}-form"


def edit_carry_in_dialog() -> rx.Component:
    errors = EditCarryIn.errors
    offered = categories(slots.CarryInCategories)
    return edit_dialog(
        EditCarryIn,
        "Edit " + EditCarryIn.title,
        rx.el.div(
            line_field("Item", "item", FORM, errors, max_length=120),
            line_field("Serial number", "serial_number", FORM, errors, max_length=80),
            class_name="pair",
        ),
        rx.el.div(
            line_field("Accessories", "accessories", FORM, errors, max_length=300),
            choice_field("Category", "category_id", FORM, offered, errors, note=KEPT),
            class_name="pair",
        ),
        text_field("Fault", "fault", FORM, errors, rows=4, max_length=2000),
    )
