"""The dialogs in which customers are added and put right."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ..components.conflict import edit_dialog
from ..components.dialogs import dialog, form
from ..components.fields import line_field
from .customers_state import EditCustomer, NewCustomer

NEW = "new-customer"


def new_customer_dialog() -> rx.Component:
    name, errors = f"{NEW}-form", NewCustomer.errors
    return dialog(
        NEW, "New customer", form(name, NewCustomer.save, *_fields(name, errors), errors=errors), narrow=True
    )


def edit_customer_dialog() -> rx.Component:
    fields = _fields(f"{EditCustomer.DIALOG}-form", EditCustomer.errors)
    return edit_dialog(EditCustomer, rx.fragment("Edit ", EditCustomer.title), *fields, narrow=True)


def _fields(form_id: str, errors: Any) -> list[rx.Component]:
    return [
        line_field("Name", "name", form_id, errors, max_length=120),
        line_field("Phone", "phone", form_id, errors, type="tel", max_length=40),
        line_field("Email", "email", form_id, errors, type="email", max_length=254),
        line_field("Address", "address", form_id, errors, max_length=300),
    ]
