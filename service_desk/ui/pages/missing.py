"""What stands at an address where there is nothing."""

from __future__ import annotations

import reflex as rx

from ...domain.access import Permission
from .. import guard
from ..frame import framed
from ..visit import visit


class MissingPage(rx.State):
    @guard.handler(Permission.SIGNED_IN)
    async def look(self) -> None:
        """Nothing but the frame."""
        await visit(self, {})


def missing_page() -> rx.Component:
    return framed(
        "Not found",
        rx.el.div(
            rx.el.strong("This page does not exist."),
            rx.el.p("The address may be mistyped, or its page has moved."),
            rx.el.a("Back to calls", href="/calls", class_name="button"),
            class_name="empty",
        ),
        here="",
    )
