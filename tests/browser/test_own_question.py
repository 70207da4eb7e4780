"""One's own search is shown at once; what a look-up filled in, another look-up takes back."""

from __future__ import annotations

from playwright.sync_api import expect

from service_desk.actions.calls import create_call

from .conftest import Sit, Wired
from .steps import dialog_of, fill_in, log_call, row_with


def test_a_search_replaces_the_rows_under_the_pointer(sit: Sit, word: str, phone: str) -> None:
    page = sit("maya").page
    for letter in ("alpha", "omega"):
        log_call(page, f"{word} {letter}", phone)
    row_with(page, f"{word} alpha").hover()
    page.keyboard.press("/")
    page.keyboard.type(f"{word} omega")
    expect(row_with(page, f"{word} omega")).to_be_visible()
    expect(row_with(page, f"{word} alpha")).to_have_count(0)


def test_a_held_list_says_that_it_has_changed_and_lets_go(sit: Sit, word: str, phone: str) -> None:
    page, other = sit("maya").page, sit("lena").page
    log_call(page, f"{word} a", phone)
    row_with(page, f"{word} a").hover()
    log_call(other, f"{word} b", phone)
    expect(row_with(page, f"{word} b")).to_be_attached()
    page.get_by_role("button", name="The list has changed").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text(f"{word} b")


def test_a_corrected_number_takes_back_the_name_and_address_of_the_wrong_one(
    sit: Sit, word: str, phone: str
) -> None:
    page = sit("maya").page
    log_call(page, f"{word} a", phone, Address="12 Main Street")
    page.get_by_role("button", name="New call").click()
    dialog = dialog_of(page, "New call")
    dialog.get_by_label("Phone").fill(phone)
    expect(dialog.get_by_label("Address")).to_have_value("12 Main Street")
    dialog.get_by_label("Problem").fill("Typed already")
    dialog.get_by_label("Phone").fill("+1 415 555 0000")
    expect(dialog.get_by_label("Address")).to_have_value("")
    expect(dialog.get_by_label("Customer name")).to_have_value("")
    expect(dialog.get_by_label("Problem")).to_have_value("Typed already")


def test_the_same_number_is_looked_up_again_after_it_was_saved(
    sit: Sit, wired: Wired, word: str, phone: str
) -> None:
    form = {"phone": phone, "customer_name": "Bright Stores", "address": "12 Main Street"}
    call = {**form, "category_id": wired.categories["Network"], "problem": f"{word} a"}
    create_call(wired.desk.people["maya"], call)
    page = sit("maya").page
    for problem in (f"{word} b", f"{word} c"):
        page.get_by_role("button", name="New call").click()
        dialog = dialog_of(page, "New call")
        dialog.get_by_label("Phone").fill(phone)
        expect(dialog.get_by_label("Address")).to_have_value("12 Main Street")
        expect(dialog.get_by_label("Customer name")).to_have_value("Bright Stores")
        fill_in(page, "New call", {"Category": "Network", "Problem": problem})


def test_a_quoted_number_is_found_in_whichever_tab_it_is(sit: Sit, word: str, phone: str) -> None:
    page = sit("maya").page
    log_call(page, f"{word} a", phone)
    number = row_with(page, f"{word} a").get_by_role("link").first.inner_text()
    page.goto(page.url.split("?")[0] + f"?tab=overdue&q={number}")
    expect(row_with(page, f"{word} a")).to_be_visible()
