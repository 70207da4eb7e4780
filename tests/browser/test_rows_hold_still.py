"""A change touches its own row and no other, is marked for a moment, and moves nothing under the pointer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from service_desk.actions.calls import create_call

from ..typist import Typist
from .conftest import Sit, Wired
from .renders import COUNT_ROWS
from .steps import row_with

WATCH_ROWS = """() => {
  window.touchedRows = new Set();
  new MutationObserver((changes) => {
    for (const change of changes) {
      const at = change.target.nodeType === Node.ELEMENT_NODE ? change.target : change.target.parentElement;
      const row = at?.closest("tr.row");
      if (row) window.touchedRows.add(row);
    }
  }).observe(document.querySelector("tbody"), {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
  window.renderedRows.length = 0;
}"""


@pytest.fixture
def calls(wired: Wired, word: str, phone: str) -> list[int]:
    """Ten pending calls, "… a" to "… j"."""
    form = {"phone": phone, "customer_name": "Bright Stores", "category_id": wired.categories["Network"]}
    maya = wired.desk.people["maya"]
    return [create_call(maya, {**form, "problem": f"{word} {letter}"}) for letter in "abcdefghij"]


def words_of(page: Page, rows: str) -> list[str]:
    """The texts of the row elements that a script's variable holds."""
    texts: list[str] = page.evaluate(f"[...{rows}].map((row) => row.querySelector('.c-title').textContent)")
    return texts


def top_of(row: Locator) -> float:
    box = row.bounding_box()
    assert box is not None
    return box["y"]


def test_one_changed_call_renders_exactly_one_row(
    sit: Sit, typist: Typist, calls: list[int], word: str
) -> None:
    page = sit("lena", f"/calls?q={word}", before=COUNT_ROWS).page
    expect(row_with(page, word)).to_have_count(10)
    assert len(page.evaluate("window.renderedRows")) >= 10
    page.evaluate(WATCH_ROWS)
    typist.edit_call(calls[4], {"problem": f"{word} e"}, problem=f"{word} changed")
    expect(row_with(page, f"{word} changed")).to_be_visible()
    assert words_of(page, "renderedRows") == [f"{word} changed"]
    assert words_of(page, "touchedRows") == [f"{word} changed"]


def test_a_changed_row_is_marked_for_about_two_seconds_each_time(
    sit: Sit, typist: Typist, calls: list[int], word: str
) -> None:
    page = sit("lena", f"/calls?q={word}").page
    row = row_with(page, word).nth(5)
    expect(row).to_have_attribute("data-mark", "0")
    page.evaluate(
        """() => {
          window.marks = [];
          document.addEventListener("animationstart", (event) => window.marks.push(event.animationName));
        }"""
    )
    for was, problem in ((f"{word} e", f"{word} once"), (f"{word} once", f"{word} twice")):
        typist.edit_call(calls[4], {"problem": was}, problem=problem)
        expect(row_with(page, problem)).to_be_visible()
        page.wait_for_function("window.marks.length")
        lasts = row_with(page, problem).evaluate(
            "row => Math.max(...row.getAnimations({subtree: true}).map(a => a.effect.getComputedTiming().endTime))"
        )
        assert 1500 <= lasts <= 2500
        page.evaluate("() => { window.marks.length = 0 }")
    assert row_with(page, word).nth(0).evaluate("row => row.getAnimations({subtree: true}).length") == 0


def test_no_row_moves_under_the_pointer_and_the_rest_follows_when_it_leaves(
    sit: Sit, wired: Wired, typist: Typist, calls: list[int], word: str, phone: str
) -> None:
    page = sit("lena", f"/calls?q={word}").page
    row = row_with(page, f"{word} e")
    row.hover()
    top = top_of(row)
    typist.log_call(f"{word} newest", wired.categories["Network"], phone)
    typist.cancel_call(calls[7], "Works again")
    expect(row_with(page, f"{word} newest")).to_be_visible()
    expect(row_with(page, f"{word} h")).to_have_attribute("data-gone", "")
    assert top_of(row) == top
    assert f"{word} newest" in row_with(page, word).last.inner_text()
    page.get_by_role("heading", name="Calls").hover()
    expect(row_with(page, word).first).to_contain_text(f"{word} newest")
    expect(row_with(page, f"{word} h")).to_have_count(0)


def test_without_a_pointer_on_the_rows_a_new_call_stands_first_at_once(
    sit: Sit, wired: Wired, typist: Typist, calls: list[int], word: str, phone: str
) -> None:
    page = sit("lena", f"/calls?q={word}").page
    expect(row_with(page, word)).to_have_count(10)
    typist.log_call(f"{word} newest", wired.categories["Network"], phone)
    expect(row_with(page, word).first).to_contain_text(f"{word} newest")
