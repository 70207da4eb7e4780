"""Stored text is text: in every field, on every page, no script of it runs, and no file carries a formula away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

import pytest
from playwright.sync_api import Browser, Page

from service_desk.actions import doors

from ..figures import Figure
from ..running_desk import RunningDesk
from ..seats import Sit
from .hostile import FORMULAS, SCRIPTS
from .planting import knock, plant
from .scale import scaled

LISTS = (
    "/calls?tab=all",
    "/carry-ins?tab=all",
    "/customers",
    "/users",
    "/categories",
    "/activity",
    "/profile",
)
DOORS = ("/security?tab=sign-ins", "/security?tab=doors")
PLAIN = ("/plain/calls?tab=all", "/plain/carry-ins?tab=all")
PAGES_OF_A_LIST = 9
SEATS = 4
KNOCKS = 50
"""One address has room for 200 lines an hour in the door book."""
KINDS = ("text/html", "javascript", "text/css", "font/", "image/", "application/json", "application/manifest")
"""What the desk sends. It exports nothing: no CSV and no spreadsheet is among them that a formula could leave in."""
SETTLED = """() => {
  const text = document.querySelector("main")?.innerText ?? "";
  return text && !text.includes("Loading…");
}"""
ALIVE = """() => {
  const safe = /^(https?:|tel:|mailto:|\\/|#|\\?|$)/;
  const strange = [...document.querySelectorAll("a[href], form[action], iframe, object, embed, marquee")]
    .filter((each) => !safe.test(each.getAttribute("href") ?? each.getAttribute("action") ?? "none"));
  const armed = [...document.querySelectorAll("*")]
    .filter((each) => [...each.attributes].some(({ name, value }) => name.startsWith("on") && value.includes("hit")));
  return (window.hit ?? 0) + strange.length + armed.length;
}"""
"""How much of the page is neither text nor the desk's own."""


FILES = (
    """() => document.querySelectorAll("[download], [href*='.csv'], [href*='.xls'], [href*='.ods']").length"""
)


@dataclass(frozen=True)
class Found:
    """How much of one page is alive, and how many files for a spreadsheet it offers."""

    alive: int
    files: int


def look(page: Page, address: str) -> Found:
    """Open a page, wait until it has its rows, and count."""
    page.goto(address)
    page.locator(".chip[data-kind=live]").wait_for()
    page.wait_for_function(SETTLED)
    return count(page)


def look_plainly(page: Page, address: str) -> Found:
    """The same for a page without a script of the desk's own."""
    answer = page.goto(address)
    assert answer is not None and answer.ok, address
    return count(page)


def count(page: Page) -> Found:
    return Found(int(page.evaluate(ALIVE)), int(page.evaluate(FILES)))


def of_lists(lists: Sequence[str], pages: int) -> list[str]:
    """The first pages of each."""
    numbers = range(1, 1 + min(PAGES_OF_A_LIST, pages))
    return [f"{path}{'&' if '?' in path else '?'}page={number}" for path in lists for number in numbers]


def is_work(path: str) -> bool:
    """Calls and carry-ins have plain pages."""
    return path.startswith(("/calls/", "/carry-ins/"))


@pytest.mark.parametrize("kind", ["scripts", "formulas"])
def test_no_stored_text_comes_alive(
    desk: RunningDesk, sit: Sit, chromium: Browser, figure: Figure, kind: str
) -> None:
    every = SCRIPTS if kind == "scripts" else FORMULAS
    texts = every[:: scaled(len(every) // 10, 1)]
    records = [path for number, text in enumerate(texts) for path in plant(desk, number, text)]
    while doors.write():
        pass
    for text in texts[:KNOCKS]:
        knock(desk, text)
    # In turns: one sign-in may not open so many pages in so short a time.
    seats = [sit("dana").page for _ in range(SEATS)]
    sent: set[str] = set()
    for page in seats:
        page.on("response", lambda answer: sent.add(answer.headers.get("content-type", "text/html")))
        page.on("dialog", lambda asked: asked.dismiss())
    live = [*of_lists(LISTS, 1 + 3 * len(texts) // 25), *of_lists(DOORS, 1 + 2 * len(texts) // 25), *records]
    found = [look(seat, desk.url + path) for seat, path in zip(cycle(seats), live, strict=False)]
    shown = seats[(len(live) - 1) % SEATS].locator("main").inner_text()
    look(seats[0], f"{desk.url}/security?tab=doors")
    at_the_doors = seats[0].locator("main").inner_text()
    plain = [
        *of_lists(PLAIN, 1 + 3 * len(texts) // 25),
        *(f"/plain{path}" for path in records if is_work(path)),
    ]
    found += [look_plainly(seats[0], desk.url + path) for path in plain]
    alive, files = sum(each.alive for each in found), sum(each.files for each in found)
    files += len([kind for kind in sent if not kind.startswith(KINDS) and "javascript" not in kind])
    figure(f"stored text is text: {kind} tried in every field", len(texts))
    figure("stored text is text: pages looked at, plain ones too", len(found))
    if kind == "scripts":
        figure("stored text is text: scripts alive", alive)
        assert alive_when_trusted(chromium, texts) > len(texts) // 4, "the texts would do no harm anywhere"
    else:
        figure("stored text is text: files for a spreadsheet, offered or sent", files)
    assert texts[-1][:20].strip() in shown, "the text is not on the page at all"
    assert texts[-1][:20].strip() in seats[0].locator("body").inner_text(), "nor on the plain one"
    assert any(text[:20].strip() in at_the_doors for text in texts), "nor at the doors"
    assert alive == 0
    assert files == 0


def alive_when_trusted(chromium: Browser, texts: list[str]) -> int:
    """How many of the texts come alive on a page that takes them for markup."""
    page = chromium.new_page()
    count = 0
    for text in texts:
        page.set_content(f"<main>{text}</main>")
        page.wait_for_timeout(20)
        count += bool(page.evaluate(ALIVE))
    page.close()
    return count
