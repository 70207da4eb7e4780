"""The page of one call: what is wrong, what happened, what next. On a phone that is under the thumb."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.browser_parts import when
from ..components.history import history
from ..components.marks import PRIORITIES, call_status, person, priority_bars
from ..components.record import (
    crumb,
    customer_card,
    fact,
    fact_if,
    facts,
    found,
    heading,
    menu,
    other_work,
    remainder,
    topic,
)
from ..frame import framed, new_button
from ..keys import armed
from ..live_state import only_row
from .call_edit import edit_call_dialog
from .call_edit_state import EditCall
from .call_state import CallPage
from .calls_dialogs import assign_dialog, cancel_dialog, complete_dialog, reopen_dialog
from .calls_dialogs_state import AssignCall, CancelCall, CompleteCall, ReopenCall
from .new_call import DIALOG, new_call_dialog


def call_page() -> rx.Component:
    call = only_row(slots.TheCall)
    return framed(
        topic("Calls", rx.cond(call["number"], call["number"], "Call"), "/calls"),
        found(slots.TheCall, call, _record(call), "This call was not found."),
        new_call_dialog(),
        edit_call_dialog(),
        assign_dialog(),
        complete_dialog(),
        cancel_dialog(),
        reopen_dialog(),
        here="/calls",
        action=rx.el.div(new_button("New call", DIALOG, key="n"), class_name="not-phone"),
    )


def _record(call: Any) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.article(
                crumb("Calls", "/calls", call["number"]),
                _glance(call),
                rx.el.h2(heading(call["problem"]), class_name="record-title"),
                _actions(call),
                rx.cond(
                    remainder(call["problem"]) != "",
                    rx.el.p(remainder(call["problem"]), class_name="prose"),
                    rx.fragment(),
                ),
                _instructions(call),
                history(),
                class_name="record-main",
            ),
            rx.el.aside(
                _facts(call),
                rx.el.hr(class_name="rule"),
                customer_card(call, call["place"]),
                other_work(call, CallPage.look),
                class_name="record-side",
                custom_attrs={"aria-label": "Facts"},
            ),
            class_name="record",
        ),
        _action_bar(call),
    )


def _glance(call: Any) -> rx.Component:
    """On a phone the facts that matter stand above the title."""
    return rx.el.div(
        priority_bars(call["priority"].to(str)),
        call_status(call["status"]),
        rx.el.span(
            when(call["due_at"], "due", still=call["done_at"].to(bool), none=""), class_name="end second"
        ),
        class_name="inline only-phone",
    )


def _instructions(call: Any) -> rx.Component:
    return rx.cond(
        call["instructions"],
        rx.el.p(
            rx.el.span(
                rx.el.span("Instructions: ", class_name="strong"), call["instructions"], class_name="prose"
            ),
            class_name="notice",
        ),
        rx.fragment(),
    )


def _facts(call: Any) -> rx.Component:
    done = call["done_at"].to(bool)
    return facts(
        fact("Status", call_status(call["status"])),
        fact(
            "Priority",
            rx.el.span(
                priority_bars(call["priority"].to(str)),
                rx.match(call["priority"], *PRIORITIES.items(), ""),
                class_name="inline",
            ),
        ),
        fact(
            "Engineer",
            rx.cond(
                call["engineer_id"],
                person(call["engineer"].to(str), call["engineer_id"]),
                rx.el.span("Nobody yet", class_name="second"),
            ),
        ),
        fact("Category", call["category"]),
        fact("Due", when(call["due_at"], "deadline"), " ", _left(call["due_at"], done)),
        fact("Logged", when(call["created_at"], "clock"), " by ", call["created_by"]),
        fact_if(call["started_at"], "Started", when(call["started_at"], "clock")),
        fact_if(
            call["completed_at"],
            "Completed",
            when(call["completed_at"], "clock"),
            " by ",
            call["completed_by"],
        ),
        fact_if(call["completion_remark"], "Remark", _quote(call["completion_remark"])),
        fact_if(
            call["cancelled_at"],
            "Cancelled",
            when(call["cancelled_at"], "clock"),
            " by ",
            call["cancelled_by"],
        ),
        fact_if(call["cancel_reason"], "Reason", _quote(call["cancel_reason"])),
        fact_if(call["reopen_reason"], "Reopened", _quote(call["reopen_reason"])),
    )


def _left(at: Any, done: Any) -> rx.Component:
    """How long until then, while it matters."""
    return rx.cond(at & ~done, rx.el.span(when(at, "left", none=""), class_name="faint"), rx.fragment())


def _quote(text: Any) -> rx.Component:
    return rx.el.span(text, class_name="prose")


def _step(label: str, icon: str, on_click: Any, kind: str = "") -> rx.Component:
    return rx.el.button(rx.icon(icon), label, type="button", class_name=f"button {kind}", on_click=on_click)


def _if(may: Any, *then: rx.Component) -> rx.Component:
    return rx.cond(may, rx.fragment(*then), rx.fragment())


def _next(call: Any) -> rx.Component:
    """The step that comes next, where there is one."""
    return rx.cond(
        call["may_start"],
        _step("Start", "play", armed(CallPage.start, call["id"]), "primary"),
        rx.cond(
            call["may_complete"],
            _step("Complete", "check", CompleteCall.choose(call["id"]), "primary"),
            _if(call["may_reopen"], _step("Reopen", "rotate-ccw", ReopenCall.choose(call["id"]))),
        ),
    )


def _assign(call: Any, kind: str = "") -> rx.Component:
    choose = AssignCall.choose(call["id"])
    return _if(
        call["may_assign"],
        rx.cond(
            call["engineer_id"],
            _step("Reassign", "user-check", choose, kind),
            _step("Assign", "user-check", choose, kind or "primary"),
        ),
    )


def _edit(call: Any) -> rx.Component:
    return _if(call["may_edit"], _step("Edit", "pencil", EditCall.edit(call["id"])))


def _rarely(call: Any) -> list[rx.Component]:
    return [
        _if(
            call["may_unassign"],
            _step("Unassign", "user-minus", armed(CallPage.unassign, call["id"])),
        ),
        _if(call["may_cancel"], _step("Cancel call", "ban", CancelCall.choose(call["id"]), "danger")),
    ]


def _actions(call: Any) -> rx.Component:
    return rx.el.div(
        _next(call),
        _assign(call),
        _edit(call),
        _if(call["may_unassign"] | call["may_cancel"], menu("call-menu", *_rarely(call))),
        class_name="inline wrap not-phone",
        role="group",
        custom_attrs={"aria-label": "Steps"},
    )


def _action_bar(call: Any) -> rx.Component:
    """On a phone: one next step, and the rest behind "⋯"."""
    works = call["may_start"] | call["may_complete"]
    return _if(
        works | call["may_assign"] | call["may_reopen"],
        rx.el.div(
            rx.cond(works | call["may_reopen"], _next(call), _assign(call)),
            _if(
                call["may_edit"] | call["may_unassign"] | call["may_cancel"],
                menu("call-menu-phone", _if(works, _assign(call, " ")), _edit(call), *_rarely(call)),
            ),
            class_name="action-bar",
            role="group",
            custom_attrs={"aria-label": "Steps"},
        ),
    )
