"""Ways in which one tab alone loses its connection and gets it back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

GOODBYE = "() => window.deskSocket.listeners('restarting').forEach((hear) => hear())"
"""The page hears what a server says that is asked to stop."""
HANG_UP = "() => window.deskSocket.io.engine.close()"
KEPT_APART = "() => { window.deskSocket.connect = () => {}; }"
"""Its next connection is not made until it is let back."""
CUT_OFF = "() => { window.deskSocket.connect = () => {}; window.deskSocket.io.engine.close(); }"
LET_BACK = """() => { delete window.deskSocket.connect; window.deskSocket.wait_connect = false;
  dispatchEvent(new Event("online")); }"""


def come_back(page: Page) -> None:
    page.evaluate(LET_BACK)
    expect(page.locator(".chip")).to_have_text("Live")
