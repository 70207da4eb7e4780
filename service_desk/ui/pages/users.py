"""Everybody who works or worked here, for admins."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.browser_parts import when
from ..components.lists import listing, row_attrs
from ..components.marks import face, pill, role_word
from ..components.table import Column, table
from ..frame import framed, may, new_button
from ..keys import armed
from ..live_state import answered, extra_of, held_row, only_row, row_of
from .users_dialogs import NEW, user_dialogs
from .users_state import Deactivate, EditUser, ResetSecondFactor, SetPassword, UsersPage

COLUMNS = (
    Column("Name", "auto"),
    Column("Role", "110px"),
    Column("State", "120px"),
    Column("Reached at", "190px", "from-1440"),
    Column("Last seen", "110px"),
    Column("Open calls", "96px", "right narrow-hide"),
    Column("What can be done", "348px", "right", silent=True),
)


def users_page() -> rx.Component:
    return framed(
        "Users",
        listing(slots.UserRows, False, _rows(), rx.fragment()),
        _foot(),
        rx.cond(may("manage_users"), user_dialogs(), rx.fragment()),
        here="/users",
        action=rx.cond(may("manage_users"), new_button("New user", NEW, key="n"), rx.fragment()),
    )


def _rows() -> rx.Component:
    me = only_row(slots.Me)["id"]
    return table(
        "Users",
        COLUMNS,
        slots.UserRows,
        lambda row, key: user_row(row=row, colleague=row_of(slots.People, key), me=me, key=key),
        "users",
    )


@rx.memo
def user_row(
    row: rx.Var[dict[str, Any]], colleague: rx.Var[dict[str, Any]], me: rx.Var[int], rest: rx.RestProp
) -> rx.Component:
    user = held_row(row)
    online = user["is_active"].to(bool) & colleague["online"].to(bool)
    reached = rx.cond(user["phone"], user["phone"], user["email"])
    return rx.el.tr(
        rx.el.td(_name(user, me), class_name="c-title title"),
        rx.el.td(role_word(user["role"]), class_name="c-role"),
        rx.el.td(_state(user, online), class_name="c-status"),
        rx.el.td(reached, class_name="from-1440", title=user["email"]),
        rx.el.td(rx.cond(online, "now", when(user["last_seen_at"], "ago", none="never")), class_name="c-end"),
        rx.el.td(user["open_calls"], class_name="right c-count narrow-hide"),
        rx.el.td(_steps(user, me), class_name="c-steps right"),
        class_name=rx.cond(user["is_active"], "row", "row former"),
        custom_attrs=row_attrs(user, rx.Var("undefined")),
    )


def _name(user: Any, me: Any) -> rx.Component:
    return rx.el.span(
        face(user["full_name"].to(str), user["id"]),
        rx.el.span(user["full_name"], class_name="cut"),
        rx.el.span(user["username"], class_name="faint light cut"),
        rx.cond(user["id"] == me, rx.el.span("you", class_name="tag"), rx.fragment()),
        rx.cond(
            user["second_factor_at"],
            rx.el.span(rx.icon("shield-check"), class_name="faint", title="Signs in with a code too"),
            rx.fragment(),
        ),
        class_name="inline",
    )


def _state(user: Any, online: Any) -> rx.Component:
    former = pill("Former", "circle-slash", "slate")
    return rx.cond(
        user["is_active"], rx.cond(online, pill("Here now", "circle-dot", "green"), "Active"), former
    )


def _steps(user: Any, me: Any) -> rx.Component:
    other = user["id"] != me
    return rx.el.span(
        _step("Edit", EditUser.choose(user["id"]), user),
        rx.cond(
            other & user["is_active"].to(bool),
            _step("Set password", SetPassword.choose(user["id"]), user),
            rx.fragment(),
        ),
        rx.cond(
            other & user["is_active"].to(bool) & user["second_factor_at"].to(bool),
            _step("Reset code", ResetSecondFactor.choose(user["id"]), user),
            rx.fragment(),
        ),
        rx.cond(
            other & user["may_deactivate"].to(bool),
            _step("Deactivate", Deactivate.choose(user["id"]), user),
            rx.fragment(),
        ),
        rx.cond(
            user["may_reactivate"],
            _step("Reactivate", armed(UsersPage.reactivate, user["id"]), user),
            rx.fragment(),
        ),
        class_name="steps",
    )


def _step(label: str, on_click: Any, user: Any) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        class_name="button small quiet",
        on_click=on_click,
        custom_attrs={"aria-label": f"{label}: " + user["full_name"].to(str)},
    )


def _foot() -> rx.Component:
    active, total = extra_of(slots.UserRows, "active", int), extra_of(slots.UserRows, "total", int)
    counted = answered(slots.UserRows) & ~extra_of(slots.UserRows, "refused").to(bool)
    return rx.cond(
        counted,
        rx.el.div(
            rx.el.span(active, " active"),
            rx.cond(total > active, rx.el.span(total - active, " former"), rx.fragment()),
            class_name="list-foot",
        ),
        rx.fragment(),
    )
