"""Everything by keyboard: a call is logged without a mouse, and no letter that is typed does anything else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from service_desk.actions.customers import create_customer

from .conftest import Sit, Wired
from .steps import dialog_of, row_with


@pytest.fixture
def page(sit: Sit) -> Page:
    return sit("maya").page


def focused(page: Page) -> str:
    """The name of the field that has the focus."""
    name: str = page.evaluate("document.activeElement.name ?? document.activeElement.tagName")
    return name


def test_a_call_is_logged_from_the_first_key_to_the_last_without_a_mouse(
    sit: Sit, wired: Wired, page: Page, word: str, phone: str
) -> None:
    """Tab leads through the fields in their order; a known customer is filled in, the category chosen by its letter."""
    create_customer(
        wired.desk.people["maya"], {"name": f"{word} Stores", "phone": phone, "address": "7 Elm Street"}
    )
    keys = page.keyboard
    keys.press("n")
    dialog = dialog_of(page, "New call")
    expect(dialog.get_by_label("Phone")).to_be_focused()
    keys.type(phone)
    expect(dialog.get_by_label("Customer name")).to_have_value(f"{word} Stores")
    expect(dialog.get_by_label("Address")).to_have_value("7 Elm Street")
    order = []
    while focused(page) != "category_id":
        order.append(focused(page))
        keys.press("Tab")
        assert len(order) < 10
    assert order[0] == "phone" and "customer_name" in order and "address" in order
    keys.type("Net")
    keys.press("Tab")
    keys.press("Tab")
    assert focused(page) == "problem"
    keys.type(f"{word} no dial tone")
    keys.press("Control+Enter")
    expect(dialog).to_be_hidden()
    expect(row_with(page, f"{word} no dial tone")).to_contain_text(f"{word} Stores")
    expect(row_with(page, f"{word} no dial tone")).to_contain_text("Network")


def test_slash_goes_to_the_search_and_escape_leaves_it(page: Page, word: str) -> None:
    search = page.get_by_label("Search")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type(word)
    expect(page.get_by_text("No call matches.")).to_be_visible()
    assert f"q={word}" in page.url
    page.keyboard.press("Escape")
    expect(search).not_to_be_focused()


def test_n_opens_a_new_call_and_escape_closes_it_with_the_draft_kept(page: Page) -> None:
    dialog = dialog_of(page, "New call")
    page.keyboard.press("n")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Problem").fill("The lift is st")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("n")
    expect(dialog.get_by_label("Problem")).to_have_value("The lift is st")


def test_single_letters_are_dead_in_inputs_and_open_dialogs(page: Page) -> None:
    dialog = dialog_of(page, "New call")
    page.keyboard.press("/")
    page.keyboard.type("n/i")
    expect(page.get_by_label("Search")).to_have_value("n/i")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    dialog.get_by_label("Category").focus()
    page.keyboard.press("/")
    page.keyboard.press("n")
    dialog.get_by_role("button", name="Close", exact=True).last.focus()
    page.keyboard.press("/")
    expect(dialog).to_be_visible()
    expect(page.get_by_label("Search")).not_to_be_focused()
    page.keyboard.press("Escape")
    for chord in ("Control+n", "Alt+n", "Meta+n"):
        page.keyboard.press(chord)
    expect(dialog).to_be_hidden()


def test_control_enter_saves_an_edit_and_a_refused_one_puts_the_focus_on_what_is_wrong(
    sit: Sit, page: Page, word: str, phone: str
) -> None:
    page.keyboard.press("n")
    dialog = dialog_of(page, "New call")
    dialog.get_by_label("Phone").fill("12")
    dialog.get_by_label("Problem").fill(word)
    page.keyboard.press("Control+Enter")
    expect(dialog.get_by_label("Phone")).to_be_focused()
    expect(dialog.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_label("Problem")).to_have_value(word)


def test_the_focus_returns_to_where_it_was_when_a_dialog_is_closed(page: Page) -> None:
    button = page.get_by_role("button", name="New call")
    button.focus()
    page.keyboard.press("Enter")
    expect(dialog_of(page, "New call")).to_be_visible()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_a_step_whose_answer_was_lost_is_another_command_after_two_minutes(sit: Sit) -> None:
    page = sit("maya").page
    key = "() => window.desk.armed('start', 7)"
    # The page learns a moment after it is live whose it is.
    page.wait_for_function(f"() => !({key})().startsWith('0.')")
    first = page.evaluate(key)
    assert page.evaluate(key) == first
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 121000; }")
    assert page.evaluate(key) != first
