"""“Start over” takes back what was pressed and has not gone yet."""

from __future__ import annotations

from playwright.sync_api import expect

from service_desk.domain.customers import Customer

from ..readings import all_rows
from .conftest import Sit
from .cuts import CUT_OFF, come_back
from .steps import dialog_of


def test_a_form_that_waits_is_not_sent_after_start_over(sit: Sit, word: str) -> None:
    page = sit("fay", "/customers").page
    page.get_by_role("button", name="New customer").click()
    dialog = dialog_of(page, "New customer")
    dialog.get_by_label("Customer name").or_(dialog.get_by_label("Name")).first.fill(f"{word} thrown away")
    dialog.get_by_label("Phone").fill("+1 415 555 0199")
    page.evaluate(CUT_OFF)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert").filter(has_text="No answer yet")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="New customer").click()
    dialog.get_by_role("button", name="Start over").click()
    expect(dialog.get_by_role("button", name="Save", exact=True)).to_be_enabled()
    expect(dialog.get_by_role("alert")).to_have_count(0)
    name = dialog.get_by_label("Customer name").or_(dialog.get_by_label("Name")).first
    name.fill(f"{word} kept")
    dialog.get_by_label("Phone").fill("+1 415 555 0198")
    come_back(page)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_be_hidden()
    assert [each.name for each in all_rows(Customer) if word in each.name] == [f"{word} kept"]
