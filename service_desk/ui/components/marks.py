"""Marks: status, priority and people, each by shape and word, never by colour alone."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.vars import VarData

from ...domain.users import Role

CALL_STATUS: dict[str, tuple[str, str, str]] = {
    "pending": ("Pending", "circle-dashed", "amber"),
    "assigned": ("Assigned", "circle-dot", "blue"),
    "in_progress": ("On site", "circle-play", "iris"),
    "completed": ("Completed", "circle-check", "green"),
    "cancelled": ("Cancelled", "circle-slash", "slate"),
}
CARRY_IN_STATUS: dict[str, tuple[str, str, str]] = {
    "received": ("Received", "inbox", "amber"),
    "in_repair": ("On the bench", "wrench", "iris"),
    "completed": ("Ready", "circle-check", "green"),
    "delivered": ("Delivered", "package-check", "slate"),
}
UNREPAIRED = ("Ready, unrepaired", "circle-x", "green")
ROLES = {role.value: role.label for role in Role}
PRIORITIES = {"low": "Low", "normal": "Normal", "high": "High", "urgent": "Urgent"}


def js(expression: str, *sources: Any) -> Any:
    """A text computed in the browser from other Vars, carrying what they need."""
    data = [source._get_all_var_data() for source in sources if isinstance(source, rx.Var)]
    return rx.Var(_js_expr=expression, _var_type=str, _var_data=VarData.merge(*data)).guess_type()


def pill(word: str, icon: str, tone: str) -> rx.Component:
    return rx.el.span(rx.icon(icon, size=13), word, class_name="pill", custom_attrs={"data-tone": tone})


def call_status(status: Any) -> rx.Component:
    return rx.match(status, *((key, pill(*mark)) for key, mark in CALL_STATUS.items()), rx.fragment())


def carry_in_status(status: Any, outcome: Any) -> rx.Component:
    marks = [(key, pill(*mark)) for key, mark in CARRY_IN_STATUS.items() if key != "completed"]
    ready = rx.cond(outcome == "unrepaired", pill(*UNREPAIRED), pill(*CARRY_IN_STATUS["completed"]))
    return rx.match(status, *marks, ("completed", ready), rx.fragment())


def role_word(role: Any) -> Any:
    return rx.match(role, *ROLES.items(), "")


def priority_bars(priority: Any) -> rx.Component:
    """Four bars; the word is there for those who don't see them."""
    return rx.el.span(
        *(rx.el.i() for _ in range(4)),
        class_name="bars",
        role="img",
        title=f"{priority} priority",
        custom_attrs={"data-level": priority, "aria-label": f"{priority} priority"},
    )


def face(name: Any, key: Any, large: bool = False) -> rx.Component:
    """A person's initials on a colour that stays theirs. `key` is their id."""
    initials = js(
        f"(({name!s}) ?? '').split(/\\s+/).map((part) => part[0] ?? '').slice(0, 2).join('').toUpperCase()",
        name,
    )
    hue = js(f"(Number({key!s}) % 8)", key)
    return rx.el.span(
        initials,
        class_name="face large" if large else "face",
        custom_attrs={"data-hue": hue, "aria-hidden": "true"},
    )


def person(name: Any, key: Any) -> rx.Component:
    """Initials and name; wrap it in rx.cond where there may be nobody."""
    return rx.el.span(face(name, key), rx.el.span(name, class_name="cut plain"), class_name="inline")
