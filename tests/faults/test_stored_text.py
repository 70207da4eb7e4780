"""Stored text is text: in every field, on every page, no script of it runs, and no file carries a formula away."""

from __future__ import annotations

from itertools import cycle

import pytest
from playwright.sync_api import Browser, Page

from service_desk.actions.calls import create_call
from service_desk.actions.calls_visit import cancel_call, complete_call, reopen_call, start_call
from service_desk.actions.carry_ins import receive_carry_in
from service_desk.actions.carry_ins_repair import (
    complete_carry_in,
    deliver_carry_in,
    return_to_bench,
    take_to_bench,
)
from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.domain.users import Role

from ..factories import a_phone
from ..figures import Figure
from ..running_desk import RunningDesk
from ..seats import Sit
from .hostile import FORMULAS, SCRIPTS
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
PAGES_OF_A_LIST = 9
SEATS = 4
KINDS = ("text/html", "javascript", "text/css", "font/", "image/", "application/json", "application/manifest")
"""What the desk sends. Neither CSV nor a spreadsheet is among them, so that no formula leaves it in one."""
SETTLED = """() => {
  const text = document.querySelector("main")?.innerText ?? "";
  return text && !text.includes("Loading…");
}"""
ALIVE = """() => {
  const safe = /^(https?:|tel:|mailto:|\\/|#|\\?)/;
  const strange = [...document.querySelectorAll("a[href], form[action], iframe, object, embed, marquee")]
    .filter((each) => !safe.test(each.getAttribute("href") ?? each.getAttribute("action") ?? "none"));
  const armed = [...document.querySelectorAll("*")]
    .filter((each) => [...each.attributes].some(({ name, value }) => name.startsWith("on") && value.includes("hit")));
  return (window.hit ?? 0) + strange.length + armed.length;
}"""
"""How much of the page is neither text nor the desk's own."""


def store(desk: RunningDesk, number: int, text: str) -> list[str]:
    """Put the text into every field that takes one; the pages on which it is then."""
    maya, ravi, dana = desk.people["maya"], desk.people["ravi"], desk.people["dana"]
    calls = create_category(dana, CategoryKind.CALL, {"name": f"{text[:50]} {number}"})
    items = create_category(dana, CategoryKind.CARRY_IN, {"name": f"{text[:50]} {number}"})
    customer = {"phone": a_phone(), "customer_name": text, "address": text}
    call = {"problem": text, "category_id": calls, "assigned_to_id": ravi.id, "instructions": text}
    first = create_call(maya, {**customer, **call})
    start_call(ravi, first)
    complete_call(ravi, first, {"remark": text})
    second = create_call(maya, {**customer, **call})
    cancel_call(maya, second, {"reason": text})
    third = create_call(maya, {**customer, **call})
    cancel_call(maya, third, {"reason": text})
    reopen_call(maya, third, {"reason": text})
    item = {
        "item": text,
        "serial_number": text[:80],
        "accessories": text,
        "fault": text,
        "category_id": items,
    }
    carry_in = receive_carry_in(maya, {**customer, **item})
    take_to_bench(maya, carry_in, {})
    done = {"outcome": "repaired", "remark": text}
    complete_carry_in(maya, carry_in, done)
    return_to_bench(maya, carry_in, {"reason": text})
    complete_carry_in(maya, carry_in, done)
    deliver_carry_in(maya, carry_in, {"delivered_to": text, "remark": text})
    desk.hire(username=f"text{number}", name=text[:100], role=Role.ENGINEER)
    return [f"/calls/{first}", f"/calls/{second}", f"/calls/{third}", f"/carry-ins/{carry_in}"]


def look(page: Page, address: str) -> int:
    """Open a page, wait until it has its rows, and count what is alive on it."""
    page.goto(address)
    page.locator(".chip[data-kind=live]").wait_for()
    page.wait_for_function(SETTLED)
    return int(page.evaluate(ALIVE))


@pytest.mark.parametrize("kind", ["scripts", "formulas"])
def test_no_stored_text_comes_alive(
    desk: RunningDesk, sit: Sit, chromium: Browser, figure: Figure, kind: str
) -> None:
    every = SCRIPTS if kind == "scripts" else FORMULAS
    texts = every[:: scaled(len(every) // 10, 1)]
    pages = [page for number, text in enumerate(texts) for page in store(desk, number, text)]
    # In turns: one sign-in may not open so many pages in so short a time.
    seats = [sit("dana").page for _ in range(SEATS)]
    sent: set[str] = set()
    for page in seats:
        page.on("response", lambda answer: sent.add(answer.headers.get("content-type", "text/html")))
        page.on("dialog", lambda asked: asked.dismiss())
    rows = min(PAGES_OF_A_LIST, 1 + 3 * len(texts) // 25)
    lists = [
        f"{place}{'&' if '?' in place else '?'}page={page + 1}" for place in LISTS for page in range(rows)
    ]
    alive = sum(
        look(seat, desk.url + path) for seat, path in zip(cycle(seats), [*lists, *pages], strict=False)
    )
    assert alive == 0
    shown = seats[(len(lists) + len(pages) - 1) % SEATS].locator("main").inner_text()
    assert texts[-1][:20].strip() in shown, "the text is not on the page at all"
    assert not [kind for kind in sent if not kind.startswith(KINDS) and "javascript" not in kind]
    if kind == "scripts":
        assert alive_when_trusted(chromium, texts) > len(texts) // 4, "the texts would do no harm anywhere"
    figure(f"stored text is text: {kind} tried in every field", len(texts))
    figure(f"stored text is text: {kind} alive", alive)


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
