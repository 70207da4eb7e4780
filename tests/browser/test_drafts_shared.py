"""Drafts between the tabs of one browser, and one that is thrown away and wanted back."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import Sit, Wired, wait_until_live
from .steps import dialog_of
from .test_drafts_kept import KEPT, WRITTEN, expect_half_logged, half_log, kept, offer_on

UNDO_SECONDS = 10
CROWD = """(maya) => {
  for (let n = 0; n < 60; n++) {
    const draft = { at: Date.now() + n, form: "edit-call-form", record: n, title: "New", path: "/calls", isOpen: false,
      fields: { problem: "x" } };
    localStorage.setItem(`desk-draft:${maya}:edit-call-form:${n}`, JSON.stringify(draft));
  }
}"""


def test_a_draft_that_makes_room_for_newer_ones_stays_in_the_form_where_it_was_typed(
    sit: Sit, wired: Wired, word: str
) -> None:
    seat = sit("maya")
    first = half_log(seat.page, word)
    seat.page.wait_for_function(WRITTEN, arg=f"{word} is st")
    first.get_by_role("button", name="Close", exact=True).last.click()
    other = seat.tab(wired.desk.url + "/carry-ins")
    other.evaluate(CROWD, wired.desk.people["maya"].id)
    other.keyboard.press("i")
    other.get_by_role("dialog").get_by_label("Fault").fill("Screen is dark")
    other.wait_for_function(WRITTEN, arg="Screen is dark")
    assert f"{word} is st" not in kept(other)
    seat.page.bring_to_front()
    seat.page.keyboard.press("n")
    expect_half_logged(first, word)
    other.evaluate("() => localStorage.clear()")


def test_a_draft_thrown_away_by_mistake_comes_back_whole(sit: Sit, word: str) -> None:
    page = sit("maya").page
    half_log(page, word)
    page.reload()
    offer_on(page).get_by_role("button", name="Throw away").click()
    bar = page.get_by_role("status").filter(has_text="Thrown away: New call")
    expect(bar).to_be_visible()
    assert word not in kept(page)
    bar.get_by_role("button", name="Undo").click()
    expect(offer_on(page)).to_contain_text("You were typing: New call")
    assert len(page.evaluate(KEPT)) == 1
    offer_on(page).get_by_role("button", name="Continue").click()
    expect_half_logged(dialog_of(page, "New call"), word)


def test_after_ten_seconds_what_was_thrown_away_is_gone(sit: Sit, word: str) -> None:
    page = sit("maya").page
    half_log(page, word)
    page.reload()
    wait_until_live(page)
    offer_on(page).get_by_role("button", name="Throw away").click()
    undo = page.locator(".offer").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    expect(undo).to_have_count(0, timeout=(UNDO_SECONDS + 3) * 1000)
    assert word not in kept(page)
