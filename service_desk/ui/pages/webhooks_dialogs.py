"""The dialogs about webhooks."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ...domain.addresses import LONGEST
from ...domain.webhooks import EVENT_NAMES
from ..components.conflict import edit_dialog
from ..components.dialogs import dialog, form, step_dialog
from ..components.fields import line_field, ticks_field
from .webhooks_state import NEW, SHOWN, EditWebhook, NewWebhook, RemoveWebhook, RenewSecret

RECORDS = {
    "call": "Calls",
    "service": "Carry-ins",
    "customer": "Customers",
    "user": "Users",
    "category": "Categories of calls",
    "service_category": "Categories of carry-ins",
    "webhook": "Webhooks",
}
"""What the first part of an event's name stands for."""
WORDS = {
    "service_created": "Received",
    "user_deleted": "Deactivated",
    "category_deleted": "Archived",
    "service_category_deleted": "Archived",
    "webhook_deleted": "Removed",
}
"""What people call it, where the name says something else."""


def webhook_dialogs() -> rx.Component:
    return rx.fragment(_new(), _edit(), _renew(), _remove(), _secret())


def _new() -> rx.Component:
    name, errors = f"{NEW}-form", NewWebhook.errors
    fields = _fields(name, errors)
    return dialog(NEW, "New webhook", form(name, NewWebhook.save, *fields, save="Add", errors=errors))


def _edit() -> rx.Component:
    return edit_dialog(
        EditWebhook, "Edit " + EditWebhook.title, *_fields("edit-webhook-form", EditWebhook.errors)
    )


def _fields(name: str, errors: Any) -> list[rx.Component]:
    typed = {"auto_complete": "off", "auto_capitalize": "none", "spell_check": False}
    return [
        line_field("Name", "name", name, errors, max_length=60),
        line_field(
            "Address",
            "url",
            name,
            errors,
            type="url",
            max_length=LONGEST,
            hint="Begins with https://. It may not lead into a private network.",
            **typed,
        ),
        ticks_field(
            "Events", "events", name, _events(), errors, hint="All of them, as long as none is ticked."
        ),
    ]


def _events() -> dict[str, dict[str, str]]:
    """All events, by what they are about."""
    groups: dict[str, dict[str, str]] = {}
    for name in EVENT_NAMES:
        record, _, what = name.rpartition("_")
        groups.setdefault(RECORDS[record], {})[name] = WORDS.get(name, what.capitalize())
    return groups


def _renew() -> rx.Component:
    name = RenewSecret.row["name"]
    return step_dialog(
        RenewSecret,
        "New secret for " + name,
        "The new one is shown once. For 24 hours everything is signed with both, so that the receiver can change over.",
        save="Make secret",
    )


def _remove() -> rx.Component:
    name = RemoveWebhook.row["name"]
    return step_dialog(
        RemoveWebhook,
        "Remove " + name,
        "Nothing is sent to it any more, and its address and secret are forgotten. Its log stays for 30 days.",
        save="Remove",
        danger=True,
    )


def _secret() -> rx.Component:
    shown = rx.el.input(
        read_only=True,
        class_name="mono",
        custom_attrs={
            "id": f"{SHOWN}-text",
            "data-revealed": "",
            "aria-label": "The secret",
            "autocomplete": "off",
            "spellcheck": "false",
        },
    )
    copy = rx.el.button(
        "Copy", type="button", class_name="button primary", custom_attrs={"data-copies": f"{SHOWN}-text"}
    )
    close = rx.el.button("Close", type="button", class_name="button", custom_attrs={"data-closes": ""})
    said = rx.el.span(
        "Copied.", class_name="hint", role="status", custom_attrs={"data-copied": "", "hidden": True}
    )
    why = (
        "Copy it now: it is not shown again. With it the receiver checks that an event comes from this desk."
    )
    return dialog(
        SHOWN,
        "The webhook’s secret",
        rx.el.div(
            rx.el.p(why, class_name="second"), rx.el.div(shown, class_name="field"), class_name="dialog-body"
        ),
        rx.el.div(said, close, copy, class_name="dialog-foot"),
        narrow=True,
    )
