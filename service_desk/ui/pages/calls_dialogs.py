"""The dialogs for steps on a call, shared by the list and the call's own page."""

from __future__ import annotations

import reflex as rx

from ..components.choices import engineers
from ..components.dialogs import step_dialog
from ..components.fields import choice_field, text_field
from .calls_dialogs_state import AssignCall, CancelCall, CompleteCall, ReopenCall


def assign_dialog() -> rx.Component:
    state, name = AssignCall, "assign-call-form"
    choices = [rx.el.option("Choose…", value=""), engineers()]
    return step_dialog(
        state,
        "Assign " + state.row["number"],
        state.row["problem"],
        choice_field("Assign to", "assigned_to_id", name, choices, state.errors),
        text_field("Instructions", "instructions", name, state.errors, max_length=1000),
        save="Assign",
    )


def complete_dialog() -> rx.Component:
    state = CompleteCall
    remark = text_field("What was done", "remark", "complete-call-form", state.errors, max_length=2000)
    title = "Complete " + state.row["number"]
    return step_dialog(state, title, state.row["problem"], remark, save="Complete")


def cancel_dialog() -> rx.Component:
    state = CancelCall
    reason = text_field("Reason", "reason", "cancel-call-form", state.errors, max_length=500)
    title = "Cancel call " + state.row["number"]
    return step_dialog(state, title, state.row["problem"], reason, save="Cancel call", danger=True)


def reopen_dialog() -> rx.Component:
    state = ReopenCall
    reason = text_field("Reason", "reason", "reopen-call-form", state.errors, max_length=500)
    return step_dialog(state, "Reopen " + state.row["number"], state.row["problem"], reason, save="Reopen")
