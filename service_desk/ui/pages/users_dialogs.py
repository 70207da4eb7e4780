"""The dialogs about users."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ..components.conflict import edit_dialog
from ..components.dialogs import dialog, form
from ..components.fields import choice_field, line_field
from ..components.marks import ROLES
from .users_state import Deactivate, EditUser, NewUser, Reactivate, SetPassword

NEW = "new-user"


def user_dialogs() -> rx.Component:
    return rx.fragment(_new(), _edit(), _set_password(), _deactivate(), _reactivate())


def _new() -> rx.Component:
    name, errors = f"{NEW}-form", NewUser.errors
    password = line_field(
        "Password",
        "password",
        name,
        errors,
        type="password",
        max_length=200,
        auto_complete="new-password",
        hint="At least 10 characters. They can change it on their profile page.",
    )
    return dialog(
        NEW,
        "New user",
        form(name, NewUser.save, *_person(name, errors, [_no_role(), *_roles()], password), errors=errors),
    )


def _edit() -> rx.Component:
    fields = _person("edit-user-form", EditUser.errors, _roles())
    return edit_dialog(EditUser, rx.fragment("Edit ", EditUser.title), *fields)


def _no_role() -> rx.Component:
    return rx.el.option("Choose…", value="")


def _roles() -> list[rx.Component]:
    return [rx.el.option(word, value=role) for role, word in ROLES.items()]


def _person(name: str, errors: Any, roles: list[rx.Component], *more: rx.Component) -> list[rx.Component]:
    """The fields of a user."""
    return [
        rx.el.div(
            line_field("Full name", "full_name", name, errors, max_length=100),
            line_field(
                "Username",
                "username",
                name,
                errors,
                max_length=40,
                auto_complete="off",
                auto_capitalize="none",
                spell_check=False,
            ),
            class_name="pair",
        ),
        *more,
        choice_field("Role", "role", name, roles, errors),
        rx.el.div(
            line_field("Email", "email", name, errors, type="email", max_length=254),
            line_field("Phone", "phone", name, errors, type="tel", max_length=40),
            class_name="pair",
        ),
    ]


def _set_password() -> rx.Component:
    name, errors = "set-password-form", SetPassword.errors
    return dialog(
        "set-password",
        rx.fragment("Set a password for ", SetPassword.name),
        form(
            name,
            SetPassword.save,
            rx.el.p(
                SetPassword.name,
                " is signed out everywhere and signs in again with the new password.",
                class_name="second",
            ),
            line_field(
                "Password",
                "password",
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


def _deactivate() -> rx.Component:
    return dialog(
        "deactivate-user",
        rx.fragment("Deactivate ", Deactivate.name),
        form(
            "deactivate-user-form",
            Deactivate.save,
            rx.el.ul(
                rx.foreach(Deactivate.effects, lambda effect: rx.el.li(effect)),
                rx.el.li("What they have done stays in the history under their name."),
                rx.el.li("They can be reactivated later."),
                class_name="effects",
            ),
            save="Deactivate",
            errors=Deactivate.errors,
            danger=True,
        ),
        narrow=True,
    )


def _reactivate() -> rx.Component:
    return dialog(
        "reactivate-user",
        rx.fragment("Reactivate ", Reactivate.name),
        form(
            "reactivate-user-form",
            Reactivate.save,
            rx.el.p(
                Reactivate.name,
                " can sign in again with the password they had. Calls are assigned to them anew, one by one.",
                class_name="second",
            ),
            save="Reactivate",
            errors=Reactivate.errors,
        ),
        narrow=True,
    )
