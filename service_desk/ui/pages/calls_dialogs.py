"""The dialogs for steps on a call, shared by the list and the call's own page."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ..components.choices import engineers
from ..components.dialogs import dialog, form
from ..components.fields import choice_field, text_field
from .calls_dialogs_state import AssignCall, CancelCall, CompleteCall, ReopenCall


def assign_dialog() -> rx.Component:
    name = "assign-call-form"
    nobody = rx.el.option("Choose…", value="")
    return _step(
        "assign-call",
        "Assign",
        AssignCall,
        choice_field(
            "Assign to",
            "assigned_to_id",
            name,
            [nobody, engineers()],
            AssignCall.errors,
            default_value=AssignCall.call["engineer_id"],
        ),
        text_field(
            "Instructions",
            "instructions",
            name,
            AssignCall.errors,
            max_length=1000,
            default_value=AssignCall.call["instructions"],
        ),
        save="Assign",
    )


def complete_dialog() -> rx.Component:
    remark = text_field("What was done", "remark", "complete-call-form", CompleteCall.errors, max_length=2000)
    return _step("complete-call", "Complete", CompleteCall, remark, save="Complete")


def cancel_dialog() -> rx.Component:
    reason = text_field("Reason", "reason", "cancel-call-form", CancelCall.errors, max_length=500)
    return _step("cancel-call", "Cancel call", CancelCall, reason, save="Cancel call", danger=True)


def reopen_dialog() -> rx.Component:
    reason = text_field("Reason", "reason", "reopen-call-form", ReopenCall.errors, max_length=500)
    return _step("reopen-call", "Reopen", ReopenCall, reason, save="Reopen")


def _step(
    dialog_id: str, verb: str, state: Any, *fields: rx.Component, save: str, danger: bool = False
) -> rx.Component:
    title = (
        f"{verb} " + state.call["number"] if verb != "Cancel call" else "Cancel call " + state.call["number"]
    )
    return dialog(
        dialog_id,
        title,
        form(
            f"{dialog_id}-form",
            state.save,
            rx.el.p(state.call["problem"], class_name="second"),
            rx.fragment(*fields, key=state.opened),
            save=save,
            errors=state.errors,
            danger=danger,
        ),
        narrow=True,
    )
