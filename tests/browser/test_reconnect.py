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
CAUGHT_UP_SECONDS = 1 if FULL else 5
"""From Live to what a fresh page shows; looser beside other tests."""
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
NOTE_WHAT_IS_SHOWN = f"""() => {{
  const shown = {SHOWN};
  const seen = (window.seen = {{ words: JSON.stringify(shown()), changed: 0, away: false, live: 0 }});
  new MutationObserver(() => {{
    const live = document.querySelector(".chip")?.textContent === "Live";
    seen.away ||= !live;
    if (live && seen.away && !seen.live) seen.live = performance.now();
    const words = JSON.stringify(shown());
    if (words !== seen.words) Object.assign(seen, {{ words, changed: performance.now() }});
  }}).observe(document.documentElement, {{ subtree: true, childList: true, characterData: true, attributes: true }});
}}"""
"""From now on keep when the chip says Live again, and when what is shown last became something else."""
NEVER_BY_ITSELF = "() => { Math.random = () => 1000; }"
"""The waits between tries are random parts of their limits: minutes, from now on."""
CAUGHT_UP = "() => window.seen.live && window.seen.changed && (window.seen.changed - window.seen.live) / 1000"
"""Seconds from the one to the other; 0 as long as one of them has not happened."""


WHOLE = """() => document.querySelector("main") && !document.querySelector("main .empty[role=status]")
  && [...document.querySelectorAll(".count")].every((count) => count.textContent)"""
"""Whether all that a page asked has been answered: what says that it is loading is a status."""


def shown(page: Page) -> list[str]:
    """What stands in the page, once all of it has come."""
    page.wait_for_function(WHOLE)
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
    for page in pages:
        page.evaluate(NOTE_WHAT_IS_SHOWN)

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
    # Fresh ones are opened afterwards, or their loading would be the time in which the others come to equal them.
    fresh = [shown(lena.tab(desk.url + path)) for path in paths]
    for page, wanted in zip(pages, fresh, strict=True):
        with suppress(PlaywrightTimeout):
            page.wait_for_function(SAME_AS, arg=wanted, timeout=5000)
        assert shown(page) == wanted
    assert all(old != new for old, new in zip(before, fresh, strict=True)), (
        "there was nothing to catch up with"
    )
    late = [page.evaluate(CAUGHT_UP) for page in pages]
    assert all(late), "nobody saw it change"
    figure(
        f"reset: the last of three screens equals a fresh one, {50 * ROUNDS} changes later, after",
        max(0.0, *late),
        "s",
    )
    assert max(late) < CAUGHT_UP_SECONDS
    numbers = row_with(lena.page, word).get_by_role("link").filter(has_text="C-").all_inner_texts()
    assert len(numbers) == len(set(numbers)) == min(25, 1 + 15 * ROUNDS)
    expect(half_typed).to_have_value("The lift is st")


def test_a_cut_connection_says_so_and_can_be_tried_at_once(sit: Sit, wired: Wired) -> None:
    page = sit("lena", base=wired.wire.url).page
    page.evaluate(NEVER_BY_ITSELF)
    wired.wire.cut()
    expect_chip(page, "Reconnecting…")
    wired.wire.mend()
    page.get_by_role("button", name="Try now").click()
    expect_chip(page, "Live")
