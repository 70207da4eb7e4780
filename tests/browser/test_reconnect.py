"""A browser whose connection was cut shows afterwards what a fresh one shows."""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import islice, pairwise

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from service_desk.actions.calls import create_call
from service_desk.queries.calls import CallsQuestion, list_calls

from ..figures import FULL, Figure
from ..typist import Typist
from .conftest import Sit, Wired
from .steps import dialog_of, row_with

CUT_SECONDS = 10
SHOWN = """() => {
  const words = (root) => {
    const copy = root.cloneNode(true);
    copy.querySelectorAll("time").forEach((time) => time.replaceWith(time.dateTime));
    return copy.textContent;
  };
  const all = "main .row, main .history > li, main dd, main h2, main .tab, .nav-link";
  return [...document.querySelectorAll(all)].map(words);
}"""
"""All that a page shows of the desk, with each time as the moment that it means."""


SAME_AS = f"(fresh) => JSON.stringify(({SHOWN})()) === JSON.stringify(fresh)"


def shown(page: Page) -> list[str]:
    words: list[str] = page.evaluate(SHOWN)
    return words


def expect_chip(page: Page, word: str) -> None:
    expect(page.locator(".chip")).to_have_text(word)


ROUNDS = 10 if FULL else 1
PAUSE_SECONDS = 0.05 if FULL else 0.0
"""Nobody may make more than 30 changes a second for long."""


def make_changes(typist: Typist, wired: Wired, first: int, word: str, phone: str) -> None:
    """ROUNDS times: twenty calls are logged, fifteen times one is edited, ten are assigned and five are cancelled."""
    maya, network = wired.desk.people["maya"], wired.categories["Network"]
    words = [f"{word} first", *(f"{word} edit {number}" for number in range(15 * ROUNDS))]
    edits = pairwise(words)
    for turn in range(ROUNDS):
        for number in range(20):
            typist.log_call(f"{word} new {turn} {number}", network, phone)
            time.sleep(PAUSE_SECONDS)
        for before, after in islice(edits, 15):
            typist.edit_call(first, {"problem": before}, problem=after)
            time.sleep(PAUSE_SECONDS)
        newest = [key for key in list_calls(maya, CallsQuestion(search=word)).order if key != first][:20]
        for call_id in newest[:10]:
            typist.assign_call(int(call_id), wired.desk.people["ravi"].id)
        for call_id in newest[-5:]:
            typist.cancel_call(int(call_id), f"{word} was nothing")


def test_after_ten_seconds_without_a_socket_and_many_changes_every_screen_equals_a_fresh_one(
    sit: Sit, wired: Wired, typist: Typist, word: str, phone: str, figure: Figure
) -> None:
    desk, wire = wired.desk, wired.wire
    form = {"phone": phone, "customer_name": "Bright Stores", "category_id": wired.categories["Network"]}
    first = create_call(desk.people["maya"], {**form, "problem": f"{word} first"})
    paths = [f"/calls?q={word}", f"/calls/{first}", f"/activity?person={desk.people['maya'].id}"]
    lena = sit("lena", paths[0], base=wire.url)
    pages = [lena.page, *(lena.tab(wire.url + path) for path in paths[1:])]
    expect(row_with(lena.page, f"{word} first")).to_be_visible()
    lena.page.keyboard.press("n")
    half_typed = dialog_of(lena.page, "New call").get_by_label("Problem")
    half_typed.fill("The lift is st")
    before = [shown(page) for page in pages]

    wire.cut()
    until = time.monotonic() + CUT_SECONDS
    for page in pages:
        expect_chip(page, "Reconnecting…")
    make_changes(typist, wired, first, word, phone)
    assert [shown(page) for page in pages] == before
    lena.page.wait_for_timeout((until - time.monotonic()) * 1000)
    wire.mend()
    for page in pages:
        expect_chip(page, "Live")
    begun = time.monotonic()

    for page, path in zip(pages, paths, strict=True):
        fresh = shown(lena.tab(desk.url + path))
        with suppress(PlaywrightTimeout):
            page.wait_for_function(SAME_AS, arg=fresh, timeout=1000)
        assert shown(page) == fresh
    figure(
        f"network cut: three screens equal three fresh ones, {50 * ROUNDS} changes",
        time.monotonic() - begun,
        "s",
    )
    numbers = row_with(lena.page, word).get_by_role("link").filter(has_text="C-").all_inner_texts()
    assert len(numbers) == len(set(numbers)) == min(25, 1 + 15 * ROUNDS)
    expect(half_typed).to_have_value("The lift is st")


def test_a_cut_connection_says_so_and_can_be_tried_at_once(sit: Sit, wired: Wired) -> None:
    page = sit("lena", base=wired.wire.url).page
    wired.wire.cut()
    expect_chip(page, "Reconnecting…")
    wired.wire.mend()
    page.get_by_role("button", name="Try now").click()
    expect_chip(page, "Live")
