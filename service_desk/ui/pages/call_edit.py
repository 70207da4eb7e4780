"""The dialog in which a call is put right."""

from __future__ import annotations

import reflex as rx

from .. import slots
from ..components.choices import KEPT, categories
from ..components.conflict import edit_dialog
from ..components.fields import choice_field, due_field, line_field, text_field
from .call_edit_state import EditCall
from .new_call import priorities

FORM = f"{EditCall.DIALOG}-form"


def edit_call_dialog() -> rx.Component:
    errors = EditCall.errors
    return edit_dialog(
        EditCall,
        "Edit " + EditCall.title,
        text_field("Problem", "problem", FORM, errors, rows=4, max_length=2000),
        line_field("Address", "site_address", FORM, errors, max_length=300),
        rx.el.div(
            choice_field(
                "Category", "category_id", FORM, categories(slots.CallCategories), errors, note=KEPT
            ),
            choice_field("Priority", "priority", FORM, priorities(), errors),
            class_name="pair",
        ),
        due_field("Due", "due_at", FORM, errors),
    )
