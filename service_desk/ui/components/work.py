"""A customer's other work, in short rows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from .marks import call_status, carry_in_status


def work_row(row: Any, **link: Any) -> rx.Component:
    """One call or carry-in: number, title, status; a link to it, with further attributes of the link."""
    place = rx.cond(row["kind"] == "call", "/calls/", "/carry-ins/")
    status = rx.cond(
        row["kind"] == "call", call_status(row["status"]), carry_in_status(row["status"], row["outcome"])
    )
    return rx.el.a(
        rx.el.span(row["number"], class_name="mono faint"),
        rx.el.span(row["title"], class_name="cut"),
        status,
        href=place + row["record_id"].to(str),
        class_name="work",
        **link,
    )


def known_customer(found: Any, work: Any) -> rx.Component:
    """Who it is and what is open for them, as soon as the number is known."""
    return rx.cond(
        found.contains("id"),
        rx.el.div(
            rx.el.p(
                rx.icon("copy-plus"),
                rx.el.span(
                    "This number is ",
                    rx.el.b(found["name"]),
                    "’s, so this goes to them.",
                ),
                class_name="inline",
            ),
            # Another tab: whoever is on the phone must not lose the form. Not a stop on the way through it.
            rx.foreach(work[:3], lambda row: work_row(row.to(dict[str, Any]), target="_blank", tab_index=-1)),
            class_name="notice",
            style={"flexDirection": "column", "alignItems": "stretch", "gap": "2px"},
            role="status",
        ),
        rx.fragment(),
    )
