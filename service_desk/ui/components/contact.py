"""Reaching a customer: ring them, find the way."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .marks import js


def ring(tel: Any) -> rx.Component:
    """Ring the customer."""
    return rx.el.a(
        rx.icon("phone"),
        href="tel:" + tel.to(str),
        class_name="button icon",
        custom_attrs={"aria-label": "Call the customer"},
    )


def reach(tel: Any, place: Any) -> rx.Component:
    """Ring the customer, find the way."""
    return rx.fragment(
        ring(tel),
        rx.cond(
            place,
            rx.el.a(
                rx.icon("map-pin"),
                href=map_link(place),
                target="_blank",
                rel="noopener noreferrer",
                class_name="button icon",
                custom_attrs={"aria-label": "Map"},
            ),
            rx.fragment(),
        ),
    )


def map_link(place: Any) -> Any:
    """A search for the address on a map; opened only when somebody asks for it."""
    return js(f"('https://www.openstreetmap.org/search?query=' + encodeURIComponent({place!s} ?? ''))", place)
