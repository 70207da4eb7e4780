"""What somebody is in the middle of survives whatever others do to the same record."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from service_desk.actions.calls import create_call
from service_desk.actions.calls_assign import assign_call

from ..typist import Typist
from .conftest import Sit, Wired
from .steps import dialog_of, press, row_with

TIMES = 20


@pytest.fixture
def call(wired: Wired, word: str, phone: str) -> int:
    people = wired.desk.people
    form = {"phone": phone, "customer_name": "Bright Stores", "category_id": wired.categories["Network"]}
    call = create_call(people["maya"], {**form, "problem": f"{word} 0"})
    assign_call(people["maya"], call, {"assigned_to_id": people["ravi"].id})
    return call


def change_it_often(typist: Typist, call: int, word: str) -> None:
    """Another session changes problem and priority, TIMES times."""
    urgency = ("low", "high")
    for number in range(TIMES):
        was = {
            "problem": f"{word} {number}",
            "priority": "normal" if number == 0 else urgency[(number - 1) % 2],
        }
        typist.edit_call(call, was, problem=f"{word} {number + 1}", priority=urgency[number % 2])


def expect_changed(page: Page, word: str) -> None:
    expect(
        page.get_by_role("heading", name=f"{word} {TIMES}", exact=True, include_hidden=True)
    ).to_have_count(1)


def test_half_typed_words_and_a_chosen_value_survive_twenty_changes_of_the_same_call(
    sit: Sit, typist: Typist, call: int, word: str
) -> None:
    page = sit("lena", f"/calls/{call}").page
    press(page, "Edit")
    dialog = dialog_of(page, f"Edit C-{call}")
    address = dialog.get_by_label("Address")
    address.fill("12 Half Typed Str")
    dialog.get_by_label("Category").select_option(label="Printers")
    address.focus()
    address.evaluate("field => field.setSelectionRange(3, 7)")
    change_it_often(typist, call, word)
    expect_changed(page, word)
    expect(address).to_have_value("12 Half Typed Str")
    expect(address).to_be_focused()
    assert address.evaluate("field => [field.selectionStart, field.selectionEnd]") == [3, 7]
    expect(dialog.get_by_label("Category").locator("option:checked")).to_have_text("Printers")
    page.keyboard.type("e")
    expect(address).to_have_value("12 e Typed Str")


def test_an_open_menu_stays_open_and_the_page_where_it_was_scrolled(
    sit: Sit, typist: Typist, call: int, word: str
) -> None:
    page = sit("lena", f"/calls/{call}", height=300).page
    expect(page.get_by_role("region", name="History").get_by_role("listitem").first).to_be_attached()
    scrolled = page.evaluate("() => { scrollTo(0, 80); return document.scrollingElement.scrollTop }")
    assert scrolled == 80
    page.get_by_role("group", name="Steps").filter(visible=True).get_by_role("button", name="More").evaluate(
        "button => button.click()"
    )
    menu = page.get_by_role("button", name="Unassign").filter(visible=True)
    expect(menu).to_be_visible()
    change_it_often(typist, call, word)
    expect_changed(page, word)
    expect(menu).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollTop") == scrolled


def test_a_half_logged_call_and_an_open_list_survive_twenty_changes_in_the_list(
    sit: Sit, typist: Typist, call: int, word: str
) -> None:
    page = sit("lena", f"/calls?q={word}").page
    page.keyboard.press("n")
    dialog = dialog_of(page, "New call")
    dialog.get_by_label("Phone").fill("+1 415 55")
    dialog.get_by_label("Problem").fill("The lift is st")
    dialog.get_by_label("Assign to").select_option(label="Jo Tran")
    dialog.get_by_label("Problem").focus()
    change_it_often(typist, call, word)
    expect(row_with(page, f"{word} {TIMES}")).to_have_count(1)
    page.keyboard.type("uck")
    expect(dialog.get_by_label("Phone")).to_have_value("+1 415 55")
    expect(dialog.get_by_label("Problem")).to_have_value("The lift is stuck")
    expect(dialog.get_by_label("Assign to").locator("option:checked")).to_have_text("Jo Tran")


def test_selected_text_stays_selected(sit: Sit, typist: Typist, call: int, word: str) -> None:
    page = sit("lena", f"/calls/{call}").page
    expect(page.get_by_role("region", name="Customer")).to_contain_text("Bright Stores")
    page.get_by_role("region", name="Customer").evaluate("card => getSelection().selectAllChildren(card)")
    before = page.evaluate("String(getSelection())")
    change_it_often(typist, call, word)
    expect_changed(page, word)
    assert before and page.evaluate("String(getSelection())") == before
