"""A tab that stands still for longer than the server waits: once it runs again it shows what a fresh one shows."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from service_desk.web.server import PING_SECONDS

from ..browser.steps import row_with
from ..browser.test_reconnect import SAME_AS, shown
from ..factories import make_call, make_category
from ..figures import Figure
from ..hub_room import edit
from ..running_desk import RunningDesk
from ..seats import Sit
from .scale import scaled

STILL_SECONDS = scaled(2 * PING_SECONDS + 5, 300)
NEW, EDITS = 24, 26
"""What happens meanwhile; all of it fits on the first page."""
BACK_SECONDS = 10
SAME_MS = 1_500
NOTE_KINDS = """() => {
  window.kinds = [];
  const root = document.documentElement;
  new MutationObserver(() => window.kinds.push(root.dataset.connection))
    .observe(root, { attributeFilter: ["data-connection"] });
}"""
BACK = "() => window.kinds.length > 1 && window.kinds.at(-1) === 'live'"
"""It was away, and is back: what the chip said since NOTE_KINDS."""


@contextmanager
def standing_still(page: Page) -> Iterator[None]:
    """Stop the process that runs this page, as a browser or a lid does: no timer, no socket, no answer to a ping."""
    process = renderer_of(page)
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def renderer_of(page: Page) -> int:
    """The process in which the page runs: of all renderers, the one that works while the page does."""
    browser = page.context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()
    before = _seconds(session)
    page.evaluate("() => { const until = performance.now() + 700; while (performance.now() < until); }")
    after = _seconds(session)
    session.detach()
    return max(after, key=lambda process: after[process] - before.get(process, 0))


def _seconds(session: object) -> dict[int, float]:
    """Each renderer's time at work so far, by process id."""
    told = session.send("SystemInfo.getProcessInfo")  # type: ignore[attr-defined]
    return {each["id"]: each["cpuTime"] for each in told["processInfo"] if each["type"] == "renderer"}


def test_a_tab_that_stood_still_shows_within_a_second_what_a_fresh_one_shows(
    desk: RunningDesk, sit: Sit, figure: Figure
) -> None:
    maya, category = desk.people["maya"], make_category(name="Network")
    first = make_call(maya, category_id=category, problem="Word 0")
    path = "/calls?tab=all"
    page, fresh = sit("lena", path).page, sit("lena", path).page
    expect(row_with(page, "Word 0")).to_be_visible()
    page.evaluate(NOTE_KINDS)
    with standing_still(page):
        until = time.monotonic() + STILL_SECONDS
        for number in range(NEW):
            make_call(maya, category_id=category, problem=f"New {number}")
        for number in range(EDITS):
            edit(maya, first, problem=f"Word {number + 1}")
        time.sleep(max(0, until - time.monotonic()))
        fresh.reload()
        expect(row_with(fresh, f"Word {EDITS}")).to_be_visible()
        wanted = shown(fresh)
    start = time.monotonic()
    page.wait_for_function(BACK, timeout=BACK_SECONDS * 1000)
    live = time.monotonic()
    page.wait_for_function(SAME_AS, arg=wanted, timeout=SAME_MS)
    figure(f"tab frozen: after {STILL_SECONDS} s live again in", live - start, "s")
    figure("tab frozen: equals a fresh one after that", time.monotonic() - live, "s")
    numbers = page.locator("main .row").get_by_role("link").filter(has_text="C-").all_inner_texts()
    assert len(numbers) == len(set(numbers)) == NEW + 1
