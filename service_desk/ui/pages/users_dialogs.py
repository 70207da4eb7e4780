"""The dialogs about users."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ..components.conflict import edit_dialog
from ..components.dialogs import dialog, form, step_dialog
from ..components.fields import choice_field, line_field
from ..components.marks import ROLES
from .users_state import Deactivate, EditUser, NewUser, ResetSecondFactor, SetPassword

NEW = "new-user"


def user_dialogs() -> rx.Component:
    return rx.fragment(_new(), _edit(), _set_password(), _deactivate(), _reset_second_factor())


def _new() -> rx.Component:
    name, errors = f"{NEW}-form", NewUser.errors
    hint = "At least 10 characters. They can change it on their profile page."
    fields = _person(name, errors, _password(name, errors, hint))
    return dialog(NEW, "New user", form(name, NewUser.save, *fields, errors=errors))


def _edit() -> rx.Component:
    fields = _person("edit-user-form", EditUser.errors)
    return edit_dialog(EditUser, "Edit " + EditUser.title, *fields)


def _person(name: str, errors: Any, *more: rx.Component) -> list[rx.Component]:
    """The fields of a user; `more` stand after the first two."""
    roles = [rx.el.option(word, value=role) for role, word in ROLES.items()]
    unnamed = {"auto_complete": "off", "auto_capitalize": "none", "spell_check": False}
    return [
        rx.el.div(
            line_field("Full name", "full_name", name, errors, max_length=100),
            line_field("Username", "username", name, errors, max_length=40, **unnamed),
            class_name="pair",
        ),
        *more,
        choice_field("Role", "role", name, [rx.el.option("Choose…", value=""), *roles], errors),
        rx.el.div(
            line_field("Email", "email", name, errors, type="email", max_length=254),
            line_field("Phone", "phone", name, errors, type="tel", max_length=40),
            class_name="pair",
        ),
    ]


def _password(name: str, errors: Any, hint: str) -> rx.Component:
    return line_field(
        "Password",
        "password",
        name,
        errors,
        type="password",
        max_length=200,
        auto_complete="new-password",
        hint=hint,
    )


def _set_password() -> rx.Component:
    name = SetPassword.row["full_name"]
    return step_dialog(
        SetPassword,
        "Set a password for " + name,
        name + " is signed out everywhere and signs in again with the new one.",
        _password("set-password-form", SetPassword.errors, "At least 10 characters."),
        save="Save",
    )


def _deactivate() -> rx.Component:
    name = Deactivate.row["full_name"]
    return step_dialog(
        Deactivate,
        "Deactivate " + name,
        name + " can’t sign in any more, and:",
        rx.el.ul(
            rx.foreach(Deactivate.effects, lambda effect: rx.el.li(effect)),
            rx.el.li("What they have done stays in the history under their name."),
            rx.el.li("They can be reactivated later."),
            class_name="effects",
        ),
        save="Deactivate",
        danger=True,
    )


def _reset_second_factor() -> rx.Component:
    name = ResetSecondFactor.row["full_name"]
    return step_dialog(
        ResetSecondFactor,
        "Reset two-step sign-in of " + name,
        name
        + " is signed out everywhere and signs in with the password alone, or sets up a new phone where the role "
        "asks for it. Make sure that it is really they who ask.",
        save="Reset",
        danger=True,
    )
