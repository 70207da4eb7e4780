"""Whatever is pressed twice, sent again after a cut or after a page was loaded anew, is done once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from service_desk.domain.calls import Call, CallStatus

from ..readings import all_rows, last_seq, stored
from .conftest import Sit, Wired
from .steps import dialog_of, fill_in, put, row_with

TWICE = "form => { form.requestSubmit(); form.requestSubmit(); }"
CLICK_TWICE = "button => { button.click(); button.click(); }"
KEY = "() => document.getElementById('new-call-form').elements.key.value"


def new_call(page: Page, word: str, phone: str) -> Locator:
    """The dialog for a new call with everything in it."""
    page.keyboard.press("n")
    dialog = dialog_of(page, "New call")
    fields = {"Phone": phone, "Customer name": "Bright Stores", "Category": "Network", "Problem": word}
    for label, value in fields.items():
        put(dialog.get_by_label(label, exact=True), value)
    return dialog


def logged(word: str) -> list[int]:
    return [call.key for call in all_rows(Call) if call.problem == word]


def test_save_pressed_twice_logs_one_call(sit: Sit, word: str, phone: str) -> None:
    page = sit("maya", f"/calls?q={word}").page
    dialog = new_call(page, word, phone)
    dialog.locator("form").evaluate(TWICE)
    expect(page.get_by_text("Logged as C-").first).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(row_with(page, word)).to_have_count(1)
    page.keyboard.press("/")
    assert len(logged(word)) == 1


def test_a_second_call_just_like_the_first_is_another_one(sit: Sit, word: str, phone: str) -> None:
    page = sit("maya", f"/calls?q={word}").page
    for count in (1, 2):
        dialog = new_call(page, word, phone)
        dialog.get_by_role("button", name="Save", exact=True).dblclick()
        expect(dialog).to_be_hidden()
        expect(row_with(page, word)).to_have_count(count)
    assert len(logged(word)) == 2


@pytest.mark.parametrize("place", ["list", "record"])
def test_start_pressed_twice_starts_once_and_complains_of_nothing(
    sit: Sit, ravis: int, word: str, place: str
) -> None:
    is_list = place == "list"
    seat = sit("ravi", f"/calls?q={word}" if is_list else f"/calls/{ravis}", width=360 if is_list else 1280)
    page = seat.page
    page.get_by_role("button", name="Start", exact=True).filter(visible=True).evaluate(CLICK_TWICE)
    complete = page.get_by_role("button", name="Complete", exact=True).filter(visible=True)
    expect(complete).to_be_visible()
    complete.click()
    # Events of a tab are handled one after the other: the second click was answered before this dialog opened.
    expect(dialog_of(page, f"Complete C-{ravis}")).to_be_visible()
    assert not [frame for frame in seat.frames if "is already" in frame]
    assert (stored(Call, ravis).status, stored(Call, ravis).version) == (CallStatus.IN_PROGRESS, 2)


def test_a_form_sent_again_and_again_while_the_connection_is_cut_logs_one_call(
    sit: Sit, wired: Wired, word: str, phone: str
) -> None:
    page = sit("maya", f"/calls?q={word}", base=wired.wire.url).page
    dialog = new_call(page, word, phone)
    wired.wire.cut()
    expect(page.locator(".chip")).to_have_text("Reconnecting…")
    before = last_seq()
    for _ in range(3):
        dialog.locator("form").evaluate(TWICE)
    assert last_seq() == before
    wired.wire.mend()
    expect(dialog).to_be_hidden()
    expect(row_with(page, word)).to_have_count(1)
    # A further command of this tab is handled after all that was waiting.
    fill_in_another(page, word, phone)
    assert len(logged(word)) == 1


def fill_in_another(page: Page, word: str, phone: str) -> None:
    page.keyboard.press("n")
    fields = {"Phone": phone, "Customer name": "Bright Stores", "Category": "Network", "Problem": f"{word} 2"}
    fill_in(page, "New call", fields)
    expect(row_with(page, word)).to_have_count(2)


def test_a_form_whose_answer_was_lost_with_the_page_is_sent_again_and_saved_once(
    sit: Sit, word: str, phone: str
) -> None:
    page = sit("maya", f"/calls?q={word}").page
    dialog = new_call(page, word, phone)
    page.evaluate("() => { window.desk.answered = () => {}; }")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(row_with(page, word)).to_have_count(1)
    key = page.evaluate(KEY)
    page.reload()
    page.locator(".offer").get_by_role("button", name="Continue").click()
    again = dialog_of(page, "New call")
    expect(again.get_by_label("Problem")).to_have_value(word)
    assert page.evaluate(KEY) == key
    again.get_by_role("button", name="Save", exact=True).click()
    expect(again).to_be_hidden()
    (number,) = logged(word)
    expect(page.get_by_text(f"Logged as C-{number}.")).to_be_visible()
    assert page.evaluate(KEY) != key


def test_start_over_and_other_words_make_a_new_command(sit: Sit, word: str, phone: str) -> None:
    page = sit("maya", f"/calls?q={word}").page
    dialog = new_call(page, word, phone)
    page.evaluate("() => { window.desk.spared = window.desk.answered; window.desk.answered = () => {}; }")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(row_with(page, word)).to_have_count(1)
    key = page.evaluate(KEY)
    page.evaluate("() => { window.desk.answered = window.desk.spared; }")
    dialog.get_by_label("Problem").fill(f"{word} otherwise")
    dialog.locator("form").evaluate(TWICE)
    expect(dialog.get_by_role("alert").filter(has_text="with other words")).to_be_visible()
    expect(dialog.get_by_label("Problem")).to_have_value(f"{word} otherwise")
    assert page.evaluate(KEY) != key
    dialog.locator("form").evaluate("form => form.requestSubmit()")
    expect(dialog).to_be_hidden()
    assert (len(logged(word)), len(logged(f"{word} otherwise"))) == (1, 1)
