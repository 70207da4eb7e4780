"""An answer that comes late finds its form on another record, or changed: it is heard, and disturbs nothing new."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from service_desk.actions.calls import create_call
from service_desk.domain.calls import Call

from ..readings import stored
from .conftest import Sit, Wired
from .steps import dialog_of, row_with
from .test_drafts_kept import kept

LATE = """() => { const answered = window.desk.answered; window.late = [];
  window.desk.answered = (...told) => window.late.push(() => answered(...told)); }"""
"""The answers to forms wait until the test lets them come."""
CAME = "() => window.late.length > 0"
LET_COME = "() => window.late.splice(0).forEach((come) => come())"


@pytest.fixture
def calls(wired: Wired, word: str, phone: str) -> list[int]:
    form = {"phone": phone, "customer_name": "Bright Stores", "category_id": wired.categories["Network"]}
    maya = wired.desk.people["maya"]
    return [create_call(maya, {**form, "problem": f"{word} {each}"}) for each in ("one", "two")]


def test_a_form_that_went_on_to_another_record_is_free_and_the_first_ones_draft_goes(
    sit: Sit, calls: list[int], word: str
) -> None:
    page = sit("maya", f"/calls?q={word}").page
    dialogs = [dialog_of(page, f"Assign C-{call}") for call in calls]
    page.evaluate(LATE)
    row_with(page, f"{word} one").get_by_role("button", name="Assign").click()
    dialogs[0].get_by_label("Assign to").select_option(label="Jo Tran")
    dialogs[0].get_by_role("button", name="Assign", exact=True).click()
    page.wait_for_function(CAME)
    assert f":{calls[0]}" in kept(page)
    page.keyboard.press("Escape")
    row_with(page, f"{word} two").get_by_role("button", name="Assign").click()
    expect(dialogs[1].get_by_role("button", name="Assign", exact=True)).to_be_enabled()
    dialogs[1].get_by_label("Assign to").select_option(label="Ravi Kumar")
    page.evaluate(LET_COME)
    expect(dialogs[1]).to_be_visible()
    assert f":{calls[0]}" not in kept(page)
    dialogs[1].get_by_role("button", name="Assign", exact=True).click()
    page.wait_for_function(CAME)
    page.evaluate(LET_COME)
    expect(dialogs[1]).to_be_hidden()


def test_what_is_typed_on_after_it_was_sent_is_no_conflict_with_oneself(
    sit: Sit, calls: list[int], word: str
) -> None:
    page = sit("maya", f"/calls/{calls[0]}").page
    page.get_by_role("button", name="Edit", exact=True).first.click()
    dialog = dialog_of(page, f"Edit C-{calls[0]}")
    dialog.get_by_label("Problem").fill(f"{word} first")
    page.evaluate(LATE)
    dialog.get_by_role("button", name="Save", exact=True).click()
    dialog.get_by_label("Problem").fill(f"{word} second")
    page.wait_for_function(CAME)
    page.evaluate(LET_COME)
    expect(dialog.get_by_role("alert").filter(has_text="saved as it was sent")).to_be_visible()
    dialog.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_function(CAME)
    page.evaluate(LET_COME)
    expect(dialog).to_be_hidden()
    call = stored(Call, calls[0])
    assert (call.problem, call.version) == (f"{word} second", 3)
