"""A server that is started again under an open page: the page says so, and comes back by itself."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from ..figures import Figure
from ..running_desk import RunningDesk
from ..seats import Sit

BACK_SECONDS = 5


def test_pages_say_that_the_desk_restarts_and_come_back_by_themselves(
    desk: RunningDesk, sit: Sit, figure: Figure
) -> None:
    seat = sit("lena", "/calls")
    seat.page.evaluate("""() => {
      window.said = [];
      const chip = document.querySelector(".chip");
      new MutationObserver(() => window.said.push(chip.textContent)).observe(
        chip, { childList: true, characterData: true, subtree: true });
    }""")
    pages = [seat.page, *(seat.tab(desk.url + path) for path in ("/carry-ins", "/customers", "/activity"))]
    stopped = time.monotonic()
    desk.stop()
    figure("restart under 50 sessions: an idle server is gone after", time.monotonic() - stopped, "s")
    desk.start(desk.port)
    up = time.monotonic()
    for page in pages:
        expect(page.locator(".chip")).to_have_text("Live", timeout=BACK_SECONDS * 1000)
    figure("restart under 50 sessions: four pages in Chromium are back after", time.monotonic() - up, "s")
    assert seat.page.evaluate("window.said")[0] == "Restarting…"
