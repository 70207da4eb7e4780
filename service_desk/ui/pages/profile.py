"""One's own page: name, password, where one is signed in, light or dark, and the way out."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.browser_parts import when
from ..components.conflict import edit_dialog
from ..components.dialogs import dialog, form, opener
from ..components.fields import line_field
from ..components.lists import listing
from ..components.marks import face, role_word
from ..frame import ADMIN_NAV, framed, may, sign_out_button, theme_button
from ..keys import armed
from ..live_state import held_row, only_row, order_of, row_of
from .profile_state import ChangePassword, EditProfile, ProfilePage
from .tokens import own_tokens, token_dialogs


def profile_page() -> rx.Component:
    return framed(
        "Profile",
        rx.el.div(
            _administration(),
            _details(),
            _password(),
            _second_factor(),
            _sign_ins(),
            _tokens(),
            _this_browser(),
            class_name="content parts",
        ),
        _edit_dialog(),
        _password_dialog(),
        token_dialogs(),
        here="/profile",
    )


def _details() -> rx.Component:
    me = only_row(slots.Me)
    return _part(
        "You",
        rx.el.div(
            face(me["full_name"].to(str), me["id"], large=True),
            rx.el.span(me["full_name"], class_name="strong cut"),
            class_name="inline",
        ),
        rx.el.dl(
            *_fact("Username", me["username"]),
            *_fact("Role", role_word(me["role"])),
            *_fact("Email", rx.cond(me["email"], me["email"], "–")),
            *_fact("Phone", rx.cond(me["phone"], me["phone"], "–")),
            class_name="facts",
        ),
        action=rx.el.button("Edit", type="button", class_name="button", on_click=EditProfile.choose()),
    )


def _password() -> rx.Component:
    return _part(
        "Password",
        rx.el.p("A new one signs you out everywhere but here.", class_name="second"),
        action=opener("Change password", "change-password"),
    )


def _second_factor() -> rx.Component:
    since = only_row(slots.Me)["second_factor_at"]
    told = rx.cond(
        since,
        rx.el.span("On since ", when(since, "ago"), ": a code from your phone comes after the password."),
        "A code from your phone besides the password: then a stolen password alone opens nothing.",
    )
    page = rx.el.a(
        rx.cond(since, "Change", "Set up"),
        href="/second-factor",
        class_name="button",
        custom_attrs={"reloadDocument": True, "data-reload": "", "aria-label": "Two-step sign-in"},
    )
    return _part("Two-step sign-in", rx.el.p(told, class_name="second"), action=page)


def _sign_ins() -> rx.Component:
    order = order_of(slots.SignIns)
    lines = rx.el.ul(
        rx.foreach(order, lambda key: sign_in_line(row=row_of(slots.SignIns, key), key=key)),
        class_name="lines",
    )
    others = rx.el.button(
        "Sign out the others", type="button", class_name="button", on_click=armed(ProfilePage.sign_out_others)
    )
    return _part(
        "Your sign-ins",
        listing(slots.SignIns, False, lines, rx.fragment()),
        action=rx.cond(order.length() > 1, others, rx.fragment()),
    )


@rx.memo
def sign_in_line(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    place = held_row(row)
    return rx.el.li(
        rx.icon("monitor-smartphone", class_name="faint"),
        rx.el.span(
            rx.el.span(place["browser"], class_name="cut strong"),
            rx.cond(place["current"], rx.el.span("this one", class_name="tag"), rx.fragment()),
            class_name="line-words",
        ),
        rx.el.span("signed in ", when(place["created_at"], "ago"), class_name="faint not-phone"),
        rx.cond(
            place["current"],
            rx.fragment(),
            rx.el.span("used ", when(place["last_used_at"], "ago"), class_name="second used-at"),
        ),
        class_name="line",
    )


def _tokens() -> rx.Component:
    return _part("Access tokens", own_tokens(), action=opener("New token", "new-token"))


def _this_browser() -> rx.Component:
    return _part(
        "This browser",
        rx.el.div(theme_button("button"), sign_out_button("button"), class_name="inline wrap"),
    )


def _administration() -> rx.Component:
    """A phone's bottom bar has no room for what only admins need."""
    links = (rx.el.a(rx.icon(icon), label, href=href, class_name="button") for label, href, icon in ADMIN_NAV)
    return rx.cond(
        may("manage_users"),
        rx.el.nav(*links, class_name="only-phone admin-nav", custom_attrs={"aria-label": "Administration"}),
        rx.fragment(),
    )


def _part(title: str, *body: rx.Component, action: rx.Component | None = None) -> rx.Component:
    name = title.lower().replace(" ", "-")
    return rx.el.section(
        rx.el.div(rx.el.h2(title, id=name), action or rx.fragment(), class_name="inline between part-head"),
        *body,
        class_name="part",
        custom_attrs={"aria-labelledby": name},
    )


def _fact(term: str, value: Any) -> list[rx.Component]:
    return [rx.el.dt(term), rx.el.dd(value)]


def _edit_dialog() -> rx.Component:
    name, errors = "edit-profile-form", EditProfile.errors
    return edit_dialog(
        EditProfile,
        "Edit your profile",
        line_field("Full name", "full_name", name, errors, max_length=100),
        line_field("Email", "email", name, errors, type="email", max_length=254),
        line_field("Phone", "phone", name, errors, type="tel", max_length=40),
        narrow=True,
    )


def _password_dialog() -> rx.Component:
    name, errors = "change-password-form", ChangePassword.errors
    return dialog(
        "change-password",
        "Change your password",
        form(
            name,
            ChangePassword.save,
            line_field(
                "Current password",
                "current",
                name,
                errors,
                type="password",
                max_length=200,
                auto_complete="current-password",
            ),
            line_field(
                "New password",
                "new",
                name,
                errors,
                type="password",
                max_length=200,
                auto_complete="new-password",
                hint="At least 10 characters.",
            ),
            errors=errors,
        ),
        narrow=True,
    )
