"""The pages, one file for each noun of the desk."""

from __future__ import annotations

import reflex as rx

from .calls import calls_page
from .calls_state import CallsPage
from .carry_ins import carry_ins_page
from .carry_ins_state import CarryInsPage


def add_pages(app: rx.App) -> None:
    """Every address of the desk, with what it asks for when it is opened."""
    app.add_page(calls_page, route="/calls", title="Calls · Service Desk", on_load=CallsPage.look)
    app.add_page(
        carry_ins_page, route="/carry-ins", title="Carry-ins · Service Desk", on_load=CarryInsPage.look
    )
