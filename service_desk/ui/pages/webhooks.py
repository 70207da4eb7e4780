"""Webhooks, for admins: which addresses are told what, how that goes, and what was sent."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..components.browser_parts import when
from ..components.lists import empty, filter_choice, filters, listing, paged, row_attrs, tab, tabs
from ..components.marks import pill
from ..components.table import Column, table
from ..frame import framed, may, new_button
from ..keys import armed
from ..live_state import extra_of, held_row, order_of, row_of
from .webhooks_dialogs import webhook_dialogs
from .webhooks_state import NEW, TABS, EditWebhook, RemoveWebhook, RenewSecret, WebhooksPage

COLUMNS = (
    Column("Webhook", "auto"),
    Column("State", "112px"),
    Column("Events", "80px", "from-1440"),
    Column("Delivered", "96px", "narrow-hide"),
    Column("What can be done", "424px", "right", silent=True),
)
LOG = (
    Column("Event", "auto"),
    Column("Webhook", "170px"),
    Column("Attempt", "76px", "right narrow-hide"),
    Column("Took", "84px", "right narrow-hide"),
    Column("Sent", "110px"),
)
STATES = {
    "sending": ("Sending", "circle-check", "green"),
    "failing": ("Failing", "circle-alert", "amber"),
    "paused": ("Paused", "circle-pause", "slate"),
    "off": ("Switched off", "circle-x", "red"),
}


def webhooks_page() -> rx.Component:
    allowed = may("manage_webhooks")
    return framed(
        "Webhooks",
        rx.cond(extra_of(slots.WebhookRows, "refused"), rx.fragment(), _toolbar()),
        rx.cond(WebhooksPage.tab == TABS[1], _log(), _webhooks()),
        rx.cond(allowed, webhook_dialogs(), rx.fragment()),
        here="/webhooks",
        action=rx.cond(allowed, new_button("New webhook", NEW, key="n"), rx.fragment()),
    )


def _toolbar() -> rx.Component:
    return rx.el.div(
        tabs(
            tab("Webhooks", TABS[0], WebhooksPage.tab, slots.WebhookRows, count="total"),
            tab("Delivery log", TABS[1], WebhooksPage.tab),
            label="Webhooks",
        ),
        rx.cond(WebhooksPage.tab == TABS[1], _filters(), rx.fragment()),
        class_name="toolbar",
    )


def _filters() -> rx.Component:
    options = rx.foreach(
        order_of(slots.WebhookRows),
        lambda key: rx.el.option(row_of(slots.WebhookRows, key)["name"], value=key.to(str)),
    )
    return filters(filter_choice("Webhook", "webhook", WebhooksPage.webhook, [options]))


def _webhooks() -> rx.Component:
    rows = table(
        "Webhooks", COLUMNS, slots.WebhookRows, lambda row, key: webhook_row(row=row, key=key), "webhooks"
    )
    nothing = empty(
        "No webhooks yet.",
        "Add an address, and it is told of what happens at the desk, as it happens, signed.",
        "Add one: N",
    )
    return listing(slots.WebhookRows, order_of(slots.WebhookRows).length() == 0, rows, nothing)


@rx.memo
def webhook_row(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    webhook = held_row(row)
    count = webhook["event_count"].to(int)
    return rx.el.tr(
        rx.el.td(_name(webhook), class_name="c-title title"),
        rx.el.td(_state(webhook), class_name="c-status"),
        rx.el.td(rx.cond(webhook["events"], count, "all"), class_name="from-1440"),
        rx.el.td(_delivered(webhook["delivered_at"]), class_name="c-end narrow-hide"),
        rx.el.td(_steps(webhook), class_name="c-steps right"),
        class_name="row",
        custom_attrs=row_attrs(webhook, rx.Var("undefined")),
    )


def _name(webhook: Any) -> rx.Component:
    """The name, where it leads, and what is wrong with it."""
    waits = rx.cond(
        webhook["next_attempt_at"],
        rx.fragment(" Next attempt: ", when(webhook["next_attempt_at"], "clock")),
        rx.fragment(),
    )
    return rx.el.div(
        rx.el.span(
            rx.el.span(webhook["name"], class_name="plain"),
            rx.el.span(webhook["host"], class_name="faint light cut", title=webhook["url"]),
            class_name="inline",
        ),
        rx.cond(webhook["why"], rx.el.p(webhook["why"], waits, class_name="second why"), rx.fragment()),
    )


def _delivered(at: Any) -> rx.Component:
    """When last; on a phone, where no column says so, with the word."""
    word = rx.el.span("delivered ", class_name="words")
    return rx.cond(at, rx.el.span(word, when(at)), rx.el.span("never ", word))


def _state(webhook: Any) -> rx.Component:
    return rx.match(webhook["state"], *((key, pill(*mark)) for key, mark in STATES.items()), rx.fragment())


def _steps(webhook: Any) -> rx.Component:
    key = webhook["id"]
    return rx.el.span(
        rx.el.a(
            "Log",
            href="?tab=log&webhook=" + key.to(str),
            class_name="button small quiet",
            custom_attrs={
                "data-set": "tab=log&webhook=" + key.to(str),
                "aria-label": "Log: " + webhook["name"].to(str),
            },
        ),
        _step("Send a test", armed(WebhooksPage.send_test, key), webhook),
        _step("Edit", EditWebhook.choose(key), webhook),
        rx.cond(
            webhook["is_active"],
            _step("Pause", armed(WebhooksPage.pause, key), webhook),
            _step("Resume", armed(WebhooksPage.resume, key), webhook),
        ),
        _step("New secret", RenewSecret.choose(key), webhook),
        _step("Remove", RemoveWebhook.choose(key), webhook),
        class_name="steps",
    )


def _step(label: str, on_click: Any, webhook: Any) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        class_name="button small quiet",
        on_click=on_click,
        custom_attrs={"aria-label": f"{label}: " + webhook["name"].to(str)},
    )


def _log() -> rx.Component:
    rows = table("Delivery log", LOG, slots.WebhookLog, lambda row, key: sent_row(row=row, key=key), "sent")
    none = extra_of(slots.WebhookLog, "total", int) == 0
    nothing = empty("Nothing was sent yet.", "Every attempt appears here by itself, and stays for 30 days.")
    return paged(slots.WebhookLog, none, rows, nothing)


@rx.memo
def sent_row(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    line = held_row(row)
    return rx.el.tr(
        rx.el.td(_event(line), class_name="c-title title"),
        rx.el.td(rx.el.span(line["webhook"], class_name="cut"), class_name="c-wide"),
        rx.el.td(line["attempt"], class_name="right narrow-hide c-age"),
        rx.el.td(line["duration_ms"], " ms", class_name="right narrow-hide c-age"),
        rx.el.td(when(line["at"], "ago"), class_name="c-end"),
        class_name="row",
        custom_attrs=row_attrs(line, rx.Var("undefined")),
    )


def _event(line: Any) -> rx.Component:
    """What was sent, which change it told of, and what the receiver said."""
    taken = pill("Delivered", "circle-check", "green")
    return rx.el.div(
        rx.el.span(
            rx.cond(line["error"], pill("Failed", "circle-x", "red"), taken),
            rx.el.span(line["name"], class_name="mono plain"),
            rx.cond(line["seq"], rx.el.span("#", line["seq"], class_name="faint mono"), rx.fragment()),
            class_name="inline wrap",
        ),
        rx.cond(line["error"], rx.el.p(line["error"], class_name="second why"), rx.fragment()),
    )
