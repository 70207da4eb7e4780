"""The dialogs for steps on a carry-in, shared by the list and the carry-in's own page."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ..components.choices import colleagues
from ..components.dialogs import dialog, form
from ..components.fields import choice_field, line_field, radio_field, text_field
from .carry_ins_dialogs_state import CarryInStep, CompleteCarryIn, DeliverCarryIn, ReturnCarryIn, ToBench


def bench_dialog() -> rx.Component:
    technician = choice_field(
        "Technician",
        "assigned_to_id",
        "bench-carry-in-form",
        colleagues(),
        ToBench.errors,
        default_value=ToBench.me,
    )
    title = ToBench.carry_in["number"] + " to the bench"
    return _step("bench-carry-in", title, ToBench, technician, save="To the bench")


def complete_dialog() -> rx.Component:
    name, state = "complete-carry-in-form", CompleteCarryIn
    never_opened = state.carry_in["status"] == "received"
    outcome = radio_field(
        "Outcome",
        "outcome",
        name,
        {"repaired": "Repaired", "unrepaired": "Not repaired"},
        state.errors,
        chosen=rx.cond(never_opened, "unrepaired", "repaired"),
        barred=rx.cond(never_opened, "repaired", ""),
    )
    why = rx.cond(
        never_opened,
        rx.el.p(
            "It has not been on the bench, so it can only be handed back unrepaired. "
            "Take it to the bench first to complete it as repaired.",
            class_name="hint",
        ),
        rx.fragment(),
    )
    remark = text_field("What was done", "remark", name, state.errors, max_length=2000)
    title = "Complete " + state.carry_in["number"]
    return _step("complete-carry-in", title, state, outcome, why, remark, save="Complete")


def deliver_dialog() -> rx.Component:
    name, state = "deliver-carry-in-form", DeliverCarryIn
    return _step(
        "deliver-carry-in",
        "Deliver " + state.carry_in["number"],
        state,
        _before_it_goes(state),
        line_field("Delivered to", "delivered_to", name, state.errors, max_length=120),
        text_field("Remark (optional)", "remark", name, state.errors, max_length=500),
        save="Deliver",
    )


def _before_it_goes(state: Any) -> rx.Component:
    """What the counter says to the customer, and what goes back with the device."""
    unrepaired = state.carry_in["outcome"] == "unrepaired"
    return rx.fragment(
        rx.el.p(
            rx.el.b(rx.cond(unrepaired, "Not repaired: ", "Repaired: ")),
            state.carry_in["completion_remark"],
            class_name="prose",
        ),
        rx.cond(
            state.carry_in["accessories"] != "",
            rx.el.p(
                rx.icon("package"), "Hand back too: ", state.carry_in["accessories"], class_name="notice"
            ),
            rx.fragment(),
        ),
    )


def return_dialog() -> rx.Component:
    reason = text_field("Reason", "reason", "return-carry-in-form", ReturnCarryIn.errors, max_length=500)
    title = ReturnCarryIn.carry_in["number"] + " back to the bench"
    return _step("return-carry-in", title, ReturnCarryIn, reason, save="Back to the bench")


def _step(
    dialog_id: str, title: Any, state: type[CarryInStep], *fields: rx.Component, save: str
) -> rx.Component:
    return dialog(
        dialog_id,
        title,
        form(
            f"{dialog_id}-form",
            state.save,
            rx.el.p(state.carry_in["item"], class_name="second"),
            rx.fragment(*fields, key=state.opened),
            save=save,
            errors=state.errors,
        ),
        narrow=True,
    )
