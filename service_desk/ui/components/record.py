"""A record's page: where it stands, its facts in a column beside it, and the customer's card."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .. import slots
from ..live_state import answered, extra_of, held_row, order_of, row_of
from .contact import map_link
from .lists import empty, waiting
from .marks import js
from .work import work_row


def found(slot: Any, record: Any, page: rx.Component, missing: str) -> rx.Component:
    """The record, or that it isn't there, or that it is on its way. `record` is the slot's only row."""
    refused = extra_of(slot, "refused")
    gone = rx.cond(refused, empty(refused), empty(missing, "It may not exist, or it is not yours to see."))
    here = js(
        f"(typeof window === 'undefined' || window.location.pathname.endsWith('/' + {record['id']!s}))",
        record,
    )
    there = rx.cond(order_of(slot).length() == 0, gone, rx.cond(here.to(bool), page, waiting()))
    return rx.cond(answered(slot), there, waiting())


def crumb(label: str, href: str, number: Any) -> rx.Component:
    return rx.el.nav(
        rx.el.a(rx.icon("chevron-left"), label, href=href),
        rx.el.span("·", custom_attrs={"aria-hidden": "true"}),
        rx.el.span(number),
        class_name="crumb not-phone",
        custom_attrs={"aria-label": "Where this is"},
    )


def topic(words: str, number: Any, back: str) -> rx.Component:
    """The page's title: the place on a desk; on a phone the record's number with the way back."""
    return rx.fragment(
        rx.el.span(words, class_name="not-phone"),
        rx.el.span(
            rx.el.a(
                rx.icon("chevron-left"), href=back, class_name="back", custom_attrs={"aria-label": "Back"}
            ),
            number,
            class_name="only-phone topic",
        ),
    )


def facts(*pairs: rx.Component) -> rx.Component:
    return rx.el.dl(*pairs, class_name="facts")


def fact(label: str, *value: Any) -> rx.Component:
    return rx.fragment(rx.el.dt(label), rx.el.dd(*value))


def fact_if(there: Any, label: str, *value: Any) -> rx.Component:
    return rx.cond(there, fact(label, *value), rx.fragment())


def menu(menu_id: str, *items: rx.Component) -> rx.Component:
    """The "⋯" button and what it opens."""
    return rx.fragment(
        rx.el.button(
            rx.icon("ellipsis"),
            type="button",
            class_name="button icon",
            custom_attrs={"popovertarget": menu_id, "aria-label": "More"},
        ),
        rx.el.div(*items, id=menu_id, custom_attrs={"popover": "auto"}),
    )


def customer_card(record: Any, place: Any, may_see: Any = True) -> rx.Component:
    """Who it is for: name, phone, place; ring them, find the way. `may_see` their page, that is."""
    page = "/customers/" + record["customer_id"].to(str)
    return rx.el.section(
        rx.cond(
            may_see,
            rx.el.a(record["customer"], href=page, class_name="strong link"),
            rx.el.span(record["customer"], class_name="strong"),
        ),
        rx.el.p(record["phone"], class_name="second not-phone"),
        rx.cond(place, rx.el.p(place, class_name="second"), rx.fragment()),
        ways(record["tel"], place),
        class_name="customer-card",
        custom_attrs={"aria-label": "Customer"},
    )


def ways(tel: Any, place: Any) -> rx.Component:
    """The same as `contact.reach`, in words."""
    return rx.el.div(
        rx.el.a(rx.icon("phone"), "Call", href="tel:" + tel.to(str), class_name="button"),
        rx.cond(
            place,
            rx.el.a(
                rx.icon("map-pin"),
                "Map",
                href=map_link(place),
                target="_blank",
                rel="noopener noreferrer",
                class_name="button",
            ),
            rx.fragment(),
        ),
        class_name="ways",
    )


def other_work(record: Any, ask: Any) -> rx.Component:
    """The customer's further calls and carry-ins (`slots.Work`); nothing when there are none.

    `ask` is the page's handler that asks for them, for a record that came into sight after the page was opened.
    """
    label, order = "Other work", order_of(slots.Work)
    some = rx.el.section(
        rx.el.h2(label),
        rx.foreach(order, lambda key: work_line(row=row_of(slots.Work, key), key=key)),
        custom_attrs={"aria-label": label},
    )
    theirs = extra_of(slots.Work, "customer_id", int) == record["customer_id"].to(int)
    return rx.cond(theirs, rx.cond(order.length() > 0, some, rx.fragment()), rx.el.span(on_mount=ask))


@rx.memo
def work_line(row: rx.Var[dict[str, Any]], rest: rx.RestProp) -> rx.Component:
    return work_row(held_row(row))


def heading(text: Any) -> Any:
    """What a text is about: its first line or sentence, cut when it has no early end."""
    return js(f"({_SPLIT})({text!s} ?? '')[0]", text)


def remainder(text: Any) -> Any:
    """The text after its heading; all of it when the heading had to be cut."""
    return js(f"({_SPLIT})({text!s} ?? '')[1]", text)


_SPLIT = (
    "(text) => { const found = text.match("
    r"/^([^\n]{1,110}?[?!]|[^\n]{12,110}?|[^\n]{1,110})(?:\.?\s*(?:\n|$)|(?<=[?!])\s+|\.\s+)/);"
    " return found ? [found[1], text.slice(found[0].length)]"
    r" : [text.slice(0, 100).replace(/\s+\S*$/, '') + '…', text] }"
)
