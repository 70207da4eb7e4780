"""Access tokens: one's own on the profile page, everybody's on the Security page."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ...domain.api_tokens import DAYS, USUAL_DAYS
from .. import slots
from ..components.browser_parts import when
from ..components.dialogs import dialog, form
from ..components.fields import choice_field, line_field
from ..components.lists import empty, listing, paged, row_attrs
from ..components.table import Column, person_cell, table
from ..keys import armed
from ..live_state import extra_of, held_row, order_of, row_of
from .tokens_state import FORM_ID, NewToken, OwnToken

ALL = (
    Column("Person", "230px"),
    Column("Token", "auto"),
    Column("Made", "110px", "narrow-hide"),
    Column("Expires", "110px", "narrow-hide"),
    Column("Last used", "110px"),
    Column("What can be done", "110px", "right", silent=True),
)
PERIODS = {7: "A week", 30: "30 days", 90: "90 days", 180: "180 days", 365: "A year"}
WHAT_FOR = "With one, a program does what you may, over the "


def own_tokens() -> rx.Component:
    """What they are for, and the actor's own, as lines."""
    api = rx.el.a(
        "HTTP API",
        href="/api/v1/docs",
        custom_attrs={"reloadDocument": True, "data-reload": ""},
    )
    lines = rx.el.ul(
        rx.foreach(order_of(slots.Tokens), lambda key: token_line(row=row_of(slots.Tokens, key), key=key)),
        class_name="lines",
    )
    return rx.fragment(
        rx.el.p(WHAT_FOR, api, ".", class_name="second"),
        listing(slots.Tokens, order_of(slots.Tokens).length() == 0, lines, rx.fragment()),
    )


@rx.memo
def token_line(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    token = held_row(row)
    return rx.el.li(
        rx.icon("key-round", class_name="faint"),
        rx.el.span(rx.el.span(token["name"], class_name="cut strong"), class_name="line-words"),
        rx.el.span("expires ", when(token["expires_at"], "left"), class_name="second not-phone"),
        rx.el.span(_used(token, "used "), class_name="second used-at"),
        _revoke(token),
        class_name="line row",
        custom_attrs={"data-mark": token["mark"]},
    )


def all_tokens() -> rx.Component:
    """Everybody's, as a table."""
    rows = table(
        "Access tokens", ALL, slots.AllTokens, lambda row, key: token_row(row=row, key=key), "tokens"
    )
    none = extra_of(slots.AllTokens, "total", int) == 0
    nothing = empty("Nobody has an access token.")
    return paged(slots.AllTokens, none, rows, nothing)


@rx.memo
def token_row(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    token = held_row(row)
    return rx.el.tr(
        person_cell(token["owner"], token["user_id"]),
        rx.el.td(rx.el.span(token["name"], class_name="cut"), class_name="c-wide"),
        rx.el.td(when(token["created_at"], "ago"), class_name="narrow-hide c-age"),
        rx.el.td(
            rx.el.span("expires ", class_name="words"),
            when(token["expires_at"], "left"),
            class_name="narrow-hide c-until",
        ),
        rx.el.td(_used(token, rx.el.span("used ", class_name="words")), class_name="c-end"),
        rx.el.td(rx.el.span(_revoke(token), class_name="steps"), class_name="c-steps right"),
        class_name="row",
        custom_attrs=row_attrs(token, rx.Var("undefined")),
    )


def _used(token: Any, word: Any) -> rx.Component:
    at = token["last_used_at"]
    return rx.cond(at, rx.fragment(word, when(at)), rx.fragment("never ", word))


def _revoke(token: Any) -> rx.Component:
    """A button, and the question that it asks first: nothing brings a revoked token back."""
    asked = "revoke-" + token["id"].to(str)
    return rx.fragment(
        rx.el.button(
            "Revoke",
            type="button",
            class_name="button small quiet",
            custom_attrs={"popovertarget": asked, "aria-label": "Revoke: " + token["name"].to(str)},
        ),
        rx.el.div(
            rx.el.p("Programs that use “", token["name"], "” are refused at once, for good."),
            rx.el.button(
                "Revoke it",
                type="button",
                class_name="button danger",
                on_click=armed(OwnToken.revoke, token["id"]),
            ),
            class_name="asks",
            custom_attrs={"popover": "auto", "id": asked},
        ),
    )


def token_dialogs() -> rx.Component:
    """The form for a new token, and the one place where it is seen."""
    return rx.fragment(_new(), _made())


def _new() -> rx.Component:
    periods = [rx.el.option(PERIODS[days], value=str(days)) for days in DAYS]
    name = line_field(
        "Name", "name", FORM_ID, NewToken.errors, max_length=60, hint="What it is for, and where it is kept."
    )
    days = choice_field("Good for", "days", FORM_ID, periods, NewToken.errors, default_value=str(USUAL_DAYS))
    body = form(FORM_ID, NewToken.save, name, days, save="Make token", errors=NewToken.errors)
    return dialog("new-token", "New access token", body, narrow=True)


def _made() -> rx.Component:
    shown = rx.el.input(
        read_only=True,
        class_name="mono",
        custom_attrs={
            "id": "made-token-text",
            "data-revealed": "",
            "aria-label": "The access token",
            "autocomplete": "off",
            "spellcheck": "false",
        },
    )
    copy = rx.el.button(
        "Copy", type="button", class_name="button primary", custom_attrs={"data-copies": "made-token-text"}
    )
    close = rx.el.button("Close", type="button", class_name="button", custom_attrs={"data-closes": ""})
    said = rx.el.span(
        "Copied.", class_name="hint", role="status", custom_attrs={"data-copied": "", "hidden": True}
    )
    return dialog(
        "made-token",
        "Your access token",
        rx.el.div(
            rx.el.p(
                "Copy it now: it is not shown again. Whoever has it may do what you may.", class_name="second"
            ),
            rx.el.div(shown, class_name="field"),
            class_name="dialog-body",
        ),
        rx.el.div(said, close, copy, class_name="dialog-foot"),
        narrow=True,
    )
