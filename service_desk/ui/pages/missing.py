"""What stands at an address where there is nothing."""

from __future__ import annotations

import reflex as rx

from ... import reference
from ...domain.access import Permission
from ...log import get_logger
from .. import guard
from ..frame import framed
from ..visit import visit

log = get_logger(__name__)


class MissingPage(rx.State):
    """`reference` is what people can quote when they ask why there is nothing."""

    reference: str = ""

    @guard.handler(Permission.SIGNED_IN)
    async def look(self) -> None:
        """Nothing but the frame."""
        self.reference = reference.current()
        log.info("there is no such page", path=str(self.router.url.path))
        await visit(self, {})


def missing_page() -> rx.Component:
    return framed(
        "Not found",
        rx.el.div(
            rx.el.strong("This page does not exist."),
            rx.el.p("The address may be mistyped, or its page has moved."),
            rx.el.p("Reference ", rx.el.code(MissingPage.reference), class_name="hint"),
            rx.el.a("Back to calls", href="/calls", class_name="button"),
            class_name="empty",
        ),
        here="",
    )
