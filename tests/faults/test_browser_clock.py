"""A browser whose clock is off by a day: ages, late marks and due times are those of the real time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from service_desk.actions.calls import create_call
from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.queries.call import show_call

from ..browser.steps import dialog_of, press
from ..figures import Figure
from ..running_desk import RunningDesk
from ..seats import Sit

DAY_MS = 86_400_000
SHIFTED = """(() => {
  const True = Date;
  window.Date = class extends True {
    constructor(...given) {
      if (given.length) super(...given);
      else super(True.now() + OFF);
    }
    static now() { return True.now() + OFF; }
  };
})()"""
TIMES = """() => [...document.querySelectorAll("main time")]
  .map((time) => `${time.textContent} ${time.hasAttribute("data-late") ? "late" : "in time"}`)"""
SAME_TIMES = f"(right) => JSON.stringify(({TIMES})()) === JSON.stringify(right)"


def times(page: Page) -> list[str]:
    shown: list[str] = page.evaluate(TIMES)
    return shown


def in_hours(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


@pytest.mark.parametrize("off", [DAY_MS, -DAY_MS], ids=["ahead", "behind"])
def test_a_clock_that_is_a_day_off_changes_no_age_and_no_late_mark(
    off: int, desk: RunningDesk, sit: Sit, figure: Figure
) -> None:
    category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Network"})
    form = {"phone": "+14155550100", "customer_name": "Bright Stores", "category_id": category}
    calls = [
        create_call(
            desk.people["maya"], {**form, "problem": f"Due in {hours} hours", "due_at": in_hours(hours)}
        )
        for hours in (-3, 3, 30)
    ]
    right, wrong = sit("maya").page, sit("lena", before=SHIFTED.replace("OFF", str(off))).page
    differing = 0
    for path in ("/calls", *(f"/calls/{call}" for call in calls), "/activity"):
        for page in (right, wrong):
            page.goto(desk.url + path)
            expect(page.locator("main time").filter(visible=True).first).to_be_visible()
        shown = times(right)
        wrong.wait_for_function(SAME_TIMES, arg=shown, timeout=5_000)
        differing += times(wrong) != shown
    assert wrong.evaluate("Date.now()") - right.evaluate("Date.now()") == pytest.approx(off, abs=60_000)
    figure("clock of the browser off by a day: times shown otherwise", differing)
    _expect_a_deadline_as_picked(desk, wrong, calls[1])


def _expect_a_deadline_as_picked(desk: RunningDesk, page: Page, call: int) -> None:
    """What somebody picks is a moment in their zone, whatever their clock believes to be now."""
    page.goto(f"{desk.url}/calls/{call}")
    press(page, "Edit")
    dialog = dialog_of(page, f"Edit C-{call}")
    dialog.get_by_label("Due", exact=True).fill("2031-05-06T07:30")
    picked = page.evaluate("new Date('2031-05-06T07:30').toISOString()")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_be_hidden()
    stored = show_call(desk.people["maya"], call).rows[call]["due_at"]
    assert datetime.fromisoformat(stored) == datetime.fromisoformat(picked)
