"""The dialogs for steps on a carry-in, shared by the list and the carry-in's own page."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ..components.choices import colleagues
from ..components.dialogs import step_dialog
from ..components.fields import choice_field, line_field, radio_field, text_field
from .carry_ins_dialogs_state import CompleteCarryIn, DeliverCarryIn, ReturnCarryIn, ToBench


def bench_dialog() -> rx.Component:
    state, name = ToBench, "bench-carry-in-form"
    technician = choice_field("Technician", "assigned_to_id", name, colleagues(), state.errors)
    title = state.row["number"] + " to the bench"
    return step_dialog(state, title, state.row["item"], technician, save="To the bench")


def complete_dialog() -> rx.Component:
    state, name = CompleteCarryIn, "complete-carry-in-form"
    never_opened = state.row["status"] == "received"
    why = rx.el.p(
        "It has not been on the bench, so it can only be handed back unrepaired. "
        "Take it to the bench first to complete it as repaired.",
        class_name="hint",
    )
    return step_dialog(
        state,
        "Complete " + state.row["number"],
        state.row["item"],
        radio_field(
            "Outcome",
            "outcome",
            name,
            {"repaired": "Repaired", "unrepaired": "Not repaired"},
            state.errors,
            barred=rx.cond(never_opened, "repaired", ""),
        ),
        rx.cond(never_opened, why, rx.fragment()),
        text_field("What was done", "remark", name, state.errors, max_length=2000),
        save="Complete",
    )


def deliver_dialog() -> rx.Component:
    state, name = DeliverCarryIn, "deliver-carry-in-form"
    return step_dialog(
        state,
        "Deliver " + state.row["number"],
        state.row["item"],
        _before_it_goes(state.row),
        line_field("Delivered to", "delivered_to", name, state.errors, max_length=120),
        text_field("Remark (optional)", "remark", name, state.errors, max_length=500),
        save="Deliver",
    )


def _before_it_goes(row: Any) -> rx.Component:
    """What the counter tells the customer, and what goes back with the device."""
    lead = rx.cond(row["outcome"] == "unrepaired", "Not repaired: ", "Repaired: ")
    told = rx.el.p(rx.el.b(lead), row["completion_remark"], class_name="prose")
    too = rx.el.p(rx.icon("package"), "Hand back too: ", row["accessories"], class_name="notice")
    return rx.fragment(
        rx.cond(row["outcome"] != "", told, rx.fragment()),
        rx.cond(row["accessories"] != "", too, rx.fragment()),
    )


def return_dialog() -> rx.Component:
    state = ReturnCarryIn
    reason = text_field("Reason", "reason", "return-carry-in-form", state.errors, max_length=500)
    title = state.row["number"] + " back to the bench"
    return step_dialog(state, title, state.row["item"], reason, save="Back to the bench")
