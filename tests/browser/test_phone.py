"""The engineer's phone: 360 pixels wide, one obvious next step, and nothing scrolls sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from service_desk.actions.calls import create_call
from service_desk.actions.carry_ins import receive_carry_in
from service_desk.domain.calls import Call, CallStatus

from ..readings import stored
from .conftest import Sit, Wired
from .steps import dialog_of, fill_in, row_with

LONG = "Unbreakable" * 12
STICKS_OUT = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(each).position !== "fixed")
  .slice(0, 5).map((each) => each.outerHTML.slice(0, 120))"""

IN_SIGHT = """((tab) => { const [row, own] = [tab.parentElement, tab].map((each) => each.getBoundingClientRect());
  return own.width > 0 && own.left >= row.left - 1 && own.right <= row.right + 1; })"""


@pytest.fixture
def records(wired: Wired, word: str, phone: str) -> dict[str, int]:
    """A call of Ravi's and a carry-in of one customer, all with words as long as they may be."""
    people = wired.desk.people
    who = {
        "phone": phone,
        "customer_name": f"{word}{LONG}"[:120],
        "address": f"12 {LONG} Street, Springfield",
    }
    problem = {"problem": f"{word} {LONG}", "category_id": wired.categories["Network"]}
    dispatched = {"assigned_to_id": people["ravi"].id, "instructions": LONG}
    call = create_call(people["maya"], {**who, **problem, **dispatched})
    what = {"item": f"{word} {LONG}"[:120], "fault": LONG, "category_id": wired.categories["Laptops"]}
    carry_in = receive_carry_in(people["maya"], {**who, **what, "serial_number": "9" * 80})
    return {"call": call, "carry_in": carry_in, "customer": stored(Call, call).customer_id}


def expect_no_sideways_scroll(page: Page) -> None:
    width = page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= page.viewport_size["width"], (page.url, width, page.evaluate(STICKS_OUT))


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_scrolls_sideways_on_any_page(
    sit: Sit, wired: Wired, records: dict[str, int], word: str, width: int
) -> None:
    page = sit("dana", f"/calls?q={word}", width=width, height=740).page
    paths = (
        f"/calls/{records['call']}",
        f"/carry-ins?q={word}",
        f"/carry-ins/{records['carry_in']}",
        f"/customers?q={word}",
        f"/customers/{records['customer']}",
        "/activity",
        "/users",
        "/categories",
        "/profile",
        "/nowhere",
    )
    expect(row_with(page, word)).to_be_visible()
    expect_no_sideways_scroll(page)
    for path in paths:
        page.goto(wired.desk.url + path)
        expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()
        expect(page.get_by_text("Loading…")).to_have_count(0)
        expect_no_sideways_scroll(page)


def test_nothing_scrolls_sideways_on_the_pages_before_the_sign_in(sit: Sit) -> None:
    for path in ("/sign-in?reason=deactivated", "/setup?token=nothing"):
        expect_no_sideways_scroll(sit(None, path, width=320, height=640).page)


def test_nothing_scrolls_sideways_in_a_dialog(sit: Sit) -> None:
    page = sit("dana", width=320, height=640).page
    page.get_by_role("button", name="New call").click()
    dialog = dialog_of(page, "New call")
    expect(dialog).to_be_visible()
    expect_no_sideways_scroll(page)
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")


@pytest.mark.parametrize(("path", "button"), [("/calls", "New call"), ("/carry-ins", "Receive carry-in")])
def test_a_list_stays_where_it_is_when_the_connection_goes(
    sit: Sit, wired: Wired, path: str, button: str
) -> None:
    page = sit("maya", path, base=wired.wire.url, width=360, height=740).page
    tabs = page.locator(".tabs")
    before = tabs.bounding_box()
    wired.wire.cut()
    try:
        expect(page.locator(".chip")).to_have_text("Reconnecting…")
        assert tabs.bounding_box() == before
        expect(page.get_by_role("button", name=button)).to_be_in_viewport(ratio=1)
        expect_no_sideways_scroll(page)
    finally:
        wired.wire.mend()


@pytest.mark.parametrize("tab", ["", "?tab=overdue", "?tab=unassigned"])
def test_the_chosen_tab_is_in_sight(sit: Sit, tab: str) -> None:
    page = sit("maya", f"/calls{tab}", width=360, height=740).page
    chosen = page.locator(".tabs [aria-current=page]")
    expect(chosen).to_have_count(1)
    page.wait_for_function(f"{IN_SIGHT}(document.querySelector('.tabs [aria-current=page]'))")


def test_a_number_that_comes_late_pushes_the_chosen_tab_out_of_sight_for_a_moment_only(sit: Sit) -> None:
    page = sit("dana", "/security?tab=tokens", width=360, height=740).page
    in_sight = f"{IN_SIGHT}(document.querySelector('.tabs [aria-current=page]'))"
    page.wait_for_function(in_sight)
    count = page.locator(".tabs .count").first
    expect(count).not_to_be_empty()
    count.evaluate("(number) => { number.style.paddingRight = '90px' }")
    page.wait_for_function(in_sight)


def test_an_engineer_starts_and_completes_a_call_with_the_cards_one_button(
    sit: Sit, records: dict[str, int], word: str
) -> None:
    page = sit("ravi", width=360, height=740).page
    card = row_with(page, word)
    for step in ("Start", "Complete"):
        button = card.get_by_role("button").filter(visible=True)
        expect(button).to_have_text(step)
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44
        button.click()
    fill_in(page, f"Complete C-{records['call']}", {"What was done": "A new fuse"}, "Complete")
    expect(card).to_have_count(0)
    assert stored(Call, records["call"]).status is CallStatus.COMPLETED


def test_a_card_rings_the_customer_and_shows_the_way(
    sit: Sit, records: dict[str, int], word: str, phone: str
) -> None:
    page = sit("ravi", width=360, height=740).page
    card = row_with(page, word)
    expect(card.get_by_role("link", name="Call the customer")).to_have_attribute("href", f"tel:{phone}")
    map_link = card.get_by_role("link", name="Map").get_attribute("href") or ""
    assert map_link.startswith("https://www.openstreetmap.org/search?query=12%20Unbreakable")
    for name in ("Call the customer", "Map"):
        box = card.get_by_role("link", name=name).bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= 44
