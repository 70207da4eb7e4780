"""The tab used least lately rests once there are more than ten: it says so, keeps what it shows, and comes back."""

from __future__ import annotations

import time
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from service_desk.config import Settings
from service_desk.live.lines import BURST_SECONDS

from ..caller import Caller
from .conftest import Sit, Wired
from .test_reconnect import expect_chip, shown

MOST = 10


def test_a_tab_rests_says_why_and_comes_back_when_asked(sit: Sit, wired: Wired) -> None:
    lena = sit("lena", "/calls").page
    before = shown(lena)
    with ExitStack() as others:
        for _ in range(MOST):
            others.enter_context(Caller(wired.desk.url, wired.desk.token("lena"))).settle()
        expect_chip(lena, "Resting")
        expect(lena.get_by_role("alert").filter(has_text=f"more than {MOST} tabs")).to_be_visible()
        # Nobody asks for it back: it must not ask for itself either.
        time.sleep(3)
        expect_chip(lena, "Resting")
        assert shown(lena) == before
        lena.get_by_role("button", name="Try now").click()
        expect_chip(lena, "Live")
        expect(lena.get_by_text(f"more than {MOST} tabs")).to_have_count(0)


@pytest.mark.parametrize("path", ["/calls", "/carry-ins", "/customers", "/categories", "/users", "/profile"])
def test_a_page_needs_few_of_the_events_that_it_may_send(sit: Sit, path: str) -> None:
    sent: list[str] = []
    seat = sit("dana", "/calls")
    page = seat.context.new_page()
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    page.goto(seat.page.url.replace("/calls", path))
    expect_chip(page, "Live")
    page.wait_for_load_state("networkidle")
    messages = [frame for frame in sent if frame.startswith("4")]
    # Ten tabs may come back at once.
    assert 10 * len(messages) <= Settings().events_per_second * BURST_SECONDS
