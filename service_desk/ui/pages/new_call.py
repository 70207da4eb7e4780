"""The dialog in which a call is logged: the phone first, everything typed is kept."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.choices import ARCHIVED, categories, engineers, no_categories
from ..components.dialogs import dialog, form
from ..components.fields import choice_field, due_field, line_field, text_field
from ..components.marks import PRIORITIES
from ..components.work import known_customer
from ..frame import may
from .calls_state import NewCall

DIALOG = "new-call"
FORM = "new-call-form"


def new_call_dialog() -> rx.Component:
    errors = NewCall.errors
    return dialog(
        DIALOG,
        "New call",
        form(
            FORM,
            NewCall.save,
            rx.el.div(
                line_field(
                    "Phone",
                    "phone",
                    FORM,
                    errors,
                    type="tel",
                    on_change=NewCall.look_up.debounce(200),
                    max_length=40,
                ),
                line_field("Customer name", "customer_name", FORM, errors, max_length=120),
                class_name="pair",
            ),
            known_customer(NewCall.found, NewCall.work),
            line_field("Address", "address", FORM, errors, max_length=300),
            rx.el.div(
                choice_field("Category", "category_id", FORM, _categories(), errors, note=ARCHIVED),
                choice_field("Priority", "priority", FORM, priorities(), errors, default_value="normal"),
                class_name="pair",
            ),
            no_categories(slots.CallCategories),
            text_field("Problem", "problem", FORM, errors, rows=3, max_length=2000),
            rx.cond(may("dispatch_calls"), _dispatch(errors), due_field("Due", "due_at", FORM, errors)),
            errors=errors,
            hint="Draft kept until saved",
        ),
    )


def priorities() -> list[rx.Component]:
    return [rx.el.option(word, value=key) for key, word in PRIORITIES.items()]


def _categories() -> list[Any]:
    return [rx.el.option("Choose…", value=""), categories(slots.CallCategories)]


def _dispatch(errors: Any) -> rx.Component:
    nobody = rx.el.option("Nobody yet", value="")
    return rx.fragment(
        rx.el.div(
            choice_field("Assign to", "assigned_to_id", FORM, [nobody, engineers()], errors),
            due_field("Due", "due_at", FORM, errors),
            class_name="pair",
        ),
        line_field("Instructions", "instructions", FORM, errors, max_length=1000),
    )
